package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Handler answers a request or returns why it cannot; the error is shown in one place.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Route is one address of the platform.
type Route struct {
	Pattern string // "GET /resources/{id}"
	Action  string // row of the permission table
	Handle  Handler
	Private bool // visitors are sent to sign in, whatever the table says of the action
	Money   bool // its idempotency key is kept for ever
	Fresh   bool // its answer starts or ends a session and is never repeated from store
	API     bool // set by API: errors are problem+json

	MaxBody int64 // bytes, where a body may be larger than Options.MaxBody; it is then read for as long as it comes
}

// Access is what the registry asks of the permission table.
type Access interface {
	Require(actions ...string) error                                       // error for an action without a row
	May(ctx context.Context, action string) error                          // before the object is known
	SignedIn(ctx context.Context) (person string)                          // empty for a visitor
	Prepare(w http.ResponseWriter, r *http.Request) (*http.Request, error) // puts who is acting, language and chrome into the context
	SignInPage(ctx context.Context, back string) string                    // where a visitor is sent
}

// Options are what a Server is built from.
type Options struct {
	DB        *db.DB
	Clock     clock.Clock
	Access    Access
	Log       *slog.Logger
	Secure    bool // the public address is https
	ErrorPage func(ctx context.Context, e *fault.Error, request string) templ.Component
	Observe   func(pattern, method string, status int, seconds float64) // metrics; may be nil
	MaxBody   int64                                                     // bytes; 0: 64 MiB
	Proof     *Proof                                                    // asks for the password again; nil: never
}

// Server is the registry and the handler made from it.
type Server struct {
	o      Options
	mux    *http.ServeMux
	routes []Route
	api    *APIGroup
}

// NewServer makes an empty registry.
func NewServer(o Options) *Server {
	if o.MaxBody == 0 {
		o.MaxBody = 64 << 20
	}
	s := &Server{o: o, mux: http.NewServeMux()}
	s.mux.Handle("/", s.wrap(Route{Pattern: "/", Handle: s.notFound}))
	return s
}

// Handle registers routes; an unknown action, a missing one or a pattern given twice is an error.
func (s *Server) Handle(routes ...Route) (err error) {
	defer func() { // ServeMux reports a bad or repeated pattern by panic
		if p := recover(); p != nil {
			err = fmt.Errorf("register a route: %v", p)
		}
	}()
	for _, r := range routes {
		method, path, ok := strings.Cut(r.Pattern, " ")
		if !ok || method == "" || !strings.HasPrefix(path, "/") {
			return fmt.Errorf("route %q needs a method and a path", r.Pattern)
		}
		if r.Action == "" {
			return fmt.Errorf("route %q names no action", r.Pattern)
		}
		if err := s.o.Access.Require(r.Action); err != nil {
			return fmt.Errorf("route %q: %w", r.Pattern, err)
		}
		s.mux.Handle(r.Pattern, s.wrap(r))
		s.routes = append(s.routes, r)
	}
	return nil
}

// Raw registers a handler outside the permission table, for what belongs to no one: assets, health,
// the service worker.
func (s *Server) Raw(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// Routes lists what is registered, for the matrix test and the documentation.
func (s *Server) Routes() []Route { return append([]Route(nil), s.routes...) }

// wrap puts permission, idempotency and error rendering around a route's handler.
func (s *Server) wrap(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rec, ok := w.(*response); ok {
			rec.pattern = route.Pattern
		}
		r.Body = http.MaxBytesReader(w, r.Body, max(route.MaxBody, s.o.MaxBody))
		if route.MaxBody > s.o.MaxBody {
			r.Body = s.patient(w, r.Body)
		}
		r, err := s.o.Access.Prepare(w, r)
		if err == nil {
			err = s.serve(w, r, route)
		}
		if err != nil {
			s.fail(w, r, route, err)
		}
	})
}

// pause is how long a large upload may stand still.
const pause = 2 * time.Minute

// patient reads a body that may take longer than other requests, as long as something comes.
func (s *Server) patient(w http.ResponseWriter, body io.ReadCloser) io.ReadCloser {
	return &patientBody{ReadCloser: body, control: http.NewResponseController(w), clock: s.o.Clock}
}

type patientBody struct {
	io.ReadCloser
	control *http.ResponseController
	clock   clock.Clock
	until   time.Time // deadline set last
}

func (b *patientBody) Read(p []byte) (int, error) {
	if now := b.clock.Now(); b.until.Sub(now) < pause/2 {
		b.until = now.Add(pause)
		_ = b.control.SetReadDeadline(b.until)             // a connection that knows no deadlines needs none
		_ = b.control.SetWriteDeadline(b.until.Add(pause)) // the answer comes after the body
	}
	return b.ReadCloser.Read(p)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, route Route) error {
	if route.Action != "" {
		if err := s.o.Access.May(r.Context(), route.Action); err != nil {
			return err
		}
		if route.Private && s.o.Access.SignedIn(r.Context()) == "" {
			return fault.New(fault.Unauthenticated, "sign-in", "请先登录，再继续操作。")
		}
	}
	var err error
	if r, err = s.proved(r); err != nil {
		return &unproved{r, err}
	}
	if r.Method == http.MethodPost && !route.Fresh {
		err = s.once(w, r, route)
	} else {
		err = route.Handle(w, r)
	}
	if e := fault.Of(err); e != nil && e.Code == codeStepUp {
		return &unproved{r, err}
	}
	return err
}

// unproved is a fault of a form that waits for the password; r is the request with what was typed.
type unproved struct {
	r   *http.Request
	err error
}

func (u *unproved) Error() string { return u.err.Error() }
func (u *unproved) Unwrap() error { return u.err }

// notFound answers what no route matches; a known path with another method is 405.
func (s *Server) notFound(w http.ResponseWriter, r *http.Request) error {
	var allowed []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		probe := &http.Request{Method: m, URL: r.URL, Host: r.Host}
		if _, pattern := s.mux.Handler(probe); pattern != "/" {
			allowed = append(allowed, m)
		}
	}
	if len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		return fault.New(http.StatusMethodNotAllowed, "method-not-allowed", "这个地址不支持 {0} 方法，请使用 {1}。", r.Method, strings.Join(allowed, ", "))
	}
	return fault.New(fault.NotFound, "not-found", "没有找到这个页面，可能地址有误或内容已移动。可以返回首页或使用搜索。")
}
