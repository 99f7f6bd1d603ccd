package demo_test

import (
	"context"
	"os"
	"testing"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/importing"
	"qiao/internal/demo"
	"qiao/internal/expert"
	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/policy"
	"qiao/internal/provider"
	"qiao/internal/roster"
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
	files, err := blob.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cat := catalogue.New(catalogue.Deps{DB: d, Clock: now, Policy: table, Orgs: who, Blobs: files, Node: "test", Root: demo.Root})
	rosters, err := roster.New(roster.Deps{DB: d, Clock: now, Policy: table, Organisations: who, Files: files, Sample: true})
	if err != nil {
		t.Fatal(err)
	}
	providers, err := provider.New(provider.Deps{DB: d, Clock: now, Policy: table, Organisations: who, Catalogue: cat, Files: files, Sample: true})
	if err != nil {
		t.Fatal(err)
	}
	calls, err := policy.New(policy.Deps{DB: d, Clock: now})
	if err != nil {
		t.Fatal(err)
	}
	people, err := expert.New(expert.Deps{DB: d, Clock: now, Policy: table, Organisations: who, Catalogue: cat})
	if err != nil {
		t.Fatal(err)
	}
	return demo.Deps{
		DB: d, Clock: now, Identity: who,
		Catalogue: cat, Importing: importing.New(importing.Deps{DB: d, Clock: now, Policy: table, Orgs: who, Catalogue: cat, Blobs: files}),
		Voucher: voucher.New(voucher.Deps{DB: d, Clock: now, Policy: table, Organisations: who}),
		Roster:  rosters, Provider: providers, Expert: people,
		Policy: calls,
	}
}

func TestLoad(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, x := context.Background(), deps(t, d)
		last := map[string]int{}
		start := time.Now() //nolint:forbidigo // how long it takes is what is tested
		if err := demo.Load(ctx, x, func(name string, _, total int) { last[name] = total }); err != nil {
			t.Fatal(err)
		}
		t.Logf("loaded in %v: %v", time.Since(start), last)
	})
}

// The same size and seed twice make the same catalogue, marked as invented.
func TestSeed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, x := context.Background(), deps(t, d)
		count := func() int64 {
			n, err := db.One[int64](ctx, d, `SELECT count(*) FROM catalogue_resource WHERE sample`)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		for range 2 {
			if err := demo.Seed(ctx, x, "20", 7, nil); err != nil {
				t.Fatal(err)
			}
			if got := count(); got != 222 {
				t.Errorf("%d resources, want 222", got)
			}
		}
	})
}

// The files to try the import with do what their README says, and nothing comes in twice.
func TestFiles(t *testing.T) {
	d := dbtest.SQLite(t)
	ctx, x := context.Background(), deps(t, d)
	org, err := x.Identity.Establish(ctx, identity.Founding{Key: "files", Organisation: identity.Organisation{NameZH: "示例·试用", Region: demo.Root, Kind: "institute", Sample: true}})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][3]int64{ // accepted, rejected, unchanged the second time
		"instruments-qiao.xlsx": {5, 3, 5}, "instruments-nrii-gbk.csv": {2, 1, 2}, "equipment-uniquip.csv": {3, 0, 3},
	} {
		for round := range 2 {
			f, err := os.Open("files/" + name)
			if err != nil {
				t.Fatal(err)
			}
			r, err := x.Importing.ImportTrusted(ctx, importing.Request{Org: org.ID, Name: name, Reader: f})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if round == 0 && (r.Accepted != want[0] || r.Rejected != want[1]) || round == 1 && (r.Accepted != 0 || r.Unchanged != want[2]) {
				t.Errorf("%s, round %d: %+v", name, round, r)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}
