package voucher

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/number"
	"qiao/internal/platform/outbox"
	"qiao/internal/voucher/scheme"
)

// RedeemRequest collects the vouchers used in some orders of one programme.
type RedeemRequest struct {
	Programme string
	Orders    []string   // ids of confirmed orders
	Documents []Document // already in the blob store
	Invoices  []string   // numbers of the invoices it claims for; those that the orders carry need not be named
	Key       string     // the caller's id of the request
}

// maxOrders bounds the orders of one redemption, so that one page can show and one officer can check them.
const maxOrders = 200

// Claimable is a used voucher that the provider has not yet claimed, with its order.
type Claimable struct {
	ClaimableOrder
	Programme string
	Amount    money.Fen // to be paid by the voucher
}

// Claimable lists what a provider may claim now, oldest first.
func (s *Service) Claimable(ctx context.Context, q db.Q, provider string) ([]Claimable, error) {
	w := &db.Where{}
	w.And("provider = ?", provider)
	w.And("state = 'used'")
	holds, err := listHolds(ctx, q, w)
	if err != nil || len(holds) == 0 {
		return nil, err
	}
	orders, err := s.orders.ForClaim(ctx, q, provider)
	if err != nil {
		return nil, err
	}
	byID := map[string]ClaimableOrder{}
	for _, o := range orders {
		byID[o.Order] = o
	}
	var out []Claimable
	for _, h := range holds {
		if o, ok := byID[h.Order]; ok {
			out = append(out, Claimable{o, h.Programme, h.Used})
		}
	}
	return out, nil
}

// Redeem submits a redemption of the provider acted for: every order must be used and not claimed, and the documents
// that the terms require must be there, on the request or on the orders.
func (s *Service) Redeem(ctx context.Context, by identity.Subject, r RedeemRequest) (Claim, error) {
	p, err := s.Programme(ctx, s.db, r.Programme)
	if err != nil {
		return Claim{}, err
	}
	if err := s.policy.Can(by, "redemption.create", claimObject(by.Org, p.Region)); err != nil {
		return Claim{}, err
	}
	slices.Sort(r.Orders)
	r.Orders = slices.Compact(r.Orders)
	said := []any{r.Programme, r.Orders, r.Documents}
	if r.Invoices = slices.DeleteFunc(r.Invoices, func(n string) bool { return strings.TrimSpace(n) == "" }); len(r.Invoices) > 0 {
		said = append(said, r.Invoices)
	}
	digest, err := digestOf(said...)
	if err != nil {
		return Claim{}, err
	}
	c := Claim{
		ID: requestID("claim", by, r.Key), Programme: p.ID, Region: p.Region, Provider: by.Org, Person: by.Person, Terms: p.Terms.Version,
		State: "submitted", Digest: digest, Revision: 1, SubmittedOn: s.today(), CreatedAt: db.At(s.clock.Now()),
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockWallet(ctx, tx, p.ID, c.Provider); err != nil {
			return err
		}
		had, err := lockClaim(ctx, tx, c.ID)
		switch {
		case err == nil && had.Digest != digest:
			return keyConflict()
		case err == nil:
			c = had
			return nil
		case !fault.Is(err, "redemption-not-found"):
			return err
		}
		return s.redeem(ctx, tx, p, &c, r)
	})
	return c, err
}

func (s *Service) redeem(ctx context.Context, tx *db.Tx, p Programme, c *Claim, r RedeemRequest) error {
	chosen, err := s.chosen(ctx, tx, c.Provider, r)
	if err != nil {
		return err
	}
	documents := slices.Clone(r.Documents)
	c.Amount = 0
	for _, o := range chosen {
		c.Amount += o.Amount
		documents = append(documents, o.Documents...)
	}
	if err := s.unconnected(ctx, tx, p, c.Provider, chosen); err != nil {
		return err
	}
	if err := missing(p.Terms.Documents, r.Documents, chosen); err != nil {
		return err
	}
	if c.Number, err = number.Next(ctx, tx, lettersClaim, c.Region, c.CreatedAt.Time); err != nil {
		return err
	}
	if err := insertClaim(ctx, tx, *c); err != nil {
		return err
	}
	if err := s.invoiced(ctx, tx, *c, r); err != nil {
		return err
	}
	for i, d := range documents {
		if err := insertDocument(ctx, tx, c.ID, i, d); err != nil {
			return err
		}
	}
	for _, o := range chosen {
		if err := claimOrder(ctx, tx, *c, o); err != nil {
			return err
		}
	}
	st := Step{At: c.CreatedAt, Person: c.Person, Org: c.Provider, Verb: "submit", To: c.State}
	return s.recorded(ctx, tx, *c, st, ask{r.Key, "submit", c.Digest}, Claimed{c.told(r.Orders)})
}

// maxInvoices bounds the invoices of one redemption.
const maxInvoices = 200

// invoiced keeps the invoice numbers of a redemption: each belongs to one case on the whole node.
func (s *Service) invoiced(ctx context.Context, tx *db.Tx, c Claim, r RedeemRequest) error {
	if len(r.Invoices) == 0 || s.bills == nil {
		return nil
	}
	if len(r.Invoices) > maxInvoices {
		return fault.New(fault.Invalid, "invoices-many", "发票号码最多 {0} 个。", maxInvoices).Field("invoices", "many", "发票号码最多 {0} 个。", maxInvoices)
	}
	by := identity.Subject{Person: c.Person, Org: c.Provider}
	return s.bills.Claim(ctx, tx, by, InvoiceUse{Claim: c.ID, Number: c.Number, Provider: c.Provider, Region: c.Region, Orders: r.Orders, Invoices: r.Invoices})
}

// chosen are the orders of the request, each still claimable.
func (s *Service) chosen(ctx context.Context, tx *db.Tx, provider string, r RedeemRequest) ([]Claimable, error) {
	if len(r.Orders) == 0 || len(r.Orders) > maxOrders {
		return nil, fault.New(fault.Invalid, "orders-needed", "请选择 1 到 {0} 张订单。", maxOrders).Field("orders", "required", "请选择 1 到 {0} 张订单。", maxOrders)
	}
	all, err := s.Claimable(ctx, tx, provider)
	if err != nil {
		return nil, err
	}
	var out []Claimable
	for _, o := range all {
		if o.Programme == r.Programme && slices.Contains(r.Orders, o.Order) {
			out = append(out, o)
		}
	}
	if len(out) != len(r.Orders) {
		return nil, notClaimable()
	}
	return out, nil
}

func notClaimable() error {
	return fault.New(fault.Conflict, "not-claimable", "有订单不能兑付：尚未确认完成、不属于本计划，或已在另一笔兑付中。请刷新页面重新选择。").
		Field("orders", "not-claimable", "请重新选择订单。")
}

// claimOrder takes an order's hold into the claim; another claim that was quicker makes it a conflict.
func claimOrder(ctx context.Context, tx *db.Tx, c Claim, o Claimable) error {
	h, err := lastHold(ctx, tx, o.Order)
	if err != nil {
		return err
	}
	h.State = "claimed"
	if ok, err := moveHold(ctx, tx, h, "used"); err != nil || !ok {
		if err == nil {
			err = notClaimable()
		}
		return err
	}
	return insertItem(ctx, tx, ClaimItem{Claim: c.ID, Hold: h.ID, OrderNumber: o.Number, Title: o.Title, Price: o.Price, Amount: h.Used})
}

// missing tells which required documents are neither on the request nor on every order.
func missing(required []scheme.Item, uploaded []Document, orders []Claimable) error {
	f := fault.New(fault.Invalid, "documents-missing", "还缺少兑付材料，请补齐后再提交。")
	for _, it := range required {
		is := func(d Document) bool { return d.Code == it.Code }
		bare := func(o Claimable) bool { return !slices.ContainsFunc(o.Documents, is) }
		if !it.Optional && !slices.ContainsFunc(uploaded, is) && slices.ContainsFunc(orders, bare) {
			f.Field("document-"+it.Code, "required", "请上传：{0}。", it.Name)
		}
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// told is what the events of a claim say.
func (c Claim) told(orders []string) Redemption {
	return Redemption{c.ID, c.Programme, c.Region, c.Provider, c.Amount, orders}
}

// recorded writes step, event and audit of a claim's move.
func (s *Service) recorded(ctx context.Context, tx *db.Tx, c Claim, st Step, what ask, e outbox.Event) error {
	if err := insertStep(ctx, tx, c.ID, st, what); err != nil {
		return err
	}
	if err := outbox.Publish(ctx, tx, st.At.Time, e); err != nil {
		return err
	}
	action := "redemption." + st.Verb
	if st.Verb == "submit" {
		action = "redemption.create"
	}
	return audit.Record(ctx, tx, st.At.Time, audit.Entry{Action: action, Kind: "redemption", ID: c.ID, From: st.From, To: st.To, Data: c})
}
