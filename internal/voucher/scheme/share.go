package scheme

import (
	"cmp"
	"math/bits"

	"qiao/internal/platform/money"
)

// The roles of a funder whom an order names, not the scheme.
const (
	RoleFirm     = "firm-region"     // the authority of the firm's region
	RoleProvider = "provider-region" // the authority of the provider's region
)

// Share is one funder's part of each support: by weight, or by its own percentage of the price. An empty organisation
// without a role is the programme's own authority.
type Share struct {
	Organisation string     `json:"organisation,omitempty"`
	Role         string     `json:"role,omitempty"`         // the funder is found from the order
	Weight       int64      `json:"weight,omitempty"`       // of the support
	BasisPoints  int64      `json:"basis_points,omitempty"` // of the price; all funders or none, together the ratio
	Cap          *money.Fen `json:"cap,omitempty"`          // the most this funder gives to one order
	Rest         bool       `json:"rest,omitempty"`         // takes the fen that rounding leaves; the first does when none is marked
}

func (s Share) weight() int64 { return s.Weight + s.BasisPoints }

// Parties are the organisations that may turn out to be funders of an order.
type Parties struct {
	Authority string // of the programme
	Firm      string // authority of the firm's region
	Provider  string // authority of the provider's region
}

// Shares are the funders of a programme with their weights, the roles filled by the parties. Where a party is not
// known its role stands in Organisation, so that a preview can name it.
func (t Terms) Shares(p Parties) []Share {
	if t.Funders == nil {
		return []Share{{Organisation: p.Authority, Weight: 1}}
	}
	out := make([]Share, len(t.Funders.Value))
	for i, s := range t.Funders.Value {
		switch s.Role {
		case RoleFirm:
			s.Organisation = cmp.Or(p.Firm, RoleFirm)
		case RoleProvider:
			s.Organisation = cmp.Or(p.Provider, RoleProvider)
		default:
			s.Organisation = cmp.Or(s.Organisation, p.Authority)
		}
		out[i] = s
	}
	return out
}

// PerOrder tells whether the funders' parts must be found order by order: a funder depends on the order, or its part is
// capped for one. Else a claim of many orders is divided once.
func (t Terms) PerOrder() bool {
	if t.Funders == nil {
		return false
	}
	for _, s := range t.Funders.Value {
		if s.Role != "" || s.Cap != nil {
			return true
		}
	}
	return false
}

// Part is one funder's share of an amount.
type Part struct {
	Funder string    `json:"funder"`
	Amount money.Fen `json:"amount"`
}

// Split divides an amount among the funders: by their weights, shares down, none above its cap, the rest to the funder
// that the terms mark or to the first. The parts add up to the amount; where all funders are capped below it, what is
// too much lies with the one that takes the rest, and Quote keeps amounts below that.
func Split(amount money.Fen, shares []Share) []Part {
	out, full := make([]Part, len(shares)), make([]bool, len(shares))
	open, sum := amount, weights(shares)
	for again := true; again; { // who would be above its cap gets the cap, and the others divide what is left
		again = false
		for i, now, of := 0, open, sum; i < len(shares); i++ {
			s := shares[i]
			if !full[i] && s.Cap != nil && portion(now, s.weight(), of) > *s.Cap {
				out[i].Amount, full[i], again = *s.Cap, true, true
				open, sum = open-*s.Cap, sum-s.weight()
			}
		}
	}
	rest := open
	for i, s := range shares {
		out[i].Funder = s.Organisation
		if !full[i] {
			out[i].Amount = portion(open, s.weight(), sum)
			rest -= out[i].Amount
		}
	}
	return spread(out, shares, rest)
}

// portion is weight/sum of an amount, rounded down.
func portion(f money.Fen, weight, sum int64) money.Fen {
	if f <= 0 || weight <= 0 || weight > sum {
		return 0
	}
	hi, lo := bits.Mul64(uint64(f), uint64(weight))
	q, _ := bits.Div64(hi, lo, uint64(sum))
	return money.Fen(q) //nolint:gosec // at most f
}

func weights(shares []Share) int64 {
	var sum int64
	for _, s := range shares {
		sum += s.weight()
	}
	return sum
}

// spread gives the fen that rounding left: to the marked funder or the first, as far as its cap has room, then to the next.
func spread(out []Part, shares []Share, rest money.Fen) []Part {
	if len(out) == 0 {
		return out
	}
	takes := 0
	for i, s := range shares {
		if s.Rest {
			takes = i
		}
	}
	for n := range shares {
		i := (takes + n) % len(shares)
		more := rest
		if limit := shares[i].Cap; limit != nil {
			more = min(rest, max(*limit-out[i].Amount, 0))
		}
		out[i].Amount += more
		rest -= more
	}
	out[takes].Amount += rest
	return out
}

// funded is the most that the funders together give to a support of this amount: what those with a cap cut off is not
// taken over by others. It rises with the amount, and by no more.
func (t Terms) funded(amount money.Fen) money.Fen {
	if t.Funders == nil {
		return amount
	}
	shares := t.Funders.Value
	sum := weights(shares)
	var cut money.Fen
	var odd int64 // sum-ths of a fen
	for _, s := range shares {
		if part := portion(amount, s.weight(), sum); s.Cap != nil && part >= *s.Cap {
			cut += part - *s.Cap
			odd += int64(amount) % sum * s.weight() % sum
		}
	}
	return amount - cut - money.Fen(odd/max(sum, 1))
}

func (c *checker) funders() {
	if c.terms.Funders == nil {
		return
	}
	c.clause("funders", c.terms.Funders.Clause)
	list := c.terms.Funders.Value
	c.must(len(list) > 0 && len(list) <= 20, "funders", "请写 1 到 20 个出资方。")
	var points, rests int64
	weights := false
	seen := map[string]bool{}
	for _, s := range list {
		who := s.Organisation + "/" + s.Role
		c.must(!seen[who], "funders", "每个出资方只列一次。")
		seen[who] = true
		c.must(s.Role == "" || s.Organisation == "" && (s.Role == RoleFirm || s.Role == RoleProvider), "funders", "出资方的角色“{0}”不认识，或同时写了单位。", s.Role)
		c.must((s.Weight > 0) != (s.BasisPoints > 0) && s.Weight >= 0 && s.BasisPoints >= 0 && s.Weight <= 1_000_000 && s.BasisPoints <= 10000,
			"funders", "每个出资方写权重或占价格的比例，二选一，为正数。")
		c.must(s.Cap == nil || *s.Cap > 0 && *s.Cap <= Most, "funders", "金额应为正数，单位是分。")
		points += s.BasisPoints
		weights = weights || s.Weight > 0
		if s.Rest {
			rests++
		}
	}
	c.must(rests <= 1, "funders", "只能由一个出资方承担尾差。")
	if points == 0 {
		return
	}
	tiers := c.terms.Ratio.Value
	c.must(!weights, "funders", "出资方要么都写权重，要么都写占价格的比例。")
	c.must(len(c.terms.Rates) == 0 && len(tiers) == 1 && tiers[0].UpTo == 0 && tiers[0].BasisPoints == points,
		"funders", "各出资方的比例合计为 {0}，应等于统一的补贴比例。", Pointed(points))
}
