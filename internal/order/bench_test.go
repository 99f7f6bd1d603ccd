package order

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

// BenchmarkMyCurrentBookings is what of a million orders of 500 firms at 50 laboratories, 40 of each firm still open, a firm
// and a laboratory find on their lists.
func BenchmarkMyCurrentBookings(b *testing.B) {
	for name, engine := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			d := engine(b)
			w := newWorld(b, d)
			crowd(b, d)
			buyer, provider := firm(), lab()
			buyer.Org, provider.Org = "firm7", "lab7"
			b.Run("firm", func(b *testing.B) {
				for b.Loop() {
					if list, _, err := w.List(b.Context(), buyer, ListRequest{Side: Buyer, Kind: KindBooking, Open: true}); err != nil || len(list) != 40 {
						b.Fatal(len(list), err)
					}
				}
			})
			b.Run("laboratory", func(b *testing.B) {
				for b.Loop() {
					if list, _, err := w.List(b.Context(), provider, ListRequest{Side: Provider, Open: true}); err != nil || len(list) != 50 {
						b.Fatal(len(list), err)
					}
				}
			})
			b.Run("tasks", func(b *testing.B) {
				for b.Loop() {
					if _, err := w.Tasks(b.Context(), buyer); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// crowd fills in 2,000 orders of each of 500 firms.
func crowd(b *testing.B, d *db.DB) {
	b.Helper()
	for i := range 500 {
		err := d.InTx(b.Context(), func(ctx context.Context, tx *db.Tx) error {
			for part := range 4 {
				rows := make([]string, 500)
				for n := range rows {
					n += part * 500
					state, when := StateSettled, at(-1-n/6, 9+n%6, 0)
					if n%50 == 0 {
						state, when = StateAccepted, at(n/50, 9, 0)
					}
					rows[n%500] = fmt.Sprintf("('o-%d-%d', 'DD-%d-%d', '%s', '%s', 1, 'firm%d', 'p', 'lab%d', 'r%d', '扫描电镜', 'SEM', 'instrument', '', '330402', '', '', '', '', 1, '', '', '%s', '%s', true, 0, 0, 0, 'CNY', '', false, '%s', 0, true, '%s', '', '%s', '%s', '')",
						i, n, i, n, KindBooking, state, i, (i+n)%50, (i*7+n)%2500, db.Stamp(when), db.Stamp(when.Add(time.Hour)), when.Format(time.DateOnly), when.Format(time.DateOnly), db.Stamp(when), db.Stamp(when))
				}
				if _, err := tx.Exec(ctx, `INSERT INTO order_order (`+orderColumns+`) VALUES `+strings.Join(rows, ", ")); err != nil { //nolint:gosec // numbers of our own
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
