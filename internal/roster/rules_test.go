package roster

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/sheet"
)

func TestEnds(t *testing.T) {
	d, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	sme, _ := d.Template("tech-sme")
	hnte, _ := d.Template("hnte")
	for _, x := range []struct {
		rules      []Rule
		from, want string
	}{
		{hnte.Rules, "2024-12-01", "2027-11-30"}, {hnte.Rules, "2024-02-29", "2027-02-28"}, {hnte.Rules, "", ""},
		{sme.Rules, "2019-05-06", "2020-03-31"}, {sme.Rules, "2022-01-01", "2022-12-31"}, {sme.Rules, "2026-12-31", "2026-12-31"},
		{[]Rule{{Validity: "months:1"}}, "2026-01-31", "2026-02-28"}, {[]Rule{{Validity: "none"}}, "2026-01-31", ""}, {nil, "2026-01-31", ""},
		{[]Rule{{Validity: "months:36", From: "2030-01-01"}}, "2026-01-31", ""},
	} {
		if got, err := Ends(x.rules, x.from); err != nil || got != x.want {
			t.Errorf("%v from %s: %s %v, want %s", x.rules, x.from, got, err, x.want)
		}
	}
	for _, bad := range []string{"", "months", "months:0", "months:x", "year-end:-1", "day:1", "day:1-02-30", "for ever"} {
		if ValidValidity(bad) {
			t.Errorf("%q is taken", bad)
		}
	}
}

// Every shipped rule can be worked out, names its source, and never ends before it begins.
func TestShippedRulesHold(t *testing.T) {
	d, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, tpl := range d.Templates {
		for _, r := range tpl.Rules {
			if r.Source == "" || !ValidValidity(r.Validity) {
				t.Errorf("%s: %+v", tpl.Code, r)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		tpl := rapid.SampledFrom(d.Templates).Draw(t, "list")
		from := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 9000).Draw(t, "day")).Format(clock.DateLayout)
		end, err := Ends(tpl.Rules, from)
		if err != nil || end != "" && end < from {
			t.Fatalf("%s from %s ends %s: %v", tpl.Code, from, end, err)
		}
	})
}

func TestCompare(t *testing.T) {
	d, _ := Shipped()
	m := d.on("2026-11-21")
	org := func(id, name, uscc, region string) identity.Organisation {
		return identity.Organisation{ID: id, NameZH: name, USCC: uscc, Region: region}
	}
	const code, other = "Y1999999000000013X", "Y1999999000000021Y"
	for _, x := range []struct {
		name   string
		entry  Entry
		orgs   []identity.Organisation
		org    string
		reason string
		sure   bool
	}{
		{"code", Entry{Name: "旧名", USCC: code}, []identity.Organisation{org("a", "新名", code, "110000")}, "a", ReasonCode, true},
		{"code before name", Entry{Name: "甲", USCC: code}, []identity.Organisation{org("a", "甲", other, "330402"), org("b", "乙", code, "330402")}, "b", ReasonCode, true},
		{"name", Entry{Name: "甲（嘉兴）有限公司"}, []identity.Organisation{org("a", "甲(嘉兴)有限公司", "", "330402")}, "a", ReasonName, true},
		{"form", Entry{Name: "甲有限公司"}, []identity.Organisation{org("a", "甲有限责任公司", "", "330402")}, "a", ReasonForm, false},
		{"away", Entry{Name: "甲有限公司"}, []identity.Organisation{org("a", "甲有限公司", "", "310000")}, "a", ReasonAway, false},
		{"former", Entry{Name: "乙有限公司", Former: "甲有限公司"}, []identity.Organisation{org("a", "甲有限公司", "", "330402")}, "a", ReasonFormer, false},
		{"twice", Entry{Name: "甲有限公司"}, []identity.Organisation{org("a", "甲有限公司", "", "330402"), org("b", "甲有限公司", "", "330411")}, "a", ReasonTwice, false},
		{"other code", Entry{Name: "甲有限公司", USCC: other}, []identity.Organisation{org("a", "甲有限公司", code, "330402")}, "a", ReasonOtherCode, false},
		{"nobody", Entry{Name: "丙有限公司"}, []identity.Organisation{org("a", "甲有限公司", code, "330402")}, "", "", false},
		{"no name", Entry{USCC: other}, []identity.Organisation{org("a", "", code, "330402")}, "", "", false},
	} {
		x.entry.Folded = folded(x.entry.Name)
		if f := Compare(x.entry, "330400", x.orgs, m); f.Org != x.org || f.Reason != x.reason || f.Sure != x.sure {
			t.Errorf("%s: %+v", x.name, f)
		}
	}
}

const smeFile = "序号,企业名称,统一社会信用代码,入库登记编号,入库时间,有效期至,曾用名\n" +
	"1,示例·甲有限公司,Y1999999000000013X,202633040200000001,2026-05-20,,\n" +
	"2,示例·乙有限公司,,202633040200000002,2026/05/21,2026-12-31,示例·老乙有限公司\n" +
	"3,,,202633040200000003,2026-05-21,,\n" +
	"4,示例·丁有限公司,123,202633040200000004,昨天,,\n" +
	"5,示例·乙有限公司,,202633040200000002,2026-05-21,2026-12-31,\n" +
	"6,=cmd|'/c calc'!A1,,202633040200000006,2026-05-21,2020-01-01,\n"

func read(t testing.TB, text string) *sheet.Table {
	t.Helper()
	table, err := sheet.Read("list.csv", strings.NewReader(text), sheet.Options{Heading: known})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestParse(t *testing.T) {
	table := read(t, smeFile)
	mapping := Propose(table.Headings)
	if want := []string{"", FieldName, FieldUSCC, FieldNumber, FieldFrom, FieldTo, FieldFormer}; !slices.Equal(mapping, want) {
		t.Fatalf("proposed %q", mapping)
	}
	l := List{ID: "l", Rules: []Rule{{Validity: "year-end:0"}}}
	p := Parse(l, table, mapping)
	if len(p.Entries) != 2 || p.Entries[0].To != "2026-12-31" || !p.Entries[0].Derived || p.Entries[1].Derived || p.Entries[1].Former != "示例·老乙有限公司" {
		t.Errorf("entries: %+v", p.Entries)
	}
	var got []string
	for _, e := range p.Errors {
		got = append(got, e.Column+" "+e.Fault.Code)
	}
	slices.Sort(got)
	if want := []string{" twice", "企业名称 required", "入库时间 date", "有效期至 order", "统一社会信用代码 uscc"}; !slices.Equal(got, want) {
		t.Errorf("mistakes: %q", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(smeFile))
	f.Add([]byte("name,uscc\n,\n"))
	f.Add([]byte("企业名称\t有效期至\n甲\t9999-99-99\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := sheet.Read("list.csv", bytes.NewReader(data), sheet.Options{Heading: known, Limits: sheet.Limits{Rows: 1000}})
		if err != nil {
			return
		}
		p := Parse(List{ID: "l", Rules: []Rule{{Validity: "months:36"}}}, table, Propose(table.Headings))
		for _, e := range p.Entries {
			if e.ID == "" || e.Name == "" || e.To != "" && e.From > e.To {
				t.Errorf("%+v", e)
			}
		}
	})
}
