package catalogue

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"qiao/internal/catalogue/kinds"
)

// Change is one field that changed, with its values as kept.
type Change struct {
	Field string `json:"field"`
	From  any    `json:"from,omitempty"`
	To    any    `json:"to,omitempty"`
}

// diff lists what differs between two versions of a resource, in the order of its fields.
func diff(before, after Resource, k kinds.Kind) []Change {
	var out []Change
	add := func(field string, from, to any) {
		if !reflect.DeepEqual(from, to) {
			out = append(out, Change{field, from, to})
		}
	}
	add("status", before.Status, after.Status)
	add("owner", before.Owner, after.Owner)
	for _, f := range k.Fields {
		add(f.Name, before.value(f), after.value(f))
	}
	add("region", before.Region, after.Region)
	add("access", strings.Join(before.Access, ","), strings.Join(after.Access, ","))
	add("free", before.Free, after.Free)
	add("voucher", before.Voucher, after.Voucher)
	add("booking", before.Booking, after.Booking)
	add("licence", before.Licence, after.Licence)
	add("retrieved_on", before.RetrievedOn, after.RetrievedOn)
	add("country", before.Country, after.Country)
	add("languages", strings.Join(before.Languages, ","), strings.Join(after.Languages, ","))
	if !slices.Equal(before.Identifiers, after.Identifiers) {
		out = append(out, Change{"identifiers", orEmpty(before.Identifiers), orEmpty(after.Identifiers)})
	}
	add("checked_on", before.CheckedOn, after.CheckedOn)
	if priceText(before.Prices) != priceText(after.Prices) {
		out = append(out, Change{"prices", orEmpty(before.Prices), orEmpty(after.Prices)})
	}
	add("note", before.Note, after.Note)
	return out
}

// priceText is a list of prices in one line, for comparing.
func priceText(lines []PriceLine) string {
	var b strings.Builder
	for i, p := range lines {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s %s %s/%s", p.Audience, p.Currency, p.Amount.Yuan(), p.Unit)
		for _, s := range []string{p.Option, p.Note, p.From, p.To} {
			if s != "" {
				b.WriteString(" " + s)
			}
		}
		if p.Minimum > 0 {
			fmt.Fprintf(&b, " ≥%d", p.Minimum)
		}
	}
	return b.String()
}

func changesText(changes []Change) (string, error) {
	if changes == nil {
		changes = []Change{}
	}
	b, err := json.Marshal(changes)
	if err != nil {
		return "", fmt.Errorf("write the changes of a resource: %w", err)
	}
	return string(b), nil
}

// clone copies r deeply enough to change it without touching the original.
func (r Resource) clone() Resource {
	r.Fields = maps.Clone(r.Fields)
	if r.Fields == nil {
		r.Fields = map[string]any{}
	}
	r.Access = slices.Clone(r.Access)
	r.Prices = slices.Clone(r.Prices)
	r.Languages, r.Identifiers = slices.Clone(r.Languages), slices.Clone(r.Identifiers)
	return r
}
