package ui

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"qiao/internal/platform/form"
)

// FormOf is a form that posts.
type FormOf struct {
	Action    string
	ID        string
	Multipart bool // carries files
	Inline    bool // fields in one row
}

// Input describes a field; its value and its error come from the form.Form by Name. All words are in the reader's
// language already.
type Input struct {
	Name         string
	Label        string
	Hint         string // how to fill it in, shown before one does
	Type         string // text (default), email, password, tel, url, number, date, time, datetime-local, search
	Required     bool
	Placeholder  string
	Autocomplete string
	Prefix       string // "¥"
	Suffix       string // unit: "小时"
	Inputmode    string // numeric, decimal
	Min          string
	Max          string
	Step         string
	Rows         int    // of a Textarea, 5 if 0
	Accept       string // of a FileField: ".xlsx,.csv"
	Multiple     bool
	ID           string // "f-" + Name if empty; needed when two forms of a page share a name
	Short        bool   // narrow field: a date, a number
	Autofocus    bool
	Unlabelled   bool // a table's head says it already: the label is for screen readers only
}

// Option is one choice of a Select, Radios or Checks.
type Option struct {
	Value string
	Label string
	Note  string // second line (Radios, Checks)
	Group string // heading in a Select; options of one group stand together
}

func (in Input) id() string {
	if in.ID != "" {
		return in.ID
	}
	return "f-" + in.Name
}

// described lists the ids of the hint and the error of a field.
func (in Input) described(f *form.Form) string {
	var ids []string
	if in.Hint != "" {
		ids = append(ids, in.id()+"-hint")
	}
	if f.ErrorOf(in.Name) != nil {
		ids = append(ids, in.id()+"-error")
	}
	return strings.Join(ids, " ")
}

func (in Input) kind() string {
	if in.Type == "" {
		return "text"
	}
	return in.Type
}

func (in Input) rows() int {
	if in.Rows == 0 {
		return 5
	}
	return in.Rows
}

func fieldError(ctx context.Context, f *form.Form, name string) string {
	e := f.ErrorOf(name)
	if e == nil {
		return ""
	}
	return t(ctx, e.Text, e.Args...)
}

// optionGroups splits options into runs of the same group.
func optionGroups(options []Option) [][]Option {
	var out [][]Option
	for i, o := range options {
		if i == 0 || o.Group != options[i-1].Group {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], o)
	}
	return out
}

// inputAttributes are the attributes a field has only when they are set.
func inputAttributes(f *form.Form, in Input) templ.OrderedAttributes {
	var out templ.OrderedAttributes
	add := func(name string, value any) {
		out = append(out, templ.KeyValue[string, any]{Key: name, Value: value})
	}
	for _, a := range [][2]string{
		{"placeholder", in.Placeholder}, {"autocomplete", in.Autocomplete}, {"inputmode", in.Inputmode},
		{"min", in.Min}, {"max", in.Max}, {"step", in.Step}, {"accept", in.Accept}, {"aria-describedby", in.described(f)},
	} {
		if a[1] != "" {
			add(a[0], a[1])
		}
	}
	if in.Required { // told, not enforced: the server answers with sentences that help, a filter may stay empty
		if in.Type == "file" || in.Type == "checkbox" {
			add("required", true)
		} else {
			add("aria-required", "true")
		}
	}
	if in.Autofocus {
		add("autofocus", true)
	}
	if f.ErrorOf(in.Name) != nil {
		add("aria-invalid", "true")
	}
	return out
}

func fileAttributes(f *form.Form, in Input) templ.OrderedAttributes {
	in.Type = "file"
	return inputAttributes(f, in)
}

// VerbForm is the form of one verb among several on a page; Sent marks the one that came back with mistakes.
type VerbForm struct {
	Verb string
	Form *form.Form
	Sent bool
}

// VerbFormOf is the form of a verb: f as it came back where it was the verb that was sent, else one that shows first.
func VerbFormOf(verb, sent string, f *form.Form, first map[string]string) VerbForm {
	if verb == sent {
		return VerbForm{Verb: verb, Form: f, Sent: true}
	}
	return VerbForm{Verb: verb, Form: form.Of(first)}
}

// Field is the id of a field of this form, unlike those of the forms beside it.
func (v VerbForm) Field(name string) string {
	if v.Sent {
		return "f-" + name // where the summary of errors points
	}
	return "f-" + v.Verb + "-" + name
}
