package voucher

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
)

// BatchRequest decides all applications of a window together.
type BatchRequest struct {
	Programme string
	Window    string    // its first day
	Pot       money.Fen // what is divided; at most what the programme has left
	Note      string    // what the firms read
	Key       string    // the caller's id of the request
}

// Share is what a batch gives to one application.
type Share struct {
	Application
	Gets money.Fen
	Why  *scheme.Line // what the rules refuse it for now; it must be refused by itself before the batch is decided
}

// Batch is a window's applications with what each would get; nothing is decided yet.
type Batch struct {
	Programme Programme
	Window    scheme.Span
	Pot       money.Fen
	Asked     money.Fen
	Gives     money.Fen
	Shares    []Share // in the order of their numbers
	Over      bool    // the window has ended, so that the batch may be decided
}

// maxBatch bounds the applications of one batch: they are decided in one transaction.
const maxBatch = 500

// Propose divides a pot among the applications of a window and those that wait from the one before. A pot of zero is all
// that the programme has left.
func (s *Service) Propose(ctx context.Context, q db.Q, r BatchRequest) (Batch, error) {
	b := Batch{Pot: r.Pot}
	p, err := s.Programme(ctx, q, r.Programme)
	if err != nil {
		return b, err
	}
	w, ok := p.Terms.WindowOn(r.Window)
	if !ok || !p.Terms.Batch() || w.From != r.Window {
		return b, fault.New(fault.NotFound, "no-such-batch", "本计划没有从 {0} 开始的集中审核批次。", r.Window)
	}
	b.Programme, b.Window, b.Over = p, w, s.today() > w.To
	left, err := db.One[money.Fen](ctx, q, `SELECT CAST(coalesce(sum(balance), 0) AS BIGINT) FROM voucher_account WHERE programme = $1 AND part = 'unissued'`, p.ID)
	if err != nil {
		return b, fmt.Errorf("read what is left to issue: %w", err)
	}
	if r.Pot < 0 || r.Pot > left {
		return b, fault.New(fault.Invalid, "pot-too-large", "可分配的额度应在 0 到 {0} 之间。", left).Field("pot", "range", "应在 0 到 {0} 之间。", left)
	}
	if b.Pot == 0 {
		b.Pot = left
	}
	list, err := db.All[Application](ctx, q, `SELECT `+applicationColumns+` FROM voucher_application
		WHERE programme = $1 AND (state = 'submitted' AND window_from = $2 OR state = 'waiting') ORDER BY number, id`, p.ID, w.From)
	if err != nil {
		return b, fmt.Errorf("list a batch: %w", err)
	}
	if len(list) > maxBatch {
		return b, fault.New(fault.Conflict, "batch-large", "这一批有 {0} 份申请，一次最多集中审核 {1} 份，请先逐份办理一部分。", len(list), maxBatch)
	}
	return b, s.share(ctx, q, &b, list)
}

// share fills in what each application gets.
func (s *Service) share(ctx context.Context, q db.Q, b *Batch, list []Application) error {
	asked := make([]money.Fen, len(list))
	for i, a := range list {
		who, err := s.applicant(ctx, q, a.Programme, a.Firm, a.SubmittedOn)
		if err != nil {
			return err
		}
		who.Asked, who.Declared, who.Type, who.Members, who.Unissued = a.Amount, strings.Fields(a.Statements), a.Type, a.Members, scheme.Most
		b.Shares = append(b.Shares, Share{Application: a, Why: scheme.Refused(b.Programme.Terms.Check(who))})
		if b.Shares[i].Why == nil {
			asked[i] = a.Amount
		}
		b.Asked += asked[i]
	}
	for i, f := range scheme.Prorate(asked, b.Pot) {
		b.Shares[i].Gets = f
		b.Gives += f
	}
	return nil
}

// Allot decides a window's applications together: each gets its share of the pot, and whoever gets nothing waits for the
// next batch. All of it happens or none.
func (s *Service) Allot(ctx context.Context, by identity.Subject, r BatchRequest) (Batch, error) {
	var b Batch
	p, err := s.Programme(ctx, s.db, r.Programme)
	if err != nil {
		return b, err
	}
	if err := s.policy.Act(by, "voucher.allot", identity.Object{Region: p.Region}); err != nil {
		return b, err
	}
	if r.Note = strings.TrimSpace(r.Note); r.Note == "" {
		return b, reasonNeeded()
	}
	digest, err := digestOf(r.Programme, r.Window, r.Pot, r.Note)
	if err != nil {
		return b, err
	}
	batch := requestID("batch", by, r.Key)
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE voucher_programme SET revision = revision WHERE id = $1`, p.ID); err != nil { // one batch after another
			return fmt.Errorf("lock programme %s: %w", p.ID, err)
		}
		had, err := db.All[string](ctx, tx, `SELECT digest FROM voucher_batch WHERE id = $1`, batch)
		if err != nil {
			return fmt.Errorf("look for a batch: %w", err)
		}
		if len(had) > 0 {
			if had[0] != digest {
				return keyConflict()
			}
			return nil
		}
		return s.allot(ctx, tx, by, &b, r, batch, digest)
	})
	if errors.Is(err, errFloor) {
		err = fault.New(fault.Conflict, "budget-exhausted", "本计划的预算余额不足，不能发放这笔额度。").Because(err)
	}
	return b, err
}

func (s *Service) allot(ctx context.Context, tx *db.Tx, by identity.Subject, b *Batch, r BatchRequest, batch, digest string) error {
	var err error
	if *b, err = s.Propose(ctx, tx, r); err != nil {
		return err
	}
	switch {
	case !b.Over:
		return fault.New(fault.Conflict, "window-open", "这一批的申请窗口到 {0} 结束，之后才能集中审核。", b.Window.To)
	case len(b.Shares) == 0:
		return fault.New(fault.Conflict, "batch-empty", "这一批没有待审核的申请。")
	}
	order := slices.Clone(b.Shares)
	slices.SortFunc(order, func(x, y Share) int { return strings.Compare(x.Firm, y.Firm) }) // whoever takes several wallets takes them in this order
	for _, x := range order {
		if x.Why != nil {
			return fault.New(fault.Conflict, "not-grantable", "申请 {0} 不符合规则，请先单独退回。", x.Number).Field("pot", x.Why.Code, x.Why.Text, x.Why.Args...)
		}
		if err := s.allotOne(ctx, tx, by, x, Decision{Amount: x.Gets, Note: r.Note, Key: batch}); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO voucher_batch (id, programme, window_from, pot, asked, granted, person, digest, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		batch, b.Programme.ID, b.Window.From, b.Pot, b.Asked, b.Gives, by.Person, digest, db.At(s.clock.Now())); err != nil {
		return fmt.Errorf("write a batch: %w", err)
	}
	return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "voucher.allot", Kind: "programme", ID: b.Programme.ID, Data: id.From(batch, digest)})
}

// allotOne grants one application its share, or lets it wait.
func (s *Service) allotOne(ctx context.Context, tx *db.Tx, by identity.Subject, x Share, d Decision) error {
	verb := "approve"
	if x.Gets == 0 {
		verb = "wait"
	}
	what, err := asked(d.Key, verb, d.Amount, d.Note)
	if err != nil {
		return err
	}
	if err := lockWallet(ctx, tx, x.Programme, x.Firm); err != nil {
		return err
	}
	a, err := lockApplication(ctx, tx, x.ID)
	if err != nil {
		return err
	}
	if by.Org == a.Firm || by.Person == a.Person {
		return ownAffair()
	}
	move, err := Applications.Next(a.State, verb)
	if err != nil {
		return err
	}
	if verb == "approve" {
		return s.issue(ctx, tx, by, &a, issue{d, what, true})
	}
	st := Step{At: db.At(s.clock.Now()), Person: by.Person, Org: by.Org, Verb: verb, From: move.From, To: move.To, Note: d.Note}
	return s.decided(ctx, tx, &a, st, what, ApplicationWaiting{a.ID, a.Programme, a.Region, a.Firm, a.Amount})
}
