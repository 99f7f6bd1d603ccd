package workday

import (
	"errors"
	"fmt"
	"time"
)

// Unit is what a limit counts in.
type Unit string

// The units. Working days are the rule of the Administrative Licensing Law (art. 82); natural days
// and months are those of the Civil Code (art. 201–203).
const (
	Working Unit = "working"
	Natural Unit = "natural"
	Month   Unit = "month"
)

// Pause is a time in which the clock stands still, both days included: from the day a supplement was
// asked for to the day it arrived. Counting goes on with the day after.
type Pause struct{ From, To string }

// Limit is a legal limit to be counted.
type Limit struct {
	Received string // the day that starts it; counting begins with the day after
	N        int    // how many units, 0…MaxUnits
	Unit     Unit   // empty means Working
	Pauses   []Pause
	Keep     bool // natural days and months: let the limit end on a day off (default: the next working day, Civil Code art. 203)
}

// Count is a counted limit.
type Count struct {
	Due         string   // the last day of the limit
	Days        []string // each day that was counted, oldest first; empty for months
	Ended       string   // where the bare count ended, when Due was moved past days off; else empty
	Provisional bool     // a day on the way belongs to a year whose calendar is unknown
}

// MaxUnits is the longest limit that is counted.
const MaxUnits = 3660

// Errors of a limit that cannot be counted.
var (
	ErrUnits = fmt.Errorf("workday: the number of days must lie between 0 and %d", MaxUnits)
	ErrUnit  = errors.New("workday: the unit must be working, natural or month")
	ErrPause = errors.New("workday: a pause must not end before it begins")
)

// Add is the n-th working day after from, with each day counted. n = 0 is from itself.
func (c *Calendar) Add(from string, n int) (due string, days []string, provisional bool, err error) {
	count, err := c.Due(Limit{Received: from, N: n})
	return count.Due, count.Days, count.Provisional, err
}

// Due counts a limit. Days of a pause are neither counted nor looked up; a limit in months grows by
// as many days as were paused before its end.
func (c *Calendar) Due(l Limit) (Count, error) {
	start, err := parse(l.Received)
	if err != nil {
		return Count{}, err
	}
	if l.N < 0 || l.N > MaxUnits {
		return Count{}, ErrUnits
	}
	pauses, err := parsePauses(l.Pauses)
	if err != nil {
		return Count{}, err
	}
	w := walk{calendar: c, pauses: pauses, at: start}
	switch l.Unit {
	case Working, "":
		w.days(l.N, true)
	case Natural:
		w.days(l.N, false)
	case Month:
		w.months(l.N)
	default:
		return Count{}, ErrUnit
	}
	if l.Unit != Working && l.Unit != "" && l.N > 0 && !l.Keep {
		w.toWorkingDay()
	}
	w.count.Due = w.at.Format(time.DateOnly)
	return w.count, nil
}

// Left is how many working days of a limit remain on day: negative when it is past due. A day off
// stands for the working day before it.
func (c *Calendar) Left(due, day string) (int, error) {
	d, err := parse(due)
	if err != nil {
		return 0, err
	}
	t, err := parse(day)
	if err != nil {
		return 0, err
	}
	if d.Before(t) {
		return -c.between(d, t), nil
	}
	return c.between(t, d), nil
}

// between counts the working days after a, up to and with b.
func (c *Calendar) between(a, b time.Time) int {
	n := 0
	for t := a.AddDate(0, 0, 1); !t.After(b); t = t.AddDate(0, 0, 1) {
		if worked, _ := c.is(t); worked {
			n++
		}
	}
	return n
}

// walk goes forward day by day.
type walk struct {
	calendar *Calendar
	pauses   []span
	at       time.Time
	count    Count
}

type span struct{ from, to time.Time }

func parsePauses(pauses []Pause) ([]span, error) {
	out := make([]span, 0, len(pauses))
	for _, p := range pauses {
		from, err := parse(p.From)
		if err != nil {
			return nil, err
		}
		to, err := parse(p.To)
		if err != nil {
			return nil, err
		}
		if to.Before(from) {
			return nil, ErrPause
		}
		out = append(out, span{from, to})
	}
	return out, nil
}

// paused is the last day of the pause that holds t, or t itself when none does. Pauses may overlap.
func (w *walk) paused(t time.Time) (end time.Time, is bool) {
	end = t
	for _, p := range w.pauses {
		if !t.Before(p.from) && !t.After(p.to) {
			is = true
			if p.to.After(end) {
				end = p.to
			}
		}
	}
	return end, is
}

func (w *walk) days(n int, working bool) {
	for left := n; left > 0; {
		w.at = w.at.AddDate(0, 0, 1)
		if end, is := w.paused(w.at); is {
			w.at = end
			continue
		}
		if working && !w.look() {
			continue
		}
		w.count.Days = append(w.count.Days, w.at.Format(time.DateOnly))
		left--
	}
}

// look tells whether the day the walk stands on is worked, and remembers when that was a guess.
func (w *walk) look() bool {
	worked, known := w.calendar.is(w.at)
	w.count.Provisional = w.count.Provisional || !known
	return worked
}

// months goes n months on, to the day of the same number or the month's last, then as many days
// further as the pauses took.
func (w *walk) months(n int) {
	start := w.at
	first := time.Date(start.Year(), start.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	end := first.AddDate(0, 0, min(start.Day(), last)-1)
	for t := start.AddDate(0, 0, 1); !t.After(end); t = t.AddDate(0, 0, 1) {
		if _, is := w.paused(t); is {
			end = end.AddDate(0, 0, 1)
		}
	}
	w.at = end
}

// toWorkingDay moves the end of a limit past days off and pauses.
func (w *walk) toWorkingDay() {
	ended := w.at
	for !w.look() {
		w.at = w.at.AddDate(0, 0, 1)
		for end, is := w.paused(w.at); is; end, is = w.paused(w.at) { // the clock stands still on a pause's last day too
			w.at = end.AddDate(0, 0, 1)
		}
	}
	if !w.at.Equal(ended) {
		w.count.Ended = ended.Format(time.DateOnly)
	}
}
