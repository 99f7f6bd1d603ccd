//i18n:data an invented order

package record

import (
	"context"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// An order counts once, however often its events come, whatever was written by hand before or comes by spreadsheet after.
func TestAnOrderCountsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		byHand := w.made(FieldUser, w.Other.OrgName, FieldStart, "2026-11-03")
		served := Served{Number: "DD3304-20261103-0001", Provider: w.Lab.Org, Buyer: w.Other.Org, Region: "330402", Entry: Entry{Resource: "sem", Start: at(t, "2026-11-03 09:00"), End: db.NullAt(at(t, "2026-11-03 11:00").Time), Timed: true, Hours: 175, Fee: 88_000, Ways: "self"}}
		w.orders["o1"] = served
		follow := func(stars int64) Record {
			t.Helper()
			err := d.InTx(w.ctx(w.Lab), func(ctx context.Context, tx *db.Tx) error { return w.Follow(ctx, tx, "o1", stars) })
			if err != nil {
				t.Fatal(err)
			}
			r, _, err := recordOf(t.Context(), d, "o1")
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		if follow(0).ID != "" {
			t.Fatal("counted before it is confirmed")
		}
		served.Counts = true
		w.orders["o1"] = served
		r := follow(0)
		if r.Hours != 175 || r.Source != FromOrder || r.User != w.Other.OrgName || r.Revision != 1 {
			t.Fatalf("%+v", r)
		}
		if was, err := w.Get(t.Context(), w.Lab, byHand.ID); err != nil || was.State != Withdrawn {
			t.Error("written by hand, and counted beside the order", err)
		}
		if again := follow(0); again.Revision != 1 {
			t.Error("the same event changes something")
		}
		served.Invoice = "26000001"
		w.orders["o1"] = served
		if r = follow(5); r.Invoice != "26000001" || r.Opinion != "5" || r.Revision != 2 {
			t.Fatalf("%+v", r)
		}
		_, err := w.Make(w.ctx(w.Lab), w.Lab, FromForm, "", entry(FieldUser, w.Other.OrgName, FieldStart, "2026-11-03", FieldHours, "2"))
		if e := fault.Of(err); err == nil || e.Fields[0].Code != "twice-order" || e.Fields[0].Args[0] != served.Number {
			t.Errorf("told again by hand: %v", err)
		}
		if _, err := w.Withdraw(w.ctx(w.Lab), w.Lab, r.ID, "不要"); !fault.Is(err, "record-of-order") {
			t.Errorf("an order's record is withdrawn: %v", err)
		}
		r, err = w.Correct(w.ctx(w.Lab), w.Lab, r.ID, "补课题", 0, func(f string) string {
			return map[string]string{FieldProject: "课题一", FieldIncomes: "B", FieldHours: "99", FieldFee: "1", FieldWays: "guided"}[f]
		})
		if err != nil || r.Hours != 175 || r.Fee != 88_000 || r.Project != "课题一" || r.Ways != "guided" || r.User != w.Other.OrgName {
			t.Fatalf("%v %+v", err, r)
		}
		if r = follow(0); r.Project != "课题一" {
			t.Error("what the owner wrote is gone")
		}
		w.sound()
	})
}
