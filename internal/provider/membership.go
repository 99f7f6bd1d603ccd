package provider

import (
	"strings"

	"qiao/internal/platform/db"
)

// Membership is an application to join the pool, and the membership it leads to.
type Membership struct {
	ID        string  `db:"id"`
	Number    string  `db:"number"`
	Org       string  `db:"org"`
	Region    string  `db:"region"`
	State     string  `db:"state"`
	Form      string  `db:"form"` // institution or firm
	About     string  `db:"about"`
	Contact   string  `db:"contact"`
	Phone     string  `db:"phone"`
	Email     string  `db:"email"`
	Offers    string  `db:"offers"` // codes, separated by spaces
	Offer     string  `db:"offer"`  // in its own words
	Stated    bool    `db:"stated"`
	Agreement string  `db:"agreement"` // version of the text
	From      string  `db:"term_from"`
	To        string  `db:"term_to"`
	SHA256    string  `db:"sha256"` // of the agreement as both accepted it
	OfferedBy string  `db:"offered_by"`
	Granted   bool    `db:"granted"` // the capacity to provide came with the membership
	Sample    bool    `db:"sample"`
	Revision  int64   `db:"revision"`
	CreatedAt db.Time `db:"created_at"`
	UpdatedAt db.Time `db:"updated_at"`

	Checks    []Check
	Documents []Document
}

func (m Membership) offers() []string { return strings.Fields(m.Offers) }

// Active tells whether the organisation is in the pool: its records are recognised.
func (m Membership) Active() bool { return m.State == Member || m.State == Ending }

// Check is the authority's word on one point of the checklist.
type Check struct {
	Membership string  `db:"membership"`
	Code       string  `db:"code"`
	Verdict    string  `db:"verdict"` // yes or no
	Note       string  `db:"note"`
	Person     string  `db:"person"`
	At         db.Time `db:"at"`
}

// Document is a file that belongs to an application.
type Document struct {
	ID         string  `db:"id"`
	Membership string  `db:"membership"`
	Code       string  `db:"code"`
	Name       string  `db:"name"`
	SHA256     string  `db:"sha256"`
	Size       int64   `db:"size"`
	Person     string  `db:"person"`
	At         db.Time `db:"at"`
}

// Step is one move of a membership, a certificate or an admission.
type Step struct {
	ID     string  `db:"id"`
	Object string  `db:"object"`
	At     db.Time `db:"at"`
	Person string  `db:"person"`
	Org    string  `db:"org"`
	Verb   string  `db:"verb"`
	From   string  `db:"from_state"`
	To     string  `db:"to_state"`
	Note   string  `db:"note"`
}

// Certificate is what proves that an organisation may do something, with its scope and its last day.
type Certificate struct {
	ID        string  `db:"id"`
	Org       string  `db:"org"`
	Region    string  `db:"region"`
	Kind      string  `db:"kind"`
	Number    string  `db:"number"`
	Issuer    string  `db:"issuer"`
	Scope     string  `db:"scope"`
	From      string  `db:"valid_from"`
	To        string  `db:"valid_to"`
	State     string  `db:"state"`
	Whole     bool    `db:"whole"`
	Current   bool    `db:"current"`
	File      string  `db:"file"`
	SHA256    string  `db:"sha256"`
	Size      int64   `db:"size"`
	Sample    bool    `db:"sample"`
	Revision  int64   `db:"revision"`
	CreatedAt db.Time `db:"created_at"`
	UpdatedAt db.Time `db:"updated_at"`

	Items  []Scope
	Covers []string // resources
}

// On tells whether everybody may rely on the certificate on a civil day: in its days, and nobody found it wrong.
func (c Certificate) On(day string) bool {
	return (c.State == Stated || c.State == Verified) && c.From <= day && day <= c.To
}

// counts tells whether search counts it on a civil day: in its days, and a person has looked at it.
func (c Certificate) counts(day string) bool { return c.State == Verified && c.On(day) }

// Admission is equipment that was not bought with public money, on its way into the pool.
type Admission struct {
	ID        string  `db:"id"`
	Resource  string  `db:"resource"`
	Owner     string  `db:"owner"`
	Region    string  `db:"region"`
	Name      string  `db:"name"`
	State     string  `db:"state"`
	Note      string  `db:"note"`
	Revision  int64   `db:"revision"`
	CreatedAt db.Time `db:"created_at"`
	UpdatedAt db.Time `db:"updated_at"`
}

// Clock is an instrument bought with public money: reported in time?
type Clock struct {
	Resource   string  `db:"resource"`
	Name       string  `db:"name"`
	Owner      string  `db:"owner"`
	Region     string  `db:"region"`
	Worth      int64   `db:"worth"` // fen
	AcceptedOn string  `db:"accepted_on"`
	Rule       string  `db:"rule"`
	DueOn      string  `db:"due_on"`      // empty: the rule names no term
	ReportedOn string  `db:"reported_on"` // first published on; empty: not yet
	UpdatedAt  db.Time `db:"updated_at"`
}

// Late tells whether the report came, or stands out, after its last day.
func (c Clock) Late(today string) bool {
	if c.DueOn == "" {
		return false
	}
	if c.ReportedOn != "" {
		return c.ReportedOn > c.DueOn
	}
	return today > c.DueOn
}
