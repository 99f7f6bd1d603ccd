package invoice

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

func register(t *testing.T, d *db.DB) *Service {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	return New(Deps{DB: d, Clock: clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)), Policy: policy})
}

func (s *Service) take(by identity.Subject, u Use) error {
	return s.DB.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return s.Take(ctx, tx, by, u) })
}

// 64 orders, records, redemptions and applications of 64 organisations want one number at the same moment: one has it.
func TestOneOf64RivalsHasTheNumber(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := register(t, d)
		kinds := []string{UseOrder, UseRecord, UseClaim, UseApplication}
		spelt := []string{"26332000000012345678", "2633 2000 0000 1234 5678", "２６３３２０００000012345678", "2633-2000-0000-1234-5678"}
		var won atomic.Int64
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Go(func() {
				org := fmt.Sprint("org-", i)
				u := Use{Number: spelt[i/16], Kind: kinds[i%4], Object: fmt.Sprint("thing-", i), Cases: []string{fmt.Sprint(kinds[i%4], "/", i)}, Label: fmt.Sprint("N-", i), Owner: org, Region: "330402", Field: "number"}
				switch err := s.take(identity.Subject{Person: "p", Org: org}, u); {
				case err == nil:
					won.Add(1)
				case !fault.Is(err, "invoice-used"):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d of 64 have the number", won.Load())
		}
		if found, err := s.Verify(t.Context(), d); err != nil || len(found) > 0 {
			t.Error(found, err)
		}
	})
}

// The first use is named to who may know of it: its parties and who looks at such things anyway. Others are told the day.
func TestTheFirstUseIsNamedToWhoMayKnow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := register(t, d)
		if err := s.take(identity.Subject{Org: "lab"}, Use{Number: "20260001", Kind: UseClaim, Object: "c1", Cases: []string{OrderCase("o1"), OrderCase("o2")}, Label: "DF-1", Owner: "lab", Region: "330402", Field: "invoices"}); err != nil {
			t.Fatal(err)
		}
		officer := identity.Subject{Person: "x", Org: "bureau", OrgStatus: identity.StatusVerified, Role: identity.RoleOfficer, Region: "330400", Capacities: []string{"authority"}}
		for name, c := range map[string]struct {
			by   identity.Subject
			want string
		}{"owner": {identity.Subject{Person: "y", Org: "lab"}, "DF-1"}, "officer": {officer, "DF-1"}, "stranger": {identity.Subject{Person: "z", Org: "other"}, ""}} {
			e := fault.Of(s.take(c.by, Use{Number: "2026-0001", Kind: UseRecord, Object: "r-" + name, Cases: []string{"record/" + c.by.Org}, Owner: c.by.Org, Field: "invoice"}))
			if e == nil || e.Code != "invoice-used" || len(e.Fields) != 1 || e.Fields[0].Name != "invoice" {
				t.Fatalf("%s: %v", name, e)
			}
			if said := e.Fields[0].Args[0] == "DF-1"; said != (c.want != "") {
				t.Errorf("%s: %v", name, e.Fields[0])
			}
		}
		// the order whose redemption used it first may name it itself; once all have given it back, anybody may
		if err := s.take(identity.Subject{Org: "lab"}, Use{Number: "20260001", Kind: UseOrder, Object: "i1", Cases: []string{OrderCase("o1")}, Owner: "lab", Field: "number"}); err != nil {
			t.Error(err)
		}
		free := func(object string) {
			t.Helper()
			if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return s.Free(ctx, tx, object) }); err != nil {
				t.Fatal(err)
			}
		}
		again := Use{Number: "20260001", Kind: UseApplication, Object: "a", Cases: []string{"application/a"}, Owner: "z", Field: "number"}
		free("c1")
		if err := s.take(identity.Subject{Org: "z"}, again); !fault.Is(err, "invoice-used") {
			t.Errorf("an order still uses it: %v", err)
		}
		free("i1")
		if err := s.take(identity.Subject{Org: "z"}, again); err != nil {
			t.Error(err)
		}
		if err := s.take(identity.Subject{Org: "z"}, Use{Number: "12;3", Cases: []string{"x"}, Field: "number"}); !fault.Is(err, "invoice-invalid") {
			t.Error(err)
		}
	})
}
