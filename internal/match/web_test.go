package match

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"qiao/internal/identity"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/i18n"
)

func TestNewPageHelpsEverybody(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	_, visitor, err := w.get(t, identity.Subject{}, i18n.ZH, "/needs/new")
	if err != nil {
		t.Fatal(err)
	}
	if visitor.Find("textarea").Length() != 0 || visitor.Find(`a[href^="/sign-in"]`).Length() == 0 || visitor.Find(`a[href="/register"]`).Length() == 0 {
		t.Error("a visitor is not told how to state a need")
	}
	unverified := firm("f9")
	unverified.Capacities = nil
	_, page, err := w.get(t, unverified, i18n.ZH, "/needs/new")
	if err != nil || page.Find("textarea").Length() != 0 || page.Find(`a[href="/account/organisation"]`).Length() == 0 {
		t.Errorf("an unverified firm is not told why: %v", err)
	}
	_, page, err = w.get(t, firm("f1"), i18n.ZH, "/needs/new?example=1")
	if err != nil || !strings.Contains(page.Find(`textarea[name="text"]`).Text(), "盐雾") || page.Find(`select[name="region"] option`).Length() < 3 {
		t.Errorf("the form is not filled with the example: %v", err)
	}
	_, page, err = w.get(t, firm("f1"), i18n.EN, "/needs/new")
	if err != nil || !strings.Contains(page.Find("h1").Text(), "what you need") {
		t.Errorf("English: %q %v", page.Find("h1").Text(), err)
	}
}

func TestSubmitKeepsWhatWasTyped(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	rec, page, err := w.send(t, firm("f1"), i18n.ZH, http.MethodPost, "/needs", url.Values{"text": {"太短了"}, "region": {"330402"}, "confidential": {"1"}})
	if err != nil || rec.Code != http.StatusUnprocessableEntity {
		t.Fatalf("%d %v", rec.Code, err)
	}
	if !strings.Contains(page.Find(`textarea[name="text"]`).Text(), "太短了") || page.Find(`input[name="confidential"][checked]`).Length() != 1 ||
		page.Find(".summary").Length() != 1 {
		t.Error("what was typed is lost")
	}
	rec, _, err = w.send(t, firm("f1"), i18n.ZH, http.MethodPost, "/needs", url.Values{"text": {coatingText}, "region": {"330402"}, "publish": {"1"}})
	if err != nil || rec.Code != http.StatusSeeOther || !strings.HasPrefix(rec.Header().Get("Location"), "/needs/") {
		t.Fatalf("%d %s %v", rec.Code, rec.Header().Get("Location"), err)
	}
}

func TestNeedPageShowsCandidatesWithReasonsAndGaps(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	n := w.create(t, CreateRequest{Publish: true})
	_, page, err := w.get(t, firm("f1"), i18n.ZH, "/needs/"+n.ID)
	if err != nil {
		t.Fatal(err)
	}
	first := page.Find("#service .item").First()
	if !strings.Contains(first.Text(), "耐磨与防腐涂层性能检测") || first.Find(".remarks li.ok").Length() < 3 || !strings.Contains(first.Text(), "有 CMA") {
		t.Errorf("the best service: %s", first.Text())
	}
	if page.Find(`form[action$="/accept"] input[name="resource"]`).Length() == 0 || page.Find(`form[action$="/decline"] select[name="code"]`).Length() == 0 {
		t.Error("the firm cannot accept or decline")
	}
	w.do(t, firm("f1"), n.ID, VerbAccept, VerbRequest{Resource: "i18"})
	_, page, err = w.get(t, firm("f1"), i18n.ZH, "/needs/"+n.ID)
	if err != nil || page.Find(`a[href="/resources/i18/book?need=`+n.ID+`"]`).Length() != 1 {
		t.Errorf("no way on to an order: %v", err)
	}
	if page.Find(".timeline li").Length() != 3 {
		t.Errorf("the history has %d lines", page.Find(".timeline li").Length())
	}
	rec, page, err := w.send(t, firm("f1"), i18n.ZH, http.MethodPost, "/needs/"+n.ID+"/meet", url.Values{"note": {""}})
	if err != nil || rec.Code != http.StatusUnprocessableEntity || page.Find("textarea#f-note").Length() != 1 || page.Find(`.summary a[href="#f-note"]`).Length() != 1 {
		t.Errorf("an empty note gives %d %v", rec.Code, err)
	}
	_, page, err = w.get(t, firm("f1"), i18n.EN, "/needs/"+n.ID)
	if err != nil || !strings.Contains(page.Text(), "Price published") {
		t.Errorf("English reasons: %v", err)
	}
}

func TestPublicPagesAreMasked(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.create(t, CreateRequest{Publish: true, Key: "open"})
	secret := w.create(t, CreateRequest{Publish: true, Confidential: true, Key: "secret"})
	_, list, err := w.get(t, identity.Subject{}, i18n.ZH, "/needs")
	if err != nil || list.Find(".item").Length() != 2 {
		t.Fatalf("%d items, %v", list.Find(".item").Length(), err)
	}
	for _, hidden := range []string{"13800138000", "示例·单位f1"} {
		if strings.Contains(list.Text(), hidden) {
			t.Errorf("the public list shows %s", hidden)
		}
	}
	_, page, err := w.get(t, identity.Subject{}, i18n.ZH, "/needs/"+secret.ID)
	if err != nil || strings.Contains(page.Text(), "耐磨涂层，客户") || page.Find(".item").Length() != 0 {
		t.Errorf("a visitor reads a confidential need: %v", err)
	}
	if !strings.Contains(page.Find("h1").Text(), "保密需求") {
		t.Errorf("title %q", page.Find("h1").Text())
	}
}

func TestProviderAnswersFromThePage(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	n := w.create(t, CreateRequest{Publish: true})
	_, page, err := w.get(t, provider("i18"), i18n.ZH, "/needs/"+n.ID)
	if err != nil || page.Find(`form[action$="/respond"] select[name="resource"] option[value="i18"]`).Length() != 1 {
		t.Fatalf("no form to answer: %v", err)
	}
	rec, page, err := w.send(t, provider("i18"), i18n.ZH, http.MethodPost, "/needs/"+n.ID+"/respond", url.Values{"resource": {"i18"}, "note": {""}})
	if err != nil || rec.Code != http.StatusUnprocessableEntity || page.Find(".summary").Length() != 1 {
		t.Errorf("an empty answer gives %d %v", rec.Code, err)
	}
	rec, _, err = w.send(t, provider("i18"), i18n.ZH, http.MethodPost, "/needs/"+n.ID+"/respond", url.Values{"resource": {"i18"}, "note": {"可以做。"}})
	if err != nil || rec.Code != http.StatusSeeOther {
		t.Errorf("%d %v", rec.Code, err)
	}
	_, page, err = w.get(t, firm("f1"), i18n.ZH, "/needs/"+n.ID)
	if err != nil || !strings.Contains(page.Text(), "供方已响应") || !strings.Contains(page.Text(), "可以做。") {
		t.Errorf("the firm does not see the answer: %v", err)
	}
}

func TestDeskHasTheRightLists(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	n := w.create(t, CreateRequest{Publish: true})
	for name, tt := range map[string]struct {
		by   identity.Subject
		tabs int
		has  bool
	}{"firm": {firm("f1"), 2, true}, "provider": {provider("s01"), 2, true}, "officer": {officer(), 2, true}, "other firm": {firm("f2"), 2, false}} {
		_, page, err := w.get(t, tt.by, i18n.ZH, "/desk/needs")
		if err != nil {
			t.Fatal(err)
		}
		if got := page.Find(`a[href="/needs/`+n.ID+`"]`).Length() > 0; got != tt.has {
			t.Errorf("%s: the need is there: %v", name, got)
		}
		if tabs := page.Find(`a[href*="scope="]`).Length(); tabs < 1 {
			t.Errorf("%s has no choice of lists", name)
		}
	}
	_, page, err := w.get(t, firm("f2"), i18n.ZH, "/desk/needs?scope=mine")
	if err != nil || page.Find(`a[href="/needs/new"]`).Length() == 0 {
		t.Errorf("an empty list offers no next step: %v", err)
	}
}

// TestEnglishIsComplete: every Chinese sentence of the module has its English.
func TestEnglishIsComplete(t *testing.T) {
	catalog, err := i18n.New(English)
	if err != nil {
		t.Fatal(err)
	}
	missing, err := i18n.Untranslated(".", catalog)
	if err != nil || len(missing) > 0 {
		t.Errorf("%s %v", strings.Join(missing, "\n"), err)
	}
}
