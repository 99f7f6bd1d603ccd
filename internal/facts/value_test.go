package facts

import (
	"slices"
	"strings"
	"testing"

	"qiao/internal/platform/rule"
)

func keysNow(t testing.TB) Keys {
	t.Helper()
	list, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return list[len(list)-1]
}

func TestWhatIsTyped(t *testing.T) {
	keys := keysNow(t)
	for _, c := range []struct{ key, typed, want, say string }{
		{"staff", "1,200", "1200", "1200 人"}, {"staff", "12.5", "!", ""}, {"staff", "-1", "!", ""}, {"staff", "1e3", "!", ""}, {"staff", "NaN", "!", ""}, {"staff", "", "", "—"},
		{"sales", "1,234.5", "123450", "¥1,234.50"}, {"sales", "12.345", "!", ""}, {"sales", "-5", "!", ""}, {"sales", "0", "0", "¥0"},
		{"founded", "2021年3月5日", "2021-03-05", "2021-03-05"}, {"founded", "soon", "!", ""},
		{"abnormal", "no", "no", "否"}, {"abnormal", "是", "yes", "是"}, {"abnormal", "maybe", "!", ""},
		{"industry", "C3562", "C3562", "C3562"}, {"industry", "制造业", "!", ""},
		{"phone", "0573-88880001", "0573-88880001", "0573-88880001"}, {"phone", "call me", "!", ""},
		{"related_parties", "甲\n\n乙 ", "甲\n乙", "甲、乙"}, {"related_parties", "无", "无", "无"}, {"group_name", "无", "无", "无"},
		{"shareholders", "甲有限公司，60%\n李四, 40 %", `[{"name":"甲有限公司","share":6000},{"name":"李四","share":4000}]`, "甲有限公司 60%、李四 40%"},
		{"shareholders", "无", "[]", "无"}, {"shareholders", "甲，60%\n乙，50%", "!", ""}, {"shareholders", "，60%", "!", ""}, {"shareholders", "甲，60.123%", "!", ""},
		{"address", strings.Repeat("长", 301), "!", ""},
	} {
		k, ok := keys.Key(c.key)
		if !ok {
			t.Fatalf("no key %s", c.key)
		}
		got, bad := k.Read(c.typed, nil)
		if bad != nil {
			got = "!"
		}
		if got != c.want {
			t.Errorf("%s %q: %q (%v), want %q", c.key, c.typed, got, bad, c.want)
		}
		if bad == nil && k.Say(t.Context(), got, false) != c.say {
			t.Errorf("%s %q is shown as %q, want %q", c.key, c.typed, k.Say(t.Context(), got, false), c.say)
		}
		if bad == nil && !k.holds(got) {
			t.Errorf("%s: %q is not held to be a value", c.key, got)
		}
	}
}

func TestAnIdentityNumberIsNeverKept(t *testing.T) {
	k, _ := keysNow(t).Key("legal_person_id")
	a, bad := k.Read("330402 19800101 001x", []byte("one"))
	b, _ := k.Read("33040219800101001X", []byte("one"))
	c, _ := k.Read("33040219800101001X", []byte("two"))
	if bad != nil || a != b || a == c || len(a) != 64 || strings.Contains(a, "19800101") {
		t.Errorf("%q %q %q %v", a, b, c, bad)
	}
	if k.Typed(a) != "" || strings.Contains(k.Say(t.Context(), a, false), a) || k.Known(a) != nil {
		t.Error("the digest is shown")
	}
	if _, bad := k.Read("张三", nil); bad == nil {
		t.Error("a name passes for a number")
	}
}

func TestPersonalValuesAreMasked(t *testing.T) {
	keys := keysNow(t)
	for key, want := range map[string][2]string{"legal_person": {"张三丰", "张**"}, "phone": {"13812345678", "138****78"}, "shareholders": {`[{"name":"李四","share":10}]`, "1 位股东"}, "address": {"某路", "某路"}} {
		k, _ := keys.Key(key)
		if got := k.Say(t.Context(), want[0], true); got != want[1] {
			t.Errorf("%s: %q, want %q", key, got, want[1])
		}
	}
}

func TestConditionsSeeTheFile(t *testing.T) {
	keys := keysNow(t)
	file := Current([]Entry{
		{ID: "1", Key: "sales", Year: "2025", Value: "100"}, {ID: "2", Key: "sales", Year: "2024", Value: "50"}, {ID: "3", Key: "staff", Value: "9"}, {ID: "4", Key: "staff", Value: "10"},
		{ID: "5", Key: "founded", Value: "2020-01-01"}, {ID: "6", Key: "founded", Value: ""}, {ID: "7", Key: "shareholders", Value: `[{"name":"甲","code":"X","share":1}]`}, {ID: "8", Key: "related_parties", Value: "无"},
	})
	got := file.values(keys, []string{"sales", "sales_1", "sales_2", "staff", "founded", "shareholders", "related_parties", "nosuch", "staff_1"}, "2026-11-27")
	if len(got) != 5 || got["staff"] != 10.0 || !slices.Equal(got["shareholders"].([]string), []string{"甲", "X"}) || len(got["related_parties"].([]string)) != 0 {
		t.Errorf("%v", got)
	}
	words, err := keys.vocabulary()
	if err != nil {
		t.Fatal(err)
	}
	set, err := words.Compile([]rule.Condition{
		{Code: "grows", Name: rule.Name{ZH: "增长"}, When: "sales / sales_1 >= 2", Clause: rule.Clause{Source: "s"}},
		{Code: "owner", Name: rule.Name{ZH: "股东"}, When: "!('乙' in shareholders) && count(related_parties) == 0", Clause: rule.Clause{Source: "s"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := set.Evaluate("2026-11-27", got); r.Verdict != rule.Yes {
		t.Errorf("%+v", r)
	}
}

func FuzzShareholders(f *testing.F) {
	for _, s := range []string{"甲有限公司，91330400MA2ABCDE0X，60%\n李四，40%", "无", "a;b;1%", "，，，", "x,100.00%", "x，0.01％"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		list, bad := ParseHolders(typed)
		if bad != nil {
			return
		}
		var sum int64
		for _, h := range list {
			sum += h.Share
		}
		if sum > 10000 {
			t.Fatalf("%q: shares sum to %d", typed, sum)
		}
		value := formatHolders(list)
		again, bad := ParseHolders(typedHolders(list))
		if bad != nil || formatHolders(again) != value {
			t.Fatalf("%q: %s typed again is %s (%v)", typed, value, formatHolders(again), bad)
		}
	})
}
