package pricing

import (
	"encoding/json"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
)

// Sheet is a plan with its life: whose it is, for what, and the version being written.
type Sheet struct {
	ID        string  `db:"id"`
	Owner     string  `db:"owner"`
	Resource  string  `db:"resource"` // empty: of all resources that have none of their own
	NameZH    string  `db:"name_zh"`
	NameEN    string  `db:"name_en"`
	Draft     string  `db:"draft"`
	Sample    bool    `db:"sample"`
	Revision  int64   `db:"revision"`
	CreatedAt db.Time `db:"created_at"`
	UpdatedAt db.Time `db:"updated_at"`
}

// object is a plan as the permission table sees it.
func (x Sheet) object() identity.Object {
	return identity.Object{Parties: map[string]string{identity.SideOwner: x.Owner}}
}

// Version is a published version; none is the zero Version.
type Version struct {
	Sheet   string  `db:"plan"`
	Version int64   `db:"version"`
	From    string  `db:"valid_from"`
	To      string  `db:"valid_to"`
	Body    string  `db:"body"`
	Note    string  `db:"note"`
	Person  string  `db:"person"`
	At      db.Time `db:"at"`
}

// Plan is the version's content.
func (v Version) Plan() (Plan, error) { return read(v.Body) }

// Holds tells whether the version covers a civil day.
func (v Version) Holds(day string) bool { return v.From <= day && (v.To == "" || day <= v.To) }

func read(body string) (Plan, error) {
	var p Plan
	if body == "" {
		return p, nil
	}
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		return p, fmt.Errorf("read a stored price plan: %w", err)
	}
	return p, nil
}

func write(p Plan) (string, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("write a price plan: %w", err)
	}
	return string(body), nil
}

// Kept is by what an order was priced.
type Kept struct {
	Order   string
	Sheet   string
	Version int64
	Facts   Facts
	Total   money.Fen
	Plan    Plan
}

// Belongs is a buyer's group at a provider, with its days.
type Belongs struct {
	Owner  string  `db:"owner"`
	Org    string  `db:"org"`
	Group  string  `db:"grp"`
	From   string  `db:"valid_from"`
	To     string  `db:"valid_to"`
	Person string  `db:"person"`
	At     db.Time `db:"at"`
}
