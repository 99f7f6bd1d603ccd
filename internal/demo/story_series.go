//i18n:data what the invented people of the demo say

package demo

import (
	"context"

	"qiao/internal/platform/clock"
)

// series lets the firm book an instrument by a rule; the provider has not answered yet.
func (t *teller) series(ctx context.Context) error {
	resource, err := t.find(ctx, "instrument", "X 射线衍射仪")
	if err != nil {
		return err
	}
	first, err := clock.AddDays(clock.Day(t.o.Now()), 4)
	if err != nil {
		return err
	}
	body := object{
		"resource": resource, "rule": "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4", "first": first, "from": "08:30", "to": "10:30", "holidays": "skip",
		"purpose": "固化周期试验：每周两次取样，看结晶度随时间的变化。",
	}
	return t.post(ctx, t.cast.Login, "/series", "series", body, nil)
}
