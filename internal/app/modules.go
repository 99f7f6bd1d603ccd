package app

import (
	"errors"
	"fmt"
	"path/filepath"

	"qiao/internal/agenda"
	"qiao/internal/behalf"
	"qiao/internal/booking"
	"qiao/internal/campus"
	"qiao/internal/catalogue"
	"qiao/internal/catalogue/importing"
	"qiao/internal/contract"
	"qiao/internal/demo"
	"qiao/internal/duplicate"
	"qiao/internal/exchange"
	"qiao/internal/expert"
	"qiao/internal/facts"
	"qiao/internal/find"
	"qiao/internal/fund"
	"qiao/internal/gate"
	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/match"
	"qiao/internal/message"
	"qiao/internal/milestone"
	"qiao/internal/observe"
	"qiao/internal/onsite"
	"qiao/internal/order"
	"qiao/internal/paper"
	"qiao/internal/payout"
	"qiao/internal/platform/channel"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/rule"
	"qiao/internal/platform/seal"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/textindex"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/ui/assets"
	"qiao/internal/platform/web"
	"qiao/internal/platform/workday"
	"qiao/internal/policy"
	"qiao/internal/pricing"
	"qiao/internal/provider"
	"qiao/internal/quote"
	"qiao/internal/record"
	"qiao/internal/remind"
	"qiao/internal/review"
	"qiao/internal/roster"
	"qiao/internal/sample"
	"qiao/internal/scrutiny"
	"qiao/internal/series"
	"qiao/internal/settle"
	"qiao/internal/stats"
	"qiao/internal/talk"
	"qiao/internal/usage"
	"qiao/internal/voucher"
	"qiao/internal/voucher/editor"
	"qiao/internal/voucher/reward"
	"qiao/internal/voucher/scheme"
	"qiao/internal/waiting"
)

// build makes every module by hand, lowest level first: this is the whole wiring.
func (a *App) build(o Options) (err error) {
	if a.assets, err = assets.Load(); err != nil {
		return err
	}
	if a.policy, err = identity.NewPolicy(); err != nil {
		return fmt.Errorf("read the permission table: %w", err)
	}
	if a.catalog, err = texts(); err != nil {
		return err
	}
	if a.calendar, err = workday.China(); err != nil {
		return fmt.Errorf("read the working-day calendar: %w", err)
	}
	a.bus = outbox.New(a.db, a.clock)
	a.analyser = textindex.NewAnalyser()
	a.search = textindex.New(a.analyser, textindex.Options{})
	a.supplies = match.NewIndex(a.analyser)
	a.identity = identity.New(identity.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Root: a.cfg.Region, Secure: a.cfg.Secure(), DemoLogins: demoLogins(a.cfg.Demo), Slots: []identity.Slot{a.standingOf, a.provenOf, a.resourcesOf, a.namesOf}, Hash: o.Passwords, Sample: a.cfg.Demo})
	a.web = web.NewServer(web.Options{DB: a.db, Clock: a.clock, Access: access{a}, Log: a.log, Secure: a.cfg.Secure(), ErrorPage: errorPage, Proof: a.identity.Proof(), Observe: a.metrics.observe, MaxBody: a.cfg.Limits})
	a.catalogue = catalogue.New(catalogue.Deps{
		DB: a.db, Clock: a.clock, Policy: a.policy, Orgs: a.identity, Index: a.search, Blobs: a.files, Node: a.cfg.Region, Root: a.cfg.Region, Address: a.cfg.Public,
		Institutions: a.identity.Listed, FreeOn: a.freeOn, Horizon: a.horizon, Watch: watch{a}, Extra: a.extra, Certificates: a.certificates, CertificateNames: a.certificateNames, Centre: centres(), Strips: a.strips, Booking: a.bookingPanel, Twins: a.twins, Aliases: a.aliases, Bar: a.bar,
	})
	a.importing = importing.New(importing.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Orgs: a.identity, Catalogue: a.catalogue, Blobs: a.files, Orders: ordered{a}, MaxFile: a.cfg.Import})
	if a.roster, err = roster.New(roster.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Organisations: a.identity, Files: a.files, Sample: a.cfg.Demo}); err != nil {
		return err
	}
	if a.facts, err = facts.New(facts.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Organisations: a.identity, Standing: a.listed, Files: a.files, Sample: a.cfg.Demo}); err != nil {
		return err
	}
	if err := a.buildVouchers(); err != nil {
		return err
	}
	if a.provider, err = provider.New(provider.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Organisations: a.identity, Catalogue: a.catalogue, Files: a.files, Sample: a.cfg.Demo}); err != nil {
		return err
	}
	a.booking = booking.New(booking.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Catalogue: a.catalogue, Calendar: a.calendar.In(a.cfg.Region), Holders: a.bookers, Outside: outside{a}, Freed: a.freed})
	a.pricing = pricing.New(pricing.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Resources: priced{a}, Organisations: a.identity, Calendar: a.calendar.In(a.cfg.Region), Sample: a.cfg.Demo})
	if err := a.buildPapers(); err != nil {
		return err
	}
	if a.gate, err = gate.New(gate.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Catalogue: a.catalogue, People: a.identity, Files: a.files}); err != nil {
		return err
	}
	a.fund = fund.New(fund.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Organisations: a.identity, Sample: a.cfg.Demo})
	a.order = order.New(order.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Catalogue: a.catalogue, Booking: a.booking, Contracts: a.contract, Invoices: a.invoice, Milestones: a.milestone, Organisations: a.identity, Vouchers: a.voucher, Calendar: a.calendar.In(a.cfg.Region), Blobs: a.files, Proof: a.provider.OnReport, Prices: a.pricing, Funds: a.fund, Gates: gates{a.gate}, Behalf: a.mayBehalf, Panels: a.panels()})
	if err := a.buildAround(); err != nil {
		return err
	}
	a.buildDuplicates()
	if err := errors.Join(a.buildExperts(), a.buildRecords(), a.buildScrutiny()); err != nil {
		return err
	}
	a.match = match.New(match.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Analyser: a.analyser, Index: a.supplies, Suppliers: a.suppliers(), Slots: a.booking, Regions: regions{a}, Organisations: a.identity})
	if a.calls, err = policy.New(policy.Deps{DB: a.db, Clock: a.clock, Rosters: standings{a}}); err != nil {
		return err
	}
	a.find = find.New(find.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Catalogue: a.catalogue, Orgs: a.identity, Engine: a.search, Layout: layout, Root: a.cfg.Region})
	a.exchange = exchange.New(exchange.Deps{
		DB: a.db, Clock: a.clock, Policy: a.policy, Catalogue: shared{a.catalogue, a}, Withheld: a.unshared, Orgs: a.identity, Address: a.cfg.Public, Region: a.cfg.Region, Mail: a.operatorMail(), Client: a.courierClient(),
		National: exchange.National{Address: a.cfg.National, Token: a.cfg.Token}, Tables: a.leavingTables(), Front: a.frontPages(),
	})
	if err := a.buildMessages(); err != nil {
		return err
	}
	a.stats = stats.New(stats.Deps{
		DB: a.db, Clock: a.clock, Policy: a.policy, Root: a.cfg.Region, Tree: a.identity.Tree, Organisations: a.identity.Organisations,
		Resources: a.resourceStock, Institutions: a.institutionStock, Portal: a.portal(), Desk: a.desk(),
	})
	a.react()
	return nil
}

// buildVouchers makes vouchers, the editor of their rules, what pays them and what regions settle.
func (a *App) buildVouchers() (err error) {
	a.voucher = voucher.New(voucher.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Organisations: a.identity, Orders: claimable{a}, Rosters: rosters{a}, Files: a.files, Invoices: bills{a}, ClaimPanels: []voucher.ClaimPanel{a.rewardsOf, a.scrutinyOf}, Facts: firmFiles{a}, Payments: batches{a}})
	a.reward = reward.New(reward.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Vouchers: a.voucher, Organisations: a.identity})
	a.editor = editor.New(editor.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Programmes: a.voucher, Organisations: a.identity})
	if a.settle, err = settle.New(settle.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Vouchers: a.voucher, Organisations: a.identity}); err != nil {
		return err
	}
	a.payout, err = payout.New(payout.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Vouchers: a.voucher, Organisations: a.identity, Orders: named{a}, Files: a.files})
	return err
}

// buildAround makes the modules that stand around orders.
func (a *App) buildAround() (err error) {
	a.talk = talk.New(talk.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Orders: a.order, People: a.identity, Blobs: a.files})
	a.review = review.New(review.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Orders: a.order, Organisations: a.identity})
	a.agenda = agenda.New(agenda.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Orders: a.order, People: a.identity, Address: a.cfg.Public})
	if a.onsite, err = onsite.New(onsite.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Orders: a.order, Catalogue: a.catalogue, People: a.identity, Down: a.down, Address: a.cfg.Public}); err != nil {
		return err
	}
	if a.remind, err = remind.New(a.db, a.clock, a.order, a.milestone, a.calendar.In(a.cfg.Region)); err != nil {
		return err
	}
	a.usage = usage.New(usage.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Orders: a.order, Catalogue: a.catalogue, Booking: a.booking, Organisations: a.identity, Missed: a.onsite.Missed})
	a.campus = campus.New(campus.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Calendars: a.booking, Catalogue: a.catalogue, Client: a.courierClient(), Plain: a.cfg.Private, Address: a.cfg.Public})
	if a.sample, err = sample.New(sample.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Orders: a.order, People: a.identity, Address: a.cfg.Public}); err != nil {
		return err
	}
	a.series = series.New(series.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Catalogue: a.catalogue, Orders: a.order, Calendars: a.booking, Holidays: a.calendar.In(a.cfg.Region), Organisations: a.identity, Pool: a.poolOf})
	a.paper = paper.New(paper.Deps{DB: a.db, Clock: a.clock, Orders: a.order, Invoices: a.invoice, Organisations: a.identity, Key: a.key, Address: a.cfg.Public})
	a.quote = quote.New(quote.Deps{Clock: a.clock, Policy: a.policy, Orders: a.order})
	if a.observe, err = observe.New(observe.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Orders: a.order, People: a.identity, Calendar: a.calendar.In(a.cfg.Region), Blobs: a.files, Live: a.live(), Log: a.log}); err != nil {
		return err
	}
	a.behalf = behalf.New(behalf.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Catalogue: a.catalogue, Calendars: a.booking, Orders: a.order, People: a.identity, Find: a.findBookable, Leads: a.fund.Leads, Heads: a.fund.Heads})
	if a.waiting, err = waiting.New(waiting.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Catalogue: a.catalogue, Calendars: a.booking, Orders: a.order, People: a.identity, Declared: a.gate.Declared, Like: a.like}); err != nil {
		return err
	}
	return nil
}

// buildPapers makes what an order is agreed, invoiced and paid by. The node's key signs reports; in the demo it also keeps the
// reference of electronic seals.
func (a *App) buildPapers() (err error) {
	if a.key, err = seal.Open(filepath.Join(a.cfg.Data, "node.key")); err != nil {
		return fmt.Errorf("the node's key: %w", err)
	}
	d := contract.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Facts: a.contractFacts, Blobs: a.files, Address: a.cfg.Public}
	if a.cfg.Demo {
		d.Sealer = contract.NewReference(a.key)
	}
	a.contract = contract.New(d)
	a.invoice = invoice.New(invoice.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Blobs: a.files})
	a.milestone = milestone.New(milestone.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Organisations: a.identity})
	return nil
}

// buildMessages chooses how messages go out: in the demo, and without a mail server, they are kept and shown.
func (a *App) buildMessages() error {
	sender := channel.Sender(channel.NewFake(channel.Mail))
	if a.cfg.SMTP != "" && !a.cfg.Demo {
		smtp, err := channel.NewSMTP(channel.SMTPConfig{URL: a.cfg.SMTP, From: a.cfg.MailFrom})
		if err != nil {
			return fmt.Errorf("set up mail: %w", err)
		}
		sender = smtp
	}
	a.message = message.New(message.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, People: a.identity, Senders: []channel.Sender{sender}, Origin: a.cfg.Public, Name: "Qiao", From: a.operatorMail(), Catalog: a.catalog})
	return nil
}

// texts merges the English of every room; two different translations of one text are an error.
func texts() (*i18n.Catalog, error) {
	c, err := i18n.New(
		English,
		paper.English,
		quote.English,
		ui.English,
		form.English,
		sheet.English, rule.English,
		identity.English,
		catalogue.English,
		importing.English,
		voucher.English,
		payout.English,
		settle.English,
		scheme.English,
		editor.English,
		reward.English,
		booking.English,
		waiting.English,
		behalf.English,
		pricing.English,
		fund.English,
		contract.English,
		invoice.English,
		milestone.English,
		gate.English,
		order.English,
		onsite.English,
		campus.English,
		sample.English,
		series.English,
		review.English,
		talk.English,
		usage.English,
		observe.English,
		agenda.English,
		record.English,
		scrutiny.English,
		match.English,
		policy.English,
		find.English,
		exchange.English,
		roster.English,
		facts.English,
		duplicate.English,
		provider.English,
		expert.English,
		message.English,
		stats.English,
		demo.English,
	)
	if err != nil {
		return nil, fmt.Errorf("merge the translations: %w", err)
	}
	return c, nil
}

// panels are what other modules draw on the page of an order, from its top.
func (a *App) panels() []order.Panel {
	return []order.Panel{
		a.behalfOf,
		a.otherTimes,
		a.feeOf,
		a.paidBy,
		a.stagesOf,
		a.contractOf,
		a.invoicesOf,
		a.onsiteOf,
		a.campusOf,
		a.samplesOf,
		a.saidOn,
		a.watchedOn,
		a.recordOf,
		a.papersOf,
		a.reviewsOf,
		a.seriesOf,
	}
}
