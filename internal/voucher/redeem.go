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

// RedeemRequest collects the vouchers used in some orders of one programme: the provider's, or by scheme.Repay those that
// the firm itself has paid in full.
type RedeemRequest struct {
	Programme string
	Way       string     // scheme.Direct or scheme.Repay; empty: as the orders were placed
	Orders    []string   // ids of confirmed orders
	Documents []Document // already in the blob store
	Invoices  []string   // numbers of the invoices it claims for; those that the orders carry need not be named
	Key       string     // the caller's id of the request
}

// maxOrders bounds the orders of one redemption, so that one page can show and one officer can check them.
const maxOrders = 200

// Claimable is a used voucher that its payee has not yet claimed, with its order.
type Claimable struct {
	ClaimableOrder
	Programme string
	Way       string
	Amount    money.Fen // to be paid by the voucher
}

// Claimable lists what an organisation may claim now: as the provider that is paid, and as the firm that is repaid; oldest first.
func (s *Service) Claimable(ctx context.Context, q db.Q, org string) ([]Claimable, error) {
	direct, err := s.claimable(ctx, q, scheme.Direct, "provider", org, s.orders.ForClaim)
	if err != nil {
		return nil, err
	}
	repay, err := s.claimable(ctx, q, scheme.Repay, "firm", org, s.orders.ForRepay)
	return append(direct, repay...), err
}

func (s *Service) claimable(ctx context.Context, q db.Q, way, side, org string, of func(context.Context, db.Q, string) ([]ClaimableOrder, error)) ([]Claimable, error) {
	w := &db.Where{}
	w.And(side+" = ?", org)
	w.And("way = ?", way)
	w.And("state = 'used'")
	holds, err := listHolds(ctx, q, w)
	if err != nil || len(holds) == 0 {
		return nil, err
	}
	orders, err := of(ctx, q, org)
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
			out = append(out, Claimable{o, h.Programme, h.Way, h.Used})
		}
	}
	return out, nil
}

// Redeem submits a redemption of the organisation acted for: every order must be used and not claimed, and the documents
// that the terms require must be there, on the request or on the orders. A firm that is repaid proves its payment.
func (s *Service) Redeem(ctx context.Context, by identity.Subject, r RedeemRequest) (Claim, error) {
	p, err := s.Programme(ctx, s.db, r.Programme)
	if err != nil {
		return Claim{}, err
	}
	if r.Way == "" {
		if r.Way, err = s.wayOf(ctx, by.Org, r); err != nil {
			return Claim{}, err
		}
	}
	if err := s.policy.Can(by, "redemption.create", claimObject(r.Way, by.Org, p.Region)); err != nil {
		return Claim{}, err
	}
	slices.Sort(r.Orders)
	r.Orders = slices.Compact(r.Orders)
	r.Invoices = slices.DeleteFunc(r.Invoices, func(n string) bool { return strings.TrimSpace(n) == "" })
	digest, err := digestOf(r.claimed()...)
	if err != nil {
		return Claim{}, err
	}
	c := Claim{
		ID: requestID("claim", by, r.Key), Programme: p.ID, Region: p.Region, Payee: by.Org, Way: r.Way, Person: by.Person, Terms: p.Terms.Version,
		State: "submitted", Digest: digest, Revision: 1, SubmittedOn: s.today(), CreatedAt: db.At(s.clock.Now()),
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockWallet(ctx, tx, p.ID, c.Payee); err != nil {
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
	chosen, err := s.chosen(ctx, tx, c.Payee, r)
	if err != nil {
		return err
	}
	documents := slices.Clone(r.Documents)
	c.Amount = 0
	for _, o := range chosen {
		c.Amount += o.Amount
		documents = append(documents, o.Documents...)
	}
	if err := s.unconnectedOrders(ctx, tx, p, *c, chosen); err != nil {
		return err
	}
	if err := missing(required(p.Terms, r.Way), r.Documents, chosen); err != nil {
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
	st := Step{At: c.CreatedAt, Person: c.Person, Org: c.Payee, Verb: "submit", To: c.State}
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
	by := identity.Subject{Person: c.Person, Org: c.Payee}
	return s.bills.Claim(ctx, tx, by, InvoiceUse{Claim: c.ID, Number: c.Number, Payee: c.Payee, Region: c.Region, Orders: r.Orders, Invoices: r.Invoices})
}

// chosen are the orders of the request, each still claimable.
func (s *Service) chosen(ctx context.Context, tx *db.Tx, payee string, r RedeemRequest) ([]Claimable, error) {
	if len(r.Orders) == 0 || len(r.Orders) > maxOrders {
		return nil, fault.New(fault.Invalid, "orders-needed", "请选择 1 到 {0} 张订单。", maxOrders).Field("orders", "required", "请选择 1 到 {0} 张订单。", maxOrders)
	}
	all, err := s.Claimable(ctx, tx, payee)
	if err != nil {
		return nil, err
	}
	var out []Claimable
	for _, o := range all {
		if o.Programme == r.Programme && o.Way == r.Way && slices.Contains(r.Orders, o.Order) {
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
	h, err := lastHold(ctx, tx, o.Order, c.Programme)
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

// claimed is what the request asks for, as its digest knows it. The way counts only where it is not the usual one, so that
// requests of before are known again.
func (r RedeemRequest) claimed() []any {
	out := []any{r.Programme, r.Orders, r.Documents}
	if len(r.Invoices) > 0 {
		out = append(out, r.Invoices)
	}
	if r.Way != scheme.Direct {
		out = append(out, r.Way)
	}
	return out
}

// wayOf is the way by which the orders of a request were placed, as the organisation may claim them.
func (s *Service) wayOf(ctx context.Context, org string, r RedeemRequest) (string, error) {
	w := &db.Where{}
	w.In("order_id", r.Orders)
	w.And("programme = ?", r.Programme)
	w.And("firm = ?", org)
	w.And("way = ?", scheme.Repay)
	w.And("state <> 'released'")
	holds, err := listHolds(ctx, s.db, w)
	if err != nil || len(holds) == 0 {
		return scheme.Direct, err
	}
	return scheme.Repay, nil
}

// proofOfPayment is the code of the document that proves a payment.
const proofOfPayment = "payment"

// required are the documents of the terms, as this way asks for them: who is repaid proves the payment.
func required(t scheme.Terms, way string) []scheme.Item {
	out := slices.Clone(t.Documents)
	if way != scheme.Repay {
		return out
	}
	i := slices.IndexFunc(out, func(it scheme.Item) bool { return it.Code == proofOfPayment })
	if i < 0 {
		return append(out, scheme.Item{Code: proofOfPayment, Name: scheme.Name{ZH: "付清全款的凭证", EN: "Proof that the whole price was paid"}, Clause: t.Ratio.Clause}) //i18n:data a document in both languages
	}
	out[i].Optional = false
	return out
}

// missing tells which required documents are neither on the request nor on every order, if it has any.
func missing(required []scheme.Item, uploaded []Document, orders []Claimable) error {
	f := fault.New(fault.Invalid, "documents-missing", "还缺少材料，请补齐后再提交。")
	for _, it := range required {
		is := func(d Document) bool { return d.Code == it.Code }
		bare := func(o Claimable) bool { return !slices.ContainsFunc(o.Documents, is) }
		if !it.Optional && !slices.ContainsFunc(uploaded, is) && (len(orders) == 0 || slices.ContainsFunc(orders, bare)) {
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
	r := Redemption{Claim: c.ID, Programme: c.Programme, Region: c.Region, Payee: c.Payee, Way: c.Way, Amount: c.Amount, Orders: orders}
	if c.Way == scheme.Direct {
		r.Provider = c.Payee
	}
	return r
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
