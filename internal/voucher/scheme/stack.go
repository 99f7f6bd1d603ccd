package scheme

import (
	"qiao/internal/platform/money"
)

// Beside is a programme that is to pay for an order together with others.
type Beside struct {
	Region string // of the programme, six digits
	Terms  Terms
}

// Together tells whether programmes may pay for one order: each must accept every other. When one does not, the line says
// which and why.
func Together(programmes []Beside) (Line, bool) {
	for i, a := range programmes {
		for j, b := range programmes {
			if i == j {
				continue
			}
			s := a.Terms.Stacking
			if s == nil {
				return Line{Code: "stacking", Text: "本计划的创新券不能与其他计划的创新券一起使用", Verdict: No}, false
			}
			if !withinAny(b.Region, s.Value.Regions) {
				return Line{Code: "stacking", Text: "本计划的创新券不能与所选的另一个计划一起使用", Clause: &s.Clause, Verdict: No}, false
			}
		}
	}
	return Line{}, true
}

// Ceiling is the most that all public money together may pay of a price: the least that one of the programmes states,
// rounded down to the fen, and never more than the price.
func Ceiling(price money.Fen, programmes []Beside) (money.Fen, Line) {
	most, line := price, Line{Code: "ceiling-price", Text: "各级财政资金合计不超过合同价格 {0}", Args: []any{price}, Amount: price}
	for _, p := range programmes {
		s := p.Terms.Stacking
		if s == nil || s.Value.Ceiling == 0 {
			continue
		}
		if c := money.PartDown(price, s.Value.Ceiling); c < most {
			most, line = c, Line{Code: "ceiling", Text: "各级财政资金合计不超过合同价格的 {0}，即 {1}", Args: []any{Pointed(s.Value.Ceiling), c}, Amount: c, Clause: &s.Clause}
		}
	}
	return most, line
}

// Stack limits what each of several programmes pays, in their order, so that all together stay below the ceiling.
func Stack(parts []money.Fen, ceiling money.Fen) []money.Fen {
	out := make([]money.Fen, len(parts))
	for i, p := range parts {
		out[i] = max(min(p, ceiling), 0)
		ceiling -= out[i]
	}
	return out
}
