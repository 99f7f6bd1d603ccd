package catalogue_test

import (
	"testing"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/importing"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/ui"
)

func TestEveryTextHasEnglish(t *testing.T) {
	c, err := i18n.New(catalogue.English, importing.English, sheet.English, ui.English)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{".", "../platform/sheet"} {
		missing, err := i18n.Untranslated(folder, c)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range missing {
			t.Error(m)
		}
	}
}
