package scheme

import "qiao/internal/platform/money"

// Shares are the funders of a programme of the given authority, with their weights.
func (t Terms) Shares(authority string) []Share {
	if t.Funders == nil {
		return []Share{{authority, 1}}
	}
	out := make([]Share, len(t.Funders.Value))
	for i, s := range t.Funders.Value {
		if s.Organisation == "" {
			s.Organisation = authority
		}
		out[i] = s
	}
	return out
}

// Part is one funder's share of an amount.
type Part struct {
	Funder string
	Amount money.Fen
}

// Split divides an amount among the funders: shares down, the rest to the first.
func Split(amount money.Fen, shares []Share) []Part {
	weights := make([]int64, len(shares))
	for i, s := range shares {
		weights[i] = s.Weight
	}
	out := make([]Part, len(shares))
	for i, f := range money.Split(amount, weights...) {
		out[i] = Part{shares[i].Organisation, f}
	}
	return out
}
