package voucher

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/region"
	"qiao/internal/voucher/scheme"
)

// withFunders names who funds a quote. A funder whom the order names but who is on no register refuses it: nobody would
// pay that part.
func (s *Service) withFunders(ctx context.Context, q db.Q, p Programme, r QuoteRequest, out scheme.Quote) (scheme.Quote, error) {
	parties, err := s.parties(ctx, q, p, p.Terms, r.Firm, r.Provider)
	if err != nil {
		f := fault.Of(err)
		if f == nil || f.Code != noFunder || out.Voucher == 0 {
			return out, err
		}
		return scheme.Quote{Own: out.Own + out.Voucher, Why: noFunder, Lines: []scheme.Line{{Code: noFunder, Text: f.Text, Args: f.Args, Clause: &p.Terms.Funders.Clause, Verdict: scheme.No}}}, nil
	}
	out.Shares = scheme.Split(out.Voucher, p.Terms.Shares(parties))
	return out, nil
}

// noFunder is the code of a funder that is on no register.
const noFunder = "funder-unknown"

// parties are the authorities of the regions of an order's firm and provider, as far as the terms ask for them and the
// organisations are known.
func (s *Service) parties(ctx context.Context, q db.Q, p Programme, terms scheme.Terms, firm, provider string) (scheme.Parties, error) {
	out := scheme.Parties{Authority: p.Authority}
	if terms.Funders == nil {
		return out, nil
	}
	for _, share := range terms.Funders.Value {
		org, into := "", &out.Firm
		switch share.Role {
		case scheme.RoleFirm:
			org = firm
		case scheme.RoleProvider:
			org, into = provider, &out.Provider
		}
		if org == "" {
			continue
		}
		var err error
		if *into, err = s.authorityOf(ctx, q, org); err != nil {
			return out, err
		}
	}
	return out, nil
}

// authorityOf is the verified authority nearest to an organisation: of its county before the one of its city or province.
func (s *Service) authorityOf(ctx context.Context, q db.Q, org string) (string, error) {
	o, err := s.orgs.Organisation(ctx, q, org)
	if err != nil {
		return "", err
	}
	ids, err := s.orgs.Authorities(ctx, q, o.Region)
	if err != nil {
		return "", err
	}
	known, err := s.orgs.Organisations(ctx, q, ids)
	if err != nil {
		return "", err
	}
	if len(ids) == 0 {
		return "", fault.New(fault.Conflict, noFunder, "{0}没有登记的主管部门，无法共同出资。", s.orgs.RegionPath(o.Region))
	}
	return slices.MinFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(region.LevelOf(known[b].Region), region.LevelOf(known[a].Region)), cmp.Compare(a, b))
	}), nil
}

// fundersOf are the funders' parts of a claim: order by order where a funder depends on the order, else of the whole.
func (s *Service) fundersOf(ctx context.Context, q db.Q, p Programme, terms scheme.Terms, c Claim) ([]scheme.Part, error) {
	if !terms.PerOrder() {
		return scheme.Split(c.Amount, terms.Shares(scheme.Parties{Authority: p.Authority})), nil
	}
	itemsOf := listItems
	if c.Reward {
		itemsOf = rewardItems
	}
	items, err := itemsOf(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	var out []scheme.Part
	for _, it := range items {
		parties, err := s.parties(ctx, q, p, terms, it.Firm, it.Provider)
		if err != nil {
			return nil, err
		}
		out = append(out, scheme.Split(it.Amount, terms.Shares(parties))...)
	}
	return out, nil
}

// groupsOf are the groups of the terms that a firm belongs to, by lists, by what it is, and by what it declared in its
// newest application.
func (s *Service) groupsOf(ctx context.Context, q db.Q, p Programme, firm, day string) ([]string, error) {
	if len(p.Terms.Groups) == 0 {
		return nil, nil
	}
	var m scheme.Membership
	caps, err := s.orgs.CapacitiesOf(ctx, q, firm)
	if err != nil {
		return nil, err
	}
	for _, c := range caps {
		if c.In(day) {
			m.Capacities = append(m.Capacities, c.Capacity)
		}
	}
	if s.rosters != nil {
		on, err := s.rosters.Standing(ctx, q, firm, day)
		if err != nil {
			return nil, fmt.Errorf("read the lists of %s: %w", firm, err)
		}
		for _, x := range on {
			m.Rosters = append(m.Rosters, x.Roster)
		}
	}
	if m.Declared, err = declared(ctx, q, p.ID, firm); err != nil {
		return nil, err
	}
	return p.Terms.GroupsOf(m), nil
}

// FirmGroups are the groups of the programme's terms that a firm belongs to today.
func (s *Service) FirmGroups(ctx context.Context, q db.Q, p Programme, firm string) ([]string, error) {
	return s.groupsOf(ctx, q, p, firm, s.today())
}

// declared are the statements of the firm's newest application that was not refused.
func declared(ctx context.Context, q db.Q, programme, firm string) ([]string, error) {
	w := &db.Where{}
	w.And("programme = ?", programme)
	w.And("firm = ?", firm)
	w.In("state", []string{Submitted, Waiting, Approved})
	last, err := listApplications(ctx, q, w, "", 1)
	if err != nil || len(last) == 0 {
		return nil, err
	}
	return strings.Fields(last[0].Statements), nil
}

// rateUsed is what a firm has committed in a civil year, by rate of the terms.
func rateUsed(ctx context.Context, q db.Q, programme, firm, day string) (map[string]money.Fen, error) {
	type row struct {
		Rate   string    `db:"rate"`
		Amount money.Fen `db:"amount"`
	}
	rows, err := db.All[row](ctx, q, `SELECT rate, CAST(sum(CASE WHEN state = 'held' THEN amount ELSE used END) AS BIGINT) AS amount FROM voucher_hold
		WHERE firm = $1 AND programme = $2 AND state <> 'released' AND substr(held_on, 1, 4) = $3 AND rate <> '' GROUP BY rate`, firm, programme, year(day))
	if err != nil {
		return nil, fmt.Errorf("read what the firm used by rate: %w", err)
	}
	out := map[string]money.Fen{}
	for _, r := range rows {
		out[r.Rate] = r.Amount
	}
	return out, nil
}
