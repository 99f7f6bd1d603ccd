package waiting

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// What becomes of a booking that was not kept.
const (
	MissedMark = "mark" // it is noted, nothing else
	MissedFee  = "fee"  // its time is free and the fee is due where its price plan charges for not coming
	MissedFree = "free" // its time is free in any case; the fee is due where the plan says so
)

// The states of a contest.
const (
	ContestOpen = "open"
	Waived      = "waived" // the fee is not owed
	Upheld      = "upheld" // it is
)

// The verbs of a contest.
const (
	VerbContest = "contest"
	VerbWaive   = "waive"
	VerbUphold  = "uphold"
)

// Contest is what a buyer says against the fee of a booking that was not kept, or was cancelled late.
type Contest struct {
	Order      string      `db:"order_id"`
	Number     string      `db:"number"`
	Buyer      string      `db:"buyer"`
	Provider   string      `db:"provider"`
	Region     string      `db:"region"`
	Amount     money.Fen   `db:"amount"`
	Reason     string      `db:"reason"`
	State      string      `db:"state"`
	Answer     string      `db:"answer"`
	Person     string      `db:"person"`
	At         db.Time     `db:"at"`
	AnsweredBy string      `db:"answered_by"`
	AnsweredAt db.NullTime `db:"answered_at"`
}

// Missed frees the time of a booking that was not kept and makes its fee due, as the rule of its day and its price plan say,
// in the caller's transaction; false where it is only noted.
func (s *Service) Missed(ctx context.Context, tx *db.Tx, orderID string) (order.Order, bool, error) {
	o, _, err := s.Orders.Read(ctx, tx, orderID)
	if err != nil || o.Kind != order.KindBooking || o.State != order.StateAccepted {
		return o, false, err
	}
	rule, err := s.RuleOf(ctx, tx, o.Provider, clock.Day(o.Start.Time))
	if err != nil || rule.Missed == MissedMark {
		return o, false, err
	}
	if rule.Missed == MissedFee {
		if due, err := s.Orders.MissFee(ctx, tx, o); err != nil || due == 0 {
			return o, false, err
		}
	}
	note := "开始后无人到场，按规则记为未到，余下的时间释放。" //i18n:data the note that the order keeps
	o, err = s.Orders.Advance(ctx, tx, identity.Subject{}, System, o.ID, order.VerbMiss, order.VerbRequest{Note: note})
	return o, err == nil, err
}

// feeOf is the fee of an order that its buyer can speak against; 0: there is none.
func (s *Service) feeOf(ctx context.Context, q db.Q, o order.Order) (money.Fen, error) {
	if o.Kind != order.KindBooking || o.State != order.StateCancelled {
		return 0, nil
	}
	return s.Orders.FeeOf(ctx, q, o.ID)
}

func checkWords(field, text string) error {
	if n := utf8.RuneCountInString(strings.TrimSpace(text)); n == 0 || n > maxText {
		return fault.New(fault.Invalid, "contest-invalid", "还差一点：请按提示补充。").Field(field, "required", "请写明理由，对方会看到；最多 {0} 个字。", int64(maxText))
	}
	return nil
}

// Contest is the buyer's word against a fee; the provider answers.
func (s *Service) Contest(ctx context.Context, by identity.Subject, orderID, reason string) (Contest, error) {
	o, _, err := s.Orders.Read(ctx, s.DB, orderID)
	if err != nil {
		return Contest{}, err
	}
	if err := s.Policy.Can(by, "waiting.contest", objectOf(o)); err != nil {
		return Contest{}, err
	}
	if err := checkWords("reason", reason); err != nil {
		return Contest{}, err
	}
	fee, err := s.feeOf(ctx, s.DB, o)
	if err != nil {
		return Contest{}, err
	}
	c, err := getContest(ctx, s.DB, orderID)
	switch {
	case err == nil:
		return c, fault.New(fault.Conflict, "contest-there", "这笔费用已经申诉过，请看对方的答复。")
	case !fault.Is(err, "no-contest"):
		return c, err
	case fee == 0:
		return c, fault.New(fault.Conflict, "contest-none", "这笔订单没有可以申诉的费用。")
	}
	c = Contest{Order: o.ID, Number: o.Number, Buyer: o.Buyer, Provider: o.Provider, Region: o.Region, Amount: fee, Reason: strings.TrimSpace(reason), State: ContestOpen, Person: by.Person, At: db.At(s.Clock.Now())}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertContest(ctx, tx, c); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, Moved{Verb: VerbContest, Origin: o.ID, Buyer: o.Buyer, Provider: o.Provider, Name: o.Number}); err != nil {
			return err
		}
		return s.audited(ctx, tx, VerbContest, "order", o.ID, "", ContestOpen)
	})
	return c, err
}

// Decide is the provider's answer: the fee is waived and given back, or stands.
func (s *Service) Decide(ctx context.Context, by identity.Subject, orderID, verb, answer string) (Contest, error) {
	c, err := getContest(ctx, s.DB, orderID)
	if err != nil {
		return c, err
	}
	if err := s.Policy.Can(by, "waiting.decide", identity.Object{Parties: map[string]string{Buyer: c.Buyer, Provider: c.Provider}, Region: c.Region}); err != nil {
		return c, err
	}
	if err := checkWords("answer", answer); err != nil {
		return c, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if c, err = getContest(ctx, tx, orderID); err != nil {
			return err
		}
		if c.State != ContestOpen {
			return fault.New(fault.Conflict, "contest-over", "这个申诉已经答复过。")
		}
		c.State, c.Answer, c.AnsweredBy, c.AnsweredAt = Upheld, strings.TrimSpace(answer), by.Person, db.NullAt(s.Clock.Now())
		if verb == VerbWaive {
			c.State = Waived
			if _, err := s.Orders.Advance(ctx, tx, by, Provider, c.Order, order.VerbWaive, order.VerbRequest{Note: c.Answer}); err != nil {
				return err
			}
		}
		if err := answerContest(ctx, tx, c); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, Moved{Verb: verb, Origin: c.Order, Buyer: c.Buyer, Provider: c.Provider, Name: c.Number}); err != nil {
			return err
		}
		return s.audited(ctx, tx, verb, "order", c.Order, ContestOpen, c.State)
	})
	return c, err
}

const contestColumns = `order_id, number, buyer, provider, region, amount, reason, state, answer, person, at, answered_by, answered_at`

func insertContest(ctx context.Context, tx *db.Tx, c Contest) error {
	_, err := tx.Exec(ctx, `INSERT INTO waiting_contest (`+contestColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		c.Order, c.Number, c.Buyer, c.Provider, c.Region, c.Amount, c.Reason, c.State, c.Answer, c.Person, c.At, c.AnsweredBy, c.AnsweredAt)
	if err != nil {
		return fmt.Errorf("write a contest of %s: %w", c.Number, err)
	}
	return nil
}

// answerContest writes the answer to a contest that is open.
func answerContest(ctx context.Context, tx *db.Tx, c Contest) error {
	n, err := tx.Exec(ctx, `UPDATE waiting_contest SET state = $2, answer = $3, answered_by = $4, answered_at = $5 WHERE order_id = $1 AND state = 'open'`, c.Order, c.State, c.Answer, c.AnsweredBy, c.AnsweredAt)
	if err != nil {
		return fmt.Errorf("answer the contest of %s: %w", c.Number, err)
	}
	if n != 1 {
		return errBusy()
	}
	return nil
}

func getContest(ctx context.Context, q db.Q, orderID string) (Contest, error) {
	c, err := db.One[Contest](ctx, q, `SELECT `+contestColumns+` FROM waiting_contest WHERE order_id = $1`, orderID)
	if errors.Is(err, db.ErrNone) {
		return c, fault.New(fault.NotFound, "no-contest", "这笔订单没有申诉。")
	}
	if err != nil {
		return c, fmt.Errorf("read the contest of %s: %w", orderID, err)
	}
	return c, nil
}

// openContests are those that wait for a provider's answer.
func openContests(ctx context.Context, q db.Q, provider string) ([]Contest, error) {
	out, err := db.All[Contest](ctx, q, `SELECT `+contestColumns+` FROM waiting_contest WHERE provider = $1 AND state = 'open' ORDER BY at LIMIT 200`, provider)
	if err != nil {
		return nil, fmt.Errorf("list the contests of %s: %w", provider, err)
	}
	return out, nil
}
