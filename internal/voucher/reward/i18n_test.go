package reward

import (
	"testing"

	"qiao/internal/platform/i18n/i18ntest"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme"
)

func TestEverySentenceHasEnglish(t *testing.T) {
	i18ntest.Complete(t, i18ntest.Catalog(t, English, voucher.English, scheme.English), ".")
}
