package expert

import "qiao/internal/platform/db"

// Profile is a record of the catalogue that its person has made their own.
type Profile struct {
	Resource  string  `db:"resource"`
	Person    string  `db:"person"`
	Owner     string  `db:"owner"` // organisation that owns the record
	Region    string  `db:"region"`
	ORCID     string  `db:"orcid"`
	Email     string  `db:"email"` // seen by nobody but those whose request was accepted
	Phone     string  `db:"phone"`
	Hidden    bool    `db:"hidden"` // not public, by the person's wish
	ClaimedOn string  `db:"claimed_on"`
	Sample    bool    `db:"sample"`
	Revision  int64   `db:"revision"`
	CreatedAt db.Time `db:"created_at"`
	UpdatedAt db.Time `db:"updated_at"`
}

// Claimed tells whether a person has made the record their own.
func (p Profile) Claimed() bool { return p.Resource != "" }

// Evidence supports an expertise: an award, a publication, a patent, with where it stands.
type Evidence struct {
	ID       string  `db:"id" json:"id"`
	Resource string  `db:"resource" json:"-"`
	Kind     string  `db:"kind" json:"kind" doc:"project award publication patent standard service"`
	Title    string  `db:"title" json:"title"`
	Year     int64   `db:"year" json:"year,omitempty"`
	Role     string  `db:"role" json:"role,omitempty"`
	Number   string  `db:"number" json:"number,omitempty" doc:"Of the award or patent; a DOI"`
	Partner  string  `db:"partner" json:"partner,omitempty" doc:"Organisation it was done with"`
	Source   string  `db:"source" json:"source" doc:"Where it stands"`
	Address  string  `db:"address" json:"address,omitempty" doc:"Of it there"`
	Licence  string  `db:"licence" json:"licence,omitempty"`
	Stated   bool    `db:"stated" json:"stated" doc:"Stated by the person; else found in a public record"`
	At       db.Time `db:"at" json:"-"`
}

// Area is what a person says to know, with the evidence for it.
type Area struct {
	ID       string   `db:"id" json:"id,omitempty"`
	Resource string   `db:"resource" json:"-"`
	Name     string   `db:"name" json:"name"`
	Position int64    `db:"position" json:"-"`
	NameEN   string   `json:"name_en,omitempty"`
	Proposed bool     `json:"proposed" doc:"Found by the platform in the titles of the evidence, not stated by the person"`
	Evidence []string `json:"evidence" doc:"Ids of what supports it"`
}

// Claim is "this is me".
type Claim struct {
	ID          string  `db:"id"`
	Resource    string  `db:"resource"`
	Person      string  `db:"person"`
	Owner       string  `db:"owner"`
	Region      string  `db:"region"`
	State       string  `db:"state"`
	ORCID       string  `db:"orcid"`
	Institution string  `db:"institution"`
	Reasons     string  `db:"reasons"` // why it is them, in their words
	Note        string  `db:"note"`    // why it was refused
	FiledOn     string  `db:"filed_on"`
	Revision    int64   `db:"revision"`
	CreatedAt   db.Time `db:"created_at"`
	UpdatedAt   db.Time `db:"updated_at"`
}

// Step is one move of a claim or a request.
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

// Consent is one agreement to one purpose, as it was worded.
type Consent struct {
	ID        string `db:"id" json:"id"`
	Resource  string `db:"resource" json:"-"`
	Person    string `db:"person" json:"-"`
	Purpose   string `db:"purpose" json:"purpose" doc:"publish contact match review share"`
	Version   string `db:"version" json:"version" doc:"Of the wording agreed to"`
	SHA256    string `db:"sha256" json:"sha256" doc:"Of the wording"`
	GivenOn   string `db:"given_on" json:"given_on"`
	GivenAt   string `db:"given_at" json:"given_at"`
	RevokedOn string `db:"revoked_on" json:"revoked_on,omitempty"`
	RevokedAt string `db:"revoked_at" json:"revoked_at,omitempty"`
}

// Stands tells whether the consent has not been withdrawn.
func (c Consent) Stands() bool { return c.RevokedOn == "" }

// Request is an organisation's wish to be in contact.
type Request struct {
	ID        string  `db:"id"`
	Resource  string  `db:"resource"`
	Expert    string  `db:"expert"` // person; empty once their data was deleted
	Firm      string  `db:"firm"`
	Sender    string  `db:"sender"`
	Region    string  `db:"region"` // of the firm
	State     string  `db:"state"`
	Subject   string  `db:"subject"`
	Message   string  `db:"message"`
	Note      string  `db:"note"` // the expert's answer
	SentOn    string  `db:"sent_on"`
	Sample    bool    `db:"sample"`
	Revision  int64   `db:"revision"`
	CreatedAt db.Time `db:"created_at"`
	UpdatedAt db.Time `db:"updated_at"`
}

// Disclosure is one look of one person at the addresses, once a day.
type Disclosure struct {
	Request string  `db:"request"`
	Viewer  string  `db:"viewer"`
	Org     string  `db:"org"`
	Day     string  `db:"day"`
	At      db.Time `db:"at"`
}

// Interest is what ties a person to an organisation, as they declare it.
type Interest struct {
	ID         string  `db:"id" json:"id"`
	Resource   string  `db:"resource" json:"-"`
	Org        string  `db:"org" json:"organisation,omitempty" doc:"Where it is on the platform"`
	OrgName    string  `db:"org_name" json:"name"`
	Relation   string  `db:"relation" json:"relation" doc:"employment office shares family cooperation other"`
	From       string  `db:"from_day" json:"from"`
	To         string  `db:"to_day" json:"to,omitempty" doc:"Empty: still"`
	Note       string  `db:"note" json:"note,omitempty"`
	DeclaredOn string  `db:"declared_on" json:"declared_on"`
	TakenBack  string  `db:"taken_back" json:"taken_back,omitempty" doc:"Day on which the person took it back"`
	At         db.Time `db:"at" json:"-"`
}
