package catalogue

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"qiao/internal/catalogue/cataloguetest"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/ui"
)

// site is a catalogue whose pages and API are served.
type site struct {
	*world
	*cataloguetest.Site
}

func newSite(t *testing.T) *site {
	t.Helper()
	w := newWorld(t, dbtest.SQLite(t))
	return &site{world: w, Site: cataloguetest.NewSite(w.World, [][]byte{English, ui.English, sheet.English}, w.Service)}
}

// The tree of regions opens along the way to the chosen one; what is chosen can be taken back; nothing found leads on.
func TestFacetsOfTheSearchPage(t *testing.T) {
	s := newSite(t)
	stock(t, s.world, 24)
	d := s.Page("", "/resources?region=330402&region=330000&price=100-200&price_from=99&sort=price", 200)
	if d.Find("input[name=region][value='330402']").Length() != 1 || d.Find(".chosen li").Length() != 3 {
		t.Errorf("%d counties, %d chosen", d.Find("input[name=region][value='330402']").Length(), d.Find(".chosen li").Length())
	}
	if d.Find("input[name=price_from]").AttrOr("value", "") != "99" || d.Find("form.facets input[name=sort]").AttrOr("value", "") != "price" {
		t.Error("what was typed or chosen is lost")
	}
	d = s.Page("", "/resources?kind=service&price_from=100000&price_to=200000", 200)
	if d.Find(".helps a[href='/resources?kind=service']").Length() != 1 {
		t.Errorf("no way on: %s", d.Find(".helps").Text())
	}
	d = s.Page("", "/resources?q=质谱仪&view=table&compare=x", 200)
	if d.Find("tbody tr").Length() == 0 || d.Find(".tray").Length() != 0 {
		t.Errorf("%d rows, %d trays", d.Find("tbody tr").Length(), d.Find(".tray").Length())
	}
	d = s.Page("", "/resources/suggest?q=质谱", 200)
	if d.Find("[role=option]").Length() == 0 {
		t.Errorf("no suggestions: %s", d.Text())
	}
	for _, bad := range []string{"price=7-9&price=100-200", "price_from=many", "price_from=9&price_to=8", "free_on=soon", "sort=colour", "limit=1000", "cursor=x", "price=7-9&price_from=many&free_on=soon&sort=colour"} {
		d = s.Page("", "/resources?q=质谱仪&kind=instrument&"+bad, 200)
		if d.Find(".note").Length() == 0 || d.Find("li.item").Length() == 0 || d.Find("input[name=q]").AttrOr("value", "") != "质谱仪" || d.Find("input[name=kind][checked]").Length() != 1 {
			t.Errorf("%s: %d remarks, %d found", bad, d.Find(".note").Length(), d.Find("li.item").Length())
		}
		if strings.Contains(bad, "many") && d.Find("input[name=price_from][aria-invalid]").AttrOr("value", "") != "many" {
			t.Errorf("%s: what was typed is lost", bad)
		}
	}
	d = s.Page("", "/resources?q=质谱仪&price_from=101&price_to=115", 200)
	if n := d.Find("#found-price a.facet-way").Length(); n == 0 || strings.Contains(d.Find("#found-price a.facet-way").First().AttrOr("href", ""), "price_from") {
		t.Errorf("%d spans to take instead of what was typed", n)
	}
}

func TestTheSearchPage(t *testing.T) {
	s := newSite(t)
	stock(t, s.world, 24)
	d := s.Page("", "/resources?q=电子显微镜", 200)
	if n := d.Find("li.item").Length(); n != 8 {
		t.Errorf("%d cards", n)
	}
	if d.Find("li.item .item-title a").First().AttrOr("href", "") == "" || d.Find("li.item .price b").First().Text() == "" {
		t.Error("a card lacks its link or its price")
	}
	if d.Find(".facets input[name=kind]").Length() == 0 || d.Find("form.facets button").Length() == 0 {
		t.Error("facets cannot be used without JavaScript")
	}
	d = s.Page("", "/resources?kind=service&class=test&limit=5", 200)
	if d.Find(".chosen li").Length() != 2 || d.Find("li.item").Length() != 5 {
		t.Errorf("%d chosen, %d cards", d.Find(".chosen li").Length(), d.Find("li.item").Length())
	}
	next, ok := d.Find("a[href*=cursor]").Attr("href")
	if !ok || s.Page("", next, 200).Find("li.item").Length() != 5 {
		t.Errorf("the next page %q does not follow", next)
	}
	if w := s.Send("", "GET", "/resources?cursor=nonsense&q=x", "", nil); w.Code != http.StatusOK {
		t.Errorf("a broken cursor gives %d", w.Code)
	}
	if d := s.Page("", "/resources?q=zzzzqqqq", 200, "Accept-Language", "en"); !strings.Contains(d.Text(), "Nothing found") {
		t.Error("an empty result does not say so in English")
	}
}

func TestAResourcePageAndItsTombstone(t *testing.T) {
	s := newSite(t)
	made, err := s.Create(t.Context(), s.Lab, "", draft())
	if err != nil {
		t.Fatal(err)
	}
	path := "/resources/" + made.ID
	s.Page("", path, 404)
	if d := s.Page("lab", path, 200); !strings.Contains(d.Text(), "这是草稿") {
		t.Error("the owner does not see the draft")
	}
	if w := s.Post("lab", "/desk"+path+"/publish", nil); w.Code != http.StatusSeeOther {
		t.Fatalf("publish: %d %s", w.Code, w.Body)
	}
	d := s.Page("", path, 200)
	for _, want := range []string{"示例扫描电镜", "X-1", "¥400", "电子光学仪器", "300.50 万元", "自主上机", "09:00–17:00", "示例·南湖检测研究院"} {
		if !strings.Contains(d.Text(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if d.Find("aside#book").Length() != 1 {
		t.Error("no place for booking")
	}
	if w := s.Post("lab", "/desk"+path+"/suspend", url.Values{"note": {" "}}); w.Code != 422 {
		t.Errorf("suspend without a reason: %d", w.Code)
	}
	if w := s.Post("lab", "/desk"+path+"/withdraw", url.Values{"note": {"已报废"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("withdraw: %d", w.Code)
	}
	if d := s.Page("", path, 410); !strings.Contains(d.Text(), "已报废") || d.Find("a[href^='/resources?']").Length() == 0 {
		t.Error("the tombstone says neither why nor what next")
	}
	if d := s.Page("lab", "/desk"+path, 200); !strings.Contains(d.Text(), "恢复为草稿") {
		t.Error("it cannot be restored")
	}
}

func TestTheDeskKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	s.Page("lab", "/desk/resources", 200)
	cards := s.Page("lab", "/desk/resources/new", 200)
	for name, d := range map[string]*goquery.Document{"Chinese": cards, "English": s.Page("lab", "/desk/resources/new", 200, "Accept-Language", "en")} {
		if kinds, said := d.Find("li.item").Length(), d.Find("li.item h2 + .meta span:not(:empty)").Length(); kinds < 11 || said != kinds {
			t.Errorf("%s: %d of %d kinds say what they are", name, said, kinds)
		}
	}
	s.Page("lab", "/desk/resources/new?kind=instrument", 200)
	if w := s.Send("firm", "GET", "/desk/resources/new", "", nil); w.Code != 403 {
		t.Errorf("a firm registers: %d", w.Code)
	}
	form := url.Values{"kind": {"instrument"}, "name_en": {"Sample SEM"}, "worth": {"很贵"}, "voucher": {"yes"}, "access": {"self"}, "then": {"publish"},
		"prices[0].audience": {"external"}, "prices[0].unit": {"hour"}, "prices[0].amount": {"4o0"}, "prices[1].option": {"冷台"}, "prices[1].audience": {"external"}, "prices[1].unit": {"hour"}}
	d := s.Document(s.Post("lab", "/desk/resources", form), "bad form", 422)
	if d.Find("input[name=worth]").AttrOr("value", "") != "很贵" || d.Find("input[name='prices[0].amount']").AttrOr("value", "") != "4o0" {
		t.Error("what was typed is lost")
	}
	if d.Find("input[name=voucher][checked]").Length() != 1 || d.Find("a[href='#f-worth']").Length() == 0 {
		t.Error("the box is lost or the summary does not lead to the field")
	}
	form.Set("worth", "300.5")
	form.Set("prices[0].amount", "400")
	form.Set("prices[1].amount", "450")
	w := s.Post("lab", "/desk/resources", form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("mended: %d %s", w.Code, cut(w.Body.String(), 500))
	}
	path := w.Header().Get("Location")
	d = s.Page("lab", path, 200)
	if d.Find("input[name='prices[1].option']").AttrOr("value", "") != "冷台" || d.Find("input[name=worth]").AttrOr("value", "") != "300.50" {
		t.Error("the form does not show what is kept")
	}
	r := s.all(s.Lab)[0]
	if r.Status != StatusPublished || len(r.Prices) != 2 || !r.Voucher {
		t.Errorf("%+v", r)
	}
	edit := url.Values{"revision": {"2"}, "name_en": {"Sample SEM 2"}, "class": {"010100"}}
	if w := s.Post("lab", path, edit); w.Code != http.StatusSeeOther {
		t.Fatalf("edit: %d %s", w.Code, cut(w.Body.String(), 500))
	}
	d = s.Document(s.Post("lab", path, edit), "stale edit", 409)
	if d.Find("input[name=name_en]").AttrOr("value", "") != "Sample SEM 2" {
		t.Error("the stale edit is lost")
	}
	if w := s.Post("lab", path+"/hours", url.Values{"day1": {"9-12，13:30-17:00"}, "day7": {"x"}}); w.Code != 422 || !strings.Contains(w.Body.String(), "9-12，13:30-17:00") {
		t.Errorf("bad hours: %d", w.Code)
	}
	if w := s.Post("lab", path+"/hours", url.Values{"day1": {"9-12，13:30-17:00"}}); w.Code != http.StatusSeeOther {
		t.Errorf("hours: %d", w.Code)
	}
	if w := s.Post("lab", "/desk/resources/hours", url.Values{"day1": {"8:00-24:00"}}); w.Code != http.StatusSeeOther {
		t.Errorf("owner's hours: %d", w.Code)
	}
	if w := s.Post("other", path, edit); w.Code != 403 {
		t.Errorf("a stranger edits: %d", w.Code)
	}
}

func TestTheAPI(t *testing.T) {
	s := newSite(t)
	var made resourceBody
	s.JSON("", "POST", "/resources", exampleDraft(), 401, nil)
	s.JSON("firm", "POST", "/resources", exampleDraft(), 403, nil)
	w := s.JSON("lab", "POST", "/resources", exampleDraft(), 201, &made)
	if made.Status != StatusPublished || made.Price == nil || made.Price.Amount != 60000 || !made.Bookable || w.Header().Get("ETag") != `"2"` {
		t.Fatalf("%+v %v", made, w.Header())
	}
	path := "/resources/" + made.ID
	if err := s.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	var found struct {
		Items  []resourceBody
		Total  int
		Facets map[string][]resourceFacet
		Next   string
	}
	s.JSON("", "GET", "/resources?q=%E6%89%AB%E6%8F%8F%E7%94%B5%E9%95%9C&kind=instrument&kind=service&voucher=true", nil, 200, &found)
	if found.Total != 1 || found.Items[0].ID != made.ID || found.Facets["kind"][0].Count != 1 {
		t.Errorf("%+v", found)
	}
	var pid map[string]any
	s.JSON("", "GET", path+"?format=pidinst", nil, 200, &pid)
	for _, key := range []string{"identifier", "schemaVersion", "landingPage", "name", "owners", "manufacturers"} {
		if pid[key] == nil {
			t.Errorf("pidinst lacks %s", key)
		}
	}
	for _, format := range []string{"jsonld", "nrii"} {
		s.JSON("", "GET", path+"?format="+format, nil, 200, &map[string]any{})
	}
	if w := s.Send("", "GET", "/api/v1"+path+"?format=uniquip", "", nil); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "\uFEFFType,Name,Description") {
		t.Errorf("uniquip: %d %s", w.Code, w.Body)
	}
	change := map[string]any{"name_zh": "示例·改名电镜", "class": "010100", "prices": []any{}}
	if w := s.Send("lab", "PUT", "/api/v1"+path, "application/json", strings.NewReader(`{"name_zh":"x"}`), "If-Match", `"1"`); w.Code != 412 {
		t.Errorf("a stale change: %d %s", w.Code, w.Body)
	}
	s.JSON("lab", "PUT", path, change, 200, &made)
	if made.NameZH != "示例·改名电镜" || made.Bookable {
		t.Errorf("%+v", made)
	}
	s.JSON("lab", "PUT", path, map[string]any{"name_zh": "x", "fields": map[string]any{"worth": "y"}}, 422, nil)
	s.JSON("other", "DELETE", path, nil, 403, nil)
	s.JSON("lab", "POST", path+"/suspend", map[string]any{"note": "维修"}, 200, nil)
	s.JSON("lab", "POST", path+"/fly", nil, 409, nil)
	s.JSON("lab", "DELETE", path, nil, 204, nil)
	s.JSON("", "GET", path, nil, 410, nil)
	s.JSON("", "GET", "/resources/nobody", nil, 404, nil)
}
