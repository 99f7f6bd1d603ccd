package find

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	own := func(pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: "find.keep", Handle: h, Private: true}
	}
	return []web.Route{
		{Pattern: "GET /comparison", Action: "catalogue.search", Handle: s.showComparison},
		{Pattern: "GET /resources/map", Action: "catalogue.search", Handle: s.showMap},
		own("GET /desk/searches", s.showSearches),
		own("GET /desk/searches/new", s.showNew),
		own("POST /desk/searches", s.submitNew),
		own("GET /desk/searches/{id}", s.showSearch),
		own("POST /desk/searches/{id}/alert", s.submitAlert),
		own("POST /desk/searches/{id}/look", s.submitLook),
		own("POST /desk/searches/{id}/delete", s.submitDelete),
		{Pattern: "GET /alerts/{token}", Action: "find.stop", Handle: s.showStop},
		{Pattern: "POST /alerts/{token}", Action: "find.stop", Handle: s.submitStop},
		own("GET /desk/favourites", s.showFavourites),
		own("POST /desk/favourites", s.submitFavourite),
		own("POST /desk/favourites/{resource}/delete", s.submitDrop),
		own("GET /desk/seen", s.showSeen),
		own("POST /desk/seen/clear", s.submitClear),
		{Pattern: "GET /desk/search-log", Action: "find.evidence", Handle: s.showLog, Private: true},
		{Pattern: "GET /desk/search-log.csv", Action: "find.evidence", Handle: s.downloadLog, Private: true},
		{Pattern: "GET /desk/synonyms", Action: "find.evidence", Handle: s.showSynonyms, Private: true},
		{Pattern: "POST /desk/synonyms", Action: "find.curate", Handle: s.submitSynonym, Private: true},
		{Pattern: "POST /desk/synonyms/{synonym}/decide", Action: "find.curate", Handle: s.submitDecision, Private: true},
	}
}

// alertName is a choice of Alerts in words.
func alertName(ctx context.Context, alert string) string {
	switch alert {
	case AlertDaily:
		return t(ctx, "每天一次")
	case AlertOnce:
		return t(ctx, "一有就提醒")
	}
	return t(ctx, "不提醒")
}

func alertOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, a := range Alerts() {
		out = append(out, ui.Option{Value: a, Label: alertName(ctx, a)})
	}
	return out
}

// last is the place itself out of a path of regions: the last word in Chinese, the first in English.
func last(path string, l i18n.Lang) string {
	if l == i18n.EN {
		name, _, _ := strings.Cut(path, ", ")
		return name
	}
	return path[strings.LastIndex(path, " ")+1:]
}

type comparisonView struct {
	Things []Compared
	Lines  []Line
}

// together is the address at which a time for all of them is looked for.
func (v comparisonView) together() string {
	q := url.Values{}
	for _, c := range v.Things {
		q.Add("with", c.ID)
	}
	return "/desk/composite?" + q.Encode()
}

// without is the address of the comparison without one of its things.
func (v comparisonView) without(id string) string {
	var ids []string
	for _, c := range v.Things {
		if c.ID != id {
			ids = append(ids, c.ID)
		}
	}
	return comparison(ids)
}

func (s *Service) showComparison(w http.ResponseWriter, r *http.Request) error {
	things, lines, err := s.Compare(r.Context(), r.URL.Query()["id"])
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, comparisonPage(comparisonView{things, lines}))
}

type mapView struct {
	Tiles  ui.TilesOf
	Wide   []ui.RankRow
	Total  int
	Place  string
	Values url.Values
}

func (s *Service) showMap(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := mapView{Values: r.URL.Query()}
	var err error
	if v.Tiles, v.Wide, v.Total, err = s.tiles(ctx, v.Values); err != nil {
		return err
	}
	place := s.Root
	if l := v.Values["region"]; len(l) == 1 {
		place = l[0]
	}
	v.Place = last(s.Orgs.RegionName(ctx, place), i18n.From(ctx))
	return web.Page(w, r, http.StatusOK, mapPage(v))
}

// back is the list of things found behind the map.
func (v mapView) back() string {
	if q := Canonical(v.Values); q != "" {
		return "/resources?" + q
	}
	return "/resources"
}

// savedView is a saved search with what is new in it.
type savedView struct {
	Saved
	Total int
	New   []catalogue.Item
	Faces []catalogue.Face
}

func (s *Service) view(ctx context.Context, x Saved) (savedView, error) {
	v := savedView{Saved: x}
	var err error
	if v.Total, err = s.Catalogue.Count(ctx, x.query()); err != nil && fault.Of(err) == nil {
		return v, err
	}
	if v.New, err = s.fresh(ctx, x, x.LookedAt.Time); err != nil && fault.Of(err) == nil {
		return v, err
	}
	for _, it := range v.New {
		v.Faces = append(v.Faces, s.Catalogue.Face(ctx, it.Resource))
	}
	return v, nil
}

func (s *Service) showSearches(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := s.Searches(ctx, identity.SubjectOf(ctx))
	if err != nil {
		return err
	}
	views := make([]savedView, len(list))
	for i, x := range list {
		if views[i], err = s.view(ctx, x); err != nil {
			return err
		}
	}
	return web.Page(w, r, http.StatusOK, searchesPage(views))
}

func (s *Service) showNew(w http.ResponseWriter, r *http.Request) error {
	values := r.URL.Query()
	f := form.Of(map[string]string{"name": values.Get("q"), "alert": AlertDaily, "query": Canonical(values)})
	return web.Page(w, r, http.StatusOK, newPage(f))
}

func (s *Service) submitNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	x, err := s.Save(ctx, identity.SubjectOf(ctx), web.RequestKey(ctx), f.Text("name"), f.Text("query"), f.Text("alert"))
	if f.Fail(err) {
		return web.Page(w, r, f.Status(), newPage(f))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/searches", "已保存检索“{0}”。", x.Name)
}

func (s *Service) showSearch(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, err := getSearch(ctx, s.DB, r.PathValue("id"), identity.SubjectOf(ctx).Person)
	if err != nil {
		return err
	}
	v, err := s.view(ctx, x)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, savedPage(v))
}

func (s *Service) submitAlert(w http.ResponseWriter, r *http.Request) error {
	alert := form.Read(r).Text("alert")
	if err := s.SetAlert(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), alert); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/searches/"+r.PathValue("id"), "提醒方式已更改。")
}

func (s *Service) submitLook(w http.ResponseWriter, r *http.Request) error {
	if err := s.Look(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/searches", "已标为看过。")
}

func (s *Service) submitDelete(w http.ResponseWriter, r *http.Request) error {
	if err := s.Forget(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/searches", "已删除保存的检索。")
}

// keptThing is a favourite, or something looked at, with the resource where it still stands.
type keptThing struct {
	Favourite
	Resource catalogue.Resource // zero: it has left the catalogue
	Face     catalogue.Face
}

func (s *Service) showFavourites(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, found, err := s.Favourites(ctx, identity.SubjectOf(ctx))
	if err != nil {
		return err
	}
	var out []keptThing
	for _, f := range list {
		x := keptThing{Favourite: f, Resource: found[f.Resource]}
		if x.Resource.ID != "" {
			x.Face = s.Catalogue.Face(ctx, x.Resource)
		}
		out = append(out, x)
	}
	return web.Page(w, r, http.StatusOK, favouritesPage(out))
}

func (s *Service) submitFavourite(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	if err := s.Keep(r.Context(), identity.SubjectOf(r.Context()), f.Text("resource"), f.Text("list"), f.Text("note")); err != nil {
		return err
	}
	return web.SeeOther(w, r, web.Local(orDefault(f.Text("back"), "/desk/favourites")), "已收藏。")
}

func (s *Service) submitDrop(w http.ResponseWriter, r *http.Request) error {
	back := form.Read(r).Text("back")
	if err := s.Drop(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("resource")); err != nil {
		return err
	}
	return web.SeeOther(w, r, web.Local(orDefault(back, "/desk/favourites")), "已取消收藏。")
}

func orDefault(s, d string) string {
	if s == "" {
		return d
	}
	return s
}

func (s *Service) showSeen(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := s.Flush(ctx); err != nil { // so that what was just looked at stands here
		return err
	}
	list, err := listSeen(ctx, s.DB, identity.SubjectOf(ctx).Person, mostSeen)
	if err != nil {
		return err
	}
	ids := make([]string, len(list))
	for i, x := range list {
		ids[i] = x.Resource
	}
	found, err := s.resources(ctx, ids)
	if err != nil {
		return err
	}
	var out []keptThing
	for _, x := range list {
		if res, ok := found[x.Resource]; ok {
			out = append(out, keptThing{Favourite: Favourite{Resource: x.Resource, At: x.At}, Resource: res, Face: s.Catalogue.Face(ctx, res)})
		}
	}
	return web.Page(w, r, http.StatusOK, seenPage(out))
}

func (s *Service) submitClear(w http.ResponseWriter, r *http.Request) error {
	if err := s.ForgetSeen(r.Context(), identity.SubjectOf(r.Context())); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/seen", "浏览记录已清空。")
}

// Panel is what a resource's page shows of this module: keep it, compare it.
func (s *Service) Panel(ctx context.Context, r catalogue.Resource) (templ.Component, error) {
	v := panelView{Resource: r, SignedIn: identity.SubjectOf(ctx).SignedIn()}
	if v.SignedIn {
		list, err := listFavourites(ctx, s.DB, identity.SubjectOf(ctx).Person)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			v.Kept = v.Kept || f.Resource == r.ID
		}
	}
	return panel(v), nil
}

type panelView struct {
	Resource catalogue.Resource
	SignedIn bool
	Kept     bool
}
