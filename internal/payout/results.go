package payout

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/platform/dated"
	"qiao/internal/platform/money"
	"qiao/internal/voucher"
)

// yearResult is what was paid in one year of one programme.
type yearResult struct {
	Programme voucher.Programme
	Year      string
	Amount    money.Fen
	Claims    int64
	Orders    int64
	Firms     int64
	Providers int64
	Regions   []regionResult
}

// regionResult is what went to the providers of one region; where they are few they are put together with others.
type regionResult struct {
	Region    string // its name; empty: several regions with few providers each
	Providers int64
	Amount    money.Fen
	Masked    bool // fewer than may be told, even together
}

// resultsView is the public page.
type resultsView struct {
	Programmes []voucher.Programme // that have paid something, to choose from
	Chosen     string
	Years      []yearResult
	Total      money.Fen
	Providers  int64
	Claims     int64
	Mask       int64
}

// results sums up what was paid and stands. Nothing is told of a region by itself where fewer providers were paid than the rules
// say: those are put together, and where even together they are too few, only that there are some.
func (s *Service) results(ctx context.Context, programme string) (resultsView, error) {
	v := resultsView{Chosen: programme, Mask: dated.On(s.rules, s.today()).MaskBelow}
	list, err := s.vouchers.Results(ctx, s.db)
	if err != nil {
		return v, err
	}
	firms, err := s.vouchers.FirmsPaidFor(ctx, s.db)
	if err != nil {
		return v, err
	}
	programmes, err := s.vouchers.Programmes(ctx, s.db)
	if err != nil {
		return v, err
	}
	var providers []string
	for _, r := range list {
		providers = append(providers, r.Provider)
	}
	orgs, err := s.orgs.Organisations(ctx, s.db, unique(providers))
	if err != nil {
		return v, err
	}
	places := map[string]map[string][]voucher.Result{} // year of a programme → region of its providers
	all := map[string]bool{}
	for _, r := range list {
		i := slices.IndexFunc(programmes, func(p voucher.Programme) bool { return p.ID == r.Programme })
		if i < 0 {
			continue
		}
		if !slices.ContainsFunc(v.Programmes, func(p voucher.Programme) bool { return p.ID == r.Programme }) {
			v.Programmes = append(v.Programmes, programmes[i])
		}
		if programme != "" && programme != r.Programme {
			continue
		}
		key := r.Programme + "/" + r.Year
		if n := len(v.Years); n == 0 || v.Years[n-1].Programme.ID != r.Programme || v.Years[n-1].Year != r.Year {
			v.Years = append(v.Years, yearResult{Programme: programmes[i], Year: r.Year, Firms: firms[key]})
			places[key] = map[string][]voucher.Result{}
		}
		y := &v.Years[len(v.Years)-1]
		y.Amount, y.Claims, y.Orders, y.Providers = y.Amount+r.Amount, y.Claims+r.Claims, y.Orders+r.Orders, y.Providers+1
		places[key][orgs[r.Provider].Region] = append(places[key][orgs[r.Provider].Region], r)
		v.Total, v.Claims = v.Total+r.Amount, v.Claims+r.Claims
		all[r.Provider] = true
	}
	v.Providers = int64(len(all))
	for i, y := range v.Years {
		for _, r := range masks(places[y.Programme.ID+"/"+y.Year], v.Mask) {
			if r.Region != "" {
				r.Region = s.regionName(ctx, r.Region)
			}
			v.Years[i].Regions = append(v.Years[i].Regions, r)
		}
	}
	return v, nil
}

// masks sums the results by region, the largest first; regions with fewer providers than least are put together.
func masks(by map[string][]voucher.Result, least int64) []regionResult {
	var out []regionResult
	rest := regionResult{}
	for code, list := range by {
		r := regionResult{Region: code, Providers: int64(len(list))}
		for _, x := range list {
			r.Amount += x.Amount
		}
		if r.Providers < least {
			rest.Providers, rest.Amount = rest.Providers+r.Providers, rest.Amount+r.Amount
			continue
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b regionResult) int {
		if a.Amount != b.Amount {
			return int(max(-1, min(1, b.Amount-a.Amount)))
		}
		return strings.Compare(a.Region, b.Region)
	})
	if rest.Providers == 0 {
		return out
	}
	if rest.Providers < least {
		rest.Masked, rest.Amount = true, 0
	}
	return append(out, rest)
}
