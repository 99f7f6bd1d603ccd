package roster

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/identity"
)

// Panel draws what an organisation stands on for its public page: open lists for everybody, all of them for those who
// may inspect rosters. Nil when there is nothing to show.
func (s *Service) Panel(ctx context.Context, org string) (templ.Component, error) {
	list, err := s.visibleOn(ctx, identity.SubjectOf(ctx), org, s.today())
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return standingPanel(list), nil
}

// visibleOn is what the subject may see of an organisation's standing on a day.
func (s *Service) visibleOn(ctx context.Context, by identity.Subject, org, day string) ([]Membership, error) {
	list, err := s.Standing(ctx, s.db, org, day)
	var out []Membership
	for _, m := range list {
		if m.Open || by.Org == org || s.policy.Can(by, "roster.inspect", identity.Object{Region: m.Region}) == nil {
			out = append(out, m)
		}
	}
	return out, err
}
