package voucher

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
)

// Voucher is a grant with where its money is: Amount = Left + Held + Used + Lapsed + Returned. Used counts what was spent, whether
// or not the provider has been paid yet.
type Voucher struct {
	Grant
	Left     money.Fen `db:"left_over"`
	Held     money.Fen `db:"held"`
	Lapsed   money.Fen `db:"lapsed"`
	Returned money.Fen `db:"returned"`
}

// Used is what was spent.
func (v Voucher) Used() money.Fen { return v.Amount - v.Left - v.Held - v.Lapsed - v.Returned }

// Pocket is a firm's quota in one programme: the sum of its vouchers.
type Pocket struct {
	Programme                                   Programme
	Vouchers                                    []Voucher
	Granted, Held, Used, Left, Lapsed, Returned money.Fen
	Expires                                     string // last day of the voucher with money left that ends first; empty when nothing is left
}

// Wallet lists a firm's quota by programme, the newest programme first.
func (s *Service) Wallet(ctx context.Context, q db.Q, firm string) ([]Pocket, error) {
	vouchers, err := db.All[Voucher](ctx, q, `SELECT g.id, g.number, g.programme, g.application, g.firm, g.region, g.terms, g.amount, g.state, g.issued_on, g.expires_on, g.noticed, g.type,
			coalesce((SELECT balance FROM voucher_account WHERE grant_id = g.id AND part = 'available'), 0) AS left_over,
			coalesce((SELECT balance FROM voucher_account WHERE grant_id = g.id AND part = 'held'), 0) AS held,
			`+lapsedOf+` AS lapsed, `+returnedOf+` AS returned
		FROM voucher_grant g WHERE g.firm = $1 ORDER BY g.expires_on, g.id`, firm)
	if err != nil {
		return nil, fmt.Errorf("read the wallet of %s: %w", firm, err)
	}
	programmes, err := s.Programmes(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []Pocket
	for _, p := range programmes {
		pocket := Pocket{Programme: p}
		for _, v := range vouchers {
			if v.Programme == p.ID {
				pocket.add(v)
			}
		}
		if len(pocket.Vouchers) > 0 {
			out = append(out, pocket)
		}
	}
	return out, nil
}

func (p *Pocket) add(v Voucher) {
	p.Vouchers = append(p.Vouchers, v)
	p.Granted += v.Amount
	p.Held += v.Held
	p.Used += v.Used()
	p.Left += v.Left
	p.Lapsed += v.Lapsed
	p.Returned += v.Returned
	if v.Left > 0 && p.Expires == "" {
		p.Expires = v.ExpiresOn
	}
}

// Movement is one line of a firm's statement.
type Movement struct {
	Transfer  string    `db:"id"`
	At        db.Time   `db:"at"`
	Day       string    `db:"day"`
	Kind      string    `db:"kind"` // grant, hold, release, use, expire, return
	Programme string    `db:"programme"`
	Order     string    `db:"order_id"` // empty when no order is behind it
	Change    money.Fen `db:"change"`   // of what is left; negative when it is taken
	Held      money.Fen `db:"held"`     // change of what is held
	Used      money.Fen `db:"used"`     // change of what is used
	Balance   money.Fen `db:"-"`        // left in the programme afterwards
}

// Statement lists every movement of a firm's wallet, newest first; the balances follow from the movements.
func (s *Service) Statement(ctx context.Context, q db.Q, firm string) ([]Movement, error) {
	out, err := db.All[Movement](ctx, q, `SELECT t.id, t.at, t.day, t.kind, t.programme, coalesce(h.order_id, '') AS order_id,
			CAST(sum(CASE WHEN a.part = 'available' THEN p.amount ELSE 0 END) AS BIGINT) AS change,
			CAST(sum(CASE WHEN a.part = 'held' THEN p.amount ELSE 0 END) AS BIGINT) AS held,
			CAST(sum(CASE WHEN a.part = 'used' THEN p.amount ELSE 0 END) AS BIGINT) AS used
		FROM voucher_transfer t JOIN voucher_posting p ON p.transfer = t.id JOIN voucher_account a ON a.path = p.account
			LEFT JOIN voucher_hold h ON h.id = t.cause
		WHERE t.firm = $1 AND t.firm <> '' AND a.grant_id <> '' GROUP BY t.id, t.at, t.day, t.kind, t.programme, h.order_id ORDER BY t.at, t.id`, firm)
	if err != nil {
		return nil, fmt.Errorf("read the statement of %s: %w", firm, err)
	}
	left := map[string]money.Fen{}
	for i := range out {
		left[out[i].Programme] += out[i].Change
		out[i].Balance = left[out[i].Programme]
	}
	slices.Reverse(out)
	return out, nil
}

// Settlement is what one funder owes, has paid, and got back from one payee, over all programmes.
type Settlement struct {
	Payee     string
	Funder    string
	Payable   money.Fen
	Paid      money.Fen // still with the payee
	Recovered money.Fen // asked back, whether or not it has come
	Received  money.Fen // of Recovered, come back
}

// settlements lists the payees' accounts of which one of the parties is org; all of them for an empty org.
func settlements(ctx context.Context, q db.Q, w *db.Where) ([]Settlement, error) {
	type row struct {
		Part    string    `db:"part"`
		Party   string    `db:"party"`
		Funder  string    `db:"funder"`
		Balance money.Fen `db:"balance"`
	}
	w.And("party <> ''")
	rows, err := db.All[row](ctx, q, `SELECT part, party, funder, balance FROM voucher_account`+w.SQL()+` ORDER BY party, funder, part`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read the settlements: %w", err)
	}
	var out []Settlement
	for _, r := range rows {
		if n := len(out); n == 0 || out[n-1].Payee != r.Party || out[n-1].Funder != r.Funder {
			out = append(out, Settlement{Payee: r.Party, Funder: r.Funder})
		}
		last := &out[len(out)-1]
		switch r.Part {
		case "payable":
			last.Payable = r.Balance
		case "paid":
			last.Paid = r.Balance
		case "recover":
			last.Recovered += r.Balance
		case "received":
			last.Recovered, last.Received = last.Recovered+r.Balance, r.Balance
		}
	}
	return out, nil
}
