package app

import (
	"context"
	"testing"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

func TestACountIsRememberedForAMoment(t *testing.T) {
	d := dbtest.SQLite(t)
	c := clock.NewFake(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC))
	runs := 0
	count := func(context.Context, db.Q) ([]int, error) { runs++; return []int{runs}, nil }
	var m memo[int]
	ask := func(q db.Q) int {
		v, err := m.get(t.Context(), d, c, q, count)
		if err != nil {
			t.Fatal(err)
		}
		return v[0]
	}
	if a, b := ask(d), ask(d); a != 1 || b != 1 {
		t.Errorf("%d %d: asked twice in a moment, counted twice", a, b)
	}
	c.Advance(stockAge)
	if ask(d) != 2 {
		t.Error("an old count is kept")
	}
	if err := d.Snapshot(t.Context(), func(_ context.Context, q db.Q) error {
		if ask(q) != 3 || ask(q) != 4 {
			t.Error("a snapshot is given the live count")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
