package catalogue

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/textindex"
	"qiao/internal/platform/web"
)

// Orders of a result.
const (
	SortRelevance = ""         // best match first; without words, what can be had first, then newest
	SortPrice     = "price"    // cheapest first, unpriced last
	SortDear      = "-price"   // dearest first, unpriced last
	SortNewest    = "updated"  // last changed first
	SortDistance  = "distance" // nearest to Near first, without a place last
	SortFree      = "free"     // first free slot first; only what has one within the coming two weeks
)

// Query asks the catalogue. Values of one list are OR, lists are AND.
type Query struct {
	Text         string
	Kinds        []string // also "institution"
	Regions      []string // six digits; those inside are included
	Classes      []string // two, four or six digits; a service's class
	Orgs         []string
	Access       []string // kinds.AccessModes
	Prices       []string // bands in yuan: "free", "ask" (no published price), "200-500", "1000-"
	Fresh        []string // how true the record is known to be: fresh, due, stale, never
	Languages    []string // languages one is served in
	Certificates []string // kinds of certificates: cma, cnas …; any of
	Voucher      bool     // only what accepts vouchers
	PriceFrom    string   // least price in yuan, as typed; may be empty
	PriceTo      string   // highest price in yuan
	FreeOn       string   // civil day: only what has a free slot on it
	Near         string   // region from which distances are counted; empty: the node's
	OrgNamed     string   // shows only owners with this in their name as values of the facet; narrows nothing
	AsTyped      bool     // take the text as it is, correct nothing
	Sort         string   // one of the Sort constants
	Limit        int      // 1…100; 0 = 20
	Cursor       string   // Next of the page before
}

// Item is one hit.
type Item struct {
	ID           string
	Kind         string
	Resource     Resource              // zero for an institution
	Organisation identity.Organisation // the owner; the institution itself for an institution
	Score        float64
	Matched      []string  // words of the query found, strongest first
	Distance     int       // kilometres from Near as the crow flies, between the seats of cities; -1: not known
	Free         time.Time // first free start within the coming two weeks; zero: none known
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
	Facets map[string][]FacetValue // by the names of Facets
	Next   string                  // cursor of the next page; empty at the end

	Instead string // what was searched for instead of the text, a part of which stands nowhere; empty: as typed
}

// maxDepth is how far one can page; beyond it one narrows the search instead.
const maxDepth = 10_000

// Search answers from the index; what it shows is read from the database.
func (s *Service) Search(ctx context.Context, q Query) (Result, error) {
	req, free, err := s.prepare(ctx, q)
	if err != nil {
		return Result{}, err
	}
	var known map[string][]FacetValue
	var at uint64
	all := q.asksForAll(req)
	if all {
		if known, at = s.whole.known(); known != nil {
			req.Facets = nil
		}
	}
	found, err := s.ranked(ctx, q, req, free)
	if err != nil {
		return Result{}, fmt.Errorf("search: %w", err)
	}
	out := Result{Total: found.Total, Instead: found.Instead}
	if out.Items, err = s.items(ctx, found.Hits); err != nil {
		return out, err
	}
	s.measure(q, free, out.Items)
	if end := req.Offset + len(found.Hits); end < found.Total && end < maxDepth && len(found.Hits) > 0 {
		out.Next = web.EncodeCursor(strconv.Itoa(end), q.mark())
	}
	if out.Facets = known; known == nil {
		if err := s.allPrices(ctx, req, &found); err != nil {
			return out, err
		}
		if out.Facets, err = s.facets(ctx, q, req.Filters, found.Facets); err != nil {
			return out, err
		}
		if all {
			s.whole.keep(out.Facets, at)
		}
	}
	out.Facets[facetFreeOn], err = s.freeDays(ctx, q, req, free)
	return out, err
}

// ranked asks the index in the order wanted.
func (s *Service) ranked(ctx context.Context, q Query, req textindex.Request, free map[string]Free) (textindex.Result, error) {
	switch q.Sort {
	case SortDistance:
		return s.byDistance(ctx, q, req)
	case SortFree:
		return s.byFree(ctx, req, free)
	}
	return s.Index.Search(ctx, req)
}

// Count is how many things fit a query.
func (s *Service) Count(ctx context.Context, q Query) (int, error) {
	q.Sort, q.Cursor, q.Limit = SortRelevance, "", 1
	req, _, err := s.prepare(ctx, q)
	if err != nil {
		return 0, err
	}
	req.Facets, req.Limit, req.Explain = nil, 0, false
	found, err := s.Index.Search(ctx, req)
	if err != nil {
		return 0, fmt.Errorf("count what fits: %w", err)
	}
	return found.Total, nil
}

// prepare turns a query into the index's terms, and tells what is free soon.
func (s *Service) prepare(ctx context.Context, q Query) (textindex.Request, map[string]Free, error) {
	req, err := s.request(q)
	if err != nil {
		return req, nil, err
	}
	req.Verify = s.texts
	free, err := s.soon(ctx)
	if err != nil {
		return req, nil, err
	}
	return req, free, s.freeOn(ctx, q.FreeOn, free, &req)
}

// request turns a query into the index's terms, or says what is wrong with it.
func (s *Service) request(q Query) (textindex.Request, error) {
	q.Limit = cmp.Or(q.Limit, 20)
	if q.Limit < 1 || q.Limit > 100 {
		return textindex.Request{}, fault.New(fault.BadRequest, "bad-limit", "每页条数应在 1 到 100 之间。")
	}
	req := textindex.Request{Query: cut(q.Text, 500), AsTyped: q.AsTyped, Least: 0.5, Facets: counted(), Limit: q.Limit, Explain: true}
	var err error
	if req.Filters, err = filters(q); err != nil {
		return req, err
	}
	if req.Ranges, err = priceRange(q.PriceFrom, q.PriceTo); err != nil {
		return req, err
	}
	ready := []textindex.Sort{{Column: columnReady, Descending: true}, {Column: columnUpdated, Descending: true}}
	switch q.Sort {
	case SortRelevance, "relevance", SortDistance, SortFree:
		if strings.TrimSpace(q.Text) == "" {
			req.Sort = ready
		}
	case SortPrice, SortDear:
		req.Sort = []textindex.Sort{{Column: columnPrice, Descending: q.Sort == SortDear}}
	case SortNewest, "-updated":
		req.Sort = []textindex.Sort{{Column: columnUpdated, Descending: true}}
	default:
		return req, fault.New(fault.BadRequest, "bad-sort", "没有“{0}”这种排序。可以用：price、-price、updated、distance、free，或留空按相关程度。", q.Sort)
	}
	if q.Sort == SortDistance && s.Centre == nil || q.Sort == SortFree && s.Horizon == nil {
		return req, fault.New(fault.Unavailable, "no-calendar", "暂时不能按距离或空闲时间排序。")
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

// mark binds a cursor to its query, so that it is not used with another one.
func (q Query) mark() string {
	q.Cursor, q.Limit, q.OrgNamed = "", 0, ""
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
	if err == nil {
		err = s.withPhotos(ctx, s.DB, rs)
	}
	if err != nil {
		return nil, err
	}
	byID := map[string]Resource{}
	var orgs []string
	for _, r := range rs {
		byID[r.ID] = r
		orgs = append(orgs, r.Owner)
	}
	for _, x := range ids {
		if _, ok := byID[x]; !ok {
			orgs = append(orgs, x)
		}
	}
	owners, err := s.Orgs.Organisations(ctx, s.DB, compact(orgs))
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
