package settle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme/schemetest"
)

// A month of a voucher used elsewhere: closed, checked by both sides, each by two persons, agreed. What follows stands on the
// next statement, and a claim at home on none.
func TestTwoRegionsAgree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		first := w.claim(t, "lab", 300*schemetest.Yuan)
		w.claim(t, "near", 100*schemetest.Yuan)
		w.do(t, first.ID, "pay")
		w.clock.Set(time.Date(2026, 11, 2, 2, 0, 0, 0, time.UTC))
		w.claim(t, "lab", 50*schemetest.Yuan)
		must(t, w.Sweep(ctx))
		list, err := listStatements(ctx, d, &db.Where{}, "", 10)
		must(t, err)
		if len(list) != 2 || list[0].From != "2026-11-01" || list[1].From != "2026-10-01" || list[1].Low != "310000" || list[1].HighOrg != "home" {
			t.Fatalf("statements %+v", list)
		}
		w.sound(t)

		_, err = w.Close(ctx, w.away1, list[0].ID)
		wants(t, err, "earlier-open")
		_, err = w.Close(ctx, w.lab, list[1].ID)
		wants(t, err, "other-capacity")
		x, err := w.Close(ctx, w.away1, list[1].ID)
		must(t, err)
		if x.Count != 2 || x.Total != 600*schemetest.Yuan || x.To != "2026-10-31" {
			t.Fatalf("closed %+v", x)
		}
		items, err := w.Items(ctx, d, x)
		must(t, err)
		sum := sha256.Sum256(Canonical(x.Low, x.High, x.Window(), items))
		if x.Digest != hex.EncodeToString(sum[:]) {
			t.Error("another digest than that of the canonical bytes")
		}
		_, err = w.Close(ctx, w.home1, x.ID)
		wants(t, err, "state-conflict")
		w.sound(t)

		_, err = w.Check(ctx, w.home1, x.ID, CheckRequest{Count: 2, Total: x.Total + 1})
		wants(t, err, "totals-differ")
		_, err = w.Check(ctx, w.home1, x.ID, CheckRequest{Count: 2, Total: x.Total, Digest: strings.Repeat("0", 64)})
		wants(t, err, "digest-differs")
		_, err = w.Check(ctx, w.home1, x.ID, CheckRequest{Count: 2, Total: x.Total, Digest: x.Digest})
		must(t, err)
		_, err = w.Confirm(ctx, w.home1, x.ID)
		wants(t, err, "second-person-needed")
		_, err = w.SendBack(ctx, w.home2, x.ID, "再看一遍")
		must(t, err)
		_, err = w.Check(ctx, w.home2, x.ID, CheckRequest{Count: 2, Total: x.Total})
		must(t, err)
		_, err = w.Confirm(ctx, w.home1, x.ID)
		must(t, err)
		_, err = w.Confirm(ctx, w.home2, x.ID) // not for the other side
		wants(t, err, "state-conflict")
		_, err = w.Check(ctx, w.away1, x.ID, CheckRequest{Count: 2, Total: x.Total})
		must(t, err)
		x, err = w.Confirm(ctx, w.away2, x.ID)
		must(t, err)
		if x.State != Agreed {
			t.Errorf("%s", x.State)
		}
		w.sound(t)
	})
}

// Money that is asked back and money that has come are two items, each on the statement of its day.
func TestWhatComesBackIsStated(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		c := w.claim(t, "lab", 300*schemetest.Yuan)
		w.do(t, c.ID, "pay")
		_, err := w.vouchers.Do(ctx, w.home1, c.ID, "recover", voucher.VerbRequest{Note: "材料不实", Amount: 120 * schemetest.Yuan})
		must(t, err)
		_, err = w.vouchers.Do(ctx, w.home1, c.ID, "receive", voucher.VerbRequest{Note: "回单 1", Amount: 50 * schemetest.Yuan})
		must(t, err)
		must(t, w.Sweep(ctx))
		list, err := listStatements(ctx, d, &db.Where{}, "", 10)
		must(t, err)
		items, err := w.Items(ctx, d, list[0])
		must(t, err)
		got := ByPayer(items)["330400"]
		if got.Count != 4 || got.Recovered != 120*schemetest.Yuan || got.Received != 50*schemetest.Yuan || got.Net() != 250*schemetest.Yuan {
			t.Errorf("stated %+v", got)
		}
		w.sound(t)
	})
}

// A list that differs raises breaks; what agrees goes on, and the break is carried until a later entry corrects it. A statement
// that was closed is not touched.
func TestBreaksAreCarried(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		first, second := w.claim(t, "lab", 300*schemetest.Yuan), w.claim(t, "lab", 200*schemetest.Yuan)
		w.do(t, first.ID, "pay")
		x, err := w.Close(ctx, w.home1, w.only(t, Open).ID) // cut short on the day
		must(t, err)
		if x.To != "2026-10-20" || x.Count != 3 {
			t.Fatalf("%+v", x)
		}
		list := "事项,兑付编号,金额\n应付," + first.Number + ",300\n支付," + first.Number + ",299.99\n应付,DF-UNKNOWN,5\n"
		_, err = w.Compare(ctx, w.away1, x.ID, "list.csv", strings.NewReader("事项,兑付编号,金额\n?,x,1\n"))
		wants(t, err, "list-refused")
		for range 2 { // the second time gives way to itself
			_, err = w.Compare(ctx, w.away1, x.ID, "list.csv", strings.NewReader(list))
			must(t, err)
		}
		breaks, err := breaksOf(ctx, d, x.ID)
		must(t, err)
		found := map[string]Break{}
		for _, b := range breaks {
			if b.Stands() {
				found[b.Kind] = b
			}
		}
		if len(found) != 3 || found[AmountDiffers].Listed != 29_999 || found[OnlyStatement].Number != second.Number || found[OnlyList].Number != "DF-UNKNOWN" || found[AmountDiffers].Owner != "330400" || found[AmountDiffers].DueOn != "2026-11-04" {
			t.Fatalf("%+v", found)
		}
		_, err = w.Check(ctx, w.away1, x.ID, CheckRequest{Count: 1, Total: 300 * schemetest.Yuan})
		must(t, err)
		_, err = w.Dispute(ctx, w.home1, x.ID, found[OnlyStatement].Key(), "")
		wants(t, err, "reason-needed")
		_, err = w.Dispute(ctx, w.home1, x.ID, found[OnlyStatement].Key(), "重复登记")
		must(t, err)
		_, err = w.Check(ctx, w.home1, x.ID, CheckRequest{Count: 2, Total: 600 * schemetest.Yuan})
		must(t, err)
		w.sound(t)

		w.do(t, second.ID, "refuse") // the same day, after the close: it lands in the next window
		w.clock.Set(time.Date(2026, 11, 3, 2, 0, 0, 0, time.UTC))
		next := w.only(t, Open)
		items, err := w.Items(ctx, d, next)
		must(t, err)
		if next.From != "2026-10-21" || len(items) != 1 || items[0].Day != "2026-10-20" {
			t.Fatalf("%+v %+v", next, items)
		}
		carried, err := carriedInto(ctx, d, next)
		must(t, err)
		if len(carried) != 4 {
			t.Errorf("%d breaks are carried", len(carried))
		}
		w.answered(t, found[OnlyStatement], items[0].Key())
		again, err := w.Items(ctx, d, x)
		must(t, err)
		if now := SealOf(x.Low, x.High, x.Window(), again); now.Digest != x.Digest {
			t.Error("a closed statement has changed")
		}
		w.sound(t)
	})
}

// answered walks a break that home owns to its end.
func (w *world) answered(t *testing.T, b Break, fix string) {
	t.Helper()
	ctx := t.Context()
	_, err := w.DoBreak(ctx, w.away1, b.ID, "answer", BreakRequest{Note: "x"})
	wants(t, err, "other-side")
	_, err = w.DoBreak(ctx, w.home1, b.ID, "answer", BreakRequest{Note: "x", Fix: b.Key()})
	wants(t, err, "fix-unknown")
	for _, verb := range []string{"answer", "reject", "answer", "accept"} {
		by, r := w.home1, BreakRequest{Note: "已撤销", Fix: fix}
		if verb == "reject" || verb == "accept" {
			by, r = w.away1, BreakRequest{Note: "请再看"}
		}
		b, err = w.DoBreak(ctx, by, b.ID, verb, r)
		must(t, err)
	}
	if b.State != BreakResolved || b.EndedOn != "2026-11-03" {
		t.Errorf("%+v", b)
	}
	_, err = w.DoBreak(ctx, w.away1, b.ID, "withdraw", BreakRequest{Note: "x"})
	wants(t, err, "state-conflict")
}

// What is changed behind the module's back is found.
func TestVerifyFinds(t *testing.T) {
	d := dbtest.SQLite(t)
	w, ctx := newWorld(t, d), t.Context()
	c := w.claim(t, "lab", 300*schemetest.Yuan)
	w.do(t, c.ID, "pay")
	_, err := w.Close(ctx, w.home1, w.only(t, Open).ID)
	must(t, err)
	w.sound(t)
	for code, sql := range map[string]string{
		"settle.statement-seal":  `UPDATE settle_statement SET total = total + 1`,
		"settle.item-ledger":     `UPDATE settle_item SET amount = amount + 1 WHERE what = 'pay'`,
		"settle.two-sides":       `UPDATE settle_item SET amount = amount + 1 WHERE what = 'approve'`,
		"settle.movement-missed": `DELETE FROM settle_item WHERE what = 'pay'`,
		"settle.agreed-sides":    `UPDATE settle_statement SET state = 'agreed'`,
	} {
		if code == "settle.movement-missed" {
			w.clock.Advance(time.Hour)
			sql += `; UPDATE settle_statement SET closed_at = '` + db.Stamp(w.clock.Now()) + `'`
		}
		if !w.broken(t, sql, code) {
			t.Errorf("%s is not found after %s", code, sql)
		}
	}
	w.sound(t)
}

// broken tells whether a check finds a change, which is then undone.
func (w *world) broken(t *testing.T, sql, code string) bool {
	t.Helper()
	found := false
	undone := w.DB.InTx(t.Context(), tampered(sql, func(q db.Q) error {
		findings, err := w.Verify(t.Context(), q)
		for _, f := range findings {
			found = found || f.Code == code
		}
		return err
	}))
	if !errors.Is(undone, errUndone) {
		t.Fatal(undone)
	}
	return found
}

var errUndone = errors.New("undone")

// tampered runs statements, looks, and takes all back.
func tampered(statements string, look func(db.Q) error) func(context.Context, *db.Tx) error {
	return func(ctx context.Context, tx *db.Tx) error {
		for sql := range strings.SplitSeq(statements, "; ") {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		if err := look(tx); err != nil {
			return err
		}
		return errUndone
	}
}

// A statement is shown to both sides and to nobody else.
func TestBothSidesSee(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newWorld(t, d)
	w.claim(t, "lab", 300*schemetest.Yuan)
	x := w.only(t, Open)
	for _, by := range []identity.Subject{w.home1, w.away2} {
		v, err := w.view(t.Context(), by, x.ID)
		must(t, err)
		if len(v.Items) != 1 || v.Items[0].Orders != "DD-o1" || v.Sums["330400"].Owes() != 300*schemetest.Yuan || v.Region != by.Region {
			t.Errorf("%+v", v)
		}
	}
	_, err := w.Get(t.Context(), w.lab, x.ID)
	wants(t, err, "other-capacity")
}
