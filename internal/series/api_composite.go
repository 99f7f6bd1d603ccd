package series

import (
	"context"
	"net/http"
	"time"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

type (
	wantBody struct {
		Resources []string `json:"resources" doc:"Any of these, the preferred first"`
		Count     int      `json:"count,omitempty" doc:"How many of them at the same time; 1 when missing"`
		Minutes   int64    `json:"minutes" doc:"For how long"`
		After     int      `json:"after,omitempty" doc:"Number of the part, from 1, whose end it follows; it begins together with the first when missing"`
		Gap       int64    `json:"gap_minutes,omitempty"`
	}
	findInput struct {
		Body struct {
			Parts     []wantBody        `json:"parts"`
			First     string            `json:"from" doc:"First civil day on which it may begin" example:"2026-12-01"`
			Last      string            `json:"to" doc:"Last civil day" example:"2026-12-14"`
			NotBefore string            `json:"not_before,omitempty" doc:"Time of day within which all of it lies" example:"09:00"`
			NotAfter  string            `json:"not_after,omitempty" example:"18:00"`
			Weekdays  []int             `json:"weekdays,omitempty" doc:"1 Monday … 7 Sunday; any when missing"`
			Limit     int               `json:"limit,omitempty" minimum:"0" maximum:"12"`
			Purpose   string            `json:"purpose,omitempty"`
			Answers   map[string]string `json:"answers,omitempty"`
		}
	}
	pickBody struct {
		Part     int       `json:"part,omitempty"`
		Resource string    `json:"resource"`
		Start    time.Time `json:"start"`
		End      time.Time `json:"end"`
		Price    money.Fen `json:"price,omitempty" readOnly:"true"`
	}
	offerBody struct {
		Start time.Time  `json:"start"`
		End   time.Time  `json:"end"`
		Total money.Fen  `json:"total" doc:"In fen"`
		Picks []pickBody `json:"picks"`
		Text  string     `json:"text,omitempty" doc:"Why it cannot be booked although it is free: a condition is not in hand"`
	}
	findOutput struct {
		Body struct {
			Items []offerBody `json:"items"`
		}
	}
	composeInput struct {
		Body struct {
			Picks     []pickBody        `json:"picks" doc:"As found, or any others"`
			Purpose   string            `json:"purpose,omitempty"`
			Answers   map[string]string `json:"answers,omitempty"`
			Programme string            `json:"voucher_programme,omitempty"`
			Fund      string            `json:"fund,omitempty"`
		}
	}
)

// composites registers the calls of composite bookings.
func (s *Service) composites(g *web.APIGroup) {
	web.API(g, web.Op{
		Method: http.MethodPost, Path: "/api/v1/composites/find", Action: "order.create", Tag: "series", Private: true, Status: http.StatusOK, Summary: "组合预约：找几台仪器最早的共同时间，不下单",
		Description: "One of A, B, C and two of D for 3.5 hours: parts of alternatives, each with a count and a length. The first times at which all of it is free, with what each order would cost.",
		Example:     map[string]any{"parts": []any{map[string]any{"resources": []any{"{resource}"}, "count": 1, "minutes": 210}}, "from": "2026-12-01", "to": "2026-12-14"},
	}, s.apiFind)
	web.API(g, web.Op{
		Method: http.MethodPost, Path: "/api/v1/composites", Action: "order.create", Tag: "series", Private: true, Status: http.StatusCreated, Money: true, Summary: "组合预约：几台仪器一起约，要么全部，要么一台也不约",
		Description: "Each pick is an order with its own price and hold. One that is lost is 409 /slot-taken, and nothing is booked.",
		Example:     map[string]any{"picks": []any{map[string]any{"resource": "{resource}", "start": "{start}", "end": "{end}"}}},
	}, s.apiCompose)
}

func (s *Service) apiFind(ctx context.Context, in *findInput) (*findOutput, error) {
	b := in.Body
	a := Ask{First: b.First, Last: b.Last, Most: b.Limit}
	for _, p := range b.Parts {
		a.Parts = append(a.Parts, Want{Resources: p.Resources, Count: max(p.Count, 1), Length: time.Duration(p.Minutes) * time.Minute, After: p.After, Gap: time.Duration(p.Gap) * time.Minute})
	}
	for name, x := range map[string]struct {
		text string
		at   *int
	}{"not_before": {b.NotBefore, &a.NotBefore}, "not_after": {b.NotAfter, &a.NotAfter}} {
		m, ok := minutesOf(x.text)
		if x.text != "" && !ok {
			return nil, fault.New(fault.Invalid, "composite-invalid", "组合预约还差一点，请按提示补充。").Field(name, "time", "请写成 09:00 这样的时间。")
		}
		*x.at = m * min(len(x.text), 1)
	}
	for _, d := range b.Weekdays {
		a.Weekdays = append(a.Weekdays, time.Weekday(d%7))
	}
	offers, _, err := s.Look(ctx, identity.SubjectOf(ctx), a, order.PlaceRequest{Purpose: b.Purpose, Answers: b.Answers})
	if err != nil {
		return nil, err
	}
	out := &findOutput{}
	out.Body.Items = []offerBody{}
	for _, o := range offers {
		x := offerBody{Start: o.Start, End: o.End, Total: o.Total}
		for i, p := range o.Picks {
			pick := pickBody{Part: p.Part, Resource: p.Resource, Start: p.Span.From, End: p.Span.To}
			if i < len(o.Drafts) {
				pick.Price = o.Drafts[i].Estimate.Price.Total
			}
			x.Picks = append(x.Picks, pick)
		}
		if o.Why != nil {
			x.Total, x.Text = 0, i18n.T(ctx, o.Why.Text, o.Why.Args...)
		}
		out.Body.Items = append(out.Body.Items, x)
	}
	return out, nil
}

func (s *Service) apiCompose(ctx context.Context, in *composeInput) (*groupOutput, error) {
	b := in.Body
	req := ComposeRequest{Order: order.PlaceRequest{Purpose: b.Purpose, Answers: b.Answers, Programme: b.Programme, Fund: b.Fund}, Key: web.RequestKey(ctx)}
	for i, p := range b.Picks {
		part := p.Part
		if part == 0 {
			part = i + 1
		}
		req.Picks = append(req.Picks, Pick{part, p.Resource, booking.Span{From: p.Start, To: p.End}})
	}
	by := identity.SubjectOf(ctx)
	g, err := s.Compose(ctx, by, req)
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, by, g.ID)
}
