package sample

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, action, summary, description string) web.Op {
		return web.Op{Method: method, Path: "/api/v1" + path, Action: action, Tag: "sample", Summary: summary, Description: description, Private: true}
	}
	web.API(g, op(http.MethodGet, "/orders/{id}/samples", "sample.view", "列出订单的样品", "By serial."), s.apiList)
	declare := op(http.MethodPost, "/orders/{id}/samples", "sample.declare", "登记样品", "Before it is sent. Its number and code go on the label.")
	declare.Status = http.StatusCreated
	web.API(g, declare, s.apiDeclare)
	web.API(g, op(http.MethodGet, "/samples/{id}", "sample.view", "查看样品及其流转记录", "By id or by the number on the label."), s.apiOne)
	for _, verb := range verbs() {
		web.API(g, op(http.MethodPost, "/samples/{id}/"+verb, actionOf(verb), "样品："+verb, "Which verb leads from which state is in the field verbs of the sample."), s.apiVerb(verb)) //i18n:data shown in the description of the API
	}
}

type idIn struct {
	ID string `path:"id"`
}

// body is a sample as the API shows it.
type body struct {
	ID        string     `json:"id"`
	Number    string     `json:"number"`
	Order     string     `json:"order"`
	Parent    string     `json:"parent,omitempty" doc:"The sample it was split from"`
	Name      string     `json:"name"`
	OwnNumber string     `json:"own_number,omitempty"`
	Hazard    string     `json:"hazard"`
	Storage   string     `json:"storage"`
	Wish      string     `json:"wish" doc:"return or dispose"`
	KeepUntil string     `json:"keep_until,omitempty" doc:"As agreed"`
	Due       string     `json:"due_on,omitempty" doc:"Last day it is kept: as agreed, or by rule once the order has ended"`
	Amount    int64      `json:"amount" doc:"Whole units that are left"`
	Unit      string     `json:"unit"`
	State     string     `json:"state"`
	Place     string     `json:"place,omitempty"`
	Held      bool       `json:"held" doc:"In somebody's hands"`
	Verbs     []string   `json:"verbs" doc:"What the subject may do now"`
	Steps     []stepBody `json:"steps,omitempty"`
}

type stepBody struct {
	At      string `json:"at"`
	Side    string `json:"side"`
	Verb    string `json:"verb"`
	From    string `json:"from,omitempty"`
	To      string `json:"to"`
	Place   string `json:"place,omitempty"`
	Change  int64  `json:"change,omitempty" doc:"Of the amount"`
	Carrier string `json:"carrier,omitempty"`
	Note    string `json:"note,omitempty"`
}

func (s *Service) body(by identity.Subject, x Sample, steps []Step) body {
	out := body{
		ID: x.ID, Number: x.Number, Order: x.Order, Parent: x.Parent, Name: x.Name, OwnNumber: x.OwnNumber, Hazard: x.Hazard, Storage: x.Storage, Wish: x.Wish,
		KeepUntil: x.KeepUntil, Due: x.Due, Amount: x.Amount, Unit: x.Unit, State: x.State, Place: x.Place, Held: x.Holder != "", Verbs: append([]string{}, s.Verbs(by, x)...),
	}
	for _, p := range steps {
		out.Steps = append(out.Steps, stepBody{p.At.String(), p.Side, p.Verb, p.From, p.To, p.Place, p.Change, p.Carrier, p.Note})
	}
	return out
}

type listOut struct {
	Body struct {
		Items []body `json:"items"`
	}
}

func (s *Service) apiList(ctx context.Context, in *idIn) (*listOut, error) {
	by := identity.SubjectOf(ctx)
	list, err := s.OfOrder(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items = []body{}
	for _, x := range list {
		out.Body.Items = append(out.Body.Items, s.body(by, x, nil))
	}
	return out, nil
}

type declareIn struct {
	ID   string `path:"id"`
	Key  string `header:"Idempotency-Key"`
	Body struct {
		Name      string `json:"name" example:"示例·层合板 0°"`
		OwnNumber string `json:"own_number,omitempty"`
		Hazard    string `json:"hazard,omitempty" default:"none"`
		Storage   string `json:"storage,omitempty" default:"room"`
		Wish      string `json:"wish,omitempty" default:"return"`
		KeepUntil string `json:"keep_until,omitempty"`
		Amount    int64  `json:"amount" example:"6"`
		Unit      string `json:"unit,omitempty" default:"piece"`
		Note      string `json:"note,omitempty"`
	}
}

type oneOut struct{ Body body }

func (s *Service) apiDeclare(ctx context.Context, in *declareIn) (*oneOut, error) {
	by, b := identity.SubjectOf(ctx), in.Body
	x, err := s.Declare(ctx, by, in.ID, Declaration{Name: b.Name, OwnNumber: b.OwnNumber, Hazard: b.Hazard, Storage: b.Storage, Wish: b.Wish, KeepUntil: b.KeepUntil, Amount: b.Amount, Unit: b.Unit, Note: b.Note}, in.Key)
	if err != nil {
		return nil, err
	}
	return &oneOut{s.body(by, x, nil)}, nil
}

func (s *Service) apiOne(ctx context.Context, in *idIn) (*oneOut, error) {
	by := identity.SubjectOf(ctx)
	x, err := s.Get(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	steps, err := listSteps(ctx, s.DB, x.ID)
	if err != nil {
		return nil, err
	}
	return &oneOut{s.body(by, x, steps)}, nil
}

type verbIn struct {
	ID   string `path:"id"`
	Key  string `header:"Idempotency-Key"`
	Body struct {
		Note    string `json:"note,omitempty"`
		Place   string `json:"place,omitempty" doc:"receive, move, put-back"`
		Carrier string `json:"carrier,omitempty" doc:"send, return"`
		Amount  int64  `json:"amount,omitempty" doc:"consume, split"`
		Login   string `json:"login,omitempty" doc:"hand: the colleague's sign-in"`
		Keep    string `json:"keep_until,omitempty" doc:"extend: the last day from now on"`
	}
}

func (s *Service) apiVerb(verb string) func(ctx context.Context, in *verbIn) (*oneOut, error) {
	return func(ctx context.Context, in *verbIn) (*oneOut, error) {
		by, b := identity.SubjectOf(ctx), in.Body
		x, err := s.Do(ctx, by, in.ID, verb, Request{Note: b.Note, Place: b.Place, Carrier: b.Carrier, Amount: b.Amount, Login: b.Login, Keep: b.Keep, Key: in.Key})
		if err != nil {
			return nil, err
		}
		return &oneOut{s.body(by, x, nil)}, nil
	}
}
