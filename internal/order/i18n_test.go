package order

import (
	"testing"

	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/i18n/i18ntest"
	"qiao/internal/platform/ui"
)

// catalog is the English of this package and of those whose sentences it shows.
func catalog(t *testing.T) *i18n.Catalog {
	t.Helper()
	return i18ntest.Catalog(t, English, ui.English, form.English)
}

func TestEverySentenceHasEnglish(t *testing.T) { i18ntest.Complete(t, catalog(t), ".") }
