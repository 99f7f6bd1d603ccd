package booking

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
)

// showFeed is a resource's free/busy feed for calendar programs: when it is taken, never by whom.
func (s *Service) showFeed(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	resource, isFeed := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !isFeed {
		return fault.New(fault.NotFound, "no-feed", "日历地址以 .ics 结尾，请检查链接。")
	}
	res, err := s.catalogue.Resource(ctx, s.db, resource)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	busy, err := listBusy(ctx, s.db, []string{resource}, now.AddDate(0, 0, -7), now.AddDate(0, 0, 90))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=300")
	_, err = w.Write([]byte(feed(i18n.Pick(ctx, res.NameZH, res.NameEN), resource, busy[resource], now)))
	return err
}

// feed writes an iCalendar (RFC 5545) with one opaque event for each busy stretch.
func feed(name, resource string, busy []Busy, now time.Time) string {
	const stamp = "20060102T150405Z"
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Qiao//booking//ZH", "CALSCALE:GREGORIAN", "X-WR-CALNAME:" + escape(name)}
	for _, b := range busy {
		summary := map[string]string{SlotTaken: "已约 Booked", SlotMaintenance: "维护 Maintenance", SlotClosed: "停用 Closed"}[b.State] //i18n:data both languages at once
		lines = append(lines, "BEGIN:VEVENT", "UID:"+resource+"-"+b.From.UTC().Format(stamp)+"-"+strconv.FormatInt(b.Unit, 10), "DTSTAMP:"+now.UTC().Format(stamp),
			"DTSTART:"+b.From.UTC().Format(stamp), "DTEND:"+b.To.UTC().Format(stamp), "SUMMARY:"+escape(summary), "CLASS:PUBLIC", "END:VEVENT")
	}
	var out strings.Builder
	for _, l := range append(lines, "END:VCALENDAR") {
		fold(&out, l)
	}
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

func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r", "", "\n", `\n`).Replace(s)
}
