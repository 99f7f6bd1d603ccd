package observe

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/web"
)

// API registers the module's calls. The live picture has its own addresses (WHIP and WHEP) among the pages.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, action, summary, description string) web.Op {
		return web.Op{Method: method, Path: "/api/v1" + path, Action: action, Tag: "order", Summary: summary, Description: description, Private: true}
	}
	web.API(g, op(http.MethodGet, "/orders/{id}/observation", "observe.view", "查看订单的远程观察", "Plans, sessions and notes, for the parties."), s.apiCourse)
	offer := op(http.MethodPost, "/orders/{id}/observation", "observe.plan", "提出观察计划", "By the provider; nothing happens until the buyer agrees.")
	offer.Status = http.StatusCreated
	web.API(g, offer, s.apiOffer)
	for _, verb := range []string{VerbAgree, VerbDecline, VerbWithdraw, VerbEnd} {
		web.API(g, op(http.MethodPost, "/observation-plans/{id}/"+verb, actionOf(verb), "观察计划："+verb, "Declining and ending need a reason."), s.apiVerb(verb)) //i18n:data shown in the description of the API
	}
	write := op(http.MethodPost, "/observe/{id}/notes", "observe.note", "写观察记录", "A text, a JPEG picture, or both, with the time it is received.")
	write.Status = http.StatusCreated
	web.API(g, write, s.apiWrite)
}

type idIn struct {
	ID string `path:"id"`
}

type planBody struct {
	ID      string `json:"id"`
	Order   string `json:"order"`
	State   string `json:"state" doc:"offered, agreed, declined, withdrawn or ended"`
	Booked  bool   `json:"booked" doc:"The booking's own time"`
	First   string `json:"first,omitempty"`
	Last    string `json:"last,omitempty"`
	At      string `json:"at,omitempty"`
	Minutes int64  `json:"minutes,omitempty"`
	Working bool   `json:"working" doc:"On working days only"`
	Skip    string `json:"skip,omitempty" doc:"Days left out"`
	Early   int64  `json:"early"`
	Late    int64  `json:"late"`
	Talk    bool   `json:"talk"`
	Note    string `json:"note,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

type sessionBody struct {
	ID     string    `json:"id"`
	Plan   string    `json:"plan"`
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	Opens  time.Time `json:"opens"`
	Closes time.Time `json:"closes"`
	State  string    `json:"state" doc:"planned, open, ended or cancelled"`
	Live   bool      `json:"live" doc:"There was a picture"`
	Reason string    `json:"reason,omitempty"`
}

type noteBody struct {
	ID      string    `json:"id"`
	Session string    `json:"session"`
	Side    string    `json:"side"`
	Text    string    `json:"text,omitempty"`
	Picture string    `json:"picture,omitempty" doc:"SHA-256 of the JPEG"`
	At      time.Time `json:"at"`
}

func planBodyOf(p Plan) planBody {
	return planBody{p.ID, p.Order, p.State, p.Booked, p.First, p.Last, p.At, p.Minutes, p.Working, p.Skip, p.Early, p.Late, p.Talk, p.Note, p.Reason}
}

func noteBodyOf(n Note) noteBody {
	return noteBody{n.ID, n.Session, n.Side, n.Text, n.Picture, n.At.Time}
}

type courseOut struct {
	Body struct {
		Plans    []planBody    `json:"plans"`
		Sessions []sessionBody `json:"sessions"`
		Notes    []noteBody    `json:"notes" doc:"The newest first"`
	}
}

func (s *Service) apiCourse(ctx context.Context, in *idIn) (*courseOut, error) {
	by := identity.SubjectOf(ctx)
	d, err := s.Orders.Get(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	c, err := s.Of(ctx, by, d.Order)
	if err != nil {
		return nil, err
	}
	out := &courseOut{}
	out.Body.Plans, out.Body.Sessions, out.Body.Notes = []planBody{}, []sessionBody{}, []noteBody{}
	for _, p := range c.Plans {
		out.Body.Plans = append(out.Body.Plans, planBodyOf(p))
	}
	now := s.Clock.Now()
	for _, x := range c.Sessions {
		out.Body.Sessions = append(out.Body.Sessions, sessionBody{x.ID, x.Plan, x.Starts.Time, x.Ends.Time, x.Opens.Time, x.Closes.Time, x.State(now), !x.Live.IsZero(), x.Reason})
	}
	for _, n := range c.Notes {
		out.Body.Notes = append(out.Body.Notes, noteBodyOf(n))
	}
	return out, nil
}

type offerIn struct {
	ID   string `path:"id"`
	Body struct {
		Booked  bool   `json:"booked,omitempty" doc:"The booking's own time, instead of days"`
		First   string `json:"first,omitempty" example:"2026-12-01"`
		Last    string `json:"last,omitempty" example:"2026-12-31"`
		At      string `json:"at,omitempty" example:"10:00"`
		Minutes int64  `json:"minutes,omitempty" example:"20"`
		Working bool   `json:"working,omitempty"`
		Skip    string `json:"skip,omitempty" example:"2026-12-08 2026-12-09"`
		Early   *int64 `json:"early,omitempty" doc:"Minutes; the platform's own where left out"`
		Late    *int64 `json:"late,omitempty"`
		Link    string `json:"link,omitempty" doc:"https address of a meeting elsewhere"`
		Talk    bool   `json:"talk,omitempty"`
		Note    string `json:"note,omitempty"`
	}
}

type planOut struct{ Body planBody }

func (s *Service) apiOffer(ctx context.Context, in *offerIn) (*planOut, error) {
	b, r := in.Body, s.rule()
	o := Offer{Booked: b.Booked, First: b.First, Last: b.Last, At: b.At, Minutes: b.Minutes, Working: b.Working, Skip: b.Skip, Early: r.Early, Late: r.Late, Link: b.Link, Talk: b.Talk, Note: b.Note}
	if b.Early != nil {
		o.Early = *b.Early
	}
	if b.Late != nil {
		o.Late = *b.Late
	}
	p, err := s.Offer(ctx, identity.SubjectOf(ctx), in.ID, o, web.RequestKey(ctx))
	if err != nil {
		return nil, err
	}
	return &planOut{planBodyOf(p)}, nil
}

type verbIn struct {
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason,omitempty"`
	}
}

func (s *Service) apiVerb(verb string) func(context.Context, *verbIn) (*planOut, error) {
	return func(ctx context.Context, in *verbIn) (*planOut, error) {
		p, err := s.Do(ctx, identity.SubjectOf(ctx), in.ID, verb, in.Body.Reason)
		if err != nil {
			return nil, err
		}
		return &planOut{planBodyOf(p)}, nil
	}
}

type writeIn struct {
	ID   string `path:"id"`
	Body struct {
		Text    string `json:"text,omitempty" example:"菌落开始变黄。"`
		Picture []byte `json:"picture,omitempty" doc:"JPEG, base64"`
	}
}

type noteOut struct{ Body noteBody }

func (s *Service) apiWrite(ctx context.Context, in *writeIn) (*noteOut, error) {
	var picture io.Reader
	if len(in.Body.Picture) > 0 {
		picture = bytes.NewReader(in.Body.Picture)
	}
	n, err := s.Write(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Text, picture, web.RequestKey(ctx))
	if err != nil {
		return nil, err
	}
	return &noteOut{noteBodyOf(n)}, nil
}
