package order

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"qiao/internal/contract"
	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/pricing"
)

// ordersView is a list of orders.
type ordersView struct {
	By     identity.Subject
	Side   string
	Open   bool
	Long   bool // what waits longest first
	Text   string
	Orders []orderRow
	Next   string
	Later  bool // not the first page
	Both   bool // the organisation buys and provides
}

// orderRow is an order in a list.
type orderRow struct {
	Order Order
	Other identity.Organisation // the other side
	Mine  bool                  // it is my turn
	Late  bool                  // the promise has passed
	Who   string                // whose turn it is
}

func (s *Service) showOrders(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	by := identity.SubjectOf(ctx)
	v := ordersView{By: by, Side: q.Get("side"), Open: q.Get("show") != "all", Long: q.Get("show") == "longest", Text: q.Get("q"), Later: q.Get("cursor") != ""}
	v.Both = by.Has("provider") && by.Has("enterprise", "team")
	if v.Side != Buyer && v.Side != Provider {
		v.Side = ""
	}
	orders, next, err := s.List(ctx, by, ListRequest{Side: v.Side, Open: v.Open, Longest: v.Long, Text: v.Text, Cursor: q.Get("cursor"), Limit: 20})
	if err != nil {
		return err
	}
	v.Next = next
	if v.Orders, err = s.rows(ctx, by, orders); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, ordersPage(v))
}

// rows adds to orders the names of the other side and whose turn it is.
func (s *Service) rows(ctx context.Context, by identity.Subject, orders []Order) ([]orderRow, error) {
	var ids []string
	for _, o := range orders {
		ids = append(ids, o.Buyer, o.Provider)
	}
	slices.Sort(ids)
	orgs, err := s.orgs.Organisations(ctx, s.db, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	out := make([]orderRow, len(orders))
	for i, o := range orders {
		other := o.Provider
		if by.Org == o.Provider {
			other = o.Buyer
		}
		out[i] = orderRow{
			Order: o, Other: orgs[other], Mine: s.mine(by, o), Who: turnOf(o.Kind, o.State).Who,
			Late: o.Due != "" && Open(o.State) && o.Due < s.today(),
		}
	}
	return out, nil
}

// orderView is one order and what the reader may do to it.
type orderView struct {
	Detail
	By       identity.Subject
	Buyer    identity.Organisation
	Provider identity.Organisation
	Verbs    []verbForm
	Options  []payOption // how a quote can be paid, for the buyer
	Mine     bool
	Late     bool
	Today    string
	Proof    templ.Component // the certificates that held on the day of the report; nil: no report yet
	Panels   []templ.Component
	Hash     string        // of the contract the reader can sign
	Keeper   string        // of the electronic seals with which one can sign; empty: none
	Funds    []ui.Option   // cards with which a quote can be paid
	Idle     []string      // cards that cannot, and why
	Bill     *billView     // what the time used comes to, where it is not the price so far; nil: nothing to say
	Over     money.Fen     // received beyond what is owed
	Fee      *pricing.Line // what cancelling now costs; nil: nothing
}

// verbForm is a verb on offer with its form; Form is the one that was sent, if this verb was.
type verbForm struct {
	ui.VerbForm
	First bool // the step that leads on
}

func (s *Service) showOrder(w http.ResponseWriter, r *http.Request) error {
	return s.orderPage(w, r, "", nil)
}

// orderPage shows an order; sent is the verb whose form f came back with mistakes.
func (s *Service) orderPage(w http.ResponseWriter, r *http.Request, sent string, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	d, err := s.Get(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	orgs, err := s.orgNames(ctx, d)
	if err != nil {
		return err
	}
	v := orderView{
		Detail: d, By: by, Buyer: orgs[d.Order.Buyer], Provider: orgs[d.Order.Provider], Mine: s.mine(by, d.Order), Today: s.today(),
		Late: d.Order.Due != "" && Open(d.Order.State) && d.Order.Due < s.today(),
	}
	if err := s.offerVerbs(ctx, &v, sent, f); err != nil {
		return err
	}
	if d.Order.State == StateQuoted && by.Org == d.Order.Buyer {
		if v.Options, err = s.payOptions(ctx, s.db, by.Org, splitOf(d.Order, nil)); err != nil {
			return err
		}
		v.preferProgramme()
		if v.Funds, v.Idle, err = s.fundOptions(ctx, by, d.Order); err != nil {
			return err
		}
	}
	if v.Proof, err = s.proven(ctx, d); err != nil {
		return err
	}
	if v.Bill, err = s.pending(ctx, d); err != nil {
		return err
	}
	if fee, due, err := s.cancelFee(ctx, s.db, d.Order); err != nil {
		return err
	} else if due {
		v.Fee = &fee
	}
	if err := s.signing(ctx, &v); err != nil {
		return err
	}
	for _, draw := range s.panels {
		c, err := draw(ctx, by, d)
		if err != nil {
			return err
		}
		if c != nil {
			v.Panels = append(v.Panels, c)
		}
	}
	return web.Page(w, r, f.Status(), orderPage(v))
}

// offerVerbs puts the verbs that the reader can use on the page, with the form that was sent, if one was.
func (s *Service) offerVerbs(ctx context.Context, v *orderView, sent string, f *form.Form) error {
	for _, step := range s.Verbs(v.By, v.Order) {
		switch {
		case step.Verb == VerbAgree && !v.answers(v.By), step.Verb == VerbReply && v.Rating == nil, step.Verb == VerbAccept && v.lapsed(v.Today):
			continue
		case step.Verb == VerbRefund:
			var err error
			if v.Over, err = s.overpaid(ctx, s.db, v.Order); err != nil {
				return err
			}
			if v.Over == 0 {
				continue
			}
		}
		v.Verbs = append(v.Verbs, verbForm{ui.VerbFormOf(step.Verb, sent, f, s.first(step.Verb, *v)), leadsOn(step.Verb, v.Detail, v.Today)})
	}
	for i := range v.Verbs {
		if v.Verbs[i].Verb == VerbSettle && v.Over > 0 {
			v.Verbs[i].First = false // what was received too much goes back first
		}
	}
	return nil
}

// proven draws the certificates that held on the day of the newest report; nil before there is one.
func (s *Service) proven(ctx context.Context, d Detail) (templ.Component, error) {
	day := ""
	for _, x := range d.Documents {
		if x.Kind == ReportFile {
			day = max(day, clock.Day(x.At.Time))
		}
	}
	if day == "" || s.proof == nil {
		return nil, nil
	}
	return s.proof(ctx, d.Order.Provider, d.Order.Resource, day)
}

// leadsOn tells whether a verb is the natural next step, shown first.
func leadsOn(verb string, d Detail, today string) bool {
	switch verb {
	case VerbRefuse, VerbCancel, VerbReply, VerbMove, VerbSign, VerbInvoice, VerbPay, VerbDispute, VerbEscalate, VerbUphold, VerbAnnul, VerbRedo, VerbWaive, VerbOffer, VerbAward:
		return false
	case VerbConfirm:
		return !disputing(d.Order.State) // of a dispute it is the way back, at the whole price
	case VerbRenew:
		return d.lapsed(today)
	case VerbDeliver, VerbSendBack:
		return false
	case VerbQuote, VerbReport:
		return d.Order.State == StateRequested || d.Order.State == StateDone
	case VerbStart:
		return d.Order.State != StateDone
	case VerbReceiveSample:
		return false
	case VerbRate:
		return d.Rating == nil
	}
	return true
}

// signing is which text the reader can sign, and with what; a side that has signed it is not asked again.
func (s *Service) signing(ctx context.Context, v *orderView) error {
	i := slices.IndexFunc(v.Verbs, func(x verbForm) bool { return x.Verb == VerbSign })
	if i < 0 {
		return nil
	}
	c, signed, there, err := s.contracts.Latest(ctx, s.db, v.Order.ID)
	if err != nil {
		return err
	}
	own := sides(v.By, v.Order)
	if !v.Verbs[i].Sent && slices.ContainsFunc(signed, func(x contract.Signature) bool { return slices.Contains(own, x.Side) }) {
		v.Verbs = slices.Delete(v.Verbs, i, i+1)
		return nil
	}
	v.Hash = c.SHA256
	if k, can := s.contracts.Seals(); can && there {
		v.Keeper = i18n.Pick(ctx, k.NameZH, k.NameEN)
	}
	return nil
}

// first is what a verb's form shows before anything was typed.
func (s *Service) first(verb string, v orderView) map[string]string {
	values := map[string]string{}
	now := clock.Local(s.clock.Now()).Format("2006-01-02T15:04")
	switch verb {
	case VerbStart, VerbStop:
		values["at"] = now
	case VerbAccept:
		if q, ok := v.LastQuote(); ok {
			values["version"] = strconv.FormatInt(q.Version, 10)
		}
	case VerbRate:
		if v.Rating != nil {
			values["stars"], values["note"] = strconv.FormatInt(v.Rating.Stars, 10), v.Rating.Text
		}
	case VerbReply:
		values["note"] = v.Rating.Reply
	case VerbMove:
		values["from"], values["to"] = clock.Local(v.Order.Start.Time).Format("2006-01-02T15:04"), clock.Local(v.Order.End.Time).Format("2006-01-02T15:04")
	case VerbAgree:
		values["final"] = v.Offer.Amount.Yuan()
	case VerbRefund:
		values["paid_on"], values["way"], values["amount"] = s.today(), invoice.Ways()[0], v.Over.Yuan()
	case VerbPay:
		values["paid_on"], values["way"] = s.today(), invoice.Ways()[0]
	}
	return values
}

// preferProgramme chooses the way to pay that the buyer named when ordering, else the best.
func (v orderView) preferProgramme() {
	for _, vf := range v.Verbs {
		if vf.Verb != VerbAccept || slices.ContainsFunc(v.Options, func(p payOption) bool { return p.value() == vf.Form.Text("pay") }) {
			continue
		}
		vf.Form.Set("pay", best(v.Options).value())
	}
}

// submitVerb takes one step; mistakes bring the page back with what was typed.
func (s *Service) submitVerb(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f := form.Read(r)
		files, done, err := filesOf(f, "file")
		defer done()
		if err != nil {
			return err
		}
		req := VerbRequest{Note: f.Text("note"), Key: web.RequestKey(ctx), Files: files}
		verbFields(verb, f, &req)
		if !f.OK() {
			return s.orderPage(w, r, verb, f)
		}
		o, err := s.Do(ctx, identity.SubjectOf(ctx), r.PathValue("id"), verb, req)
		if err == nil {
			return web.SeeOther(w, r, "/desk/orders/"+o.ID, flashOf(o.Kind, verb))
		}
		if !f.Fail(err) {
			return err
		}
		return s.orderPage(w, r, verb, f)
	}
}

// verbFields reads the fields that only one verb has.
func verbFields(verb string, f *form.Form, req *VerbRequest) {
	switch verb {
	case VerbStart, VerbStop:
		req.At = f.Time("at")
	case VerbInvoice:
		req.Number, req.IssuedOn, req.Amount = f.Text("number"), f.Date("issued_on"), f.Fen("amount")
	case VerbMove:
		req.Start, req.End = f.Time("from"), f.Time("to")
	case VerbOffer, VerbAgree, VerbAward:
		final := f.Fen("final")
		f.Need("final")
		req.Final = &final
	case VerbPay, VerbRefund:
		req.PaidOn, req.Way, req.Amount = f.Date("paid_on"), f.Text("way"), f.Fen("amount")
		f.Need("amount")
	case VerbDeliver, VerbApprove, VerbSendBack:
		req.Milestone = f.Text("milestone")
	case VerbSign:
		req.Hash, req.Seal = f.Text("hash"), f.Bool("seal")
	case VerbRate:
		req.Stars = f.Int("stars")
	case VerbAccept:
		req.Version = f.Int("version")
		if f.Text("pay") != "" {
			programme, seen := paid(f)
			card := f.Text("fund")
			req.Programme, req.Seen, req.Fund = &programme, seen, &card
		}
	}
}
