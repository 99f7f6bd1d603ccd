package scrutiny

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"qiao/internal/order"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/voucher"
)

func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// most bounds what one check reads: the newest orders say enough.
const most = 1000

// LookAtOrder goes through an order that a voucher pays for, in the caller's transaction. programme is the voucher's.
func (s *Service) LookAtOrder(ctx context.Context, tx *db.Tx, orderID, programme string) error {
	return s.look(ctx, tx, orderID, programme, redeemed{})
}

// LookAtClaim goes through the orders of a redemption, with what it shows.
func (s *Service) LookAtClaim(ctx context.Context, tx *db.Tx, claim string) error {
	c, err := s.Vouchers.Whole(ctx, tx, claim)
	if err != nil {
		return err
	}
	x := redeemed{claim: c.ID}
	for _, d := range c.Documents {
		if d.Code != contractFile {
			x.files = append(x.files, d.SHA256)
		}
	}
	for _, it := range c.Items {
		x.orders = append(x.orders, it.Order)
	}
	for _, it := range c.Items {
		if err := s.look(ctx, tx, it.Order, c.Programme, x); err != nil {
			return err
		}
	}
	return nil
}

// Sweep goes through the redemptions that are under way once more: what is known of their parties may have changed. A job; each
// redemption is its own transaction.
func (s *Service) Sweep(ctx context.Context) error {
	if audit.ActorOf(ctx) == (audit.Actor{}) {
		ctx = audit.WithActor(ctx, audit.System("job:look-again"))
	}
	claims, err := s.Vouchers.ClaimList(ctx, s.DB, voucher.ClaimFilter{States: []string{"submitted", "verified", "approved", "published"}})
	if err != nil {
		return err
	}
	for _, c := range claims {
		if err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.LookAtClaim(ctx, tx, c.ID) }); err != nil {
			return fmt.Errorf("look at redemption %s again: %w", c.Number, err)
		}
	}
	return nil
}

// contractFile is the code of a redemption's contract: one contract may cover many orders.
const contractFile = "contract"

// redeemed is the redemption in which an order stands, if it does.
type redeemed struct {
	claim  string
	orders []string // redeemed with it
	files  []string // contents of its papers
}

// look gathers what is known of an order, goes through the checks and keeps what they find.
func (s *Service) look(ctx context.Context, tx *db.Tx, orderID, programme string, in redeemed) error {
	list, err := s.Orders.Deals(ctx, tx, order.DealFilter{Orders: []string{orderID}})
	if err != nil || len(list) == 0 {
		return err
	}
	d := list[0]
	p, err := s.Vouchers.Programme(ctx, tx, programme)
	if err != nil {
		return err
	}
	r := s.rules()
	found, err := s.findings(ctx, tx, r, d, p, in)
	if err != nil {
		return fmt.Errorf("scrutiny of order %s: %w", d.Number, err)
	}
	for _, f := range found {
		severity := r.severity(f.Kind)
		if len(f.Lines) == 0 || severity == "" {
			continue
		}
		flag := Flag{Kind: f.Kind, Severity: severity, Order: d.ID, Number: d.Number, Title: d.ResourceZH, Claim: in.claim, Programme: p.ID, Region: p.Region, Firm: d.Buyer, Provider: d.Provider, Amount: d.Voucher, Rule: r.From, Sample: d.Sample}
		if err := s.raise(ctx, tx, flag, f.Lines); err != nil {
			return err
		}
	}
	return nil
}

// findings are what the checks say of an order.
func (s *Service) findings(ctx context.Context, q db.Q, r Rules, d order.Deal, p voucher.Programme, in redeemed) ([]Finding, error) {
	related, err := s.Facts.Related(ctx, q, d.Buyer, d.Provider)
	if err != nil {
		return nil, err
	}
	out := []Finding{checkRelated(related)}
	pair, err := s.deals(ctx, q, order.DealFilter{Buyers: []string{d.Buyer}, Provider: d.Provider}, max(r.Splitting.Days, r.Double.Days))
	if err != nil {
		return nil, err
	}
	var limit money.Fen
	if p.Terms.Caps.Claim != nil {
		limit = p.Terms.Caps.Claim.Value
	}
	out = append(out, checkSplitting(r, d, pair, limit))
	var card Card
	if d.Fund != "" {
		if card, err = s.Facts.Card(ctx, q, d.Fund); err != nil {
			return nil, err
		}
	}
	out = append(out, checkDouble(r, d, card, pair))
	for _, check := range []func(context.Context, db.Q, Rules, order.Deal) (Finding, error){s.price, s.circle, s.shared, s.times} {
		f, err := check(ctx, q, r, d)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	files := slices.Clone(in.files)
	for _, doc := range d.Reports {
		files = append(files, doc.SHA256)
	}
	if len(files) > 0 {
		uses, err := s.Facts.Used(ctx, q, files)
		if err != nil {
			return nil, err
		}
		out = append(out, checkReport(d, in.orders, uses))
	}
	return out, nil
}

// deals are those of the last days.
func (s *Service) deals(ctx context.Context, q db.Q, f order.DealFilter, days int) ([]order.Deal, error) {
	since, err := clock.AddDays(s.today(), -days)
	if err != nil {
		return nil, fmt.Errorf("%d days ago: %w", days, err)
	}
	f.Since, f.Limit = since, most
	return s.Orders.Deals(ctx, q, f)
}

func (s *Service) price(ctx context.Context, q db.Q, r Rules, d order.Deal) (Finding, error) {
	past, err := s.deals(ctx, q, order.DealFilter{Provider: d.Provider, Resource: d.Resource, Priced: true}, r.Price.Days)
	return checkPrice(r, d, past), err
}

func (s *Service) circle(ctx context.Context, q db.Q, r Rules, d order.Deal) (Finding, error) {
	bought, err := s.deals(ctx, q, order.DealFilter{Buyers: []string{d.Provider}}, r.Circle.Days)
	if err != nil || len(bought) == 0 {
		return Finding{Kind: Circle}, err
	}
	var sellers []string
	for _, e := range bought {
		sellers = append(sellers, e.Provider)
	}
	back, err := s.deals(ctx, q, order.DealFilter{Buyers: sellers, Provider: d.Buyer}, r.Circle.Days)
	return checkCircle(d, append(bought, back...)), err
}

func (s *Service) shared(ctx context.Context, q db.Q, r Rules, d order.Deal) (Finding, error) {
	sold, err := s.deals(ctx, q, order.DealFilter{Provider: d.Provider, Vouchers: true}, r.Shared.Days)
	if err != nil {
		return Finding{Kind: Shared}, err
	}
	firm, err := s.Facts.Profile(ctx, q, d.Buyer)
	if err != nil {
		return Finding{Kind: Shared}, err
	}
	seen := map[string]bool{d.Buyer: true}
	var others []Profile
	for _, x := range sold {
		if seen[x.Buyer] {
			continue
		}
		seen[x.Buyer] = true
		p, err := s.Facts.Profile(ctx, q, x.Buyer)
		if err != nil {
			return Finding{Kind: Shared}, err
		}
		others = append(others, p)
	}
	return checkShared(r, firm, others), nil
}

func (s *Service) times(ctx context.Context, q db.Q, r Rules, d order.Deal) (Finding, error) {
	at, err := s.Facts.Signed(ctx, q, d.ID)
	if err != nil {
		return Finding{Kind: Times}, err
	}
	open := int64(-1)
	if !d.Begun.IsZero() && !d.Over.IsZero() {
		if open, err = s.Facts.OpenMinutes(ctx, q, d.Resource, d.Begun.Time, d.Over.Time); err != nil {
			return Finding{Kind: Times}, err
		}
	}
	return checkTimes(r, d, Signing{at}, open), nil
}
