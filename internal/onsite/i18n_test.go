package onsite

import (
	"testing"

	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

func TestEverySentenceHasEnglish(t *testing.T) {
	c, err := i18n.New(English, ui.English, form.English)
	if err != nil {
		t.Fatal(err)
	}
	missing, err := i18n.Untranslated(".", c)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range missing {
		t.Error(m)
	}
}
