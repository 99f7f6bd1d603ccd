package facts

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/rule"
)

// The bounds of what is typed.
const (
	maxText  = 300
	maxLines = 100
)

// none is what a firm writes where a list or a name is known to be empty.
const (
	noneZH = "无" //i18n:data what a firm writes for: there is none
	noneEN = "none"
)

// Read turns what was typed for a key into the value that is kept; empty stays empty. The fault's sentence says how to mend it.
func (k Key) Read(typed string, secret []byte) (string, *fault.Error) {
	typed = strings.TrimSpace(strings.ReplaceAll(typed, "\r\n", "\n"))
	if typed == "" {
		return "", nil
	}
	if k.Type != rule.List && k.Type != typeHolders && utf8.RuneCountInString(typed) > maxText {
		return "", wrong("太长了，最多 {0} 个字。", maxText)
	}
	f := form.Of(map[string]string{"x": typed})
	switch k.Type {
	case rule.Number:
		return k.readNumber(typed)
	case rule.Money:
		n := f.Fen("x")
		if !f.OK() || n < 0 {
			return "", wrong("请填写金额，最多两位小数，例如 1,234.50。")
		}
		return strconv.FormatInt(int64(n), 10), nil
	case rule.Flag:
		switch strings.ToLower(typed) {
		case "yes", "是", "true", "1":
			return "yes", nil
		case "no", "否", "false", "0":
			return "no", nil
		}
		return "", wrong("请选择“是”或“否”。")
	case rule.Date:
		d := f.Date("x")
		if !f.OK() {
			return "", wrong("请填写日期，例如 2026-11-21。")
		}
		return d, nil
	case rule.List:
		return readLines(typed)
	case typeHolders:
		list, bad := ParseHolders(typed)
		if bad != nil {
			return "", bad
		}
		return formatHolders(list), nil
	case typeSecret:
		return readSecret(typed, secret)
	}
	if k.pattern != nil && !k.pattern.MatchString(typed) && !isNone(typed) {
		return "", wrong("写法不对，请照提示填写。")
	}
	return typed, nil
}

func wrong(text string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, "fact-invalid", text, args...)
}

func isNone(s string) bool { return s == noneZH || strings.EqualFold(s, noneEN) }

func (k Key) readNumber(typed string) (string, *fault.Error) {
	plain := strings.ReplaceAll(typed, ",", "")
	n, err := strconv.ParseFloat(plain, 64)
	if err != nil || n < 0 || n > 1e12 || strings.ContainsAny(plain, "xXpPeEiInN_") {
		return "", wrong("请填写数字，例如 120。")
	}
	if k.Whole && n != float64(int64(n)) {
		return "", wrong("请填写整数，例如 12。")
	}
	return strconv.FormatFloat(n, 'f', -1, 64), nil
}

func readLines(typed string) (string, *fault.Error) {
	var out []string
	for line := range strings.Lines(typed) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if utf8.RuneCountInString(line) > maxText || len(out) == maxLines {
			return "", wrong("最多 {0} 行，每行最多 {1} 个字。", maxLines, maxText)
		}
		out = append(out, line)
	}
	if len(out) == 1 && isNone(out[0]) {
		return noneZH, nil
	}
	return strings.Join(out, "\n"), nil
}

// readSecret keeps a keyed digest of an identity number and nothing else.
func readSecret(typed string, secret []byte) (string, *fault.Error) {
	plain := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(typed))
	if len(plain) < 6 || len(plain) > 30 || strings.ContainsFunc(plain, func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') }) {
		return "", wrong("请填写证件号码：6 到 30 位数字和字母。")
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(plain))
	return hex.EncodeToString(mac.Sum(nil)), nil
}

// lines is a list's value as its items; "none" is the empty list.
func lines(value string) []string {
	out := []string{}
	for line := range strings.Lines(value) {
		if line = strings.TrimSpace(line); line != "" && !isNone(line) {
			out = append(out, line)
		}
	}
	return out
}

// Known is the value as conditions see it; nil for none.
func (k Key) Known(value string) any {
	if value == "" {
		return nil
	}
	switch k.Type {
	case rule.Number:
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			return n
		}
		return nil
	case rule.Money:
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return money.Fen(n)
		}
		return nil
	case rule.Flag:
		return value == "yes"
	case rule.List:
		return lines(value)
	case typeHolders:
		out := []string{}
		for _, h := range readHolders(value) {
			out = append(out, h.Name)
			if h.Code != "" {
				out = append(out, h.Code)
			}
		}
		return out
	case typeSecret:
		return nil
	}
	return value
}

// Typed is the value as a person would type it again.
func (k Key) Typed(value string) string {
	switch {
	case value == "" || k.Type == typeSecret:
		return ""
	case k.Type == rule.Money:
		n, _ := strconv.ParseInt(value, 10, 64)
		return strings.TrimSuffix(money.Fen(n).Yuan(), ".00")
	case k.Type == typeHolders:
		return typedHolders(readHolders(value))
	}
	return value
}

// grouped is Typed with the digits of an amount in threes, as a form shows it.
func (k Key) grouped(value string) string {
	if k.Type != rule.Money || value == "" {
		return k.Typed(value)
	}
	n, _ := strconv.ParseInt(value, 10, 64)
	return strings.TrimPrefix(money.Fen(n).String(), "¥")
}

// Say is the value as it is shown; masked where it belongs to a natural person and the reader is not of the firm.
func (k Key) Say(ctx context.Context, value string, masked bool) string {
	if value == "" {
		return "—"
	}
	if masked && k.Personal {
		return k.mask(ctx, value)
	}
	switch k.Type {
	case rule.Money:
		n, _ := strconv.ParseInt(value, 10, 64)
		return money.Fen(n).String()
	case rule.Flag:
		if value == "yes" {
			return i18n.T(ctx, "是")
		}
		return i18n.T(ctx, "否")
	case rule.Number:
		if unit := k.Unit.In(ctx); unit != "" {
			return value + " " + unit
		}
		return value
	case rule.List:
		return strings.Join(lineOr(value, i18n.T(ctx, "无")), i18n.T(ctx, "、"))
	case typeHolders:
		return sayHolders(ctx, readHolders(value))
	case typeSecret:
		return i18n.T(ctx, "已提供（只存摘要）")
	}
	if isNone(value) {
		return i18n.T(ctx, "无")
	}
	return value
}

func lineOr(value, empty string) []string {
	if l := lines(value); len(l) > 0 {
		return l
	}
	return []string{empty}
}

// mask leaves of a personal value what tells people of a list apart, and no more.
func (k Key) mask(ctx context.Context, value string) string {
	switch k.Type {
	case typeSecret:
		return i18n.T(ctx, "已提供（只存摘要）")
	case typeHolders:
		return i18n.T(ctx, "{0} 位股东", len(readHolders(value)))
	}
	r := []rune(value)
	switch {
	case len(r) >= 7 && strings.ContainsAny(value, "0123456789"):
		return string(r[:3]) + "****" + string(r[len(r)-2:])
	}
	return starred(value)
}

// starred leaves the first character of a name.
func starred(name string) string {
	r := []rune(name)
	if len(r) < 2 {
		return "*"
	}
	return string(r[:1]) + strings.Repeat("*", len(r)-1)
}
