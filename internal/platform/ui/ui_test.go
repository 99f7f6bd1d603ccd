package ui

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
)

func english(t *testing.T) *i18n.Catalog {
	t.Helper()
	c, err := i18n.New(English, form.English)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEnglish(t *testing.T) {
	missing, err := i18n.Untranslated(".", english(t))
	if err != nil || len(missing) > 0 {
		t.Errorf("without English: %q, %v", missing, err)
	}
}

// render gives the document of a component, in a language, with a chrome.
func render(t *testing.T, lang i18n.Lang, c *Chrome, component templ.Component) *goquery.Document {
	t.Helper()
	var b bytes.Buffer
	ctx := With(i18n.With(t.Context(), lang, english(t)), c)
	if err := component.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func chrome() *Chrome {
	return &Chrome{
		Path: "/resources", Query: "q=a", Now: galleryNow(), Request: "req-1",
		Brand:  Brand{Name: "Qiao"},
		Portal: []NavItem{{Key: "resources", Label: "Resources", Href: "/resources", Icon: "microscope", Count: 3}},
		Desk:   []NavGroup{{Label: "Work", Items: []NavItem{{Key: "orders", Label: "Orders", Href: "/desk/orders"}}}},
		Tabs:   []NavItem{{Key: "resources", Label: "Resources", Href: "/resources"}},
		User:   &User{Name: "示例·林知远", Acting: "firm", Others: []Acting{{ID: "1", Label: "A", Current: true}, {ID: "2", Label: "B"}}},
		Flash:  &Flash{Tone: OK, Text: "saved"}, Unread: 4, Find: Link{Label: "Find", Href: "/resources"},
	}
}

func TestPagesAreSound(t *testing.T) {
	page := Page{Title: "T", Active: "resources", Crumbs: []Link{{Label: "Home", Href: "/"}}, Actions: []Link{{Label: "Go", Href: "/go"}}, Sample: true, Status: []Chip{{Warn, "waits"}}}
	layouts := map[string]func() templ.Component{
		"portal": func() templ.Component { return Portal(page) },
		"desk":   func() templ.Component { return Desk(page) },
		"plain":  func() templ.Component { return PlainPage(page) },
	}
	for name, layout := range layouts {
		for _, lang := range []i18n.Lang{i18n.ZH, i18n.EN} {
			t.Run(name+" "+string(lang), func(t *testing.T) {
				whole := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
					return layout().Render(templ.WithChildren(ctx, Gallery()), w)
				})
				doc := render(t, lang, chrome(), whole)
				if n := doc.Find("h1").Length(); n < 1 {
					t.Error("no heading")
				}
				if doc.Find("[style]").Length() > 0 {
					t.Error("a style attribute")
				}
				checkIDs(t, doc)
				doc.Find("form[method=post]:not(.prefs)").Each(func(_ int, f *goquery.Selection) {
					if v, _ := f.Find("input[name=request]").Attr("value"); v != "req-1" {
						t.Errorf("a form without its request id: %s", f.AttrOr("action", ""))
					}
				})
			})
		}
	}
}

// checkIDs tells ids that stand twice, and references to ids that are not there.
func checkIDs(t *testing.T, doc *goquery.Document) {
	t.Helper()
	ids := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if ids[id] {
			t.Errorf("id %q stands twice", id)
		}
		ids[id] = true
	})
	for _, attribute := range []string{"for", "aria-labelledby", "aria-describedby", "popovertarget"} {
		doc.Find("[" + attribute + "]").Each(func(_ int, s *goquery.Selection) {
			for _, id := range strings.Fields(s.AttrOr(attribute, "")) {
				if !ids[id] {
					t.Errorf("%s=%q leads nowhere", attribute, id)
				}
			}
		})
	}
}

func TestFieldKeepsWhatWasTyped(t *testing.T) {
	f := form.Of(map[string]string{"price": `<"九百六">`})
	f.Errors = []fault.Field{{Name: "price", Text: "请填写整数，例如 12。"}}
	doc := render(t, i18n.EN, chrome(), Field(f, Input{Name: "price", Label: "Price", Hint: "in yuan", Required: true}))
	input := doc.Find("#f-price")
	if v := input.AttrOr("value", ""); v != `<"九百六">` {
		t.Errorf("typed text became %q", v)
	}
	if input.AttrOr("aria-invalid", "") != "true" || input.AttrOr("aria-describedby", "") != "f-price-hint f-price-error" {
		t.Error("the mistake is not tied to the field")
	}
	if text := doc.Find("#f-price-error").Text(); !strings.Contains(text, "whole number") {
		t.Errorf("the mistake reads %q", text)
	}
	password := render(t, i18n.EN, chrome(), Field(form.Of(map[string]string{"p": "secret"}), Input{Name: "p", Label: "P", Type: "password"}))
	if strings.Contains(password.Text(), "secret") || password.Find("[value=secret]").Length() > 0 {
		t.Error("a password is sent back")
	}
}

func TestErrorSummary(t *testing.T) {
	if render(t, i18n.ZH, chrome(), ErrorSummary(form.Of(nil))).Find(".summary").Length() != 0 {
		t.Error("a summary where nothing is wrong")
	}
	f := form.Of(nil)
	f.Need("a", "b")
	doc := render(t, i18n.EN, chrome(), ErrorSummary(f))
	if doc.Find("[role=alert] a[href='#f-b']").Length() != 1 || !strings.Contains(doc.Text(), "2 fields need a change") {
		t.Errorf("summary %q", doc.Text())
	}
}

func TestSayTime(t *testing.T) {
	now := time.Date(2026, 11, 21, 2, 20, 0, 0, time.UTC) // 10:20 in Shanghai
	zh := With(t.Context(), &Chrome{Now: now})
	en := i18n.With(zh, i18n.EN, english(t))
	for _, tc := range []struct {
		ago    time.Duration
		zh, en string
	}{
		{20 * time.Second, "刚刚", "just now"}, {5 * time.Minute, "5 分钟前", "5 min ago"}, {-90 * time.Second, "2 分钟后", "in 2 min"},
		{3 * time.Hour, "今天 07:20", "today 07:20"}, {11 * time.Hour, "昨天 23:20", "yesterday 23:20"}, {-24 * time.Hour, "明天 10:20", "tomorrow 10:20"},
		{72 * time.Hour, "11月18日 10:20", "18 Nov, 10:20"}, {366 * 24 * time.Hour, "2025年11月20日", "20 Nov 2025"},
	} {
		if got := SayTime(zh, now.Add(-tc.ago)); got != tc.zh {
			t.Errorf("%v ago: %q, want %q", tc.ago, got, tc.zh)
		}
		if got := SayTime(en, now.Add(-tc.ago)); got != tc.en {
			t.Errorf("%v ago: %q, want %q", tc.ago, got, tc.en)
		}
	}
	if SayTime(zh, time.Time{}) != "—" || SayDay(zh, "x") != "—" || SaySpan(zh, time.Time{}, now) != "—" {
		t.Error("an unknown time is not a dash")
	}
	if got := SayDay(en, "2026-12-31"); got != "Thu 31 Dec" {
		t.Errorf("day %q", got)
	}
	if got := SaySpan(zh, now, now.Add(2*time.Hour)); got != "今天 10:20–12:20" {
		t.Errorf("span %q", got)
	}
	if got := SaySpan(zh, now, now.Add(20*time.Hour)); got != "今天 10:20 – 明天 06:20" {
		t.Errorf("span over midnight %q", got)
	}
}
