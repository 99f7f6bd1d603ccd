package importing

import (
	"testing"

	"qiao/internal/catalogue"
	"qiao/internal/platform/i18n/i18ntest"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/ui"
)

func TestEverySentenceHasEnglish(t *testing.T) {
	i18ntest.Complete(t, i18ntest.Catalog(t, English, catalogue.English, sheet.English, ui.English), ".", "../../platform/sheet")
}
