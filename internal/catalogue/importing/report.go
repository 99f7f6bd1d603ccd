package importing

import (
	"io"

	"qiao/internal/platform/db"
	"qiao/internal/platform/state"
)

// The states of an import.
const (
	StatusRunning   = "running"   // rows go in; where it was cut off, a worker goes on with it
	StatusCancelled = "cancelled" // stopped by a person; what is in stays in
	StatusFailed    = "failed"    // the file could not be read to its end
	StatusDone      = "done"
)

// Table is every move of an import; "system" is the program itself.
var Table = state.Table{
	{From: StatusRunning, Verb: "cancel", To: StatusCancelled, Who: []string{"owner"}},
	{From: StatusRunning, Verb: "finish", To: StatusDone, Who: []string{"system"}},
	{From: StatusRunning, Verb: "fail", To: StatusFailed, Who: []string{"system"}},
	{From: StatusCancelled, Verb: "resume", To: StatusRunning, Who: []string{"owner"}},
	{From: StatusFailed, Verb: "resume", To: StatusRunning, Who: []string{"owner"}},
}

// UndoTable is every move of the undoing of an import that no longer runs.
var UndoTable = state.Table{
	{From: "", Verb: "undo", To: UndoRunning, Who: []string{"owner"}},
	{From: UndoRunning, Verb: "finish", To: UndoDone, Who: []string{"system"}},
}

// Request is a file of resources to take in.
type Request struct {
	Org     string // whose resources
	Format  string // one of Formats forces a format; "", "xlsx", "csv", "tsv": the headings decide
	Kind    string // forces a kind; "" = the template's
	Mapping string // id or name of a mapping that the owner has saved
	Name    string // of the file, for the report
	Reader  io.Reader
	DryRun  bool // report what would happen, change nothing
	Ask     bool // where columns are not understood, keep the file as a draft instead of refusing it or leaving them out
	Behind  bool // a large file is taken in by the worker, and the report comes back at once

	Source      string // the register the file is from; "" = the owner's own list
	Licence     string // of that register
	RetrievedOn string // civil day

	Progress func(done, total int) // may be nil; a total of 0 is not known
}

// Report is what an import did. Every row of the file is counted once: Total = Accepted + Updated + Unchanged + Rejected.
type Report struct {
	ID        string
	Org       string
	Person    string
	Name      string
	SHA256    string
	Size      int64  // bytes
	Format    string // template recognised; FormatMapping for columns that the owner has explained
	Kind      string
	Status    string
	DryRun    bool
	Total     int64
	Accepted  int64 // rows that are new
	Updated   int64 // rows that changed something
	Unchanged int64 // rows that were in already
	Rejected  int64 // rows with an error
	Expected  int64 // rows the file may have; 0: not known
	Reached   int64 // number of the last row that is in
	Headings  []string
	Ignored   []string
	Errors    []RowError
	Failure   string // why it failed, in Chinese
	At        db.Time
	EndedAt   db.Time
	Undo      *Undo // it was taken back

	Source, Licence, RetrievedOn string
	plan                         Plan
	subject                      actor
}

// RowError is one thing wrong with one row.
type RowError struct {
	Row    int64  // as the spreadsheet program numbers it
	Column string // heading as in the file; empty: the whole row
	Code   string // stable
	Text   string // Chinese sentence with {0} places
	Args   []any
}

// actor is who acts, as the worker needs it later.
type actor struct{ Person, Org string }
