package fund

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/ui"
)

// OrderPanel shows on an order's page, to the two parties, which card pays and what has become of the amount, and to the
// provider how the income was divided; nil when there is nothing to show.
func (s *Service) OrderPanel(ctx context.Context, by identity.Subject, order, card, provider string) (templ.Component, error) {
	if card != "" {
		c, err := getCard(ctx, s.db, card)
		if err != nil {
			return nil, err
		}
		kept, err := getHold(ctx, s.db, order)
		if err != nil {
			return nil, nil //nolint:nilerr // a commission whose quote is not accepted yet
		}
		if by.Org != provider || c.Keeper == provider {
			return cardPanel(ctx, c, kept), nil
		}
	}
	if by.Org != provider || s.mayEarn(by) != nil {
		return nil, nil
	}
	x, settled, err := s.IncomeOf(ctx, s.db, order)
	if err != nil || !settled || len(x.Parts) == 0 {
		return nil, err
	}
	return Shares(x), nil
}

func holdWord(ctx context.Context, st string) (ui.Tone, string) {
	switch st {
	case HoldPending:
		return ui.Warn, t(ctx, "等课题组负责人批准")
	case HoldReserved:
		return ui.Info, t(ctx, "已冻结")
	case HoldCharged:
		return ui.OK, t(ctx, "已扣款")
	case HoldRefused:
		return ui.Bad, t(ctx, "负责人未批准，已退回")
	}
	return ui.Plain, t(ctx, "已退回")
}

func cardPanel(ctx context.Context, c Card, h Hold) templ.Component {
	amount := h.Amount
	if h.State == HoldCharged {
		amount = h.Charged
	}
	tone, word := holdWord(ctx, h.State)
	return payment(c, tone, word, amount, h.Note)
}
