package voucher

import (
	"context"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
	"qiao/internal/voucher/scheme/schemetest"
)

// batched says in which batch a claim lies.
type batched map[string]string

func (b batched) InBatch(_ context.Context, _ db.Q, claim string) (string, error) {
	return b[claim], nil
}

// published brings a claim of 100 yuan, two thirds of which the authority pays and one third the neighbour, to the end of its notice.
func (w *world) published(t *testing.T, c cast) Claim {
	t.Helper()
	terms := schemetest.Plain(5000)
	terms.Funders = &scheme.Sourced[[]scheme.Share]{Value: []scheme.Share{{Weight: 2}, {Organisation: "neighbour", Weight: 1}}, Clause: schemetest.Clause()}
	p := w.programme(t, c.officer, terms)
	w.grant(t, c.firm, c.officer, p.ID, 1000*schemetest.Yuan)
	must(t, w.hold(t.Context(), "o", p.ID, c.firm, c.lab, 200*schemetest.Yuan, 100*schemetest.Yuan))
	must(t, w.use(t.Context(), "o", 100*schemetest.Yuan))
	w.confirmed("o", c.lab, "firm", 200*schemetest.Yuan)
	claim, err := w.Redeem(t.Context(), c.lab, RedeemRequest{Programme: p.ID, Orders: []string{"o"}, Documents: invoice()})
	must(t, err)
	for _, step := range []struct {
		by   identity.Subject
		verb string
	}{{c.officer, "verify"}, {c.officer2, "approve"}, {c.officer, "publish-notice"}} {
		claim, err = w.Do(t.Context(), step.by, claim.ID, step.verb, VerbRequest{})
		must(t, err)
	}
	return claim
}

// Each funder pays its part; the claim is paid with the last one, and owed again when the bank gives one back.
func TestPartsArePaidAndBounce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := batched{}
		w.payments = in
		c := w.cast()
		claim := w.published(t, c)
		move := func(do func(context.Context, *db.Tx, identity.Subject, Payment) (Claim, error), p Payment) (got Claim, err error) {
			p.Claim = claim.ID
			err = d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				got, err = do(ctx, tx, c.officer, p)
				return err
			})
			w.sound(t)
			return got, err
		}
		state := func(want string) {
			t.Helper()
			got, err := getClaim(t.Context(), d, claim.ID)
			must(t, err)
			if got.State != want {
				t.Fatalf("the claim is %s, not %s", got.State, want)
			}
		}
		big, small := Payment{Funder: "authority", Amount: 6667, Key: "1"}, Payment{Funder: "neighbour", Amount: 3333, Key: "1"}
		owed, err := w.OwedBy(t.Context(), d, "neighbour", w.today())
		must(t, err)
		if len(owed) != 1 || owed[0].Amount != 3333 || owed[0].Payee != "lab" {
			t.Fatalf("owed %+v", owed)
		}
		_, err = move(w.PayPart, Payment{Funder: "authority", Amount: 6666, Key: "1"})
		wants(t, err, "part-differs")
		for range 2 { // the second time changes nothing
			_, err = move(w.PayPart, big)
			must(t, err)
			state("published")
		}
		_, err = w.Do(t.Context(), c.officer, claim.ID, "refuse", VerbRequest{Note: "异议成立"})
		wants(t, err, "part-paid")
		in[claim.ID] = "BF1"
		_, err = w.Do(t.Context(), c.officer, claim.ID, "pay", VerbRequest{})
		wants(t, err, "claim-in-batch")
		delete(in, claim.ID)
		_, err = move(w.PayPart, small)
		must(t, err)
		state("paid")
		_, err = move(w.PayPart, Payment{Funder: "neighbour", Amount: 3333, Key: "2"})
		wants(t, err, "claim-not-payable")
		_, err = move(w.BouncePart, big)
		must(t, err)
		state("published")
		_, err = move(w.BouncePart, Payment{Funder: "authority", Amount: 6667, Key: "other"})
		wants(t, err, "part-not-paid")
		_, err = w.Do(t.Context(), c.officer, claim.ID, "pay", VerbRequest{}) // by hand: what is left
		must(t, err)
		state("paid")
		w.sound(t)
		_, err = w.Do(t.Context(), c.officer, claim.ID, "recover", VerbRequest{Note: "虚假材料"})
		must(t, err)
		w.sound(t)
		statementsAgree(t, w, "lab", "authority", 3)
	})
}

// statementsAgree compares what statements say with the accounts, for a period and for the days before and after.
func statementsAgree(t *testing.T, w *world, payee, funder string, least int) {
	t.Helper()
	total := func(query string, args ...any) Sums {
		var s Sums
		rows, err := db.All[sums](t.Context(), w.db, query, args...)
		must(t, err)
		for _, r := range rows {
			s.put(r.Part, r.Amount)
		}
		return s
	}
	ofPayee := total(`SELECT part, CAST(sum(balance) AS BIGINT) AS amount FROM voucher_account WHERE party = $1 GROUP BY part`, payee)
	ofFunder := total(`SELECT part, CAST(sum(balance) AS BIGINT) AS amount FROM voucher_account WHERE funder = $1 GROUP BY part`, funder)
	day := w.today()
	before := w.clock.Now().AddDate(0, 0, -1).Format(time.DateOnly)
	for _, x := range []struct {
		name string
		read func(context.Context, db.Q, string, string, string, string) (Movements, error)
		org  string
		want Sums
	}{{"payee", w.PayeeMovements, payee, ofPayee}, {"funder", w.FunderMovements, funder, ofFunder}} {
		m, err := x.read(t.Context(), w.db, x.org, "", day, day)
		must(t, err)
		if m.Closing != x.want || m.Opening != (Sums{}) || len(m.Lines) < least || m.Lines[len(m.Lines)-1].After != m.Closing {
			t.Fatalf("%s: %+v, want %+v", x.name, m, x.want)
		}
		if m, err = x.read(t.Context(), w.db, x.org, "", before, before); err != nil || m.Closing != (Sums{}) || len(m.Lines) != 0 {
			t.Fatalf("%s of the day before: %+v, %v", x.name, m, err)
		}
		if m, err = x.read(t.Context(), w.db, x.org, "none", day, day); err != nil || len(m.Lines) != 0 || m.Closing != (Sums{}) {
			t.Fatalf("%s of another programme: %+v, %v", x.name, m, err)
		}
	}
}

// A firm's statement begins with what there was, ends with what there is, and each line leads to the next.
func TestFirmMovements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		p := w.programme(t, c.officer, schemetest.Plain(5000))
		first := w.today()
		w.grant(t, c.firm, c.officer, p.ID, 1000*schemetest.Yuan)
		must(t, w.hold(t.Context(), "o1", p.ID, c.firm, c.lab, 200*schemetest.Yuan, 100*schemetest.Yuan))
		w.clock.Advance(48 * time.Hour)
		second := w.today()
		must(t, w.use(t.Context(), "o1", 60*schemetest.Yuan))
		must(t, w.hold(t.Context(), "o2", p.ID, c.firm, c.lab, 100*schemetest.Yuan, 50*schemetest.Yuan))
		w.clock.Advance(48 * time.Hour)
		must(t, w.release(t.Context(), "o2"))
		read := func(programme, from, to string) Movements {
			t.Helper()
			m, err := w.FirmMovements(t.Context(), d, "firm", programme, from, to)
			must(t, err)
			at := m.Opening
			for _, l := range m.Lines {
				if at = at.plus(l.Change, 1); at != l.After {
					t.Fatalf("after %s: %+v, want %+v", l.Kind, l.After, at)
				}
			}
			if at != m.Closing {
				t.Fatalf("closing %+v, want %+v", m.Closing, at)
			}
			return m
		}
		if m := read(p.ID, first, first); m.Opening != (Sums{}) || m.Closing != (Sums{Available: 900 * schemetest.Yuan, Held: 100 * schemetest.Yuan}) || len(m.Lines) != 2 || m.Lines[0].Grant == "" {
			t.Fatalf("first day %+v", m)
		}
		m := read("", second, second)
		if m.Opening.Available != 900*schemetest.Yuan || m.Closing != (Sums{Available: 890 * schemetest.Yuan, Held: 50 * schemetest.Yuan, Used: 60 * schemetest.Yuan}) || m.Lines[0].Order != "o1" {
			t.Fatalf("second day %+v", m)
		}
		pocket := w.pocket(t, "firm", p.ID)
		if m := read(p.ID, first, w.today()); m.Closing != (Sums{Available: pocket.Left, Held: pocket.Held, Used: money.Fen(60 * schemetest.Yuan)}) || len(m.Lines) != 5 {
			t.Fatalf("whole %+v", m)
		}
		w.sound(t)
	})
}
