package scheme

import (
	"context"
	"slices"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
)

// Rule is one point of a programme's terms in plain words, with where it is written.
type Rule struct {
	Label  string
	Lines  []string
	Clause Clause
}

// RegionNamer tells what a region is called.
type RegionNamer func(code string) string

// Rules are the terms in plain words, each with its clause.
func (t Terms) Rules(ctx context.Context, region RegionNamer, lists map[string]Name) []Rule {
	tr := func(zh string, args ...any) string { return i18n.T(ctx, zh, args...) }
	out := []Rule{
		{tr("谁可以申请"), []string{tr("{0}的{1}，身份已经核验", joined(ctx, t.Firms.Value, region), joined(ctx, t.Capacities.Value, func(c string) string { return CapacityName(ctx, c) }))}, t.Firms.Clause},
		{tr("买什么"), []string{joined(ctx, t.Kinds.Value, func(k string) string { return KindName(ctx, k) })}, t.Kinds.Clause},
		{tr("向谁购买"), []string{tr("{0}的服务机构", joined(ctx, t.Providers.Value, region))}, t.Providers.Clause},
		{tr("抵扣多少"), ratioLines(ctx, t.Ratio.Value), t.Ratio.Clause},
	}
	if r := t.Rosters; r != nil {
		name := func(code string) string { return ListName(lists, code).In(ctx) }
		var lines []string
		if len(r.Any) > 0 {
			lines = append(lines, tr("须在名单上：{0}", joined(ctx, r.Any, name)))
		}
		if len(r.None) > 0 {
			lines = append(lines, tr("不得在名单上：{0}", joined(ctx, r.None, name)))
		}
		out = slices.Insert(out, 1, Rule{tr("资格名单"), lines, r.Clause})
	}
	out = append(out, t.conditionRules(ctx)...)
	if t.Unrelated != nil {
		out = append(out, Rule{tr("关联关系"), []string{tr("企业与服务机构之间不能有隶属、共建、产权或投资关系")}, *t.Unrelated})
	}
	out = append(out, t.rateRules(ctx)...)
	out = append(out, t.Caps.rules(ctx)...)
	out = append(out, t.groupRules(ctx)...)
	notice := tr("批准后公示 {0} 天（自然日，不含公示当天），无异议后支付", t.Notice.Value)
	if t.Notice.Value == 0 {
		notice = tr("批准后公示，当天即可支付")
	}
	out = append(out, t.moneyRules(ctx)...)
	out = append(out, t.lifeRules(ctx)...)
	out = append(out, t.togetherRules(ctx, region)...)
	return append(out, Rule{tr("有效期限"), []string{t.Validity.Value.In(ctx)}, t.Validity.Clause}, Rule{tr("公示"), []string{notice}, t.Notice.Clause},
		Rule{tr("预算"), []string{tr(t.budgetText(), t.Budget.Value)}, t.Budget.Clause})
}

func ratioLines(ctx context.Context, tiers []Tier) []string {
	var out []string
	var below money.Fen
	for _, tier := range tiers {
		share := Pointed(tier.BasisPoints)
		switch {
		case tier.UpTo == 0 && below == 0:
			out = append(out, i18n.T(ctx, "合同价格的 {0}，不足一分的舍去，其余由企业自付", share))
		case tier.UpTo == 0:
			out = append(out, i18n.T(ctx, "超过 {0} 的部分：{1}", below, share))
		default:
			out = append(out, i18n.T(ctx, "{0} 到 {1} 的部分：{2}", below, tier.UpTo, share))
		}
		below = tier.UpTo
	}
	return out
}

// In is the validity in words.
func (v Validity) In(ctx context.Context) string {
	if v.EndOfYear {
		return i18n.T(ctx, "到发放当年的 12 月 31 日有效，到期未用的自动收回")
	}
	return i18n.T(ctx, "发放后 {0} 个月内有效，到期未用的自动收回", v.Months)
}

func (t Terms) budgetText() string {
	if t.Issuing != nil && t.Issuing.Value.Order == ProRata {
		return "{0}，申请总额超过预算时按比例发放"
	}
	return "{0}，先到先得，发完为止"
}

// rules are the ceilings in words.
func (c Caps) rules(ctx context.Context) []Rule {
	var out []Rule
	for _, x := range []struct {
		most  *Sourced[money.Fen]
		label string
		text  string
	}{
		{c.Application, "每次申请", "每次申请最多 {0}"}, {c.Claim, "每单上限", "每单最多抵扣 {0}"},
		{c.Year, "每年上限", "每家企业每个自然年最多 {0}"}, {c.Holding, "持有上限", "同时持有的未用额度最多 {0}"}, {c.Ever, "累计上限", "每家企业累计最多 {0}"},
	} {
		if x.most != nil {
			out = append(out, Rule{i18n.T(ctx, x.label), []string{i18n.T(ctx, x.text, x.most.Value)}, x.most.Clause})
		}
	}
	if n := c.Applications; n != nil {
		out = append(out, Rule{i18n.T(ctx, "申领次数"), []string{i18n.T(ctx, "每家企业每年最多申领 {0} 次", n.Value)}, n.Clause})
	}
	return out
}

// groupRules are the groups of firms, each with its own ceilings.
func (t Terms) groupRules(ctx context.Context) []Rule {
	var out []Rule
	for _, g := range t.Groups {
		r := Rule{i18n.T(ctx, "企业类别：{0}", g.Name.In(ctx)), nil, g.Clause}
		for _, c := range g.Caps.rules(ctx) {
			r.Lines = append(r.Lines, c.Lines...)
		}
		if len(r.Lines) == 0 {
			r.Lines = []string{i18n.T(ctx, "适用一般上限")}
		}
		out = append(out, r)
	}
	if t.GroupsOnly != nil {
		out = append(out, Rule{i18n.T(ctx, "企业类别"), []string{i18n.T(ctx, "只支持以上各类企业")}, *t.GroupsOnly})
	}
	return out
}

// rateRules are the rates of their own, each with where it applies.
func (t Terms) rateRules(ctx context.Context) []Rule {
	var out []Rule
	for i := range t.Rates {
		r := &t.Rates[i]
		lines := ratioLines(ctx, r.Ratio)
		for _, u := range r.PerUnit {
			lines = append(lines, i18n.T(ctx, "{0}：每{1} {2}", u.Name.In(ctx), u.Unit, u.Amount))
		}
		for _, x := range []struct {
			most *money.Fen
			text string
		}{{r.Item, "每项最多 {0}"}, {r.Claim, "每单最多抵扣 {0}"}, {r.Year, "每家企业每个自然年最多 {0}"}} {
			if x.most != nil {
				lines = append(lines, i18n.T(ctx, x.text, *x.most))
			}
		}
		for _, code := range r.For.Groups {
			lines = append(lines, i18n.T(ctx, "适用于：{0}", t.groupName(code).In(ctx)))
		}
		for _, code := range r.For.Types {
			lines = append(lines, i18n.T(ctx, "适用于：{0}", t.typeName(code).In(ctx)))
		}
		out = append(out, Rule{i18n.T(ctx, "抵扣多少：{0}", r.Name.In(ctx)), lines, r.Clause})
	}
	return out
}

func (t Terms) groupName(code string) Name {
	for _, g := range t.Groups {
		if g.Code == code {
			return g.Name
		}
	}
	return Name{ZH: code}
}

func (t Terms) typeName(code string) Name {
	for _, v := range t.Types {
		if v.Code == code {
			return v.Name
		}
	}
	return Name{ZH: code}
}

// moneyRules say who funds and what providers get on top.
func (t Terms) moneyRules(ctx context.Context) []Rule {
	var out []Rule
	if t.Funders != nil {
		var lines []string
		sum := weights(t.Funders.Value)
		for _, s := range t.Funders.Value {
			part := Pointed(s.BasisPoints)
			text := "{0}：价格的 {1}"
			if s.Weight > 0 {
				text, part = "{0}：支持金额的 {1}", i18n.T(ctx, "{0} 分之 {1}", sum, s.Weight)
			}
			line := i18n.T(ctx, text, FunderName(ctx, s), part)
			if s.Cap != nil {
				line = i18n.T(ctx, "{0}，每单最多 {1}", line, *s.Cap)
			}
			lines = append(lines, line)
		}
		lines = append(lines, i18n.T(ctx, "各方份额不足一分舍去，尾差归第一个或指定的出资方"))
		out = append(out, Rule{i18n.T(ctx, "谁出资"), lines, t.Funders.Clause})
	}
	if r := t.Reward; r != nil {
		text := "服务金额的 {0}"
		if r.Value.Of == OfVoucher {
			text = "券付金额的 {0}"
		}
		lines := []string{i18n.T(ctx, text, Pointed(r.Value.BasisPoints))}
		if r.Value.Year != nil {
			lines = append(lines, i18n.T(ctx, "每家机构每年最多 {0}", *r.Value.Year))
		}
		out = append(out, Rule{i18n.T(ctx, "奖励服务机构"), lines, r.Clause})
	}
	return out
}

// FunderName is what a funder is called where its organisation is not looked up.
func FunderName(ctx context.Context, s Share) string {
	role := s.Role
	if role == "" {
		role = s.Organisation
	}
	switch role {
	case RoleFirm:
		return i18n.T(ctx, "企业所在地主管部门")
	case RoleProvider:
		return i18n.T(ctx, "服务机构所在地主管部门")
	case "":
		return i18n.T(ctx, "本计划主管部门")
	}
	return role
}

// lifeRules say how quotas are given out, used and watched.
func (t Terms) lifeRules(ctx context.Context) []Rule {
	var out []Rule
	add := func(label string, cl Clause, lines ...string) {
		out = append(out, Rule{i18n.T(ctx, label), lines, cl})
	}
	if t.Pay != nil {
		add("支付方式", t.Pay.Clause, joined(ctx, t.Pay.Value, func(way string) string { return PayName(ctx, way) }))
	}
	if t.Issuing != nil && len(t.Issuing.Value.Windows) > 0 {
		add("受理窗口", t.Issuing.Clause, windowsText(ctx, t.Issuing.Value.Windows))
	}
	if t.Claiming != nil {
		add("兑付窗口", t.Claiming.Clause, windowsText(ctx, t.Claiming.Value))
	}
	if t.OneTime != nil {
		add("一次使用", *t.OneTime, i18n.T(ctx, "一张券只用于一张订单，没用完的部分收回"))
	}
	for _, v := range t.Types {
		var lines []string
		for _, c := range v.Caps.rules(ctx) {
			lines = append(lines, c.Lines...)
		}
		if v.Validity != nil {
			lines = append(lines, v.Validity.In(ctx))
		}
		out = append(out, Rule{i18n.T(ctx, "券种：{0}", v.Name.In(ctx)), lines, v.Clause})
	}
	return append(out, t.watchRules(ctx)...)
}

func (t Terms) watchRules(ctx context.Context) []Rule {
	var out []Rule
	if u := t.Unused; u != nil {
		var lines []string
		for _, x := range []struct {
			share int64
			text  string
		}{{u.Value.Above, "已发额度用了超过 {0} 才能再申请"}, {u.Value.Lapsed, "一年作废超过 {0} 的，下一年不能申请"}, {u.Value.Look, "一年使用率低于 {0} 的，影响下次申请"}} {
			if x.share > 0 {
				lines = append(lines, i18n.T(ctx, x.text, Pointed(x.share)))
			}
		}
		out = append(out, Rule{i18n.T(ctx, "未用额度"), lines, u.Clause})
	}
	if t.SpotCheck != nil {
		out = append(out, Rule{i18n.T(ctx, "抽查"), []string{i18n.T(ctx, "每年抽查不少于 {0} 的兑付", Pointed(t.SpotCheck.Value))}, t.SpotCheck.Clause})
	}
	if t.Ban != nil {
		out = append(out, Rule{i18n.T(ctx, "弄虚作假"), []string{i18n.T(ctx, "{0} 年内不得再申请或服务", t.Ban.Value)}, t.Ban.Clause})
	}
	return out
}

// PayName is a way to pay in words.
func PayName(ctx context.Context, way string) string {
	switch way {
	case PayDirect:
		return i18n.T(ctx, "下单时抵扣，由服务机构兑付")
	case PayRefund:
		return i18n.T(ctx, "企业先全额付款，事后申请兑付")
	}
	return way
}

func windowsText(ctx context.Context, list []Window) string {
	return joined(ctx, list, func(w Window) string { return i18n.T(ctx, "{0} 至 {1}", w.From, w.To) })
}
