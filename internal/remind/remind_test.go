package remind

import (
	"context"
	"fmt"
	"testing"
	"time"

	"qiao/internal/milestone"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/workday"
)

// ten is 10:00 of Monday, 23 November 2026, in the zone.
func ten() time.Time { return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) }

func TestTheRulesThatShip(t *testing.T) {
	rules, err := readRules(rulesFile)
	if err != nil || dated.On(rules, "2020-01-01").From != rules[0].From {
		t.Fatalf("%+v %v", rules, err)
	}
	for _, bad := range []string{
		`[]`, `{`, `[{"from": "soon", "source": "x", "before": [1], "late": [{"days": 0, "to": "turn"}]}]`, `[{"from": "2026-01-01", "before": [1], "late": [{"days": 0}]}]`,
		`[{"from": "2026-01-01", "source": "x", "before": [1, 2], "late": [{"days": 0}]}]`, `[{"from": "2026-01-01", "source": "x", "before": [1], "late": [{"days": 2}, {"days": 1}]}]`,
		`[{"from": "2026-01-01", "source": "x", "before": [1], "late": [{"days": 0}], "more": 1}]`,
	} {
		if _, err := readRules([]byte(bad)); err == nil {
			t.Errorf("taken: %s", bad)
		}
	}
}

func TestWhenOneIsReminded(t *testing.T) {
	r := Rule{Before: []int64{1440, 120}}
	for _, c := range []struct {
		ahead time.Duration
		want  string
	}{
		{25 * time.Hour, "0 false"}, {24 * time.Hour, "1440 true"}, {3 * time.Hour, "1440 true"}, {2 * time.Hour, "120 true"}, {time.Minute, "120 true"}, {0, "0 false"}, {-time.Hour, "0 false"},
	} {
		minutes, due := r.soon(ten().Add(c.ahead), ten())
		if got := fmt.Sprint(minutes, " ", due); got != c.want {
			t.Errorf("%v ahead: %s, want %s", c.ahead, got, c.want)
		}
	}
	calendar, err := workday.China()
	if err != nil {
		t.Fatal(err)
	}
	r.Late = []Level{{0, ToTurn}, {3, ToBoth}, {10, ToAuthority}}
	for _, c := range []struct{ due, today, want string }{
		{"2026-11-23", "2026-11-23", ""}, {"2026-11-23", "2026-11-24", ToTurn}, {"2026-11-20", "2026-11-21", ToTurn}, // a Saturday
		{"2026-11-20", "2026-11-25", ToTurn}, {"2026-11-20", "2026-11-26", ToBoth}, {"2026-11-20", "2026-12-04", ToBoth}, {"2026-11-20", "2026-12-05", ToAuthority},
		{"2026-09-30", "2026-10-10", ToTurn}, {"2026-09-30", "2026-10-11", ToBoth}, // over the holidays of October; Saturday the 10th is a working day
	} {
		l, late, err := r.late(calendar.In("330402"), c.due, c.today)
		if err != nil || l.To != c.want || late != (c.want != "") {
			t.Errorf("promised %s, today %s: %q %t %v, want %q", c.due, c.today, l.To, late, err, c.want)
		}
	}
}

// desk is orders as remind sees them.
type desk struct {
	soon, late []order.Order
	stages     stages
}

// stages are milestones that are late.
type stages []milestone.Overdue

func (s *stages) Overdue(context.Context, db.Q, string) ([]milestone.Overdue, error) { return *s, nil }

func (d *desk) Starting(context.Context, db.Q, time.Time, time.Time) ([]order.Order, error) {
	return d.soon, nil
}

func (d *desk) Overdue(_ context.Context, _ db.Q, _, after string, _ int) ([]order.Order, string, error) {
	if after == "" && len(d.late) > 1 { // page by page
		return d.late[:1], "rest", nil
	}
	return d.late[min(1, len(d.late)-1):], "", nil
}

// Each reminder is given once, however often the job runs; a booking that was moved and an order that went on are reminded of
// anew; what is later grows louder.
func TestEachReminderOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		calendar, err := workday.China()
		if err != nil {
			t.Fatal(err)
		}
		now := clock.NewFake(ten())
		orders := &desk{
			soon: []order.Order{
				{ID: "b1", Number: "DD-1", BuyerPerson: "ming", State: order.StateAccepted, Kind: order.KindBooking, Start: db.NullAt(ten().Add(20 * time.Hour))},
				{ID: "b2", Number: "DD-2", BuyerPerson: "hong", State: order.StateAccepted, Kind: order.KindBooking, Start: db.NullAt(ten().Add(21 * time.Hour))},
			},
			late: []order.Order{
				{ID: "o1", Number: "DD-3", State: order.StateReported, Kind: order.KindCommission, Due: "2026-11-20"},
				{ID: "o2", Number: "DD-4", State: order.StateEscalated, Kind: order.KindCommission, Due: "2026-11-20"},
			},
		}
		s, err := New(d, now, orders, &orders.stages, calendar.In("330402"))
		if err != nil {
			t.Fatal(err)
		}
		told := func(want ...string) {
			t.Helper()
			before, err := db.All[string](t.Context(), d, `SELECT id FROM outbox_event`)
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if err := s.Remind(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			after, err := db.All[string](t.Context(), d, `SELECT order_id || ' ' || kind || ' ' || level FROM remind_told ORDER BY at, order_id, level`)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(after[len(after)-len(want):]); got != fmt.Sprint(want) || len(after) != len(before)+len(want) {
				t.Errorf("told %s of %d, want %s after %d", got, len(after), want, len(before))
			}
			now.Advance(time.Minute)
		}
		told("b1 soon 1440", "b2 soon 1440", "o1 late 0", "o2 late 0")
		told()
		now.Set(ten().Add(19 * time.Hour))
		told("b1 soon 120", "b2 soon 120")
		orders.soon[0].Start = db.NullAt(ten().Add(40 * time.Hour)) // moved
		told("b1 soon 1440")
		orders.late[0].State, orders.late[0].Due = order.StateDone, "2026-11-22" // somebody else's turn
		told("o1 late 0")
		now.Set(ten().AddDate(0, 0, 14))
		told("o1 late 10", "o2 late 10")
		orders.stages = stages{{ID: "m1", Order: "o3", Number: "DD-5", Name: "方案", DueOn: "2026-12-06"}}
		told("o3 late 0")
		now.Set(ten().AddDate(0, 0, 18))
		told("o3 late 3")
		orders.stages[0].ID = "m2" // another stage of the same order
		told("o3 late 3")
	})
}
