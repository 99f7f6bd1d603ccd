package scheme

import (
	"fmt"
	"slices"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/money"
)

// The ways to pay.
const (
	PayDirect = "direct" // 通兑: the firm pays its own part, the provider claims the voucher's
	PayRefund = "refund" // 通用: the firm pays all, and claims the voucher's part afterwards
)

// The ways to give quotas out.
const (
	FirstCome = "first-come" // one application after the other, until the budget is gone
	ProRata   = "pro-rata"   // the applications of a window together, less for all when the budget is short
)

// Life says how quotas are given out, used, and watched. Everything may be left out.
type Life struct {
	Pay       *Sourced[[]string] `json:"pay,omitempty"`         // ways to pay; nil: direct
	Issuing   *Sourced[Issuing]  `json:"issuing,omitempty"`     // nil: first come, all year
	Claiming  *Sourced[[]Window] `json:"claiming,omitempty"`    // when used vouchers may be claimed; nil: always
	OneTime   *Clause            `json:"one_time,omitempty"`    // a voucher is used in one order, what it does not need lapses
	Types     []VoucherType      `json:"types,omitempty"`       // a firm has quotas of each type apart
	Unused    *Sourced[Unused]   `json:"unused,omitempty"`      // what unused quota does to the next application
	SpotCheck *Sourced[int64]    `json:"spot_check,omitempty"`  // basis points of the claims of a year, at least
	Ban       *Sourced[int]      `json:"ban_years,omitempty"`   // of a firm or provider that cheated
	Team      *Sourced[Team]     `json:"team,omitempty"`        // nil: teams are not told from firms
	Stacking  *Sourced[Stacking] `json:"stacking,omitempty"`    // nil: nothing else may pay for the same order
	Attach    []Item             `json:"attachments,omitempty"` // documents that an application must carry
}

// Window is a span of days of each year, both included, as "01-01" to "01-31"; one that ends before it begins goes over
// the turn of the year.
type Window struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Issuing says in what order applications are decided.
type Issuing struct {
	Order   string   `json:"order"`
	Windows []Window `json:"windows,omitempty"` // of applications; none: all year
}

// VoucherType is a kind of voucher with a purpose of its own. The rates say what each type pays for.
type VoucherType struct {
	Code     string    `json:"code"`
	Name     Name      `json:"name"`
	Caps     Caps      `json:"caps,omitzero"` // of this type, beside the general ones
	Validity *Validity `json:"validity,omitempty"`
	Clause   Clause    `json:"clause"`
}

// Unused says what happens to a firm that does not use what it was given, in basis points.
type Unused struct {
	Above  int64 `json:"above,omitempty"`  // more than this share must be used before the next application; 10000: all of it
	Lapsed int64 `json:"lapsed,omitempty"` // more than this share lapsed in a year: nothing in the next year
	Look   int64 `json:"look,omitempty"`   // less than this share used in a year: an officer looks at the next application
}

// Has tells whether a civil day lies in the window.
func (w Window) Has(day string) bool {
	if len(day) != len(clock.DateLayout) {
		return false
	}
	md := day[5:]
	if w.From <= w.To {
		return w.From <= md && md <= w.To
	}
	return md >= w.From || md <= w.To
}

// Within tells whether a day lies in one of the windows; no window at all means always.
func Within(windows []Window, day string) bool {
	return len(windows) == 0 || slices.ContainsFunc(windows, func(w Window) bool { return w.Has(day) })
}

// NextOpen is the first day, from the given one on, that lies in one of the windows; empty when there is none within two years.
func NextOpen(windows []Window, day string) string {
	t, err := time.Parse(clock.DateLayout, day)
	if err != nil {
		return ""
	}
	for range 2 * 366 {
		if d := t.Format(clock.DateLayout); Within(windows, d) {
			return d
		}
		t = t.AddDate(0, 0, 1)
	}
	return ""
}

// Applying tells whether applications are taken on a day.
func (t Terms) Applying(day string) bool {
	return t.Issuing == nil || Within(t.Issuing.Value.Windows, day)
}

// Pays tells whether a way to pay is allowed.
func (t Terms) Pays(way string) bool {
	if t.Pay == nil {
		return way == PayDirect
	}
	return slices.Contains(t.Pay.Value, way)
}

// Prorate divides a budget among what was asked: all of it where the budget is enough; else each in proportion, rounded
// down, and the fen that are left go one each to those asked for first. Nobody gets more than asked.
func Prorate(asked []money.Fen, budget money.Fen) []money.Fen {
	var sum money.Fen
	for _, a := range asked {
		sum += max(a, 0)
	}
	out := make([]money.Fen, len(asked))
	budget = min(max(budget, 0), sum)
	rest := budget
	for i, a := range asked {
		out[i] = portion(budget, int64(max(a, 0)), int64(sum))
		rest -= out[i]
	}
	for i := range out {
		if rest > 0 && out[i] < asked[i] {
			out[i]++
			rest--
		}
	}
	return out
}

// SpotChecks is how many of n claims are to be checked: the share, rounded up.
func (t Terms) SpotChecks(n int) int {
	if t.SpotCheck == nil || n <= 0 {
		return 0
	}
	return int((int64(n)*t.SpotCheck.Value + 9999) / 10000)
}

// BannedUntil is the last day of a ban that begins on a day; empty when the terms know none.
func (t Terms) BannedUntil(day string) (string, error) {
	if t.Ban == nil {
		return "", nil
	}
	d, err := time.Parse(clock.DateLayout, day)
	if err != nil {
		return "", fmt.Errorf("first day of a ban: %w", err)
	}
	return d.AddDate(t.Ban.Value, 0, -1).Format(clock.DateLayout), nil
}

// History is what a firm made of its quotas.
type History struct {
	Given      money.Fen `json:"given,omitempty"` // of the quotas that are still valid or ended in this civil year
	Used       money.Fen `json:"used,omitempty"`
	LastGiven  money.Fen `json:"last_given,omitempty"` // in the civil year before
	LastUsed   money.Fen `json:"last_used,omitempty"`
	LastLapsed money.Fen `json:"last_lapsed,omitempty"`
}

// UnusedLines check a firm's next application against what it did with the last ones.
func (t Terms) UnusedLines(h History) []Line {
	if t.Unused == nil {
		return nil
	}
	u, cl := t.Unused.Value, &t.Unused.Clause
	var out []Line
	if u.Above > 0 && h.Given > 0 {
		out = append(out, point("unused", u.Above == 10000 && h.Used >= h.Given || over(h.Used, h.Given, u.Above), "已发额度用了 {0}，超过 {1}", "已发额度用了 {0}，须超过 {1} 才能再申请", cl, shareOf(h.Used, h.Given), Pointed(u.Above)))
	}
	if u.Lapsed > 0 && h.LastGiven > 0 {
		out = append(out, point("lapsed", !over(h.LastLapsed, h.LastGiven, u.Lapsed), "上年作废 {0}，未超过 {1}", "上年作废 {0}，超过 {1}，今年不能申请", cl, shareOf(h.LastLapsed, h.LastGiven), Pointed(u.Lapsed)))
	}
	if u.Look > 0 && h.LastGiven > 0 && over(h.LastGiven-h.LastUsed, h.LastGiven, 10000-u.Look) {
		out = append(out, Line{Code: "look-unused", Text: "上年使用率 {0}，低于 {1}，请审核时考虑", Args: []any{shareOf(h.LastUsed, h.LastGiven), Pointed(u.Look)}, Clause: cl, Verdict: Unknown})
	}
	return out
}

// over tells whether part is more than basisPoints of whole.
func over(part, whole money.Fen, basisPoints int64) bool {
	return part > portion(whole, basisPoints, 10000)
}

// shareOf is a part as people read a share, rounded down to a hundredth of a per cent.
func shareOf(part, whole money.Fen) string {
	if whole <= 0 {
		return Pointed(0)
	}
	return Pointed(int64(portion(10000, int64(min(part, whole)), int64(whole))))
}

func (c *checker) life() {
	l := c.terms.Life
	if l.Pay != nil {
		c.list("pay", *l.Pay, func(s string) bool { return s == PayDirect || s == PayRefund })
	}
	if l.Issuing != nil {
		c.clause("issuing", l.Issuing.Clause)
		c.must(l.Issuing.Value.Order == FirstCome || l.Issuing.Value.Order == ProRata, "issuing", "请写明按先后发放（first-come）还是按比例发放（pro-rata）。")
		c.must(l.Issuing.Value.Order != ProRata || len(l.Issuing.Value.Windows) > 0, "issuing", "按比例发放需要写明受理窗口。")
		c.windows("issuing", l.Issuing.Value.Windows)
	}
	if l.Claiming != nil {
		c.clause("claiming", l.Claiming.Clause)
		c.must(len(l.Claiming.Value) > 0, "claiming", "此项不能为空。")
		c.windows("claiming", l.Claiming.Value)
	}
	if l.OneTime != nil {
		c.clause("one_time", *l.OneTime)
	}
	seen := map[string]bool{}
	for _, v := range l.Types {
		c.must(v.Code != "" && v.Name.ZH != "" && !seen[v.Code], "types", "每一项都要有名称和不重复的代码（“{0}”）。", v.Code)
		seen[v.Code] = true
		c.clause("types", v.Clause)
		c.caps("types", v.Caps)
		c.must(v.Validity == nil || v.Validity.valid(), "types", "有效期请二选一：若干个月（1–120），或到年底。")
	}
	c.watch()
	c.together()
}

// watch checks the rules about unused quota, spot checks and bans.
func (c *checker) watch() {
	l := c.terms.Life
	share := func(n int64) bool { return n >= 0 && n <= 10000 }
	if l.Unused != nil {
		u := l.Unused.Value
		c.clause("unused", l.Unused.Clause)
		c.must(share(u.Above) && share(u.Lapsed) && share(u.Look) && u.Above+u.Lapsed+u.Look > 0, "unused", "请写明使用率的界限，在 0 到 100% 之间（万分比 0–10000）。")
	}
	if l.SpotCheck != nil {
		c.clause("spot_check", l.SpotCheck.Clause)
		c.must(l.SpotCheck.Value > 0 && share(l.SpotCheck.Value), "spot_check", "抽查比例应大于 0，不超过 100%（万分比）。")
	}
	if l.Ban != nil {
		c.clause("ban_years", l.Ban.Clause)
		c.must(l.Ban.Value >= 1 && l.Ban.Value <= 50, "ban_years", "禁入年数应在 1 到 50 之间。")
	}
}

// windows refuses days that are none and windows that overlap.
func (c *checker) windows(field string, list []Window) {
	for i, w := range list {
		c.must(validMonthDay(w.From) && validMonthDay(w.To), field, "“{0}”不是有效的取值。", w.From+"–"+w.To)
		for _, v := range list[:i] {
			c.must(!v.hasMonthDay(w.From) && !v.hasMonthDay(w.To) && !w.hasMonthDay(v.From), field, "“{0}”与另一个窗口重叠。", w.From+"–"+w.To)
		}
	}
}

func (w Window) hasMonthDay(md string) bool { return w.Has("2024-" + md) }

// validMonthDay tells whether a text is a day of some year, as 02-29.
func validMonthDay(s string) bool { return ValidDay("2024-" + s) }
