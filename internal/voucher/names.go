package voucher

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
)

var t = i18n.T

// String is the Chinese name, or the English one where there is no other.
func (n Name) String() string {
	if n.ZH == "" {
		return n.EN
	}
	return n.ZH
}

// In is the name in the language of ctx.
func (n Name) In(ctx context.Context) string { return i18n.Pick(ctx, n.ZH, n.EN) }

// kindName is a kind of resource in the reader's language.
func kindName(ctx context.Context, kind string) string {
	names := map[string]string{
		"instrument": "仪器设备", "facility": "科研设施", "base": "创新基地", "service": "科技服务", "literature": "科技文献", "standard": "标准",
		"dataset": "科学数据", "achievement": "科技成果", "expert": "专家", "professional": "专业人才", "investor": "投资机构",
	}
	if zh, ok := names[kind]; ok {
		return t(ctx, zh)
	}
	return kind
}

// capacityName is what an organisation must be, in the reader's language.
func capacityName(ctx context.Context, capacity string) string {
	switch capacity {
	case "enterprise":
		return t(ctx, "企业")
	case "team":
		return t(ctx, "创新创业团队")
	}
	return capacity
}

// ApplicationChip is the state of an application with its tone.
func ApplicationChip(ctx context.Context, state string) ui.Chip {
	switch state {
	case Submitted:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待审核")}
	case Approved:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已发放")}
	case Declined:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "未批准")}
	}
	return ui.Chip{Text: state}
}

// ClaimChip is the state of a redemption with its tone.
func ClaimChip(ctx context.Context, state string) ui.Chip {
	chips := map[string]ui.Chip{
		"submitted": {Tone: ui.Warn, Text: "待核验"}, "verified": {Tone: ui.Warn, Text: "待批准"}, "approved": {Tone: ui.Run, Text: "待公示"},
		"published": {Tone: ui.Run, Text: "公示中"}, "paid": {Tone: ui.OK, Text: "已支付"}, "refused": {Tone: ui.Bad, Text: "不予兑付"}, "recovered": {Tone: ui.Bad, Text: "已追回"},
	}
	chip, ok := chips[state]
	if !ok {
		return ui.Chip{Text: state}
	}
	chip.Text = t(ctx, chip.Text)
	return chip
}

// verbName is what is done, as a button says it.
func verbName(ctx context.Context, verb string) string {
	names := map[string]string{
		"submit": "提交", "verify": "核验通过", "approve": "批准", "publish-notice": "发布公示", "pay": "确认支付", "refuse": "不予通过", "recover": "追回款项",
	}
	if zh, ok := names[verb]; ok {
		return t(ctx, zh)
	}
	return verb
}

// doneName is what was done, as a timeline says it.
func doneName(ctx context.Context, verb string) string {
	names := map[string]string{
		"submit": "提交了申请", "verify": "已核验", "approve": "已批准", "publish-notice": "发布了公示", "pay": "已支付", "refuse": "未批准", "recover": "已追回",
	}
	if zh, ok := names[verb]; ok {
		return t(ctx, zh)
	}
	return verb
}

// movementName is a line of a statement in words.
func movementName(ctx context.Context, kind string) string {
	names := map[string]string{
		kindGrant: "发放", kindHold: "订单占用", kindRelease: "占用退回", kindUse: "订单使用", kindExpire: "到期失效",
	}
	if zh, ok := names[kind]; ok {
		return t(ctx, zh)
	}
	return kind
}

// signed writes a change with its sign: +¥100, −¥100.
func signed(f money.Fen) string {
	if f > 0 {
		return "+" + f.String()
	}
	return f.String()
}

// Rule is one point of a programme's terms in plain words, with where it is written.
type Rule struct {
	Label  string
	Lines  []string
	Clause Clause
}

// regionNamer tells what a region is called.
type regionNamer func(code string) string

// rules are the terms in plain words, each with its clause.
func (t Terms) rules(ctx context.Context, region regionNamer, lists map[string]Name) []Rule {
	tr := func(zh string, args ...any) string { return i18n.T(ctx, zh, args...) }
	out := []Rule{
		{tr("谁可以申请"), []string{tr("{0}的{1}，身份已经核验", joined(ctx, t.Firms.Value, region), joined(ctx, t.Capacities.Value, func(c string) string { return capacityName(ctx, c) }))}, t.Firms.Clause},
		{tr("买什么"), []string{joined(ctx, t.Kinds.Value, func(k string) string { return kindName(ctx, k) })}, t.Kinds.Clause},
		{tr("向谁购买"), []string{tr("{0}的服务机构", joined(ctx, t.Providers.Value, region))}, t.Providers.Clause},
		{tr("抵扣多少"), t.ratioLines(ctx), t.Ratio.Clause},
	}
	if r := t.Rosters; r != nil {
		name := func(code string) string { return listName(lists, code).In(ctx) }
		var lines []string
		if len(r.Any) > 0 {
			lines = append(lines, tr("须在名单上：{0}", joined(ctx, r.Any, name)))
		}
		if len(r.None) > 0 {
			lines = append(lines, tr("不得在名单上：{0}", joined(ctx, r.None, name)))
		}
		out = slices.Insert(out, 1, Rule{tr("资格名单"), lines, r.Clause})
	}
	if t.Unrelated != nil {
		out = append(out, Rule{tr("关联关系"), []string{tr("企业与服务机构之间不能有隶属、共建、产权或投资关系")}, *t.Unrelated})
	}
	for _, c := range []struct {
		most  *Sourced[money.Fen]
		label string
		text  string
	}{
		{t.Caps.Application, "每次申请", "每次申请最多 {0}"}, {t.Caps.Claim, "每单上限", "每单最多抵扣 {0}"},
		{t.Caps.Year, "每年上限", "每家企业每个自然年最多 {0}"}, {t.Caps.Holding, "持有上限", "同时持有的未用额度最多 {0}"},
	} {
		if c.most != nil {
			out = append(out, Rule{tr(c.label), []string{tr(c.text, c.most.Value)}, c.most.Clause})
		}
	}
	validity := tr("发放后 {0} 个月内有效，到期未用的自动收回", t.Validity.Value.Months)
	if t.Validity.Value.EndOfYear {
		validity = tr("到发放当年的 12 月 31 日有效，到期未用的自动收回")
	}
	notice := tr("批准后公示 {0} 天（自然日，不含公示当天），无异议后支付", t.Notice.Value)
	if t.Notice.Value == 0 {
		notice = tr("批准后公示，当天即可支付")
	}
	return append(out, Rule{tr("有效期限"), []string{validity}, t.Validity.Clause}, Rule{tr("公示"), []string{notice}, t.Notice.Clause},
		Rule{tr("预算"), []string{tr("{0}，先到先得，发完为止", t.Budget.Value)}, t.Budget.Clause})
}

func (t Terms) ratioLines(ctx context.Context) []string {
	var out []string
	var below money.Fen
	for _, tier := range t.Ratio.Value {
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

// joined lists words in the reader's language.
func joined(ctx context.Context, words []string, name func(string) string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = name(w)
	}
	if i18n.From(ctx) == i18n.EN {
		return strings.Join(out, ", ")
	}
	return strings.Join(out, "、")
}

// cited is a clause in words: the document and the article; the article alone where there is one document only.
func (t Terms) cited(ctx context.Context, c Clause) string {
	article := i18n.Pick(ctx, c.Article, c.ArticleEN)
	if len(t.Sources) == 1 && article != "" {
		return article
	}
	return strings.TrimSpace(t.Sources[c.Source].Title.In(ctx) + " " + article)
}

// shareText is the ratio in a few words, for a card: "50%" or "50%–100%".
func (t Terms) shareText() string {
	lo, hi := int64(10000), int64(0)
	for _, tier := range t.Ratio.Value {
		lo, hi = min(lo, tier.BasisPoints), max(hi, tier.BasisPoints)
	}
	if lo == hi {
		return Pointed(hi)
	}
	return fmt.Sprintf("%s–%s", Pointed(lo), Pointed(hi))
}
