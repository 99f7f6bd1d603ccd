package importing

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/cataloguetest"
	"qiao/internal/catalogue/format"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/form"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/ui"
)

// site is a catalogue whose imports are served.
type site struct {
	*world
	*cataloguetest.Site
}

func newSite(t *testing.T) *site {
	t.Helper()
	w := newWorld(t, dbtest.SQLite(t))
	return &site{world: w, Site: cataloguetest.NewSite(w.World, [][]byte{English, catalogue.English, ui.English, form.English, sheet.English}, w.Service)}
}

func TestUploadingAtTheDesk(t *testing.T) {
	s := newSite(t)
	d := s.Page("lab", "/desk/imports", 200)
	templates := d.Find("a[href^='/desk/import-templates/']").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") })
	if len(templates) != len(kinds.All()) {
		t.Errorf("templates %v", templates)
	}
	for _, path := range templates {
		for _, lang := range []string{"zh", "en"} {
			w := s.Send("lab", "GET", path, "", nil, "Accept-Language", lang)
			tab, err := sheet.Read("t.xlsx", w.Body, sheet.Options{})
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			tpl, ok := s.kinds.Recognise(tab.Headings, "", "")
			if !ok || tpl.Format != "qiao" || !strings.HasSuffix(path, tpl.Kind) {
				t.Errorf("%s %s is recognised as %s %s", path, lang, tpl.Format, tpl.Kind)
			}
			for _, h := range tab.Headings {
				if tpl.Target(h) == "" {
					t.Errorf("%s %s: %q has no target", path, lang, h)
				}
			}
		}
	}
	kind, body := cataloguetest.Multipart(t, "仪器.csv", []byte(ownList), map[string]string{"mode": "dry"})
	w := s.Send("lab", "POST", "/desk/imports", kind, body)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("dry run: %d %s", w.Code, w.Body.String())
	}
	path := w.Header().Get("Location")
	d = s.Page("lab", path, 200)
	if d.Find("tbody tr").Length() != 5 || !strings.Contains(d.Text(), "990000") || d.Find("form[action$='/apply']").Length() != 1 {
		t.Error("the report lacks its errors or the way on")
	}
	if errs, err := sheet.Read("e.xlsx", s.Send("lab", "GET", path+"/errors", "", nil).Body, sheet.Options{}); err != nil || len(errs.Rows) != 5 {
		t.Errorf("error list: %v", err)
	}
	if w := s.Post("lab", path+"/apply", nil); w.Code != http.StatusSeeOther || len(s.all(s.Lab)) != 2 {
		t.Errorf("apply: %d", w.Code)
	}
	s.Page("other", path, 403)
	kind, body = cataloguetest.Multipart(t, "照片.png", []byte("\x89PNG\r\n\x1a\n"), nil)
	d = s.Document(s.Send("lab", "POST", "/desk/imports", kind, body), "a picture", 422)
	if !strings.Contains(d.Text(), "是图片") {
		t.Error("a picture is not told")
	}
	if tasks, err := s.Tasks(t.Context(), s.Lab); err != nil || len(tasks) != 1 {
		t.Errorf("tasks %v %v", tasks, err)
	}
}

func TestImportOverTheAPI(t *testing.T) {
	s := newSite(t)
	var report importBody
	w := s.Send("lab", "POST", "/api/v1/imports?format=csv&name=a.csv", "text/csv", strings.NewReader(ownList))
	if err := json.Unmarshal(w.Body.Bytes(), &report); err != nil || w.Code != 200 || report.Accepted != 2 || report.Rejected != 2 || len(report.Errors) != 5 || report.Errors[0].Row != 3 {
		t.Fatalf("%d %s %v", w.Code, w.Body, err)
	}
	var again importBody
	s.JSON("lab", "GET", "/imports/"+report.ID, nil, 200, &again)
	if again.Accepted != 2 || len(again.Errors) != 5 {
		t.Errorf("%+v", again)
	}
	kind, body := cataloguetest.Multipart(t, "a.csv", []byte(ownList), nil)
	w = s.Send("lab", "POST", "/api/v1/imports", kind, body)
	if err := json.Unmarshal(w.Body.Bytes(), &report); err != nil || report.Unchanged != 2 || report.Name != "a.csv" {
		t.Fatalf("%d %s %v", w.Code, w.Body, err)
	}
	if w := s.Send("lab", "POST", "/api/v1/imports", "application/octet-stream", strings.NewReader("%PDF-1.4")); w.Code != 422 || !strings.Contains(w.Body.String(), "sheet-not-a-table") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	twice := func() string {
		w := s.Send("lab", "POST", "/api/v1/imports", "text/csv", strings.NewReader(ownList), "Idempotency-Key", "k1")
		if w.Code != 200 {
			t.Fatalf("with a key: %d %s", w.Code, w.Body)
		}
		return w.Body.String()
	}
	if first, second := twice(), twice(); first != second {
		t.Errorf("one key, two answers:\n%s\n%s", first, second)
	}
	if w := s.Send("firm", "POST", "/api/v1/imports", "text/csv", strings.NewReader(ownList)); w.Code != 403 {
		t.Errorf("a firm imports: %d", w.Code)
	}
}

func TestOurOwnTablesComeBack(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	data, err := os.ReadFile("../testdata/pnnl-dms/t_emsl_instruments.csv")
	if err != nil {
		t.Fatal(err)
	}
	w.take(w.Lab, "a.csv", ownList)
	w.takeWith(w.Lab, Request{Org: w.Lab.Org, Name: "b.csv", Reader: bytes.NewReader(data), Source: "PNNL-DMS"})
	files := map[string]*bytes.Buffer{"csv": {}, "xlsx": {}}
	var rows [][]string
	for _, r := range w.records(w.Lab) {
		rows = append(rows, format.TemplateRows(r)...)
	}
	k, _ := kinds.All().Find("instrument")
	if err := errors.Join(sheet.WriteCSV(files["csv"], format.TemplateHeadings(k, false), rows), sheet.WriteXLSX(files["xlsx"], sheet.Page{Name: "A", Headings: format.TemplateHeadings(k, false), Rows: rows})); err != nil {
		t.Fatal(err)
	}
	for shape, want := range map[string]int64{"xlsx": 151, "csv": 151} { // our own tables can be imported again: by somebody else here
		r := w.takeWith(w.Other, Request{Org: w.Other.Org, Name: "again." + shape, Reader: files[shape]})
		if r.Rejected != 0 || r.Accepted+r.Unchanged != want {
			t.Errorf("%s comes back as %+v", shape, counts(r))
		}
	}
}
