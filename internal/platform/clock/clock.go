// Package clock gives the time to everything that needs it, so that tests can hold it still.
//
// Instants are kept and shown in UTC; which civil day an instant belongs to is decided in the
// region's zone (Asia/Shanghai, embedded, so that a machine without zone files decides alike).
package clock

import (
	"sync"
	"time"
	_ "time/tzdata" // the zone must be there on a bare machine
)

// Clock tells the time.
type Clock interface{ Now() time.Time }

// System is the machine's clock.
type System struct{}

// Now is the current instant in UTC, cut to milliseconds, which is what the database keeps.
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// Fake is a clock that moves only when told; safe for use by several goroutines.
type Fake struct {
	mu sync.Mutex
	t  time.Time
}

// NewFake starts a fake clock at t.
func NewFake(t time.Time) *Fake { return &Fake{t: t.UTC().Truncate(time.Millisecond)} }

// Now is the instant the fake stands at.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.t
}

// Advance moves the fake forward by d.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.t = f.t.Add(d)
}

// Set moves the fake to t.
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.t = t.UTC().Truncate(time.Millisecond)
}

// DateLayout is how a civil date is written everywhere: 2026-11-21.
const DateLayout = time.DateOnly

// Zone is the civil zone of every region served (China has one). It is read once; every call is cheap.
func Zone() *time.Location { return zone() }

var zone = sync.OnceValue(func() *time.Location {
	z, err := time.LoadLocation("Asia/Shanghai")
	if err != nil { // the embedded tzdata makes this unreachable; a fixed offset is the same zone since 1991
		return time.FixedZone("CST", 8*60*60)
	}
	return z
})

// Local is t on the region's wall clock.
func Local(t time.Time) time.Time { return t.In(Zone()) }

// Day is the civil date of t in the region's zone, as YYYY-MM-DD.
func Day(t time.Time) string { return Local(t).Format(DateLayout) }

// Midnight is the instant at which the civil date day (YYYY-MM-DD) begins.
func Midnight(day string) (time.Time, error) {
	return time.ParseInLocation(DateLayout, day, Zone())
}

// AddDays is the civil date n days after day; day must be a valid date.
func AddDays(day string, n int) (string, error) {
	t, err := time.Parse(DateLayout, day)
	if err != nil {
		return "", err
	}
	return t.AddDate(0, 0, n).Format(DateLayout), nil
}
