package ical

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // zones wherever the test runs

	"pgregory.net/rapid"
)

func shanghai(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func cal(events ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(events, "") + "END:VCALENDAR\r\n"
}

func ev(props ...string) string {
	return "BEGIN:VEVENT\r\nUID:a\r\n" + strings.Join(props, "\r\n") + "\r\nEND:VEVENT\r\n"
}

// The cases are those of RFC 5545 §3.8.5.3 that instruments' calendars use, counted by hand.
func TestReadRepeats(t *testing.T) {
	zone := shanghai(t)
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, zone)
	to := from.AddDate(0, 2, 0)
	for _, c := range []struct {
		name, text, want string // want: starts in the zone as 02T15, or "skip"
	}{
		{"a single one", cal(ev("DTSTART;TZID=Asia/Shanghai:20261103T090000", "DTEND;TZID=Asia/Shanghai:20261103T110000")), "1103T09"},
		{"UTC", cal(ev("DTSTART:20261103T010000Z", "DTEND:20261103T030000Z")), "1103T09"},
		{"floating", cal(ev("DTSTART:20261103T090000", "DURATION:PT2H")), "1103T09"},
		{"a whole day", cal(ev("DTSTART;VALUE=DATE:20261103")), "1103T00"},
		{"an office program's zone", cal(ev("DTSTART;TZID=\"China Standard Time\":20261103T090000", "DURATION:PT1H")), "1103T09"},
		{"a zone of its own", "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Lab\nBEGIN:STANDARD\nTZOFFSETTO:+0900\nEND:STANDARD\nEND:VTIMEZONE\n" + ev("DTSTART;TZID=Lab:20261103T100000", "DURATION:PT1H") + "END:VCALENDAR", "1103T09"},
		{"an unknown zone", cal(ev("DTSTART;TZID=Nowhere/Town:20261103T090000", "DURATION:PT1H")), "skip"},
		{"daily, three times", cal(ev("DTSTART:20261103T010000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3")), "1103T09 1104T09 1105T09"},
		{"counted from before", cal(ev("DTSTART:20261030T010000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=4")), "1101T09 1102T09"},
		{"every other week on two days", cal(ev("DTSTART;TZID=Asia/Shanghai:20261103T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20261120")), "1103T09 1105T09 1117T09 1119T09"},
		{"but not that one", cal(ev("DTSTART;TZID=Asia/Shanghai:20261103T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Asia/Shanghai:20261110T090000")), "1103T09 1117T09"},
		{"one of them moved", cal(ev("DTSTART:20261103T010000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2"), ev("RECURRENCE-ID:20261110T010000Z", "DTSTART:20261111T020000Z", "DURATION:PT1H")), "1103T09 1111T10"},
		{"one of them cancelled", cal(ev("DTSTART:20261103T010000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2"), ev("RECURRENCE-ID:20261110T010000Z", "DTSTART:20261110T010000Z", "DURATION:PT1H", "STATUS:CANCELLED")), "1103T09"},
		{"the last Friday", cal(ev("DTSTART:20260925T010000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY;BYDAY=-1FR")), "1127T09 1225T09"},
		{"the 31st, where there is one", cal(ev("DTSTART:20261031T010000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY")), "1231T09"},
		{"the last day", cal(ev("DTSTART:20261031T010000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1")), "1130T09 1231T09"},
		{"yearly", cal(ev("DTSTART:20201111T010000Z", "DURATION:PT1H", "RRULE:FREQ=YEARLY")), "1111T09"},
		{"dates beside", cal(ev("DTSTART:20261103T010000Z", "DURATION:PT1H", "RDATE:20261105T010000Z,20261107T010000Z")), "1103T09 1105T09 1107T09"},
		{"free time", cal(ev("DTSTART:20261103T010000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT")), ""},
		{"no length", cal(ev("DTSTART:20261103T010000Z")), ""},
		{"ends before it begins", cal(ev("DTSTART:20261103T010000Z", "DTEND:20261102T010000Z")), ""},
		{"a rule of another world", cal(ev("DTSTART:20261103T010000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1")), "skip"},
		{"folded", cal("BEGIN:VEVENT\r\nUI\r\n D:a\r\nDTSTART:20261103T01\r\n 0000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"), "1103T09"},
	} {
		list, skipped, err := Read(c.text, from, to, zone)
		var got []string
		for _, o := range list {
			got = append(got, o.Start.In(zone).Format("0102T15"))
		}
		if len(skipped) > 0 {
			got = append(got, "skip")
		}
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v (%v), want %q", c.name, got, err, c.want)
		}
	}
	if _, _, err := Read("<html>", from, to, zone); err == nil {
		t.Error("a page was read as a calendar")
	}
}

// What is written is read again as it was.
func TestReadWhatIsWritten(t *testing.T) {
	zone := shanghai(t)
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(rt *rapid.T) {
		c := Calendar{Name: "仪器"}
		for range rapid.IntRange(0, 5).Draw(rt, "events") {
			start := from.Add(time.Duration(rapid.IntRange(0, 1000).Draw(rt, "start")) * time.Minute)
			c.Events = append(c.Events, Event{UID: rapid.StringMatching(`[a-z,;\\]{1,90}`).Draw(rt, "uid"), Start: start, End: start.Add(time.Duration(rapid.IntRange(1, 600).Draw(rt, "length")) * time.Minute), Summary: rapid.String().Draw(rt, "text")})
		}
		list, skipped, err := Read(Write(c, from), from, from.AddDate(0, 1, 0), zone)
		if err != nil || len(skipped) > 0 || len(list) != len(c.Events) {
			rt.Fatalf("%d of %d, skipped %v: %v", len(list), len(c.Events), skipped, err)
		}
		for _, o := range list {
			found := false
			for _, e := range c.Events {
				found = found || o.UID == e.UID && o.Start.Equal(e.Start) && o.End.Equal(e.End)
			}
			if !found {
				rt.Fatalf("%+v was never written", o)
			}
		}
	})
}

// Whatever comes over the network, reading ends, and what it gives lies where it was asked for.
func FuzzRead(f *testing.F) {
	f.Add(cal(ev("DTSTART:20261103T010000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20261120", "EXDATE:20261105T010000Z")))
	f.Add(cal(ev("DTSTART;VALUE=DATE:20261103", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1")))
	f.Add(cal(ev("DTSTART;TZID=\"China Standard Time\":20261103T090000", "DTEND:20261103T020000Z", "RDATE:20261105T010000Z/PT1H")))
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 6, 0)
	f.Fuzz(func(t *testing.T, text string) {
		list, _, _ := Read(text, from, to, time.UTC)
		for _, o := range list {
			if o.UID == "" || !o.Start.Before(o.End) || !o.Start.Before(to) || !o.End.After(from) {
				t.Fatalf("%+v", o)
			}
		}
	})
}
