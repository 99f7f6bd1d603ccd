package settle

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/region"
	"qiao/internal/voucher"
)

// seat is where an organisation settles: a region, and its authority on this node if there is one.
type seat struct{ Region, Org string }

// nearest is the seat of a code: the deepest of the authorities in whose region it lies, else the code itself.
func nearest(code string, authorities []identity.Organisation) seat {
	out := seat{Region: code}
	for i, a := range slices.SortedFunc(slices.Values(authorities), func(x, y identity.Organisation) int {
		return cmp.Or(cmp.Compare(region.LevelOf(y.Region), region.LevelOf(x.Region)), cmp.Compare(x.ID, y.ID))
	}) {
		if i == 0 {
			out = seat{a.Region, a.ID}
		}
	}
	return out
}

// atlas says, for everybody between whom vouchers have moved money, who they are and where they settle.
type atlas struct {
	orgs    map[string]identity.Organisation
	seats   map[string]seat // by organisation
	orgAt   map[string]string
	balance []voucher.Settlement // of those that settle in different regions
}

// atlas reads who owes whom across regions.
func (s *Service) atlas(ctx context.Context, q db.Q) (atlas, error) {
	out := atlas{seats: map[string]seat{}, orgAt: map[string]string{}}
	all, err := s.Vouchers.Settlements(ctx, q)
	if err != nil {
		return out, err
	}
	var ids []string
	for _, x := range all {
		ids = append(ids, x.Funder, x.Payee)
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if out.orgs, err = s.Organisations.Organisations(ctx, q, ids); err != nil {
		return out, err
	}
	known := map[string]seat{}
	for _, id := range ids {
		code := out.orgs[id].Region
		at, done := known[code]
		if !done {
			if at, err = s.seatOf(ctx, q, code); err != nil {
				return out, err
			}
			known[code] = at
		}
		out.seats[id], out.orgAt[at.Region] = at, at.Org
	}
	for _, x := range all {
		if out.seats[x.Funder].Region != out.seats[x.Payee].Region {
			out.balance = append(out.balance, x)
		}
	}
	return out, nil
}

func (s *Service) seatOf(ctx context.Context, q db.Q, code string) (seat, error) {
	ids, err := s.Organisations.Authorities(ctx, q, code)
	if err != nil {
		return seat{}, fmt.Errorf("find who settles for %s: %w", code, err)
	}
	orgs, err := s.Organisations.Organisations(ctx, q, ids)
	if err != nil {
		return seat{}, err
	}
	var list []identity.Organisation
	for _, id := range ids {
		list = append(list, orgs[id])
	}
	return nearest(code, list), nil
}

// couple is two regions, the lower code first.
type couple struct{ low, high string }

func coupleOf(a, b string) couple {
	if a > b {
		a, b = b, a
	}
	return couple{a, b}
}

// couples are the pairs of regions, each with the funders and payees between them.
func (a atlas) couples() map[couple][]voucher.Pair {
	out := map[couple][]voucher.Pair{}
	for _, x := range a.balance {
		c := coupleOf(a.seats[x.Funder].Region, a.seats[x.Payee].Region)
		out[c] = append(out[c], voucher.Pair{Funder: x.Funder, Payee: x.Payee})
	}
	return out
}

// code is what an organisation is known by outside: its USCC, else its id.
func (a atlas) code(org string) string {
	return cmp.Or(a.orgs[org].USCC, org)
}
