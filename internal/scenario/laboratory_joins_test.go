package scenario

import (
	"net/http"
	"net/url"
	"testing"
)

// A laboratory joins the pool: it applies page by page, the authority checks its qualification point by point, both agree on a
// term, it stands among the members. Its certificate counts once a person has looked at it; on the day after its last it is gone
// from its services, from its page and from the search, without anybody doing anything, and the report it gave while the
// certificate held still shows it.
func TestALaboratoryJoinsAndItsCertificateEnds(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		const lab = "tongxiang"
		w.form(lab, "/desk/membership/apply", url.Values{"step": {"body"}, "form": {"institution"}, "about": {"示例·独立法人检测机构"}, "contact": {"示例·联系人"}, "phone": {"0573-00000000"}, "email": {"lab@demo.qiao"}}, nil)
		w.form(lab, "/desk/membership/apply", url.Values{"step": {"offer"}, "offers": {"instrument", "test"}, "offer": {"材料成分与力学性能"}}, nil)
		if a := w.send(lab, "/desk/membership/submit", url.Values{}, nil); a.status == http.StatusSeeOther && contains(w.page(lab, "/desk/membership"), "JM") {
			t.Error("an application without documents was sent")
		}
		w.form(lab, "/desk/membership/apply", url.Values{"step": {"documents"}}, map[string]string{"document-legal": "示例·法人证书", "document-equipment": "示例·设备清单"})
		w.form(lab, "/desk/membership/apply", url.Values{"step": {"check"}, "stated": {"1"}}, nil)
		mine := w.mine(lab)
		if mine.State != "submitted" {
			t.Fatalf("sent: %+v", mine)
		}
		w.joined(lab, mine)
		w.certified(lab, mine.Organisation)
		w.verified()
	})
}

func (w *world) mine(login string) (m did) {
	w.t.Helper()
	w.call(login, http.MethodGet, "/api/v1/membership", nil).into(w.t, &m)
	return m
}

// joined leads a membership from its application to the pool.
func (w *world) joined(lab string, mine did) {
	w.t.Helper()
	one := "/desk/providers/" + mine.ID
	if a := w.call("officer", http.MethodPost, "/api/v1/memberships/"+mine.ID+"/qualify", map[string]any{}); a.status != http.StatusUnprocessableEntity && a.status != http.StatusConflict {
		w.t.Errorf("qualified without a check: %d %s", a.status, a.body)
	}
	checks := url.Values{}
	for _, point := range []string{"legal", "certificate", "scope", "equipment", "honest"} {
		checks.Set("check-"+point, "yes")
		checks.Set("note-"+point, "示例·已核对")
	}
	w.form("officer", one+"/checks", checks, nil)
	w.do("officer", http.MethodPost, "/api/v1/memberships/"+mine.ID+"/qualify", map[string]any{})
	w.do("officer", http.MethodPost, "/api/v1/memberships/"+mine.ID+"/offer", map[string]any{})
	if w.poolEnd(mine.Organisation) != "" {
		w.t.Error("a member before it signed")
	}
	signed := w.do(lab, http.MethodPost, "/api/v1/memberships/"+mine.ID+"/sign", map[string]any{})
	if signed.State != "member" && signed.State != "active" {
		w.t.Errorf("signed: %+v", signed)
	}
	if !contains(w.page(lab, one+"/agreement"), "加盟") {
		w.t.Error("there is no agreement to read")
	}
	if end := w.poolEnd(mine.Organisation); end < w.day(700) {
		w.t.Errorf("a member until %q", end)
	}
}

// poolEnd is the last day of an organisation's term among the members; empty where it is none.
func (w *world) poolEnd(org string) string {
	w.t.Helper()
	var pool struct {
		Items []struct{ Organisation, To string }
	}
	w.call("", http.MethodGet, "/api/v1/providers", nil).into(w.t, &pool)
	for _, m := range pool.Items {
		if m.Organisation == org {
			return m.To
		}
	}
	return ""
}

// certified: the certificate of a service from its statement to its end.
func (w *world) certified(lab, org string) {
	w.t.Helper()
	service := w.do(lab, http.MethodPost, "/api/v1/resources", map[string]any{"kind": "service", "name_zh": "示例·碳纤维拉伸试验", "class": "test", "prices": []map[string]any{{"audience": "external", "unit": "sample", "amount": 50000, "currency": "CNY"}}, "fields": map[string]any{}})
	certificate := w.form(lab, "/desk/certificates", url.Values{"kind": {"cma"}, "number": {"示例-CMA-7788"}, "issuer": {"示例·发证机关"}, "from": {w.day(-300)}, "to": {w.day(40)}, "items": {"拉伸试验 | GB/T 1447-2005"}, "covers": {service.ID}}, nil)
	count := func() int { return w.search("certificate=cma&org=" + org).Total }
	if count() != 0 {
		w.t.Error("it counts before anybody has looked at it")
	}
	w.form("officer", certificate+"/verify", url.Values{}, nil)
	w.until("the service and its laboratory are found by the certificate", func() bool { return count() == 2 })
	if !contains(w.page("", "/resources/"+service.ID), "示例-CMA-7788") {
		w.t.Error("the service does not show its certificate")
	}
	order := w.reported(lab, service.ID)
	w.later(41)
	w.until("the certificate has left the search", func() bool { return count() == 0 })
	for _, page := range []string{"/resources/" + service.ID, "/organisations/" + org} {
		if contains(w.page("", page), "示例-CMA-7788") {
			w.t.Errorf("%s still shows it", page)
		}
	}
	if a := w.call("", http.MethodGet, "/certificates/"+certificate[len("/desk/certificates/"):], nil); a.status != http.StatusGone {
		w.t.Errorf("its own page: %d", a.status)
	}
	w.until("the laboratory is told", func() bool { return contains(w.page(lab, "/desk/messages"), "示例-CMA-7788") })
	if !contains(w.page("firm", "/desk/orders/"+order), "示例-CMA-7788") {
		w.t.Error("the report given while it held does not show it")
	}
}

// reported is an order of a service up to its report.
func (w *world) reported(lab, service string) string {
	w.t.Helper()
	order := w.do("firm", http.MethodPost, "/api/v1/orders", map[string]any{"kind": "commission", "resource": service, "purpose": "拉伸强度", "quantity": 1}).ID
	path := "/api/v1/orders/" + order + "/"
	w.do(lab, http.MethodPost, path+"quote", map[string]any{"valid_until": w.day(20), "lines": []map[string]any{{"text": "拉伸试验", "amount": 50000}}})
	w.do("firm", http.MethodPost, path+"accept", map[string]any{"version": 1})
	for _, verb := range []string{"receive-sample", "start", "stop"} {
		w.do(lab, http.MethodPost, path+verb, map[string]any{})
	}
	w.do(lab, http.MethodPost, path+"report", map[string]any{"note": "合格", "files": []map[string]any{{"name": "report.txt", "content": "c2FtcGxl"}}})
	return order
}
