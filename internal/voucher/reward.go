package voucher

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/number"
	"qiao/internal/platform/outbox"
	"qiao/internal/voucher/scheme"
)

// lettersReward begin the number of a reward: 券奖励.
const lettersReward = "QJL"

// RewardLine is one order that a provider's reward is reckoned from.
type RewardLine struct {
	Reward      string    `db:"reward"` // the claim that pays it; empty: not yet proposed
	Position    int       `db:"position"`
	Base        string    `db:"base"` // the redemption that was approved
	BaseNumber  string    `db:"base_number"`
	BaseAmount  money.Fen `db:"base_amount"`
	BaseBack    money.Fen `db:"base_back"` // of the redemption, asked back by now
	Recovered   money.Fen `db:"recovered"` // of it, asked back when this was reckoned
	Hold        string    `db:"hold"`
	Order       string    `db:"order_id"`
	OrderNumber string    `db:"order_number"`
	Title       string    `db:"title"`
	Firm        string    `db:"firm"`
	Provider    string    `db:"provider"`
	Terms       int       `db:"terms"`   // version that the redemption was filed under
	Price       money.Fen `db:"price"`   // of the order, less what was asked back
	Voucher     money.Fen `db:"voucher"` // the voucher's part, less what was asked back
	Before      money.Fen `db:"before"`  // what the provider had been rewarded in the year before this line
	Amount      money.Fen `db:"amount"`
}

// Reward is what one provider is to get for a period, with the orders it is reckoned from.
type Reward struct {
	Provider string
	Amount   money.Fen
	Lines    []RewardLine
}

// RewardPeriod is a programme and the days on which its redemptions were approved, both included.
type RewardPeriod struct{ Programme, From, To string }

// Rewards reckons the rewards of a period that are not yet proposed, by provider: order by order, by the terms that each redemption
// was filed under, below what a provider may get in a year.
func (s *Service) Rewards(ctx context.Context, q db.Q, r RewardPeriod) ([]Reward, error) {
	if err := s.periodOver(r); err != nil {
		return nil, err
	}
	lines, err := db.All[RewardLine](ctx, q, `SELECT c.id AS base, c.number AS base_number, c.amount AS base_amount, c.recovered AS base_back, c.recovered, i.hold, h.order_id, i.order_number, i.title, h.firm, h.provider, c.terms,
			i.price, i.amount AS voucher FROM voucher_claim c JOIN voucher_transfer t ON t.cause = c.id AND t.kind = 'approve' AND t.key = 'approve/' || c.id
			JOIN voucher_claim_item i ON i.claim = c.id JOIN voucher_hold h ON h.id = i.hold
		WHERE c.programme = $1 AND NOT c.reward AND c.state IN ('approved', 'published', 'paid') AND t.day BETWEEN $2 AND $3
			AND NOT EXISTS (SELECT 1 FROM voucher_reward_line l WHERE l.hold = i.hold AND l.live) ORDER BY h.provider, t.day, c.number, i.order_number, i.hold`, r.Programme, r.From, r.To)
	if err != nil {
		return nil, fmt.Errorf("read what was approved from %s to %s: %w", r.From, r.To, err)
	}
	had, err := rewardedIn(ctx, q, r.Programme, year(r.To))
	if err != nil {
		return nil, err
	}
	var out []Reward
	for _, l := range lines {
		terms, err := s.termsVersion(ctx, q, r.Programme, l.Terms)
		if err != nil {
			return nil, err
		}
		if l.Recovered > 0 { // what was asked back earns nothing
			rest := int64(l.BaseAmount - l.Recovered)
			l.Price = money.Split(l.Price, int64(l.Recovered), rest)[1]
			l.Voucher = money.Split(l.Voucher, int64(l.Recovered), rest)[1]
		}
		l.Before = had[l.Provider]
		if l.Amount, _ = terms.RewardOf(l.Price, l.Voucher, l.Before); l.Amount == 0 {
			continue
		}
		had[l.Provider] += l.Amount
		if n := len(out); n == 0 || out[n-1].Provider != l.Provider {
			out = append(out, Reward{Provider: l.Provider})
		}
		x := &out[len(out)-1]
		l.Position = len(x.Lines)
		x.Lines, x.Amount = append(x.Lines, l), x.Amount+l.Amount
	}
	return out, nil
}

// periodOver refuses a period that is none, or that is not over: what is approved on its last days would be left out.
func (s *Service) periodOver(r RewardPeriod) error {
	bad := fault.New(fault.Invalid, "period-invalid", "请检查起止日期。")
	if !scheme.ValidDay(r.From) {
		bad.Field("from", "date", "请填写日期，例如 2026-11-21。")
	}
	switch {
	case !scheme.ValidDay(r.To):
		bad.Field("to", "date", "请填写日期，例如 2026-11-21。")
	case r.To < r.From:
		bad.Field("to", "order", "结束日期不能早于开始日期。")
	case r.To >= s.today():
		bad.Field("to", "open", "这段时间还没有结束，请选到昨天为止。")
	case year(r.From) != year(r.To):
		bad.Field("to", "years", "奖励按自然年设上限，起止日期应在同一年。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// rewardedIn is what each provider was rewarded in a civil year of a programme, or is to be.
func rewardedIn(ctx context.Context, q db.Q, programme, year string) (map[string]money.Fen, error) {
	type row struct {
		Payee  string    `db:"payee"`
		Amount money.Fen `db:"amount"`
	}
	rows, err := db.All[row](ctx, q, `SELECT r.payee, CAST(sum(c.amount - c.recovered) AS BIGINT) AS amount FROM voucher_reward r JOIN voucher_claim c ON c.id = r.claim
		WHERE r.programme = $1 AND r.live AND substr(r.to_day, 1, 4) = $2 GROUP BY r.payee`, programme, year)
	if err != nil {
		return nil, fmt.Errorf("read what was rewarded in %s: %w", year, err)
	}
	out := map[string]money.Fen{}
	for _, r := range rows {
		out[r.Payee] = r.Amount
	}
	return out, nil
}

// ProposeRewards makes a reward for each provider of a period. It waits for a second officer, and goes the way of a redemption from
// there: approved, in the public notice, paid. Asked for again it changes nothing: an order is rewarded once, a provider once for a
// programme and period. The programme's rewards are proposed one after the other.
func (s *Service) ProposeRewards(ctx context.Context, by identity.Subject, r RewardPeriod) ([]Claim, error) {
	p, err := s.Programme(ctx, s.db, r.Programme)
	if err != nil {
		return nil, err
	}
	if err := s.policy.Can(by, "reward.propose", identity.Object{Region: p.Region}); err != nil {
		return nil, err
	}
	var out []Claim
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		out = nil
		if _, err := tx.Exec(ctx, `UPDATE voucher_programme SET revision = revision WHERE id = $1`, p.ID); err != nil {
			return fmt.Errorf("lock programme %s: %w", p.ID, err)
		}
		list, err := s.Rewards(ctx, tx, r)
		if err != nil {
			return err
		}
		had, err := rewardClaims(ctx, tx, r)
		if err != nil {
			return err
		}
		for _, x := range list {
			if slices.ContainsFunc(had, func(c Claim) bool { return c.Payee == x.Provider }) {
				continue // what was approved late for a period belongs to a later one
			}
			c, err := s.proposeReward(ctx, tx, by, p, r, x)
			if err != nil {
				return err
			}
			out = append(out, c)
		}
		if out = append(had, out...); len(out) == 0 {
			return fault.New(fault.Conflict, "no-reward", "这段时间没有可以奖励的兑付：规则没有写奖励，或都已列入奖励。").Field("from", "empty", "换一段时间或一个计划。")
		}
		return nil
	})
	return out, err
}

// rewardClaims are the rewards that stand for a period.
func rewardClaims(ctx context.Context, q db.Q, r RewardPeriod) ([]Claim, error) {
	out, err := db.All[Claim](ctx, q, `SELECT `+claimColumns+` FROM voucher_claim WHERE reward AND id IN
		(SELECT claim FROM voucher_reward WHERE programme = $1 AND from_day = $2 AND to_day = $3 AND live) ORDER BY number`, r.Programme, r.From, r.To)
	if err != nil {
		return nil, fmt.Errorf("read the rewards of a period: %w", err)
	}
	return out, nil
}

func (s *Service) proposeReward(ctx context.Context, tx *db.Tx, by identity.Subject, p Programme, r RewardPeriod, x Reward) (Claim, error) {
	c := Claim{ID: id.New(), Programme: p.ID, Region: p.Region, Payee: x.Provider, Way: scheme.Direct, Person: by.Person, Terms: p.Terms.Version, Amount: x.Amount, State: "verified",
		Verifier: by.Person, Reward: true, Revision: 1, SubmittedOn: s.today(), CreatedAt: db.At(s.clock.Now())}
	items := make([]ClaimItem, len(x.Lines))
	for i, l := range x.Lines {
		items[i] = ClaimItem{Firm: l.Firm, Provider: l.Provider}
	}
	if err := s.independent(ctx, tx, by, c, items); err != nil {
		return c, err
	}
	var err error
	if c.Digest, err = digestOf("reward", r, x.Provider); err != nil {
		return c, err
	}
	if c.Number, err = number.Next(ctx, tx, lettersReward, c.Region, c.CreatedAt.Time); err != nil {
		return c, err
	}
	if err := insertClaim(ctx, tx, c); err != nil {
		return c, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO voucher_reward (claim, programme, payee, from_day, to_day, live) VALUES ($1, $2, $3, $4, $5, $6)`, c.ID, p.ID, c.Payee, r.From, r.To, true); err != nil {
		return c, fmt.Errorf("write a reward: %w", err)
	}
	for _, l := range x.Lines {
		if _, err := tx.Exec(ctx, `INSERT INTO voucher_reward_line (reward, position, base, recovered, hold, terms, price, voucher, before, amount, live) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			c.ID, l.Position, l.Base, l.Recovered, l.Hold, l.Terms, l.Price, l.Voucher, l.Before, l.Amount, true); err != nil {
			return c, fmt.Errorf("write a line of a reward: %w", err)
		}
	}
	st := Step{At: c.CreatedAt, Person: by.Person, Org: by.Org, Verb: "propose", To: c.State}
	if err := insertStep(ctx, tx, c.ID, st, ask{}); err != nil {
		return c, err
	}
	if err := outbox.Publish(ctx, tx, st.At.Time, ClaimVerified{c.told(nil)}); err != nil {
		return c, err
	}
	return c, audit.Record(ctx, tx, st.At.Time, audit.Entry{Action: "reward.propose", Kind: "redemption", ID: c.ID, To: c.State, Data: c})
}

// RewardLines are the orders that a reward was reckoned from.
func (s *Service) RewardLines(ctx context.Context, q db.Q, reward string) ([]RewardLine, error) {
	return rewardLines(ctx, q, `l.reward = $1`, reward)
}

// RewardOf is the reward that a redemption counts in, by line; empty when it counts in none.
func (s *Service) RewardOf(ctx context.Context, q db.Q, base string) ([]RewardLine, error) {
	return rewardLines(ctx, q, `l.base = $1 AND l.live`, base)
}

func rewardLines(ctx context.Context, q db.Q, where, arg string) ([]RewardLine, error) {
	out, err := db.All[RewardLine](ctx, q, `SELECT l.reward, l.position, l.base, c.number AS base_number, c.amount AS base_amount, c.recovered AS base_back, l.recovered, l.hold, h.order_id, i.order_number, i.title, h.firm, h.provider, l.terms,
			l.price, l.voucher, l.before, l.amount FROM voucher_reward_line l JOIN voucher_claim c ON c.id = l.base JOIN voucher_hold h ON h.id = l.hold
			JOIN voucher_claim_item i ON i.claim = l.base AND i.hold = l.hold WHERE `+where+` ORDER BY l.reward, l.position`, arg)
	if err != nil {
		return nil, fmt.Errorf("read the lines of a reward: %w", err)
	}
	return out, nil
}

// rewardItems are a reward's orders with what each earns, to divide it among the funders.
func rewardItems(ctx context.Context, q db.Q, reward string) ([]ClaimItem, error) {
	lines, err := rewardLines(ctx, q, `l.reward = $1`, reward)
	out := make([]ClaimItem, len(lines))
	for i, l := range lines {
		out[i] = ClaimItem{Claim: reward, Hold: l.Hold, Order: l.Order, Firm: l.Firm, Provider: l.Provider, Amount: l.Amount}
	}
	return out, err
}

// ReckonedOn explains a line by the terms that it was reckoned by.
func (s *Service) ReckonedOn(ctx context.Context, q db.Q, programme string, l RewardLine) ([]scheme.Line, scheme.Terms, error) {
	terms, err := s.termsVersion(ctx, q, programme, l.Terms)
	if err != nil {
		return nil, terms, err
	}
	_, lines := terms.RewardOf(l.Price, l.Voucher, l.Before)
	return lines, terms, nil
}

// TooMuch is what of a reward that was paid was earned by redemptions which were asked back since, and is not yet asked back itself.
func (s *Service) TooMuch(ctx context.Context, q db.Q, c Claim) (money.Fen, error) {
	lines, err := rewardLines(ctx, q, `l.reward = $1`, c.ID)
	if err != nil {
		return 0, err
	}
	var out money.Fen
	for _, l := range lines {
		if more := l.BaseBack - l.Recovered; more > 0 && l.BaseAmount > l.Recovered {
			out += money.Split(l.Amount, int64(l.BaseAmount-l.BaseBack), int64(more))[1]
		}
	}
	return max(out-c.Recovered, 0), nil
}

// rewarding are the rewards that have taken money from their programme's budget.
const rewarding = `reward AND state IN ('approved', 'published', 'paid', 'recovered')`

// rewardStands refuses to move a reward on whose redemptions were refused or asked back since it was reckoned.
func rewardStands(ctx context.Context, q db.Q, c Claim) error {
	gone, err := db.All[string](ctx, q, `SELECT b.number FROM voucher_reward_line l JOIN voucher_claim b ON b.id = l.base
		WHERE l.reward = $1 AND (b.state NOT IN ('approved', 'published', 'paid') OR b.recovered <> l.recovered) ORDER BY b.number LIMIT 1`, c.ID)
	if err != nil {
		return fmt.Errorf("look at what reward %s is reckoned from: %w", c.ID, err)
	}
	if len(gone) > 0 {
		return fault.New(fault.Conflict, "reward-base", "计入奖励的兑付 {0} 已不予兑付或被追回，请不予通过这笔奖励，再重新提出。", gone[0])
	}
	return nil
}

// freeReward lets the orders of a refused reward be rewarded again.
func freeReward(ctx context.Context, tx *db.Tx, reward string) error {
	for _, statement := range []string{`UPDATE voucher_reward SET live = $1 WHERE claim = $2`, `UPDATE voucher_reward_line SET live = $1 WHERE reward = $2`} {
		if _, err := tx.Exec(ctx, statement, false, reward); err != nil {
			return fmt.Errorf("free the orders of reward %s: %w", reward, err)
		}
	}
	return nil
}

// rewardBudget takes a reward from what its programme has not issued.
func rewardBudget(ctx context.Context, tx *db.Tx, c Claim) ([]posting, error) {
	out, err := gather(ctx, tx, c.Programme, c.Amount)
	if errors.Is(err, errFloor) { // anything else is not the budget's fault, and may be tried again
		err = fault.New(fault.Conflict, "budget-exhausted", "本计划的预算余额不足，不能发放这笔奖励。").Because(err)
	}
	return out, err
}
