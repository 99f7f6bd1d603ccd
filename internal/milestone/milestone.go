package milestone

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// Milestone is one stage of an order.
type Milestone struct {
	ID          string    `db:"id"`
	Order       string    `db:"order_id"`
	Version     int64     `db:"version"`  // of the quote that proposed it
	Position    int64     `db:"position"` // 1…
	Name        string    `db:"name"`
	Deliverable string    `db:"deliverable"`
	DueOn       string    `db:"due_on"` // civil day
	Share       int64     `db:"share"`  // ‰ of the price; 0: a fixed amount
	Amount      money.Fen `db:"amount"`
	State       string    `db:"state"`
	Reason      string    `db:"reason"` // why it was sent back last; empty once delivered again
	Revision    int64     `db:"revision"`
	UpdatedAt   db.Time   `db:"updated_at"`
}

// Plan is the milestones of an order as a whole.
type Plan struct {
	Order    string    `db:"order_id"`
	Number   string    `db:"number"`
	Buyer    string    `db:"buyer"`
	Provider string    `db:"provider"`
	Region   string    `db:"region"`
	Version  int64     `db:"version"`
	Total    money.Fen `db:"total"`
	State    string    `db:"state"` // Proposed, Agreed, Ended
	Sample   bool      `db:"sample"`
}

// The states of a plan: offered with a quote, agreed with its acceptance, over with the order.
const (
	Proposed = "proposed"
	Agreed   = "agreed"
	Ended    = "ended"
)

// Draft is what a provider proposes as one milestone: a share of the price, or a fixed amount.
type Draft struct {
	Name        string
	Deliverable string
	DueOn       string
	Share       int64
	Amount      money.Fen
}

// Max is how many milestones one order may have.
const Max = 20

// Check names what is wrong with milestones by the place of the line (stage-name-0), for a price; due days come one after the
// other and none lies before today.
func Check(bad *fault.Error, drafts []Draft, today string) {
	if len(drafts) > Max {
		bad.Field("stages", "range", "最多 {0} 个里程碑。", int64(Max))
	}
	before := today
	for i, d := range drafts {
		place := fmt.Sprintf("-%d", i)
		if n := utf8.RuneCountInString(strings.TrimSpace(d.Name)); n == 0 || n > 100 {
			bad.Field("stage-name"+place, "required", "请写明这个里程碑的名称，最多 {0} 个字。", int64(100))
		}
		if n := utf8.RuneCountInString(strings.TrimSpace(d.Deliverable)); n == 0 || n > 500 {
			bad.Field("stage-deliverable"+place, "required", "请写明交付什么，最多 {0} 个字。", int64(500))
		}
		if _, err := time.Parse(time.DateOnly, d.DueOn); err != nil {
			bad.Field("stage-due"+place, "date", "请填写交付日期，例如 2026-11-21。")
		} else if d.DueOn < before {
			bad.Field("stage-due"+place, "order", "交付日期不能早于 {0}。", before)
		} else {
			before = d.DueOn
		}
		if d.Share < 0 || d.Share > 1000 || d.Amount < 0 || (d.Share > 0) == (d.Amount > 0) {
			bad.Field("stage-share"+place, "share", "请写合计的百分比，例如 30%，或一个大于零的金额。")
		}
	}
}

// Divide is what each milestone comes to, of a price: fixed amounts as they are, shares rounded down to the fen, and what is
// left of a fen or two goes to the last share. Together they are the price to the fen, or it is a fault that says what is missing.
func Divide(total money.Fen, drafts []Draft) ([]money.Fen, error) {
	out := make([]money.Fen, len(drafts))
	var shares int64
	rest, fixed, last := total, money.Fen(0), -1
	for i, d := range drafts {
		if out[i] = d.Amount; d.Share > 0 {
			out[i], last = money.PartDown(total, d.Share*10), i
			shares += d.Share
		} else {
			fixed += d.Amount
		}
		rest -= out[i]
	}
	if last >= 0 && rest > 0 && rest <= money.Fen(len(drafts)) && exact(total, fixed, shares) {
		out[last] += rest
		rest = 0
	}
	if rest != 0 {
		return nil, fault.New(fault.Invalid, "milestone-sum", "各里程碑之和与报价合计不符。").Field("stages", "sum", "报价合计 {0}，各里程碑共 {1}，相差 {2}。", total, total-rest, rest)
	}
	return out, nil
}

// exact tells whether shares and fixed amounts say the whole price, but for less than a fen. A price is far below what would
// overflow here (pricing.MaxPrice).
func exact(total, fixed money.Fen, shares int64) bool {
	left := int64(total-fixed)*1000 - shares*int64(total)
	return left > -1000 && left < 1000
}

// Owns is what the buyer pays itself of each amount, of what it pays itself in all: in proportion, the rest of the fen to the
// first.
func Owns(own money.Fen, amounts []money.Fen) []money.Fen {
	weights := make([]int64, len(amounts))
	for i, a := range amounts {
		weights[i] = int64(a)
	}
	return money.Split(own, weights...)
}

// Late tells whether a milestone is overdue on a civil day.
func (m Milestone) Late(today string) bool { return m.State == Planned && m.DueOn < today }

// Standing is how the milestones of an order stand.
type Standing struct {
	Open      int64     // not accepted yet
	Delivered int64     // waiting for the buyer
	Payable   money.Fen // of the price, by accepted ones
}

// Stand counts milestones.
func Stand(list []Milestone) Standing {
	var s Standing
	for _, m := range list {
		if m.State == Accepted {
			s.Payable += m.Amount
			continue
		}
		s.Open++
		if m.State == Delivered {
			s.Delivered++
		}
	}
	return s
}

// OwnPayable is what the buyer has to pay itself by the milestones that are accepted.
func OwnPayable(own money.Fen, list []Milestone) money.Fen {
	amounts := make([]money.Fen, len(list))
	for i, m := range list {
		amounts[i] = m.Amount
	}
	var sum money.Fen
	for i, x := range Owns(own, amounts) {
		if list[i].State == Accepted {
			sum += x
		}
	}
	return sum
}

// In is the milestones in one of the states, for the choices of a step.
func In(list []Milestone, states ...string) []Milestone {
	return slices.DeleteFunc(slices.Clone(list), func(m Milestone) bool { return !slices.Contains(states, m.State) })
}
