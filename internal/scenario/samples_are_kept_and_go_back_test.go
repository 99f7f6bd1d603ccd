package scenario

import (
	"net/http"
	"strings"
	"testing"
)

// A firm sends two samples without saying how long they are to be kept. They pass from hand to hand with each step on record;
// once the work is accepted the rule gives them their last day, both sides are told before and after it, one is kept longer
// and the other goes back. On one engine only: what is written is tried on both where it is written.
func TestSamplesAreKeptAndGoBack(t *testing.T) {
	w := start(t, sqliteFlags(t))
	post := func(as, path string, body map[string]any, want int, into any) {
		t.Helper()
		a := w.call(as, http.MethodPost, "/api/v1"+path, body)
		if a.status != want {
			t.Fatalf("POST %s as %s: %d %s", path, as, a.status, a.body)
		}
		if into != nil {
			a.into(t, into)
		}
	}
	var services struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	w.call("", http.MethodGet, "/api/v1/resources?kind=service&limit=50", nil).into(t, &services)
	var order struct{ ID, Number string }
	lab := ""
	quote := map[string]any{"lines": []map[string]any{{"text": "拉伸试验", "unit": "sample", "amount": 20_000, "quantity": 2}}, "valid_until": w.day(20)}
	for _, s := range services.Items {
		if a := w.call("firm", http.MethodPost, "/api/v1/orders", map[string]any{"kind": "commission", "resource": s.ID, "quantity": 2, "purpose": "两组试样的拉伸强度"}); a.status != http.StatusCreated {
			continue
		} else if a.into(t, &order); w.call("lab", http.MethodPost, "/api/v1/orders/"+order.ID+"/quote", quote).status == http.StatusOK {
			lab = "lab"
			break
		}
	}
	if lab == "" {
		t.Fatal("nobody quotes")
	}
	path := "/orders/" + order.ID
	post("firm", path+"/accept", map[string]any{}, 200, nil)
	type sample struct {
		ID    string `json:"id"`
		State string `json:"state"`
		Due   string `json:"due_on"`
		Left  int64  `json:"amount"`
		Steps []any  `json:"steps"`
	}
	var samples [2]sample
	do := func(as string, i int, verb string, body map[string]any) {
		t.Helper()
		post(as, "/samples/"+samples[i].ID+"/"+verb, body, 200, &samples[i])
	}
	for i := range samples {
		post("firm", path+"/samples", map[string]any{"name": "试样", "wish": "return", "amount": 3}, 201, &samples[i])
		do("firm", i, "send", map[string]any{"carrier": "顺丰 SF1234567890"})
	}
	told := func(login, text string) {
		t.Helper()
		w.until(login+" is told: "+text, func() bool { return contains(w.page(login, "/desk/messages"), "订单 "+order.Number+" 的 "+text) })
	}
	w.later(8)
	told(lab, "2 份样品自")
	for i := range samples {
		do(lab, i, "receive", map[string]any{"place": "2 号柜"})
	}
	do(lab, 0, "take", map[string]any{})
	do(lab, 0, "consume", map[string]any{"amount": 1})
	do(lab, 0, "put-back", map[string]any{"place": "3 号柜"})
	for _, step := range []string{"start", "stop"} {
		post(lab, path+"/"+step, map[string]any{}, 200, nil)
	}
	post(lab, path+"/report", map[string]any{"note": "两组均合格"}, 200, nil)
	if samples[0].Due != "" {
		t.Errorf("kept until %s before the work was accepted", samples[0].Due)
	}
	post("firm", path+"/confirm", map[string]any{}, 200, nil)
	w.until("the rule gives the samples their last day", func() bool {
		w.call("firm", http.MethodGet, "/api/v1/samples/"+samples[0].ID, nil).into(t, &samples[0])
		return samples[0].Due == w.day(15)
	})
	w.later(9)
	told("firm", "2 份样品保存到")
	told(lab, "2 份样品保存到")
	do(lab, 1, "extend", map[string]any{"keep_until": w.day(60), "note": "委托方要复测"})
	w.later(7)
	told(lab, "1 份样品保存期已于")
	if !contains(w.page(lab, "/desk/samples?show=late"), order.Number+"-S01") || contains(w.page(lab, "/desk/samples?show=late"), order.Number+"-S02") {
		t.Error("the list of what must leave is wrong")
	}
	do(lab, 0, "return", map[string]any{"carrier": "顺丰 SF0987654321"})
	do("firm", 0, "arrive", map[string]any{})
	w.call("firm", http.MethodGet, "/api/v1/samples/"+samples[0].ID, nil).into(t, &samples[0])
	if samples[0].State != "back" || samples[0].Left != 2 || len(samples[0].Steps) != 8 {
		t.Errorf("at the end: %+v", samples[0])
	}
	if page := string(w.page("firm", "/desk/samples/"+samples[1].ID)); !strings.Contains(page, "延长保存") {
		t.Error("the chain of custody does not say that it is kept longer")
	}
	w.verified()
}
