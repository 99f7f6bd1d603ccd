// Package region reads the six digits of an administrative division (GB/T 2260): two of the province,
// two of the city, two of the county.
//
// Whatever is said here follows from the digits alone. Which codes exist, their names, and which
// county hangs directly under its province (仙桃 429004, the districts of Shanghai) is data, in the
// package qiao/data.
package region

import "strings"

// Level is how deep a code lies in the tree.
type Level int

// The levels; None is text that is no code.
const (
	None Level = iota
	Province
	City
	County
)

// Valid tells whether code has six digits and a province.
func Valid(code string) bool { return LevelOf(code) != None }

// LevelOf is the level of a code by its trailing zeros: 330000 a province, 330400 a city, 330402 a county.
func LevelOf(code string) Level {
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" || strings.HasPrefix(code, "00") {
		return None
	}
	switch {
	case strings.HasSuffix(code, "0000"):
		return Province
	case strings.HasSuffix(code, "00"):
		return City
	case code[2:4] == "00":
		return None // 330001: a county of no city
	}
	return County
}

// Prefix is what all codes inside a region begin with: 33, 3304 or 330402; empty for no code.
func Prefix(code string) string {
	switch LevelOf(code) {
	case Province:
		return code[:2]
	case City:
		return code[:4]
	case County:
		return code
	}
	return ""
}

// Within tells whether code lies in root or is root. Nothing lies in text that is no code.
func Within(code, root string) bool {
	p := Prefix(root)
	return p != "" && Valid(code) && strings.HasPrefix(code, p)
}

// ProvinceOf is the code of the province, 330000 of 330402; empty for no code.
func ProvinceOf(code string) string {
	if !Valid(code) {
		return ""
	}
	return code[:2] + "0000"
}

// CityOf is the code of the city by its digits, 330400 of 330402; empty for a province or no code.
func CityOf(code string) string {
	if LevelOf(code) < City {
		return ""
	}
	return code[:4] + "00"
}
