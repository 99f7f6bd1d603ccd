package fund

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
)

// Share is one part of a provider's income; Weight in hundredths of a percent.
type Share struct {
	Name   string `json:"name"`
	Weight int64  `json:"weight"`
}

// SplitRule is how a provider's income is divided from a day on.
type SplitRule struct {
	ID       string  `db:"id"`
	Provider string  `db:"provider"`
	From     string  `db:"valid_from"`
	Body     string  `db:"shares"`
	Source   string  `db:"source"`
	Person   string  `db:"person"`
	At       db.Time `db:"at"`
	Shares   []Share `db:"-"`
}

// Divide divides an amount by the shares: each down to the fen, the rest to the first; the parts add up to the amount.
func Divide(amount money.Fen, shares []Share) []money.Fen {
	weights := make([]int64, len(shares))
	for i, x := range shares {
		weights[i] = x.Weight
	}
	return money.Split(amount, weights...)
}

func checkShares(shares []Share) error {
	bad := fault.New(fault.Invalid, "fund-split", "还差一点：请按提示补充。")
	var total int64
	for _, x := range shares {
		if n := utf8.RuneCountInString(strings.TrimSpace(x.Name)); n == 0 || n > 40 {
			bad.Field("shares", "name", "每一份都要有名称，最多 40 个字。")
		}
		if x.Weight < 0 || x.Weight > 10_000 {
			bad.Field("shares", "weight", "每一份应在 0% 到 100% 之间。")
		}
		total += x.Weight
	}
	if len(shares) == 0 || len(shares) > 10 {
		bad.Field("shares", "number", "请写 1 到 10 份。")
	} else if total != 10_000 {
		bad.Field("shares", "sum", "各份相加应正好是 100%。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// SetSplit makes a provider's rule from a day on, today at the earliest; income of the past stays as it was divided.
func (s *Service) SetSplit(ctx context.Context, by identity.Subject, from, source string, shares []Share) (SplitRule, error) {
	r := SplitRule{ID: id.New(), Provider: by.Org, From: from, Source: strings.TrimSpace(source), Person: by.Person, At: db.At(s.clock.Now()), Shares: shares}
	if err := s.keeps(by); err != nil {
		return r, err
	}
	if r.From == "" {
		r.From = s.today()
	}
	if _, err := clock.Midnight(r.From); err != nil || r.From < s.today() {
		return r, fault.New(fault.Invalid, "fund-split", "还差一点：请按提示补充。").Field("from", "past", "生效日期最早是今天，已结清的订单不重新分配。")
	}
	if r.Source == "" {
		return r, fault.New(fault.Invalid, "fund-split", "还差一点：请按提示补充。").Field("source", "required", "请写明依据，例如收入分配办法的文号。")
	}
	if err := checkShares(shares); err != nil {
		return r, err
	}
	body, err := json.Marshal(shares)
	if err != nil {
		return r, fmt.Errorf("write a split: %w", err)
	}
	r.Body = string(body)
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO fund_split (id, provider, valid_from, shares, source, person, at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
			r.ID, r.Provider, r.From, r.Body, r.Source, r.Person, r.At)
		if err != nil {
			return fmt.Errorf("write the split of %s: %w", r.Provider, err)
		}
		if n == 0 {
			return fault.New(fault.Conflict, "fund-split-day", "这一天已有一条分配规则，请换一个生效日期。").Field("from", "taken", "这一天已有一条分配规则，请换一个生效日期。")
		}
		return audit.Record(ctx, tx, r.At.Time, audit.Entry{Action: "fund.manage", Kind: "fund-split", ID: r.ID, Data: r.Shares})
	})
	return r, err
}

// splits are a provider's rules, the newest first.
func splits(ctx context.Context, q db.Q, provider string) ([]SplitRule, error) {
	out, err := db.All[SplitRule](ctx, q, `SELECT id, provider, valid_from, shares, source, person, at FROM fund_split WHERE provider = $1 ORDER BY valid_from DESC`, provider)
	if err != nil {
		return nil, fmt.Errorf("list the splits of %s: %w", provider, err)
	}
	for i := range out {
		if err := json.Unmarshal([]byte(out[i].Body), &out[i].Shares); err != nil {
			return nil, fmt.Errorf("read split %s: %w", out[i].ID, err)
		}
	}
	return out, nil
}

// Income is one settled order as a provider's income.
type Income struct {
	Order    string    `db:"order_id"`
	Number   string    `db:"number"`
	Provider string    `db:"provider"`
	Buyer    string    `db:"buyer"`
	Inside   bool      `db:"inside"`
	Resource string    `db:"resource"`
	Amount   money.Fen `db:"amount"`
	Minutes  int64     `db:"minutes"`
	Day      string    `db:"day"`
	Split    string    `db:"split"`
	Sample   bool      `db:"sample"`
	Parts    []Part    `db:"-"`
}

// Part is one share of an income.
type Part struct {
	Order    string    `db:"order_id"`
	Position int64     `db:"position"`
	Name     string    `db:"name"`
	Amount   money.Fen `db:"amount"`
}

const incomeColumns = `order_id, number, provider, buyer, inside, resource, amount, minutes, day, split, sample`

// Earned writes the income of a settled order and divides it by the rule of its day; a second time changes nothing.
func (s *Service) Earned(ctx context.Context, tx *db.Tx, x Income) error {
	rules, err := splits(ctx, tx, x.Provider)
	if err != nil {
		return err
	}
	var shares []Share
	for _, r := range rules {
		if r.From <= x.Day {
			x.Split, shares = r.ID, r.Shares
			break
		}
	}
	n, err := tx.Exec(ctx, `INSERT INTO fund_income (`+incomeColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
		x.Order, x.Number, x.Provider, x.Buyer, x.Inside, x.Resource, x.Amount, x.Minutes, x.Day, x.Split, x.Sample)
	if err != nil {
		return fmt.Errorf("write the income of order %s: %w", x.Order, err)
	}
	if n == 0 {
		return nil
	}
	for i, amount := range Divide(x.Amount, shares) {
		if _, err := tx.Exec(ctx, `INSERT INTO fund_income_part (order_id, position, name, amount) VALUES ($1, $2, $3, $4)`, x.Order, int64(i+1), shares[i].Name, amount); err != nil {
			return fmt.Errorf("divide the income of order %s: %w", x.Order, err)
		}
	}
	return nil
}

// IncomeOf is the division of one order's income; false before it is settled.
func (s *Service) IncomeOf(ctx context.Context, q db.Q, order string) (Income, bool, error) {
	x, err := db.One[Income](ctx, q, `SELECT `+incomeColumns+` FROM fund_income WHERE order_id = $1`, order)
	if errors.Is(err, db.ErrNone) {
		return x, false, nil
	}
	if err != nil {
		return x, false, fmt.Errorf("the income of order %s: %w", order, err)
	}
	x.Parts, err = db.All[Part](ctx, q, `SELECT order_id, position, name, amount FROM fund_income_part WHERE order_id = $1 ORDER BY position`, order)
	return x, err == nil, err
}

// incomes are a provider's settled orders between two days.
func incomes(ctx context.Context, q db.Q, provider, from, to string) ([]Income, error) {
	out, err := db.All[Income](ctx, q, `SELECT `+incomeColumns+` FROM fund_income WHERE provider = $1 AND day >= $2 AND day <= $3 ORDER BY day DESC, number DESC LIMIT 20000`, provider, from, to)
	if err != nil {
		return nil, fmt.Errorf("list income: %w", err)
	}
	list, err := db.All[Part](ctx, q, `SELECT p.order_id, p.position, p.name, p.amount FROM fund_income i JOIN fund_income_part p ON p.order_id = i.order_id
		WHERE i.provider = $1 AND i.day >= $2 AND i.day <= $3 ORDER BY p.order_id, p.position`, provider, from, to)
	if err != nil {
		return nil, fmt.Errorf("list shares of income: %w", err)
	}
	of := map[string][]Part{}
	for _, p := range list {
		of[p.Order] = append(of[p.Order], p)
	}
	for i := range out {
		out[i].Parts = of[out[i].Order]
	}
	return out, nil
}

// Month is a month of income, inside and outside told apart.
type Month struct {
	Month                        string
	Inside, Outside              money.Fen
	InsideMinutes, OutsideMinute int64
	Orders                       int
	Parts                        []Part
}

// months adds incomes up by month, the newest first.
func months(list []Income) []Month {
	var out []Month
	for _, x := range list {
		if n := len(out); n == 0 || out[n-1].Month != x.Day[:7] {
			out = append(out, Month{Month: x.Day[:7]})
		}
		m := &out[len(out)-1]
		m.Orders++
		if x.Inside {
			m.Inside, m.InsideMinutes = m.Inside+x.Amount, m.InsideMinutes+x.Minutes
		} else {
			m.Outside, m.OutsideMinute = m.Outside+x.Amount, m.OutsideMinute+x.Minutes
		}
		for _, p := range x.Parts {
			m.add(p)
		}
	}
	return out
}

func (m *Month) add(p Part) {
	for i := range m.Parts {
		if m.Parts[i].Name == p.Name {
			m.Parts[i].Amount += p.Amount
			return
		}
	}
	m.Parts = append(m.Parts, Part{Name: p.Name, Amount: p.Amount})
}

// mayEarn tells whether the subject may look at its organisation's income.
func (s *Service) mayEarn(by identity.Subject) error {
	return s.policy.Can(by, "fund.income", identity.Object{Parties: map[string]string{identity.SideOwner: by.Org}})
}
