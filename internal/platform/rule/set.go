package rule

import (
	"fmt"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/interpreter"

	"qiao/internal/platform/fault"
)

// Set are conditions compiled together.
type Set struct {
	words      *Vocabulary
	conditions []Condition
	compiled   []*Expression // nil where a person decides
	facts      []string
}

// Compile compiles conditions. A fault names each condition that is wrong: its fields are called conditions.<number from
// 0>, or that with .code, .name or .when behind it.
func (v *Vocabulary) Compile(conditions []Condition) (*Set, error) {
	s := &Set{words: v, conditions: slices.Clone(conditions), compiled: make([]*Expression, len(conditions))}
	f := fault.New(fault.Invalid, "conditions-invalid", "条件有误，请按提示修改。")
	codes := map[string]bool{}
	for i, c := range conditions {
		field := fmt.Sprintf("conditions.%d", i)
		if c.Code == "" || codes[c.Code] {
			f.Field(field+".code", "invalid", "第 {0} 个条件要有不重复的代码（现为“{1}”）。", i+1, c.Code)
		}
		codes[c.Code] = true
		if c.Name.ZH == "" {
			f.Field(field+".name", "required", "第 {0} 个条件（{1}）还没有名称。", i+1, c.Code)
		}
		if c.Clause.Source == "" {
			f.Field(field+".clause", "required", "条件“{0}”还没有写明依据。", c.Name)
		}
		if c.Person && c.When == "" {
			continue
		}
		if c.Person {
			f.Field(field+".when", "invalid", "条件“{0}”由人判断，不能同时有表达式。", c.Name)
			continue
		}
		x, err := v.Condition(c.When)
		if err != nil {
			said := fault.Of(err)
			f.Field(field+".when", said.Code, said.Text, said.Args...).Because(fmt.Errorf("condition %s: %w", c.Code, err))
			continue
		}
		s.compiled[i] = x
		for _, name := range x.facts {
			if !slices.Contains(s.facts, name) {
				s.facts = append(s.facts, name)
			}
		}
	}
	if len(f.Fields) > 0 {
		return nil, f
	}
	return s, nil
}

// Facts are the names of the facts that the conditions look at, in the order in which they ask for them.
func (s *Set) Facts() []string { return slices.Clone(s.facts) }

// Evaluate answers the conditions for a civil day with the facts that are known. A value that is not of its fact's type is
// taken as not known.
func (s *Set) Evaluate(day string, known Values) Result {
	with := s.words.activation(day, known, s.facts)
	r := Result{Verdict: Yes}
	for i, c := range s.conditions {
		a := Answer{Condition: c, Verdict: Person}
		if x := s.compiled[i]; x != nil {
			a = x.answer(c, with)
		}
		r.Answers = append(r.Answers, a)
		if weight(a.Verdict) > weight(r.Verdict) {
			r.Verdict = a.Verdict
		}
		for _, name := range a.Missing {
			if !slices.Contains(r.Missing, name) {
				r.Missing = append(r.Missing, name)
			}
		}
	}
	return r
}

func weight(v Verdict) int { return slices.Index([]Verdict{Yes, Person, Unknown, No}, v) }

func (x *Expression) answer(c Condition, with interpreter.Activation) Answer {
	a := Answer{Condition: c, Verdict: Person, Facts: x.Facts()}
	out := x.run(with)
	switch {
	case len(out.missing) > 0:
		a.Verdict, a.Missing = Unknown, out.missing
	case out.failed != nil:
		a.Failed = out.failed.Error()
	case out.value == types.True:
		a.Verdict = Yes
	case out.value == types.False:
		a.Verdict = No
	}
	return a
}

// Compute evaluates a formula for a civil day. When facts are missing they are named, and the number means nothing; a fault
// formula-failed says that it cannot be computed, as with a division by zero.
func (v *Vocabulary) Compute(x *Expression, day string, known Values) (n float64, missing []string, err error) {
	out := x.run(v.activation(day, known, x.facts))
	if len(out.missing) > 0 {
		return 0, out.missing, nil
	}
	d, ok := out.value.(types.Double)
	if out.failed != nil || !ok {
		return 0, nil, fault.New(fault.Invalid, "formula-failed", "按现有数字算不出结果，请人工判断。").Because(out.failed)
	}
	return float64(d), nil, nil
}

// activation is what an evaluation sees: the facts that are known, and the names of those that are not.
func (v *Vocabulary) activation(day string, known Values, facts []string) interpreter.Activation {
	vars := make(map[string]any, len(facts)+1)
	var unknown []*cel.AttributePatternType
	put := func(name string, x any) {
		if value, ok := v.value(name, x); ok {
			vars[name] = value
		} else {
			unknown = append(unknown, cel.AttributePattern(name))
		}
	}
	put(Today, day)
	for _, name := range facts {
		put(name, known[name])
	}
	if len(unknown) == 0 {
		if a, err := cel.NewActivation(vars); err == nil {
			return a
		}
	}
	a, err := cel.PartialVars(vars, unknown...)
	if err != nil { // a map is always accepted
		return cel.NoVars()
	}
	return a
}
