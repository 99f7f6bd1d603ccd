package workday

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"time"
)

//go:embed holidays/*.json
var files embed.FS

// Entry is one day that differs from the week's rule.
type Entry struct {
	Day    string // YYYY-MM-DD
	Name   string // 春节; or why a region adds it
	Off    bool   // true: a day off; false: a make-up working day
	Region string // six digits, or empty for the whole country
}

// Calendar knows the working days. The zero value knows weekends only.
type Calendar struct {
	years  map[int]bool     // years whose notice is known
	days   map[string]Entry // by day, for the region of this calendar
	local  []Entry          // entries of regions, sorted by the length of their prefix
	papers map[int][]string
}

// file is one file of holiday-cn.
type file struct {
	Year   int      `json:"year"`
	Papers []string `json:"papers"`
	Days   []struct {
		Name string `json:"name"`
		Date string `json:"date"`
		Off  *bool  `json:"isOffDay"`
	} `json:"days"`
}

// China is the calendar of the embedded notices, with newer ones from the *.json files of more
// folders (a later file of the same year replaces the earlier, so an operator can drop in 2027.json).
func China(more ...fs.FS) (*Calendar, error) {
	byYear := map[int]file{}
	sub, err := fs.Sub(files, "holidays")
	if err != nil {
		return nil, fmt.Errorf("workday: embedded calendar: %w", err)
	}
	for _, folder := range append([]fs.FS{sub}, more...) {
		if err := readFolder(folder, byYear); err != nil {
			return nil, err
		}
	}
	return build(byYear)
}

func readFolder(folder fs.FS, byYear map[int]file) error {
	names, err := fs.Glob(folder, "*.json")
	if err != nil {
		return fmt.Errorf("workday: list calendar files: %w", err)
	}
	for _, name := range names {
		raw, err := fs.ReadFile(folder, name)
		if err != nil {
			return fmt.Errorf("workday: read %s: %w", name, err)
		}
		var f file
		if err := json.Unmarshal(raw, &f); err != nil {
			return fmt.Errorf("workday: %s is not a holiday-cn file: %w", name, err)
		}
		if f.Year < 1949 || f.Year > 9999 {
			return fmt.Errorf("workday: %s has no year", name)
		}
		byYear[f.Year] = f
	}
	return nil
}

// build puts the years together, oldest first: where two notices name a day, the later one holds.
func build(byYear map[int]file) (*Calendar, error) {
	c := &Calendar{years: map[int]bool{}, days: map[string]Entry{}, papers: map[int][]string{}}
	years := make([]int, 0, len(byYear))
	for y := range byYear {
		years = append(years, y)
	}
	sort.Ints(years)
	for _, y := range years {
		f := byYear[y]
		if len(f.Days) > 0 {
			c.years[y], c.papers[y] = true, f.Papers
		}
		for _, d := range f.Days {
			if _, err := parse(d.Date); err != nil || d.Off == nil {
				return nil, fmt.Errorf("workday: calendar of %d: bad entry %q", y, d.Date)
			}
			c.days[d.Date] = Entry{Day: d.Date, Name: d.Name, Off: *d.Off}
		}
	}
	return c, nil
}

// With is the calendar with more entries of regions (or, with an empty region, of the country).
func (c *Calendar) With(entries ...Entry) (*Calendar, error) {
	n := &Calendar{years: c.years, papers: c.papers, days: copyOf(c.days), local: append([]Entry(nil), c.local...)}
	for _, e := range entries {
		if _, err := parse(e.Day); err != nil {
			return nil, err
		}
		if e.Region == "" {
			n.days[e.Day] = e
			continue
		}
		n.local = append(n.local, e)
	}
	sort.SliceStable(n.local, func(i, j int) bool { return len(prefix(n.local[i].Region)) < len(prefix(n.local[j].Region)) })
	return n, nil
}

// In is the calendar of a region: the country's, then its province's, city's and county's own
// entries, the nearer one holding.
func (c *Calendar) In(region string) *Calendar {
	n := &Calendar{years: c.years, papers: c.papers, days: copyOf(c.days), local: c.local}
	for _, e := range c.local {
		if strings.HasPrefix(region, prefix(e.Region)) {
			n.days[e.Day] = e
		}
	}
	return n
}

// prefix is the part of a region code that its sub-regions share: 33 of 330000, 3304 of 330400.
func prefix(region string) string {
	return strings.TrimSuffix(strings.TrimSuffix(region, "00"), "00")
}

func copyOf(days map[string]Entry) map[string]Entry {
	n := make(map[string]Entry, len(days))
	for k, v := range days {
		n[k] = v
	}
	return n
}

// Entry is the special entry of a day, if it has one.
func (c *Calendar) Entry(day string) (Entry, bool) {
	e, ok := c.days[day]
	return e, ok
}

// Papers are the addresses of the State Council's notices for a year; none while it is unknown.
func (c *Calendar) Papers(year int) []string { return c.papers[year] }

// Knows tells whether the notice of a year is known.
func (c *Calendar) Knows(year int) bool { return c.years[year] }

// Is tells whether a day is worked, and whether that is known or only guessed from the week. A day
// that is no date is not worked and not known.
func (c *Calendar) Is(day string) (working, known bool) {
	t, err := parse(day)
	if err != nil {
		return false, false
	}
	return c.is(t)
}

// newYearTail is the first day of December that a notice for the next year has ever moved (29
// December 2007 and 2018; every file from 2007 to 2026 was looked at).
const newYearTail = 29

func (c *Calendar) is(t time.Time) (working, known bool) {
	if e, ok := c.days[t.Format(time.DateOnly)]; ok {
		return !e.Off, true
	}
	known = c.years[t.Year()]
	if t.Month() == time.December && t.Day() >= newYearTail {
		known = known && c.years[t.Year()+1]
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday, known
}

// DayError is text that is no civil date.
type DayError struct{ Text string }

// Error names the text and the shape that is wanted.
func (e *DayError) Error() string {
	return fmt.Sprintf("%q is not a date; write it as 2026-11-21", e.Text)
}

func parse(day string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}, &DayError{Text: day}
	}
	return t, nil
}
