package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/outbox"
)

type happened struct{ N int }

func (happened) EventName() string { return "test.happened" }

var start = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)

func publish(t *testing.T, d *db.DB, n int) {
	t.Helper()
	err := d.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		if err := audit.Record(ctx, tx, start, audit.Entry{Action: "test.happen", Kind: "test", ID: fmt.Sprint(n), Data: n}); err != nil {
			return err
		}
		return outbox.Publish(ctx, tx, start, happened{n})
	})
	if err != nil {
		t.Error(err)
	}
}

func TestEveryEventReachesEveryConsumerOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `CREATE TABLE seen (consumer TEXT, n BIGINT)`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		newBus := func() *outbox.Bus { // two buses: two processes
			b := outbox.New(d, clock.NewFake(start))
			for _, name := range []string{"a", "b"} {
				outbox.On(b, name, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e happened) error {
					_, err := tx.Exec(ctx, `INSERT INTO seen (consumer, n) VALUES ($1, $2)`, name, e.N)
					return err
				})
			}
			return b
		}
		var wg sync.WaitGroup
		ctx, stop := context.WithCancel(t.Context())
		for range 2 {
			wg.Go(func() { newBus().Run(ctx, time.Millisecond, func(err error) { t.Error(err) }) })
		}
		var writers sync.WaitGroup
		for w := range 8 {
			writers.Go(func() {
				for i := range 20 {
					publish(t, d, w*20+i)
				}
			})
		}
		writers.Wait()
		stop()
		wg.Wait()
		if err := newBus().Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		n, err := db.One[int](t.Context(), d, `SELECT count(*) FROM (SELECT consumer, n FROM seen GROUP BY consumer, n HAVING count(*) = 1) x`)
		if err != nil || n != 320 {
			t.Errorf("%d deliveries made exactly once, want 320 (%v)", n, err)
		}
		if f, err := audit.Verify(t.Context(), d, start.Add(time.Hour)); err != nil || len(f) != 0 {
			t.Errorf("the audit chain: %v %v", f, err)
		}
	})
}

func TestAPoisonEventDoesNotBlockAndIsParked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := clock.NewFake(start)
		b := outbox.New(d, c)
		poison := true
		var seen []int
		outbox.On(b, "reader", func(_ context.Context, _ *db.Tx, _ outbox.Meta, e happened) error {
			if e.N == 1 && poison {
				return errors.New("poison")
			}
			seen = append(seen, e.N)
			return nil
		})
		for n := range 3 {
			publish(t, d, n)
		}
		for range outbox.MaxAttempts + 2 {
			if err := b.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			c.Advance(time.Hour)
		}
		if len(seen) != 2 {
			t.Fatalf("seen %v", seen)
		}
		f, err := outbox.Failures(t.Context(), d, 10)
		if err != nil || len(f) != 1 || !f[0].Parked || f[0].Attempts != outbox.MaxAttempts {
			t.Fatalf("%+v %v", f, err)
		}
		poison = false
		if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return outbox.Unpark(ctx, tx, c.Now(), f[0].Consumer, f[0].Seq)
		}); err != nil {
			t.Fatal(err)
		}
		if err := b.Drain(t.Context()); err != nil || len(seen) != 3 {
			t.Errorf("after a person let it go: %v %v", seen, err)
		}
	})
}

func TestPruneKeepsWhatSomeoneStillNeeds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := outbox.New(d, clock.NewFake(start))
		outbox.On(b, "reader", func(_ context.Context, _ *db.Tx, _ outbox.Meta, e happened) error {
			if e.N == 0 {
				return errors.New("not yet")
			}
			return nil
		})
		publish(t, d, 0)
		publish(t, d, 1)
		if err := b.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		publish(t, d, 2)
		var n int64
		if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
			n, err = outbox.Prune(ctx, tx, start.Add(time.Hour))
			return err
		}); err != nil || n != 1 {
			t.Errorf("pruned %d (%v): only the delivered one may go", n, err)
		}
		if at, err := outbox.Position(t.Context(), d); err != nil || at != 2 {
			t.Errorf("position %d %v", at, err)
		}
		if raw, err := outbox.After(t.Context(), d, 0, 10, "test.happened"); err != nil || len(raw) != 1 {
			t.Errorf("after: %v %v", raw, err)
		}
	})
}

func TestTamperingIsSeen(t *testing.T) {
	for name, tamper := range map[string]string{
		"changed": `UPDATE audit_entry SET action = 'test.nothing' WHERE object = '1'`,
		"removed": `DELETE FROM audit_entry WHERE object = '1'`,
		"cut off": `DELETE FROM audit_entry WHERE object = '2'`,
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				for n := range 3 {
					publish(t, d, n)
				}
				if _, err := outbox.Number(t.Context(), d); err != nil {
					t.Fatal(err)
				}
				if f, err := audit.Verify(t.Context(), d, start); err != nil || len(f) != 0 {
					t.Fatal(f, err)
				}
				if rows, err := audit.List(t.Context(), d, audit.Filter{Kind: "test", Limit: 2}); err != nil || len(rows) != 2 || rows[0].Object != "2" {
					t.Fatal(rows, err)
				}
				if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { _, err := tx.Exec(ctx, tamper); return err }); err != nil {
					t.Fatal(err)
				}
				if f, err := audit.Verify(t.Context(), d, start); err != nil || len(f) == 0 {
					t.Errorf("went unseen (%v)", err)
				}
			})
		})
	}
}
