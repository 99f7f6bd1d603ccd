package voucher

import (
	_ "embed" // the rules
	"fmt"

	"qiao/internal/platform/dated"
	"qiao/internal/platform/money"
)

//go:embed rules.json
var shippedRules []byte

// nodeRule is what holds for all programmes of the node from a day on.
type nodeRule struct {
	From       string    `json:"from"`
	Source     string    `json:"source"`
	LargeGrant money.Fen `json:"large_grant"` // fen; whoever grants as much gives the password again
}

// Since is the day from which on it holds, and where it comes from.
func (r nodeRule) Since() (day, source string) { return r.From, r.Source }

func readRules() ([]nodeRule, error) {
	out, err := dated.Read[nodeRule](shippedRules)
	if err != nil {
		return nil, fmt.Errorf("the rules of vouchers: %w", err)
	}
	return out, nil
}

// large is the amount from which on a grant asks for the password again.
func large(day string) (money.Fen, error) {
	rules, err := readRules()
	if err != nil {
		return 0, err
	}
	return dated.On(rules, day).LargeGrant, nil
}
