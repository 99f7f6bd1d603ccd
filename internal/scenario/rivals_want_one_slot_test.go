package scenario

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"qiao/internal/platform/id"
)

const (
	rivals = 64
	rounds = 20
)

type slot struct {
	Start string `json:"start"`
	End   string `json:"end"`
	State string `json:"state"`
}

// freeSlots finds a bookable instrument with at least n free slots in the coming four weeks: enough even around the long holidays.
func (w *world) freeSlots(n int) (resource string, free []slot) {
	w.t.Helper()
	var list struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	w.call("", "GET", "/api/v1/resources?kind=instrument&voucher=true&limit=50", nil).into(w.t, &list)
	from := time.Now().AddDate(0, 0, 1)
	span := "?from=" + from.Format(time.DateOnly) + "&to=" + from.AddDate(0, 0, 27).Format(time.DateOnly)
	for _, it := range list.Items {
		var slots struct {
			Items []slot `json:"items"`
		}
		w.call("", "GET", "/api/v1/resources/"+it.ID+"/slots"+span, nil).into(w.t, &slots)
		free = slices.DeleteFunc(slots.Items, func(s slot) bool { return s.State != "free" })
		if len(free) >= n {
			return it.ID, free[:n]
		}
	}
	w.t.Fatalf("no instrument has %d free slots among %d", n, len(list.Items))
	return "", nil
}

// Two people who want the same slot: exactly one gets it, on both engines, however many come at once.
func TestRivalsWantOneSlot(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		w.token("firm")
		w.token("firm2")
		resource, free := w.freeSlots(rounds)
		began := time.Now()
		for round, s := range free {
			var wg sync.WaitGroup
			var mu sync.Mutex
			got := map[string]int{}
			for i := range rivals {
				wg.Go(func() {
					login := []string{"firm", "firm2"}[i%2]
					a := w.callKey(login, "POST", "/api/v1/orders", map[string]any{"kind": "booking", "resource": resource, "start": s.Start, "end": s.End, "quantity": 1}, id.New())
					outcome := a.problem()
					if a.status == http.StatusCreated {
						outcome = "booked"
					} else if outcome != "slot-taken" || a.status != http.StatusConflict {
						t.Errorf("round %d: %d %s", round, a.status, a.body)
					}
					mu.Lock()
					defer mu.Unlock()
					got[outcome]++
				})
			}
			wg.Wait()
			if got["booked"] != 1 || got["slot-taken"] != rivals-1 {
				t.Errorf("round %d: %v", round, got)
			}
		}
		t.Logf("%d rivals, %d rounds: %v a round", rivals, rounds, (time.Since(began) / rounds).Round(time.Millisecond))
		w.verified()
	})
}
