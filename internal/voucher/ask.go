package voucher

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
)

// QuoteRequest asks how a price would be divided today.
type QuoteRequest struct {
	Programme string
	Firm      string    // organisation whose voucher pays; empty: anyone's, with all that the caps allow
	Provider  string    // organisation that is paid; empty: not yet known
	Kind      string    // of the resource; empty: not yet known
	Class     string    // of the catalogue or of a service; empty: not yet known
	Groups    []string  // of firms, where no firm is named
	Measured  int64     // thousandths of the unit that a rate counts
	Purpose   string    // what the firm wrote, or the code of an excluded purpose
	Price     money.Fen // of the order
}

// Quote divides a price by the terms in force today, for this firm and provider. Nothing is set aside.
func (s *Service) Quote(ctx context.Context, q db.Q, r QuoteRequest) (scheme.Quote, error) {
	p, err := s.Programme(ctx, q, r.Programme)
	if err != nil {
		return scheme.Quote{}, err
	}
	return s.quote(ctx, q, p, r)
}

func (s *Service) quote(ctx context.Context, q db.Q, p Programme, r QuoteRequest) (scheme.Quote, error) {
	if r.Price < 0 || r.Price > scheme.Most {
		return scheme.Quote{}, fault.New(fault.Invalid, "price-out-of-range", "价格应在 0 到 {0} 之间。", scheme.Most).Field("price", "range", "价格应在 0 到 {0} 之间。", scheme.Most)
	}
	c := scheme.Case{
		Price: r.Price, Kind: r.Kind, Class: r.Class, Purpose: r.Purpose, Measured: r.Measured, Left: scheme.Most, Groups: r.Groups, Anyone: r.Firm == "" && len(r.Groups) == 0,
	}
	if r.Firm != "" {
		if err := s.firmsCase(ctx, q, p, r.Firm, &c); err != nil {
			return scheme.Quote{}, err
		}
	}
	if r.Provider != "" {
		provider, err := s.orgs.Organisation(ctx, q, r.Provider)
		if err != nil {
			return scheme.Quote{}, err
		}
		c.ProviderRegion, c.Place = provider.Region, scheme.Name{ZH: s.orgs.RegionPath(provider.Region)}
		if c.Removed, err = s.banned(ctx, q, p.Terms, r.Provider, s.today()); err != nil {
			return scheme.Quote{}, err
		}
		if p.Terms.Unrelated != nil {
			if c.Ties, err = s.ties(ctx, q, r.Firm, provider); err != nil {
				return scheme.Quote{}, err
			}
		}
	}
	return s.withFunders(ctx, q, p, r, p.Terms.Quote(c))
}

// firmsCase adds what the rules look at in a firm: its groups, what it has used, what it has left.
func (s *Service) firmsCase(ctx context.Context, q db.Q, p Programme, firm string, c *scheme.Case) error {
	day := s.today()
	st, err := getStanding(ctx, q, p.ID, firm, day)
	if err != nil {
		return err
	}
	c.YearUsed = st.YearUsed
	if len(p.Terms.Rates) > 0 {
		if c.RateUsed, err = rateUsed(ctx, q, p.ID, firm, day); err != nil {
			return err
		}
	}
	if c.Groups, err = s.groupsOf(ctx, q, p, firm, day); err != nil {
		return err
	}
	if c.Banned, err = s.banned(ctx, q, p.Terms, firm, day); err != nil {
		return err
	}
	from, err := sources(ctx, q, p, firm, c.Kind, day)
	if len(from) > 0 {
		c.Type = from[0].Type
	}
	c.Left = sumOf(from)
	return err
}

// banned is the list that shuts a firm or a provider out today; empty when none does.
func (s *Service) banned(ctx context.Context, q db.Q, t scheme.Terms, org, day string) (scheme.Name, error) {
	if t.Rosters == nil || len(t.Rosters.None) == 0 || s.rosters == nil {
		return scheme.Name{}, nil
	}
	on, err := s.rosters.Standing(ctx, q, org, day)
	if err != nil {
		return scheme.Name{}, fmt.Errorf("read the lists of %s: %w", org, err)
	}
	for _, st := range on {
		if slices.Contains(t.Rosters.None, st.Roster) {
			lists, err := s.rosters.Rosters(ctx, q, []string{st.Roster})
			return scheme.ListName(lists, st.Roster), err
		}
	}
	return scheme.Name{}, nil
}

// Left is what the firm may still commit in the programme today.
func (s *Service) Left(ctx context.Context, q db.Q, firm, programme string) (money.Fen, error) {
	from, err := grantsWithMoney(ctx, q, programme, firm, s.today())
	return sumOf(from), err
}

func sumOf(from []source) money.Fen {
	var sum money.Fen
	for _, x := range from {
		sum += x.Left
	}
	return sum
}
