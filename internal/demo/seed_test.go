package demo

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"qiao/internal/demo/synthetic"
	"qiao/internal/platform/fault"
)

func TestParseScale(t *testing.T) {
	for scale, want := range map[string]Size{
		"delta": {Name: "delta", Institutions: 2400, Instruments: 40000, Services: 200000, Experts: 200000, Bases: 300, Professionals: 2400},
		"100":   {Name: "100", Institutions: 6, Instruments: 100, Services: 500, Experts: 500, Bases: 1, Professionals: 6},
		"1":     {Name: "1", Institutions: 1, Instruments: 1, Services: 5, Experts: 5, Bases: 1, Professionals: 1},
	} {
		if got, err := ParseScale(scale); err != nil || got != want {
			t.Errorf("%s: %+v, %v", scale, got, err)
		}
	}
	for _, bad := range []string{"", "0", "-1", "province", "10000000"} {
		if _, err := ParseScale(bad); !fault.Is(err, "scale-unknown") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestShareAddsUp(t *testing.T) {
	for _, n := range []int{1, 3, 7, 2400} {
		sum := 0
		for i := range n {
			sum += share(40000, n, i)
		}
		if sum != 40000 {
			t.Errorf("%d parts add up to %d", n, sum)
		}
	}
}

func TestGeneratorIsDeterministic(t *testing.T) {
	words, err := synthetic.New()
	if err != nil {
		t.Fatal(err)
	}
	rows := func() [][]string {
		g := generator{Writer: words.Writer(7, 1), n: 3}
		return slices.Concat(g.instruments(20), g.services(20), g.experts(20), g.bases(20), g.professionals(20))
	}
	a := rows()
	if !reflect.DeepEqual(a, rows()) {
		t.Error("the same seed makes other rows")
	}
	for _, r := range a {
		if r[0] != "编号" && !strings.HasPrefix(r[1], "合成·") {
			t.Errorf("%q is not marked as synthetic", r[1])
		}
	}
}

func TestCities(t *testing.T) {
	delta, err := cities(false)
	if err != nil || len(delta) != 41 {
		t.Errorf("%d cities of the Delta, %v", len(delta), err)
	}
	nation, err := cities(true)
	if err != nil || len(nation) != 337 {
		t.Errorf("%d cities, %v", len(nation), err)
	}
}

// Every list that is made can be read to its last cell.
func TestGeneratedListsAreRead(t *testing.T) {
	words, err := synthetic.New()
	if err != nil {
		t.Fatal(err)
	}
	g := generator{Writer: words.Writer(7, 1), n: 3}
	for _, p := range []part{{"instrument", g.instruments(50)}, {"service", g.services(50)}, {"expert", g.experts(50)}, {"base", g.bases(50)}, {"professional", g.professionals(50)}} {
		in, err := incoming(p)
		if err != nil || len(in) != 50 {
			t.Fatalf("%s: %d %v", p.kind, len(in), err)
		}
		for _, x := range in {
			if x.SourceID == "" || x.Values["class"] == nil && p.kind != "expert" || (p.kind == "instrument" || p.kind == "service") && (len(x.Prices) != 1 || len(x.Access) == 0 || x.Voucher == nil) {
				t.Fatalf("%+v", x)
			}
		}
	}
}
