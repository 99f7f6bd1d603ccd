package duplicate

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/catalogue"
)

const about = "配备能谱仪和背散射电子探测器，分辨率 1.0 纳米，可做表面形貌观察与微区成分分析，样品须干燥导电。" //i18n:data a description

// scope is a record of a microscope with some fields.
func scope(id, owner string, change func(*catalogue.Resource)) Record {
	r := catalogue.Resource{
		ID: id, Kind: "instrument", Owner: owner, NameZH: "场发射扫描电子显微镜", Model: "SEM-5000X", Maker: "国仪量子技术（合肥）股份有限公司", Summary: about,
		Fields: map[string]any{"serial": "CQ2023-0172", "room": "A 楼 105"}, SourceID: "n-" + id,
	}
	if change != nil {
		change(&r)
	}
	return RecordOf(r)
}

func codes(l []Reason) []string {
	var out []string
	for _, r := range l {
		out = append(out, r.Code)
	}
	return out
}

func TestCompare(t *testing.T) {
	base := scope("a", "org-1", nil)
	for _, c := range []struct {
		name     string
		change   func(*catalogue.Resource)
		owner    string
		is       bool
		has      string
		blocking bool
	}{
		{"the same set at another owner, written otherwise", func(r *catalogue.Resource) {
			r.NameZH, r.Model, r.Maker, r.Summary = "扫描电镜（场发射）", "sem 5000x", "国仪量子", "能观察表面。"
			r.Fields = map[string]any{"serial": "ＣＱ２０２３０１７２"}
		}, "org-2", true, "same-serial", true},
		{"the same model, another set", func(r *catalogue.Resource) { r.Fields = map[string]any{"serial": "CQ2023-0173", "room": "A 楼 105"} }, "org-1", false, "other-serial", true},
		{"two sets that one owner numbered", func(r *catalogue.Resource) { r.Fields = map[string]any{} }, "org-1", false, "other-number", true},
		{"the same text and model, no serial, two owners", func(r *catalogue.Resource) { r.Fields = map[string]any{} }, "org-2", true, "same-text", true},
		{"the same name and room", func(r *catalogue.Resource) {
			r.Model, r.Maker, r.Summary = "", "", ""
			r.Fields = map[string]any{"room": "Ａ楼105"}
		}, "org-2", true, "same-name-place", true},
		{"the same DOI", func(r *catalogue.Resource) {
			*r = catalogue.Resource{ID: "b", Kind: "instrument", Owner: "org-2", NameEN: "Electron microscope", Identifiers: []catalogue.Identifier{{Scheme: "doi", Value: "10.1/x"}}}
		}, "org-2", false, "", false}, // base has none
		{"another instrument", func(r *catalogue.Resource) {
			*r = catalogue.Resource{ID: "b", Kind: "instrument", Owner: "org-1", NameZH: "万能材料试验机", Model: "WDW-100", Fields: map[string]any{}}
		}, "org-1", false, "", false},
		{"a service of the same name", func(r *catalogue.Resource) { r.Kind = "service" }, "org-1", false, "", false},
	} {
		other := scope("b", c.owner, c.change)
		score, reasons := Compare(base, other)
		if (score >= Threshold) != c.is || c.has != "" && !slices.Contains(codes(reasons), c.has) {
			t.Errorf("%s: %d %v", c.name, score, codes(reasons))
		}
		share := slices.ContainsFunc(Keys(base), func(k int64) bool { return slices.Contains(Keys(other), k) })
		if share != c.blocking {
			t.Errorf("%s: shares a key: %v", c.name, share)
		}
	}
	a := scope("a", "o1", func(r *catalogue.Resource) { r.Identifiers = []catalogue.Identifier{{Scheme: "doi", Value: "10.1/X"}} })
	b := RecordOf(catalogue.Resource{ID: "b", Kind: "instrument", Identifiers: []catalogue.Identifier{{Scheme: "doi", Value: "10.1/x"}}})
	if score, reasons := Compare(a, b); score < 900 || reasons[0].Code != "same-identifier" {
		t.Errorf("one DOI: %d %v", score, codes(reasons))
	}
}

func TestCodesThatSayNothing(t *testing.T) {
	for in, want := range map[string]string{"SEM-5000X": "sem5000x", "无": "", "N/A": "", "0000": "", "ＱＥ ２": "qe2"} {
		if got := code(in); got != want {
			t.Errorf("code(%q) = %q, want %q", in, got, want)
		}
	}
}

// drawn is any record of a small world, so that coincidences happen.
func drawn(t *rapid.T, label string) Record {
	text := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, label+name) }
	return scope(label, text("owner", "o1", "o2"), func(r *catalogue.Resource) {
		r.NameZH = text("name", "扫描电镜", "扫描 电镜", "光谱仪", "")
		r.NameEN = text("en", "SEM", "", "sem")
		r.Model = text("model", "X-1", "x1", "", "Y-2")
		r.Summary = text("summary", about, "", about+"可预约。")
		r.Fields = map[string]any{"serial": text("serial", "", "SN-0001", "sn0001", "SN-0002"), "room": text("room", "", "105", "１０５")}
	})
}

// Comparing does not depend on the order, stays in its bounds, and what it finds shares a blocking key.
func TestCompareProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawn(t, "a"), drawn(t, "b")
		x, why := Compare(a, b)
		y, _ := Compare(b, a)
		if x != y || x < 0 || x > 995 {
			t.Fatalf("%d and %d", x, y)
		}
		if x >= Threshold && len(why) == 0 {
			t.Fatal("a pair without a reason")
		}
		share := slices.ContainsFunc(Keys(a), func(k int64) bool { return slices.Contains(Keys(b), k) })
		if x >= Threshold && !share && alike(a.Text, b.Text) < 0.9 {
			t.Fatalf("%d by %v, and no key in common", x, codes(why))
		}
	})
}

func TestTableIsWhole(t *testing.T) {
	for _, v := range Verbs() {
		if !Table().Has(v) {
			t.Errorf("no step %s", v)
		}
	}
	for _, s := range Table() {
		if !slices.Contains(Verbs(), s.Verb) || !slices.Contains(States(), s.To) {
			t.Errorf("%+v", s)
		}
	}
}

// Whatever stands in a record: it is not quite itself under another id, and its keys are few.
func TestAnyTwoRecordsCompare(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", about, "场发射扫描电镜", "SEM-5000X"}))
		r := catalogue.Resource{ID: "x", Kind: "instrument", NameZH: text.Draw(rt, "name"), Model: text.Draw(rt, "model"), Summary: text.Draw(rt, "text"), Fields: map[string]any{"serial": text.Draw(rt, "serial")}}
		a := RecordOf(r)
		r.ID = "y"
		if score, _ := Compare(a, RecordOf(r)); score < 0 || score > 995 {
			rt.Errorf("score %d", score)
		}
		if len(Keys(a)) > 40 {
			rt.Error("too many keys")
		}
	})
}
