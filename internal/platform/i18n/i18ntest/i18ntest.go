// Package i18ntest is what tests of texts stand on.
package i18ntest

import (
	"testing"

	"qiao/internal/platform/i18n"
)

// Catalog is the English of some packages; the test ends where two translate one sentence differently.
func Catalog(t testing.TB, english ...[]byte) *i18n.Catalog {
	t.Helper()
	c, err := i18n.New(english...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Complete fails for each Chinese sentence of the folders that has no English in c.
func Complete(t testing.TB, c *i18n.Catalog, folders ...string) {
	t.Helper()
	for _, folder := range folders {
		missing, err := i18n.Untranslated(folder, c)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range missing {
			t.Error(m)
		}
	}
}
