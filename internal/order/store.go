package order

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const orderColumns = `id, number, kind, state, revision, buyer, buyer_person, provider, resource, resource_zh, resource_en,
	resource_kind, class, region, need, purpose, samples, customs_use, quantity, unit, price_line, start_at, end_at, priced, price, voucher,
	own, currency, programme, held, due, minutes, sample, placed_on, confirmed_on, placed_at, updated_at, fund,
	stages_open, stages_delivered, payable, repaid, vouchers`

// lockOrder takes the order for this transaction and counts its revision up: later steps wait here.
func lockOrder(ctx context.Context, tx *db.Tx, orderID string) (Order, error) {
	o, err := db.One[Order](ctx, tx, `UPDATE order_order SET revision = revision + 1 WHERE id = $1 RETURNING `+orderColumns, orderID)
	if errors.Is(err, db.ErrNone) {
		return o, errNoOrder()
	}
	if err != nil {
		return o, fmt.Errorf("lock order %s: %w", orderID, err)
	}
	return o, nil
}

func getOrder(ctx context.Context, q db.Q, orderID string) (Order, error) {
	o, err := db.One[Order](ctx, q, `SELECT `+orderColumns+` FROM order_order WHERE id = $1`, orderID)
	if errors.Is(err, db.ErrNone) {
		return o, errNoOrder()
	}
	if err != nil {
		return o, fmt.Errorf("get order %s: %w", orderID, err)
	}
	return o, nil
}

func errNoOrder() *fault.Error {
	return fault.New(fault.NotFound, "no-order", "没有找到这笔订单，请检查编号，或回到订单列表。")
}

func insertOrder(ctx context.Context, tx *db.Tx, o Order) error {
	_, err := tx.Exec(ctx, `INSERT INTO order_order (`+orderColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
			$25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43)`,
		o.ID, o.Number, o.Kind, o.State, o.Revision, o.Buyer, o.BuyerPerson, o.Provider, o.Resource, o.ResourceZH, o.ResourceEN,
		o.ResourceKind, o.Class, o.Region, o.Need, o.Purpose, o.Samples, o.CustomsUse, o.Quantity, o.Unit, o.PriceLine, o.Start, o.End, o.Priced,
		o.Price, o.Voucher, o.Own, o.Currency, o.Programme, o.Held, o.Due, o.Minutes, o.Sample, o.PlacedOn, o.ConfirmedOn,
		o.PlacedAt, o.UpdatedAt, o.Fund, o.StagesOpen, o.StagesDelivered, o.Payable, o.Repaid, o.Vouchers)
	if err != nil {
		return fmt.Errorf("insert order %s: %w", o.Number, err)
	}
	return nil
}

// updateOrder writes what steps may change.
func updateOrder(ctx context.Context, tx *db.Tx, o Order) error {
	_, err := tx.Exec(ctx, `UPDATE order_order SET state = $2, priced = $3, price = $4, voucher = $5, own = $6, currency = $7,
		held = $8, due = $9, minutes = $10, confirmed_on = $11, updated_at = $12, programme = $13, unit = $14, fund = $15,
		stages_open = $16, stages_delivered = $17, payable = $18, repaid = $19, vouchers = $20 WHERE id = $1`,
		o.ID, o.State, o.Priced, o.Price, o.Voucher, o.Own, o.Currency, o.Held, o.Due, o.Minutes, o.ConfirmedOn, o.UpdatedAt,
		o.Programme, o.Unit, o.Fund, o.StagesOpen, o.StagesDelivered, o.Payable, o.Repaid, o.Vouchers)
	if err != nil {
		return fmt.Errorf("update order %s: %w", o.ID, err)
	}
	return nil
}

func insertStep(ctx context.Context, tx *db.Tx, s Step) error {
	_, err := tx.Exec(ctx, `INSERT INTO order_step (id, order_id, position, at, side, person, org, verb, from_state, to_state, note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.ID, s.Order, s.Position, s.At, s.Side, s.Person, s.Org, s.Verb, s.From, s.To, s.Note)
	if err != nil {
		return fmt.Errorf("insert step %s of order %s: %w", s.Verb, s.Order, err)
	}
	return nil
}

// hasStep tells whether a request's step is already there: the same click twice has one effect.
func hasStep(ctx context.Context, q db.Q, stepID string) (bool, error) {
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM order_step WHERE id = $1`, stepID)
	if err != nil {
		return false, fmt.Errorf("look for step %s: %w", stepID, err)
	}
	return n > 0, nil
}

func listSteps(ctx context.Context, q db.Q, orderID string) ([]Step, error) {
	return db.All[Step](ctx, q, `SELECT id, order_id, position, at, side, person, org, verb, from_state, to_state, note
		FROM order_step WHERE order_id = $1 ORDER BY position`, orderID)
}

func insertLine(ctx context.Context, tx *db.Tx, orderID string, l Line) error {
	_, err := tx.Exec(ctx, `INSERT INTO order_line
		(order_id, version, position, text, audience, unit, unit_amount, count_num, count_per, minimum, amount, kind, period, above, percent)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		orderID, l.Version, l.Position, l.Text, l.Audience, l.Unit, l.UnitAmount, l.Count, l.Per, l.Minimum, l.Amount, l.Kind, l.Period, l.Above, l.Percent)
	if err != nil {
		return fmt.Errorf("insert price line %d of order %s: %w", l.Position, orderID, err)
	}
	return nil
}

func listLines(ctx context.Context, q db.Q, orderID string) ([]Line, error) {
	return db.All[Line](ctx, q, `SELECT version, position, text, audience, unit, unit_amount, count_num, count_per, minimum, amount, kind, period, above, percent
		FROM order_line WHERE order_id = $1 ORDER BY version, position`, orderID)
}

func insertQuote(ctx context.Context, tx *db.Tx, x Quote) error {
	_, err := tx.Exec(ctx, `INSERT INTO order_quote (order_id, version, total, valid_until, note, person, at, tax)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, x.Order, x.Version, x.Total, x.ValidUntil, x.Note, x.Person, x.At, x.Tax)
	if err != nil {
		return fmt.Errorf("insert quote %d of order %s: %w", x.Version, x.Order, err)
	}
	return nil
}

func listQuotes(ctx context.Context, q db.Q, orderID string) ([]Quote, error) {
	return db.All[Quote](ctx, q, `SELECT order_id, version, total, valid_until, note, person, at, tax
		FROM order_quote WHERE order_id = $1 ORDER BY version`, orderID)
}

func insertRun(ctx context.Context, tx *db.Tx, r Run) error {
	_, err := tx.Exec(ctx, `INSERT INTO order_run (id, order_id, start_at, end_at, minutes) VALUES ($1, $2, $3, $4, $5)`,
		r.ID, r.Order, r.Start, r.End, r.Minutes)
	if err != nil {
		return fmt.Errorf("insert run of order %s: %w", r.Order, err)
	}
	return nil
}

func closeRun(ctx context.Context, tx *db.Tx, r Run) error {
	_, err := tx.Exec(ctx, `UPDATE order_run SET end_at = $2, minutes = $3 WHERE id = $1`, r.ID, r.End, r.Minutes)
	if err != nil {
		return fmt.Errorf("close run %s: %w", r.ID, err)
	}
	return nil
}

func listRuns(ctx context.Context, q db.Q, orderID string) ([]Run, error) {
	return db.All[Run](ctx, q, `SELECT id, order_id, start_at, end_at, minutes FROM order_run WHERE order_id = $1 ORDER BY start_at, id`, orderID)
}

func insertDocument(ctx context.Context, tx *db.Tx, d Document) error {
	_, err := tx.Exec(ctx, `INSERT INTO order_document (id, order_id, kind, name, sha256, size, person, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, d.ID, d.Order, d.Kind, d.Name, d.SHA256, d.Size, d.Person, d.At)
	if err != nil {
		return fmt.Errorf("insert document of order %s: %w", d.Order, err)
	}
	return nil
}

const documentColumns = `id, order_id, kind, name, sha256, size, person, at`

func listDocuments(ctx context.Context, q db.Q, orderID string) ([]Document, error) {
	return db.All[Document](ctx, q, `SELECT `+documentColumns+` FROM order_document WHERE order_id = $1 ORDER BY at, id`, orderID)
}

func putRating(ctx context.Context, tx *db.Tx, r Rating) error {
	_, err := tx.Exec(ctx, `INSERT INTO order_rating (order_id, resource, provider, stars, text, reply, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (order_id) DO UPDATE SET stars = excluded.stars, text = excluded.text, reply = excluded.reply`,
		r.Order, r.Resource, r.Provider, r.Stars, r.Text, r.Reply, r.At)
	if err != nil {
		return fmt.Errorf("write the rating of order %s: %w", r.Order, err)
	}
	return nil
}

// getRating gives nil when the order has no rating yet.
func getRating(ctx context.Context, q db.Q, orderID string) (*Rating, error) {
	r, err := db.One[Rating](ctx, q, `SELECT order_id, resource, provider, stars, text, reply, at FROM order_rating WHERE order_id = $1`, orderID)
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get the rating of order %s: %w", orderID, err)
	}
	return &r, nil
}

// listOrders is the orders of ids; unknown ones are left out.
func listOrders(ctx context.Context, q db.Q, ids []string) ([]Order, error) {
	var w db.Where
	w.In("id", ids)
	out, err := db.All[Order](ctx, q, `SELECT `+orderColumns+` FROM order_order`+w.SQL()+` ORDER BY id`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read %d orders: %w", len(ids), err)
	}
	return out, nil
}
