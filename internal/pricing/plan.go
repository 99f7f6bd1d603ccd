package pricing

import "qiao/internal/platform/money"

// The groups every provider has; a provider may name more of its own.
const (
	Internal = "internal" // the provider's own people
	Member   = "member"   // partners on the provider's list
	External = "external" // everyone else; whose group has no price of its own pays this one
)

// Units are what a price may be for one of, the most natural for a booking first.
func Units() []string { return []string{"hour", "day", "time", "sample", "piece", "batch"} }

// Whose time is billed.
const (
	Booked = "booked" // as booked, whatever was used
	Actual = "actual" // as logged
	Longer = "longer" // the longer of both
)

// Plan is one version's content.
type Plan struct {
	Currency  string     `json:"currency,omitempty" doc:"CNY when missing"`
	Rates     []Rate     `json:"rates" doc:"Alternatives: the buyer chooses, the first that fits is the default"`
	Periods   []Period   `json:"periods,omitempty" doc:"Times at another price; where two overlap, the first counts"`
	AddOns    []AddOn    `json:"add_ons,omitempty"`
	Discounts []Discount `json:"discounts,omitempty" doc:"Applied in this order, each to what the ones before have left"`
	Overtime  *Overtime  `json:"overtime,omitempty" doc:"What use beyond the booked time costs; without it the basis decides"`
	Cancel    []Fee      `json:"cancel,omitempty" doc:"Fees for cancelling late; the one with the fewest hours that fits counts"`
	NoShow    *Fee       `json:"no_show,omitempty"`
	Basis     string     `json:"basis,omitempty" enum:"booked,actual,longer" doc:"Which time is billed; booked when missing"`
	Begun     int64      `json:"begun,omitempty" minimum:"0" doc:"Used time is billed in begun units of so many minutes; 0: exact to the minute"`
	Natural   bool       `json:"-"` // read from the catalogue: the unit most natural for the kind of order is the default
}

// Rate is one way of charging.
type Rate struct {
	ID       string    `json:"id" doc:"Stable within the plan"`
	Text     string    `json:"text,omitempty" doc:"What it is for, in the provider's words"`
	Groups   []string  `json:"groups,omitempty" doc:"Whom it is for; external when missing"`
	Kinds    []string  `json:"kinds,omitempty" doc:"booking, commission; where the unit fits when missing"`
	Unit     string    `json:"unit" enum:"hour,day,time,sample,piece,batch"`
	Price    money.Fen `json:"price" minimum:"0" doc:"Of one unit, in fen"`
	Base     money.Fen `json:"base,omitempty" minimum:"0" doc:"Flat fee, charged once"`
	Covers   int64     `json:"covers,omitempty" minimum:"0" doc:"Units that the flat fee covers"`
	Steps    []Step    `json:"steps,omitempty" doc:"Other prices beyond so many units"`
	Reached  bool      `json:"reached,omitempty" doc:"All units at the price of the step reached, not each at its own"`
	Minimum  int64     `json:"minimum,omitempty" minimum:"0" doc:"Least units counted"`
	Least    money.Fen `json:"least,omitempty" minimum:"0" doc:"Least charge for the use, before add-ons and discounts"`
	Currency string    `json:"-"` // of a price line of the catalogue, as given there
	From     string    `json:"-"` // days in force of a price line of the catalogue
	To       string    `json:"-"`
}

// Step is a price beyond so many units.
type Step struct {
	Above int64     `json:"above" minimum:"1" doc:"Beyond so many units"`
	Price money.Fen `json:"price" minimum:"0"`
}

// Period is a time in which hours cost a percentage of their price.
type Period struct {
	Text     string  `json:"text" doc:"Night, weekend …"`
	Weekdays []int64 `json:"weekdays,omitempty" doc:"1 = Monday … 7 = Sunday; every day when missing"`
	Days     string  `json:"days,omitempty" enum:"holiday,rest,work" doc:"Only public holidays; only days off (weekends and holidays, make-up days left out); only working days"`
	From     string  `json:"from,omitempty" example:"22:00" doc:"00:00 when missing"`
	To       string  `json:"to,omitempty" example:"06:00" doc:"24:00 when missing; before from: over midnight, the day being the one on which it begins"`
	Percent  int64   `json:"percent" minimum:"0" doc:"Of the price, in hundredths of a percent: 15000 is one and a half times"`
}

// What an add-on's quantity follows.
const (
	ByOrder    = "order"    // once an order
	ByTime     = "time"     // the hours of the order: an operator
	ByQuantity = "quantity" // the samples of the order: a consumable for each
	ByChoice   = "choice"   // as many as the buyer says
)

// AddOn is what comes beside the use: an operator's hours, consumables.
type AddOn struct {
	ID     string    `json:"id"`
	Text   string    `json:"text"`
	Staff  bool      `json:"staff,omitempty" doc:"People's work, not material"`
	Groups []string  `json:"groups,omitempty" doc:"Whom it is for; everyone when missing"`
	Unit   string    `json:"unit" enum:"hour,day,time,sample,piece,batch"`
	Price  money.Fen `json:"price" minimum:"0"`
	By     string    `json:"by" enum:"order,time,quantity,choice"`
	Must   bool      `json:"must,omitempty" doc:"Always charged, not chosen"`
}

// What a discount asks for.
const (
	OverAmount  = "amount"  // the order comes to so much, in fen
	OverUnits   = "units"   // the order counts so many units of its rate
	OverMonth   = "month"   // the buyer has been billed so much this month before, in fen
	OverYear    = "year"    // … this year
	OverHours   = "hours"   // the buyer has used so many hours this year before
	percentFull = 10_000    // one hundred percent
	maxPercent  = 1_000_000 // one hundred times: a slip beyond it
)

// Discount takes a percentage or an amount off.
type Discount struct {
	Text    string    `json:"text"`
	Groups  []string  `json:"groups,omitempty" doc:"Whom it is for; everyone when missing"`
	Percent int64     `json:"percent,omitempty" minimum:"0" maximum:"10000" doc:"Off, in hundredths of a percent"`
	Amount  money.Fen `json:"amount,omitempty" minimum:"0" doc:"Off, in fen, at most what there is"`
	Over    string    `json:"over,omitempty" enum:"amount,units,month,year,hours" doc:"What it asks for; nothing when missing"`
	From    int64     `json:"from,omitempty" minimum:"0" doc:"From so much on, included"`
	Use     bool      `json:"use,omitempty" doc:"Only off the use, not off add-ons"`
}

// Fee is a charge for cancelling late or not coming, of what the order would have cost.
type Fee struct {
	Hours   int64     `json:"hours,omitempty" minimum:"0" doc:"Cancelled less than so many hours before the start"`
	Percent int64     `json:"percent,omitempty" minimum:"0" maximum:"10000" doc:"Of the price, in hundredths of a percent"`
	Amount  money.Fen `json:"amount,omitempty" minimum:"0" doc:"In fen, added to the percentage; never more than the price in all"`
}
