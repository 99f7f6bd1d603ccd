package fund

import (
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
)

// The kinds of card.
const (
	KindCard    = "card"    // a group's fund card, inside its own organisation
	KindPrepaid = "prepaid" // a firm's account at a provider
)

// The states of a card.
const (
	StateOpen   = "open"
	StateFrozen = "frozen"
)

// The states of what an order has put aside.
const (
	HoldPending  = "pending"  // reserved, the head has to decide
	HoldReserved = "reserved" // reserved
	HoldCharged  = "charged"  // spent
	HoldReleased = "released" // given back
	HoldRefused  = "refused"  // the head said no; given back
)

// Group is a research group.
type Group struct {
	ID        string  `db:"id"`
	Keeper    string  `db:"keeper"`
	NameZH    string  `db:"name_zh"`
	NameEN    string  `db:"name_en"`
	Head      string  `db:"head"`
	Sample    bool    `db:"sample"`
	CreatedAt db.Time `db:"created_at"`
}

// Card is a fund card or a prepaid account. Amounts are fen; 0 is no limit.
type Card struct {
	ID           string    `db:"id"`
	Kind         string    `db:"kind"`
	Number       string    `db:"number"`
	Name         string    `db:"name"`
	Keeper       string    `db:"keeper"`
	Payer        string    `db:"payer"`
	Group        string    `db:"grp"`
	From         string    `db:"valid_from"`
	To           string    `db:"valid_to"`
	CapOrder     money.Fen `db:"cap_order"`
	CapMonth     money.Fen `db:"cap_month"`
	ApproveAbove money.Fen `db:"approve_above"`
	Classes      string    `db:"classes"`
	State        string    `db:"state"`
	Sample       bool      `db:"sample"`
	Revision     int64     `db:"revision"`
	CreatedAt    db.Time   `db:"created_at"`
}

// Holds tells whether the card is valid on a civil day.
func (c Card) Holds(day string) bool { return c.From <= day && (c.To == "" || day <= c.To) }

// pays tells whether the card may pay for a class of resource.
func (c Card) pays(class string) bool {
	allowed := strings.Fields(c.Classes)
	for _, a := range allowed {
		if strings.HasPrefix(class, a) {
			return true
		}
	}
	return len(allowed) == 0
}

func (c Card) object() identity.Object {
	return identity.Object{Parties: map[string]string{identity.SideOwner: c.Keeper}}
}

// Balance is what a card has.
type Balance struct {
	Available money.Fen
	Reserved  money.Fen
	Spent     money.Fen
}

// Hold is what one order has put aside on a card.
type Hold struct {
	Order   string    `db:"order_id"`
	Card    string    `db:"card"`
	Number  string    `db:"number"`
	Amount  money.Fen `db:"amount"`
	Charged money.Fen `db:"charged"`
	State   string    `db:"state"`
	Person  string    `db:"person"`
	Decided string    `db:"decided"`
	Note    string    `db:"note"`
	Day     string    `db:"day"`
}

// Kept is what the ledger keeps for an order: its state and the amount reserved or charged.
type Kept struct {
	State  string
	Amount money.Fen
}
