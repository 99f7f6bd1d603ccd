package app

import (
	"testing"

	"qiao/internal/platform/i18n"
)

// Every Chinese text of the interface has its English, and no page has Chinese outside a translated text.
func TestEveryTextHasItsEnglish(t *testing.T) {
	c, err := texts()
	if err != nil {
		t.Fatal(err)
	}
	missing, err := i18n.Untranslated("..", c)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range missing {
		t.Error(m)
	}
}
