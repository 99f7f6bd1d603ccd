package db

import (
	"context"
	"database/sql"
	"sync"
)

// maxStmts bounds the prepared statements kept; texts beyond it are prepared for one use only.
const maxStmts = 512

// stmtCache keeps prepared statements by their text: on SQLite preparing costs as much as a point read.
type stmtCache struct {
	mu sync.RWMutex
	m  map[string]*sql.Stmt
}

type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

func (c *stmtCache) get(ctx context.Context, p preparer, query string) (*sql.Stmt, error) {
	c.mu.RLock()
	st := c.m[query]
	c.mu.RUnlock()
	if st != nil {
		return st, nil
	}
	st, err := p.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if have := c.m[query]; have != nil {
		return have, st.Close()
	}
	if c.m == nil {
		c.m = map[string]*sql.Stmt{}
	}
	if len(c.m) >= maxStmts { // forget one; closing it would end a query that runs on it
		for k := range c.m {
			delete(c.m, k)
			break
		}
	}
	c.m[query] = st
	return st, nil
}
