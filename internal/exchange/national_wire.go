package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// National is the national platform's interface for this node's region.
type National struct {
	Address string // where records are posted; empty: files only
	Token   string // sent as a bearer; never logged, kept or shown
}

// Bounds of one request to the national platform.
const (
	nationalBatch  = 50      // records
	nationalAnswer = 4 << 20 // bytes of an answer
	longestReason  = 500     // characters kept of the platform's words
)

// errNational is an attempt that brought no usable answer.
type errNational struct {
	code  string // unreachable, busy, unreadable, refused
	words string // of the platform, for the owner
	final bool   // trying again cannot help
}

func (e *errNational) Error() string { return "the national platform: " + e.code }

// verdict is what the platform says of one record.
type verdict struct {
	state  string // of PushRecord
	reason string
	fields map[string]string
}

// postNational sends one batch and reads the answer, by the owner's numbers. No transaction is open meanwhile, and what
// is kept of an error holds neither the address nor the token.
func (s *Service) postNational(ctx context.Context, code string, sort int64, bodies []string) (map[string]verdict, error) {
	form := url.Values{"insCode": {code}, "instruType": {strconv.FormatInt(sort, 10)}, "instruData": {"[" + strings.Join(bodies, ",") + "]"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.National.Address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, &errNational{code: "unreachable", final: true}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", agent+s.Address+")")
	if s.National.Token != "" {
		req.Header.Set("Authorization", "Bearer "+s.National.Token)
	}
	res, err := s.Client.Do(req)
	if err != nil {
		return nil, &errNational{code: "unreachable"}
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, nationalAnswer+1))
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return nil, &errNational{code: "unreachable"}
	}
	switch {
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode == http.StatusRequestTimeout, res.StatusCode >= 500:
		return nil, &errNational{code: "busy"}
	case res.StatusCode != http.StatusOK:
		return nil, &errNational{code: "refused", words: wordsOf(body, res.StatusCode), final: true}
	case len(body) > nationalAnswer:
		return nil, &errNational{code: "unreadable"}
	}
	return readVerdicts(body)
}

// nationalReply is an answer: the interface of 2016 answers in JSON; its exact form is not published, so the names that
// public client code and neighbouring platforms use are all read.
type nationalReply struct {
	Success *bool           `json:"success"`
	Code    json.RawMessage `json:"code"`
	Message string          `json:"message"`
	Msg     string          `json:"msg"`
	Data    []nationalLine  `json:"data"`
}

type nationalLine struct {
	InnerID string `json:"innerId"`
	Status  string `json:"status"` // accepted, received, refused
	Success *bool  `json:"success"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
	Errors  []struct {
		Field  string `json:"field"`
		Reason string `json:"reason"`
	} `json:"errors"`
}

// readVerdicts reads an answer. A whole refusal is an error; a record the answer does not name, or whose verdict is not
// known, has none and is sent again.
func readVerdicts(body []byte) (map[string]verdict, error) {
	var r nationalReply
	if err := json.Unmarshal(bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF")), &r); err != nil {
		return nil, &errNational{code: "unreadable"}
	}
	if len(r.Data) == 0 && r.Success != nil && !*r.Success {
		return nil, &errNational{code: "refused", words: short(r.Message + r.Msg), final: true}
	}
	if r.Data == nil {
		return nil, &errNational{code: "unreadable"}
	}
	out := map[string]verdict{}
	for _, l := range r.Data {
		v := verdict{reason: short(strings.TrimSpace(l.Reason + l.Message))}
		switch {
		case l.Status == "refused", l.Status == "rejected", l.Status == "" && l.Success != nil && !*l.Success:
			v.state = RecordRefused
		case l.Status == "accepted":
			v.state = RecordAccepted
		case l.Status == "received", l.Status == "" && l.Success != nil && *l.Success:
			v.state = RecordReceived
		default:
			continue
		}
		for _, e := range l.Errors[:min(len(l.Errors), 50)] {
			if v.fields == nil {
				v.fields = map[string]string{}
			}
			v.fields[short(e.Field)] = short(e.Reason)
		}
		out[l.InnerID] = v
	}
	return out, nil
}

// wordsOf is what a refusal of the whole request says to people.
func wordsOf(body []byte, status int) string {
	var r nationalReply
	if json.Unmarshal(body, &r) == nil && r.Message+r.Msg != "" {
		return short(r.Message + r.Msg)
	}
	return fmt.Sprintf("HTTP %d", status)
}

// short keeps foreign words printable and not longer than a few lines.
func short(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == utf8.RuneError {
			return -1
		}
		return r
	}, s)), " ")
	if runes := []rune(s); len(runes) > longestReason {
		return string(runes[:longestReason-1]) + "…"
	}
	return s
}
