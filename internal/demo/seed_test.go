package demo

import (
	"reflect"
	"strings"
	"testing"

	"qiao/internal/demo/synthetic"
	"qiao/internal/platform/fault"
)

func TestParseScale(t *testing.T) {
	for scale, want := range map[string]Size{
		"delta": {Name: "delta", Institutions: 2400, Instruments: 40000, Services: 200000, Experts: 200000},
		"100":   {Name: "100", Institutions: 6, Instruments: 100, Services: 500, Experts: 500},
		"1":     {Name: "1", Institutions: 1, Instruments: 1, Services: 5, Experts: 5},
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
		return append(append(g.instruments(20), g.services(20)...), g.experts(20)...)
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
