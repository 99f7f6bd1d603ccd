package order

import (
	"cmp"
	"context"
	"fmt"

	"qiao/internal/contract"
	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// sign signs the order's contract for the side that acts.
func (s *Service) sign(ctx context.Context, tx *db.Tx, m *move) error {
	f, err := s.contractFacts(ctx, tx, *m.o)
	if err != nil {
		return err
	}
	var scan contract.Scan
	if len(m.docs) > 0 {
		scan = contract.Scan{SHA256: m.docs[0].SHA256, Name: m.docs[0].Name}
	}
	_, err = s.contracts.Sign(ctx, tx, m.by, m.side, m.req.Hash, f, scan, m.seal)
	return err
}

// sealed asks for the seal with which a side signs, where it wants one: before the transaction, for that may take seconds.
func (s *Service) sealed(ctx context.Context, by identity.Subject, o Order, verb string, req VerbRequest) (*contract.Seal, error) {
	if verb != VerbSign || !req.Seal {
		return nil, nil
	}
	if req.Key != "" {
		if there, err := hasStep(ctx, s.db, id.From(o.ID, by.Person, verb, req.Key)); err != nil || there {
			return nil, err // sent again
		}
	}
	m := move{by: by, o: &o, now: s.clock.Now()}
	if err := m.judge(verb); err != nil {
		return nil, err
	}
	f, err := s.contractFacts(ctx, s.db, o)
	if err != nil {
		return nil, err
	}
	return s.contracts.Seal(ctx, m.side, req.Hash, f)
}

// ContractFacts is what an order puts into its contract, for who may see the order.
func (s *Service) ContractFacts(ctx context.Context, by identity.Subject, orderID string) (contract.Facts, error) {
	o, err := getOrder(ctx, s.db, orderID)
	if err != nil {
		return contract.Facts{}, err
	}
	if err := s.policy.Can(by, "order.view", object(o)); err != nil {
		return contract.Facts{}, err
	}
	return s.contractFacts(ctx, s.db, o)
}

// contractFacts are in Chinese, as the contract is.
func (s *Service) contractFacts(ctx context.Context, q db.Q, o Order) (contract.Facts, error) {
	orgs, err := s.orgs.Organisations(ctx, q, []string{o.Buyer, o.Provider})
	if err != nil {
		return contract.Facts{}, fmt.Errorf("the parties of the contract: %w", err)
	}
	buyer, provider := orgs[o.Buyer], orgs[o.Provider]
	f := contract.Facts{
		Order: o.ID, Number: o.Number, Kind: o.Kind, Buyer: o.Buyer, Provider: o.Provider, Region: o.Region, Subject: cmp.Or(o.ResourceZH, o.ResourceEN), Task: o.Purpose,
		Quantity: o.Quantity, Price: o.Price, Own: o.Own, Voucher: o.Voucher, Programme: o.Programme != "" && o.Repaid == 0, Invented: o.Sample,
		BuyerName: cmp.Or(buyer.NameZH, buyer.NameEN), BuyerCode: buyer.USCC, ProviderName: cmp.Or(provider.NameZH, provider.NameEN), ProviderCode: provider.USCC,
	}
	stages, err := s.milestones.Of(ctx, q, o.ID)
	if err != nil {
		return f, err
	}
	for _, x := range stages {
		f.Stages = append(f.Stages, contract.Stage{Name: x.Name, Deliverable: x.Deliverable, DueOn: x.DueOn, Amount: x.Amount})
	}
	if o.Kind == KindBooking {
		const layout = "2006-01-02 15:04"
		f.Time = clock.Local(o.Start.Time).Format(layout) + " 至 " + clock.Local(o.End.Time).Format(layout) + "（北京时间）" //i18n:data a contract is in Chinese
	}
	return f, nil
}

// invoice keeps an invoice of the order.
func (s *Service) invoice(ctx context.Context, tx *db.Tx, m *move) error {
	inv := invoice.Invoice{Order: m.o.ID, OrderNumber: m.o.Number, Buyer: m.o.Buyer, Provider: m.o.Provider, Region: m.o.Region}
	if len(m.docs) > 0 {
		inv.Name, inv.SHA256, inv.Size = m.docs[0].Name, m.docs[0].SHA256, m.docs[0].Size
	}
	price, _, err := s.ripe(ctx, tx, *m.o)
	if err != nil {
		return err
	}
	if price == 0 && m.o.Price > 0 {
		return errNotRipe()
	}
	inv, d, err := s.fromFile(ctx, tx, inv, invoice.Draft{Number: m.req.Number, IssuedOn: m.req.IssuedOn, Amount: m.req.Amount})
	if err != nil {
		return err
	}
	inv.ID, d.IssuedOn = id.From(m.o.ID, invoice.Normal(d.Number)), cmp.Or(d.IssuedOn, clock.Day(m.now))
	if d.Amount == 0 {
		done, err := s.invoices.Invoiced(ctx, tx, m.o.ID)
		if err != nil {
			return err
		}
		d.Amount = price - done
	}
	return s.invoices.Add(ctx, tx, m.by, inv, d, price)
}

// fromFile reads the invoice's file where it is an e-invoice, and compares it with what is known of both sides.
func (s *Service) fromFile(ctx context.Context, q db.Q, inv invoice.Invoice, d invoice.Draft) (invoice.Invoice, invoice.Draft, error) {
	orgs, err := s.orgs.Organisations(ctx, q, []string{inv.Buyer, inv.Provider})
	if err != nil {
		return inv, d, fmt.Errorf("the sides of the invoice: %w", err)
	}
	detail, err := s.invoices.DetailOf(ctx, q, inv.Buyer)
	if err != nil {
		return inv, d, err
	}
	return s.invoices.FromFile(ctx, inv, d, orgs[inv.Provider].USCC, cmp.Or(detail.USCC, orgs[inv.Buyer].USCC))
}

// pay records money that the provider has received of what the buyer pays itself.
func (s *Service) pay(ctx context.Context, tx *db.Tx, m *move) error {
	if !fits(VerbPay, *m.o) {
		return errNotRipe()
	}
	_, own, err := s.ripe(ctx, tx, *m.o)
	if err != nil {
		return err
	}
	p := invoice.Payment{ID: id.New(), Order: m.o.ID, Buyer: m.o.Buyer, Provider: m.o.Provider, Region: m.o.Region, PaidOn: cmp.Or(m.req.PaidOn, clock.Day(m.now)), Amount: m.req.Amount, Way: cmp.Or(m.req.Way, invoice.Ways()[0]), Note: m.req.Note}
	if p.Amount == 0 {
		paid, err := s.invoices.Paid(ctx, tx, m.o.ID)
		if err != nil {
			return err
		}
		p.Amount = own - paid
	}
	if len(m.docs) > 0 {
		p.Name, p.SHA256, p.Size = m.docs[0].Name, m.docs[0].SHA256, m.docs[0].Size
	}
	return s.invoices.Pay(ctx, tx, m.by, p, own)
}

// paidUp refuses to settle an order of which payments are recorded that do not make up what is owed; where none is recorded,
// the provider's word counts.
func (s *Service) paidUp(ctx context.Context, q db.Q, o Order) error {
	paid, err := s.invoices.Paid(ctx, q, o.ID)
	if err != nil || paid == 0 || paid == o.Own {
		return err
	}
	if paid > o.Own {
		return fault.New(fault.Conflict, "refund-due", "已登记收款 {0}，比应付多 {1}：退款并登记后再结清。", paid, paid-o.Own)
	}
	return fault.New(fault.Conflict, "not-paid-up", "已登记收款 {0}，还差 {1}：收齐登记后再结清。", paid, o.Own-paid)
}
