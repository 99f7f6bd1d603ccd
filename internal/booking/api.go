package booking

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/web"
)

type (
	slotsInput struct {
		ID   string `path:"id" doc:"Id of the resource"`
		From string `query:"from" doc:"Day or instant; today when missing" example:"2026-11-23"`
		To   string `query:"to" doc:"Day (included) or instant; six days after from when missing" example:"2026-11-27"`
	}
	slotsOutput struct {
		Body struct {
			Items []resourceSlot `json:"items"`
		}
	}
	resourceSlot struct {
		Start time.Time `json:"start"`
		End   time.Time `json:"end"`
		State string    `json:"state" enum:"free,taken,closed,maintenance"`
	}
)

// API registers the JSON calls of calendars.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{
		Method: http.MethodGet, Path: "/api/v1/resources/{id}/slots", Action: "order.slots", Tag: "resource", Summary: "时段：free 可约、taken 已约、closed 不开放、maintenance 维护",
	}, s.apiSlots)
}

func (s *Service) apiSlots(ctx context.Context, in *slotsInput) (*slotsOutput, error) {
	from, to, err := s.slotRange(in.From, in.To)
	if err != nil {
		return nil, err
	}
	slots, err := s.Slots(ctx, s.db, in.ID, clock.Day(from), clock.Day(to.Add(-time.Nanosecond)))
	if err != nil {
		return nil, err
	}
	out := &slotsOutput{}
	out.Body.Items = []resourceSlot{}
	for _, x := range slots {
		if x.Start.Before(to) && from.Before(x.End) {
			out.Body.Items = append(out.Body.Items, resourceSlot{x.Start.UTC(), x.End.UTC(), x.State})
		}
	}
	return out, nil
}

// slotRange reads the two ends as days (the second included) or instants.
func (s *Service) slotRange(from, to string) (a, b time.Time, err error) {
	from = cmp.Or(from, s.today())
	if a, err = dayOrInstant(from, 0); err != nil {
		return a, b, err
	}
	if to == "" {
		return a, a.AddDate(0, 0, 7), nil
	}
	b, err = dayOrInstant(to, 1)
	if err == nil && !a.Before(b) {
		err = badRange()
	}
	return a, b, err
}

func dayOrInstant(text string, days int) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	day, err := clock.Midnight(text)
	if err != nil {
		return day, badRange().Because(err)
	}
	return day.AddDate(0, 0, days), nil
}

func badRange() *fault.Error {
	return fault.New(fault.BadRequest, "slot-range", "日期范围不对：请按 2026-11-21 的格式给出起止日期，先后有序，最多 {0} 天。", int64(MaxDays))
}
