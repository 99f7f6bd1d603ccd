package importing

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"

	"qiao/internal/catalogue/kinds"
)

// fields are the values of a page's form as a browser would send them.
func fields(d *goquery.Document, form string) url.Values {
	out := url.Values{}
	d.Find(form + " input[name], " + form + " textarea[name]").Each(func(_ int, x *goquery.Selection) {
		_, checked := x.Attr("checked")
		if kind := x.AttrOr("type", ""); kind != "checkbox" && kind != "radio" || checked {
			out.Add(x.AttrOr("name", ""), x.AttrOr("value", ""))
		}
	})
	d.Find(form + " select[name]").Each(func(_ int, x *goquery.Selection) {
		out.Add(x.AttrOr("name", ""), x.Find("option[selected]").AttrOr("value", x.Find("option").First().AttrOr("value", "")))
	})
	return out
}

// labelled is the name of the field that a label stands for.
func labelled(t *testing.T, d *goquery.Document, label string) string {
	t.Helper()
	id := d.Find("label").FilterFunction(func(_ int, x *goquery.Selection) bool { return strings.TrimSpace(x.Text()) == label }).AttrOr("for", "")
	name, ok := d.Find("#" + id).Attr("name")
	if !ok {
		t.Fatalf("no field is labelled %q", label)
	}
	return name
}

func TestColumnsAreExplainedAtTheDesk(t *testing.T) {
	s := newSite(t)
	w := s.Upload("lab", "/desk/imports", "资产.csv", []byte(assets), map[string]string{"mode": "now"})
	path := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(path, "/desk/import-drafts/") {
		t.Fatalf("%d %s", w.Code, path)
	}
	s.Page("other", path, http.StatusForbidden)
	if d := s.Page("lab", "/desk/imports", 200); d.Find("a[href='"+path+"']").Length() != 1 {
		t.Error("the draft is not listed")
	}
	d := s.Page("lab", path, 200)
	form := fields(d, "#columns")
	worth, used, name := labelled(t, d, "“购入（元）”的对应内容"), labelled(t, d, "“启用于”的对应内容"), labelled(t, d, "“仪器”的对应内容")
	if form.Get(name) != kinds.TargetName || form.Get(worth) != kinds.TargetNone || form.Get("row") != "2" || form.Get("kind") != "instrument" {
		t.Fatalf("%v", form)
	}

	form.Set(worth, "worth")
	form.Set(used, "worth")
	form.Set("k-department", "示例分析中心")
	form.Set("do", doPreview)
	if w := s.Post("lab", path, form); w.Code != http.StatusSeeOther || !strings.HasSuffix(w.Header().Get("Location"), "#preview") {
		t.Fatalf("preview: %d", w.Code)
	}
	d = s.Page("lab", path, 200)
	if !strings.Contains(d.Find("#preview").Text(), "示例分析中心") {
		t.Error("the preview lacks what holds for every row")
	}
	form = fields(d, "#columns")
	form.Set("do", doRun)
	d = s.Document(s.Post("lab", path, form), "two columns for one field", 422)
	if d.Find("#f-"+used+"-error").Length() != 1 || fields(d, "#columns").Get(used) != "worth" || len(s.all(s.Lab)) != 0 {
		t.Error("two columns for one field are not told, or something was lost")
	}
	form.Set(name, kinds.TargetNone)
	form.Set(used, "commissioned")
	form.Set(labelled(t, d, "“自编号码”的对应内容"), "source_id")
	form.Set("k-class", "999999")
	d = s.Document(s.Post("lab", path, form), "no name", 422)
	if !strings.Contains(d.Find(".summary").Text(), "没有一列是名称") || !strings.Contains(d.Find(".summary").Text(), "999999") {
		t.Errorf("errors: %s", d.Find(".summary").Text())
	}

	form = fields(d, "#columns")
	form.Set(name, kinds.TargetName)
	form.Set("k-class", "")
	form.Set("do", doRun)
	form.Set("name", "资产表")
	w = s.Post("lab", path, form)
	if w.Code != http.StatusSeeOther || len(s.all(s.Lab)) != 2 {
		t.Fatalf("run: %d %s %s", w.Code, w.Header().Get("Location"), s.Page("lab", w.Header().Get("Location"), 200).Find("main").Text())
	}
	d = s.Page("lab", w.Header().Get("Location"), 200)
	if !strings.Contains(d.Text(), "对应表“资产表”") {
		t.Error("the report does not say which mapping it was")
	}
	s.Page("lab", path, http.StatusNotFound)
	for _, x := range s.all(s.Lab) {
		if x.SourceID == "A-1" && (x.Fields["commissioned"] != "2019-12-31" || x.Fields["worth"] != int64(325_000_000) || x.Prices[0].Currency != "EUR") {
			t.Errorf("%+v", x)
		}
	}

	next := strings.ReplaceAll(assets, "A-2", "A-3")
	w = s.Upload("lab", "/desk/imports", "下月.csv", []byte(next), map[string]string{"mode": "now"})
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/desk/imports/") || len(s.all(s.Lab)) != 3 {
		t.Errorf("next month: %d %s", w.Code, w.Header().Get("Location"))
	}
}

func TestAnotherHeadingRowAndKind(t *testing.T) {
	s := newSite(t)
	w := s.Upload("lab", "/desk/imports", "清单.csv", []byte("甲,乙\n示例一,1\n设备,说不清的列,启用时间\n示例天平,2,2020-01-31\n"), nil)
	path := w.Header().Get("Location")
	if !strings.HasPrefix(path, "/desk/import-drafts/") {
		t.Fatalf("went to %s", path)
	}
	for _, c := range []struct{ row, kind, heading string }{{"1", "instrument", "乙"}, {"3", "service", "说不清的列"}} {
		form := fields(s.Page("lab", path, 200), "#columns")
		form.Set("row", c.row)
		form.Set("kind", c.kind)
		form.Set("do", doAgain)
		if w := s.Post("lab", path, form); w.Code != http.StatusSeeOther {
			t.Fatalf("row %s: %d", c.row, w.Code)
		}
		d := s.Page("lab", path, 200)
		if f := fields(d, "#columns"); f.Get("row") != c.row || f.Get("kind") != c.kind || !strings.Contains(d.Find("table").Text(), c.heading) {
			t.Errorf("row %s: %v", c.row, f)
		}
	}
	form := fields(s.Page("lab", path, 200), "#columns")
	form.Set("row", "77")
	d := s.Document(s.Post("lab", path, form), "a row that is not there", 422)
	if d.Find("#f-row-error").Length() != 1 || fields(d, "#columns").Get("row") != "77" {
		t.Error("the row that is not there is not told")
	}
	if w := s.Post("lab", path+"/discard", nil); w.Code != http.StatusSeeOther {
		t.Errorf("discard: %d", w.Code)
	}
	s.Page("lab", path, http.StatusNotFound)
}

func TestMappingsAtTheDesk(t *testing.T) {
	s := newSite(t)
	if d := s.Page("lab", "/desk/mappings", 200); !strings.Contains(d.Text(), "还没有保存过对应表") {
		t.Error("the empty list does not say so")
	}
	m, err := s.SaveMapping(t.Context(), s.Lab, s.Lab.Org, "资产表", plan())
	if err != nil {
		t.Fatal(err)
	}
	path := "/desk/mappings/" + m.ID
	d := s.Page("lab", path, 200, "Accept-Language", "en")
	if !strings.Contains(d.Text(), "In use since") || !strings.Contains(d.Text(), "示例分析中心") {
		t.Error("the mapping is not shown")
	}
	s.Page("other", path, http.StatusForbidden)
	if w := s.Post("other", path+"/delete", nil); w.Code != http.StatusForbidden {
		t.Errorf("another owner deletes it: %d", w.Code)
	}
	d = s.Document(s.Post("lab", path+"/rename", url.Values{"name": {" "}}), "no name", 422)
	if d.Find("#f-name-error").Length() != 1 {
		t.Error("a missing name is not told")
	}
	if w := s.Post("lab", path+"/rename", url.Values{"name": {"设备表"}}); w.Code != http.StatusSeeOther {
		t.Errorf("rename: %d", w.Code)
	}
	if d := s.Page("lab", "/desk/mappings", 200); !strings.Contains(d.Find("th a").Text(), "设备表") {
		t.Error("the new name is not listed")
	}
	if w := s.Post("lab", path+"/delete", nil); w.Code != http.StatusSeeOther {
		t.Errorf("delete: %d", w.Code)
	}
	s.Page("lab", path, http.StatusNotFound)
}

func TestWordsAreTranslated(t *testing.T) {
	s := newSite(t)
	list := "设备,收创新券吗,状况\n示例天平,可以,好用\n示例烘箱,不行,坏了\n示例马弗炉,再议,好用\n"
	path := s.Upload("lab", "/desk/imports", "a.csv", []byte(list), nil).Header().Get("Location")
	d := s.Page("lab", path, 200)
	form := fields(d, "#columns")
	form.Set(labelled(t, d, "“收创新券吗”的对应内容"), kinds.TargetVoucher)
	form.Set(labelled(t, d, "“状况”的对应内容"), "condition")
	form.Set("do", doPreview)
	s.Post("lab", path, form)
	d = s.Page("lab", path, 200)
	if !strings.Contains(d.Find("#preview").Text(), "3 行中有 3 行需要更正") {
		t.Errorf("before: %s", d.Find("#preview .panel-head").Text())
	}
	form = fields(d, "#columns")
	for word, choice := range map[string]string{"可以": "yes", "不行": "no", "再议": meansNone, "好用": "正常", "坏了": "待修"} {
		form.Set(labelled(t, d, "“"+word+"”是指"), choice)
	}
	form.Set("do", doRun)
	if w := s.Post("lab", path, form); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	got := map[string]string{}
	for _, x := range s.all(s.Lab) {
		got[x.NameZH], _ = x.Fields["condition"].(string)
		if voucher := x.Voucher; voucher != (x.NameZH == "示例天平") {
			t.Errorf("%s takes vouchers: %v", x.NameZH, voucher)
		}
	}
	if got["示例天平"] != "正常" || got["示例烘箱"] != "待修" || len(got) != 3 {
		t.Errorf("%v", got)
	}
}

func TestTheListStandsOnAnotherSheet(t *testing.T) {
	s := newSite(t)
	book := excelize.NewFile()
	for cell, text := range map[string]string{"A1": "填表说明", "A2": "请逐行填写，如有疑问请联系管理部门。"} {
		if err := book.SetCellStr("Sheet1", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := book.NewSheet("清单"); err != nil {
		t.Fatal(err)
	}
	for cell, text := range map[string]string{"A1": "设备", "B1": "型号", "C1": "启用于", "A2": "示例天平", "B2": "X1", "C2": "05/06/2020"} {
		if err := book.SetCellStr("清单", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	path := s.Upload("lab", "/desk/imports", "a.xlsx", b.Bytes(), nil).Header().Get("Location")
	d := s.Page("lab", path, 200)
	form := fields(d, "#columns")
	if form.Get("sheet") != "清单" || d.Find("select[name=sheet] option").Length() != 2 {
		t.Fatalf("%v", form)
	}
	form.Set("do", doRun)
	form.Set("name", "清单")
	if w := s.Post("lab", path, form); w.Code != http.StatusSeeOther || len(s.all(s.Lab)) != 1 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := s.Upload("lab", "/desk/imports", "b.xlsx", b.Bytes(), nil); !strings.HasPrefix(w.Header().Get("Location"), "/desk/imports/") {
		t.Errorf("the next month goes to %s", w.Header().Get("Location"))
	}
}
