package kinds

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/platform/money"
)

// Problem says why a text does not fit a field: a stable code and a Chinese sentence with arguments.
type Problem struct {
	Code string
	Text string
	Args []any
}

func problem(code, text string, args ...any) *Problem { return &Problem{code, text, args} }

// wanFen is how many fen are 10,000 yuan.
const wanFen = 1_000_000

// Parse reads text as people write it into the value kept; an empty text is nil. Codes of problems:
// too-long, too-many, not-a-date, not-a-number, not-an-amount, not-a-flag, not-a-choice, not-a-class,
// not-a-link, not-an-email, not-a-postcode, not-a-month.
func (f Field) Parse(text string) (any, *Problem) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	switch f.Type {
	case Date:
		return parseDate(text)
	case Month:
		return parseMonth(text)
	case Number:
		return f.parseNumber(text)
	case Wan:
		return parseWan(text)
	case Flag:
		return parseFlag(text)
	case One:
		return f.parseChoice(text)
	case Many, List:
		return f.parseList(text)
	case Class:
		return parseClass(text)
	case Link:
		return f.parseLink(text)
	case Mail:
		return f.parseMail(text)
	case Post:
		if len(text) != 6 || !digits(text) {
			return nil, problem("not-a-postcode", "“{0}”不是 6 位数字的邮政编码。", text)
		}
		return text, nil
	}
	if f.Type == Text {
		text = strings.Join(strings.Fields(text), " ")
	}
	return f.fit(text)
}

// limit is the number of characters a value may have.
func (f Field) limit() int {
	if f.Max > 0 {
		return f.Max
	}
	return 2000
}

// Limit is the number of characters one value may have, for forms and templates.
func (f Field) Limit() int { return f.limit() }

func (f Field) fit(text string) (any, *Problem) {
	if n := utf8.RuneCountInString(text); n > f.limit() {
		return nil, problem("too-long", "有 {0} 个字，最多 {1} 个字。", n, f.limit())
	}
	return text, nil
}

var dateShape = regexp.MustCompile(`^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\d.*)?$`) //i18n:data shapes of dates

// parseDate reads 2016-01-31, 2016/1/31, 2016年1月31日, 20160131, each with or without a time, and the day
// number a spreadsheet keeps when a date lost its format.
func parseDate(text string) (any, *Problem) {
	bad := problem("not-a-date", "“{0}”不是日期，请写成 2016-01-31 这样的格式。", text)
	var y, m, d string
	switch g := dateShape.FindStringSubmatch(text); {
	case g != nil:
		y, m, d = g[1], g[2], g[3]
	case len(text) == 8 && digits(text):
		y, m, d = text[:4], text[4:6], text[6:]
	case len(text) == 5 && digits(text):
		n, err := strconv.Atoi(text)
		if err != nil || n < 20_000 || n > 80_000 {
			return nil, bad
		}
		return time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), nil
	default:
		return nil, bad
	}
	t, err := time.Parse("2006-1-2", y+"-"+strings.TrimLeft(m, "0")+"-"+strings.TrimLeft(d, "0"))
	if err != nil || t.Year() < 1900 || t.Year() > 2100 {
		return nil, bad
	}
	return t.Format(time.DateOnly), nil
}

var monthShape = regexp.MustCompile(`^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?$`) //i18n:data shapes of months

// parseMonth reads 2016-01, 2016/1, 2016年1月, 201601 and every date.
func parseMonth(text string) (any, *Problem) {
	y, m := "", ""
	if g := monthShape.FindStringSubmatch(text); g != nil {
		y, m = g[1], g[2]
	} else if len(text) == 6 && digits(text) {
		y, m = text[:4], text[4:]
	} else if day, p := parseDate(text); p == nil {
		return fmt.Sprint(day)[:7], nil
	}
	t, err := time.Parse("2006-1", y+"-"+strings.TrimLeft(m, "0"))
	if err != nil || t.Year() < 1900 || t.Year() > 2100 {
		return nil, problem("not-a-month", "“{0}”不是年月，请写成 2016-01 这样的格式。", text)
	}
	return t.Format("2006-01"), nil
}

func (f Field) parseNumber(text string) (any, *Problem) {
	plain := strings.TrimSuffix(strings.TrimSuffix(strings.ReplaceAll(halfWidth(text), ",", ""), f.UnitZH), ".0")
	n, err := strconv.ParseInt(strings.TrimSpace(plain), 10, 64)
	if err != nil || n < 0 || f.Max > 0 && len(strconv.FormatInt(n, 10)) > f.Max {
		return nil, problem("not-a-number", "“{0}”不是合适的整数。", text)
	}
	return n, nil
}

// parseWan reads 万元; a third decimal is rounded half up, as the national platform does.
func parseWan(text string) (any, *Problem) {
	s := strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(halfWidth(text), "元"), "万")) //i18n:data units people type
	whole, frac, _ := strings.Cut(s, ".")
	up := money.Fen(0)
	if len(frac) > 2 {
		if !digits(frac) {
			return nil, problem("not-an-amount", "“{0}”不是金额（单位万元，例如 123.45）。", text)
		}
		if frac[2] >= '5' {
			up = 1
		}
		s = whole + "." + frac[:2]
	}
	n, err := money.Parse(s)
	if err != nil || n < 0 || n > 1e10 {
		return nil, problem("not-an-amount", "“{0}”不是金额（单位万元，例如 123.45）。", text)
	}
	return int64(n+up) * (wanFen / 100), nil
}

func parseFlag(text string) (any, *Problem) {
	switch strings.ToLower(text) {
	case "是", "有", "√", "y", "yes", "true", "t", "1", "on": //i18n:data spellings of yes
		return true, nil
	case "否", "无", "×", "n", "no", "false", "f", "0", "off": //i18n:data spellings of no
		return false, nil
	}
	return nil, problem("not-a-flag", "“{0}”不清楚，请填“是”或“否”。", text)
}

func (f Field) parseChoice(text string) (any, *Problem) {
	key := Fold(text)
	for _, c := range f.Choices {
		for _, s := range append([]string{c.Value, c.ZH, c.EN}, c.Also...) {
			if Fold(s) == key {
				return c.Value, nil
			}
		}
	}
	names := make([]string, 0, len(f.Choices))
	for _, c := range f.Choices {
		names = append(names, c.ZH)
	}
	return nil, problem("not-a-choice", "“{0}”不在可选范围内，请从这些中选择：{1}。", text, strings.Join(names, "、"))
}

func (f Field) parseList(text string) (any, *Problem) {
	items := f.Items
	if items == 0 {
		items = 20
	}
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，、;；\n", r) }) { //i18n:data separators
		part = strings.Join(strings.Fields(part), " ")
		if part == "" {
			continue
		}
		if f.Type == Many {
			v, p := f.parseChoice(part)
			if p != nil {
				return nil, p
			}
			part = fmt.Sprint(v)
		} else if _, p := f.fit(part); p != nil {
			return nil, p
		}
		out = append(out, part)
	}
	if len(out) > items {
		return nil, problem("too-many", "有 {0} 项，最多 {1} 项。", len(out), items)
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

func parseClass(text string) (any, *Problem) {
	code := strings.TrimSuffix(halfWidth(text), ".0")
	if digits(code) {
		if len(code)%2 == 1 {
			code = "0" + code // a spreadsheet took the leading zero
		}
		if len(code) == 4 {
			code += "00"
		}
		if _, ok := ClassOf(code); ok && len(code) == 6 {
			return code, nil
		}
	}
	return nil, problem("not-a-class", "“{0}”不是大型科学仪器分类编码（6 位数字，例如 010201）。", text)
}

func (f Field) parseLink(text string) (any, *Problem) {
	if !strings.Contains(text, "://") && strings.Contains(text, ".") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, problem("not-a-link", "“{0}”不是网址，请以 http:// 或 https:// 开头。", text)
	}
	return f.fit(u.String())
}

func (f Field) parseMail(text string) (any, *Problem) {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text {
		return nil, problem("not-an-email", "“{0}”不是电子邮箱地址。", text)
	}
	return f.fit(text)
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' { //i18n:data full-width range
			return r - 0xFEE0
		}
		return r
	}, s)
}

// Accept takes a value as JSON carries it and gives it as it is kept; the problems are Parse's, and
// wrong-type where the JSON type cannot be read at all.
func (f Field) Accept(v any) (any, *Problem) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case string:
		return f.Parse(x)
	case bool:
		if f.Type == Flag {
			return x, nil
		}
	case float64:
		return f.acceptWhole(int64(x), float64(int64(x)) == x && x >= 0 && x < 1<<52)
	case int64:
		return f.acceptWhole(x, x >= 0)
	case []string:
		return f.Parse(strings.Join(x, "\n"))
	case []any:
		parts := make([]string, len(x))
		for i, p := range x {
			parts[i] = fmt.Sprint(p)
		}
		return f.Parse(strings.Join(parts, "\n"))
	}
	return nil, problem("wrong-type", "这一项的数据类型不对。")
}

func (f Field) acceptWhole(n int64, ok bool) (any, *Problem) {
	switch {
	case ok && f.Type == Wan:
		return n, nil
	case ok:
		return f.Parse(strconv.FormatInt(n, 10))
	}
	return nil, problem("not-a-number", "“{0}”不是合适的整数。", fmt.Sprint(n))
}

// Show writes a kept value for people; english chooses the language of choices and flags.
func (f Field) Show(v any, english bool) string {
	switch x := normal(v).(type) {
	case string:
		if c, ok := f.Choice(x); ok && f.Type == One {
			return c.label(english)
		}
		return x
	case bool:
		switch {
		case x && english:
			return "Yes"
		case x:
			return "是" //i18n:data both languages are here
		case english:
			return "No"
		}
		return "否" //i18n:data both languages are here
	case int64:
		if f.Type == Wan {
			return money.Fen(x / (wanFen / 100)).Yuan()
		}
		return strconv.FormatInt(x, 10)
	case []string:
		out := make([]string, len(x))
		for i, s := range x {
			out[i] = s
			if c, ok := f.Choice(s); ok && f.Type == Many {
				out[i] = c.label(english)
			}
		}
		if english {
			return strings.Join(out, ", ")
		}
		return strings.Join(out, "、")
	}
	return ""
}

// Tell is Show with the unit, as a sentence has it: 360 万元 in Chinese, ¥3,600,000 in English, 45 working days.
func (f Field) Tell(v any, english bool) string {
	n, whole := normal(v).(int64)
	text, unit := f.Show(v, english), f.UnitZH
	switch {
	case f.Type == Wan && whole && english:
		return money.Fen(n).String()
	case f.Type == Wan && whole:
		text = strings.TrimPrefix(money.Fen(n/(wanFen/100)).String(), "¥")
	case english:
		unit = f.UnitEN
	}
	if unit == "" || text == "" {
		return text
	}
	return text + " " + unit
}

func (c Choice) label(english bool) string {
	if english && c.EN != "" {
		return c.EN
	}
	return c.ZH
}

// normal gives a value read back from JSON the type it was kept with.
func normal(v any) any {
	switch x := v.(type) {
	case float64:
		return int64(x)
	case []any:
		out := make([]string, len(x))
		for i, p := range x {
			out[i] = fmt.Sprint(p)
		}
		return out
	}
	return v
}

// Normal gives every value of a map read back from JSON the type it was kept with.
func Normal(fields map[string]any) map[string]any {
	for k, v := range fields {
		fields[k] = normal(v)
	}
	return fields
}
