package catalogue

import (
	"testing"

	"pgregory.net/rapid"
)

func TestIdentifiers(t *testing.T) {
	for _, c := range []struct {
		scheme, in, want string // want empty: refused
	}{
		{"doi", "https://doi.org/10.5442/NI000001", "10.5442/ni000001"},
		{"doi", "doi: 10.1000/182", "10.1000/182"},
		{"doi", "11.1000/182", ""},
		{"doi", "10.1000/", ""},
		{"cstr", "CSTR:31253.11.sciencedb.01234", "31253.11.sciencedb.01234"},
		{"cstr", "https://www.cstr.cn/31253.11.sciencedb.01234", "31253.11.sciencedb.01234"},
		{"cstr", "31253.sciencedb", ""},
		{"ror", "https://ror.org/03yrm5c26", "03yrm5c26"},
		{"ror", "01k4yrm30", ""},
		{"orcid", "https://orcid.org/0000-0002-1694-233x", "0000-0002-1694-233X"},
		{"orcid", "０００００００２１８２５００９７", "0000-0002-1825-0097"},
		{"orcid", "0000-0002-1825-0098", ""},
		{"handle", "hdl.handle.net/21.T11148/17ce618137e697852ea6", "21.T11148/17ce618137e697852ea6"},
		{"pidinst", "http://hdl.handle.net/21.T11998/0000-001A-3905-F", "21.T11998/0000-001A-3905-F"},
		{"pidinst", "not a handle", ""},
		{"own", " 资产 2026-1 ", "资产 2026-1"},
		{"other", "", ""},
		{"isbn", "978", ""},
	} {
		x := Identifier{c.scheme, c.in}.Normal()
		got := x.Value
		if x.problem() != nil {
			got = ""
		}
		if got != c.want {
			t.Errorf("%s %q: %q, want %q", c.scheme, c.in, got, c.want)
		}
	}
}

// What is kept stays as it is when it is said again, and its link leads to itself.
func TestANormalIdentifierIsNormal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scheme := rapid.SampledFrom([]string{"own", "cstr", "doi", "ror", "orcid", "pidinst", "handle", "other"}).Draw(t, "scheme")
		x := Identifier{scheme, rapid.SampledFrom([]string{"", "doi:", "https://doi.org/", "10.1234/", "21.T1/"}).Draw(t, "head") + rapid.String().Draw(t, "value")}.Normal()
		if again := x.Normal(); again != x {
			t.Fatalf("%+v becomes %+v", x, again)
		}
		if link := (Identifier{scheme, x.Link()}); x.problem() == nil && x.Link() != "" && link.Normal() != x {
			t.Fatalf("the link of %+v is read as %+v", x, link.Normal())
		}
	})
}

func FuzzIdentifier(f *testing.F) {
	for _, s := range []string{"10.5442/NI000001", "https://doi.org/10.1/x", "0000-0002-1825-0097", "CSTR:31253.11.a"} {
		f.Add("doi", s)
	}
	f.Fuzz(func(t *testing.T, scheme, value string) {
		if x := (Identifier{scheme, value}).Normal(); x.problem() == nil && len([]rune(x.Value)) > 200 {
			t.Errorf("%+v passes", x)
		}
	})
}

func TestFreshness(t *testing.T) {
	for _, c := range []struct{ checked, want string }{
		{"", NeverChecked}, {"2026-11-21", Fresh}, {"2026-06-25", Fresh}, {"2026-06-24", Fresh}, {"2026-06-23", Due}, {"2026-05-25", Due}, {"2026-05-24", Stale}, {"2020-01-01", Stale},
	} {
		if got := TermOf(CheckTerms(), "330402", "2026-11-21").freshness(c.checked, "2026-11-21"); got != c.want {
			t.Errorf("checked on %q: %s, want %s", c.checked, got, c.want)
		}
	}
}
