package voucher

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme/schemetest"
	"qiao/migrations"
)

// BenchmarkStatement measures what a long history costs: a firm's statement of a year, a payee's of a month, a firm's wallet, the
// budget of the programme, and the whole verification. The history is written by history below.
//
//	QIAO_BENCH_POSTINGS=10000000 QIAO_TEST_ENGINES=sqlite go test ./internal/voucher -run '^$' -bench Statement -benchtime 1x -timeout 2h
//
// Without the variable there are 50,000 postings, which shows that it works. QIAO_BENCH_DIR keeps the SQLite file for a second look.
func BenchmarkStatement(b *testing.B) {
	n := 50_000
	if s := os.Getenv("QIAO_BENCH_POSTINGS"); s != "" {
		var err error
		n, err = strconv.Atoi(s)
		must(b, err)
	}
	engines := []string{"sqlite", "postgres"}
	if only := os.Getenv("QIAO_TEST_ENGINES"); only != "" {
		engines = []string{only}
	}
	for _, engine := range engines {
		b.Run(engine, func(b *testing.B) {
			d := benchDatabase(b, engine)
			h := &history{w: newWorld(b, d), seed: rand.New(rand.NewPCG(1, 2))}
			start := time.Now()
			h.write(b, n)
			b.ReportMetric(time.Since(start).Seconds(), "load-s")
			b.ReportMetric(float64(h.postings), "postings")
			for range b.N {
				h.measure(b)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// TestHistoryIsSound keeps the benchmark's history true: what it writes is what the program itself would have left.
func TestHistoryIsSound(t *testing.T) {
	d := dbtest.SQLite(t)
	h := &history{w: newWorld(t, d), seed: rand.New(rand.NewPCG(1, 2))}
	h.write(t, 1)
	h.w.sound(t)
}

func benchDatabase(b *testing.B, engine string) *db.DB {
	b.Helper()
	o := db.Options{Migrations: migrations.Files}
	if engine == "postgres" {
		server, err := dbtest.Start(dbtest.Safe)
		must(b, err)
		b.Cleanup(func() { must(b, server.Stop()) })
		o.URL = server.URL
	} else {
		dir := os.Getenv("QIAO_BENCH_DIR")
		if dir == "" {
			dir = b.TempDir()
		}
		o.Path = filepath.Join(dir, "history.db")
	}
	d, err := db.Open(b.Context(), o)
	must(b, err)
	b.Cleanup(func() { must(b, d.Close()) })
	return d
}

// history is a ledger of several years, written straight into the tables: for each firm a grant a year with 20 orders of which one
// provider is paid in one claim, and the rest lapses. Each grant makes 88 postings.
type history struct {
	w        *world
	seed     *rand.Rand
	postings int
	firms    []string
	payees   []string
	prog     Programme
	balances map[string]money.Fen // of accounts that many firms share
	accounts map[string]account
	rows     map[string][][]any
	number   int
}

const (
	historyYears  = 4
	historyOrders = 20
	historyGroup  = 32 // firms in one transaction
)

// tables are what a history is written into, what others refer to first.
func (h *history) tables() [][2]string {
	return [][2]string{
		{"voucher_application", `(id, number, programme, region, firm, person, amount, granted, purpose, statements, state, reason, digest, revision, submitted_on, created_at)`},
		{"voucher_grant", `(id, number, programme, application, firm, region, terms, amount, state, issued_on, expires_on, noticed)`},
		{"voucher_hold", `(id, order_id, programme, firm, provider, region, terms, amount, used, state, held_on, used_on)`},
		{"voucher_hold_part", `(hold, grant_id, amount, used)`},
		{"voucher_claim", `(id, number, programme, region, payee, person, terms, amount, state, verifier, notice_from, notice_to, payable_on, paid_on, digest, revision, submitted_on, created_at)`},
		{"voucher_claim_item", `(claim, hold, order_number, title, price, amount, live)`},
		{"voucher_transfer", `(id, key, kind, programme, cause, firm, digest, day, at)`}, {"voucher_posting", `(transfer, account, amount)`},
		{"voucher_account", `(path, part, programme, grant_id, party, funder, balance, floor)`},
	}
}

func (h *history) write(b testing.TB, n int) {
	b.Helper()
	c := h.w.cast()
	terms := schemetest.Plain(5000)
	terms.Budget.Value = 1_000_000_000_000 * schemetest.Yuan
	h.prog = h.w.programme(b, c.officer, terms)
	h.rows, h.balances, h.accounts = map[string][][]any{}, map[string]money.Fen{}, map[string]account{}
	for range 200 {
		h.payees = append(h.payees, id.New())
	}
	for h.postings < n {
		for range historyGroup {
			h.firm()
		}
		h.flush(b)
	}
	h.settle(b)
}

// flush writes the rows that have gathered.
func (h *history) flush(b testing.TB) {
	b.Helper()
	must(b, h.w.db.InTx(b.Context(), func(ctx context.Context, tx *db.Tx) error {
		for _, t := range h.tables() {
			if _, err := tx.InsertAll(ctx, "INSERT INTO "+t[0]+" "+t[1], h.rows[t[0]], ""); err != nil {
				return fmt.Errorf("%s: %w", t[0], err)
			}
		}
		return nil
	}))
	clear(h.rows)
}

// settle writes the accounts that firms share, and takes what was granted from the stripes.
func (h *history) settle(b testing.TB) {
	b.Helper()
	for path, a := range h.accounts {
		if a.part != "unissued" {
			h.rows["voucher_account"] = append(h.rows["voucher_account"], []any{path, a.part, a.programme, a.grant, a.party, a.funder, h.balances[path], 0})
		}
	}
	h.flush(b)
	must(b, h.w.db.InTx(b.Context(), func(ctx context.Context, tx *db.Tx) error {
		for path, a := range h.accounts {
			if a.part == "unissued" {
				if _, err := tx.Exec(ctx, `UPDATE voucher_account SET balance = balance + $1 WHERE path = $2`, h.balances[path], path); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	if h.w.db.Engine() == db.Postgres {
		must(b, h.w.db.InTx(b.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "ANALYZE")
			return err
		}))
	}
}

func (h *history) add(table string, row ...any) { h.rows[table] = append(h.rows[table], row) }

// book is a transfer between a grant's accounts and others; those of the grant are written by the firm.
func (h *history) book(own map[string]money.Fen, t transfer) {
	tid := id.New()
	h.add("voucher_transfer", tid, t.kind+"/"+tid, t.kind, h.prog.ID, t.cause, t.firm, "", t.day, t.at)
	for _, p := range merged(t.postings) {
		path := p.account.path()
		h.add("voucher_posting", tid, path, p.amount)
		h.postings++
		if p.account.grant != "" {
			own[path] += p.amount
		} else {
			h.balances[path] += p.amount
			h.accounts[path] = p.account
		}
	}
}

func (h *history) firm() {
	firm := id.New()
	h.firms = append(h.firms, firm)
	for y := range historyYears {
		h.grant(firm, 2023+y)
	}
}

// grant is one year of a firm.
func (h *history) grant(firm string, year int) {
	h.number++
	start := time.Date(year, 1, 2, 1, 0, 0, 0, time.UTC).Add(time.Duration(h.seed.IntN(80*24)) * time.Hour)
	day := func(at time.Time) string { return at.Format(time.DateOnly) }
	g, app, own := id.New(), id.New(), map[string]money.Fen{}
	const amount, price, part = 50_000 * schemetest.Yuan, 2_000 * schemetest.Yuan, 1_000 * schemetest.Yuan
	no := fmt.Sprintf("%d-%d", year, h.number)
	h.add("voucher_application", app, "SQ"+no, h.prog.ID, "330400", firm, "p", amount, amount, "测试", "honest", Approved, "", "", 1, day(start), db.At(start))
	state := "active"
	if year < 2026 {
		state = "expired"
	}
	h.add("voucher_grant", g, "CXQ"+no, h.prog.ID, app, firm, "330400", 1, amount, state, day(start), fmt.Sprintf("%d-12-31", year), 0)
	available, held, used := ofGrant("available", h.prog.ID, g), ofGrant("held", h.prog.ID, g), ofGrant("used", h.prog.ID, g)
	h.book(own, transfer{kind: kindGrant, cause: g, firm: firm, day: day(start), at: db.At(start), postings: []posting{{unissued(h.prog.ID, h.number%stripes), -amount}, {available, amount}}})
	payee, claim, at := h.payees[h.seed.IntN(len(h.payees))], id.New(), start
	type order struct{ hold, number string }
	var orders []order
	for i := range historyOrders {
		at = at.Add(time.Duration(24+h.seed.IntN(200)) * time.Hour)
		hold, done := id.New(), at.Add(72*time.Hour)
		h.add("voucher_hold", hold, id.New(), h.prog.ID, firm, payee, "330400", 1, part, part, "paid", day(at), day(done))
		h.add("voucher_hold_part", hold, g, part, part)
		h.book(own, transfer{kind: kindHold, cause: hold, firm: firm, day: day(at), at: db.At(at), postings: []posting{{available, -part}, {held, part}}})
		h.book(own, transfer{kind: kindUse, cause: hold, firm: firm, day: day(done), at: db.At(done), postings: []posting{{held, -part}, {used, part}}})
		orders = append(orders, order{hold, fmt.Sprintf("DD%s-%02d", no, i)})
	}
	sum := money.Fen(historyOrders) * part
	h.add("voucher_claim", claim, "QDF"+no, h.prog.ID, "330400", payee, "p", 1, sum, "paid", "v", day(at), day(at), day(at), day(at), "", 1, day(at), db.At(at))
	for _, o := range orders {
		h.add("voucher_claim_item", claim, o.hold, o.number, "测试", price, part, true)
	}
	owed, paid := ofPayee("payable", payee, "authority"), ofPayee("paid", payee, "authority")
	h.book(own, transfer{kind: kindApprove, cause: claim, day: day(at), at: db.At(at), postings: []posting{{used, -sum}, {owed, sum}}})
	h.book(own, transfer{kind: kindPay, cause: claim, day: day(at), at: db.At(at), postings: []posting{{owed, -sum}, {paid, sum}}})
	if state == "expired" {
		end := time.Date(year+1, 1, 1, 1, 0, 0, 0, time.UTC)
		h.book(own, transfer{kind: kindExpire, cause: g, firm: firm, day: day(end), at: db.At(end), postings: []posting{{available, sum - amount}, {lapsed(h.prog.ID), amount - sum}}})
	}
	for _, a := range []account{available, held, used} {
		h.add("voucher_account", a.path(), a.part, a.programme, a.grant, "", "", own[a.path()], 0)
	}
}

// measure times the readings and reports their medians and 95th percentiles.
func (h *history) measure(b *testing.B) {
	b.Helper()
	ctx, d := b.Context(), h.w.db
	timed := func(name string, rounds int, do func() error) {
		var ms []float64
		for range rounds {
			start := time.Now()
			must(b, do())
			ms = append(ms, float64(time.Since(start).Microseconds())/1000)
		}
		slices.Sort(ms)
		b.ReportMetric(ms[len(ms)/2], name+"-p50-ms")
		b.ReportMetric(ms[len(ms)*95/100], name+"-p95-ms")
	}
	firm := func() string { return h.firms[h.seed.IntN(len(h.firms))] }
	timed("firm-year", 200, func() error {
		_, err := h.w.FirmMovements(ctx, d, firm(), "", "2026-01-01", "2026-12-31")
		return err
	})
	timed("firm-whole", 200, func() error {
		_, err := h.w.FirmMovements(ctx, d, firm(), "", "2000-01-01", "2026-12-31")
		return err
	})
	timed("wallet", 50, func() error {
		_, err := h.w.Wallet(ctx, d, firm())
		return err
	})
	timed("payee-month", 20, func() error {
		_, err := h.w.PayeeMovements(ctx, d, h.payees[h.seed.IntN(len(h.payees))], "", "2026-05-01", "2026-05-31")
		return err
	})
	timed("budget", 3, func() error {
		_, err := h.w.Budget(ctx, d, h.prog.ID)
		return err
	})
	start := time.Now()
	h.w.sound(b)
	b.ReportMetric(time.Since(start).Seconds(), "verify-s")
}
