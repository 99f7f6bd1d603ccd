package kinds

import (
	"encoding/csv"
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestEveryFieldIsDescribedWhole(t *testing.T) {
	groups := map[string]bool{}
	for _, g := range Groups() {
		groups[g.Name] = true
	}
	for _, k := range All() {
		seen := map[string]bool{}
		for _, f := range k.Fields {
			if seen[f.Name] {
				t.Errorf("%s.%s twice", k.Name, f.Name)
			}
			seen[f.Name] = true
			if f.ZH == "" || f.EN == "" || !groups[f.Group] || f.Name != strings.ToLower(f.Name) {
				t.Errorf("%s.%s: labels, group or name missing: %+v", k.Name, f.Name, f)
			}
			if strings.IndexFunc(f.EN, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0 {
				t.Errorf("%s.%s: Chinese in the English label", k.Name, f.Name)
			}
			if (f.Type == One || f.Type == Many) != (len(f.Choices) > 0) {
				t.Errorf("%s.%s: choices and type disagree", k.Name, f.Name)
			}
			for _, c := range f.Choices {
				if v, p := f.Parse(c.EN); p != nil || f.Type == One && v != c.Value {
					t.Errorf("%s.%s: %q gives %v %v", k.Name, f.Name, c.EN, v, p)
				}
			}
		}
		if k.TextZH == "" || k.TextEN == "" || !k.Template {
			t.Errorf("%s has no sentence or no template", k.Name)
		}
		for _, core := range []string{"name_zh", "name_en", "source_id", "summary"} {
			if f, ok := k.Field(core); !ok || !f.Core {
				t.Errorf("%s lacks the core field %s", k.Name, core)
			}
		}
	}
}

// A class of one kind is never a class of another: cards and facets tell it by its code alone.
func TestClassesAreUnique(t *testing.T) {
	seen := map[string]string{}
	for _, k := range All() {
		f, ok := k.Field("class")
		if !ok || f.Type != One {
			continue
		}
		for _, c := range f.Choices {
			if seen[c.Value] != "" {
				t.Errorf("%s is a class of %s and of %s", c.Value, seen[c.Value], k.Name)
			}
			seen[c.Value] = k.Name
			if got, ok := ClassLabel(c.Value); !ok || got.ZH != c.ZH {
				t.Errorf("class %s of %s has the label %+v", c.Value, k.Name, got)
			}
		}
	}
}

// Two headings of one template never mean two fields.
func TestLabelsOfAKindAreUnique(t *testing.T) {
	for _, k := range All() {
		seen := map[string]string{}
		for _, f := range k.Fields {
			for _, label := range []string{Fold(f.ZH), Fold(f.EN)} {
				if other := seen[label]; other != "" && other != f.Name {
					t.Errorf("%s: %q is the label of %s and %s", k.Name, label, other, f.Name)
				}
				seen[label] = f.Name
			}
		}
	}
}

// Every element of the core standard is carried by a field of every kind, or is kept with every record.
func TestElementsOfTheStandard(t *testing.T) {
	names := map[string]bool{}
	for _, e := range Elements() {
		names[e.ZH] = true
	}
	for _, k := range All() {
		has := map[string]bool{"生成日期": true, "注册日期": true} // else by Resource.CreatedAt
		for _, f := range k.Fields {
			if f.Element != "" && !names[f.Element] {
				t.Errorf("%s.%s carries the unknown element %s", k.Name, f.Name, f.Element)
			}
			has[f.Element] = true
		}
		for name := range names {
			if !has[name] {
				t.Errorf("%s has no %s", k.Name, name)
			}
		}
	}
}

func TestCountries(t *testing.T) {
	all := Countries()
	if len(all) != 249 {
		t.Errorf("%d countries and regions", len(all))
	}
	for _, c := range all {
		if got, ok := Country(c.Value); !ok || got.ZH != c.ZH || got.EN != c.EN || c.ZH == "" || c.EN == "" {
			t.Errorf("%+v is found as %+v", c, got)
		}
	}
	if _, ok := Country("XX"); ok {
		t.Error("XX is a country")
	}
}

func TestClassesAreTheSeventyEight(t *testing.T) {
	l := Classes()
	if len(l.Classes) != 78 || len(l.Top) != 12 {
		t.Fatalf("%d classes, %d top", len(l.Classes), len(l.Top))
	}
	for _, c := range l.Classes {
		if _, ok := TopClass(c.Code); !ok || c.ZH == "" || c.EN == "" {
			t.Errorf("%+v", c)
		}
	}
	if c, ok := ClassOf("030122"); !ok || c.Code != "0301" {
		t.Errorf("laser interferometer is in %+v", c)
	}
}

// The 47 columns of the national platform's template all have a target.
func TestTheNationalTemplateIsKnownWhole(t *testing.T) {
	f, err := os.Open("testdata/nrii-template-columns.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) != 48 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	var headings []string
	for _, r := range rows[1:] {
		headings = append(headings, r[1])
	}
	tpl, ok := All().Recognise(headings, "", "")
	if !ok || tpl.Format != "nrii" || tpl.Known(headings) != 47 {
		t.Errorf("%s knows %d", tpl.Format, tpl.Known(headings))
	}
	for _, h := range headings {
		if tpl.Target(h) == "" {
			t.Errorf("no target for %q", h)
		}
	}
}

func TestRecognise(t *testing.T) {
	var uni []string
	for _, c := range UniquipColumns() {
		uni = append(uni, c.Heading)
	}
	cases := []struct {
		headings     []string
		format, kind string
	}{
		{uni, "uniquip", "instrument"},
		{[]string{"Type", "Name", "Description", "Site Location", "Contact Email"}, "uniquip", "instrument"},
		{[]string{"仪器设备名称", "规格型号", "对外单价（元）", "计价单位"}, "qiao", "instrument"},
		{[]string{"English name", "Model", "Manufacturer", "Price unit"}, "qiao", "instrument"},
		{[]string{"名称", "服务类别", "样品要求", "服务周期", "对外单价（元）"}, "qiao", "service"},
		{[]string{"名称", "工作单位", "职称", "研究方向"}, "qiao", "expert"},
		{[]string{"instrument_id", "instrument", "instrument_class", "room_number", "description"}, "qiao", "instrument"},
		{[]string{"eus_instrument_id", "eus_display_name", "eus_instrument_name", "eus_available_hours"}, "qiao", "instrument"},
		{[]string{"name", "model", "unit", "internal_delivery_cny", "internal_self_cny", "external_cny", "category", "option"}, "qiao", "instrument"},
	}
	for _, c := range cases {
		tpl, ok := All().Recognise(c.headings, "", "")
		if !ok || tpl.Format != c.format || tpl.Kind != c.kind {
			t.Errorf("%v: %s %s %v", c.headings, tpl.Format, tpl.Kind, ok)
		}
	}
	if _, ok := All().Recognise([]string{"甲", "乙"}, "", ""); ok {
		t.Error("unknown headings were recognised")
	}
}

func TestParse(t *testing.T) {
	one := Field{Type: One, Choices: conditions()}
	cases := []struct {
		field Field
		in    string
		want  any
		code  string
	}{
		{Field{Type: Text, Max: 3}, " 电  镜 ", "电 镜", ""},
		{Field{Type: Text, Max: 3}, "扫描电镜", nil, "too-long"},
		{Field{Type: Date}, "2016-01-31", "2016-01-31", ""},
		{Field{Type: Date}, "2016/1/31", "2016-01-31", ""},
		{Field{Type: Date}, "2016年1月31日", "2016-01-31", ""},
		{Field{Type: Date}, "20160131", "2016-01-31", ""},
		{Field{Type: Date}, "42400", "2016-01-31", ""},
		{Field{Type: Date}, "2005-02-23 00:00:00", "2005-02-23", ""},
		{Field{Type: Date}, "2016-02-30", nil, "not-a-date"},
		{Field{Type: Date}, "明年", nil, "not-a-date"},
		{Field{Type: Month}, "2016年1月", "2016-01", ""},
		{Field{Type: Month}, "201612", "2016-12", ""},
		{Field{Type: Month}, "2016/1/31", "2016-01", ""},
		{Field{Type: Month}, "2016-13", nil, "not-a-month"},
		{Field{Type: Wan}, "12.345", int64(1235 * 10_000), ""},
		{Field{Type: Wan}, "1,234.5 万元", int64(1_234_500_000), ""},
		{Field{Type: Wan}, "5O", nil, "not-an-amount"},
		{Field{Type: Wan}, "-5", nil, "not-an-amount"},
		{Field{Type: Wan}, "0.99999999999999999", int64(1_000_000), ""},
		{Field{Type: Flag}, "是", true, ""},
		{Field{Type: Flag}, "No", false, ""},
		{Field{Type: Flag}, "也许", nil, "not-a-flag"},
		{one, "正常", "正常", ""},
		{one, "Broken", "待修", ""},
		{one, "坏了", nil, "not-a-choice"},
		{Field{Type: List, Items: 2}, "化学，物理", []string{"化学", "物理"}, ""},
		{Field{Type: List, Items: 2}, "a,b,c", nil, "too-many"},
		{Field{Type: Class}, "30122", "030122", ""},
		{Field{Type: Class}, "0102", "010200", ""},
		{Field{Type: Class}, "990000", nil, "not-a-class"},
		{Field{Type: Link}, "www.example.org/a", "http://www.example.org/a", ""},
		{Field{Type: Link}, "javascript:alert(1)", nil, "not-a-link"},
		{Field{Type: Mail}, "a@example.org", "a@example.org", ""},
		{Field{Type: Mail}, "a b", nil, "not-an-email"},
		{Field{Type: Post}, "314000", "314000", ""},
		{Field{Type: Number, Max: 3, UnitZH: "小时"}, "24小时", int64(24), ""},
		{Field{Type: Number, Max: 3}, "1e3", nil, "not-a-number"},
		{Field{Type: Text}, "  ", nil, ""},
	}
	for _, c := range cases {
		got, p := c.field.Parse(c.in)
		code := ""
		if p != nil {
			code = p.Code
		}
		if !reflect.DeepEqual(got, c.want) || code != c.code {
			t.Errorf("%s %q: %v %q, want %v %q", c.field.Type, c.in, got, code, c.want, c.code)
		}
	}
}

// Whatever Parse keeps, Show writes and Parse reads again as the same value, in both languages.
func TestShowAndParseAgree(t *testing.T) {
	fields := []Field{
		{Type: Wan}, {Type: Date}, {Type: Flag}, {Type: Number, Max: 5}, {Type: Text}, {Type: List}, {Type: Class},
		{Type: One, Choices: conditions()}, {Type: Many, Choices: AccessModes()},
	}
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(fields).Draw(t, "field")
		in := rapid.OneOf(rapid.StringMatching(`[0-9]{1,6}(\.[0-9]{1,3})?`), rapid.SampledFrom([]string{"是", "否", "正常", "送样,远程", "2020-2-9", "甲，乙；丙", "030122"})).Draw(t, "text")
		v, p := f.Parse(in)
		if p != nil || v == nil {
			return
		}
		for _, english := range []bool{false, true} {
			again, p := f.Parse(f.Show(v, english))
			if p != nil || !reflect.DeepEqual(again, v) {
				t.Fatalf("%s %q: %v shown as %q read as %v %v", f.Type, in, v, f.Show(v, english), again, p)
			}
		}
		if same, p := f.Accept(v); p != nil || !reflect.DeepEqual(same, v) {
			t.Fatalf("%s: Accept(%v) = %v %v", f.Type, v, same, p)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2016/1/31", "1,234.5", "a@b.cn", "http://[::1", "是", "99999999999999999999"} {
		f.Add(s)
	}
	all := All()[0].Fields
	f.Fuzz(func(t *testing.T, s string) {
		for _, field := range all {
			if v, p := field.Parse(s); v != nil && p != nil {
				t.Fatalf("%s: both %v and %v", field.Name, v, p)
			}
			Fold(s)
		}
	})
}

// A value with its unit reads as a sentence has it, in both languages.
func TestTell(t *testing.T) {
	for _, c := range []struct {
		kind, field string
		value       any
		zh, en      string
	}{
		{"achievement", "asking", int64(360_000_000), "360 万元", "¥3,600,000"},
		{"achievement", "asking", int64(1_505_000), "1.50 万元", "¥15,050"},
		{"service", "turnaround", int64(45), "45 个工作日", "45 working days"},
		{"achievement", "negotiable", true, "是", "Yes"},
		{"achievement", "asking", nil, "", ""},
	} {
		k, _ := All().Find(c.kind)
		f, _ := k.Field(c.field)
		if zh, en := f.Tell(c.value, false), f.Tell(c.value, true); zh != c.zh || en != c.en {
			t.Errorf("%s: %q, %q; want %q, %q", c.field, zh, en, c.zh, c.en)
		}
	}
}
