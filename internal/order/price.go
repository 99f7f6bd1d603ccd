package order

import (
	"strings"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/pricing"
)

// MaxQuantity is the largest number of samples or pieces one order may name.
const MaxQuantity = pricing.MaxQuantity

// Line is one line of a price: what is counted, how often, at what price, and what that comes to.
// Count ÷ Per is the quantity in Unit (90 ÷ 60 = 1.5 hours).
type Line struct {
	Version    int64     `db:"version"`  // 0 = price of a booking or first estimate; n = quote n
	Position   int64     `db:"position"` // 1…
	Kind       string    `db:"kind"`     // of pricing: use, base, least, add-on, discount, overtime, cancel, no-show
	Text       string    `db:"text"`     // what it is for, in the provider's words; may be empty
	Period     string    `db:"period"`   // the time of day or week whose price it is
	Audience   string    `db:"audience"` // the group whose price it is
	Unit       string    `db:"unit"`     // hour, sample, piece, batch, day, time
	UnitAmount money.Fen `db:"unit_amount"`
	Count      int64     `db:"count_num"`
	Per        int64     `db:"count_per"`
	Minimum    int64     `db:"minimum"` // > 0 when the minimum was charged because less was asked for
	Above      int64     `db:"above"`   // units before it begins, or that a flat fee covers
	Percent    int64     `db:"percent"` // of a discount or fee, in hundredths of a percent
	Amount     money.Fen `db:"amount"`
}

// Price is the lines and their sum. Known is false when only a quote can tell.
type Price struct {
	Lines    []Line
	Total    money.Fen
	Currency string
	Known    bool
}

// Ask is what a price depends on.
type Ask struct {
	Kind     string // KindBooking or KindCommission
	Audience string // whose price applies: external, internal, member
	Day      string // the civil day that decides which price lines are in force
	Minutes  int64  // booked time
	Days     int64  // civil days touched by the booked time
	Quantity int64  // samples, pieces or batches
	Line     string // id of the price line chosen; empty = the first that fits
	Free     bool   // the resource is free of charge
}

// PriceOf counts the price lines of the catalogue out, read as a plan: the same ask on the same lines always gives the
// same price.
func PriceOf(tariffs []Tariff, ask Ask) (Price, error) {
	p, err := pricing.Price(PlanOf(tariffs), ask.facts())
	if err != nil {
		return Price{}, err
	}
	return priceFrom(p), nil
}

// facts is an ask as a plan takes it.
func (a Ask) facts() pricing.Facts {
	return pricing.Facts{Kind: a.Kind, Group: a.Audience, Day: a.Day, Minutes: a.Minutes, Days: a.Days, Quantity: a.Quantity, Rate: a.Line, Free: a.Free}
}

// PlanOf reads the price lines of a resource as a plan: alternatives, the most natural unit first, by booked time.
func PlanOf(tariffs []Tariff) pricing.Plan {
	p := pricing.Plan{Natural: true}
	for _, t := range tariffs {
		p.Rates = append(p.Rates, pricing.Rate{
			ID: t.ID, Text: strings.TrimSpace(t.Option + " " + t.Note), Groups: []string{t.Audience}, Unit: t.Unit, Price: t.Amount, Minimum: t.Minimum,
			Currency: t.Currency, From: t.From, To: t.To,
		})
	}
	return p
}

// priceFrom is a counted plan as an order keeps it.
func priceFrom(p pricing.Priced) Price {
	out := Price{Total: p.Total, Currency: p.Currency, Known: p.Known}
	for _, l := range p.Lines {
		out.Lines = append(out.Lines, lineFrom(l))
	}
	return out
}

func lineFrom(l pricing.Line) Line {
	return Line{
		Position: l.Position, Kind: l.Kind, Text: l.Text, Period: l.Period, Audience: l.Group, Unit: l.Unit, UnitAmount: l.Rate, Count: l.Count, Per: l.Per,
		Minimum: l.Minimum, Above: l.Above, Percent: l.Percent, Amount: l.Amount,
	}
}

// Priced is a line as package pricing says it.
func (l Line) Priced() pricing.Line {
	return pricing.Line{
		Position: l.Position, Kind: l.Kind, Text: l.Text, Period: l.Period, Group: l.Audience, Unit: l.Unit, Rate: l.UnitAmount, Count: l.Count, Per: l.Per,
		Minimum: l.Minimum, Above: l.Above, Percent: l.Percent, Amount: l.Amount,
	}
}

// maxPrice is ten billion yuan: above it a slip of the keyboard is certain.
const maxPrice = pricing.MaxPrice

func tooMuch() *fault.Error { return pricing.TooLarge() }
