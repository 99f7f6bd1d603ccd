package waiting

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// sound is every invariant of places, orders and calendars at once.
func (w *world) sound(ctx context.Context, q db.Q) error {
	mine, err := w.Verify(ctx, q)
	if err != nil {
		return err
	}
	orders, err := w.orders.Verify(ctx, q)
	if err != nil {
		return err
	}
	slots, err := w.cal.Verify(ctx, q)
	if all := append(append(mine, orders...), slots...); len(all) > 0 {
		return fmt.Errorf("verify: %v", all)
	}
	return err
}

// The main walk: a full day, two wait, one cancels; the first is offered the time and nobody else can have it; it passes to
// the second, who takes it.
func TestTimeThatBecomesFreeGoesDownTheQueue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		full := w.mustBook(firm(0), 1, 9, 8)
		first, second := w.joined(firm(1), 1, 2), w.joined(firm(2), 1, 3)
		if err := w.do(firm(0), full, order.VerbCancel); err != nil {
			t.Fatal(err)
		}
		o := w.open(first)
		if !o.Start.Equal(at(1, 9, 0)) || !o.End.Equal(at(1, 11, 0)) || !o.Until.Equal(at(0, 12, 0)) {
			t.Errorf("offered %s, until %s", sayTimes(o.Start.Time, o.End.Time), o.Until)
		}
		next := w.open(second) // both fit: 11:00–14:00
		if _, err := w.book(firm(3), 1, 9, 2); !fault.Is(err, "slot-taken") {
			t.Errorf("a stranger booked what is held: %v", err)
		}
		if _, err := w.Take(t.Context(), firm(3), o.ID, TakeRequest{}); err == nil {
			t.Error("a stranger took the offer")
		}
		w.verified()
		placed, err := w.Take(t.Context(), firm(1), o.ID, TakeRequest{})
		if err != nil || placed.Price != 60_000 || placed.Purpose != "断口形貌" {
			t.Fatalf("taken: %+v %v", placed, err)
		}
		again, err := w.Take(t.Context(), firm(1), o.ID, TakeRequest{})
		if err != nil || again.ID != placed.ID {
			t.Errorf("taken twice: %v %v", again.Number, err)
		}
		if st := w.now(first).State; st != Taken {
			t.Errorf("the first place is %s", st)
		}
		if _, err := w.Answer(t.Context(), firm(2), next.ID, VerbDecline); err != nil {
			t.Fatal(err)
		}
		if st := w.now(second).State; st != Declined {
			t.Errorf("the second place is %s", st)
		}
		w.verified()
	})
}

// An offer that nobody answers lapses and its time goes to the next; one that was passed is not made again, and the place is
// kept; a place whose last day has passed expires.
func TestOffersLapseAndPass(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		full := w.mustBook(firm(0), 1, 9, 8)
		a, b, c := w.joined(firm(1), 1, 8), w.joined(firm(2), 1, 8), w.joined(firm(3), 1, 8)
		if err := w.do(firm(0), full, order.VerbCancel); err != nil {
			t.Fatal(err)
		}
		first := w.open(a)
		w.clock.Set(at(0, 12, 0))
		if _, err := w.Take(ctx, firm(1), first.ID, TakeRequest{}); !fault.Is(err, "offer-lapsed") {
			t.Errorf("taken too late: %v", err)
		}
		if err := w.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if st := w.now(a).State; st != Lapsed {
			t.Errorf("the first place is %s", st)
		}
		w.verified()
		if _, err := w.Answer(ctx, firm(2), w.open(b).ID, VerbPass); err != nil {
			t.Fatal(err)
		}
		if st := w.now(b).State; st != Waiting {
			t.Errorf("who passed is %s", st)
		}
		if _, err := w.Answer(ctx, firm(3), w.open(c).ID, VerbDecline); err != nil {
			t.Fatal(err)
		}
		if err := w.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if st := w.now(b).State; st != Waiting {
			t.Errorf("the time that was passed was offered again: %s", st)
		}
		w.clock.Set(at(2, 0, 1))
		if err := w.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if st := w.now(b).State; st != Expired {
			t.Errorf("after its last day the place is %s", st)
		}
		w.verified()
	})
}

// What cannot be waited for is refused with the reason, and nothing is written.
func TestWaitingIsRefused(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newWorld(t, d)
	w.mustBook(firm(0), 1, 9, 8)
	ok := JoinRequest{Resource: "sem", FromDay: day(1), ToDay: day(1), Minutes: 120}
	with := func(change func(*JoinRequest)) JoinRequest {
		r := ok
		change(&r)
		return r
	}
	for _, c := range []struct {
		name, code string
		by         identity.Subject
		req        JoinRequest
	}{
		{"free now", "wait-free", firm(1), with(func(r *JoinRequest) { r.ToDay = day(2) })},
		{"longer than the day", "wait-never", firm(1), with(func(r *JoinRequest) { r.Minutes = 540 })},
		{"at night", "wait-never", firm(1), with(func(r *JoinRequest) { r.FromMinute = 1200 })},
		{"an end before its start", "wait-invalid", firm(1), with(func(r *JoinRequest) { r.FromDay = day(3) })},
		{"in the past", "wait-invalid", firm(1), with(func(r *JoinRequest) { r.FromDay, r.ToDay = day(-5), day(-4) })},
		{"longer than can be asked", "wait-invalid", firm(1), with(func(r *JoinRequest) { r.ToDay = day(300) })},
		{"waiting beyond the window", "wait-invalid", firm(1), with(func(r *JoinRequest) { r.Until = day(4) })},
		{"no length", "wait-invalid", firm(1), with(func(r *JoinRequest) { r.Minutes = 0 })},
		{"no such instrument", "no-resource", firm(1), with(func(r *JoinRequest) { r.Resource = "nothing" })},
		{"a visitor", "sign-in-needed", identity.Subject{}, ok},
	} {
		if _, err := w.Join(t.Context(), c.by, c.req); !fault.Is(err, c.code) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for range 3 {
		w.joined(firm(1), 1, 2)
	}
	if _, err := w.Join(t.Context(), firm(1), ok); !fault.Is(err, "wait-most") {
		t.Errorf("a fourth place: %v", err)
	}
	if list, err := queueOf(t.Context(), d, "sem"); err != nil || len(list) != 3 {
		t.Errorf("%d places, %v", len(list), err)
	}
}

// Whose turn it is follows the owner's dated rule.
func TestTheRuleSaysWhoseTurnItIs(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	if err := w.SetRule(t.Context(), lab(), Rule{Hold: 60, Reply: 60, DayFrom: 480, DayTo: 1200, Least: 30, Most: 1, Turn: TurnInner, Missed: MissedFee, From: day(0)}); err != nil {
		t.Fatal(err)
	}
	full := w.mustBook(firm(0), 1, 9, 8)
	outside, inside := w.joined(firm(1), 1, 8), w.joined(lab(), 1, 8)
	if err := w.do(firm(0), full, order.VerbCancel); err != nil {
		t.Fatal(err)
	}
	if o := w.open(inside); !o.Until.Equal(at(0, 9, 0)) {
		t.Errorf("it stands until %s", o.Until)
	}
	if st := w.now(outside).State; st != Waiting {
		t.Errorf("who came first from outside is %s", st)
	}
	w.verified()
}

// A breakdown takes the time of an offer back; who waited waits on in the same place, and is served when it is lifted.
func TestABreakdownTakesOffersBack(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ctx := t.Context()
	full := w.mustBook(firm(0), 1, 9, 8)
	x := w.joined(firm(1), 1, 2)
	if err := w.do(firm(0), full, order.VerbCancel); err != nil {
		t.Fatal(err)
	}
	o := w.open(x)
	if err := w.cal.Close(ctx, lab(), booking.CloseRequest{Resource: "sem", State: booking.SlotMaintenance, Unplanned: true, From: at(1, 0, 0), To: at(2, 0, 0)}); err != nil {
		t.Fatal(err)
	}
	if err := w.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return w.Recall(ctx, tx, []string{o.ID, full.ID}) }); err != nil {
		t.Fatal(err)
	}
	if st := w.now(x).State; st != Waiting {
		t.Errorf("the place is %s", st)
	}
	w.verified()
	list, err := w.cal.Closures(ctx, w.DB, "sem")
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if err := w.cal.Reopen(ctx, lab(), list[0].ID); err != nil {
		t.Fatal(err)
	}
	if again := w.open(x); again.ID == o.ID || !again.Start.Equal(o.Start.Time) {
		t.Errorf("after the repair %s is offered", sayTimes(again.Start.Time, again.End.Time))
	}
	w.verified()
}

// An offer is never ended in the night, never after the time can be booked no more, and never with less to answer than the
// rule says.
func TestWhenAnOfferEnds(t *testing.T) {
	rules, err := dated.Read[Rule](rulesJSON)
	if err != nil {
		t.Fatal(err)
	}
	r := rules[0]
	for _, c := range []struct {
		name             string
		now, last, until time.Time
		ok               bool
	}{
		{"in the morning", at(0, 8, 0), at(3, 9, 0), at(0, 12, 0), true},
		{"in the evening", at(0, 19, 0), at(3, 9, 0), at(1, 11, 0), true},
		{"in the night", at(0, 23, 0), at(3, 9, 0), at(1, 12, 0), true},
		{"before dawn", at(0, 3, 0), at(3, 9, 0), at(0, 12, 0), true},
		{"the last call comes first", at(0, 8, 0), at(0, 9, 0), at(0, 9, 0), true},
		{"too late to answer", at(0, 8, 40), at(0, 9, 0), at(0, 9, 0), false},
	} {
		until, ok := r.ends(c.now, r.Hold, c.last)
		if !until.Equal(c.until) || ok != c.ok {
			t.Errorf("%s: %s %v", c.name, until, ok)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		now := at(0, 0, 0).Add(time.Duration(rapid.IntRange(0, 3000).Draw(rt, "now")) * time.Minute)
		stands := rapid.Int64Range(30, 4320).Draw(rt, "stands")
		until, _ := r.ends(now, stands, now.AddDate(1, 0, 0))
		local := until.In(at(0, 0, 0).Location())
		if m := int64(local.Hour()*60 + local.Minute()); m < r.DayFrom || m > r.DayTo || until.Sub(now) < time.Duration(stands)*time.Minute {
			rt.Fatalf("from %s for %d minutes: %s", now, stands, until)
		}
	})
}

// The first stretch that fits is one that the plan gives out, inside the window, as long as was asked, and there is no
// earlier one on the grid.
func TestTheFirstThatFits(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	plan, err := w.cal.Plan(t.Context(), w.DB, w.shop.items["sem"], at(0, 0, 0), at(14, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		p := plan
		p.Rule.Mode = rapid.SampledFrom([]string{booking.ModeSlots, booking.ModeFree, booking.ModeDay}).Draw(rt, "mode")
		p.Rule.Slot = rapid.SampledFrom([]int64{30, 60, 120}).Draw(rt, "slot")
		p.Busy = nil
		for range rapid.IntRange(0, 6).Draw(rt, "busy") {
			from := at(rapid.IntRange(0, 5).Draw(rt, "day"), rapid.IntRange(8, 15).Draw(rt, "hour"), 0)
			p.Busy = append(p.Busy, booking.Busy{Span: booking.Span{From: from, To: from.Add(time.Duration(rapid.IntRange(1, 4).Draw(rt, "long")) * time.Hour)}, State: booking.SlotTaken})
		}
		x := want{fromDay: day(rapid.IntRange(-1, 2).Draw(rt, "first")), toDay: day(rapid.IntRange(2, 6).Draw(rt, "last")), fromMinute: rapid.Int64Range(0, 11).Draw(rt, "from") * 60, toMinute: rapid.Int64Range(12, 24).Draw(rt, "to") * 60, minutes: rapid.Int64Range(1, 8).Draw(rt, "half hours") * 30}
		got, ok := first(p, x)
		if !ok {
			return
		}
		if _, err := p.Pick(got); err != nil || !within(got, x) {
			rt.Fatalf("%v of %+v: %v", got, x, err)
		}
		if p.Rule.Mode != booking.ModeDay && got.To.Sub(got.From) < time.Duration(x.minutes)*time.Minute {
			rt.Fatalf("%v is too short", got)
		}
		step := time.Duration(p.Rule.Slot) * time.Minute
		if earlier := (booking.Span{From: got.From.Add(-step), To: got.To.Add(-step)}); within(earlier, x) && earlier.From.Format("2006-01-02") >= x.fromDay {
			if _, err := p.Pick(earlier); err == nil && p.Rule.Mode == booking.ModeSlots {
				rt.Fatalf("%v is free before %v", earlier, got)
			}
		}
	})
}

// Whatever is booked, cancelled, refused, moved, waited for, offered, taken, passed and left to lapse: no two bookings
// overlap, orders and calendars agree, and each offer holds its time.
func TestRandomHistoriesOfWaiting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		round := 0
		rapid.Check(t, func(rt *rapid.T) {
			if round++; round > 25 {
				return // each history is long; more add time, not insight
			}
			w.history(rt)
			if err := w.sound(context.Background(), w.DB); err != nil {
				rt.Fatal(err)
			}
		})
	})
}

// history is a dozen random acts on one database; a refused act must only change nothing.
func (w *world) history(rt *rapid.T) {
	ctx := context.Background()
	orders, err := db.All[string](ctx, w.DB, `SELECT id FROM order_order WHERE state IN ('requested', 'accepted') ORDER BY id DESC LIMIT 6`)
	if err != nil {
		rt.Fatal(err)
	}
	for range rapid.IntRange(3, 9).Draw(rt, "acts") {
		who, d, h := firm(rapid.IntRange(0, 3).Draw(rt, "who")), rapid.IntRange(1, 3).Draw(rt, "day"), rapid.IntRange(9, 15).Draw(rt, "hour")
		n := rapid.IntRange(1, 2).Draw(rt, "hours")
		var err error
		switch rapid.IntRange(0, 7).Draw(rt, "act") {
		case 0, 1:
			var o order.Order
			if o, err = w.book(who, d, h, n); err == nil {
				orders = append(orders, o.ID)
			}
		case 2:
			_, err = w.Join(ctx, who, JoinRequest{Resource: "sem", FromDay: day(1), ToDay: day(3), FromMinute: int64(h * 60), ToMinute: int64((h + n) * 60), Minutes: int64(n * 60)})
		case 3:
			err = w.onOrder(rt, orders, h, d, n)
		case 4, 5:
			err = w.onOffer(ctx, rt)
		case 6:
			w.clock.Advance(time.Duration(rapid.IntRange(1, 60).Draw(rt, "minutes")) * time.Minute)
			err = w.Sweep(ctx)
		case 7:
			var waits []string
			if waits, err = db.All[string](ctx, w.DB, `SELECT id FROM waiting_wait WHERE state = 'waiting' AND buyer = $1 ORDER BY id LIMIT 1`, who.Org); err == nil && len(waits) > 0 {
				_, err = w.Withdraw(ctx, who, waits[0])
			}
		}
		if err != nil && fault.Of(err).Kind == fault.Internal {
			rt.Fatal(err)
		}
	}
}

func (w *world) onOrder(rt *rapid.T, orders []string, h, d, n int) error {
	if len(orders) == 0 {
		return nil
	}
	list, err := w.orders.Named(context.Background(), w.DB, []string{rapid.SampledFrom(orders).Draw(rt, "order")})
	if err != nil || len(list) == 0 {
		return err
	}
	o, verb := list[0], rapid.SampledFrom([]string{order.VerbCancel, order.VerbRefuse, order.VerbMove, order.VerbAccept}).Draw(rt, "verb")
	by := identity.Subject{Person: "p-" + o.Buyer, Org: o.Buyer, Role: "admin", Capacities: []string{"enterprise"}}
	if verb == order.VerbRefuse || verb == order.VerbAccept {
		by = lab()
	}
	_, err = w.orders.Do(context.Background(), by, o.ID, verb, order.VerbRequest{Note: "因故", Start: at(d, h, 0), End: at(d, h+n, 0)})
	return err
}

func (w *world) onOffer(ctx context.Context, rt *rapid.T) error {
	var where db.Where
	where.And("state = ?", Open)
	list, err := listOffers(ctx, w.DB, &where)
	if err != nil || len(list) == 0 {
		return err
	}
	o := rapid.SampledFrom(list).Draw(rt, "offer")
	by := identity.Subject{Person: "p-" + o.Buyer, Org: o.Buyer, Role: "admin", Capacities: []string{"enterprise"}}
	switch rapid.IntRange(0, 2).Draw(rt, "answer") {
	case 0:
		_, err = w.Take(ctx, by, o.ID, TakeRequest{})
	case 1:
		_, err = w.Answer(ctx, by, o.ID, VerbDecline)
	default:
		_, err = w.Answer(ctx, by, o.ID, VerbPass)
	}
	return err
}

// Rivals for a time that is held, with the one it is held for among them and the sweeper beside: nobody else ever wins it.
func TestRivalsForWhatIsHeld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		full := w.mustBook(firm(0), 1, 9, 8)
		x := w.joined(firm(1), 1, 8)
		if err := w.do(firm(0), full, order.VerbCancel); err != nil {
			t.Fatal(err)
		}
		o := w.open(x)
		var won, taken atomic.Int64
		var wg sync.WaitGroup
		for n := range 16 {
			wg.Go(func() {
				switch {
				case n == 7 || n == 11:
					if _, err := w.Take(context.Background(), firm(1), o.ID, TakeRequest{}); err == nil {
						taken.Add(1)
					}
				case n%5 == 0:
					if err := w.Sweep(context.Background()); err != nil {
						t.Error(err)
					}
				default:
					if _, err := w.book(firm(4+n), 1, 9+n%6, 2); err == nil {
						won.Add(1)
					}
				}
			})
		}
		wg.Wait()
		if won.Load() != 0 || taken.Load() != 2 {
			t.Errorf("%d strangers won, it was taken %d times", won.Load(), taken.Load())
		}
		w.verified()
	})
}
