package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/id"
)

const (
	voucherCallers = 64  // who act at the same time
	voucherFirms   = 128 // a firm has one application at a time, so a round grants each of them one
	doubleSpends   = 500 // orders that want the same last money
	grantFen       = 100 // of one application: the hot programme's budget lasts
)

// benchVouchers measures, over HTTP and on both engines, grants from one hot programme and holds from many vouchers, and lets
// many spend the same money and send the same request.
func benchVouchers(ctx context.Context, dir string, rounds int) error {
	fmt.Println("| what | figure | reference in the same run | how |")
	fmt.Println("|---|---|---|---|")
	pg, err := dbtest.Start(dbtest.Safe)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pg.Stop()) }()
	for _, engine := range []struct{ name, url string }{{"SQLite", ""}, {"PostgreSQL", pg.URL}} {
		b := &voucherBench{engine: engine.name, client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 2 * voucherCallers}}}
		b.flags = []string{"--data", filepath.Join(dir, engine.name)}
		if engine.url != "" {
			b.flags = append(b.flags, "--database", engine.url)
		}
		if err := b.run(ctx, rounds); err != nil {
			return fmt.Errorf("%s: %w", engine.name, err)
		}
	}
	return pgbench(ctx, pg.URL)
}

// voucherBench is one running program with its firms.
type voucherBench struct {
	engine    string
	flags     []string
	client    *http.Client
	p         *process
	officer   string
	lab       string
	programme string
	service   string
	firms     []string // tokens
}

func (b *voucherBench) run(ctx context.Context, rounds int) (err error) {
	if b.p, err = launch(ctx, "bin/qiao", append([]string{"serve", "--demo", "--listen", "127.0.0.1:0", "--log", "error"}, b.flags...)...); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.p.stop()) }()
	if err := b.setUp(ctx); err != nil {
		return fmt.Errorf("set up: %w", err)
	}
	var grants, holds []float64
	for range rounds {
		asked, err := b.applications(ctx)
		if err != nil {
			return err
		}
		rate, err := b.rate(ctx, asked, func(_ int, application string) error {
			return b.post(ctx, b.officer, "/voucher-applications/"+application+"/approve", map[string]any{}, nil)
		})
		if err != nil {
			return fmt.Errorf("grants: %w", err)
		}
		grants = append(grants, rate)
		quoted, err := b.quoted(ctx)
		if err != nil {
			return err
		}
		if rate, err = b.rate(ctx, quoted, func(firm int, order string) error {
			return b.post(ctx, b.firms[firm], "/orders/"+order+"/accept", map[string]any{"voucher_programme": b.programme}, nil)
		}); err != nil {
			return fmt.Errorf("holds: %w", err)
		}
		holds = append(holds, rate)
	}
	how := fmt.Sprintf("%d callers, %d rounds, the callers on the same machine", voucherCallers, rounds)
	row(b.engine+": grants from one hot programme, over HTTP", perSecond(grants), "≥ 1,500/s asked for", how)
	row(b.engine+": holds from many vouchers (a quote accepted), over HTTP", perSecond(holds), "", how)
	return b.doubles(ctx)
}

func perSecond(rates []float64) string {
	d := make([]time.Duration, len(rates)) // as whole numbers, for the spread
	for i, r := range rates {
		d[i] = time.Duration(r)
	}
	return fmt.Sprintf("%d/s (%d–%d)", median(d), minOf(d), maxOf(d))
}

func minOf(d []time.Duration) time.Duration {
	m := d[0]
	for _, x := range d {
		m = min(m, x)
	}
	return m
}

func maxOf(d []time.Duration) time.Duration {
	m := d[0]
	for _, x := range d {
		m = max(m, x)
	}
	return m
}

// setUp registers and verifies the firms, and finds what they buy.
func (b *voucherBench) setUp(ctx context.Context) error {
	for login, to := range map[string]*string{"officer": &b.officer, "lab": &b.lab} {
		if err := b.token(ctx, login+"@demo.qiao", to); err != nil {
			return err
		}
	}
	var programmes, services struct {
		Items []struct {
			ID    string `json:"id"`
			Owner struct {
				Name string `json:"name"`
			} `json:"owner"`
		} `json:"items"`
	}
	if err := b.get(ctx, b.officer, "/voucher-programmes", &programmes); err != nil {
		return err
	}
	if err := b.get(ctx, b.lab, "/resources?kind=service&q="+"%E7%97%95%E9%87%8F%E9%87%91%E5%B1%9E", &services); err != nil {
		return err
	}
	if len(programmes.Items) == 0 || len(services.Items) == 0 {
		return errors.New("the demo has no programme or no service")
	}
	b.programme, b.service = programmes.Items[0].ID, services.Items[0].ID
	b.firms = make([]string, voucherFirms)
	return b.each(func(firm int) error {
		login := fmt.Sprintf("bench-%d@demo.qiao", firm)
		var out struct {
			ID string `json:"id"`
		}
		if err := b.post(ctx, "", "/organisations", map[string]any{
			"name_zh": fmt.Sprintf("示例·测速企业 %d 号", firm), "uscc": inventedUSCC(firm), "region": "330402", "kind": "company", "capacities": []string{"enterprise"},
			"person": map[string]any{"name": "示例·测速", "login": login, "password": "qiao-demo-2026"},
		}, &out); err != nil {
			return err
		}
		if err := b.post(ctx, b.officer, "/organisations/"+out.ID+"/verify", map[string]any{}, nil); err != nil {
			return err
		}
		return b.token(ctx, login, &b.firms[firm])
	})
}

// inventedUSCC is a code of no body: Y199999 stands for no authority and no place. Its check digit is the one that fits.
func inventedUSCC(n int) string {
	for _, digit := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if code := fmt.Sprintf("Y1999999%09d%c", 770_000_000+n, digit); identity.CheckUSCC(code) == nil {
			return code
		}
	}
	return ""
}

func (b *voucherBench) token(ctx context.Context, login string, to *string) error {
	out, err := exec.CommandContext(ctx, "bin/qiao", append([]string{"token", "--login", login}, b.flags...)...).Output()
	*to = strings.TrimSpace(string(out))
	return err
}

// applications are one of each firm, waiting to be approved.
func (b *voucherBench) applications(ctx context.Context) ([]string, error) {
	return b.prepare(func(firm int) (string, error) { return b.apply(ctx, firm) })
}

func (b *voucherBench) apply(ctx context.Context, firm int) (string, error) {
	var out struct {
		ID string `json:"id"`
	}
	err := b.post(ctx, b.firms[firm], "/voucher-programmes/"+b.programme+"/applications",
		map[string]any{"amount": 100 * grantFen, "purpose": "测速", "statements": []string{"honest", "own-research"}}, &out)
	return out.ID, err
}

// quoted are commissions whose quotes wait to be accepted, which holds the voucher's part.
func (b *voucherBench) quoted(ctx context.Context) ([]string, error) {
	return b.prepare(func(firm int) (string, error) { return b.commission(ctx, firm, grantFen) })
}

func (b *voucherBench) commission(ctx context.Context, firm, price int) (string, error) {
	var out struct {
		ID string `json:"id"`
	}
	if err := b.post(ctx, b.firms[firm], "/orders", map[string]any{"kind": "commission", "resource": b.service, "purpose": "测速", "quantity": 1}, &out); err != nil {
		return "", err
	}
	return out.ID, b.post(ctx, b.lab, "/orders/"+out.ID+"/quote", map[string]any{
		"lines":       []any{map[string]any{"text": "测速", "unit": "sample", "amount": price, "quantity": 1}},
		"valid_until": time.Now().AddDate(0, 0, 10).Format(time.DateOnly),
	}, nil)
}

// prepare makes one thing for each firm.
func (b *voucherBench) prepare(one func(firm int) (string, error)) ([]string, error) {
	out := make([]string, voucherFirms)
	return out, b.each(func(firm int) (err error) {
		out[firm], err = one(firm)
		return err
	})
}

// rate does something with each firm's thing, as many at once as there are callers, and gives what was done in a second.
func (b *voucherBench) rate(ctx context.Context, things []string, one func(firm int, id string) error) (float64, error) {
	began := time.Now()
	err := b.each(func(firm int) error { return errors.Join(ctx.Err(), one(firm, things[firm])) })
	return voucherFirms / time.Since(began).Seconds(), err
}

// each does something for every firm, as many at once as there are callers; the first error says enough.
func (b *voucherBench) each(one func(firm int) error) error {
	var once sync.Once
	var first error
	var wg sync.WaitGroup
	for caller := range voucherCallers {
		wg.Go(func() {
			for firm := caller; firm < voucherFirms; firm += voucherCallers {
				if err := one(firm); err != nil {
					once.Do(func() { first = err })
					return
				}
			}
		})
	}
	wg.Wait()
	return first
}

// doubles lets one firm spend its last money many times at once, and send one request many times.
func (b *voucherBench) doubles(ctx context.Context) error {
	var wallet struct {
		Items []struct {
			Left int `json:"left"`
		} `json:"items"`
	}
	if err := b.get(ctx, b.firms[0], "/wallet", &wallet); err != nil {
		return err
	}
	price := 2 * wallet.Items[0].Left // the programme pays half: each of the orders wants all that is left
	orders := make([]string, doubleSpends)
	for i := range orders {
		var err error
		if orders[i], err = b.commission(ctx, 0, price); err != nil {
			return err
		}
	}
	won, err := b.together(func(i int) error {
		return b.post(ctx, b.firms[0], "/orders/"+orders[i]+"/accept", map[string]any{"voucher_programme": b.programme}, nil)
	})
	if err != nil {
		return err
	}
	row(fmt.Sprintf("%s: %d accepted quotes for the same last money, at once", b.engine, doubleSpends), fmt.Sprintf("%d won", won), "1", "over HTTP")
	key, made := id.New(), sync.Map{}
	same, err := b.together(func(int) error {
		var out struct {
			ID string `json:"id"`
		}
		err := b.send(ctx, http.MethodPost, b.firms[1], "/voucher-programmes/"+b.programme+"/applications", key, map[string]any{"amount": 100, "purpose": "测速", "statements": []string{"honest", "own-research"}}, &out)
		made.Store(out.ID, true)
		return err
	})
	if err != nil {
		return err
	}
	effects := 0
	made.Range(func(any, any) bool { effects++; return true })
	row(fmt.Sprintf("%s: one application sent %d times with the same key, at once", b.engine, doubleSpends), fmt.Sprintf("%d answered alike, %d effect", same, effects), fmt.Sprintf("%d and 1", doubleSpends), "over HTTP")
	return nil
}

// together runs something many times, no more than the callers at once, and counts what succeeded; a refusal is no error.
func (b *voucherBench) together(one func(i int) error) (won int, err error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	turn := make(chan struct{}, voucherCallers)
	for i := range doubleSpends {
		wg.Go(func() {
			turn <- struct{}{}
			failed := one(i)
			<-turn
			mu.Lock()
			defer mu.Unlock()
			var refused *refusal
			switch {
			case failed == nil:
				won++
			case !errors.As(failed, &refused) || refused.status >= http.StatusInternalServerError:
				err = errors.Join(err, failed)
			}
		})
	}
	wg.Wait()
	return won, err
}

// refusal is an answer that is no success.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d: %s", r.status, r.text) }

func (b *voucherBench) post(ctx context.Context, token, path string, body, out any) error {
	return b.send(ctx, http.MethodPost, token, path, id.New(), body, out)
}

func (b *voucherBench) get(ctx context.Context, token, path string, out any) error {
	return b.send(ctx, http.MethodGet, token, path, "", nil, out)
}

func (b *voucherBench) send(ctx context.Context, method, token, path, key string, body, out any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, b.p.url+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := b.client.Do(req)
	if err != nil {
		return err
	}
	answer, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return err
	}
	if res.StatusCode >= http.StatusBadRequest {
		return &refusal{res.StatusCode, string(answer)}
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// pgbench says what the same PostgreSQL does with its own simple transactions (-N), which are far smaller than a grant.
func pgbench(ctx context.Context, url string) error {
	if _, err := exec.LookPath("pgbench"); err != nil {
		row("pgbench -N on the same server", "not measured: pgbench is not installed", "", "")
		return nil
	}
	for _, args := range [][]string{{"-i", "-s", "10", "-q", url}, {"-N", "-c", fmt.Sprint(voucherCallers), "-j", "2", "-T", "20", url}} {
		c := exec.CommandContext(ctx, "pgbench", args...)
		c.Env = append(os.Environ(), "LC_ALL=C")
		out, err := c.CombinedOutput()
		if err != nil {
			return fmt.Errorf("pgbench: %w: %s", err, out)
		}
		for line := range strings.Lines(string(out)) {
			if rest, ok := strings.CutPrefix(line, "tps = "); ok {
				row("pgbench -N on the same server, 64 clients", strings.Fields(rest)[0]+" transactions/s", "", "scale 10, 20 s, fsync on")
			}
		}
	}
	return nil
}
