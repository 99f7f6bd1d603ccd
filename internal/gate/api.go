package gate

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, action, summary, description string) web.Op {
		return web.Op{Method: method, Path: "/api/v1" + path, Action: action, Tag: "gate", Summary: summary, Description: description, Private: true}
	}
	web.API(g, op(http.MethodGet, "/resources/{id}/gates", "gate.own", "预约前须具备什么、我具备了没有", "What the provider asks for before a booking begins on day, and how it stands for the subject. Answers go into the field answers of an order."), s.apiGates)
	web.API(g, op(http.MethodGet, "/papers", "gate.own", "列出我的培训与材料", "Newest first."), s.apiOwn)
	submit := op(http.MethodPost, "/papers", "gate.own", "申请培训或提交证书、批件", "training: asked for, arranged and granted by the provider's staff. The others bring their number, days and file.")
	submit.Status = http.StatusCreated
	web.API(g, submit, s.apiSubmit)
	web.API(g, op(http.MethodGet, "/papers/{id}", "gate.own", "查看一份培训或材料", "By its holder, the heads of the holder's organisation and the provider's staff."), s.apiOne)
	for _, verb := range verbs() {
		web.API(g, op(http.MethodPost, "/papers/{id}/"+verb, "gate.own", "培训与材料："+verb, "Which verb leads from which state is in the field verbs."), s.apiVerb(verb)) //i18n:data shown in the description of the API
	}
	rule := op(http.MethodPost, "/gates", "gate.rules", "添加一条预约条件", "For one resource, a class of instruments (first digits) or all of the owner's, from a day on.")
	rule.Status = http.StatusCreated
	web.API(g, rule, s.apiRule)
}

type gatesIn struct {
	ID      string `path:"id"`
	Day     string `query:"day" doc:"Civil day the booking begins; today when missing"`
	Purpose string `query:"purpose"`
}

type gateBody struct {
	Kind   string `json:"kind"`
	Name   string `json:"name,omitempty"`
	Level  int64  `json:"level,omitempty" doc:"Biosafety level of the laboratory"`
	OK     bool   `json:"ok"`
	Why    string `json:"why,omitempty" doc:"answer, paper, waiting or level"`
	Until  string `json:"until,omitempty"`
	Paper  string `json:"paper,omitempty"`
	Source string `json:"source,omitempty"`
}

type gatesOut struct {
	Body struct {
		Items []gateBody `json:"items"`
	}
}

func (s *Service) apiGates(ctx context.Context, in *gatesIn) (*gatesOut, error) {
	x, err := s.Catalogue.Resource(ctx, s.DB, in.ID)
	if err != nil {
		return nil, err
	}
	day := in.Day
	if day == "" {
		day = s.today()
	}
	list, err := s.Verdicts(ctx, s.DB, Ask{Provider: x.Owner, Resource: x.ID, Class: x.Class, Person: identity.SubjectOf(ctx).Person, Day: day, Purpose: in.Purpose})
	if err != nil {
		return nil, err
	}
	out := &gatesOut{}
	out.Body.Items = []gateBody{}
	for _, v := range list {
		out.Body.Items = append(out.Body.Items, gateBody{v.Rule.Kind, v.Rule.Name, v.Rule.Level, v.OK, v.Why, v.Until, v.Paper, v.Rule.Source})
	}
	return out, nil
}

type paperBody struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"`
	Name     string   `json:"name"`
	Number   string   `json:"number,omitempty"`
	Provider string   `json:"provider"`
	State    string   `json:"state"`
	Meet     string   `json:"meet,omitempty"`
	Place    string   `json:"place,omitempty"`
	From     string   `json:"from,omitempty"`
	To       string   `json:"to,omitempty"`
	Note     string   `json:"note,omitempty"`
	Verbs    []string `json:"verbs"`
}

func (s *Service) body(by identity.Subject, p Paper) paperBody {
	out := paperBody{p.ID, p.Kind, p.Name, p.Number, p.Provider, p.State, "", p.Place, p.From, p.To, p.Note, append([]string{}, s.Verbs(by, p)...)}
	if !p.Meet.IsZero() {
		out.Meet = p.Meet.UTC().Format(time.RFC3339)
	}
	return out
}

type papersOut struct {
	Body struct {
		Items []paperBody `json:"items"`
	}
}

func (s *Service) apiOwn(ctx context.Context, _ *struct{}) (*papersOut, error) {
	by := identity.SubjectOf(ctx)
	list, err := s.Own(ctx, by)
	if err != nil {
		return nil, err
	}
	out := &papersOut{}
	out.Body.Items = []paperBody{}
	for _, p := range list {
		out.Body.Items = append(out.Body.Items, s.body(by, p))
	}
	return out, nil
}

type submitIn struct {
	Key  string `header:"Idempotency-Key"`
	Body struct {
		Provider string `json:"provider"`
		Kind     string `json:"kind" enum:"training,qualification,ethics,genetics"`
		Name     string `json:"name" example:"扫描电镜上机培训"`
		Number   string `json:"number,omitempty"`
		From     string `json:"from,omitempty"`
		To       string `json:"to,omitempty"`
		Note     string `json:"note,omitempty"`
		FileName string `json:"file_name,omitempty"`
		File     []byte `json:"file,omitempty" doc:"Base64"`
	}
}

type paperOut struct{ Body paperBody }

func (s *Service) apiSubmit(ctx context.Context, in *submitIn) (*paperOut, error) {
	by, b := identity.SubjectOf(ctx), in.Body
	var file io.Reader
	if len(b.File) > 0 {
		file = bytes.NewReader(b.File)
	}
	p, err := s.Submit(ctx, by, Paper{Provider: b.Provider, Kind: b.Kind, Name: b.Name, Number: b.Number, From: b.From, To: b.To, Note: b.Note, File: b.FileName}, file, in.Key)
	if err != nil {
		return nil, err
	}
	return &paperOut{s.body(by, p)}, nil
}

type idIn struct {
	ID string `path:"id"`
}

func (s *Service) apiOne(ctx context.Context, in *idIn) (*paperOut, error) {
	by := identity.SubjectOf(ctx)
	p, err := s.Get(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	return &paperOut{s.body(by, p)}, nil
}

type verbIn struct {
	ID   string `path:"id"`
	Body struct {
		Note  string    `json:"note,omitempty"`
		Place string    `json:"place,omitempty" doc:"offer"`
		Meet  time.Time `json:"meet,omitzero" doc:"offer: when the training is"`
		To    string    `json:"to,omitempty" doc:"grant: last civil day; by the rule when missing"`
	}
}

func (s *Service) apiVerb(verb string) func(ctx context.Context, in *verbIn) (*paperOut, error) {
	return func(ctx context.Context, in *verbIn) (*paperOut, error) {
		by, b := identity.SubjectOf(ctx), in.Body
		p, err := s.Do(ctx, by, in.ID, verb, Request{Note: b.Note, Place: b.Place, Meet: b.Meet, To: b.To})
		if err != nil {
			return nil, err
		}
		return &paperOut{s.body(by, p)}, nil
	}
}

type ruleIn struct {
	Body struct {
		Resource string `json:"resource,omitempty"`
		Class    string `json:"class,omitempty"`
		Kind     string `json:"kind" enum:"training,qualification,hazard,biosafety,ethics,genetics"`
		Name     string `json:"name,omitempty"`
		Term     int64  `json:"term,omitempty" doc:"Days a training holds; 0: for good"`
		Level    int64  `json:"level,omitempty"`
		From     string `json:"from,omitempty" doc:"Today when missing"`
		To       string `json:"to,omitempty"`
	}
}

type ruleOut struct {
	Body struct {
		ID string `json:"id"`
	}
}

func (s *Service) apiRule(ctx context.Context, in *ruleIn) (*ruleOut, error) {
	b := in.Body
	if b.From == "" {
		b.From = s.today()
	}
	r, err := s.SetRule(ctx, identity.SubjectOf(ctx), Rule{Resource: b.Resource, Class: b.Class, Kind: b.Kind, Name: b.Name, Term: b.Term, Level: b.Level, From: b.From, To: b.To})
	if err != nil {
		return nil, err
	}
	out := &ruleOut{}
	out.Body.ID = r.ID
	return out, nil
}
