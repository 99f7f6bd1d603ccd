package booking

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// The size of a delta: bookings of a year on its bookable instruments.
const (
	benchInstruments = 2_500
	benchBookings    = 1_000_000
)

// crowd fills a database with bookings of a year: one after the other on each instrument, hours of opening days.
func crowd(b *testing.B, d *db.DB) *world {
	b.Helper()
	w := newWorld(b, d)
	each := benchBookings / benchInstruments
	for i := range benchInstruments {
		err := w.db.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			var rows []string
			for n := range each {
				day, hour := n/2*365/(each/2)-180, 9+n%2*4
				start, end := db.Stamp(at(day, hour, 0)), db.Stamp(at(day, hour+2, 0))
				rows = append(rows, fmt.Sprintf("('b-%d-%d', 'order', 'r%d', 1, '%s', '%s', '%s', '%s', true)", i, n, i, start, end, start, end))
			}
			_, err := tx.Exec(ctx, `INSERT INTO booking_booking (`+bookingColumns+`) VALUES `+strings.Join(rows, ", ")) //nolint:gosec // numbers of our own
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	return w
}

// engines runs a benchmark on each database.
func engines(b *testing.B, run func(b *testing.B, w *world)) {
	b.Helper()
	for name, engine := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) { run(b, crowd(b, engine(b))) })
	}
}

// BenchmarkDayOfFiftyInstruments is the availability of one day over fifty instruments among a million bookings.
func BenchmarkDayOfFiftyInstruments(b *testing.B) {
	engines(b, func(b *testing.B, w *world) {
		ids := make([]string, 50)
		for i := range ids {
			ids[i] = fmt.Sprint("r", i*37)
		}
		list, err := shop{}.Resources(b.Context(), w.db, ids)
		if err != nil {
			b.Fatal(err)
		}
		var took []time.Duration
		for i := 0; b.Loop(); i++ {
			began := time.Now()
			if _, err := w.Boards(b.Context(), w.db, list, at(i%20, 0, 0).Format(time.DateOnly)); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		b.ReportMetric(took[len(took)*95/100].Seconds()*1e3, "p95-ms")
	})
}

// BenchmarkRivals is one attempt at a slot that 64 want, among a million bookings; the slot is given back when it was won.
func BenchmarkRivals(b *testing.B) {
	engines(b, func(b *testing.B, w *world) {
		b.SetParallelism(32) // 64 on two processors
		var won atomic.Int64
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				holder, err := w.reserve("r1", Span{at(3, 15, 0), at(3, 16, 0)})
				switch {
				case err == nil:
					won.Add(1)
					if err := w.release(holder); err != nil {
						b.Error(err)
					}
				case !fault.Is(err, "slot-taken"):
					b.Error(err)
				}
			}
		})
		b.ReportMetric(float64(won.Load())/float64(b.N), "won/op")
	})
}
