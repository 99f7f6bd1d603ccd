package catalogue

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"qiao/internal/platform/clock"
)

const (
	horizonDays = 14               // how far ahead the search looks for free slots
	horizonAge  = 30 * time.Second // how old what it knows may be; the booking itself always reads anew
	horizonSize = 5000             // resources looked at; beyond it the last ones have no next free slot here
)

// horizon remembers when what can be booked is free. Looking at every calendar of a region costs more than a search.
type horizon struct {
	mu      sync.Mutex
	at      time.Time
	day     string
	free    map[string]Free
	took    time.Duration
	renewed bool // it is being renewed behind the pages
}

// horizonQuick is what a page may wait for: what took longer is renewed behind it, and the page shows what is known.
const horizonQuick = 100 * time.Millisecond

// soon is when bookable resources are free within the coming days, at most horizonAge old in a region of some hundreds of
// instruments; in a large one by as much more as it takes to look.
func (s *Service) soon(ctx context.Context) (map[string]Free, error) {
	if s.Horizon == nil {
		return nil, nil
	}
	h := &s.horizon
	h.mu.Lock()
	defer h.mu.Unlock()
	now := s.Clock.Now()
	if age := now.Sub(h.at); h.free != nil && age >= 0 && age < horizonAge && h.day == clock.Day(now) {
		return h.free, nil
	}
	ctx = context.WithoutCancel(ctx) // others wait for it too
	if h.free != nil && h.took > horizonQuick && h.day == clock.Day(now) {
		if !h.renewed {
			h.renewed = true
			go s.renew(ctx, now)
		}
		return h.free, nil
	}
	free, took, err := s.lookAhead(ctx)
	if err != nil {
		return nil, err
	}
	h.at, h.day, h.free, h.took = now, clock.Day(now), free, took
	return free, nil
}

// renew looks ahead again; after a failure what was known stays and the next page tries again.
func (s *Service) renew(ctx context.Context, now time.Time) {
	free, took, err := s.lookAhead(ctx)
	h := &s.horizon
	h.mu.Lock()
	defer h.mu.Unlock()
	h.renewed = false
	if err == nil {
		h.at, h.day, h.free, h.took = now, clock.Day(now), free, took
	}
}

// lookAhead looks at the calendars, and tells how long that took.
func (s *Service) lookAhead(ctx context.Context) (map[string]Free, time.Duration, error) {
	began := s.Clock.Now()
	out := map[string]Free{}
	err := s.EachBookable(ctx, s.DB, horizonSize, func(some []Resource) error {
		free, err := s.Horizon(ctx, s.DB, some, horizonDays)
		maps.Copy(out, free)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("look for free slots: %w", err)
	}
	return out, s.Clock.Now().Sub(began), nil
}

// dayCount is how many of the things found are free on a day.
type dayCount struct {
	Day string
	N   int
}

// countDays counts on the coming seven days those of ids that are free.
func countDays(free map[string]Free, ids []string, today string) []dayCount {
	var out []dayCount
	for i := range 7 {
		day, err := clock.AddDays(today, i)
		if err != nil {
			return nil
		}
		out = append(out, dayCount{Day: day})
	}
	for _, x := range ids {
		days := free[x].Days
		for i := range out {
			if slices.Contains(days, out[i].Day) {
				out[i].N++
			}
		}
	}
	return out
}
