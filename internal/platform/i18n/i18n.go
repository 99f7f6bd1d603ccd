package i18n

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Lang is a language of the interface, as written in <html lang>.
type Lang string

// The two languages of the interface.
const (
	ZH Lang = "zh-CN"
	EN Lang = "en"
)

// Other is the language one can change to.
func (l Lang) Other() Lang {
	if l == EN {
		return ZH
	}
	return EN
}

// Parse reads a language as people and browsers write it ("en", "en-GB", "zh", "zh-Hans-CN").
func Parse(s string) (Lang, bool) {
	primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(s)), "-")
	switch primary {
	case "zh":
		return ZH, true
	case "en":
		return EN, true
	}
	return ZH, false
}

// Match picks the language from an Accept-Language header: the best weight wins, Chinese if none is known.
func Match(accept string) Lang {
	best, weight := ZH, 0.0
	for part := range strings.SplitSeq(accept, ",") {
		tag, params, _ := strings.Cut(part, ";")
		l, ok := Parse(tag)
		if !ok {
			continue
		}
		q := 1.0
		if v, found := strings.CutPrefix(strings.TrimSpace(params), "q="); found {
			f, err := strconv.ParseFloat(v, 64)
			if err != nil {
				continue
			}
			q = f
		}
		if q > weight {
			best, weight = l, q
		}
	}
	return best
}

type setting struct {
	lang    Lang
	catalog *Catalog
}

type settingKey struct{}

// With gives ctx a language and the catalogue T translates from (nil: every sentence stays Chinese).
func With(ctx context.Context, l Lang, c *Catalog) context.Context {
	return context.WithValue(ctx, settingKey{}, setting{lang: l, catalog: c})
}

// From tells the language of ctx; Chinese when none was set.
func From(ctx context.Context) Lang {
	if s, ok := ctx.Value(settingKey{}).(setting); ok {
		return s.lang
	}
	return ZH
}

// T translates the Chinese sentence zh into the language of ctx and fills in its arguments.
func T(ctx context.Context, zh string, args ...any) string {
	text := zh
	if s, ok := ctx.Value(settingKey{}).(setting); ok && s.lang == EN {
		if en, found := s.catalog.English(zh); found {
			text = en
		}
	}
	if len(args) == 0 {
		return text
	}
	return expand(text, spoken(ctx, args))
}

// spoken puts arguments that are names in both languages into the one of ctx.
func spoken(ctx context.Context, args []any) []any {
	for i, a := range args {
		if n, ok := a.(interface {
			In(ctx context.Context) string
		}); ok {
			args = slices.Clone(args)
			args[i] = n.In(ctx)
		}
	}
	return args
}

// Pick chooses between two stored names (columns name_zh and name_en); an empty one gives way to the other.
func Pick(ctx context.Context, zh, en string) string {
	if zh == "" || en != "" && From(ctx) == EN {
		return en
	}
	return zh
}

// expand replaces the places in braces; what is no place of an argument stays as it is written.
func expand(text string, args []any) string {
	var b strings.Builder
	b.Grow(len(text) + 16)
	for {
		before, rest, open := strings.Cut(text, "{")
		b.WriteString(before)
		if !open {
			return b.String()
		}
		place, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("{" + rest)
			return b.String()
		}
		text = after
		index, forms, plural := strings.Cut(place, "|")
		n, err := strconv.Atoi(index)
		switch {
		case err != nil || n < 0 || n >= len(args):
			b.WriteString("{" + place + "}")
		case plural:
			b.WriteString(pluralForm(forms, args[n]))
		default:
			b.WriteString(show(args[n]))
		}
	}
}

func pluralForm(forms string, arg any) string {
	one, many, _ := strings.Cut(forms, "|")
	if arg == "1" { // a notice keeps its arguments as text
		return one
	}
	if n, ok := whole(arg); ok && n == 1 {
		return one
	}
	return many
}

func show(arg any) string {
	switch v := arg.(type) {
	case string:
		return v
	case fmt.Stringer:
		return v.String()
	}
	if n, ok := whole(arg); ok {
		return Group(n)
	}
	return fmt.Sprint(arg)
}

func whole(arg any) (int64, bool) {
	switch v := arg.(type) {
	case int:
		return int64(v), true
	case int32:
		return int64(v), true
	case int64:
		return v, true
	}
	return 0, false
}

// Group writes a whole number with a comma every three digits: 12345 is 12,345.
func Group[N ~int | ~int32 | ~int64](n N) string {
	digits := strconv.FormatInt(int64(n), 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}
