package dated

import "testing"

type rule struct {
	From   string `json:"from"`
	Source string `json:"source"`
	Days   int    `json:"days"`
}

func (r rule) Since() (day, source string) { return r.From, r.Source }

func TestARuleHoldsUntilTheNext(t *testing.T) {
	rules, err := Read[rule]([]byte(`[{"from": "2026-01-01", "source": "a", "days": 1}, {"from": "2026-07-01", "source": "b", "days": 2}]`))
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]int{"2020-01-01": 1, "2026-01-01": 1, "2026-06-30": 1, "2026-07-01": 2, "2030-01-01": 2} {
		if got := On(rules, day).Days; got != want {
			t.Errorf("%s: %d, want %d", day, got, want)
		}
	}
}

func TestRulesWithoutDayOrSourceAreRefused(t *testing.T) {
	for name, file := range map[string]string{
		"none": `[]`, "not JSON": `[`, "no day": `[{"source": "a"}]`, "no such day": `[{"from": "2026-02-30", "source": "a"}]`, "no source": `[{"from": "2026-01-01"}]`,
		"unknown field": `[{"from": "2026-01-01", "source": "a", "day": 1}]`,
		"out of order":  `[{"from": "2026-07-01", "source": "a"}, {"from": "2026-01-01", "source": "b"}]`,
		"twice a day":   `[{"from": "2026-07-01", "source": "a"}, {"from": "2026-07-01", "source": "b"}]`,
	} {
		if rules, err := Read[rule]([]byte(file)); err == nil {
			t.Errorf("%s: %v", name, rules)
		}
	}
}
