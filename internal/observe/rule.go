package observe

import (
	_ "embed" // rules.json

	"qiao/internal/platform/dated"
)

// Rule is what a plan begins with and how far it may reach, from a day on.
type Rule struct {
	From     string `json:"from"`
	Early    int64  `json:"early"`    // minutes before a session in which one may come in
	Late     int64  `json:"late"`     // minutes after it
	Minutes  int64  `json:"minutes"`  // of a session, where nothing else is said
	Longest  int64  `json:"longest"`  // minutes of a session of a series
	Days     int    `json:"days"`     // from the first to the last day of a plan
	Sessions int    `json:"sessions"` // of a plan
	Source   string `json:"source"`
}

//go:embed rules.json
var rulesJSON []byte

// Since is the day from which on it holds, and its source.
func (r Rule) Since() (day, source string) { return r.From, r.Source }

// rule is the newest that holds today.
func (s *Service) rule() Rule {
	return dated.On(s.rules, s.today())
}
