package campus

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"qiao/internal/booking"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ical"
	"qiao/internal/platform/id"
)

// fetchFile fetches a calendar file and takes in what is taken by it. A file has no order of changes: each one that comes is
// the whole truth, and fetches of one instrument follow one another.
func (s *Service) fetchFile(ctx context.Context, l Link, m Map) (outcome, string, error) {
	said := s.file(ctx, m)
	switch {
	case said.result == resultYes && said.status == http.StatusNotModified && !s.dayTurned(m):
		return said, "", nil
	case said.result != resultYes || said.status != http.StatusOK:
		if said.failure == "" {
			said.failure = "http-" + strconv.FormatInt(said.status, 10)
		}
		return said, said.failure, nil
	}
	now := s.Clock.Now()
	from, to := now.Add(-pollBefore), now.AddDate(0, 0, pollDays)
	times, skipped, err := ical.Read(string(said.body), from, to, clock.Zone())
	if err != nil || len(times) > 4*maxBatch {
		return said, "unreadable", nil //nolint:nilerr // told on the page
	}
	x := List{Instrument: m.Theirs, Version: now.UnixMilli(), From: from, To: to}
	mine, err := s.Calendars.Taken(ctx, s.DB, []string{m.Resource}, from, to)
	if err != nil {
		return said, "", err
	}
	for _, o := range times {
		if echo(o, mine) {
			continue
		}
		r := Record{ID: o.UID, Version: x.Version, Start: o.Start, End: o.End, Note: o.Summary}
		if o.At != "" {
			r.ID += "#" + o.At
		}
		if len(r.ID) > maxTheirs {
			r.ID = id.From(r.ID)
		}
		x.Records = append(x.Records, r)
	}
	failure := ""
	if len(skipped) > 0 {
		failure = "skipped-" + strconv.Itoa(len(skipped))
	}
	return said, failure, s.tookList(ctx, l, m, x, true)
}

// dayTurned tells whether a day has passed since the file was read: repeated events have come into reach, though it did not change.
func (s *Service) dayTurned(m Map) bool {
	return clock.Day(m.Polled.Time) != clock.Day(s.Clock.Now())
}

// file makes one request for a calendar file; it is not asked for again while it has not changed that day.
func (s *Service) file(ctx context.Context, m Map) outcome {
	address := m.Theirs
	if rest, ok := strings.CutPrefix(address, "webcal://"); ok {
		address = "https://" + rest
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return outcome{result: resultUnknown, failure: "unreachable"}
	}
	req.Header.Set("User-Agent", agent+s.Address+")")
	req.Header.Set("Accept", "text/calendar")
	if !s.dayTurned(m) {
		if m.ETag != "" {
			req.Header.Set("If-None-Match", m.ETag)
		}
		if m.Modified != "" {
			req.Header.Set("If-Modified-Since", m.Modified)
		}
	}
	return s.answerTo(ctx, req)
}

// echo tells whether an event is a booking of ours that their calendar shows too: at exactly the time of one.
func echo(o ical.Occurrence, mine []booking.Booking) bool {
	for _, b := range mine {
		if b.Kind == booking.HeldByOrder && b.Start.Equal(db.At(o.Start).Time) && b.End.Equal(db.At(o.End).Time) {
			return true
		}
	}
	return false
}

// tryFiles fetches every calendar file of a connection now.
func (s *Service) tryFiles(ctx context.Context, l Link) (Trial, error) {
	maps, err := listMaps(ctx, s.DB, l.ID)
	if err != nil {
		return Trial{}, err
	}
	limit, stop := context.WithTimeout(ctx, 3*sendLimit)
	defer stop()
	var out Trial
	for _, m := range maps {
		said, failure, err := s.fetchFile(limit, l, m)
		if err != nil {
			return out, err
		}
		if err := s.fetched(ctx, l, m, said, failure); err != nil {
			return out, err
		}
		if failure != "" {
			out = Trial{Failure: failure, Status: said.status}
		}
	}
	return out, nil
}
