package fund

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const cardColumns = `id, kind, number, name, keeper, payer, grp, valid_from, valid_to, cap_order, cap_month, approve_above, classes, state, sample, revision, created_at`

const holdColumns = `order_id, card, number, amount, charged, state, person, decided, note, day`

const groupColumns = `id, keeper, name_zh, name_en, head, sample, created_at`

func insertGroup(ctx context.Context, tx *db.Tx, g Group) error {
	if _, err := tx.Exec(ctx, `INSERT INTO fund_group (`+groupColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`, g.ID, g.Keeper, g.NameZH, g.NameEN, g.Head, g.Sample, g.CreatedAt); err != nil {
		return fmt.Errorf("write group %s: %w", g.ID, err)
	}
	return nil
}

func getGroup(ctx context.Context, q db.Q, id string) (Group, error) {
	g, err := db.One[Group](ctx, q, `SELECT `+groupColumns+` FROM fund_group WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return g, fault.New(fault.NotFound, "no-group", "没有找到这个课题组。")
	}
	if err != nil {
		return g, fmt.Errorf("read group %s: %w", id, err)
	}
	return g, nil
}

func listGroups(ctx context.Context, q db.Q, w *db.Where) ([]Group, error) {
	out, err := db.All[Group](ctx, q, `SELECT `+groupColumns+` FROM fund_group`+w.SQL()+` ORDER BY name_zh, id LIMIT 500`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list groups: %w", err)
	}
	return out, nil
}

// Membership is a person in a group.
type Membership struct {
	Group  string `db:"grp"`
	Person string `db:"person"`
	From   string `db:"valid_from"`
	To     string `db:"valid_to"`
}

func putMember(ctx context.Context, tx *db.Tx, m Membership) error {
	_, err := tx.Exec(ctx, `INSERT INTO fund_member (grp, person, valid_from, valid_to) VALUES ($1, $2, $3, $4)
		ON CONFLICT (grp, person) DO UPDATE SET valid_from = excluded.valid_from, valid_to = excluded.valid_to`, m.Group, m.Person, m.From, m.To)
	if err != nil {
		return fmt.Errorf("write a member of group %s: %w", m.Group, err)
	}
	return nil
}

func listMembers(ctx context.Context, q db.Q, group string) ([]Membership, error) {
	out, err := db.All[Membership](ctx, q, `SELECT grp, person, valid_from, valid_to FROM fund_member WHERE grp = $1 ORDER BY valid_from, person`, group)
	if err != nil {
		return nil, fmt.Errorf("list the members of group %s: %w", group, err)
	}
	return out, nil
}

func insertCard(ctx context.Context, tx *db.Tx, c Card) error {
	_, err := tx.Exec(ctx, `INSERT INTO fund_card (`+cardColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		c.ID, c.Kind, c.Number, c.Name, c.Keeper, c.Payer, c.Group, c.From, c.To, c.CapOrder, c.CapMonth, c.ApproveAbove, c.Classes, c.State, c.Sample, c.Revision, c.CreatedAt)
	if db.IsUnique(err) {
		const text = "编号“{0}”已被另一张卡使用。"
		return fault.New(fault.Conflict, "fund-number-taken", text, c.Number).Field("number", "taken", text, c.Number).Because(err)
	}
	if err != nil {
		return fmt.Errorf("write card %s: %w", c.Number, err)
	}
	return nil
}

// CardOf is a card by its id, for a module that has looked at the reader's rights.
func (s *Service) CardOf(ctx context.Context, q db.Q, id string) (Card, error) {
	return getCard(ctx, q, id)
}

func getCard(ctx context.Context, q db.Q, id string) (Card, error) {
	c, err := db.One[Card](ctx, q, `SELECT `+cardColumns+` FROM fund_card WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return c, errNoCard()
	}
	if err != nil {
		return c, fmt.Errorf("read card %s: %w", id, err)
	}
	return c, nil
}

func errNoCard() *fault.Error {
	return fault.New(fault.NotFound, "no-card", "没有找到这张卡。")
}

// lockCard takes the card for this transaction: rivals for its money wait here.
func lockCard(ctx context.Context, tx *db.Tx, id string) (Card, error) {
	c, err := db.One[Card](ctx, tx, `UPDATE fund_card SET revision = revision + 1 WHERE id = $1 RETURNING `+cardColumns, id)
	if errors.Is(err, db.ErrNone) {
		return c, errNoCard()
	}
	if err != nil {
		return c, fmt.Errorf("lock card %s: %w", id, err)
	}
	return c, nil
}

func updateCard(ctx context.Context, tx *db.Tx, c Card) error {
	_, err := tx.Exec(ctx, `UPDATE fund_card SET valid_to = $2, cap_order = $3, cap_month = $4, approve_above = $5, classes = $6, state = $7 WHERE id = $1`,
		c.ID, c.To, c.CapOrder, c.CapMonth, c.ApproveAbove, c.Classes, c.State)
	if err != nil {
		return fmt.Errorf("update card %s: %w", c.ID, err)
	}
	return nil
}

func listCards(ctx context.Context, q db.Q, w *db.Where) ([]Card, error) {
	out, err := db.All[Card](ctx, q, `SELECT `+cardColumns+` FROM fund_card`+w.SQL()+` ORDER BY kind, number LIMIT 1000`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list cards: %w", err)
	}
	return out, nil
}

func insertHold(ctx context.Context, tx *db.Tx, h Hold) error {
	_, err := tx.Exec(ctx, `INSERT INTO fund_hold (`+holdColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		h.Order, h.Card, h.Number, h.Amount, h.Charged, h.State, h.Person, h.Decided, h.Note, h.Day)
	if err != nil {
		return fmt.Errorf("put aside for order %s: %w", h.Order, err)
	}
	return nil
}

func errNoHold() *fault.Error {
	return fault.New(fault.NotFound, "no-fund-hold", "没有找到等待批准的订单。")
}

func getHold(ctx context.Context, q db.Q, order string) (Hold, error) {
	h, err := db.One[Hold](ctx, q, `SELECT `+holdColumns+` FROM fund_hold WHERE order_id = $1`, order)
	if errors.Is(err, db.ErrNone) {
		return h, errNoHold()
	}
	if err != nil {
		return h, fmt.Errorf("what a card keeps for order %s: %w", order, err)
	}
	return h, nil
}

// lockHold takes the card of an order for this transaction, then what it keeps for the order.
func lockHold(ctx context.Context, tx *db.Tx, order string) (Hold, error) {
	h, err := getHold(ctx, tx, order)
	if err != nil {
		return h, err
	}
	if _, err := lockCard(ctx, tx, h.Card); err != nil {
		return h, err
	}
	return getHold(ctx, tx, order)
}

func updateHold(ctx context.Context, tx *db.Tx, h Hold) error {
	_, err := tx.Exec(ctx, `UPDATE fund_hold SET state = $2, charged = $3, decided = $4, note = $5 WHERE order_id = $1`, h.Order, h.State, h.Charged, h.Decided, h.Note)
	if err != nil {
		return fmt.Errorf("update what is put aside for order %s: %w", h.Order, err)
	}
	return nil
}

func listHolds(ctx context.Context, q db.Q, w *db.Where) ([]Hold, error) {
	out, err := db.All[Hold](ctx, q, `SELECT `+holdColumns+` FROM fund_hold`+w.SQL()+` ORDER BY day, order_id LIMIT 500`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list what is put aside: %w", err)
	}
	return out, nil
}
