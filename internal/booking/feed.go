package booking

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ical"
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
	h.Set("Cache-Control", "public, max-age=15")
	_, err = w.Write([]byte(feed(i18n.Pick(ctx, res.NameZH, res.NameEN), resource, busy[resource], now)))
	return err
}

// feed is a calendar with one opaque event for each busy stretch.
func feed(name, resource string, busy []Busy, now time.Time) string {
	c := ical.Calendar{Name: name}
	for _, b := range busy {
		summary := map[string]string{SlotTaken: "已约 Booked", SlotMaintenance: "维护 Maintenance", SlotClosed: "停用 Closed"}[b.State] //i18n:data both languages at once
		c.Events = append(c.Events, ical.Event{UID: resource + "-" + b.From.UTC().Format("20060102T150405Z") + "-" + strconv.FormatInt(b.Unit, 10), Start: b.From, End: b.To, Summary: summary})
	}
	return ical.Write(c, now)
}
