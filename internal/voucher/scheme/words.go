package scheme

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"qiao/internal/platform/i18n"
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

// joined lists words in the reader's language.
func joined[T any](ctx context.Context, words []T, name func(T) string) string {
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

// Measured writes thousandths as people do: 7500 is "7.5".
func Measured(thousandths int64) string {
	s := fmt.Sprintf("%d.%03d", thousandths/1000, thousandths%1000)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
