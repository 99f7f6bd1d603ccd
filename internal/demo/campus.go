//i18n:data what the campus system of the demo says

package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"qiao/internal/campus"
	"qiao/internal/platform/clock"
)

// campusInstruments stand in the laboratory's own calendar, too; no story books them.
func campusInstruments() []string { return []string{"NH-014", "NH-015"} }

// campus connects the laboratory's own booking system, which tells what is taken there and how long its instruments ran.
func (l loader) campus(ctx context.Context) error {
	if l.Campus == nil || l.Story.Client.HTTP == nil {
		return nil
	}
	own, by, err := l.as(ctx, keeper("nanhu"))
	if err != nil {
		return err
	}
	req := campus.Request{Name: mark + "院内仪器预约系统", Kind: campus.KindAPI, Direction: campus.Both, Judge: campus.Here, Silent: campus.SilentRefuse}
	link, secret, err := l.Campus.Connect(own, by, req, "demo-campus")
	if err != nil {
		return fmt.Errorf("the campus system: %w", err)
	}
	list, err := instruments()
	if err != nil {
		return err
	}
	for _, number := range campusInstruments() {
		for _, x := range list {
			if x.ID != number {
				continue
			}
			r, err := l.publish(ctx, x.Owner, x.ID, x.draft())
			if err != nil {
				return err
			}
			if err := l.Campus.Join(own, by, link.ID, r.ID, number); err != nil {
				return fmt.Errorf("match %s: %w", number, err)
			}
		}
	}
	return l.campusSays(ctx, link.ID, secret)
}

// campusSays makes the calls that the campus system would make: a class every weekday afternoon, and what ran yesterday.
func (l loader) campusSays(ctx context.Context, link, secret string) error {
	var busy, usage []object
	today, err := clock.Midnight(clock.Day(l.Clock.Now()))
	if err != nil {
		return err
	}
	for i := 1; i <= 14; i++ {
		day := clock.Local(today).AddDate(0, 0, i)
		if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			continue
		}
		for k, number := range campusInstruments() {
			from := day.Add(time.Duration(13+2*k) * time.Hour)
			busy = append(busy, object{"id": fmt.Sprintf("%s-%s", number, clock.Day(day)), "version": 1, "instrument": number, "start": from, "end": from.Add(2 * time.Hour), "note": mark + "课程实验"})
		}
	}
	for k, number := range campusInstruments() {
		from := today.Add(time.Duration(-15+2*k) * time.Hour)
		usage = append(usage, object{"id": number + "-run", "version": 1, "instrument": number, "start": from, "end": from.Add(2 * time.Hour), "minutes": 105, "inner": k == 0})
	}
	if err := l.campusCall(ctx, link, secret, "busy", busy); err != nil {
		return err
	}
	return l.campusCall(ctx, link, secret, "usage", usage)
}

func (l loader) campusCall(ctx context.Context, link, secret, what string, items []object) error {
	body, err := json.Marshal(object{"items": items})
	if err != nil {
		return err
	}
	path := "/api/v1/campus/" + what
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.Story.Client.Base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	seconds := l.Clock.Now().Unix()
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(campus.HeaderLink, link)
	req.Header.Set(campus.HeaderTime, strconv.FormatInt(seconds, 10))
	req.Header.Set(campus.HeaderSignature, campus.Sign(secret, seconds, http.MethodPost, path, body))
	res, err := l.Story.Client.HTTP.Do(req)
	if err != nil {
		return fmt.Errorf("the campus system calls %s: %w", what, err)
	}
	if err := res.Body.Close(); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the campus system calls %s: status %d", what, res.StatusCode)
	}
	return nil
}
