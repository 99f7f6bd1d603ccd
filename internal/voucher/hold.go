package voucher

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
	"qiao/internal/voucher/scheme"
)

// HoldRequest sets the voucher's part of an order aside.
type HoldRequest struct {
	Order     string // its id; an order has one hold of each programme at a time
	Programme string
	Way       string // scheme.Direct or scheme.Repay; empty: as the terms usually do
	Firm      string // organisation whose voucher pays
	Provider  string // organisation that is paid
	Kind      string // of the resource
	Class     string `json:",omitempty"` // of the catalogue or of a service
	Purpose   string
	Price     money.Fen // of the order
	Amount    money.Fen // the voucher's part, at most what Quote gives
	Key       string    // the caller's id, for ever; empty: the order's id and the programme's
}

func (r HoldRequest) quote() QuoteRequest {
	return QuoteRequest{Programme: r.Programme, Firm: r.Firm, Provider: r.Provider, Kind: r.Kind, Class: r.Class, Purpose: r.Purpose, Price: r.Price}
}

// Hold sets aside the voucher's part of an order inside the caller's transaction, on the grants that end first. A fault
// voucher-too-little when the rules or the wallet give less than Amount. The same key again has no second effect.
func (s *Service) Hold(ctx context.Context, tx *db.Tx, r HoldRequest) (string, error) {
	if r.Key == "" {
		r.Key = r.Order + "/" + r.Programme
	}
	digest, err := digestOf("hold", r)
	if err != nil {
		return "", err
	}
	key, hold := "hold/"+r.Key, id.From("voucher.hold", r.Key)
	if r.Amount <= 0 {
		return "", tooLittle("创新券支付的部分应大于零。")
	}
	if err := lockWallet(ctx, tx, r.Programme, r.Firm); err != nil {
		return "", err
	}
	if again, err := done(ctx, tx, key, digest); err != nil || again {
		return hold, err
	}
	p, err := s.Programme(ctx, tx, r.Programme)
	if err != nil {
		return "", err
	}
	rate, err := s.covers(ctx, tx, p, r)
	if err != nil {
		return "", err
	}
	if err := s.beside(ctx, tx, p, r); err != nil {
		return "", err
	}
	h := holding{
		ID: hold, Order: r.Order, Programme: p.ID, Firm: r.Firm, Provider: r.Provider, Region: p.Region, Terms: p.Terms.Version,
		Amount: r.Amount, State: "held", HeldOn: s.today(), Rate: rate, Kind: r.Kind, Class: r.Class, Way: p.Terms.Way(r.Way), Price: r.Price,
	}
	return hold, s.place(ctx, tx, p, h, r.Kind, transfer{key: key, digest: digest})
}

func tooLittle(text string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, "voucher-too-little", text, args...)
}

// covers checks the amount of a hold against the rules and the wallet, and names the rate by which it is reckoned.
func (s *Service) covers(ctx context.Context, tx *db.Tx, p Programme, r HoldRequest) (string, error) {
	q, err := s.quote(ctx, tx, p, r.quote())
	if err != nil || q.Voucher >= r.Amount {
		return q.Rate, err
	}
	for _, l := range q.Lines {
		if l.Code == q.Why {
			return "", tooLittle("创新券只能支付 {0}，不够 {1}。", q.Voucher, r.Amount).Field("voucher", l.Code, l.Text, l.Args...)
		}
	}
	return "", tooLittle("创新券只能支付 {0}，不够 {1}。", q.Voucher, r.Amount)
}

// beside checks a hold against those that other programmes have on the same order: both must accept it, and all public
// money together stays below the ceiling.
func (s *Service) beside(ctx context.Context, tx *db.Tx, p Programme, r HoldRequest) error {
	others, err := liveHolds(ctx, tx, r.Order)
	if err != nil {
		return err
	}
	all, sum := []scheme.Beside{{Region: p.Region, Terms: p.Terms}}, r.Amount
	for _, h := range others {
		if h.Programme == p.ID {
			continue
		}
		other, err := s.Programme(ctx, tx, h.Programme)
		if err != nil {
			return err
		}
		all, sum = append(all, scheme.Beside{Region: other.Region, Terms: other.Terms}), sum+h.Amount
	}
	if no, ok := scheme.Together(all); !ok {
		return fault.New(fault.Invalid, "voucher-not-together", no.Text, no.Args...).Field("programme", no.Code, no.Text, no.Args...)
	}
	if most, line := scheme.Ceiling(r.Price, all); sum > most {
		return tooLittle("各计划合计只能支付 {0}，不够 {1}。", most, sum).Field("voucher", line.Code, line.Text, line.Args...)
	}
	return nil
}

// place writes a new hold and moves its money.
func (s *Service) place(ctx context.Context, tx *db.Tx, p Programme, h holding, kind string, t transfer) error {
	if last, err := lastHold(ctx, tx, h.Order, h.Programme); err == nil && last.State != "released" {
		return fault.New(fault.Conflict, "order-has-hold", "这张订单已经占用了本计划的创新券额度。")
	} else if err != nil && !errors.Is(err, db.ErrNone) {
		return err
	}
	if err := insertHold(ctx, tx, h); err != nil {
		return err
	}
	from, err := sources(ctx, tx, p, h.Firm, kind, h.HeldOn)
	if err != nil {
		return err
	}
	rest := h.Amount
	for _, g := range from {
		if rest == 0 {
			break
		}
		part := min(rest, g.Left)
		rest -= part
		if err := insertDrawn(ctx, tx, drawn{Hold: h.ID, Grant: g.Grant, Amount: part}); err != nil {
			return err
		}
		t.postings = append(t.postings, posting{ofGrant("available", h.Programme, g.Grant), -part}, posting{ofGrant("held", h.Programme, g.Grant), part})
	}
	if rest > 0 { // covers saw enough, and the wallet is locked
		return fmt.Errorf("hold %s: %s of %s has no grant", h.ID, rest, h.Amount)
	}
	t.kind = kindHold
	return s.commit(ctx, tx, h, "", t, Held{h.told(h.Amount)})
}

// told is what the events of a hold say.
func (h holding) told(amount money.Fen) Commitment {
	return Commitment{h.ID, h.Order, h.Programme, h.Region, h.Firm, h.Provider, h.Way, amount}
}

// commit writes event, audit and transfer of a hold's move.
func (s *Service) commit(ctx context.Context, tx *db.Tx, h holding, from string, t transfer, e outbox.Event) error {
	now := s.clock.Now()
	t.programme, t.cause, t.firm, t.day, t.at = h.Programme, h.ID, h.Firm, s.today(), db.At(now)
	if err := outbox.Publish(ctx, tx, now, e); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, now, audit.Entry{Action: "voucher." + t.kind, Kind: "hold", ID: h.ID, From: from, To: h.State, Data: h}); err != nil {
		return err
	}
	return book(ctx, tx, t)
}

// Release gives what an order has set aside of a programme back to the firm's wallet, inside the caller's transaction:
// refused, cancelled, or no longer paid by voucher. An order without a hold is left alone. Key is the caller's, for ever.
func (s *Service) Release(ctx context.Context, tx *db.Tx, order, programme, key string) error {
	return s.settle(ctx, tx, order, programme, 0, "release", key)
}

// Use spends what a confirmed order has set aside of a programme, inside the caller's transaction; what is not needed goes
// back to the wallet. An amount of zero is a release. Amount is in fen, at most what was held. Key is the caller's, for ever.
func (s *Service) Use(ctx context.Context, tx *db.Tx, order, programme string, amount money.Fen, key string) error {
	if amount == 0 {
		return s.settle(ctx, tx, order, programme, 0, "release", key)
	}
	return s.settle(ctx, tx, order, programme, amount, "use", key)
}

func (s *Service) settle(ctx context.Context, tx *db.Tx, order, programme string, amount money.Fen, verb, key string) error {
	h, err := lastHold(ctx, tx, order, programme)
	if errors.Is(err, db.ErrNone) && verb == "release" {
		return nil
	}
	if errors.Is(err, db.ErrNone) {
		return fault.New(fault.Conflict, "no-hold", "这张订单没有占用创新券额度。")
	}
	if err != nil {
		return err
	}
	digest, err := digestOf(verb, order, amount)
	if err != nil {
		return err
	}
	if key == "" {
		key = h.ID
	}
	if err := lockWallet(ctx, tx, h.Programme, h.Firm); err != nil {
		return err
	}
	t := transfer{key: verb + "/" + key, digest: digest, kind: verb}
	if again, err := done(ctx, tx, t.key, digest); err != nil || again {
		return err
	}
	if h, err = lastHold(ctx, tx, order, programme); err != nil { // as it is under the lock
		return err
	}
	step, err := Holds.Next(h.State, verb)
	if err != nil {
		return err
	}
	if amount < 0 || amount > h.Amount {
		return tooLittle("这张订单只占用了 {0}，不能使用 {1}。", h.Amount, amount)
	}
	h.State, h.Used, h.UsedOn = step.To, amount, s.today()
	return s.spend(ctx, tx, h, step.From, t)
}

// spend moves a hold on and divides it over its grants: used from the one that ends first, the rest back. What comes
// back to a grant that has ended lapses.
func (s *Service) spend(ctx context.Context, tx *db.Tx, h holding, from string, t transfer) error {
	if ok, err := moveHold(ctx, tx, h, from); err != nil || !ok {
		return errors.Join(err, fmt.Errorf("hold %s is no longer %s", h.ID, from))
	}
	parts, err := listDrawn(ctx, tx, h.ID)
	if err != nil {
		return err
	}
	rest := h.Used
	var over []drawn
	for _, d := range parts {
		d.Used = min(rest, d.Amount)
		rest -= d.Used
		t.postings = append(t.postings, posting{ofGrant("held", h.Programme, d.Grant), -d.Amount},
			posting{ofGrant("used", h.Programme, d.Grant), d.Used}, posting{ofGrant("available", h.Programme, d.Grant), d.Amount - d.Used})
		if d.Used > 0 {
			if err := updateDrawn(ctx, tx, d); err != nil {
				return err
			}
		}
		if d.State == "expired" && d.Used < d.Amount {
			over = append(over, d)
		}
	}
	var e outbox.Event = Used{h.told(h.Used)}
	if t.kind == kindRelease {
		e = Released{h.told(h.Amount)}
	}
	if err := s.commit(ctx, tx, h, from, t, e); err != nil {
		return err
	}
	for _, d := range over {
		if err := s.lapse(ctx, tx, h, d, t.key); err != nil {
			return err
		}
	}
	if t.kind != kindUse {
		return nil
	}
	return s.usedUp(ctx, tx, h, parts, t.key)
}

// usedUp ends what a voucher for one order only did not need.
func (s *Service) usedUp(ctx context.Context, tx *db.Tx, h holding, parts []drawn, key string) error {
	terms, err := s.termsVersion(ctx, tx, h.Programme, h.Terms)
	if err != nil || terms.OneTime == nil {
		return err
	}
	for _, d := range parts {
		left, err := leftOf(ctx, tx, d.Grant)
		if err != nil {
			return err
		}
		if left > 0 {
			if err := s.lapse(ctx, tx, h, drawn{Grant: d.Grant, Amount: left}, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// lapse ends money that came back to an expired grant.
func (s *Service) lapse(ctx context.Context, tx *db.Tx, h holding, d drawn, key string) error {
	back := d.Amount - d.Used
	return book(ctx, tx, transfer{
		key: "expire/" + key + "/" + d.Grant, kind: kindExpire, programme: h.Programme, cause: d.Grant, firm: h.Firm, day: s.today(), at: db.At(s.clock.Now()),
		postings: []posting{{ofGrant("available", h.Programme, d.Grant), -back}, {lapsed(h.Programme), back}},
	})
}
