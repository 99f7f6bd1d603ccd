package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"qiao/internal/app"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/id"
)

// world is one running platform with the demo region.
type world struct {
	t      *testing.T
	url    string
	flags  []string // --data and --database, for commands beside the server
	client *http.Client
	clock  *ahead
	mu     sync.Mutex
	tokens map[string]string
}

// engines runs fn against a platform on SQLite and on a PostgreSQL that keeps every commit.
func engines(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, start(t, sqliteFlags(t))) })
	t.Run("postgres", func(t *testing.T) { fn(t, start(t, postgresFlags(t))) })
}

// leftover is what the worlds of this run share, to be ended and removed after the last.
var leftover struct {
	mu  sync.Mutex
	end []func() error
}

func later(end func() error) {
	leftover.mu.Lock()
	defer leftover.mu.Unlock()
	leftover.end = append(leftover.end, end)
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, end := range leftover.end {
		if err := end(); err != nil {
			fmt.Fprintln(os.Stderr, "after the scenarios:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// loaded is the demo region, loaded once: its data folder and, on PostgreSQL, its database. Each world gets a copy.
type loaded struct{ dir, url string }

func bring(url string, flags ...string) (loaded, error) {
	dir, err := os.MkdirTemp("", "qiao-demo-")
	if err != nil {
		return loaded{}, err
	}
	later(func() error { return os.RemoveAll(dir) })
	stop, _, err := launch(context.Background(), &ahead{}, append([]string{"--data", dir}, flags...))
	if err != nil {
		return loaded{}, err
	}
	return loaded{dir, url}, stop()
}

var onSQLite = sync.OnceValues(func() (loaded, error) { return bring("") })

// onPostgres is on a server that keeps its promises: the program refuses any other.
var onPostgres = sync.OnceValues(func() (loaded, error) {
	s, err := dbtest.Start(dbtest.Safe)
	if err != nil {
		return loaded{}, err
	}
	later(s.Stop)
	url, err := dbtest.NewDatabase(s.URL)
	if err != nil {
		return loaded{}, err
	}
	return bring(url, "--database", url)
})

// folder is a copy of the loaded region's data folder.
func (l loaded) folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(l.dir)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func sqliteFlags(t *testing.T) []string {
	t.Helper()
	demo, err := onSQLite()
	if err != nil {
		t.Fatal(err)
	}
	return []string{"--data", demo.folder(t)}
}

func postgresFlags(t *testing.T) []string {
	t.Helper()
	demo, err := onPostgres()
	if err != nil {
		t.Fatal(err)
	}
	url, err := dbtest.CopyDatabase(demo.url)
	if err != nil {
		t.Fatal(err)
	}
	return []string{"--data", demo.folder(t), "--database", url}
}

// launch runs `qiao serve --demo` in this process and waits until it answers; stop ends it and says how it ended.
func launch(ctx context.Context, c *ahead, flags []string) (stop func() error, url string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	out := &listener{found: make(chan string, 1)}
	ended := make(chan int, 1)
	go func() {
		ended <- app.Main(ctx, append([]string{"serve", "--demo", "--listen", "127.0.0.1:0"}, flags...), app.Streams{Out: io.Discard, Err: out, Env: func(string) string { return "" }, Clock: c})
	}()
	stop = func() error {
		cancel()
		if code := <-ended; code != 0 {
			return fmt.Errorf("serve ended with %d: %s", code, out.text())
		}
		return nil
	}
	select {
	case url = <-out.found:
		return stop, url, nil
	case code := <-ended:
		ended <- code
		return stop, "", fmt.Errorf("serve ended with %d: %s", code, out.text())
	case <-time.After(2 * time.Minute):
		return stop, "", fmt.Errorf("serve did not start: %s", out.text())
	}
}

func start(t *testing.T, flags []string) *world {
	t.Helper()
	c := &ahead{}
	stop, url, err := launch(context.Background(), c, flags)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return &world{t: t, url: url, flags: flags, clock: c, tokens: map[string]string{}, client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 128}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// listener collects what the server says and finds its address in it.
type listener struct {
	mu    sync.Mutex
	b     bytes.Buffer
	found chan string
}

// Write implements io.Writer.
func (l *listener) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.Write(p)
	if _, rest, ok := strings.Cut(l.b.String(), "listening url="); ok {
		if url, _, ok := strings.Cut(rest, "\n"); ok {
			select {
			case l.found <- url:
			default:
			}
		}
	}
	return len(p), nil
}

func (l *listener) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// run runs another command of the program beside the server; it returns what it printed and its exit code.
func (w *world) run(args ...string) (string, int) {
	w.t.Helper()
	var out, errs bytes.Buffer
	if slices.Contains([]string{"verify", "token", "import", "export", "seed"}, args[0]) {
		args = append(args, w.flags...)
	}
	code := app.Main(context.Background(), args, app.Streams{Out: &out, Err: &errs, Env: func(string) string { return "" }})
	if code != 0 {
		w.t.Logf("qiao %s: %s", strings.Join(args, " "), errs.String())
	}
	return out.String(), code
}

// token is an API token of a demo login.
func (w *world) token(login string) string {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.tokens[login] == "" {
		out, code := w.run("token", "--login", login+"@demo.qiao")
		if code != 0 {
			w.t.Fatalf("no token for %s", login)
		}
		w.tokens[login] = strings.TrimSpace(out)
	}
	return w.tokens[login]
}

// answer is what a call gave.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// into reads the body as JSON.
func (a answer) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
}

// problem is the stable end of a problem's type.
func (a answer) problem() string {
	var p struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(a.body, &p) != nil {
		return ""
	}
	return p.Type[strings.LastIndexByte(p.Type, '/')+1:]
}

// call makes one API call as a demo login ("" for a visitor); a body is sent as JSON with a fresh key.
func (w *world) call(login, method, path string, body any) answer {
	w.t.Helper()
	return w.callKey(login, method, path, body, id.New())
}

func (w *world) callKey(login, method, path string, body any, key string) answer {
	w.t.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			w.t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, w.url+path, r)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if method == http.MethodPost {
		req.Header.Set("Idempotency-Key", key)
	}
	if login != "" {
		req.Header.Set("Authorization", "Bearer "+w.token(login))
	}
	res, err := w.client.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, b}
}

// verified asserts that every invariant holds.
func (w *world) verified() {
	w.t.Helper()
	if out, code := w.run("verify"); code != 0 {
		w.t.Errorf("qiao verify: exit %d: %s", code, out)
	}
}

// file is a path below the repository's root.
func file(path string) string { return filepath.Join("..", "..", filepath.FromSlash(path)) }

// tokenOf is token for a login with or without its domain.
func (w *world) tokenOf(login string) string {
	name, _, _ := strings.Cut(login, "@")
	return w.token(name)
}

// page is a page as a demo login sees it.
func (w *world) page(login, path string) []byte {
	w.t.Helper()
	a := w.call(login, http.MethodGet, path, nil)
	if a.status != http.StatusOK {
		w.t.Fatalf("GET %s as %s: %d", path, login, a.status)
	}
	return a.body
}

func contains(page []byte, text string) bool { return bytes.Contains(page, []byte(text)) }
