package fund

import (
	"testing"

	"qiao/internal/platform/i18n"
)

// Every Chinese sentence of this module has its English.
func TestEnglish(t *testing.T) {
	c, err := i18n.New(English)
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
