package scenario

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
)

// research is an order of commissioned research on the wire, told by its two sides.
type research struct {
	w         *world
	firm, lab string
	invoices  string // how the numbers of its invoices begin
	staged
}

type staged struct {
	ID, Number, State   string
	Milestones          []struct{ ID, Name, State, Reason string }
	Price, Voucher, Own struct{ Amount money.Fen }
}

// A firm of a county has processes developed in two other provinces, and two regions pay a part of them: quotes with milestones,
// contracts on commissioned development with an agreement on secrecy, sealed by one side and stamped by the other; stages sent
// back, accepted, invoiced and paid one by one; each region's voucher holds its part to the fen until the last stage is accepted,
// and is redeemed by its own authority.
func TestResearchAcrossRegions(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		city, county := w.cityProgramme(), w.countyProgramme()
		before := w.pockets("xincang")
		first := w.commission("xincang", "wujiang", "异种材料连接工艺开发", "32")
		first.agree(2_000_001, city, 5000)
		first.sign()
		second := w.commission("xincang", "qingpu", "微生物全基因组测序与注释", "31")
		second.agree(333_337, county, 3000)
		held := w.pockets("xincang")
		for programme, o := range map[string]*research{city: first, county: second} {
			if got := held[programme].Held - before[programme].Held; got != o.Voucher.Amount || o.Voucher.Amount+o.Own.Amount != o.Price.Amount {
				t.Errorf("%s holds %s for %+v", programme, got, o.staged)
			}
		}
		first.work()
		second.work()
		used := w.pockets("xincang")
		for programme, o := range map[string]*research{city: first, county: second} {
			if b, u := before[programme], used[programme]; u.Used-b.Used != o.Voucher.Amount || u.Held != b.Held || u.Left != b.Left-o.Voucher.Amount {
				t.Errorf("used of %s: %+v after %+v, for %s", programme, u, b, o.Voucher.Amount)
			}
			o.redeem(programme)
		}
		first.shown()
		w.verified()
	})
}

// pocket is what a firm has of a programme.
type pocket struct{ Granted, Held, Used, Left money.Fen }

func (w *world) pockets(login string) map[string]pocket {
	w.t.Helper()
	var list struct {
		Items []struct {
			Programme string
			pocket
		}
	}
	w.call(login, http.MethodGet, "/api/v1/wallet", nil).into(w.t, &list)
	out := map[string]pocket{}
	for _, x := range list.Items {
		out[x.Programme] = x.pocket
	}
	return out
}

// cityProgramme is the demo's own, in which the firm has a voucher.
func (w *world) cityProgramme() string {
	w.t.Helper()
	for programme := range w.pockets("xincang") {
		return programme
	}
	w.t.Fatal("the firm has no voucher")
	return ""
}

// countyProgramme is one more programme, of the firm's own county, with a voucher of it.
func (w *world) countyProgramme() string {
	w.t.Helper()
	year := time.Now().Format("2006")
	var draft map[string]any
	if err := json.Unmarshal(bytes.ReplaceAll(scheme.DemoProgramme(), []byte("2026"), []byte(year)), &draft); err != nil {
		w.t.Fatal(err)
	}
	draft["region"], draft["name"] = "330482", map[string]string{"zh": "示例·县级创新券", "en": "Sample: county voucher"}
	terms := draft["terms"].(map[string]any)                                            //nolint:forcetypeassert // the demo's own
	terms["ratio"].(map[string]any)["value"] = []map[string]any{{"basis_points": 3000}} //nolint:forcetypeassert // the demo's own
	terms["firm_regions"].(map[string]any)["value"] = []string{"330482"}                //nolint:forcetypeassert // the demo's own
	var programme, application struct{ ID string }
	w.made("officer", "/api/v1/voucher-programmes", draft, &programme)
	w.made("xincang", "/api/v1/voucher-programmes/"+programme.ID+"/applications", map[string]any{"amount": 500_000, "purpose": "示例：菌种研发", "statements": []string{"honest", "own-research"}}, &application)
	w.made("officer", "/api/v1/voucher-applications/"+application.ID+"/approve", map[string]any{}, nil)
	return programme.ID
}

// made posts what must succeed.
func (w *world) made(login, path string, body, into any) {
	w.t.Helper()
	a := w.call(login, http.MethodPost, path, body)
	if a.status >= 300 {
		w.t.Fatalf("POST %s as %s: %d %s", path, login, a.status, a.body)
	}
	if into != nil {
		a.into(w.t, into)
	}
}

func (w *world) commission(firm, lab, name, province string) *research {
	w.t.Helper()
	var found struct {
		Items []struct{ ID, Region string }
	}
	w.call("", http.MethodGet, "/api/v1/resources?kind=service&q="+url.QueryEscape(`"`+name+`"`), nil).into(w.t, &found)
	if len(found.Items) == 0 || found.Items[0].Region[:2] != province {
		w.t.Fatalf("no %s in %s: %+v", name, province, found.Items)
	}
	o := &research{w: w, firm: firm, lab: lab, invoices: "26" + province + "00000000000099"}
	w.made(firm, "/api/v1/orders", map[string]any{"kind": "commission", "resource": found.Items[0].ID, "purpose": "示例：" + name, "quantity": 1}, &o.staged)
	return o
}

func (o *research) do(login, verb string, body map[string]any) answer {
	o.w.t.Helper()
	if body == nil {
		body = map[string]any{}
	}
	a := o.w.call(login, http.MethodPost, "/api/v1/orders/"+o.ID+"/"+verb, body)
	if a.status == http.StatusOK {
		o.staged = staged{}
		a.into(o.w.t, &o.staged)
	}
	return a
}

func (o *research) must(login, verb string, body map[string]any) {
	o.w.t.Helper()
	if a := o.do(login, verb, body); a.status >= 300 {
		o.w.t.Fatalf("%s by %s: %d %s", verb, login, a.status, a.body)
	}
}

func (o *research) refused(login, verb, code string, body map[string]any) {
	o.w.t.Helper()
	if a := o.do(login, verb, body); a.problem() != code {
		o.w.t.Errorf("%s by %s: %d %s, not %s", verb, login, a.status, a.body, code)
	}
}

func stage(name string, days, share int) map[string]any {
	return map[string]any{"name": name, "deliverable": name, "due_on": time.Now().AddDate(0, 0, days).Format(time.DateOnly), "share": share}
}

// agree quotes in stages and accepts with a voucher that pays a part of the price, in hundredths of a percent.
func (o *research) agree(amount money.Fen, programme string, part int64) {
	o.w.t.Helper()
	quote := map[string]any{
		"lines":      []map[string]any{{"text": "研究开发", "amount": amount}, {"kind": "discount", "text": "首次合作", "percent": 500}},
		"milestones": []map[string]any{stage("方案", 60, 300), stage("总结", 150, 600)}, "valid_until": time.Now().AddDate(0, 0, 20).Format(time.DateOnly),
	}
	o.refused(o.lab, "quote", "milestone-sum", quote)
	quote["milestones"] = []map[string]any{stage("方案", 60, 300), stage("总结", 150, 700)}
	o.must(o.lab, "quote", quote)
	o.must(o.firm, "accept", map[string]any{"voucher_programme": programme})
	if want := money.PartDown(o.Price.Amount, part); o.Voucher.Amount != want || want == 0 {
		o.w.t.Errorf("the voucher pays %s of %s, not %s", o.Voucher.Amount, o.Price.Amount, want)
	}
}

// sign makes a contract; one side seals it, the other uploads the stamped page.
func (o *research) sign() {
	t, path := o.w.t, "/api/v1/orders/"+o.ID+"/contract"
	t.Helper()
	var c struct {
		Number, Body, SHA256 string
		Signed               []struct {
			Side string
			Seal *struct{ Is, Statement string }
		}
	}
	o.refused(o.lab, "sign", "no-contract", map[string]any{"seal": true})
	o.w.made(o.firm, path, map[string]any{"form": "development", "patent": "buyer", "result": "buyer", "data": "buyer", "publish": "never", "nda": "strict", "secret": 5, "risk": "provider", "liability": "law", "rest": "return"}, &c)
	for _, text := range []string{"技术开发（委托）合同", "申请专利的权利归甲方", "附件1 里程碑与分期付款", "附件2 保密协议"} {
		if !contains([]byte(c.Body), text) {
			t.Errorf("the contract lacks %q", text)
		}
	}
	o.must(o.lab, "sign", map[string]any{"sha256": c.SHA256, "seal": true})
	o.must(o.firm, "sign", map[string]any{"sha256": c.SHA256, "files": []map[string]any{{"name": "盖章页.txt", "content": []byte("示例：盖章扫描件")}}})
	o.w.call(o.firm, http.MethodGet, path, nil).into(t, &c)
	for _, x := range c.Signed {
		if sealed := x.Side == "provider"; sealed != (x.Seal != nil) || sealed && (x.Seal.Is != "good" || !contains([]byte(x.Seal.Statement), c.SHA256)) {
			t.Errorf("signed: %+v", x)
		}
	}
	desk := "/desk/orders/" + o.ID + "/contract"
	for page, text := range map[string]string{desk: "签章有效", desk + "/seals/provider": "没有法律效力", desk + "/scans/buyer": "盖章扫描件", "/contracts/" + c.Number: "签章有效", desk + "/seals/provider/files": "statement.txt"} {
		for _, side := range []string{o.firm, o.lab} {
			if !contains(o.w.page(side, page), text) {
				t.Errorf("%s as %s lacks %q", page, side, text)
			}
		}
		if a := o.w.call("firm", http.MethodGet, page, nil); page[:5] == "/desk" && a.status != http.StatusForbidden && a.status != http.StatusNotFound {
			t.Errorf("%s for somebody else: %d", page, a.status)
		}
	}
}

// work delivers, accepts, invoices and pays the stages, and confirms the order after the last.
func (o *research) work() {
	t := o.w.t
	t.Helper()
	invoice := func(last string) map[string]any { return map[string]any{"number": o.invoices + last} }
	o.refused(o.lab, "invoice", "not-due", invoice("01"))
	o.must(o.lab, "deliver", map[string]any{"note": "方案初稿"})
	o.must(o.firm, "send-back", map[string]any{"note": "缺少老化试验"})
	if o.Milestones[0].Reason != "缺少老化试验" || o.Milestones[0].State != "planned" {
		t.Errorf("sent back: %+v", o.Milestones)
	}
	o.must(o.lab, "deliver", map[string]any{"note": "方案二稿"})
	o.must(o.firm, "approve", map[string]any{"milestone": o.Milestones[0].ID})
	o.must(o.lab, "invoice", invoice("01"))
	o.must(o.lab, "pay", nil)
	o.must(o.lab, "start", nil)
	o.must(o.lab, "stop", nil)
	o.must(o.lab, "report", map[string]any{"files": []map[string]any{{"name": "总结报告.txt", "content": []byte("示例：总结报告 " + o.Number)}}})
	o.refused(o.firm, "confirm", "milestones-open", nil)
	o.must(o.lab, "deliver", map[string]any{"note": "总结报告"})
	o.must(o.firm, "approve", nil)
	o.must(o.firm, "confirm", nil)
	o.must(o.lab, "invoice", invoice("02"))
	o.must(o.lab, "pay", nil)
}

// redeem lets the region's authority pay the voucher's part; the order is settled by it.
func (o *research) redeem(programme string) {
	t, w := o.w.t, o.w
	t.Helper()
	var docs []map[string]any
	for _, code := range []string{"contract", "invoice", "result"} {
		docs = append(docs, map[string]any{"code": code, "name": code + ".txt", "content": []byte("示例 " + code + o.Number)})
	}
	var claim struct {
		ID     string
		Amount money.Fen
	}
	w.made(o.lab, "/api/v1/redemptions", map[string]any{"programme": programme, "orders": []string{o.ID}, "documents": docs}, &claim)
	if claim.Amount != o.Voucher.Amount {
		t.Errorf("claimed %s of %s", claim.Amount, o.Voucher.Amount)
	}
	for _, x := range [][2]string{{"officer", "verify"}, {"officer2", "approve"}, {"officer", "publish-notice"}, {"officer2", "pay"}} {
		w.made(x[0], "/api/v1/redemptions/"+claim.ID+"/"+x[1], map[string]any{}, nil)
	}
	o.until("the order is settled", func() bool {
		w.call(o.firm, http.MethodGet, "/api/v1/orders/"+o.ID, nil).into(t, &o.staged)
		return o.State == "settled"
	})
}

// until waits for what follows by itself.
func (o *research) until(what string, holds func() bool) {
	o.w.t.Helper()
	for range 100 {
		if holds() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	o.w.t.Errorf("never: %s", what)
}

// shown: both sides see the stages, anybody sees that the report is signed.
func (o *research) shown() {
	t, w := o.w.t, o.w
	t.Helper()
	for _, side := range []string{o.firm, o.lab} {
		if !contains(w.page(side, "/desk/orders/"+o.ID), "里程碑与分期付款") {
			t.Errorf("%s does not see the milestones", side)
		}
	}
	o.until("the report is signed", func() bool { return contains(w.page("", "/reports/"+o.Number), "签名有效") })
	if a := w.call("firm", http.MethodGet, "/desk/orders/"+o.ID, nil); a.status != http.StatusForbidden && a.status != http.StatusNotFound {
		t.Errorf("somebody else's order: %d", a.status)
	}
}
