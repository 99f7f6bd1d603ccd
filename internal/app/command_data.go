package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"qiao/internal/exchange"
	"qiao/internal/platform/config"
	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
	"qiao/internal/voucher/journal"
)

// send hands a command to the server that holds the data folder, or to this process when none runs.
func send(ctx context.Context, cfg config.Config, s Streams, method, path string, body io.Reader) (*http.Response, error) {
	socket := SocketPath(cfg.Data)
	if conn, err := (&net.Dialer{}).DialContext(ctx, "unix", socket); err == nil {
		if err := conn.Close(); err != nil {
			return nil, err
		}
		client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		}}}
		req, err := http.NewRequestWithContext(ctx, method, "http://qiao"+path, body)
		if err != nil {
			return nil, err
		}
		return client.Do(req)
	}
	a, err := Open(ctx, cfg, Options{Log: logger(cfg.LogLevel, s.Err), Progress: progress(s.Err)})
	if errors.Is(err, db.ErrInUse) {
		return nil, fmt.Errorf("%w, and its server does not answer on %s", err, socket)
	}
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://qiao"+path, body)
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	file, err := os.CreateTemp("", "qiao-answer-")
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	w := &fileAnswer{header: http.Header{}, file: file, status: http.StatusOK}
	a.commands().ServeHTTP(w, req)
	if err := errors.Join(a.Close(), os.Remove(file.Name())); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	_, err = file.Seek(0, io.SeekStart)
	return &http.Response{StatusCode: w.status, Header: w.header, Body: file}, err
}

// fileAnswer keeps an answer of any size.
type fileAnswer struct {
	header http.Header
	file   *os.File
	status int
}

func (w *fileAnswer) Header() http.Header         { return w.header }
func (w *fileAnswer) WriteHeader(status int)      { w.status = status }
func (w *fileAnswer) Write(b []byte) (int, error) { return w.file.Write(b) }

// ask sends a command and copies the answer out; an answer that is an error becomes one.
func ask(ctx context.Context, cfg config.Config, s Streams, method, path string, body io.Reader) (int, error) {
	if err := cfg.Check(); err != nil {
		return exitUsage, err
	}
	res, err := send(ctx, cfg, s, method, path, body)
	if err != nil {
		return exitFinding, err
	}
	defer func() { _ = res.Body.Close() }() // read to its end below
	if res.StatusCode >= http.StatusBadRequest {
		b, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
		return exitFinding, errors.Join(errors.New(strings.TrimSpace(string(b))), err)
	}
	if _, err := io.Copy(s.Out, res.Body); err != nil {
		return exitFinding, err
	}
	if res.Header.Get("X-Findings") != "" {
		return exitFinding, nil
	}
	return exitDone, nil
}

func runVerify(ctx context.Context, args []string, s Streams) (int, error) {
	var cfg config.Config
	f := flags("verify", &cfg)
	ledger := f.String("ledger", "", "check this file, which `qiao export ledger` wrote, instead of a database")
	if _, err := parseMixed(f, args, s.Env); err != nil {
		return wrongUse(err)
	}
	if *ledger != "" {
		return verifyLedger(*ledger, s)
	}
	return ask(ctx, cfg, s, http.MethodPost, "/verify", nil)
}

// verifyLedger checks a ledger that lies in a file: no database is needed.
func verifyLedger(name string, s Streams) (int, error) {
	file, err := os.Open(name)
	if err != nil {
		return exitUsage, fmt.Errorf("open the ledger: %w", err)
	}
	found, err := journal.Check(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return exitFinding, err
	}
	if err := printFindings(s.Out, found); err != nil {
		return exitFinding, err
	}
	if len(found) > 0 {
		return exitFinding, nil
	}
	return exitDone, nil
}

func runToken(ctx context.Context, args []string, s Streams) (int, error) {
	var cfg config.Config
	f := flags("token", &cfg)
	login := f.String("login", "", "login of the person the token acts for")
	if _, err := parseMixed(f, args, s.Env); err != nil {
		return wrongUse(err)
	}
	if *login == "" {
		return exitUsage, errors.New("say whose token: --login NAME")
	}
	return ask(ctx, cfg, s, http.MethodPost, "/token?login="+url.QueryEscape(*login), nil)
}

func runImport(ctx context.Context, args []string, s Streams) (int, error) {
	var cfg config.Config
	f := flags("import", &cfg)
	org := f.String("org", "", "id of the organisation that owns the resources")
	dry := f.Bool("dry-run", false, "say what would happen, change nothing")
	mapping := f.String("mapping", "", "name of a saved column mapping of that organisation; one for the same headings is found by itself")
	words, err := parseMixed(f, args, s.Env)
	if err != nil {
		return wrongUse(err)
	}
	if len(words) != 2 || *org == "" {
		return exitUsage, errors.New("say what and whose: qiao import FORMAT FILE --org ID")
	}
	file, err := os.Open(words[1])
	if err != nil {
		return exitUsage, err
	}
	defer func() { _ = file.Close() }() // only read
	q := url.Values{"format": {words[0]}, "name": {filepath.Base(words[1])}, "org": {*org}}
	if *dry {
		q.Set("dry", "1")
	}
	if *mapping != "" {
		q.Set("mapping", *mapping)
	}
	return ask(ctx, cfg, s, http.MethodPost, "/import?"+q.Encode(), file)
}

func runExport(ctx context.Context, args []string, s Streams) (int, error) {
	var cfg config.Config
	f := flags("export", &cfg)
	kind := f.String("kind", "", "only this kind of resource: instrument, facility, service …; csv has one kind, instruments unless you say another")
	words, err := parseMixed(f, args, s.Env)
	if err != nil {
		return wrongUse(err)
	}
	if len(words) != 1 {
		return exitUsage, fmt.Errorf("say the format: qiao export FORMAT, which is one of %s, ledger, all", strings.Join(exchange.Formats(), ", "))
	}
	q := url.Values{"format": {words[0]}, "kind": {*kind}}
	return ask(ctx, cfg, s, http.MethodGet, "/export?"+q.Encode(), nil)
}

// shown bounds how many findings of one kind are written out; the rest is counted.
const shown = 50

// writeFindings answers with what verify found.
func writeFindings(w http.ResponseWriter, found []verify.Finding) error {
	if len(found) > 0 {
		w.Header().Set("X-Findings", "1")
	}
	w.Header().Set("Content-Type", "application/json")
	return printFindings(w, found)
}

// printFindings writes findings as one JSON document.
func printFindings(w io.Writer, found []verify.Finding) error {
	out := struct {
		OK       bool             `json:"ok"`
		Findings []verify.Finding `json:"findings"`
		More     map[string]int   `json:"more,omitempty"`
	}{OK: len(found) == 0, Findings: []verify.Finding{}, More: map[string]int{}}
	count := map[string]int{}
	for _, f := range found {
		if count[f.Code]++; count[f.Code] > shown {
			out.More[f.Code]++
			continue
		}
		out.Findings = append(out.Findings, f)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(out)
}
