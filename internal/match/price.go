package match

import "strings"

// price is the headline price in its currency.
func (s Supply) price() string {
	if s.Currency == "" || s.Currency == "CNY" {
		return s.Price.String()
	}
	return strings.TrimPrefix(s.Price.String(), "¥") + " " + s.Currency
}

// unitWord is the Chinese word for what a price is for one of.
func unitWord(unit string) string {
	switch unit {
	case "hour":
		return "每小时"
	case "sample":
		return "每个样品"
	case "piece":
		return "每件"
	case "batch":
		return "每批"
	case "day":
		return "每天"
	case "time":
		return "每次"
	}
	return unit
}
