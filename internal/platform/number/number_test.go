package number

import (
	"context"
	"sync"
	"testing"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

func TestNumbersAreUniqueAndStartAnewEachDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC) // the 21st in the region
		next := func(letters, region string, at time.Time) (n string) {
			if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
				n, err = Next(ctx, tx, letters, region, at)
				return err
			}); err != nil {
				t.Error(err)
			}
			return n
		}
		var mu sync.Mutex
		seen := map[string]bool{}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				n := next("DD", "330400", at)
				mu.Lock()
				defer mu.Unlock()
				seen[n] = true
			})
		}
		wg.Wait()
		if len(seen) != 20 || !seen["DD3304-20261121-0001"] || !seen["DD3304-20261121-0020"] {
			t.Errorf("%v", seen)
		}
		if n := next("DD", "330400", at.Add(24*time.Hour)); n != "DD3304-20261122-0001" {
			t.Errorf("next day: %s", n)
		}
	})
}
