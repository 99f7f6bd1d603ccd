package catalogue

import (
	"cmp"
	"slices"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/db"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/state"
)

// The states of a resource.
const (
	StatusDraft     = "draft"     // seen by its owner only
	StatusReview    = "review"    // a second person reads it before it is published, where the region asks for that
	StatusPublished = "published" // in the catalogue
	StatusSuspended = "suspended" // shown, with the reason; cannot be ordered
	StatusWithdrawn = "withdrawn" // a tombstone
)

// Table is every move of a resource. The side "owner" is its organisation; "reviewer" is a second person of it, or the
// operator. A region's CheckTerm says whether a draft is published or submitted. Who checks a record says that it is true:
// it stays where it is and CheckedOn becomes the day.
var Table = state.Table{
	{From: StatusDraft, Verb: "publish", To: StatusPublished, Who: []string{"owner"}},
	{From: StatusDraft, Verb: "submit", To: StatusReview, Who: []string{"owner"}},
	{From: StatusReview, Verb: "approve", To: StatusPublished, Who: []string{"reviewer"}},
	{From: StatusReview, Verb: "return", To: StatusDraft, Who: []string{"reviewer"}},
	{From: StatusPublished, Verb: "check", To: StatusPublished, Who: []string{"owner"}},
	{From: StatusSuspended, Verb: "check", To: StatusSuspended, Who: []string{"owner"}},
	{From: StatusPublished, Verb: "suspend", To: StatusSuspended, Who: []string{"owner"}},
	{From: StatusSuspended, Verb: "resume", To: StatusPublished, Who: []string{"owner"}},
	{From: StatusDraft, Verb: "withdraw", To: StatusWithdrawn, Who: []string{"owner"}},
	{From: StatusReview, Verb: "withdraw", To: StatusWithdrawn, Who: []string{"owner"}},
	{From: StatusPublished, Verb: "withdraw", To: StatusWithdrawn, Who: []string{"owner"}},
	{From: StatusSuspended, Verb: "withdraw", To: StatusWithdrawn, Who: []string{"owner"}},
	{From: StatusWithdrawn, Verb: "restore", To: StatusDraft, Who: []string{"owner"}},
}

// Abroad is the region of what lies outside China; Resource.Country says where. Partners abroad are resources of every
// kind with a country, and not a kind of their own: a foreign laboratory is found where laboratories are sought.
const Abroad = "000000"

// Resource is one thing that is shared.
type Resource struct {
	ID       string
	Kind     string // one of kinds.All
	Owner    string // organisation
	Region   string // six digits; Abroad outside China
	NameZH   string // one of the two names at least
	NameEN   string
	Summary  string
	Model    string
	Maker    string
	Class    string // instrument: six digits; service: one of kinds.ServiceClasses
	Status   string
	Revision int64 // 1, 2, … with each change

	Origin      string // unique: OriginOf
	Source      string // '' = the owner's own list; else the register it came from
	SourceID    string // its id there, may be empty
	Licence     string // of the source's record
	RetrievedOn string // civil day, may be empty

	Access   []string // ways of use: values of kinds.AccessModes
	Free     bool     // costs nothing
	Voucher  bool     // the owner accepts vouchers
	Booking  bool     // the owner lets it be booked by the hour
	Bookable bool     // derived: it can be booked now (Booking, published, and a price in force or free)
	Price    PriceLine
	Prices   []PriceLine
	Fields   map[string]any // by field name; types as kinds.Type says
	Sample   bool           // invented, shown as 示例
	Note     string         // why it is suspended or withdrawn

	Country     string       // two letters (GB/T 2659.1) where it is outside China; else empty
	Languages   []string     // in which one is served: values of kinds.Languages
	Freshness   string       // derived: Fresh, Due, Stale or NeverChecked today
	CheckedOn   string       // civil day on which its owner last said that the record is true; empty: never
	Identifiers []Identifier // persistent ids, the owner's own number aside
	Photo       File         // its first photo, read for cards and pages only; zero: none

	CreatedAt db.Time
	UpdatedAt db.Time
}

// PriceLine is one price of a resource.
type PriceLine struct {
	ID       string    `db:"id" json:"id,omitempty"`
	Resource string    `db:"resource" json:"-"`
	Position int64     `db:"position" json:"-"`
	Audience string    `db:"audience" json:"audience" enum:"external,member,internal" doc:"Whom the price is for"`
	Unit     string    `db:"unit" json:"unit" enum:"hour,sample,piece,batch,day,time" doc:"What the price is for one of"`
	Amount   money.Fen `db:"amount" json:"amount" minimum:"0" doc:"In fen, the hundredth of a yuan"`
	Currency string    `db:"currency" json:"currency" doc:"As given; CNY where nothing was said"`
	Minimum  int64     `db:"minimum" json:"minimum,omitempty" minimum:"0" doc:"Smallest quantity that can be ordered"`
	Option   string    `db:"option" json:"option,omitempty" doc:"The configuration the price is for"`
	Note     string    `db:"note" json:"note,omitempty"`
	From     string    `db:"valid_from" json:"from,omitempty" doc:"First day in force; empty: open"`
	To       string    `db:"valid_to" json:"to,omitempty" doc:"Last day in force; empty: open"`
}

// InForce tells whether the line holds on a civil day.
func (p PriceLine) InForce(day string) bool {
	return (p.From == "" || p.From <= day) && (p.To == "" || day <= p.To)
}

// Opening is one stretch of a week in which a resource can be used.
type Opening struct {
	Weekday int64  `db:"weekday" json:"weekday" minimum:"1" maximum:"7" doc:"1 = Monday … 7 = Sunday"`
	From    string `db:"opens" json:"from" example:"09:00"`
	To      string `db:"closes" json:"to" example:"17:00" doc:"At most 24:00"`
}

// DefaultHours is what holds where neither resource nor owner says anything: Monday to Friday, 9 to 17.
func DefaultHours() []Opening {
	out := make([]Opening, 0, 5)
	for day := int64(1); day <= 5; day++ {
		out = append(out, Opening{Weekday: day, From: "09:00", To: "17:00"})
	}
	return out
}

// Name is the Chinese name, or the English one where there is none.
func (r Resource) Name() string { return cmp.Or(r.NameZH, r.NameEN) }

// Live tells whether the resource stands in the catalogue and its index.
func (r Resource) Live() bool { return r.Status == StatusPublished || r.Status == StatusSuspended }

// OriginOf is what makes a record the same record when it comes again.
func OriginOf(node, owner, source, sourceID string) string {
	return strings.Join([]string{node, owner, source, sourceID}, "/")
}

// unnamed is the source id of a row without one: the same name, model, serial number and place are the
// same thing; the n-th such row of a file (from 0) is the n-th such thing.
func unnamed(kind, name, model, serial, place string, n string) string {
	return "~" + id.From("row", kind, kinds.Fold(name), kinds.Fold(model), kinds.Fold(serial), kinds.Fold(place), n)
}

// settle derives what follows from the rest on a civil day: the headline price, whether it can be booked, how true it is
// known to be.
func (r *Resource) settle(day string, k kinds.Kind, term CheckTerm) {
	r.Freshness = term.freshness(r.CheckedOn, day)
	r.Price = headline(r.Prices, day)
	priced := r.Free || r.Price.Unit != ""
	r.Bookable = k.Bookable && r.Booking && r.Status == StatusPublished && priced
}

// headline is the price a card shows: the lowest in force for others, by the hour if there is one; else
// for members, else within the organisation.
func headline(lines []PriceLine, day string) PriceLine {
	rank := func(p PriceLine) int {
		n := 2 * slices.Index([]string{"external", "member", "internal"}, p.Audience)
		if p.Unit != "hour" {
			n++
		}
		return n
	}
	var best PriceLine
	for _, p := range lines {
		if !p.InForce(day) {
			continue
		}
		if best.Unit == "" || cmp.Or(cmp.Compare(rank(p), rank(best)), cmp.Compare(p.Amount, best.Amount)) < 0 {
			best = p
		}
	}
	return best
}
