package scheme

import (
	"context"
	"slices"
	"strconv"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/region"
)

// The two ways, by shorter names.
const (
	Direct = PayDirect
	Repay  = PayRefund
)

// Team is what a team that is not yet a company needs, to get a voucher.
type Team struct {
	Members int       `json:"members"`       // at least so many
	Cap     money.Fen `json:"cap,omitempty"` // most it gets in a civil year; 0: as firms do
}

// Stacking says whether vouchers of other programmes, and other public money, may pay for the same order.
type Stacking struct {
	Regions []string `json:"regions"`           // programmes of these regions, with their subtrees, may pay beside this one
	Public  bool     `json:"other,omitempty"`   // other public money may, too
	Ceiling int64    `json:"ceiling,omitempty"` // of the price, in basis points, for all public money together; 0: the whole price
}

// WaysToPay are the ways the terms allow, at least one, the usual one first.
func (t Terms) WaysToPay() []string {
	if t.Pay == nil || len(t.Pay.Value) == 0 {
		return []string{Direct}
	}
	return t.Pay.Value
}

// Way is the way asked for when the terms allow it, else the usual one.
func (t Terms) Way(asked string) string {
	if asked != "" && t.Pays(asked) {
		return asked
	}
	return t.WaysToPay()[0]
}

// Type is a typed voucher by its code; false when the terms know none of that code.
func (t Terms) Type(code string) (VoucherType, bool) {
	i := slices.IndexFunc(t.Types, func(x VoucherType) bool { return x.Code == code })
	if i < 0 {
		return VoucherType{}, false
	}
	return t.Types[i], true
}

// PaysFor tells whether a voucher of a type pays for a kind of resource: where rates name the type, one of them must be for
// the kind. A voucher without a type pays for all kinds of its programme; an empty kind is not yet known, and not checked.
func (t Terms) PaysFor(typ, kind string) bool {
	if typ == "" || kind == "" {
		return true
	}
	named := false
	for _, r := range t.Rates {
		if slices.Contains(r.For.Types, typ) {
			named = true
			if len(r.For.Kinds) == 0 || slices.Contains(r.For.Kinds, kind) {
				return true
			}
		}
	}
	return !named
}

// Batch tells whether the applications of a window are decided together.
func (t Terms) Batch() bool { return t.Issuing != nil && t.Issuing.Value.Order == ProRata }

// Span is a window in one year: its first and last civil day.
type Span struct{ From, To string }

// WindowOn is the window of applications that a civil day lies in; false when there is none.
func (t Terms) WindowOn(day string) (Span, bool) {
	if t.Issuing == nil || !ValidDay(day) {
		return Span{}, false
	}
	y, err := strconv.Atoi(day[:4])
	if err != nil {
		return Span{}, false
	}
	for _, w := range t.Issuing.Value.Windows {
		if !w.Has(day) {
			continue
		}
		from, to := y, y
		switch turns := w.From > w.To; { // over the turn of the year
		case turns && day[5:] >= w.From:
			to++
		case turns:
			from--
		}
		return Span{strconv.Itoa(from) + "-" + w.From, strconv.Itoa(to) + "-" + w.To}, true
	}
	return Span{}, false
}

// LastWindow is the window of a batch that a day lies in, or the last one that ended before it; false when the terms know none.
func (t Terms) LastWindow(day string) (Span, bool) {
	if !t.Batch() {
		return Span{}, false
	}
	for range 2 * 366 {
		if w, ok := t.WindowOn(day); ok {
			return w, true
		}
		before, err := clock.AddDays(day, -1)
		if err != nil {
			return Span{}, false
		}
		day = before
	}
	return Span{}, false
}

// lifeLines check what the terms say of windows, types, teams and earlier vouchers.
func (t Terms) lifeLines(a Applicant) []Line {
	var out []Line
	if a.Day != "" && t.Issuing != nil && len(t.Issuing.Value.Windows) > 0 {
		line := point("window", t.Applying(a.Day), "今天在申请窗口内", "今天不在申请窗口内", &t.Issuing.Clause)
		if next := NextOpen(t.Issuing.Value.Windows, a.Day); line.Verdict == No && next != "" {
			line.Text, line.Args = "今天不在申请窗口内，下一个窗口从 {0} 开始", []any{next}
		}
		out = append(out, line)
	}
	if len(t.Types) > 0 {
		x, known := t.Type(a.Type)
		line := point("type", known, "券种：{0}", "请选择券种", &t.Types[0].Clause)
		if known {
			line.Args, line.Clause = []any{x.Name}, &x.Clause
		}
		out = append(out, line)
	}
	if t.Team != nil && a.Team {
		least := t.Team.Value.Members
		out = append(out, point("team", a.Members >= least, "团队核心成员 {0} 人，不少于 {1} 人", "团队核心成员 {0} 人，少于要求的 {1} 人", &t.Team.Clause, a.Members, least))
	}
	if t.Team != nil && !a.Team && a.TeamThisYear {
		out = append(out, Line{Code: "team-year", Text: "企业由今年已领过券的团队注册而来，今年不能再申请", Clause: &t.Team.Clause, Verdict: No})
	}
	return append(out, t.UnusedLines(a.History)...)
}

// lifeRoom are the limits of one application that follow from its type and its team.
func (t Terms) lifeRoom(a Applicant, take func(most *Sourced[money.Fen], had money.Fen, code, text string)) {
	if x, ok := t.Type(a.Type); ok {
		take(x.Caps.Application, 0, "cap-type", "这种券每次申请最多 {0}")
	}
	if t.Team != nil && a.Team && t.Team.Value.Cap > 0 {
		take(&Sourced[money.Fen]{t.Team.Value.Cap, t.Team.Clause}, a.YearGiven, "cap-team", "团队每年最多 {0}，今年已获 {1}，还可申请 {2}")
	}
}

// ValidityOf is how long a voucher of a type is valid.
func (t Terms) ValidityOf(typ string) Validity {
	if x, ok := t.Type(typ); ok && x.Validity != nil {
		return *x.Validity
	}
	return t.Validity.Value
}

// together checks what the terms say of teams, of other programmes, and of the documents of an application.
func (c *checker) together() {
	l := c.terms.Life
	if l.Team != nil {
		c.clause("team", l.Team.Clause)
		c.must(l.Team.Value.Members >= 1 && l.Team.Value.Members <= 100 && l.Team.Value.Cap >= 0 && l.Team.Value.Cap <= Most, "team", "请写明团队至少几人（1–100），额度上限不能为负。")
	}
	if l.Stacking != nil {
		c.clause("stacking", l.Stacking.Clause)
		v := l.Stacking.Value
		for _, code := range v.Regions {
			c.must(region.Valid(code), "stacking", "“{0}”不是有效的取值。", code)
		}
		c.must(v.Ceiling >= 0 && v.Ceiling <= 10000, "stacking", "各级财政资金合计的上限应在 0 到 100% 之间（万分比 0–10000）。")
	}
	c.items("attachments", l.Attach)
}

// WayName is a way to pay in the reader's language.
func WayName(ctx context.Context, way string) string {
	if way == Repay {
		return i18n.T(ctx, "企业先付全款，再由发券地区返还（通用）")
	}
	return i18n.T(ctx, "企业付自付部分，其余由出资方付给服务机构（通兑）")
}

// WayShort is a way to pay in one word.
func WayShort(ctx context.Context, way string) string {
	if way == Repay {
		return i18n.T(ctx, "先付后返")
	}
	return i18n.T(ctx, "直接抵扣")
}

// togetherRules are the terms on teams and other programmes in plain words.
func (t Terms) togetherRules(ctx context.Context, region RegionNamer) []Rule {
	var out []Rule
	if t.Team != nil {
		lines := []string{i18n.T(ctx, "团队至少 {0} 名核心成员，尚未注册企业；注册企业后当年不能再申请", t.Team.Value.Members)}
		if t.Team.Value.Cap > 0 {
			lines = append(lines, i18n.T(ctx, "团队每年最多 {0}", t.Team.Value.Cap))
		}
		out = append(out, Rule{i18n.T(ctx, "创新创业团队"), lines, t.Team.Clause})
	}
	if t.Stacking != nil {
		out = append(out, Rule{i18n.T(ctx, "能否叠加"), t.Stacking.Value.words(ctx, region), t.Stacking.Clause})
	}
	return out
}

func (s Stacking) words(ctx context.Context, region RegionNamer) []string {
	var out []string
	if len(s.Regions) == 0 {
		out = append(out, i18n.T(ctx, "不能与其他计划的创新券用于同一张订单"))
	} else {
		out = append(out, i18n.T(ctx, "可以与{0}的创新券用于同一张订单", joined(ctx, s.Regions, region)))
	}
	if !s.Public {
		out = append(out, i18n.T(ctx, "同一事项不能再用其他财政资金"))
	}
	if s.Ceiling > 0 {
		out = append(out, i18n.T(ctx, "各级财政资金合计不超过合同价格的 {0}", Pointed(s.Ceiling)))
	}
	return out
}
