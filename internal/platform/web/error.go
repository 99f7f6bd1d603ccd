package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
)

// Problem is RFC 9457 problem+json. It never holds internal text.
type Problem struct {
	Type    string         `json:"type" doc:"Stable; ends in the problem's code, e.g. /api/problems/slot-taken" example:"/api/problems/slot-taken"`
	Title   string         `json:"title" doc:"The HTTP status in words"`
	Status  int            `json:"status" example:"409"`
	Detail  string         `json:"detail" doc:"A sentence for people, in the caller's language"`
	Request string         `json:"request_id" doc:"Quote it when asking for help"`
	Errors  []ProblemField `json:"errors,omitempty" doc:"Fields that are wrong"`
}

// ProblemField is one wrong field.
type ProblemField struct {
	Field string `json:"field"`
	Code  string `json:"code"`
	Text  string `json:"text"`
}

// Error is the sentence for people.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status, as huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of a problem, whatever was negotiated.
func (p *Problem) ContentType(_ string) string { return "application/problem+json" }

// problemOf tells e in the caller's language.
func problemOf(ctx context.Context, e *fault.Error) *Problem {
	p := &Problem{Type: "/api/problems/" + e.Code, Title: http.StatusText(int(e.Kind)), Status: int(e.Kind), Detail: i18n.T(ctx, e.Text, e.Args...), Request: RequestID(ctx)}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, ProblemField{f.Name, f.Code, i18n.T(ctx, f.Text, f.Args...)})
	}
	return p
}

// faultOf is err as a fault; a body that is too long gets its own sentence.
func faultOf(err error) *fault.Error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return fault.New(fault.TooLarge, "body-too-large", "提交的内容超过 {0} MB，请压缩或拆分后再提交。", int(big.Limit>>20)).Because(err)
	}
	return fault.Of(err)
}

// fail shows err: problem+json for programs, a page for people. Only what is our fault is logged as an error.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, route Route, err error) {
	ctx := r.Context()
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return // nobody is there any more
	}
	e := faultOf(err)
	s.logFault(ctx, r, e, err)
	if route.API || strings.HasPrefix(r.URL.Path, "/api/") {
		s.writeProblem(w, r, e)
		return
	}
	var stopped *unproved
	if errors.As(err, &stopped) && s.askProof(w, stopped.r, e) {
		return
	}
	if e.Kind == fault.Unauthenticated && s.o.Access.SignedIn(ctx) == "" && r.Header.Get("HX-Request") == "" {
		back := "/"
		if r.Method == http.MethodGet {
			back = r.URL.RequestURI()
		}
		http.Redirect(w, r, s.o.Access.SignInPage(ctx, back), http.StatusSeeOther)
		return
	}
	if err := Page(w, r, int(e.Kind), s.o.ErrorPage(ctx, e, RequestID(ctx))); err != nil {
		s.o.Log.ErrorContext(ctx, "show an error", "request", RequestID(ctx), "err", err)
		http.Error(w, http.StatusText(int(e.Kind)), int(e.Kind))
	}
}

func (s *Server) logFault(ctx context.Context, r *http.Request, e *fault.Error, err error) {
	level := slog.LevelDebug
	if e.Kind >= 500 {
		level = slog.LevelError
	}
	s.o.Log.Log(ctx, level, "request failed", "request", RequestID(ctx), "method", r.Method, "path", r.URL.Path, "status", int(e.Kind), "code", e.Code, "err", err)
}

func (s *Server) writeProblem(w http.ResponseWriter, r *http.Request, e *fault.Error) {
	b, err := json.Marshal(problemOf(r.Context(), e))
	if err != nil {
		s.o.Log.ErrorContext(r.Context(), "write a problem", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(int(e.Kind))
	_, _ = w.Write(b) // the caller may have gone
}

// RequestID is the id of the request in ctx, as shown on error pages and written in the audit log.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	if id == "" {
		return audit.ActorOf(ctx).Cause
	}
	return id
}

type requestIDKey struct{}
