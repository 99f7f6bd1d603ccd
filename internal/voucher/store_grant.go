package voucher

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
)

// Grant is an issued voucher.
type Grant struct {
	ID          string    `db:"id"`
	Number      string    `db:"number"`
	Programme   string    `db:"programme"`
	Application string    `db:"application"`
	Firm        string    `db:"firm"`
	Region      string    `db:"region"`
	Terms       int       `db:"terms"` // version it was issued under
	Amount      money.Fen `db:"amount"`
	State       string    `db:"state"` // see Grants
	IssuedOn    string    `db:"issued_on"`
	ExpiresOn   string    `db:"expires_on"` // last day
	Noticed     int       `db:"noticed"`
	Type        string    `db:"type"` // a code of the terms; empty: for every kind the programme pays for
}

const grantColumns = `id, number, programme, application, firm, region, terms, amount, state, issued_on, expires_on, noticed, type`

func insertGrant(ctx context.Context, tx *db.Tx, g Grant) error {
	_, err := tx.Exec(ctx, `INSERT INTO voucher_grant (`+grantColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		g.ID, g.Number, g.Programme, g.Application, g.Firm, g.Region, g.Terms, g.Amount, g.State, g.IssuedOn, g.ExpiresOn, g.Noticed, g.Type)
	if err != nil {
		return fmt.Errorf("write a grant: %w", err)
	}
	return nil
}

// listGrants lists the grants that w asks for, the one that ends first first.
func listGrants(ctx context.Context, q db.Q, w *db.Where) ([]Grant, error) {
	out, err := db.All[Grant](ctx, q, `SELECT `+grantColumns+` FROM voucher_grant`+w.SQL()+` ORDER BY expires_on, id`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list grants: %w", err)
	}
	return out, nil
}

// source is a grant that a hold can draw on.
type source struct {
	Grant string    `db:"id"`
	Type  string    `db:"type"`
	Left  money.Fen `db:"balance"`
	Taken bool      `db:"taken"` // an order has it already
}

// sources are the firm's grants with money on day that pay for a kind of resource (empty: any); the one that ends first is
// used first, and of those that end together a typed one before one for all. All are of the first one's type: the rules of
// one type do not divide a price with those of another. A voucher for one order only is taken once.
func sources(ctx context.Context, q db.Q, p Programme, firm, kind, day string) ([]source, error) {
	all, err := grantsWithMoney(ctx, q, p.ID, firm, day)
	if err != nil {
		return nil, err
	}
	var out []source
	for _, x := range all {
		switch {
		case !p.Terms.PaysFor(x.Type, kind):
		case p.Terms.OneTime != nil && x.Taken:
		case len(out) > 0 && out[0].Type != x.Type:
		default:
			out = append(out, x)
		}
	}
	return out, nil
}

// grantsWithMoney are the firm's grants with something left on day, in the order in which they are used.
func grantsWithMoney(ctx context.Context, q db.Q, programme, firm, day string) ([]source, error) {
	out, err := db.All[source](ctx, q, `SELECT g.id, g.type, a.balance, EXISTS (SELECT 1 FROM voucher_hold_part x JOIN voucher_hold h ON h.id = x.hold
			WHERE x.grant_id = g.id AND h.state <> 'released') AS taken FROM voucher_grant g JOIN voucher_account a ON a.grant_id = g.id AND a.part = 'available'
		WHERE g.firm = $1 AND g.programme = $2 AND g.state = 'active' AND g.expires_on >= $3 AND a.balance > 0
		ORDER BY g.expires_on, CASE WHEN g.type = '' THEN 1 ELSE 0 END, g.id`, firm, programme, day)
	if err != nil {
		return nil, fmt.Errorf("read a wallet: %w", err)
	}
	return out, nil
}

// holding is the voucher's part of one order.
type holding struct {
	ID        string    `db:"id"`
	Order     string    `db:"order_id"`
	Programme string    `db:"programme"`
	Firm      string    `db:"firm"`
	Provider  string    `db:"provider"`
	Region    string    `db:"region"`
	Terms     int       `db:"terms"`
	Amount    money.Fen `db:"amount"`
	Used      money.Fen `db:"used"`
	State     string    `db:"state"` // see Holds
	HeldOn    string    `db:"held_on"`
	UsedOn    string    `db:"used_on"`
	Rate      string    `db:"rate"` // of the terms, by which Amount was reckoned; empty: the general ratio
	Kind      string    `db:"kind"`
	Class     string    `db:"class"`
	Way       string    `db:"way"`   // scheme.Direct or scheme.Repay
	Price     money.Fen `db:"price"` // of the order when it was held; 0: not recorded
}

const holdColumns = `id, order_id, programme, firm, provider, region, terms, amount, used, state, held_on, used_on, rate, kind, class, way, price`

func insertHold(ctx context.Context, tx *db.Tx, h holding) error {
	_, err := tx.Exec(ctx, `INSERT INTO voucher_hold (`+holdColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		h.ID, h.Order, h.Programme, h.Firm, h.Provider, h.Region, h.Terms, h.Amount, h.Used, h.State, h.HeldOn, h.UsedOn, h.Rate, h.Kind, h.Class, h.Way, h.Price)
	if err != nil {
		return fmt.Errorf("write a hold: %w", err)
	}
	return nil
}

// lastHold is the newest hold that a programme has on an order; db.ErrNone when it has none.
func lastHold(ctx context.Context, q db.Q, order, programme string) (holding, error) {
	h, err := db.One[holding](ctx, q, `SELECT `+holdColumns+` FROM voucher_hold WHERE order_id = $1 AND programme = $2
		ORDER BY CASE WHEN state = 'released' THEN 1 ELSE 0 END, held_on DESC, id DESC LIMIT 1`, order, programme)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return h, fmt.Errorf("read the hold of order %s: %w", order, err)
	}
	return h, err
}

// liveHolds are the holds of an order that were not released.
func liveHolds(ctx context.Context, q db.Q, order string) ([]holding, error) {
	w := &db.Where{}
	w.And("order_id = ?", order)
	w.And("state <> 'released'")
	return listHolds(ctx, q, w)
}

// Unpaid tells whether a programme that pays the provider of an order still owes its part.
func (s *Service) Unpaid(ctx context.Context, q db.Q, order string) (bool, error) {
	holds, err := liveHolds(ctx, q, order)
	return slices.ContainsFunc(holds, func(h holding) bool { return h.Way == scheme.Direct && h.State != "paid" && h.State != "recovered" }), err
}

// listHolds lists the holds that w asks for, oldest first.
func listHolds(ctx context.Context, q db.Q, w *db.Where) ([]holding, error) {
	out, err := db.All[holding](ctx, q, `SELECT `+holdColumns+` FROM voucher_hold`+w.SQL()+` ORDER BY held_on, id`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list holds: %w", err)
	}
	return out, nil
}

// moveHold takes a hold from one state to another; false when it was not in the first.
func moveHold(ctx context.Context, tx *db.Tx, h holding, from string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE voucher_hold SET state = $1, used = $2, used_on = $3 WHERE id = $4 AND state = $5`, h.State, h.Used, h.UsedOn, h.ID, from)
	if err != nil {
		return false, fmt.Errorf("move hold %s: %w", h.ID, err)
	}
	return n == 1, nil
}

// drawn is what a hold draws on one grant.
type drawn struct {
	Hold   string    `db:"hold"`
	Grant  string    `db:"grant_id"`
	Amount money.Fen `db:"amount"`
	Used   money.Fen `db:"used"`
	State  string    `db:"state"` // of the grant
}

func insertDrawn(ctx context.Context, tx *db.Tx, d drawn) error {
	if _, err := tx.Exec(ctx, `INSERT INTO voucher_hold_part (hold, grant_id, amount, used) VALUES ($1, $2, $3, $4)`, d.Hold, d.Grant, d.Amount, d.Used); err != nil {
		return fmt.Errorf("write a part of a hold: %w", err)
	}
	return nil
}

func updateDrawn(ctx context.Context, tx *db.Tx, d drawn) error {
	if _, err := tx.Exec(ctx, `UPDATE voucher_hold_part SET used = $1 WHERE hold = $2 AND grant_id = $3`, d.Used, d.Hold, d.Grant); err != nil {
		return fmt.Errorf("write a part of a hold: %w", err)
	}
	return nil
}

// listDrawn lists what a hold draws on, the grant that ends first first.
func listDrawn(ctx context.Context, q db.Q, hold string) ([]drawn, error) {
	out, err := db.All[drawn](ctx, q, `SELECT p.hold, p.grant_id, p.amount, p.used, g.state FROM voucher_hold_part p JOIN voucher_grant g ON g.id = p.grant_id
		WHERE p.hold = $1 ORDER BY g.expires_on, CASE WHEN g.type = '' THEN 1 ELSE 0 END, g.id`, hold)
	if err != nil {
		return nil, fmt.Errorf("list the parts of hold %s: %w", hold, err)
	}
	return out, nil
}

// Kept is how much vouchers pay for each of the orders, all programmes together: what is held, or was used. An order
// without one is left out.
func (s *Service) Kept(ctx context.Context, q db.Q, orders []string) (map[string]money.Fen, error) {
	out := map[string]money.Fen{}
	for batch := range slices.Chunk(orders, 500) {
		w := &db.Where{}
		w.In("order_id", batch)
		w.And("state <> 'released'")
		holds, err := listHolds(ctx, q, w)
		if err != nil {
			return nil, err
		}
		for _, h := range holds {
			if h.State == "held" {
				out[h.Order] += h.Amount
			} else {
				out[h.Order] += h.Used
			}
		}
	}
	return out, nil
}
