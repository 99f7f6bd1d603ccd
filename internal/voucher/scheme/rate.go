package scheme

import (
	"slices"

	"qiao/internal/platform/money"
)

// Group is a kind of firms with ceilings of its own: micro firms, teams, members. A firm belongs to it when it stands on
// one of the lists, has one of the capacities, or makes the statement; a group that names none of them is decided by
// conditions or by an officer.
type Group struct {
	Code       string   `json:"code"`
	Name       Name     `json:"name"`
	Rosters    []string `json:"rosters,omitempty"`
	Capacities []string `json:"capacities,omitempty"`
	Statement  string   `json:"statement,omitempty"` // code of one of the terms' statements
	Caps       Caps     `json:"caps,omitzero"`       // in place of the general ones
	Clause     Clause   `json:"clause"`
}

// Rate is the support of some services or firms: a ratio, or an amount for each unit that is measured.
type Rate struct {
	Code    string     `json:"code"`
	Name    Name       `json:"name"`
	For     Match      `json:"for"`
	Ratio   []Tier     `json:"ratio,omitempty"`
	PerUnit []UnitRate `json:"per_unit,omitempty"` // in place of a ratio; they add up
	Item    *money.Fen `json:"item,omitempty"`     // ceiling of a single item, fen
	Claim   *money.Fen `json:"claim,omitempty"`    // of one order
	Year    *money.Fen `json:"year,omitempty"`     // of one firm in a civil year, for this rate
	Clause  Clause     `json:"clause"`
}

// Match says where a rate applies: each list that is given must contain what the case has.
type Match struct {
	Kinds    []string `json:"kinds,omitempty"`    // of resources
	Classes  []string `json:"classes,omitempty"`  // of the catalogue, or of services
	Purposes []string `json:"purposes,omitempty"` // codes
	Groups   []string `json:"groups,omitempty"`   // of firms
	Types    []string `json:"types,omitempty"`    // of vouchers
}

// UnitRate is an amount for each unit, as the motors' 20 yuan a kilowatt.
type UnitRate struct {
	Name   Name      `json:"name"`
	Unit   string    `json:"unit"` // as it is printed: kW
	Amount money.Fen `json:"amount"`
	Clause Clause    `json:"clause"`
}

// applies tells whether a rate is for a case.
func (m Match) applies(c Case) bool {
	one := func(list []string, have ...string) bool {
		return len(list) == 0 || slices.ContainsFunc(have, func(h string) bool { return h != "" && slices.Contains(list, h) })
	}
	return one(m.Kinds, c.Kind) && one(m.Classes, c.Class) && one(m.Purposes, c.Purpose) && one(m.Groups, c.Groups...) && one(m.Types, c.Type)
}

// Fit makes a case one that the rate applies to, for a calculator.
func (m Match) Fit(c Case) Case {
	first := func(list []string, had string) string {
		if len(list) > 0 {
			return list[0]
		}
		return had
	}
	c.Kind, c.Class, c.Purpose, c.Type = first(m.Kinds, c.Kind), first(m.Classes, c.Class), first(m.Purposes, c.Purpose), first(m.Types, c.Type)
	if len(m.Groups) > 0 {
		c.Groups, c.Anyone = append(slices.Clone(c.Groups), m.Groups[0]), false
	}
	return c
}

// Counts tells whether a rate counts units.
func (t Terms) Counts() bool {
	return slices.ContainsFunc(t.Rates, func(r Rate) bool { return len(r.PerUnit) > 0 })
}

// Membership is what decides on the groups of a firm.
type Membership struct {
	Rosters, Capacities, Declared []string
	Groups                        []string // decided elsewhere
}

// GroupsOf are the codes of the groups that a firm belongs to, in the order of the terms.
func (t Terms) GroupsOf(m Membership) []string {
	var out []string
	for _, g := range t.Groups {
		in := func(list, have []string) bool {
			return slices.ContainsFunc(have, func(h string) bool { return slices.Contains(list, h) })
		}
		if slices.Contains(m.Groups, g.Code) || in(g.Rosters, m.Rosters) || in(g.Capacities, m.Capacities) || g.Statement != "" && slices.Contains(m.Declared, g.Statement) {
			out = append(out, g.Code)
		}
	}
	return out
}

// CapsOf are the ceilings of a firm: those of its groups in place of the general ones, the most favourable where it
// belongs to several.
func (t Terms) CapsOf(groups []string) Caps {
	out := t.Caps
	var own Caps
	for _, g := range t.Groups {
		if !slices.Contains(groups, g.Code) {
			continue
		}
		own.Application, own.Claim = higher(own.Application, g.Caps.Application), higher(own.Claim, g.Caps.Claim)
		own.Year, own.Holding = higher(own.Year, g.Caps.Year), higher(own.Holding, g.Caps.Holding)
		own.Ever, own.Applications = higher(own.Ever, g.Caps.Ever), higher(own.Applications, g.Caps.Applications)
	}
	replace(&out.Application, own.Application)
	replace(&out.Claim, own.Claim)
	replace(&out.Year, own.Year)
	replace(&out.Holding, own.Holding)
	replace(&out.Ever, own.Ever)
	replace(&out.Applications, own.Applications)
	return out
}

func higher[T money.Fen | int](a, b *Sourced[T]) *Sourced[T] {
	if a == nil || b != nil && b.Value > a.Value {
		return b
	}
	return a
}

func replace[T any](a **Sourced[T], b *Sourced[T]) {
	if b != nil {
		*a = b
	}
}

// support is what one rate gives, with the lines that explain it.
type support struct {
	rate   string
	amount money.Fen
	lines  []Line // the steps of the ratio; their amounts add up to what the ratio gives
	limits []Line // ceilings of the rate that are below it, the lowest last
}

// best is the support that counts: of the rates that apply the highest, of equals the first; the general ratio where none does.
func (t Terms) best(c Case, price money.Fen) support {
	var out *support
	for i := range t.Rates {
		if !t.Rates[i].For.applies(c) {
			continue
		}
		if s := t.Rates[i].support(c, price); out == nil || s.amount > out.amount {
			out = &s
		}
	}
	if out != nil {
		return *out
	}
	lines := tierLines(t.Ratio.Value, &t.Ratio.Clause, price)
	return support{amount: sumOf(lines), lines: lines}
}

func (r *Rate) support(c Case, price money.Fen) support {
	s := support{rate: r.Code}
	if len(r.PerUnit) > 0 {
		s.lines = r.unitLines(c.Measured)
	} else {
		s.lines = tierLines(r.Ratio, &r.Clause, price)
	}
	s.amount = sumOf(s.lines)
	limit := func(code, text string, most money.Fen, args ...any) {
		if most < s.amount {
			s.amount = most
			s.limits = append(s.limits, Line{Code: code, Text: text, Args: args, Amount: most, Clause: &r.Clause})
		}
	}
	if r.Item != nil {
		n := max(c.Quantity, 1)
		all := Most
		if *r.Item <= Most/money.Fen(n) {
			all = *r.Item * money.Fen(n)
		}
		limit("cap-item", "{0}：每项最多 {1}，共 {2} 项", all, r.Name, *r.Item, n)
	}
	if r.Claim != nil {
		limit("cap-rate", "{0}：每单最多 {1}", *r.Claim, r.Name, *r.Claim)
	}
	if r.Year != nil {
		left := max(*r.Year-c.RateUsed[r.Code], 0)
		limit("cap-rate-year", "{0}：每年最多 {1}，今年还可用 {2}", left, r.Name, *r.Year, left)
	}
	return s
}

// unitLines multiply what was measured (thousandths of a unit) by each amount, rounded down to the fen once for each.
func (r *Rate) unitLines(measured int64) []Line {
	measured = min(max(measured, 0), maxMeasured)
	var out []Line
	for i := range r.PerUnit {
		u := &r.PerUnit[i]
		whole := money.Fen(measured/1000)*u.Amount + money.Fen(measured%1000)*u.Amount/1000
		out = append(out, Line{
			Code: "unit", Text: "{0}：每{1} {2}，共 {3}，计 {4}", Args: []any{u.Name, u.Unit, u.Amount, Measured(measured) + " " + u.Unit, whole}, Amount: whole, Clause: &u.Clause,
		})
	}
	return out
}

// maxMeasured bounds what may be measured: a billion units, in thousandths.
const maxMeasured = 1_000_000_000_000

// maxUnit bounds an amount per unit, so that no product overflows.
const maxUnit = money.Fen(10_000_00)

func (c *checker) groups() {
	seen := map[string]bool{}
	for _, g := range c.terms.Groups {
		c.must(g.Code != "" && g.Name.ZH != "" && !seen[g.Code], "groups", "每一项都要有名称和不重复的代码（“{0}”）。", g.Code)
		seen[g.Code] = true
		c.clause("groups", g.Clause)
		c.caps("groups", g.Caps)
		known := func(it Item) bool { return it.Code == g.Statement }
		c.must(g.Statement == "" || slices.ContainsFunc(c.terms.Statements, known), "groups", "“{0}”不是本计划列出的承诺。", g.Statement)
	}
	if c.terms.GroupsOnly != nil {
		c.clause("groups_only", *c.terms.GroupsOnly)
		c.must(len(seen) > 0, "groups_only", "请先列出企业类别。")
	}
}

func (c *checker) rates() {
	seen := map[string]bool{}
	for _, r := range c.terms.Rates {
		c.must(r.Code != "" && r.Name.ZH != "" && !seen[r.Code], "rates", "每一项都要有名称和不重复的代码（“{0}”）。", r.Code)
		seen[r.Code] = true
		c.clause("rates", r.Clause)
		c.must((len(r.Ratio) > 0) != (len(r.PerUnit) > 0), "rates", "“{0}”：请写补贴比例，或写每单位的金额，二选一。", r.Name)
		if len(r.Ratio) > 0 {
			c.tiers("rates", r.Ratio)
		}
		for _, u := range r.PerUnit {
			c.must(u.Unit != "" && u.Name.ZH != "" && u.Amount > 0 && u.Amount <= maxUnit, "rates", "每单位的金额应为正数，不超过 {0}，并写明单位。", maxUnit)
			c.clause("rates", u.Clause)
		}
		for _, most := range []*money.Fen{r.Item, r.Claim, r.Year} {
			c.must(most == nil || *most > 0 && *most <= Most, "rates", "金额应为正数，单位是分。")
		}
		for _, code := range r.For.Groups {
			c.must(slices.ContainsFunc(c.terms.Groups, func(g Group) bool { return g.Code == code }), "rates", "“{0}”不是本计划列出的企业类别。", code)
		}
		for _, code := range r.For.Types {
			c.must(slices.ContainsFunc(c.terms.Types, func(v VoucherType) bool { return v.Code == code }), "rates", "“{0}”不是本计划列出的券种。", code)
		}
	}
}
