package order

import (
	"context"
	"encoding/json"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/pricing"
	"qiao/internal/voucher/scheme"
)

// planner is price plans of a test: one plan for everything, kept prices in a table so that they follow the transaction.
type planner struct {
	plan  pricing.Plan
	group string
}

func (r *planner) InForce(context.Context, db.Q, string, string, string) (pricing.Version, error) {
	body, err := json.Marshal(r.plan)
	return pricing.Version{Sheet: "plan", Version: 1, Body: string(body)}, err
}

func (r *planner) GroupOf(context.Context, db.Q, string, string, string) (string, error) {
	return r.group, nil
}

func (r *planner) Keep(ctx context.Context, tx *db.Tx, k pricing.Kept) error {
	facts, err := json.Marshal(k.Facts)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO test_kept (order_id, facts) VALUES ($1, $2) ON CONFLICT (order_id) DO UPDATE SET facts = excluded.facts`, k.Order, string(facts))
	return err
}

func (r *planner) Kept(ctx context.Context, q db.Q, order string) (pricing.Kept, bool, error) {
	rows, err := db.All[string](ctx, q, `SELECT facts FROM test_kept WHERE order_id = $1`, order)
	if err != nil || len(rows) == 0 {
		return pricing.Kept{}, false, err
	}
	k := pricing.Kept{Order: order, Plan: r.plan}
	return k, true, json.Unmarshal([]byte(rows[0]), &k.Facts)
}

// planned is the world with a plan: 300 an hour, half again from four in the afternoon, longer of booked and used in
// quarter hours, a chosen operator, a fifth for cancelling within a day.
func planned(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := newWorld(t, d)
	err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE test_kept (order_id TEXT PRIMARY KEY, facts TEXT NOT NULL)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.prices = &planner{group: pricing.External, plan: pricing.Plan{
		Rates: []pricing.Rate{{ID: "h", Unit: "hour", Price: 30_000}}, Periods: []pricing.Period{{Text: "晚间", From: "16:00", To: "24:00", Percent: 15_000}},
		AddOns: []pricing.AddOn{{ID: "op", Text: "操作员", Unit: "hour", Price: 10_000, By: pricing.ByTime}},
		Cancel: []pricing.Fee{{Hours: 24, Percent: 2_000}}, Basis: pricing.Longer, Begun: 15,
	}}
	return w
}

// An order by a plan costs what the estimate said, is billed by the time used, and its voucher's part never grows.
func TestPlanFromEstimateToBill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := planned(t, d)
		req := book(1, 15, 2) // 15–17: one hour at 300, one at 450
		req.AddOns = map[string]int64{"op": 1}
		e, err := w.Estimate(t.Context(), firm(), req)
		if err != nil || e.Price.Total != 95_000 || len(e.Price.Lines) != 3 {
			t.Fatalf("estimate %+v, %v", e.Price, err)
		}
		o := w.place(firm(), req)
		if o.Price != 95_000 || o.Voucher != 47_500 {
			t.Fatalf("order %v, voucher %v", o.Price, o.Voucher)
		}
		w.do(lab(), o, VerbAccept, VerbRequest{})
		w.clock.Set(at(1, 15, 0))
		w.do(lab(), o, VerbStart, VerbRequest{})
		w.clock.Set(at(1, 17, 20))
		w.do(lab(), o, VerbStop, VerbRequest{})
		w.do(lab(), o, VerbReport, VerbRequest{Note: "完成"})
		got, err := w.Get(t.Context(), firm(), o.ID)
		if err != nil {
			t.Fatal(err)
		}
		bill, err := w.pending(t.Context(), got)
		// 2 h 20 min in begun quarters is 2.5 h: 1 × 300 + 1.5 × 450 + 2.5 × 100
		if err != nil || bill == nil || bill.Total != 122_500 || len(bill.Changes) != 1 {
			t.Fatalf("bill %+v, %v", bill, err)
		}
		o = w.do(firm(), o, VerbConfirm, VerbRequest{})
		if o.Price != 122_500 || o.Voucher != 47_500 || o.Own != 75_000 {
			t.Errorf("billed %v = %v + %v", o.Price, o.Voucher, o.Own)
		}
		w.wellVerified()
	})
}

// Booked time is billed, and what was used beyond it is a line of its own that the buyer sees before confirming.
func TestOvertimeIsALine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := planned(t, d)
		plan := &w.prices.(*planner).plan
		plan.Basis, plan.Begun, plan.Overtime = pricing.Booked, 0, &pricing.Overtime{Free: 5, Percent: 15_000}
		o := w.place(firm(), book(1, 9, 2))
		w.do(lab(), o, VerbAccept, VerbRequest{})
		w.clock.Set(at(1, 9, 0))
		w.do(lab(), o, VerbStart, VerbRequest{})
		w.clock.Set(at(1, 11, 30))
		w.do(lab(), o, VerbStop, VerbRequest{})
		w.do(lab(), o, VerbReport, VerbRequest{Note: "完成"})
		got, err := w.Get(t.Context(), firm(), o.ID)
		if err != nil {
			t.Fatal(err)
		}
		bill, err := w.pending(t.Context(), got)
		if err != nil || bill == nil || bill.Total != 82_500 || bill.Changes[0].What != "overtime" { // 2 × 300 + 0.5 × 450
			t.Fatalf("bill %+v, %v", bill, err)
		}
		o = w.do(firm(), o, VerbConfirm, VerbRequest{})
		if o.Price != 82_500 || o.Voucher != 30_000 || o.Own != 52_500 {
			t.Errorf("billed %v = %v + %v", o.Price, o.Voucher, o.Own)
		}
		if got, err = w.Get(t.Context(), firm(), o.ID); err != nil {
			t.Fatal(err)
		}
		if l := got.Current(); len(l) != 2 || l[1].Kind != pricing.LineOvertime || l[1].Count != 30 || l[1].Amount != 22_500 {
			t.Errorf("%+v", l)
		}
		w.wellVerified()
	})
}

func TestBillAsBookedChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := planned(t, d)
		o := w.place(firm(), book(1, 9, 2))
		w.do(lab(), o, VerbAccept, VerbRequest{})
		w.clock.Set(at(1, 9, 0))
		w.do(lab(), o, VerbStart, VerbRequest{})
		w.clock.Set(at(1, 10, 30)) // shorter: the plan bills the longer of both
		w.do(lab(), o, VerbStop, VerbRequest{})
		w.do(lab(), o, VerbReport, VerbRequest{Note: "完成"})
		got := w.do(firm(), o, VerbConfirm, VerbRequest{})
		d2, err := w.Get(t.Context(), firm(), o.ID)
		if err != nil || got.Price != o.Price || len(d2.Lines) != 1 {
			t.Errorf("%v became %v with %d lines (%v)", o.Price, got.Price, len(d2.Lines), err)
		}
		w.wellVerified()
	})
}

// Used shorter where actual time counts: the voucher's part falls in proportion, and all of it goes back at nothing.
func TestBillFalls(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := planned(t, d)
		w.prices.(*planner).plan.Basis = pricing.Actual
		o := w.place(firm(), book(1, 9, 2))
		w.do(lab(), o, VerbAccept, VerbRequest{})
		w.clock.Set(at(1, 9, 0))
		w.do(lab(), o, VerbStart, VerbRequest{})
		w.clock.Set(at(1, 10, 0))
		w.do(lab(), o, VerbStop, VerbRequest{})
		w.do(lab(), o, VerbReport, VerbRequest{Note: "完成"})
		m := move{o: &o}
		o.Price = 60_000
		o.pay([]Part{{Programme: "prog", Way: scheme.Direct, Amount: 30_000}})
		err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return w.bill(ctx, tx, &m) })
		if err != nil || o.Price != 30_000 || o.Voucher != 15_000 || o.Own != 15_000 {
			t.Errorf("%v = %v + %v, %v", o.Price, o.Voucher, o.Own, err)
		}
	})
}

func TestLateCancelCosts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, x := range map[string]struct {
			hour  int
			by    bool // the provider cancels
			price money.Fen
		}{"in time": {9, false, 60_000}, "late": {15, false, 12_000}, "the provider's own": {15, true, 60_000}} {
			w := planned(t, d)
			w.clock.Set(at(0, 8, 0))
			o := w.place(firm(), book(1, 10, 2))
			w.do(lab(), o, VerbAccept, VerbRequest{})
			w.clock.Set(at(0, x.hour, 0))
			if _, err := w.Do(t.Context(), firm(), o.ID, VerbMove, VerbRequest{Start: at(2, 10, 0), End: at(2, 12, 0)}); (name == "late") != fault.Is(err, "move-late") && name != "the provider's own" {
				t.Errorf("moving %s: %v", name, err)
			}
			if o.State == StateAccepted && name == "in time" { // moved, and accepted again
				w.do(lab(), o, VerbAccept, VerbRequest{})
			}
			who := firm()
			if x.by {
				who = lab()
			}
			o = w.do(who, o, VerbCancel, VerbRequest{Note: "有变"})
			if o.Price != x.price || o.Held || o.State != StateCancelled {
				t.Errorf("%s: %v %+v", name, o.Price, o)
			}
			w.wellVerified()
			if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, `DROP TABLE test_kept`)
				if err == nil {
					_, err = tx.Exec(ctx, `DROP TABLE test_purse`)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}
