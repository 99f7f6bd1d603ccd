package paper

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/seal"
)

// one is the orders of a node with a single one.
type one struct{ d order.Detail }

func (o one) Get(context.Context, identity.Subject, string) (order.Detail, error) { return o.d, nil }

func (o one) Reported(_ context.Context, _ db.Q, number string) (order.Detail, error) {
	if number != o.d.Order.Number {
		return o.d, fault.New(fault.NotFound, "no-report", "没有这个编号的报告，请核对编号。报告编号就是订单编号。")
	}
	return o.d, nil
}

func (o one) ReportOf(_ context.Context, _ db.Q, sum string) (string, error) {
	for _, x := range o.d.Reports() {
		if x.SHA256 == sum {
			return o.d.Order.Number, nil
		}
	}
	return "", nil
}

func (one) Of(context.Context, db.Q, string) ([]invoice.Invoice, error) {
	return []invoice.Invoice{{Number: "26332000000012345678", IssuedOn: "2026-11-25", Amount: 128_000}}, nil
}

func (one) Payments(context.Context, db.Q, string) ([]invoice.Payment, error) {
	return []invoice.Payment{{PaidOn: "2026-11-26", Way: "transfer", Amount: 64_000}}, nil
}

func (one) Organisations(context.Context, db.Q, []string) (map[string]identity.Organisation, error) {
	return map[string]identity.Organisation{"firm": {ID: "firm", NameZH: "示例·禾城新材料有限公司", USCC: "91330400MA2CTEST0X"}, "lab": {ID: "lab", NameZH: "示例·南湖大学分析测试中心", USCC: "12330400MA2CTEST1X"}}, nil
}

// The hashes of “old” and “new”.
const (
	oldHash = "cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4"
	newHash = "11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437"
)

func service(t *testing.T, store *db.DB) *Service {
	t.Helper()
	key, err := seal.Open(filepath.Join(t.TempDir(), "node.key"))
	if err != nil {
		t.Fatal(err)
	}
	at := func(day int) db.Time { return db.At(time.Date(2026, 11, day, 2, 0, 0, 0, time.UTC)) }
	d := order.Detail{
		Order: order.Order{
			ID: "o", Number: "DD330400-20261121-0007", Kind: order.KindCommission, State: order.StateReported, Buyer: "firm", Provider: "lab", ResourceZH: "复合材料力学性能测试（示例）",
			Purpose: "三点弯曲与层间剪切，按 GB/T 1449 和 JC/T 773。", Priced: true, Price: 128_000, Voucher: 64_000, Own: 64_000, Currency: "CNY", Sample: true, PlacedOn: "2026-11-21",
		},
		Lines: []order.Line{{Version: 1, Position: 1, Text: "三点弯曲", Unit: "sample", UnitAmount: 8_000, Count: 12, Per: 1, Amount: 96_000}, {Version: 1, Position: 2, Text: "报告加急", Unit: "time", UnitAmount: 32_000, Count: 1, Per: 1, Amount: 32_000}},
		Documents: []order.Document{
			{ID: "a", Kind: order.ReportFile, Name: "报告.pdf", SHA256: oldHash, At: at(22)},
			{ID: "b", Kind: order.ReportFile, Name: "报告（更正）.pdf", SHA256: newHash, At: at(24)}, {ID: "c", Kind: order.RequestFile, SHA256: "secret", At: at(21)},
		},
		Timeline: []order.Step{{Verb: order.VerbReport, At: at(22)}, {Verb: order.VerbRedo, At: at(23)}, {Verb: order.VerbReport, At: at(24)}},
	}
	return New(Deps{DB: store, Key: key, Clock: clock.NewFake(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)), Orders: one{d}, Invoices: one{d}, Organisations: one{d}, Address: "https://example.invalid/"})
}

// send asks for a page as a browser does, with a file where there is a name for it.
func send(t *testing.T, h func(http.ResponseWriter, *http.Request) error, number, file, content string) string {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if file != "" {
		part, err := w.CreateFormFile("file", file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.WriteField("number", number); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/reports", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.SetPathValue("number", number)
	got := httptest.NewRecorder()
	if err := h(got, r); err != nil {
		return fault.Of(err).Code
	}
	return got.Header().Get("Location") + got.Body.String()
}

// A report is found by its number and by itself; a copy is told from a forgery, and from what was done again since; nothing
// is told of the buyer.
func TestProof(t *testing.T) {
	s := service(t, dbtest.SQLite(t))
	number := s.Orders.(one).d.Order.Number
	for _, x := range []struct {
		h                         func(http.ResponseWriter, *http.Request) error
		number, content, contains string
	}{
		{s.submitFind, strings.ToLower(number), "", "/reports/" + number}, {s.submitFind, "", "new", "sha256=" + newHash}, {s.submitFind, "", "forged", "平台上没有这份文件的报告"},
		{s.submitFind, "DD1", "", "没有这个编号的报告"}, {s.submitFind, "", "", "请填写报告编号"},
		{s.submitProof, number, "new", "一致：这个文件就是"}, {s.submitProof, number, "old", "之后重新做过"}, {s.submitProof, number, "forged", "不一致"}, {s.submitProof, number, "", "请选择要核对的报告文件"},
		{s.submitProof, "DD1", "new", "no-report"},
	} {
		file := ""
		if x.content != "" {
			file = "报告.pdf"
		}
		got := send(t, x.h, x.number, file, x.content)
		if !strings.Contains(got, x.contains) {
			t.Errorf("%q with %q: no %q in %.300s", x.number, x.content, x.contains, got)
		}
		if strings.Contains(got, "禾城") || strings.Contains(got, "三点弯曲") || strings.Contains(got, "secret") {
			t.Errorf("%q with %q tells of the buyer or what was sent", x.number, x.content)
		}
	}
}

// Cover and statement are PDFs, in both languages.
func TestPrints(t *testing.T) {
	s := service(t, dbtest.SQLite(t))
	p, err := s.paper(t.Context(), s.Orders.(one).d)
	if err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]func(context.Context, paper) ([]byte, error){"cover": cover, "statement": statement} {
		body, err := write(t.Context(), p)
		if err != nil || !bytes.HasPrefix(body, []byte("%PDF-")) {
			t.Errorf("%s: %v", name, err)
		}
		if to := os.Getenv("QIAO_PDF"); to != "" {
			if err := os.WriteFile(to+name+".pdf", body, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A report is signed once, with who issued it; the signature leaves the buyer out, goes to anybody, and a change is found.
func TestReportsAreSigned(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := service(t, store)
		number := s.Orders.(one).d.Order.Number
		for range 2 {
			if err := store.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return s.Sign(ctx, tx, number) }); err != nil {
				t.Fatal(err)
			}
		}
		all, err := s.signatures(t.Context(), store, number)
		if err != nil || len(all) != 2 || !all["a"].good(oldHash) || !all["b"].good(newHash) || all["a"].good(newHash) {
			t.Fatalf("%+v %v", all, err)
		}
		if text := all["b"].Statement; !strings.Contains(text, "12330400MA2CTEST1X") || !strings.Contains(text, number) || strings.Contains(text, "禾城") {
			t.Error(text)
		}
		if page := send(t, s.submitProof, number, "报告.pdf", "new"); strings.Count(page, "签名有效") != 2 || strings.Contains(page, "签名无效") {
			t.Error("the page does not say that the signatures are valid")
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.SetPathValue("number", strings.ToLower(number))
		r.SetPathValue("document", "b")
		got := httptest.NewRecorder()
		if err := s.showSignature(got, r); err != nil || !bytes.HasPrefix(got.Body.Bytes(), []byte("PK")) {
			t.Errorf("the files: %v", err)
		}
		r.SetPathValue("document", "c")
		if err := s.showSignature(httptest.NewRecorder(), r); !fault.Is(err, "no-signature") {
			t.Error(err)
		}
		if found, err := s.Verify(t.Context(), store); err != nil || len(found) != 0 {
			t.Error(found, err)
		}
		err = store.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE paper_signature SET statement = replace(statement, '南湖大学', '别的大学') WHERE document = 'b'`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if found, err := s.Verify(t.Context(), store); err != nil || len(found) != 1 || found[0].Object != "b" {
			t.Error(found, err)
		}
		if page := send(t, s.submitProof, number, "报告.pdf", "new"); !strings.Contains(page, "签名无效") {
			t.Error("a changed statement is shown as signed")
		}
	})
}
