package campus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qiao/internal/booking"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/state"
)

// The states of a claim: a time asked for in their calendar.
const (
	ClaimAsking   = "asking"   // written down before they are asked
	ClaimFirm     = "firm"     // reserved and confirmed there; nothing is booked here yet
	ClaimLater    = "later"    // they did not answer, and the provider's rule is to book all the same
	ClaimUsed     = "used"     // a booking here has it
	ClaimOwed     = "owed"     // a booking here has it, they have still to be told
	ClaimLost     = "lost"     // they had given it to somebody else meanwhile: people have to talk
	ClaimRefused  = "refused"  // they said no
	ClaimDropping = "dropping" // not needed any more, they are being told
	ClaimReleased = "released" // they know
)

// The system is the only one that acts on claims.
const system = "system"

// ClaimTable is the life of a claim; docs/campus.md shows it.
func ClaimTable() state.Table {
	by := []string{system}
	return state.Table{
		{From: ClaimAsking, Verb: "confirm", To: ClaimFirm, Who: by},
		{From: ClaimAsking, Verb: "refuse", To: ClaimRefused, Who: by},
		{From: ClaimAsking, Verb: "postpone", To: ClaimLater, Who: by},
		{From: ClaimAsking, Verb: "drop", To: ClaimDropping, Who: by},
		{From: ClaimFirm, Verb: "book", To: ClaimUsed, Who: by},
		{From: ClaimFirm, Verb: "drop", To: ClaimDropping, Who: by},
		{From: ClaimLater, Verb: "book", To: ClaimOwed, Who: by},
		{From: ClaimLater, Verb: "drop", To: ClaimDropping, Who: by},
		{From: ClaimOwed, Verb: "confirm", To: ClaimUsed, Who: by},
		{From: ClaimOwed, Verb: "lose", To: ClaimLost, Who: by},
		{From: ClaimOwed, Verb: "drop", To: ClaimDropping, Who: by},
		{From: ClaimUsed, Verb: "drop", To: ClaimDropping, Who: by},
		{From: ClaimLost, Verb: "drop", To: ClaimDropping, Who: by},
		{From: ClaimDropping, Verb: "release", To: ClaimReleased, Who: by},
	}
}

// Claim is a time asked for in their calendar for a booking of ours.
type Claim struct {
	Key      string  `db:"key"`
	Holder   string  `db:"holder"`
	Link     string  `db:"link"`
	Resource string  `db:"resource"`
	Start    db.Time `db:"start_at"`
	End      db.Time `db:"end_at"`
	State    string  `db:"state"`
	Reason   string  `db:"reason"`
	At       db.Time `db:"at"`
}

// forgotten is when a claim that led to no booking is given back: whoever asked for it has ended.
const forgotten = 2 * time.Minute

// lease is how long they keep a reservation that was not confirmed.
const lease = time.Minute

// connected is the connection of a resource; false where it has none that works.
func connected(ctx context.Context, q db.Q, resource string) (Link, Map, bool, error) {
	m, ok, err := mapOfResource(ctx, q, resource)
	if err != nil || !ok {
		return Link{}, m, false, err
	}
	l, err := getLink(ctx, q, m.Link)
	return l, m, err == nil && l.State == Active, err
}

// Ask implements booking.Outside: where their calendar decides, it is asked.
func (s *Service) Ask(ctx context.Context, want booking.Claim) (string, error) {
	l, m, ok, err := connected(ctx, s.DB, want.Resource)
	if err != nil || !ok || want.Kind != booking.HeldByOrder {
		return "", err
	}
	if m.stale(l, s.Clock.Now()) && l.Silent == SilentRefuse {
		return "", errSilent()
	}
	if !l.asks() {
		return "", nil
	}
	// The request's own key is spent by the booking, never by the question before it.
	ctx = db.WithGuard(ctx, func(context.Context, *db.Tx) error { return nil })
	now := s.Clock.Now()
	c := Claim{Key: id.New(), Holder: want.Holder, Link: l.ID, Resource: want.Resource, Start: db.At(want.Span.From), End: db.At(want.Span.To), State: ClaimAsking, At: db.At(now)}
	if err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return insertClaim(ctx, tx, c) }); err != nil {
		return "", err
	}
	replaces, err := inTheWay(ctx, s.DB, c)
	if err != nil {
		return "", err
	}
	limit, stop := context.WithTimeout(ctx, s.Patience)
	defer stop()
	said := s.reserve(limit, l, m, c, replaces)
	return c.Key, s.answered(context.WithoutCancel(ctx), l, m, c, said)
}

// answered writes down what they said to a question, and tells it to whoever asked.
func (s *Service) answered(ctx context.Context, l Link, m Map, c Claim, said outcome) error {
	verb, told := "confirm", error(nil)
	switch {
	case said.result == resultYes:
	case said.result == resultTaken:
		verb, told = "refuse", errTakenThere()
	case said.result == resultNo:
		verb, told = "refuse", fault.New(fault.Conflict, "campus-refused", "校内系统没有接受这个预约：{0}", said.words)
	case l.Silent == SilentBook:
		verb = "postpone"
	default:
		verb, told = "drop", errSilent()
	}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.moveClaim(ctx, tx, &c, verb, said.words); err != nil {
			return err
		}
		if said.result == resultUnknown {
			if verb == "drop" {
				if err := s.tell(ctx, tx, l.ID, m.Resource, kindRelease, c.Key, nil); err != nil {
					return err
				}
			}
		}
		return heardAgain(ctx, tx, l.ID, said.failure, db.At(s.Clock.Now()))
	})
	if err != nil {
		return errors.Join(told, err)
	}
	if verb == "confirm" || verb == "postpone" {
		return nil
	}
	return told
}

func errTakenThere() *fault.Error {
	return fault.New(fault.Conflict, "slot-taken", "很抱歉，这个时段在服务单位的校内系统里已被占用。请另选一个空闲时段，您填写的内容都还在。")
}

func errSilent() *fault.Error {
	return fault.New(fault.Unavailable, "campus-silent", "服务单位的校内系统暂时没有应答，为避免与校内预约重复，这次没有预约成。请稍后再试，您填写的内容都还在。")
}

// Forget implements booking.Outside: a question that led to no booking is taken back.
func (s *Service) Forget(ctx context.Context, ticket string) {
	ctx = db.WithGuard(context.WithoutCancel(ctx), func(context.Context, *db.Tx) error { return nil })
	_ = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.drop(ctx, tx, ticket, ClaimFirm, ClaimLater) }) // the sweep does it otherwise
}

// drop gives a claim back, if it is in one of the states.
func (s *Service) drop(ctx context.Context, tx *db.Tx, key string, from ...string) error {
	c, ok, err := getClaim(ctx, tx, key)
	if err != nil || !ok {
		return err
	}
	for _, st := range from {
		if c.State != st {
			continue
		}
		if err := s.moveClaim(ctx, tx, &c, "drop", c.Reason); err != nil {
			return err
		}
		return s.tell(ctx, tx, c.Link, c.Resource, kindRelease, c.Key, nil)
	}
	return nil
}

// moveClaim takes a claim one step further; the state it was read in must still hold.
func (s *Service) moveClaim(ctx context.Context, tx *db.Tx, c *Claim, verb, reason string) error {
	step, err := ClaimTable().Next(c.State, verb)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE campus_claim SET state = $3, reason = $4, at = $5 WHERE key = $1 AND state = $2`, c.Key, c.State, step.To, reason, db.At(s.Clock.Now()))
	if err != nil {
		return fmt.Errorf("move the claim %s: %w", c.Key, err)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "campus-moved", "这次预约等得太久，已经放弃。请重新提交。")
	}
	c.State, c.Reason = step.To, reason
	return nil
}

// Took implements booking.Outside: the booking takes over what was asked for, or it is told to them.
func (s *Service) Took(ctx context.Context, tx *db.Tx, b booking.Booking) error {
	if b.Kind != booking.HeldByOrder {
		return nil
	}
	l, m, ok, err := connected(ctx, tx, b.Resource)
	if err != nil || !ok {
		return err
	}
	if !l.asks() {
		if l.tells() {
			return s.tell(ctx, tx, l.ID, m.Resource, kindTaken, b.Holder, &b)
		}
		return nil
	}
	list, err := claimsOf(ctx, tx, b.Holder)
	if err != nil {
		return err
	}
	found := false
	for _, c := range list {
		switch {
		case c.State == ClaimUsed || c.State == ClaimOwed || c.State == ClaimLost: // the time before it was moved
			err = s.drop(ctx, tx, c.Key, c.State)
		case found || c.Resource != b.Resource || !c.Start.Equal(b.Start.Time) || !c.End.Equal(b.End.Time):
		case c.State == ClaimFirm:
			found, err = true, s.moveClaim(ctx, tx, &c, "book", "")
		case c.State == ClaimLater:
			if found, err = true, s.moveClaim(ctx, tx, &c, "book", c.Reason); err == nil {
				err = s.tell(ctx, tx, c.Link, c.Resource, kindClaim, c.Key, nil)
			}
		}
		if err != nil {
			return err
		}
	}
	if !found {
		return fault.New(fault.Conflict, "campus-unasked", "这台仪器由服务单位的校内系统排期，要先问过它才能预约。请从仪器的预约页面下单。")
	}
	return nil
}

// Freed implements booking.Outside.
func (s *Service) Freed(ctx context.Context, tx *db.Tx, b booking.Booking) error {
	if b.Kind != booking.HeldByOrder {
		return nil
	}
	list, err := claimsOf(ctx, tx, b.Holder)
	if err != nil {
		return err
	}
	dropped := false
	for _, c := range list {
		if c.State == ClaimUsed || c.State == ClaimOwed || c.State == ClaimLost {
			if err := s.drop(ctx, tx, c.Key, c.State); err != nil {
				return err
			}
			dropped = true
		}
	}
	if dropped {
		return nil
	}
	l, m, ok, err := connected(ctx, tx, b.Resource)
	if err != nil || !ok || !l.tells() {
		return err
	}
	return s.tell(ctx, tx, l.ID, m.Resource, kindFreed, b.Holder, &b)
}

// Sweep gives back what was asked for and led to no booking because whoever asked has ended.
func (s *Service) Sweep(ctx context.Context) error {
	list, err := db.All[string](ctx, s.DB, `SELECT key FROM campus_claim WHERE state IN ('asking', 'firm', 'later') AND at < $1 ORDER BY at LIMIT 500`, db.At(s.Clock.Now().Add(-forgotten)))
	if err != nil {
		return fmt.Errorf("look for forgotten claims: %w", err)
	}
	for _, key := range list {
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return s.drop(ctx, tx, key, ClaimAsking, ClaimFirm, ClaimLater)
		})
		if err != nil && !fault.Is(err, "campus-moved") {
			return err
		}
	}
	return nil
}

// made notes what became of a claim that was told later.
func (s *Service) made(ctx context.Context, tx *db.Tx, l Link, m Map, c Claim, said outcome) error {
	if c.State != ClaimOwed {
		return nil // cancelled meanwhile; the release is on its way
	}
	if said.result == resultYes {
		return s.moveClaim(ctx, tx, &c, "confirm", "")
	}
	if err := s.moveClaim(ctx, tx, &c, "lose", said.words); err != nil {
		return err
	}
	return outbox.Publish(ctx, tx, s.Clock.Now(), Lost{Link: l.ID, Owner: l.Owner, Holder: c.Holder, NameZH: m.NameZH, NameEN: m.NameEN})
}

const claimColumns = `key, holder, link, resource, start_at, end_at, state, reason, at`

func insertClaim(ctx context.Context, tx *db.Tx, c Claim) error {
	_, err := tx.Exec(ctx, `INSERT INTO campus_claim (`+claimColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, c.Key, c.Holder, c.Link, c.Resource, c.Start, c.End, c.State, c.Reason, c.At)
	if err != nil {
		return fmt.Errorf("write down a claim: %w", err)
	}
	return nil
}

func getClaim(ctx context.Context, q db.Q, key string) (Claim, bool, error) {
	c, err := db.One[Claim](ctx, q, `SELECT `+claimColumns+` FROM campus_claim WHERE key = $1`, key)
	if errors.Is(err, db.ErrNone) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("get the claim %s: %w", key, err)
	}
	return c, true, nil
}

func claimsOf(ctx context.Context, q db.Q, holder string) ([]Claim, error) {
	out, err := db.All[Claim](ctx, q, `SELECT `+claimColumns+` FROM campus_claim WHERE holder = $1 AND state NOT IN ('refused', 'dropping', 'released') ORDER BY at DESC, key`, holder)
	if err != nil {
		return nil, fmt.Errorf("the claims of %s: %w", holder, err)
	}
	return out, nil
}

// inTheWay are reservations of ours that need not stand in the way of a new one: what the holder has there already, and what
// is being given back.
func inTheWay(ctx context.Context, q db.Q, c Claim) ([]string, error) {
	out, err := db.All[string](ctx, q, `SELECT key FROM campus_claim WHERE link = $1 AND resource = $2 AND start_at < $3 AND end_at > $4
		AND (state = 'dropping' OR holder = $5 AND state IN ('used', 'owed')) ORDER BY at DESC LIMIT 50`, c.Link, c.Resource, c.End, c.Start, c.Holder)
	if err != nil {
		return nil, fmt.Errorf("look for reservations in the way: %w", err)
	}
	return out, nil
}

// held is the key of what a holder has there already; "" where it has nothing.
func held(ctx context.Context, q db.Q, holder string) (string, error) {
	list, err := claimsOf(ctx, q, holder)
	if err != nil {
		return "", err
	}
	for _, c := range list {
		if c.State == ClaimUsed || c.State == ClaimOwed {
			return c.Key, nil
		}
	}
	return "", nil
}
