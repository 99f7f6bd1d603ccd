package voucher

import (
	"time"

	"qiao/internal/platform/clock"
)

// year is the civil year of a civil day.
func year(day string) string { return day[:min(4, len(day))] }

// daysUntil is the number of days from one civil day to another; negative when it has passed.
func daysUntil(from, to string) int {
	a, errA := time.Parse(clock.DateLayout, from)
	b, errB := time.Parse(clock.DateLayout, to)
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}
