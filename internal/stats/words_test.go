package stats_test

import (
	"strings"
	"testing"

	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/stats"
)

func TestEveryTextHasEnglish(t *testing.T) {
	catalog, err := i18n.New(stats.English)
	if err != nil {
		t.Fatal(err)
	}
	missing, err := i18n.Untranslated(".", catalog)
	if err != nil || len(missing) > 0 {
		t.Errorf("%v\n%s", err, strings.Join(missing, "\n"))
	}
	if _, err := i18n.New(stats.English, ui.English, form.English); err != nil {
		t.Error(err)
	}
}
