package settle

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// Statement is what crossed between two regions in one window.
type Statement struct {
	ID        string      `db:"id"`
	Number    string      `db:"number"`
	Low       string      `db:"low"` // regions
	High      string      `db:"high"`
	LowOrg    string      `db:"low_org"` // their authorities; '' none on this node
	HighOrg   string      `db:"high_org"`
	From      string      `db:"from_day"`
	To        string      `db:"to_day"`
	State     string      `db:"state"` // see Statements
	Count     int         `db:"count"` // when closed
	Total     money.Fen   `db:"total"` // gross
	Digest    string      `db:"digest"`
	Closer    string      `db:"closer"` // person
	ClosedAt  db.NullTime `db:"closed_at"`
	AgreedOn  string      `db:"agreed_on"`
	Sample    bool        `db:"sample"`
	Revision  int64       `db:"revision"`
	CreatedAt db.Time     `db:"created_at"`
}

// Window is the days of the statement.
func (x Statement) Window() Window { return Window{x.From, x.To} }

const statementColumns = `id, number, low, high, low_org, high_org, from_day, to_day, state, count, total, digest, closer, closed_at, agreed_on, sample, revision, created_at`

func insertStatement(ctx context.Context, tx *db.Tx, x Statement) error {
	if _, err := tx.Exec(ctx, `INSERT INTO settle_statement (`+statementColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		x.ID, x.Number, x.Low, x.High, x.LowOrg, x.HighOrg, x.From, x.To, x.State, x.Count, x.Total, x.Digest, x.Closer, x.ClosedAt, x.AgreedOn, x.Sample, x.Revision, x.CreatedAt); err != nil {
		return fmt.Errorf("write a statement: %w", err)
	}
	return nil
}

func updateStatement(ctx context.Context, tx *db.Tx, x Statement) error {
	if _, err := tx.Exec(ctx, `UPDATE settle_statement SET low_org = $1, high_org = $2, to_day = $3, state = $4, count = $5, total = $6, digest = $7, closer = $8, closed_at = $9, agreed_on = $10 WHERE id = $11`,
		x.LowOrg, x.HighOrg, x.To, x.State, x.Count, x.Total, x.Digest, x.Closer, x.ClosedAt, x.AgreedOn, x.ID); err != nil {
		return fmt.Errorf("move statement %s: %w", x.ID, err)
	}
	return nil
}

func oneStatement(x Statement, err error, id string) (Statement, error) {
	if errors.Is(err, db.ErrNone) {
		return x, fault.New(fault.NotFound, "statement-not-found", "没有找到这份对账单。")
	}
	if err != nil {
		return x, fmt.Errorf("read statement %s: %w", id, err)
	}
	return x, nil
}

func getStatement(ctx context.Context, q db.Q, id string) (Statement, error) {
	x, err := db.One[Statement](ctx, q, `SELECT `+statementColumns+` FROM settle_statement WHERE id = $1`, id)
	return oneStatement(x, err, id)
}

// lockStatement reads a statement and keeps others from it until the commit.
func lockStatement(ctx context.Context, tx *db.Tx, id string) (Statement, error) {
	x, err := db.One[Statement](ctx, tx, `UPDATE settle_statement SET revision = revision + 1 WHERE id = $1 RETURNING `+statementColumns, id)
	return oneStatement(x, err, id)
}

// listStatements lists statements, the newest window first; after is the id to go on below.
func listStatements(ctx context.Context, q db.Q, w *db.Where, after string, limit int) ([]Statement, error) {
	if after != "" {
		w.And("(from_day, id) < (SELECT from_day, id FROM settle_statement WHERE id = ?)", after)
	}
	out, err := db.All[Statement](ctx, q, `SELECT `+statementColumns+` FROM settle_statement`+w.SQL()+` ORDER BY from_day DESC, id DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list statements: %w", err)
	}
	return out, nil
}

// ofCouple are all statements of two regions, the oldest window first.
func ofCouple(ctx context.Context, q db.Q, c couple) ([]Statement, error) {
	out, err := db.All[Statement](ctx, q, `SELECT `+statementColumns+` FROM settle_statement WHERE low = $1 AND high = $2 ORDER BY from_day`, c.low, c.high)
	if err != nil {
		return nil, fmt.Errorf("list the statements of %s and %s: %w", c.low, c.high, err)
	}
	return out, nil
}

const itemColumns = `transfer, payee, funder, statement, position, day, what, claim, number, orders, firms, programme, payer_region, payee_region, funder_code, payee_code, amount`

func insertItem(ctx context.Context, tx *db.Tx, i Item) error {
	if _, err := tx.Exec(ctx, `INSERT INTO settle_item (`+itemColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		i.Transfer, i.Payee, i.Funder, i.Statement, i.Position, i.Day, i.What, i.Claim, i.Number, i.Orders, i.Firms, i.Programme, i.PayerRegion, i.PayeeRegion, i.FunderCode, i.PayeeCode, i.Amount); err != nil {
		return fmt.Errorf("freeze an item: %w", err)
	}
	return nil
}

func listItems(ctx context.Context, q db.Q, statement string) ([]Item, error) {
	out, err := db.All[Item](ctx, q, `SELECT `+itemColumns+` FROM settle_item WHERE statement = $1 ORDER BY position`, statement)
	if err != nil {
		return nil, fmt.Errorf("list the items of statement %s: %w", statement, err)
	}
	return out, nil
}

// atOnce bounds the ids that one query names.
const atOnce = 500

// taken are the keys of the movements of some transfers that a closed statement has.
func taken(ctx context.Context, q db.Q, transfers []string) (map[string]bool, error) {
	out := map[string]bool{}
	for some := range slices.Chunk(transfers, atOnce) {
		w := &db.Where{}
		w.In("transfer", some)
		rows, err := db.All[Item](ctx, q, `SELECT `+itemColumns+` FROM settle_item`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("look which movements are on a statement: %w", err)
		}
		for _, i := range rows {
			out[i.Key()] = true
		}
	}
	return out, nil
}

// Side is what one side says of a closed statement.
type Side struct {
	Statement string    `db:"statement"`
	Region    string    `db:"region"`
	State     string    `db:"state"` // see Sides
	Count     int       `db:"count"` // of the items it agrees with
	Total     money.Fen `db:"total"`
	Digest    string    `db:"digest"`
	Checker   string    `db:"checker"`   // person
	Confirmer string    `db:"confirmer"` // another person
	File      string    `db:"file"`      // SHA-256 of its own list
	FileName  string    `db:"file_name"`
	At        db.Time   `db:"at"`
}

func insertSide(ctx context.Context, tx *db.Tx, x Side) error {
	if _, err := tx.Exec(ctx, `INSERT INTO settle_side (statement, region, state, count, total, digest, checker, confirmer, file, file_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		x.Statement, x.Region, x.State, x.Count, x.Total, x.Digest, x.Checker, x.Confirmer, x.File, x.FileName, x.At); err != nil {
		return fmt.Errorf("write a side: %w", err)
	}
	return nil
}

func updateSide(ctx context.Context, tx *db.Tx, x Side) error {
	if _, err := tx.Exec(ctx, `UPDATE settle_side SET state = $1, count = $2, total = $3, digest = $4, checker = $5, confirmer = $6, file = $7, file_name = $8, at = $9 WHERE statement = $10 AND region = $11`,
		x.State, x.Count, x.Total, x.Digest, x.Checker, x.Confirmer, x.File, x.FileName, x.At, x.Statement, x.Region); err != nil {
		return fmt.Errorf("move a side of statement %s: %w", x.Statement, err)
	}
	return nil
}

// sidesOf are the sides of statements, by statement and region.
func sidesOf(ctx context.Context, q db.Q, statements ...string) (map[string]map[string]Side, error) {
	w := &db.Where{}
	w.In("statement", statements)
	rows, err := db.All[Side](ctx, q, `SELECT statement, region, state, count, total, digest, checker, confirmer, file, file_name, at FROM settle_side`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read the sides of statements: %w", err)
	}
	out := map[string]map[string]Side{}
	for _, x := range rows {
		if out[x.Statement] == nil {
			out[x.Statement] = map[string]Side{}
		}
		out[x.Statement][x.Region] = x
	}
	return out, nil
}

// Step is one thing that somebody did to a statement or a break.
type Step struct {
	ID        string  `db:"id"`
	Statement string  `db:"statement"`
	Object    string  `db:"object"` // '' the statement, else the break
	At        db.Time `db:"at"`
	Person    string  `db:"person"`
	Org       string  `db:"org"`
	Region    string  `db:"region"`
	Verb      string  `db:"verb"`
	Note      string  `db:"note"`
}

func insertStep(ctx context.Context, tx *db.Tx, x Step) error {
	if _, err := tx.Exec(ctx, `INSERT INTO settle_step (id, statement, object, at, person, org, region, verb, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		x.ID, x.Statement, x.Object, x.At, x.Person, x.Org, x.Region, x.Verb, x.Note); err != nil {
		return fmt.Errorf("write a step: %w", err)
	}
	return nil
}

func listSteps(ctx context.Context, q db.Q, statement string) ([]Step, error) {
	out, err := db.All[Step](ctx, q, `SELECT id, statement, object, at, person, org, region, verb, note FROM settle_step WHERE statement = $1 ORDER BY at, id`, statement)
	if err != nil {
		return nil, fmt.Errorf("list the steps of statement %s: %w", statement, err)
	}
	return out, nil
}
