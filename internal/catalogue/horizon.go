package catalogue

import (
	"context"
	"fmt"
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
	mu   sync.Mutex
	at   time.Time
	day  string
	free map[string]Free
}

// soon is when bookable resources are free within the coming days, at most horizonAge old.
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
	bookable, err := s.Bookable(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	free, err := s.Horizon(ctx, s.DB, bookable[:min(len(bookable), horizonSize)], horizonDays)
	if err != nil {
		return nil, fmt.Errorf("look for free slots: %w", err)
	}
	h.at, h.day, h.free = now, clock.Day(now), free
	return free, nil
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
