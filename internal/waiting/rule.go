package waiting

import (
	_ "embed" // rules.json
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Whose turn it is in a queue.
const (
	TurnFirst = "first" // who came first
	TurnInner = "inner" // the owner's own people first, then who came first
	TurnOuter = "outer" // people from outside first, then who came first
)

// Rule is how a provider runs its queues, from a day on. Minutes count between DayFrom and DayTo of each day only.
type Rule struct {
	ID        string  `db:"id" json:"-"`
	Owner     string  `db:"owner" json:"-"`
	Hold      int64   `db:"hold" json:"hold"`         // minutes an offer from the queue stands
	Reply     int64   `db:"reply" json:"reply"`       // minutes a proposal of the provider stands
	DayFrom   int64   `db:"day_from" json:"day_from"` // minutes of the day
	DayTo     int64   `db:"day_to" json:"day_to"`
	Least     int64   `db:"least" json:"least"` // with fewer minutes to answer nothing is offered
	Most      int64   `db:"most" json:"most"`   // places of one organisation for one instrument
	Turn      string  `db:"turn" json:"turn"`
	Missed    string  `db:"missed" json:"missed"` // what becomes of a booking that was not kept
	From      string  `db:"valid_from" json:"from"`
	Person    string  `db:"person" json:"-"`
	CreatedAt db.Time `db:"created_at" json:"-"`
	Source    string  `db:"-" json:"source,omitempty"` // of a version that ships
}

//go:embed rules.json
var rulesJSON []byte

// Since is the day from which on it holds, and its source.
func (r Rule) Since() (day, source string) { return r.From, r.Source }

func (r Rule) check() error {
	bad := fault.New(fault.Invalid, "waiting-rule", "规则有误，请按提示修改。")
	for _, f := range []struct {
		name     string
		v        int64
		min, max int64
	}{{"hold", r.Hold, 30, 4320}, {"reply", r.Reply, 30, 10080}, {"least", r.Least, 5, 1440}, {"most", r.Most, 1, 50}} {
		if f.v < f.min || f.v > f.max {
			bad.Field(f.name, "range", "请填 {0} 到 {1} 之间的整数。", f.min, f.max)
		}
	}
	if r.DayFrom < 0 || r.DayFrom > 1439 || r.DayTo <= r.DayFrom || r.DayTo > 1440 {
		bad.Field("day_to", "order", "结束时间必须晚于开始时间。")
	}
	if r.Least > r.Hold {
		bad.Field("least", "closed", "不能比邀约保留的时间还长，否则永远发不出邀约。")
	}
	if r.Turn != TurnFirst && r.Turn != TurnInner && r.Turn != TurnOuter {
		bad.Field("turn", "unknown", "请选择一种排队次序。")
	}
	if r.Missed != MissedMark && r.Missed != MissedFee && r.Missed != MissedFree {
		bad.Field("missed", "unknown", "请选择未到的预约怎样处理。")
	}
	if _, err := clock.Midnight(r.From); err != nil {
		bad.Field("from", "required", "请填写从哪一天起执行。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// ends is when something that stands for so many minutes ends: only minutes between DayFrom and DayTo count, so that nobody
// loses time in the night. It ends at the latest when the time offered may be booked no more, last; false where less than
// Least would be left to answer.
func (r Rule) ends(now time.Time, stands int64, last time.Time) (time.Time, bool) {
	at, left := clock.Local(now), time.Duration(stands)*time.Minute
	for left > 0 {
		midnight := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
		opens, closes := midnight.Add(time.Duration(r.DayFrom)*time.Minute), midnight.Add(time.Duration(r.DayTo)*time.Minute)
		if at.Before(opens) {
			at = opens
		}
		if !at.Before(closes) {
			at = midnight.AddDate(0, 0, 1)
			continue
		}
		step := min(left, closes.Sub(at))
		at, left = at.Add(step), left-step
		if left > 0 {
			at = midnight.AddDate(0, 0, 1)
		}
	}
	if at.After(last) {
		at = last
	}
	return at.UTC().Truncate(time.Second), at.Sub(now) >= time.Duration(r.Least)*time.Minute
}

// before tells whether a place comes before another in the queue.
func (r Rule) before(a, b Wait) bool {
	rank := func(w Wait) int {
		if r.Turn == TurnInner && !w.Inner || r.Turn == TurnOuter && w.Inner {
			return 1
		}
		return 0
	}
	switch {
	case rank(a) != rank(b):
		return rank(a) < rank(b)
	case !a.Joined.Equal(b.Joined.Time):
		return a.Joined.Before(b.Joined.Time)
	}
	return a.ID < b.ID
}
