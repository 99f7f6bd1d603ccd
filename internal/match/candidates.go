package match

import (
	"context"
	"math"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Candidate is a supply proposed for a need, with the reasons for it and what is unknown or misses.
type Candidate struct {
	Supply   Supply
	Group    string  // GroupInstrument, GroupService, GroupExpert
	Place    int     // in its group, 1 = first; 0 = not found by its words (invited, or answered)
	Score    float64 // 0 … 1, orders the candidates of a need
	Covered  float64 // 0 … 1, how much of what the need says it covers
	Reasons  []Remark
	Gaps     []Remark
	Proposal Proposal // State is Proposed for one that is not on record
}

// soonDays is how near a free day must be to count as a reason.
const soonDays = 7

// Facts are the hard facts of a text, for showing them to the person who writes it.
func (s *Service) Facts(ctx context.Context, text string) ([]Fact, error) {
	places, err := s.Regions.Places(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	return FactsIn(text, places), nil
}

// find ranks the supplies for a need.
func (s *Service) find(ctx context.Context, n Need) ([]found, question, error) {
	places, err := s.Regions.Places(ctx, s.DB)
	if err != nil {
		return nil, question{}, err
	}
	names, err := s.names()
	if err != nil {
		return nil, question{}, err
	}
	q, err := newQuestion(s.Analyser, names, n.Text, places)
	if err != nil {
		return nil, q, err
	}
	list, err := s.Index.rank(ctx, q)
	return list, q, err
}

// Candidates ranks what could answer a need, for its firm and those who help it: first those on record that
// their owners offered or that were accepted, then the platform's own proposals.
func (s *Service) Candidates(ctx context.Context, by identity.Subject, needID string) ([]Candidate, error) {
	n, err := getNeed(ctx, s.DB, needID)
	if err != nil {
		return nil, err
	}
	if err := s.mayHelp(by, n); err != nil {
		return nil, err
	}
	return s.candidates(ctx, n)
}

// mayHelp: the firm itself, and once it is published those whom the permission table names.
func (s *Service) mayHelp(by identity.Subject, n Need) error {
	if n.State == Draft && by.Org != n.Org {
		return needMissing()
	}
	return s.Policy.Can(by, "need.candidates", object(n))
}

func (s *Service) candidates(ctx context.Context, n Need) ([]Candidate, error) {
	ranked, q, err := s.find(ctx, n)
	if err != nil {
		return nil, err
	}
	onRecord, err := listProposals(ctx, s.DB, n.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range onRecord {
		if !slices.ContainsFunc(ranked, func(f found) bool { return f.id == p.Resource }) && (p.Origin != OriginRanked || p.State != Proposed) {
			ranked = append(ranked, found{id: p.Resource, group: GroupOf(p.Kind)})
		}
	}
	ids := make([]string, len(ranked))
	for i, f := range ranked {
		ids[i] = f.id
	}
	supplies, err := s.live(ctx, ids)
	if err != nil {
		return nil, err
	}
	deadline, err := clock.AddDays(s.today(), soonDays)
	if err != nil {
		return nil, err
	}
	var out []Candidate
	for _, f := range ranked {
		one, ok := supplies[f.id]
		if !ok {
			continue
		}
		v := view{q: q, f: f, s: one, home: n.Region, place: s.Regions.RegionPath, fold: s.fold, deadline: deadline}
		c := Candidate{Supply: one, Group: f.group, Place: f.place, Score: math.Round(f.score*1000) / 1000, Covered: f.share, Reasons: v.reasons(), Gaps: v.gaps()}
		c.Proposal = Proposal{Need: n.ID, Resource: one.ID, State: Proposed, Origin: OriginRanked}
		if i := slices.IndexFunc(onRecord, func(p Proposal) bool { return p.Resource == f.id }); i >= 0 {
			c.Proposal = onRecord[i]
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b Candidate) int { return a.rank() - b.rank() })
	return out, nil
}

// rank puts accepted ones first, then answers and invitations, then the rest, the declined at the end.
func (c Candidate) rank() int {
	switch {
	case c.Proposal.State == Accepted:
		return 0
	case c.Proposal.State == Declined:
		return 3
	case c.Proposal.Origin == OriginResponse:
		return 1
	}
	return 2
}

// live reads supplies as they stand now, with their next free day.
func (s *Service) live(ctx context.Context, ids []string) (map[string]Supply, error) {
	list, err := s.Suppliers.Supplies(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	free := map[string]string{}
	if s.Slots != nil {
		var bookable []string
		for _, one := range list {
			if one.Bookable {
				bookable = append(bookable, one.ID)
			}
		}
		if free, err = s.Slots.NextFree(ctx, s.DB, bookable); err != nil {
			return nil, err
		}
	}
	out := make(map[string]Supply, len(list))
	for _, one := range list {
		one.FreeOn = free[one.ID]
		out[one.ID] = one
	}
	return out, nil
}

// fold makes two texts comparable; a text that cannot be folded (the dictionary failed to load) stays.
func (s *Service) fold(text string) string {
	folded, err := s.Analyser.Fold(text)
	if err != nil {
		return text
	}
	return folded
}

// Refresh brings the index of candidates up to date with resources that changed; app calls it when the
// catalogue says so.
func (s *Service) Refresh(ctx context.Context, q db.Q, resources ...string) error {
	return s.Index.Refresh(ctx, q, s.Suppliers, resources...)
}

// Rebuild fills the index of candidates from the catalogue.
func (s *Service) Rebuild(ctx context.Context, q db.Q) error {
	return s.Index.Rebuild(ctx, q, s.Suppliers)
}
