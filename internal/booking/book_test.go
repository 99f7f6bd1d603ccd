package booking

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"pgregory.net/rapid"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/workday"
)

// shop is a catalogue of one instrument.
type shop struct{}

func (shop) Resource(_ context.Context, _ db.Q, id string) (Resource, error) {
	return Resource{ID: id, Kind: "instrument", Owner: "lab", Region: "330402", NameZH: "扫描电镜", Status: "published", Bookable: true}, nil
}

func (s shop) Resources(ctx context.Context, q db.Q, ids []string) ([]Resource, error) {
	var out []Resource
	for _, id := range ids {
		r, err := s.Resource(ctx, q, id)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (shop) HoursOf(_ context.Context, _ db.Q, rs []Resource) (map[string][]Opening, error) {
	out := map[string][]Opening{}
	for _, r := range rs {
		out[r.ID] = weekdays("09:00", "17:00")
	}
	return out, nil
}

func (s shop) Owned(ctx context.Context, q db.Q, _ string) ([]Resource, error) {
	return s.Resources(ctx, q, []string{"sem"})
}

// world is the module on a database, with a clock that stands on Monday 2026-11-23, 08:00.
type world struct {
	*Service
	t testing.TB
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	calendar, err := workday.China()
	if err != nil {
		t.Fatal(err)
	}
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	return &world{t: t, Service: New(Deps{DB: d, Clock: clock.NewFake(at(0, 8, 0)), Policy: policy, Catalogue: shop{}, Calendar: calendar})}
}

func lab() identity.Subject {
	return identity.Subject{Person: "p-lab", Org: "lab", Role: "admin", Region: "330402", Capacities: []string{"provider"}}
}

// reserve books a span for a new holder, whose id it gives.
func (w *world) reserve(resource string, span Span) (string, error) {
	holder := id.New()
	r, err := w.catalogue.Resource(context.Background(), w.db, resource)
	if err != nil {
		return "", err
	}
	plan, err := w.Plan(context.Background(), w.db, r, span.From, span.To)
	if err != nil {
		return "", err
	}
	err = w.db.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := w.Reserve(ctx, tx, Claim{Holder: holder, Kind: HeldByOrder, Resource: resource, Span: span}, plan)
		return err
	})
	return holder, err
}

func (w *world) release(holder string) error {
	return w.db.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return w.Release(ctx, tx, holder) })
}

// The database itself refuses an overlap, whatever the program thinks.
func TestTheDatabaseRefusesAnOverlap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, err := w.reserve("sem", Span{at(1, 9, 0), at(1, 11, 0)})
		if err != nil {
			t.Fatal(err)
		}
		err = d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return insertBooking(ctx, tx, Booking{
				Holder: "b", Kind: HeldByOrder, Resource: "sem", Unit: 1, Start: db.At(at(1, 10, 0)), End: db.At(at(1, 12, 0)),
				From: db.At(at(1, 10, 0)), To: db.At(at(1, 12, 0)), Active: true,
			})
		})
		if !fault.Is(err, "slot-taken") {
			t.Errorf("insert: %v", err)
		}
		if err := w.release(a); err != nil {
			t.Fatal(err)
		}
		if _, err := w.reserve("sem", Span{at(1, 9, 0), at(1, 10, 0)}); err != nil {
			t.Fatal(err)
		}
		err = d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE booking_booking SET active = true WHERE holder = $1`, a)
			return err
		})
		if !db.Violates(err, "booking_overlap") {
			t.Errorf("update: %v", err)
		}
	})
}

func TestRulesThatCloseTheCalendarForEver(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Rule)
		field string
	}{
		"good":                   {func(*Rule) {}, ""},
		"no unit":                {func(r *Rule) { r.Units = 0 }, "units"},
		"notice beyond horizon":  {func(r *Rule) { r.Notice, r.Ahead = 48, 2 }, "notice"},
		"inner notice beyond":    {func(r *Rule) { r.InnerNotice, r.InnerAhead = 100, 1 }, "inner_notice"},
		"longest below shortest": {func(r *Rule) { r.Slot, r.Most = 120, 60 }, "most"},
		"a day longer than most": {func(r *Rule) { r.Mode, r.Most = ModeDay, 600 }, "most"},
		"no such mode":           {func(r *Rule) { r.Mode = "moon" }, "mode"},
		"not a multiple":         {func(r *Rule) { r.Mode, r.Slot, r.Step = ModeFree, 50, 15 }, "slot"},
	} {
		r := DefaultRule()
		c.spoil(&r)
		err := r.check()
		if c.field == "" != (err == nil) || err != nil && fault.Of(err).Fields[0].Name != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAShortestBookingMustFitIntoTheOpeningHours(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d) // open from 9 to 17
		rule := DefaultRule()
		rule.Slot = 9 * 60
		err := w.SetRule(t.Context(), lab(), "sem", rule)
		if err == nil || fault.Of(err).Fields[0].Name != "slot" {
			t.Fatalf("nine hours in a day of eight: %v", err)
		}
		rule.Slot = 8 * 60
		if err := w.SetRule(t.Context(), lab(), "sem", rule); err != nil {
			t.Fatal(err)
		}
		rule.Mode, rule.Slot = ModeDay, 9*60
		if err := w.SetRule(t.Context(), lab(), "sem", rule); err != nil {
			t.Fatalf("whole days: %v", err)
		}
	})
}

func TestModesSayWhatTheyGiveOut(t *testing.T) {
	free, days := plan(), plan()
	free.Rule.Mode, free.Rule.Slot, free.Rule.Step, free.Rule.Most = ModeFree, 90, 15, 240
	days.Rule.Mode, days.Rule.Most = ModeDay, 3*1440
	for name, c := range map[string]struct {
		plan Plan
		span Span
		code string
	}{
		"free: an odd quarter":           {free, Span{at(1, 9, 15), at(1, 11, 0)}, ""},
		"free: too short":                {free, Span{at(1, 9, 15), at(1, 10, 30)}, "slot-short"},
		"free: too long":                 {free, Span{at(1, 9, 0), at(1, 14, 0)}, "slot-long"},
		"free: off the step":             {free, Span{at(1, 9, 10), at(1, 11, 0)}, "slot-step"},
		"free: after closing":            {free, Span{at(1, 16, 0), at(1, 17, 30)}, "slot-closed"},
		"free: over night":               {free, Span{at(1, 16, 0), at(2, 10, 0)}, "slot-closed"},
		"days: one":                      {days, Span{at(1, 9, 0), at(1, 17, 0)}, ""},
		"days: two with their night":     {days, Span{at(1, 9, 0), at(2, 17, 0)}, ""},
		"days: over a weekend, too long": {days, Span{at(4, 9, 0), at(7, 17, 0)}, "slot-long"},
		"days: half a day":               {days, Span{at(1, 9, 0), at(1, 13, 0)}, "slot-closed"},
		"days: ends in the middle":       {days, Span{at(1, 9, 0), at(2, 13, 0)}, "slot-closed"},
	} {
		_, err := c.plan.Pick(c.span)
		if c.code == "" && err != nil || c.code != "" && !fault.Is(err, c.code) {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
	closed := plan()
	closed.Holiday = func(day string) bool { return day == "2026-11-24" }
	if _, err := closed.Pick(Span{at(1, 9, 0), at(1, 10, 0)}); !fault.Is(err, "slot-closed") {
		t.Errorf("a holiday: %v", err)
	}
	closed.Rule.Holidays = true
	if _, err := closed.Pick(Span{at(1, 9, 0), at(1, 10, 0)}); err != nil {
		t.Errorf("open on holidays: %v", err)
	}
	near := plan()
	near.Rule.Ahead, near.Rule.InnerAhead = 3, 30
	if _, err := near.Pick(Span{at(10, 9, 0), at(10, 10, 0)}); !fault.Is(err, "slot-horizon") {
		t.Errorf("a stranger ten days ahead: %v", err)
	}
	near.Inner = true
	if _, err := near.Pick(Span{at(10, 9, 0), at(10, 10, 0)}); err != nil {
		t.Errorf("our own people ten days ahead: %v", err)
	}
}

// A breakdown is set over bookings; what was planned is not.
func TestABreakdownTakesBookedTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if _, err := w.reserve("sem", Span{at(1, 9, 0), at(1, 11, 0)}); err != nil {
			t.Fatal(err)
		}
		req := CloseRequest{Resource: "sem", State: SlotMaintenance, From: at(1, 10, 0), To: at(2, 0, 0), Reason: "漏氦", Key: "k"}
		if err := w.Close(t.Context(), lab(), req); !fault.Is(err, "closure-booked") {
			t.Errorf("planned: %v", err)
		}
		req.Unplanned = true
		if err := w.Close(t.Context(), lab(), req); err != nil {
			t.Fatal(err)
		}
		body, err := db.One[string](t.Context(), d, `SELECT body FROM outbox_event WHERE name = 'booking.closed'`)
		if err != nil || !strings.Contains(body, `"affected":["`) {
			t.Errorf("told %s %v", body, err)
		}
		if _, err := w.reserve("sem", Span{at(1, 13, 0), at(1, 14, 0)}); !fault.Is(err, "slot-taken") {
			t.Errorf("booked during a breakdown: %v", err)
		}
	})
}

// Any history of booking, giving back, maintenance and changes of capacity, by several at once, leaves no overlap and
// nothing beyond the capacity.
func TestAnyHistoryKeepsTheInvariant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			resource := "r" + id.New()
			rule := DefaultRule()
			rule.Units, rule.After = rapid.Int64Range(1, 3).Draw(rt, "units"), rapid.SampledFrom([]int64{0, 30}).Draw(rt, "after")
			if err := w.SetRule(t.Context(), lab(), resource, rule); err != nil {
				rt.Fatal(err)
			}
			var mu sync.Mutex
			var held []string
			var wg sync.WaitGroup
			for range 3 {
				type op struct{ what, hour, hours int }
				var ops []op
				for range rapid.IntRange(1, 5).Draw(rt, "ops") {
					ops = append(ops, op{rapid.IntRange(0, 5).Draw(rt, "what"), rapid.IntRange(9, 15).Draw(rt, "hour"), rapid.IntRange(1, 2).Draw(rt, "hours")})
				}
				wg.Go(func() {
					for _, o := range ops {
						span := Span{at(1, o.hour, 0), at(1, o.hour+o.hours, 0)}
						switch o.what {
						case 0:
							mu.Lock()
							if len(held) > 0 {
								holder := held[0]
								held = held[1:]
								mu.Unlock()
								if err := w.release(holder); err != nil {
									rt.Error(err)
								}
								continue
							}
							mu.Unlock()
						case 1:
							err := w.Close(context.Background(), lab(), CloseRequest{Resource: resource, State: SlotMaintenance, Unplanned: true, From: span.From, To: span.To})
							if err != nil {
								rt.Error(err)
							}
						default:
							holder, err := w.reserve(resource, span)
							if err == nil {
								mu.Lock()
								held = append(held, holder)
								mu.Unlock()
							} else if !fault.Is(err, "slot-taken") {
								rt.Error(err)
							}
						}
					}
				})
			}
			wg.Wait()
			list, err := listBooked(t.Context(), d, []string{resource}, at(1, 0, 0), at(2, 0, 0))
			if err != nil {
				rt.Fatal(err)
			}
			for i, a := range list {
				if a.Unit > rule.Units {
					rt.Fatalf("unit %d of %d", a.Unit, rule.Units)
				}
				for _, b := range list[:i] {
					if a.Unit == b.Unit && (Span{a.From.Time, a.To.Time}).Overlaps(Span{b.From.Time, b.To.Time}) {
						rt.Fatalf("%+v overlaps %+v", a, b)
					}
				}
			}
			if len(list) != len(held) {
				rt.Fatalf("%d bookings, %d holders", len(list), len(held))
			}
		})
		if found, err := w.Verify(t.Context(), d); err != nil || len(found) > 0 {
			t.Errorf("verify: %+v %v", found, err)
		}
		t.Logf("%d histories", n)
	})
}

// One slot behaves as one lock: what rivals saw of booking and giving back can be put in one order (linearizability).
func TestASlotIsLinearizable(t *testing.T) {
	type in struct{ give bool }
	model := porcupine.Model{
		Init: func() any { return false },
		Step: func(state, input, output any) (bool, any) {
			taken, won := state.(bool), output.(bool)
			if input.(in).give {
				return taken, false
			}
			if won {
				return !taken, true
			}
			return taken, taken
		},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		span := Span{at(1, 9, 0), at(1, 10, 0)}
		var mu sync.Mutex
		var history []porcupine.Operation
		var now atomic.Int64
		note := func(client int, input in, fn func() bool) bool {
			call := now.Add(1)
			out := fn()
			back := now.Add(1)
			mu.Lock()
			defer mu.Unlock()
			history = append(history, porcupine.Operation{ClientId: client, Input: input, Call: call, Output: out, Return: back})
			return out
		}
		var wg sync.WaitGroup
		for client := range 6 {
			wg.Go(func() {
				for range 8 {
					var holder string
					won := note(client, in{}, func() bool {
						var err error
						holder, err = w.reserve("sem", span)
						if err != nil && !fault.Is(err, "slot-taken") {
							t.Error(err)
						}
						return err == nil
					})
					if won {
						note(client, in{give: true}, func() bool {
							if err := w.release(holder); err != nil {
								t.Error(err)
							}
							return true
						})
					}
				}
			})
		}
		wg.Wait()
		if res := porcupine.CheckOperationsTimeout(model, history, 20*time.Second); res != porcupine.Ok {
			t.Errorf("the history of %d calls is %s", len(history), res)
		}
	})
}
