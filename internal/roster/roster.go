package roster

import (
	"context"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/state"
)

// What standing on a list means.
const (
	Credential = "credential" // a qualification
	Ban        = "ban"        // shut out
)

// List is one roster.
type List struct {
	ID        string  `db:"id"`
	Code      string  `db:"code"` // what terms and programs name it by: tech-sme
	NameZH    string  `db:"name_zh"`
	NameEN    string  `db:"name_en"`
	Kind      string  `db:"kind"`   // Credential or Ban
	Issuer    string  `db:"issuer"` // who decides who stands on it
	Source    string  `db:"source"` // the document behind it
	Region    string  `db:"region"` // whose firms it lists, six digits
	Owner     string  `db:"owner"`  // organisation that keeps it
	Open      bool    `db:"open"`   // everybody may see who stands on it
	Sample    bool    `db:"sample"`
	Revision  int64   `db:"revision"`
	CreatedAt db.Time `db:"created_at"`
	UpdatedAt db.Time `db:"updated_at"`

	Rules []Rule // newest first
}

func (l List) name(ctx context.Context) string { return i18n.Pick(ctx, l.NameZH, l.NameEN) }

func (l List) object() identity.Object {
	return identity.Object{Parties: map[string]string{"owner": l.Owner}, Region: l.Region}
}

// The states of an entry.
const (
	StateNone    = "none"    // nobody of that name is here yet
	StateOpen    = "open"    // it may mean an organisation: a person has to look
	StateMatched = "matched" // it means an organisation
	StateParted  = "parted"  // a person has said that it means nobody here
	StateRemoved = "removed" // taken off the list
)

// Entries is the life of an entry. The system adds and compares; a person decides what is not sure.
var Entries = state.Table{
	{From: "", Verb: "add", To: StateNone, Who: []string{"system"}},
	{From: StateNone, Verb: "match", To: StateMatched, Who: []string{"system", "authority"}},
	{From: StateNone, Verb: "suggest", To: StateOpen, Who: []string{"system"}},
	{From: StateOpen, Verb: "match", To: StateMatched, Who: []string{"system", "authority"}},
	{From: StateOpen, Verb: "part", To: StateParted, Who: []string{"authority"}},
	{From: StateMatched, Verb: "part", To: StateParted, Who: []string{"authority"}},
	{From: StateParted, Verb: "match", To: StateMatched, Who: []string{"authority"}},
	{From: StateNone, Verb: "remove", To: StateRemoved, Who: []string{"system", "authority"}},
	{From: StateOpen, Verb: "remove", To: StateRemoved, Who: []string{"system", "authority"}},
	{From: StateMatched, Verb: "remove", To: StateRemoved, Who: []string{"system", "authority"}},
	{From: StateParted, Verb: "remove", To: StateRemoved, Who: []string{"system", "authority"}},
	{From: StateRemoved, Verb: "restore", To: StateNone, Who: []string{"system"}}, // it stands in a newer file again
}

// Entry is one line of a list.
type Entry struct {
	ID         string  `db:"id"`
	List       string  `db:"list"`
	Name       string  `db:"name"`
	Folded     string  `db:"folded"`
	Former     string  `db:"former"` // one a line
	USCC       string  `db:"uscc"`
	Number     string  `db:"number"`
	From       string  `db:"valid_from"`
	To         string  `db:"valid_to"`
	Derived    bool    `db:"derived"` // To follows from the list's rule
	Evidence   string  `db:"evidence"`
	Org        string  `db:"org"`
	State      string  `db:"state"`
	Reason     string  `db:"reason"`
	Confidence int64   `db:"confidence"`
	Note       string  `db:"note"`
	Import     string  `db:"import"`
	Revision   int64   `db:"revision"`
	CreatedAt  db.Time `db:"created_at"`
	UpdatedAt  db.Time `db:"updated_at"`
}

// formers are the names it had before.
func (e Entry) formers() []string {
	return strings.FieldsFunc(e.Former, func(r rune) bool { return r == '\n' })
}

// On tells whether the entry holds on a civil day.
func (e Entry) On(day string) bool {
	return e.State != StateRemoved && (e.From == "" || e.From <= day) && (e.To == "" || day <= e.To)
}

// Membership is what an organisation stands on, with the evidence.
type Membership struct {
	List       string `db:"list"`
	Code       string `db:"code"`
	NameZH     string `db:"name_zh"`
	NameEN     string `db:"name_en"`
	Kind       string `db:"kind"`
	Issuer     string `db:"issuer"`
	Source     string `db:"source"`
	Region     string `db:"region"`
	Open       bool   `db:"open"`
	Sample     bool   `db:"sample"`
	Entry      string `db:"entry"`
	Number     string `db:"number"`
	From       string `db:"valid_from"`
	To         string `db:"valid_to"`
	Evidence   string `db:"evidence"`
	Reason     string `db:"reason"`
	Confidence int64  `db:"confidence"`
}

func (m Membership) name(ctx context.Context) string { return i18n.Pick(ctx, m.NameZH, m.NameEN) }
