package match

import (
	"cmp"
	"slices"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/money"
)

// Supply is what matching knows of one live resource.
type Supply struct {
	ID, Kind, Owner, Region string
	OwnerName               string // for display, '' when unknown
	NameZH, NameEN          string
	Class, ClassEN          string // the class in words; '' when unknown
	Model                   string
	Parts                   []Part // every text it can be found by, the name first

	Certificates []string // CMA, CNAS … as far as known
	Free         bool
	Priced       bool
	Price        money.Fen
	Currency     string // of Price, CNY where nothing was said
	Unit         string // of Price: hour, sample …
	Voucher      bool   // its owner accepts vouchers
	Bookable     bool   // can be booked now
	Orders       bool   // can be commissioned
	Claimed      bool   // its owner keeps the record itself
	Sample       bool   // invented, shown as 示例
	FreeOn       string // first civil day with a free slot, '' when unknown
}

// Part is a labelled text of a supply.
type Part struct {
	Label   string // in Chinese: 名称, 简介 …
	English string // the label in English; '' for a label of this module's own
	Text    string
}

// The groups in which candidates are ranked, each with its own statistics.
const (
	GroupInstrument = "instrument"
	GroupService    = "service"
	GroupExpert     = "expert"
)

// Groups lists them in the order of the page.
func Groups() []string { return []string{GroupInstrument, GroupService, GroupExpert} }

// GroupOf is the group of a resource's kind, ” for kinds that are no candidates.
func GroupOf(kind string) string {
	switch kind {
	case "instrument", "facility":
		return GroupInstrument
	case "service", "base":
		return GroupService
	case "expert", "professional":
		return GroupExpert
	}
	return ""
}

// Name is the Chinese name, or the English one where there is none.
func (s Supply) Name() string { return cmp.Or(s.NameZH, s.NameEN) }

// text is everything but the name, for the index.
func (s Supply) text() string {
	var b strings.Builder
	for _, p := range s.Parts {
		if p.Label != LabelName {
			b.WriteString(p.Text)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// The labels of the parts that do not come from the kind's own fields.
const (
	LabelName    = "名称"
	LabelClass   = "类别"
	LabelModel   = "型号"
	LabelSummary = "简介"
)

// SupplyOf describes a resource of the catalogue for matching. FreeOn is left to the caller.
func SupplyOf(r catalogue.Resource, k kinds.Kind, owner identity.Organisation) Supply {
	s := Supply{
		ID: r.ID, Kind: r.Kind, Owner: r.Owner, Region: r.Region, OwnerName: owner.NameZH, NameZH: r.NameZH, NameEN: r.NameEN,
		Model: r.Model, Free: r.Free, Priced: r.Price.Unit != "", Price: r.Price.Amount, Currency: r.Price.Currency, Unit: r.Price.Unit,
		Voucher: r.Voucher, Bookable: r.Bookable, Orders: k.Orders, Sample: r.Sample,
		Claimed: owner.Status != "" && owner.Status != identity.StatusUnclaimed,
	}
	s.Class, s.ClassEN = classWords(r, k)
	s.Parts = []Part{
		{Label: LabelName, Text: strings.TrimSpace(r.NameZH + " " + r.NameEN)}, {Label: LabelClass, Text: strings.TrimSpace(s.Class + " " + s.ClassEN)},
		{Label: LabelModel, Text: strings.TrimSpace(r.Maker + " " + r.Model)}, {Label: LabelSummary, Text: r.Summary},
	}
	for _, f := range k.Fields {
		if f.Core || f.Hidden {
			continue
		}
		if text := words(r.Fields[f.Name], f); text != "" {
			s.Parts = append(s.Parts, Part{f.ZH, f.EN, text})
		}
	}
	s.Certificates = certificatesIn(s.Parts)
	return s
}

func classWords(r catalogue.Resource, k kinds.Kind) (zh, en string) {
	if c, ok := kinds.ClassOf(r.Class); ok {
		return c.ZH, c.EN
	}
	if f, ok := k.Field("class"); ok {
		for _, c := range f.Choices {
			if c.Value == r.Class {
				return c.ZH, c.EN
			}
		}
	}
	return "", ""
}

// label is the part's label as an argument of a remark.
func (p Part) label() any {
	if p.English == "" {
		return word(p.Label)
	}
	return bilingual{p.Label, p.English}
}

// choice is the Chinese name of a field's value, or the value itself.
func choice(f kinds.Field, value string) string {
	for _, c := range f.Choices {
		if c.Value == value {
			return c.ZH
		}
	}
	return value
}

// words is the searchable text of a field's value: free text and the names of choices.
func words(v any, f kinds.Field) string {
	switch f.Type {
	case kinds.Text, kinds.Long, kinds.One:
		s, _ := v.(string)
		return choice(f, s)
	case kinds.Many, kinds.List:
		var list []string
		switch items := v.(type) {
		case []string:
			for _, s := range items {
				list = append(list, choice(f, s))
			}
		case []any:
			for _, item := range items {
				if s, ok := item.(string); ok {
					list = append(list, choice(f, s))
				}
			}
		}
		return strings.Join(list, " ")
	}
	return ""
}

// certificatesIn reads the certificates that the texts of a supply name.
func certificatesIn(parts []Part) []string {
	var out []string
	for _, p := range parts {
		for _, f := range FactsIn(p.Text, nil) {
			if f.Kind == FactCertificate && !slices.Contains(out, f.Text) {
				out = append(out, f.Text)
			}
		}
	}
	return out
}
