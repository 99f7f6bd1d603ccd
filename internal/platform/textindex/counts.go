package textindex

import "sync"

// counts remembers what suggestions were counted, until one document in a hundred has changed.
type counts struct {
	mu      sync.Mutex
	known   map[string]Suggestion
	changes int
}

// mostCounts bounds what is remembered: some 100 bytes each.
const mostCounts = 5_000

func (c *counts) get(text string) (Suggestion, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.known[text]
	return s, ok
}

func (c *counts) put(s Suggestion) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) >= mostCounts {
		c.known = map[string]Suggestion{}
	}
	c.known[s.Text] = s
}

// changed says how many documents came or went, of how many.
func (c *counts) changed(n, of int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes += n; c.changes*100 >= of {
		c.known, c.changes = nil, 0
	}
}
