package order

import (
	"context"
	"sync"
	"testing"

	"qiao/internal/booking"
	"qiao/internal/fund"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// inhouse knows the people of the laboratory.
type inhouse struct{ names }

func (inhouse) Named(context.Context, db.Q, []string, []string) ([]identity.Organisation, error) {
	return nil, nil
}

func (inhouse) People(context.Context, db.Q, string, ...string) ([]identity.PersonRef, error) {
	return []identity.PersonRef{{ID: "p-lab", Name: "钱检测"}, {ID: "p-head", Name: "周教授"}}, nil
}

func (inhouse) Names(context.Context, db.Q, []string) (map[string]string, error) { return nil, nil }

// carded is the world with cards: a group's of 3,000 yuan whose head approves above 1,000, and the firm's account of 2,000.
func carded(t *testing.T, d *db.DB) (w *world, funds *fund.Service, card, account fund.Card) {
	t.Helper()
	w = newWorld(t, d)
	funds = fund.New(fund.Deps{DB: d, Clock: w.clock, Policy: w.policy, Organisations: inhouse{}, Sample: true})
	w.funds = funds
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	g, err := funds.CreateGroup(t.Context(), lab(), "表面分析组", "周教授")
	must(err)
	must(funds.AddMember(t.Context(), lab(), g.ID, "钱检测", false))
	card, err = funds.OpenCard(t.Context(), lab(), fund.Card{Kind: fund.KindCard, Number: "1", Name: "基金", Group: g.ID, ApproveAbove: 100_000})
	must(err)
	must(funds.Deposit(t.Context(), lab(), card.ID, 300_000, "下达 1 号", "k", false))
	account, err = funds.OpenCard(t.Context(), lab(), fund.Card{Kind: fund.KindPrepaid, Number: "2", Name: "预存", Payer: "firm"})
	must(err)
	must(funds.Deposit(t.Context(), lab(), account.ID, 200_000, "回单 2", "k", false))
	return w, funds, card, account
}

func (w *world) kept(o Order, state string, amount money.Fen) {
	w.t.Helper()
	k, err := w.funds.Kept(w.t.Context(), w.db, []string{o.ID})
	if err != nil || k[o.ID] != (fund.Kept{State: state, Amount: amount}) {
		w.t.Errorf("the card keeps %+v (%v), want %s %v", k[o.ID], err, state, amount)
	}
	w.wellVerified()
}

// The firm's own part is put aside on its account, charged at the end, the voucher's part beside it.
func TestPrepaidPaysTheOwnPart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, _, _, account := carded(t, d)
		req := book(1, 9, 2)
		req.Fund = account.ID
		o := w.place(firm(), req)
		w.kept(o, fund.HoldReserved, 30_000)
		w.do(lab(), o, VerbAccept, VerbRequest{})
		w.clock.Set(at(1, 9, 0))
		w.do(lab(), o, VerbStart, VerbRequest{})
		w.clock.Set(at(1, 11, 0))
		w.do(lab(), o, VerbStop, VerbRequest{})
		w.do(lab(), o, VerbReport, VerbRequest{Note: "完成"})
		w.do(firm(), o, VerbConfirm, VerbRequest{})
		w.kept(o, fund.HoldCharged, 30_000)

		req = book(2, 9, 2)
		req.Fund = account.ID
		o = w.place(firm(), req)
		w.do(firm(), o, VerbCancel, VerbRequest{})
		w.kept(o, fund.HoldReleased, 0)

		req.Fund = "nothing"
		if _, err := w.Place(t.Context(), firm(), req); !fault.Is(err, "no-card") {
			t.Errorf("an unknown card: %v", err)
		}
		if slot := w.slot(2, 9); slot != booking.SlotFree {
			t.Errorf("the slot of an order that could not be paid is %s", slot)
		}
	})
}

// Above the limit the provider cannot accept until the head has said yes; a no gives the money back.
func TestHeadDecidesBeforeTheProvider(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, funds, card, _ := carded(t, d)
		req := PlaceRequest{Kind: KindBooking, Resource: "sem", Start: at(1, 9, 0), End: at(1, 13, 0), Fund: card.ID} // 4 × 300
		o := w.place(lab(), req)
		w.kept(o, fund.HoldPending, 120_000)
		if _, err := w.Do(t.Context(), lab(), o.ID, VerbAccept, VerbRequest{}); !fault.Is(err, "fund-pending") {
			t.Errorf("accepted before: %v", err)
		}
		head := identity.Subject{Person: "p-head", Org: "lab"}
		if err := funds.Decide(t.Context(), head, o.ID, true, ""); err != nil {
			t.Fatal(err)
		}
		w.do(lab(), o, VerbAccept, VerbRequest{})
		w.kept(o, fund.HoldReserved, 120_000)

		req.Start, req.End = at(2, 9, 0), at(2, 13, 0)
		o = w.place(lab(), req)
		if err := funds.Decide(t.Context(), head, o.ID, false, "预算不够"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Do(t.Context(), lab(), o.ID, VerbAccept, VerbRequest{}); !fault.Is(err, "fund-refused") {
			t.Errorf("accepted after a no: %v", err)
		}
		w.do(lab(), o, VerbCancel, VerbRequest{})
		w.kept(o, fund.HoldRefused, 0)
	})
}

// 64 rivals book 64 different hours on one account that pays six of them: six have slots, the others have nothing.
func TestRivalsForOneCard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, _, _, account := carded(t, d)
		var wait sync.WaitGroup
		errs := make([]error, 64)
		for i := range errs {
			resource := []string{"sem", "nmr"}[i/32]
			req := PlaceRequest{Kind: KindBooking, Resource: resource, Start: at(1+i%32/8, 9+i%8, 0), End: at(1+i%32/8, 10+i%8, 0), Fund: account.ID}
			wait.Go(func() { _, errs[i] = w.Place(t.Context(), firm(), req) })
		}
		wait.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case !fault.Is(err, "fund-too-little"):
				t.Errorf("a rival: %v", err)
			}
		}
		if won != 6 {
			t.Errorf("%d of 64 were paid by an account of six", won)
		}
		orders, _, err := w.List(t.Context(), firm(), ListRequest{Limit: 100})
		if err != nil || len(orders) != won {
			t.Errorf("%d orders, %d paid (%v)", len(orders), won, err)
		}
		w.wellVerified()
	})
}
