package campus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/booking"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// Usage is a finished record of theirs: an instrument ran.
type Usage struct {
	ID         string  `db:"id"`
	Link       string  `db:"link"`
	Resource   string  `db:"resource"`
	Theirs     string  `db:"theirs"`
	Version    int64   `db:"version"`
	Start      db.Time `db:"started_at"`
	Stop       db.Time `db:"stopped_at"`
	Day        string  `db:"day"`
	Minutes    int64   `db:"minutes"`
	Inner      bool    `db:"inner_use"` // their own people
	Booking    string  `db:"booking"`   // our order, where it was one
	Withdrawn  bool    `db:"withdrawn"`
	At         db.Time `db:"at"`
	Instrument string  // as they call it
	Key        string  // of the reservation or the booking it belongs to, as we told it
}

const usageColumns = `id, link, resource, theirs, version, started_at, stopped_at, day, minutes, inner_use, booking, withdrawn, at`

// check says what cannot be true of a finished record.
func (u Usage) check(now time.Time) *fault.Error {
	switch {
	case u.Theirs == "" || utf8.RuneCountInString(u.Theirs) > maxTheirs:
		return fault.New(fault.Invalid, "record-id", "记录的编号不能为空，最多 {0} 个字。", maxTheirs)
	case u.Version < 0:
		return fault.New(fault.Invalid, "record-version", "版本号不能是负数。")
	case u.Start.IsZero() || !u.Start.Before(u.Stop.Time):
		return fault.New(fault.Invalid, "record-order", "结束时间必须晚于开始时间。")
	case u.Stop.After(now.Add(skew)):
		return fault.New(fault.Invalid, "usage-future", "机时还没有结束，请在结束后上报。")
	case u.Stop.Sub(u.Start.Time) > longest:
		return fault.New(fault.Invalid, "record-long", "一条占用最长 {0} 天。", int64(booking.MaxDays))
	case u.Start.Before(now.AddDate(-2, 0, 0)):
		return fault.New(fault.Invalid, "usage-late", "机时早于两年前，请用表格补录。")
	case u.Minutes < 1 || u.Minutes > int64(u.Stop.Sub(u.Start.Time)/time.Minute)+1:
		return fault.New(fault.Invalid, "usage-minutes", "机时分钟数应在 1 和起止时间的长度之间。")
	}
	return nil
}

// TakeUsage takes in finished records. One that is refused stops no other.
func (s *Service) TakeUsage(ctx context.Context, l Link, list []Usage) ([]Answer, error) {
	if err := hears(l, len(list)); err != nil {
		return nil, err
	}
	out := make([]Answer, len(list))
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for i, u := range list {
			var err error
			if out[i], err = s.takeUsage(ctx, tx, l, u); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (s *Service) takeUsage(ctx context.Context, tx *db.Tx, l Link, u Usage) (Answer, error) {
	now := s.Clock.Now()
	u.Theirs = strings.TrimSpace(u.Theirs)
	u.Start, u.Stop = db.At(u.Start.Time), db.At(u.Stop.Time)
	if u.Minutes == 0 {
		u.Minutes = int64(u.Stop.Sub(u.Start.Time) / time.Minute)
	}
	a := Answer{ID: u.Theirs, Result: Refused, Why: u.check(now)}
	if a.Why != nil {
		return a, nil
	}
	m, ok, err := mapOf(ctx, tx, l.ID, strings.TrimSpace(u.Instrument))
	if err != nil {
		return a, err
	}
	if !ok {
		a.Why = unknownInstrument(u.Instrument)
		return a, nil
	}
	u.ID, u.Link, u.Resource, u.Day, u.At = id.From("campus-usage", l.ID, u.Theirs), l.ID, m.Resource, clock.Day(u.Start.Time), db.At(now)
	if u.Key != "" {
		if u.Booking, err = s.bookingOf(ctx, tx, l, m, u.Key); err != nil {
			return a, err
		}
		if u.Booking == "" {
			a.Why = fault.New(fault.Invalid, "record-key", "没有发出过编号为 {0} 的预留，这条记录不予采用。", u.Key)
			return a, nil
		}
	}
	old, err := db.One[Usage](ctx, tx, `SELECT `+usageColumns+` FROM campus_usage WHERE id = $1`, u.ID)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return a, fmt.Errorf("get a finished record: %w", err)
	}
	if err == nil {
		same := old.Resource == u.Resource && old.Start.Equal(u.Start.Time) && old.Stop.Equal(u.Stop.Time) && old.Minutes == u.Minutes && old.Inner == u.Inner && old.Withdrawn == u.Withdrawn && old.Booking == u.Booking
		switch {
		case u.Version < old.Version:
			a.Result = Stale
			return a, nil
		case u.Version == old.Version && same:
			a.Result = Unchanged
			return a, nil
		case u.Version == old.Version:
			a.Why = fault.New(fault.Conflict, "record-differs", "编号 {0} 的第 {1} 版已经收到过，内容不同。请用更大的版本号。", u.Theirs, u.Version)
			return a, nil
		}
	}
	a.Result = Taken
	return a, putUsage(ctx, tx, u)
}

// bookingOf is the order that a key told to them belongs to; "" where it is invented.
func (s *Service) bookingOf(ctx context.Context, q db.Q, l Link, m Map, key string) (string, error) {
	c, ok, err := getClaim(ctx, q, key)
	if err != nil {
		return "", err
	}
	if ok && c.Link == l.ID && c.Resource == m.Resource {
		return c.Holder, nil
	}
	has, err := s.Calendars.Of(ctx, q, []string{key})
	if err != nil {
		return "", err
	}
	if b, ok := has[key]; ok && b.Kind == booking.HeldByOrder && b.Resource == m.Resource {
		return key, nil
	}
	return "", nil
}

func putUsage(ctx context.Context, tx *db.Tx, u Usage) error {
	_, err := tx.Exec(ctx, `INSERT INTO campus_usage (`+usageColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO UPDATE SET resource = excluded.resource, version = excluded.version, started_at = excluded.started_at, stopped_at = excluded.stopped_at, day = excluded.day,
			minutes = excluded.minutes, inner_use = excluded.inner_use, booking = excluded.booking, withdrawn = excluded.withdrawn, at = excluded.at`,
		u.ID, u.Link, u.Resource, u.Theirs, u.Version, u.Start, u.Stop, u.Day, u.Minutes, u.Inner, u.Booking, u.Withdrawn, u.At)
	if err != nil {
		return fmt.Errorf("write a finished record: %w", err)
	}
	return nil
}

// Hours are the machine hours of an instrument that they told, in minutes.
type Hours struct {
	Resource string `db:"resource"`
	Records  int64  `db:"records"`
	Inner    int64  `db:"inner_minutes"`
	Outer    int64  `db:"outer_minutes"`
	Ours     int64  `db:"our_minutes"` // of bookings made here
}

// HoursOf sums what a connection told of the civil days from…to, by instrument.
func (s *Service) HoursOf(ctx context.Context, q db.Q, link, from, to string) ([]Hours, error) {
	out, err := db.All[Hours](ctx, q, `SELECT resource, count(*) AS records,
		CAST(coalesce(sum(CASE WHEN booking = '' AND inner_use THEN minutes ELSE 0 END), 0) AS BIGINT) AS inner_minutes,
		CAST(coalesce(sum(CASE WHEN booking = '' AND NOT inner_use THEN minutes ELSE 0 END), 0) AS BIGINT) AS outer_minutes,
		CAST(coalesce(sum(CASE WHEN booking <> '' THEN minutes ELSE 0 END), 0) AS BIGINT) AS our_minutes
		FROM campus_usage WHERE link = $1 AND day >= $2 AND day <= $3 AND NOT withdrawn GROUP BY resource ORDER BY resource`, link, from, to)
	if err != nil {
		return nil, fmt.Errorf("sum the finished records: %w", err)
	}
	return out, nil
}

// Finished tells them the machine hours of a booking here, in the caller's transaction.
func (s *Service) Finished(ctx context.Context, tx *db.Tx, resource, order string, minutes int64) error {
	l, m, ok, err := connected(ctx, tx, resource)
	if err != nil || !ok || !l.tells() || minutes < 1 {
		return err
	}
	has, err := s.Calendars.Of(ctx, tx, []string{order})
	if err != nil {
		return err
	}
	b, there := has[order]
	if !there {
		return nil // a commission has no place in a calendar
	}
	key := order
	if claim, err := held(ctx, tx, order); err != nil || claim != "" {
		if err != nil {
			return err
		}
		key = claim
	}
	return s.tellHours(ctx, tx, l, m, b, key, minutes)
}
