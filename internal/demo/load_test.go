package demo

import (
	"strings"
	"testing"
	"unicode/utf8"

	"qiao/data"
	"qiao/internal/identity"
)

func TestUnclaimed(t *testing.T) {
	kinds := map[string]bool{}
	for _, k := range identity.Kinds() {
		kinds[k] = true
	}
	for _, i := range must(t, data.Institutions) {
		o := unclaimed(i)
		if !kinds[o.Kind] || !identity.ValidROR(o.ROR) || o.Sample || o.Licence == "" {
			t.Errorf("%+v", o)
		}
		if i.NameEN == "Jiaxing University" && (o.Kind != "university" || o.Region != Root) {
			t.Errorf("%+v", o)
		}
	}
	for types, want := range map[string]string{"funder|government": "government", "education|funder": "university", "facility": "institute", "other": "other", "": "other"} {
		if got := kind(types); got != want {
			t.Errorf("%q is a %s, want %s", types, got, want)
		}
	}
}

func TestDeltaExperts(t *testing.T) {
	n := 0
	for _, s := range must(t, deltaExperts) {
		for _, e := range s.Experts {
			n++
			text := e.summary()
			if len(e.Awards) > most || utf8.RuneCountInString(text) > 2000 || !strings.Contains(text, e.Awards[0].Number) {
				t.Errorf("%s of %s: %d awards, %d characters", e.Name, s.Institution, len(e.Awards), utf8.RuneCountInString(text))
			}
		}
	}
	if n < 2000 {
		t.Errorf("%d experts", n)
	}
}
