package app

import (
	"cmp"
	"context"
	"time"

	"qiao/internal/identity"
	"qiao/internal/match"
	"qiao/internal/message"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
	"qiao/internal/stats"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme"
)

// The consumers of events, each with its own place in the feed.
const (
	toCount  = "stats"    // the numbers
	toTell   = "message"  // the people
	toSettle = "settle"   // orders of a paid redemption
	toMatch  = "match"    // needs that led to an order
	toClock  = "provider" // reporting clocks of instruments
	toFund   = "fund"     // income of settled orders
	toSign   = "paper"    // signatures under reports
	toRoster = "roster"   // lists on which a new organisation may stand
)

// react lists every "when X has happened, then Y". A reaction writes rows in the delivery's transaction,
// so it happens exactly once; only couriers, which read those rows, touch the network.
func (a *App) react() {
	a.countOrders()
	a.countVouchers()
	a.countNeeds()
	a.tellOfOrganisations()
	a.tellOfOrders()
	a.tellOfReminders()
	a.tellOfTrainings()
	a.followSessions()
	a.followUsage()
	a.followCampus()
	a.followSamples()
	a.tellOfSamples()
	a.tellOfTalk()
	a.tellOfReviews()
	a.tellOfObservation()
	a.tellOfPapers()
	a.followQueues()
	a.followBehalf()
	a.tellOfVouchers()
	a.tellOfPayouts()
	a.tellOfStatements()
	a.tellOfDuplicates()
	a.tellOfNeeds()
	a.tellOfFinds()
	a.tellOfExperts()
	a.tellOfRecords()
	a.meetRosters()
	a.tellOfFiles()
	a.followProviders()
	a.followFunds()
	a.followServed()
	a.lookAtVouchers()
	a.tellOfScrutiny()
	outbox.On(a.bus, toSettle, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e voucher.Paid) error {
		if e.Way == scheme.Repay { // the firm paid the provider itself: its order is settled by that
			return nil
		}
		return a.order.SettlePaid(ctx, tx, e.Orders, e.Claim)
	})
	outbox.On(a.bus, toSign, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Reported) error {
		return a.paper.Sign(ctx, tx, e.Number)
	})
	outbox.On(a.bus, toMatch, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Placed) error {
		return a.match.Ordered(ctx, tx, e.Need, e.Resource, e.Order)
	})
}

func (a *App) countOrders() {
	fact := func(kind stats.Kind, m outbox.Meta, f order.Facts) stats.Fact {
		return stats.Fact{Event: m.ID, Kind: kind, At: m.At, Region: f.Region, Org: f.Buyer, Other: f.Provider, Object: f.Order, Resource: f.Resource, Programme: f.Programme, Amount: f.Price}
	}
	on := func(kind stats.Kind) func(context.Context, *db.Tx, outbox.Meta, order.Facts) error {
		return func(ctx context.Context, tx *db.Tx, m outbox.Meta, f order.Facts) error {
			return a.stats.Record(ctx, tx, fact(kind, m, f))
		}
	}
	placed, answered, confirmed := on(stats.OrderPlaced), on(stats.OrderAnswered), on(stats.OrderConfirmed)
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Placed) error {
		return placed(ctx, tx, m, e.Facts)
	})
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Quoted) error {
		return answered(ctx, tx, m, e.Facts)
	})
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Accepted) error {
		if e.Side != "provider" { // a buyer's yes to a quote answers nothing
			return nil
		}
		return answered(ctx, tx, m, e.Facts)
	})
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Refused) error {
		return answered(ctx, tx, m, e.Facts)
	})
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Confirmed) error {
		return confirmed(ctx, tx, m, e.Facts)
	})
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Stopped) error {
		f := fact(stats.MachineTime, m, e.Facts)
		f.Amount, f.Minutes = 0, e.Run
		return a.stats.Record(ctx, tx, f)
	})
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Rated) error {
		if e.Stars == 0 { // the provider's reply
			return nil
		}
		f := fact(stats.OrderRated, m, e.Facts)
		f.Amount, f.Score = 0, e.Stars
		return a.stats.Record(ctx, tx, f)
	})
}

func (a *App) countVouchers() {
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.Granted) error {
		return a.stats.Record(ctx, tx, stats.Fact{Event: m.ID, Kind: stats.VoucherGranted, At: m.At, Region: e.Region, Org: e.Firm, Object: e.Grant, Programme: e.Programme, Amount: e.Amount})
	})
	commitment := func(kind stats.Kind, m outbox.Meta, c voucher.Commitment) stats.Fact {
		return stats.Fact{Event: m.ID, Kind: kind, At: m.At, Region: c.Region, Org: c.Firm, Other: c.Provider, Object: c.Hold, Programme: c.Programme, Amount: c.Amount}
	}
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.Held) error {
		return a.stats.Record(ctx, tx, commitment(stats.VoucherHeld, m, e.Commitment))
	})
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.Released) error {
		return a.stats.Record(ctx, tx, commitment(stats.VoucherFreed, m, e.Commitment))
	})
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.Used) error {
		return a.stats.Record(ctx, tx, commitment(stats.VoucherUsed, m, e.Commitment))
	})
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.Paid) error {
		return a.stats.Record(ctx, tx, stats.Fact{Event: m.ID, Kind: stats.VoucherPaid, At: m.At, Region: e.Region, Org: cmp.Or(e.Payee, e.Provider), Other: cmp.Or(e.Payee, e.Provider), Object: e.Claim, Programme: e.Programme, Amount: e.Amount})
	})
}

func (a *App) countNeeds() {
	need := func(kind stats.Kind, m outbox.Meta, n match.Facts, at time.Time) stats.Fact {
		return stats.Fact{Event: m.ID, Kind: kind, At: at, Region: n.Region, Org: n.Firm, Object: n.Need}
	}
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e match.NeedPublished) error {
		return a.stats.Record(ctx, tx, need(stats.NeedPublished, m, e.Facts, m.At))
	})
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e match.CandidateAccepted) error {
		return a.stats.Record(ctx, tx, need(stats.NeedAccepted, m, e.Facts, m.At))
	})
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e match.Answered) error {
		return a.stats.Record(ctx, tx, need(stats.NeedAnswered, m, e.Facts, m.At))
	})
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e match.Contacted) error {
		return a.stats.Record(ctx, tx, need(stats.NeedContacted, m, e.Facts, m.At))
	})
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e match.AgreementSigned) error {
		return a.stats.Record(ctx, tx, need(stats.NeedContacted, m, e.Facts, m.At)) // who signed has met; the first counts
	})
	outbox.On(a.bus, toCount, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e match.NeedClosed) error {
		if e.Outcome != match.OutcomeInvalid {
			return nil
		}
		return a.stats.Record(ctx, tx, need(stats.NeedInvalid, m, e.Facts, m.At))
	})
}

// notify writes one notice; its key is the event's id, so that a repeated delivery tells nothing twice.
func (a *App) notify(ctx context.Context, tx *db.Tx, m outbox.Meta, org string, roles []string, link string, title message.Line) error {
	return a.message.Notify(ctx, tx, message.Notice{Key: m.ID, Event: m.Name, Org: org, Roles: roles, Title: title, Link: link})
}

func (a *App) tellOfOrganisations() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e identity.Registered) error {
		return a.tellAuthorities(ctx, tx, m, e.Region, "/desk/organisations/"+e.Org, message.Say("有单位注册，等待核验"))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e identity.Verified) error {
		return a.notify(ctx, tx, m, e.Org, nil, "/desk", message.Say("贵单位已通过核验，可以办理业务了"))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e identity.Refused) error {
		return a.notify(ctx, tx, m, e.Org, nil, "/account/organisation", message.Say("贵单位的注册未通过核验，请查看理由并补正"))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e identity.Suspended) error {
		return a.notify(ctx, tx, m, e.Org, nil, "/account/organisation", message.Say("贵单位已被暂停，请查看理由"))
	})
}

// tellAuthorities tells every authority in charge of a region.
func (a *App) tellAuthorities(ctx context.Context, tx *db.Tx, m outbox.Meta, region, link string, title message.Line) error {
	orgs, err := a.identity.Authorities(ctx, tx, region)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		if err := a.notify(ctx, tx, m, org, nil, link, title); err != nil {
			return err
		}
	}
	return nil
}
