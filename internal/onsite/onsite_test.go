package onsite

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// nine is 09:00 in the zone.
func nine() time.Time { return time.Date(2026, 11, 21, 1, 0, 0, 0, time.UTC) }

// Whatever a meter says, in whatever order and however often: the time with power on lies within what was asked about, its
// stretches do not overlap, and neither order nor repetition changes it.
func TestPowerIsWithinItsTime(t *testing.T) {
	reading := rapid.Custom(func(rt *rapid.T) Reading {
		return Reading{ID: rapid.StringMatching(`[a-z]{3}`).Draw(rt, "id"), At: db.At(nine().Add(time.Duration(rapid.IntRange(-60, 240).Draw(rt, "minute")) * time.Minute)), Kind: rapid.SampledFrom([]string{"on", "off", "count"}).Draw(rt, "kind")}
	})
	rapid.Check(t, func(rt *rapid.T) {
		list := rapid.SliceOfN(reading, 0, 12).Draw(rt, "readings")
		from, to := nine(), nine().Add(2*time.Hour)
		got := powered(list, from, to)
		at := from
		for _, x := range got {
			if x.from.Before(at) || !x.from.Before(x.to) || x.to.After(to) {
				rt.Fatalf("%v of %v", got, list)
			}
			at = x.to
		}
		again := append(rapid.Permutation(list).Draw(rt, "turned"), list...)
		if n := total(powered(again, from, to)); n != total(got) || n > 120 {
			rt.Fatalf("%d minutes, %d when repeated and turned", total(got), n)
		}
	})
}

// A counter that runs on, begins before the session, is told out of order or was set back.
func TestCounter(t *testing.T) {
	at := func(minute int, value int64) Reading {
		return Reading{At: db.At(nine().Add(time.Duration(minute) * time.Minute)), Kind: "count", Value: value}
	}
	for _, c := range []struct {
		name string
		list []Reading
		want Counter
		ok   bool
	}{
		{"none", nil, Counter{}, false},
		{"one tells nothing", []Reading{at(10, 5)}, Counter{}, false},
		{"switches are none", []Reading{{At: db.At(nine()), Kind: "on"}, at(10, 5)}, Counter{}, false},
		{"from the last before it began", []Reading{at(110, 340), at(-300, 1), at(-20, 100), at(60, 220), at(130, 999)}, Counter{100, 340, 240, false}, true},
		{"from the first within", []Reading{at(10, 100), at(60, 220)}, Counter{100, 220, 120, false}, true},
		{"set back", []Reading{at(0, 990), at(30, 999), at(60, 4), at(90, 10)}, Counter{990, 10, 19, true}, true},
	} {
		if got, ok := counted(c.list, nine(), nine().Add(2*time.Hour)); got != c.want || ok != c.ok {
			t.Errorf("%s: %+v %v", c.name, got, ok)
		}
	}
}

func TestWhenOneMayBegin(t *testing.T) {
	r := Rule{Early: 15, Late: 30, Grace: 30, Gap: 15}
	x := Session{Number: "DD-1", State: Booked, From: db.At(nine()), To: db.At(nine().Add(2 * time.Hour))}
	for _, c := range []struct {
		name, state, what string
		minute            int
		code              string
	}{
		{"too early", Booked, DoStart, -16, "session-early"},
		{"early enough", Booked, DoStart, -15, ""},
		{"late, but not marked yet", Booked, DoCheckIn, 29, ""},
		{"checked in already", Here, DoCheckIn, 0, "session-here"},
		{"begun after checking in", Here, DoStart, 40, ""},
		{"not kept", NoShow, DoStart, 40, "session-missed"},
		{"over", Here, DoStart, 120, "session-over"},
		{"runs already", Running, DoStart, 10, "session-runs"},
		{"stopped after its end", Running, DoStop, 140, ""},
		{"does not run", Here, DoStop, 10, "session-still"},
		{"cancelled", Cancelled, DoCheckIn, 0, "session-cancelled"},
	} {
		x.State = c.state
		err := x.can(c.what, r, nine().Add(time.Duration(c.minute)*time.Minute))
		if (err == nil) != (c.code == "") || err != nil && !fault.Is(err, c.code) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// bench is orders as onsite sees them: one booking, with the order's own state table.
type bench struct {
	o    order.Order
	runs []order.Run
	note string
	now  *clock.Fake
}

func (b *bench) Read(context.Context, db.Q, string) (order.Order, []order.Run, error) {
	return b.o, b.runs, nil
}

func (b *bench) Attend(_ context.Context, _ *db.Tx, _ identity.Subject, _, verb string, at time.Time, note string) (order.Order, error) {
	step, err := order.BookingTable().Next(b.o.State, verb)
	if err != nil {
		return b.o, err
	}
	b.o.State, b.note = step.To, note
	if at.IsZero() {
		at = b.now.Now()
	}
	if verb == order.VerbStart {
		b.runs = append(b.runs, order.Run{Start: db.At(at)})
		return b.o, nil
	}
	run := &b.runs[len(b.runs)-1]
	run.End = db.NullAt(at)
	b.o.Minutes += int64(at.Sub(run.Start.Time) / time.Minute)
	return b.o, nil
}

type shelf struct{}

func (shelf) EachBookable(_ context.Context, _ db.Q, _ int, fn func([]catalogue.Resource) error) error {
	return fn([]catalogue.Resource{{ID: "sem", Bookable: true, Owner: "lab", NameZH: "电镜", Region: "330402"}})
}

// Somebody scans the code, checks in with number and personal code, starts and forgets: the rule closes the session, the
// hours stand on the order beside the booked ones, and the meter's beside them. Wrong codes end after five tries.
func TestAForgottenSession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		policy, err := identity.NewPolicy()
		if err != nil {
			t.Fatal(err)
		}
		now := clock.NewFake(nine().Add(-time.Hour))
		b := &bench{now: now, o: order.Order{ID: "o1", Number: "DD3304-20261121-0007", Kind: order.KindBooking, State: order.StateAccepted, Buyer: "firm", BuyerPerson: "user", Provider: "lab", Resource: "sem", Region: "330402", Start: db.NullAt(nine()), End: db.NullAt(nine().Add(2 * time.Hour))}}
		down := ""
		s, err := New(Deps{DB: d, Clock: now, Policy: policy, Orders: b, Catalogue: shelf{}, Address: "https://qiao.example", Down: func(_ context.Context, _ identity.Subject, resource, _ string, _, _ time.Time) error {
			down = resource
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		li := identity.Subject{Person: "li", Membership: "m", Org: "lab", OrgStatus: identity.StatusVerified, Role: "technician", Region: "330402", Capacities: []string{"provider"}}
		for range 2 { // the second time nothing is left to do
			if err := s.Equip(ctx); err != nil {
				t.Fatal(err)
			}
		}
		stations, err := s.Stations(ctx, li)
		if err != nil || len(stations) != 1 {
			t.Fatalf("%+v %v", stations, err)
		}
		st := stations[0]
		follow := func() {
			t.Helper()
			if err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.Follow(ctx, tx, "o1") }); err != nil {
				t.Fatal(err)
			}
		}
		follow()
		act := func(a Attempt, want string) Session {
			t.Helper()
			x, err := s.Act(ctx, identity.Subject{}, a)
			if want == "" && err != nil || want != "" && !fault.Is(err, want) {
				t.Fatalf("%+v: %v, want %q", a, err, want)
			}
			return x
		}
		mine := Attempt{Code: st.Code, Number: " dd3304-20261121-0007", Pin: pin(st.Secret, "o1"), What: DoCheckIn}
		act(Attempt{Code: "guessed", Number: mine.Number, Pin: mine.Pin, What: DoCheckIn}, "no-station")
		act(Attempt{Code: st.Code, Number: "DD-unknown", Pin: mine.Pin, What: DoCheckIn}, "session-wrong")
		act(mine, "session-early")
		now.Advance(50 * time.Minute)
		var wrong atomic.Int64 // guesses at the same moment share the tries
		var guesses sync.WaitGroup
		for range 4 * maxTries {
			guesses.Go(func() {
				_, err := s.Act(ctx, identity.Subject{}, Attempt{Code: st.Code, Number: mine.Number, Pin: "000000x", What: DoCheckIn})
				if fault.Is(err, "session-wrong") {
					wrong.Add(1)
				} else if !fault.Is(err, "session-tries") {
					t.Error(err)
				}
			})
		}
		if guesses.Wait(); wrong.Load() != maxTries {
			t.Errorf("%d guesses were compared, want %d", wrong.Load(), maxTries)
		}
		act(mine, "session-tries")
		now.Advance(tryPause + time.Second)
		act(mine, "")
		mine.What = DoStart
		if x := act(mine, ""); x.State != Running || b.o.State != order.StateRunning {
			t.Fatalf("%+v", x)
		}
		follow()
		token, err := s.Renew(ctx, li, "sem", "meter")
		if err != nil {
			t.Fatal(err)
		}
		began := now.Now()
		say := []Reading{{ID: "2", At: db.At(began.Add(30 * time.Minute)), Kind: "off"}, {ID: "1", At: db.At(began.Add(-time.Minute)), Kind: "on"}, {ID: "1", At: db.At(began.Add(-time.Minute)), Kind: "on"},
			{ID: "1", At: db.At(began), Kind: "off"}, {ID: "3", At: db.At(began.Add(72 * time.Hour)), Kind: "on"}, {ID: "4", At: db.At(began), Kind: "maybe"},
			{ID: "5", At: db.At(began.Add(-time.Hour)), Kind: "count", Value: 7_000}, {ID: "6", At: db.At(began.Add(20 * time.Minute)), Kind: "count", Value: 7_042}}
		now.Advance(4 * time.Hour)
		answers, err := s.Take(ctx, token, say)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"taken", "taken", "repeated", "refused", "refused", "refused", "taken", "taken"} {
			if answers[i].Result != want || (want == "refused") != (answers[i].Why != nil) {
				t.Errorf("reading %d: %+v, want %s", i, answers[i], want)
			}
		}
		if _, err := s.Take(ctx, "meter_stolen", say); !fault.Is(err, "meter-unknown") {
			t.Errorf("a wrong token: %v", err)
		}
		for range 2 { // a second sweep changes nothing
			if err := s.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
			follow()
		}
		x, err := getSession(ctx, d, "o1")
		if err != nil || x.State != Done || !x.ByRule || !x.Stopped.Equal(nine().Add(150*time.Minute)) || x.Minutes != b.o.Minutes || b.o.State != order.StateDone || b.note == "" {
			t.Fatalf("%+v %v", x, err)
		}
		h, err := s.hours(ctx, d, x)
		if err != nil || !h.Metered || h.Power != 30 || !h.Differs || h.Idle != 30 || !h.Counts || h.Counter.Ran != 42 || x.over() != x.Minutes-120 {
			t.Errorf("%+v %v", h, err)
		}
		var w db.Where
		if list, sum, err := s.month(ctx, &w); err != nil || len(list) != 1 || sum.Outer != x.Minutes || sum.Inner != 0 || sum.Booked != 120 {
			t.Errorf("%+v %v", sum, err)
		}
		mine.What = ""
		if err := s.Report(ctx, identity.Subject{}, mine, "真空泵有异响", "k"); err != nil {
			t.Fatal(err)
		}
		list, err := troubles(ctx, d, "lab")
		if err != nil || len(list) != 1 {
			t.Fatalf("%+v %v", list, err)
		}
		if err := s.Settle(ctx, li, list[0].ID, now.Now().Add(24*time.Hour)); err != nil || down != "sem" {
			t.Errorf("%q %v", down, err)
		}
		if found, err := s.Verify(ctx, d); err != nil || len(found) > 0 {
			t.Errorf("verify: %+v %v", found, err)
		}
	})
}

// A booking to which nobody comes is not kept; the rule of the provider's own day holds, not the platform's.
func TestNobodyComes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		policy, err := identity.NewPolicy()
		if err != nil {
			t.Fatal(err)
		}
		now := clock.NewFake(nine().Add(-time.Hour))
		b := &bench{now: now, o: order.Order{ID: "o1", Number: "DD-1", Kind: order.KindBooking, State: order.StateAccepted, Buyer: "lab", BuyerPerson: "user", Provider: "lab", Resource: "sem", Start: db.NullAt(nine()), End: db.NullAt(nine().Add(time.Hour))}}
		s, err := New(Deps{DB: d, Clock: now, Policy: policy, Orders: b, Catalogue: shelf{}})
		if err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		li := identity.Subject{Person: "li", Membership: "m", Org: "lab", OrgStatus: identity.StatusVerified, Role: "technician", Capacities: []string{"provider"}}
		if err := s.SetRule(ctx, li, Rule{Early: 0, Late: 50, Grace: 0, Gap: 5, From: "2026-11-21"}); err != nil {
			t.Fatal(err)
		}
		if err := s.SetRule(ctx, li, Rule{Late: 0, Gap: 5, From: "2026-11-20"}); err == nil {
			t.Error("a rule for yesterday")
		}
		check := func(want string) {
			t.Helper()
			if err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.Follow(ctx, tx, "o1") }); err != nil {
				t.Fatal(err)
			}
			if err := s.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
			if x, err := getSession(ctx, d, "o1"); err != nil || x.State != want || !x.Inner {
				t.Fatalf("%+v %v, want %s", x, err, want)
			}
		}
		check(Booked)
		now.Advance(time.Hour + 40*time.Minute)
		check(Booked)
		now.Advance(11 * time.Minute)
		check(NoShow)
		b.o.Start, b.o.End = db.NullAt(nine().Add(5*time.Hour)), db.NullAt(nine().Add(6*time.Hour))
		check(Booked)
	})
}
