package scheme

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/region"
)

// Case is all that the rules look at when they divide a price.
type Case struct {
	Price          money.Fen
	Kind           string   // of the resource; empty = not yet known, not checked
	ProviderRegion string   // six digits; empty = not yet known, not checked
	Place          Name     // of ProviderRegion, for the explanation
	Class          string   // of the catalogue or of a service; empty = not yet known
	Type           string   // of the voucher, where the terms know several
	Groups         []string // codes of the firm's groups
	Anyone         bool     // the firm is not yet known: its groups are not checked
	Purpose        string   // a code, or what the firm wrote
	Quantity       int64    // of single items; 0 = 1
	Measured       int64    // thousandths of the unit that a rate counts: 7.5 kW is 7500
	Ties           []Tie    // what ties provider and firm
	Banned         Name     // the list that shuts the firm out; empty: none
	Removed        Name     // the list that shuts the provider out; empty: none
	Left           money.Fen
	YearUsed       money.Fen            // what the firm committed in the programme in this civil year
	RateUsed       map[string]money.Fen // the same by rate
}

// Quote is a price divided: Voucher + Own = Price always. Why is the code of the rule that kept the voucher's part
// below its share, or refused it; empty when nothing did.
type Quote struct {
	Voucher money.Fen
	Own     money.Fen
	Lines   []Line
	Why     string
	Rate    string // code of the rate that counted; empty: the general ratio
	Shares  []Part // who funds Voucher; a funder that the order names and nobody has looked up stands by its role
}

// Line explains one step of a quote or one point of a check, with the clause behind it.
type Line struct {
	Code    string
	Text    string // Chinese sentence with {0} for arguments, the key of its English
	Args    []any  // a Name is shown in the reader's language
	Amount  money.Fen
	Clause  *Clause
	Verdict Verdict
}

// Verdict is what a check came to.
type Verdict string

// The verdicts. Unknown is for a person to look at.
const (
	Yes     Verdict = "yes"
	No      Verdict = "no"
	Unknown Verdict = "unknown"
)

// In is the line's sentence in the language of ctx.
func (l Line) In(ctx context.Context) string {
	args := make([]any, len(l.Args))
	for i, a := range l.Args {
		if n, ok := a.(Name); ok {
			a = i18n.Pick(ctx, n.ZH, n.EN)
		}
		args[i] = a
	}
	return i18n.T(ctx, l.Text, args...)
}

// Quote divides a price by the terms: the voucher's part is rounded down to the fen and limited by the caps and by
// what is left, the firm pays the rest. A case that the terms exclude gets nothing, and says why.
func (t Terms) Quote(c Case) Quote {
	price := min(max(c.Price, 0), Most)
	q := Quote{Own: max(c.Price, 0)}
	for _, l := range t.barriers(c) {
		q.Lines = append(q.Lines, l)
		if l.Verdict == No {
			q.Why = l.Code
			q.Lines = append(q.Lines, q.total()...)
			return q
		}
	}
	best := t.best(c, price)
	q.Rate = best.rate
	q.Lines = append(q.Lines, Line{Code: "price", Text: "合同价格 {0}", Args: []any{price}, Amount: price})
	q.Lines = append(q.Lines, best.lines...)
	part := sumOf(best.lines)
	for _, limit := range append(best.limits, t.limits(c, price, best.amount)...) {
		if limit.Amount < part {
			part, q.Why = max(limit.Amount, 0), limit.Code
			q.Lines = append(q.Lines, limit)
		}
	}
	q.Voucher, q.Own = part, q.Own-part
	q.Shares = Split(part, t.Shares(Parties{}))
	q.Lines = append(q.Lines, q.total()...)
	return q
}

// tierLines are the steps of a ratio; their amounts add up to the whole, which is rounded down once at the end.
func tierLines(tiers []Tier, cl *Clause, price money.Fen) []Line {
	var lines []Line
	var below, rest money.Fen // rest is in ten-thousandths of a fen
	for _, tier := range tiers {
		if price <= below && below > 0 {
			break
		}
		upper := price
		if tier.UpTo > 0 {
			upper = min(price, tier.UpTo)
		}
		width := max(upper-below, 0)
		rest += width % 10000 * money.Fen(tier.BasisPoints) % 10000
		amount := money.PartDown(width, tier.BasisPoints) + rest/10000
		rest %= 10000
		l := Line{Code: "ratio", Clause: cl, Amount: amount}
		if len(tiers) == 1 && tier.UpTo == 0 {
			l.Text, l.Args = "创新券抵扣 {0}，不足一分舍去：{1}", []any{Pointed(tier.BasisPoints), amount}
		} else {
			l.Text, l.Args = "{0} 到 {1} 的部分抵扣 {2}：{3}", []any{below, upper, Pointed(tier.BasisPoints), amount}
		}
		lines = append(lines, l)
		below = upper
	}
	return lines
}

func sumOf(lines []Line) money.Fen {
	var sum money.Fen
	for _, l := range lines {
		sum += l.Amount
	}
	return sum
}

// limits are the ceilings of the voucher's part, each as a line that explains it.
func (t Terms) limits(c Case, price, support money.Fen) []Line {
	caps := t.CapsOf(c.Groups)
	out := []Line{{Code: "price-cap", Text: "抵扣不超过合同价格 {0}", Args: []any{price}, Amount: price}}
	if funded := t.funded(support); funded < support {
		out = append(out, Line{Code: "cap-funder", Text: "出资方各有上限，合计最多支持 {0}", Args: []any{funded}, Amount: funded, Clause: &t.Funders.Clause})
	}
	if most := caps.Claim; most != nil {
		out = append(out, Line{Code: "cap-claim", Text: "每单最多抵扣 {0}", Args: []any{most.Value}, Amount: most.Value, Clause: &most.Clause})
	}
	if most := caps.Year; most != nil {
		left := max(most.Value-c.YearUsed, 0)
		out = append(out, Line{Code: "cap-year", Text: "每家企业每年最多 {0}，今年已用 {1}，还可用 {2}", Args: []any{most.Value, c.YearUsed, left}, Amount: left, Clause: &most.Clause})
	}
	code, text := "left", "额度余额只有 {0}"
	if c.Left <= 0 {
		code, text = "nothing-left", "没有可用额度（余额 {0}），可先申请创新券"
	}
	return append(out, Line{Code: code, Text: text, Args: []any{max(c.Left, 0)}, Amount: max(c.Left, 0)})
}

// barriers are the rules that refuse a case altogether, and those that ask a person to look.
func (t Terms) barriers(c Case) []Line {
	var out []Line
	refuse := func(code, text string, cl *Clause, args ...any) {
		out = append(out, Line{Code: code, Text: text, Args: args, Clause: cl, Verdict: No})
	}
	if c.Kind != "" && !slices.Contains(t.Kinds.Value, c.Kind) {
		refuse("kind", "这类资源不在本计划支持的范围内", &t.Kinds.Clause)
	}
	if c.ProviderRegion != "" && !withinAny(c.ProviderRegion, t.Providers.Value) {
		refuse("provider-region", "服务机构所在地区（{0}）不在本计划认可的范围内", &t.Providers.Clause, place(c.ProviderRegion, c.Place))
	}
	out = append(out, t.TieLines(c.Ties)...)
	if c.Removed != (Name{}) && t.Rosters != nil {
		refuse("roster-ban-provider", "服务机构在“{0}”上，不能收取创新券", &t.Rosters.Clause, c.Removed)
	}
	if c.Banned != (Name{}) && t.Rosters != nil {
		refuse("roster-ban", "企业在“{0}”上，不能使用创新券", &t.Rosters.Clause, c.Banned)
	}
	if t.GroupsOnly != nil && !c.Anyone && !slices.ContainsFunc(t.Groups, func(g Group) bool { return slices.Contains(c.Groups, g.Code) }) {
		refuse("group", "企业不属于本计划支持的任何一类", t.GroupsOnly)
	}
	for _, x := range t.Excluded {
		if c.Purpose == x.Code {
			refuse("excluded", "不支持的用途：{0}", &x.Clause, x.Name)
		} else if slices.ContainsFunc(x.Words, func(w string) bool { return strings.Contains(c.Purpose, w) }) {
			out = append(out, Line{Code: "look-excluded", Text: "用途里提到了“{0}”，请确认不属于不支持的用途；审核时会核对", Args: []any{x.Name}, Clause: &x.Clause, Verdict: Unknown})
		}
	}
	return out
}

func (q Quote) total() []Line {
	return []Line{
		{Code: "voucher", Text: "创新券支付 {0}", Args: []any{q.Voucher}, Amount: q.Voucher},
		{Code: "own", Text: "企业自付 {0}", Args: []any{q.Own}, Amount: q.Own},
	}
}

// withinAny tells whether a six-digit region lies in one of the regions.
func withinAny(code string, in []string) bool {
	return slices.ContainsFunc(in, func(root string) bool { return region.Within(code, root) })
}

// place is a region's name, or its code when the name is not known.
func place(code string, n Name) Name {
	if n.ZH == "" && n.EN == "" {
		return Name{ZH: code}
	}
	return n
}
