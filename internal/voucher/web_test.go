package voucher

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/voucher/scheme"
	"qiao/internal/voucher/scheme/schemetest"
)

// The whole story in the browser, each page by what it says.
func TestPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		s := newSite(t, w, map[string]identity.Subject{"firm": c.firm, "lab": c.lab, "officer": c.officer, "officer2": c.officer2, "firm2": c.firm2})
		says(t, s.page("", "/programmes", 200), ".empty", "还没有发布创新券计划")
		demo, err := scheme.ParseDraft(scheme.DemoProgramme())
		must(t, err)
		p, err := w.PutProgramme(t.Context(), c.officer, "", demo, "")
		must(t, err)
		says(t, s.page("", "/programmes", 200), ".item", "示例·创新券 2026 嘉兴")
		rules := s.page("", "/programmes/"+p.ID, 200)
		for _, text := range []string{"合同价格的 50%", "每家企业每个自然年最多 ¥100,000", "强制检测、法定检测", "第五条", "演示虚构"} {
			says(t, rules, "main", text)
		}
		sum := s.page("", "/programmes/"+p.ID+"?price=12%2C345.67", 200)
		says(t, sum, ".split-sum", "¥6,172.83")
		says(t, sum, ".split-sum", "¥6,172.84")
		says(t, s.page("", "/programmes/"+p.ID+"?price=abc", 422), ".summary", "金额")
		says(t, s.page("", "/programmes/"+p.ID+"?price=-5", 422), ".summary", "价格应在")
		s.page("", "/programmes/none", 404)
		says(t, s.page("firm", "/desk/wallet", 200), ".empty", "还没有创新券")
		if res, _ := s.send("", http.MethodGet, "/desk/wallet", "", nil); res.StatusCode != 303 {
			t.Errorf("a visitor's wallet: %d", res.StatusCode)
		}
		s.page("lab", "/desk/wallet", 403)

		app := applyInBrowser(t, s, p.ID)
		s.page("firm2", app, 403)
		says(t, s.page("firm", app, 200), "main", "待审核")
		says(t, s.page("firm", "/desk/wallet/apply", 200), ".note", "正在审核")
		says(t, s.page("officer", "/desk/vouchers", 200), "table", "QSQ3304-20261121-0001")
		decide := s.page("officer", app, 200)
		says(t, decide, ".remarks", "企业身份已核验")
		if v, _ := decide.Find("input[name=amount]").Attr("value"); v != "50000.00" {
			t.Errorf("amount to grant: %q", v)
		}
		status, _, doc := s.post("officer", app+"/approve", url.Values{"amount": {"100001"}})
		if status != 409 {
			t.Fatalf("status %d", status)
		}
		says(t, doc, ".summary", "超过还可申请的 ¥100,000")
		if status, _, _ := s.post("officer", app+"/refuse", url.Values{"note": {" "}}); status != 422 {
			t.Errorf("a refusal without a reason: %d", status)
		}
		if status, to, _ := s.post("officer", app+"/approve", url.Values{"amount": {"50,000"}}); status != 303 || to != "/desk/vouchers" {
			t.Fatalf("approve: %d %s", status, to)
		}
		wallet := s.page("firm", "/desk/wallet", 200)
		says(t, wallet, ".split-sum", "¥50,000")
		says(t, wallet, "table", "CXQ3304-20261121-0001")
		says(t, s.page("officer", "/desk/programmes/"+p.ID, 200), ".figures", "¥5,000,000")
		s.page("firm", "/desk/programmes/"+p.ID, 403)
		redeemInBrowser(t, w, s, c, p)
		w.sound(t)
	})
}

// applyInBrowser applies after a mistake, which loses nothing typed, and gives the application's address.
func applyInBrowser(t *testing.T, s *site, programme string) string {
	t.Helper()
	says(t, s.page("firm", "/desk/wallet/apply", 200), ".note", "最多可申请 ¥100,000")
	typed := url.Values{"programme": {programme}, "amount": {"200,000"}, "purpose": {"新材料拉伸试验"}, "statements": {"honest"}}
	status, _, doc := s.post("firm", "/desk/wallet/apply", typed)
	if status != 422 {
		t.Fatalf("status %d", status)
	}
	says(t, doc, ".summary", "超过还可申请的 ¥100,000")
	says(t, doc, ".summary", "企业还没有承诺")
	says(t, doc, "textarea[name=purpose]", "新材料拉伸试验")
	if v, _ := doc.Find("input[name=amount]").Attr("value"); v != "200,000" {
		t.Errorf("what was typed is lost: %q", v)
	}
	if doc.Find("input[value=honest][checked]").Length() != 1 {
		t.Error("the tick is lost")
	}
	typed.Set("amount", "50000")
	typed["statements"] = []string{"honest", "own-research"}
	typed.Set("request", "one")
	status, to, _ := s.post("firm", "/desk/wallet/apply", typed)
	if status != 303 || !strings.HasPrefix(to, "/desk/vouchers/") {
		t.Fatalf("apply: %d %s", status, to)
	}
	if _, again, _ := s.post("firm", "/desk/wallet/apply", typed); again != to {
		t.Errorf("a second click leads to %s", again)
	}
	return to
}

func redeemInBrowser(t *testing.T, w *world, s *site, c cast, p Programme) {
	t.Helper()
	says(t, s.page("lab", "/desk/redemptions", 200), ".empty", "还没有兑付")
	must(t, w.hold(t.Context(), "o1", p.ID, c.firm, c.lab, 20_000*schemetest.Yuan, 10_000*schemetest.Yuan))
	must(t, w.use(t.Context(), "o1", 10_000*schemetest.Yuan))
	w.confirmed("o1", c.lab, "firm", 20_000*schemetest.Yuan)
	says(t, s.page("lab", "/desk/redemptions", 200), ".panel", "¥10,000")
	fresh := s.page("lab", "/desk/redemptions/new?programme="+p.ID, 200)
	if fresh.Find("input[name=orders][checked]").Length() != 1 {
		t.Error("the order is not ticked")
	}
	if bare := s.page("lab", "/desk/redemptions/new", 200); bare.Find("input[name=programme]").AttrOr("value", "") != p.ID {
		t.Error("without a programme the first that can be claimed is not shown")
	}
	values := url.Values{"programme": {p.ID}, "orders": {"o1"}}
	status, _, doc := s.upload("lab", "/desk/redemptions", values, map[string]string{"document-invoice": "x"})
	if status != 422 {
		t.Fatalf("status %d", status)
	}
	says(t, doc, ".summary", "请上传：服务合同或订单")
	seal, there := doc.Find("input[name=kept][checked]").Attr("value")
	if !there {
		t.Fatal("the file that was uploaded is lost")
	}
	values["kept"] = []string{seal, seal + "x", "forged"}
	status, to, _ := s.upload("lab", "/desk/redemptions?request=two", values, map[string]string{"document-contract": "yy"})
	if status != 303 || !strings.HasPrefix(to, "/desk/redemptions/") {
		t.Fatalf("redeem: %d %s", status, to)
	}
	says(t, s.page("officer", "/desk/redemptions", 200), "table", "QDF3304-20261121-0001")
	says(t, s.page("officer", to, 200), ".file", "document-contract.pdf")
	res, b := s.send("officer", http.MethodGet, to+"/documents/1", "", nil)
	if res.StatusCode != 200 || string(b) != "yy" {
		t.Errorf("document: %d %q", res.StatusCode, b)
	}
	s.page("firm2", to, 403)
	s.page("officer", to+"/documents/9", 404)
	notice := strings.Replace(to, "/desk/redemptions/", "/notices/", 1)
	s.page("", notice, 404)
	verb := func(as, verb string, want int) {
		t.Helper()
		if status, _, _ := s.post(as, to+"/"+verb, url.Values{}); status != want {
			t.Fatalf("%s by %s: %d, want %d", verb, as, status, want)
		}
	}
	verb("officer", "verify", 303)
	says(t, s.page("officer", to, 200), ".note", "批准须由另一位工作人员办理")
	verb("officer", "approve", 403)
	verb("officer2", "approve", 303)
	verb("officer", "publish-notice", 303)
	says(t, s.page("", notice, 200), "main", "¥10,000")
	says(t, s.page("", "/notices", 200), "table", "QDF3304-20261121-0001")
	verb("officer2", "pay", 303)
	verb("officer2", "pay", 409)
	verb("lab", "recover", 403)
	says(t, s.page("lab", to, 200), ".timeline", "名·officer2")
	says(t, s.page("", notice, 200, "X-Lang", "en"), "main", "Paid")
}

// Every page speaks English without a Chinese sentence of ours left over.
func TestPagesInEnglish(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	c := w.cast()
	s := newSite(t, w, map[string]identity.Subject{"firm": c.firm, "officer": c.officer, "lab": c.lab})
	demo, err := scheme.ParseDraft(scheme.DemoProgramme())
	must(t, err)
	p, err := w.PutProgramme(t.Context(), c.officer, "", demo, "")
	must(t, err)
	says(t, s.page("", "/programmes/"+p.ID+"?price=30000", 200, "X-Lang", "en"), "main", "50% of the contract price")
	says(t, s.page("firm", "/desk/wallet/apply", 200, "X-Lang", "en"), "main", "You may ask for up to ¥100,000")
	says(t, s.page("lab", "/desk/redemptions", 200, "X-Lang", "en"), "main", "No redemptions here yet")
	says(t, s.page("officer", "/desk/vouchers", 200, "X-Lang", "en"), "main", "Awaiting review")
}

func TestAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		s := newSite(t, w, map[string]identity.Subject{"firm": c.firm, "lab": c.lab, "officer": c.officer, "officer2": c.officer2})
		var p struct{ ID string }
		s.call("officer", "POST", "/voucher-programmes", string(scheme.DemoProgramme()), 201, &p)
		s.call("firm", "POST", "/voucher-programmes", string(scheme.DemoProgramme()), 403, nil)
		var q struct{ Voucher, Own struct{ Amount int64 } }
		s.call("", "GET", "/voucher-programmes/"+p.ID+"/quote?price=30000000", "", 200, &q)
		if q.Voucher.Amount != 10_000_000 || q.Own.Amount != 20_000_000 { // the year's cap
			t.Errorf("quote %+v", q)
		}
		var a struct{ ID, State string }
		s.call("firm", "POST", "/voucher-programmes/"+p.ID+"/applications", `{"amount":5000000,"purpose":"测试","statements":["honest","own-research"]}`, 201, &a)
		s.call("officer", "POST", "/voucher-applications/"+a.ID+"/approve", ``, 200, &a)
		if a.State != Approved {
			t.Errorf("application %+v", a)
		}
		var wallet struct {
			Items []struct {
				Programme                 string
				Granted, Held, Used, Left int64
				Expires                   string
			}
		}
		s.call("firm", "GET", "/wallet", "", 200, &wallet)
		if len(wallet.Items) != 1 || wallet.Items[0].Left != 5_000_000 || wallet.Items[0].Expires != "2026-12-31" {
			t.Errorf("wallet %+v", wallet)
		}
		must(t, w.hold(t.Context(), "o1", p.ID, c.firm, c.lab, 2000*schemetest.Yuan, 1000*schemetest.Yuan))
		must(t, w.use(t.Context(), "o1", 1000*schemetest.Yuan))
		w.confirmed("o1", c.lab, "firm", 2000*schemetest.Yuan)
		var claim struct {
			ID, State string
			Amount    int64
			Timeline  []struct{ Verb string }
		}
		s.call("lab", "POST", "/redemptions", `{"orders":["o1"],"documents":[{"code":"invoice","name":"a.pdf","content":"eA=="},{"code":"contract","name":"b.pdf","content":"eQ=="}]}`, 201, &claim)
		for i, verb := range []string{"verify", "approve", "publish-notice", "pay"} {
			s.call([]string{"officer", "officer2"}[i%2], "POST", "/redemptions/"+claim.ID+"/"+verb, `{"note":"ok"}`, 200, &claim)
		}
		s.call("lab", "GET", "/redemptions/"+claim.ID, "", 200, &claim)
		if claim.State != "paid" || claim.Amount != 100_000 || len(claim.Timeline) != 5 {
			t.Errorf("claim %+v", claim)
		}
		var list struct{ Items []map[string]any }
		for _, path := range []string{"/redemptions?state=paid", "/settlements", "/voucher-programmes"} {
			if s.call("officer", "GET", path, "", 200, &list); len(list.Items) != 1 {
				t.Errorf("%s: %+v", path, list)
			}
		}
		s.call("officer", "GET", "/voucher-applications?limit=1", "", 200, &list)
		s.call("firm", "POST", "/redemptions/"+claim.ID+"/refuse", `{}`, 403, nil)
		s.call("officer", "POST", "/redemptions/"+claim.ID+"/refuse", `{"note":"x"}`, 409, nil)
	})
}
