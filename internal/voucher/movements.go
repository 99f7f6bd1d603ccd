package voucher

import (
	"context"
	"fmt"
	"strings"

	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
)

// Sums are amounts by the role of the accounts they lie in, or moved between.
type Sums struct {
	Available money.Fen // a firm's: to be used
	Held      money.Fen // a firm's: set aside for orders
	Used      money.Fen // a firm's: spent for orders, wherever the money is now
	Given     money.Fen // a funder's: put into programmes
	Payable   money.Fen // owed to payees
	Paid      money.Fen // paid to payees
	Recovered money.Fen // asked back from payees, whether or not it has come
}

func (s Sums) plus(o Sums, sign money.Fen) Sums {
	return Sums{
		s.Available + sign*o.Available, s.Held + sign*o.Held, s.Used + sign*o.Used, s.Given + sign*o.Given,
		s.Payable + sign*o.Payable, s.Paid + sign*o.Paid, s.Recovered + sign*o.Recovered,
	}
}

// put adds an amount by the role of its account.
func (s *Sums) put(part string, amount money.Fen) {
	switch part {
	case "available":
		s.Available += amount
	case "held":
		s.Held += amount
	case "used":
		s.Used += amount
	case "funder":
		s.Given -= amount // the account goes below zero by what was put in
	case "payable":
		s.Payable += amount
	case "paid":
		s.Paid += amount
	case "recover", "received":
		s.Recovered += amount
	}
}

// Movements is what happened to the accounts of one organisation from a day to another, with the sums before and after.
type Movements struct {
	Opening Sums
	Lines   []Moved // oldest first
	Closing Sums
}

// Moved is one transfer as it touched the organisation's accounts.
type Moved struct {
	Transfer  string
	At        db.Time
	Day       string
	Kind      string
	Programme string
	Cause     string // id of what is behind it
	Order     string // id of the order, of a firm's line
	Claim     string // number of the redemption, of a payee's or a funder's line
	Grant     string // number of the voucher, of a firm's line
	Payee     string // of a funder's line
	Funder    string // of a payee's line
	Change    Sums
	After     Sums
}

// leg is a posting with its transfer.
type leg struct {
	ID        string    `db:"id"`
	At        db.Time   `db:"at"`
	Day       string    `db:"day"`
	Kind      string    `db:"kind"`
	Programme string    `db:"programme"`
	Cause     string    `db:"cause"`
	Order     string    `db:"order_id"`
	Claim     string    `db:"claim"`
	Grant     string    `db:"grant_number"`
	Account   string    `db:"account"`
	Amount    money.Fen `db:"amount"`
}

// FirmMovements is a firm's statement: its vouchers in all programmes, or in one. Read it on a snapshot. The sums come from the
// accounts as they stand, backwards over what moved since: so a statement costs what its period and what followed cost, however
// long the history is.
func (s *Service) FirmMovements(ctx context.Context, q db.Q, firm, programme, from, to string) (Movements, error) {
	w := &db.Where{}
	w.And("t.firm = ?", firm)
	w.And("t.firm <> ''")
	w.And("t.day >= ?", from)
	if programme != "" {
		w.And("t.programme = ?", programme)
	}
	legs, err := db.All[leg](ctx, q, `SELECT t.id, t.at, t.day, t.kind, t.programme, t.cause, coalesce(h.order_id, '') AS order_id, '' AS claim, coalesce(g.number, '') AS grant_number, p.account, p.amount
		FROM voucher_transfer t JOIN voucher_posting p ON p.transfer = t.id LEFT JOIN voucher_hold h ON h.id = t.cause LEFT JOIN voucher_grant g ON g.id = t.cause`+w.SQL()+`
		ORDER BY t.day, t.id`, w.Args()...)
	if err != nil {
		return Movements{}, fmt.Errorf("read the movements of firm %s: %w", firm, err)
	}
	now, err := firmNow(ctx, q, firm, programme)
	if err != nil {
		return Movements{}, err
	}
	return arranged(legs, now, to, "grant"), nil
}

// firmNow is what a firm has, and what it has spent.
func firmNow(ctx context.Context, q db.Q, firm, programme string) (Sums, error) {
	w := &db.Where{}
	w.And("g.firm = ?", firm)
	if programme != "" {
		w.And("g.programme = ?", programme)
	}
	rows, err := db.All[sums](ctx, q, `SELECT a.part, CAST(sum(a.balance) AS BIGINT) AS amount FROM voucher_grant g JOIN voucher_account a ON a.grant_id = g.id`+w.SQL()+`
		AND a.part IN ('available', 'held') GROUP BY a.part`, w.Args()...)
	if err != nil {
		return Sums{}, fmt.Errorf("read what firm %s has: %w", firm, err)
	}
	var out Sums
	for _, r := range rows {
		out.put(r.Part, r.Amount)
	}
	u := &db.Where{}
	u.And("firm = ?", firm)
	if programme != "" {
		u.And("programme = ?", programme)
	}
	if out.Used, err = db.One[money.Fen](ctx, q, `SELECT CAST(coalesce(sum(used), 0) AS BIGINT) FROM voucher_hold`+u.SQL(), u.Args()...); err != nil {
		return out, fmt.Errorf("read what firm %s has spent: %w", firm, err)
	}
	return out, nil
}

// PayeeMovements is the statement of who is paid: a provider, or a firm that is paid back. Read it on a snapshot.
func (s *Service) PayeeMovements(ctx context.Context, q db.Q, payee, programme, from, to string) (Movements, error) {
	return s.partyMovements(ctx, q, "party", payee, programme, from, to)
}

// FunderMovements is a funder's statement: what it put in, owes, paid and got back. Read it on a snapshot.
func (s *Service) FunderMovements(ctx context.Context, q db.Q, funder, programme, from, to string) (Movements, error) {
	return s.partyMovements(ctx, q, "funder", funder, programme, from, to)
}

// ofParties are the postings that have an organisation's name in their account: the condition of a partial index.
const ofParties = `substr(p.account, 1, 2) IN ('fu', 'pa', 're')`

// partyMovements reads the accounts whose column (party or funder) names the organisation. A payee's accounts hold the money of
// all programmes, so the statement of one programme is summed up from its first day on.
func (s *Service) partyMovements(ctx context.Context, q db.Q, column, org, programme, from, to string) (Movements, error) {
	w := &db.Where{}
	w.And("a."+column+" = ?", org)
	w.And("a." + column + " <> ''")
	if programme != "" {
		w.And("t.programme = ?", programme)
	} else {
		w.And("t.day >= ?", from)
	}
	legs, err := db.All[leg](ctx, q, `SELECT t.id, t.at, t.day, t.kind, t.programme, t.cause, '' AS order_id, coalesce(c.number, '') AS claim, '' AS grant_number, p.account, p.amount
		FROM voucher_account a JOIN voucher_posting p ON p.account = a.path AND `+ofParties+` JOIN voucher_transfer t ON t.id = p.transfer
			LEFT JOIN voucher_claim c ON c.id = t.cause`+w.SQL()+` ORDER BY t.day, t.id`, w.Args()...)
	if err != nil {
		return Movements{}, fmt.Errorf("read the movements of %s: %w", org, err)
	}
	var now Sums
	if programme != "" {
		for _, l := range legs {
			now.put(partOf(l.Account), l.Amount)
		}
		m := arranged(legs, now, to, column)
		return m.since(from), nil
	}
	rows, err := db.All[sums](ctx, q, `SELECT part, CAST(sum(balance) AS BIGINT) AS amount FROM voucher_account WHERE `+column+` = $1 AND `+column+` <> '' GROUP BY part`, org)
	if err != nil {
		return Movements{}, fmt.Errorf("read the balances of %s: %w", org, err)
	}
	for _, r := range rows {
		now.put(r.Part, r.Amount)
	}
	return arranged(legs, now, to, column), nil
}

// partOf is the role of an account by its path.
func partOf(path string) string {
	head, rest, _ := strings.Cut(path, "/")
	if head == "grant" {
		_, part, _ := strings.Cut(rest, "/")
		return part
	}
	return head
}

// partiesOf are payee and funder in the path of a payee's account.
func partiesOf(path string) (payee, funder string) {
	head, rest, _ := strings.Cut(path, "/")
	switch head {
	case "payable", "paid", "recover", "received":
		payee, funder, _ = strings.Cut(rest, "/")
	}
	return payee, funder
}

// arranged makes lines of legs, the latest balances of which are now: backwards to the end of to, and on to the beginning.
func arranged(legs []leg, now Sums, to, side string) Movements {
	var lines []Moved
	for _, l := range legs {
		if n := len(lines); n == 0 || lines[n-1].Transfer != l.ID {
			lines = append(lines, Moved{Transfer: l.ID, At: l.At, Day: l.Day, Kind: l.Kind, Programme: l.Programme, Cause: l.Cause, Order: l.Order, Claim: l.Claim, Grant: l.Grant})
		}
		m := &lines[len(lines)-1]
		if payee, funder := partiesOf(l.Account); side == "party" {
			m.Funder = funder
		} else if side == "funder" {
			m.Payee = payee
		}
		if side != "grant" || strings.HasPrefix(l.Account, "grant/") {
			m.Change.put(partOf(l.Account), l.Amount)
		}
	}
	out := Movements{Closing: now}
	at := len(lines)
	for ; at > 0 && lines[at-1].Day > to; at-- {
		out.Closing = out.Closing.plus(lines[at-1].Change, -1)
	}
	out.Lines, out.Opening = lines[:at], out.Closing
	for i := at - 1; i >= 0; i-- {
		out.Lines[i].After = out.Opening
		out.Opening = out.Opening.plus(out.Lines[i].Change, -1)
	}
	return out
}

// since leaves out what came before a day; it is in the opening sums.
func (m Movements) since(day string) Movements {
	for len(m.Lines) > 0 && m.Lines[0].Day < day {
		m.Opening, m.Lines = m.Lines[0].After, m.Lines[1:]
	}
	return m
}
