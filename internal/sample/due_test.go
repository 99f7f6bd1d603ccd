package sample

import (
	"context"
	"fmt"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

func TestTheRulesThatShip(t *testing.T) {
	rules, err := readRules(rulesFile)
	if err != nil || dated.On(rules, "2020-01-01").From != rules[0].From {
		t.Fatalf("%+v %v", rules, err)
	}
	for _, bad := range []string{
		`[]`, `{`, `[{"from": "soon", "source": "x", "return": 1, "dispose": 1, "before": [1], "late": [{"days": 1, "to": "turn"}], "way": [{"days": 1, "to": "turn"}]}]`,
		`[{"from": "2026-01-01", "source": "x", "return": 0, "dispose": 1, "before": [1], "late": [{"days": 1, "to": "turn"}], "way": [{"days": 1, "to": "turn"}]}]`,
		`[{"from": "2026-01-01", "source": "x", "return": 1, "dispose": 1, "before": [1, 7], "late": [{"days": 1, "to": "turn"}], "way": [{"days": 1, "to": "turn"}]}]`,
		`[{"from": "2026-01-01", "source": "x", "return": 1, "dispose": 1, "before": [1], "late": [{"days": 1, "to": "nobody"}], "way": [{"days": 1, "to": "turn"}]}]`,
		`[{"from": "2026-01-01", "source": "x", "return": 1, "dispose": 1, "before": [1], "late": [{"days": 1, "to": "turn"}], "way": []}]`,
	} {
		if _, err := readRules([]byte(bad)); err == nil {
			t.Errorf("taken: %s", bad)
		}
	}
}

func TestWhenOneIsTold(t *testing.T) {
	r := Rule{Return: 15, Dispose: 30, Before: []int64{7, 1}, Late: []Level{{1, ToTurn}, {7, ToBoth}}}
	for _, c := range []struct{ today, want string }{
		{"2026-11-22", ""}, {"2026-11-23", "ending 7 both"}, {"2026-11-28", "ending 7 both"}, {"2026-11-29", "ending 1 both"}, {"2026-11-30", "ending 1 both"},
		{"2026-12-01", "over 1 turn"}, {"2026-12-06", "over 1 turn"}, {"2026-12-07", "over 7 both"}, {"2027-11-30", "over 7 both"},
	} {
		kind, l, found, err := r.end("2026-11-30", c.today)
		got := fmt.Sprint(kind, " ", l.Days, " ", l.To)
		if err != nil || found != (c.want != "") || found && got != c.want {
			t.Errorf("today %s: %s %v %v, want %q", c.today, got, found, err, c.want)
		}
	}
	for wish, want := range map[string]string{WishReturn: "2026-12-15", WishDispose: "2026-12-30"} {
		if got, err := r.keep(wish, "2026-11-30"); err != nil || got != want {
			t.Errorf("%s: %s %v", wish, got, err)
		}
	}
}

// Each notice is given once for all samples of an order; what nothing was agreed for has its last day from the order's end on;
// what does not arrive is asked for; a sample that is kept longer is told of anew.
func TestEachNoticeOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		policy, err := identity.NewPolicy()
		if err != nil {
			t.Fatal(err)
		}
		ctx, began := t.Context(), time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)
		now := clock.NewFake(began)
		orders := &desk{o: order.Order{ID: "o1", Number: "DD3304-20261121-0007", Kind: order.KindCommission, State: order.StateAccepted, Buyer: "firm", Provider: "lab", Region: "330402"}}
		s, err := New(Deps{DB: d, Clock: now, Policy: policy, Orders: orders, People: people{}})
		if err != nil {
			t.Fatal(err)
		}
		as := func(person, org string) identity.Subject {
			return identity.Subject{Person: person, Membership: "m", Org: org, OrgStatus: identity.StatusVerified, Role: "staff", Region: "330402", Capacities: []string{"provider"}}
		}
		firm, li := as("ming", "firm"), as("li", "lab")
		var samples []Sample
		for i, until := range []string{"2026-12-10", "2026-12-10", "", ""} {
			wish := WishReturn
			if i == 3 {
				wish = WishDispose
			}
			x, err := s.Declare(ctx, firm, "o1", Declaration{Name: "板", Hazard: "none", Storage: "room", Wish: wish, KeepUntil: until, Amount: 2, Unit: "piece"}, "")
			if err != nil {
				t.Fatal(err)
			}
			samples = append(samples, x)
		}
		do := func(by identity.Subject, i int, verb string, r Request) {
			t.Helper()
			if _, err := s.Do(ctx, by, samples[i].ID, verb, r); err != nil {
				t.Fatal(err)
			}
		}
		known := 0
		told := func(day int, want ...string) {
			t.Helper()
			now.Set(began.AddDate(0, 0, day))
			for range 2 { // twice is as once
				if err := s.Remind(ctx); err != nil {
					t.Fatal(err)
				}
			}
			all, err := db.All[string](ctx, d, `SELECT kind || ' ' || level FROM sample_told ORDER BY at, kind, level`)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(all[known:]); got != fmt.Sprint(want) {
				t.Errorf("day %d: %s, want %s", day, got, want)
			}
			known = len(all)
		}
		do(firm, 0, VerbSend, Request{})
		told(6)
		told(7, "sent 7")
		for i := range samples {
			do(li, i, VerbReceive, Request{Place: "柜"})
		}
		told(11)
		told(12, "ending 7")
		if err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.Ended(ctx, tx, "o1") }); err != nil { // on 3 December
			t.Fatal(err)
		}
		for i, want := range []string{"2026-12-10", "2026-12-10", "2026-12-18", "2027-01-02"} {
			if x, err := s.Get(ctx, firm, samples[i].ID); err != nil || x.Due != want {
				t.Errorf("sample %d is kept until %s (%v), want %s", i+1, x.Due, err, want)
			}
		}
		told(18, "ending 1")
		do(li, 0, VerbExtend, Request{Keep: "2027-03-01"})
		do(li, 1, VerbReturn, Request{})
		told(20, "ending 7") // of the third, whose day is the 18th
		told(25, "returned 7")
		do(firm, 1, VerbArrive, Request{})
		told(28, "over 1")
		if late, err := s.List(ctx, li, ListRequest{Late: true}); err != nil || len(late) != 1 || late[0].ID != samples[2].ID {
			t.Errorf("late: %+v %v", late, err)
		}
		do(li, 2, VerbDispose, Request{Note: "焚烧"})
		do(li, 3, VerbTake, Request{})
		do(li, 3, VerbUseUp, Request{})
		told(60)
		told(93, "ending 7") // what was kept longer
		if found, err := s.Verify(ctx, d); err != nil || len(found) > 0 {
			t.Errorf("verify: %+v %v", found, err)
		}
	})
}
