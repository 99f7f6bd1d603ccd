package voucher

import (
	"context"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
)

// DivideRequest asks how several programmes would pay for one price today.
type DivideRequest struct {
	Programmes []string // in the order in which they pay, each once
	Way        string   // scheme.Direct or scheme.Repay where the terms allow it; empty: as they usually do
	Firm       string
	Provider   string
	Kind       string
	Class      string
	Purpose    string
	Price      money.Fen
}

// PartOf is what one programme pays of a price.
type PartOf struct {
	Programme string
	Name      scheme.Name
	Way       string
	Amount    money.Fen
}

// Division is a price divided: Direct + Own = the price. What is Repaid is within Own: the firm pays it now and its region
// gives it back. Why is the code of the rule that kept the vouchers' part down or refused it; its line is among Lines.
type Division struct {
	Parts               []PartOf
	Direct, Repaid, Own money.Fen
	Lines               []scheme.Line
	Why                 string
}

// Vouchers is what the programmes pay together, at once or later.
func (d Division) Vouchers() money.Fen { return d.Direct + d.Repaid }

// Divide divides a price among programmes by the terms in force today. Programmes that do not accept each other pay
// nothing, and the line says why; together they never pay more than the lowest ceiling. Nothing is set aside.
func (s *Service) Divide(ctx context.Context, q db.Q, r DivideRequest) (Division, error) {
	d := Division{Own: r.Price}
	if len(r.Programmes) > maxPrograms {
		return d, fault.New(fault.Invalid, "programmes-many", "一张订单最多使用 {0} 个计划的创新券。", maxPrograms).Field("programme", "many", "最多选择 {0} 个计划。", maxPrograms)
	}
	var beside []scheme.Beside
	amounts := make([]money.Fen, len(r.Programmes))
	for i, id := range r.Programmes {
		p, err := s.Programme(ctx, q, id)
		if err != nil {
			return d, err
		}
		got, err := s.quote(ctx, q, p, QuoteRequest{Programme: id, Firm: r.Firm, Provider: r.Provider, Kind: r.Kind, Class: r.Class, Purpose: r.Purpose, Price: r.Price})
		if err != nil {
			return d, err
		}
		d.Parts = append(d.Parts, PartOf{Programme: id, Name: p.Name(), Way: p.Terms.Way(r.Way)})
		if len(r.Programmes) > 1 {
			d.Lines = append(d.Lines, scheme.Line{Code: "programme", Text: "{0}：", Args: []any{p.Name()}})
		}
		d.Lines = append(d.Lines, got.Lines...)
		if d.Why == "" {
			d.Why = got.Why
		}
		amounts[i] = got.Voucher
		beside = append(beside, scheme.Beside{Region: p.Region, Terms: p.Terms})
	}
	return d.stacked(r.Price, amounts, beside), nil
}

// maxPrograms bounds how many programmes pay for one order.
const maxPrograms = 4

// stacked puts the parts in, as far as the programmes accept each other.
func (d Division) stacked(price money.Fen, amounts []money.Fen, beside []scheme.Beside) Division {
	if len(beside) > 1 {
		if no, ok := scheme.Together(beside); !ok {
			d.Why, d.Lines = no.Code, append(d.Lines, no)
			return d
		}
		most, line := scheme.Ceiling(price, beside)
		var sum money.Fen
		for _, a := range amounts {
			sum += a
		}
		if sum > most {
			d.Lines = append(d.Lines, line)
			amounts = scheme.Stack(amounts, most)
		}
	}
	for i, a := range amounts {
		d.Parts[i].Amount = a
		if d.Parts[i].Way == scheme.Repay {
			d.Repaid += a
		} else {
			d.Direct += a
		}
	}
	d.Own = price - d.Direct
	return d
}
