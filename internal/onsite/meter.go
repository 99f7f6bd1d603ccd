package onsite

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// How a meter's clock may be off, and how late it may tell.
const (
	meterAhead = 5 * time.Minute
	meterLate  = 31 * 24 * time.Hour
	maxBatch   = 1000
)

// Answer is what became of one reading.
type Answer struct {
	ID     string
	Result string // taken, repeated or refused
	Why    *fault.Error
}

// Take keeps the readings of a meter. Repeated ones change nothing, in whatever order they come; one that cannot be true, or
// says something else under an id that was used, is refused with its reason and stops no other.
func (s *Service) Take(ctx context.Context, token string, list []Reading) ([]Answer, error) {
	token = strings.TrimSpace(token)
	unknown := fault.New(fault.BadRequest, "meter-unknown", "计量令牌不对或已更换，请在“二维码与计量”页面重新生成。")
	if token == "" {
		return nil, unknown
	}
	st, err := stationBy(ctx, s.DB, "meter", hashOf(token))
	if fault.Is(err, "no-station") {
		return nil, unknown
	}
	if err != nil {
		return nil, err
	}
	if len(list) > maxBatch {
		return nil, fault.New(fault.Invalid, "meter-many", "一次最多上报 {0} 条。", maxBatch)
	}
	now := s.Clock.Now()
	out := make([]Answer, len(list))
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for i, r := range list {
			r.At = db.At(r.At.Time)
			out[i] = Answer{ID: r.ID, Result: "refused", Why: r.check(now)}
			if out[i].Why != nil {
				continue
			}
			added, err := insertReading(ctx, tx, st.Resource, r, db.At(now))
			if err != nil {
				return err
			}
			out[i].Result = "taken"
			if added {
				continue
			}
			old, err := getReading(ctx, tx, st.Resource, r.ID)
			if err != nil {
				return err
			}
			out[i].Result = "repeated"
			if !old.At.Equal(r.At.Time) || old.Kind != r.Kind || old.Value != r.Value {
				out[i].Result, out[i].Why = "refused", fault.New(fault.Conflict, "reading-differs", "编号 {0} 已经用于另一条内容不同的读数。", r.ID)
			}
		}
		return nil
	})
	return out, err
}

func (r Reading) check(now time.Time) *fault.Error {
	switch {
	case r.ID == "" || utf8.RuneCountInString(r.ID) > 100:
		return fault.New(fault.Invalid, "reading-id", "读数的编号不能为空，最多 {0} 个字。", 100)
	case r.Kind != "on" && r.Kind != "off" && r.Kind != "count":
		return fault.New(fault.Invalid, "reading-kind", "读数的类型只能是 on、off 或 count。")
	case r.Value < 0:
		return fault.New(fault.Invalid, "reading-value", "计数不能是负数。")
	case r.At.After(now.Add(meterAhead)):
		return fault.New(fault.Invalid, "reading-future", "读数的时间还没有到，请校准计量器的时钟。")
	case r.At.Before(now.Add(-meterLate)):
		return fault.New(fault.Invalid, "reading-late", "读数早于 {0} 天前，不再接收。", int64(meterLate/(24*time.Hour)))
	}
	return nil
}

// Hours is a session beside what its meter says.
type Hours struct {
	Session
	Metered bool
	Power   int64 // minutes with power on between start and stop
	Idle    int64 // minutes without idle running: with power, or as logged where there is no meter
	Differs bool  // meter and log differ by more than the rule's gap
	Counts  bool  // there is a counter
	Counter Counter
}

// hours compares a session with its meter.
func (s *Service) hours(ctx context.Context, q db.Q, x Session) (Hours, error) {
	h := Hours{Session: x, Idle: x.Minutes}
	if x.Started.IsZero() || x.Stopped.IsZero() {
		return h, nil
	}
	rule, err := s.RuleOf(ctx, q, x.Owner, clock.Day(x.From.Time))
	if err != nil {
		return h, err
	}
	readings, err := readingsOf(ctx, q, x.Resource, x.Started.Time, x.Stopped.Time)
	if err != nil {
		return h, err
	}
	h.Counter, h.Counts = counted(readings, x.Started.Time, x.Stopped.Time)
	if !slices.ContainsFunc(readings, func(r Reading) bool { return r.Kind != "count" }) {
		return h, nil
	}
	h.Metered, h.Power = true, min(x.Minutes, total(powered(readings, x.Started.Time, x.Stopped.Time)))
	h.Idle, h.Differs = h.Power, x.Minutes-h.Power > rule.Gap
	return h, nil
}

// Net is the machine time of an order without idle running: as the meter tells where there is one, else the logged minutes.
func (s *Service) Net(ctx context.Context, q db.Q, order string, logged int64) (int64, error) {
	x, err := getSession(ctx, q, order)
	if fault.Is(err, "session-wrong") { // it was never at the instrument's page
		return logged, nil
	}
	if err != nil {
		return 0, err
	}
	h, err := s.hours(ctx, q, x)
	if err != nil || !h.Metered {
		return logged, err
	}
	return h.Idle, nil
}
