package catalogue

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"qiao/internal/catalogue/kinds"
)

// part is what a record says under a name of the history; ok is false for names that are not kept in its row.
func (r *Resource) part(name string, k kinds.Kind) (v any, ok bool) {
	if f, known := k.Field(name); known {
		return r.value(f), true
	}
	switch name {
	case "prices":
		return orEmpty(r.Prices), true
	case "identifiers":
		return orEmpty(r.Identifiers), true
	case "access":
		return strings.Join(r.Access, ","), true
	case "languages":
		return strings.Join(r.Languages, ","), true
	}
	if p := r.textPart(name); p != nil {
		return *p, true
	}
	if p := r.flagPart(name); p != nil {
		return *p, true
	}
	return nil, false
}

func (r *Resource) textPart(name string) *string {
	switch name {
	case "status":
		return &r.Status
	case "region":
		return &r.Region
	case "country":
		return &r.Country
	case "licence":
		return &r.Licence
	case "retrieved_on":
		return &r.RetrievedOn
	case "checked_on":
		return &r.CheckedOn
	case "note":
		return &r.Note
	}
	return nil
}

func (r *Resource) flagPart(name string) *bool {
	switch name {
	case "free":
		return &r.Free
	case "voucher":
		return &r.Voucher
	case "booking":
		return &r.Booking
	}
	return nil
}

// setPart makes a record say v, as the history kept it, under a name.
func (r *Resource) setPart(name string, v any, k kinds.Kind) error {
	if f, known := k.Field(name); known {
		kept, p := f.Accept(v)
		if p != nil {
			return fmt.Errorf("the history of %s has no %s: %s", r.ID, name, p.Code)
		}
		r.assign(f, kept)
		return nil
	}
	switch name {
	case "prices":
		r.Prices = nil
		if err := again(v, &r.Prices); err != nil {
			return err
		}
		for i, p := range r.Prices {
			r.Prices[i] = p.normal(r.ID, i)
		}
		return nil
	case "identifiers":
		r.Identifiers = nil
		return again(v, &r.Identifiers)
	case "access":
		r.Access = words(v)
		return nil
	case "languages":
		r.Languages = words(v)
		return nil
	}
	if p := r.textPart(name); p != nil {
		*p, _ = v.(string)
		return nil
	}
	if p := r.flagPart(name); p != nil {
		*p, _ = v.(bool)
		return nil
	}
	return fmt.Errorf("the history of %s has the unknown part %s", r.ID, name)
}

func words(v any) []string {
	s, _ := v.(string)
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

// again reads what JSON made of a value into its own type.
func again(v any, to any) error {
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, to)
	}
	if err != nil {
		return fmt.Errorf("read a part of the history: %w", err)
	}
	return nil
}

// alike compares two values as JSON keeps them; nothing and the empty text are alike.
func alike(a, b any) bool {
	return reflect.DeepEqual(plain(a), plain(b))
}

func plain(v any) any {
	var out any
	if again(v, &out) != nil {
		return v
	}
	if out == "" {
		return nil
	}
	return out
}
