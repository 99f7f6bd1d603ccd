package scheme

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
)

// String is the Chinese name, or the English one where there is no other.
func (n Name) String() string {
	if n.ZH == "" {
		return n.EN
	}
	return n.ZH
}

// In is the name in the language of ctx.
func (n Name) In(ctx context.Context) string { return i18n.Pick(ctx, n.ZH, n.EN) }

// KindName is a kind of resource in the reader's language.
func KindName(ctx context.Context, kind string) string {
	names := map[string]string{
		"instrument": "仪器设备", "facility": "科研设施", "base": "创新基地", "service": "科技服务", "literature": "科技文献", "standard": "标准",
		"dataset": "科学数据", "achievement": "科技成果", "expert": "专家", "professional": "专业人才", "investor": "投资机构",
	}
	if zh, ok := names[kind]; ok {
		return i18n.T(ctx, zh)
	}
	return kind
}

// CapacityName is what an organisation must be, in the reader's language.
func CapacityName(ctx context.Context, capacity string) string {
	switch capacity {
	case "enterprise":
		return i18n.T(ctx, "企业")
	case "team":
		return i18n.T(ctx, "创新创业团队")
	}
	return capacity
}

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
		{tr("抵扣多少"), t.ratioLines(ctx), t.Ratio.Clause},
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

// Cited is a clause in words: the document and the article; the article alone where there is one document only.
func (t Terms) Cited(ctx context.Context, c Clause) string {
	article := i18n.Pick(ctx, c.Article, c.ArticleEN)
	if len(t.Sources) == 1 && article != "" {
		return article
	}
	return strings.TrimSpace(t.Sources[c.Source].Title.In(ctx) + " " + article)
}

// ShareText is the ratio in a few words, for a card: "50%" or "50%–100%".
func (t Terms) ShareText() string {
	lo, hi := int64(10000), int64(0)
	for _, tier := range t.Ratio.Value {
		lo, hi = min(lo, tier.BasisPoints), max(hi, tier.BasisPoints)
	}
	if lo == hi {
		return Pointed(hi)
	}
	return fmt.Sprintf("%s–%s", Pointed(lo), Pointed(hi))
}

// SourceKeys are the terms' documents in a steady order.
func (t Terms) SourceKeys() []string { return slices.Sorted(maps.Keys(t.Sources)) }

// DocumentName is what a document is.
func (t Terms) DocumentName(ctx context.Context, code string) string {
	for _, it := range t.Documents {
		if it.Code == code {
			return it.Name.In(ctx)
		}
	}
	return ""
}
