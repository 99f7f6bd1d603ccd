package pricing

import (
	"cmp"
	"slices"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// MaxQuantity is the largest number of samples or pieces one order may name.
const MaxQuantity = 100_000

// Facts is all a price depends on.
type Facts struct {
	Kind     string           `json:"kind"` // booking or commission
	Group    string           `json:"group"`
	Day      string           `json:"day"`                 // civil day on which prices are looked up
	Spans    []Span           `json:"spans,omitempty"`     // booked or used time, in its order
	Minutes  int64            `json:"minutes,omitempty"`   // the same without its place in the day: no periods apply; Spans win
	Days     int64            `json:"days,omitempty"`      // civil days touched, where there are no Spans
	Quantity int64            `json:"quantity"`            // samples, pieces or batches
	Rate     string           `json:"rate,omitempty"`      // id of the rate chosen; empty: the first that fits
	AddOns   map[string]int64 `json:"add_ons,omitempty"`   // chosen add-ons: id → how many (1 where the number follows something else)
	Volume   Volume           `json:"volume,omitzero"`     // what the buyer had before
	Free     bool             `json:"free,omitempty"`      // the resource costs nothing
	Off      []string         `json:"off,omitempty"`       // civil days off touched by the Spans that the working-day calendar names
	Work     []string         `json:"work_days,omitempty"` // make-up working days among them
}

// Volume is what a buyer was billed at the provider before this order.
type Volume struct {
	Month   money.Fen `json:"month,omitempty"`
	Year    money.Fen `json:"year,omitempty"`
	Minutes int64     `json:"minutes,omitempty"` // machine time this year
}

// The kinds of line.
const (
	LineUse      = "use"      // units at their price
	LineBase     = "base"     // the flat fee; Above says how many units it covers
	LineLeast    = "least"    // what is missing to the least charge
	LineAddOn    = "add-on"   // an operator, a consumable
	LineDiscount = "discount" // off; the amount is negative
	LineOvertime = "overtime" // use beyond the booked time
	LineCancel   = "cancel"   // fee for cancelling late
	LineNoShow   = "no-show"  // fee for not coming
	LineSettled  = "settled"  // off because a dispute was settled for less; the amount is negative
)

// Line explains one part of a price: what, at what rate, how often, and what that comes to. Count ÷ Per is the
// quantity in Unit.
type Line struct {
	Kind     string    `json:"kind"`
	Text     string    `json:"text,omitempty"`   // the provider's words
	Period   string    `json:"period,omitempty"` // the period the price is of
	Group    string    `json:"group,omitempty"`
	Unit     string    `json:"unit,omitempty"`
	Rate     money.Fen `json:"rate"`
	Count    int64     `json:"count"`
	Per      int64     `json:"per"`
	Minimum  int64     `json:"minimum,omitempty"` // > 0 when the minimum was counted because there was less
	Above    int64     `json:"above,omitempty"`   // units before this line's begin
	Percent  int64     `json:"percent,omitempty"` // of a discount or fee
	Amount   money.Fen `json:"amount"`
	Position int64     `json:"-"`
}

// Priced is lines and their sum. Known is false when no rate fits: only a quote can tell.
type Priced struct {
	Lines    []Line    `json:"lines"`
	Total    money.Fen `json:"total"`
	Currency string    `json:"currency"`
	Known    bool      `json:"known"`
	Rate     string    `json:"rate,omitempty"` // the rate that counted
}

// Price counts a plan out for facts. The same plan and facts always give the same lines.
func Price(p Plan, f Facts) (Priced, error) {
	out := Priced{Currency: cmp.Or(p.Currency, money.CNY)}
	if f.Quantity < 1 || f.Quantity > MaxQuantity {
		return out, fault.New(fault.Invalid, "quantity", "数量不对。").
			Field("quantity", "range", "请填 1 到 {0} 之间的整数。", int64(MaxQuantity))
	}
	if f.Free {
		return Priced{Currency: money.CNY, Known: true}, nil
	}
	rate, ok, err := choose(p, f)
	if err != nil || !ok {
		return out, err
	}
	out.Known, out.Rate, out.Currency = true, rate.ID, cmp.Or(rate.Currency, out.Currency)
	use, units, err := useLines(p, rate, f)
	if err != nil {
		return out, err
	}
	extra, err := addOnLines(p, f)
	if err != nil {
		return out, err
	}
	out.Lines = append(use, extra...)
	if out.Lines, err = discounted(p, f, out.Lines, units); err != nil {
		return out, err
	}
	for i := range out.Lines {
		out.Lines[i].Position = int64(i + 1)
	}
	out.Total, err = sum(out.Lines)
	return out, err
}

// choose is the rate that counts: the one asked for, or the first that fits.
func choose(p Plan, f Facts) (Rate, bool, error) {
	fits := Fitting(p, f)
	if f.Rate != "" {
		fits = slices.DeleteFunc(fits, func(r Rate) bool { return r.ID != f.Rate })
		if len(fits) == 0 {
			return Rate{}, false, fault.New(fault.Invalid, "price-line", "所选的价格项已不适用。").
				Field("line", "gone", "这一价格项已失效或不适用于您的单位，请重新选择。")
		}
	}
	if len(fits) == 0 {
		return Rate{}, false, nil
	}
	return fits[0], true, nil
}

// Fitting is the rates a buyer of this group may choose from. A group without a rate of its own pays the external one.
func Fitting(p Plan, f Facts) []Rate {
	pick := func(group string) []Rate {
		var out []Rate
		for _, r := range p.Rates {
			if r.of(group) && r.inForce(f.Day) && r.suits(f.Kind) {
				out = append(out, r)
			}
		}
		if p.Natural {
			slices.SortStableFunc(out, func(a, b Rate) int { return rank(f.Kind, a.Unit) - rank(f.Kind, b.Unit) })
		}
		return out
	}
	if own := pick(f.Group); len(own) > 0 {
		return own
	}
	return pick(External)
}

func (r Rate) of(group string) bool {
	if len(r.Groups) == 0 {
		return group == External
	}
	return slices.Contains(r.Groups, group)
}

func (r Rate) inForce(day string) bool {
	return (r.From == "" || r.From <= day) && (r.To == "" || day <= r.To)
}

func (r Rate) suits(kind string) bool {
	return rank(kind, r.Unit) > 0 && (len(r.Kinds) == 0 || slices.Contains(r.Kinds, kind))
}

// rank orders the units by how naturally they price a kind of order; 0 = not at all. A commission
// by the hour or day cannot be counted out before the work is known: that takes a quote.
func rank(kind, unit string) int {
	order := Units()
	if kind == "commission" {
		order = []string{"sample", "piece", "batch", "time"}
	}
	return slices.Index(order, unit) + 1
}

// useLines charges the use itself: flat fee, units step by step and period by period, least charge. units is how many
// whole units were counted.
func useLines(p Plan, r Rate, f Facts) (lines []Line, units int64, err error) {
	parts, per, minimum, err := quantityOf(p, r, f)
	if err != nil {
		return nil, 0, err
	}
	var counted int64
	for _, x := range parts {
		counted += x.count
	}
	blank := Line{Kind: LineUse, Text: r.Text, Group: groupOf(r, f), Unit: r.Unit, Per: per}
	if r.Base > 0 {
		base := blank
		base.Kind, base.Unit, base.Rate, base.Count, base.Per, base.Above, base.Amount = LineBase, r.Unit, r.Base, 1, 1, r.Covers, r.Base
		lines = append(lines, base)
	}
	for _, piece := range cut(r, parts, per) {
		l := blank
		l.Count, l.Above, l.Period, l.Minimum = piece.count, piece.above, piece.period, minimum
		if l.Rate, err = scaled(piece.price, piece.percent); err != nil {
			return nil, 0, err
		}
		if l.Amount, err = money.MulHalfUp(l.Rate, l.Count, l.Per); err != nil {
			return nil, 0, TooLarge().Because(err)
		}
		lines = append(lines, l)
	}
	total, err := sum(lines)
	if err != nil {
		return nil, 0, err
	}
	if total < r.Least {
		lines = append(lines, Line{Kind: LineLeast, Group: blank.Group, Rate: r.Least, Count: 1, Per: 1, Amount: r.Least - total})
	}
	return lines, counted / per, nil
}

func groupOf(r Rate, f Facts) string {
	if r.of(f.Group) {
		return f.Group
	}
	return External
}

// scaled is a price in a period, rounded half up to the fen.
func scaled(price money.Fen, percent int64) (money.Fen, error) {
	out, err := money.MulHalfUp(price, percent, percentFull)
	if err != nil {
		return 0, TooLarge().Because(err)
	}
	return out, nil
}

// addOnLines charges what is obligatory and what was chosen.
func addOnLines(p Plan, f Facts) ([]Line, error) {
	left := map[string]bool{}
	for id, n := range f.AddOns {
		if n < 0 || n > MaxQuantity {
			return nil, fault.New(fault.Invalid, "quantity", "数量不对。").
				Field("addon-"+id, "range", "请填 0 到 {0} 之间的整数。", int64(MaxQuantity))
		}
		left[id] = n > 0
	}
	var out []Line
	for _, a := range p.AddOns {
		chosen := f.AddOns[a.ID]
		if !a.For(f.Group) || !a.Must && chosen == 0 {
			continue
		}
		delete(left, a.ID)
		l := Line{Kind: LineAddOn, Text: a.Text, Group: f.Group, Unit: a.Unit, Rate: a.Price, Count: 1, Per: 1}
		switch a.By {
		case ByTime:
			l.Count, l.Per = f.minutes(p), 60
		case ByQuantity:
			l.Count = f.Quantity
		case ByChoice:
			l.Count = chosen
		}
		var err error
		if l.Amount, err = money.MulHalfUp(l.Rate, l.Count, l.Per); err != nil {
			return nil, TooLarge().Because(err)
		}
		out = append(out, l)
	}
	for id, on := range left {
		if on {
			return nil, fault.New(fault.Invalid, "add-on", "所选的附加服务已不提供。").
				Field("addon-"+id, "gone", "这一项已取消或不适用于您的单位，请重新选择。")
		}
	}
	return out, nil
}

// For tells whether an add-on is offered to a group.
func (a AddOn) For(group string) bool { return len(a.Groups) == 0 || slices.Contains(a.Groups, group) }

// discounted adds the discounts in their order, each off what the ones before have left.
func discounted(p Plan, f Facts, lines []Line, units int64) ([]Line, error) {
	total, err := sum(lines)
	if err != nil {
		return nil, err
	}
	var use money.Fen // what is left of the use, for discounts that touch only it
	for _, l := range lines {
		if l.Kind != LineAddOn {
			use += l.Amount
		}
	}
	left := total
	for _, d := range p.Discounts {
		if len(d.Groups) > 0 && !slices.Contains(d.Groups, f.Group) || !d.earned(f, total, units) {
			continue
		}
		of := left
		if d.Use {
			of = min(use, left)
		}
		off := min(d.Amount, of)
		if d.Percent > 0 {
			if off, err = scaled(of, d.Percent); err != nil {
				return nil, err
			}
		}
		if off == 0 {
			continue
		}
		left, use = left-off, max(use-off, 0)
		lines = append(lines, Line{Kind: LineDiscount, Text: d.Text, Group: f.Group, Rate: of, Percent: d.Percent, Count: 1, Per: 1, Amount: -off})
	}
	return lines, nil
}

// earned tells whether a discount's condition holds.
func (d Discount) earned(f Facts, total money.Fen, units int64) bool {
	switch d.Over {
	case OverAmount:
		return int64(total) >= d.From
	case OverUnits:
		return units >= d.From
	case OverMonth:
		return int64(f.Volume.Month) >= d.From
	case OverYear:
		return int64(f.Volume.Year) >= d.From
	case OverHours:
		return f.Volume.Minutes/60 >= d.From
	}
	return true
}

// sum adds up lines; what leaves the range is refused.
func sum(lines []Line) (money.Fen, error) {
	var total money.Fen
	for _, l := range lines {
		if l.Amount > MaxPrice || l.Amount < -MaxPrice {
			return 0, TooLarge()
		}
		if total += l.Amount; total < 0 || total > MaxPrice {
			return 0, TooLarge()
		}
	}
	return total, nil
}

// TooLarge is the fault of an amount beyond what is counted.
func TooLarge() *fault.Error {
	return fault.New(fault.Invalid, "price-too-large", "金额超出了可处理的范围，请检查单价和数量。")
}
