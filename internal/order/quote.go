package order

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/milestone"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/pricing"
)

// What a quote may hold.
const (
	MaxLines = 200 // a longer one is a table to attach
	maxTax   = 100 // characters
)

// usualDays is how long a quote is valid where nobody says.
const usualDays = 14

// QuoteUnits are what a quote may count in, the most usual first; "time" is a lump sum.
func QuoteUnits() []string { return []string{"sample", "piece", "batch", "hour", "day", "time"} }

// CountQuote counts the lines of a quote out, one after the other: units and add-ons at their price, half a fen up; a discount
// takes a part of what stands above it, or a fixed sum. The same lines always come to the same total.
func CountQuote(lines []Line) ([]Line, money.Fen, error) {
	out := make([]Line, len(lines))
	var total money.Fen
	for i, l := range lines {
		x := Line{
			Position: int64(i + 1), Kind: l.Kind, Text: strings.TrimSpace(l.Text), Audience: pricing.External, Unit: l.Unit, UnitAmount: l.UnitAmount,
			Count: l.Count, Per: max(l.Per, 1), Percent: l.Percent,
		}
		if x.Kind == "" {
			x.Kind = pricing.LineUse
		}
		var err error
		switch {
		case x.Kind == pricing.LineDiscount && x.Percent > 0:
			x.Unit, x.Count, x.Per, x.UnitAmount = "time", 1, 1, total
			x.Amount, err = money.MulHalfUp(total, x.Percent, 10_000)
			x.Amount = -x.Amount
		case x.Kind == pricing.LineDiscount:
			x.Unit, x.Count, x.Per, x.Amount = "time", 1, 1, -x.UnitAmount
		default:
			x.Percent = 0
			x.Amount, err = money.MulHalfUp(x.UnitAmount, x.Count, x.Per)
		}
		if err != nil {
			return nil, 0, tooMuch().Because(err)
		}
		if total += x.Amount; total < 0 {
			return nil, 0, fault.New(fault.Invalid, "quote-negative", "优惠比前面各项之和还多。").Field("lines", "negative", "第 {0} 项优惠减完后不到零，请核对。", i+1)
		}
		if total > maxPrice {
			return nil, 0, tooMuch()
		}
		out[i] = x
	}
	return out, total, nil
}

// QuoteStart is the price so far as the lines a quote may begin with; they come to the same total, to the fen. What a quote
// cannot say (a base fee, a minimum) becomes a lump sum.
func QuoteStart(lines []Line) []Line {
	var out []Line
	var total money.Fen
	for _, l := range lines {
		x := Line{Kind: pricing.LineUse, Text: l.Text, Unit: "time", UnitAmount: l.Amount, Count: 1, Per: 1}
		even, err := money.MulHalfUp(l.UnitAmount, l.Count, max(l.Per, 1))
		off, wrong := money.MulHalfUp(total, l.Percent, 10_000)
		switch {
		case l.Amount < 0 && l.Percent > 0 && wrong == nil && l.Amount == -off:
			x = Line{Kind: pricing.LineDiscount, Text: l.Text, Percent: l.Percent}
		case l.Amount < 0:
			x = Line{Kind: pricing.LineDiscount, Text: l.Text, UnitAmount: -l.Amount}
		case (l.Kind == pricing.LineUse || l.Kind == pricing.LineAddOn) && err == nil && even == l.Amount && slices.Contains(QuoteUnits(), l.Unit) && 1000%max(l.Per, 1) == 0:
			x = Line{Kind: l.Kind, Text: l.Text, Unit: l.Unit, UnitAmount: l.UnitAmount, Count: l.Count, Per: max(l.Per, 1)}
		case l.Kind == pricing.LineAddOn:
			x.Kind = l.Kind
		}
		total += l.Amount
		out = append(out, x)
	}
	return out
}

// CheckQuote names what is wrong with a quote, by the place of the line: text-0, amount-0, count-0, and its milestones.
func CheckQuote(bad *fault.Error, req VerbRequest, today string) {
	milestone.Check(bad, req.Stages, today)
	switch {
	case len(req.Lines) == 0:
		bad.Field("lines", "required", "请至少写一项价格。")
	case len(req.Lines) > MaxLines:
		bad.Field("lines", "range", "最多 {0} 项价格。", int64(MaxLines))
	}
	for i, l := range req.Lines {
		checkLine(bad, fmt.Sprintf("-%d", i), l)
	}
	if utf8.RuneCountInString(req.Tax) > maxTax {
		bad.Field("tax", "long", "最多 {0} 个字。", int64(maxTax))
	}
	if req.ValidUntil == "" {
		bad.Field("valid_until", "required", "请填写报价的有效期。")
	} else if _, err := time.Parse(time.DateOnly, req.ValidUntil); err != nil {
		bad.Field("valid_until", "date", "日期格式不对，请写成 2026-11-21。")
	}
}

func checkLine(bad *fault.Error, place string, l Line) {
	if n := utf8.RuneCountInString(strings.TrimSpace(l.Text)); n == 0 || n > 200 {
		bad.Field("text"+place, "text", "请写明这一项的内容，最多 {0} 个字，例如“拉伸试验”。", int64(200))
	}
	if l.UnitAmount < 0 || l.UnitAmount > maxPrice {
		bad.Field("amount"+place, "amount", "单价应在 0 到 {0} 之间。", money.Fen(maxPrice))
	}
	if l.Kind == pricing.LineDiscount {
		if l.Percent < 0 || l.Percent > 10_000 || l.Percent == 0 && l.UnitAmount == 0 {
			bad.Field("amount"+place, "percent", "优惠请写一个金额，或 0 到 100 之间的百分比，例如 5%。")
		}
		return
	}
	if !slices.Contains([]string{"", pricing.LineUse, pricing.LineAddOn}, l.Kind) {
		bad.Field("kind"+place, "not-a-choice", "请从列表中选择。")
	}
	if !slices.Contains(QuoteUnits(), l.Unit) {
		bad.Field("unit"+place, "not-a-choice", "请从列表中选择。")
	}
	if per := max(l.Per, 1); l.Count < 1 || l.Count/per > MaxQuantity || per > 1000 {
		bad.Field("count"+place, "quantity", "数量应大于 0、不超过 {0}，最多三位小数。", int64(MaxQuantity))
	}
}

// quote names a price; the newest version counts, older ones stay to be read.
func (s *Service) quote(ctx context.Context, tx *db.Tx, m *move) error {
	if m.req.ValidUntil < clock.Day(m.now) {
		return fault.New(fault.Invalid, "quote-past", "报价的有效期已经过去。").
			Field("valid_until", "past", "请填今天或以后的日期。")
	}
	before, err := listQuotes(ctx, tx, m.o.ID)
	if err != nil {
		return fmt.Errorf("the quotes so far: %w", err)
	}
	version := int64(len(before)) + 1
	lines, total, err := CountQuote(m.req.Lines)
	if err != nil {
		return err
	}
	if err := s.propose(ctx, tx, *m.o, version, total, m.req.Stages); err != nil {
		return err
	}
	return s.keepQuote(ctx, tx, m, Quote{
		Order: m.o.ID, Version: version, Total: total, ValidUntil: m.req.ValidUntil, Note: strings.TrimSpace(m.req.Note), Tax: strings.TrimSpace(m.req.Tax),
	}, lines)
}

// renew offers the newest quote anew as it was, for as many days as it was valid before where the request names no day.
func (s *Service) renew(ctx context.Context, tx *db.Tx, m *move) error {
	last, err := lastQuote(ctx, tx, m.o.ID)
	if err != nil {
		return err
	}
	if m.req.ValidUntil == "" {
		if m.req.ValidUntil, err = clock.AddDays(clock.Day(m.now), max(last.days(), 1)); err != nil {
			return fmt.Errorf("count the days of the quote: %w", err)
		}
	}
	if m.req.ValidUntil < clock.Day(m.now) {
		return fault.New(fault.Invalid, "quote-past", "报价的有效期已经过去。").Field("valid_until", "past", "请填今天或以后的日期。")
	}
	all, err := listLines(ctx, tx, m.o.ID)
	if err != nil {
		return fmt.Errorf("the lines of the quote: %w", err)
	}
	drafts, err := s.milestones.Drafts(ctx, tx, m.o.ID)
	if err == nil {
		err = s.propose(ctx, tx, *m.o, last.Version+1, last.Total, drafts)
	}
	if err != nil {
		return err
	}
	lines := slices.DeleteFunc(all, func(l Line) bool { return l.Version != last.Version })
	last.Version, last.ValidUntil = last.Version+1, m.req.ValidUntil
	if note := strings.TrimSpace(m.req.Note); note != "" {
		last.Note = note
	}
	return s.keepQuote(ctx, tx, m, last, lines)
}

// days is how many days a quote was offered for.
func (q Quote) days() int {
	from, err := time.Parse(time.DateOnly, clock.Day(q.At.Time))
	to, wrong := time.Parse(time.DateOnly, q.ValidUntil)
	if err != nil || wrong != nil {
		return usualDays
	}
	return int(to.Sub(from).Hours() / 24)
}

// Lapsed tells whether a quote can no longer be accepted on a civil day.
func (q Quote) Lapsed(today string) bool { return q.ValidUntil < today }

func (s *Service) keepQuote(ctx context.Context, tx *db.Tx, m *move, q Quote, lines []Line) error {
	q.Person, q.At = m.by.Person, db.At(m.now)
	if err := insertQuote(ctx, tx, q); err != nil {
		return err
	}
	for _, l := range lines {
		l.Version = q.Version
		if err := insertLine(ctx, tx, m.o.ID, l); err != nil {
			return err
		}
	}
	m.o.Priced, m.o.Price, m.o.Unit, m.o.Currency = true, q.Total, lines[0].Unit, money.CNY // quotes are in yuan
	parts := m.o.Parts()                                                                    // divided when the buyer looks, held when the buyer accepts
	for i := range parts {
		parts[i].Amount = 0
	}
	m.o.pay(parts)
	return nil
}

// lastQuote is the newest quote of an order that must have one.
func lastQuote(ctx context.Context, q db.Q, order string) (Quote, error) {
	quotes, err := listQuotes(ctx, q, order)
	if err == nil && len(quotes) == 0 {
		err = errMissing
	}
	if err != nil {
		return Quote{}, fmt.Errorf("the newest quote: %w", err)
	}
	return quotes[len(quotes)-1], nil
}
