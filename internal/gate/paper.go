package gate

import (
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/state"
)

// The states of a paper.
const (
	Asked     = "asked"     // training: wanted
	Offered   = "offered"   // training: a date has been named
	Attended  = "attended"  // training: took part
	Sent      = "sent"      // other papers: waits to be checked
	Granted   = "granted"   // holds in its days
	Refused   = "refused"   // not given
	Withdrawn = "withdrawn" // taken back by the person
	Revoked   = "revoked"   // taken away by the provider
)

// The sides of a paper.
const (
	Holder   = "holder"
	Provider = "provider"
)

// The verbs of a paper.
const (
	VerbOffer    = "offer"
	VerbAttend   = "attend"
	VerbGrant    = "grant"
	VerbRefuse   = "refuse"
	VerbRevoke   = "revoke"
	VerbWithdraw = "withdraw"
)

// Table is the life of a paper.
func Table() state.Table {
	staff, self := []string{Provider}, []string{Holder}
	return state.Table{
		{From: Asked, Verb: VerbOffer, To: Offered, Who: staff},
		{From: Asked, Verb: VerbGrant, To: Granted, Who: staff}, // trained before it was kept here
		{From: Asked, Verb: VerbRefuse, To: Refused, Who: staff},
		{From: Asked, Verb: VerbWithdraw, To: Withdrawn, Who: self},
		{From: Offered, Verb: VerbAttend, To: Attended, Who: staff},
		{From: Offered, Verb: VerbOffer, To: Offered, Who: staff},
		{From: Offered, Verb: VerbRefuse, To: Refused, Who: staff},
		{From: Offered, Verb: VerbWithdraw, To: Withdrawn, Who: self},
		{From: Attended, Verb: VerbGrant, To: Granted, Who: staff},
		{From: Attended, Verb: VerbRefuse, To: Refused, Who: staff},
		{From: Sent, Verb: VerbGrant, To: Granted, Who: staff},
		{From: Sent, Verb: VerbRefuse, To: Refused, Who: staff},
		{From: Sent, Verb: VerbWithdraw, To: Withdrawn, Who: self},
		{From: Granted, Verb: VerbRevoke, To: Revoked, Who: staff},
	}
}

// open tells whether somebody still has to act on a paper.
func open(st string) bool { return st == Asked || st == Offered || st == Attended || st == Sent }

// Paper is a training, certificate or approval of a person at one provider.
type Paper struct {
	ID        string      `db:"id"`
	Person    string      `db:"person"`
	Org       string      `db:"org"`
	Provider  string      `db:"provider"`
	Region    string      `db:"region"`
	Kind      string      `db:"kind"`
	Name      string      `db:"name"`
	Number    string      `db:"number"`
	File      string      `db:"file"`
	SHA256    string      `db:"sha256"`
	Size      int64       `db:"size"`
	State     string      `db:"state"`
	Meet      db.NullTime `db:"meet_at"`
	Place     string      `db:"place"`
	Note      string      `db:"note"`
	From      string      `db:"valid_from"`
	To        string      `db:"valid_to"`
	CheckedBy string      `db:"checked_by"`
	Reminded  string      `db:"reminded"`
	Invented  bool        `db:"invented"`
	Revision  int64       `db:"revision"`
	CreatedAt db.Time     `db:"created_at"`
	UpdatedAt db.Time     `db:"updated_at"`
}

// check is what a new paper must be by itself.
func (p Paper) check(today string) error {
	bad := fault.New(fault.Invalid, "gate-paper", "还差一点：请按提示补充。")
	if n := utf8.RuneCountInString(p.Name); n == 0 || n > 100 {
		bad.Field("name", "required", "请写明是什么培训或证书，最多 {0} 个字。", 100)
	}
	if utf8.RuneCountInString(p.Note) > 500 {
		bad.Field("note", "long", "最多 {0} 个字。", 500)
	}
	if p.Kind != Training {
		if n := utf8.RuneCountInString(p.Number); n == 0 || n > 100 {
			bad.Field("number", "required", "请填写证书或批件上的编号。")
		}
		if p.SHA256 == "" {
			bad.Field("file", "required", "请上传证书或批件的扫描件。")
		}
		if p.From == "" {
			bad.Field("from", "required", "请填写证书或批件的生效日期。")
		}
		switch {
		case p.To != "" && p.To < p.From:
			bad.Field("to", "order", "最后一天不能早于第一天。")
		case p.To != "" && p.To < today:
			bad.Field("to", "past", "这份证书或批件已经过期。")
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Request is what comes with a verb.
type Request struct {
	Note  string
	Place string    // offer
	Meet  time.Time // offer
	To    string    // grant: last civil day; empty: by the rule, or as on the paper
	Key   string
}

func (r Request) check(verb string, p Paper, now time.Time) error {
	bad := fault.New(fault.Invalid, "gate-step", "还差一点：请按提示补充。")
	if utf8.RuneCountInString(r.Note) > 500 {
		bad.Field("note", "long", "最多 {0} 个字。", 500)
	}
	switch verb {
	case VerbOffer:
		if r.Meet.IsZero() {
			bad.Field("meet", "required", "请填写培训的日期和时间。")
		} else if !r.Meet.After(now) {
			bad.Field("meet", "past", "请填现在之后的时间。")
		}
		if n := utf8.RuneCountInString(strings.TrimSpace(r.Place)); n == 0 || n > 100 {
			bad.Field("place", "required", "请填写培训的地点。")
		}
	case VerbAttend:
		if p.Meet.After(now) {
			bad.Field("note", "early", "约定的培训时间还没有到；提前办理请先改约。")
		}
	case VerbGrant:
		if r.To != "" && r.To < clock.Day(now) {
			bad.Field("to", "past", "请填今天或以后的日期。")
		}
	case VerbRefuse, VerbRevoke:
		if strings.TrimSpace(r.Note) == "" {
			bad.Field("note", "required", "请写明理由，对方会看到。")
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}
