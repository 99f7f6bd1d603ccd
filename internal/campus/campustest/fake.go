// Package campustest is a campus system for tests: a calendar of its own with people of its own, the calls of docs/campus.md
// in both directions, and everything that goes wrong with such systems. It is written from that page, shares no code with
// package campus, and so is the reference of what the other side has to do.
package campustest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Entry is a time taken in the fake's calendar.
type Entry struct {
	ID         string
	Version    int64
	Instrument string
	Start      time.Time
	End        time.Time
	Key        string    // of a reservation for the other side
	Lease      time.Time // until when an unconfirmed reservation is kept; zero: firm
	Gone       bool      // given back
}

// Event is what the fake was told.
type Event struct {
	ID         string    `json:"id"`
	Number     int64     `json:"number"`
	Type       string    `json:"type"`
	Instrument string    `json:"instrument"`
	Key        string    `json:"key"`
	Start      time.Time `json:"start"`
	End        time.Time `json:"end"`
	Minutes    int64     `json:"minutes"`
}

// Record is what the fake tells of a time.
type Record struct {
	ID         string    `json:"id"`
	Version    int64     `json:"version"`
	Instrument string    `json:"instrument"`
	Start      time.Time `json:"start,omitzero"`
	End        time.Time `json:"end,omitzero"`
	State      string    `json:"state,omitempty"`
	Note       string    `json:"note,omitempty"`
	Key        string    `json:"key,omitempty"`
}

// Answer is what became of a record.
type Answer struct {
	ID     string `json:"id"`
	Result string `json:"result"`
	Code   string `json:"code"`
}

// Fake is a campus system.
type Fake struct {
	Now  func() time.Time
	Home string // address of the other side's calls: …/api/v1/campus
	HTTP *http.Client

	mu      sync.Mutex
	link    string
	secret  string
	version int64
	entries []*Entry
	dead    map[string]bool // keys that were given back: nothing with them counts any more
	events  []Event
	down    bool
	deaf    bool          // does what it is asked, and the answer is lost
	slow    time.Duration // before it does anything
}

// New is a fake that signs as a connection.
func New(link, secret string, now func() time.Time) *Fake {
	return &Fake{Now: now, HTTP: &http.Client{Timeout: 30 * time.Second}, link: link, secret: secret, dead: map[string]bool{}}
}

// Use changes the connection that the fake signs as.
func (f *Fake) Use(link, secret string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.link, f.secret = link, secret
}

// Fail says what goes wrong from now on: down answers 503, deaf does what it is asked and loses the answer, slow waits first.
func (f *Fake) Fail(down, deaf bool, slow time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down, f.deaf, f.slow = down, deaf, slow
}

// Events is what the fake was told so far, each id once.
func (f *Fake) Events() []Event {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Event(nil), f.events...)
}

// Entries is what stands in its calendar: firm times and reservations whose lease runs.
func (f *Fake) Entries() []Entry {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Entry
	for _, e := range f.entries {
		if f.stands(e) {
			out = append(out, *e)
		}
	}
	return out
}

func (f *Fake) stands(e *Entry) bool {
	return !e.Gone && (e.Lease.IsZero() || f.Now().Before(e.Lease))
}

// free tells whether a time is free, but for some keys.
func (f *Fake) free(instrument string, start, end time.Time, but []string) bool {
	for _, e := range f.entries {
		if f.stands(e) && e.Instrument == instrument && e.Start.Before(end) && start.Before(e.End) && (e.Key == "" || !slices.Contains(but, e.Key)) {
			return false
		}
	}
	return true
}

// Book is somebody on campus who takes a time in the fake's own calendar; false when it is not free there.
func (f *Fake) Book(instrument string, start, end time.Time) (Entry, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.free(instrument, start, end, nil) {
		return Entry{}, false
	}
	f.version++
	e := &Entry{ID: fmt.Sprintf("local-%d", f.version), Version: f.version, Instrument: instrument, Start: start, End: end}
	f.entries = append(f.entries, e)
	return *e, true
}

// BookThere is somebody on campus who takes a time where the other side's calendar decides: it counts once it was taken there.
func (f *Fake) BookThere(ctx context.Context, instrument string, start, end time.Time) (bool, error) {
	f.mu.Lock()
	f.version++
	r := Record{ID: fmt.Sprintf("wish-%d", f.version), Version: f.version, Instrument: instrument, Start: start, End: end}
	f.mu.Unlock()
	answers, _, err := f.Push(ctx, r)
	if err != nil || len(answers) != 1 || answers[0].Result != "taken" {
		return false, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.entries = append(f.entries, &Entry{ID: r.ID, Version: r.Version, Instrument: instrument, Start: start, End: end})
	return true, nil
}

// Cancel gives a time of the fake's own back.
func (f *Fake) Cancel(id string) Record {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version++
	for _, e := range f.entries {
		if e.ID == id {
			e.Gone, e.Version = true, f.version
			return Record{ID: id, Version: f.version, Instrument: e.Instrument, State: "cancelled"}
		}
	}
	return Record{ID: id, Version: f.version, State: "cancelled"}
}

// Push tells single times; status is that of the answer.
func (f *Fake) Push(ctx context.Context, records ...Record) (answers []Answer, status int, err error) {
	var out struct {
		Items []Answer `json:"items"`
	}
	status, err = f.Call(ctx, http.MethodPost, "/busy", map[string]any{"items": records}, &out)
	return out.Items, status, err
}

// PushList tells a whole list.
func (f *Fake) PushList(ctx context.Context, instrument string, version int64, from, to time.Time, records ...Record) (answers []Answer, status int, err error) {
	var out struct {
		Items []Answer `json:"items"`
	}
	if records == nil {
		records = []Record{}
	}
	status, err = f.Call(ctx, http.MethodPut, "/busy", map[string]any{"instrument": instrument, "version": version, "from": from, "to": to, "items": records}, &out)
	return out.Items, status, err
}

// Call makes one signed call of the other side.
func (f *Fake) Call(ctx context.Context, method, path string, body, out any) (int, error) {
	f.mu.Lock()
	link, secret, now := f.link, f.secret, f.Now()
	f.mu.Unlock()
	return f.CallAs(ctx, link, secret, now, method, path, body, out)
}

// CallAs is Call with somebody else's signature or clock.
func (f *Fake) CallAs(ctx context.Context, link, secret string, now time.Time, method, path string, body, out any) (int, error) {
	var payload []byte
	if body != nil {
		var err error
		if payload, err = json.Marshal(body); err != nil {
			return 0, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, f.Home+path, bytes.NewReader(payload))
	if err != nil {
		return 0, err
	}
	seconds := strconv.FormatInt(now.Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Campus-Connection", link)
	req.Header.Set("Campus-Time", seconds)
	req.Header.Set("Campus-Signature", signature(secret, seconds, method, req.URL.RequestURI(), payload))
	res, err := f.HTTP.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }() // only read
	answer, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		return res.StatusCode, err
	}
	if out != nil && res.StatusCode < 300 {
		return res.StatusCode, json.Unmarshal(answer, out)
	}
	return res.StatusCode, nil
}

// signature is what docs/campus.md says, written anew.
func signature(secret, seconds, method, path string, body []byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(m, seconds+"\n"+method+"\n"+path+"\n") // a hash never fails
	_, _ = m.Write(body)
	return "v1=" + hex.EncodeToString(m.Sum(nil))
}

// ServeHTTP is the fake's own interface.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return
	}
	f.mu.Lock()
	slow, down, deaf, secret := f.slow, f.down, f.deaf, f.secret
	f.mu.Unlock()
	if slow > 0 {
		select {
		case <-time.After(slow):
		case <-r.Context().Done():
		}
	}
	if down {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	seconds, _ := strconv.ParseInt(r.Header.Get("Campus-Time"), 10, 64)
	if off := f.Now().Unix() - seconds; off > 300 || off < -300 || !hmac.Equal([]byte(signature(secret, r.Header.Get("Campus-Time"), r.Method, r.URL.RequestURI(), body)), []byte(r.Header.Get("Campus-Signature"))) {
		say(w, http.StatusUnauthorized, map[string]any{"text": "wrong signature"})
		return
	}
	status, answer := f.answer(r, body)
	if deaf { // the work is done, and nobody hears of it
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.Close() // that is the point
		}
		return
	}
	say(w, status, answer)
}

func say(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if status != http.StatusNoContent {
		_ = json.NewEncoder(w).Encode(body) // who hung up does not read
	}
}

func (f *Fake) answer(r *http.Request, body []byte) (int, any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := strings.TrimPrefix(r.URL.Path, "/reservations/")
	switch {
	case r.URL.Path == "/events":
		return f.told(body)
	case r.URL.Path == "/busy":
		return f.list(r)
	case r.URL.Path == "/reservations" && r.Method == http.MethodPost:
		return f.reserve(body)
	case key != r.URL.Path && r.Method == http.MethodPut:
		return f.confirm(key)
	case key != r.URL.Path && r.Method == http.MethodDelete:
		f.dead[key] = true
		for _, e := range f.entries {
			if e.Key == key && !e.Gone {
				f.version++
				e.Gone, e.Version = true, f.version
			}
		}
		return http.StatusNoContent, nil
	}
	return http.StatusNotFound, map[string]any{"text": "no such call"}
}

func (f *Fake) told(body []byte) (int, any) {
	var e Event
	if json.Unmarshal(body, &e) != nil {
		return http.StatusBadRequest, map[string]any{"text": "not understood"}
	}
	for _, old := range f.events {
		if old.ID == e.ID {
			return http.StatusOK, map[string]any{}
		}
	}
	f.events = append(f.events, e)
	switch e.Type {
	case "taken":
		f.version++
		f.entries = append(f.entries, &Entry{ID: "theirs-" + e.Key, Version: f.version, Instrument: e.Instrument, Start: e.Start, End: e.End, Key: e.Key})
	case "freed":
		for _, x := range f.entries {
			if x.Key == e.Key {
				x.Gone = true
			}
		}
	}
	return http.StatusOK, map[string]any{}
}

// list is all that stands of an instrument between two instants.
func (f *Fake) list(r *http.Request) (int, any) {
	from, _ := time.Parse(time.RFC3339, r.URL.Query().Get("from"))
	to, _ := time.Parse(time.RFC3339, r.URL.Query().Get("to"))
	items := []Record{}
	for _, e := range f.entries {
		if f.stands(e) && e.Instrument == r.URL.Query().Get("instrument") && e.Start.Before(to) && from.Before(e.End) {
			items = append(items, Record{ID: e.ID, Version: e.Version, Instrument: e.Instrument, Start: e.Start, End: e.End, Key: e.Key})
		}
	}
	return http.StatusOK, map[string]any{"version": f.version, "items": items}
}

func (f *Fake) reserve(body []byte) (int, any) {
	var want struct {
		Key        string    `json:"key"`
		Instrument string    `json:"instrument"`
		Start      time.Time `json:"start"`
		End        time.Time `json:"end"`
		Lease      int64     `json:"lease_seconds"`
		Replaces   []string  `json:"replaces"`
	}
	if json.Unmarshal(body, &want) != nil || want.Key == "" || !want.Start.Before(want.End) {
		return http.StatusBadRequest, map[string]any{"text": "not understood"}
	}
	if f.dead[want.Key] {
		return http.StatusGone, map[string]any{"text": "given back before"}
	}
	for _, e := range f.entries {
		if e.Key == want.Key && f.stands(e) {
			return http.StatusOK, map[string]any{}
		}
	}
	if !f.free(want.Instrument, want.Start, want.End, want.Replaces) {
		return http.StatusConflict, map[string]any{"text": "taken"}
	}
	f.version++
	f.entries = append(f.entries, &Entry{ID: "theirs-" + want.Key, Version: f.version, Instrument: want.Instrument, Start: want.Start, End: want.End, Key: want.Key, Lease: f.Now().Add(time.Duration(want.Lease) * time.Second)})
	return http.StatusCreated, map[string]any{}
}

func (f *Fake) confirm(key string) (int, any) {
	for _, e := range f.entries {
		if e.Key == key && f.stands(e) {
			e.Lease = time.Time{}
			return http.StatusOK, map[string]any{}
		}
	}
	return http.StatusGone, map[string]any{"text": "lapsed"}
}
