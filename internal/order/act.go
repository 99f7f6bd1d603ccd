package order

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
)

// act is the consequence of a verb; m.o is written afterwards.
func (s *Service) act(ctx context.Context, tx *db.Tx, m *move) error {
	switch m.step.Verb {
	case VerbQuote:
		return s.quote(ctx, tx, m)
	case VerbRenew:
		return s.renew(ctx, tx, m)
	case VerbAccept:
		if m.o.Kind == KindCommission {
			return s.acceptQuote(ctx, tx, m)
		}
		return s.approved(ctx, tx, *m.o)
	case VerbRefuse, VerbCancel, VerbMiss:
		return s.giveBack(ctx, tx, m)
	case VerbWaive:
		return s.waive(ctx, tx, m)
	case VerbMove:
		return s.reschedule(ctx, tx, m)
	case VerbSign:
		return s.sign(ctx, tx, m)
	case VerbInvoice:
		return s.invoice(ctx, tx, m)
	case VerbPay:
		return s.pay(ctx, tx, m)
	case VerbRefund:
		return s.refund(ctx, tx, m)
	case VerbOffer, VerbAgree, VerbAward:
		return s.settle(ctx, tx, m)
	case VerbUphold:
		return s.confirm(ctx, tx, m)
	case VerbAnnul:
		return s.giveBack(ctx, tx, m)
	case VerbStart:
		if err := s.contracts.Ready(ctx, tx, m.o.ID, m.o.Provider, m.o.Price); err != nil {
			return err
		}
		return s.start(ctx, tx, m)
	case VerbStop:
		return s.stop(ctx, tx, m)
	case VerbReport:
		for _, d := range m.docs {
			if err := insertDocument(ctx, tx, d); err != nil {
				return err
			}
		}
	case VerbDeliver, VerbApprove, VerbSendBack:
		return s.stage(ctx, tx, m)
	case VerbConfirm:
		if m.o.StagesOpen > 0 {
			return fault.New(fault.Conflict, "milestones-open", "还有 {0} 个里程碑没有验收，全部验收后才能确认订单。", m.o.StagesOpen)
		}
		return s.confirm(ctx, tx, m)
	case VerbSettle:
		if m.side != System && m.o.Voucher > 0 {
			return fault.New(fault.Conflict, "claim-unpaid", "这笔订单用了创新券，兑付款到账后会自动结清，不必手工操作。")
		}
		if m.side != System { // a voucher's claim settles by itself, whatever of the rest was recorded
			return s.paidUp(ctx, tx, *m.o)
		}
	case VerbRate, VerbReply:
		return s.rate(ctx, tx, m)
	}
	return nil
}

// errMissing is a row that the state says must be there; Verify would find it too.
var errMissing = errors.New("order: the state and its rows disagree")

// acceptQuote is the buyer's commitment: the newest quote, still valid, with its voucher part held.
func (s *Service) acceptQuote(ctx context.Context, tx *db.Tx, m *move) error {
	last, err := lastQuote(ctx, tx, m.o.ID)
	if err != nil {
		return err
	}
	if m.req.Version != 0 && m.req.Version != last.Version {
		return fault.New(fault.Conflict, "quote-changed", "对方刚刚更新了报价（第 {0} 版），请看过新报价再接受。", last.Version)
	}
	if last.Lapsed(clock.Day(m.now)) {
		return fault.New(fault.Conflict, "quote-expired", "这份报价的有效期到 {0} 为止，请对方续期后再接受。", last.ValidUntil)
	}
	ask := splitOf(*m.o, m.req.Seen)
	if m.req.Programme != nil {
		ask.wish = *m.req.Programme
	}
	split, err := s.split(ctx, tx, ask)
	if err != nil {
		return err
	}
	m.o.pay(partsOf(split, ask.wish))
	if m.req.Fund != nil {
		m.o.Fund = *m.req.Fund
	}
	if err := s.hold(ctx, tx, m.o, m.by.Person); err != nil {
		return err
	}
	standing, err := s.milestones.Agree(ctx, tx, m.o.ID)
	if err != nil {
		return err
	}
	m.o.stand(standing)
	return s.nameAside(ctx, tx, *m.o)
}

// splitOf is the question how an order's price is divided.
func splitOf(o Order, seen *money.Fen) splitAsk {
	return splitAsk{
		firm: o.Buyer, provider: o.Provider, kind: o.ResourceKind, class: o.Class, purpose: o.Purpose, wish: o.wish(), price: o.Price, currency: o.Currency, seen: seen,
	}
}

// giveBack frees the slot and what is held.
func (s *Service) giveBack(ctx context.Context, tx *db.Tx, m *move) error {
	if m.o.Kind == KindBooking {
		if err := s.booking.Release(ctx, tx, m.o.ID); err != nil {
			return err
		}
	}
	if err := s.chargeFee(ctx, tx, m); err != nil {
		return err
	}
	if err := s.letGo(ctx, tx, m); err != nil {
		return err
	}
	if err := s.milestones.End(ctx, tx, m.o.ID); err != nil {
		return err
	}
	return s.letVouchersGo(ctx, tx, m.o)
}

// when is the time a run began or ended: now, or as logged after the fact.
func (m *move) when() (time.Time, error) {
	if m.req.At.IsZero() {
		return m.now, nil
	}
	at := db.At(m.req.At).Time // as it will be kept
	if at.After(m.now) {
		return at, fault.New(fault.Invalid, "run-future", "时间还没有到。").
			Field("at", "future", "请填现在或之前的时间。")
	}
	if at.Before(m.now.Add(-MaxLate)) {
		return at, fault.New(fault.Invalid, "run-late", "补记的时间太早。").
			Field("at", "late", "只能补记最近 {0} 天之内的开机和停机。", int64(MaxLate/(24*time.Hour)))
	}
	return at, nil
}

func (s *Service) start(ctx context.Context, tx *db.Tx, m *move) error {
	if err := s.approved(ctx, tx, *m.o); err != nil {
		return err
	}
	at, err := m.when()
	if err != nil {
		return err
	}
	if err := s.stillRequired(ctx, tx, *m.o, clock.Day(at)); err != nil {
		return err
	}
	runs, err := listRuns(ctx, tx, m.o.ID)
	if err != nil {
		return fmt.Errorf("the runs so far: %w", err)
	}
	if n := len(runs); n > 0 && at.Before(runs[n-1].End.Time) {
		return fault.New(fault.Invalid, "run-overlap", "这次开机早于上一次停机。").
			Field("at", "overlap", "请填 {0} 之后的时间。", clock.Local(runs[n-1].End.Time).Format("2006-01-02 15:04"))
	}
	return insertRun(ctx, tx, Run{ID: id.New(), Order: m.o.ID, Start: db.At(at)})
}

func (s *Service) stop(ctx context.Context, tx *db.Tx, m *move) error {
	at, err := m.when()
	if err != nil {
		return err
	}
	runs, err := listRuns(ctx, tx, m.o.ID)
	if err == nil && len(runs) == 0 {
		err = errMissing
	}
	if err != nil {
		return fmt.Errorf("the run to stop: %w", err)
	}
	run := runs[len(runs)-1]
	if at.Before(run.Start.Time) {
		return fault.New(fault.Invalid, "run-order", "停机时间早于开机时间。").
			Field("at", "order", "请填 {0} 之后的时间。", clock.Local(run.Start.Time).Format("2006-01-02 15:04"))
	}
	run.End, run.Minutes = db.NullAt(at), begunMinutes(run.Start.Time, at)
	m.run = run.Minutes
	m.o.Minutes += run.Minutes
	return closeRun(ctx, tx, run)
}

// confirm is the buyer's agreement: what was held counts as used.
func (s *Service) confirm(ctx context.Context, tx *db.Tx, m *move) error {
	if err := s.bill(ctx, tx, m); err != nil {
		return err
	}
	return s.fix(ctx, tx, m)
}

// fix ends the work of an order at the price it has come to: what was put aside is spent, what is left over goes back.
func (s *Service) fix(ctx context.Context, tx *db.Tx, m *move) error {
	m.o.ConfirmedOn = clock.Day(m.now)
	if err := s.charge(ctx, tx, *m.o); err != nil {
		return err
	}
	if err := s.milestones.End(ctx, tx, m.o.ID); err != nil {
		return err
	}
	return s.useVouchers(ctx, tx, m.o)
}

// rate keeps the buyer's stars, or the provider's reply to them.
func (s *Service) rate(ctx context.Context, tx *db.Tx, m *move) error {
	r, err := getRating(ctx, tx, m.o.ID)
	if err != nil {
		return err
	}
	if m.step.Verb == VerbReply {
		if r == nil {
			return fault.New(fault.Conflict, "no-rating", "对方还没有评价，暂时无可回复。")
		}
		r.Reply = strings.TrimSpace(m.req.Note)
		return putRating(ctx, tx, *r)
	}
	if r == nil {
		r = &Rating{Order: m.o.ID, Resource: m.o.Resource, Provider: m.o.Provider, At: db.At(m.now)}
	}
	r.Stars, r.Text = m.req.Stars, strings.TrimSpace(m.req.Note)
	return putRating(ctx, tx, *r)
}
