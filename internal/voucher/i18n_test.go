package voucher_test

import (
	"testing"

	"qiao/internal/platform/i18n/i18ntest"
	"qiao/internal/voucher"
	"qiao/internal/voucher/editor"
	"qiao/internal/voucher/reward"
	"qiao/internal/voucher/scheme"
)

func TestEverySentenceHasEnglish(t *testing.T) {
	i18ntest.Complete(t, i18ntest.Catalog(t, voucher.English, scheme.English, editor.English, reward.English), ".")
}
