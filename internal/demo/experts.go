package demo

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qiao/data"
	"qiao/internal/catalogue"
	"qiao/internal/catalogue/importing"
	"qiao/internal/expert"
	"qiao/internal/platform/db"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
)

// leader is a leader of publicly awarded projects at one institution.
type leader struct {
	Name   string
	Awards []data.Award
}

// experts loads the leaders of awards at institutions of the Delta as expert records that nobody has
// claimed, each under its institution, with the awards as the source has them.
func (l loader) experts(ctx context.Context) error {
	groups, err := deltaExperts()
	if err != nil {
		return err
	}
	for i, g := range groups {
		l.tell("experts", i, len(groups))
		file, err := g.csv()
		if err != nil {
			return err
		}
		report, err := l.Importing.ImportTrusted(ctx, importing.Request{
			Org: id.From("organisation", "ROR", g.ROR), Format: "csv", Kind: "expert", Name: "nsfc-" + g.ROR + ".csv", Reader: file,
			Source: "Tsai1993/Fund", Licence: "MPL-2.0", RetrievedOn: data.Retrieved,
		})
		if err != nil {
			return fmt.Errorf("experts of %s: %w", g.ROR, err)
		}
		if len(report.Errors) > 0 {
			return fmt.Errorf("experts of %s: row %d: %s", g.ROR, report.Errors[0].Row, report.Errors[0].Code)
		}
		if err := l.awarded(ctx, g); err != nil {
			return fmt.Errorf("awards of %s: %w", g.ROR, err)
		}
	}
	l.tell("experts", len(groups), len(groups))
	return nil
}

// awarded keeps the awards of an institution's experts as evidence of what they know.
func (l loader) awarded(ctx context.Context, g staff) error {
	org := id.From("organisation", "ROR", g.ROR)
	var list []expert.Evidence
	for _, x := range g.Experts {
		resource := id.From("resource", catalogue.OriginOf(l.Catalogue.Node, org, "Tsai1993/Fund", x.Awards[0].Number))
		for _, a := range x.Awards {
			year, _ := strconv.ParseInt(a.From[:min(4, len(a.From))], 10, 64) // none where the source has none
			list = append(list, expert.Evidence{
				Resource: resource, Kind: "project", Title: a.Title, Year: year, Role: "负责人", Number: a.Number, Source: "Tsai1993/Fund", Licence: "MPL-2.0", //i18n:data as the record says it
			})
		}
	}
	return l.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := l.Expert.Found(ctx, tx, list)
		return err
	})
}

// staff are the experts of one institution.
type staff struct {
	ROR, Institution string
	Experts          []leader
}

// deltaExperts groups the awards of the Delta's institutions by institution and leader.
func deltaExperts() ([]staff, error) {
	institutions, err := data.Institutions()
	if err != nil {
		return nil, err
	}
	awards, err := data.Awards()
	if err != nil {
		return nil, err
	}
	loaded := map[string]bool{}
	for _, i := range institutions {
		loaded[i.ROR] = i.Delta && i.Status == "active" && i.Region != ""
	}
	by := map[string]*staff{}
	for _, a := range awards {
		if !loaded[a.ROR] {
			continue
		}
		s := by[a.ROR]
		if s == nil {
			s = &staff{ROR: a.ROR, Institution: a.Institution}
			by[a.ROR] = s
		}
		name := strings.TrimSpace(a.Leader)
		at := slices.IndexFunc(s.Experts, func(e leader) bool { return e.Name == name })
		if at < 0 {
			s.Experts = append(s.Experts, leader{Name: name})
			at = len(s.Experts) - 1
		}
		s.Experts[at].Awards = append(s.Experts[at].Awards, a)
	}
	out := make([]staff, 0, len(by))
	for _, s := range by {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b staff) int { return strings.Compare(a.ROR, b.ROR) })
	return out, nil
}

// csv is the staff as a file that the catalogue's importer reads.
func (s staff) csv() (*bytes.Buffer, error) {
	rows := [][]string{{"编号", "名称", "工作单位", "简介"}} //i18n:data headings of the import template
	for _, e := range s.Experts {
		rows = append(rows, []string{e.Awards[0].Number, e.Name, s.Institution, e.summary()}) // the first award stands for the person
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	err := w.WriteAll(rows)
	return &b, err
}

// most is how many awards a summary lists; nobody in the data has more than this many.
const most = 20

// summary lists the awards as they were published, one a line.
func (e leader) summary() string {
	var b strings.Builder
	b.WriteString("据国家自然科学基金公开资助记录整理，未经本人认领：") //i18n:data prose of the record
	for _, a := range e.Awards[:min(len(e.Awards), most)] {
		fmt.Fprintf(&b, "\n%s《%s》，%s 至 %s，%s，批准号 %s", a.Class, a.Title, a.From, a.To, money.Fen(a.Amount), a.Number) //i18n:data prose of the record
	}
	return b.String()
}
