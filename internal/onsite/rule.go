package onsite

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	_ "embed" // rules.json
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Rule is how a provider treats the ends of bookings, from a day on. All are minutes.
type Rule struct {
	ID        string  `db:"id" json:"-"`
	Owner     string  `db:"owner" json:"-"`
	Early     int64   `db:"early"`
	Late      int64   `db:"late"`
	Grace     int64   `db:"grace"`
	Gap       int64   `db:"gap"`
	From      string  `db:"valid_from"`
	Person    string  `db:"person" json:"-"`
	CreatedAt db.Time `db:"created_at" json:"-"`
	Source    string  `db:"-" json:"source,omitempty"` // of a version that ships
}

//go:embed rules.json
var rulesJSON []byte

// Since is the day from which on it holds, and its source.
func (r Rule) Since() (day, source string) { return r.From, r.Source }

func (r Rule) check() error {
	bad := fault.New(fault.Invalid, "onsite-rule", "规则有误，请按提示修改。")
	for _, f := range []struct {
		name     string
		v        int64
		min, max int64
	}{{"early", r.Early, 0, 240}, {"late", r.Late, 5, 1440}, {"grace", r.Grace, 0, 720}, {"gap", r.Gap, 1, 1440}} {
		if f.v < f.min || f.v > f.max {
			bad.Field(f.name, "range", "请填 {0} 到 {1} 之间的整数。", f.min, f.max)
		}
	}
	if _, err := clock.Midnight(r.From); err != nil {
		bad.Field("from", "required", "请填写从哪一天起执行。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// The states of a session.
const (
	Booked    = "booked"
	Here      = "here" // checked in
	Running   = "running"
	Done      = "done"
	NoShow    = "no_show"
	Cancelled = "cancelled"
)

// Session is one booking at the instrument.
type Session struct {
	Order    string      `db:"order_id"`
	Number   string      `db:"number"`
	Resource string      `db:"resource"`
	Owner    string      `db:"owner"`
	Buyer    string      `db:"buyer"`
	Person   string      `db:"person"`
	Region   string      `db:"region"`
	Inner    bool        `db:"inner_use"`
	Invented bool        `db:"invented"`
	From     db.Time     `db:"booked_from"`
	To       db.Time     `db:"booked_to"`
	State    string      `db:"state"`
	Checked  db.NullTime `db:"checked_at"`
	Started  db.NullTime `db:"started_at"`
	Stopped  db.NullTime `db:"stopped_at"`
	Minutes  int64       `db:"minutes"`
	ByRule   bool        `db:"by_rule"`
	Tries    int64       `db:"tries"`
	Tried    db.NullTime `db:"tried_at"`
}

// booked is how long was booked, in minutes.
func (x Session) booked() int64 { return int64(x.To.Sub(x.From.Time) / time.Minute) }

// over is how many minutes longer than booked it ran.
func (x Session) over() int64 { return max(0, x.Minutes-x.booked()) }

func minutes(n int64) time.Duration { return time.Duration(n) * time.Minute }

// opens is when one may check in and begin.
func (x Session) opens(r Rule) time.Time { return x.From.Add(-minutes(r.Early)) }

// What one can do at the instrument.
const (
	DoCheckIn = "check-in"
	DoStart   = "start"
	DoStop    = "stop"
)

// can is a fault when something cannot be done now; pure.
func (x Session) can(what string, r Rule, now time.Time) error {
	at := func(t time.Time) string { return clock.Local(t).Format("2006-01-02 15:04") }
	switch {
	case x.State == Cancelled:
		return fault.New(fault.Conflict, "session-cancelled", "预约 {0} 已取消。", x.Number)
	case x.State == NoShow:
		return fault.New(fault.Conflict, "session-missed", "预约 {0} 开始后 {1} 分钟内无人签到，已按规则记为未到。请联系实验室人员。", x.Number, r.Late)
	case what == DoStop && x.State == Running:
		return nil
	case what == DoStop:
		return fault.New(fault.Conflict, "session-still", "预约 {0} 没有在运行。", x.Number)
	case x.State == Running:
		return fault.New(fault.Conflict, "session-runs", "预约 {0} 已经在运行。", x.Number)
	case what == DoCheckIn && x.State != Booked:
		return fault.New(fault.Conflict, "session-here", "预约 {0} 已经签到过。", x.Number)
	case now.Before(x.opens(r)):
		return fault.New(fault.Conflict, "session-early", "还没有到时间：预约 {0} 从 {1} 起可以签到和开机。", x.Number, at(x.opens(r)))
	case !now.Before(x.To.Time):
		return fault.New(fault.Conflict, "session-over", "预约 {0} 已于 {1} 结束，请重新预约。", x.Number, at(x.To.Time))
	}
	return nil
}

// closes is when a running session is closed by rule, and the moment its machine time ends.
func (x Session) closes(r Rule) time.Time {
	end := x.To.Add(minutes(r.Grace))
	if x.Started.After(end) {
		return x.Started.Time
	}
	return end
}

// missed tells whether a booking has not been kept.
func (x Session) missed(r Rule, now time.Time) bool {
	return x.State == Booked && now.After(x.From.Add(minutes(r.Late)))
}

// pin is the personal code of a booking: six digits that only the instrument's secret gives.
func pin(secret, order string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(order))
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(mac.Sum(nil))%1_000_000)
}

// Reading is one word of a meter.
type Reading struct {
	ID    string  `db:"id"`
	At    db.Time `db:"at"`
	Kind  string  `db:"kind"` // on, off or count
	Value int64   `db:"value"`
}

// span is a half-open stretch of time.
type span struct{ from, to time.Time }

// powered is when power was on between two instants, from readings in any order. A switch that is told twice counts once;
// power that is on at the end is on until then. Readings before from tell how it began.
func powered(readings []Reading, from, to time.Time) []span {
	list := slices.Clone(readings)
	slices.SortFunc(list, func(a, b Reading) int {
		if d := a.At.Compare(b.At.Time); d != 0 {
			return d
		}
		return cmp.Compare(b.Kind, a.Kind) // of two at one instant power goes off first
	})
	var out []span
	var on *time.Time
	add := func(a, b time.Time) {
		if a.Before(from) {
			a = from
		}
		if b.After(to) {
			b = to
		}
		if a.Before(b) {
			out = append(out, span{a, b})
		}
	}
	for _, r := range list {
		switch {
		case r.Kind == "on" && on == nil:
			at := r.At.Time
			on = &at
		case r.Kind == "off" && on != nil:
			add(*on, r.At.Time)
			on = nil
		}
	}
	if on != nil {
		add(*on, to)
	}
	return out
}

// counted is what a counter ran on between two instants: the last reading before from begins it (the first within where there
// is none), and where it falls it was set back and counts on from nothing. False without two readings.
func counted(readings []Reading, from, to time.Time) (c Counter, ok bool) {
	list := slices.DeleteFunc(slices.Clone(readings), func(r Reading) bool { return r.Kind != "count" || r.At.After(to) })
	slices.SortFunc(list, func(a, b Reading) int {
		if d := a.At.Compare(b.At.Time); d != 0 {
			return d
		}
		return cmp.Compare(a.Value, b.Value)
	})
	begin := 0
	for i, r := range list {
		if !r.At.After(from) {
			begin = i
		}
	}
	if list = list[min(begin, len(list)):]; len(list) < 2 {
		return c, false
	}
	c.First, c.Last = list[0].Value, list[len(list)-1].Value
	for i, r := range list[1:] {
		if before := list[i].Value; r.Value >= before {
			c.Ran += r.Value - before
		} else {
			c.Ran, c.Back = c.Ran+r.Value, true
		}
	}
	return c, true
}

// Counter is what the counter of an instrument ran on: shots, cycles, litres, whatever it counts.
type Counter struct {
	First int64
	Last  int64
	Ran   int64
	Back  bool // it was set back meanwhile
}

// total is the minutes of spans, begun ones counted in full.
func total(spans []span) int64 {
	var d time.Duration
	for _, s := range spans {
		d += s.to.Sub(s.from)
	}
	return int64((d + time.Minute - 1) / time.Minute)
}
