package exchange

import (
	"net/url"
	"strings"

	"qiao/internal/platform/db"
	"qiao/internal/platform/state"
)

// Source is a repository that is harvested.
type Source struct {
	ID        string      `db:"id"`
	Name      string      `db:"name"`
	Address   string      `db:"address"`
	Prefix    string      `db:"prefix"`
	Subset    string      `db:"subset"`
	Region    string      `db:"region"`
	Licence   string      `db:"licence"`
	Hours     int64       `db:"hours"`
	Active    bool        `db:"active"`
	Since     string      `db:"since"`
	Due       db.NullTime `db:"due"`
	CreatedAt db.Time     `db:"created_at"`
}

// Prefixes are the metadata formats we can read, the best first.
func Prefixes() []string { return []string{"qiao", "pidinst", "oai_dc"} }

// Label names the source in the catalogue: host and path of its address. It is part of every record's origin and never changes.
func (s Source) Label() string {
	u, err := url.Parse(s.Address)
	if err != nil {
		return s.Address
	}
	return u.Host + strings.TrimSuffix(u.Path, "/")
}

// The states of a harvest.
const (
	RunRunning  = "running"
	RunStopping = "stopping" // somebody has asked it to stop; it does so between two pages
	RunDone     = "done"
	RunFailed   = "failed"
	RunStopped  = "stopped"
	RunUndoing  = "undoing"
	RunUndone   = "undone"
)

// RunTable is every move of a harvest; the side "courier" is the program itself.
var RunTable = state.Table{
	{From: RunRunning, Verb: "finish", To: RunDone, Who: []string{"courier"}},
	{From: RunStopping, Verb: "finish", To: RunDone, Who: []string{"courier"}},
	{From: RunRunning, Verb: "fail", To: RunFailed, Who: []string{"courier"}},
	{From: RunStopping, Verb: "fail", To: RunFailed, Who: []string{"courier"}},
	{From: RunRunning, Verb: "stop", To: RunStopping, Who: []string{"operator"}},
	{From: RunStopping, Verb: "halt", To: RunStopped, Who: []string{"courier"}},
	{From: RunStopped, Verb: "resume", To: RunRunning, Who: []string{"operator"}},
	{From: RunFailed, Verb: "resume", To: RunRunning, Who: []string{"operator"}},
	{From: RunDone, Verb: "undo", To: RunUndoing, Who: []string{"operator"}},
	{From: RunFailed, Verb: "undo", To: RunUndoing, Who: []string{"operator"}},
	{From: RunStopped, Verb: "undo", To: RunUndoing, Who: []string{"operator"}},
	{From: RunUndoing, Verb: "finish", To: RunUndone, Who: []string{"courier"}},
}

// Run is one harvest of a source.
type Run struct {
	ID        string      `db:"id"`
	Source    string      `db:"source"`
	Person    string      `db:"person"`
	State     string      `db:"state"`
	Since     string      `db:"since"`
	Answered  string      `db:"answered"`
	Token     string      `db:"token"`
	Pages     int64       `db:"pages"`
	Added     int64       `db:"added"`
	Updated   int64       `db:"updated"`
	Unchanged int64       `db:"unchanged"`
	Removed   int64       `db:"removed"`
	Refused   int64       `db:"refused"`
	Own       int64       `db:"own"`
	Failure   string      `db:"failure"`
	Detail    string      `db:"detail"`
	StartedAt db.Time     `db:"started_at"`
	MovedAt   db.Time     `db:"moved_at"`
	EndedAt   db.NullTime `db:"ended_at"`
}

// Busy tells whether the harvest is under way.
func (r Run) Busy() bool {
	return r.State == RunRunning || r.State == RunStopping || r.State == RunUndoing
}

// Seen is how many records came.
func (r Run) Seen() int64 { return r.Added + r.Updated + r.Unchanged + r.Removed + r.Refused + r.Own }

// Fault is a record that was not taken in.
type Fault struct {
	Run        string `db:"run"`
	Position   int64  `db:"position"`
	Identifier string `db:"identifier"`
	Field      string `db:"field"`
	Code       string `db:"code"`
	Text       string `db:"text"`
	Args       string `db:"args"`
}

// taken is exchange_taken.
type taken struct {
	Source     string `db:"source" json:"source"`
	Identifier string `db:"identifier" json:"identifier"`
	Resource   string `db:"resource" json:"resource"`
	Owner      string `db:"owner" json:"owner"`
	Kind       string `db:"kind" json:"kind"`
	Datestamp  string `db:"datestamp" json:"datestamp"`
	Digest     string `db:"digest" json:"digest"`
	Deleted    bool   `db:"deleted" json:"deleted"`
	FirstBase  string `db:"first_base" json:"first_base"`
	FirstID    string `db:"first_id" json:"first_id"`
}

// firstOrigin is where a harvested record was published first.
type firstOrigin struct {
	Resource   string `db:"resource"`
	Base       string `db:"base"`
	Identifier string `db:"identifier"`
	Datestamp  string `db:"datestamp"`
}
