package stats

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/region"
	"qiao/internal/platform/web"
)

const (
	rowsPerPage = 20
	csvBatch    = 500
	csvLimit    = 100_000 // rows of one download; more is narrowed by region or cut-off day
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /{$}", Action: "stats.view", Handle: s.showHome},
		{Pattern: "GET /numbers", Action: "stats.view", Handle: s.showNumbers},
		{Pattern: "GET /numbers/{code}", Action: "stats.view", Handle: s.showNumber},
		{Pattern: "GET /numbers/{code}/rows.csv", Action: "stats.view", Handle: s.downloadRows},
		{Pattern: "GET /desk", Action: "desk.view", Private: true, Handle: s.showDesk},
		{Pattern: "GET /desk/audit", Action: "audit.view", Private: true, Handle: s.showAudit},
		{Pattern: "GET /desk/outbox", Action: "outbox.view", Private: true, Handle: s.showOutbox},
		{Pattern: "POST /desk/outbox/retry", Action: "outbox.retry", Private: true, Handle: s.submitOutboxRetry},
	}
}

func (s *Service) showHome(w http.ResponseWriter, r *http.Request) error {
	v, err := s.home(r.Context())
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, homePage(v))
}

func (s *Service) showNumbers(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := s.scopeOf(r)
	if err != nil {
		return err
	}
	values, err := s.Numbers(ctx, scope)
	if err != nil {
		return err
	}
	choice, err := s.scopeChoice(ctx, scope)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, numbersPage(values, choice))
}

func (s *Service) showNumber(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeOf(r)
	if err != nil {
		return err
	}
	v, err := s.numberView(r.Context(), r.PathValue("code"), scope, r.URL.Query().Get("cursor"))
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, numberPage(v))
}

// scopeOf reads region and cut-off day of a request.
func (s *Service) scopeOf(r *http.Request) (Scope, error) {
	q := r.URL.Query()
	return s.scope(q.Get("region"), q.Get("until"))
}

// scope checks a region and a cut-off day; an empty one is everywhere and today.
func (s *Service) scope(code, until string) (Scope, error) {
	scope := s.Today()
	if code != "" && !region.Valid(code) {
		return scope, fault.New(fault.BadRequest, "region", "地区代码应为六位行政区划代码，例如 330402。")
	}
	scope.Region = code
	if until == "" {
		return scope, nil
	}
	if _, err := clock.Midnight(until); err != nil {
		return scope, fault.New(fault.BadRequest, "until", "截止日应写成 2026-11-21 的样子。")
	}
	scope.Until = min(until, scope.Until)
	return scope, nil
}

// downloadRows gives the rows behind a number as CSV (UTF-8 with a mark, so that spreadsheets read it).
func (s *Service) downloadRows(w http.ResponseWriter, r *http.Request) error {
	d, ok := Lookup(r.PathValue("code"))
	if !ok {
		return unknownNumber(r.PathValue("code"))
	}
	scope, err := s.scopeOf(r)
	if err != nil {
		return err
	}
	rows, next, err := s.records(r.Context(), d, scope, "")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s.csv"`, d.Code, scope.Until))
	w.Header().Set("Cache-Control", "private, no-cache")
	if _, err := w.Write([]byte("\ufeff")); err != nil {
		return nil // the reader is gone
	}
	out := csv.NewWriter(w)
	for written := 0; out.WriteAll(rows) == nil && next != "" && written < csvLimit; written += len(rows) {
		if rows, next, err = s.records(r.Context(), d, scope, next); err != nil {
			return fmt.Errorf("read further rows of %s: %w", d.Code, err)
		}
	}
	return nil
}

// records is a batch of lines of the download, the first with its heading: the facts, or the parts of a stock.
func (s *Service) records(ctx context.Context, d Definition, scope Scope, cursor string) (lines [][]string, next string, err error) {
	if d.Formula.Form == FormStock {
		v, err := s.value(ctx, d, scope)
		lines = append(lines, []string{"kind", "region", "count"})
		for _, p := range v.Parts {
			lines = append(lines, []string{p.Kind, p.Region, fmt.Sprint(p.Count)})
		}
		return lines, "", err
	}
	if cursor == "" {
		lines = append(lines, []string{"when", "what", "region", "asker", "provider", "amount_cny", "minutes", "score", "counted", "object"})
	}
	rows, next, err := s.Rows(ctx, identity.SubjectOf(ctx), d, scope, cursor, csvBatch)
	for _, row := range rows {
		lines = append(lines, row.record())
	}
	return lines, next, err
}

// record is a row of the download. A cell that a spreadsheet would take for a formula is marked as text.
func (r Row) record() []string {
	counted := "1"
	if !r.Counted {
		counted = "0"
	}
	if r.Minus {
		counted = "-1"
	}
	cells := []string{r.When, string(r.What), r.Region, r.Asker, r.Server, yuan(r.Amount), positive(r.Minutes), positive(r.Score), counted, r.Object}
	for i, c := range cells {
		if c != "" && c != "-1" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			cells[i] = "'" + c
		}
	}
	return cells
}

func positive(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
