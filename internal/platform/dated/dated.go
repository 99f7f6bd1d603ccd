// Package dated reads rules that hold from a day on: thresholds, terms and weights of the field are such rules, kept as data
// with their source beside the module that follows them (rules.json), never constants.
package dated

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"qiao/internal/platform/clock"
)

// Rule is one version of a rule.
type Rule interface {
	// Since is the civil day from which on it holds, and where it comes from.
	Since() (day, source string)
}

// Read reads the versions of a rule from JSON, the oldest first. A field it does not know, a version without a day or a
// source, days out of order, or no version at all is an error.
func Read[R Rule](file []byte) ([]R, error) {
	d := json.NewDecoder(bytes.NewReader(file))
	d.DisallowUnknownFields()
	var out []R
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("read dated rules: %w", err)
	}
	if len(out) == 0 {
		return nil, errors.New("read dated rules: there is none")
	}
	before := ""
	for _, r := range out {
		day, source := r.Since()
		if _, err := clock.Midnight(day); err != nil || source == "" || day <= before {
			return nil, fmt.Errorf("read dated rules: the one from %q has no source or is out of order", day)
		}
		before = day
	}
	return out, nil
}

// On is the version that holds on a civil day; for days before the first it is the first. The rules are the oldest first,
// and there is at least one.
func On[R Rule](rules []R, day string) R {
	out := rules[0]
	for _, r := range rules {
		if since, _ := r.Since(); since <= day {
			out = r
		}
	}
	return out
}
