package scrutiny

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
	"qiao/internal/voucher"
)

// claimPanelView is what is odd about a redemption.
type claimPanelView struct {
	Flags    []Flag
	Cases    []Case
	Recovery Recovery
	Orgs     map[string]ui.OrgRef
	Party    string // the reader's organisation, when it is a party
}

// rows are what the reader may see of the evidence.
func (v claimPanelView) rows(f Flag) []Line {
	if v.Party != "" {
		return f.shownTo(v.Party)
	}
	return f.Lines()
}

// ClaimPanel draws what is odd about a redemption, for its page; nil for readers whom it does not concern.
func (s *Service) ClaimPanel(ctx context.Context, by identity.Subject, c voucher.Claim) (templ.Component, error) {
	inspects := s.Policy.Can(by, "scrutiny.inspect", identity.Object{Region: c.Region}) == nil
	if !inspects && by.Org != c.Payee {
		return nil, nil
	}
	whole, err := s.Vouchers.Whole(ctx, s.DB, c.ID)
	if err != nil {
		return nil, err
	}
	orders := make([]string, len(whole.Items))
	for i, it := range whole.Items {
		orders[i] = it.Order
	}
	var v claimPanelView
	if len(orders) > 0 {
		var w db.Where
		w.In("order_id", orders)
		if v.Flags, err = listFlags(ctx, s.DB, &w, shown); err != nil {
			return nil, err
		}
		if !inspects { // the provider sees what it has to explain, not what was found about the firm alone
			v.Flags = slices.DeleteFunc(v.Flags, func(f Flag) bool { return s.Policy.Can(by, "scrutiny.view", f.object()) != nil })
		}
	}
	var w db.Where
	w.And("claim = ?", c.ID)
	if v.Cases, err = listCases(ctx, s.DB, &w, shown); err != nil {
		return nil, err
	}
	if v.Recovery, _, err = recoveryOf(ctx, s.DB, c.ID); err != nil {
		return nil, err
	}
	if !inspects {
		v.Party = by.Org
	}
	if !inspects && len(v.Flags)+len(v.Cases) == 0 && v.Recovery.ID == "" {
		return nil, nil
	}
	if v.Orgs, err = s.refs(ctx, s.DB, orgsIn(v.Flags)...); err != nil {
		return nil, err
	}
	return claimPanel(v), nil
}
