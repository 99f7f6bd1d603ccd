package scenario

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"qiao/internal/platform/id"
)

// ahead is a clock that runs as the machine's does, so far ahead as the story has gone on.
type ahead struct{ by atomic.Int64 }

// Now implements clock.Clock.
func (a *ahead) Now() time.Time {
	return time.Now().Add(time.Duration(a.by.Load())).UTC().Truncate(time.Millisecond)
}

// day is the civil day in the region, n days from now.
func (w *world) day(n int) string {
	return w.clock.Now().In(time.FixedZone("Asia/Shanghai", 8*60*60)).AddDate(0, 0, n).Format(time.DateOnly)
}

// later lets days pass; the tokens that people had may end meanwhile.
func (w *world) later(days int) {
	w.clock.by.Add(int64(time.Duration(days) * 24 * time.Hour))
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.tokens)
}

// until asks again until it holds: what follows a change takes a moment.
func (w *world) until(what string, holds func() bool) {
	w.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if holds() {
			return
		}
	}
	w.t.Fatalf("it never came true that %s", what)
}

// form sends a form as a demo login, with files by their field, and wants the page to lead on; it returns where to.
func (w *world) form(login, path string, fields url.Values, files map[string]string) string {
	w.t.Helper()
	a := w.send(login, path, fields, files)
	if a.status != http.StatusSeeOther {
		w.t.Fatalf("POST %s as %s: %d %.800s", path, login, a.status, a.body)
	}
	return a.header.Get("Location")
}

func (w *world) send(login, path string, fields url.Values, files map[string]string) answer {
	w.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, values := range fields {
		for _, v := range values {
			if err := m.WriteField(name, v); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	for name, text := range files {
		p, err := m.CreateFormFile(name, name+".txt")
		if err == nil {
			_, err = io.Copy(p, strings.NewReader(text))
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		w.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, w.url+path, &b)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Idempotency-Key", id.New())
	req.Header.Set("Authorization", "Bearer "+w.token(login))
	res, err := w.client.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, body}
}
