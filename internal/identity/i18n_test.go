package identity

import (
	"testing"

	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

// TestEnglish: no Chinese sentence of the module is without English.
func TestEnglish(t *testing.T) {
	catalog, err := i18n.New(English, ui.English, form.English)
	if err != nil {
		t.Fatal(err)
	}
	missing, err := i18n.Untranslated(".", catalog)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range missing {
		t.Error(line)
	}
}
