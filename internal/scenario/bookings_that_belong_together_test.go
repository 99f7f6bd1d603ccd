package scenario

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"qiao/internal/platform/id"
)

// group is a series or composite booking on the wire.
type group struct {
	ID     string
	Parts  int
	Orders []struct {
		ID, State  string
		Start, End time.Time
	}
}

// A firm wants an instrument every weekday for two weeks. Somebody else has one of the days; the firm takes the others, the
// provider accepts all of them at once, and the firm cancels what follows the third.
func TestASeriesIsBookedAroundWhatIsTaken(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		resource, free := w.freeSlots(20)
		first, err := time.Parse(time.RFC3339, free[0].Start)
		if err != nil {
			t.Fatal(err)
		}
		end, err := time.Parse(time.RFC3339, free[0].End)
		if err != nil {
			t.Fatal(err)
		}
		zone := time.FixedZone("CST", 8*3600)
		body := map[string]any{
			"resource": resource, "rule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=10", "first": first.In(zone).Format(time.DateOnly),
			"from": first.In(zone).Format("15:04"), "to": end.In(zone).Format("15:04"), "holidays": "skip",
		}
		if a := w.call("firm2", http.MethodPost, "/api/v1/orders", map[string]any{"kind": "booking", "resource": resource, "start": free[0].Start, "end": free[0].End}); a.status != http.StatusCreated {
			t.Fatalf("the rival: %d %s", a.status, a.body)
		}
		var laid struct {
			Items []struct{ State string }
		}
		w.call("firm", http.MethodPost, "/api/v1/series/preview", body).into(t, &laid)
		open := 0
		for _, d := range laid.Items {
			if d.State == "free" {
				open++
			}
		}
		if laid.Items[0].State != "taken" || open < 4 {
			t.Fatalf("laid out: %v", laid.Items)
		}
		body["all_or_nothing"] = true
		if a := w.call("firm", http.MethodPost, "/api/v1/series", body); a.status != http.StatusConflict || a.problem() != "series-not-all" {
			t.Fatalf("all or nothing: %d %s", a.status, a.body)
		}
		delete(body, "all_or_nothing")
		var g group
		w.call("firm", http.MethodPost, "/api/v1/series", body).into(t, &g)
		if g.Parts != open || len(g.Orders) != open {
			t.Fatalf("booked %d of %d", g.Parts, open)
		}
		accepted := 0
		for _, login := range []string{"lab", "lab2", "wuzhen", "qingpu"} {
			if w.call(login, http.MethodPost, "/api/v1/series/"+g.ID+"/accept", map[string]any{}).status == http.StatusOK {
				accepted++
			}
		}
		if accepted != 1 {
			t.Fatalf("%d providers accepted", accepted)
		}
		w.call("firm", http.MethodPost, "/api/v1/series/"+g.ID+"/cancel", map[string]any{"scope": "following", "position": 4, "note": "计划有变"}).into(t, &g)
		for i, o := range g.Orders {
			if want := map[bool]string{true: "accepted", false: "cancelled"}[i < 3]; o.State != want {
				t.Errorf("order %d is %s", i+1, o.State)
			}
		}
		w.verified()
	})
}

// Rivals want two instruments together; whoever wins one wins both.
func TestRivalsWantTwoInstrumentsTogether(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		w.token("firm")
		w.token("firm2")
		resource, free := w.freeSlots(4)
		var found struct {
			Items []struct {
				Picks []map[string]any
			}
		}
		from, err := time.Parse(time.RFC3339, free[0].Start)
		if err != nil {
			t.Fatal(err)
		}
		part := map[string]any{"resources": []string{resource}, "minutes": 60}
		ask := map[string]any{"parts": []any{part, map[string]any{"resources": []string{resource}, "minutes": 60, "after": 1}}, "from": from.Format(time.DateOnly), "to": from.AddDate(0, 0, 20).Format(time.DateOnly)}
		w.call("firm", http.MethodPost, "/api/v1/composites/find", ask).into(t, &found)
		if len(found.Items) == 0 {
			t.Fatal("no time found")
		}
		for _, p := range found.Items[0].Picks {
			delete(p, "price")
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		got := map[string]int{}
		for i := range 16 {
			wg.Go(func() {
				a := w.callKey([]string{"firm", "firm2"}[i%2], http.MethodPost, "/api/v1/composites", map[string]any{"picks": found.Items[0].Picks}, id.New())
				outcome := a.problem()
				if a.status == http.StatusCreated {
					outcome = "booked"
				}
				mu.Lock()
				defer mu.Unlock()
				got[outcome]++
			})
		}
		wg.Wait()
		if got["booked"] != 1 || got["slot-taken"] != 15 {
			t.Errorf("%v", got)
		}
		w.verified()
	})
}
