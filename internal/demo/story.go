package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/money"
)

// Options say how and how far a story is told.
type Options struct {
	Client Client                          // reaches the node's JSON API
	Settle func(ctx context.Context) error // lets what follows from events happen; nil: a short wait
	Now    func() time.Time                // the node's clock; nil: the machine's
	Cast   Cast                            // who it is about; empty: Main
	Stop   string                          // name of the last step to tell, see Steps; empty: to the end
	Run    string                          // makes the idempotency keys of one telling; the same run twice has one effect
	Tell   func(step string)               // told before each step; may be nil
}

// Result is what came of a story: every id and amount, for those who want to check it.
type Result struct {
	Firm        string    // organisation
	Programme   string    // voucher programme
	Application string    // for a quota
	Granted     money.Fen // by the approval
	Need        string
	Candidates  []Candidate // in their order
	Accepted    string      // resource
	Booking     Order
	Commission  Order
	Claim       string
	Claimed     money.Fen
	Wallet      Pocket   // of the firm, at the end
	Steps       []string // told, in their order
}

// Candidate is one answer to a need.
type Candidate struct {
	Resource string
	Kind     string // instrument, service, expert …
	Name     string
	Reasons  int // why it fits
	Gaps     int // what is unknown or misses
}

// Order is an order as it stood last.
type Order struct {
	ID, Number, State, Resource string
	Price, Voucher, Own         money.Fen
	Minutes                     int64 // machine time logged
	Start, End                  time.Time
}

// Pocket is a wallet's line of the programme.
type Pocket struct{ Granted, Held, Used, Left money.Fen }

// step is one step of the story; Steps names them.
type step struct {
	name string
	do   func(*teller, context.Context) error
}

func steps() []step {
	return []step{
		{"register", (*teller).register},
		{"verify", (*teller).verify},
		{"apply", (*teller).apply},
		{"approve", (*teller).approve},
		{"state-need", (*teller).stateNeed},
		{"accept-candidate", (*teller).acceptCandidate},
		{"book", (*teller).book},
		{"commission", (*teller).commission},
		{"quote", (*teller).quote},
		{"accept-quote", (*teller).acceptQuote},
		{"accept-booking", (*teller).acceptBooking},
		{"start", (*teller).start},
		{"stop", (*teller).stop},
		{"report", (*teller).report},
		{"confirm", (*teller).confirm},
		{"rate", (*teller).rate},
		{"claim", (*teller).claim},
		{"verify-claim", (*teller).verifyClaim},
		{"approve-claim", (*teller).approveClaim},
		{"publish-notice", (*teller).publishNotice},
		{"pay", (*teller).pay},
	}
}

// Steps are the names of the story's steps in their order.
func Steps() []string {
	var out []string
	for _, s := range steps() {
		out = append(out, s.name)
	}
	return out
}

// Run tells the story of one voucher over the JSON API: a firm registers, is verified, gets a quota, states
// a need, books and commissions with the voucher; the provider works and claims; the authority pays.
// It stops with an error at the first step that does not go as told.
func Run(ctx context.Context, o Options) (Result, error) {
	if o.Cast.Key == "" {
		o.Cast = Main()
	}
	if o.Now == nil {
		o.Now = clock.System{}.Now
	}
	if o.Stop != "" && !slices.Contains(Steps(), o.Stop) {
		return Result{}, fmt.Errorf("demo: the story has no step %q", o.Stop)
	}
	t := &teller{o: o, cast: o.Cast}
	for _, s := range steps() {
		if o.Tell != nil {
			o.Tell(s.name)
		}
		if err := s.do(t, ctx); err != nil {
			return t.result, fmt.Errorf("demo: the story of %s, step %s: %w", o.Cast.Key, s.name, err)
		}
		t.result.Steps = append(t.result.Steps, s.name)
		if s.name == o.Stop {
			break
		}
	}
	return t.result, t.wallet(ctx)
}

// teller tells one story.
type teller struct {
	o      Options
	cast   Cast
	result Result
}

// post sends a call of somebody under a key of this telling, this step and what it is about.
func (t *teller) post(ctx context.Context, as, path, key string, body, out any) error {
	return t.o.Client.do(ctx, call{as: as, method: "POST", path: path, key: "story/" + t.o.Run + "/" + t.cast.Key + "/" + key + path, body: body}, out)
}

func (t *teller) get(ctx context.Context, as, path string, out any) error {
	return t.o.Client.do(ctx, call{as: as, method: "GET", path: path}, out)
}

// eventually waits until done says so: for what follows from events.
func (t *teller) eventually(ctx context.Context, what string, done func() (bool, error)) error {
	for range 200 {
		if ok, err := done(); ok || err != nil {
			return err
		}
		if err := t.pause(ctx); err != nil {
			return err
		}
	}
	return fmt.Errorf("waited in vain for %s", what)
}

func (t *teller) pause(ctx context.Context) error {
	if t.o.Settle != nil {
		return t.o.Settle(ctx)
	}
	timer := time.NewTimer(50 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// object is a JSON body.
type object = map[string]any
