package catalogue

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/textindex"
	"qiao/internal/platform/web"
)

// Orders of a result.
const (
	SortRelevance = ""        // best match first; without words, what can be had first, then newest
	SortPrice     = "price"   // cheapest first, unpriced last
	SortDear      = "-price"  // dearest first, unpriced last
	SortNewest    = "updated" // last changed first
)

// Query asks the catalogue. Values of one list are OR, lists are AND.
type Query struct {
	Text    string
	Kinds   []string // also "institution"
	Regions []string // six digits; those inside are included
	Classes []string // two, four or six digits; a service's class
	Orgs    []string
	Voucher bool   // only what accepts vouchers
	FreeOn  string // civil day: only what has a free slot on it
	Sort    string // one of the Sort constants
	Limit   int    // 1…100; 0 = 20
	Cursor  string // Next of the page before
}

// Item is one hit.
type Item struct {
	ID           string
	Kind         string
	Resource     Resource              // zero for an institution
	Organisation identity.Organisation // the owner; the institution itself for an institution
	Score        float64
	Matched      []string // words of the query found, strongest first
}

// FacetValue is one value one can narrow the result by.
type FacetValue struct {
	Value   string
	LabelZH string
	LabelEN string
	Count   int
	Chosen  bool
}

// Result is the answer to a Query.
type Result struct {
	Items  []Item
	Total  int
	Facets map[string][]FacetValue // by "kind", "region", "class", "org", "voucher"
	Next   string                  // cursor of the next page; empty at the end
}

// Facets are the columns counted in every result, in the order of the page.
func Facets() []string {
	return []string{columnKind, columnRegion, columnClass, columnOrg, columnVoucher}
}

// maxDepth is how far one can page; beyond it one narrows the search instead.
const maxDepth = 10_000

// facetValues is how many values of one facet are given; chosen ones always are.
const facetValues = 30

// Search answers from the index; what it shows is read from the database.
func (s *Service) Search(ctx context.Context, q Query) (Result, error) {
	req, err := s.request(ctx, q)
	if err != nil {
		return Result{}, err
	}
	req.Verify = s.texts
	found, err := s.Index.Search(ctx, req)
	if err != nil {
		return Result{}, fmt.Errorf("search: %w", err)
	}
	out := Result{Total: found.Total, Facets: map[string][]FacetValue{}}
	if out.Items, err = s.items(ctx, found.Hits); err != nil {
		return out, err
	}
	if end := req.Offset + len(found.Hits); end < found.Total && end < maxDepth && len(found.Hits) > 0 {
		out.Next = web.EncodeCursor(strconv.Itoa(end), q.mark())
	}
	for column, counts := range found.Facets {
		out.Facets[column], err = s.label(ctx, column, counts, req.Filters[column])
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// request turns a query into the index's terms, or says what is wrong with it.
func (s *Service) request(ctx context.Context, q Query) (textindex.Request, error) {
	q.Limit = cmp.Or(q.Limit, 20)
	if q.Limit < 1 || q.Limit > 100 {
		return textindex.Request{}, fault.New(fault.BadRequest, "bad-limit", "每页条数应在 1 到 100 之间。")
	}
	req := textindex.Request{Query: cut(q.Text, 500), Least: 0.5, Filters: map[string][]string{}, Facets: Facets(), FacetLimit: facetValues, Limit: q.Limit, Explain: true}
	for column, values := range map[string][]string{columnKind: q.Kinds, columnRegion: q.Regions, columnClass: classFilter(q.Classes), columnOrg: q.Orgs} {
		if len(values) > 0 {
			req.Filters[column] = values
		}
	}
	if q.Voucher {
		req.Filters[columnVoucher] = []string{yes}
	}
	switch q.Sort {
	case SortRelevance, "relevance":
		if strings.TrimSpace(q.Text) == "" {
			req.Sort = []textindex.Sort{{Column: columnReady, Descending: true}, {Column: columnUpdated, Descending: true}}
		}
	case SortPrice, SortDear:
		req.Sort = []textindex.Sort{{Column: columnPrice, Descending: q.Sort == SortDear}}
	case SortNewest, "-updated":
		req.Sort = []textindex.Sort{{Column: columnUpdated, Descending: true}}
	default:
		return req, fault.New(fault.BadRequest, "bad-sort", "没有“{0}”这种排序。可以用：price、-price、updated，或留空按相关程度。", q.Sort)
	}
	if err := s.freeOn(ctx, q.FreeOn, &req); err != nil {
		return req, err
	}
	parts, err := web.DecodeCursor(q.Cursor, 2)
	if err != nil || q.Cursor == "" {
		return req, err
	}
	req.Offset, err = strconv.Atoi(parts[0])
	if err != nil || req.Offset < 0 || req.Offset > maxDepth || parts[1] != q.mark() {
		return req, fault.New(fault.BadRequest, "bad-cursor", "翻页标记（cursor）无效，请从第一页重新开始。")
	}
	return req, nil
}

// classFilter reads six-digit codes at the level the index has.
func classFilter(codes []string) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = c
		if known, ok := kinds.ClassOf(c); ok && len(c) == 6 {
			out[i] = known.Code
		}
	}
	return out
}

func (s *Service) freeOn(ctx context.Context, day string, req *textindex.Request) error {
	if day == "" {
		return nil
	}
	v, problem := kinds.Field{Type: kinds.Date}.Parse(day)
	if problem != nil {
		return fault.New(fault.BadRequest, "bad-day", problem.Text, problem.Args...)
	}
	if s.FreeOn == nil {
		return fault.New(fault.Unavailable, "no-calendar", "暂时不能按空闲日期检索。")
	}
	ids, err := s.FreeOn(ctx, s.DB, fmt.Sprint(v))
	if err != nil {
		return fmt.Errorf("look for free slots on %s: %w", day, err)
	}
	if req.Filters[columnID] = ids; len(ids) == 0 {
		req.Filters[columnID] = []string{"-"} // nothing is free: nothing fits
	}
	return nil
}

// mark binds a cursor to its query, so that it is not used with another one.
func (q Query) mark() string {
	q.Cursor, q.Limit = "", 0
	h := sha256.Sum256(fmt.Appendf(nil, "%#v", q))
	return hex.EncodeToString(h[:8])
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// items reads what the hits stand for; a record that has left since the index was fed is left out.
func (s *Service) items(ctx context.Context, hits []textindex.Hit) ([]Item, error) {
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	rs, err := s.Resources(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	byID := map[string]Resource{}
	orgs := append([]string(nil), ids...)
	for _, r := range rs {
		byID[r.ID] = r
		orgs = append(orgs, r.Owner)
	}
	owners, err := s.Orgs.Organisations(ctx, s.DB, orgs)
	if err != nil {
		return nil, fmt.Errorf("read owners: %w", err)
	}
	out := make([]Item, 0, len(hits))
	for _, h := range hits {
		it := Item{ID: h.ID, Score: h.Score}
		for _, m := range h.Matched {
			it.Matched = append(it.Matched, m.Word)
		}
		if r, ok := byID[h.ID]; ok {
			it.Kind, it.Resource, it.Organisation = r.Kind, r, owners[r.Owner]
		} else if o, ok := owners[h.ID]; ok {
			it.Kind, it.Organisation = KindInstitution, o
		} else {
			continue
		}
		out = append(out, it)
	}
	return out, nil
}

// label names the values of a facet in both languages.
func (s *Service) label(ctx context.Context, column string, counts []textindex.Count, chosen []string) ([]FacetValue, error) {
	var orgs map[string]identity.Organisation
	if column == columnOrg {
		ids := make([]string, len(counts))
		for i, c := range counts {
			ids[i] = c.Value
		}
		var err error
		if orgs, err = s.Orgs.Organisations(ctx, s.DB, ids); err != nil {
			return nil, fmt.Errorf("read owners: %w", err)
		}
	}
	out := make([]FacetValue, 0, len(counts))
	for _, c := range counts {
		v := FacetValue{Value: c.Value, Count: c.Count, Chosen: slices.Contains(chosen, c.Value)}
		v.LabelZH, v.LabelEN = c.Value, c.Value
		switch column {
		case columnKind:
			v.LabelZH, v.LabelEN = s.kindNames(c.Value)
		case columnRegion:
			var known bool
			if v.LabelZH, v.LabelEN, known = s.place(ctx, c.Value); !known && !v.Chosen {
				continue // counted with the region it lies in
			}
		case columnClass:
			v.LabelZH, v.LabelEN = classNames(c.Value)
		case columnOrg:
			o := orgs[c.Value]
			v.LabelZH, v.LabelEN = cmp.Or(o.NameZH, o.NameEN, c.Value), cmp.Or(o.NameEN, o.NameZH, c.Value)
		case columnVoucher:
			v.LabelZH, v.LabelEN = voucherNames(c.Value)
		}
		out = append(out, v)
	}
	return out, nil
}

func (s *Service) kindNames(kind string) (zh, en string) {
	if k, ok := s.kinds.Find(kind); ok {
		return k.ZH, k.EN
	}
	if kind == KindInstitution {
		return "科研机构", "Institution" //i18n:data both languages are here
	}
	return kind, kind
}

func classNames(code string) (zh, en string) {
	if c, ok := kinds.ClassLabel(code); ok {
		return c.ZH, c.EN
	}
	if c, ok := kinds.ClassOf(code); ok && len(code) > 2 {
		return c.ZH, c.EN
	}
	if c, ok := kinds.TopClass(code); ok {
		return c.ZH, c.EN
	}
	return code, code
}

func voucherNames(v string) (zh, en string) {
	if v == yes {
		return "接受创新券", "Accepts vouchers" //i18n:data both languages are here
	}
	return "不接受创新券", "No vouchers" //i18n:data both languages are here
}
