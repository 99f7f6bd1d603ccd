package scheme

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/region"
	"qiao/internal/platform/rule"
)

// Name is a text in both languages; either may be missing.
type Name struct {
	ZH string `json:"zh"`
	EN string `json:"en,omitempty"`
}

// Source is a document that a programme's numbers come from.
type Source struct {
	Title Name   `json:"title"`
	URL   string `json:"url,omitempty"`
	Note  Name   `json:"note,omitzero"` // e.g. that the numbers are invented for the demo
}

// Clause says where a rule is written: a key of Terms.Sources and the article in it.
type Clause struct {
	Source    string `json:"source"`
	Article   string `json:"article,omitempty"`    // as the document numbers it: 第五条
	ArticleEN string `json:"article_en,omitempty"` // the same in English: art. 5
}

// Sourced is a value together with the clause it comes from. A value without a source is not accepted.
type Sourced[T any] struct {
	Value  T      `json:"value"`
	Clause Clause `json:"clause"`
}

// Tier is the voucher's share of the part of a price up to UpTo (fen; 0 = no end), in basis points.
type Tier struct {
	UpTo        money.Fen `json:"up_to,omitempty"`
	BasisPoints int64     `json:"basis_points"`
}

// Caps limit what one firm gets, in fen; a nil cap is no limit.
type Caps struct {
	Application  *Sourced[money.Fen] `json:"application,omitempty"`  // one application for a quota
	Claim        *Sourced[money.Fen] `json:"claim,omitempty"`        // the voucher's part of one order
	Year         *Sourced[money.Fen] `json:"year,omitempty"`         // granted, and committed, to one firm in a civil year
	Holding      *Sourced[money.Fen] `json:"holding,omitempty"`      // granted and not yet spent at any one time
	Ever         *Sourced[money.Fen] `json:"ever,omitempty"`         // granted to one firm in all years: a one-time support
	Applications *Sourced[int]       `json:"applications,omitempty"` // number of quotas granted to one firm in a civil year
}

// Validity ends a grant: so many months after its issue, or with the calendar year.
type Validity struct {
	Months    int  `json:"months,omitempty"`
	EndOfYear bool `json:"end_of_year,omitempty"`
}

// Item is something listed by name: an excluded purpose, a statement a firm makes, a required document.
type Item struct {
	Code     string   `json:"code"`
	Name     Name     `json:"name"`
	Words    []string `json:"words,omitempty"` // of an excluded purpose: words in a free text that make a person look twice
	Optional bool     `json:"optional,omitempty"`
	Clause   Clause   `json:"clause"`
}

// Terms are the rules of a programme from one day on: dated data, never code. Each number names its clause.
type Terms struct {
	Version    int                `json:"version"`
	From       string             `json:"from"` // first civil day these terms hold
	Sources    map[string]Source  `json:"sources"`
	Budget     Sourced[money.Fen] `json:"budget"`
	Ratio      Sourced[[]Tier]    `json:"ratio"`
	Caps       Caps               `json:"caps"`
	Validity   Sourced[Validity]  `json:"validity"`
	Kinds      Sourced[[]string]  `json:"kinds"`                // kinds of resources that may be bought
	Providers  Sourced[[]string]  `json:"provider_regions"`     // regions whose providers are accepted, with their subtrees
	Firms      Sourced[[]string]  `json:"firm_regions"`         // regions whose firms may apply, with their subtrees
	Capacities Sourced[[]string]  `json:"firm_capacities"`      // a firm needs one of these, verified
	Conditions []rule.Condition   `json:"conditions,omitempty"` // of the firm, over the facts of its file
	Unrelated  *Clause            `json:"unrelated,omitempty"`
	Rosters    *RosterTerms       `json:"rosters,omitempty"`
	Excluded   []Item             `json:"excluded"`
	Statements []Item             `json:"statements"` // what the firm declares when it applies
	Documents  []Item             `json:"documents"`  // what a redemption must carry
	Notice     Sourced[int]       `json:"notice_days"`
	Funders    *Sourced[[]Share]  `json:"funders,omitempty"` // nil: the programme's authority pays all

	Groups     []Group          `json:"groups,omitempty"`      // of firms, with ceilings of their own
	GroupsOnly *Clause          `json:"groups_only,omitempty"` // a firm outside all groups gets nothing
	Rates      []Rate           `json:"rates,omitempty"`       // ratios of their own for some services or firms; the highest that applies counts
	Reward     *Sourced[Reward] `json:"reward,omitempty"`      // for the provider
	Life                        // how quotas are given out, used and watched
}

// RosterTerms are the lists of organisations that decide who may have a voucher, by their codes.
type RosterTerms struct {
	Any    []string `json:"any,omitempty"`  // a firm needs to stand on one of these
	None   []string `json:"none,omitempty"` // and on none of these
	Clause Clause   `json:"clause"`
}

// Most is the largest amount terms may name: 10 trillion yuan, what money.Parse reads.
const Most = money.Fen(1_000_000_000_000_000)

// ParseTerms reads terms from JSON. Unknown fields are refused, so that a misspelt cap is not silently no cap.
func ParseTerms(text []byte) (Terms, error) {
	var t Terms
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&t); err != nil {
		return Terms{}, fault.New(fault.Invalid, "terms-unreadable", "规则文件读不懂：请检查格式与字段名。").Because(err)
	}
	if dec.More() {
		return Terms{}, fault.New(fault.Invalid, "terms-unreadable", "规则文件读不懂：请检查格式与字段名。")
	}
	return t, t.Validate()
}

// Validate checks that the terms are complete and contradict themselves nowhere; a fault names each wrong field.
func (t Terms) Validate() error {
	c := &checker{terms: t, fault: fault.New(fault.Invalid, "terms-invalid", "规则有误，请按提示修改。")}
	c.must(t.Version >= 1, "version", "版本号从 1 开始。")
	c.must(ValidDay(t.From), "from", "请写明生效日期，如 2026-01-01。")
	c.amount("budget", &t.Budget, true)
	c.clause("ratio", t.Ratio.Clause)
	c.tiers("ratio", t.Ratio.Value)
	c.caps("caps", t.Caps)
	c.must(t.Validity.Value.valid(), "validity", "有效期请二选一：若干个月（1–120），或到年底。")
	c.clause("validity", t.Validity.Clause)
	c.list("kinds", t.Kinds, func(s string) bool { return s != "" })
	c.list("provider_regions", t.Providers, region.Valid)
	c.list("firm_regions", t.Firms, region.Valid)
	c.list("firm_capacities", t.Capacities, func(s string) bool { return s != "" })
	c.conditions()
	if t.Unrelated != nil {
		c.clause("unrelated", *t.Unrelated)
	}
	if r := t.Rosters; r != nil {
		c.clause("rosters", r.Clause)
		c.must(len(r.Any)+len(r.None) > 0 && !slices.Contains(append(slices.Clone(r.Any), r.None...), ""), "rosters", "请写明名单的代码。")
	}
	c.items("excluded", t.Excluded)
	c.items("statements", t.Statements)
	c.items("documents", t.Documents)
	c.must(t.Notice.Value >= 0 && t.Notice.Value <= 365, "notice_days", "公示天数应在 0 到 365 之间。")
	c.clause("notice_days", t.Notice.Clause)
	c.more()
	if len(c.fault.Fields) > 0 {
		return c.fault
	}
	return nil
}

// checker collects what is wrong with terms.
type checker struct {
	terms Terms
	fault *fault.Error
}

func (c *checker) must(ok bool, field, text string, args ...any) {
	if !ok {
		c.fault.Field(field, "invalid", text, args...)
	}
}

func (c *checker) clause(field string, cl Clause) {
	_, known := c.terms.Sources[cl.Source]
	c.must(known, field, "请写明依据：文件须列在 sources 中（现为“{0}”）。", cl.Source)
}

func (c *checker) amount(field string, a *Sourced[money.Fen], zero bool) {
	if a == nil {
		return
	}
	c.must(a.Value <= Most && (a.Value > 0 || zero && a.Value == 0), field, "金额应为正数，单位是分。")
	c.clause(field, a.Clause)
}

func (c *checker) tiers(field string, tiers []Tier) {
	c.must(len(tiers) > 0, field, "请至少写一档补贴比例。")
	var below money.Fen
	for i, tier := range tiers {
		last := i == len(tiers)-1
		c.must(tier.BasisPoints >= 0 && tier.BasisPoints <= 10000, field, "补贴比例应在 0 到 100% 之间（万分比 0–10000）。")
		c.must(last && tier.UpTo == 0 || tier.UpTo > below && tier.UpTo <= Most, field, "分档金额应逐档增大，只有最后一档可以不封顶。")
		below = tier.UpTo
	}
}

// caps checks the ceilings.
func (c *checker) caps(field string, caps Caps) {
	c.amount(field+".application", caps.Application, false)
	c.amount(field+".claim", caps.Claim, false)
	c.amount(field+".year", caps.Year, false)
	c.amount(field+".holding", caps.Holding, false)
	c.amount(field+".ever", caps.Ever, false)
	if n := caps.Applications; n != nil {
		c.must(n.Value >= 1 && n.Value <= 366, field+".applications", "每年申领次数应在 1 到 366 之间。")
		c.clause(field+".applications", n.Clause)
	}
}

// more checks what terms may say beyond the least.
func (c *checker) more() {
	c.funders()
	c.groups()
	c.rates()
	c.reward()
	c.life()
}

func (c *checker) list(field string, l Sourced[[]string], ok func(string) bool) {
	c.clause(field, l.Clause)
	c.must(len(l.Value) > 0, field, "此项不能为空。")
	for _, s := range l.Value {
		c.must(ok(s), field, "“{0}”不是有效的取值。", s)
	}
}

func (c *checker) items(field string, items []Item) {
	seen := map[string]bool{}
	for _, it := range items {
		c.must(it.Code != "" && it.Name.ZH != "" && !seen[it.Code], field, "每一项都要有名称和不重复的代码（“{0}”）。", it.Code)
		c.clause(field, it.Clause)
		seen[it.Code] = true
	}
}

// Pointed writes basis points as people read a share: 5000 is "50%", 3333 "33.33%".
func Pointed(basisPoints int64) string {
	s := fmt.Sprintf("%d.%02d", basisPoints/100, basisPoints%100)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + "%"
}

// ValidDay tells whether a text is a civil day, as 2026-01-01.
func ValidDay(s string) bool {
	_, err := clock.Midnight(s)
	return err == nil && len(s) == len(clock.DateLayout)
}
