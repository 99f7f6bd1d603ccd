package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Bounds of one exchange with another system.
const (
	maxPage      = 32 << 20 // bytes of one answer, unpacked
	maxTries     = 5
	maxRedirects = 3
	longestWait  = 5 * time.Minute // asked to wait longer, a harvest ends and is tried again by schedule
)

// agent is how we introduce ourselves; our address follows.
const agent = "Qiao/0.1 (OAI-PMH harvester; +"

// errRefused says that trying again cannot help.
var errRefused = errors.New("exchange: refused")

// ErrOffline is what the transport of Deps.Client gives when this node may not reach an address at all, as the demo.
var ErrOffline = errors.New("exchange: this node does not go there")

// get fetches an address of another system, politely: it waits as long as it is asked to, and longer after each failure.
func (s *Service) get(ctx context.Context, address string) ([]byte, error) {
	var last error
	for try := range maxTries {
		if try > 0 {
			wait := time.Second << try
			var busy *busyError
			if errors.As(last, &busy) && busy.wait > 0 {
				wait = busy.wait
			}
			if wait > longestWait {
				break
			}
			if err := s.sleep(ctx, wait); err != nil {
				return nil, err
			}
		}
		body, err := s.fetch(ctx, address)
		if err == nil || errors.Is(err, errRefused) || errors.Is(err, ErrOffline) || ctx.Err() != nil {
			return body, err
		}
		last = err
	}
	return nil, last
}

// busyError is an answer that says: later.
type busyError struct {
	status int
	wait   time.Duration
}

func (e *busyError) Error() string { return fmt.Sprintf("the other side answered %d", e.status) }

// fetch makes one exchange, following a few redirects, each to a place the client may reach.
func (s *Service) fetch(ctx context.Context, address string) ([]byte, error) {
	for range maxRedirects + 1 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errRefused, err)
		}
		req.Header.Set("User-Agent", agent+s.Address+")")
		req.Header.Set("Accept", "text/xml, application/xml")
		res, err := s.Client.Do(req) //nolint:bodyclose // closed in bodyOf
		if err != nil {
			return nil, err
		}
		body, next, err := s.bodyOf(res)
		if err != nil || next == "" {
			return body, err
		}
		address = next
	}
	return nil, fmt.Errorf("%w: too many redirects", errRefused)
}

// bodyOf reads an answer, or says where to look instead.
func (s *Service) bodyOf(res *http.Response) (body []byte, next string, err error) {
	defer func() { _ = res.Body.Close() }() // only read
	switch {
	case res.StatusCode == http.StatusOK:
		body, err = io.ReadAll(io.LimitReader(res.Body, maxPage+1))
		if err == nil && len(body) > maxPage {
			err = fmt.Errorf("%w: the answer is larger than %d MB", errRefused, maxPage>>20)
		}
		return body, "", err
	case res.StatusCode >= 300 && res.StatusCode < 400:
		to, err := res.Location()
		if err != nil {
			return nil, "", fmt.Errorf("%w: a redirect without an address", errRefused)
		}
		return nil, to.String(), nil
	case res.StatusCode == http.StatusServiceUnavailable, res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500:
		return nil, "", &busyError{res.StatusCode, retryAfter(res.Header.Get("Retry-After"), s.Clock.Now())}
	}
	return nil, "", fmt.Errorf("%w: the other side answered %d", errRefused, res.StatusCode)
}

// retryAfter reads the header of that name: seconds or a date; 0 when it says nothing.
func retryAfter(text string, now time.Time) time.Duration {
	if n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32); err == nil && n >= 0 {
		return time.Duration(n) * time.Second
	}
	if t, err := http.ParseTime(text); err == nil && t.After(now) {
		return t.Sub(now)
	}
	return 0
}

// withQuery adds arguments to an address.
func withQuery(address string, args ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(args); i += 2 {
		if args[i+1] != "" {
			v.Set(args[i], args[i+1])
		}
	}
	if strings.Contains(address, "?") {
		return address + "&" + v.Encode()
	}
	return address + "?" + v.Encode()
}
