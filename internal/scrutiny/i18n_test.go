package scrutiny

import (
	"testing"

	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n/i18ntest"
	"qiao/internal/platform/ui"
)

func TestEverySentenceHasEnglish(t *testing.T) {
	i18ntest.Complete(t, i18ntest.Catalog(t, English, ui.English, form.English), ".")
}
