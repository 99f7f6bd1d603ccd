package waiting

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"qiao/internal/booking"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/pricing"
)

// A provider refuses and proposes another time: it is held for the buyer, who takes it with one click; the new order has the
// same content and is accepted already.
func TestRefusalWithAnAlternative(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		o := w.mustBook(firm(0), 1, 9, 2)
		w.mustBook(firm(1), 2, 9, 2)
		var told *fault.Error
		if _, err := w.Suggest(ctx, lab(), o.ID, SuggestRequest{Note: "改天", Start: at(2, 9, 0), End: at(2, 11, 0)}); !errors.As(err, &told) || told.Code != "slot-taken" || !strings.Contains(fmt.Sprint(told.Args...), "11:00") {
			t.Errorf("a taken time was proposed, and no other named: %v", err)
		}
		x, err := w.Suggest(ctx, lab(), o.ID, SuggestRequest{Note: "上午保养", Start: at(1, 10, 0), End: at(1, 12, 0)})
		if err != nil || x.Kind != Instead || x.State != Open {
			t.Fatalf("proposed: %+v %v", x, err)
		}
		if _, err := w.Suggest(ctx, lab(), o.ID, SuggestRequest{Note: "又一个", Start: at(2, 9, 0), End: at(2, 11, 0)}); !fault.Is(err, "suggest-late") {
			t.Errorf("proposed for a refused order: %v", err)
		}
		if _, err := w.book(firm(1), 1, 10, 2); !fault.Is(err, "slot-taken") {
			t.Errorf("a stranger booked what is held: %v", err)
		}
		w.verified()
		placed, err := w.Take(ctx, firm(0), x.ID, TakeRequest{})
		if err != nil || placed.State != order.StateAccepted || !placed.Start.Equal(at(1, 10, 0)) || placed.Buyer != o.Buyer {
			t.Fatalf("taken: %+v %v", placed, err)
		}
		old, _, err := w.orders.Read(ctx, d, o.ID)
		if err != nil || old.State != order.StateRefused {
			t.Errorf("the old order is %s %v", old.State, err)
		}
		w.verified()
	})
}

// A proposed move holds the new time beside the old one; taken, the booking stays accepted at its new time and price; declined
// or taken back, nothing has changed.
func TestProposedMove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		o := w.mustBook(firm(0), 1, 9, 2)
		if err := w.do(lab(), o, order.VerbAccept); err != nil {
			t.Fatal(err)
		}
		move := SuggestRequest{Note: "当天人手不足", Start: at(2, 9, 0), End: at(2, 12, 0)}
		if _, err := w.Suggest(ctx, firm(0), o.ID, move); err == nil {
			t.Error("the buyer proposed to itself")
		}
		if _, err := w.Suggest(ctx, lab(), o.ID, SuggestRequest{Note: "晚一点", Start: at(1, 10, 0), End: at(1, 12, 0)}); !fault.Is(err, "suggest-invalid") {
			t.Errorf("a move onto its own time: %v", err)
		}
		x, err := w.Suggest(ctx, lab(), o.ID, move)
		if err != nil || x.Kind != ToMove {
			t.Fatalf("proposed: %+v %v", x, err)
		}
		if _, err := w.Suggest(ctx, lab(), o.ID, move); !fault.Is(err, "slot-taken") && !fault.Is(err, "suggest-open") {
			t.Errorf("proposed twice: %v", err)
		}
		if _, err := w.Answer(ctx, firm(0), x.ID, VerbDecline); err != nil {
			t.Fatal(err)
		}
		if now, _, _ := w.orders.Read(ctx, d, o.ID); now.State != order.StateAccepted || !now.Start.Equal(at(1, 9, 0)) {
			t.Errorf("declined, the booking is %s at %s", now.State, now.Start)
		}
		w.verified()
		if x, err = w.Suggest(ctx, lab(), o.ID, move); err != nil {
			t.Fatal(err)
		}
		moved, err := w.Take(ctx, firm(0), x.ID, TakeRequest{})
		if err != nil || moved.ID != o.ID || moved.State != order.StateAccepted || !moved.Start.Equal(at(2, 9, 0)) || moved.Price != 90_000 {
			t.Fatalf("moved: %+v %v", moved, err)
		}
		w.verified()
		if x, err = w.Suggest(ctx, lab(), o.ID, SuggestRequest{Note: "再改", Start: at(3, 9, 0), End: at(3, 11, 0)}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.TakeBack(ctx, lab(), x.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Take(ctx, firm(0), x.ID, TakeRequest{}); !fault.Is(err, "offer-recalled") {
			t.Errorf("taken after it was taken back: %v", err)
		}
		w.verified()
	})
}

// A breakdown cancels what it takes at no cost, even just before the start; its buyer finds other times and books one with the
// same content.
func TestBrokenBookingsCostNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		w.Like = func(ctx context.Context, _, _ string, _ int) ([]Resource, error) {
			return w.shop.Resources(ctx, d, []string{"tem"})
		}
		a, b := w.mustBook(firm(0), 0, 9, 2), w.mustBook(firm(1), 1, 9, 2)
		if err := w.do(lab(), a, order.VerbAccept); err != nil {
			t.Fatal(err)
		}
		w.clock.Set(at(0, 8, 50))
		if err := w.cal.Close(ctx, lab(), booking.CloseRequest{Resource: "sem", State: booking.SlotMaintenance, Unplanned: true, From: at(0, 8, 0), To: at(1, 0, 0)}); err != nil {
			t.Fatal(err)
		}
		err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			gone, err := w.Broken(ctx, tx, []string{a.ID}, "停机")
			if len(gone) != 1 || gone[0].Price != a.Price {
				t.Errorf("cancelled: %+v", gone)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		now, _, err := w.orders.Read(ctx, d, a.ID)
		if err != nil || now.State != order.StateCancelled {
			t.Fatalf("the booking is %s, %v", now.State, err)
		}
		w.verified()
		same, like, err := w.instead(ctx, firm(0), now)
		if err != nil || len(same) != sameTimes || len(like) != likeTimes || !same[0].From.Equal(at(1, 11, 0)) || like[0].Price != 60_000 {
			t.Fatalf("instead: %+v %+v %v", same, like, err)
		}
		again, err := w.Rebook(ctx, firm(0), a.ID, "tem", like[0].Span, &like[0].Price, "k")
		if err != nil || again.Resource != "tem" || again.Price != 60_000 {
			t.Fatalf("again: %+v %v", again, err)
		}
		if _, err := w.Rebook(ctx, firm(1), b.ID, "tem", like[1].Span, nil, "k"); !fault.Is(err, "again-open") {
			t.Errorf("again beside a booking that stands: %v", err)
		}
		w.verified()
	})
}

// plans prices every booking by one plan that charges half for not coming.
type plans struct{}

func (p plans) plan() pricing.Plan {
	return pricing.Plan{Rates: []pricing.Rate{{ID: "hour", Unit: "hour", Price: 30_000}}, NoShow: &pricing.Fee{Percent: 5_000}}
}

func (p plans) InForce(context.Context, db.Q, string, string, string) (pricing.Version, error) {
	return pricing.Version{}, nil
}
func (p plans) GroupOf(context.Context, db.Q, string, string, string) (string, error) {
	return pricing.External, nil
}
func (p plans) Keep(context.Context, *db.Tx, pricing.Kept) error { return nil }
func (p plans) Kept(context.Context, db.Q, string) (pricing.Kept, bool, error) {
	return pricing.Kept{Plan: p.plan()}, true, nil
}

// A booking that was not kept frees its time and costs what the plan says; the buyer contests once, the provider waives it.
func TestABookingThatWasNotKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorldPriced(t, d, plans{})
		ctx := t.Context()
		o := w.mustBook(firm(0), 0, 9, 4)
		if err := w.do(lab(), o, order.VerbAccept); err != nil {
			t.Fatal(err)
		}
		w.clock.Set(at(0, 9, 31))
		missed := func() (out order.Order, freed bool) {
			err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
				out, freed, err = w.Missed(ctx, tx, o.ID)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return out, freed
		}
		now, freed := missed()
		if !freed || now.State != order.StateCancelled || now.Price != 60_000 || now.Own != 60_000 {
			t.Fatalf("not kept: %v %+v", freed, now)
		}
		if _, freed := missed(); freed {
			t.Error("it was freed twice")
		}
		w.verified()
		if _, err := w.book(firm(1), 0, 10, 2); err != nil {
			t.Errorf("the time is not free: %v", err)
		}
		if _, err := w.Contest(ctx, firm(1), o.ID, "不是我"); err == nil {
			t.Error("a stranger contests")
		}
		if _, err := w.Contest(ctx, firm(0), o.ID, " "); !fault.Is(err, "contest-invalid") {
			t.Errorf("without a reason: %v", err)
		}
		if _, err := w.Contest(ctx, firm(0), o.ID, "到了现场，仪器没有开机。"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Contest(ctx, firm(0), o.ID, "再说一次"); !fault.Is(err, "contest-there") {
			t.Errorf("contested twice: %v", err)
		}
		if c, err := w.Decide(ctx, lab(), o.ID, VerbWaive, "核实无误，免除。"); err != nil || c.State != Waived {
			t.Fatalf("waived: %+v %v", c, err)
		}
		if now, _, _ = w.orders.Read(ctx, d, o.ID); now.Price != 0 || now.Own != 0 {
			t.Errorf("after the waiver %s is due", now.Price)
		}
		if _, err := w.Decide(ctx, lab(), o.ID, VerbUphold, "还是要收"); !fault.Is(err, "contest-over") {
			t.Errorf("decided twice: %v", err)
		}
		w.verified()
	})
}

// Where neither plan nor rule asks for more, a booking that was not kept is only noted, as before.
func TestNotKeptIsOnlyNotedByDefault(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.mustBook(firm(0), 0, 9, 2)
	if err := w.do(lab(), o, order.VerbAccept); err != nil {
		t.Fatal(err)
	}
	w.clock.Set(at(0, 9, 31))
	err := w.DB.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		now, freed, err := w.Missed(ctx, tx, o.ID)
		if freed || now.State != order.StateAccepted {
			t.Errorf("it is %s, freed %v", now.State, freed)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
