// Package outbox stores events in the caller's transaction and delivers them after it.
//
// An event becomes visible to consumers when the one sequencer has numbered it, after its commit;
// neither commit time nor id gives an order that a reader could follow without losing rows. Each
// consumer reads by that number and runs its handlers in a transaction that also moves its cursor: a
// handler that only writes rows therefore runs exactly once. A delivery that fails is put aside and
// tried again with growing pauses; after MaxAttempts it is parked for a person. It never blocks the
// events behind it.
package outbox

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/id"
)

// Event is something that has happened; its name is "module.past-participle".
type Event interface{ EventName() string }

// Meta says where an event stands.
type Meta struct {
	ID   string
	Seq  int64
	Name string
	At   time.Time
}

// MaxAttempts is how often a delivery is tried before it is parked.
const MaxAttempts = 8

// Publish records e; it is delivered only if tx commits.
func Publish(ctx context.Context, tx *db.Tx, now time.Time, e Event) error {
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write the event %s: %w", e.EventName(), err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO outbox_event (id, name, body, at) VALUES ($1, $2, $3, $4)`, id.New(), e.EventName(), string(body), db.At(now)); err != nil {
		return fmt.Errorf("publish %s: %w", e.EventName(), err)
	}
	return nil
}

// PublishAll records many events at once, in their order.
func PublishAll[E Event](ctx context.Context, tx *db.Tx, now time.Time, events []E) error {
	rows := make([][]any, len(events))
	at := db.At(now)
	for i, e := range events {
		body, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("write the event %s: %w", e.EventName(), err)
		}
		rows[i] = []any{id.New(), e.EventName(), string(body), at}
	}
	if _, err := tx.InsertAll(ctx, "INSERT INTO outbox_event (id, name, body, at)", rows, ""); err != nil {
		return fmt.Errorf("publish %d events: %w", len(events), err)
	}
	return nil
}

// Bus delivers events to consumers.
type Bus struct {
	db        *db.DB
	clock     clock.Clock
	consumers []*consumer
	wake      chan struct{}
}

type consumer struct {
	name     string
	handlers map[string][]handler
}

type handler func(ctx context.Context, tx *db.Tx, m Meta, body []byte) error

// New makes a bus without consumers.
func New(d *db.DB, c clock.Clock) *Bus { return &Bus{db: d, clock: c, wake: make(chan struct{}, 1)} }

// On lets the named consumer handle every event of type E. A consumer may have several handlers; all
// handlers of one event run in one transaction, in the order given here.
func On[E Event](b *Bus, name string, fn func(ctx context.Context, tx *db.Tx, m Meta, e E) error) {
	var zero E
	c := b.consumer(name)
	c.handlers[zero.EventName()] = append(c.handlers[zero.EventName()], func(ctx context.Context, tx *db.Tx, m Meta, body []byte) error {
		var e E
		if err := json.Unmarshal(body, &e); err != nil {
			return fmt.Errorf("read the event: %w", err)
		}
		return fn(ctx, tx, m, e)
	})
}

func (b *Bus) consumer(name string) *consumer {
	for _, c := range b.consumers {
		if c.name == name {
			return c
		}
	}
	c := &consumer{name: name, handlers: map[string][]handler{}}
	b.consumers = append(b.consumers, c)
	return c
}

// Wake ends the pause of Run; call it after a commit that published something.
func (b *Bus) Wake() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// Run numbers and delivers until ctx ends; pause bounds how long an event of another process waits.
// Errors of the database go to report, and the loop goes on.
func (b *Bus) Run(ctx context.Context, pause time.Duration, report func(error)) {
	t := time.NewTimer(0)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-b.wake:
		}
		if err := b.Drain(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
		t.Reset(pause)
	}
}

// Drain numbers what is committed and delivers until nothing is left to do now.
func (b *Bus) Drain(ctx context.Context) error {
	for {
		n, err := Number(ctx, b.db)
		if err != nil {
			return err
		}
		for _, c := range b.consumers {
			d, err := b.deliver(ctx, c)
			if err != nil {
				return fmt.Errorf("deliver to %s: %w", c.name, err)
			}
			n += d
		}
		if n == 0 {
			return nil
		}
	}
}
