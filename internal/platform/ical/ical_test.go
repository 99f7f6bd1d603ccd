package ical

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var at = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)

func TestCalendar(t *testing.T) {
	got := Write(Calendar{Name: "我的预约", Method: "PUBLISH", Events: []Event{{UID: "o1@qiao", Sequence: 3, Start: at, End: at.Add(2 * time.Hour), Summary: "扫描电镜, 断口;看\\裂纹\n第二行", Link: "https://qiao.example/desk/orders/1", Status: "CONFIRMED", Private: true}}}, at)
	for _, want := range []string{"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "METHOD:PUBLISH\r\n", "UID:o1@qiao\r\n", "SEQUENCE:3\r\n", "DTSTART:20261124T010000Z\r\n", "DTEND:20261124T030000Z\r\n", `SUMMARY:扫描电镜\, 断口\;看\\裂纹\n第二行`, "STATUS:CONFIRMED\r\nCLASS:PRIVATE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// Whatever stands in a text, the calendar keeps its form: folded lines of whole characters, no line that a text has begun.
func TestAnyTextKeepsTheForm(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`(长名;,|\r\nEND:VCALENDAR|\n |[A-Z]{70}|\\n)*`)).Draw(rt, "text")
		link := rapid.OneOf(rapid.String(), rapid.Just("https://x")).Draw(rt, "link")
		got := Write(Calendar{Name: text, Events: []Event{{UID: text, Start: at, End: at.Add(time.Hour), Summary: text, Text: text, Link: link}}}, at)
		if strings.Count(got, "BEGIN:VEVENT\r\n") != 1 || strings.Count(got, "\r\nEND:VCALENDAR\r\n") != 1 {
			rt.Fatalf("the form is lost:\n%q", got)
		}
		for _, l := range strings.Split(got, "\r\n") {
			if len(l) > 75+utf8.UTFMax || strings.ContainsAny(l, "\r\n") {
				rt.Fatalf("a line of %d bytes: %q", len(l), l)
			}
		}
	})
}
