package scrutiny

import (
	"context"
	"time"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/voucher"
)

// Organisations is what scrutiny asks of identity.
type Organisations interface {
	Organisation(ctx context.Context, q db.Q, org string) (identity.Organisation, error)
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
	People(ctx context.Context, q db.Q, org string, roles ...string) ([]identity.PersonRef, error)
	Named(ctx context.Context, q db.Q, codes, names []string) ([]identity.Organisation, error)
}

// Orders is what scrutiny asks of orders.
type Orders interface {
	Deals(ctx context.Context, q db.Q, f order.DealFilter) ([]order.Deal, error)
}

// Vouchers is what scrutiny asks of vouchers.
type Vouchers interface {
	Whole(ctx context.Context, q db.Q, claim string) (voucher.WholeClaim, error)
	ClaimList(ctx context.Context, q db.Q, f voucher.ClaimFilter) ([]voucher.Claim, error)
	Programme(ctx context.Context, q db.Q, programme string) (voucher.Programme, error)
	Programmes(ctx context.Context, q db.Q) ([]voucher.Programme, error)
	// Act does a verb of a redemption in the caller's transaction, by all the rules of vouchers.
	Act(ctx context.Context, tx *db.Tx, by identity.Subject, claim, verb string, r voucher.VerbRequest) (voucher.Claim, error)
}

// Facts is what else is known of the parties and their papers; app fills it.
type Facts interface {
	// Related are the ways in which firm and provider belong together: the same code, parent and part, shareholdings.
	Related(ctx context.Context, q db.Q, firm, provider string) ([]Relation, error)
	// Profile is where and by whom an organisation can be reached.
	Profile(ctx context.Context, q db.Q, org string) (Profile, error)
	// Signed is when both sides had signed the order's contract; the zero time when there is none.
	Signed(ctx context.Context, q db.Q, order string) (time.Time, error)
	// OpenMinutes is how long a resource was open between two instants; -1 when it is not known.
	OpenMinutes(ctx context.Context, q db.Q, resource string, from, to time.Time) (int64, error)
	// Card is the fund card that pays the rest of an order.
	Card(ctx context.Context, q db.Q, card string) (Card, error)
	// Used are the orders and redemptions that show a file with one of these contents.
	Used(ctx context.Context, q db.Q, sha256 []string) ([]FileUse, error)
}

// Bans is the list of organisations that programmes shut out.
type Bans interface {
	// Enter puts an organisation on the list with this code in the caller's transaction, and gives the entry's id.
	Enter(ctx context.Context, tx *db.Tx, b Ban) (string, error)
	// Lift takes an entry off.
	Lift(ctx context.Context, tx *db.Tx, entry, note string) error
	// Stands tells whether an entry counts on a day.
	Stands(ctx context.Context, q db.Q, org, entry, day string) (bool, error)
}

// Ban is an entry of the list.
type Ban struct {
	List, Org, Number, From, To, Evidence string
}

// Deps is what the module is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Organisations Organisations
	Orders        Orders
	Vouchers      Vouchers
	Facts         Facts
	Bans          Bans
	Files         blob.Store
	Sample        bool // the demo: what is made here is invented
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	dated []Rules
}

// New builds the module; an error when its dated data cannot be read.
func New(d Deps) (*Service, error) {
	rules, err := readRules()
	if err != nil {
		return nil, err
	}
	return &Service{Deps: d, dated: rules}, nil
}

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }

// object is a flag, a case, a recovery or a sanction as the permission table sees it: who is concerned, and where.
func object(firm, provider, region string) identity.Object {
	return identity.Object{Parties: map[string]string{voucher.SideFirm: firm, voucher.SideProvider: provider}, Region: region}
}
