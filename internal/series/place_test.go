package series

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/verify"
)

type finding = verify.Finding

// states writes down what dates come to.
func states(dates []Date) string {
	out := make([]string, len(dates))
	for i, d := range dates {
		out[i] = d.State
	}
	return strings.Join(out, " ")
}

func TestASeriesIsLaidOutAndBooked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		w.take(firm(2), "a", instant(3, 10, 0), instant(3, 12, 0)) // a rival on the first Thursday
		req := weekly("a", 4)
		p, err := w.Preview(ctx, firm(1), req)
		if err != nil || states(p.Dates) != "free taken free free" || total(p.Drafts) != 180_000 {
			t.Fatalf("%v %s %v", err, states(p.Dates), total(p.Drafts))
		}
		if near := p.Dates[1].Near; near == nil || !near.From.Equal(instant(3, 12, 0)) {
			t.Fatalf("the nearest time on the taken day: %v", near)
		}
		req.All = true
		if _, _, err := w.Place(ctx, firm(1), req); !fault.Is(err, "series-not-all") {
			t.Fatalf("all or nothing: %v", err)
		}
		w.sound()
		req.Pick = map[string]booking.Span{day(3): {From: instant(3, 13, 0), To: instant(3, 15, 0)}} // another time for that day
		req.Key = "k"
		g, missed, err := w.Place(ctx, firm(1), req)
		if err != nil || len(missed) > 0 || g.Parts != 4 {
			t.Fatalf("%v %v %v", g, missed, err)
		}
		again, _, err := w.Place(ctx, firm(1), req)
		if err != nil || again.ID != g.ID {
			t.Fatalf("the same key: %v %v", again, err)
		}
		det, err := w.Get(ctx, firm(1), g.ID)
		if err != nil || len(det.Members) != 4 || !det.Members[1].Order.Start.Equal(instant(3, 13, 0)) {
			t.Fatalf("%v %v", det, err)
		}
		if _, err := w.Get(ctx, firm(2), g.ID); fault.Of(err).Kind != fault.Forbidden {
			t.Fatalf("a rival looks: %v", err)
		}
		w.sound()
	})
}

func TestWhatDatesComeTo(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newWorld(t, d)
	ctx := t.Context()
	rule := booking.DefaultRule()
	rule.Ahead = 20
	if err := w.calendars.SetRule(ctx, lab(), "a", rule); err != nil {
		t.Fatal(err)
	}
	req := Request{Resource: "a", Rule: Rule{Freq: Daily, Interval: 6, Count: 5}, First: day(0), From: "09:00", To: "10:00", Holidays: HolidaysKeep, Skip: []string{day(12)}}
	p, err := w.Preview(ctx, firm(1), req)
	if err != nil || states(p.Dates) != "free closed skipped free beyond" { // the 7th day is a Sunday
		t.Fatalf("%v %s", err, states(p.Dates))
	}
	rule.Ahead, rule.Open = 400, 2
	if err := w.calendars.SetRule(ctx, lab(), "a", rule); err != nil {
		t.Fatal(err)
	}
	p, err = w.Preview(ctx, firm(1), weekly("a", 4))
	if err != nil || states(p.Dates) != "free free limit limit" {
		t.Fatalf("%v %s", err, states(p.Dates))
	}
	g, missed, err := w.Place(ctx, firm(1), weekly("a", 4))
	if err != nil || g.Parts != 2 || len(missed) != 2 {
		t.Fatalf("%v %v %v", g, missed, err)
	}
	_, err = w.orders.Place(ctx, firm(1), order.PlaceRequest{Kind: order.KindBooking, Resource: "a", Start: instant(4, 9, 0), End: instant(4, 10, 0)})
	if !fault.Is(err, "slot-limit") {
		t.Fatalf("a third booking: %v", err)
	}
	w.sound()
	// The first of October begins a week of holidays; moved it lands on the first open day after them.
	w.clock.Set(time.Date(2026, 8, 20, 0, 0, 0, 0, time.UTC))
	holiday := Request{Resource: "b", Rule: Rule{Freq: Monthly, Interval: 1, Dates: []int{1}, Count: 2}, First: "2026-09-01", From: "09:00", To: "10:00", Holidays: HolidaysMove}
	p, err = w.Preview(ctx, firm(1), holiday)
	if err != nil || states(p.Dates) != "free free" || !p.Dates[1].Moved || dayOf(p.Dates[1].Span) != "2026-10-08" {
		t.Fatalf("%v %s %v", err, states(p.Dates), p.Dates)
	}
	holiday.Holidays = HolidaysSkip
	if p, err = w.Preview(ctx, firm(1), holiday); err != nil || states(p.Dates) != "free skipped" {
		t.Fatalf("%v %s", err, states(p.Dates))
	}
}

func TestBadSeriesAreRefused(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for name, c := range map[string]struct {
		spoil func(*Request)
		code  string
	}{
		"end before start": {func(r *Request) { r.From, r.To = "11:00", "09:00" }, "series-times"},
		"no times":         {func(r *Request) { r.From = "9 Uhr" }, "series-times"},
		"no end":           {func(r *Request) { r.Rule.Count = 0 }, "rule-invalid"},
		"no first day":     {func(r *Request) { r.First = "soon" }, "series-first"},
		"ended before":     {func(r *Request) { r.Rule.Count, r.Rule.Until = 0, "2026-01-01" }, "series-empty"},
		"nowhere":          {func(r *Request) { r.Resource = "zzz" }, "no-resource"},
		"all in the past":  {func(r *Request) { r.First, r.Rule.Count = "2026-01-01", 3 }, "series-none"},
		"holidays":         {func(r *Request) { r.Holidays = "perhaps" }, "series-holidays"},
	} {
		req := weekly("a", 4)
		c.spoil(&req)
		if _, _, err := w.Place(t.Context(), firm(1), req); !fault.Is(err, c.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := w.Place(t.Context(), identity.Subject{}, weekly("a", 4)); fault.Of(err).Kind != fault.Unauthenticated {
		t.Errorf("a visitor: %v", err)
	}
	w.sound()
}

func TestManyAreMovedAndCancelledAtATime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		req := Request{Resource: "a", Rule: Rule{Freq: Daily, Interval: 1, Count: 5}, First: day(1), From: "09:00", To: "11:00", Holidays: HolidaysSkip} // Tuesday to Saturday
		g, _, err := w.Place(ctx, firm(1), req)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Do(ctx, lab(), g.ID, order.VerbAccept, ScopeAll, 0, "", ""); err != nil {
			t.Fatalf("accept all: %v", err)
		}
		if _, err := w.Do(ctx, firm(1), g.ID, order.VerbAccept, ScopeAll, 0, "", ""); fault.Of(err).Kind != fault.Forbidden {
			t.Fatalf("the buyer accepts: %v", err)
		}
		w.take(firm(2), "a", instant(4, 13, 0), instant(4, 14, 0))
		move := MoveRequest{Scope: ScopeFollowing, Position: 3, From: "12:00", To: "14:00", All: true}
		if _, _, err := w.Move(ctx, firm(1), g.ID, move); !fault.Is(err, "series-not-all") {
			t.Fatalf("move onto a rival: %v", err)
		}
		move.All = false
		moved, missed, err := w.Move(ctx, firm(1), g.ID, move)
		if err != nil || len(moved) != 2 || len(missed) != 1 || missed[0].Member.Position != 4 {
			t.Fatalf("%d moved, %v missed, %v", len(moved), missed, err)
		}
		w.sound()
		// One day earlier, each onto the place of the one before: they do not stand in each other's way.
		moved, _, err = w.Move(ctx, firm(1), g.ID, MoveRequest{Scope: ScopeFollowing, Position: 2, Days: -1, From: "15:00", To: "17:00", All: true})
		if err != nil || len(moved) != 4 || moved[0].State != order.StateRequested {
			t.Fatalf("%v %v", moved, err)
		}
		moved, _, err = w.Move(ctx, firm(1), g.ID, MoveRequest{Scope: ScopeFollowing, Position: 2, Days: 1, From: "15:00", To: "17:00", All: true})
		if err != nil || len(moved) != 4 {
			t.Fatalf("%v %v", moved, err)
		}
		w.sound()
		if _, _, err := w.Move(ctx, firm(1), g.ID, MoveRequest{Scope: ScopeAll, From: "09:00", To: "12:00"}); !fault.Is(err, "move-price") {
			t.Fatalf("a longer time costs more: %v", err)
		}
		if _, err := w.Do(ctx, firm(1), g.ID, order.VerbCancel, ScopeFollowing, 4, "计划有变", ""); err != nil {
			t.Fatal(err)
		}
		det, err := w.Get(ctx, firm(1), g.ID)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range det.Members {
			got = append(got, m.Order.State)
		}
		if want := []string{"accepted", "requested", "requested", "cancelled", "cancelled"}; !slices.Equal(got, want) {
			t.Fatalf("%v", got)
		}
		w.sound()
	})
}

// A broken group is found.
func TestVerifyFindsWhatIsWrong(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newWorld(t, d)
	g, _, err := w.Place(t.Context(), firm(1), weekly("a", 3))
	if err != nil {
		t.Fatal(err)
	}
	for _, spoil := range []string{
		`UPDATE series_group SET parts = 4 WHERE id = $1`, `UPDATE series_group SET buyer = 'firm2' WHERE id = $1`, `UPDATE series_group SET resource = 'b' WHERE id = $1`,
		`UPDATE series_part SET position = 7 WHERE grp = $1 AND position = 3`,
	} {
		undo := fault.New(fault.Internal, "undo", "x") //i18n:data not shown
		_ = d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Exec(ctx, spoil, g.ID); err != nil {
				t.Fatal(err)
			}
			if found, err := w.Verify(ctx, tx); err != nil || len(found) == 0 {
				t.Errorf("%s: nothing found (%v)", spoil, err)
			}
			return undo
		})
	}
}
