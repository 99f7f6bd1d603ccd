package db

import (
	"strconv"
	"strings"
)

// Where gathers conditions joined by AND, and the arguments of a statement with them.
type Where struct {
	conds []string
	args  []any
}

// And adds a condition; each ? in it takes the next argument.
func (w *Where) And(cond string, args ...any) {
	var b strings.Builder
	for _, r := range cond {
		if r == '?' && len(args) > 0 {
			b.WriteString(w.Arg(args[0]))
			args = args[1:]
			continue
		}
		b.WriteRune(r)
	}
	w.conds = append(w.conds, b.String())
}

// In adds `expr IN (…)`; an empty list is never true.
func (w *Where) In(expr string, values []string) {
	if len(values) == 0 {
		w.And("1 = 0")
		return
	}
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = w.Arg(v)
	}
	w.conds = append(w.conds, expr+" IN ("+strings.Join(marks, ", ")+")")
}

// Arg adds an argument outside the conditions (a LIMIT, say) and gives its placeholder.
func (w *Where) Arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

// SQL is " WHERE a AND b", or "" without conditions.
func (w *Where) SQL() string {
	if len(w.conds) == 0 {
		return ""
	}
	return " WHERE " + w.Cond()
}

// Cond is "a AND b" in brackets each, or "1 = 1" without conditions.
func (w *Where) Cond() string {
	if len(w.conds) == 0 {
		return "1 = 1"
	}
	return "(" + strings.Join(w.conds, ") AND (") + ")"
}

// Args are the arguments in the order of their placeholders.
func (w *Where) Args() []any { return w.args }
