package scheme

import (
	"cmp"
	"slices"

	"qiao/internal/platform/money"
)

// Deed is an order that was paid with a voucher: what a simulation reckons anew.
type Deed struct {
	Day            string // on which the voucher was committed
	Firm, Provider string
	Groups         []string // of the firm, by the terms that are tried
	Sort           string   // what the firm is, for the sums: its group or its capacity
	FirmRegion     string
	ProviderRegion string
	Kind, Class    string
	Price, Paid    money.Fen
}

// Tally is a sum over some deeds.
type Tally struct {
	Key         string
	Deeds       int
	Price       money.Fen
	Paid        money.Fen // as it was
	Cost        money.Fen // by the terms that are tried
	Reward      money.Fen
	Firms       int
	More, Fewer int // deeds that get more, or less
}

// Simulation is what terms would have cost on past deeds. The sums by sort, region and month add up to All.
type Simulation struct {
	All      Tally
	BySort   []Tally
	ByRegion []Tally // of the provider
	ByMonth  []Tally
	Funders  []Part // by role or organisation, as the terms name them
}

// Simulate reckons past deeds by the terms, in the order of their days: the ceilings of a year count what the terms
// themselves would have given in it. Quotas are not looked at: what was used then is taken to have been granted.
func (t Terms) Simulate(deeds []Deed) Simulation {
	deeds = slices.Clone(deeds)
	slices.SortStableFunc(deeds, func(a, b Deed) int { return cmp.Compare(a.Day, b.Day) })
	used, byRate, rewarded := map[string]money.Fen{}, map[string]map[string]money.Fen{}, map[string]money.Fen{}
	all := newSums()
	bySort, byRegion, byMonth := newSums(), newSums(), newSums()
	var funders []Part
	for _, d := range deeds {
		key := d.Firm + "/" + d.Day[:min(4, len(d.Day))]
		if byRate[key] == nil {
			byRate[key] = map[string]money.Fen{}
		}
		q := t.Quote(Case{
			Price: d.Price, Kind: d.Kind, Class: d.Class, Groups: d.Groups, ProviderRegion: d.ProviderRegion, Left: Most, YearUsed: used[key], RateUsed: byRate[key],
		})
		used[key] += q.Voucher
		byRate[key][q.Rate] += q.Voucher
		owner := d.Provider + "/" + d.Day[:min(4, len(d.Day))]
		reward, _ := t.RewardOf(d.Price, q.Voucher, rewarded[owner])
		rewarded[owner] += reward
		for _, s := range q.Shares {
			funders = addPart(funders, s)
		}
		all.add("", d, q.Voucher, reward)
		bySort.add(d.Sort, d, q.Voucher, reward)
		byRegion.add(d.ProviderRegion, d, q.Voucher, reward)
		byMonth.add(d.Day[:min(7, len(d.Day))], d, q.Voucher, reward)
	}
	out := Simulation{BySort: bySort.list(), ByRegion: byRegion.list(), ByMonth: byMonth.list(), Funders: funders}
	if one := all.list(); len(one) > 0 {
		out.All = one[0]
	}
	return out
}

func addPart(to []Part, p Part) []Part {
	for i := range to {
		if to[i].Funder == p.Funder {
			to[i].Amount += p.Amount
			return to
		}
	}
	return append(to, p)
}

// sums collects tallies by key.
type sums struct {
	of    map[string]*Tally
	firms map[string]bool
}

func newSums() *sums { return &sums{map[string]*Tally{}, map[string]bool{}} }

func (s *sums) add(key string, d Deed, cost, reward money.Fen) {
	t := s.of[key]
	if t == nil {
		t = &Tally{Key: key}
		s.of[key] = t
	}
	t.Deeds++
	t.Price, t.Paid, t.Cost, t.Reward = t.Price+d.Price, t.Paid+d.Paid, t.Cost+cost, t.Reward+reward
	if cost > d.Paid {
		t.More++
	} else if cost < d.Paid {
		t.Fewer++
	}
	if firm := key + "/" + d.Firm; !s.firms[firm] {
		s.firms[firm] = true
		t.Firms++
	}
}

// list gives the tallies by key.
func (s *sums) list() []Tally {
	out := make([]Tally, 0, len(s.of))
	for _, t := range s.of {
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b Tally) int { return cmp.Compare(a.Key, b.Key) })
	return out
}
