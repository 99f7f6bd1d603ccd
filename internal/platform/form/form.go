package form

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// Form is what was typed, and what is wrong with it.
type Form struct {
	Errors []fault.Field // in the order they were found; one field may have several
	Fault  *fault.Error  // what is wrong with the whole, nil if nothing is

	values  map[string][]string
	files   map[string][]*File
	largest int64 // bytes of a file
}

// Of makes a form for its first showing, filled with values.
func Of(values map[string]string) *Form {
	f := &Form{values: map[string][]string{}}
	for name, v := range values {
		f.values[name] = []string{v}
	}
	return f
}

// Value is the field as it was typed, for showing it again; a nil form is empty.
func (f *Form) Value(name string) string {
	if f == nil || len(f.values[name]) == 0 {
		return ""
	}
	return f.values[name][0]
}

// Set replaces the values of a field; with none it removes the field.
func (f *Form) Set(name string, values ...string) {
	if len(values) == 0 {
		delete(f.values, name)
		return
	}
	f.values[name] = values
}

// Copy is a form with the same texts and nothing wrong, for reading it without telling of mistakes.
func (f *Form) Copy() *Form {
	out := Of(nil)
	for name, values := range f.values {
		out.values[name] = slices.Clone(values)
	}
	return out
}

// Has tells whether value is among the values of a field (a ticked box, a chosen option).
func (f *Form) Has(name, value string) bool {
	return f != nil && slices.Contains(f.values[name], value)
}

// Text is the field without space around it and with line ends as \n.
func (f *Form) Text(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(f.Value(name), "\r\n", "\n"))
}

// All lists every value of a field, without empty ones.
func (f *Form) All(name string) []string {
	var out []string
	for _, v := range f.values[name] {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// Names lists the fields whose names begin with prefix, sorted.
func (f *Form) Names(prefix string) []string {
	var out []string
	for name := range f.values {
		if strings.HasPrefix(name, prefix) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Bool tells whether a box is ticked ("on", "1", "true" or "yes").
func (f *Form) Bool(name string) bool {
	return slices.Contains([]string{"on", "1", "true", "yes"}, strings.ToLower(f.Text(name)))
}

// Int reads a whole number, with or without grouping and in full-width digits too; 0 when empty or wrong.
func (f *Form) Int(name string) int64 {
	text := plain(f.Text(name))
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(text, ",", ""), 10, 64)
	if err != nil {
		f.Add(name, "integer", "请填写整数，例如 12。")
		return 0
	}
	return n
}

// Fen reads yuan as people type them ("1,234.5", "¥1234") into fen; 0 when empty or wrong.
func (f *Form) Fen(name string) money.Fen {
	text := f.Text(name)
	if text == "" {
		return 0
	}
	amount, err := money.Parse(text)
	if err != nil {
		f.Add(name, "amount", "请填写金额，最多两位小数，例如 1,234.50。")
		return 0
	}
	return amount
}

// Date reads a civil date as YYYY-MM-DD; 2026/11/21, 2026.11.21, 20261121 and 2026年11月21日 are read too. Empty when empty or wrong.
func (f *Form) Date(name string) string {
	text := plain(f.Text(name))
	if text == "" {
		return ""
	}
	for _, layout := range []string{clock.DateLayout, "2006-1-2", "2006/1/2", "2006.1.2", "20060102", "2006年1月2日"} { //i18n:data how people write a date
		if day, err := time.Parse(layout, text); err == nil {
			return day.Format(clock.DateLayout)
		}
	}
	f.Add(name, "date", "请填写日期，例如 2026-11-21。")
	return ""
}

// Time reads a date and a time of the region's wall clock as an instant; the zero time when empty or wrong.
func (f *Form) Time(name string) time.Time {
	text := plain(f.Text(name))
	if text == "" {
		return time.Time{}
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-1-2 15:04", "2006/1/2 15:04"} {
		if at, err := time.ParseInLocation(layout, text, clock.Zone()); err == nil {
			return at.UTC()
		}
	}
	f.Add(name, "time", "请填写日期和时间，例如 2026-11-21 09:30。")
	return time.Time{}
}

// File is the file chosen for a field, or nil when none was chosen or it could not be kept (an error says why).
func (f *Form) File(name string) *File {
	if len(f.files[name]) == 0 {
		return nil
	}
	return f.files[name][0]
}

// Files lists all files chosen for a field.
func (f *Form) Files(name string) []*File { return f.files[name] }

// Need records an error for each of the fields that holds neither text nor a file.
func (f *Form) Need(names ...string) {
	for _, name := range names {
		if len(f.All(name)) == 0 && f.File(name) == nil && f.ErrorOf(name) == nil {
			f.Add(name, "required", "请填写这一项。")
		}
	}
}

// Add records what is wrong with a field: a stable code and a Chinese sentence with its arguments.
func (f *Form) Add(name, code, text string, args ...any) {
	f.Errors = append(f.Errors, fault.Field{Name: name, Code: code, Text: text, Args: args})
}

// ErrorOf is the first error of a field, or nil; a nil form has none.
func (f *Form) ErrorOf(name string) *fault.Field {
	if f == nil {
		return nil
	}
	for i := range f.Errors {
		if f.Errors[i].Name == name {
			return &f.Errors[i]
		}
	}
	return nil
}

// Fail takes over a fault that the person can mend here (wrong, too large, in conflict, not for them) with its fields,
// and says so; any other error it leaves alone and answers false, and the handler returns it.
func (f *Form) Fail(err error) bool {
	e := fault.Of(err)
	if e == nil {
		return false
	}
	switch e.Kind {
	case fault.BadRequest, fault.Invalid, fault.Conflict, fault.Precondition, fault.TooLarge, fault.Unsupported:
		f.Fault = e
		f.Errors = append(f.Errors, e.Fields...)
		return true
	}
	return false
}

// OK tells whether nothing is wrong so far.
func (f *Form) OK() bool { return f == nil || len(f.Errors) == 0 && f.Fault == nil }

// Status is the HTTP status of a page that shows this form.
func (f *Form) Status() int {
	switch {
	case f.OK():
		return http.StatusOK
	case f.Fault != nil:
		return int(f.Fault.Kind)
	}
	return http.StatusUnprocessableEntity
}

// plain turns full-width digits and punctuation into their common forms.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - 0xFEE0
		case r == '　':
			return ' '
		case r == '−':
			return '-'
		}
		return r
	}, s)
}
