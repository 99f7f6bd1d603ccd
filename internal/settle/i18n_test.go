package settle

import (
	"testing"

	"qiao/internal/platform/i18n/i18ntest"
)

func TestEverySentenceHasEnglish(t *testing.T) {
	i18ntest.Complete(t, i18ntest.Catalog(t, English), ".")
}
