package campus

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/booking"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// What a time of theirs is.
const (
	Held      = "held"      // it stands in the calendar here
	Clash     = "clash"     // it is booked here, people have to talk
	Cancelled = "cancelled" // they gave it back
	Absent    = "absent"    // a whole list of theirs did not have it any more
)

// Record is a time of theirs as they tell it.
type Record struct {
	ID         string
	Version    int64 // grows with each change
	Instrument string
	Start      time.Time
	End        time.Time
	Cancelled  bool
	Note       string
	Key        string // of a reservation that we asked for: it is ours, not theirs
}

// What became of a record.
const (
	Taken     = "taken"     // it counts
	Unchanged = "unchanged" // it was known
	Stale     = "stale"     // something newer is known
	Clashes   = "clash"     // the time is booked here: it is not theirs
	Own       = "own"       // it is a booking of ours
	Refused   = "refused"   // it cannot be true, or is not understood
)

// Answer is what became of one record.
type Answer struct {
	ID     string
	Result string
	Why    *fault.Error
}

// Bounds of what is taken in.
const (
	maxBatch  = 500
	maxNote   = 200
	longest   = booking.MaxDays * 24 * time.Hour
	lateDays  = 31
	aheadDays = 730
)

// check says what cannot be true of a record, by itself.
func (r Record) check(now time.Time) *fault.Error {
	if r.ID == "" || utf8.RuneCountInString(r.ID) > maxTheirs {
		return fault.New(fault.Invalid, "record-id", "记录的编号不能为空，最多 {0} 个字。", maxTheirs)
	}
	if r.Version < 0 {
		return fault.New(fault.Invalid, "record-version", "版本号不能是负数。")
	}
	if r.Cancelled {
		return nil
	}
	switch {
	case r.Start.IsZero() || r.End.IsZero() || !r.Start.Before(r.End):
		return fault.New(fault.Invalid, "record-order", "结束时间必须晚于开始时间。")
	case r.End.Sub(r.Start) > longest:
		return fault.New(fault.Invalid, "record-long", "一条占用最长 {0} 天。", int64(booking.MaxDays))
	case r.End.Before(now.AddDate(0, 0, -lateDays)):
		return fault.New(fault.Invalid, "record-late", "占用早于 {0} 天前，不再接收。", lateDays)
	case r.Start.After(now.AddDate(0, 0, aheadDays)):
		return fault.New(fault.Invalid, "record-far", "占用在 {0} 天以后，太远了。", aheadDays)
	}
	return nil
}

// verdict says what a record is to what is known of it: Taken where it has to be written down.
func verdict(old Busy, there bool, r Record) (string, *fault.Error) {
	same := there && (r.Cancelled == (old.State == Cancelled)) && (r.Cancelled || old.Start.Equal(r.Start) && old.End.Equal(r.End) && old.State != Absent)
	switch {
	case !there:
		return Taken, nil
	case r.Version < old.Version:
		return Stale, nil
	case same && r.Version == old.Version && old.State == Clash:
		return Clashes, nil
	case same && r.Version == old.Version:
		return Unchanged, nil
	case r.Version == old.Version && old.State == Absent:
		return Taken, nil // it is back
	case r.Version == old.Version:
		return Refused, fault.New(fault.Conflict, "record-differs", "编号 {0} 的第 {1} 版已经收到过，内容不同。请用更大的版本号。", r.ID, r.Version)
	}
	return Taken, nil
}

// normal is a record in whole milliseconds, with a note that fits.
func (r Record) normal() Record {
	r.ID, r.Note = strings.TrimSpace(r.ID), strings.TrimSpace(r.Note)
	r.Start, r.End = db.At(r.Start).Time, db.At(r.End).Time
	if runes := []rune(r.Note); len(runes) > maxNote {
		r.Note = string(runes[:maxNote])
	}
	return r
}

func holderOf(link, record string) string { return id.From("campus", link, record) }

// Push takes in what they tell of single times. A record that is refused stops no other.
func (s *Service) Push(ctx context.Context, l Link, list []Record) ([]Answer, error) {
	if err := hears(l, len(list)); err != nil {
		return nil, err
	}
	out := make([]Answer, len(list))
	groups := map[string][]int{}
	var order []string
	for i, r := range list {
		if _, ok := groups[r.Instrument]; !ok {
			order = append(order, r.Instrument)
		}
		groups[r.Instrument] = append(groups[r.Instrument], i)
	}
	slices.Sort(order)
	for _, instrument := range order {
		m, ok, err := mapOf(ctx, s.DB, l.ID, strings.TrimSpace(instrument))
		if err != nil {
			return nil, err
		}
		if !ok {
			for _, i := range groups[instrument] {
				out[i] = Answer{ID: list[i].ID, Result: Refused, Why: unknownInstrument(instrument)}
			}
			continue
		}
		err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			for _, i := range groups[instrument] {
				if out[i], err = s.take(ctx, tx, l, m, list[i], false); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func hears(l Link, n int) error {
	if !l.hears() {
		return fault.New(fault.Forbidden, "campus-direction", "这个连接不接收对方的占用：请在连接设置里改为“双向”。")
	}
	if n > maxBatch {
		return fault.New(fault.Invalid, "campus-many", "一次最多 {0} 条。", maxBatch)
	}
	return nil
}

func unknownInstrument(instrument string) *fault.Error {
	return fault.New(fault.Invalid, "campus-instrument", "没有把“{0}”对应到本平台的仪器，请先在连接页面上对应。", instrument)
}

// take writes one record down; force: it comes from a whole list that has no versions of its own.
func (s *Service) take(ctx context.Context, tx *db.Tx, l Link, m Map, r Record, force bool) (Answer, error) {
	now := s.Clock.Now()
	r = r.normal()
	a := Answer{ID: r.ID, Result: Refused, Why: r.check(now)}
	if a.Why != nil {
		return a, nil
	}
	if r.Key != "" {
		return s.ours(ctx, tx, l, a, r)
	}
	b := Busy{Holder: holderOf(l.ID, r.ID), Link: l.ID, Resource: m.Resource, Theirs: r.ID, Version: r.Version, Start: db.At(r.Start), End: db.At(r.End), State: Cancelled, Note: r.Note, At: db.At(now)}
	old, there, err := getBusy(ctx, tx, b.Holder)
	if err != nil {
		return a, err
	}
	if there && old.Resource != m.Resource {
		a.Why = fault.New(fault.Conflict, "record-moved", "编号 {0} 已经用于另一台仪器，请换一个编号。", r.ID)
		return a, nil
	}
	if force && there && r.Version > old.Version && old.State != Absent && old.State != Cancelled && old.Start.Equal(r.Start) && old.End.Equal(r.End) {
		old.Version, old.Note = r.Version, r.Note
		a.Result = Unchanged
		if old.State == Clash {
			a.Result = Clashes
		}
		return a, putBusy(ctx, tx, old)
	}
	if a.Result, a.Why = verdict(old, there, r); a.Result != Taken {
		return a, nil
	}
	if r.Cancelled {
		if !there { // remembered, so that an older record that comes late does not count
			b.Start, b.End = db.At(now), db.At(now.Add(time.Minute))
		} else {
			b.Start, b.End = old.Start, old.End
		}
		if err := s.Calendars.Release(ctx, tx, b.Holder); err != nil {
			return a, err
		}
		return a, putBusy(ctx, tx, b)
	}
	return s.stand(ctx, tx, l, m, b, old, a)
}

// stand gives a time of theirs its place in the calendar, or notes that it has none.
func (s *Service) stand(ctx context.Context, tx *db.Tx, l Link, m Map, b, old Busy, a Answer) (Answer, error) {
	b.State = Held
	_, err := s.Calendars.Occupy(ctx, tx, booking.Claim{Holder: b.Holder, Kind: booking.HeldElsewhere, Resource: m.Resource, Span: booking.Span{From: b.Start.Time, To: b.End.Time}})
	if fault.Is(err, "slot-taken") {
		b.State = Clash
		a.Result, a.Why = Clashes, fault.New(fault.Conflict, "slot-taken", "这段时间在本平台已有预约，没有占上。")
		if old.State != Clash {
			e := Clashed{Link: l.ID, Owner: l.Owner, Resource: m.Resource, NameZH: m.NameZH, NameEN: m.NameEN}
			if err := outbox.Publish(ctx, tx, b.At.Time, e); err != nil {
				return a, err
			}
		}
	} else if err != nil {
		return a, err
	}
	return a, putBusy(ctx, tx, b)
}

// ours answers a record that carries the key of a reservation of ours: known ones are ours, others are invented.
func (s *Service) ours(ctx context.Context, q db.Q, l Link, a Answer, r Record) (Answer, error) {
	c, ok, err := getClaim(ctx, q, r.Key)
	if err != nil {
		return a, err
	}
	if !ok || c.Link != l.ID {
		a.Why = fault.New(fault.Invalid, "record-key", "没有发出过编号为 {0} 的预留，这条记录不予采用。", r.Key)
		return a, nil
	}
	a.Result, a.Why = Own, nil
	return a, nil
}

// List is a whole list of theirs: all that is taken of an instrument in a span, as it was at a version.
type List struct {
	Instrument string
	Version    int64
	From       time.Time
	To         time.Time
	Records    []Record
}

// Replace takes in a whole list: what it does not have any more is given back, unless they told of it later than the list
// was made. A list older than one that was here changes nothing.
func (s *Service) Replace(ctx context.Context, l Link, x List) ([]Answer, error) {
	if err := hears(l, 0); err != nil {
		return nil, err
	}
	if len(x.Records) > 4*maxBatch {
		return nil, fault.New(fault.Invalid, "campus-many", "一次最多 {0} 条。", 4*maxBatch)
	}
	if !x.From.Before(x.To) || x.To.Sub(x.From) > 400*24*time.Hour || x.Version < 0 {
		return nil, fault.New(fault.Invalid, "campus-range", "请给出起止时间，先后有序，最长 {0} 天，版本号不小于 0。", 400)
	}
	m, ok, err := mapOf(ctx, s.DB, l.ID, strings.TrimSpace(x.Instrument))
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, unknownInstrument(x.Instrument)
	}
	return s.replace(ctx, l, m, x, false)
}

func (s *Service) replace(ctx context.Context, l Link, m Map, x List, force bool) ([]Answer, error) {
	out := make([]Answer, len(x.Records))
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.Calendars.Queue(ctx, tx, m.Resource); err != nil { // in the order in which bookings do
			return err
		}
		newer, err := wholeList(ctx, tx, m.Resource, x.Version)
		if err != nil {
			return err
		}
		if !newer {
			return fault.New(fault.Conflict, "list-old", "已经收到过更新的整表，这一份不再采用。")
		}
		if err := s.absent(ctx, tx, l, m, x); err != nil { // first: what is gone makes room for what came
			return err
		}
		for i, r := range x.Records {
			if out[i], err = s.take(ctx, tx, l, m, r, force); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// absent gives back what stands here of a span and is not in a whole list of it.
func (s *Service) absent(ctx context.Context, tx *db.Tx, l Link, m Map, x List) error {
	has, err := standing(ctx, tx, l.ID, m.Resource, x.From, x.To)
	if err != nil {
		return err
	}
	listed := map[string]bool{}
	for _, r := range x.Records {
		if !r.Cancelled {
			listed[holderOf(l.ID, strings.TrimSpace(r.ID))] = true
		}
	}
	for _, b := range has {
		if listed[b.Holder] || b.Version > x.Version {
			continue
		}
		if err := s.Calendars.Release(ctx, tx, b.Holder); err != nil {
			return err
		}
		b.State, b.At = Absent, db.At(s.Clock.Now())
		if err := putBusy(ctx, tx, b); err != nil {
			return err
		}
	}
	return nil
}

// Settle gives times of theirs their place that had none before, now that what stood in their way may be gone.
func (s *Service) Settle(ctx context.Context) error {
	var w db.Where
	w.And("state = ?", Clash)
	w.And("end_at > ?", db.Stamp(s.Clock.Now()))
	list, err := listBusy(ctx, s.DB, &w)
	if err != nil {
		return err
	}
	for _, x := range list {
		taken, err := s.Calendars.Taken(ctx, s.DB, []string{x.Resource}, x.Start.Time, x.End.Time)
		if err != nil || len(taken) > 0 {
			if err != nil {
				return err
			}
			continue // most clashes stand for days
		}
		err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			b, there, err := getBusy(ctx, tx, x.Holder)
			if err != nil || !there || b.State != Clash {
				return err
			}
			m, ok, err := mapOfResource(ctx, tx, b.Resource)
			if err != nil || !ok || m.Link != b.Link {
				return err
			}
			l, err := getLink(ctx, tx, b.Link)
			if err != nil {
				return err
			}
			_, err = s.stand(ctx, tx, l, m, b, b, Answer{})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
