package channel

import (
	"context"
	"sync"
)

// kept is how many messages a Fake remembers.
const kept = 500

// Fake stands in for the gateway of one kind in the demo and in tests: it keeps what it was given and sends nothing.
type Fake struct {
	kind string
	mu   sync.Mutex
	sent []Message
	fail func(Message) error
}

// NewFake keeps the messages of one kind.
func NewFake(kind string) *Fake { return &Fake{kind: kind} }

// Kind is the kind it stands in for.
func (f *Fake) Kind() string { return f.kind }

// Simulated is true.
func (f *Fake) Simulated() bool { return true }

// Fail makes the next sends ask why first; nil sends again.
func (f *Fake) Fail(why func(Message) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = why
}

// Send keeps m.
func (f *Fake) Send(ctx context.Context, m Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := check(m); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		if err := f.fail(m); err != nil {
			return err
		}
	}
	if len(f.sent) == kept {
		f.sent = append(f.sent[:0], f.sent[1:]...)
	}
	f.sent = append(f.sent, m)
	return nil
}

// Sent is every message kept, oldest first.
func (f *Fake) Sent() []Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Message(nil), f.sent...)
}
