package editor

import (
	"context"
	"slices"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/voucher/scheme"
)

// Span is the days whose orders are reckoned anew, both included.
type Span struct{ From, To string }

// lastYear is the twelve months up to today.
func (s *Service) lastYear() (Span, error) {
	to := s.today()
	from, err := clock.AddDays(to, -365)
	return Span{from, to}, err
}

// check refuses a span that ends before it begins or is no days at all.
func (x Span) check() error {
	if !scheme.ValidDay(x.From) || !scheme.ValidDay(x.To) || x.From > x.To {
		return fault.New(fault.Invalid, "span-invalid", "请写明起止日期，起在前、止在后。").Field("from", "invalid", "请写明起止日期，起在前、止在后。")
	}
	return nil
}

// Simulate reckons what the claimed orders of a programme in a span would have cost by other terms.
func (s *Service) Simulate(ctx context.Context, q db.Q, programme string, terms scheme.Terms, span Span) (scheme.Simulation, error) {
	if err := span.check(); err != nil {
		return scheme.Simulation{}, err
	}
	p, err := s.programmes.Programme(ctx, q, programme)
	if err != nil {
		return scheme.Simulation{}, err
	}
	list, err := listPast(ctx, q, programme, span.From, span.To)
	if err != nil {
		return scheme.Simulation{}, err
	}
	var ids []string
	for _, x := range list {
		ids = append(ids, x.Firm, x.Provider)
	}
	slices.Sort(ids)
	orgs, err := s.orgs.Organisations(ctx, q, slices.Compact(ids))
	if err != nil {
		return scheme.Simulation{}, err
	}
	p.Terms = terms
	groups, sorts := map[string][]string{}, map[string]string{}
	deeds := make([]scheme.Deed, len(list))
	for i, x := range list {
		if _, known := sorts[x.Firm]; !known {
			if groups[x.Firm], err = s.programmes.FirmGroups(ctx, q, p, x.Firm); err != nil {
				return scheme.Simulation{}, err
			}
			if sorts[x.Firm], err = s.sortOf(ctx, q, x.Firm, groups[x.Firm]); err != nil {
				return scheme.Simulation{}, err
			}
		}
		deeds[i] = scheme.Deed{
			Day: x.Day, Firm: x.Firm, Provider: x.Provider, Groups: groups[x.Firm], Sort: sorts[x.Firm], FirmRegion: orgs[x.Firm].Region,
			ProviderRegion: orgs[x.Provider].Region, Kind: x.Kind, Class: x.Class, Price: x.Price, Paid: x.Paid,
		}
	}
	return terms.Simulate(deeds), nil
}

// sortOf is what a firm is counted as: its first group in the terms, else what it is verified to be.
func (s *Service) sortOf(ctx context.Context, q db.Q, firm string, groups []string) (string, error) {
	if len(groups) > 0 {
		return "group/" + groups[0], nil
	}
	caps, err := s.orgs.CapacitiesOf(ctx, q, firm)
	if err != nil {
		return "", err
	}
	for _, want := range []string{"enterprise", "team"} {
		for _, c := range caps {
			if c.Capacity == want {
				return want, nil
			}
		}
	}
	return "", nil
}
