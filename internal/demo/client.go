package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
)

// Client speaks to the JSON API of a node as several people in turn.
type Client struct {
	Base  string                                                  // address of the node, without a slash at its end
	HTTP  *http.Client                                            // how it is reached
	Token func(ctx context.Context, login string) (string, error) // an API token of a sign-in
}

// InProcess reaches a handler without a network.
func InProcess(h http.Handler) *http.Client { return &http.Client{Transport: inProcess{h}} }

type inProcess struct{ handler http.Handler }

// RoundTrip serves the request by the handler.
func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	res := w.Result()
	res.Request = r
	return res, nil
}

// APIError is an answer that is no success.
type APIError struct {
	Method, Path string
	Status       int
	Type         string // of the problem, ends in its code
	Detail       string // sentence for people
	Body         string
}

// Error tells what was asked and what came back.
func (e *APIError) Error() string {
	return fmt.Sprintf("%s %s: status %d: %s", e.Method, e.Path, e.Status, e.Body)
}

// Is tells whether the problem has this code.
func (e *APIError) Is(target error) bool {
	t, ok := target.(*APIError) //nolint:errorlint // this is the comparison errors.Is calls
	return ok && t.Type != "" && strings.HasSuffix(e.Type, "/"+t.Type)
}

// call is one request.
type call struct {
	as     string // short name of a sign-in; empty: a visitor
	method string
	path   string // below /api/v1
	key    string // Idempotency-Key of a POST
	body   any    // sent as JSON
}

// do sends a call and reads the answer into out, which may be nil.
func (c Client) do(ctx context.Context, k call, out any) error {
	body, kind, err := k.encode()
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, k.method, c.Base+"/api/v1"+k.path, body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", k.method, k.path, err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if k.key != "" {
		r.Header.Set("Idempotency-Key", k.key)
	}
	if k.as != "" {
		token, err := c.Token(ctx, address(k.as))
		if err != nil {
			return fmt.Errorf("token of %s: %w", k.as, err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := c.HTTP.Do(r)
	if err != nil {
		return fmt.Errorf("%s %s: %w", k.method, k.path, err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end below
	return k.answer(res, out)
}

func (k call) encode() (io.Reader, string, error) {
	if k.body == nil {
		return http.NoBody, "", nil
	}
	b, err := json.Marshal(k.body)
	if err != nil {
		return nil, "", fmt.Errorf("%s %s: write the body: %w", k.method, k.path, err)
	}
	return bytes.NewReader(b), "application/json", nil
}

func (k call) answer(res *http.Response, out any) error {
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", k.method, k.path, err)
	}
	if res.StatusCode >= http.StatusMultipleChoices {
		e := &APIError{Method: k.method, Path: k.path, Status: res.StatusCode, Body: string(raw)}
		var problem struct{ Type, Detail string }
		if json.Unmarshal(raw, &problem) == nil {
			e.Type, e.Detail = problem.Type, problem.Detail
		}
		return e
	}
	if out == nil || len(raw) == 0 {
		return nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", k.method, k.path, err)
	}
	return nil
}
