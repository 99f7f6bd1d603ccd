package rule_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/rule"
)

// expression draws a condition over the facts of words.
func expression(t *rapid.T, depth int) string {
	if depth == 0 || rapid.IntRange(0, 3).Draw(t, "leaf") == 0 {
		return rapid.SampledFrom([]string{
			"staff < 3", "rd_staff >= 2", "sales <= yuan(3)", "rd_spend / sales >= 0.5", "rd_staff / (staff - 2) > 1", "incubated", "dishonest",
			"industry == 'a'", "'b' in rosters", "count(rosters) > 1", "rosters.all(r, r != industry)", "founded < date('2026-01-02')", "years(founded, today) > 0", "true", "false",
		}).Draw(t, "atom")
	}
	a, b := expression(t, depth-1), expression(t, depth-1)
	switch rapid.IntRange(0, 4).Draw(t, "shape") {
	case 0:
		return "!(" + a + ")"
	case 1:
		return "(" + a + ") == (" + b + ")"
	case 2:
		return "(" + a + " ? " + b + " : " + expression(t, depth-1) + ")"
	case 3:
		return "(" + a + " && " + b + ")"
	}
	return "(" + a + " || " + b + ")"
}

func drawn(t *rapid.T) rule.Values {
	n := func(name string) int { return rapid.IntRange(0, 4).Draw(t, name) }
	return rule.Values{
		"staff": n("staff"), "rd_staff": n("rd_staff"), "sales": money.Fen(100 * n("sales")), "rd_spend": money.Fen(100 * n("rd_spend")),
		"founded": fmt.Sprintf("202%d-01-0%d", n("year"), n("day")+1), "incubated": n("incubated") > 1, "dishonest": n("dishonest") > 1,
		"industry": rapid.SampledFrom([]string{"a", "b"}).Draw(t, "industry"), "rosters": rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 0, 3).Draw(t, "rosters"),
	}
}

// What was decided while some facts were unknown stays so, whatever they turn out to be; only unknown facts are missed.
func TestAnUnknownMadeKnownNeverTurnsAVerdict(t *testing.T) {
	v := words(t)
	rapid.Check(t, func(t *rapid.T) {
		text := expression(t, 3)
		set, err := v.Compile([]rule.Condition{{Code: "x", Name: rule.Name{ZH: "x"}, When: text, Clause: rule.Clause{Source: "s"}}})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		all := drawn(t)
		some := rule.Values{}
		for name, x := range all {
			if rapid.Bool().Draw(t, name+" known") {
				some[name] = x
			}
		}
		before, after := set.Evaluate(today, some), set.Evaluate(today, all)
		if after.Verdict == rule.Unknown || len(after.Missing) > 0 {
			t.Fatalf("%s is unknown though everything is known: %+v", text, after)
		}
		decided := before.Verdict == rule.Yes || before.Verdict == rule.No
		if decided && before.Verdict != after.Verdict {
			t.Fatalf("%s: %s with %v, %s with %v", text, before.Verdict, some, after.Verdict, all)
		}
		if (before.Verdict == rule.Unknown) != (len(before.Missing) > 0) {
			t.Fatalf("%s: %s, missing %v", text, before.Verdict, before.Missing)
		}
		for _, name := range before.Missing {
			if _, known := some[name]; known || !slices.Contains(before.Answers[0].Facts, name) {
				t.Fatalf("%s misses %s", text, name)
			}
		}
	})
}

func FuzzExpression(f *testing.F) {
	for _, s := range []string{"staff < 1000", "incubated || rd_spend / sales >= 0.02", "rosters.exists(r, r.matches('^a+$'))", "date('2026-01-01') < founded", "[1, 2].all(x, [3].exists(y, x < y))", "((((", "\"", "-9223372036854775808 < staff", "a.b", "{'a': staff}['a'] > 1", "staff.x", "今天"} {
		f.Add(s)
	}
	v, full := words(f), rule.Values{"staff": 3, "sales": money.Fen(1), "rosters": []string{"aaa"}, "industry": "b", "founded": "2020-02-29"}
	f.Fuzz(func(t *testing.T, text string) {
		set, err := v.Compile([]rule.Condition{{Code: "x", Name: rule.Name{ZH: "x"}, When: text, Clause: rule.Clause{Source: "s"}}})
		if err != nil {
			if said := fault.Of(err); said.Kind != fault.Invalid || len(said.Fields) == 0 {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		before, after := set.Evaluate(today, nil), set.Evaluate(today, full)
		if (before.Verdict == rule.Yes || before.Verdict == rule.No) && after.Verdict != before.Verdict {
			t.Fatalf("%q: %s, then %s", text, before.Verdict, after.Verdict)
		}
	})
}

// One self-check of ten conditions.
func BenchmarkEvaluate(b *testing.B) {
	var list []rule.Condition
	for i, when := range []string{
		"staff < 1000 || sales < wan(40000)", "rd_spend / sales >= 0.02", "!dishonest", "years(founded, today) >= 1", "rd_staff / staff >= 0.1",
		"'tech-sme' in rosters || 'hnte' in rosters || incubated", "sales <= wan(3000)", "industry in ['C35', 'C36', 'C39']", "rosters.exists(r, r.startsWith('hnte'))", "incubated ? sales < wan(3000) : sales < wan(5000)",
	} {
		list = append(list, rule.Condition{Code: fmt.Sprint(i), Name: rule.Name{ZH: "x"}, When: when, Clause: rule.Clause{Source: "s"}})
	}
	set, err := words(b).Compile(list)
	if err != nil {
		b.Fatal(err)
	}
	known := rule.Values{"staff": 30, "rd_staff": 9, "sales": money.Fen(100), "rd_spend": money.Fen(3), "dishonest": false, "founded": "2020-01-01", "incubated": false, "industry": "C36", "rosters": []string{"tech-sme", "hnte-2025"}}
	some := rule.Values{"staff": 30, "founded": "2020-01-01"}
	for name, values := range map[string]rule.Values{"all known": known, "two known": some} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				set.Evaluate(today, values)
			}
		})
	}
}
