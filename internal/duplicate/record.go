package duplicate

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"

	"qiao/internal/catalogue"
	"qiao/internal/identity/names"
)

// Record is what of a resource is compared, in normal form.
type Record struct {
	ID, Kind, Owner string
	Source          string
	SourceID        string
	NameZH, NameEN  string
	Model           string // letters and digits only
	Maker           string // without its legal form
	Serial          string // letters and digits only
	Place           string // address and room; empty when only the town is known
	Work            string // an expert's institution
	Identifiers     []string
	Text            string // everything it says about itself
}

// RecordOf reduces a resource to what is compared.
func RecordOf(r catalogue.Resource) Record {
	field := func(name string) string {
		s, _ := r.Fields[name].(string)
		return s
	}
	out := Record{
		ID: r.ID, Kind: r.Kind, Owner: r.Owner, Source: r.Source, SourceID: r.SourceID, NameZH: names.Normalise(r.NameZH), NameEN: names.Normalise(r.NameEN),
		Model: code(r.Model), Maker: names.Core(r.Maker), Serial: code(field("serial")), Work: names.Core(field("institution")),
	}
	if place := field("street") + field("address") + field("room"); place != "" {
		out.Place = names.Normalise(field("street") + field("room"))
		if out.Place == "" {
			out.Place = names.Normalise(field("address"))
		}
	}
	for _, x := range r.Identifiers {
		if x.Scheme != "own" && x.Scheme != "other" {
			out.Identifiers = append(out.Identifiers, x.Scheme+":"+strings.ToLower(x.Value))
		}
	}
	if x := field("orcid"); x != "" {
		out.Identifiers = append(out.Identifiers, "orcid:"+strings.ToLower(catalogue.Identifier{Scheme: "orcid", Value: x}.Normal().Value))
	}
	if x := code(field("identifier")); len(x) > 5 {
		out.Identifiers = append(out.Identifiers, "id:"+x)
	}
	slices.Sort(out.Identifiers)
	out.Identifiers = slices.Compact(out.Identifiers)
	parts := []string{r.NameZH, r.NameEN, r.Model, r.Maker, r.Summary}
	for _, f := range []string{"technical", "function", "content", "technique", "achievement"} {
		parts = append(parts, field(f))
	}
	out.Text = names.Normalise(strings.Join(parts, " "))
	return out
}

// code is a model or serial number as it is compared: letters and digits, in small letters.
func code(s string) string {
	var b strings.Builder
	for _, r := range names.Normalise(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	switch out := b.String(); out {
	case "无", "none", "na", "unknown", "不详", "未知", "0", "00", "000", "0000", "定制", "自制": //i18n:data words that stand for no number
		return ""
	default:
		return out
	}
}

// digest stands for everything that is compared.
func (r Record) digest() string {
	h := fnv.New64a()
	for _, s := range append([]string{r.Kind, r.Owner, r.SourceID, r.NameZH, r.NameEN, r.Model, r.Maker, r.Serial, r.Place, r.Work, r.Text}, r.Identifiers...) {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// name is what the record is called, in normal form.
func (r Record) name() string { return cmp.Or(r.NameZH, r.NameEN) }

// hash is one blocking key.
func hash(parts ...string) int64 {
	h := fnv.New64a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return int64(h.Sum64()) //nolint:gosec // the bits are kept, the sign means nothing
}

// Keys are the blocking keys of a record: two that may be one thing share at least one.
func Keys(r Record) []int64 {
	var out []int64
	add := func(parts ...string) {
		if k := hash(append([]string{r.Kind}, parts...)...); !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	for _, x := range r.Identifiers {
		add("identifier", x)
	}
	if serial(r.Serial) {
		add("serial", r.Serial)
	}
	for _, n := range []string{r.NameZH, r.NameEN} {
		if n == "" {
			continue
		}
		if r.Place != "" {
			add("place", n, r.Place)
		}
		if r.Work != "" {
			add("work", n, r.Work)
		}
		add("owner", n, r.Owner)
		if r.Model != "" {
			add("model", n, r.Model)
		}
	}
	if len(r.Model) >= 3 {
		add("model", r.Model, r.Owner)
	}
	for i, band := range bands(r.Text) {
		add("text", fmt.Sprint(i, band))
	}
	return out
}

// serial tells whether a serial number is long enough to mean one thing.
func serial(s string) bool { return len(s) >= 4 && strings.ContainsAny(s, "0123456789") }
