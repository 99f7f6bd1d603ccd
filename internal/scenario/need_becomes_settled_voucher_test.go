package scenario

import (
	"context"
	"slices"
	"testing"

	"qiao/internal/demo"
	"qiao/internal/platform/money"
)

// One region, end to end: a firm registers, is verified, gets a voucher quota, states a need in its own
// words, accepts a candidate, books an instrument and commissions a test; the provider serves and reports; the
// firm confirms and rates; the provider redeems; two officers verify and approve; it is published and paid; the
// ledger balances, the public numbers have moved, everything is in the audit log.
func TestANeedBecomesASettledVoucher(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		before := w.numbers()
		cast := demo.Main()
		cast.Key, cast.Login, cast.Person, cast.Skip = "youche", "youche", "示例·沈精密", 8
		r, err := demo.Run(context.Background(), demo.Options{
			Client: demo.Client{Base: w.url, HTTP: w.client, Token: func(_ context.Context, login string) (string, error) { return w.tokenOf(login), nil }},
			Cast:   cast, Run: "scenario",
		})
		if err != nil {
			t.Fatalf("after %v: %v", r.Steps, err)
		}
		if !slices.Equal(r.Steps, demo.Steps()) {
			t.Errorf("told %v of %v", r.Steps, demo.Steps())
		}
		candidates(t, r)
		amounts(t, r)
		moved(t, before, w.numbers(), r)
		audited(t, w, r)
		w.verified()
	})
}

// candidates: instruments, services and experts are among them, each with its reasons.
func candidates(t *testing.T, r demo.Result) {
	t.Helper()
	kinds := map[string]int{}
	for _, c := range r.Candidates {
		kinds[c.Kind]++
		if c.Reasons == 0 {
			t.Errorf("the candidate %s has no reason", c.Name)
		}
	}
	if kinds["instrument"] == 0 || kinds["service"] == 0 {
		t.Errorf("candidates by kind: %v", kinds)
	}
	if r.Accepted == "" {
		t.Error("no candidate was accepted")
	}
}

// amounts: the voucher pays half of each order, rounded down, and the wallet and the claim say the same.
func amounts(t *testing.T, r demo.Result) {
	t.Helper()
	var used money.Fen
	for _, o := range []demo.Order{r.Booking, r.Commission} {
		if o.Voucher != o.Price/2 || o.Own != o.Price-o.Voucher || o.Price == 0 {
			t.Errorf("order %s: %s = %s + %s", o.Number, o.Price, o.Voucher, o.Own)
		}
		if o.State != "settled" {
			t.Errorf("order %s is %s at the end", o.Number, o.State)
		}
		used += o.Voucher
	}
	if r.Claimed != used || r.Wallet.Used != used || r.Wallet.Held != 0 || r.Wallet.Left != r.Granted-used || r.Wallet.Granted != r.Granted {
		t.Errorf("used %s, claimed %s, wallet %+v, granted %s", used, r.Claimed, r.Wallet, r.Granted)
	}
	if r.Booking.Minutes == 0 && r.Commission.Minutes == 0 {
		t.Error("no machine time was logged")
	}
}

// numbers are the region's public numbers by code: numerators, which only grow.
func (w *world) numbers() map[string]int64 {
	w.t.Helper()
	var list struct {
		Items []struct {
			Code      string `json:"code"`
			Numerator int64  `json:"numerator"`
		} `json:"items"`
	}
	w.call("", "GET", "/api/v1/numbers", nil).into(w.t, &list)
	out := map[string]int64{}
	for _, n := range list.Items {
		out[n.Code] = n.Numerator
	}
	return out
}

func moved(t *testing.T, before, after map[string]int64, r demo.Result) {
	t.Helper()
	for code, by := range map[string]int64{
		"orders":          2,
		"order-value":     int64(r.Booking.Price + r.Commission.Price),
		"voucher-granted": int64(r.Granted),
		"voucher-paid":    int64(r.Claimed),
		"machine-hours":   r.Booking.Minutes + r.Commission.Minutes,
		"match-rate":      1,
	} {
		if got := after[code] - before[code]; got != by {
			t.Errorf("the number %s moved by %d, want %d (%d → %d)", code, got, by, before[code], after[code])
		}
	}
}

// audited: each step of money has its entry, by different people where two are needed.
func audited(t *testing.T, w *world, r demo.Result) {
	t.Helper()
	page := w.page("auditor", "/desk/audit?kind=redemption&object="+r.Claim)
	for _, action := range []string{"redemption.verify", "redemption.approve", "redemption.publish-notice", "redemption.pay"} {
		if !contains(page, action) {
			t.Errorf("the audit log of the redemption does not tell of %s", action)
		}
	}
}
