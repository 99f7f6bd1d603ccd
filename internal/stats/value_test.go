package stats_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/stats"
)

func TestValuesRead(t *testing.T) {
	for _, c := range []struct {
		unit        stats.Unit
		n, d        int64
		text, short string
	}{
		{stats.UnitItem, 1234567, 1, "1,234,567 项", "1,234,567"}, {stats.UnitHours, 155, 1, "2.6 小时", "2.6"}, {stats.UnitHours, 60, 1, "1 小时", "1"},
		{stats.UnitHours, 119, 1, "2 小时", "2"}, {stats.UnitMoney, 5127000000, 1, "¥51,270,000", "¥51,270,000"}, {stats.UnitPercent, 3, 5, "60%", "60%"},
		{stats.UnitPercent, 2, 3, "66.7%", "66.7%"}, {stats.UnitPercent, 0, 0, "尚无数据", "—"}, {stats.UnitScore, 9, 2, "4.5 分（满分 5）", "4.5"},
		{stats.UnitWait, 0, 3, "<1 分钟", "<1"}, {stats.UnitWait, 45, 3, "45 分钟", "45"}, {stats.UnitWait, 150, 1, "2.5 小时", "2.5"}, {stats.UnitWait, 5000, 1, "3.5 天", "3.5"},
	} {
		v := stats.Value{Definition: stats.Definition{Unit: c.unit, Measure: "项"}, Numerator: c.n, Denominator: c.d}
		short, _ := v.Split(t.Context())
		if v.Text(t.Context()) != c.text || short != c.short {
			t.Errorf("%s %d/%d reads %q, %q; want %q, %q", c.unit, c.n, c.d, v.Text(t.Context()), short, c.text, c.short)
		}
	}
}

// The text of a share is its value, rounded to one decimal.
func TestASharesTextIsTrue(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := rapid.Int64Range(1, 1_000_000).Draw(r, "denominator")
		n := rapid.Int64Range(0, d).Draw(r, "numerator")
		v := stats.Value{Definition: stats.Definition{Unit: stats.UnitPercent}, Numerator: n, Denominator: d}
		text := strings.TrimSuffix(v.Text(context.Background()), "%")
		whole, tenth, _ := strings.Cut(text, ".")
		got := int64(0)
		for _, digit := range whole + (tenth + "0")[:1] {
			got = got*10 + int64(digit-'0')
		}
		if diff := got*d - n*1000; diff > d/2+1 || diff < -d/2-1 {
			r.Fatalf("%d/%d reads %s%%", n, d, text)
		}
	})
}

func TestDefinitionsAreWhole(t *testing.T) {
	seen, used := map[string]bool{}, map[stats.Kind]bool{}
	for _, d := range stats.Definitions() {
		if seen[d.Code] || d.NameZH == "" || d.NameEN == "" || d.TextZH == "" || d.TextEN == "" || d.Source == "" || d.Version == "" || len(d.Since) != 10 {
			t.Errorf("the definition of %s is not whole", d.Code)
		}
		seen[d.Code] = true
		f := d.Formula
		for _, k := range []stats.Kind{f.Of, f.Less, f.Less2, f.With} {
			used[k] = true
			if k != "" && !slices.Contains(stats.Kinds(), k) {
				t.Errorf("%s reads facts of the unknown kind %s", d.Code, k)
			}
		}
	}
	for _, k := range stats.Kinds() {
		if !used[k] {
			t.Errorf("no number reads facts of the kind %s", k)
		}
	}
}

func TestEveryRegionHasOneTile(t *testing.T) {
	jiaxing := []string{"330402", "330411", "330421", "330424", "330481", "330482", "330483"}
	rapid.Check(t, func(r *rapid.T) {
		root := rapid.SampledFrom([]string{"330400", "310000", ""}).Draw(r, "root")
		regions := append(rapid.SliceOfDistinct(rapid.SampledFrom(jiaxing), rapid.ID).Draw(r, "drawn"), rapid.SliceOfNDistinct(rapid.StringMatching(`31[0-9]{4}`), 0, 30, rapid.ID).Draw(r, "others")...)
		cells := stats.Layout(root, regions)
		places, codes := map[[2]int]bool{}, map[string]bool{}
		for _, c := range cells {
			if places[[2]int{c.Col, c.Row}] || codes[c.Region] || c.Col < 0 || c.Row < 0 {
				r.Fatalf("two tiles of one region or one place: %v", cells)
			}
			places[[2]int{c.Col, c.Row}], codes[c.Region] = true, true
		}
		if len(cells) != len(regions) {
			r.Fatalf("%d tiles of %d regions", len(cells), len(regions))
		}
	})
}

// Whatever an organisation is called and wherever it sits, a masked row does not tell its name or id.
func TestAMaskNeverTellsAName(t *testing.T) {
	d := dbtest.SQLite(t)
	p := deps(t, d, clock.NewFake(start))
	var orgs map[string]identity.Organisation
	p.Organisations = func(context.Context, db.Q, []string) (map[string]identity.Organisation, error) { return orgs, nil }
	s := stats.New(p)
	record(t, d, s, story()...)
	def, _ := stats.Lookup("orders")
	rapid.Check(t, func(r *rapid.T) {
		orgs = map[string]identity.Organisation{}
		name := rapid.StringMatching(`[甲乙丙丁戊己庚辛壬癸]{2,8}`)
		for _, id := range []string{firm, firm2, lab} {
			orgs[id] = identity.Organisation{ID: id, NameZH: name.Draw(r, "name"), NameEN: rapid.StringMatching(`Zq[a-z]{3,9}`).Draw(r, "english"),
				Kind: rapid.SampledFrom(append(identity.Kinds(), "")).Draw(r, "kind"), Region: rapid.SampledFrom([]string{"330402", "330482", "310104", ""}).Draw(r, "region")}
		}
		rows, _, err := s.Rows(context.Background(), identity.Subject{}, def, s.Today(), "", 10)
		if err != nil {
			r.Fatal(err)
		}
		raw, err := json.Marshal(rows)
		if err != nil {
			r.Fatal(err)
		}
		for id, o := range orgs {
			for _, secret := range []string{id, o.NameZH, o.NameEN} {
				if strings.Contains(string(raw), secret) {
					r.Fatalf("a masked row tells %q: %s", secret, raw)
				}
			}
		}
	})
}
