package rule_test

import (
	"slices"
	"strings"
	"testing"

	"qiao/internal/platform/dated"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n/i18ntest"
	"qiao/internal/platform/money"
	"qiao/internal/platform/rule"
)

const today = "2026-11-27"

func words(t testing.TB) *rule.Vocabulary {
	t.Helper()
	v, err := rule.NewVocabulary(map[string]rule.Type{
		"staff": rule.Number, "rd_staff": rule.Number, "sales": rule.Money, "rd_spend": rule.Money, "founded": rule.Date,
		"incubated": rule.Flag, "dishonest": rule.Flag, "industry": rule.Text, "rosters": rule.List,
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestOneExpressionInThreeValues(t *testing.T) {
	for _, c := range []struct {
		when    string
		known   rule.Values
		want    rule.Verdict
		missing string
	}{
		{"staff < 1000", rule.Values{"staff": 999}, rule.Yes, ""},
		{"staff < 1000", rule.Values{"staff": 1000.0}, rule.No, ""},
		{"staff < 1000", nil, rule.Unknown, "staff"},
		{"staff < 1000", rule.Values{"staff": "many"}, rule.Unknown, "staff"},
		{"sales <= wan(3000)", rule.Values{"sales": money.Fen(3_000_000_000)}, rule.Yes, ""},
		{"sales <= wan(3000)", rule.Values{"sales": money.Fen(3_000_000_001)}, rule.No, ""},
		{"sales < yuan(0.01)", rule.Values{"sales": money.Fen(0)}, rule.Yes, ""},
		{"incubated || sales <= wan(3000)", rule.Values{"incubated": true}, rule.Yes, ""},
		{"incubated || sales <= wan(3000)", rule.Values{"incubated": false}, rule.Unknown, "sales"},
		{"incubated || sales <= wan(3000)", nil, rule.Unknown, "incubated sales"},
		{"!dishonest && staff < 1000", rule.Values{"dishonest": true}, rule.No, ""},
		{"!dishonest && staff < 1000", rule.Values{"staff": 2000}, rule.No, ""},
		{"!dishonest && staff < 1000", rule.Values{"dishonest": false}, rule.Unknown, "staff"},
		{"incubated ? staff < 10 : sales < wan(1)", nil, rule.Unknown, "incubated"},
		{"incubated ? staff < 10 : sales < wan(1)", rule.Values{"incubated": true}, rule.Unknown, "staff"},
		{"rd_spend / sales >= 0.02", rule.Values{"rd_spend": money.Fen(200), "sales": money.Fen(10_000)}, rule.Yes, ""},
		{"rd_spend / sales >= 0.07", rule.Values{"rd_spend": money.Fen(7), "sales": money.Fen(100)}, rule.Yes, ""},
		{"rd_spend / sales >= 0.02", rule.Values{"rd_spend": money.Fen(199), "sales": money.Fen(10_000)}, rule.No, ""},
		{"rd_staff / staff >= 0.1", rule.Values{"rd_staff": 1, "staff": 10}, rule.Yes, ""},
		{"rd_staff * 10 >= staff", rule.Values{"rd_staff": 1, "staff": 10}, rule.Yes, ""},
		{"years(founded, today) >= 1", rule.Values{"founded": "2025-11-27"}, rule.Yes, ""},
		{"years(founded, today) >= 1", rule.Values{"founded": "2025-11-28"}, rule.No, ""},
		{"founded >= date('2021-01-01')", rule.Values{"founded": "2021-01-01"}, rule.Yes, ""},
		{"founded >= date('2021-01-01')", rule.Values{"founded": "2021-02-30"}, rule.Unknown, "founded"},
		{"year(founded) == 2021 && days(founded, today) > 365", rule.Values{"founded": "2021-05-05"}, rule.Yes, ""},
		{"'tech-sme' in rosters || count(rosters) > 3", rule.Values{"rosters": []string{"tech-sme"}}, rule.Yes, ""},
		{"rosters.exists(r, r.startsWith('hnte'))", rule.Values{"rosters": []string{"x", "hnte-2025"}}, rule.Yes, ""},
		{"rosters.exists(r, r.startsWith('hnte'))", nil, rule.Unknown, "rosters"},
		{"industry in ['C35', 'C36']", rule.Values{"industry": "C36"}, rule.Yes, ""},
	} {
		set, err := words(t).Compile([]rule.Condition{{Code: "x", Name: rule.Name{ZH: "条件"}, When: c.when, Clause: rule.Clause{Source: "s"}}})
		if err != nil {
			t.Errorf("%s: %v", c.when, err)
			continue
		}
		got := set.Evaluate(today, c.known)
		if got.Verdict != c.want || strings.Join(got.Missing, " ") != c.missing || got.Answers[0].Clause.Source != "s" {
			t.Errorf("%s with %v: %+v, want %s, missing %q", c.when, c.known, got, c.want, c.missing)
		}
	}
}

func TestWhatCannotBeComputedIsForAPerson(t *testing.T) {
	set, err := words(t).Compile([]rule.Condition{
		{Code: "share", Name: rule.Name{ZH: "占比"}, When: "years(founded, today) / (staff - 5) > 1", Clause: rule.Clause{Source: "s"}},
		{Code: "novel", Name: rule.Name{ZH: "创新性"}, Person: true, Clause: rule.Clause{Source: "s"}},
		{Code: "broken", Name: rule.Name{ZH: "算不出"}, When: "rosters[int(staff)] == 'x'", Clause: rule.Clause{Source: "s"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := set.Evaluate(today, rule.Values{"founded": "2020-01-01", "staff": 5, "rosters": []string{"a"}})
	if r.Verdict != rule.Person || r.Answers[0].Verdict != rule.Person || r.Answers[0].Failed == "" || r.Answers[1].Verdict != rule.Person || r.Answers[2].Verdict != rule.Person || r.Answers[2].Failed == "" {
		t.Errorf("%+v", r.Answers)
	}
}

func TestTheWholeIsTheWorstOfItsParts(t *testing.T) {
	c := func(code, when string) rule.Condition {
		return rule.Condition{Code: code, Name: rule.Name{ZH: code}, When: when, Clause: rule.Clause{Source: "s", Article: "第四条"}}
	}
	set, err := words(t).Compile([]rule.Condition{c("a", "staff < 10"), c("b", "sales < wan(1)"), {Code: "p", Name: rule.Name{ZH: "p"}, Person: true, Clause: rule.Clause{Source: "s"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := set.Facts(); !slices.Equal(got, []string{"staff", "sales"}) {
		t.Errorf("facts %v", got)
	}
	for _, x := range []struct {
		known rule.Values
		want  rule.Verdict
		ask   string
	}{
		{rule.Values{"staff": 1, "sales": money.Fen(1)}, rule.Person, ""},
		{rule.Values{"staff": 1}, rule.Unknown, "sales"},
		{nil, rule.Unknown, "staff sales"},
		{rule.Values{"staff": 10}, rule.No, ""},
	} {
		r := set.Evaluate(today, x.known)
		if r.Verdict != x.want || strings.Join(r.Ask(), " ") != x.ask {
			t.Errorf("%v: %s asks %v, want %s, %q", x.known, r.Verdict, r.Ask(), x.want, x.ask)
		}
	}
	if r := set.Evaluate(today, rule.Values{"staff": 10}); len(r.Of(rule.No)) != 1 || r.Of(rule.No)[0].Clause.Article != "第四条" {
		t.Errorf("%+v", r)
	}
}

func TestBadExpressionsAreNamed(t *testing.T) {
	for when, say := range map[string]string{
		"":                             "还没有写表达式",
		"staff <":                      "附近写得不对",
		"stuff < 10":                   "没有叫“{1}”",
		"founded / 10 > 1":             "类型不合",
		"founded < 10":                 "类型不合",
		"staff + 1":                    "“是”或“否”",
		"rd_spend >= sales * 0.05":     "相除",
		"founded > date('2026-02-30')": "不是日期",
		"rosters.exists(a, rosters.exists(b, a != b))": "套用",
		"nosuch(staff)": "没有叫",
		strings.Repeat("staff > 1 && ", 400) + "true":                "太长",
		strings.Repeat("(", 400) + "true" + strings.Repeat(")", 400): "",
	} {
		_, err := words(t).Compile([]rule.Condition{{Code: "size", Name: rule.Name{ZH: "规模"}, When: when, Clause: rule.Clause{Source: "s"}}})
		f := fault.Of(err)
		if f == nil || f.Code != "conditions-invalid" || len(f.Fields) != 1 || f.Fields[0].Name != "conditions.0.when" || !strings.Contains(f.Fields[0].Text, say) {
			t.Errorf("%.40q: %+v", when, f)
		}
	}
	ok := rule.Condition{Code: "a", Name: rule.Name{ZH: "甲"}, When: "true", Clause: rule.Clause{Source: "s"}}
	for name, list := range map[string][]rule.Condition{
		"conditions.1.code":   {ok, ok},
		"conditions.0.name":   {{Code: "a", When: "true", Clause: ok.Clause}},
		"conditions.0.clause": {{Code: "a", Name: ok.Name, When: "true"}},
		"conditions.0.when":   {{Code: "a", Name: ok.Name, When: "true", Person: true, Clause: ok.Clause}},
	} {
		if _, err := words(t).Compile(list); err == nil || fault.Of(err).Fields[0].Name != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVocabulariesAreChecked(t *testing.T) {
	for name, typ := range map[string]rule.Type{"Staff": rule.Number, "today": rule.Date, "a b": rule.Number, "x": "percent", "": rule.Text} {
		if _, err := rule.NewVocabulary(map[string]rule.Type{name: typ}); err == nil {
			t.Errorf("%q of type %q is accepted", name, typ)
		}
	}
	v := words(t)
	if typ, ok := v.Knows("sales"); !ok || typ != rule.Money || !typ.Valid() || rule.Type("x").Valid() {
		t.Error("the type of a fact is lost")
	}
}

func TestFormulas(t *testing.T) {
	v := words(t)
	x, err := v.Formula("sales > wan(100) ? yuan(20) * staff : yuan(0)")
	if err != nil {
		t.Fatal(err)
	}
	if n, missing, err := v.Compute(x, today, rule.Values{"sales": money.Fen(200_000_000), "staff": 3}); n != 6000 || missing != nil || err != nil {
		t.Errorf("%v %v %v", n, missing, err)
	}
	if _, missing, err := v.Compute(x, today, rule.Values{"sales": money.Fen(200_000_000)}); err != nil || !slices.Equal(missing, []string{"staff"}) {
		t.Errorf("%v %v", missing, err)
	}
	if _, err := v.Formula("staff > 3"); err == nil {
		t.Error("a condition passes for a formula")
	}
	if _, _, err := v.Compute(must(v.Formula("double(industry)")), today, rule.Values{"industry": "x"}); !fault.Is(err, "formula-failed") {
		t.Errorf("%v", err)
	}
}

func must(x *rule.Expression, err error) *rule.Expression {
	if err != nil {
		panic(err)
	}
	return x
}

func TestFullYears(t *testing.T) {
	v := words(t)
	x := must(v.Formula("years(founded, today)"))
	for _, c := range []struct {
		from, to string
		want     float64
	}{
		{"2024-02-29", "2025-02-27", 0}, {"2024-02-29", "2025-02-28", 1}, {"2024-02-29", "2028-02-28", 3}, {"2024-02-29", "2028-02-29", 4},
		{"2025-12-31", "2026-12-30", 0}, {"2025-12-31", "2026-12-31", 1}, {"2026-01-01", "2025-12-31", 0}, {"2026-01-01", "2024-12-31", -1},
	} {
		if n, _, err := v.Compute(x, c.to, rule.Values{"founded": c.from}); err != nil || n != c.want {
			t.Errorf("%s to %s: %v (%v), want %v", c.from, c.to, n, err, c.want)
		}
	}
}

func TestRulesAreDatedData(t *testing.T) {
	list, err := dated.Read[rule.Rules]([]byte(`[{"from": "2026-01-01", "sources": {"s": {"title": {"zh": "办法", "en": "Measures"}}},
		"conditions": [{"code": "a", "name": {"zh": "甲"}, "when": "staff < 5", "clause": {"source": "s", "article": "第四条", "article_en": "art. 4"}}]}]`))
	if err != nil {
		t.Fatal(err)
	}
	r := dated.On(list, "2026-05-01")
	if got := r.Conditions[0].Clause.In(t.Context(), r.Sources); got != "办法第四条" {
		t.Error(got)
	}
}

func TestEverySentenceHasEnglish(t *testing.T) {
	i18ntest.Complete(t, i18ntest.Catalog(t, rule.English), ".")
}
