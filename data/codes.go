package data

import "strconv"

// The levels of a region, as identity names them, and Zone for a development zone that has a code of
// its own in the statistics but none in GB/T 2260 (苏州工业园区 320576).
const (
	Province = "province"
	City     = "city"
	County   = "county"
	Zone     = "zone"
)

// Region is an administrative division of GB/T 2260.
type Region struct {
	Code    string // six digits
	Parent  string // code of the division above; a county may hang directly under a province; empty for a province
	Level   string // Province, City, County or Zone
	NameZH  string
	NameEN  string // provinces and cities, and the counties of the Yangtze River Delta; else empty
	Lat     string // decimal degrees of a province's or city's seat where known; no boundaries are held
	Lng     string
	Current bool   // false: only older sources know the code
	Sources string // which of the four sources know it, one letter each: d a p l (docs/data.md)
}

// RegionColumns is the heading of regions.csv.gz.
func RegionColumns() []string {
	return []string{"code", "parent", "level", "name_zh", "name_en", "lat", "lng", "current", "sources"}
}

// Regions are all divisions of the whole country by code, former ones too.
func Regions() ([]Region, error) {
	return read("regions", RegionColumns(), func(c []string) (Region, error) {
		current, err := strconv.ParseBool(c[7])
		return Region{c[0], c[1], c[2], c[3], c[4], c[5], c[6], current, c[8]}, err
	})
}

// Code is a row of a code list that forms a tree.
type Code struct {
	Code   string
	Parent string // empty at the top
	Level  int    // 1 at the top
	NameZH string
	NameEN string // disciplines only
}

// CodeColumns is the heading of the code lists.
func CodeColumns() []string { return []string{"code", "parent", "level", "name_zh", "name_en"} }

func codes(name string) ([]Code, error) {
	return read(name, CodeColumns(), func(c []string) (Code, error) {
		level, err := strconv.Atoi(c[2])
		return Code{c[0], c[1], level, c[3], c[4]}, err
	})
}

// InstrumentClasses are the two public levels of the classes of large scientific instruments
// (大型科学仪器设备分类); the third level is not published.
func InstrumentClasses() ([]Code, error) { return codes("instrument-classes") }

// Industries are the sections, divisions, groups and classes of GB/T 4754-2017.
func Industries() ([]Code, error) { return codes("industries") }

// Disciplines are those of the National Natural Science Foundation of China, three levels.
func Disciplines() ([]Code, error) { return codes("disciplines") }
