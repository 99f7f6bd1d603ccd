package format

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/money"
)

// WholeNamespace is the XML namespace of our own lossless shape, in which two nodes exchange records.
const WholeNamespace = "urn:qiao:resource:1.0"

// Whole is a record in our own XML: everything that is public, so that another node can make the same record.
func Whole(r Record, schema string) string {
	var x XML
	x.Open("resource", "xmlns", WholeNamespace, "xmlns:xsi", xsi, "xsi:schemaLocation", WholeNamespace+" "+schema, "id", r.ID, "kind", r.Kind.Name, "link", r.Link, "region", r.Region, "country", r.Country)
	x.Open("owner", "id", r.Owner.ID, "ror", r.Owner.ROR, "uscc", r.Owner.USCC, "region", r.Owner.Region, "kind", r.Owner.Kind, "website", r.Owner.Website, "sample", yes(r.Owner.Sample))
	x.Some("name", r.Owner.NameZH, "xml:lang", "zh").Some("name", r.Owner.NameEN, "xml:lang", "en").Some("address", r.Owner.Address).Close()
	x.Open("terms", "free", yes(r.Free), "voucher", yes(r.Voucher), "booking", yes(r.Booking), "sample", yes(r.Sample))
	for _, a := range r.Access {
		x.Leaf("access", a)
	}
	for _, l := range r.Languages {
		x.Leaf("language", l)
	}
	x.Close()
	for _, f := range r.Kind.Fields {
		if v := r.Value(f.Name); v != nil && !f.Hidden {
			x.Open("field", "name", f.Name)
			for _, text := range texts(v) {
				x.Leaf("value", text)
			}
			x.Close()
		}
	}
	for _, p := range r.Prices {
		x.Open("price", "audience", p.Audience, "unit", p.Unit, "amount", strconv.FormatInt(int64(p.Amount), 10), "currency", p.Currency, "minimum", strconv.FormatInt(p.Minimum, 10), "option", p.Option, "note", p.Note, "from", p.From, "to", p.To).Close()
	}
	for _, id := range r.Identifiers {
		x.Leaf("identifier", id.Value, "scheme", id.Scheme)
	}
	x.Open("provenance", "source", r.Source, "sourceId", r.SourceID, "licence", r.Licence, "retrievedOn", r.RetrievedOn).Close()
	return x.Close().String()
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return ""
}

// texts is a kept value as plain texts.
func texts(v any) []string {
	switch x := v.(type) {
	case string:
		return []string{x}
	case []string:
		return x
	case bool:
		return []string{strconv.FormatBool(x)}
	case int64:
		return []string{strconv.FormatInt(x, 10)}
	}
	return nil
}

// wholeXML is our own XML as encoding/xml reads it.
type wholeXML struct {
	XMLName xml.Name `xml:"resource"`
	ID      string   `xml:"id,attr"`
	Kind    string   `xml:"kind,attr"`
	Link    string   `xml:"link,attr"`
	Region  string   `xml:"region,attr"`
	Country string   `xml:"country,attr"`
	Owner   struct {
		ID      string `xml:"id,attr"`
		ROR     string `xml:"ror,attr"`
		USCC    string `xml:"uscc,attr"`
		Region  string `xml:"region,attr"`
		Kind    string `xml:"kind,attr"`
		Website string `xml:"website,attr"`
		Sample  bool   `xml:"sample,attr"`
		Names   []struct {
			Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
			Text string `xml:",chardata"`
		} `xml:"name"`
		Address string `xml:"address"`
	} `xml:"owner"`
	Terms struct {
		Free    bool     `xml:"free,attr"`
		Voucher bool     `xml:"voucher,attr"`
		Booking bool     `xml:"booking,attr"`
		Sample  bool     `xml:"sample,attr"`
		Access  []string `xml:"access"`
		Langs   []string `xml:"language"`
	} `xml:"terms"`
	Fields []struct {
		Name   string   `xml:"name,attr"`
		Values []string `xml:"value"`
	} `xml:"field"`
	Prices []struct {
		Audience string `xml:"audience,attr"`
		Unit     string `xml:"unit,attr"`
		Amount   int64  `xml:"amount,attr"`
		Currency string `xml:"currency,attr"`
		Minimum  int64  `xml:"minimum,attr"`
		Option   string `xml:"option,attr"`
		Note     string `xml:"note,attr"`
		From     string `xml:"from,attr"`
		To       string `xml:"to,attr"`
	} `xml:"price"`
	Identifiers []struct {
		Scheme string `xml:"scheme,attr"`
		Value  string `xml:",chardata"`
	} `xml:"identifier"`
	Provenance struct {
		Source      string `xml:"source,attr"`
		SourceID    string `xml:"sourceId,attr"`
		Licence     string `xml:"licence,attr"`
		RetrievedOn string `xml:"retrievedOn,attr"`
	} `xml:"provenance"`
}

// ErrKind says that a record is of a kind we do not know.
var ErrKind = errors.New("format: unknown kind of resource")

// ReadWhole reads our own XML. A field that this kind does not have is left out; a value that does not fit
// its field is an error that names the field.
func ReadWhole(data []byte, set kinds.Set) (Record, error) {
	var w wholeXML
	if err := xml.Unmarshal(data, &w); err != nil {
		return Record{}, fmt.Errorf("read the record: %w", err)
	}
	k, ok := set.Find(w.Kind)
	if !ok {
		return Record{}, fmt.Errorf("%w: %q", ErrKind, w.Kind)
	}
	r := Record{
		ID: w.ID, Link: w.Link, Kind: k, Region: w.Region, Country: w.Country, Languages: w.Terms.Langs, Access: w.Terms.Access, Free: w.Terms.Free, Voucher: w.Terms.Voucher, Booking: w.Terms.Booking, Sample: w.Terms.Sample, Fields: map[string]any{},
		Source: w.Provenance.Source, SourceID: w.Provenance.SourceID, Licence: w.Provenance.Licence, RetrievedOn: w.Provenance.RetrievedOn,
		Owner: Owner{ID: w.Owner.ID, ROR: w.Owner.ROR, USCC: w.Owner.USCC, Region: w.Owner.Region, Kind: w.Owner.Kind, Website: w.Owner.Website, Address: w.Owner.Address, Sample: w.Owner.Sample},
	}
	for _, n := range w.Owner.Names {
		if n.Lang == "en" {
			r.Owner.NameEN = n.Text
		} else {
			r.Owner.NameZH = n.Text
		}
	}
	for _, p := range w.Prices {
		r.Prices = append(r.Prices, Price{p.Audience, p.Unit, money.Fen(p.Amount), p.Currency, p.Minimum, p.Option, p.Note, p.From, p.To})
	}
	for _, x := range w.Identifiers {
		r.Identifiers = append(r.Identifiers, Identifier{x.Scheme, x.Value})
	}
	for _, f := range w.Fields {
		own, known := k.Field(f.Name)
		if !known || own.Hidden {
			continue
		}
		if err := r.take(own, f.Values); err != nil {
			return r, err
		}
	}
	return r, nil
}

// take puts a field read from texts into the record.
func (r *Record) take(f kinds.Field, values []string) error {
	var v any = strings.Join(values, "\n")
	switch f.Type {
	case kinds.Number, kinds.Wan:
		n, err := strconv.ParseInt(strings.Join(values, ""), 10, 64)
		if err != nil {
			return fmt.Errorf("field %s: %q is not a whole number", f.Name, strings.Join(values, ""))
		}
		v = n
	case kinds.Flag:
		v = strings.Join(values, "") == "true"
	}
	v, p := f.Accept(v)
	if p != nil {
		return fmt.Errorf("field %s: %s", f.Name, p.Code)
	}
	r.Set(f, v)
	return nil
}

// Set puts a kept value into the record.
func (r *Record) Set(f kinds.Field, v any) {
	core := map[string]*string{"name_zh": &r.NameZH, "name_en": &r.NameEN, "summary": &r.Summary, "model": &r.Model, "maker": &r.Maker, "class": &r.Class, "source_id": &r.SourceID}[f.Name]
	if core != nil && f.Core {
		*core, _ = v.(string)
		return
	}
	if r.Fields == nil {
		r.Fields = map[string]any{}
	}
	if v == nil {
		delete(r.Fields, f.Name)
		return
	}
	r.Fields[f.Name] = v
}
