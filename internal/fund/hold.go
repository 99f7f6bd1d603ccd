package fund

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
)

// Ask is what an order wants to pay.
type Ask struct {
	Person   string
	Org      string // the buyer
	Provider string
	Class    string
	Amount   money.Fen
}

// Choice is a card that a person may pay with.
type Choice struct {
	Card     string
	Name     string
	Number   string
	Left     money.Fen
	Approval bool  // the head has to approve this amount
	Why      error // why it cannot pay; nil: it can
}

// Choices are the cards with which a person may pay an order, those that cannot with the reason.
func (s *Service) Choices(ctx context.Context, q db.Q, a Ask) ([]Choice, error) {
	cards, err := s.usable(ctx, q, a)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(cards))
	for i, c := range cards {
		ids[i] = c.ID
	}
	has, err := balances(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var out []Choice
	for _, c := range cards {
		x := Choice{Card: c.ID, Name: c.Name, Number: c.Number, Left: has[c.ID].Available}
		if x.Approval, err = s.approval(ctx, q, c, a); err != nil {
			return nil, err
		}
		if x.Why, err = s.refusal(ctx, q, c, a); err != nil {
			return nil, err
		}
		if x.Why == nil && x.Left < a.Amount {
			x.Why = tooLittle(x.Left)
		}
		out = append(out, x)
	}
	return out, nil
}

// usable are the cards a person may use at all: of the groups it belongs to, and its organisation's accounts at the provider.
func (s *Service) usable(ctx context.Context, q db.Q, a Ask) ([]Card, error) {
	out, err := db.All[Card](ctx, q, `SELECT `+cardColumns+` FROM fund_card WHERE payer = $1 AND (kind = 'prepaid' AND keeper = $2
		OR kind = 'card' AND grp IN (SELECT grp FROM fund_member WHERE person = $3 AND valid_from <= $4 AND (valid_to = '' OR valid_to >= $4)
			UNION SELECT id FROM fund_group WHERE head = $3)) ORDER BY kind, number`, a.Org, a.Provider, a.Person, s.today())
	if err != nil {
		return nil, fmt.Errorf("the cards of %s: %w", a.Person, err)
	}
	return out, nil
}

// refusal is the rule of a card that keeps it from paying; nil when none does. The balance is not looked at.
func (s *Service) refusal(ctx context.Context, q db.Q, c Card, a Ask) (why, err error) {
	no := func(code, text string, args ...any) *fault.Error {
		return fault.New(fault.Invalid, code, text, args...).Field("fund", code, text, args...)
	}
	switch {
	case c.State != StateOpen:
		return no("fund-frozen", "这张卡已停用。"), nil
	case !c.Holds(s.today()):
		return no("fund-expired", "这张卡不在有效期内。"), nil
	case !c.pays(a.Class):
		return no("fund-class", "这张卡不能用于这类资源。"), nil
	case c.CapOrder > 0 && a.Amount > c.CapOrder:
		return no("fund-cap-order", "超过这张卡的单笔上限 {0}。", c.CapOrder), nil
	case c.CapMonth == 0:
		return nil, nil
	}
	month := s.today()[:7]
	used, err := db.One[int64](ctx, q, `SELECT CAST(coalesce(sum(CASE state WHEN 'charged' THEN charged ELSE amount END), 0) AS BIGINT) FROM fund_hold
		WHERE card = $1 AND day >= $2 AND day <= $3 AND state IN ('pending', 'reserved', 'charged')`, c.ID, month+"-01", month+"-31")
	if err != nil {
		return nil, fmt.Errorf("what card %s paid this month: %w", c.ID, err)
	}
	if left := max(c.CapMonth-money.Fen(used), 0); a.Amount > left {
		return no("fund-cap-month", "超过这张卡的每月上限 {0}，本月还可用 {1}。", c.CapMonth, left), nil
	}
	return nil, nil
}

// approval tells whether the head has to approve.
func (s *Service) approval(ctx context.Context, q db.Q, c Card, a Ask) (bool, error) {
	if c.ApproveAbove == 0 || a.Amount <= c.ApproveAbove || c.Group == "" {
		return false, nil
	}
	g, err := getGroup(ctx, q, c.Group)
	return g.Head != a.Person, err
}

func tooLittle(left money.Fen) *fault.Error {
	return fault.New(fault.Invalid, "fund-too-little", "这张卡的余额不足，还可用 {0}。", left).
		Field("fund", "too-little", "余额只有 {0}。", left)
}

// Reserve is an order's wish to put its amount aside.
type Reserve struct {
	Ask
	Order string
	Card  string
	Key   string
}

// Reserve puts an order's amount aside, in the order's own transaction; a fault when the card may not or cannot pay.
func (s *Service) Reserve(ctx context.Context, tx *db.Tx, r Reserve) error {
	c, err := lockCard(ctx, tx, r.Card)
	if err != nil {
		return err
	}
	if r.Amount <= 0 {
		return fmt.Errorf("fund: order %s reserves %d fen", r.Order, r.Amount)
	}
	mine, err := s.usable(ctx, tx, r.Ask)
	if err != nil {
		return err
	}
	allowed := false
	for _, x := range mine {
		allowed = allowed || x.ID == c.ID
	}
	if !allowed {
		return fault.New(fault.Forbidden, "fund-foreign", "您不能使用这张卡。").Field("fund", "foreign", "请选择自己课题组的经费卡，或本单位在对方的预存账户。")
	}
	t := transfer{key: r.Key, kind: kindReserve, card: c.ID, order: r.Order, person: r.Person, moves: map[string]money.Fen{partAvailable: -r.Amount, partReserved: r.Amount}}
	if repeat, err := sameKey(ctx, tx, t); err != nil || repeat {
		return err
	}
	why, err := s.refusal(ctx, tx, c, r.Ask)
	if err != nil {
		return err
	}
	if why != nil {
		return why
	}
	h := Hold{Order: r.Order, Card: c.ID, Amount: r.Amount, State: HoldReserved, Person: r.Person, Day: s.today()}
	wait, err := s.approval(ctx, tx, c, r.Ask)
	if err != nil {
		return err
	}
	if wait {
		h.State = HoldPending
	}
	if err := s.book(ctx, tx, t); err != nil {
		return err
	}
	if err := insertHold(ctx, tx, h); err != nil {
		return err
	}
	if !wait {
		return nil
	}
	g, err := getGroup(ctx, tx, c.Group)
	if err != nil {
		return err
	}
	return outbox.Publish(ctx, tx, s.clock.Now(), ApprovalAsked{Order: h.Order, Card: c.ID, Keeper: c.Keeper, Head: g.Head})
}

// Name notes the number by which people know an order; it is given last when one is placed.
func (s *Service) Name(ctx context.Context, tx *db.Tx, order, number string) error {
	if _, err := tx.Exec(ctx, `UPDATE fund_hold SET number = $2 WHERE order_id = $1`, order, number); err != nil {
		return fmt.Errorf("name order %s: %w", order, err)
	}
	return nil
}

// sameKey tells whether a transfer's key was used before with the same content.
func sameKey(ctx context.Context, tx *db.Tx, t transfer) (bool, error) {
	digest, err := t.digest()
	if err != nil {
		return false, err
	}
	had, err := db.All[string](ctx, tx, `SELECT digest FROM fund_transfer WHERE key = $1`, t.key)
	if err != nil || len(had) == 0 {
		return false, err
	}
	if had[0] != digest {
		return false, fault.New(fault.Conflict, "idempotency-conflict", "这个请求编号已用于另一项内容不同的操作，请换一个编号。")
	}
	return true, nil
}

// book books a transfer now; too little comes back as a sentence with what is left.
func (s *Service) book(ctx context.Context, tx *db.Tx, t transfer) error {
	t.day, t.at = s.today(), db.At(s.clock.Now())
	has, err := balances(ctx, tx, []string{t.card})
	if err != nil {
		return err
	}
	if left := has[t.card].Available; left+t.moves[partAvailable] < 0 {
		return tooLittle(left) // said before the database has to: a refused statement ends the transaction
	}
	if _, err := book(ctx, tx, t); errors.Is(err, errTooLittle) {
		return tooLittle(has[t.card].Available).Because(err)
	} else if err != nil {
		return err
	}
	return audit.Record(ctx, tx, t.at.Time, audit.Entry{Action: "fund." + t.kind, Kind: "fund-card", ID: t.card, Data: []any{t.order, t.moves}})
}

// Ready tells whether an order's money waits for nobody; a fault when the head has not decided or has refused.
func (s *Service) Ready(ctx context.Context, q db.Q, order string) error {
	h, err := getHold(ctx, q, order)
	if err != nil {
		return err
	}
	switch h.State {
	case HoldPending:
		return fault.New(fault.Conflict, "fund-pending", "这笔订单超过经费卡的审批限额，课题组负责人还没有批准，暂时不能继续。")
	case HoldRefused, HoldReleased:
		return fault.New(fault.Conflict, "fund-refused", "课题组负责人没有批准用这张经费卡付款，请由下单单位取消订单后重新下单。")
	}
	return nil
}

// Release gives back what an order has put aside; nothing happens when there is nothing.
func (s *Service) Release(ctx context.Context, tx *db.Tx, order, key string) error {
	h, err := lockHold(ctx, tx, order)
	if fault.Is(err, "no-fund-hold") {
		return nil
	}
	if err != nil || h.State != HoldReserved && h.State != HoldPending {
		return err
	}
	h.State = HoldReleased
	return s.giveBack(ctx, tx, h, h.Person, key)
}

func (s *Service) giveBack(ctx context.Context, tx *db.Tx, h Hold, person, key string) error {
	if err := s.book(ctx, tx, transfer{key: key, kind: kindRelease, card: h.Card, order: h.Order, person: person, moves: map[string]money.Fen{partReserved: -h.Amount, partAvailable: h.Amount}}); err != nil {
		return err
	}
	return updateHold(ctx, tx, h)
}

// Charge spends what an order costs in the end: less than was put aside gives the rest back, more is taken from the card
// if it is there.
func (s *Service) Charge(ctx context.Context, tx *db.Tx, order string, amount money.Fen, key string) error {
	h, err := lockHold(ctx, tx, order)
	if err != nil {
		return err
	}
	if h.State == HoldCharged && h.Charged == amount {
		return nil
	}
	if h.State != HoldReserved {
		return fault.New(fault.Conflict, "fund-not-reserved", "这笔订单在经费卡上没有冻结的金额。")
	}
	if amount <= 0 {
		h.State = HoldReleased
		return s.giveBack(ctx, tx, h, h.Person, key)
	}
	t := transfer{key: key, kind: kindCharge, card: h.Card, order: h.Order, person: h.Person, moves: map[string]money.Fen{partReserved: -h.Amount, partAvailable: h.Amount - amount, partSpent: amount}}
	if err := s.book(ctx, tx, t); err != nil {
		return err
	}
	h.State, h.Charged = HoldCharged, amount
	return updateHold(ctx, tx, h)
}

// Refund gives back to the card what an order was charged: nothing of it is owed any more.
func (s *Service) Refund(ctx context.Context, tx *db.Tx, order, key string) error {
	h, err := lockHold(ctx, tx, order)
	if fault.Is(err, "no-fund-hold") {
		return nil
	}
	if err != nil || h.State != HoldCharged {
		return err
	}
	t := transfer{key: key, kind: kindRelease, card: h.Card, order: h.Order, person: h.Person, moves: map[string]money.Fen{partSpent: -h.Charged, partAvailable: h.Charged}}
	if err := s.book(ctx, tx, t); err != nil {
		return err
	}
	h.State, h.Charged = HoldReleased, 0
	return updateHold(ctx, tx, h)
}

// Kept is what the ledger keeps for each of the orders.
func (s *Service) Kept(ctx context.Context, q db.Q, orders []string) (map[string]Kept, error) {
	out := map[string]Kept{}
	if len(orders) == 0 {
		return out, nil
	}
	var w db.Where
	w.In("order_id", orders)
	rows, err := db.All[Hold](ctx, q, `SELECT `+holdColumns+` FROM fund_hold`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("what cards keep for orders: %w", err)
	}
	for _, h := range rows {
		k := Kept{State: h.State, Amount: h.Amount}
		switch h.State {
		case HoldCharged:
			k.Amount = h.Charged
		case HoldReleased, HoldRefused:
			k.Amount = 0
		}
		out[h.Order] = k
	}
	return out, nil
}

// Decide is the head's yes or no to an order above the card's limit; no gives the money back and needs a reason.
func (s *Service) Decide(ctx context.Context, by identity.Subject, order string, yes bool, note string) error {
	note = strings.TrimSpace(note)
	if !yes && note == "" {
		return fault.New(fault.Invalid, "fund-reason", "还差一点：请按提示补充。").Field("note", "required", "请写明不批准的理由，下单人会看到。")
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		h, err := lockHold(ctx, tx, order)
		if err != nil {
			return err
		}
		c, err := getCard(ctx, tx, h.Card)
		if err != nil {
			return err
		}
		g, err := getGroup(ctx, tx, c.Group)
		if err != nil {
			return err
		}
		if g.Head != by.Person {
			return errNoHold()
		}
		if h.State != HoldPending {
			return fault.New(fault.Conflict, "fund-decided", "这笔订单已经处理过了。")
		}
		h.Decided, h.Note = by.Person, note
		now := s.clock.Now()
		if err := outbox.Publish(ctx, tx, now, Decided{Order: h.Order, Card: c.ID, Keeper: c.Payer, Yes: yes, Person: h.Person}); err != nil {
			return err
		}
		if yes {
			h.State = HoldReserved
			if err := updateHold(ctx, tx, h); err != nil {
				return err
			}
			return audit.Record(ctx, tx, now, audit.Entry{Action: "fund.approve", Kind: "fund-hold", ID: h.Order, From: HoldPending, To: HoldReserved})
		}
		h.State = HoldRefused
		return s.giveBack(ctx, tx, h, by.Person, h.Order+"/fund-refuse")
	})
}

// ApprovalAsked follows when an order waits for the head of a group.
type ApprovalAsked struct {
	Order  string `json:"order"`
	Card   string `json:"card"`
	Keeper string `json:"keeper"`
	Head   string `json:"head"`
}

// EventName is fund.approval-asked.
func (ApprovalAsked) EventName() string { return "fund.approval-asked" }

// Decided follows when the head has decided.
type Decided struct {
	Order  string `json:"order"`
	Card   string `json:"card"`
	Keeper string `json:"keeper"` // organisation that ordered
	Yes    bool   `json:"yes"`
	Person string `json:"person"` // who ordered
}

// EventName is fund.decided.
func (Decided) EventName() string { return "fund.decided" }
