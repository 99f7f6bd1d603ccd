package order

import (
	"cmp"
	"slices"
	"strings"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// MaxQuantity is the largest number of samples or pieces one order may name.
const MaxQuantity = 100_000

// Line is one line of a price: what is counted, how often, at what price, and what that comes to.
// Count ÷ Per is the quantity in Unit (90 ÷ 60 = 1.5 hours).
type Line struct {
	Version    int64     `db:"version"`  // 0 = price of a booking or first estimate; n = quote n
	Position   int64     `db:"position"` // 1…
	Text       string    `db:"text"`     // what it is for, in the provider's words; may be empty
	Audience   string    `db:"audience"` // external, internal, member
	Unit       string    `db:"unit"`     // hour, sample, piece, batch, day, time
	UnitAmount money.Fen `db:"unit_amount"`
	Count      int64     `db:"count_num"`
	Per        int64     `db:"count_per"`
	Minimum    int64     `db:"minimum"` // > 0 when the minimum was charged because less was asked for
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

// PriceOf finds the price line that applies and counts it out. The same ask on the same price lines
// always gives the same price: the estimate, the order and the claim all come from here.
func PriceOf(tariffs []Tariff, ask Ask) (Price, error) {
	if ask.Quantity < 1 || ask.Quantity > MaxQuantity {
		return Price{}, fault.New(fault.Invalid, "quantity", "数量不对。").
			Field("quantity", "range", "请填 1 到 {0} 之间的整数。", int64(MaxQuantity))
	}
	if ask.Free {
		return Price{Currency: money.CNY, Known: true}, nil
	}
	fits := Applicable(tariffs, ask)
	if ask.Line != "" {
		fits = slices.DeleteFunc(fits, func(t Tariff) bool { return t.ID != ask.Line })
		if len(fits) == 0 {
			return Price{}, fault.New(fault.Invalid, "price-line", "所选的价格项已不适用。").
				Field("line", "gone", "这一价格项已失效或不适用于您的单位，请重新选择。")
		}
	}
	if len(fits) == 0 {
		return Price{Currency: money.CNY}, nil
	}
	line, err := countOut(fits[0], ask)
	if err != nil {
		return Price{}, err
	}
	return Price{Lines: []Line{line}, Total: line.Amount, Currency: cmp.Or(fits[0].Currency, money.CNY), Known: true}, nil
}

// Applicable is the price lines in force for this ask, the most natural unit first. When the
// audience has no line of its own, the external price applies.
func Applicable(tariffs []Tariff, ask Ask) []Tariff {
	pick := func(audience string) []Tariff {
		var out []Tariff
		for _, t := range tariffs {
			if t.Audience == audience && t.InForce(ask.Day) && rank(ask.Kind, t.Unit) > 0 {
				out = append(out, t)
			}
		}
		slices.SortStableFunc(out, func(a, b Tariff) int { return rank(ask.Kind, a.Unit) - rank(ask.Kind, b.Unit) })
		return out
	}
	if own := pick(ask.Audience); len(own) > 0 {
		return own
	}
	return pick("external")
}

// rank orders the units by how naturally they price a kind of order; 0 = not at all. A commission
// by the hour or day cannot be counted out before the work is known: that takes a quote.
func rank(kind, unit string) int {
	order := []string{"hour", "day", "time", "sample", "piece", "batch"}
	if kind == KindCommission {
		order = []string{"sample", "piece", "batch", "time"}
	}
	return slices.Index(order, unit) + 1
}

// countOut is one price line times what was asked for, at least its minimum, rounded half up.
func countOut(t Tariff, ask Ask) (Line, error) {
	l := Line{Position: 1, Text: strings.TrimSpace(t.Option + " " + t.Note), Audience: t.Audience, Unit: t.Unit, UnitAmount: t.Amount, Per: 1}
	switch t.Unit {
	case "hour":
		l.Count, l.Per = ask.Minutes, 60
	case "day":
		l.Count = ask.Days
	case "time":
		l.Count = 1
		if ask.Kind == KindCommission {
			l.Count = ask.Quantity
		}
	default:
		l.Count = ask.Quantity
	}
	if least := t.Minimum * l.Per; l.Count < least {
		l.Count, l.Minimum = least, t.Minimum
	}
	var err error
	if l.Amount, err = money.MulHalfUp(t.Amount, l.Count, l.Per); err != nil {
		return Line{}, tooMuch().Because(err)
	}
	return l, nil
}

// quoteLine is one line of a provider's quote, checked and multiplied.
func quoteLine(position int64, text, unit string, amount money.Fen, count int64) (Line, error) {
	l := Line{Position: position, Text: text, Audience: "external", Unit: unit, UnitAmount: amount, Count: count, Per: 1}
	var err error
	if l.Amount, err = money.MulHalfUp(amount, count, 1); err != nil {
		return Line{}, tooMuch().Because(err)
	}
	return l, nil
}

// sum adds up lines.
func sum(lines []Line) (money.Fen, error) {
	var total money.Fen
	for _, l := range lines {
		if total += l.Amount; total < 0 || total > maxPrice {
			return 0, tooMuch()
		}
	}
	return total, nil
}

// maxPrice is ten billion yuan: above it a slip of the keyboard is certain.
const maxPrice money.Fen = 1_000_000_000_000

func tooMuch() *fault.Error {
	return fault.New(fault.Invalid, "price-too-large", "金额超出了可处理的范围，请检查单价和数量。")
}
