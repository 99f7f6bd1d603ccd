package settle

import (
	"context"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/voucher"
)

var t = i18n.T

// Organisations is what settle asks of identity.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
	// Authorities lists the verified authorities in whose region a code lies, today.
	Authorities(ctx context.Context, q db.Q, code string) ([]string, error)
	Region(ctx context.Context, q db.Q, code string) (identity.Region, error)
}

// Vouchers is what settle asks of the vouchers' ledger.
type Vouchers interface {
	Settlements(ctx context.Context, q db.Q) ([]voucher.Settlement, error)
	PartMoves(ctx context.Context, q db.Q, pairs []voucher.Pair, day string, since time.Time) ([]voucher.PartMove, error)
	ClaimItems(ctx context.Context, q db.Q, claims []string) (map[string][]voucher.ClaimItem, error)
	Programme(ctx context.Context, q db.Q, programme string) (voucher.Programme, error)
}

// Deps is what the module is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Vouchers      Vouchers
	Organisations Organisations
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	rules []Rules
}

// New builds the module; an error when the data that ships with it cannot be read.
func New(d Deps) (*Service, error) {
	rules, err := ShippedRules()
	return &Service{d, rules}, err
}

// today is the civil day in the region's zone.
func (s *Service) today() string { return clock.Day(s.Clock.Now()) }

// object is a statement as the permission table sees it.
func (x Statement) object() identity.Object {
	return identity.Object{Parties: map[string]string{SideLow: x.LowOrg, SideHigh: x.HighOrg}}
}

// regionFor is the side that an organisation acts for: the region of which it is the authority.
func (x Statement) regionFor(org string) string {
	switch org {
	case "":
	case x.LowOrg:
		return x.Low
	case x.HighOrg:
		return x.High
	}
	return ""
}

// other is the other of the two regions.
func (x Statement) other(region string) string {
	if region == x.Low {
		return x.High
	}
	return x.Low
}

// orgOf is the authority of one of the two regions; ” where it has none on this node.
func (x Statement) orgOf(region string) string {
	if region == x.Low {
		return x.LowOrg
	}
	return x.HighOrg
}
