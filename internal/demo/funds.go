//i18n:data an invented research group, its card and accounts

package demo

import (
	"context"
	"fmt"

	"qiao/internal/fund"
)

// funds gives the first laboratory a research group with a card, a firm a prepaid account there, and a rule by which its
// income is divided.
func (l loader) funds(ctx context.Context) error {
	if l.Fund == nil {
		return nil
	}
	own, by, err := l.as(ctx, keeper("nanhu"))
	if err != nil {
		return err
	}
	g, err := l.Fund.CreateGroup(own, by, mark+"表面分析课题组", mark+"郑远航")
	if err != nil {
		return fmt.Errorf("the research group: %w", err)
	}
	if err := l.Fund.AddMember(own, by, g.ID, by.Person, false); err != nil {
		return err
	}
	card, err := l.Fund.OpenCard(own, by, fund.Card{Kind: fund.KindCard, Number: "JF-2026-0817", Name: mark + "自然科学基金 2026", Group: g.ID, CapOrder: 500_000, CapMonth: 2_000_000, ApproveAbove: 100_000})
	if err != nil {
		return err
	}
	if err := l.Fund.Deposit(own, by, card.ID, 5_000_000, mark+"经费下达 2026-08 号", "demo", false); err != nil {
		return err
	}
	list, err := l.Identity.Named(ctx, l.DB, nil, []string{mark + "秀洲材料分析测试中心"})
	if err != nil {
		return err
	}
	for _, o := range list {
		account, err := l.Fund.OpenCard(own, by, fund.Card{Kind: fund.KindPrepaid, Number: "YC-0001", Name: mark + "测试费预存", Payer: o.ID})
		if err != nil {
			return err
		}
		if err := l.Fund.Deposit(own, by, account.ID, 2_000_000, mark+"银行回单 20260901", "demo", false); err != nil {
			return err
		}
	}
	_, err = l.Fund.SetSplit(own, by, "", mark+"服务收入分配办法（2026）第六条", []fund.Share{{Name: "院部", Weight: 3_000}, {Name: "中心", Weight: 5_000}, {Name: "机组", Weight: 2_000}})
	return err
}

// inside books the laboratory's own instrument on the group's card: one that is paid, one that waits for the head.
func (l loader) inside(ctx context.Context, o Options) error {
	if l.Fund == nil {
		return nil
	}
	list, err := instruments()
	if err != nil {
		return err
	}
	for _, x := range list {
		if x.ID != pricedInstrument {
			continue
		}
		r, err := l.publish(ctx, x.Owner, x.ID, x.draft())
		if err != nil {
			return err
		}
		for i, slots := range []int{2, 4} {
			o.Cast = Cast{Key: fmt.Sprintf("inside-%d", i), Login: keeper(x.Owner), Slots: slots, Skip: 16}
			if err := (&teller{o: o, cast: o.Cast}).onCard(ctx, r.ID); err != nil {
				return fmt.Errorf("an order on the group's card: %w", err)
			}
		}
	}
	return nil
}

// onCard books slots of a resource and pays with the first fund card.
func (t *teller) onCard(ctx context.Context, resource string) error {
	var cards struct {
		Items []struct{ ID, Kind string }
	}
	if err := t.get(ctx, t.cast.Login, "/cards", &cards); err != nil {
		return err
	}
	for _, c := range cards.Items {
		if c.Kind != fund.KindCard {
			continue
		}
		start, end, err := t.freeSlots(ctx, resource)
		if err != nil {
			return err
		}
		return t.post(ctx, t.cast.Login, "/orders", "book", object{"kind": "booking", "resource": resource, "start": start, "end": end, "quantity": 1, "purpose": mark + "课题组内部测试", "fund": c.ID}, nil)
	}
	return nil
}
