package roster

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

const pageSize = 50

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	return []web.Route{
		desk("GET /desk/rosters", "roster.inspect", s.showLists),
		desk("GET /desk/rosters/new", "roster.manage", s.showNew),
		desk("POST /desk/rosters", "roster.manage", s.submitNew),
		desk("GET /desk/rosters/{id}", "roster.inspect", s.showList),
		desk("GET /desk/rosters/{id}/import", "roster.manage", s.showUpload),
		desk("POST /desk/rosters/{id}/import", "roster.manage", s.submitUpload),
		desk("GET /desk/roster-imports/{id}", "roster.manage", s.showImport),
		desk("POST /desk/roster-imports/{id}/mapping", "roster.manage", s.submitMapping),
		desk("POST /desk/roster-imports/{id}/apply", "roster.manage", s.submitApply),
		desk("GET /desk/roster-entries/{id}", "roster.inspect", s.showEntry),
		desk("POST /desk/roster-entries/{id}/{verb}", "roster.decide", s.submitVerb),
	}
}

// card is a list with how many stand on it.
type card struct {
	List
	Place  string
	Counts map[string]int64
}

// total is how many entries stand on the list.
func (c card) total() int64 {
	var n int64
	for state, k := range c.Counts {
		if state != StateRemoved {
			n += k
		}
	}
	return n
}

type listsView struct {
	Cards     []card
	MayManage bool
}

func (s *Service) showLists(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	var where db.Where
	s.policy.Filter(by, "roster.inspect", map[string]string{identity.SideRegion: "region"}, &where)
	lists, err := listLists(ctx, s.db, &where)
	if err != nil {
		return err
	}
	counts, err := countEntries(ctx, s.db)
	if err != nil {
		return err
	}
	v := listsView{MayManage: s.policy.May(by, "roster.manage") == nil}
	for _, l := range lists {
		c := card{List: l, Place: s.orgs.RegionName(ctx, l.Region), Counts: map[string]int64{}}
		for _, n := range counts {
			if n.List == l.ID {
				c.Counts[n.State] = n.N
			}
		}
		v.Cards = append(v.Cards, c)
	}
	return web.Page(w, r, http.StatusOK, listsPage(v))
}

type newView struct {
	Form      *form.Form
	Templates []Template
}

func (s *Service) showNew(w http.ResponseWriter, r *http.Request) error {
	values := map[string]string{"kind": Credential, "validity": "none", "open": "1"}
	if tpl, ok := s.data.Template(r.URL.Query().Get("template")); ok {
		last := tpl.Rules[len(tpl.Rules)-1]
		values = map[string]string{"code": tpl.Code, "name_zh": tpl.Name.ZH, "name_en": tpl.Name.EN, "kind": tpl.Kind, "issuer": tpl.Issuer, "source": tpl.Source,
			"validity": last.Validity, "validity_source": last.Source, "open": map[string]string{Credential: "1"}[tpl.Kind]}
	}
	return s.newPage(w, r, form.Of(values))
}

func (s *Service) newPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	return web.Page(w, r, f.Status(), newPage(newView{f, s.data.Templates}))
}

func (s *Service) submitNew(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	f.Need("code", "name_zh", "kind", "validity", "validity_source")
	l := List{Code: f.Text("code"), NameZH: f.Text("name_zh"), NameEN: f.Text("name_en"), Kind: f.Text("kind"), Issuer: f.Text("issuer"), Source: f.Text("source"), Open: f.Bool("open")}
	l.Rules = []Rule{{Validity: f.Text("validity"), Source: f.Text("validity_source")}}
	if tpl, ok := s.data.Template(l.Code); ok && tpl.Rules[len(tpl.Rules)-1].Validity == l.Rules[0].Validity {
		l.Rules = tpl.Rules // with its history
	}
	if f.OK() {
		l, err := s.Create(r.Context(), identity.SubjectOf(r.Context()), l)
		if err == nil {
			return web.SeeOther(w, r, "/desk/rosters/"+l.ID, "名单“{0}”已建立，可以导入了。", l.NameZH)
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.newPage(w, r, f)
}

// listView is one list with a part of its entries.
type listView struct {
	List
	Place     string
	Entries   []Entry
	Orgs      map[string]ui.OrgRef
	Counts    map[string]int64
	Imports   []Import
	Show      string
	Text      string
	Today     string
	Pager     ui.PagerOf
	MayManage bool
}

func (s *Service) showList(w http.ResponseWriter, r *http.Request) error {
	ctx, by, q := r.Context(), identity.SubjectOf(r.Context()), r.URL.Query()
	l, err := getList(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.policy.Can(by, "roster.inspect", l.object()); err != nil {
		return err
	}
	v := listView{List: l, Place: s.orgs.RegionName(ctx, l.Region), Show: q.Get("show"), Text: strings.TrimSpace(q.Get("q")), Today: s.today(), Counts: map[string]int64{},
		MayManage: s.policy.Can(by, "roster.manage", l.object()) == nil}
	counts, err := countEntries(ctx, s.db)
	if err != nil {
		return err
	}
	for _, n := range counts {
		if n.List == l.ID {
			v.Counts[n.State] = n.N
		}
	}
	where := v.where()
	after, err := web.DecodeCursor(q.Get("cursor"), 1)
	if err != nil {
		return err
	}
	where.And("id > ?", after[0])
	if v.Entries, err = listEntries(ctx, s.db, where, pageSize+1); err != nil {
		return err
	}
	if len(v.Entries) > pageSize {
		v.Entries = v.Entries[:pageSize]
		v.Pager.Next = v.address(v.Show, web.EncodeCursor(v.Entries[pageSize-1].ID))
	}
	if after[0] != "" {
		v.Pager.First = v.address(v.Show, "")
	}
	if v.Orgs, err = s.refs(ctx, v.Entries); err != nil {
		return err
	}
	if v.Imports, err = listImports(ctx, s.db, l.ID, 10); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, listPage(v))
}

func (v listView) where() *db.Where {
	w := &db.Where{}
	w.And("list = ?", v.ID)
	switch {
	case slices.Contains(Entries.States(), v.Show):
		w.And("state = ?", v.Show)
	case v.Show == "expired":
		w.And("valid_to <> '' AND valid_to < ?", v.Today)
		w.And("state <> 'removed'")
	default:
		w.And("state <> 'removed'")
	}
	if v.Text != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(folded(v.Text)) + "%"
		w.And(`folded LIKE ? ESCAPE '\' OR uscc = ? OR number = ?`, like, strings.ToUpper(v.Text), v.Text)
	}
	return w
}

func (v listView) address(show, cursor string) string {
	q := url.Values{}
	for name, x := range map[string]string{"show": show, "q": v.Text, "cursor": cursor} {
		if x != "" {
			q.Set(name, x)
		}
	}
	if len(q) == 0 {
		return "/desk/rosters/" + v.ID
	}
	return "/desk/rosters/" + v.ID + "?" + q.Encode()
}

func (v listView) tabs(ctx context.Context) []ui.Tab {
	tab := func(show, label string, n int64) ui.Tab {
		return ui.Tab{Label: label, Href: v.address(show, ""), Current: v.Show == show, Count: int(n)}
	}
	return []ui.Tab{
		tab("", t(ctx, "全部"), 0), tab(StateOpen, t(ctx, "待确认"), v.Counts[StateOpen]), tab(StateMatched, t(ctx, "已对应"), v.Counts[StateMatched]),
		tab(StateNone, t(ctx, "尚未入驻"), v.Counts[StateNone]), tab("expired", t(ctx, "已过期"), 0), tab(StateRemoved, t(ctx, "已移出"), v.Counts[StateRemoved]),
	}
}

// refs names the organisations of entries.
func (s *Service) refs(ctx context.Context, entries []Entry) (map[string]ui.OrgRef, error) {
	var ids []string
	for _, e := range entries {
		if e.Org != "" {
			ids = append(ids, e.Org)
		}
	}
	orgs, err := s.orgs.Organisations(ctx, s.db, ids)
	out := map[string]ui.OrgRef{}
	for id, o := range orgs {
		out[id] = o.Ref(ctx)
	}
	return out, err
}

// entryView is one entry and what a person may do with it.
type entryView struct {
	Entry
	List      List
	Org       ui.OrgRef
	Today     string
	Form      *form.Form
	MayDecide bool
}

func (s *Service) showEntry(w http.ResponseWriter, r *http.Request) error {
	return s.entryPage(w, r, form.Of(nil))
}

func (s *Service) entryPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	e, err := getEntry(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := entryView{Entry: e, Today: s.today(), Form: f}
	if v.List, err = getList(ctx, s.db, e.List); err != nil {
		return err
	}
	if err := s.policy.Can(by, "roster.inspect", v.List.object()); err != nil {
		return err
	}
	v.MayDecide = s.policy.Can(by, "roster.decide", v.List.object()) == nil
	refs, err := s.refs(ctx, []Entry{e})
	if err != nil {
		return err
	}
	v.Org = refs[e.Org]
	return web.Page(w, r, f.Status(), entryPage(v))
}

func (s *Service) submitVerb(w http.ResponseWriter, r *http.Request) error {
	f, verb := form.Read(r), r.PathValue("verb")
	e, err := s.Decide(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), verb, Decision{Org: f.Text("org"), Note: f.Text("note")})
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/rosters/"+e.List, map[string]string{"match": "已确认对应的单位。", "part": "已记为不是平台上的单位。", "remove": "已移出名单。"}[verb])
	case f.Fail(err):
		return s.entryPage(w, r, f)
	}
	return err
}
