package series

import (
	"context"
	"net/http"
	"time"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

type (
	spanBody struct {
		Start time.Time `json:"start"`
		End   time.Time `json:"end"`
	}
	seriesBody struct {
		Resource  string              `json:"resource"`
		Rule      string              `json:"rule" doc:"A subset of RFC 5545's RRULE that ends: FREQ=DAILY, WEEKLY or MONTHLY with INTERVAL, BYDAY, BYMONTHDAY, COUNT or UNTIL" example:"FREQ=WEEKLY;BYDAY=TU,TH;COUNT=10"`
		First     string              `json:"first" doc:"Civil day from which the rule counts" example:"2026-12-01"`
		From      string              `json:"from,omitempty" doc:"Time of day; of no account where whole days are booked" example:"09:00"`
		To        string              `json:"to,omitempty" example:"11:00"`
		Holidays  string              `json:"holidays,omitempty" enum:"keep,skip,move" doc:"A date on a public holiday: as it is, left out (when missing), or moved to the next open day"`
		Skip      []string            `json:"skip,omitempty" doc:"Days of the rule that are left out"`
		Moved     map[string]spanBody `json:"moved,omitempty" doc:"Other times for single days of the rule"`
		All       bool                `json:"all_or_nothing,omitempty" doc:"Every date that is not left out, or none; else those that are free"`
		Quantity  int64               `json:"quantity,omitempty" doc:"Of each order; 1 when missing"`
		Line      string              `json:"line,omitempty"`
		AddOns    map[string]int64    `json:"add_ons,omitempty"`
		Purpose   string              `json:"purpose,omitempty"`
		Use       string              `json:"customs_use,omitempty"`
		Answers   map[string]string   `json:"answers,omitempty"`
		Programme string              `json:"voucher_programme,omitempty" doc:"Each order holds its own part; the voucher must carry all of them"`
		Fund      string              `json:"fund,omitempty"`
	}
	seriesInput struct{ Body seriesBody }
	dateBody    struct {
		Day   string    `json:"day" doc:"Of the rule"`
		Start string    `json:"start,omitempty"`
		End   string    `json:"end,omitempty"`
		State string    `json:"state" doc:"free, taken, maintenance, closed, beyond, soon, skipped, limit, unfit or barred"`
		Text  string    `json:"text,omitempty" doc:"Why it is not free"`
		Moved bool      `json:"moved,omitempty" doc:"For a public holiday"`
		Near  *spanBody `json:"near,omitempty" doc:"Free on the same day"`
		Price money.Fen `json:"price,omitempty"`
	}
	previewOutput struct {
		Body struct {
			Items []dateBody `json:"items"`
			Total money.Fen  `json:"total" doc:"Of the dates that are free, in fen"`
		}
	}
	memberBody struct {
		Order    string    `json:"order"`
		Number   string    `json:"number"`
		Position int64     `json:"position"`
		Day      string    `json:"day,omitempty" doc:"That the rule gave"`
		Part     int64     `json:"part,omitempty"`
		Resource string    `json:"resource"`
		Start    time.Time `json:"start"`
		End      time.Time `json:"end"`
		State    string    `json:"state"`
		Price    money.Fen `json:"price"`
		Fee      money.Fen `json:"fee" doc:"What cancelling it now costs"`
	}
	groupBody struct {
		ID       string       `json:"id"`
		Number   string       `json:"number"`
		Kind     string       `json:"kind" doc:"series or composite"`
		Resource string       `json:"resource,omitempty"`
		Rule     string       `json:"rule,omitempty"`
		First    string       `json:"first,omitempty"`
		From     string       `json:"from,omitempty"`
		To       string       `json:"to,omitempty"`
		Parts    int64        `json:"parts"`
		Orders   []memberBody `json:"orders,omitempty"`
		Missed   []dateBody   `json:"missed,omitempty" doc:"Dates that were not booked"`
	}
	groupOutput struct{ Body groupBody }
	groupsInput struct {
		Limit  int    `query:"limit" minimum:"0" maximum:"100"`
		Cursor string `query:"cursor"`
	}
	groupsOutput struct {
		Body struct {
			Items []groupBody `json:"items"`
			Next  string      `json:"next"`
		}
	}
	groupInput struct {
		ID string `path:"id" doc:"Id of the group"`
	}
	verbInput struct {
		ID   string `path:"id"`
		Body *struct {
			Scope    string `json:"scope,omitempty" enum:"one,following,all" doc:"all when missing"`
			Position int64  `json:"position,omitempty" doc:"Of the booking from which it counts"`
			Note     string `json:"note,omitempty"`
			Days     int    `json:"days,omitempty" doc:"move: so many days later, below 0 earlier"`
			From     string `json:"from,omitempty" doc:"move: the new time of day"`
			To       string `json:"to,omitempty"`
			All      bool   `json:"all_or_nothing,omitempty" doc:"move: every one, or none; else those whose new time is free"`
		}
	}
)

// API registers the JSON calls.
func (s *Service) API(g *web.APIGroup) {
	example := map[string]any{"resource": "{resource}", "rule": "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=10", "first": "2026-12-01", "from": "09:00", "to": "11:00", "holidays": "skip"}
	op := func(method, path, action, summary string) web.Op {
		return web.Op{Method: method, Path: "/api/v1" + path, Action: action, Tag: "series", Private: true, Status: http.StatusOK, Summary: summary, Money: method == http.MethodPost}
	}
	preview := op(http.MethodPost, "/series/preview", "order.create", "系列预约：逐个日期看能不能约，不下单")
	preview.Example, preview.Money = example, false
	web.API(g, preview, s.apiPreview)
	place := op(http.MethodPost, "/series", "order.create", "系列预约：按规则一次约许多次，每次一笔订单")
	place.Example, place.Status = example, http.StatusCreated
	place.Description = "All the orders are placed in one transaction. A date that is not free is left out and listed in missed, or with all_or_nothing the whole series is 409 /series-not-all."
	web.API(g, place, s.apiPlace)
	s.composites(g)
	web.API(g, op(http.MethodGet, "/series", "series.view", "系列与组合预约列表"), s.apiList)
	web.API(g, op(http.MethodGet, "/series/{id}", "series.view", "一组预约和它的各笔订单"), s.apiGet)
	web.API(g, op(http.MethodPost, "/series/{id}/move", "series.change", "一组预约改期"), s.apiMove)
	web.API(g, op(http.MethodPost, "/series/{id}/cancel", "series.cancel", "取消一组预约"), s.apiVerb(order.VerbCancel))
	web.API(g, op(http.MethodPost, "/series/{id}/accept", "series.answer", "接受一组预约"), s.apiVerb(order.VerbAccept))
	web.API(g, op(http.MethodPost, "/series/{id}/refuse", "series.answer", "回绝一组预约"), s.apiVerb(order.VerbRefuse))
}

// request reads the body of a series.
func (b seriesBody) request(key string) (Request, error) {
	rule, err := ParseRule(b.Rule)
	req := Request{
		Resource: b.Resource, Rule: rule, First: b.First, From: b.From, To: b.To, Holidays: b.Holidays, Skip: b.Skip, Pick: map[string]booking.Span{}, All: b.All, Key: key,
		Order: order.PlaceRequest{Kind: order.KindBooking, Quantity: b.Quantity, Line: b.Line, AddOns: b.AddOns, Purpose: b.Purpose, Use: b.Use, Answers: b.Answers, Programme: b.Programme, Fund: b.Fund},
	}
	if req.Holidays == "" {
		req.Holidays = HolidaysSkip
	}
	for day, span := range b.Moved {
		req.Pick[day] = booking.Span{From: span.Start, To: span.End}
	}
	return req, err
}

func (s *Service) apiPreview(ctx context.Context, in *seriesInput) (*previewOutput, error) {
	req, err := in.Body.request("")
	if err != nil {
		return nil, err
	}
	p, err := s.Preview(ctx, identity.SubjectOf(ctx), req)
	if err != nil {
		return nil, err
	}
	out := &previewOutput{}
	out.Body.Items, out.Body.Total = datesOf(ctx, p.Dates), total(p.Drafts)
	return out, nil
}

func datesOf(ctx context.Context, dates []Date) []dateBody {
	out := make([]dateBody, len(dates))
	for i, d := range dates {
		out[i] = dateBody{Day: d.Day, State: d.State, Moved: d.Moved, Price: d.Price}
		if !d.Span.From.IsZero() {
			out[i].Start, out[i].End = d.Span.From.UTC().Format(time.RFC3339), d.Span.To.UTC().Format(time.RFC3339)
		}
		if d.Why != nil {
			out[i].Text = i18n.T(ctx, d.Why.Text, d.Why.Args...)
		}
		if d.Near != nil {
			out[i].Near = &spanBody{d.Near.From, d.Near.To}
		}
	}
	return out
}

func (s *Service) apiPlace(ctx context.Context, in *seriesInput) (*groupOutput, error) {
	req, err := in.Body.request(web.RequestKey(ctx))
	if err != nil {
		return nil, err
	}
	by := identity.SubjectOf(ctx)
	g, missed, err := s.Place(ctx, by, req)
	if err != nil {
		return nil, err
	}
	out, err := s.answer(ctx, by, g.ID)
	if err == nil {
		out.Body.Missed = datesOf(ctx, missed)
	}
	return out, err
}

// answer is a group as the API shows it.
func (s *Service) answer(ctx context.Context, by identity.Subject, group string) (*groupOutput, error) {
	d, err := s.Get(ctx, by, group)
	if err != nil {
		return nil, err
	}
	out := &groupOutput{bodyOf(d.Group)}
	for _, m := range d.Members {
		o := m.Order
		out.Body.Orders = append(out.Body.Orders, memberBody{o.ID, o.Number, m.Position, m.Day, m.Part.Part, o.Resource, o.Start.Time, o.End.Time, o.State, o.Price, m.Fee})
	}
	return out, nil
}

func bodyOf(g Group) groupBody {
	return groupBody{ID: g.ID, Number: g.Number, Kind: g.Kind, Resource: g.Resource, Rule: g.Rule, First: g.First, From: g.From, To: g.To, Parts: g.Parts}
}

func (s *Service) apiList(ctx context.Context, in *groupsInput) (*groupsOutput, error) {
	list, next, err := s.List(ctx, identity.SubjectOf(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &groupsOutput{}
	out.Body.Items, out.Body.Next = make([]groupBody, len(list)), next
	for i, g := range list {
		out.Body.Items[i] = bodyOf(g)
	}
	return out, nil
}

func (s *Service) apiGet(ctx context.Context, in *groupInput) (*groupOutput, error) {
	return s.answer(ctx, identity.SubjectOf(ctx), in.ID)
}

func (s *Service) apiMove(ctx context.Context, in *verbInput) (*groupOutput, error) {
	req := MoveRequest{Scope: ScopeAll, Key: web.RequestKey(ctx)}
	if b := in.Body; b != nil {
		req.Position, req.Days, req.From, req.To, req.All = b.Position, b.Days, b.From, b.To, b.All
		if b.Scope != "" {
			req.Scope = b.Scope
		}
	}
	by := identity.SubjectOf(ctx)
	_, missed, err := s.Move(ctx, by, in.ID, req)
	if err != nil {
		return nil, err
	}
	out, err := s.answer(ctx, by, in.ID)
	if err == nil {
		for _, c := range missed {
			out.Body.Missed = append(out.Body.Missed, datesOf(ctx, []Date{c.Date})...)
		}
	}
	return out, err
}

func (s *Service) apiVerb(verb string) func(ctx context.Context, in *verbInput) (*groupOutput, error) {
	return func(ctx context.Context, in *verbInput) (*groupOutput, error) {
		scope, position, note := ScopeAll, int64(0), ""
		if b := in.Body; b != nil {
			position, note = b.Position, b.Note
			if b.Scope != "" {
				scope = b.Scope
			}
		}
		by := identity.SubjectOf(ctx)
		if _, err := s.Do(ctx, by, in.ID, verb, scope, position, note, web.RequestKey(ctx)); err != nil {
			return nil, err
		}
		return s.answer(ctx, by, in.ID)
	}
}
