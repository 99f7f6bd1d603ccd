package demo

import (
	"strings"
	"testing"

	"qiao/data"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
)

func must[T any](t *testing.T, read func() ([]T, error)) []T {
	t.Helper()
	rows, err := read()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// The samples hang together: owners exist, names are marked, codes are right and nobody's, hours and prices are sane.
func TestSamples(t *testing.T) {
	orgs, codes := map[string]organisation{}, map[string]bool{}
	for _, o := range must(t, organisations) {
		if err := identity.CheckUSCC(o.USCC()); err != nil || codes[o.USCC()] || !strings.HasPrefix(o.USCC(), "Y1999999") {
			t.Errorf("%s: code %s, %v", o.Key, o.USCC(), err)
		}
		if !strings.HasPrefix(o.NameZH, mark) || !strings.HasPrefix(o.NameEN, markEN) || !identity.KnownCapacity(o.Capacity) || !identity.ValidRegion(o.Region) {
			t.Errorf("%+v", o)
		}
		codes[o.USCC()], orgs[o.Key] = true, o
	}
	for _, p := range must(t, colleagues) {
		if _, ok := orgs[p.Organisation]; !ok || !strings.HasPrefix(p.Name, mark) || !identity.ValidLogin(address(p.Login)) {
			t.Errorf("%+v", p)
		}
	}
	classes := map[string]bool{}
	for _, c := range must(t, data.InstrumentClasses) {
		classes[c.Code] = true
	}
	list := must(t, instruments)
	for _, i := range list {
		if orgs[i.Owner].Capacity != "provider" || !classes[i.Class] || i.Price <= 0 || len(i.Hours) == 0 {
			t.Errorf("%+v", i)
		}
	}
	tests := must(t, services)
	for _, s := range tests {
		if orgs[s.Owner].Capacity != "provider" || s.Price <= 0 || s.Days <= 0 {
			t.Errorf("%+v", s)
		}
	}
	have := map[string]bool{"institution": true, "instrument": true, "expert": true}
	for _, r := range must(t, sampleRecords) {
		k, ok := kinds.All().Find(r.Kind)
		if _, err := r.draft(); !ok || err != nil || orgs[r.Owner].Capacity != "provider" {
			t.Errorf("%+v, %v", r, err)
		}
		for name, v := range r.Values {
			if f, ok := k.Field(name); !ok {
				t.Errorf("%s: no field %s", r.ID, name)
			} else if _, p := f.Accept(v); p != nil {
				t.Errorf("%s: %s: %+v", r.ID, name, p)
			}
		}
		have[r.Kind] = true
	}
	for _, k := range kinds.All() {
		if !have[k.Name] {
			t.Errorf("the demo has no %s", k.Name)
		}
	}
	if len(list) < 60 || len(tests) < 20 {
		t.Errorf("%d instruments, %d services", len(list), len(tests))
	}
}

// Nothing invented bears the name of a real institution.
func TestSamplesAreNobody(t *testing.T) {
	real := map[string]bool{}
	for _, i := range must(t, data.Institutions) {
		real[i.NameZH], real[i.NameEN] = true, true
	}
	for _, o := range must(t, organisations) {
		if real[strings.TrimPrefix(o.NameZH, mark)] || real[strings.TrimPrefix(o.NameEN, markEN)] {
			t.Errorf("%s is a real institution", o.NameZH)
		}
	}
}

func TestOpenings(t *testing.T) {
	got, err := openings("6-7 09:00-12:00")
	if err != nil || len(got) != 2 || got[1] != (opening{7, "09:00", "12:00"}) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{"", "1-5", "5-1 09:00-10:00", "0-5 09:00-10:00", "1-8 09:00-10:00", "a-b 09:00-10:00"} {
		if _, err := openings(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestLogins(t *testing.T) {
	logins := Logins()
	if len(logins) != 9 || logins[0].Password != Password {
		t.Errorf("%+v", logins)
	}
}
