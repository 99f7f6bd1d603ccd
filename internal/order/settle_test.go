package order

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// However often a price falls, the voucher's part and the own part never grow and make it up to the fen.
func TestPartsOfALowerPriceAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		price := rapid.Int64Range(0, int64(maxPrice)).Draw(t, "price")
		o := Order{Price: money.Fen(price), Voucher: money.Fen(rapid.Int64Range(0, price).Draw(t, "voucher"))}
		o.Own = o.Price - o.Voucher
		for range rapid.IntRange(1, 4).Draw(t, "times") {
			before := o
			o.reprice(money.Fen(rapid.Int64Range(0, int64(o.Price)).Draw(t, "lower")))
			if o.Voucher+o.Own != o.Price || o.Voucher < 0 || o.Own < 0 || o.Voucher > before.Voucher || o.Own > before.Own {
				t.Fatalf("%d = %d + %d became %d = %d + %d", before.Price, before.Voucher, before.Own, o.Price, o.Voucher, o.Own)
			}
		}
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
