package scheme

import "qiao/internal/platform/money"

// What a reward is a part of.
const (
	OfPrice   = "price"   // the value of the service
	OfVoucher = "voucher" // what the voucher paid
)

// Reward is what a provider gets on top, as a part of the service's value or of the voucher.
type Reward struct {
	BasisPoints int64      `json:"basis_points"`
	Of          string     `json:"of"`
	Year        *money.Fen `json:"year,omitempty"` // ceiling of one provider in a civil year, fen
}

// RewardOf is the provider's reward for one order, and the lines that explain it; rewarded is what it had this year.
func (t Terms) RewardOf(price, voucher, rewarded money.Fen) (money.Fen, []Line) {
	if t.Reward == nil {
		return 0, nil
	}
	r, cl := t.Reward.Value, &t.Reward.Clause
	base := price
	if r.Of == OfVoucher {
		base = voucher
	}
	base = min(max(base, 0), Most)
	amount := money.PartDown(base, r.BasisPoints)
	lines := []Line{{Code: "reward", Text: "奖励服务机构 {0} 的 {1}：{2}", Args: []any{base, Pointed(r.BasisPoints), amount}, Amount: amount, Clause: cl}}
	if r.Year != nil {
		if left := max(*r.Year-rewarded, 0); left < amount {
			amount = left
			lines = append(lines, Line{Code: "reward-year", Text: "每家机构每年最多奖励 {0}，今年还可得 {1}", Args: []any{*r.Year, left}, Amount: left, Clause: cl})
		}
	}
	return amount, lines
}

func (c *checker) reward() {
	if c.terms.Reward == nil {
		return
	}
	r := c.terms.Reward.Value
	c.clause("reward", c.terms.Reward.Clause)
	c.must(r.BasisPoints > 0 && r.BasisPoints <= 10000, "reward", "补贴比例应在 0 到 100% 之间（万分比 0–10000）。")
	c.must(r.Of == OfPrice || r.Of == OfVoucher, "reward", "请写明奖励按服务金额（price）还是按券付金额（voucher）计算。")
	c.must(r.Year == nil || *r.Year > 0 && *r.Year <= Most, "reward", "金额应为正数，单位是分。")
}
