package catalogue

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/region"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// searchView is the page of things found.
type searchView struct {
	Result
	Query   Query
	Values  url.Values // of the address, without cursor
	Strips  map[string]templ.Component
	Help    help           // what to do where nothing is found
	Compare []Resource     // put aside to be compared
	Near    string         // name of the place distances are counted from
	Mark    string         // what links of the result carry, so that it is known which one was opened
	Wrong   []*fault.Error // filters that could not be read; the rest was searched for
	Typed   Query          // as it was asked, wrong filters too
	set     kinds.Set
	open    []string // regions whose parts are shown
	first   bool
	today   string // civil day; empty: searching by free day is not possible
}

// mostCompared is how many things stand side by side at most.
const mostCompared = 5

func (s *Service) showSearch(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := searchView{Values: r.URL.Query(), set: s.kinds, first: r.URL.Query().Get("cursor") == ""}
	v.Values["region"], v.Values["class"] = deepest(present(v.Values["region"]), within), deepest(present(v.Values["class"]), strings.HasPrefix)
	v.Query = queryOf(v.Values)
	v.Typed = v.Query
	v.Values.Del("cursor")
	if s.FreeOn != nil {
		v.today = s.today()
	}
	if v.Query.Near == "" {
		v.Query.Near = identity.SubjectOf(ctx).Region
	}
	v.open = s.openRegions(v.Query.Regions)
	err := s.searchWhatIsRight(ctx, &v)
	if err == nil {
		err = s.complete(ctx, r, &v)
	}
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, searchPage(v))
}

// searchWhatIsRight searches, leaving out filters that cannot be read: the page says which, and loses nothing else.
func (s *Service) searchWhatIsRight(ctx context.Context, v *searchView) error {
	for {
		var err error
		v.Result, err = s.Search(ctx, v.Query)
		wrong := fault.Of(err)
		if wrong == nil || wrong.Kind != fault.BadRequest || !v.leaveOut(wrong.Code) {
			return err
		}
		v.Wrong = append(v.Wrong, wrong)
	}
}

// leaveOut drops the filter that a fault is about; false when there is none to drop.
func (v *searchView) leaveOut(code string) bool {
	q := v.Query
	switch code {
	case "bad-limit":
		v.Values.Del("limit")
	case "bad-sort":
		v.Values.Del("sort")
	case "bad-cursor":
		v.first = true
	case "bad-day":
		v.Values.Del(facetFreeOn)
	case "bad-price":
		right := slices.DeleteFunc(slices.Clone(q.Prices), func(c string) bool { _, err := bandFilter([]string{c}); return err != nil })
		if len(right) == len(q.Prices) {
			v.Values.Del("price_from")
			v.Values.Del("price_to")
		}
		v.Values[facetPrice] = right
	default:
		return false
	}
	v.Query = queryOf(v.Values)
	v.Query.Near = q.Near
	if code != "bad-cursor" {
		v.Query.Cursor = q.Cursor
	}
	return !reflect.DeepEqual(q, v.Query)
}

// complete adds to a result what only its page shows.
func (s *Service) complete(ctx context.Context, r *http.Request, v *searchView) error {
	var err error
	if s.Strips != nil && v.Values.Get("view") != viewTable {
		var rs []Resource
		for _, it := range v.Items {
			if it.Resource.Bookable {
				rs = append(rs, it.Resource)
			}
		}
		if v.Strips, err = s.Strips(ctx, rs); err != nil {
			return err
		}
	}
	if ids := present(v.Values["compare"]); len(ids) > 0 {
		if v.Compare, err = s.Resources(ctx, s.DB, ids[:min(len(ids), mostCompared)]); err != nil {
			return err
		}
	}
	if v.Query.Near != "" {
		v.Near = lastPart(s.placeName(ctx, spot(v.Query.Near)), i18n.From(ctx))
	} else {
		v.Near = lastPart(s.placeName(ctx, spot(s.Root)), i18n.From(ctx))
	}
	if v.Total == 0 {
		if v.Help, err = s.help(ctx, v.Query); err != nil {
			return err
		}
	}
	if s.Watch != nil && v.first {
		v.Mark = s.Watch.Asked(ctx, Asked{Visitor: visitor(r), Text: v.Query.Text, Facets: v.Query.used(), Total: v.Total})
	}
	return nil
}

// visitor tells one session from another for as long as the process remembers: who is signed in, or the address and
// program of a visitor. It is never kept as it is.
func visitor(r *http.Request) string {
	if sub := identity.SubjectOf(r.Context()); sub.SignedIn() {
		return sub.Person
	}
	host, _, _ := strings.Cut(r.RemoteAddr, ":")
	return host + "\x00" + r.UserAgent()
}

// used lists the facets that narrow a query.
func (q Query) used() []string {
	var out []string
	for name, on := range map[string]bool{
		columnKind: len(q.Kinds) > 0, columnRegion: len(q.Regions) > 0, columnClass: len(q.Classes) > 0, columnOrg: len(q.Orgs) > 0, columnAccess: len(q.Access) > 0,
		facetPrice: len(q.Prices) > 0 || q.PriceFrom != "" || q.PriceTo != "", columnFresh: len(q.Fresh) > 0, columnLanguage: len(q.Languages) > 0, columnProof: len(q.Certificates) > 0,
		columnVoucher: q.Voucher, facetFreeOn: q.FreeOn != "",
	} {
		if on {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// queryOf reads a query out of an address; a limit that is no number is the default.
func queryOf(q url.Values) Query {
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil {
		limit = 0
	}
	on := func(name string) bool { return slices.Contains([]string{"1", "true", "on", yes}, q.Get(name)) }
	days := present(q["free_on"])
	day := ""
	if len(days) > 0 {
		day = days[len(days)-1] // the field for any day comes after what was kept
	}
	near := q.Get("near")
	if !region.Valid(near) {
		near = ""
	}
	return Query{
		Text: q.Get("q"), Kinds: present(q["kind"]), Regions: present(q["region"]), Classes: present(q["class"]), Orgs: present(q["org"]), Access: present(q["access"]),
		Prices: present(q["price"]), PriceFrom: q.Get("price_from"), PriceTo: q.Get("price_to"), Fresh: present(q["freshness"]), Languages: present(q["language"]), Certificates: present(q["certificate"]),
		Voucher: on("voucher"), FreeOn: day, Near: near, OrgNamed: strings.TrimSpace(q.Get("org_named")), AsTyped: on("as_typed"),
		Sort: q.Get("sort"), Limit: limit, Cursor: q.Get("cursor"),
	}
}

// searchNames are the parameters of a search in an address, in the order of the page; what forms and links keep.
func searchNames() []string {
	return []string{"q", "as_typed", "kind", "region", "class", "price", "price_from", "price_to", "free_on", "voucher", "access", "org", "freshness", "language", "certificate", "near", "sort", "limit", "view", "compare"}
}

func present(in []string) []string {
	return slices.DeleteFunc(slices.Clone(in), func(s string) bool { return s == "" })
}

// within is region.Within with its sides as strings.HasPrefix has them.
func within(code, root string) bool { return region.Within(code, root) }

// deepest drops values in which another one lies: who opens a branch and takes a part of it means the part.
func deepest(values []string, in func(part, whole string) bool) []string {
	values = compact(values)
	return slices.DeleteFunc(slices.Clone(values), func(whole string) bool {
		return slices.ContainsFunc(values, func(part string) bool { return part != whole && in(part, whole) })
	})
}

// address is this search with one change: values replace those of name, none removes it.
func (v searchView) address(name string, values ...string) string {
	return "/resources" + v.query(name, values...)
}

// query is the address's part behind the path, with its question mark.
func (v searchView) query(name string, values ...string) string {
	q := url.Values{}
	for _, k := range searchNames() {
		if l := present(v.Values[k]); len(l) > 0 && k != name {
			q[k] = l
		}
	}
	for _, x := range values {
		if x != "" {
			q.Add(name, x)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// keep lists values of the address that a form must send along, those of names left out.
func (v searchView) keep(names ...string) []ui.Fact {
	var out []ui.Fact
	for _, name := range searchNames() {
		if slices.Contains(names, name) {
			continue
		}
		for _, x := range v.Values[name] {
			if x != "" {
				out = append(out, ui.Fact{Label: name, Value: x})
			}
		}
	}
	return out
}

func (v searchView) search(ctx context.Context) ui.SearchOf {
	return ui.SearchOf{
		Action: "/resources", Name: "q", Value: v.Query.Text, Label: t(ctx, "搜索仪器、服务、专家和机构"), Placeholder: t(ctx, "想做什么？例如：测薄膜成分、扫描电镜、科技查新"),
		Target: "found", Suggest: "/resources/suggest", Keep: v.keep("q", "as_typed"),
	}
}

const viewTable = "table"

func (v searchView) results(ctx context.Context) ui.ResultsOf {
	sort := func(label, value string) ui.Tab {
		return ui.Tab{Label: label, Href: v.address("sort", value), Current: v.Query.Sort == value}
	}
	out := ui.ResultsOf{
		ID: "results", Title: t(ctx, "共 {0} 项", v.Total), Chosen: v.chosen(ctx), Key: len(v.Strips) > 0,
		Sorts: []ui.Tab{sort(t(ctx, "相关"), SortRelevance), sort(t(ctx, "价格"), SortPrice), sort(t(ctx, "最近更新"), SortNewest), sort(t(ctx, "距离"), SortDistance)},
	}
	if v.today != "" {
		out.Sorts = append(out.Sorts, sort(t(ctx, "最早可约"), SortFree))
	}
	if v.Values.Get("view") == viewTable {
		out.Views = append(out.Views, ui.Link{Label: t(ctx, "卡片"), Href: v.address("view"), Icon: "layout-grid"})
	} else {
		out.Views = append(out.Views, ui.Link{Label: t(ctx, "表格"), Href: v.address("view", viewTable), Icon: "table"})
	}
	if s := v.query("view"); v.Query.Text != "" || len(out.Chosen) > 0 {
		out.Acts = append(out.Acts, ui.Link{Label: t(ctx, "保存检索并提醒"), Href: "/desk/searches/new" + s, Icon: "bell"})
	}
	out.Acts = append(out.Acts, ui.Link{Label: t(ctx, "订阅更新"), Href: "/feed.atom" + v.query("view"), Icon: "rss"}, ui.Link{Label: t(ctx, "在地图上看"), Href: "/resources/map" + v.query("view"), Icon: "map-2"})
	return out
}

func (v searchView) pager(ctx context.Context) ui.PagerOf {
	p := ui.PagerOf{Note: t(ctx, "本页 {0} 项，共 {1} 项", len(v.Items), v.Total)}
	if !v.first {
		p.First = v.address("cursor")
	}
	if v.Next != "" {
		p.Next = v.address("cursor", v.Next)
	}
	return p
}

// lastPart is the place itself out of a path of regions: the last word in Chinese, the first in English.
func lastPart(path string, l i18n.Lang) string {
	if l == i18n.EN {
		name, _, _ := strings.Cut(path, ", ")
		return name
	}
	return path[strings.LastIndex(path, " ")+1:]
}
