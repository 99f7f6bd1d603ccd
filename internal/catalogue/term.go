package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/region"
)

// What a region may choose for its check term.
const (
	minTermDays = 7
	maxTermDays = 1095
	maxSource   = 300
)

// dawn is the day before all: the first Turn of a node looks back so far.
const dawn = "2000-01-01"

// LoadTerms reads the check terms that regions have set; once a minute, since another process may have set one.
func (s *Service) LoadTerms(ctx context.Context) error {
	set, err := listTerms(ctx, s.DB)
	if err != nil {
		return err
	}
	terms := append(CheckTerms(), set...)
	s.terms.Store(&terms)
	return nil
}

// Terms are the check terms that concern what lies in a region: its own, those above it and those inside, the latest first.
func (s *Service) Terms(code string) []CheckTerm {
	var out []CheckTerm
	for _, t := range *s.terms.Load() {
		if t.Region == "" || region.Within(code, t.Region) || region.Within(t.Region, code) {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b CheckTerm) int {
		return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(b.Since, a.Since))
	})
	return out
}

// SetTerm sets how long a confirmation of a record holds in a region from a day on, today or later, and whether a second
// person reads a record there before it is published.
func (s *Service) SetTerm(ctx context.Context, sub identity.Subject, t CheckTerm) error {
	if err := s.Policy.Can(sub, "resource.set-term", identity.Object{Region: t.Region}); err != nil {
		return err
	}
	if t.Source = strings.TrimSpace(t.Source); t.Since == "" {
		t.Since = s.today()
	}
	if err := s.checkTerm(t); err != nil {
		return err
	}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := s.Clock.Now()
		if err := putTerm(ctx, tx, t, sub, db.At(now)); err != nil {
			return err
		}
		if t.Since == s.today() { // its records are seen anew at once; for a later day Turn does it
			ids, err := checkedIn(ctx, tx, t.Region)
			if err != nil {
				return err
			}
			if err := publishTurned(ctx, tx, now, ids); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: "resource.set-term", Kind: "region", ID: t.Region, Data: []any{t.Since, t.Days, t.Warn, t.Again, t.Review}})
	})
	if err != nil {
		return err
	}
	return s.LoadTerms(ctx)
}

func (s *Service) checkTerm(t CheckTerm) error {
	bad := fault.New(fault.Invalid, "term-invalid", "核对期限没有保存，请按提示更正。")
	if path := s.Orgs.RegionPath(t.Region); path == t.Region || !region.Within(t.Region, s.Root) {
		bad.Field("region", "unknown-region", "请填写本地区或其下的六位行政区划代码。")
	}
	if t.Days < minTermDays || t.Days > maxTermDays {
		bad.Field("days", "out-of-range", "请填写 {0} 到 {1} 之间的天数。", minTermDays, maxTermDays)
	}
	if t.Warn < 1 || t.Warn >= max(t.Days, 2) {
		bad.Field("warn", "out-of-range", "提前提醒的天数应在 1 和期限之间。")
	}
	if t.Again < 1 || t.Again > max(t.Days, 1) {
		bad.Field("again", "out-of-range", "再次提醒的间隔应在 1 天和期限之间。")
	}
	if t.Since < s.today() {
		bad.Field("since", "in-the-past", "生效日期不能早于今天。")
	}
	if n := len([]rune(t.Source)); n == 0 {
		bad.Field("source", "required", "请填写这一项。")
	} else if n > maxSource {
		bad.Field("source", "too-long", "有 {0} 个字，最多 {1} 个字。", n, maxSource)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Turn tells the search, with the event ResourceTurned, which records the days since the last time have changed: a price has
// come into force or lapsed, a confirmation has grown old, a region's term has begun.
func (s *Service) Turn(ctx context.Context) error {
	if err := s.LoadTerms(ctx); err != nil {
		return err
	}
	today := s.today()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		last, err := turnedDay(ctx, tx)
		if err != nil || last == today {
			return err
		}
		ids, err := s.turned(ctx, tx, cmp.Or(last, dawn), today)
		if err != nil {
			return err
		}
		if err := publishTurned(ctx, tx, s.Clock.Now(), ids); err != nil {
			return err
		}
		return setTurnedDay(ctx, tx, today)
	})
}

// turned are the live records of which something derived may differ on two days.
func (s *Service) turned(ctx context.Context, q db.Q, last, today string) ([]string, error) {
	ids, err := repriced(ctx, q, last, today)
	if err != nil {
		return nil, err
	}
	for _, t := range *s.terms.Load() {
		if t.Since > today {
			continue
		}
		var more []string
		if t.Since > last {
			more, err = checkedIn(ctx, q, t.Region)
		} else {
			more, err = s.aged(ctx, q, t, last, today)
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// aged are the records in the region of a term that have passed one of its seams between two days.
func (s *Service) aged(ctx context.Context, q db.Q, t CheckTerm, last, today string) ([]string, error) {
	stale0, due0, err := t.seams(last)
	if err != nil {
		return nil, fmt.Errorf("find the days of the check term: %w", err)
	}
	stale1, due1, err := t.seams(today)
	if err != nil {
		return nil, fmt.Errorf("find the days of the check term: %w", err)
	}
	var w db.Where
	w.And("status IN ('published', 'suspended')")
	w.And("checked_on <> '' AND ((checked_on >= ? AND checked_on < ?) OR (checked_on >= ? AND checked_on < ?))", stale0, stale1, due0, due1)
	return idsIn(ctx, q, &w, t.Region)
}

// checkedIn are the live records of a region that were ever confirmed.
func checkedIn(ctx context.Context, q db.Q, code string) ([]string, error) {
	var w db.Where
	w.And("status IN ('published', 'suspended')")
	w.And("checked_on <> ''")
	return idsIn(ctx, q, &w, code)
}

func publishTurned(ctx context.Context, tx *db.Tx, now time.Time, ids []string) error {
	for part := range slices.Chunk(ids, chunk) {
		events := make([]ResourceTurned, len(part))
		for i, x := range part {
			events[i] = ResourceTurned{x}
		}
		if err := outbox.PublishAll(ctx, tx, now, events); err != nil {
			return err
		}
	}
	return nil
}
