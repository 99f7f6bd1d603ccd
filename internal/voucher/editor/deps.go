package editor

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme"
)

// Programmes is what editor asks of the programmes themselves.
type Programmes interface {
	Programme(ctx context.Context, q db.Q, programme string) (voucher.Programme, error)
	Programmes(ctx context.Context, q db.Q) ([]voucher.Programme, error)
	PutProgramme(ctx context.Context, by identity.Subject, programme string, d scheme.Draft, key string) (voucher.Programme, error)
	Versions(ctx context.Context, q db.Q, programme string) ([]scheme.Terms, error)
	Naming(ctx context.Context, q db.Q, t scheme.Terms) (scheme.Naming, error)
	FirmGroups(ctx context.Context, q db.Q, p voucher.Programme, firm string) ([]string, error)
}

// Organisations is what editor asks of identity.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	CapacitiesOf(ctx context.Context, q db.Q, org string) ([]identity.Capacity, error)
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
}

// Deps is what the package is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Programmes    Programmes
	Organisations Organisations
}

// Service is the editor: its use cases, pages and API.
type Service struct {
	db         *db.DB
	clock      clock.Clock
	policy     *identity.Policy
	programmes Programmes
	orgs       Organisations
}

// New builds the editor.
func New(d Deps) *Service {
	return &Service{db: d.DB, clock: d.Clock, policy: d.Policy, programmes: d.Programmes, orgs: d.Organisations}
}

// today is the civil day in the region's zone.
func (s *Service) today() string { return clock.Day(s.clock.Now()) }

// mayEdit tells whether the subject writes rules for the region.
func (s *Service) mayEdit(by identity.Subject, authority, region string) error {
	return s.policy.Can(by, "programme.edit", identity.Object{Parties: map[string]string{voucher.SideAuthority: authority}, Region: region})
}
