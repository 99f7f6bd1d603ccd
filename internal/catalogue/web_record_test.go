package catalogue

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"qiao/internal/catalogue/kinds"
)

// typed is something a person may write into a field: of a kind that reads it wrongly where it can be.
func typed(f kinds.Field) []string {
	switch f.Type {
	case kinds.One, kinds.Many, kinds.Class:
		if len(f.Choices) > 0 {
			return []string{f.Choices[len(f.Choices)-1].Value}
		}
		return []string{"010100"}
	case kinds.Flag:
		return []string{no}
	case kinds.Text, kinds.Long, kinds.List:
		return []string{"某" + f.Name}
	}
	return []string{"不是 " + f.Name}
}

// shown are the values a form shows for a field.
func shown(d *goquery.Document, name string) []string {
	var out []string
	d.Find(`[name="` + name + `"]`).Each(func(_ int, e *goquery.Selection) {
		switch {
		case goquery.NodeName(e) == "textarea":
			out = append(out, strings.TrimSpace(e.Text()))
		case goquery.NodeName(e) == "select":
			out = append(out, e.Find("option[selected]").AttrOr("value", ""))
		case slices.Contains([]string{"checkbox", "radio"}, e.AttrOr("type", "")):
			if _, on := e.Attr("checked"); on {
				out = append(out, e.AttrOr("value", ""))
			}
		default:
			out = append(out, e.AttrOr("value", ""))
		}
	})
	return out
}

// The form of every kind, refused, keeps each thing that was typed, and its summary leads to fields that are there.
func TestTheFormOfEveryKindKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	for _, k := range s.Kinds() {
		f := url.Values{"kind": {k.Name}, "then": {"publish"}, "languages": {"en"}, "access": {"remote"}, "voucher": {yes}, "identifiers": {"10.不是/标识"},
			"prices[0].audience": {"internal"}, "prices[0].unit": {"sample"}, "prices[0].amount": {"4o0"}, "prices[0].note": {"周末加收"}}
		for _, field := range k.Fields {
			if field.Name != "register_status" { // only imports bring one
				f[field.Name] = typed(field)
			}
		}
		d := s.Document(s.Post("lab", "/desk/resources", f), k.Name, 422)
		for name, want := range f {
			if name == "then" {
				continue
			}
			if got := shown(d, name); !slices.Equal(got, want) {
				t.Errorf("%s: %s was %q and is %q", k.Name, name, want, got)
			}
		}
		links := d.Find(".summary a[href^='#']")
		if links.Length() == 0 {
			t.Errorf("%s: no summary", k.Name)
		}
		links.Each(func(_ int, a *goquery.Selection) {
			if id := strings.TrimPrefix(a.AttrOr("href", ""), "#"); d.Find(`[id="`+id+`"]`).Length() != 1 {
				t.Errorf("%s: the summary leads to %q, which is not there", k.Name, id)
			}
		})
	}
}

// A record grows old, is checked, suspended with a reason that readers see, resumed, withdrawn with a tombstone, restored.
func TestTheLifeOfARecordOnItsPages(t *testing.T) {
	s := newSite(t)
	path := "/resources/" + s.published(1).ID
	has := func(as, path string, status int, want ...string) {
		t.Helper()
		text := s.Page(as, path, status).Text()
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s as %q lacks %q", path, as, w)
			}
		}
	}
	do := func(verb, note string, status int) *goquery.Document {
		t.Helper()
		w := s.Post("lab", "/desk"+path+"/"+verb, url.Values{"note": {note}})
		if w.Code != status {
			t.Fatalf("%s: %d, want %d", verb, w.Code, status)
		}
		if status == http.StatusSeeOther {
			return nil
		}
		return s.Document(w, verb, status)
	}
	s.Clock.Advance(200 * 24 * time.Hour)
	has("lab", "/desk/resources", 200, "1 项已过核对期限")
	if n := s.Page("lab", "/desk/resources?fresh=check", 200).Find("tbody tr").Length(); n != 1 {
		t.Errorf("%d to check", n)
	}
	do("check", "", 303)
	if text := s.Page("lab", "/desk/resources", 200).Text(); strings.Contains(text, "已过核对期限") {
		t.Error("checked, and still old")
	}
	if d := do("suspend", " ", 422); !strings.Contains(d.Find(".summary").Text(), "请写明原因") {
		t.Errorf("no reason asked for: %s", d.Find(".summary").Text())
	}
	do("suspend", "检修到下周一", 303)
	has("", path, 200, "检修到下周一", "暂停服务")
	do("resume", "", 303)
	do("withdraw", "已报废", 303)
	has("", path, 410, "已报废")
	do("publish", "", 409)
	do("restore", "", 303)
	has("lab", "/desk"+path, 200, "草稿")
	s.Page("", path, 404)
	for _, verb := range []string{"fly", "approve"} {
		if w := s.Post("lab", "/desk"+path+"/"+verb, nil); w.Code < 400 || w.Code >= 500 {
			t.Errorf("%s: %d", verb, w.Code)
		}
	}
}

func TestReviewingOnPages(t *testing.T) {
	s := newSite(t)
	s.term = func(region, day string) CheckTerm { c := TermOf(CheckTerms(), region, day); c.Review = true; return c }
	second := s.Lab
	second.Person = "second"
	s.People["second"] = second
	made, err := s.Create(t.Context(), s.Lab, "", draft())
	if err != nil {
		t.Fatal(err)
	}
	own, review := "/desk/resources/"+made.ID, "/desk/reviews/"+made.ID
	if d := s.Page("lab", own, 200); d.Find("form[action$='/submit']").Length() != 1 || d.Find("form[action$='/publish']").Length() != 0 {
		t.Error("the owner is not offered to submit")
	}
	if w := s.Post("lab", own+"/submit", nil); w.Code != 303 {
		t.Fatalf("submit: %d", w.Code)
	}
	if d := s.Page("lab", "/desk/reviews", 200); d.Find("tbody tr").Length() != 0 {
		t.Error("who submitted is asked to review")
	}
	if d := s.Page("second", "/desk/reviews", 200); d.Find("tbody th a").AttrOr("href", "") != review {
		t.Error("the second person does not find it")
	}
	s.Page("second", review, 200)
	s.Page("", "/resources/"+made.ID, 404)
	s.Page("second", "/resources/"+made.ID, 200)
	s.Page("other", review, 403)
	if d := s.Document(s.Post("second", review+"/return", url.Values{"note": {""}}), "no reason", 422); !strings.Contains(d.Find(".summary").Text(), "请写明原因") {
		t.Error("given back without a reason")
	}
	if w := s.Post("second", review+"/return", url.Values{"note": {"缺少校准证书编号"}}); w.Code != 303 {
		t.Errorf("return: %d", w.Code)
	}
	if d := s.Page("lab", own, 200); !strings.Contains(d.Text(), "缺少校准证书编号") {
		t.Error("the owner does not see why")
	}
	if w := s.Post("lab", own+"/submit", nil); w.Code != 303 {
		t.Fatalf("submit again: %d", w.Code)
	}
	if w := s.Post("second", review+"/approve", nil); w.Code != 303 {
		t.Errorf("approve: %d", w.Code)
	}
	s.Page("", "/resources/"+made.ID, 200)
}

func TestHistoryAndUndoOnPages(t *testing.T) {
	s := newSite(t)
	r := s.published(1)
	path := "/desk/resources/" + r.ID
	edit := func(model, fee string) {
		t.Helper()
		d := s.Page("lab", path, 200)
		f := url.Values{}
		d.Find(`form[action="` + path + `"] [name]`).Each(func(_ int, e *goquery.Selection) {
			name := e.AttrOr("name", "")
			f[name] = shown(d, name)
		})
		f.Set("model", model)
		f.Set("prices[0].amount", fee)
		if w := s.Post("lab", path, f); w.Code != 303 {
			t.Fatalf("edit: %d %.300s", w.Code, w.Body)
		}
	}
	edit("X-2", "450")
	edit("X-3", "450")
	d := s.Page("lab", path+"/history", 200)
	if first := d.Find("ol.revisions > li").Eq(1); !strings.Contains(first.Find("del").Text(), "X-1") || !strings.Contains(first.Find("ins").Text(), "X-2") {
		t.Errorf("the history does not show what changed: %s", first.Text())
	}
	undo := func(as string, f url.Values, status int) *goquery.Document {
		t.Helper()
		return s.Document(s.Post(as, path+"/undo", f), "undo", status)
	}
	undo("other", url.Values{"revision": {"3"}}, 403)
	d = undo("lab", url.Values{"revision": {"3"}}, 409)
	rest := d.Find("form[action$='/undo'] input[name=parts]").AttrOr("value", "")
	if !strings.Contains(rest, "prices") || strings.Contains(rest, "model") {
		t.Fatalf("what can be taken back is %q", rest)
	}
	undo("lab", url.Values{"revision": {"3"}, "parts": {rest}}, 303)
	if d = s.Page("lab", path, 200); shown(d, "model")[0] != "X-3" || shown(d, "prices[0].amount")[0] != "400.00" {
		t.Errorf("undone: %q %q", shown(d, "model"), shown(d, "prices[0].amount"))
	}
	undo("lab", url.Values{"revision": {"1"}}, 422)
	s.Page("other", path+"/history", 403)
	if d = s.Page("lab", path+"/history", 200, "Accept-Language", "en"); !strings.Contains(d.Text(), "Take this back") {
		t.Error("no English")
	}
}

func TestBulkEditOnPages(t *testing.T) {
	s := newSite(t)
	for i := range 130 {
		s.published(i)
	}
	d := s.Page("lab", "/desk/resources?page=9&sort=name", 200)
	if n := d.Find("tbody tr").Length(); n != 30 || d.Find("a[rel=prev]").Length() != 1 || d.Find("a[rel=next]").Length() != 0 {
		t.Errorf("the page after the last has %d rows", n)
	}
	if d = s.Page("lab", "/desk/resources?q=p-12", 200); d.Find("tbody tr").Length() != 11 || d.Find("[name=all]").Length() != 0 {
		t.Errorf("%d rows found, all: %d", d.Find("tbody tr").Length(), d.Find("[name=all]").Length())
	}
	if w := s.Post("lab", "/desk/resources/bulk", url.Values{"do": {"edit"}}); w.Code != 303 {
		t.Errorf("nothing chosen: %d", w.Code)
	}
	f := url.Values{"do": {"edit"}, "all": {"true"}, "q": {"p-1"}, "kind": {"instrument"}} // 1, 10…19, 100…129
	step := func(stage string, status int, more ...string) *goquery.Document {
		t.Helper()
		f.Del("do")
		for i := 0; i+1 < len(more); i += 2 {
			f.Set(more[i], more[i+1])
		}
		f.Set("stage", stage)
		return s.Document(s.Post("lab", "/desk/resources/bulk", f), stage, status)
	}
	d = s.Document(s.Post("lab", "/desk/resources/bulk", f), "choose", 200)
	if !strings.Contains(d.Find("h1").Text(), "41") || d.Find("select[name=part] option[value=prices]").Length() != 1 || d.Find("option[value=name_zh]").Length() != 0 {
		t.Errorf("choose: %s", d.Find("h1").Text())
	}
	step(stageValue, 200, "part", "prices")
	if d = step(stagePreview, 422, "op", "percent", "value", "一成"); shown(d, "value")[0] != "一成" || d.Find(".summary").Length() != 1 {
		t.Errorf("a bad percentage: %q", shown(d, "value"))
	}
	d = step(stagePreview, 200, "value", "-10")
	if d.Find("tbody tr").Length() != shownBulk || !strings.Contains(d.Find("del").First().Text(), "400") || !strings.Contains(d.Find("ins").First().Text(), "360") {
		t.Errorf("preview: %d rows, %s", d.Find("tbody tr").Length(), d.Find("tbody tr").First().Text())
	}
	f.Set("stage", stageApply)
	w := s.Post("lab", "/desk/resources/bulk", f)
	done := w.Header().Get("Location")
	if w.Code != 303 || !strings.HasPrefix(done, "/desk/bulk-edits/") {
		t.Fatalf("apply: %d %s", w.Code, done)
	}
	amounts := func() map[int64]int {
		out := map[int64]int{}
		for _, r := range s.all(s.Lab) {
			out[int64(r.Prices[0].Amount)]++
		}
		return out
	}
	if got := amounts(); got[36000] != 41 || got[40000] != 89 {
		t.Errorf("applied: %v", got)
	}
	s.Page("other", done, 404)
	if w := s.Post("other", done+"/undo", nil); w.Code != 403 {
		t.Errorf("a stranger takes it back: %d", w.Code)
	}
	if w := s.Post("lab", done+"/undo", nil); w.Code != 303 || amounts()[40000] != 130 {
		t.Errorf("undone: %d %v", w.Code, amounts())
	}
	if w := s.Post("lab", done+"/undo", nil); w.Code != 409 {
		t.Errorf("twice: %d", w.Code)
	}
	if n := s.Page("lab", "/desk/bulk-edits", 200).Find("tbody tr").Length(); n != 2 {
		t.Errorf("%d bulk edits listed", n)
	}
}

// photograph is a JPEG whose EXIF says where it was taken.
func photograph(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 60, 40))
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00 GPS 30.75N 120.75E"
	head := fmt.Sprintf("\xff\xd8\xff\xe1%c%c%s", 0, len(exif)+2, exif)
	return append([]byte(head), b.Bytes()[2:]...)
}

func TestPhotosAndFilesOnPages(t *testing.T) {
	s := newSite(t)
	r := s.published(1)
	path := "/desk/resources/" + r.ID
	up := func(as, name, title string, data []byte, status int) *goquery.Document {
		t.Helper()
		return s.Document(s.Upload(as, path+"/files", name, data, map[string]string{"title": title}), name, status)
	}
	d := up("lab", "照片.png", "仪器正面", []byte("<html><script>alert(1)</script>"), 422)
	if shown(d, "title")[0] != "仪器正面" || !strings.Contains(d.Text(), "“照片.png”不是可以上传的文件") {
		t.Errorf("a script named as a picture: %s", d.Find(".summary").Text())
	}
	d = up("lab", "照片.png", "仪器正面", []byte("\x89PNG\r\n\x1a\nbroken"), 422)
	if !strings.Contains(d.Text(), "打不开") {
		t.Errorf("a broken picture: %s", d.Find(".summary").Text())
	}
	if d = up("lab", "", "仪器正面", nil, 422); d.Find("#files .summary, .summary").Length() == 0 {
		t.Error("nothing chosen, nothing said")
	}
	if d = up("lab", "a.jpg", "", photograph(t), 422); d.Find("#f-title").Length() != 1 || !strings.Contains(d.Text(), "请写明照片上是什么") {
		t.Error("a photo without a text for who cannot see it")
	}
	up("other", "a.jpg", "仪器正面", photograph(t), 403)
	up("lab", "a.jpg", "仪器正面", photograph(t), 303)
	up("lab", "说明书.pdf", "", []byte("%PDF-1.4 说明"), 303)
	d = s.Page("", "/resources/"+r.ID, 200)
	src := d.Find(".gallery img").AttrOr("src", "")
	if d.Find(".gallery img").AttrOr("alt", "") != "仪器正面" || d.Find("a.file").Length() != 1 {
		t.Fatalf("the public page shows %d photos and %d files", d.Find(".gallery img").Length(), d.Find("a.file").Length())
	}
	for _, address := range []string{src, strings.Split(src, "?")[0], strings.Split(src, "?")[0] + "?size=small"} {
		w := s.Send("", "GET", address, "", nil)
		if w.Code != 200 || w.Header().Get("Content-Type") != "image/jpeg" || bytes.Contains(w.Body.Bytes(), []byte("Exif")) || bytes.Contains(w.Body.Bytes(), []byte("GPS")) {
			t.Errorf("%s: %d %s, and where it was taken is still there", address, w.Code, w.Header().Get("Content-Type"))
		}
	}
	file := d.Find("a.file").AttrOr("href", "")
	if w := s.Send("", "GET", file, "", nil); w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the document: %d %v", w.Code, w.Header())
	}
	verb := func(as, file, verb string) int {
		return s.Post(as, path+"/files/"+file[strings.LastIndexByte(file, '/')+1:]+"/"+verb, nil).Code
	}
	if verb("lab", file, "first") != 303 || verb("other", file, "remove") != 403 || verb("lab", file, "remove") != 303 || verb("lab", file, "remove") != 404 {
		t.Error("files cannot be put first or taken off")
	}
	if w := s.Post("lab", path+"/withdraw", nil); w.Code != 303 {
		t.Fatal(w.Code)
	}
	if w := s.Send("", "GET", src, "", nil); w.Code != 410 && w.Code != 404 {
		t.Errorf("a photo of a withdrawn record: %d", w.Code)
	}
}
