package record

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/platform/textindex/fold"
)

// Code is one value of a list of the national format.
type Code struct {
	Value string   `json:"value"`
	ZH    string   `json:"zh"` // as it is written in files
	EN    string   `json:"en"`
	Also  []string `json:"also"` // other spellings seen in lists
}

// Column is one field of the national format.
type Column struct {
	Key      string `json:"key"`     // in the platform's interface
	Heading  string `json:"heading"` // of a spreadsheet
	Max      int    `json:"max"`     // characters
	Required bool   `json:"required"`
}

// Format is the national format of service records as it holds from a day on.
type Format struct {
	From        string   `json:"valid_from"`
	Source      string   `json:"source"`
	Type        int      `json:"type"` // instruType of the interface
	Fields      []Column `json:"fields"`
	Effect      []Column `json:"effect"` // of the yearly effect, instruType 7
	MostIncomes int      `json:"most_incomes"`
	MostAreas   int      `json:"most_areas"`
	MostWays    int      `json:"most_ways"`
	None        string   `json:"none"`         // what stands for "there is none"
	AuditStatus string   `json:"audit_status"` // not submitted: it may be sent again
	Ways        []Code   `json:"ways"`
	Incomes     []Code   `json:"incomes"`
	Opinions    []Code   `json:"opinions"`
}

// Terms are the rules of spot checks from a day on.
type Terms struct {
	From   string `json:"valid_from"`
	Source string `json:"source"`
	Days   int    `json:"answer_days"`
	Most   int    `json:"most"` // records in one check
}

// national is what ships: every version of the format and of the terms, the oldest first.
type national struct {
	Formats []Format `json:"formats"`
	Checks  []Terms  `json:"checks"`
}

func readNational() (national, error) {
	var n national
	if err := json.Unmarshal(nationalJSON, &n); err != nil {
		return n, fmt.Errorf("read the national format: %w", err)
	}
	if len(n.Formats) == 0 || len(n.Checks) == 0 {
		return n, fmt.Errorf("the national format has no version")
	}
	slices.SortFunc(n.Formats, func(a, b Format) int { return strings.Compare(a.From, b.From) })
	slices.SortFunc(n.Checks, func(a, b Terms) int { return strings.Compare(a.From, b.From) })
	return n, nil
}

// on is the format that holds on a day; the first for days before it.
func (n national) on(day string) Format {
	out := n.Formats[0]
	for _, f := range n.Formats {
		if f.From <= day {
			out = f
		}
	}
	return out
}

// limit is the most characters of a field; 0 where the format has no such field.
func (f Format) limit(key string) int {
	for _, c := range f.Fields {
		if c.Key == key {
			return c.Max
		}
	}
	return 0
}

// codeOf finds the value that a text names: by value, by name, or by another spelling.
func codeOf(list []Code, text string) (Code, bool) {
	key := fold.Text(strings.TrimSpace(text))
	for _, c := range list {
		if fold.Text(c.Value) == key || fold.Text(c.ZH) == key || fold.Text(c.EN) == key {
			return c, true
		}
	}
	for _, c := range list {
		for _, a := range c.Also {
			if fold.Text(a) == key {
				return c, true
			}
		}
	}
	for _, c := range list { // "B 国家自然科学基金", "B、国家自然科学基金"
		if len(c.Value) == 1 && strings.HasPrefix(key, fold.Text(c.Value)) && strings.Trim(strings.TrimPrefix(key, fold.Text(c.Value)), " 、.．:：-") == fold.Text(c.ZH) { //i18n:data marks after a code
			return c, true
		}
	}
	return Code{}, false
}

// readCodes reads a list of names or codes; what is not known comes back.
func readCodes(list []Code, text string) (values []string, unknown string) {
	if c, ok := codeOf(list, text); ok { // a name may have a separator in itself
		return []string{c.Value}, ""
	}
	for _, part := range parts(text) {
		c, ok := codeOf(list, part)
		if !ok {
			return values, part
		}
		if !slices.Contains(values, c.Value) {
			values = append(values, c.Value)
		}
	}
	return values, ""
}

// parts cuts a cell with several values.
func parts(text string) []string {
	var out []string
	for _, p := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，;；、/|\n", r) }) { //i18n:data separators
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// names writes codes as the national format has them.
func names(list []Code, values []string) string {
	out := make([]string, 0, len(values))
	for _, v := range values {
		for _, c := range list {
			if c.Value == v {
				out = append(out, c.ZH)
			}
		}
	}
	return strings.Join(out, ",")
}
