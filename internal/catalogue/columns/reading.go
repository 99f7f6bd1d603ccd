package columns

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/money"
)

// Reading says how the cells of a column are written where that is not as the platform's own template has them.
type Reading struct {
	Yuan     bool   `json:"yuan,omitempty" doc:"Amounts are in yuan, not in 10,000 yuan"`
	Currency string `json:"currency,omitempty" doc:"Of a price, three letters; CNY where empty"`
	Comma    bool   `json:"comma,omitempty" doc:"1.234,50 means 1234.50"`
	Dates    string `json:"dates,omitempty" doc:"dmy or mdy where the year stands last"`

	Words map[string]string `json:"words,omitempty" doc:"What a cell says, to the choice it means (yes and no of a flag); to nothing where it means none"`
}

// The orders of a date whose year stands last.
const (
	DayFirst   = "dmy"
	MonthFirst = "mdy"
)

// Plain tells whether there is nothing to say.
func (r Reading) Plain() bool {
	return !r.Yuan && r.Currency == "" && !r.Comma && r.Dates == "" && len(r.Words) == 0
}

var yearLast = regexp.MustCompile(`^(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})(?:[ T].*)?$`)

// tenThousand is how many fen are 10,000 yuan.
const tenThousand = 1_000_000

// Text is a cell as a field reads it; what does not fit stays as it is, so that the field can say what is wrong.
func (r Reading) Text(f kinds.Field, text string) string {
	if text == "" || r.Plain() {
		return text
	}
	switch {
	case f.Type == kinds.Date || f.Type == kinds.Month:
		return r.date(text)
	case Chosen(f):
		if choice, ok := r.Words[text]; ok {
			return choice
		}
	case f.Type == kinds.Wan || f.Type == kinds.Number || isPrice(f.Name):
		return r.number(f, text)
	}
	return text
}

func (r Reading) date(text string) string {
	g := yearLast.FindStringSubmatch(text)
	if g == nil || r.Dates == "" {
		return text
	}
	day, month := g[1], g[2]
	if r.Dates == MonthFirst {
		day, month = month, day
	}
	return g[3] + "-" + month + "-" + day
}

// Chosen tells whether a field takes one of a few choices, so that the words of a list may need translating.
func Chosen(f kinds.Field) bool { return f.Type == kinds.One || f.Type == kinds.Flag }

// maxWords is how many different texts of a column may be translated.
const maxWords = 20

// Unread lists the different texts of a column that are none of its field's choices, the most frequent first.
func Unread(f kinds.Field, rows [][]string, column int) []string {
	if !Chosen(f) {
		return nil
	}
	n := map[string]int{}
	for _, text := range look(rows, column).texts {
		if _, problem := f.Parse(text); problem != nil {
			n[text]++
		}
	}
	out := slices.Collect(maps.Keys(n))
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
	return out[:min(len(out), maxWords)]
}

func (r Reading) number(f kinds.Field, text string) string {
	plain := text
	if r.Comma {
		plain = strings.NewReplacer(".", "", " ", "", "\u00a0", "", ",", ".").Replace(plain)
	}
	if r.Currency != "" {
		plain = strings.TrimSpace(strings.NewReplacer(r.Currency, "", strings.ToLower(r.Currency), "").Replace(plain))
	}
	if r.Currency == "" && !r.Yuan {
		return plain
	}
	fen, err := money.Parse(amount(plain))
	switch {
	case err != nil || fen < 0:
		return text
	case r.Yuan && f.Type == kinds.Wan:
		return fmt.Sprintf("%d.%06d", int64(fen)/tenThousand, int64(fen)%tenThousand)
	}
	return amount(plain)
}

// amount is a text without the signs of money round it.
func amount(text string) string {
	return strings.TrimSpace(strings.TrimSuffix(strings.Trim(strings.TrimSpace(text), "￥¥$€£ "), "元")) //i18n:data signs of money
}

// currencies are the signs and names by which headings and cells say what money it is.
func currencies() [][]string {
	return [][]string{
		{"USD", "usd", "us$", "美元"}, {"EUR", "eur", "€", "欧元"}, {"GBP", "gbp", "£", "英镑"}, {"AUD", "aud", "a$", "澳元"}, {"JPY", "jpy", "日元"}, {"HKD", "hkd", "hk$", "港币", "港元"}, //i18n:data names of currencies
		{"SGD", "sgd", "s$", "新加坡元"}, {"KRW", "krw", "韩元"}, {"TWD", "twd", "nt$", "新台币"}, {"CAD", "cad", "加元"}, {"CHF", "chf", "瑞士法郎"}, //i18n:data names of currencies
	}
}

// Currencies lists the currencies that can be chosen beside the yuan.
func Currencies() []string {
	var out []string
	for _, c := range currencies() {
		out = append(out, c[0])
	}
	return out
}

// currencyIn is the currency that a text names; "" when none.
func currencyIn(text string) string {
	words := cutWords(strings.NewReplacer("(", " ", ")", " ", "（", " ", "）", " ").Replace(text)) //i18n:data brackets
	for _, c := range currencies() {
		for _, sign := range c[1:] {
			if strings.Trim(sign, "abcdefghijklmnopqrstuvwxyz") == "" && slices.Contains(words, sign) || strings.Trim(sign, "abcdefghijklmnopqrstuvwxyz") != "" && strings.Contains(strings.ToLower(text), sign) {
				return c[0]
			}
		}
	}
	return ""
}

var (
	commaLast = regexp.MustCompile(`^[^\d]*\d{1,3}(?:\.\d{3})*,\d{1,2}[^\d]*$`)
	pointLast = regexp.MustCompile(`\.\d{1,2}[^\d]*$`)
)

// ReadingOf proposes how the cells of a column are written, for the field that somebody says it carries.
func ReadingOf(f kinds.Field, heading string, rows [][]string, column int) Reading {
	return look(rows, column).reading(f, heading)
}

// reading proposes how the cells of a column are written, for the field it carries.
func (v values) reading(f kinds.Field, heading string) Reading {
	var r Reading
	money := f.Type == kinds.Wan || isPrice(f.Name)
	if money || f.Type == kinds.Number {
		r.Comma = v.count(commaLast.MatchString) > 0 && v.count(pointLast.MatchString) == 0
	}
	if isPrice(f.Name) {
		if r.Currency = currencyIn(heading); r.Currency == "" && v.n > 0 {
			r.Currency = currencyIn(v.texts[0])
		}
	}
	if f.Type == kinds.Wan {
		inYuan := strings.Contains(heading, "元") && !strings.Contains(heading, "万") //i18n:data units in headings
		inWan := strings.Contains(heading, "万")                                     //i18n:data units in headings
		r.Yuan = inYuan || !inWan && v.middle() >= 10_000
	}
	if f.Type == kinds.Date || f.Type == kinds.Month {
		r.Dates = v.order()
	}
	return r
}

func (v values) count(is func(string) bool) int {
	n := 0
	for _, text := range v.texts {
		if is(text) {
			n++
		}
	}
	return n
}

// order tells by the numbers beyond twelve whether the day or the month stands first; day where nothing tells, as most of
// the world writes.
func (v values) order() string {
	seen, month := false, false
	for _, text := range v.texts {
		g := yearLast.FindStringSubmatch(text)
		if g == nil {
			continue
		}
		seen = true
		if n, err := strconv.Atoi(g[2]); err == nil && n > 12 {
			month = true
		}
	}
	switch {
	case month:
		return MonthFirst
	case seen:
		return DayFirst
	}
	return ""
}
