package ui

import (
	"testing"

	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
)

func TestEnglish(t *testing.T) {
	c, err := i18n.New(English, form.English)
	if err != nil {
		t.Fatal(err)
	}
	missing, err := i18n.Untranslated(".", c)
	if err != nil || len(missing) > 0 {
		t.Errorf("without English: %q, %v", missing, err)
	}
}
