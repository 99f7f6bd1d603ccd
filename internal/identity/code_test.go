package identity

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/fault"
)

func TestCheckUSCC(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"91350200MA2YJ1XR9G", ""},
		{"91350200776049653A", ""},
		{"123502001549897397", ""},
		{"91350100M0001TGQXM", "uscc-check"}, // issued early, and right
		{"91350200MA2YJ1XR9H", "uscc-check"},
		{"91350200MA2YJ1XR9", "uscc-shape"},
		{"91350200MA2YJ1XR9GG", "uscc-shape"},
		{"91350200MA2YJ1XROG", "uscc-shape"}, // the letter O
		{"91350200ma2yj1xr9g", "uscc-shape"},
		{"", "uscc-shape"},
		{"统一社会信用", "uscc-shape"},
	} {
		err := CheckUSCC(c.code)
		if c.want == "" && err != nil || c.want != "" && !fault.Is(err, c.want) {
			t.Errorf("CheckUSCC(%q) = %v, want %q", c.code, err, c.want)
		}
		if USCCWarning(err) != (c.want == "uscc-check") {
			t.Errorf("USCCWarning(%q) = %v", c.code, USCCWarning(err))
		}
	}
}

func TestCheckUSCCFindsEverySlip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		good := "91350200MA2YJ1XR9G"
		i := rapid.IntRange(0, 16).Draw(t, "place")
		r := rapid.SampledFrom(strings.Split(usccAlphabet, "")).Draw(t, "letter")
		bad := good[:i] + r + good[i+1:]
		if err := CheckUSCC(bad); (err == nil) != (bad == good) {
			t.Fatalf("CheckUSCC(%q) = %v", bad, err)
		}
	})
}

func TestNormalUSCC(t *testing.T) {
	if got := NormalUSCC(" 9135 0200-ma2yj1xr9g　"); got != "91350200MA2YJ1XR9G" {
		t.Errorf("got %q", got)
	}
}

func FuzzCheckUSCC(f *testing.F) {
	f.Add("91350100M0001TGQXM")
	f.Add("统一社会信用代码")
	f.Fuzz(func(t *testing.T, s string) {
		if CheckUSCC(NormalUSCC(s)) == nil && len(NormalUSCC(s)) != 18 {
			t.Errorf("%q passes", s)
		}
	})
}

func TestValidROR(t *testing.T) {
	for _, c := range []struct {
		ror  string
		want bool
	}{
		{"03yrm5c26", true}, {"02aj13c28", true}, {"01k4yrm29", true}, {"01k4yrm30", false},
		{"https://ror.org/02n7p8p77", true}, {"13yrm5c26", false}, {"03yrl5c26", false}, {"", false},
	} {
		if got := ValidROR(NormalROR(c.ror)); got != c.want {
			t.Errorf("ValidROR(%q) = %v", c.ror, got)
		}
	}
}

func TestValidORCID(t *testing.T) {
	for _, c := range []struct {
		orcid string
		want  bool
	}{
		{"0000-0002-1825-0097", true}, {"0000-0002-1694-233X", true}, {"0000-0002-1825-0098", false},
		{"0000-0002-1694-2330", false}, {"0000000218250097", false}, {"", false},
	} {
		if got := ValidORCID(c.orcid); got != c.want {
			t.Errorf("ValidORCID(%q) = %v", c.orcid, got)
		}
	}
}
