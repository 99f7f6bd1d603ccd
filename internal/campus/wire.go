package campus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// What came of a question to them.
const (
	resultYes     = "yes"
	resultTaken   = "taken"
	resultNo      = "no"
	resultUnknown = "unknown" // it may have had its effect, or not
)

// outcome is their answer to one call.
type outcome struct {
	result  string
	words   string // theirs, for people
	failure string // for the connection's page: unreachable, slow, http-500 …; "" when all went well
	status  int64
	body    []byte
	etag    string
	changed string // Last-Modified
}

// Bounds of an answer of theirs.
const (
	maxAnswer = 4 << 20
	maxWords  = 200
)

// agent is how we introduce ourselves.
const agent = "Qiao/0.1 (campus connector; +"

// call makes one signed call. No transaction is open meanwhile, and what is kept of an error holds no address and no secret.
func (s *Service) call(ctx context.Context, l Link, method, path string, body any, headers ...string) outcome {
	var payload []byte
	if body != nil {
		var err error
		if payload, err = json.Marshal(body); err != nil {
			return outcome{result: resultUnknown, failure: "unreachable"}
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, l.Address+path, bytes.NewReader(payload))
	if err != nil {
		return outcome{result: resultUnknown, failure: "unreachable"}
	}
	seconds := s.Clock.Now().Unix()
	req.Header.Set("User-Agent", agent+s.Address+")")
	req.Header.Set("Accept", "application/json")
	req.Header.Set(HeaderLink, l.ID)
	req.Header.Set(HeaderTime, strconv.FormatInt(seconds, 10))
	req.Header.Set(HeaderSignature, Sign(l.Secret, seconds, method, req.URL.RequestURI(), payload))
	if payload != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] != "" {
			req.Header.Set(headers[i], headers[i+1])
		}
	}
	return s.answerTo(ctx, req)
}

func (s *Service) answerTo(ctx context.Context, req *http.Request) outcome {
	res, err := s.Client.Do(req)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return outcome{result: resultUnknown, failure: "slow"}
		}
		return outcome{result: resultUnknown, failure: "unreachable"}
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return outcome{result: resultUnknown, failure: "slow"}
	}
	out := outcome{status: int64(res.StatusCode), body: body, etag: res.Header.Get("ETag"), changed: res.Header.Get("Last-Modified")}
	if len(body) > maxAnswer {
		out.result, out.failure, out.body = resultUnknown, "large", nil
		return out
	}
	switch {
	case res.StatusCode == http.StatusNotModified, res.StatusCode >= 200 && res.StatusCode < 300:
		out.result = resultYes
	case res.StatusCode == http.StatusConflict, res.StatusCode == http.StatusGone:
		out.result, out.words = resultTaken, wordsOf(body)
	case res.StatusCode == http.StatusRequestTimeout, res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500, res.StatusCode < 400:
		out.result, out.failure = resultUnknown, "http-"+strconv.Itoa(res.StatusCode)
	default:
		out.result, out.words, out.failure = resultNo, wordsOf(body), "http-"+strconv.Itoa(res.StatusCode)
	}
	return out
}

// wordsOf is what an answer says to people: a field of a problem, or nothing.
func wordsOf(body []byte) string {
	var said struct {
		Text   string `json:"text"`
		Detail string `json:"detail"`
		Title  string `json:"title"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	for _, w := range []string{said.Text, said.Detail, said.Title} {
		w = strings.Map(func(r rune) rune {
			if r < 0x20 || r == utf8.RuneError {
				return -1
			}
			return r
		}, w)
		if w != "" {
			if runes := []rune(w); len(runes) > maxWords {
				w = string(runes[:maxWords]) + "…"
			}
			return w
		}
	}
	return ""
}

// reservation is the body of the first step: hold the time for a while.
type reservation struct {
	Key        string    `json:"key"`
	Instrument string    `json:"instrument"`
	Start      time.Time `json:"start"`
	End        time.Time `json:"end"`
	Lease      int64     `json:"lease_seconds"`
	Replaces   []string  `json:"replaces,omitempty"`
}

// reserve asks for a time in two steps: hold it, then make it firm. Only a firm one is a yes; whatever is not sure is unknown,
// and then the lease or the release that follows frees it there.
func (s *Service) reserve(ctx context.Context, l Link, m Map, c Claim, replaces []string) outcome {
	said := s.call(ctx, l, http.MethodPost, "/reservations", reservation{c.Key, m.Theirs, c.Start.UTC(), c.End.UTC(), int64(lease / time.Second), replaces})
	if said.result != resultYes {
		return said
	}
	return s.call(ctx, l, http.MethodPut, "/reservations/"+url.PathEscape(c.Key), map[string]string{"state": "confirmed"})
}

// recordBody is a time as it is written in both directions.
type recordBody struct {
	ID         string    `json:"id" doc:"Your own id of the record, the same for ever"`
	Version    int64     `json:"version" doc:"Grows with each change in your system: a change counter, or the milliseconds of the change"`
	Instrument string    `json:"instrument,omitempty" doc:"Your id of the instrument, as it stands on the connection's page"`
	Start      time.Time `json:"start,omitzero" doc:"RFC 3339"`
	End        time.Time `json:"end,omitzero"`
	State      string    `json:"state,omitempty" enum:"busy,cancelled" doc:"busy when missing"`
	Note       string    `json:"note,omitempty" doc:"For the provider's own people; no personal data"`
	Key        string    `json:"key,omitempty" doc:"Where the record is a reservation that we asked for: its key"`
}

func (b recordBody) record(instrument string) Record {
	if b.Instrument != "" {
		instrument = b.Instrument
	}
	return Record{ID: b.ID, Version: b.Version, Instrument: instrument, Start: b.Start, End: b.End, Cancelled: b.State == "cancelled", Note: b.Note, Key: b.Key}
}
