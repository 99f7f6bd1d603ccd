package payout

import (
	"testing"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/money"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme/schemetest"
)

// Every figure of a budget is the sum of its rows, every statement begins and ends with what the ledger says.
func TestReports(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		w := newWorld(t, d)
		w.claim(t, w.lab, 300*schemetest.Yuan)
		w.claim(t, w.lab2, 90*schemetest.Yuan)
		w.account(t, w.lab, "6222000011112222")
		b := w.sent(t, w.officer, w.officer2)
		w.receipt(t, w.officer, b.Number+"-001,200.00,,成功,,")
		n := w.sent(t, w.neighbour, w.neighbour2)
		w.receipt(t, w.neighbour, n.Number+"-001,100.00,,成功,,")
		budget, err := w.vouchers.Budget(ctx, d, w.programme.ID)
		must(t, err)
		p := purse{w.programme, budget}
		for _, name := range figures() {
			rows, sum, err := w.vouchers.FigureRows(ctx, d, w.programme.ID, name, 100)
			must(t, err)
			var total money.Fen
			for _, r := range rows {
				total += r.Amount
			}
			if sum != p.figure(name) || total != sum {
				t.Errorf("%s: rows %v, sum %v, budget %v", name, total, sum, p.figure(name))
			}
		}
		if budget.Paid != 300*schemetest.Yuan || budget.Payable != 90*schemetest.Yuan {
			t.Fatalf("budget %+v", budget)
		}
		for _, x := range []struct {
			by            identity.Subject
			side          string
			first, second money.Fen
			lines         int
		}{
			{w.firm, SideFirm, 9610 * schemetest.Yuan, 0, 5},
			{w.lab, SideProvider, 0, 300 * schemetest.Yuan, 3},
			{w.officer, SideFunder, 60 * schemetest.Yuan, 200 * schemetest.Yuan, 4},
		} {
			st, err := w.StatementOf(ctx, x.by, StatementRequest{})
			must(t, err)
			got := st.amounts(st.Closing)
			if st.Side != x.side || got[0] != x.first || got[1] != x.second || len(st.Lines) != x.lines || st.Opening != (voucher.Sums{}) {
				t.Errorf("%s of %s: %+v", st.Side, x.by.Org, st.Movements)
			}
		}
		_, err = w.StatementOf(ctx, w.lab, StatementRequest{Org: "firm"})
		if err == nil {
			t.Error("a provider read a firm's statement")
		}
		_, err = w.StatementOf(ctx, w.lab, StatementRequest{From: "2026-02-30", To: "2026-01-01"})
		wants(t, err, "period")
		v, err := w.results(ctx, "")
		must(t, err)
		if len(v.Years) != 1 || v.Total != 300*schemetest.Yuan || v.Years[0].Firms != 1 || len(v.Years[0].Regions) != 1 || !v.Years[0].Regions[0].Masked {
			t.Errorf("results %+v", v)
		}
	})
}

func TestMasks(t *testing.T) {
	paid := func(n int, amount money.Fen) []voucher.Result {
		out := make([]voucher.Result, n)
		for i := range out {
			out[i].Amount = amount
		}
		return out
	}
	got := masks(map[string][]voucher.Result{"a": paid(3, 10), "b": paid(4, 20), "c": paid(2, 5), "d": paid(1, 7)}, 3)
	want := []regionResult{{"b", 4, 80, false}, {"a", 3, 30, false}, {"", 3, 17, false}}
	if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("%+v", got)
	}
	if got = masks(map[string][]voucher.Result{"a": paid(3, 10), "c": paid(2, 5)}, 3); len(got) != 2 || !got[1].Masked || got[1].Amount != 0 {
		t.Errorf("%+v", got)
	}
}
