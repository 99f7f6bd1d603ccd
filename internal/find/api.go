package find

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, action, summary, description string, private bool) web.Op {
		return web.Op{Method: method, Path: "/api/v1" + path, Action: action, Tag: "find", Summary: summary, Description: description, Private: private}
	}
	web.API(g, op("GET", "/comparison", "catalogue.search", "资源对比", "Up to five resources side by side; lines that differ come first.", false), s.apiCompare)
	web.API(g, op("GET", "/saved-searches", "find.keep", "保存的检索", "The acting person's own.", true), s.apiSearches)
	save := op("POST", "/saved-searches", "find.keep", "保存检索", "query is the query string of GET /resources; alert says when its owner is told of what is new.", true)
	save.Status, save.Example = http.StatusCreated, map[string]any{"name": "SEM", "query": "q=SEM&region=330400", "alert": AlertDaily}
	web.API(g, save, s.apiSave)
	remove := op("DELETE", "/saved-searches/{id}", "find.keep", "删除保存的检索", "", true)
	remove.Status = http.StatusNoContent
	web.API(g, remove, s.apiForget)
	web.API(g, op("GET", "/favourites", "find.keep", "我的收藏", "The acting person's own.", true), s.apiFavourites)
	keep := op("POST", "/favourites", "find.keep", "收藏资源", "The same resource again changes its list and note.", true)
	keep.Status, keep.Example = http.StatusNoContent, map[string]any{"resource": "01940000-0000-7000-8000-000000000000", "list": "2027", "note": ""}
	web.API(g, keep, s.apiKeep)
	drop := op("DELETE", "/favourites/{resource}", "find.keep", "取消收藏", "", true)
	drop.Status = http.StatusNoContent
	web.API(g, drop, s.apiDrop)
}

type compareIn struct {
	ID []string `query:"id,explode" doc:"Ids of resources; the first five count"`
}

type comparedBody struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	Price string `json:"price"`
}

type comparisonLine struct {
	Label  string   `json:"label"`
	Values []string `json:"values" doc:"One for each item, in their order; empty: not said"`
	Same   bool     `json:"same"`
}

type compareOut struct {
	Body struct {
		Items []comparedBody   `json:"items"`
		Lines []comparisonLine `json:"lines"`
	}
}

func (s *Service) apiCompare(ctx context.Context, in *compareIn) (*compareOut, error) {
	things, lines, err := s.Compare(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &compareOut{}
	out.Body.Items, out.Body.Lines = []comparedBody{}, []comparisonLine{}
	for _, c := range things {
		out.Body.Items = append(out.Body.Items, comparedBody{c.ID, c.Face.Name, c.Kind, c.Face.Price})
	}
	if len(things) == 0 {
		return out, nil
	}
	for _, l := range lines {
		out.Body.Lines = append(out.Body.Lines, comparisonLine(l))
	}
	return out, nil
}

type savedBody struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Query     string  `json:"query" doc:"Query string of GET /resources"`
	Alert     string  `json:"alert" enum:"daily,once,none"`
	LookedAt  db.Time `json:"looked_at"`
	CreatedAt db.Time `json:"created_at"`
}

func wire(x Saved) savedBody {
	return savedBody{x.ID, x.Name, x.Query, x.Alert, x.LookedAt, x.CreatedAt}
}

type savedListOut struct {
	Body struct {
		Items []savedBody `json:"items"`
	}
}

func (s *Service) apiSearches(ctx context.Context, _ *struct{}) (*savedListOut, error) {
	list, err := s.Searches(ctx, identity.SubjectOf(ctx))
	if err != nil {
		return nil, err
	}
	out := &savedListOut{}
	out.Body.Items = []savedBody{}
	for _, x := range list {
		out.Body.Items = append(out.Body.Items, wire(x))
	}
	return out, nil
}

type saveIn struct {
	Body struct {
		Name  string `json:"name" maxLength:"60"`
		Query string `json:"query" maxLength:"4000"`
		Alert string `json:"alert" enum:"daily,once,none"`
	}
}

type savedOut struct{ Body savedBody }

func (s *Service) apiSave(ctx context.Context, in *saveIn) (*savedOut, error) {
	x, err := s.Save(ctx, identity.SubjectOf(ctx), web.RequestKey(ctx), in.Body.Name, in.Body.Query, in.Body.Alert)
	if err != nil {
		return nil, err
	}
	return &savedOut{wire(x)}, nil
}

type searchIDIn struct {
	ID string `path:"id"`
}

func (s *Service) apiForget(ctx context.Context, in *searchIDIn) (*struct{}, error) {
	return nil, s.Forget(ctx, identity.SubjectOf(ctx), in.ID)
}

type favouriteBody struct {
	Resource string  `json:"resource"`
	List     string  `json:"list"`
	Note     string  `json:"note"`
	At       db.Time `json:"at"`
	Live     bool    `json:"live" doc:"It still stands in the catalogue"`
}

type favouritesOut struct {
	Body struct {
		Items []favouriteBody `json:"items"`
	}
}

func (s *Service) apiFavourites(ctx context.Context, _ *struct{}) (*favouritesOut, error) {
	list, found, err := s.Favourites(ctx, identity.SubjectOf(ctx))
	if err != nil {
		return nil, err
	}
	out := &favouritesOut{}
	out.Body.Items = []favouriteBody{}
	for _, f := range list {
		_, live := found[f.Resource]
		out.Body.Items = append(out.Body.Items, favouriteBody{f.Resource, f.List, f.Note, f.At, live})
	}
	return out, nil
}

type favouriteIn struct {
	Body struct {
		Resource string `json:"resource"`
		List     string `json:"list,omitempty" maxLength:"60"`
		Note     string `json:"note,omitempty" maxLength:"500"`
	}
}

func (s *Service) apiKeep(ctx context.Context, in *favouriteIn) (*struct{}, error) {
	return nil, s.Keep(ctx, identity.SubjectOf(ctx), in.Body.Resource, in.Body.List, in.Body.Note)
}

type favouriteDropIn struct {
	Resource string `path:"resource"`
}

func (s *Service) apiDrop(ctx context.Context, in *favouriteDropIn) (*struct{}, error) {
	return nil, s.Drop(ctx, identity.SubjectOf(ctx), in.Resource)
}
