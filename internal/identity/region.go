package identity

import (
	"qiao/internal/platform/region"
)

// Region is one administrative area of GB/T 2260 in one of its periods.
type Region struct {
	Code      string `db:"code"`       // six digits
	Parent    string `db:"parent"`     // code of the area above; empty for a province
	Level     string `db:"level"`      // LevelProvince, LevelCity, LevelCounty
	NameZH    string `db:"name_zh"`    // 南湖区
	NameEN    string `db:"name_en"`    // may be empty
	ValidFrom string `db:"valid_from"` // first day; empty: since before the records
	ValidTo   string `db:"valid_to"`   // last day; empty: still in force
	Successor string `db:"successor"`  // the area that took over a dissolved one; may be empty
	Source    string `db:"source"`     // where the row comes from
}

// The levels of a region.
const (
	LevelProvince = "province" // 省级, codes that end in 0000
	LevelCity     = "city"     // 地级, codes that end in 00
	LevelCounty   = "county"   // 县级
)

// ValidRegion tells whether code has the shape of a GB/T 2260 code.
func ValidRegion(code string) bool { return region.Valid(code) }

// Within tells whether the region code is root or lies in it, by the digits alone (GB/T 2260: two for the
// province, two for the city, two for the county). A code of another shape lies nowhere.
func Within(code, root string) bool { return region.Within(code, root) }

// Span is the first and the last code that can lie in root, for SQL: "region BETWEEN $1 AND $2".
func Span(root string) (first, last string) {
	p := region.Prefix(root)
	return p + "000000"[len(p):], p + "999999"[len(p):]
}

// levelOf is the level that the digits of a valid code say.
func levelOf(code string) string {
	switch region.LevelOf(code) {
	case region.Province:
		return LevelProvince
	case region.City:
		return LevelCity
	}
	return LevelCounty
}
