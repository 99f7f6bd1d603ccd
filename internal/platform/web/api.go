package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"qiao/internal/platform/fault"
)

// APIGroup is the JSON API under construction.
type APIGroup struct {
	server *Server
	huma   huma.API
	next   Route // what the operation being registered asks for
	op     Op    // the operation being registered
	err    error
	ops    []Op
}

// Op describes one call of the API.
type Op struct {
	Method, Path string // "POST", "/api/v1/orders/{id}"
	Action       string // row of the permission table
	Summary      string // one line; Chinese
	Description  string // more, where needed
	Tag          string // area: resource, party, order, voucher, match, policy
	Status       int    // of success; 0: 200
	Money        bool   // the idempotency key is kept for ever
	Example      any    // a request body that works, executed by a test
	Private      bool
	Fresh        bool // the body holds a secret: neither it nor the answer is kept, see Route.Fresh

	Upload  []string // media types of a body that the call reads itself, see Stream
	MaxBody int64    // bytes, where it may be larger than Options.MaxBody
}

// Stream is, as part of an input, the body of the request as it comes, for calls that take a file of any length.
type Stream struct{ io.Reader }

// Resolve takes the body; huma calls it.
func (s *Stream) Resolve(ctx huma.Context) []error {
	s.Reader = ctx.BodyReader()
	return nil
}

// API is the server's JSON API, made on first use.
func (s *Server) API(title, version string) *APIGroup {
	if s.api != nil {
		return s.api
	}
	cfg := huma.DefaultConfig(title, version)
	cfg.CreateHooks = nil // no $schema links: they would echo the Host header
	cfg.DocsPath, cfg.OpenAPIPath, cfg.SchemasPath = "", "", ""
	g := &APIGroup{server: s}
	cfg.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", g.schemaName)
	cfg.Transformers = append(cfg.Transformers, g.localise)
	g.huma = humago.New((*apiMux)(g), cfg)
	doc := g.huma.OpenAPI()
	doc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"bearer": {Type: "http", Scheme: "bearer", Description: "qiao token --login NAME"}}
	doc.Security = []map[string][]string{{"bearer": {}}, {}}
	s.api = g
	return g
}

// OpenAPI is the description made from the registered operations.
func (g *APIGroup) OpenAPI() *huma.OpenAPI { return g.huma.OpenAPI() }

// Ops lists the registered operations.
func (g *APIGroup) Ops() []Op { return append([]Op(nil), g.ops...) }

// Err is the first error of a registration.
func (g *APIGroup) Err() error { return g.err }

// apiMux lets huma register through the registry of routes.
type apiMux APIGroup

// HandleFunc registers the operation as a route with its action.
func (m *apiMux) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	route := m.next
	route.Pattern, route.API = pattern, true
	route.Handle = func(w http.ResponseWriter, r *http.Request) error { h(w, r); return nil }
	m.err = errors.Join(m.err, m.server.Handle(route))
}

// ServeHTTP is asked for by huma and serves the whole site.
func (m *apiMux) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.server.mux.ServeHTTP(w, r) }

// API registers one call. fn's errors are faults; anything else is shown as an internal error and logged.
func API[I, O any](g *APIGroup, op Op, fn func(ctx context.Context, in *I) (*O, error)) {
	g.op = op
	g.next = Route{Action: op.Action, Money: op.Money, Private: op.Private, Fresh: op.Fresh, MaxBody: op.MaxBody}
	o := huma.Operation{Method: op.Method, Path: op.Path, OperationID: operationID(op), Summary: op.Summary, Description: op.Description, Tags: []string{op.Tag}, DefaultStatus: op.Status, MaxBodyBytes: g.server.o.MaxBody}
	o.Errors = []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity}
	huma.Register(g.huma, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, in)
		if err != nil {
			return nil, g.problem(ctx, err)
		}
		return out, nil
	})
	if op.Example != nil {
		g.example(op)
	}
	g.upload(op)
	g.ops = append(g.ops, op)
}

// Describe puts a call into the description that a plain route serves: one whose answer streams. The arguments are those of
// the call at another path, beside params; media are the types of the answer.
func (g *APIGroup) Describe(op Op, like string, leave []string, params []*huma.Param, media ...string) {
	answer := &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{}}
	for _, m := range media {
		answer.Content[m] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	}
	if item := g.huma.OpenAPI().Paths[like]; item != nil && item.Get != nil {
		for _, p := range item.Get.Parameters {
			if p.In == "query" && !slices.Contains(leave, p.Name) {
				params = append(params, p)
			}
		}
	}
	problem := &huma.Response{Description: "Error", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Type: "object"}}}}
	g.huma.OpenAPI().AddOperation(&huma.Operation{
		Method: op.Method, Path: op.Path, OperationID: operationID(op), Summary: op.Summary, Description: op.Description, Tags: []string{op.Tag}, Parameters: params,
		Responses: map[string]*huma.Response{"200": answer, "400": problem},
	})
}

// schemaName names a shape of the description after its module, or, where it has no name of its own,
// after the operation: modules may use the same names inside.
func (g *APIGroup) schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	room := path.Base(t.PkgPath())
	if t.Name() == "" {
		room = operationID(g.op)
	}
	if room == "web" || room == "." {
		return name
	}
	var b strings.Builder
	for word := range strings.SplitSeq(room, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String() + name
}

// example shows the body that works in the description.
func (g *APIGroup) example(op Op) {
	item := g.huma.OpenAPI().Paths[op.Path]
	for _, o := range []*huma.Operation{item.Post, item.Put, item.Patch} {
		if o != nil && strings.EqualFold(o.Method, op.Method) && o.RequestBody != nil {
			for _, media := range o.RequestBody.Content {
				media.Example = op.Example
			}
		}
	}
}

// upload describes a body that the call reads itself; huma must not know of it before, or it would read it.
func (g *APIGroup) upload(op Op) {
	if len(op.Upload) == 0 || op.Method != http.MethodPost {
		return
	}
	body := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
	for _, media := range op.Upload {
		body.Content[media] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	g.huma.OpenAPI().Paths[op.Path].Post.RequestBody = body
}

func operationID(op Op) string {
	rest := strings.TrimPrefix(op.Path, "/api/v1/")
	return strings.ToLower(op.Method) + "-" + strings.NewReplacer("/", "-", "{", "", "}", "").Replace(rest)
}

// problem makes err a Problem; a repeated idempotency key is told to once by the recorder.
func (g *APIGroup) problem(ctx context.Context, err error) error {
	if errors.Is(err, errRepeated) {
		return &repeatedError{}
	}
	e := faultOf(err)
	if e.Kind >= 500 {
		g.server.o.Log.ErrorContext(ctx, "request failed", "request", RequestID(ctx), "code", e.Code, "err", err)
	}
	return problemOf(ctx, e)
}

// repeatedError tells once, through huma, that the key had its effect already.
type repeatedError struct{}

func (*repeatedError) Error() string  { return errRepeated.Error() }
func (*repeatedError) GetStatus() int { return http.StatusConflict }

// localise tells huma's own findings (a missing field, a wrong type) as our Problem in the caller's language.
func (g *APIGroup) localise(ctx huma.Context, _ string, v any) (any, error) {
	switch e := v.(type) {
	case *repeatedError:
		_, w := humago.Unwrap(ctx)
		if rec, ok := w.(*recorder); ok {
			rec.repeated = true
		}
		return json.RawMessage("{}"), nil
	case *huma.ErrorModel:
		return problemOf(ctx.Context(), humaFault(e)), nil
	}
	return v, nil
}

func humaFault(e *huma.ErrorModel) *fault.Error {
	switch {
	case e.Status == http.StatusRequestEntityTooLarge:
		return fault.New(fault.TooLarge, "body-too-large", "提交的内容太大，请压缩或拆分后再提交。")
	case e.Status == http.StatusUnsupportedMediaType:
		return fault.New(fault.Unsupported, "unsupported-media-type", "不支持这种内容类型，请使用 application/json。")
	case e.Status == http.StatusNotAcceptable:
		return fault.New(http.StatusNotAcceptable, "not-acceptable", "只能以 application/json 回答。")
	case e.Status >= 500:
		return fault.Of(e)
	case len(e.Errors) == 0, e.Status == http.StatusBadRequest && e.Errors[0].Location == "body":
		return fault.New(fault.Kind(e.Status), "bad-request", "请求内容无法读取，请检查 JSON 格式。").Because(e)
	}
	f := fault.New(fault.Kind(e.Status), "invalid", "有内容填写不正确，请逐项检查后再提交。")
	for _, d := range e.Errors {
		name := strings.TrimPrefix(strings.TrimPrefix(d.Location, "body."), "query.")
		code, text, arg := shapeOf(d.Message)
		f.Field(name, code, text, arg)
	}
	return f
}
