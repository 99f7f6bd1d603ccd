package campus

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// How far a fetch looks.
const (
	pollBefore = 24 * time.Hour
	pollDays   = 180
	pollLimit  = 20 * time.Second
	pollLease  = 2 * time.Minute
)

// usualPoll is how often their times are fetched unless somebody says otherwise, in seconds: with the job that looks every
// five seconds and the longest answer it stays below a minute.
const usualPoll = 30

// Fetcher is Fetch beside the caller.
func (s *Service) Fetcher(ctx context.Context) error {
	if _, busy := s.running.LoadOrStore("fetch", struct{}{}); busy {
		return nil
	}
	go func() {
		defer s.running.Delete("fetch")
		_ = s.Fetch(ctx) // what went wrong stands beside the instrument
	}()
	return nil
}

// Fetch fetches what is due.
func (s *Service) Fetch(ctx context.Context) error {
	due, err := db.All[Map](ctx, s.DB, `SELECT `+mapColumns+` FROM campus_map WHERE due_at <= $1 ORDER BY due_at LIMIT 200`, db.At(s.Clock.Now()))
	if err != nil {
		return fmt.Errorf("look for what is to be fetched: %w", err)
	}
	for _, m := range due {
		mine := false
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			n, err := tx.Exec(ctx, `UPDATE campus_map SET due_at = $3 WHERE resource = $1 AND due_at = $2`, m.Resource, m.Due, db.NullAt(s.Clock.Now().Add(pollLease)))
			mine = n == 1
			return err
		})
		if err != nil {
			return fmt.Errorf("take a fetch: %w", err)
		}
		if !mine {
			continue
		}
		l, err := getLink(ctx, s.DB, m.Link)
		if err != nil {
			return err
		}
		if err := s.fetchOne(ctx, l, m); err != nil {
			return err
		}
	}
	return nil
}

// fetchOne fetches one instrument's times and plans the next fetch.
func (s *Service) fetchOne(ctx context.Context, l Link, m Map) error {
	if !l.fetches() {
		return s.fetched(ctx, l, m, outcome{}, "")
	}
	limit, stop := context.WithTimeout(ctx, pollLimit)
	defer stop()
	var said outcome
	var failure string
	var err error
	if l.Kind == KindICS {
		said, failure, err = s.fetchFile(limit, l, m)
	} else {
		said, failure, err = s.fetchList(limit, l, m)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return err
	}
	return s.fetched(ctx, l, m, said, failure)
}

// fetched notes how a fetch ended. After a failure the next comes a little later each time, never later than ten minutes.
func (s *Service) fetched(ctx context.Context, l Link, m Map, said outcome, failure string) error {
	now := s.Clock.Now()
	wait := time.Duration(l.Poll) * time.Second
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now2, ok, err := mapOfResource(ctx, tx, m.Resource)
		if err != nil || !ok || now2.Link != m.Link {
			return err
		}
		now2.Failure, now2.Due = failure, db.NullTime{}
		if failure == "" {
			now2.Tries, now2.Polled = 0, db.NullAt(now)
			if said.status == http.StatusOK {
				now2.ETag, now2.Modified = said.etag, said.changed
			}
		} else {
			now2.Tries++
			wait = max(wait, min(wait*time.Duration(now2.Tries), longestPause))
		}
		if l.fetches() {
			now2.Due = db.NullAt(now.Add(wait))
			if err := heardAgain(ctx, tx, l.ID, failure, db.At(now)); err != nil {
				return err
			}
		}
		return putMap(ctx, tx, now2)
	})
}

// listBody is a whole list of times, as it is written in both directions.
type listBody struct {
	Instrument string       `json:"instrument,omitempty"`
	Version    int64        `json:"version"`
	From       time.Time    `json:"from,omitzero"`
	To         time.Time    `json:"to,omitzero"`
	Items      []recordBody `json:"items"`
}

func (b listBody) list(instrument string) List {
	x := List{Instrument: instrument, Version: b.Version, From: b.From, To: b.To}
	for _, r := range b.Items {
		x.Records = append(x.Records, r.record(instrument))
	}
	return x
}

// fetchList fetches their times by a call.
func (s *Service) fetchList(ctx context.Context, l Link, m Map) (outcome, string, error) {
	now := s.Clock.Now()
	from, to := now.Add(-pollBefore).Truncate(time.Minute), now.AddDate(0, 0, pollDays).Truncate(time.Minute)
	query := url.Values{"instrument": {m.Theirs}, "from": {from.UTC().Format(time.RFC3339)}, "to": {to.UTC().Format(time.RFC3339)}}
	said := s.call(ctx, l, http.MethodGet, "/busy?"+query.Encode(), nil, "If-None-Match", m.ETag)
	if said.result != resultYes || said.status == http.StatusNotModified {
		if said.result == resultTaken {
			said.failure = "http-409"
		}
		return said, said.failure, nil
	}
	var b listBody
	if err := json.Unmarshal(said.body, &b); err != nil || len(b.Items) > 4*maxBatch {
		return said, "unreadable", nil //nolint:nilerr // told on the page
	}
	x := b.list(m.Theirs)
	x.From, x.To = from, to
	return said, "", s.tookList(ctx, l, m, x, false)
}

// tookList takes a fetched list in; one that a newer push has overtaken is no failure.
func (s *Service) tookList(ctx context.Context, l Link, m Map, x List, force bool) error {
	_, err := s.replace(ctx, l, m, x, force)
	if fault.Is(err, "list-old") {
		return nil
	}
	return err
}
