package booking

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// How often upkeep comes back.
const (
	EveryWeek  = "week"
	EveryMonth = "month"
)

// lastWeek is the Nth of upkeep on a month's last such weekday.
const lastWeek = 5

// Upkeep is maintenance that comes back: each week on a weekday, or each month on its first to fourth or last such weekday.
// It becomes a closure for each time, as far ahead as the instrument can be booked.
type Upkeep struct {
	ID       string  `db:"id"`
	Resource string  `db:"resource"`
	Every    string  `db:"every"`
	Weekday  int64   `db:"weekday"` // 1 = Monday … 7 = Sunday
	Nth      int64   `db:"nth"`     // of the month, 5: the last; 0 each week
	From     int64   `db:"from_minute"`
	To       int64   `db:"to_minute"`
	First    string  `db:"first_day"` // civil days
	Last     string  `db:"last_day"`  // empty: until it is ended
	Reason   string  `db:"reason"`
	Active   bool    `db:"active"`
	Person   string  `db:"person"`
	At       db.Time `db:"at"`
}

func (u Upkeep) check(today string) error {
	bad := fault.New(fault.Invalid, "upkeep-invalid", "定期维护有误，请按提示修改。")
	if u.Every != EveryWeek && u.Every != EveryMonth {
		bad.Field("every", "unknown", "请选择每周或每月。")
	}
	if u.Weekday < 1 || u.Weekday > 7 {
		bad.Field("weekday", "unknown", "请选择星期几。")
	}
	if u.Every == EveryMonth && (u.Nth < 1 || u.Nth > lastWeek) {
		bad.Field("nth", "unknown", "请选择每月的第几个。")
	}
	if u.From < 0 || u.To > 1440 || u.From >= u.To {
		bad.Field("upkeep_to", "order", "结束时间必须晚于开始时间。")
	}
	if _, err := clock.Midnight(u.First); err != nil || u.First < today {
		bad.Field("first_day", "past", "请填今天或以后的日期。")
	}
	if _, err := clock.Midnight(u.Last); u.Last != "" && (err != nil || u.Last < u.First) {
		bad.Field("last_day", "order", "最后一天不能早于第一天。")
	}
	if utf8.RuneCountInString(u.Reason) > maxText {
		bad.Field("upkeep_reason", "long", "最多 {0} 个字。", int64(maxText))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// on tells whether upkeep falls on a civil day; pure.
func (u Upkeep) on(day time.Time) bool {
	name := clock.Day(day)
	if name < u.First || u.Last != "" && name > u.Last || int64(day.Weekday()+6)%7+1 != u.Weekday {
		return false
	}
	switch {
	case u.Every == EveryWeek:
		return true
	case u.Nth == lastWeek:
		return day.AddDate(0, 0, 7).Month() != day.Month()
	}
	return int64(day.Day()-1)/7+1 == u.Nth
}

// times are the stretches of upkeep that begin on the civil days from…to, both included.
func (u Upkeep) times(from, to string) []Span {
	var out []Span
	day, err := clock.Midnight(from)
	for ; err == nil && clock.Day(day) <= to; day = day.AddDate(0, 0, 1) {
		if u.on(day) {
			out = append(out, Span{day.Add(time.Duration(u.From) * time.Minute), day.Add(time.Duration(u.To) * time.Minute)})
		}
	}
	return out
}

// closureOf is the id of the closure of one time: made once, so that one that was taken back does not come again.
func (u Upkeep) closureOf(x Span) string { return id.From("upkeep", u.ID, clock.Day(x.From)) }

// AddUpkeep says that an instrument is maintained regularly; its times are closed at once as far ahead as it can be booked.
func (s *Service) AddUpkeep(ctx context.Context, by identity.Subject, u Upkeep, key string) (Upkeep, error) {
	if _, err := s.ownResource(ctx, by, u.Resource); err != nil {
		return u, err
	}
	if u.Every == EveryWeek {
		u.Nth = 0
	}
	if err := u.check(s.today()); err != nil {
		return u, err
	}
	u.ID, u.Active, u.Person, u.At = id.New(), true, by.Person, db.At(s.clock.Now())
	if key != "" {
		u.ID = id.From(by.Person, key, "upkeep")
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockResource(ctx, tx, u.Resource); err != nil {
			return err
		}
		if added, err := insertUpkeep(ctx, tx, u); err != nil || !added {
			return err
		}
		if err := s.audited(ctx, tx, "order.calendar", "upkeep", u.ID, u); err != nil {
			return err
		}
		return s.closeTimes(ctx, tx, u)
	})
	return u, err
}

// EndUpkeep ends upkeep; its times that have not begun are open again.
func (s *Service) EndUpkeep(ctx context.Context, by identity.Subject, upkeep string) (Upkeep, error) {
	u, err := getUpkeep(ctx, s.db, upkeep)
	if err != nil {
		return u, err
	}
	if _, err := s.ownResource(ctx, by, u.Resource); err != nil || !u.Active {
		return u, err
	}
	until, err := s.upkeepEnd(ctx, s.db, u)
	if err != nil {
		return u, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockResource(ctx, tx, u.Resource); err != nil {
			return err
		}
		if err := stopUpkeep(ctx, tx, u.ID); err != nil {
			return err
		}
		for _, x := range u.times(s.today(), until) {
			if x.From.After(s.clock.Now()) {
				if err := endClosure(ctx, tx, u.closureOf(x)); err != nil {
					return err
				}
			}
		}
		if err := s.tellFreed(ctx, tx, u.Resource); err != nil {
			return err
		}
		return s.audited(ctx, tx, "order.calendar", "upkeep", u.ID, nil)
	})
	return u, err
}

// upkeepEnd is the last civil day up to which times are closed: no booking can be made beyond it.
func (s *Service) upkeepEnd(ctx context.Context, q db.Q, u Upkeep) (string, error) {
	rule, err := s.RuleOf(ctx, q, u.Resource)
	if err != nil {
		return "", err
	}
	return clock.AddDays(s.today(), int(max(rule.Ahead, rule.InnerAhead))+MaxDays)
}

// closeTimes closes the coming times of upkeep that are not closed yet; what is booked is left alone, and closed when it
// becomes free.
func (s *Service) closeTimes(ctx context.Context, tx *db.Tx, u Upkeep) error {
	until, err := s.upkeepEnd(ctx, tx, u)
	if err != nil {
		return err
	}
	missing, err := s.unclosed(ctx, tx, u, until)
	if err != nil {
		return err
	}
	for _, x := range missing {
		clash, err := listBooked(ctx, tx, []string{u.Resource}, x.From, x.To)
		if err != nil {
			return err
		}
		if len(clash) > 0 {
			continue
		}
		c := Closure{
			ID: u.closureOf(x), Resource: u.Resource, State: SlotMaintenance, Start: db.At(x.From), End: db.At(x.To), Reason: u.Reason, Active: true, Person: u.Person, At: db.At(s.clock.Now()),
		}
		if _, err := insertClosure(ctx, tx, c); err != nil {
			return err
		}
		if err := s.audited(ctx, tx, "order.calendar", "closure", c.ID, c); err != nil {
			return err
		}
	}
	return nil
}

// unclosed are the coming times of upkeep for which there never was a closure.
func (s *Service) unclosed(ctx context.Context, q db.Q, u Upkeep, until string) ([]Span, error) {
	times := u.times(max(s.today(), u.First), until)
	ids := make([]string, len(times))
	for i, x := range times {
		ids[i] = u.closureOf(x)
	}
	known, err := closuresKnown(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	return slices.DeleteFunc(times, func(x Span) bool { return known[u.closureOf(x)] || !x.From.After(now) }), nil
}

// Maintain closes the times of all upkeep that came within reach; a periodic job.
func (s *Service) Maintain(ctx context.Context) error {
	list, err := listUpkeep(ctx, s.db, "")
	if err != nil {
		return err
	}
	for _, u := range list {
		until, err := s.upkeepEnd(ctx, s.db, u)
		if err != nil {
			return err
		}
		if missing, err := s.unclosed(ctx, s.db, u, until); err != nil || len(missing) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := lockResource(ctx, tx, u.Resource); err != nil {
				return err
			}
			return s.closeTimes(ctx, tx, u)
		})
		if err != nil {
			return fmt.Errorf("close the times of upkeep %s: %w", u.ID, err)
		}
	}
	return nil
}

// clockOf is minutes of the day as people write them.
func clockOf(minutes int64) string {
	two := func(n int64) string {
		if n < 10 {
			return "0" + strconv.FormatInt(n, 10)
		}
		return strconv.FormatInt(n, 10)
	}
	return two(minutes/60) + ":" + two(minutes%60)
}
