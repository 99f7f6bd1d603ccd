package scenario

import (
	"net/http"
	"net/url"
	"testing"
)

// staged is a research order on the wire.
type staged struct {
	ID, Number, State string
	Milestones        []struct{ ID, Name, State, Reason string }
	Verbs             []string
}

// A firm has a process developed by an institute of another province: a quote with milestones, a contract on commissioned
// development with an agreement on secrecy, stages sent back, accepted and paid one by one, and the order only after the last.
func TestResearchAcrossRegions(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		var found struct {
			Items []struct{ ID, Region string }
		}
		w.call("", http.MethodGet, "/api/v1/resources?kind=service&q="+url.QueryEscape(`"异种材料连接工艺开发"`), nil).into(t, &found)
		if len(found.Items) == 0 || found.Items[0].Region[:2] == "33" {
			t.Fatalf("no institute of another province: %+v", found.Items)
		}
		var o staged
		do := func(login, verb string, body map[string]any) answer {
			t.Helper()
			if body == nil {
				body = map[string]any{}
			}
			a := w.call(login, http.MethodPost, "/api/v1/orders/"+o.ID+"/"+verb, body)
			if a.status == http.StatusOK {
				o = staged{}
				a.into(t, &o)
			}
			return a
		}
		must := func(login, verb string, body map[string]any) {
			t.Helper()
			if a := do(login, verb, body); a.status >= 300 {
				t.Fatalf("%s by %s: %d %s", verb, login, a.status, a.body)
			}
		}
		w.call("firm2", http.MethodPost, "/api/v1/orders", map[string]any{"kind": "commission", "resource": found.Items[0].ID, "purpose": "示例：支架与底座的连接工艺", "quantity": 1}).into(t, &o)
		quote := map[string]any{
			"lines":      []map[string]any{{"text": "研究开发", "amount": 20_000_001}, {"kind": "discount", "text": "首次合作", "percent": 500}},
			"milestones": []map[string]any{{"name": "方案", "deliverable": "方案", "due_on": "2027-03-01", "share": 300}, {"name": "总结", "deliverable": "报告", "due_on": "2027-06-01", "share": 600}}, "valid_until": "2027-01-31",
		}
		if a := do("wujiang", "quote", quote); a.problem() != "milestone-sum" {
			t.Errorf("stages of nine tenths: %d %s", a.status, a.body)
		}
		quote["milestones"] = append(quote["milestones"].([]map[string]any)[:1], map[string]any{"name": "总结", "deliverable": "报告", "due_on": "2027-06-01", "share": 700}) //nolint:forcetypeassert // made above
		must("wujiang", "quote", quote)
		must("firm2", "accept", nil)
		terms := map[string]any{"form": "development", "patent": "buyer", "result": "buyer", "data": "buyer", "publish": "never", "nda": "strict", "secret": 5, "risk": "provider", "liability": "law", "rest": "return"}
		var c struct{ Number, Body, SHA256 string }
		w.call("firm2", http.MethodPost, "/api/v1/orders/"+o.ID+"/contract", terms).into(t, &c)
		for _, text := range []string{"技术开发（委托）合同", "申请专利的权利归甲方", "附件1 里程碑与分期付款", "附件2 保密协议"} {
			if !contains([]byte(c.Body), text) {
				t.Errorf("the contract lacks %q", text)
			}
		}
		must("wujiang", "sign", map[string]any{"sha256": c.SHA256})
		must("firm2", "sign", map[string]any{"sha256": c.SHA256})
		if a := do("wujiang", "invoice", map[string]any{"number": "26322000000000009901"}); a.problem() != "not-due" {
			t.Errorf("an invoice before anything was accepted: %d %s", a.status, a.body)
		}
		must("wujiang", "deliver", map[string]any{"note": "方案初稿"})
		must("firm2", "send-back", map[string]any{"note": "缺少老化试验"})
		if o.Milestones[0].Reason != "缺少老化试验" || o.Milestones[0].State != "planned" {
			t.Errorf("sent back: %+v", o.Milestones)
		}
		must("wujiang", "deliver", map[string]any{"note": "方案二稿"})
		must("firm2", "approve", map[string]any{"milestone": o.Milestones[0].ID})
		must("wujiang", "invoice", map[string]any{"number": "26322000000000009901"})
		must("wujiang", "pay", nil)
		must("wujiang", "start", nil)
		must("wujiang", "stop", nil)
		must("wujiang", "report", map[string]any{"note": "总结报告见里程碑"})
		if a := do("firm2", "confirm", nil); a.problem() != "milestones-open" {
			t.Errorf("confirmed before the last stage: %d %s", a.status, a.body)
		}
		must("wujiang", "deliver", map[string]any{"note": "总结报告"})
		must("firm2", "approve", nil)
		must("firm2", "confirm", nil)
		must("wujiang", "invoice", map[string]any{"number": "26322000000000009902"})
		must("wujiang", "pay", nil)
		must("wujiang", "settle", nil)
		if o.State != "settled" {
			t.Errorf("the order is %s", o.State)
		}
		if !contains(w.page("firm2", "/desk/orders/"+o.ID), "里程碑与分期付款") {
			t.Error("the page of the order does not show its milestones")
		}
		if a := w.call("firm", http.MethodGet, "/desk/orders/"+o.ID, nil); a.status != http.StatusForbidden && a.status != http.StatusNotFound {
			t.Errorf("somebody else's order: %d", a.status)
		}
		w.verified()
	})
}
