package settle

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// Break is what differs between a closed statement and what one side has.
type Break struct {
	ID        string    `db:"id"`
	Statement string    `db:"statement"`
	Region    string    `db:"region"` // who raised it
	Kind      string    `db:"kind"`
	Owner     string    `db:"owner"` // region that has to answer
	DueOn     string    `db:"due_on"`
	State     string    `db:"state"`    // see Breaks
	Transfer  string    `db:"transfer"` // the item; '' where the statement has none
	Payee     string    `db:"payee"`
	Funder    string    `db:"funder"`
	Number    string    `db:"number"` // of the claim
	What      string    `db:"what"`
	Day       string    `db:"day"`
	Stated    money.Fen `db:"stated"` // amount in the statement; 0: none
	Listed    money.Fen `db:"listed"` // amount in the side's list; 0: none
	Reason    string    `db:"reason"`
	Answer    string    `db:"answer"`
	Fix       string    `db:"fix"` // key of the later entry that corrects it
	Raiser    string    `db:"raiser"`
	Answerer  string    `db:"answerer"`
	Decider   string    `db:"decider"`
	FromList  bool      `db:"from_list"`
	CreatedAt db.Time   `db:"created_at"`
	EndedOn   string    `db:"ended_on"`
}

// Key is the key of the item that the break is about; ” where the statement has none.
func (b Break) Key() string {
	if b.Transfer == "" {
		return ""
	}
	return Item{Transfer: b.Transfer, Payee: b.Payee, Funder: b.Funder}.Key()
}

// Stands tells whether the break is not ended.
func (b Break) Stands() bool { return b.State == BreakOpen || b.State == BreakAnswered }

const breakColumns = `id, statement, region, kind, owner, due_on, state, transfer, payee, funder, number, what, day, stated, listed, reason, answer, fix, raiser, answerer, decider, from_list, created_at, ended_on`

func insertBreak(ctx context.Context, tx *db.Tx, b Break) error {
	if _, err := tx.Exec(ctx, `INSERT INTO settle_break (`+breakColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
		b.ID, b.Statement, b.Region, b.Kind, b.Owner, b.DueOn, b.State, b.Transfer, b.Payee, b.Funder, b.Number, b.What, b.Day, b.Stated, b.Listed, b.Reason, b.Answer, b.Fix,
		b.Raiser, b.Answerer, b.Decider, b.FromList, b.CreatedAt, b.EndedOn); err != nil {
		return fmt.Errorf("raise a break: %w", err)
	}
	return nil
}

func updateBreak(ctx context.Context, tx *db.Tx, b Break) error {
	if _, err := tx.Exec(ctx, `UPDATE settle_break SET state = $1, answer = $2, fix = $3, answerer = $4, decider = $5, ended_on = $6 WHERE id = $7`,
		b.State, b.Answer, b.Fix, b.Answerer, b.Decider, b.EndedOn, b.ID); err != nil {
		return fmt.Errorf("move break %s: %w", b.ID, err)
	}
	return nil
}

func getBreak(ctx context.Context, q db.Q, id string) (Break, error) {
	b, err := db.One[Break](ctx, q, `SELECT `+breakColumns+` FROM settle_break WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return b, fault.New(fault.NotFound, "break-not-found", "没有找到这项差异。")
	}
	if err != nil {
		return b, fmt.Errorf("read break %s: %w", id, err)
	}
	return b, nil
}

// breaksOf are the breaks of statements, in the order they were raised.
func breaksOf(ctx context.Context, q db.Q, statements ...string) ([]Break, error) {
	w := &db.Where{}
	w.In("statement", statements)
	out, err := db.All[Break](ctx, q, `SELECT `+breakColumns+` FROM settle_break`+w.SQL()+` ORDER BY id`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list breaks: %w", err)
	}
	return out, nil
}

// carriedInto are the breaks of earlier statements of the same regions that had not ended before a statement's window.
func carriedInto(ctx context.Context, q db.Q, x Statement) ([]Break, error) {
	out, err := db.All[Break](ctx, q, `SELECT `+breakColumns+` FROM settle_break WHERE state <> 'withdrawn' AND (ended_on = '' OR ended_on >= $1)
		AND statement IN (SELECT id FROM settle_statement WHERE low = $2 AND high = $3 AND from_day < $1) ORDER BY id`, x.From, x.Low, x.High)
	if err != nil {
		return nil, fmt.Errorf("list the breaks carried into statement %s: %w", x.ID, err)
	}
	return out, nil
}
