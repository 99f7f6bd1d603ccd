package review

import (
	"context"
	"strings"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// orders are the orders of the test, seen by everybody: who may do what is the permission table's.
type orders map[string]order.Order

func (x orders) Get(_ context.Context, _ identity.Subject, id string) (order.Detail, error) {
	return order.Detail{Order: x[id]}, nil
}

func (x orders) Named(_ context.Context, _ db.Q, ids []string) ([]order.Order, error) {
	var out []order.Order
	for _, id := range ids {
		if o, ok := x[id]; ok {
			out = append(out, o)
		}
	}
	return out, nil
}

func as(org, role string) identity.Subject {
	return identity.Subject{Person: "p-" + org, Org: org, OrgStatus: identity.StatusVerified, Role: role, Region: "330400", Capacities: []string{"enterprise", "provider"}}
}

// A provider rates the buyer once the work is confirmed, the buyer replies, and from then on it stands. The buyer sees all of
// its ratings, another provider those of others while its order with the buyer is under way, without their writers; nobody
// else sees any.
func TestBuyersAreRated(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		policy, err := identity.NewPolicy()
		if err != nil {
			t.Fatal(err)
		}
		x := orders{
			"a": {ID: "a", Number: "DD-A", State: order.StateConfirmed, Buyer: "firm", Provider: "lab", Region: "330402"},
			"b": {ID: "b", Number: "DD-B", State: order.StateRequested, Buyer: "firm", Provider: "lab2", Region: "330402"},
			"c": {ID: "c", Number: "DD-C", State: order.StateConfirmed, Buyer: "lab", Provider: "lab", Region: "330402"},
		}
		s := New(Deps{DB: d, Clock: clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)), Policy: policy, Orders: x})
		refused := func(err error, code string) {
			t.Helper()
			if !fault.Is(err, code) {
				t.Errorf("%v, want %s", err, code)
			}
		}
		firm, lab, other := as("firm", "admin"), as("lab", "admin"), as("lab2", "technician")
		refused(s.Rate(t.Context(), other, "b", 5, ""), "review-early")
		refused(s.Rate(t.Context(), lab, "c", 5, ""), "review-early")
		refused(s.Rate(t.Context(), lab, "a", 6, strings.Repeat("长", maxText+1)), "review-invalid")
		refused(s.Reply(t.Context(), firm, "a", "谢谢"), "review-none")
		for _, by := range []identity.Subject{firm, other, as("gov", "admin")} {
			if err := s.Rate(t.Context(), by, "a", 1, ""); fault.Of(err).Kind != fault.Forbidden {
				t.Errorf("%s rates: %v", by.Org, err)
			}
		}
		for _, text := range []string{"样品晚到", " 样品晚到两天，说明齐全。 "} {
			if err := s.Rate(t.Context(), lab, "a", 4, text); err != nil {
				t.Fatal(err)
			}
		}
		refused(s.Reply(t.Context(), firm, "a", " "), "review-invalid")
		if err := s.Reply(t.Context(), lab, "a", "自己回复"); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("the provider replies: %v", err)
		}
		if err := s.Reply(t.Context(), firm, "a", "下次提前寄。"); err != nil {
			t.Fatal(err)
		}
		refused(s.Rate(t.Context(), lab, "a", 1, "改口"), "review-replied")
		got, err := s.About(t.Context(), firm, x["a"])
		if err != nil || got.Mine == nil || got.Mine.Text != "样品晚到两天，说明齐全。" || got.Mine.Reply != "下次提前寄。" || got.Rate || !got.Reply || got.Count != 0 {
			t.Errorf("the buyer: %+v %v", got, err)
		}
		got, err = s.About(t.Context(), other, x["b"])
		if err != nil || got.Mine != nil || len(got.Others) != 1 || got.Count != 1 || got.Tenths != 40 || got.Others[0].Stars != 4 || got.Others[0].Provider != "" || got.Others[0].Number != "" {
			t.Errorf("another provider: %+v %v", got, err)
		}
		done := x["b"]
		done.State = order.StateRefused
		if got, err = s.About(t.Context(), other, done); err != nil || got.Told || len(got.Others) > 0 || got.Count != 0 {
			t.Errorf("when it does not deal with the buyer any more: %+v %v", got, err)
		}
		for _, by := range []identity.Subject{as("rival", "admin"), {Person: "p", Org: "gov", OrgStatus: identity.StatusVerified, Role: "admin", Region: "330400", Capacities: []string{"authority", "operator", "auditor"}}, {}} {
			if _, err := s.About(t.Context(), by, x["b"]); err == nil {
				t.Errorf("%q sees the ratings", by.Org)
			}
		}
		if found, err := s.Verify(t.Context(), d); err != nil || len(found) > 0 {
			t.Errorf("verify: %v %v", found, err)
		}
		delete(x, "a")
		if found, err := s.Verify(t.Context(), d); err != nil || len(found) != 1 {
			t.Errorf("a rating without its order: %v %v", found, err)
		}
	})
}
