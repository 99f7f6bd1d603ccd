package provider

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/money"
)

func shipped(t testing.TB) Rules {
	t.Helper()
	r, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The rule of the nearest region binds, by the day of acceptance and the original value.
func TestBound(t *testing.T) {
	r := shipped(t)
	for _, x := range []struct {
		region   string
		worth    money.Fen
		accepted string
		rule     string
		due      string
	}{
		{"310115", 30_000_000, "2026-01-05", "shanghai-2024", "2026-02-04"},
		{"310115", 29_999_999, "2026-01-05", "", ""},
		{"310115", 90_000_000, "2020-03-01", "shanghai-2007", "2020-03-16"},
		{"530102", 20_000_000, "2026-01-05", "yunnan", ""},
		{"330402", 50_000_000, "2026-01-05", "national", ""},
		{"330402", 49_999_999, "2026-01-05", "", ""},
	} {
		rule, due, ok := r.Bound(x.region, x.worth, x.accepted)
		if rule.Code != x.rule || due != x.due || ok != (x.rule != "") {
			t.Errorf("%s %s %s: %s %s", x.region, x.worth, x.accepted, rule.Code, due)
		}
	}
	for _, x := range append(r.Reporting, r.Sample...) {
		if x.Source.ZH == "" || x.Source.EN == "" {
			t.Errorf("%s has no source", x.Code)
		}
	}
}

func TestWarning(t *testing.T) {
	for left, want := range map[int]int{91: -1, 90: 90, 61: 90, 60: 60, 31: 60, 30: 30, 0: 30} {
		got, ok := warning([]int{90, 60, 30}, left)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%d days left: %d, want %d", left, got, want)
		}
	}
}

// A term of so many months is followed by the next without a gap, and never ends before it begins.
func TestTerms(t *testing.T) {
	for from, want := range map[string]string{"2026-11-21": "2028-11-20", "2026-01-01": "2027-12-31", "2024-02-29": "2026-02-28"} {
		if got, err := termEnd(from, 24); err != nil || got != want {
			t.Errorf("24 months from %s: %s %v, want %s", from, got, err, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		from := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 5000).Draw(t, "day")).Format(clock.DateLayout)
		end, err := termEnd(from, rapid.IntRange(1, 60).Draw(t, "months"))
		if err != nil || end < from {
			t.Fatalf("from %s ends %s: %v", from, end, err)
		}
	})
}

func TestParseScope(t *testing.T) {
	got := ParseScope("拉伸试验 | GB/T 228.1-2021 | 100 kN 以下\n\n弯曲｜GB/T 1449\t室温|干态\n | 只有方法\n")
	want := []Scope{{Position: 1, Item: "拉伸试验", Method: "GB/T 228.1-2021", Limits: "100 kN 以下"}, {Position: 2, Item: "弯曲", Method: "GB/T 1449", Limits: "室温|干态"}, {Position: 3, Item: "只有方法"}}
	if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("%+v", got)
	}
	if found := searchScope(got, "gb/t 拉伸"); len(found) != 1 || found[0].Position != 1 {
		t.Errorf("found %+v", found)
	}
}

func FuzzParseScope(f *testing.F) {
	f.Add("拉伸试验 | GB/T 228.1-2021 | 100 kN 以下\n弯曲｜GB/T 1449")
	f.Add("|||\n\t\t\n=cmd|' /C calc'!A0")
	f.Fuzz(func(t *testing.T, text string) {
		list := ParseScope(text)
		for i, x := range list {
			if x.Item == "" || x.Position != int64(i+1) || strings.ContainsAny(x.Item, "\n\t|") {
				t.Errorf("%+v", x)
			}
		}
		if again := ParseScope(scopeText(list)); len(again) != len(list) {
			t.Errorf("%d lines became %d", len(list), len(again))
		}
	})
}
