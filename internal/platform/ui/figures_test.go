package ui

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
)

func TestStripSaysFreeTimes(t *testing.T) {
	s := StripOf{Day: "今天", From: 8, Step: 30, States: []SlotState{SlotFree, SlotFree, SlotTaken, SlotFree, SlotClosed}}
	if got := s.say(t.Context()); got != "今天可约 08:00–09:00 · 09:30–10:00" {
		t.Errorf("said %q", got)
	}
	if got := (StripOf{Day: "今天"}).say(t.Context()); got != "今天没有空闲时段" {
		t.Errorf("said %q", got)
	}
}

func TestLanesPlace(t *testing.T) {
	l := LanesOf{From: 8, To: 20}
	for _, tc := range []struct {
		from, to int
		want     string
	}{
		{480, 540, "g1 w2"}, {495, 500, "g1 w1"}, {400, 500, "g1 w1"}, {1170, 1300, "g24 w1"}, {600, 780, "g5 w6"},
	} {
		if got := l.place(LaneEvent{From: tc.from, To: tc.to}); got != tc.want {
			t.Errorf("%d–%d: %s, want %s", tc.from, tc.to, got, tc.want)
		}
	}
}

func TestTileLevels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(0, 1<<40), 1, 8).Draw(t, "values")
		m := TilesOf{}
		for _, v := range values {
			m.Tiles = append(m.Tiles, Tile{Value: v})
		}
		for _, a := range m.Tiles {
			if l := m.level(a); l < 0 || l > 5 || (l == 0) != (a.Value == 0) {
				t.Fatalf("%d has level %d", a.Value, l)
			}
			for _, b := range m.Tiles {
				if a.Value <= b.Value && m.level(a) > m.level(b) {
					t.Fatalf("%d is darker than %d", a.Value, b.Value)
				}
			}
		}
	})
}

func TestChartsWithNothing(t *testing.T) {
	for name, got := range map[string]string{
		"bars":  render(t, i18n.ZH, chrome(), Bars(BarsOf{Bars: []Bar{{Label: "1", Values: []float64{0}}}})).Find("rect").AttrOr("height", ""),
		"rank":  render(t, i18n.ZH, chrome(), Rank(RankOf{Rows: []RankRow{{Label: "a"}}})).Find(".rank-bar").AttrOr("width", ""),
		"split": render(t, i18n.ZH, chrome(), Split(SplitOf{Parts: []SplitPart{{Label: "a"}}})).Find("rect").AttrOr("width", ""),
	} {
		if got != "0" {
			t.Errorf("%s of nothing is %q wide", name, got)
		}
	}
	if line, _ := sparkPaths([]float64{3, 3}); !strings.HasPrefix(line, "M0.0 28.0L100.0") {
		t.Errorf("a flat curve is %q", line)
	}
}

func TestSplitShowsEveryPart(t *testing.T) {
	doc := render(t, i18n.ZH, chrome(), Split(SplitOf{Label: "合计", Total: 1001, Parts: []SplitPart{{"券", 500, ""}, {"自付", 501, ""}}}))
	if text := doc.Find("dd").Text(); text != money.Fen(500).String()+money.Fen(501).String()+money.Fen(1001).String() {
		t.Errorf("amounts %q", text)
	}
}

func TestPrefs(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/?lang=en", http.NoBody)
	for name, value := range map[string]string{"lang": "zh-CN", "theme": "dark", "size": "huge", "contrast": "more"} {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if got, want := ReadPrefs(r), (Prefs{Lang: i18n.EN, Theme: "dark", Contrast: "more"}); got != want {
		t.Errorf("read %+v, want %+v", got, want)
	}
}

func TestSavePrefs(t *testing.T) {
	for _, tc := range []struct{ name, value, back, cookie, location string }{
		{"theme", "dark", "/a?q=x&lang=en", "theme=dark", "/a?q=x"},
		{"size", "", "/", "size=", "/"},
		{"theme", "blue", "//evil.example/", "", "/"},
		{"lang", "en", "https://evil.example/", "lang=en", "/"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/prefs", strings.NewReader(url.Values{tc.name: {tc.value}, "back": {tc.back}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		SavePrefs(w, r, true)
		cookie := w.Header().Get("Set-Cookie")
		if !strings.HasPrefix(cookie, tc.cookie) || tc.cookie == "" && cookie != "" || w.Header().Get("Location") != tc.location {
			t.Errorf("%s=%s: cookie %q, to %q", tc.name, tc.value, cookie, w.Header().Get("Location"))
		}
	}
}

// The dark colours stand twice in the style sheet, once for the choice and once for the system's setting.
func TestDarkColoursAreTheSame(t *testing.T) {
	css, err := os.ReadFile("../../../assets/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile(`(?s)\[data-theme="(?:dark)?"\] \{\s*color-scheme: dark;(.*?)\n\s*\}`).FindAllSubmatch(css, -1)
	if len(blocks) != 2 {
		t.Fatalf("%d dark blocks, want 2", len(blocks))
	}
	squeeze := func(b []byte) string { return strings.Join(strings.Fields(string(b)), " ") }
	if squeeze(blocks[0][1]) != squeeze(blocks[1][1]) {
		t.Error("the two dark blocks differ")
	}
}

func TestArchUnitLines(t *testing.T) {
	for unit, want := range map[string]string{
		"": "", "台仪器今天可约": "台仪器今天可约", "instruments can be booked today": "instruments can|be booked today", "averyverylongwordwithoutspace": "averyverylongwordwithoutspace",
	} {
		if got := strings.Join(ArchOf{Unit: unit}.unitLines(), "|"); got != want {
			t.Errorf("%q in lines: %q, want %q", unit, got, want)
		}
	}
}
