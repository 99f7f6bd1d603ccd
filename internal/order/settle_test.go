package order

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/state"
	"qiao/internal/voucher/scheme"
)

// However often a price falls, no part of a voucher and not the own part grows, and all make it up to the fen.
func TestPartsOfALowerPriceAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		price := money.Fen(rapid.Int64Range(0, int64(maxPrice)).Draw(t, "price"))
		o, rest := Order{Price: price}, price
		var parts []Part
		for i := range rapid.IntRange(0, 3).Draw(t, "programmes") {
			p := Part{Programme: string(rune('a' + i)), Way: rapid.SampledFrom([]string{scheme.Direct, scheme.Repay}).Draw(t, "way"), Amount: money.Fen(rapid.Int64Range(0, int64(rest)).Draw(t, "part"))}
			parts, rest = append(parts, p), rest-p.Amount
		}
		o.pay(parts)
		for range rapid.IntRange(1, 4).Draw(t, "times") {
			before := o
			o.reprice(money.Fen(rapid.Int64Range(0, int64(o.Price)).Draw(t, "lower")))
			if o.Voucher+o.Own != o.Price || o.Voucher < 0 || o.Own < 0 || o.Voucher > before.Voucher || o.Own > before.Own || o.Repaid > before.Repaid || o.Repaid > o.Own {
				t.Fatalf("%+v became %+v", before, o)
			}
			var sum money.Fen
			for i, p := range o.Parts() {
				if p.Amount < 0 || p.Amount > before.Parts()[i].Amount {
					t.Fatalf("part %d: %+v became %+v", i, before.Parts()[i], p)
				}
				sum += p.Amount
			}
			if sum != o.Voucher+o.Repaid || len(o.Parts()) != len(parts) {
				t.Fatalf("parts of %+v", o)
			}
		}
	})
}

func TestPayWithIsReadAsItWasWritten(t *testing.T) {
	for text, want := range map[string]struct {
		programmes []string
		way        string
	}{"": {nil, ""}, "a": {[]string{"a"}, scheme.Direct}, "a+b": {[]string{"a", "b"}, ""}, "a+b~refund": {[]string{"a", "b"}, scheme.Repay}} {
		if got := PayWith(want.programmes, want.way); got != text {
			t.Errorf("%v by %q is written %q, want %q", want.programmes, want.way, got, text)
		}
		programmes, way := payWith(text)
		if !slices.Equal(programmes, want.programmes) || way != want.way && want.way == scheme.Repay {
			t.Errorf("%q is read as %v by %q", text, programmes, way)
		}
	}
	if programmes, _ := payWith("a+b+a"); !slices.Equal(programmes, []string{"a", "b"}) {
		t.Errorf("a programme named twice pays twice: %v", programmes)
	}
}

// A firm that is repaid pays the whole price itself, settles it itself, and asks for its part afterwards.
func TestPayFirstAndBeRepaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ask := book(1, 9, 1)
		ask.Programme = PayWith([]string{"prog"}, scheme.Repay)
		o := w.place(firm(), ask)
		if o.Voucher != 0 || o.Own != o.Price || o.Repaid != o.Price/2 || !o.Held {
			t.Fatalf("placed %+v", o)
		}
		w.wellVerified()
		o = w.do(lab(), o, VerbAccept, VerbRequest{})
		w.clock.Set(at(1, 9, 0))
		o = w.do(lab(), o, VerbStart, VerbRequest{})
		w.clock.Set(at(1, 10, 0))
		o = w.do(lab(), o, VerbStop, VerbRequest{})
		o = w.do(lab(), o, VerbReport, VerbRequest{Note: "完成"})
		o = w.do(firm(), o, VerbConfirm, VerbRequest{})
		if claims, err := w.ForClaim(t.Context(), d, "lab"); err != nil || len(claims) != 1 { // the voucher module tells whose they are
			t.Errorf("the provider's: %v, %v", claims, err)
		}
		claims, err := w.ForRepay(t.Context(), d, "firm")
		if err != nil || len(claims) != 1 || claims[0].Provider != "lab" || claims[0].Price != o.Price {
			t.Errorf("the firm's: %+v, %v", claims, err)
		}
		if verbs := w.Verbs(lab(), o); !slices.ContainsFunc(verbs, func(s state.Step) bool { return s.Verb == VerbInvoice }) {
			t.Errorf("the provider may do %v", verbs)
		}
		w.wellVerified()
	})
}

func fen(n money.Fen) *money.Fen { return &n }

// disputed is a booking with a voucher whose report the buyer does not accept, with a picture of why.
func (w *world) disputed(day int) Order {
	w.t.Helper()
	o := w.reported(day)
	return w.do(firm(), o, VerbDispute, VerbRequest{Note: "少测了一组", Files: []Upload{{Name: "缺失.txt", Body: strings.NewReader("第三组没有数据")}}})
}

// A dispute ends at a sum that one side offered and the other agreed to: the price, the voucher's ledger and the lines say the
// same to the fen, and what was put aside beyond it is free again.
func TestADisputeIsSettledForLess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		refused := func(by identity.Subject, o Order, verb, code string, req VerbRequest) {
			t.Helper()
			if _, err := w.Do(t.Context(), by, o.ID, verb, req); !fault.Is(err, code) {
				t.Errorf("%s %+v: %v, want %s", verb, req, err, code)
			}
		}
		o := w.disputed(1)
		refused(firm(), o, VerbAgree, "no-offer", VerbRequest{})
		refused(lab(), o, VerbOffer, "verb-invalid", VerbRequest{})
		for _, final := range []money.Fen{-1, o.Price, o.Price + 1} {
			refused(lab(), o, VerbOffer, "verb-invalid", VerbRequest{Final: fen(final)})
		}
		w.do(firm(), o, VerbOffer, VerbRequest{Final: fen(o.Price / 3)})
		refused(firm(), o, VerbAgree, "no-offer", VerbRequest{})
		w.do(lab(), o, VerbOffer, VerbRequest{Final: fen(o.Price - 10_001), Note: "补一组要另付"})
		refused(lab(), o, VerbAgree, "no-offer", VerbRequest{})
		refused(firm(), o, VerbAgree, "offer-changed", VerbRequest{Final: fen(1)})
		refused(rival(), o, VerbOffer, "other-party", VerbRequest{Final: fen(1)})
		got, err := w.Get(t.Context(), lab(), o.ID)
		if err != nil || got.Offer == nil || got.Offer.Side != Provider || !got.answers(firm()) || got.answers(lab()) || len(got.Documents) != 1 || got.Documents[0].Kind != DisputeFile {
			t.Errorf("%+v %v", got, err)
		}
		before := o
		o = w.do(firm(), o, VerbAgree, VerbRequest{Final: fen(o.Price - 10_001)})
		if o.State != StateConfirmed || o.Price != before.Price-10_001 || o.Voucher+o.Own != o.Price || o.ConfirmedOn == "" {
			t.Errorf("settled: %+v", o)
		}
		if got, err = w.Get(t.Context(), firm(), o.ID); err != nil || got.Offer != nil || len(got.Current()) != 2 {
			t.Errorf("%+v %v", got, err)
		}
		if left, err := w.purse.left(t.Context(), d); err != nil || left != w.purse.fund-o.Voucher {
			t.Errorf("the purse has %v left: %v", left, err)
		}
		gone := w.disputed(2)
		w.do(lab(), gone, VerbOffer, VerbRequest{Final: fen(0), Note: "这次不收费"})
		if gone = w.do(firm(), gone, VerbAgree, VerbRequest{}); gone.Price != 0 || gone.Held || gone.Own != 0 {
			t.Errorf("for nothing: %+v", gone)
		}
		w.wellVerified()
	})
}

// The authority decides on a sum; what was received beyond it is given back before the order is settled, and receipts less
// refunds are what the buyer owes.
func TestASumIsAwardedAndTheRestGivenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ask := book(1, 9, 1)
		ask.Programme = ""
		o := w.place(firm(), ask)
		for _, verb := range []string{VerbAccept, VerbStart, VerbStop} {
			w.do(lab(), o, verb, VerbRequest{})
		}
		w.do(lab(), o, VerbReport, VerbRequest{Note: "见附表"})
		o = w.do(lab(), o, VerbPay, VerbRequest{Amount: o.Own})
		w.do(firm(), o, VerbDispute, VerbRequest{Note: "结果可疑"})
		w.do(firm(), o, VerbEscalate, VerbRequest{Note: "谈不拢"})
		refused := func(by identity.Subject, verb, code string, req VerbRequest) {
			t.Helper()
			if _, err := w.Do(t.Context(), by, o.ID, verb, req); !fault.Is(err, code) {
				t.Errorf("%s %+v: %v, want %s", verb, req, err, code)
			}
		}
		refused(officer(), VerbAward, "verb-invalid", VerbRequest{Final: fen(0), Note: "证据不足"})
		refused(officer(), VerbAward, "verb-invalid", VerbRequest{Final: fen(12_345)})
		refused(lab(), VerbAward, "other-capacity", VerbRequest{Final: fen(12_345), Note: "自己裁定"})
		received := o.Own
		if o = w.do(officer(), o, VerbAward, VerbRequest{Final: fen(12_345), Note: "只认可第一组"}); o.Own != 12_345 || o.State != StateConfirmed {
			t.Errorf("awarded: %+v", o)
		}
		refused(lab(), VerbSettle, "refund-due", VerbRequest{})
		refused(lab(), VerbRefund, "payment-invalid", VerbRequest{Amount: received - 12_344})
		refused(firm(), VerbRefund, "other-party", VerbRequest{})
		w.do(lab(), o, VerbRefund, VerbRequest{Amount: 55})
		w.do(lab(), o, VerbRefund, VerbRequest{})
		refused(lab(), VerbRefund, "refund-none", VerbRequest{})
		if paid, err := w.invoices.Paid(t.Context(), d, o.ID); err != nil || paid != o.Own {
			t.Errorf("received less given back is %v of %v: %v", paid, o.Own, err)
		}
		if o = w.do(lab(), o, VerbSettle, VerbRequest{}); o.State != StateSettled {
			t.Errorf("%s", o.State)
		}
		if found, err := w.invoices.Verify(t.Context(), d); err != nil || len(found) > 0 {
			t.Errorf("verify: %v %v", found, err)
		}
		w.wellVerified()
	})
}
