package campus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"qiao/internal/booking"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// What is told to them.
const (
	kindTaken    = "taken"    // a booking here took a time
	kindFreed    = "freed"    // and gave it back
	kindFinished = "finished" // machine hours of a booking
	kindClaim    = "claim"    // a reservation that could not be asked for in time
	kindRelease  = "release"  // a reservation that is not needed any more
	kindPing     = "ping"     // is anybody there?
)

// The states of a delivery.
const (
	Waiting = "waiting"
	Sent    = "sent"
	Failed  = "failed"
)

// How a delivery is tried again: after two seconds, then twice as long each time, ten minutes at most, for about a day.
const (
	firstPause   = 2 * time.Second
	longestPause = 10 * time.Minute
	maxTries     = 150
	sendLease    = time.Minute // a delivery whose process has ended is taken up again after that
	sendLimit    = 15 * time.Second
	roundMost    = 200 // deliveries of one connection in one round
)

func pauseAfter(tries int64) time.Duration {
	return min(firstPause<<min(tries-1, 9), longestPause)
}

// Delivery is one thing that is told to them.
type Delivery struct {
	ID       string      `db:"id"`
	Link     string      `db:"link"`
	Resource string      `db:"resource"`
	Number   int64       `db:"number"`
	Kind     string      `db:"kind"`
	Key      string      `db:"key"`
	Body     string      `db:"body"`
	State    string      `db:"state"`
	Attempts int64       `db:"attempts"`
	Due      db.NullTime `db:"due_at"`
	Status   int64       `db:"status"`
	Failure  string      `db:"failure"`
	At       db.Time     `db:"at"`
	SentAt   db.NullTime `db:"sent_at"`
}

const deliveryColumns = `id, link, resource, number, kind, key, body, state, attempts, due_at, status, failure, at, sent_at`

// eventBody is what is posted to {address}/events.
type eventBody struct {
	ID         string     `json:"id"`
	Number     int64      `json:"number"` // grows by one with each event of the instrument
	Type       string     `json:"type"`
	Instrument string     `json:"instrument,omitempty"`
	Key        string     `json:"key,omitempty"`
	Start      *time.Time `json:"start,omitempty"`
	End        *time.Time `json:"end,omitempty"`
	Minutes    int64      `json:"minutes,omitempty"`
	At         time.Time  `json:"at"`
}

// tell writes down, in the caller's transaction, what they are to be told about an instrument.
func (s *Service) tell(ctx context.Context, tx *db.Tx, link, resource, kind, key string, b *booking.Booking) error {
	return s.tellOf(ctx, tx, link, resource, kind, key, b, 0)
}

// tellHours writes down the machine hours of a booking.
func (s *Service) tellHours(ctx context.Context, tx *db.Tx, l Link, m Map, b booking.Booking, key string, minutes int64) error {
	return s.tellOf(ctx, tx, l.ID, m.Resource, kindFinished, key, &b, minutes)
}

func (s *Service) tellOf(ctx context.Context, tx *db.Tx, link, resource, kind, key string, b *booking.Booking, minutes int64) error {
	m, ok, err := mapOfResource(ctx, tx, resource)
	if err != nil {
		return err
	}
	d := Delivery{ID: id.New(), Link: link, Resource: resource, Kind: kind, Key: key, State: Waiting, Due: db.NullAt(s.Clock.Now()), At: db.At(s.Clock.Now())}
	if ok && m.Link == link {
		d.Number, err = db.One[int64](ctx, tx, `UPDATE campus_map SET told = told + 1 WHERE resource = $1 RETURNING told`, resource)
	} else { // disconnected meanwhile: what was asked for there is given back all the same
		d.Number, err = db.One[int64](ctx, tx, `SELECT coalesce(max(number), 0) + 1 FROM campus_delivery WHERE resource = $1 AND link = $2`, resource, link)
	}
	if err != nil {
		return fmt.Errorf("number a delivery: %w", err)
	}
	e := eventBody{ID: d.ID, Number: d.Number, Type: kind, Instrument: m.Theirs, Key: key, Minutes: minutes, At: d.At.UTC()}
	if b != nil {
		from, to := b.Start.UTC(), b.End.UTC()
		e.Start, e.End = &from, &to
	}
	return insertDelivery(ctx, tx, d, e)
}

func insertDelivery(ctx context.Context, tx *db.Tx, d Delivery, e eventBody) error {
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write a delivery: %w", err)
	}
	d.Body = string(body)
	_, err = tx.Exec(ctx, `INSERT INTO campus_delivery (`+deliveryColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		d.ID, d.Link, d.Resource, d.Number, d.Kind, d.Key, d.Body, d.State, d.Attempts, d.Due, d.Status, d.Failure, d.At, d.SentAt)
	if err != nil {
		return fmt.Errorf("put a delivery into its queue: %w", err)
	}
	return nil
}

// Courier is Deliver beside the caller: a system that answers slowly holds up nobody.
func (s *Service) Courier(ctx context.Context) error {
	if _, busy := s.running.LoadOrStore("deliver", struct{}{}); busy {
		return nil
	}
	go func() {
		defer s.running.Delete("deliver")
		_ = s.Deliver(ctx) // what went wrong stands in the delivery; a database that is gone is told by the next job
	}()
	return nil
}

// Deliver sends what is due, each connection beside the others, each instrument's in order.
func (s *Service) Deliver(ctx context.Context) error {
	links, err := db.All[string](ctx, s.DB, `SELECT DISTINCT link FROM campus_delivery WHERE state = 'waiting' AND due_at <= $1`, db.At(s.Clock.Now()))
	if err != nil {
		return fmt.Errorf("look for deliveries: %w", err)
	}
	var all sync.WaitGroup
	failed := make([]error, len(links))
	for i, link := range links {
		all.Go(func() { failed[i] = s.deliverTo(ctx, link) })
	}
	all.Wait()
	return errors.Join(failed...)
}

func (s *Service) deliverTo(ctx context.Context, link string) error {
	l, err := getLink(ctx, s.DB, link)
	if err != nil {
		return err
	}
	if l.State == Paused {
		return nil
	}
	for range roundMost {
		d, err := db.One[Delivery](ctx, s.DB, `SELECT `+deliveryColumns+` FROM campus_delivery d WHERE link = $1 AND state = 'waiting' AND due_at <= $2 AND NOT EXISTS (
			SELECT 1 FROM campus_delivery e WHERE e.link = d.link AND e.resource = d.resource AND e.state = 'waiting' AND e.number < d.number) ORDER BY due_at, number LIMIT 1`, link, db.At(s.Clock.Now()))
		if errors.Is(err, db.ErrNone) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("look for the next delivery: %w", err)
		}
		mine := false
		err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			n, err := tx.Exec(ctx, `UPDATE campus_delivery SET due_at = $3, attempts = attempts + 1 WHERE id = $1 AND attempts = $2 AND state = 'waiting'`, d.ID, d.Attempts, db.NullAt(s.Clock.Now().Add(sendLease)))
			mine = n == 1
			return err
		})
		if err != nil {
			return fmt.Errorf("take a delivery: %w", err)
		}
		if !mine {
			continue // another process has it
		}
		d.Attempts++
		if err := s.send(ctx, l, d); err != nil {
			return err
		}
	}
	return nil
}

// send makes one attempt and writes down what came of it.
func (s *Service) send(ctx context.Context, l Link, d Delivery) error {
	m, _, err := mapOfResource(ctx, s.DB, d.Resource)
	if err != nil {
		return err
	}
	var c Claim
	limit, stop := context.WithTimeout(ctx, sendLimit)
	defer stop()
	var said outcome
	switch d.Kind {
	case kindRelease:
		said = s.call(limit, l, http.MethodDelete, "/reservations/"+url.PathEscape(d.Key), nil)
		if said.status == http.StatusNotFound || said.result == resultTaken { // it is not there: as good as given back
			said.result, said.failure = resultYes, ""
		}
	case kindClaim:
		there := false
		if c, there, err = getClaim(ctx, s.DB, d.Key); err != nil {
			return err
		}
		if said = (outcome{result: resultYes}); there && c.State == ClaimOwed {
			said = s.reserve(limit, l, m, c, nil)
		}
	default:
		said = s.call(limit, l, http.MethodPost, "/events", json.RawMessage(d.Body))
		if said.result == resultTaken { // they say that they have it already, or what they think of it: they know
			said.result = resultYes
		}
	}
	if ctx.Err() != nil {
		return ctx.Err() // the program ends: the lease runs out, and it is taken up again
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.note(ctx, tx, l, m, d, c, said) })
}

// note writes down an attempt, and plans the next one where it needs one.
func (s *Service) note(ctx context.Context, tx *db.Tx, l Link, m Map, d Delivery, c Claim, said outcome) error {
	now := s.Clock.Now()
	d.Status, d.Failure, d.Due = said.status, said.failure, db.NullTime{}
	switch {
	case said.result == resultYes, d.Kind == kindClaim && said.result == resultTaken:
		d.State, d.SentAt = Sent, db.NullAt(now)
	case said.result == resultNo, d.Attempts >= maxTries:
		d.State = Failed
	default:
		d.Due = db.NullAt(now.Add(pauseAfter(d.Attempts)))
	}
	if d.Kind == kindClaim && d.State != Waiting {
		if err := s.made(ctx, tx, l, m, c, said); err != nil {
			return err
		}
	}
	if d.Kind == kindRelease && d.State == Sent {
		if _, err := tx.Exec(ctx, `UPDATE campus_claim SET state = 'released', at = $2 WHERE key = $1 AND state = 'dropping'`, d.Key, db.At(now)); err != nil {
			return fmt.Errorf("note a release: %w", err)
		}
	}
	if err := heardAgain(ctx, tx, l.ID, said.failure, db.At(now)); err != nil {
		return err
	}
	return updateDelivery(ctx, tx, d)
}

func updateDelivery(ctx context.Context, tx *db.Tx, d Delivery) error {
	_, err := tx.Exec(ctx, `UPDATE campus_delivery SET state = $2, attempts = $3, due_at = $4, status = $5, failure = $6, sent_at = $7 WHERE id = $1`, d.ID, d.State, d.Attempts, d.Due, d.Status, d.Failure, d.SentAt)
	if err != nil {
		return fmt.Errorf("note a delivery: %w", err)
	}
	return nil
}

// deliveries is the newest of what a connection was told.
func deliveries(ctx context.Context, q db.Q, link string, limit int) ([]Delivery, error) {
	out, err := db.All[Delivery](ctx, q, `SELECT `+deliveryColumns+` FROM campus_delivery WHERE link = $1 ORDER BY at DESC, resource, number DESC LIMIT $2`, link, limit)
	if err != nil {
		return nil, fmt.Errorf("list the deliveries: %w", err)
	}
	return out, nil
}

// retry makes a delivery due now.
func retry(ctx context.Context, tx *db.Tx, link, delivery string, now db.NullTime) error {
	n, err := tx.Exec(ctx, `UPDATE campus_delivery SET state = 'waiting', attempts = 0, due_at = $3 WHERE id = $1 AND link = $2 AND state <> 'sent'`, delivery, link, now)
	if err != nil {
		return fmt.Errorf("try a delivery again: %w", err)
	}
	if n == 0 {
		return fault.New(fault.NotFound, "no-delivery", "没有找到这次投递，或者它已经送达。")
	}
	return nil
}

// keepSent is how long what was delivered stays in the log.
const keepSent = 90 * 24 * time.Hour

// Prune forgets old deliveries that arrived.
func (s *Service) Prune(ctx context.Context) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM campus_delivery WHERE state = 'sent' AND at < $1`, db.At(s.Clock.Now().Add(-keepSent))); err != nil {
			return fmt.Errorf("prune the deliveries: %w", err)
		}
		return nil
	})
}
