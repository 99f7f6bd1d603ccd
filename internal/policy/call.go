package policy

import (
	"slices"
	"strings"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/id"
	"qiao/internal/platform/textindex/fold"
)

// Call is a call for proposals.
type Call struct {
	ID           string `db:"id"`
	Title        string `db:"title"`
	Agency       string `db:"agency"`        // who calls
	Published    string `db:"published"`     // civil date; empty when the source gives none
	Deadline     string `db:"deadline"`      // civil date, the last day; empty when the source gives none
	PublishedRaw string `db:"published_raw"` // as the source wrote it
	DeadlineRaw  string `db:"deadline_raw"`
	Flags        string `db:"flags"`  // what is wrong with the row, see Flag…, separated by spaces
	Source       string `db:"source"` // where the record comes from
	SourceID     string `db:"source_id"`
	Licence      string `db:"licence"`
	RetrievedOn  string `db:"retrieved_on"` // civil date
	Search       string `db:"search"`       // title and agency, folded; set by New
}

// What may be wrong with a call as its source has it.
const (
	FlagPublished = "bad-published" // no readable day of publication
	FlagDeadline  = "bad-deadline"  // no readable deadline
	FlagBackwards = "closes-first"  // it closes before it was published
	FlagCut       = "cut-title"     // the title was cut by the source
)

// The states of a call on a day.
const (
	Open    = "open"    // its deadline is today or later
	Closed  = "closed"  // its deadline has passed
	Unknown = "unknown" // it has no readable deadline
)

// States are all states, as the page offers them.
func States() []string { return []string{Open, Closed, Unknown} }

// Record is a call as a source has it.
type Record struct {
	Source, SourceID, Licence, RetrievedOn string
	Title, Agency, Published, Deadline     string
}

// NewCall takes a record in: its id, its readable dates, what is wrong with it, and its search text.
func NewCall(r Record) Call {
	c := Call{
		ID:    id.From("policy", "call", r.Source, r.SourceID),
		Title: strings.TrimSpace(r.Title), Agency: strings.TrimSpace(r.Agency),
		Published: date(r.Published), Deadline: date(r.Deadline),
		PublishedRaw: r.Published, DeadlineRaw: r.Deadline,
		Source: r.Source, SourceID: r.SourceID, Licence: r.Licence, RetrievedOn: r.RetrievedOn,
	}
	c.Search = fold.Text(c.Title + " " + c.Agency)
	var flags []string
	if c.Published == "" || c.Published != r.Published {
		flags = append(flags, FlagPublished)
	}
	if c.Deadline == "" || c.Deadline != r.Deadline {
		flags = append(flags, FlagDeadline)
	}
	if c.Published != "" && c.Deadline != "" && c.Deadline < c.Published {
		flags = append(flags, FlagBackwards)
	}
	if strings.HasSuffix(c.Title, "...") || strings.HasSuffix(c.Title, "…") {
		flags = append(flags, FlagCut)
	}
	c.Flags = strings.Join(flags, " ")
	return c
}

// date reads a civil date, also one without leading zeros (2014-2-21); anything else is "".
func date(s string) string {
	t, err := time.Parse("2006-1-2", strings.TrimSpace(s))
	if err != nil || t.Year() < 1949 {
		return ""
	}
	return t.Format(clock.DateLayout)
}

// Has tells whether a flag is set.
func (c Call) Has(flag string) bool { return slices.Contains(strings.Fields(c.Flags), flag) }

// State is the call's state on a day (YYYY-MM-DD). One that closes before it was published is unknown:
// one of its dates is wrong.
func (c Call) State(today string) string {
	switch {
	case c.Deadline == "" || c.Has(FlagBackwards):
		return Unknown
	case c.Deadline < today:
		return Closed
	}
	return Open
}

// historic is after how many years a call is history, whatever its deadline.
const historic = 2

// Historic tells whether a call is old: published, or closed, more than two years before today.
func (c Call) Historic(today string) bool {
	t, err := time.Parse(clock.DateLayout, today)
	if err != nil {
		return false
	}
	last := max(c.Published, c.Deadline)
	return last != "" && last < t.AddDate(-historic, 0, 0).Format(clock.DateLayout)
}
