package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// policy allows scripts, styles and pictures of our own only. Charts are SVG made on the server, so
// that nothing needs inline style.
const policy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// Handler is the whole site.
func (s *Server) Handler() (http.Handler, error) {
	zip, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(5), gzhttp.EnableZstd(true),
		gzhttp.ContentTypes([]string{"text/html", "application/json", "application/problem+json", "text/plain", "text/csv", "application/xml", "text/xml", "application/atom+xml", "text/calendar"}))
	if err != nil {
		return nil, fmt.Errorf("set up compression: %w", err)
	}
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, err := s.o.Access.Prepare(w, r)
		if err != nil {
			s.fail(w, r, Route{}, err)
			return
		}
		s.fail(w, r, Route{}, fault.New(fault.Forbidden, "cross-site", "这个请求来自其他网站，已被拦截。请在本站页面上重新操作。"))
	}))
	var h http.Handler = s.mux
	h = zip(h)
	h = cross.Handler(h)
	h = s.secure(h)
	return s.outermost(h), nil
}

// secure sets the headers that browsers enforce.
func (s *Server) secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if s.o.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// response notes what was answered, for the log and the metrics.
type response struct {
	http.ResponseWriter
	status  int
	pattern string
}

func (w *response) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// outermost gives each request its id, survives panics, and tells log and metrics what happened.
func (s *Server) outermost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.o.Clock.Now()
		request := id.New()
		r = r.WithContext(context.WithValue(r.Context(), requestIDKey{}, request))
		rec := &response{ResponseWriter: w}
		rec.Header().Set("X-Request-Id", request)
		defer func() {
			p := recover()
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p) //nolint:forbidigo // net/http's own way to cut a connection
			}
			if p != nil {
				s.o.Log.ErrorContext(r.Context(), "panic", "request", request, "path", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if rec.status == 0 {
					http.Error(rec, http.StatusText(http.StatusInternalServerError)+" "+request, http.StatusInternalServerError)
				}
			}
			took := s.o.Clock.Now().Sub(start)
			if s.o.Observe != nil {
				s.o.Observe(rec.pattern, r.Method, rec.status, took.Seconds())
			}
			s.o.Log.LogAttrs(r.Context(), slog.LevelDebug, "request", slog.String("request", request), slog.String("method", r.Method),
				slog.String("path", r.URL.Path), slog.Int("status", rec.status), slog.Duration("took", took.Round(time.Microsecond)))
		}()
		next.ServeHTTP(rec, r)
	})
}
