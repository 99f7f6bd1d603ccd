package order

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"qiao/internal/fund"
	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/voucher"
)

// BookFields draws what a booking is asked for beside its time: rate, quantity, add-ons, purpose, conditions. It is a fault when
// the resource cannot be booked now.
func (s *Service) BookFields(ctx context.Context, by identity.Subject, r Resource, f *form.Form) (templ.Component, error) {
	if err := s.orderable(KindBooking, r); err != nil {
		return nil, err
	}
	if err := s.served(ctx, s.db, r); err != nil {
		return nil, err
	}
	v := bookView{Resource: r, Form: f, Uses: useOptions(ctx, r, s.today())}
	if err := s.fieldsOf(ctx, by, &v); err != nil {
		return nil, err
	}
	return moreFields(v), nil
}

// fieldsOf fills in what the fields of a booking show.
func (s *Service) fieldsOf(ctx context.Context, by identity.Subject, v *bookView) error {
	plan, err := s.tariffOf(ctx, s.db, v.Resource, by.Org)
	if err != nil {
		return err
	}
	if v.Gates, err = s.gateForm(ctx, by, v.Resource, v.Form); err != nil {
		return err
	}
	v.Lines, v.Counted = s.rateOptions(ctx, plan, KindBooking), plan.counted()
	v.AddOns, v.Must = plan.addOns()
	v.Currency = plan.Plan.Currency
	if v.Form.Text("quantity") == "" {
		v.Form.Set("quantity", "1")
	}
	if v.Form.Text("line") == "" && len(v.Lines) > 0 {
		v.Form.Set("line", v.Lines[0].Value)
	}
	return nil
}

// GateFields draws the conditions of the first of some resources that has any: what is declared counts for all of them.
func (s *Service) GateFields(ctx context.Context, by identity.Subject, list []Resource, f *form.Form) (templ.Component, error) {
	for _, r := range list {
		if c, err := s.gateForm(ctx, by, r, f); err != nil || c != nil {
			return c, err
		}
	}
	return nil, nil
}

// ReadBooking reads what BookFields asked for, and how the order is to be paid; resource and time are the caller's.
func ReadBooking(f *form.Form) PlaceRequest {
	needUse(f)
	programme, _ := paid(f)
	return PlaceRequest{
		Kind: KindBooking, Quantity: f.Int("quantity"), Line: f.Text("line"), AddOns: chosenAddOns(f), Purpose: f.Text("purpose"), Use: f.Text("customs_use"), Answers: declared(f),
		Programme: programme, Fund: f.Text("fund"),
	}
}

// BookingNames are the names of the fields of BookFields that a form carries, for the next page.
func BookingNames(f *form.Form) []string {
	return append([]string{"line", "quantity", "customs_use", "customs_asked", "purpose"}, append(f.Names(addOnField), f.Names(gateField)...)...)
}

// PayFields draws how several orders can be paid: a voucher that carries its share of all of them, and cards that may pay each.
func (s *Service) PayFields(ctx context.Context, by identity.Subject, drafts []Draft, f *form.Form) (templ.Component, error) {
	if len(drafts) == 0 {
		return nil, nil
	}
	options, err := s.payAll(ctx, by, drafts)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == f.Text("pay") }) {
		f.Set("pay", options[0].Value)
	}
	funds, err := s.fundAll(ctx, by, drafts)
	if err != nil {
		return nil, err
	}
	return payFields(f, options, funds), nil
}

// payAll lists the programmes that can carry their share of every order together, and paying without.
func (s *Service) payAll(ctx context.Context, by identity.Subject, drafts []Draft) ([]ui.Option, error) {
	plain := ui.Option{Value: "|0", Label: t(ctx, "不用创新券")}
	pockets, err := s.vouchers.Wallet(ctx, s.db, by.Org)
	if err != nil {
		return nil, err
	}
	var out []ui.Option
	for _, p := range pockets {
		var part, back, own money.Fen
		fits := true
		for _, d := range drafts {
			e := d.Estimate
			if e.Price.Currency != money.CNY || e.Resource.Owner == by.Org {
				fits = false
				break
			}
			q, err := s.vouchers.Divide(ctx, s.db, voucher.DivideRequest{
				Programmes: []string{p.Programme.ID}, Firm: by.Org, Provider: e.Resource.Owner, Kind: e.Resource.Kind, Class: e.Resource.Class, Purpose: e.Request.Purpose, Price: e.Price.Total,
			})
			if err != nil {
				return nil, err
			}
			fits = fits && (q.Vouchers() > 0 || e.Price.Total == 0) && !short(q)
			part, back, own = part+q.Vouchers(), back+q.Repaid, own+q.Own
		}
		if fits && part > 0 && part <= p.Left {
			way := payOption{With: p.Programme.ID, Name: i18n.Pick(ctx, p.Programme.NameZH, p.Programme.NameEN), Left: p.Left, Voucher: part - back, Repaid: back, Own: own}
			out = append(out, ui.Option{Value: p.Programme.ID + "|0", Label: way.label(ctx), Note: way.note(ctx)})
		}
	}
	return append(out, plain), nil
}

// fundAll lists the cards that may pay every one of the orders.
func (s *Service) fundAll(ctx context.Context, by identity.Subject, drafts []Draft) ([]ui.Option, error) {
	if s.funds == nil {
		return nil, nil
	}
	var cards []fund.Choice
	for i, d := range drafts {
		if d.Estimate.Price.Currency != money.CNY {
			return nil, nil
		}
		o := d.order
		o.Own = d.Estimate.Price.Total
		list, err := s.funds.Choices(ctx, s.db, fundAsk(o, by.Person))
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(c fund.Choice) bool { return c.Why != nil })
		if i == 0 {
			cards = list
			continue
		}
		cards = slices.DeleteFunc(cards, func(c fund.Choice) bool {
			return !slices.ContainsFunc(list, func(x fund.Choice) bool { return x.Card == c.Card })
		})
	}
	if len(cards) == 0 {
		return nil, nil
	}
	out := []ui.Option{{Value: "", Label: t(ctx, "不用卡，由本单位另行付款")}}
	for _, c := range cards {
		note := t(ctx, "可用 {0}", c.Left)
		if c.Approval {
			note = t(ctx, "可用 {0}；超过审批限额，须课题组负责人批准后对方才能接单", c.Left)
		}
		out = append(out, ui.Option{Value: c.Card, Label: c.Name, Note: note})
	}
	return out, nil
}

// PriceLines draws the lines of a price.
func PriceLines(lines []Line, currency string) templ.Component { return priceLines(lines, currency) }

// ChipOf is an order's state as a list shows it.
func ChipOf(ctx context.Context, o Order) ui.Chip {
	return ui.Chip{Tone: stateTone(o.State), Text: stateWord(ctx, o.Kind, o.State)}
}
