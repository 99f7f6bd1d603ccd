package order

import (
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
)

// Facts is what every event of an order tells: ids and numbers, no personal value and no free text.
type Facts struct {
	Order        string    `json:"order"`
	Number       string    `json:"number"`
	Kind         string    `json:"kind"`
	State        string    `json:"state"` // after the step
	Region       string    `json:"region"`
	Buyer        string    `json:"buyer"`
	Provider     string    `json:"provider"`
	Resource     string    `json:"resource"`
	ResourceKind string    `json:"resource_kind"`
	Class        string    `json:"class"`
	Need         string    `json:"need,omitempty"`
	Programme    string    `json:"programme,omitempty"`
	Side         string    `json:"side"` // who acted: buyer, provider or system
	Price        money.Fen `json:"price"`
	Voucher      money.Fen `json:"voucher"`
	Own          money.Fen `json:"own"`
	Currency     string    `json:"currency"`
	Minutes      int64     `json:"minutes"`         // machine time logged so far
	Run          int64     `json:"run,omitempty"`   // Stopped: minutes of the run that ended
	Stars        int64     `json:"stars,omitempty"` // Rated: 1…5; 0 for the provider's reply
	Day          string    `json:"day"`             // civil day of the step
	Sample       bool      `json:"sample"`
}

// Placed follows when an order was placed; the voucher's part of a booking is held from here on.
type Placed struct{ Facts }

// EventName is order.placed.
func (Placed) EventName() string { return "order.placed" }

// Quoted follows when the provider named a price for a commission, or a new one.
type Quoted struct{ Facts }

// EventName is order.quoted.
func (Quoted) EventName() string { return "order.quoted" }

// Accepted follows when both agree: the provider took the booking, or the buyer the quote (its voucher part is held from here on).
type Accepted struct{ Facts }

// EventName is order.accepted.
func (Accepted) EventName() string { return "order.accepted" }

// Refused follows when the provider said no; slot and hold are free again.
type Refused struct{ Facts }

// EventName is order.refused.
func (Refused) EventName() string { return "order.refused" }

// SampleReceived follows when the provider has the samples in hand.
type SampleReceived struct{ Facts }

// EventName is order.sample-received.
func (SampleReceived) EventName() string { return "order.sample-received" }

// Started follows when the instrument began to run.
type Started struct{ Facts }

// EventName is order.started.
func (Started) EventName() string { return "order.started" }

// Stopped follows when a run ended; Minutes has grown.
type Stopped struct{ Facts }

// EventName is order.stopped.
func (Stopped) EventName() string { return "order.stopped" }

// Reported follows when the report was delivered, or delivered anew.
type Reported struct{ Facts }

// EventName is order.reported.
func (Reported) EventName() string { return "order.reported" }

// Confirmed follows when the buyer agreed; the voucher's part counts as used.
type Confirmed struct{ Facts }

// EventName is order.confirmed.
func (Confirmed) EventName() string { return "order.confirmed" }

// Settled follows when the order was paid in full.
type Settled struct{ Facts }

// EventName is order.settled.
func (Settled) EventName() string { return "order.settled" }

// Cancelled follows when the order was withdrawn; slot and hold are free again.
type Cancelled struct{ Facts }

// EventName is order.cancelled.
func (Cancelled) EventName() string { return "order.cancelled" }

// Rated follows when the buyer gave stars, or the provider replied.
type Rated struct{ Facts }

// EventName is order.rated.
func (Rated) EventName() string { return "order.rated" }

// Disputed follows when the buyer does not agree with the report, or a side asks the authority (State says which).
type Disputed struct{ Facts }

// EventName is order.disputed.
func (Disputed) EventName() string { return "order.disputed" }

// Offered follows when a side of a dispute offers to settle for less.
type Offered struct{ Facts }

// EventName is order.offered.
func (Offered) EventName() string { return "order.offered" }

// Refunded follows when money was given back to the buyer.
type Refunded struct{ Facts }

// EventName is order.refunded.
func (Refunded) EventName() string { return "order.refunded" }

// Reopened follows when the work is to be done again.
type Reopened struct{ Facts }

// EventName is order.reopened.
func (Reopened) EventName() string { return "order.reopened" }

// Signed follows when a side has signed the contract.
type Signed struct{ Facts }

// EventName is order.signed.
func (Signed) EventName() string { return "order.signed" }

// Invoiced follows when an invoice was issued.
type Invoiced struct{ Facts }

// EventName is order.invoiced.
func (Invoiced) EventName() string { return "order.invoiced" }

// Moved follows when a booking was put to another time; the provider has to answer again.
type Moved struct{ Facts }

// EventName is order.moved.
func (Moved) EventName() string { return "order.moved" }

// Staged follows when a milestone was delivered, accepted or sent back; Verb says which.
type Staged struct {
	Facts
	Verb string `json:"verb"`
}

// EventName is order.staged.
func (Staged) EventName() string { return "order.staged" }

// eventOf is the event that tells of a verb; nil for none.
func eventOf(verb string, f Facts) outbox.Event {
	switch verb {
	case VerbPlace:
		return Placed{f}
	case VerbQuote, VerbRenew:
		return Quoted{f}
	case VerbAccept:
		return Accepted{f}
	case VerbRefuse:
		return Refused{f}
	case VerbReceiveSample:
		return SampleReceived{f}
	case VerbStart:
		return Started{f}
	case VerbStop:
		return Stopped{f}
	case VerbDeliver, VerbApprove, VerbSendBack:
		return Staged{f, verb}
	case VerbReport:
		return Reported{f}
	case VerbOffer:
		return Offered{f}
	case VerbRefund:
		return Refunded{f}
	case VerbConfirm, VerbUphold, VerbAgree, VerbAward:
		return Confirmed{f}
	case VerbDispute, VerbEscalate:
		return Disputed{f}
	case VerbRedo:
		return Reopened{f}
	case VerbMove:
		return Moved{f}
	case VerbSign:
		return Signed{f}
	case VerbInvoice:
		return Invoiced{f}
	case VerbSettle:
		return Settled{f}
	case VerbCancel, VerbAnnul, VerbMiss:
		return Cancelled{f}
	case VerbRate, VerbReply:
		return Rated{f}
	}
	return nil
}

// facts of an order after a step.
func facts(o Order, side, day string) Facts {
	return Facts{
		Order: o.ID, Number: o.Number, Kind: o.Kind, State: o.State, Region: o.Region, Buyer: o.Buyer, Provider: o.Provider,
		Resource: o.Resource, ResourceKind: o.ResourceKind, Class: o.Class, Need: o.Need, Programme: o.Programme, Side: side,
		Price: o.Price, Voucher: o.Voucher, Own: o.Own, Currency: o.Currency, Minutes: o.Minutes, Day: day, Sample: o.Sample,
	}
}
