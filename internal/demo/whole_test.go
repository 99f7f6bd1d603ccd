package demo_test

import (
	"context"
	"testing"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/demo"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/policy"
	"qiao/internal/voucher"
)

// deps are the modules that the demo is loaded through, on one database.
func deps(t *testing.T, d *db.DB) demo.Deps {
	t.Helper()
	now := clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC))
	table, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	who := identity.New(identity.Deps{DB: d, Clock: now, Policy: table, Root: demo.Root, Sample: true, Hash: identity.PasswordCost{Time: 1, Memory: 64, Threads: 1}})
	return demo.Deps{
		DB: d, Clock: now, Identity: who,
		Catalogue: catalogue.New(catalogue.Deps{DB: d, Clock: now, Policy: table, Orgs: who, Node: "test", Root: demo.Root}),
		Voucher:   voucher.New(voucher.Deps{DB: d, Clock: now, Policy: table, Organisations: who}),
		Policy:    policy.New(policy.Deps{DB: d, Clock: now}),
	}
}

func TestLoad(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, x := context.Background(), deps(t, d)
		last := map[string]int{}
		start := time.Now() //nolint:forbidigo // how long it takes is what is tested
		if err := demo.Load(ctx, x, func(name string, done, total int) { last[name] = total }); err != nil {
			t.Fatal(err)
		}
		t.Logf("loaded in %v: %v", time.Since(start), last)
	})
}
