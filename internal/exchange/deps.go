package exchange

import (
	"context"
	"net/http"
	"sync"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/format"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Catalogue is what exchange asks of the catalogue; *catalogue.Service is one.
type Catalogue interface {
	Each(ctx context.Context, q catalogue.Query, most int, fn func([]format.Record) error) (int, error)
	Records(ctx context.Context, q db.Q, ids []string) ([]format.Record, error)
	OwnedRecords(ctx context.Context, q db.Q, owner identity.Organisation) ([]format.Record, error)
	Stands(ctx context.Context, q db.Q, after string, limit int) ([]catalogue.Stand, error)
	TakeIn(ctx context.Context, sub identity.Subject, tx *db.Tx, in catalogue.Intake, batch []catalogue.Incoming) ([]catalogue.Outcome, error)
	AsTheyStand(ctx context.Context, q db.Q, ids []string) ([]catalogue.Resource, error)
	PutBack(ctx context.Context, sub identity.Subject, tx *db.Tx, was catalogue.Resource, seen int64, cause string) (bool, error)
}

// Organisations is what exchange asks of identity.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	Listed(ctx context.Context, q db.Q, after string, limit int) ([]identity.Organisation, error)
	PutUnclaimed(ctx context.Context, tx *db.Tx, o identity.Organisation) (string, bool, error)
	RegionPath(code string) string
	RegionName(ctx context.Context, code string) string
}

// Withheld tells which records must not be passed on to other platforms.
type Withheld func(ctx context.Context, q db.Q, list []catalogue.Stand) (map[string]bool, error)

// Deps is what the module is built from.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Policy    *identity.Policy
	Catalogue Catalogue
	Orgs      Organisations
	Address   string       // public address without a slash at its end
	Region    string       // root region of the node
	Mail      string       // of the operator, for those who harvest us
	Client    *http.Client // of the courier: reaches only where the settings allow
	National  National     // the national platform's interface; without an address, files only
	Tables    []Table      // of other modules, for Leave
	Withheld  Withheld     // may be nil: everything is passed on
	Front     []string     // paths of the portal's own pages, for the sitemap
}

// Service is the module.
type Service struct {
	Deps
	sleep   func(ctx context.Context, d time.Duration) error // between two tries of a courier
	running sync.Map                                         // run id, or national → struct{}: what is under way in this process
}

// New builds the module.
func New(d Deps) *Service {
	if d.Client == nil {
		d.Client = &http.Client{Timeout: 30 * time.Second}
	}
	return &Service{Deps: d, sleep: pause}
}

// pause waits, or ends with the context.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }
