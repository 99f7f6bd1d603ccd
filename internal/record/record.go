package record

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
)

// Entry is what is said of one service, whichever way it comes.
type Entry struct {
	OwnNumber string      `db:"own_number" json:"own_number"` // the owner's own number of the record, may be empty
	Resource  string      `db:"resource" json:"resource"`     // id of the instrument
	User      string      `db:"user_name" json:"user"`        // organisation, or person where there is none
	USCC      string      `db:"uscc" json:"uscc"`
	Inside    bool        `db:"inside" json:"inside"` // of the owner's own unit
	Applicant string      `db:"applicant" json:"applicant"`
	Phone     string      `db:"phone" json:"phone"`
	Email     string      `db:"email" json:"email"`
	Ways      string      `db:"ways" json:"ways"` // codes with commas
	Content   string      `db:"content" json:"content"`
	Project   string      `db:"project" json:"project"`
	Incomes   string      `db:"incomes" json:"incomes"` // codes with commas
	Areas     string      `db:"areas" json:"areas"`     // names with commas
	Research  string      `db:"research" json:"research"`
	Start     db.Time     `db:"start_at" json:"start"`
	End       db.NullTime `db:"end_at" json:"end"`
	Timed     bool        `db:"timed" json:"timed"` // the time of day is known
	Hours     int64       `db:"hours" json:"hours"` // hundredths of an hour, without idle running
	Samples   int64       `db:"samples" json:"samples"`
	Fee       money.Fen   `db:"fee" json:"fee"`
	Contract  string      `db:"contract" json:"contract"`
	Invoice   string      `db:"invoice" json:"invoice"`
	Report    string      `db:"report" json:"report"`
	Opinion   string      `db:"opinion" json:"opinion"`
	Note      string      `db:"note" json:"note"`
}

// Record is one service as it is kept.
type Record struct {
	ID          string `db:"id"`
	Owner       string `db:"owner"`
	Region      string `db:"region"`
	Serial      int64  `db:"serial"`
	Source      string `db:"source"`
	Order       string `db:"order_id"`
	OrderNumber string `db:"order_number"`
	Upload      string `db:"upload"`
	ResourceZH  string `db:"resource_zh"`
	ResourceEN  string `db:"resource_en"`
	Instrument  string `db:"instrument"` // the owner's own number of the instrument
	UserKey     string `db:"user_key"`
	Org         string `db:"org"`
	Day         string `db:"day"`
	Digest      string `db:"digest"`
	State       string `db:"state"`
	Revision    int64  `db:"revision"`
	Person      string `db:"person"`
	Invented    bool   `db:"invented"`
	Entry
	CreatedAt db.Time `db:"created_at"`
	UpdatedAt db.Time `db:"updated_at"`
}

// Number is what people say of a record: its serial within the owner.
func (r Record) Number() string { return fmt.Sprintf("FW%06d", r.Serial) }

// Step is one thing that happened to a record after it was made.
type Step struct {
	ID       string  `db:"id"`
	Record   string  `db:"record"`
	Position int64   `db:"position"`
	At       db.Time `db:"at"`
	Side     string  `db:"side"`
	Person   string  `db:"person"`
	Org      string  `db:"org"`
	Verb     string  `db:"verb"`
	From     string  `db:"from_state"`
	To       string  `db:"to_state"`
	Reason   string  `db:"reason"`
	Changes  string  `db:"changes"` // JSON list of Change
}

// Change is one field that a correction changed.
type Change struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// list cuts codes.
func list(codes string) []string {
	if codes == "" {
		return nil
	}
	return strings.Split(codes, ",")
}

// digest is the same for the same service told the same way.
func (e Entry) digest() string {
	b, err := json.Marshal(e)
	if err != nil { // an Entry has texts and numbers only
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// userKey tells users apart: by the code, by what is known here, else by the name as it is compared.
func userKey(org, uscc, name string) string {
	switch {
	case uscc != "":
		return "c:" + uscc
	case org != "":
		return "o:" + org
	}
	return "n:" + plainName(name)
}

// settle derives what follows from the entry; code is that of the user's organisation where it is known here.
func (r *Record) settle(code string) {
	r.Day = clock.Day(r.Start.Time)
	r.UserKey = userKey(r.Org, cmp.Or(r.USCC, code), r.User)
}

// Hundredths are the hours of some minutes, half a hundredth counted in full.
func Hundredths(minutes int64) int64 { return hundredths(minutes) }

func hundredths(minutes int64) int64 { return (minutes*100 + 30) / 60 }

// hoursText writes hundredths of an hour: 150 is 1.5.
func hoursText(h int64) string {
	s := fmt.Sprintf("%d.%02d", h/100, h%100)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// timeText writes when a service was given, as the national format has it: a day, or a stretch.
func (e Entry) timeText() string {
	const minute = "2006-01-02 15:04"
	from := clock.Local(e.Start.Time)
	layout := clock.DateLayout
	if e.Timed {
		layout = minute
	}
	out := from.Format(layout)
	if !e.End.IsZero() && !e.End.Equal(e.Start.Time) {
		out += "至" + clock.Local(e.End.Time).Format(layout) //i18n:data between two times in the national format
	}
	return out
}

// sayTime writes when a service was given for people, in either language.
func (e Entry) sayTime() string {
	from, to := clock.Local(e.Start.Time), clock.Local(e.End.Time)
	layout := clock.DateLayout
	if e.Timed {
		layout += " 15:04"
	}
	out := from.Format(layout)
	switch {
	case e.End.IsZero() || e.End.Equal(e.Start.Time):
		return out
	case e.Timed && clock.Day(e.Start.Time) == clock.Day(e.End.Time):
		return out + "–" + to.Format("15:04")
	}
	return out + " – " + to.Format(layout)
}

// length is how long the stretch is; 0 where its end or the time of day is not known.
func (e Entry) length() time.Duration {
	if !e.Timed || e.End.IsZero() {
		return 0
	}
	return e.End.Sub(e.Start.Time)
}
