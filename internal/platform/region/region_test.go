package region_test

import (
	"testing"

	"qiao/internal/platform/region"

	"pgregory.net/rapid"
)

func TestCodes(t *testing.T) {
	for _, c := range []struct {
		code           string
		level          region.Level
		prefix         string
		province, city string
	}{
		{"330000", region.Province, "33", "330000", ""},
		{"330400", region.City, "3304", "330000", "330400"},
		{"330402", region.County, "330402", "330000", "330400"},
		{"429004", region.County, "429004", "420000", "429000"},
		{"310101", region.County, "310101", "310000", "310100"},
		{"", region.None, "", "", ""},
		{"3304", region.None, "", "", ""},
		{"33040a", region.None, "", "", ""},
		{"000000", region.None, "", "", ""},
		{"330001", region.None, "", "", ""},
		{"３３０４００", region.None, "", "", ""},
	} {
		if got := region.LevelOf(c.code); got != c.level {
			t.Errorf("LevelOf(%q) = %d, want %d", c.code, got, c.level)
		}
		if got := region.Prefix(c.code); got != c.prefix {
			t.Errorf("Prefix(%q) = %q, want %q", c.code, got, c.prefix)
		}
		if got := region.ProvinceOf(c.code); got != c.province {
			t.Errorf("ProvinceOf(%q) = %q, want %q", c.code, got, c.province)
		}
		if got := region.CityOf(c.code); got != c.city {
			t.Errorf("CityOf(%q) = %q, want %q", c.code, got, c.city)
		}
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		code, root string
		want       bool
	}{
		{"330402", "330400", true}, {"330400", "330400", true}, {"330400", "330402", false},
		{"330482", "330000", true}, {"320500", "330000", false}, {"330402", "", false}, {"", "330000", false},
		{"330302", "330400", false},
	} {
		if got := region.Within(c.code, c.root); got != c.want {
			t.Errorf("Within(%q, %q) = %v", c.code, c.root, got)
		}
	}
}

// Being within is an order: every code is in itself, and what is in a part is in the whole.
func TestWithinIsAnOrder(t *testing.T) {
	code := rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"33", "31", "42"}).Draw(t, "province") +
			rapid.SampledFrom([]string{"0000", "0400", "0402", "0483", "9004", "0100", "0101"}).Draw(t, "rest")
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := code.Draw(t, "a"), code.Draw(t, "b"), code.Draw(t, "c")
		if !region.Within(a, a) {
			t.Fatalf("%s is not within itself", a)
		}
		if region.Within(a, b) && region.Within(b, c) && !region.Within(a, c) {
			t.Fatalf("%s in %s in %s, but not %s in %s", a, b, c, a, c)
		}
		if a != b && region.Within(a, b) && region.Within(b, a) {
			t.Fatalf("%s and %s are within each other", a, b)
		}
	})
}
