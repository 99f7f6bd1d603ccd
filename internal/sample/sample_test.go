package sample

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// Whatever is done to a sample in whatever order: it is in one place, its amount is never negative and changes by what the
// step says, and nobody uses what is in another's hands.
func TestAnySampleIsInOnePlace(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := Sample{State: Declared, Amount: rapid.Int64Range(1, 9).Draw(rt, "amount")}
		people := []string{"li", "wang", "zhao"}
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			possible := Table().Verbs(s.State, Buyer, Provider)
			if len(possible) == 0 {
				return
			}
			verb := rapid.SampledFrom(possible).Draw(rt, "verb").Verb
			r := Request{Place: " 柜 ", Note: "说明", Carrier: "x", Login: "y", Keep: "2026-12-01", Amount: rapid.Int64Range(-1, 10).Draw(rt, "n")}
			by, to := rapid.SampledFrom(people).Draw(rt, "by"), rapid.SampledFrom(people).Draw(rt, "to")
			if r.check(verb, s, "2026-11-21") != nil {
				continue
			}
			after, change, err := apply(s, verb, r, by, to)
			if err != nil {
				continue
			}
			if after.Amount != s.Amount+change || after.Amount < 0 || (after.State == UsedUp) != (after.Amount == 0) {
				rt.Fatalf("%s: %d%+d gives %+v", verb, s.Amount, change, after)
			}
			if (after.Place != "") != (after.State == Stored) || (after.Holder != "") != (after.State == InUse) || after.Offered != "" && after.State != InUse {
				rt.Fatalf("%s: in two places or none: %+v", verb, after)
			}
			if s.Holder != "" && s.Holder != by && verb != VerbTakeOver {
				rt.Fatalf("%s by %s of what %s holds", verb, by, s.Holder)
			}
			if verb == VerbTakeOver && s.Offered != by {
				rt.Fatalf("taken over by %s what was offered to %s", by, s.Offered)
			}
			s = after
		}
	})
}

func TestDeclarations(t *testing.T) {
	good := Declaration{Name: "层合板", Hazard: "none", Storage: "room", Wish: WishReturn, Amount: 3, Unit: "piece"}
	for field, spoil := range map[string]func(*Declaration){
		"":           func(*Declaration) {},
		"name":       func(d *Declaration) { d.Name = "" },
		"own_number": func(d *Declaration) { d.OwnNumber = strings.Repeat("号", 51) },
		"hazard":     func(d *Declaration) { d.Hazard = "terrible" },
		"storage":    func(d *Declaration) { d.Storage = "" },
		"wish":       func(d *Declaration) { d.Wish = "keep" },
		"unit":       func(d *Declaration) { d.Unit = "barrel" },
		"amount":     func(d *Declaration) { d.Amount = 0 },
		"keep_until": func(d *Declaration) { d.KeepUntil = "2026-11-20" },
		"note":       func(d *Declaration) { d.Hazard = "other" },
	} {
		d := good
		spoil(&d)
		err := d.check("2026-11-21")
		if field == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if e := fault.Of(err); err == nil || len(e.Fields) != 1 || e.Fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// The code of a label is read by any scanner: three finder patterns stand in its corners, inside the quiet zone.
func TestCodeHasItsCorners(t *testing.T) {
	path, size, err := codeOf("https://qiao.example/s/DD3304-20261121-0007-S02")
	if err != nil || size < 29+8 {
		t.Fatalf("%d %v", size, err)
	}
	for _, corner := range []string{"M4 4h7v1h-7z", "M4 10h7v1h-7z"} {
		if !strings.Contains(path, corner) {
			t.Errorf("no %s", corner)
		}
	}
}

// desk is orders as sample sees them: one commission, accepted.
type desk struct {
	o     order.Order
	asked []string
	deaf  bool // the first call fails
}

func (d *desk) Get(_ context.Context, by identity.Subject, id string) (order.Detail, error) {
	if id != d.o.ID || by.Org != d.o.Buyer && by.Org != d.o.Provider {
		return order.Detail{}, fault.New(fault.NotFound, "no-order", "没有找到这个订单。")
	}
	return order.Detail{Order: d.o}, nil
}

func (d *desk) Do(_ context.Context, _ identity.Subject, _, verb string, _ order.VerbRequest) (order.Order, error) {
	if d.deaf {
		d.deaf = false
		return d.o, fault.New(fault.Unavailable, "busy", "请稍后再试。")
	}
	d.asked = append(d.asked, verb)
	d.o.State = order.StateSampled
	return d.o, nil
}

type people struct{}

func (people) Organisations(context.Context, db.Q, []string) (map[string]identity.Organisation, error) {
	return map[string]identity.Organisation{}, nil
}

func (people) Names(context.Context, db.Q, []string) (map[string]string, error) {
	return map[string]string{"li": "示例·李", "wang": "示例·王"}, nil
}

func (people) As(_ context.Context, login string) (identity.Subject, error) {
	if login == "wang" || login == "stranger" {
		return identity.Subject{Person: login}, nil
	}
	return identity.Subject{}, fault.New(fault.NotFound, "login-not-found", "没有登录名为 {0} 的账号。", login)
}

func (people) Memberships(_ context.Context, _ db.Q, person string) ([]identity.Membership, error) {
	if person == "wang" {
		return []identity.Membership{{Organisation: "lab"}}, nil
	}
	return nil, nil
}

// A sample goes from the buyer's declaration through two colleagues' hands to its return; what is not possible is refused,
// the same request counts once, and nobody outside sees it.
func TestChainOfCustody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		policy, err := identity.NewPolicy()
		if err != nil {
			t.Fatal(err)
		}
		orders := &desk{o: order.Order{ID: "o1", Number: "DD3304-20261121-0007", Kind: order.KindCommission, State: order.StateAccepted, Buyer: "firm", Provider: "lab", Region: "330402"}}
		s, err := New(Deps{DB: d, Clock: clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)), Policy: policy, Orders: orders, People: people{}, Address: "https://qiao.example"})
		if err != nil {
			t.Fatal(err)
		}
		as := func(person, org string) identity.Subject {
			return identity.Subject{Person: person, Membership: "m-" + person, Org: org, OrgStatus: identity.StatusVerified, Role: "staff", Region: "330402", Capacities: []string{"provider"}}
		}
		firm, li, wang, stranger := as("firm-person", "firm"), as("li", "lab"), as("wang", "lab"), as("x", "elsewhere")
		ctx := t.Context()
		declare := Declaration{Name: "层合板", Hazard: "none", Storage: "dry", Wish: WishReturn, KeepUntil: "2026-12-31", Amount: 6, Unit: "piece"}
		x, err := s.Declare(ctx, firm, "o1", declare, "k")
		if err != nil || x.Number != "DD3304-20261121-0007-S01" {
			t.Fatalf("%+v %v", x, err)
		}
		if again, err := s.Declare(ctx, firm, "o1", declare, "k"); err != nil || again.ID != x.ID {
			t.Fatalf("the same request twice: %+v %v", again, err)
		}
		if _, err := s.Declare(ctx, li, "o1", declare, "k2"); err == nil {
			t.Error("the provider declared a sample of the buyer's")
		}
		if _, err := s.Get(ctx, stranger, x.ID); err == nil {
			t.Error("a stranger saw it")
		}
		do := func(by identity.Subject, verb string, r Request, want string) {
			t.Helper()
			var err error
			if x, err = s.Do(ctx, by, x.Number, verb, r); want == "" && err != nil || want != "" && fault.Of(err).Code != want {
				t.Fatalf("%s: %v, want %q", verb, err, want)
			}
			if want != "" {
				if x, err = s.Get(ctx, firm, "DD3304-20261121-0007-S01"); err != nil {
					t.Fatal(err)
				}
			}
		}
		do(li, VerbTake, Request{}, "state-conflict")
		do(firm, VerbSend, Request{Carrier: "SF1234567890"}, "")
		do(firm, VerbReceive, Request{Place: "柜"}, "other-party")
		do(li, VerbReceive, Request{}, "sample-step")
		orders.deaf = true
		do(li, VerbReceive, Request{Place: "2 号柜", Key: "r"}, "busy")
		do(li, VerbReceive, Request{Place: "2 号柜", Key: "r"}, "")
		if len(orders.asked) != 1 || orders.asked[0] != order.VerbReceiveSample {
			t.Errorf("the order was told %v", orders.asked)
		}
		do(li, VerbExtend, Request{Keep: "2026-12-31"}, "sample-step")
		do(li, VerbExtend, Request{}, "sample-step")
		do(firm, VerbExtend, Request{Keep: "2027-01-31"}, "other-party")
		do(li, VerbExtend, Request{Keep: "2027-01-31"}, "")
		do(li, VerbTake, Request{}, "")
		do(wang, VerbConsume, Request{Amount: 1}, "sample-not-held")
		do(wang, VerbReturn, Request{}, "sample-not-held")
		do(wang, VerbSplit, Request{Amount: 1}, "sample-not-held")
		do(li, VerbHand, Request{Login: "stranger"}, "sample-colleague")
		do(li, VerbHand, Request{Login: "wang"}, "")
		do(li, VerbTakeOver, Request{}, "sample-not-offered")
		do(wang, VerbTakeOver, Request{}, "")
		do(wang, VerbConsume, Request{Amount: 6}, "sample-step")
		do(wang, VerbConsume, Request{Amount: 2, Key: "c"}, "")
		do(wang, VerbConsume, Request{Amount: 2, Key: "c"}, "")
		do(wang, VerbSplit, Request{Amount: 1}, "")
		if x.Amount != 3 || x.Holder != "wang" {
			t.Fatalf("after use and split: %+v", x)
		}
		do(wang, VerbPutBack, Request{Place: "3 号柜"}, "")
		list, err := s.OfOrder(ctx, firm, "o1")
		if err != nil || len(list) != 2 || list[1].Due != "2027-01-31" || list[1].Amount != 1 || list[1].Parent != x.ID || list[1].Number != "DD3304-20261121-0007-S02" {
			t.Fatalf("%+v %v", list, err)
		}
		do(li, VerbDispose, Request{}, "sample-step")
		do(li, VerbReturn, Request{Carrier: "SF1"}, "")
		do(firm, VerbArrive, Request{}, "")
		if x.State != Back || x.Amount != 3 {
			t.Errorf("at the end: %+v", x)
		}
		if found, err := s.Verify(ctx, d); err != nil || len(found) > 0 {
			t.Errorf("verify: %+v %v", found, err)
		}
		if err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE sample_sample SET place = 'here' WHERE id = $1`, x.ID)
			return err
		}); err == nil {
			t.Error("the database let a sample be in two places")
		}
	})
}
