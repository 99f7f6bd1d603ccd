package series

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/booking"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// pick is an instrument from an hour of a day on.
func pick(part int, resource string, d, from, to int) Pick {
	return Pick{part, resource, booking.Span{From: instant(d, from, 0), To: instant(d, to, 0)}}
}

func (w *world) compose(n int, picks ...Pick) (Group, error) {
	return w.Compose(context.Background(), firm(n), ComposeRequest{Picks: picks})
}

// active counts the bookings that hold time.
func (w *world) active() int64 {
	w.t.Helper()
	n, err := db.One[int64](context.Background(), w.DB, `SELECT count(*) FROM booking_booking WHERE active`)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestSeveralAreBookedTogetherOrNotAtAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		w.take(firm(2), "c", instant(1, 10, 0), instant(1, 11, 0))
		if _, err := w.compose(1, pick(1, "a", 1, 9, 12), pick(2, "c", 1, 9, 12)); !fault.Is(err, "slot-taken") {
			t.Fatalf("one of them is taken: %v", err)
		}
		if n := w.active(); n != 1 {
			t.Fatalf("%d bookings stand", n)
		}
		a := Ask{Parts: []Want{{Resources: []string{"c", "a"}, Count: 1, Length: 3 * time.Hour}, {Resources: []string{"d", "e"}, Count: 2, Length: 3 * time.Hour}}, First: day(1), Last: day(3), Most: 2}
		offers, _, err := w.Look(ctx, firm(1), a, order.PlaceRequest{})
		if err != nil || len(offers) != 2 || offers[0].Total != 3*3*30_000 || offers[0].Picks[0].Resource != "a" {
			t.Fatalf("%v %v", offers, err)
		}
		g, err := w.Compose(ctx, firm(1), ComposeRequest{Picks: offers[0].Picks, Key: "k"})
		if err != nil || g.Parts != 3 || g.Provider != "" {
			t.Fatalf("%v %v", g, err)
		}
		if again, err := w.Compose(ctx, firm(1), ComposeRequest{Picks: offers[0].Picks, Key: "k"}); err != nil || again.ID != g.ID {
			t.Fatalf("the same key: %v %v", again, err)
		}
		w.sound()
		if _, _, err := w.Move(ctx, firm(1), g.ID, MoveRequest{Scope: ScopeAll, From: "09:00", To: "12:00"}); !fault.Is(err, "series-move-composite") {
			t.Fatalf("moved as a whole: %v", err)
		}
		if done, err := w.Do(ctx, firm(1), g.ID, order.VerbCancel, ScopeAll, 0, "不做了", ""); err != nil || len(done) != 3 {
			t.Fatalf("%v %v", done, err)
		}
		if n := w.active(); n != 1 {
			t.Fatalf("%d bookings stand", n)
		}
		w.sound()
	})
}

// Rivals ask at once for sets that overlap, named in every order: nobody waits in a circle, every set is won whole or not at all.
func TestRivalsForOverlappingSets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		sets := [][]string{{"a", "b", "c"}, {"c", "b", "a"}, {"b", "d"}, {"d", "e", "a"}, {"e", "c"}, {"a"}, {"c", "d", "b", "e"}, {"e", "d"}}
		var wg sync.WaitGroup
		var mu sync.Mutex
		won, begun := map[int]int64{}, time.Now() //nolint:forbidigo // how long they wait for each other is what is tested
		for round := range 3 {
			for i, set := range sets {
				wg.Go(func() {
					var picks []Pick
					for n, r := range set {
						picks = append(picks, pick(n+1, r, 1+round, 9+i%2, 11+i%2))
					}
					g, err := w.compose(1+i, picks...)
					mu.Lock()
					defer mu.Unlock()
					switch {
					case err == nil:
						won[round*10+i] = g.Parts
					case !fault.Is(err, "slot-taken"):
						t.Errorf("rival %d: %v", i, err)
					}
				})
			}
		}
		wg.Wait()
		var parts int64
		for _, n := range won {
			parts += n
		}
		if len(won) < 3 || w.active() != parts {
			t.Errorf("%d sets won with %d parts, %d bookings stand", len(won), parts, w.active())
		}
		w.sound()
		t.Logf("%d of %d sets won in %v", len(won), 3*len(sets), time.Since(begun))
	})
}

// Whatever is booked, moved and cancelled, alone, in series and together, the invariants hold.
func TestRandomHistoriesStaySound(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	rule := booking.DefaultRule()
	rule.Units, rule.After = 2, 30
	if err := w.calendars.SetRule(t.Context(), lab(), "b", rule); err != nil {
		t.Fatal(err)
	}
	var groups []Group
	ids := []string{"a", "b", "c", "d", "e"}
	rapid.Check(t, func(r *rapid.T) {
		ctx := context.Background()
		by := firm(rapid.IntRange(1, 3).Draw(r, "who"))
		from := rapid.IntRange(9, 15).Draw(r, "from")
		d := rapid.IntRange(1, 6).Draw(r, "day")
		var err error
		switch rapid.IntRange(0, 5).Draw(r, "what") {
		case 0:
			_, err = w.orders.Place(ctx, by, order.PlaceRequest{Kind: order.KindBooking, Resource: rapid.SampledFrom(ids).Draw(r, "of"), Start: instant(d, from, 0), End: instant(d, from+2, 0)})
		case 1:
			var g Group
			g, _, err = w.Place(ctx, by, Request{
				Resource: rapid.SampledFrom(ids).Draw(r, "of"), Rule: Rule{Freq: Daily, Interval: rapid.IntRange(1, 2).Draw(r, "every"), Count: 3}, First: day(d), From: fmt.Sprintf("%02d:00", from), To: fmt.Sprintf("%02d:00", from+1),
				Holidays: HolidaysSkip, All: rapid.Bool().Draw(r, "all"),
			})
			if err == nil {
				groups = append(groups, g)
			}
		case 2:
			var picks []Pick
			for i, id := range rapid.SliceOfN(rapid.SampledFrom(ids), 1, 4).Draw(r, "set") {
				picks = append(picks, pick(i%MaxParts+1, id, d, from, from+1))
			}
			var g Group
			if g, err = w.Compose(ctx, by, ComposeRequest{Picks: picks}); err == nil {
				groups = append(groups, g)
			}
		default:
			if len(groups) == 0 {
				return
			}
			g := rapid.SampledFrom(groups).Draw(r, "group")
			owner := by
			owner.Org, owner.Person = g.Buyer, g.Person
			scope := rapid.SampledFrom([]string{ScopeOne, ScopeFollowing, ScopeAll}).Draw(r, "scope")
			position := int64(rapid.IntRange(1, 3).Draw(r, "position"))
			if rapid.Bool().Draw(r, "cancel") {
				_, err = w.Do(ctx, owner, g.ID, order.VerbCancel, scope, position, "不做了", "")
			} else {
				_, _, err = w.Move(ctx, owner, g.ID, MoveRequest{Scope: scope, Position: position, Days: rapid.IntRange(-1, 1).Draw(r, "days"), From: fmt.Sprintf("%02d:00", from), To: fmt.Sprintf("%02d:00", from+1), All: rapid.Bool().Draw(r, "all")})
			}
		}
		if err != nil && fault.Of(err).Kind >= fault.Internal {
			r.Fatal(err)
		}
		if rapid.IntRange(0, 9).Draw(r, "look") == 0 {
			w.sound()
		}
	})
	w.sound()
	if len(groups) < 5 {
		t.Errorf("only %d groups were made", len(groups))
	}
}

func FuzzReadPicks(f *testing.F) {
	for _, text := range []string{"", "1;a;2026-11-24T01:00:00Z;2026-11-24T02:00:00Z", "1;a;x;y,2;b", "9;a;2026-11-24T01:00:00Z;2026-11-24T02:00:00Z", ";;;"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		picks, err := readPicks(text)
		if err != nil {
			return
		}
		again, err := readPicks(picksText(picks))
		if err != nil || len(again) != len(picks) || len(picks) > MaxTogether {
			t.Fatalf("%q: %v %v", text, again, err)
		}
	})
}
