package rule

import (
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"

	"qiao/internal/platform/fault"
)

// Expression is one compiled expression: a condition, or a formula that gives a number.
type Expression struct {
	program cel.Program
	facts   []string // that it looks at, in the order of their names
}

// Condition compiles an expression that is true or false. What is wrong with it is a fault without fields.
func (v *Vocabulary) Condition(text string) (*Expression, error) {
	return v.compile(text, cel.BoolType)
}

// Formula compiles an expression that gives a number, or an amount in fen.
func (v *Vocabulary) Formula(text string) (*Expression, error) {
	return v.compile(text, cel.DoubleType)
}

func (v *Vocabulary) compile(text string, want *cel.Type) (*Expression, error) {
	if strings.TrimSpace(text) == "" {
		return nil, badly("还没有写表达式。")
	}
	parsed, issues := v.env.Parse(text)
	if issues.Err() != nil {
		return nil, explained(issues)
	}
	tree := parsed.NativeRep()
	if err := plain(tree); err != nil {
		return nil, err
	}
	checked, issues := v.env.Check(parsed)
	if issues.Err() != nil {
		return nil, explained(issues)
	}
	if !checked.OutputType().IsExactType(want) {
		if want == cel.BoolType {
			return nil, badly("表达式的结果应为“是”或“否”，例如：staff < 500。")
		}
		return nil, badly("表达式的结果应为数字。")
	}
	program, err := v.env.Program(checked, cel.EvalOptions(cel.OptOptimize, cel.OptPartialEval))
	if err != nil {
		return nil, badly("表达式不能计算，请检查其中的固定数值。").Because(err)
	}
	return &Expression{program, v.named(checked.NativeRep())}, nil
}

// quotient is the division that our expressions use: a share of nothing is an error, not infinite.
const quotient = "quotient"

// plain makes all numbers of an expression alike, and refuses what people would get wrong: a product with a fraction, which
// misses a limit by a rounding error where a quotient meets it, and a day that is none.
func plain(tree *ast.AST) error {
	factory := ast.NewExprFactory()
	var wrong error
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.LiteralKind:
			if n, ok := e.AsLiteral().(types.Int); ok {
				e.SetKindCase(factory.NewLiteral(e.ID(), types.Double(n)))
			}
		case ast.ComprehensionKind:
			if comprehensions(e) > 1 {
				wrong = badly("exists、all 一类的写法不能套用，请拆成几个条件。")
			}
		case ast.CallKind:
			call := e.AsCall()
			if call.FunctionName() == operators.Divide && len(call.Args()) == 2 {
				e.SetKindCase(factory.NewCall(e.ID(), quotient, call.Args()...))
			}
			for _, arg := range call.Args() {
				if wrong != nil || arg.Kind() != ast.LiteralKind {
					continue
				}
				switch x := arg.AsLiteral().(type) {
				case types.Double:
					if call.FunctionName() == operators.Multiply && x != types.Double(int64(x)) {
						wrong = badly("乘以小数“{0}”会有舍入误差，请改写成相除，例如：rd_spend / sales >= 0.05。", float64(x))
					}
				case types.String:
					if call.FunctionName() == "date" && types.IsError(day(x)) {
						wrong = badly("“{0}”不是日期，请写成 date(\"2026-01-31\")。", string(x))
					}
				}
			}
		}
	}))
	return wrong
}

// comprehensions counts the loops over lists in an expression. A loop in a loop is refused, so that an evaluation takes no
// longer than the expression and the lists are long.
func comprehensions(e ast.Expr) int {
	n := 0
	ast.PostOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.ComprehensionKind {
			n++
		}
	}))
	return n
}

// named are the facts that an expression looks at.
func (v *Vocabulary) named(tree *ast.AST) []string {
	seen := map[string]bool{}
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.IdentKind {
			name := strings.TrimPrefix(e.AsIdent(), ".")
			if _, known := v.types[name]; known && name != Today {
				seen[name] = true
			}
		}
	}))
	return slices.Sorted(maps.Keys(seen))
}

// Facts are the names of the facts that the expression looks at, in order.
func (x *Expression) Facts() []string { return slices.Clone(x.facts) }

// result is one evaluation: a value, or the facts that are missing, or why it cannot be computed.
type result struct {
	value   ref.Val
	missing []string
	failed  error
}

func (x *Expression) run(with interpreter.Activation) result {
	value, _, err := x.program.Eval(with)
	if unknown, ok := value.(*types.Unknown); ok {
		names := map[string]bool{}
		for _, id := range unknown.IDs() {
			trails, _ := unknown.GetAttributeTrails(id)
			for _, trail := range trails {
				names[trail.Variable()] = true
			}
		}
		return result{missing: slices.Sorted(maps.Keys(names))}
	}
	return result{value: value, failed: err}
}

// badly is a fault about one expression.
func badly(text string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, "expression-invalid", text, args...)
}

// explained says what is wrong with an expression in words of ours; the library's own are kept for the log.
func explained(issues *cel.Issues) *fault.Error {
	errs := issues.Errors()
	if len(errs) == 0 {
		return badly("表达式写得不对，请检查括号、引号和运算符。").Because(issues.Err())
	}
	first := errs[0]
	column := max(first.Location.Column(), 0) + 1
	between := func(s, a, b string) string {
		_, rest, _ := strings.Cut(s, a)
		inner, _, _ := strings.Cut(rest, b)
		return inner
	}
	m := first.Message
	switch {
	case strings.HasPrefix(m, "undeclared reference"):
		return badly("第 {0} 个字符处：没有叫“{1}”的事实或函数。", column, between(m, "'", "'")).Because(issues.Err())
	case strings.HasPrefix(m, "found no matching overload"):
		name := strings.Trim(between(m, "'", "'"), "_")
		if name == quotient {
			name = "/"
		}
		return badly("第 {0} 个字符处：“{1}”两边（或括号里）的类型不合，例如把日期与数字相比。", column, name).Because(issues.Err())
	case strings.Contains(m, "size exceeds limit"), strings.Contains(m, "exceeds limit"), strings.Contains(m, "recursion"):
		return badly("表达式太长，请拆成几个条件。").Because(issues.Err())
	}
	return badly("第 {0} 个字符附近写得不对，请检查括号、引号和运算符。", column).Because(issues.Err())
}
