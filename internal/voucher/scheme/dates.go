package scheme

import (
	"fmt"
	"time"

	"qiao/internal/platform/clock"
)

// Expires is the last civil day on which a grant issued on the given day is valid. Months end on the day of the
// same number, or on the last day of a shorter month: issued on 30 November for three months, valid to 28 February.
func (v Validity) Expires(issued string) (string, error) {
	t, err := time.Parse(clock.DateLayout, issued)
	if err != nil {
		return "", fmt.Errorf("day of issue: %w", err)
	}
	if v.EndOfYear {
		return fmt.Sprintf("%04d-12-31", t.Year()), nil
	}
	first := time.Date(t.Year(), t.Month()+time.Month(v.Months), 1, 0, 0, 0, 0, time.UTC)
	lastDay := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), lastDay)-1).Format(clock.DateLayout), nil
}

// valid tells whether a validity says one thing only.
func (v Validity) valid() bool {
	return v.EndOfYear != (v.Months > 0) && v.Months >= 0 && v.Months <= 120
}

// NoticeDays gives the first and last day of a public notice and the first day on which may be paid. Days are
// natural days; the day of publication does not count, as in 《民法典》第二百零一条. Zero days: paid the same day.
func NoticeDays(published string, days int) (from, to, payable string, err error) {
	to, err = clock.AddDays(published, days)
	if err != nil {
		return "", "", "", fmt.Errorf("day of publication: %w", err)
	}
	if days == 0 {
		return published, to, published, nil
	}
	payable, err = clock.AddDays(to, 1)
	return published, to, payable, err
}
