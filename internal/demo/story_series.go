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
	if err := t.together(ctx, first); err != nil {
		return err
	}
	body := object{
		"resource": resource, "rule": "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4", "first": first, "from": "08:30", "to": "10:30", "holidays": "skip",
		"purpose": "固化周期试验：每周两次取样，看结晶度随时间的变化。",
	}
	return t.post(ctx, t.cast.Login, "/series", "series", body, nil)
}

// together lets the firm book two instruments of different laboratories at one time: the first there is.
func (t *teller) together(ctx context.Context, first string) error {
	var parts []object
	for _, name := range []string{"气相色谱-质谱联用仪", "动态热机械分析仪"} {
		resource, err := t.find(ctx, "instrument", name)
		if err != nil {
			return err
		}
		parts = append(parts, object{"resources": []string{resource}, "minutes": 120})
	}
	last, err := clock.AddDays(first, 20)
	if err != nil {
		return err
	}
	var found struct {
		Items []struct{ Picks []object }
	}
	purpose := "固化样品的动态力学性能与逸出物，同一天取样同一天测。"
	if err := t.post(ctx, t.cast.Login, "/composites/find", "find", object{"parts": parts, "from": first, "to": last, "limit": 1, "purpose": purpose}, &found); err != nil || len(found.Items) == 0 {
		return err
	}
	for _, p := range found.Items[0].Picks {
		delete(p, "price")
	}
	return t.post(ctx, t.cast.Login, "/composites", "compose", object{"picks": found.Items[0].Picks, "purpose": purpose}, nil)
}
