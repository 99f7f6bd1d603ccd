package stats

import (
	"fmt"
	"slices"
	"time"

	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
)

// Kind says what happened.
type Kind string

// The kinds of fact. "Once" kinds happen at most once to one object: the first counts.
const (
	OrderPlaced    Kind = "order.placed"    // once: an order was placed; Amount the price, if known
	OrderAnswered  Kind = "order.answered"  // once: the provider's first answer (quote, accept or refuse)
	OrderConfirmed Kind = "order.confirmed" // once: the buyer confirmed the service; Amount what it cost
	OrderRated     Kind = "order.rated"     // once: Score 1 to 5
	MachineTime    Kind = "machine.time"    // a run ended; Minutes it took
	VoucherGranted Kind = "voucher.granted" // Amount
	VoucherHeld    Kind = "voucher.held"    // Amount
	VoucherFreed   Kind = "voucher.freed"   // Amount given back from a hold
	VoucherUsed    Kind = "voucher.used"    // Amount taken from a hold
	VoucherPaid    Kind = "voucher.paid"    // Amount
	NeedPublished  Kind = "need.published"  // once
	NeedInvalid    Kind = "need.invalid"    // once: withdrawn as no valid need; it leaves the denominator
	NeedAnswered   Kind = "need.answered"   // once: the first response of a provider, expert or broker
	NeedContacted  Kind = "need.contacted"  // once: a contact of both sides is on record
	NeedAccepted   Kind = "need.accepted"   // once: the one who needs pressed accept
)

// kinds lists every kind, with those that happen once to an object.
func kinds() map[Kind]bool {
	return map[Kind]bool{
		OrderPlaced: true, OrderAnswered: true, OrderConfirmed: true, OrderRated: true, MachineTime: false,
		VoucherGranted: false, VoucherHeld: false, VoucherFreed: false, VoucherUsed: false, VoucherPaid: false,
		NeedPublished: true, NeedInvalid: true, NeedAnswered: true, NeedContacted: true, NeedAccepted: true,
	}
}

// waits names, for a kind of answer, the kind it answers: the minutes between the two are kept with the answer.
func waits() map[Kind]Kind {
	return map[Kind]Kind{OrderAnswered: OrderPlaced, NeedAnswered: NeedPublished}
}

// Fact is one thing that happened, as the numbers count it.
type Fact struct {
	Event     string // id of the event, or a key that is the same when the event comes again
	Kind      Kind
	At        time.Time
	Region    string // six digits: home of the side that asked (buyer, firm, owner of the need)
	Org       string // organisation that asked
	Other     string // organisation that serves or is paid; may be empty
	Object    string // order, need, grant or claim
	Resource  string // may be empty
	Programme string // may be empty
	Amount    money.Fen
	Minutes   int64
	Score     int64
}

// check finds what cannot be a fact.
func (f Fact) check() error {
	_, known := kinds()[f.Kind]
	switch {
	case !known:
		return fmt.Errorf("fact of unknown kind %q", f.Kind)
	case f.Event == "" || f.Object == "" || f.At.IsZero():
		return fmt.Errorf("fact %s needs an event, an object and a time", f.Kind)
	case len(f.Region) != 6:
		return fmt.Errorf("fact %s of %s: the region %q has not six digits", f.Kind, f.Object, f.Region)
	case f.Amount < 0 || f.Minutes < 0:
		return fmt.Errorf("fact %s of %s is negative", f.Kind, f.Object)
	case f.Kind == OrderRated && (f.Score < 1 || f.Score > 5):
		return fmt.Errorf("fact %s of %s: the score %d is not 1 to 5", f.Kind, f.Object, f.Score)
	}
	return nil
}

// id is the fact's own: a repeated event, or a second time of what happens once, meets the first.
func (f Fact) id() string {
	if kinds()[f.Kind] {
		return id.From("fact", string(f.Kind), f.Object)
	}
	return id.From("fact", string(f.Kind), f.Event)
}

// Kinds lists every kind of fact, sorted.
func Kinds() []Kind {
	var out []Kind
	for k := range kinds() {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
