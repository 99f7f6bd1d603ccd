package provider

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/catalogue"
	"qiao/internal/platform/db"
)

// Recognised are those of the organisations that are in the pool today, with their memberships: their records are
// recognised.
func (s *Service) Recognised(ctx context.Context, q db.Q, orgs []string) (map[string]Membership, error) {
	var w db.Where
	w.In("org", orgs)
	w.And("state IN ('member', 'ending')")
	list, err := listMemberships(ctx, q, &w, "ORDER BY id")
	out := map[string]Membership{}
	for _, m := range list {
		out[m.Org] = m
	}
	return out, err
}

// Panel draws an organisation's membership and certificates for its public page; nil when it has neither.
func (s *Service) Panel(ctx context.Context, org string) (templ.Component, error) {
	in, err := s.Recognised(ctx, s.db, []string{org})
	if err != nil {
		return nil, err
	}
	var w db.Where
	w.And("org = ?", org)
	w.And("state IN ('stated', 'verified')")
	w.And("valid_from <= ?", s.today())
	w.And("valid_to >= ?", s.today())
	list, err := listCertificates(ctx, s.db, &w, 50)
	if err != nil {
		return nil, err
	}
	m, member := in[org]
	if !member && len(list) == 0 {
		return nil, nil
	}
	return provenPanel(provenView{s: s, Member: member, Membership: m, Certificates: list, Today: s.today()}), nil
}

// Extra draws what proves a resource on its page: its owner's membership, the certificates that cover it, and that it
// was admitted by invitation. Nil when there is nothing.
func (s *Service) Extra(ctx context.Context, r catalogue.Resource) (templ.Component, error) {
	in, err := s.Recognised(ctx, s.db, []string{r.Owner})
	if err != nil {
		return nil, err
	}
	list, err := ofResource(ctx, s.db, r.Owner, r.ID, s.today())
	if err != nil {
		return nil, err
	}
	var w db.Where
	w.And("resource = ?", r.ID)
	w.And("state = ?", Admitted)
	admitted, err := listAdmissions(ctx, s.db, &w)
	if err != nil {
		return nil, err
	}
	m, member := in[r.Owner]
	if !member && len(list) == 0 && len(admitted) == 0 {
		return nil, nil
	}
	return provenPanel(provenView{s: s, Member: member, Membership: m, Certificates: list, Admitted: len(admitted) > 0, Today: s.today()}), nil
}

// OnReport draws the certificates that covered a resource on the civil day of a report; it says so when there are none.
func (s *Service) OnReport(ctx context.Context, owner, resource, day string) (templ.Component, error) {
	list, err := ofResource(ctx, s.db, owner, resource, day)
	if err != nil {
		return nil, err
	}
	return reportPanel(provenView{s: s, Certificates: list, Today: day}), nil
}

// provenView is what proves an organisation or a resource.
type provenView struct {
	s            *Service
	Member       bool
	Membership   Membership
	Certificates []Certificate
	Admitted     bool
	Today        string
}
