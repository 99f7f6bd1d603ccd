// Package ical writes calendars (RFC 5545) that calendar programs read: instants in UTC, lines folded, texts escaped. It reads
// when the events of others take place, repeated ones one by one.
package ical

import (
	"strconv"
	"strings"
	"time"
)

// Calendar is a named list of events.
type Calendar struct {
	Name   string
	Method string // PUBLISH, REQUEST or CANCEL; empty: none
	Events []Event
}

// Event is one stretch of time. UID is the same for ever; Sequence grows with each change, so that a program keeps the
// newest.
type Event struct {
	UID      string
	Sequence int64
	Start    time.Time
	End      time.Time
	Changed  time.Time
	Summary  string
	Text     string
	Place    string
	Link     string
	Status   string // CONFIRMED, TENTATIVE or CANCELLED; empty: not said
	Private  bool
	// Organizer and Attendee are mail addresses; an invitation (REQUEST, CANCEL) needs both.
	Organizer string
	Attendee  string
}

const stamp = "20060102T150405Z"

// Write is the calendar as text at an instant.
func Write(c Calendar, now time.Time) string {
	var out strings.Builder
	line := func(name, value string) {
		if value != "" {
			fold(&out, name+":"+value)
		}
	}
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//Qiao//Qiao//ZH")
	line("CALSCALE", "GREGORIAN")
	line("METHOD", c.Method)
	line("X-WR-CALNAME", escape(c.Name))
	for _, e := range c.Events {
		line("BEGIN", "VEVENT")
		line("UID", escape(e.UID))
		line("DTSTAMP", now.UTC().Format(stamp))
		line("SEQUENCE", strconv.FormatInt(e.Sequence, 10))
		line("DTSTART", e.Start.UTC().Format(stamp))
		line("DTEND", e.End.UTC().Format(stamp))
		if !e.Changed.IsZero() {
			line("LAST-MODIFIED", e.Changed.UTC().Format(stamp))
		}
		line("SUMMARY", escape(e.Summary))
		line("DESCRIPTION", escape(e.Text))
		line("LOCATION", escape(e.Place))
		line("URL", clean(e.Link))
		line("STATUS", e.Status)
		if e.Organizer != "" {
			line("ORGANIZER", "mailto:"+clean(e.Organizer))
		}
		if e.Attendee != "" {
			line("ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE", "mailto:"+clean(e.Attendee))
		}
		if e.Private {
			line("CLASS", "PRIVATE")
		} else {
			line("CLASS", "PUBLIC")
		}
		line("END", "VEVENT")
	}
	line("END", "VCALENDAR")
	return out.String()
}

// fold writes a line in pieces of at most 75 bytes, as RFC 5545 §3.1 asks, never inside a character.
func fold(out *strings.Builder, line string) {
	room := 75
	for _, r := range line {
		if n := len(string(r)); n > room {
			out.WriteString("\r\n ")
			room = 74
		}
		out.WriteRune(r)
		room -= len(string(r))
	}
	out.WriteString("\r\n")
}

// escape writes a text as §3.3.11 asks. Other control characters have no place in a calendar.
func escape(s string) string {
	return clean(strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(s))
}

func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return -1
		}
		return r
	}, s)
}
