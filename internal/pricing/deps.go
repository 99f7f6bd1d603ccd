package pricing

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/workday"
)

// Thing is a resource as pricing knows it, with the catalogue's price lines read as a plan.
type Thing struct {
	ID     string
	Owner  string
	NameZH string
	NameEN string
	Sample bool
	Plan   Plan
}

// Resources is what pricing asks of the catalogue.
type Resources interface {
	// Owned lists the live resources of an organisation.
	Owned(ctx context.Context, q db.Q, org string) ([]Thing, error)
	// Resource is one live resource.
	Resource(ctx context.Context, q db.Q, id string) (Thing, error)
}

// Organisations is what pricing asks of identity.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	// Named are the organisations with one of the codes, or exactly one of the names.
	Named(ctx context.Context, q db.Q, codes, names []string) ([]identity.Organisation, error)
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
}

// Calendar names the days that are not as their weekday says; platform/workday fills it.
type Calendar interface {
	Entry(day string) (workday.Entry, bool)
}

// Deps is what the module is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Resources     Resources
	Organisations Organisations
	Calendar      Calendar
	Sample        bool // the demo: what is made here is invented
}

// Service is the module: its use cases, pages and API.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	policy    *identity.Policy
	resources Resources
	orgs      Organisations
	calendar  Calendar
	sample    bool
}

// New builds the module.
func New(d Deps) *Service {
	return &Service{db: d.DB, clock: d.Clock, policy: d.Policy, resources: d.Resources, orgs: d.Organisations, calendar: d.Calendar, sample: d.Sample}
}

func (s *Service) today() string { return clock.Day(s.clock.Now()) }

// CalendarDays adds to facts what the working-day calendar says about their days.
func CalendarDays(c Calendar, f *Facts) {
	f.Off, f.Work = nil, nil
	for _, day := range daysOf(f.Spans) {
		if e, special := c.Entry(day); special && e.Off {
			f.Off = append(f.Off, day)
		} else if special {
			f.Work = append(f.Work, day)
		}
	}
	// a night that began the evening before belongs to that day
	if len(f.Spans) > 0 {
		if day, err := clock.AddDays(clock.Day(f.Spans[0].From), -1); err == nil {
			if e, special := c.Entry(day); special && e.Off {
				f.Off = append(f.Off, day)
			} else if special {
				f.Work = append(f.Work, day)
			}
		}
	}
}
