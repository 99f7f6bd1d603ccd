package voucher

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/voucher/scheme/schemetest"
	"qiao/migrations"
)

const (
	benchCallers = 64
	benchGrants  = 8 // of each caller in one round
	benchRounds  = 5
)

// BenchmarkGrantHot measures grants through the use case: application locked, rules checked, voucher numbered, ledger,
// event and audit in one transaction. 64 callers, FULL and fsync on, five rounds in which the cases take turns:
//
//	sqlite-grouped      one hot programme, waiting closures share a commit
//	sqlite-ungrouped    the same closures, one commit each: the reference
//	postgres-hot        one hot programme
//	postgres-spread     64 programmes: the reference
//
// Run it once: go test ./internal/voucher -run '^$' -bench GrantHot -benchtime 1x. Reported are the median rates, the
// medians of the ratios of each round with their minimum, and the median of an fsync on this disk.
func BenchmarkGrantHot(b *testing.B) {
	cases := benchCases(b)
	rates := make([][]float64, len(cases))
	fsyncs := make([]float64, 0, benchRounds)
	for range b.N {
		for _, c := range cases { // warm: statements prepared, files grown
			c.round(b)
		}
		for round := range benchRounds {
			for i := range cases { // the order turns, so that no case is always first
				k := (i + round) % len(cases)
				rates[k] = append(rates[k], cases[k].round(b))
			}
			fsyncs = append(fsyncs, fsyncMicros(b))
		}
	}
	for i, c := range cases {
		b.ReportMetric(median(rates[i]), c.name+"/s")
	}
	grouped, hot := ratios(rates[0], rates[1]), ratios(rates[2], rates[3])
	b.ReportMetric(median(grouped), "sqlite-ratio")
	b.ReportMetric(slices.Min(grouped), "sqlite-ratio-min")
	b.ReportMetric(median(hot), "postgres-ratio")
	b.ReportMetric(slices.Min(hot), "postgres-ratio-min")
	b.ReportMetric(median(fsyncs), "fsync-p50-µs")
	b.ReportMetric(0, "ns/op")
}

// benchCase is a database and the programmes that grants are spread over.
type benchCase struct {
	name       string
	world      *world
	cast       cast
	programmes []string
	n          int // applicants made so far
}

func benchCases(b *testing.B) []*benchCase {
	b.Helper()
	server, err := dbtest.Start(dbtest.Safe)
	must(b, err)
	b.Cleanup(func() { must(b, server.Stop()) })
	open := func(o db.Options) *db.DB {
		o.Migrations = migrations.Files
		d, err := db.Open(b.Context(), o)
		must(b, err)
		b.Cleanup(func() { must(b, d.Close()) })
		return d
	}
	dir := b.TempDir()
	postgres := open(db.Options{URL: server.URL})
	cases := []*benchCase{
		newBenchCase(b, "sqlite-grouped", open(db.Options{Path: filepath.Join(dir, "grouped.db")}), 1),
		newBenchCase(b, "sqlite-ungrouped", open(db.Options{Path: filepath.Join(dir, "ungrouped.db"), Ungrouped: true}), 1),
		newBenchCase(b, "postgres-hot", postgres, 1),
		newBenchCase(b, "postgres-spread", postgres, benchCallers),
	}
	return cases
}

func newBenchCase(b *testing.B, name string, d *db.DB, programmes int) *benchCase {
	b.Helper()
	c := &benchCase{name: name, world: newWorld(b, d)}
	c.cast = c.world.cast()
	for range programmes {
		terms := schemetest.Plain(5000)
		terms.Budget.Value = 1_000_000_000 * schemetest.Yuan
		p, err := c.world.PutProgramme(b.Context(), c.cast.officer, "", draft("示例·券", terms), "")
		must(b, err)
		c.programmes = append(c.programmes, p.ID)
	}
	return c
}

// round prepares applications, approves them by 64 callers at once and gives the rate a second.
func (c *benchCase) round(b *testing.B) float64 {
	b.Helper()
	ids := c.prepare(b)
	start := time.Now()
	parallel(b, func(ctx context.Context, caller int) error {
		for _, application := range ids[caller] {
			if _, err := c.world.Approve(ctx, c.cast.officer, application, Decision{}); err != nil {
				return err
			}
		}
		return nil
	})
	rate := benchCallers * benchGrants / time.Since(start).Seconds()
	c.world.sound(b)
	return rate
}

func (c *benchCase) prepare(b *testing.B) [benchCallers][]string {
	b.Helper()
	var firms [benchCallers][benchGrants]string
	for i := range benchCallers {
		for j := range benchGrants {
			c.n++
			firms[i][j] = fmt.Sprintf("%s-%d", c.name, c.n)
			c.world.orgs.add(firms[i][j], "330402", "admin", "enterprise")
		}
	}
	var ids [benchCallers][]string
	parallel(b, func(ctx context.Context, caller int) error {
		for _, firm := range firms[caller] {
			by := c.cast.firm
			by.Org, by.Person = firm, firm+"-person"
			a, err := c.world.Apply(ctx, by, ApplyRequest{Programme: c.programmes[caller%len(c.programmes)], Amount: 100 * schemetest.Yuan, Purpose: "测试", Statements: []string{"honest"}})
			if err != nil {
				return err
			}
			ids[caller] = append(ids[caller], a.ID)
		}
		return nil
	})
	return ids
}

// parallel runs fn for each caller at once.
func parallel(b *testing.B, fn func(ctx context.Context, caller int) error) {
	b.Helper()
	var all sync.WaitGroup
	errs := make([]error, benchCallers)
	for i := range benchCallers {
		all.Go(func() { errs[i] = fn(b.Context(), i) })
	}
	all.Wait()
	for _, err := range errs {
		must(b, err)
	}
}

// fsyncMicros is the median of 50 writes of 8 KiB, each made durable.
func fsyncMicros(b *testing.B) float64 {
	b.Helper()
	f, err := os.CreateTemp(b.TempDir(), "fsync")
	must(b, err)
	var times []float64
	for range 50 {
		start := time.Now()
		_, err := f.Write(make([]byte, 8192))
		must(b, err)
		must(b, f.Sync())
		times = append(times, float64(time.Since(start).Microseconds()))
	}
	must(b, f.Close())
	return median(times)
}

func ratios(a, reference []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] / reference[i]
	}
	return out
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[len(s)/2]
}
