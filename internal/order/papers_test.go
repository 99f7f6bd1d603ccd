package order

import (
	"context"
	"strings"
	"testing"

	"qiao/internal/contract"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// officer decides in the region of the instrument.
func officer() identity.Subject {
	return identity.Subject{Person: "p-officer", Org: "gov", OrgStatus: identity.StatusVerified, Role: "officer", Region: "330400", Capacities: []string{"authority"}}
}

// reported is a booking with a voucher whose report is there.
func (w *world) reported(day int) Order {
	w.t.Helper()
	o := w.place(firm(), book(day, 9, 1))
	w.do(lab(), o, VerbAccept, VerbRequest{})
	w.do(lab(), o, VerbStart, VerbRequest{})
	w.do(lab(), o, VerbStop, VerbRequest{})
	return w.do(lab(), o, VerbReport, VerbRequest{Note: "见附表"})
}

// A report is disputed: the sides settle it between themselves, or the authority decides; the voucher's part stays held
// until then, and is used or given back by what becomes of it.
func TestDisputes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		refused := func(by identity.Subject, o Order, verb, code string) {
			t.Helper()
			if _, err := w.Do(t.Context(), by, o.ID, verb, VerbRequest{Note: "理由"}); !fault.Is(err, code) {
				t.Errorf("%s: %v, want %s", verb, err, code)
			}
		}
		o := w.reported(1)
		if _, err := w.Do(t.Context(), firm(), o.ID, VerbDispute, VerbRequest{}); !fault.Is(err, "verb-invalid") {
			t.Errorf("a dispute without reasons: %v", err)
		}
		o = w.do(firm(), o, VerbDispute, VerbRequest{Note: "少测了一组"})
		if !o.Held || o.State != StateDisputed || o.Due == "" {
			t.Errorf("disputed: %+v", o)
		}
		refused(officer(), o, VerbUphold, "state-conflict")
		o = w.do(lab(), o, VerbRedo, VerbRequest{Note: "补测"})
		o = w.do(lab(), o, VerbReport, VerbRequest{Note: "补测后的结果"})
		o = w.do(firm(), o, VerbConfirm, VerbRequest{})
		if o.State != StateConfirmed {
			t.Errorf("after doing it again: %s", o.State)
		}
		upheld := w.reported(2)
		w.do(firm(), upheld, VerbDispute, VerbRequest{Note: "结果可疑"})
		w.do(firm(), upheld, VerbEscalate, VerbRequest{Note: "谈不拢"})
		refused(lab(), upheld, VerbUphold, "other-capacity")
		if upheld = w.do(officer(), upheld, VerbUphold, VerbRequest{Note: "复核无误"}); upheld.State != StateConfirmed || !upheld.Held || upheld.ConfirmedOn == "" {
			t.Errorf("upheld: %+v", upheld)
		}
		annulled := w.reported(3)
		w.do(firm(), annulled, VerbDispute, VerbRequest{Note: "没有做"})
		w.do(lab(), annulled, VerbEscalate, VerbRequest{Note: "请裁定"})
		if annulled = w.do(officer(), annulled, VerbAnnul, VerbRequest{Note: "证据不足"}); annulled.State != StateCancelled || annulled.Held {
			t.Errorf("annulled: %+v", annulled)
		}
		w.wellVerified()
	})
}

// A provider may work under signed contracts only: both sides sign the text they have read.
func TestWorkUnderAContract(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		above := money.Fen(0)
		if err := w.contracts.SetRule(t.Context(), lab(), &above); err != nil {
			t.Fatal(err)
		}
		o := w.place(firm(), book(1, 9, 1))
		w.do(lab(), o, VerbAccept, VerbRequest{})
		if _, err := w.Do(t.Context(), lab(), o.ID, VerbStart, VerbRequest{}); !fault.Is(err, "contract-missing") {
			t.Errorf("started without a contract: %v", err)
		}
		first, err := w.contracts.Offer(t.Context(), lab(), o.ID, usual())
		if err != nil {
			t.Fatal(err)
		}
		w.do(firm(), o, VerbSign, VerbRequest{Hash: first.SHA256})
		terms := usual()
		terms.Secret = 5
		second, err := w.contracts.Offer(t.Context(), firm(), o.ID, terms)
		if err != nil || second.Version != 2 || second.Number != first.Number || second.SHA256 == first.SHA256 {
			t.Fatalf("%+v %v", second, err)
		}
		if _, err := w.Do(t.Context(), lab(), o.ID, VerbSign, VerbRequest{Hash: first.SHA256}); !fault.Is(err, "contract-changed") {
			t.Errorf("signed what was not read: %v", err)
		}
		w.do(lab(), o, VerbSign, VerbRequest{Hash: second.SHA256})
		if _, err := w.Do(t.Context(), lab(), o.ID, VerbSign, VerbRequest{}); !fault.Is(err, "contract-twice") {
			t.Errorf("signed twice: %v", err)
		}
		if _, err := w.Do(t.Context(), lab(), o.ID, VerbStart, VerbRequest{}); !fault.Is(err, "contract-missing") {
			t.Errorf("started with one signature: %v", err)
		}
		w.do(firm(), o, VerbSign, VerbRequest{})
		if _, err := w.contracts.Offer(t.Context(), firm(), o.ID, terms); !fault.Is(err, "contract-signed") {
			t.Errorf("changed what both signed: %v", err)
		}
		w.do(lab(), o, VerbStart, VerbRequest{})
		if found, err := w.contracts.Verify(t.Context(), d); err != nil || len(found) > 0 {
			t.Errorf("verify: %v %v", found, err)
		}
	})
}

// An invoice comes with the order; its number counts once for all.
func TestInvoicesOfAnOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, b := w.reported(1), w.reported(2)
		if _, err := w.Do(t.Context(), lab(), a.ID, VerbInvoice, VerbRequest{Number: "2633 2000 0000 1234 5678"}); !fault.Is(err, "state-conflict") {
			t.Errorf("invoiced before the bill was fixed: %v", err)
		}
		w.do(firm(), a, VerbConfirm, VerbRequest{})
		w.do(firm(), b, VerbConfirm, VerbRequest{})
		a = w.do(lab(), a, VerbInvoice, VerbRequest{Number: "2633 2000 0000 1234 5678"})
		list, err := w.invoices.Of(t.Context(), d, a.ID)
		if err != nil || len(list) != 1 || list[0].Amount != a.Price || list[0].IssuedOn != "2026-11-23" {
			t.Errorf("%+v %v", list, err)
		}
		if _, err := w.Do(t.Context(), lab(), b.ID, VerbInvoice, VerbRequest{Number: "26332000-000012345678"}); !fault.Is(err, "invoice-used") || fault.Of(err).Fields[0].Args[0] != a.Number {
			t.Errorf("used twice: %v", err)
		}
		if _, err := w.Do(t.Context(), lab(), a.ID, VerbInvoice, VerbRequest{Number: "26332000000099999999"}); !fault.Is(err, "invoice-invalid") {
			t.Errorf("more than the price: %v", err)
		}
		file := func(amount string) VerbRequest {
			text := `<EInvoice><TaxSupervisionInfo><InvoiceNumber>26332000000012345699</InvoiceNumber><IssueTime>2026-11-22 09:00:00</IssueTime></TaxSupervisionInfo>
				<EInvoiceData><BasicInformation><TotalTax-includedAmount>` + amount + `</TotalTax-includedAmount></BasicInformation></EInvoiceData></EInvoice>`
			return VerbRequest{Files: []Upload{{Name: "数电票.xml", Body: strings.NewReader(text)}}}
		}
		wrong := file(b.Price.Yuan())
		wrong.Number, wrong.Amount = "26332000000012345698", b.Price-1
		if _, err := w.Do(t.Context(), lab(), b.ID, VerbInvoice, wrong); !fault.Is(err, "einvoice-differs") || len(fault.Of(err).Fields) != 2 {
			t.Errorf("typed otherwise than in the file: %v", err)
		}
		if _, err := w.Do(t.Context(), lab(), b.ID, VerbInvoice, file((b.Price + 1).Yuan())); !fault.Is(err, "invoice-invalid") || fault.Of(err).Fields[0].Name != "amount" {
			t.Errorf("the file is of more than the order: %v", err)
		}
		w.do(lab(), b, VerbInvoice, file((b.Price - 100).Yuan()))
		if list, err = w.invoices.Of(t.Context(), d, b.ID); err != nil || len(list) != 1 || !list[0].Checked || list[0].IssuedOn != "2026-11-22" || list[0].Amount != b.Price-100 {
			t.Errorf("%+v %v", list, err)
		}
	})
}

// What was received is recorded in parts that never exceed what the buyer owes; an order with a part missing is not settled.
func TestPayments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ask := book(1, 9, 1)
		ask.Programme = ""
		o := w.place(firm(), ask)
		for _, verb := range []string{VerbAccept, VerbStart, VerbStop} {
			w.do(lab(), o, verb, VerbRequest{})
		}
		w.do(lab(), o, VerbReport, VerbRequest{Note: "见附表"})
		o = w.do(firm(), o, VerbConfirm, VerbRequest{})
		refused := func(verb, code string, req VerbRequest) {
			t.Helper()
			if _, err := w.Do(t.Context(), lab(), o.ID, verb, req); !fault.Is(err, code) {
				t.Errorf("%s %+v: %v, want %s", verb, req, err, code)
			}
		}
		o = w.do(lab(), o, VerbPay, VerbRequest{Amount: o.Own / 3})
		refused(VerbSettle, "not-paid-up", VerbRequest{})
		refused(VerbPay, "payment-invalid", VerbRequest{Amount: o.Own})
		refused(VerbPay, "payment-invalid", VerbRequest{Amount: -1})
		refused(VerbPay, "payment-invalid", VerbRequest{Amount: 1, PaidOn: "2027-01-01"})
		refused(VerbPay, "payment-invalid", VerbRequest{Amount: 1, Way: "gold"})
		o = w.do(lab(), o, VerbPay, VerbRequest{})
		if paid, err := w.invoices.Paid(t.Context(), d, o.ID); err != nil || paid != o.Own {
			t.Errorf("paid %v of %v: %v", paid, o.Own, err)
		}
		refused(VerbPay, "payment-invalid", VerbRequest{})
		if o = w.do(lab(), o, VerbSettle, VerbRequest{}); o.State != StateSettled {
			t.Errorf("%s", o.State)
		}
		w.wellVerified()
	})
}

// usual is what most test orders agree on.
func usual() contract.Terms {
	return contract.Terms{Data: "buyer", Result: "buyer", Publish: "agreed", Secret: 3, Rest: "return"}
}

// A side signs with its electronic seal: under the text it has read, once; anybody can check it, and a change is found.
func TestSealedContract(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.place(firm(), book(1, 9, 1))
		w.do(lab(), o, VerbAccept, VerbRequest{})
		refused := func(by identity.Subject, code string, req VerbRequest) {
			t.Helper()
			req.Seal = true
			if _, err := w.Do(t.Context(), by, o.ID, VerbSign, req); !fault.Is(err, code) {
				t.Errorf("%v, not %s", err, code)
			}
		}
		refused(firm(), "no-contract", VerbRequest{})
		c, err := w.contracts.Offer(t.Context(), lab(), o.ID, usual())
		if err != nil {
			t.Fatal(err)
		}
		refused(firm(), "contract-changed", VerbRequest{Hash: "of another text"})
		for range 2 { // sent twice, as by a double click
			w.do(firm(), o, VerbSign, VerbRequest{Seal: true, Hash: c.SHA256, Key: "once"})
		}
		refused(firm(), "contract-twice", VerbRequest{})
		w.do(lab(), o, VerbSign, VerbRequest{})
		if signed, err := w.contracts.Signed(t.Context(), d, o.ID); err != nil || !signed {
			t.Error("not signed", err)
		}
		if found, err := w.contracts.Verify(t.Context(), d); err != nil || len(found) > 0 {
			t.Errorf("verify: %v %v", found, err)
		}
		err = d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE contract_seal SET public = 'of somebody else'`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if found, err := w.contracts.Verify(t.Context(), d); err != nil || len(found) != 1 || found[0].Code != "contract.seal" {
			t.Errorf("verify after a change: %v %v", found, err)
		}
	})
}
