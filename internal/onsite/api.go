package onsite

import (
	"context"
	"net/http"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{
		Method: http.MethodPost, Path: "/api/v1/meters/readings", Action: "onsite.meter", Tag: "onsite", Summary: "计量器上报读数", Status: http.StatusOK,
		Description: "With the instrument's token in the header Meter-Token. on and off tell when power was switched; count is a counter. The same id counts once, in whatever order; what cannot be true is refused with its reason and stops no other.",
	}, s.apiReadings)
	web.API(g, web.Op{
		Method: http.MethodGet, Path: "/api/v1/sessions", Action: "onsite.desk", Tag: "onsite", Summary: "列出本单位仪器的上机记录", Private: true,
		Description: "Booked beside actual minutes, newest first. minutes_without_idle are those in which the meter said that power was on; without a meter the logged ones.",
	}, s.apiSessions)
}

type readingsIn struct {
	Token string `header:"Meter-Token"`
	Body  struct {
		Readings []struct {
			ID    string    `json:"id"`
			At    time.Time `json:"at"`
			Kind  string    `json:"kind" doc:"on, off or count"`
			Value int64     `json:"value,omitempty" doc:"count: what the counter shows"`
		} `json:"readings"`
	}
}

type readingsOut struct {
	Body struct {
		Items []readingBody `json:"items"`
	}
}

type readingBody struct {
	ID     string `json:"id"`
	Result string `json:"result" doc:"taken, repeated or refused"`
	Code   string `json:"code,omitempty"`
	Text   string `json:"text,omitempty"`
}

func (s *Service) apiReadings(ctx context.Context, in *readingsIn) (*readingsOut, error) {
	var list []Reading
	for _, r := range in.Body.Readings {
		list = append(list, Reading{ID: r.ID, At: db.At(r.At), Kind: r.Kind, Value: r.Value})
	}
	answers, err := s.Take(ctx, in.Token, list)
	if err != nil {
		return nil, err
	}
	out := &readingsOut{}
	out.Body.Items = []readingBody{}
	for _, a := range answers {
		b := readingBody{ID: a.ID, Result: a.Result}
		if a.Why != nil {
			b.Code, b.Text = a.Why.Code, i18n.T(ctx, a.Why.Text, a.Why.Args...)
		}
		out.Body.Items = append(out.Body.Items, b)
	}
	return out, nil
}

type sessionsIn struct {
	From string `query:"from" doc:"First civil day; all when missing"`
}

type sessionBody struct {
	Order    string       `json:"order"`
	Number   string       `json:"number"`
	Resource string       `json:"resource"`
	State    string       `json:"state"`
	Internal bool         `json:"internal"`
	Start    string       `json:"start"`
	End      string       `json:"end"`
	Started  string       `json:"started,omitempty"`
	Stopped  string       `json:"stopped,omitempty"`
	Booked   int64        `json:"booked_minutes"`
	Minutes  int64        `json:"minutes"`
	Over     int64        `json:"over_minutes"`
	Idle     int64        `json:"minutes_without_idle"`
	Metered  bool         `json:"metered"`
	Differs  bool         `json:"differs" doc:"Meter and log differ by more than the rule allows"`
	ByRule   bool         `json:"closed_by_rule"`
	Counter  *counterBody `json:"counter,omitempty" doc:"What the meter's counter ran on between start and stop"`
}

type counterBody struct {
	First int64 `json:"first"`
	Last  int64 `json:"last"`
	Ran   int64 `json:"ran" doc:"The sum of its steps; one that was set back counts on from nothing"`
}

type sessionsOut struct {
	Body struct {
		Items []sessionBody `json:"items"`
	}
}

func (s *Service) apiSessions(ctx context.Context, in *sessionsIn) (*sessionsOut, error) {
	var w db.Where
	s.Policy.Filter(identity.SubjectOf(ctx), "onsite.desk", map[string]string{"owner": "owner"}, &w)
	if in.From != "" {
		w.And("booked_from >= ?", in.From)
	}
	list, _, err := s.month(ctx, &w)
	if err != nil {
		return nil, err
	}
	out := &sessionsOut{}
	out.Body.Items = []sessionBody{}
	for _, h := range list {
		b := sessionBody{Order: h.Order, Number: h.Number, Resource: h.Resource, State: h.State, Internal: h.Inner, Start: h.From.String(), End: h.To.String(), Booked: h.booked(), Minutes: h.Minutes, Over: h.over(), Idle: h.Idle, Metered: h.Metered, Differs: h.Differs, ByRule: h.ByRule}
		if h.Counts {
			b.Counter = &counterBody{h.Counter.First, h.Counter.Last, h.Counter.Ran}
		}
		if !h.Started.IsZero() {
			b.Started = h.Started.UTC().Format(time.RFC3339)
		}
		if !h.Stopped.IsZero() {
			b.Stopped = h.Stopped.UTC().Format(time.RFC3339)
		}
		out.Body.Items = append(out.Body.Items, b)
	}
	return out, nil
}
