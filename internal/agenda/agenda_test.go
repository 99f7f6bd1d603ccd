package agenda

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
	"qiao/internal/platform/ical"
)

type world struct{ member bool }

func (world) BookingsOf(_ context.Context, _ db.Q, org string, _, _ time.Time) ([]order.Order, error) {
	at := time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	o := order.Order{ID: "o1", Number: "DD1", Revision: 2, State: order.StateAccepted, Buyer: org, Provider: "lab", ResourceZH: "扫描电镜", Start: db.NullAt(at), End: db.NullAt(at.Add(time.Hour))}
	off := o
	off.ID, off.State = "o2", order.StateCancelled
	return []order.Order{o, off}, nil
}

func (w *world) Memberships(context.Context, db.Q, string) ([]identity.Membership, error) {
	if !w.member {
		return nil, nil
	}
	return []identity.Membership{{Organisation: "firm"}}, nil
}

func (w *world) Organisations(context.Context, db.Q, []string) (map[string]identity.Organisation, error) {
	return nil, nil
}

// An address shows the bookings until it is changed, taken back, or its person leaves; a stolen one ends at once.
func TestTheSecretAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		policy, err := identity.NewPolicy()
		if err != nil {
			t.Fatal(err)
		}
		w := &world{member: true}
		s := New(Deps{DB: d, Clock: clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)), Policy: policy, Orders: w, People: w, Address: "https://qiao.example"})
		by := identity.Subject{Person: "li", Membership: "m", Org: "firm", OrgStatus: identity.StatusVerified, Role: "staff", Capacities: []string{"enterprise"}}
		secret := func() string {
			t.Helper()
			address, err := s.Renew(t.Context(), by)
			if err != nil {
				t.Fatal(err)
			}
			rest, ok := strings.CutPrefix(address, "https://qiao.example/calendars/mine/")
			if !ok {
				t.Fatal(address)
			}
			return strings.TrimSuffix(rest, ".ics")
		}
		gone := func(name, secret string) {
			t.Helper()
			if _, err := s.Read(t.Context(), secret); !fault.Is(err, "no-calendar") {
				t.Errorf("%s: %v", name, err)
			}
		}
		first := secret()
		c, err := s.Read(t.Context(), first)
		if err != nil {
			t.Fatal(err)
		}
		text := ical.Write(c, time.Time{})
		if !strings.Contains(text, "STATUS:CONFIRMED") || !strings.Contains(text, "STATUS:CANCELLED") || !strings.Contains(text, "UID:o1@qiao") {
			t.Error(text)
		}
		second := secret()
		gone("the old one", first)
		gone("a guess", "")
		w.member = false
		gone("after leaving", second)
		w.member = true
		if err := s.End(t.Context(), by); err != nil {
			t.Fatal(err)
		}
		gone("taken back", second)
	})
}
