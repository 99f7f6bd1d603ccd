package order

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

func report(text string) VerbRequest {
	return VerbRequest{Files: []Upload{{Name: "检测报告.pdf", Body: strings.NewReader("%PDF-1.7 " + text)}}}
}

// The whole life of a booking paid with a voucher.
func TestBookingToSettlement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.place(firm(), book(1, 9, 2))
		o = w.do(lab(), o, VerbAccept, VerbRequest{})
		w.clock.Set(at(1, 12, 0))
		o = w.do(lab(), o, VerbStart, VerbRequest{At: ago(3*time.Hour, w.clock)})
		o = w.do(lab(), o, VerbStop, VerbRequest{At: ago(2*time.Hour-30*time.Second, w.clock)})
		o = w.do(lab(), o, VerbStart, VerbRequest{At: ago(time.Hour, w.clock)})
		w.wellVerified()
		o = w.do(lab(), o, VerbStop, VerbRequest{})
		if o.Minutes != 61+60 {
			t.Errorf("minutes %d", o.Minutes)
		}
		o = w.do(lab(), o, VerbReport, report("结果"))
		o = w.do(lab(), o, VerbReport, report("更正后的结果"))
		o = w.do(firm(), o, VerbConfirm, VerbRequest{})
		o = w.do(firm(), o, VerbRate, VerbRequest{Stars: 5, Note: "很专业"})
		o = w.do(lab(), o, VerbReply, VerbRequest{Note: "谢谢"})
		if _, err := w.Do(t.Context(), lab(), o.ID, VerbSettle, VerbRequest{}); !fault.Is(err, "claim-unpaid") {
			t.Errorf("settled by hand: %v", err)
		}
		for range 2 { // the event may come twice
			if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return w.SettlePaid(ctx, tx, []string{o.ID}, "claim") }); err != nil {
				t.Fatal(err)
			}
		}
		got, err := w.Get(t.Context(), firm(), o.ID)
		if err != nil {
			t.Fatal(err)
		}
		var verbs []string
		for _, s := range got.Timeline {
			verbs = append(verbs, s.Verb)
		}
		if text := strings.Join(verbs, " "); text != "place accept start stop start stop report report confirm rate reply settle" {
			t.Errorf("timeline %s", text)
		}
		if got.Order.State != StateSettled || got.Rating.Stars != 5 || got.Rating.Reply != "谢谢" || len(got.Documents) != 2 || len(got.Current()) != 1 {
			t.Errorf("%+v", got)
		}
		if tenths, n, err := w.Ratings(t.Context(), d, "sem"); err != nil || tenths != 50 || n != 1 {
			t.Errorf("ratings %d %d %v", tenths, n, err)
		}
		w.wellVerified()
	})
}

// The whole life of a commission: quote, a better quote, acceptance with a voucher, samples, report.
func TestCommissionToSettlement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.place(firm(), PlaceRequest{
			Kind: KindCommission, Resource: "test", Purpose: "拉伸强度", Samples: "铝板 3 片", Quantity: 3,
			Files: []Upload{{Name: "图纸.pdf", Body: strings.NewReader("drawing")}},
		})
		if o.Price != 60_000 || o.Held || o.Due != "2026-11-25" {
			t.Errorf("placed %+v", o)
		}
		quote := VerbRequest{ValidUntil: "2026-12-01", Lines: []Line{{Text: "拉伸试验", Unit: "sample", UnitAmount: 25_000, Count: 3}, {Text: "制样", Unit: "batch", UnitAmount: 10_000, Count: 1}}}
		o = w.do(lab(), o, VerbQuote, quote)
		quote.Lines[0].UnitAmount = 20_000
		o = w.do(lab(), o, VerbQuote, quote)
		prog, seen := "prog", money.Fen(42_500)
		if _, err := w.Do(t.Context(), firm(), o.ID, VerbAccept, VerbRequest{Version: 1}); !fault.Is(err, "quote-changed") {
			t.Errorf("the old quote: %v", err)
		}
		if _, err := w.Do(t.Context(), firm(), o.ID, VerbAccept, VerbRequest{Programme: &prog, Seen: &seen}); !fault.Is(err, "price-changed") {
			t.Errorf("another sum: %v", err)
		}
		seen = 35_000
		o = w.do(firm(), o, VerbAccept, VerbRequest{Version: 2, Programme: &prog, Seen: &seen})
		if o.Price != 70_000 || o.Voucher != 35_000 || o.Own != 35_000 || !o.Held {
			t.Errorf("accepted %+v", o)
		}
		o = w.do(lab(), o, VerbReceiveSample, VerbRequest{Note: "3 片，完好"})
		o = w.do(lab(), o, VerbStart, VerbRequest{})
		w.clock.Advance(90 * time.Minute)
		o = w.do(lab(), o, VerbStop, VerbRequest{})
		o = w.do(lab(), o, VerbReport, VerbRequest{Note: "抗拉强度 310 MPa"})
		claims, err := w.ForClaim(t.Context(), d, "lab")
		if err != nil || len(claims) != 0 {
			t.Fatalf("claims before confirmation: %v %v", claims, err)
		}
		w.do(firm(), o, VerbConfirm, VerbRequest{})
		claims, err = w.ForClaim(t.Context(), d, "lab")
		if err != nil || len(claims) != 1 || claims[0].Price != 70_000 || claims[0].Title != "拉伸试验" {
			t.Errorf("claims %+v %v", claims, err)
		}
		got, err := w.Get(t.Context(), lab(), o.ID)
		if err != nil || len(got.Quotes) != 2 || len(got.Lines) != 5 || len(got.Current()) != 2 {
			t.Errorf("%+v %v", got, err)
		}
		w.wellVerified()
	})
}

func TestQuotesEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.place(firm(), PlaceRequest{Kind: KindCommission, Resource: "test", Purpose: "x"})
		line := []Line{{Text: "x", Unit: "time", UnitAmount: 100, Count: 1}}
		if _, err := w.Do(t.Context(), lab(), o.ID, VerbQuote, VerbRequest{Lines: line, ValidUntil: "2026-11-22"}); !fault.Is(err, "quote-past") {
			t.Errorf("valid until yesterday: %v", err)
		}
		w.do(lab(), o, VerbQuote, VerbRequest{Lines: line, ValidUntil: "2026-11-23"})
		w.clock.Set(at(1, 0, 0))
		if _, err := w.Do(t.Context(), firm(), o.ID, VerbAccept, VerbRequest{}); !fault.Is(err, "quote-expired") {
			t.Errorf("a day late: %v", err)
		}
	})
}

// Whatever ends an order early gives slot and hold back.
func TestRefuseAndCancelGiveBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for name, end := range map[string]func(o Order){
			"refuse":       func(o Order) { w.do(lab(), o, VerbRefuse, VerbRequest{Note: "设备故障"}) },
			"cancel early": func(o Order) { w.do(firm(), o, VerbCancel, VerbRequest{}) },
			"cancel late": func(o Order) {
				w.do(lab(), o, VerbAccept, VerbRequest{})
				w.do(firm(), o, VerbCancel, VerbRequest{Note: "计划变了"})
			},
			"cancel by provider": func(o Order) {
				w.do(lab(), o, VerbAccept, VerbRequest{})
				w.do(lab(), o, VerbCancel, VerbRequest{Note: "停电"})
			},
		} {
			o := w.place(firm(), book(1, 9, 1))
			end(o)
			left, err := w.purse.left(t.Context(), d)
			if err != nil || left != w.purse.fund || w.slot(1, 9) != booking.SlotFree {
				t.Errorf("%s: left %v, slot %s, %v", name, left, w.slot(1, 9), err)
			}
			w.wellVerified()
		}
	})
}

// The same click twice takes one step; a different one finds the state changed.
func TestTheSameStepTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.place(firm(), book(1, 9, 1))
		w.do(lab(), o, VerbAccept, VerbRequest{Key: "a"})
		if again := w.do(lab(), o, VerbAccept, VerbRequest{Key: "a"}); again.State != StateAccepted {
			t.Errorf("state %s", again.State)
		}
		if _, err := w.Do(t.Context(), lab(), o.ID, VerbAccept, VerbRequest{Key: "b"}); !fault.Is(err, "state-conflict") {
			t.Errorf("a second acceptance: %v", err)
		}
		got, err := w.Get(t.Context(), lab(), o.ID)
		if err != nil || len(got.Timeline) != 2 {
			t.Errorf("timeline %v %v", got.Timeline, err)
		}
		w.wellVerified()
	})
}

func TestVerbsRefuseBadInput(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.place(firm(), book(1, 9, 1))
		for name, tc := range map[string]struct {
			by   identity.Subject
			verb string
			req  VerbRequest
			code string
		}{
			"no reason":       {lab(), VerbRefuse, VerbRequest{Note: " "}, "verb-invalid"},
			"long note":       {lab(), VerbAccept, VerbRequest{Note: strings.Repeat("长", 3000)}, "verb-invalid"},
			"unknown verb":    {lab(), "sing", VerbRequest{}, "no-verb"},
			"not of bookings": {lab(), VerbQuote, VerbRequest{}, "no-verb"},
			"empty report":    {lab(), VerbReport, VerbRequest{}, "verb-invalid"},
			"six stars":       {firm(), VerbRate, VerbRequest{Stars: 6}, "verb-invalid"},
			"too early":       {lab(), VerbStart, VerbRequest{}, "state-conflict"},
			"buyer accepts":   {firm(), VerbAccept, VerbRequest{}, "other-side"},
		} {
			if _, err := w.Do(t.Context(), tc.by, o.ID, tc.verb, tc.req); !fault.Is(err, tc.code) {
				t.Errorf("%s: %v, want %s", name, err, tc.code)
			}
		}
		for _, by := range []identity.Subject{{}, rival()} {
			if _, err := w.Do(t.Context(), by, o.ID, VerbAccept, VerbRequest{}); fault.Of(err).Kind != fault.Forbidden && fault.Of(err).Kind != fault.Unauthenticated {
				t.Errorf("a stranger: %v", err)
			}
		}
		if _, err := w.Do(t.Context(), lab(), "none", VerbAccept, VerbRequest{}); !fault.Is(err, "no-order") {
			t.Errorf("no order: %v", err)
		}
		w.do(lab(), o, VerbAccept, VerbRequest{})
		w.clock.Set(at(60, 9, 0))
		for name, when := range map[string]time.Time{"run-future": at(60, 9, 1), "run-late": at(20, 9, 0)} {
			if _, err := w.Do(t.Context(), lab(), o.ID, VerbStart, VerbRequest{At: when}); !fault.Is(err, name) {
				t.Errorf("%s: %v", name, err)
			}
		}
		w.do(lab(), o, VerbStart, VerbRequest{At: at(60, 8, 0)})
		if _, err := w.Do(t.Context(), lab(), o.ID, VerbStop, VerbRequest{At: at(60, 7, 0)}); !fault.Is(err, "run-order") {
			t.Errorf("stop before start: %v", err)
		}
		w.do(lab(), o, VerbStop, VerbRequest{At: at(60, 8, 30)})
		if _, err := w.Do(t.Context(), lab(), o.ID, VerbStart, VerbRequest{At: at(60, 8, 10)}); !fault.Is(err, "run-overlap") {
			t.Errorf("overlapping runs: %v", err)
		}
	})
}

// Each side is offered the verbs that the table and its role allow, and no other.
func TestVerbsOnOffer(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	verbs := func(by identity.Subject, o Order) string {
		var out []string
		for _, s := range w.Verbs(by, o) {
			out = append(out, s.Verb)
		}
		slices.Sort(out)
		return strings.Join(out, " ")
	}
	o := w.place(firm(), book(1, 9, 1))
	technician := lab()
	technician.Role = "technician"
	for _, tc := range []struct{ who, got, want string }{
		{"firm", verbs(firm(), o), "cancel move"}, {"lab", verbs(lab(), o), "accept refuse"}, {"technician", verbs(technician, o), "accept refuse"},
		{"rival", verbs(rival(), o), ""}, {"authority", verbs(authority(), o), ""},
	} {
		if tc.got != tc.want {
			t.Errorf("%s may %q, want %q", tc.who, tc.got, tc.want)
		}
	}
}

func TestListsShowOnlyWhatOneMaySee(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var placed []Order
		for day := range 3 {
			w.clock.Advance(time.Minute)
			placed = append(placed, w.place(firm(), book(3-day, 9, 1)))
		}
		w.place(rival(), PlaceRequest{Kind: KindCommission, Resource: "test", Purpose: "100%_x", Need: "need-1"})
		count := func(by identity.Subject, req ListRequest) int {
			t.Helper()
			got, _, err := w.List(t.Context(), by, req)
			if err != nil {
				t.Fatal(err)
			}
			return len(got)
		}
		for _, tc := range []struct{ name, got, want any }{
			{"firm", count(firm(), ListRequest{}), 3}, {"rival", count(rival(), ListRequest{}), 1}, {"lab", count(lab(), ListRequest{}), 4},
			{"authority", count(authority(), ListRequest{}), 4}, {"visitor", count(identity.Subject{}, ListRequest{}), 0},
			{"lab buys nothing", count(lab(), ListRequest{Side: Buyer}), 0}, {"by need", count(lab(), ListRequest{Need: "need-1"}), 1},
			{"by name", count(lab(), ListRequest{Text: "扫描"}), 3}, {"like is escaped", count(lab(), ListRequest{Text: "%"}), 0},
			{"by number", count(lab(), ListRequest{Text: strings.ToLower(placed[0].Number)}), 1}, {"open", count(lab(), ListRequest{Open: true}), 4},
			{"by state", count(lab(), ListRequest{State: StateAccepted}), 0},
		} {
			if tc.got != tc.want {
				t.Errorf("%s sees %v, want %v", tc.name, tc.got, tc.want)
			}
		}
		for _, req := range []ListRequest{{Open: true}, {Open: true, Longest: true}, {}} {
			var seen []string
			var last time.Time
			req.Limit = 1
			for range 5 {
				page, next, err := w.List(t.Context(), lab(), req)
				if err != nil || len(page) != 1 {
					t.Fatalf("page %v %v", page, err)
				}
				if seen = append(seen, page[0].ID); req.Longest && page[0].UpdatedAt.Before(last) {
					t.Errorf("%s waits since %v, after one that waits since %v", page[0].Number, page[0].UpdatedAt, last)
				}
				last = page[0].UpdatedAt.Time
				if req.Cursor = next; next == "" {
					break
				}
			}
			slices.Sort(seen)
			if len(slices.Compact(seen)) != 4 {
				t.Errorf("%+v: paged through %v", req, seen)
			}
		}
		if _, _, err := w.List(t.Context(), lab(), ListRequest{Cursor: "x"}); !fault.Is(err, "bad-cursor") {
			t.Errorf("cursor: %v", err)
		}
		tasks, err := w.Tasks(t.Context(), lab())
		if err != nil || len(tasks) != 4 || tasks[0].Due.IsZero() || !strings.HasPrefix(tasks[0].Link, "/desk/orders/") {
			t.Errorf("tasks %v %v", tasks, err)
		}
		if tasks, err := w.Tasks(t.Context(), firm()); err != nil || len(tasks) != 0 {
			t.Errorf("the buyer has nothing to do yet: %v %v", tasks, err)
		}
	})
}

func TestDocumentsOpenForThePartiesOnly(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.place(firm(), PlaceRequest{Kind: KindCommission, Resource: "test", Purpose: "x", Files: []Upload{{Name: "a.txt", Body: strings.NewReader("hello")}}})
	d, err := w.Get(t.Context(), lab(), o.ID)
	if err != nil || len(d.Documents) != 1 || d.Documents[0].SHA256 != "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" {
		t.Fatalf("%+v %v", d.Documents, err)
	}
	_, f, err := w.OpenDocument(t.Context(), lab(), o.ID, d.Documents[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil || string(text) != "hello" || f.Close() != nil {
		t.Errorf("%q %v", text, err)
	}
	if _, _, err := w.OpenDocument(t.Context(), rival(), o.ID, d.Documents[0].ID); fault.Of(err).Kind != fault.Forbidden {
		t.Errorf("a stranger reads: %v", err)
	}
	if _, _, err := w.OpenDocument(t.Context(), lab(), o.ID, "none"); !fault.Is(err, "no-document") {
		t.Errorf("none: %v", err)
	}
	for name, files := range map[string][]Upload{"file-empty": {{Name: "a", Body: strings.NewReader("")}}, "too-many-files": make([]Upload, 11)} {
		if _, err := w.Place(t.Context(), firm(), PlaceRequest{Kind: KindCommission, Resource: "test", Purpose: "x", Files: files}); !fault.Is(err, name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Verify finds what is put wrong by hand.
func TestVerifyFindsDamage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.place(firm(), book(1, 9, 1))
		for code, sql := range map[string]string{
			"order.booking":  `UPDATE booking_booking SET active = false`,
			"order.run":      `UPDATE order_order SET state = 'running'`,
			"order.minutes":  `UPDATE order_order SET minutes = 7`,
			"order.timeline": `UPDATE order_order SET state = 'done'`,
			"order.chain":    `UPDATE order_step SET from_state = 'done'`,
			"order.lines":    `UPDATE order_line SET amount = amount + 1`,
			"order.hold":     `DELETE FROM test_purse`,
		} {
			undone := errRepeat
			err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				if _, err := tx.Exec(ctx, sql); err != nil {
					return err
				}
				findings, err := w.Verify(ctx, tx)
				if err != nil {
					return err
				}
				for _, f := range findings {
					if f.Code == code && f.Object == o.ID {
						return undone
					}
				}
				t.Errorf("%s not found: %v", code, findings)
				return undone
			})
			if !errors.Is(err, undone) {
				t.Errorf("%s: %v", code, err)
			}
		}
		w.wellVerified()
	})
}
