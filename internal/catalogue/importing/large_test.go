// What is measured or large runs on the plain program, where the race detector would only stretch it.
//
//go:build !race

package importing

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/cataloguetest"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/form"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/ui"
)

// newLargeSite takes files of so many bytes.
func newLargeSite(t *testing.T, largest int64) *site {
	t.Helper()
	w := newWorld(t, dbtest.SQLite(t))
	w.MaxFile = largest
	return &site{world: w, Site: cataloguetest.NewSite(w.World, [][]byte{English, catalogue.English, ui.English, form.English, sheet.English}, w.Service)}
}

// A file larger than what other forms take is uploaded in the browser and over the API; one that is larger still is refused with
// a sentence, and what was chosen beside it stays.
func TestLargeUploads(t *testing.T) {
	const largest = 70 << 20
	s := newLargeSite(t, largest)
	rows := manyRows(2100, 32_700) // 69 MB, more than any other request may have
	if len(rows) < 65<<20 || len(rows) > largest {
		t.Fatal(len(rows))
	}
	kind, body := cataloguetest.Multipart(t, "a.csv", []byte(rows), map[string]string{"mode": "dry"})
	w := s.Send("lab", "POST", "/desk/imports", kind, body)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("browser: %d %.2000s", w.Code, w.Body)
	}
	s.Page("lab", w.Header().Get("Location"), 200)

	var report importBody
	w = s.Send("lab", "POST", "/api/v1/imports?name=a.csv", "text/csv", io.MultiReader(strings.NewReader(rows)), "Idempotency-Key", "large") // of unknown length
	if err := json.Unmarshal(w.Body.Bytes(), &report); err != nil || w.Code != 200 || report.Status != StatusRunning {
		t.Fatalf("API: %d %.2000s", w.Code, w.Body)
	}

	rows = strings.Repeat(rows, 2)
	kind, body = cataloguetest.Multipart(t, "b.csv", []byte(rows), map[string]string{"mode": "dry"})
	d := s.Document(s.Send("lab", "POST", "/desk/imports", kind, body), "too large", http.StatusUnprocessableEntity)
	if !strings.Contains(d.Text(), "文件超过 70 MB") || d.Find("input[name=mode][value=dry][checked]").Length() != 1 {
		t.Errorf("browser, too large: %.2000s", d.Text())
	}
	if w := s.Send("lab", "POST", "/api/v1/imports", "text/csv", strings.NewReader(rows)); w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "70 MB") && !strings.Contains(w.Body.String(), "too-large") {
		t.Errorf("API, too large: %d %s", w.Code, w.Body)
	}
	kind, body = cataloguetest.Multipart(t, "c.csv", []byte(ownList), nil)
	if w := s.Send("lab", "POST", "/api/v1/imports", kind, io.LimitReader(body, 300)); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "no-file") {
		t.Errorf("API, cut off: %d %s", w.Code, w.Body)
	}
}
