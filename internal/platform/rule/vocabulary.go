package rule

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/money"
)

// Type is the type of a fact.
type Type string

// The types of facts, and what a value of each is in Go.
const (
	Number Type = "number" // float64, int or int64
	Money  Type = "money"  // money.Fen; a number of fen in expressions
	Flag   Type = "flag"   // bool
	Date   Type = "date"   // string, a civil day
	Text   Type = "text"   // string
	List   Type = "list"   // []string
)

// Valid tells whether the type is one of the types of facts.
func (t Type) Valid() bool {
	return slices.Contains([]Type{Number, Money, Flag, Date, Text, List}, t)
}

// Values are the facts that are known, by name.
type Values map[string]any

// Today is the fact that every expression may look at: the day for which it is asked.
const Today = "today"

// The bounds of an expression: a person writes it and a person must be able to read it.
const (
	maxExpression = 2000 // characters
	maxNodes      = 500  // after macros are expanded
)

// Vocabulary are the facts that expressions may name, with their types. It may be used by many at a time.
type Vocabulary struct {
	types map[string]Type
	env   *cel.Env
}

// factName is how a fact may be called; the words of the language are left out.
var factName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,60}$`)

// NewVocabulary declares facts.
func NewVocabulary(facts map[string]Type) (*Vocabulary, error) {
	v := &Vocabulary{types: map[string]Type{Today: Date}}
	options := append(functions(), cel.Variable(Today, cel.TimestampType), cel.CrossTypeNumericComparisons(true),
		cel.ParserExpressionSizeLimit(maxExpression), cel.ExpressionNodeLimit(maxNodes))
	for name, t := range facts {
		if !factName.MatchString(name) || name == Today {
			return nil, fmt.Errorf("%q cannot be the name of a fact", name)
		}
		c, ok := map[Type]*cel.Type{Number: cel.DoubleType, Money: cel.DoubleType, Flag: cel.BoolType, Date: cel.TimestampType, Text: cel.StringType, List: cel.ListType(cel.StringType)}[t]
		if !ok {
			return nil, fmt.Errorf("fact %s: there is no type %q", name, t)
		}
		v.types[name] = t
		options = append(options, cel.Variable(name, c))
	}
	var err error
	if v.env, err = cel.NewEnv(options...); err != nil {
		return nil, fmt.Errorf("declare facts: %w", err)
	}
	return v, nil
}

// Knows tells whether the vocabulary has the fact, and its type.
func (v *Vocabulary) Knows(fact string) (Type, bool) {
	t, ok := v.types[fact]
	return t, ok
}

// value is a fact as expressions see it; false when it is not of its type, which is as if it were not known.
func (v *Vocabulary) value(fact string, x any) (ref.Val, bool) {
	switch v.types[fact] {
	case Number, Money:
		n, ok := number(x)
		return types.Double(n), ok && !math.IsNaN(n) && !math.IsInf(n, 0)
	case Flag:
		b, ok := x.(bool)
		return types.Bool(b), ok
	case Date:
		s, _ := x.(string)
		d, err := time.Parse(clock.DateLayout, s)
		return types.Timestamp{Time: d}, err == nil
	case Text:
		s, ok := x.(string)
		return types.String(s), ok
	case List:
		l, ok := x.([]string)
		return types.NewStringList(types.DefaultTypeAdapter, l), ok
	}
	return nil, false
}

func number(x any) (float64, bool) {
	switch n := x.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case money.Fen:
		return float64(n), true
	}
	return 0, false
}

// functions are what expressions can compute beyond CEL's own operators.
func functions() []cel.EnvOption {
	one := func(name string, from, to *cel.Type, do func(ref.Val) ref.Val) cel.EnvOption {
		return cel.Function(name, cel.Overload("qiao_"+name, []*cel.Type{from}, to, cel.UnaryBinding(do)))
	}
	between := func(name string, do func(from, to time.Time) float64) cel.EnvOption {
		return cel.Function(name, cel.Overload("qiao_"+name, []*cel.Type{cel.TimestampType, cel.TimestampType}, cel.DoubleType, cel.BinaryBinding(func(a, b ref.Val) ref.Val {
			from, okA := a.(types.Timestamp)
			to, okB := b.(types.Timestamp)
			if !okA || !okB {
				return types.MaybeNoSuchOverloadErr(a)
			}
			return types.Double(do(from.Time, to.Time))
		})))
	}
	times := func(unit float64) func(ref.Val) ref.Val {
		return func(a ref.Val) ref.Val {
			if n, ok := a.(types.Double); ok {
				return n * types.Double(unit)
			}
			return types.MaybeNoSuchOverloadErr(a)
		}
	}
	return []cel.EnvOption{
		one("yuan", cel.DoubleType, cel.DoubleType, times(100)),
		one("wan", cel.DoubleType, cel.DoubleType, times(1_000_000)),
		one("date", cel.StringType, cel.TimestampType, day),
		one("year", cel.TimestampType, cel.DoubleType, func(a ref.Val) ref.Val {
			if d, ok := a.(types.Timestamp); ok {
				return types.Double(d.Year())
			}
			return types.MaybeNoSuchOverloadErr(a)
		}),
		one("count", cel.ListType(cel.StringType), cel.DoubleType, func(a ref.Val) ref.Val {
			if l, ok := a.(interface{ Size() ref.Val }); ok {
				if n, ok := l.Size().(types.Int); ok {
					return types.Double(n)
				}
			}
			return types.MaybeNoSuchOverloadErr(a)
		}),
		cel.Function(quotient, cel.Overload("qiao_quotient", []*cel.Type{cel.DoubleType, cel.DoubleType}, cel.DoubleType, cel.BinaryBinding(divide))),
		between("days", func(from, to time.Time) float64 { return math.Round(to.Sub(from).Hours() / 24) }),
		between("years", fullYears),
	}
}

func divide(a, b ref.Val) ref.Val {
	n, okN := a.(types.Double)
	d, okD := b.(types.Double)
	switch {
	case !okN || !okD:
		return types.MaybeNoSuchOverloadErr(a)
	case d == 0:
		return types.NewErr("division by zero")
	}
	return n / d
}

// day reads date("2026-01-31").
func day(a ref.Val) ref.Val {
	s, ok := a.(types.String)
	if !ok {
		return types.MaybeNoSuchOverloadErr(a)
	}
	d, err := time.Parse(clock.DateLayout, string(s))
	if err != nil {
		return types.NewErr("%q is not a day", string(s))
	}
	return types.Timestamp{Time: d}
}

// fullYears counts the years that are full between two days; negative when the second is the earlier one. A year from
// 29 February is full on 28 February, as months end with the last day of a shorter month.
func fullYears(from, to time.Time) float64 {
	if to.Before(from) {
		return -fullYears(to, from)
	}
	n := to.Year() - from.Year()
	last := time.Date(to.Year(), from.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	if to.Before(time.Date(to.Year(), from.Month(), min(from.Day(), last), 0, 0, 0, 0, time.UTC)) {
		n--
	}
	return float64(n)
}
