package pricing

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/web"
)

type (
	wireSheet struct {
		ID       string        `json:"id"`
		Resource string        `json:"resource,omitempty" doc:"Missing: of all resources that have none of their own"`
		NameZH   string        `json:"name_zh,omitempty"`
		NameEN   string        `json:"name_en,omitempty"`
		Sample   bool          `json:"sample"`
		Draft    *Plan         `json:"draft,omitempty" doc:"The version being written"`
		Versions []wireVersion `json:"versions,omitempty" doc:"Newest first"`
	}
	wireVersion struct {
		Version int64  `json:"version"`
		From    string `json:"from"`
		To      string `json:"to,omitempty"`
		Note    string `json:"note,omitempty"`
		Plan    Plan   `json:"plan"`
	}
	sheetPath struct {
		ID string `path:"id" doc:"Id of the price plan"`
	}
	sheetsOut struct {
		Body struct {
			Items []wireSheet `json:"items"`
		}
	}
	sheetOut struct{ Body wireSheet }
	beginIn  struct {
		Body struct {
			Resource string `json:"resource,omitempty" doc:"Id of one of your resources; missing: all that have no plan of their own"`
		}
	}
	draftIn struct {
		ID   string `path:"id"`
		Body Plan
	}
	releaseIn struct {
		ID   string `path:"id"`
		Body struct {
			From string `json:"from,omitempty" doc:"First civil day; today when missing" example:"2026-12-01"`
			To   string `json:"to,omitempty" doc:"Last civil day; open when missing"`
			Note string `json:"note,omitempty"`
		}
	}
	versionOut struct{ Body wireVersion }
	tryIn      struct {
		ID   string `path:"id"`
		Body struct {
			Kind     string           `json:"kind,omitempty" enum:"booking,commission" doc:"booking when missing"`
			Group    string           `json:"group,omitempty" doc:"external when missing"`
			Spans    []Span           `json:"spans,omitempty" doc:"The time booked or used"`
			Quantity int64            `json:"quantity,omitempty" doc:"1 when missing"`
			Rate     string           `json:"rate,omitempty"`
			AddOns   map[string]int64 `json:"add_ons,omitempty"`
			Volume   Volume           `json:"volume,omitzero"`
		}
	}
	tryOut struct{ Body Priced }
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, summary string, status int) web.Op {
		return web.Op{Method: method, Path: path, Action: "price.manage", Tag: "price", Private: true, Status: status, Summary: summary}
	}
	web.API(g, op(http.MethodGet, "/api/v1/prices", "本单位的价格方案", http.StatusOK), s.apiList)
	web.API(g, op(http.MethodPost, "/api/v1/prices", "为一项资源（或全部资源）建立价格方案", http.StatusCreated), s.apiBegin)
	web.API(g, op(http.MethodGet, "/api/v1/prices/{id}", "一份价格方案：草稿和全部版本", http.StatusOK), s.apiGet)
	web.API(g, op(http.MethodPut, "/api/v1/prices/{id}/draft", "导入：用 JSON 替换草稿", http.StatusOK), s.apiDraft)
	web.API(g, op(http.MethodPost, "/api/v1/prices/{id}/publish", "发布草稿为新版本", http.StatusOK), s.apiPublish)
	web.API(g, op(http.MethodPost, "/api/v1/prices/{id}/preview", "用草稿试算一单", http.StatusOK), s.apiTry)
}

func (s *Service) apiList(ctx context.Context, _ *struct{}) (*sheetsOut, error) {
	var where db.Where
	where.And("owner = ?", identity.SubjectOf(ctx).Org)
	list, err := listSheets(ctx, s.db, &where)
	out := &sheetsOut{}
	out.Body.Items = make([]wireSheet, len(list))
	for i, x := range list {
		out.Body.Items[i] = wireOf(x)
	}
	return out, err
}

func wireOf(x Sheet) wireSheet {
	return wireSheet{ID: x.ID, Resource: x.Resource, NameZH: x.NameZH, NameEN: x.NameEN, Sample: x.Sample}
}

func (s *Service) apiBegin(ctx context.Context, in *beginIn) (*sheetOut, error) {
	x, err := s.Begin(ctx, identity.SubjectOf(ctx), in.Body.Resource)
	if err != nil {
		return nil, err
	}
	return s.wire(ctx, x)
}

func (s *Service) apiGet(ctx context.Context, in *sheetPath) (*sheetOut, error) {
	x, err := s.mine(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return s.wire(ctx, x)
}

// wire is a plan with everything that belongs to it.
func (s *Service) wire(ctx context.Context, x Sheet) (*sheetOut, error) {
	out := &sheetOut{wireOf(x)}
	if x.Draft != "" {
		p, err := read(x.Draft)
		if err != nil {
			return nil, err
		}
		out.Body.Draft = &p
	}
	versions, err := listVersions(ctx, s.db, x.ID)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		one, err := wireVersionOf(v)
		if err != nil {
			return nil, err
		}
		out.Body.Versions = append(out.Body.Versions, one)
	}
	return out, nil
}

func wireVersionOf(v Version) (wireVersion, error) {
	p, err := v.Plan()
	return wireVersion{v.Version, v.From, v.To, v.Note, p}, err
}

func (s *Service) apiDraft(ctx context.Context, in *draftIn) (*sheetOut, error) {
	by := identity.SubjectOf(ctx)
	if _, err := s.mine(ctx, by, in.ID); err != nil {
		return nil, err
	}
	p := in.Body
	if err := p.Check(); err != nil {
		return nil, err
	}
	if _, err := s.SaveDraft(ctx, by, in.ID, func(Plan) (Plan, error) { return p, nil }); err != nil {
		return nil, err
	}
	return s.apiGet(ctx, &sheetPath{in.ID})
}

func (s *Service) apiPublish(ctx context.Context, in *releaseIn) (*versionOut, error) {
	v, err := s.Publish(ctx, identity.SubjectOf(ctx), in.ID, Release{in.Body.From, in.Body.To, in.Body.Note})
	if err != nil {
		return nil, err
	}
	one, err := wireVersionOf(v)
	return &versionOut{one}, err
}

func (s *Service) apiTry(ctx context.Context, in *tryIn) (*tryOut, error) {
	x, err := s.mine(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	p, err := s.draft(ctx, s.db, x)
	if err != nil {
		return nil, err
	}
	f := Facts{Kind: in.Body.Kind, Group: in.Body.Group, Day: s.today(), Spans: in.Body.Spans, Quantity: max(in.Body.Quantity, 1), Rate: in.Body.Rate, AddOns: in.Body.AddOns, Volume: in.Body.Volume}
	if f.Kind == "" {
		f.Kind = "booking"
	}
	if f.Group == "" {
		f.Group = External
	}
	if err := sound(f.Spans); err != nil {
		return nil, err
	}
	if len(f.Spans) > 0 {
		f.Day = clock.Day(f.Spans[0].From)
	}
	CalendarDays(s.calendar, &f)
	priced, err := Price(p, f)
	if priced.Lines == nil {
		priced.Lines = []Line{}
	}
	return &tryOut{priced}, err
}
