package i18n

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// Catalog is the English of every Chinese sentence. It does not change after New and is safe to share.
type Catalog struct{ en map[string]string }

// New merges the modules' files ({"中文": "English"}). The same sentence with two different translations, an empty
// translation, and a translation whose arguments are not those of its sentence are errors; all of them are told.
func New(files ...[]byte) (*Catalog, error) {
	c := &Catalog{en: map[string]string{}}
	var errs []error
	for i, file := range files {
		var entries map[string]string
		if err := json.Unmarshal(file, &entries); err != nil {
			return nil, fmt.Errorf("read translations, file %d: %w", i+1, err)
		}
		for _, zh := range slices.Sorted(maps.Keys(entries)) {
			errs = append(errs, c.add(zh, entries[zh]))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("merge translations: %w", err)
	}
	return c, nil
}

func (c *Catalog) add(zh, en string) error {
	if known, ok := c.en[zh]; ok && known != en {
		return fmt.Errorf("%q has two translations: %q and %q", zh, known, en)
	}
	if en == "" {
		return fmt.Errorf("%q has an empty translation", zh)
	}
	if !slices.Equal(places(zh), places(en)) {
		return fmt.Errorf("%q and %q do not use the same arguments", zh, en)
	}
	c.en[zh] = en
	return nil
}

// English finds the translation of zh. A nil catalogue knows none.
func (c *Catalog) English(zh string) (string, bool) {
	if c == nil {
		return "", false
	}
	en, ok := c.en[zh]
	return en, ok
}

var placePattern = regexp.MustCompile(`\{(\d+)(\|[^}]*)?\}`)

// places lists the arguments a sentence uses, each once, in order of their digits.
func places(s string) []string {
	var out []string
	for _, m := range placePattern.FindAllStringSubmatch(s, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}
