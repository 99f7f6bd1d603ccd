package catalogue

import (
	"slices"

	"qiao/internal/catalogue/kinds"
)

// CustomsUses are the purposes for which an instrument under customs supervision may be used on a civil day; none for all
// others, where nobody has said which they are, and when the supervision has ended.
func (r Resource) CustomsUses(day string) []kinds.Choice {
	under, _ := r.Fields["customs"].(bool)
	until, _ := r.Fields["supervised_until"].(string)
	permitted, _ := r.Fields["customs_purposes"].([]string)
	if !under || until != "" && until < day {
		return nil
	}
	return slices.DeleteFunc(kinds.CustomsUses(), func(c kinds.Choice) bool { return !slices.Contains(permitted, c.Value) })
}
