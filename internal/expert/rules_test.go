package expert

import (
	"testing"

	"pgregory.net/rapid"
)

func TestConflicts(t *testing.T) {
	rules, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		why   string
		tie   Tie
		day   string
		found bool
		until string
	}{
		{"employed still", Tie{Orgs: []string{"o"}, Relation: "employment", From: "2010-01-01"}, "2026-11-21", true, ""},
		{"not yet", Tie{Orgs: []string{"o"}, Relation: "employment", From: "2027-01-01"}, "2026-11-21", false, ""},
		{"left within three years", Tie{Orgs: []string{"o"}, Relation: "employment", From: "2010-01-01", To: "2023-11-21"}, "2026-11-21", true, "2026-11-21"},
		{"left three years and a day ago", Tie{Orgs: []string{"o"}, Relation: "employment", From: "2010-01-01", To: "2023-11-20"}, "2026-11-21", false, ""},
		{"left on a leap day", Tie{Orgs: []string{"o"}, Relation: "office", From: "2010-01-01", To: "2024-02-29"}, "2026-11-21", true, "2027-02-28"},
		{"part of a larger one", Tie{Orgs: []string{"x", "o"}, Relation: "shares", From: "2020-01-01"}, "2026-11-21", true, ""},
		{"another part of the same whole", Tie{Orgs: []string{"x", "u"}, Relation: "shares", From: "2020-01-01"}, "2026-11-21", false, ""},
		{"employed by the whole", Tie{Orgs: []string{"u"}, Relation: "employment", From: "2020-01-01"}, "2026-11-21", true, ""},
		{"known by name only", Tie{Name: "示例·甲", Relation: "other", From: "2020-01-01"}, "2026-11-21", true, ""},
		{"another organisation", Tie{Orgs: []string{"x"}, Name: "示例·乙", Relation: "other", From: "2020-01-01"}, "2026-11-21", false, ""},
		{"a relation nobody knows", Tie{Orgs: []string{"o"}, Relation: "neighbour", From: "2020-01-01"}, "2026-11-21", false, ""},
		{"family has no years after", Tie{Orgs: []string{"o"}, Relation: "family", From: "2020-01-01", To: "2026-11-20"}, "2026-11-21", false, ""},
	} {
		got, err := Conflicts(rules, []Tie{c.tie}, []string{"o", "u"}, []string{"示例·甲"}, c.day)
		if err != nil || (len(got) == 1) != c.found || c.found && got[0].Until != c.until {
			t.Errorf("%s: %+v %v", c.why, got, err)
		}
	}
}

// A tie that counts on a day counted on every day before it, back to its first.
func TestConflictsEndOnce(t *testing.T) {
	rules, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	day := rapid.StringMatching(`20(1[5-9]|2[0-9])-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])`)
	rapid.Check(t, func(t *rapid.T) {
		tie := Tie{Orgs: []string{"o"}, Relation: rapid.SampledFrom([]string{"employment", "office", "other", "cooperation"}).Draw(t, "relation"), From: day.Draw(t, "from")}
		tie.To = max(tie.From, day.Draw(t, "to"))
		a, b := day.Draw(t, "a"), day.Draw(t, "b")
		if a > b {
			a, b = b, a
		}
		if _, known := rules.relation(tie.Relation, a); !known || a < tie.From { // before the rule, no tie of its kind counts
			return
		}
		early, err1 := Conflicts(rules, []Tie{tie}, []string{"o"}, nil, a)
		late, err2 := Conflicts(rules, []Tie{tie}, []string{"o"}, nil, b)
		if err1 != nil || err2 != nil || len(late) > len(early) {
			t.Fatalf("%+v counts on %s but not on %s (%v %v)", tie, b, a, err1, err2)
		}
	})
}

// Every purpose and relation names its source, and each wording has a fingerprint of its own.
func TestRulesAreSourced(t *testing.T) {
	rules, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range rules.Purposes {
		if p.Source.ZH == "" || p.Source.EN == "" || p.Text.ZH == "" || p.Text.EN == "" || seen[p.SHA256()] {
			t.Errorf("%+v", p)
		}
		seen[p.SHA256()] = true
	}
	for _, r := range rules.Relations {
		if r.Source.ZH == "" || r.Source.EN == "" {
			t.Errorf("%+v", r)
		}
	}
	if len(rules.purposes("2026-11-21")) != 5 || rules.limit("2026-11-21").RequestsDay == 0 {
		t.Error("purposes or limits are missing")
	}
	if len(rules.purposes("2025-12-31")) != 0 {
		t.Error("a wording is in force before its day")
	}
}

func TestTopicsOfTitles(t *testing.T) {
	got := topicsOf([]Topic{{"生物材料", ""}, {"材料", ""}, {"高分子材料", ""}}).propose([]string{"可降解生物材料的研究", "生物材料与高分子材料", "土壤"})
	if len(got) != 2 || got[0].Topic.ZH != "生物材料" || len(got[0].By) != 2 || got[1].Topic.ZH != "高分子材料" {
		t.Errorf("%+v", got)
	}
}
