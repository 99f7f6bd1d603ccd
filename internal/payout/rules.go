package payout

import (
	_ "embed" // rules.json

	"qiao/internal/platform/dated"
)

// Rules are the numbers and words that the module goes by, from a day on.
type Rules struct {
	From          string   `json:"from"`
	ForecastWeeks int      `json:"forecast_weeks"` // whole weeks whose pace is looked at
	ForecastLeast int      `json:"forecast_least"` // with fewer weeks nothing is forecast
	ForecastYears int      `json:"forecast_years"` // an end further away than this is not told
	MaskBelow     int64    `json:"mask_below"`     // results of fewer payees than this are not told by themselves
	Good          []string `json:"good"`           // words of a receipt that mean: paid
	Bad           []string `json:"bad"`            // and: came back; these are looked for first
	Source        string   `json:"source"`
}

// Since is the day from which on they hold, and their source.
func (r Rules) Since() (day, source string) { return r.From, r.Source }

//go:embed rules.json
var rulesJSON []byte

// ShippedRules reads the embedded rules.
func ShippedRules() ([]Rules, error) { return dated.Read[Rules](rulesJSON) }
