package order

import (
	"time"

	"qiao/internal/milestone"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
)

// Order is one order as it stands. Amounts are fen of Currency; Price = Voucher + Own always, and Repaid lies within Own.
type Order struct {
	ID              string      `db:"id"`
	Number          string      `db:"number"` // what people say aloud, e.g. DD3304-20261121-0007
	Kind            string      `db:"kind"`   // KindBooking or KindCommission
	State           string      `db:"state"`
	Revision        int64       `db:"revision"`
	Buyer           string      `db:"buyer"` // organisation
	BuyerPerson     string      `db:"buyer_person"`
	Provider        string      `db:"provider"` // organisation
	Resource        string      `db:"resource"`
	ResourceZH      string      `db:"resource_zh"` // names and class as they were when it was ordered
	ResourceEN      string      `db:"resource_en"`
	ResourceKind    string      `db:"resource_kind"`
	Class           string      `db:"class"`
	Region          string      `db:"region"` // of the resource, six digits
	Need            string      `db:"need"`   // the need it answers, or empty
	Purpose         string      `db:"purpose"`
	Samples         string      `db:"samples"`
	CustomsUse      string      `db:"customs_use"` // the permitted purpose of an instrument under customs supervision, or empty
	Quantity        int64       `db:"quantity"`
	Unit            string      `db:"unit"`
	PriceLine       string      `db:"price_line"`
	Start           db.NullTime `db:"start_at"` // bookings only
	End             db.NullTime `db:"end_at"`
	Priced          bool        `db:"priced"` // false until a quote names the price
	Price           money.Fen   `db:"price"`
	Voucher         money.Fen   `db:"voucher"`
	Own             money.Fen   `db:"own"`
	Currency        string      `db:"currency"`
	Programme       string      `db:"programme"`        // voucher programme, the first of several, or empty
	Vouchers        string      `db:"vouchers"`         // see Parts
	Repaid          money.Fen   `db:"repaid"`           // of the own part: what the buyer's region repays later
	Fund            string      `db:"fund"`             // card or prepaid account that pays the own part, or empty
	Held            bool        `db:"held"`             // the voucher's part is held, or used
	Due             string      `db:"due"`              // civil day by which the next step is expected, or empty
	Minutes         int64       `db:"minutes"`          // machine time logged
	Sample          bool        `db:"sample"`           // invented for the demo
	StagesOpen      int64       `db:"stages_open"`      // milestones that are not accepted yet
	StagesDelivered int64       `db:"stages_delivered"` // of them: waiting for the buyer
	Payable         money.Fen   `db:"payable"`          // what accepted milestones allow to invoice before the order is confirmed
	PlacedOn        string      `db:"placed_on"`
	ConfirmedOn     string      `db:"confirmed_on"`
	PlacedAt        db.Time     `db:"placed_at"`
	UpdatedAt       db.Time     `db:"updated_at"`
}

// Step is one entry of the timeline.
type Step struct {
	ID       string  `db:"id"`
	Order    string  `db:"order_id"`
	Position int64   `db:"position"`
	At       db.Time `db:"at"`
	Side     string  `db:"side"` // Buyer, Provider or System
	Person   string  `db:"person"`
	Org      string  `db:"org"`
	Verb     string  `db:"verb"`
	From     string  `db:"from_state"`
	To       string  `db:"to_state"`
	Note     string  `db:"note"`
}

// Run is one stretch of machine time; End is zero while it runs. Minutes are begun minutes.
type Run struct {
	ID      string      `db:"id"`
	Order   string      `db:"order_id"`
	Start   db.Time     `db:"start_at"`
	End     db.NullTime `db:"end_at"`
	Minutes int64       `db:"minutes"`
}

// The kinds of document.
const (
	RequestFile = "request" // what the buyer sent along
	ReportFile  = "report"  // what the provider delivers
	DisputeFile = "dispute" // what a side, or the authority, shows in a dispute
	StageFile   = "stage"   // what the provider delivers for a milestone
)

// Document is a file of an order. SHA256 is its address in the blob store and what anybody can check it by.
type Document struct {
	ID     string  `db:"id"`
	Order  string  `db:"order_id"`
	Kind   string  `db:"kind"`
	Name   string  `db:"name"`
	SHA256 string  `db:"sha256"`
	Size   int64   `db:"size"`
	Person string  `db:"person"`
	At     db.Time `db:"at"`
}

// Quote is one version of a provider's offer for a commission.
type Quote struct {
	Order      string    `db:"order_id"`
	Version    int64     `db:"version"`
	Total      money.Fen `db:"total"`
	ValidUntil string    `db:"valid_until"` // last civil day on which it may be accepted
	Note       string    `db:"note"`
	Tax        string    `db:"tax"` // what tax is in it, in the provider's words
	Person     string    `db:"person"`
	At         db.Time   `db:"at"`
}

// Rating is the buyer's judgement and the provider's reply.
type Rating struct {
	Order    string  `db:"order_id"`
	Resource string  `db:"resource"`
	Provider string  `db:"provider"`
	Stars    int64   `db:"stars"` // 1…5
	Text     string  `db:"text"`
	Reply    string  `db:"reply"`
	At       db.Time `db:"at"`
}

// Detail is an order with everything that belongs to it.
type Detail struct {
	Order      Order
	Lines      []Line // every version: 0 = price at placing, n = quote n
	Quotes     []Quote
	Runs       []Run
	Documents  []Document
	Timeline   []Step
	Rating     *Rating
	Offer      *Offer                // of a dispute; nil: none
	Milestones []milestone.Milestone // of a commission: those that count
}

// Current is the price lines in force: of the newest quote, or of the booking itself.
func (d Detail) Current() []Line {
	var newest int64
	for _, l := range d.Lines {
		newest = max(newest, l.Version)
	}
	var out []Line
	for _, l := range d.Lines {
		if l.Version == newest {
			out = append(out, l)
		}
	}
	return out
}

// LastQuote is the newest quote; false when there is none.
func (d Detail) LastQuote() (Quote, bool) {
	if len(d.Quotes) == 0 {
		return Quote{}, false
	}
	return d.Quotes[len(d.Quotes)-1], true
}

// lapsed tells whether the order waits for an answer to a quote that can no longer be accepted on a civil day.
func (d Detail) lapsed(today string) bool {
	q, ok := d.LastQuote()
	return ok && d.Order.State == StateQuoted && q.Lapsed(today)
}

// begunMinutes is the whole minutes of a run, a begun minute counted in full.
func begunMinutes(from, to time.Time) int64 {
	return int64((to.Sub(from) + time.Minute - 1) / time.Minute)
}
