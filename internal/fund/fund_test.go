package fund

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// staff knows the people and organisations of the tests.
type staff struct{}

func (staff) Organisations(_ context.Context, _ db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := map[string]identity.Organisation{}
	for _, id := range ids {
		if id == "lab" || id == "firm" {
			out[id] = identity.Organisation{ID: id, NameZH: id}
		}
	}
	return out, nil
}

func (staff) Named(context.Context, db.Q, []string, []string) ([]identity.Organisation, error) {
	return nil, nil
}

func (staff) People(_ context.Context, _ db.Q, org string, _ ...string) ([]identity.PersonRef, error) {
	if org != "lab" {
		return nil, nil
	}
	return []identity.PersonRef{{ID: "head", Name: "周教授"}, {ID: "member", Name: "吴同学"}, {ID: "keeper", Name: "郑会计"}}, nil
}

func (staff) Names(_ context.Context, _ db.Q, people []string) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range people {
		out[p] = p
	}
	return out, nil
}

func keeper() identity.Subject {
	return identity.Subject{Person: "keeper", Org: "lab", Role: "admin", Capacities: []string{"provider"}}
}

func head() identity.Subject {
	return identity.Subject{Person: "head", Org: "lab", Role: "technician", Capacities: []string{"provider"}}
}

// world is the module with a group (head, member), a card of 1,000 yuan and a firm's prepaid account of 500.
type world struct {
	*Service
	t       *testing.T
	clock   *clock.Fake
	group   Group
	card    Card
	prepaid Card
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	table, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	now := clock.NewFake(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))
	w := &world{t: t, clock: now, Service: New(Deps{DB: d, Clock: now, Policy: table, Organisations: staff{}, Sample: true})}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	w.group, err = w.CreateGroup(ctx, keeper(), "材料课题组", "周教授")
	must(err)
	must(w.AddMember(ctx, head(), w.group.ID, "吴同学", false))
	w.card, err = w.OpenCard(ctx, keeper(), Card{Kind: KindCard, Number: "JF-1", Name: "国自然 2026", Group: w.group.ID, CapOrder: 60_000, CapMonth: 80_000, ApproveAbove: 30_000, Classes: "0101 02"})
	must(err)
	must(w.Deposit(ctx, keeper(), w.card.ID, 100_000, "校财 2026-17 号", "k1", false))
	w.prepaid, err = w.OpenCard(ctx, keeper(), Card{Kind: KindPrepaid, Number: "YC-1", Name: "某公司预存", Payer: "firm"})
	must(err)
	must(w.Deposit(ctx, keeper(), w.prepaid.ID, 50_000, "银行回单 88", "k1", false))
	return w
}

func (w *world) reserve(order, card, person, org string, amount money.Fen) error {
	return w.db.InTx(w.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return w.Reserve(ctx, tx, Reserve{Ask: Ask{Person: person, Org: org, Provider: "lab", Class: "010100", Amount: amount}, Order: order, Card: card, Key: order + "/r"})
	})
}

func (w *world) charge(order string, amount money.Fen) error {
	return w.db.InTx(w.t.Context(), func(ctx context.Context, tx *db.Tx) error { return w.Charge(ctx, tx, order, amount, order+"/c") })
}

func (w *world) release(order string) error {
	return w.db.InTx(w.t.Context(), func(ctx context.Context, tx *db.Tx) error { return w.Release(ctx, tx, order, order+"/l") })
}

func (w *world) has(card string, want Balance) {
	w.t.Helper()
	got, err := balances(w.t.Context(), w.db, []string{card})
	if err != nil || got[card] != want {
		w.t.Errorf("balance %+v (%v), want %+v", got[card], err, want)
	}
	found, err := w.Verify(w.t.Context(), w.db)
	if err != nil || len(found) > 0 {
		w.t.Errorf("verify: %v %v", found, err)
	}
}

func TestOrderOnACard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if err := w.reserve("o1", w.card.ID, "member", "lab", 30_000); err != nil {
			t.Fatal(err)
		}
		if err := w.reserve("o1", w.card.ID, "member", "lab", 30_000); err != nil {
			t.Errorf("the same key again: %v", err)
		}
		if err := w.reserve("o1", w.card.ID, "member", "lab", 20_000); !fault.Is(err, "idempotency-conflict") {
			t.Errorf("the same key for something else: %v", err)
		}
		w.has(w.card.ID, Balance{Available: 70_000, Reserved: 30_000})
		if err := w.charge("o1", 35_000); err != nil { // it cost more in the end
			t.Fatal(err)
		}
		if err := w.charge("o1", 35_000); err != nil {
			t.Errorf("charged again: %v", err)
		}
		w.has(w.card.ID, Balance{Available: 65_000, Spent: 35_000})
		if err := w.reserve("o2", w.card.ID, "head", "lab", 30_000); err != nil {
			t.Fatal(err)
		}
		if err := w.release("o2"); err != nil {
			t.Fatal(err)
		}
		if err := w.release("o2"); err != nil {
			t.Errorf("released again: %v", err)
		}
		if err := w.release("never"); err != nil {
			t.Errorf("nothing to release: %v", err)
		}
		w.has(w.card.ID, Balance{Available: 65_000, Spent: 35_000})
		st, err := w.StatementOf(t.Context(), d, []string{w.card.ID}, "2026-11")
		if err != nil || st.Opening != 0 || st.Closing != 65_000 || st.In != 100_000 || st.Spent != 35_000 || len(st.Entries) != 5 {
			t.Errorf("statement %+v, %v", st, err)
		}
		next, err := w.StatementOf(t.Context(), d, []string{w.card.ID}, "2026-12")
		if err != nil || next.Opening != 65_000 || next.Closing != 65_000 || len(next.Entries) != 0 {
			t.Errorf("the month after %+v, %v", next, err)
		}
	})
}

func TestCardRules(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for name, x := range map[string]struct {
			card, person, org, code string
			amount                  money.Fen
			class                   string
		}{
			"a stranger":        {w.card.ID, "stranger", "lab", "fund-foreign", 100, "0101"},
			"another firm":      {w.prepaid.ID, "p", "rival", "fund-foreign", 100, "0101"},
			"no such card":      {"none", "member", "lab", "no-card", 100, "0101"},
			"above an order":    {w.card.ID, "member", "lab", "fund-cap-order", 60_001, "0101"},
			"another class":     {w.card.ID, "member", "lab", "fund-class", 100, "0301"},
			"more than is left": {w.prepaid.ID, "p", "firm", "fund-too-little", 50_001, "0301"},
		} {
			err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				return w.Reserve(ctx, tx, Reserve{Ask: Ask{x.person, x.org, "lab", x.class, x.amount}, Order: name, Card: x.card, Key: name})
			})
			if !fault.Is(err, x.code) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := w.reserve("m1", w.card.ID, "head", "lab", 50_000); err != nil {
			t.Fatal(err)
		}
		if err := w.reserve("m2", w.card.ID, "head", "lab", 30_001); !fault.Is(err, "fund-cap-month") {
			t.Errorf("above a month: %v", err)
		}
		w.clock.Set(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
		if err := w.reserve("m3", w.card.ID, "head", "lab", 30_001); err != nil {
			t.Errorf("the month after: %v", err)
		}
		if err := w.SetLimits(t.Context(), keeper(), w.card.ID, Limits{To: "2026-12-31", Frozen: true}); err != nil {
			t.Fatal(err)
		}
		if err := w.reserve("m4", w.card.ID, "head", "lab", 100); !fault.Is(err, "fund-frozen") {
			t.Errorf("frozen: %v", err)
		}
		if err := w.SetLimits(t.Context(), keeper(), w.card.ID, Limits{To: "2026-11-30"}); err != nil {
			t.Fatal(err)
		}
		list, err := w.Choices(t.Context(), d, Ask{Person: "head", Org: "lab", Provider: "lab", Class: "0101", Amount: 100})
		if err != nil || len(list) != 1 || !fault.Is(list[0].Why, "fund-expired") {
			t.Errorf("choices %+v, %v", list, err)
		}
		if err := w.Deposit(t.Context(), keeper(), w.prepaid.ID, 50_001, "退款单", "k2", true); !fault.Is(err, "fund-too-little") {
			t.Errorf("a refund of more than there is: %v", err)
		}
		if err := w.Deposit(t.Context(), keeper(), w.prepaid.ID, 100, " ", "k3", false); !fault.Is(err, "fund-deposit") {
			t.Errorf("without evidence: %v", err)
		}
		if err := w.Deposit(t.Context(), head(), w.prepaid.ID, 100, "x", "k4", false); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("not the keeper: %v", err)
		}
	})
}

func TestHeadApproves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, order := range []string{"yes", "no"} {
			if err := w.reserve(order, w.card.ID, "member", "lab", 30_001); err != nil {
				t.Fatal(err)
			}
			if err := w.Ready(t.Context(), d, order); !fault.Is(err, "fund-pending") {
				t.Errorf("before: %v", err)
			}
			if tasks, err := w.Tasks(t.Context(), head()); err != nil || len(tasks) != 1 {
				t.Errorf("tasks %v, %v", tasks, err)
			}
			if err := w.Decide(t.Context(), keeper(), order, true, ""); !fault.Is(err, "no-fund-hold") {
				t.Errorf("somebody else: %v", err)
			}
			if err := w.Decide(t.Context(), head(), order, order == "yes", "预算已满"); err != nil {
				t.Fatal(err)
			}
			if err := w.Decide(t.Context(), head(), order, true, ""); !fault.Is(err, "fund-decided") {
				t.Errorf("twice: %v", err)
			}
		}
		if err := w.Ready(t.Context(), d, "yes"); err != nil {
			t.Errorf("approved: %v", err)
		}
		if err := w.Ready(t.Context(), d, "no"); !fault.Is(err, "fund-refused") {
			t.Errorf("refused: %v", err)
		}
		if err := w.charge("no", 100); !fault.Is(err, "fund-not-reserved") {
			t.Errorf("charge what was refused: %v", err)
		}
		w.has(w.card.ID, Balance{Available: 69_999, Reserved: 30_001})
	})
}

// 64 rivals for the money of five on one account: five win, nothing is overspent.
func TestRivalsNeverOverspend(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var wait sync.WaitGroup
		errs := make([]error, 64)
		for i := range errs {
			wait.Go(func() { errs[i] = w.reserve(fmt.Sprintf("o%d", i), w.prepaid.ID, "p", "firm", 10_000) })
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
		if won != 5 {
			t.Errorf("%d of 64 won, the account pays 5", won)
		}
		w.has(w.prepaid.ID, Balance{Reserved: 50_000})
	})
}

// The floor stands in the database, whatever the code does.
func TestFloorStands(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return move(ctx, tx, w.card.ID, partAvailable, -100_001)
		})
		if err == nil {
			t.Error("an account went below its floor")
		}
		w.has(w.card.ID, Balance{Available: 100_000})
	})
}

// Any history of deposits, reservations, charges and releases keeps every balance equal to its entries and never below zero.
func TestAnyHistory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			var open []string
			for range rapid.IntRange(1, 6).Draw(rt, "steps") {
				amount := money.Fen(rapid.Int64Range(1, 60_000).Draw(rt, "amount"))
				n++
				switch rapid.IntRange(0, 3).Draw(rt, "what") {
				case 0:
					_ = w.Deposit(t.Context(), keeper(), w.prepaid.ID, amount, "回单", fmt.Sprint("h", n), rapid.Bool().Draw(rt, "refund"))
				case 1:
					if id := fmt.Sprint("h", n); w.reserve(id, w.prepaid.ID, "p", "firm", amount) == nil {
						open = append(open, id)
					}
				case 2:
					if len(open) > 0 {
						_ = w.charge(open[0], amount)
					}
				case 3:
					if len(open) > 0 {
						_ = w.release(open[len(open)-1])
					}
				}
			}
		})
		found, err := w.Verify(t.Context(), d)
		if err != nil || len(found) > 0 {
			t.Errorf("verify: %v %v", found, err)
		}
	})
}

func TestIncomeIsDivided(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if _, err := w.SetSplit(t.Context(), keeper(), "", "校设〔2026〕9 号", []Share{{"学校", 3_333}, {"中心", 3_333}, {"机组", 3_334}}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.SetSplit(t.Context(), keeper(), "", "又一份", []Share{{"学校", 10_000}}); !fault.Is(err, "fund-split-day") {
			t.Errorf("two rules of one day: %v", err)
		}
		if _, err := w.SetSplit(t.Context(), keeper(), "2026-12-01", "x", []Share{{"学校", 9_999}}); !fault.Is(err, "fund-split") {
			t.Errorf("not a whole: %v", err)
		}
		for range 2 {
			err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				if err := w.Earned(ctx, tx, Income{Order: "o1", Number: "DD1", Provider: "lab", Buyer: "lab", Inside: true, Amount: 100, Minutes: 60, Day: "2026-11-23"}); err != nil {
					return err
				}
				return w.Earned(ctx, tx, Income{Order: "o2", Number: "DD2", Provider: "lab", Buyer: "firm", Amount: 1_000, Minutes: 30, Day: "2026-11-23"})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		x, ok, err := w.IncomeOf(t.Context(), d, "o1") // 33.33, 33.33, 33.34 fen: down is 33 each, the fen left is the first's
		if err != nil || !ok || len(x.Parts) != 3 || x.Parts[0].Amount != 34 || x.Parts[1].Amount != 33 || x.Parts[2].Amount != 33 {
			t.Errorf("%+v, %v", x, err)
		}
		list, err := incomes(t.Context(), d, "lab", "2026-11-01", "2026-11-30")
		m := months(list)
		if err != nil || len(m) != 1 || m[0].Inside != 100 || m[0].Outside != 1_000 || m[0].InsideMinutes != 60 || m[0].OutsideMinute != 30 || m[0].Orders != 2 {
			t.Errorf("%+v, %v", m, err)
		}
		w.has(w.card.ID, Balance{Available: 100_000})
	})
}

func TestDivideAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := money.Fen(rapid.Int64Range(0, int64(maxAmount)).Draw(t, "amount"))
		left := int64(10_000)
		var shares []Share
		for left > 0 && len(shares) < 9 {
			n := rapid.Int64Range(0, left).Draw(t, "weight")
			shares, left = append(shares, Share{"份", n}), left-n
		}
		if left > 0 {
			shares = append(shares, Share{"份", left})
		}
		var sum money.Fen
		for _, x := range Divide(amount, shares) {
			if sum += x; x < 0 {
				t.Fatalf("a share of %d", x)
			}
		}
		if sum != amount {
			t.Fatalf("%d divided is %d", amount, sum)
		}
	})
}

func FuzzShares(f *testing.F) {
	for _, s := range []string{"学校 30\n中心 50\n机组 20", "学校：30%", "30", "a -1", "a 1e9\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		shares, ok := parseShares(text)
		for _, x := range shares {
			if x.Weight < 0 || !ok {
				t.Fatalf("%+v", x)
			}
		}
	})
}
