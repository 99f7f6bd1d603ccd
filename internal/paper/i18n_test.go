package paper

import (
	"testing"

	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

// catalog is the English of this package and of those whose sentences it shows.
func catalog(t *testing.T) *i18n.Catalog {
	t.Helper()
	c, err := i18n.New(English, ui.English, form.English)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEverySentenceHasEnglish(t *testing.T) {
	missing, err := i18n.Untranslated(".", catalog(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range missing {
		t.Error(m)
	}
}
