package voucher

import (
	"context"
	"sync"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/platform/rule"
	"qiao/internal/voucher/scheme"
)

// Organisations is what voucher asks of identity.
type Organisations interface {
	Organisation(ctx context.Context, q db.Q, org string) (identity.Organisation, error)
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	CapacitiesOf(ctx context.Context, q db.Q, org string) ([]identity.Capacity, error)
	People(ctx context.Context, q db.Q, org string, roles ...string) ([]identity.PersonRef, error)
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
	// Authorities lists the verified authorities in whose region a code lies, today.
	Authorities(ctx context.Context, q db.Q, code string) ([]string, error)
	Region(ctx context.Context, q db.Q, code string) (identity.Region, error)
	RegionPath(code string) string
}

// Orders is what voucher asks of the orders it pays for.
type Orders interface {
	// ForClaim describes the provider's orders whose service is confirmed; orders paid without a voucher may be among them.
	ForClaim(ctx context.Context, q db.Q, provider string) ([]ClaimableOrder, error)
	// ForRepay describes the buyer's orders whose service is confirmed, and that it has paid or pays in full.
	ForRepay(ctx context.Context, q db.Q, buyer string) ([]ClaimableOrder, error)
}

// Rosters is what voucher asks of the lists of organisations that terms name.
type Rosters interface {
	// Standing is what an organisation stands on, on a civil day.
	Standing(ctx context.Context, q db.Q, org, day string) ([]scheme.Standing, error)
	// Rosters names the lists with these codes; an unknown code is left out.
	Rosters(ctx context.Context, q db.Q, codes []string) (map[string]scheme.Name, error)
}

// Invoices is what voucher asks of the node's register of invoice numbers.
type Invoices interface {
	// Claim keeps the numbers that a redemption names. Each may belong to one of its orders already; one that was used for
	// anything else is a fault of the field invoices that names the first use, as far as by may know of it.
	Claim(ctx context.Context, tx *db.Tx, by identity.Subject, u InvoiceUse) error
	// Free gives back what a refused redemption used.
	Free(ctx context.Context, tx *db.Tx, claim string) error
	// Numbers are those that a redemption uses.
	Numbers(ctx context.Context, q db.Q, claim string) ([]string, error)
}

// InvoiceUse is what a redemption uses invoice numbers for.
type InvoiceUse struct {
	Claim    string // id
	Number   string // what people call the redemption
	Payee    string // organisation that claims
	Region   string
	Orders   []string // ids
	Invoices []string // numbers as they were written
}

// Facts is what voucher asks of the files of firms.
type Facts interface {
	// Compile checks conditions; a fault names each that is wrong.
	Compile(conditions []rule.Condition) error
	// Answers answers conditions for a firm on a civil day, with what shows the answers and asks for what is missing.
	Answers(ctx context.Context, q db.Q, firm, day string, conditions []rule.Condition, sources map[string]rule.Source) (Eligibility, error)
	// State writes facts that the firm states while it applies: texts by the names of the fields that asked for them.
	State(ctx context.Context, tx *db.Tx, by identity.Subject, texts map[string]string) error
	// Give notes which facts an application gives to the authorities of a region.
	Give(ctx context.Context, tx *db.Tx, by identity.Subject, firm, region, application string, facts []string) error
	// Related lists what ties two organisations, the decisive things first.
	Related(ctx context.Context, q db.Q, a, b string) ([]scheme.Tie, error)
}

// Eligibility is what a programme's conditions came to for a firm.
type Eligibility struct {
	rule.Result
	Field  func(fact string) string           // the name of the field that asks for a fact
	Panel  func(officer bool) templ.Component // conditions, answers, clauses, evidence
	Fields func(f *form.Form) templ.Component // asks for the facts that are missing
}

// ClaimableOrder is a confirmed order as a redemption shows it.
type ClaimableOrder struct {
	Order     string // id
	Number    string // what people say aloud
	Title     string // what was done
	Buyer     string // organisation id
	Provider  string // organisation id
	Price     money.Fen
	Documents []Document // what the order already carries: its report
}

// Document is a stored file with its name and what it is (a code of the terms' documents; empty: not said).
type Document struct {
	Code   string `db:"code"`
	Name   string `db:"name"`
	SHA256 string `db:"sha256"`
	Size   int64  `db:"size"`
}

// Payments is what voucher asks of the batches that pay its claims.
type Payments interface {
	// InBatch is the number of the batch in which a payment of the claim is on its way; empty: in none.
	InBatch(ctx context.Context, q db.Q, claim string) (string, error)
}

// Deps is what the module is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Organisations Organisations
	Orders        Orders
	Rosters       Rosters // nil: no lists; terms that name one refuse everybody
	Files         blob.Store
	Invoices      Invoices // nil: redemptions name no invoices
	Payments      Payments // nil: claims are paid by hand only
	Facts         Facts    // nil: no files of firms; no programme with conditions can be published
	ClaimPanels   []ClaimPanel
}

// Service is the module: its use cases, pages and API.
type Service struct {
	db       *db.DB
	clock    clock.Clock
	zone     *time.Location // of civil days
	policy   *identity.Policy
	orgs     Organisations
	orders   Orders
	rosters  Rosters
	files    blob.Store
	payments Payments
	bills    Invoices
	facts    Facts
	panels   []ClaimPanel
	kept     keeper
	terms    sync.Map // "programme/version" → Terms; terms never change, so remembering them is harmless
}

// New builds the module.
func New(d Deps) *Service {
	return &Service{db: d.DB, clock: d.Clock, zone: clock.Zone(), policy: d.Policy, orgs: d.Organisations, orders: d.Orders, rosters: d.Rosters, files: d.Files, payments: d.Payments, bills: d.Invoices, panels: d.ClaimPanels, facts: d.Facts, kept: newKeeper()}
}

// today is the civil day in the region's zone.
func (s *Service) today() string { return s.clock.Now().In(s.zone).Format(clock.DateLayout) }

// firmObject is an object of the permission table that a firm owns.
func firmObject(firm, region string) identity.Object {
	return identity.Object{Parties: map[string]string{SideFirm: firm}, Region: region}
}

// claimObject is a redemption as the permission table sees it: of the provider, or of the firm that is repaid.
func claimObject(way, payee, region string) identity.Object {
	return identity.Object{Parties: map[string]string{payeeSide(way): payee}, Region: region}
}

// payeeSide is the side that files a redemption, and is paid.
func payeeSide(way string) string {
	if way == scheme.Repay {
		return SideFirm
	}
	return SideProvider
}

// ofClaims narrows a list of redemptions to those that the subject may see. A payee files as provider or as firm, by the
// claim's way; a row of either kind in the table opens the subject's own.
func (s *Service) ofClaims(by identity.Subject) *db.Where {
	w := &db.Where{}
	s.policy.Filter(by, "redemption.view", map[string]string{SideProvider: "payee", SideFirm: "payee", identity.SideRegion: "region"}, w)
	return w
}
