package app

import (
	"context"
	"sync"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// stockAge is how old a count on the public pages may be. Counting walks whole indexes; readers come many a second.
const stockAge = 5 * time.Second

// memo remembers what a count gave, for stockAge.
type memo[T any] struct {
	mu    sync.Mutex
	at    time.Time
	value []T
}

// get counts anew when the memory is too old, or when q is not the live database (a snapshot under
// verification wants its own).
func (m *memo[T]) get(ctx context.Context, live *db.DB, c clock.Clock, q db.Q, count func(context.Context, db.Q) ([]T, error)) ([]T, error) {
	if q != db.Q(live) {
		return count(ctx, q)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := c.Now(); m.at.IsZero() || now.Sub(m.at) >= stockAge || now.Before(m.at) {
		v, err := count(ctx, q)
		if err != nil {
			return nil, err
		}
		m.value, m.at = v, now
	}
	return m.value, nil
}
