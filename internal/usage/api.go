package usage

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{
		Method: http.MethodGet, Path: "/api/v1/usage", Action: "usage.view", Tag: "order", Private: true, Summary: "一年里每台仪器的利用率",
		Description: "All times are minutes. open includes down; booked counts bookings that were accepted and not withdrawn; used is machine time from start to stop.",
	}, s.apiYear)
	web.API(g, web.Op{
		Method: http.MethodGet, Path: "/api/v1/usage/{id}", Action: "usage.view", Tag: "order", Private: true, Summary: "一台仪器的利用率，按月和按订单",
		Description: "The months of a year, and the orders of it or of one month, the newest first.",
	}, s.apiOne)
}

type sumBody struct {
	Open        int64 `json:"open" doc:"Minutes inside opening hours, of all units"`
	Down        int64 `json:"down" doc:"Part of open in which it was out of service"`
	Bookings    int64 `json:"bookings"`
	Missed      int64 `json:"missed" doc:"Bookings to which nobody came"`
	Orders      int64 `json:"orders" doc:"Orders with machine time"`
	Booked      int64 `json:"booked"`
	BookedInner int64 `json:"booked_inner" doc:"By the owner's own people"`
	Used        int64 `json:"used"`
	UsedInner   int64 `json:"used_inner"`
}

type lineBody struct {
	Resource string `json:"resource"`
	Name     string `json:"name,omitempty"`
	Owner    string `json:"owner"`
	Users    int64  `json:"users" doc:"Organisations outside the house"`
	sumBody
}

type yearIn struct {
	Year  int    `query:"year" doc:"This one when missing" example:"2026"`
	Order string `query:"order" enum:"most,least" doc:"By the share of opening time that was used"`
	Limit int    `query:"limit" minimum:"0" maximum:"5000" doc:"50 when missing"`
}

type yearOut struct {
	Body struct {
		Year  int        `json:"year"`
		Total sumBody    `json:"total"`
		Items []lineBody `json:"items"`
		More  bool       `json:"more"`
	}
}

func (s *Service) apiYear(ctx context.Context, in *yearIn) (*yearOut, error) {
	y, err := s.Of(ctx, identity.SubjectOf(ctx), YearRequest{Year: in.Year, Order: in.Order, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &yearOut{}
	out.Body.Year, out.Body.Total, out.Body.More, out.Body.Items = y.Year, sumBody(y.Total), y.More, []lineBody{}
	for _, l := range y.Lines {
		r := y.Names[l.Resource]
		out.Body.Items = append(out.Body.Items, lineBody{l.Resource, i18n.Pick(ctx, r.NameZH, r.NameEN), l.Owner, l.Users, sumBody(l.Sum)})
	}
	return out, nil
}

type oneIn struct {
	ID    string `path:"id"`
	Year  int    `query:"year" doc:"This one when missing"`
	Month string `query:"month" doc:"Only orders of this month" example:"2026-11"`
	Limit int    `query:"limit" minimum:"0" maximum:"20000" doc:"100 when missing"`
}

type (
	monthBody struct {
		Month string `json:"month"`
		sumBody
	}
	entryBody struct {
		Order  string `json:"order"`
		Number string `json:"number"`
		Day    string `json:"day"`
		Buyer  string `json:"buyer"`
		Inner  bool   `json:"inner"`
		Missed bool   `json:"missed"`
		Booked int64  `json:"booked"`
		Used   int64  `json:"used"`
	}
	oneOut struct {
		Body struct {
			lineBody
			Year   int         `json:"year"`
			Months []monthBody `json:"months"`
			Items  []entryBody `json:"items"`
			More   bool        `json:"more"`
		}
	}
)

func (s *Service) apiOne(ctx context.Context, in *oneIn) (*oneOut, error) {
	x, err := s.One(ctx, identity.SubjectOf(ctx), OneRequest{Resource: in.ID, Year: in.Year, Month: in.Month, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &oneOut{}
	out.Body.lineBody = lineBody{x.Resource, i18n.Pick(ctx, x.NameZH, x.NameEN), x.Owner, x.Users, sumBody(x.Sum)}
	out.Body.Year, out.Body.More, out.Body.Months, out.Body.Items = x.Year, x.More, []monthBody{}, []entryBody{}
	for _, m := range x.Months {
		out.Body.Months = append(out.Body.Months, monthBody{m.Month, sumBody(m.Sum)})
	}
	for _, e := range x.Entries {
		out.Body.Items = append(out.Body.Items, entryBody{e.Order, e.Number, e.Day, e.Buyer, e.Inner, e.Missed, e.Booked, e.Used})
	}
	return out, nil
}
