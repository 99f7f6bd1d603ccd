package demo

import (
	"context"

	"qiao/internal/campus"
	"qiao/internal/catalogue"
	"qiao/internal/catalogue/importing"
	"qiao/internal/expert"
	"qiao/internal/facts"
	"qiao/internal/fund"
	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/payout"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/policy"
	"qiao/internal/pricing"
	"qiao/internal/provider"
	served "qiao/internal/record"
	"qiao/internal/roster"
	"qiao/internal/scrutiny"
	"qiao/internal/settle"
	"qiao/internal/voucher"
	"qiao/internal/voucher/editor"
)

// Deps is what the demo is loaded through: the modules' own use cases, nothing beneath them.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Identity  *identity.Service
	Catalogue *catalogue.Service
	Importing *importing.Service
	Voucher   *voucher.Service
	Editor    *editor.Service // nil: no rules in writing
	Payout    *payout.Service // nil: no payments
	Settle    *settle.Service // nil: regions do not settle
	Roster    *roster.Service
	Facts     *facts.Service // nil: no files of firms
	Provider  *provider.Service
	Expert    *expert.Service
	Pricing   *pricing.Service // nil: no price plans
	Fund      *fund.Service    // nil: no cards
	Campus    *campus.Service  // nil: no campus system
	Record    *served.Service  // nil: no service records
	Invoice   *invoice.Service
	Scrutiny  *scrutiny.Service // nil: nothing is looked at
	Waits     bool              // the node has waiting lists
	Policy    *policy.Service
	Story     Options // how the stories are told; without a Client they are left out
}

// Progress is told how far a step has come; name is what is being done, total how much there is.
type Progress func(name string, done, total int)

// loader is one run of Load.
type loader struct {
	Deps
	tell Progress
}

// as is ctx with an acting person written into the audit, and the subject itself.
func (l loader) as(ctx context.Context, login string) (context.Context, identity.Subject, error) {
	s, err := l.Identity.As(ctx, address(login))
	if err != nil {
		return ctx, s, err
	}
	actor := audit.Actor{Person: s.Person, Membership: s.Membership, Org: s.Org, Cause: "demo"}
	return identity.WithSubject(audit.WithActor(ctx, actor), s), s, nil
}
