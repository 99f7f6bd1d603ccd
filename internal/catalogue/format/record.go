package format

import (
	"cmp"
	"time"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/money"
)

// Record is a resource as every format sees it.
type Record struct {
	ID       string
	Link     string // its public page
	Kind     kinds.Kind
	NameZH   string
	NameEN   string
	Summary  string
	Model    string
	Maker    string
	Class    string
	Region   string // six digits
	Place    string // the region in Chinese
	Country  string // two letters where it is outside China; else empty
	Revision int64

	Languages   []string     // in which one is served: values of kinds.Languages
	Identifiers []Identifier // persistent ids, the owner's own number aside

	Owner Owner

	Source      string // the register it came from; '' = its owner
	SourceID    string
	Licence     string
	RetrievedOn string

	Access  []string
	Free    bool
	Voucher bool
	Booking bool
	Prices  []Price
	Offer   Price // the headline price; without a unit where there is none
	Fields  map[string]any
	Sample  bool
	Changed time.Time
}

// Owner is the organisation that shares a record.
type Owner struct {
	ID      string
	Link    string // its public page
	NameZH  string
	NameEN  string
	ROR     string // nine characters
	USCC    string
	Region  string
	Kind    string
	Website string
	Address string
	Sample  bool
}

// Price is one price line.
type Price struct {
	Audience string
	Unit     string
	Amount   money.Fen
	Currency string
	Minimum  int64
	Option   string
	Note     string
	From     string
	To       string
}

// Name is the Chinese name, or the English one where there is none.
func (r Record) Name() string { return cmp.Or(r.NameZH, r.NameEN) }

// Name is the Chinese name, or the English one where there is none.
func (o Owner) Name() string { return cmp.Or(o.NameZH, o.NameEN) }

// Text is a field of the kind that holds one text; ” where it has none.
func (r Record) Text(field string) string {
	v, _ := r.Value(field).(string)
	return v
}

// List is a field of the kind that holds several texts.
func (r Record) List(field string) []string {
	v, _ := r.Value(field).([]string)
	return v
}

// Value is a field as it is kept, whether it is a column of the core row or not; nil where it has none.
func (r Record) Value(field string) any {
	core, ok := map[string]string{"name_zh": r.NameZH, "name_en": r.NameEN, "summary": r.Summary, "model": r.Model, "maker": r.Maker, "class": r.Class, "source_id": r.SourceID}[field]
	switch {
	case !ok:
		return r.Fields[field]
	case core == "":
		return nil
	}
	return core
}

// shown is a field as people read it in Chinese.
func (r Record) shown(f kinds.Field, english bool) string {
	if v := r.Value(f.Name); v != nil {
		return f.Show(v, english)
	}
	return ""
}

// classWords are the names of the record's class, the widest first.
func (r Record) classWords() []string {
	f, ok := r.Kind.Field("class")
	if !ok || r.Class == "" {
		return nil
	}
	if c, ok := f.Choice(r.Class); ok {
		return []string{c.ZH, c.EN}
	}
	var out []string
	if top, ok := kinds.TopClass(r.Class); ok {
		out = append(out, top.ZH, top.EN)
	}
	if c, ok := kinds.ClassOf(r.Class); ok {
		out = append(out, c.ZH, c.EN)
	}
	return out
}

// description is the best prose the record has.
func (r Record) description() string {
	return cmp.Or(r.Summary, r.Text("function"), r.Text("technical"), r.Text("content"))
}

// issued is the civil day the record's thing began: published, commissioned or established; ” where unknown.
func (r Record) issued() string {
	return cmp.Or(r.Text("published"), r.Text("commissioned"), r.Text("established"))
}

// Instrument tells whether the record is one PIDINST, UNIQUIP and the national platform speak of.
func (r Record) Instrument() bool { return r.Kind.Name == "instrument" || r.Kind.Name == "facility" }

// Published tells whether the record is something that is published and cited.
func (r Record) Published() bool {
	return r.Kind.Name == "literature" || r.Kind.Name == "standard" || r.Kind.Name == "dataset"
}
