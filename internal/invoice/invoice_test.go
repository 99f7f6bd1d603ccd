package invoice

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

func TestNormalNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"26332000000012345678": "26332000000012345678", " 2633 2000-0000 1234 5678 ": "26332000000012345678", "２６３３２０００": "26332000",
		"033001900111 12345678": "03300190011112345678", "gb-9a7x21": "GB9A7X21", "12345": "", "": "", "一二三四五六": "", "1234567890123456789012345678901": "", "12;34567": "",
	} {
		if got := Normal(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A number is used once on the whole node, however many try at the same moment; the second is told of the first as far as
// it may know.
func TestANumberIsUsedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		policy, err := identity.NewPolicy()
		if err != nil {
			t.Fatal(err)
		}
		s := New(Deps{DB: d, Clock: clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)), Policy: policy})
		add := func(org, order, number string, amount money.Fen) error {
			inv := Invoice{ID: order + number, Order: order, OrderNumber: "DD-" + order, Buyer: "firm", Provider: org, Region: "330402"}
			return d.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
				return s.Add(ctx, tx, identity.Subject{Person: "p", Org: org}, inv, Draft{Number: number, IssuedOn: "2026-11-20", Amount: amount}, 10_000)
			})
		}
		var won atomic.Int64
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				switch err := add("lab", fmt.Sprint(i), "2633 2000 0001", 10_000); {
				case err == nil:
					won.Add(1)
				case !fault.Is(err, "invoice-used"):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d of 8 used the number", won.Load())
		}
		first, err := db.One[Invoice](t.Context(), d, `SELECT `+columns+` FROM invoice_invoice WHERE number = '263320000001'`)
		if err != nil {
			t.Fatal(err)
		}
		for org, want := range map[string]string{"lab": first.OrderNumber, "stranger": ""} {
			e := fault.Of(add(org, "x", "263320000001", 1))
			if e.Code != "invoice-used" || len(e.Fields) != 1 || (want != "") != (e.Fields[0].Args[0] == want) {
				t.Errorf("%s is told %+v", org, e)
			}
		}
		if err := add("lab", first.Order, "26332000 0002", 1); fault.Of(err).Code != "invoice-invalid" {
			t.Errorf("more than the price: %v", err)
		}
		for name, x := range map[string]Draft{"number": {"12", "2026-11-20", 1}, "issued_on": {"2633200099", "2026-11-22", 1}, "amount": {"2633200099", "2026-11-20", 0}} {
			if e := fault.Of(x.check("2026-11-21", 10)); len(e.Fields) != 1 || e.Fields[0].Name != name {
				t.Errorf("%s: %+v", name, e)
			}
		}
		if found, err := s.Verify(t.Context(), d); err != nil || len(found) > 0 {
			t.Errorf("verify: %+v %v", found, err)
		}
	})
}
