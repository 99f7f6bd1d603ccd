package voucher

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher/scheme"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	routes := []web.Route{
		{Pattern: "GET /programmes", Action: "programme.view", Handle: s.showProgrammes},
		{Pattern: "GET /programmes/{id}", Action: "programme.view", Handle: s.showProgramme},
		{Pattern: "GET /notices", Action: "notice.view", Handle: s.showNotices},
		{Pattern: "GET /notices/{id}", Action: "notice.view", Handle: s.showNotice},
		{Pattern: "GET /desk/wallet", Action: "voucher.wallet", Private: true, Handle: s.showWallet},
		{Pattern: "GET /desk/wallet/apply", Action: "voucher.apply", Private: true, Handle: s.showApply},
		{Pattern: "POST /desk/wallet/apply", Action: "voucher.apply", Private: true, Handle: s.submitApply},
		{Pattern: "POST /desk/wallet/{id}/return", Action: "voucher.return", Private: true, Money: true, Handle: s.submitReturn},
		{Pattern: "POST /desk/vouchers/{id}/withdraw", Action: "voucher.apply", Private: true, Handle: s.submitFirmStep(s.Withdraw)},
		{Pattern: "POST /desk/vouchers/{id}/amend", Action: "voucher.apply", Private: true, Handle: s.submitFirmStep(s.Amend)},
		{Pattern: "GET /desk/vouchers/{id}/attachments/{position}", Action: "voucher.view", Private: true, Handle: s.showAttachment},
		{Pattern: "GET /desk/programmes/{id}/batch", Action: "voucher.allot", Private: true, Handle: s.showBatch},
		{Pattern: "POST /desk/programmes/{id}/batch", Action: "voucher.allot", Private: true, Money: true, Handle: s.submitBatch},
		{Pattern: "GET /desk/vouchers", Action: "voucher.review", Private: true, Handle: s.showApplications},
		{Pattern: "GET /desk/vouchers/{id}", Action: "voucher.view", Private: true, Handle: s.showApplication},
		{Pattern: "POST /desk/vouchers/{id}/approve", Action: "voucher.approve", Private: true, Money: true, Handle: s.submitDecision(s.Approve)},
		{Pattern: "POST /desk/vouchers/{id}/waive", Action: "voucher.waive", Private: true, Handle: s.submitWaive},
		{Pattern: "POST /desk/vouchers/{id}/refuse", Action: "voucher.refuse", Private: true, Handle: s.submitDecision(s.Refuse)},
		{Pattern: "GET /desk/programmes/{id}", Action: "programme.budget", Private: true, Handle: s.showBudget},
		{Pattern: "GET /desk/ledger", Action: "ledger.export", Private: true, Handle: s.showLedger},
		{Pattern: "GET /desk/ledger/file", Action: "ledger.export", Private: true, Handle: s.sendLedger},
		{Pattern: "GET /desk/ledger/check-ledger.mjs", Action: "ledger.export", Private: true, Handle: s.sendScript},
		{Pattern: "GET /desk/redemptions", Action: "redemption.view", Private: true, Handle: s.showClaims},
		{Pattern: "GET /desk/redemptions/new", Action: "redemption.create", Private: true, Handle: s.showRedeem},
		{Pattern: "POST /desk/redemptions", Action: "redemption.create", Private: true, Money: true, Handle: s.submitRedeem},
		{Pattern: "GET /desk/redemptions/{id}", Action: "redemption.view", Private: true, Handle: s.showClaim},
		{Pattern: "GET /desk/redemptions/{id}/documents/{position}", Action: "redemption.view", Private: true, Handle: s.showDocument},
	}
	for _, verb := range officerVerbs() {
		routes = append(routes, web.Route{Pattern: "POST /desk/redemptions/{id}/" + verb, Action: "redemption." + verb, Private: true, Money: true, Handle: s.submitVerb(verb)})
	}
	return routes
}

// officerVerbs are the verbs of a claim that an officer does, in the order of its life.
func officerVerbs() []string {
	return []string{"verify", "approve", "publish-notice", "pay", "refuse", "recover", "receive"}
}

// pageSize is how many rows a page of a list shows.
const pageSize = 50

// Naming is what a programme's rules are put into words with, in the reader's language.
func (s *Service) Naming(ctx context.Context, q db.Q, t scheme.Terms) (scheme.Naming, error) {
	lists, err := s.lists(ctx, q, t)
	return scheme.Naming{Region: s.namer(ctx, q), Lists: lists}, err
}

// namer tells the regions' names in the reader's language; a code that is unknown stays a code.
func (s *Service) namer(ctx context.Context, q db.Q) scheme.RegionNamer {
	return func(code string) string {
		r, err := s.orgs.Region(ctx, q, code)
		if err != nil {
			return code
		}
		return i18n.Pick(ctx, r.NameZH, r.NameEN)
	}
}

// names finds organisations for a page; one that is unknown is shown by its id.
func (s *Service) names(ctx context.Context, ids ...string) (map[string]ui.OrgRef, error) {
	known, err := s.orgs.Organisations(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]ui.OrgRef{}
	for _, x := range ids {
		if o, ok := known[x]; ok {
			out[x] = o.Ref(ctx)
		} else {
			out[x] = ui.OrgRef{Name: x}
		}
	}
	return out, nil
}

// timeline is the life of an application or a claim, with who did what. Names live in identity alone.
func (s *Service) timeline(ctx context.Context, object string) ([]ui.Moment, error) {
	steps, err := listSteps(ctx, s.db, object)
	if err != nil {
		return nil, err
	}
	var persons, organisations []string
	for _, st := range steps {
		persons, organisations = append(persons, st.Person), append(organisations, st.Org)
	}
	people, err := s.orgs.Names(ctx, s.db, persons)
	if err != nil {
		return nil, err
	}
	orgs, err := s.names(ctx, organisations...)
	if err != nil {
		return nil, err
	}
	var out []ui.Moment
	for _, st := range steps {
		m := ui.Moment{At: st.At.Time, Who: orgs[st.Org].Name, Title: doneName(ctx, st.Verb), Note: st.Note, Tone: ui.OK}
		if name := people[st.Person]; name != "" {
			m.Who = name + " · " + m.Who
		}
		if st.Verb == "refuse" || st.Verb == "recover" {
			m.Tone = ui.Bad
		}
		out = append(out, m)
	}
	return out, nil
}

// next is the address of the next page of a list, when this page is full.
func next(r *http.Request, full bool, last string) string {
	if !full {
		return ""
	}
	q := r.URL.Query()
	q.Set("cursor", web.EncodeCursor(last))
	return r.URL.Path + "?" + q.Encode()
}

// after is the id that a list goes on below.
func after(r *http.Request) (string, error) {
	parts, err := web.DecodeCursor(r.URL.Query().Get("cursor"), 1)
	if err != nil {
		return "", err
	}
	return parts[0], nil
}

// Tasks are what waits for the subject: applications and redemptions to decide, used vouchers to redeem.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	var out []ui.Task
	add := func(action, table, state, title, link, icon string) error {
		if s.policy.May(by, action) != nil {
			return nil
		}
		w := &db.Where{}
		s.policy.Filter(by, action, map[string]string{identity.SideRegion: "region"}, w)
		w.And("state = ?", state)
		n, oldest, err := countWaiting(ctx, s.db, table, w)
		if err == nil && n > 0 {
			out = append(out, ui.Task{Title: title, Link: link, Icon: icon, Count: n, Since: oldest.Time})
		}
		return err
	}
	for _, k := range []struct{ action, table, state, title, link, icon string }{
		{"voucher.approve", "voucher_application", Submitted, t(ctx, "审核创新券申请"), "/desk/vouchers", "ticket"},                             //icons: ticket
		{"redemption.verify", "voucher_claim", "submitted", t(ctx, "核验兑付材料"), "/desk/redemptions?state=submitted", "file-check"},         //icons: file-check
		{"redemption.approve", "voucher_claim", "verified", t(ctx, "批准兑付"), "/desk/redemptions?state=verified", "checks"},                //icons: checks
		{"redemption.publish-notice", "voucher_claim", "approved", t(ctx, "发布兑付公示"), "/desk/redemptions?state=approved", "speakerphone"}, //icons: speakerphone
		{"redemption.pay", "voucher_claim", "published", t(ctx, "支付兑付款项"), "/desk/redemptions?state=published", "cash"},                  //icons: cash
	} {
		if err := add(k.action, k.table, k.state, k.title, k.link, k.icon); err != nil {
			return nil, err
		}
	}
	if s.policy.May(by, "redemption.create") != nil {
		return out, nil
	}
	open, err := s.Claimable(ctx, s.db, by.Org)
	if err == nil && len(open) > 0 {
		out = append(out, ui.Task{Title: t(ctx, "用已确认的订单申请兑付"), Link: "/desk/redemptions", Icon: "cash", Count: len(open)})
	}
	return out, err
}
