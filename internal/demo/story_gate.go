//i18n:data what the invented people of the demo say

package demo

import (
	"context"
	"time"
)

// conditions lets the provider ask for training and a declaration before two of its instruments are booked, and the firm's
// person be trained on one and ask for the other.
func (t *teller) conditions(ctx context.Context) error {
	for i, x := range []struct{ instrument, training string }{
		{"电感耦合等离子体质谱仪", "ICP-MS 上机培训"}, {"X 射线光电子能谱仪", "XPS 上机培训"},
	} {
		resource, err := t.find(ctx, "instrument", x.instrument)
		if err != nil {
			return err
		}
		for _, rule := range []object{
			{"resource": resource, "kind": "training", "name": x.training, "term": 730},
			{"resource": resource, "kind": "hazard"},
		} {
			var made struct{ ID string }
			if err := t.post(ctx, t.cast.Lab, "/gates", "gate-"+x.training+rule["kind"].(string), rule, &made); err != nil {
				return err
			}
		}
		var who struct{ Owner struct{ ID string } }
		if err := t.get(ctx, "", "/resources/"+resource, &who); err != nil {
			return err
		}
		var paper struct{ ID string }
		ask := object{"provider": who.Owner.ID, "kind": "training", "name": x.training, "note": "用过同类仪器，周二、周四下午方便。"}
		if err := t.post(ctx, t.cast.Login, "/papers", "paper-"+x.training, ask, &paper); err != nil {
			return err
		}
		verb, body := "grant", object{"note": "已在线下培训并考核合格。"}
		if i > 0 {
			verb, body = "offer", object{"meet": t.o.Now().Add(5 * 24 * time.Hour).Truncate(time.Hour), "place": "2 号楼 105 室"}
		}
		if err := t.post(ctx, t.cast.Lab, "/papers/"+paper.ID+"/"+verb, "paper-"+x.training+verb, body, &paper); err != nil {
			return err
		}
	}
	return nil
}
