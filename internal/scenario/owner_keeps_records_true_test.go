package scenario

import (
	"net/http"
	"net/url"
	"testing"
)

// found is what a search answers, as far as the stories look at it.
type found struct {
	Total int
	Items []struct {
		ID     string
		Status string
		Price  *struct{ Amount int64 }
	}
	Facets map[string][]struct {
		Value string
		Count int
	}
}

func (w *world) search(query string) found {
	w.t.Helper()
	var out found
	w.call("", http.MethodGet, "/api/v1/resources?limit=100&"+query, nil).into(w.t, &out)
	return out
}

// did is what a call about one thing answers.
type did struct {
	ID, Status, State, Note, Organisation string
	Changed, Unchanged, Refused           int64
	Owner                                 struct{ ID string }
}

// do makes a call that must succeed.
func (w *world) do(login, method, path string, body any) did {
	w.t.Helper()
	a := w.call(login, method, path, body)
	if a.status >= 300 {
		w.t.Fatalf("%s %s as %s: %d %s", method, path, login, a.status, a.body)
	}
	var out did
	if len(a.body) > 0 {
		a.into(w.t, &out)
	}
	return out
}

// An owner keeps its records true: half a year on they have grown old and everybody sees it; it checks one, then all at once,
// takes that back as one and does it again; it lowers prices in bulk and takes that back; its region asks for a second
// reader, who sends a record back with a reason before it is published.
func TestAnOwnerKeepsItsRecordsTrue(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		mine := w.search("q=%E7%A4%BA%E4%BE%8B&kind=service&org=" + w.orgOf("lab"))
		if mine.Total == 0 {
			t.Fatal("the demo's laboratory offers nothing")
		}
		org := "org=" + w.orgOf("lab")
		all := w.search(org + "&freshness=fresh").Total
		w.later(185)
		w.until("the records have grown old for everybody", func() bool { return w.search(org+"&freshness=stale").Total == all })
		if !contains(w.page("lab", "/desk/resources"), "项已过核对期限") {
			t.Error("the owner is not told on its list")
		}
		w.until("the owner is reminded", func() bool { return contains(w.page("lab", "/desk/messages"), "项资源需要核对是否属实") })
		w.checks(org, mine.Items[0].ID, all)
		w.prices(org, mine)
		w.reviewed()
		w.verified()
	})
}

// orgOf is the organisation that a demo login acts for.
func (w *world) orgOf(login string) string {
	w.t.Helper()
	var out did
	w.call(login, http.MethodGet, "/api/v1/membership", nil).into(w.t, &out)
	return out.Organisation
}

// checks: one record, then all that wait, taken back as one and done again.
func (w *world) checks(org, one string, all int) {
	w.t.Helper()
	w.do("lab", http.MethodPost, "/api/v1/resources/"+one+"/check", map[string]any{})
	w.until("the one is fresh", func() bool { return w.search(org+"&freshness=fresh").Total == 1 })
	check := map[string]any{"filter": map[string]any{"freshness": "check"}, "part": "verb", "op": "verb", "value": []string{"check"}, "dry_run": true}
	if seen := w.do("lab", http.MethodPost, "/api/v1/resources/bulk", check); seen.Changed != int64(all-1) || seen.ID != "" {
		w.t.Errorf("the preview: %+v of %d", seen, all)
	}
	check["dry_run"] = false
	done := w.do("lab", http.MethodPost, "/api/v1/resources/bulk", check)
	w.until("all are fresh", func() bool { return w.search(org+"&freshness=fresh").Total == all })
	if back := w.do("lab", http.MethodPost, "/api/v1/bulk-edits/"+done.ID+"/undo", map[string]any{}); back.Changed != done.Changed {
		w.t.Errorf("taken back: %+v of %+v", back, done)
	}
	w.until("they are old again", func() bool { return w.search(org+"&freshness=stale").Total == all-1 })
	w.do("lab", http.MethodPost, "/api/v1/resources/bulk", check)
	w.until("all are fresh again", func() bool { return w.search(org+"&freshness=fresh").Total == all })
}

// prices: a tenth off every service, and back.
func (w *world) prices(org string, before found) {
	w.t.Helper()
	sum := func() (n int64) {
		for _, r := range w.search(org + "&q=%E7%A4%BA%E4%BE%8B&kind=service").Items {
			if r.Price != nil {
				n += r.Price.Amount
			}
		}
		return n
	}
	was := sum()
	edit := map[string]any{"filter": map[string]any{"kind": "service"}, "part": "prices", "op": "percent", "value": []string{"-10"}}
	done := w.do("lab", http.MethodPost, "/api/v1/resources/bulk", edit)
	if done.Changed != int64(before.Total) || sum() != was*9/10 {
		w.t.Errorf("%d of %d changed, %d → %d", done.Changed, before.Total, was, sum())
	}
	if !contains(w.page("lab", "/desk/bulk-edits/"+done.ID), "全部撤销") {
		w.t.Error("the page of the bulk edit does not offer the way back")
	}
	w.do("lab", http.MethodPost, "/api/v1/bulk-edits/"+done.ID+"/undo", map[string]any{})
	if sum() != was {
		w.t.Errorf("taken back: %d, was %d", sum(), was)
	}
	if a := w.call("lab2", http.MethodPost, "/api/v1/bulk-edits/"+done.ID+"/undo", map[string]any{}); a.status != http.StatusForbidden {
		w.t.Errorf("a stranger takes it back: %d", a.status)
	}
}

// reviewed: the county asks for a second reader from today on.
func (w *world) reviewed() {
	w.t.Helper()
	w.form("officer", "/desk/check-terms", url.Values{"region": {"330402"}, "since": {w.day(0)}, "days": {"90"}, "warn": {"14"}, "again": {"7"}, "review": {"yes"}, "source": {"示例·南湖区共享办法"}}, nil)
	body := map[string]any{"kind": "service", "name_zh": "示例·高温蠕变试验", "class": "test", "prices": []map[string]any{{"audience": "external", "unit": "sample", "amount": 80000, "currency": "CNY"}}, "fields": map[string]any{}}
	made := w.do("lab", http.MethodPost, "/api/v1/resources", body)
	path := "/api/v1/resources/" + made.ID
	if made.Status != "review" || w.call("", http.MethodGet, path, nil).status != http.StatusNotFound {
		w.t.Fatalf("it was published without a second reader: %+v", made)
	}
	if a := w.call("lab", http.MethodPost, path+"/review", map[string]any{"decision": "approve"}); a.status != http.StatusForbidden {
		w.t.Errorf("who submitted it approves: %d %s", a.status, a.body)
	}
	if a := w.call("operator", http.MethodPost, path+"/review", map[string]any{"decision": "return"}); a.status != http.StatusUnprocessableEntity {
		w.t.Errorf("given back without a reason: %d", a.status)
	}
	w.do("operator", http.MethodPost, path+"/review", map[string]any{"decision": "return", "note": "请写明试验标准和最高温度"})
	if !contains(w.page("lab", "/desk/resources/"+made.ID), "请写明试验标准和最高温度") {
		w.t.Error("the owner does not see why")
	}
	w.until("the owner is told", func() bool { return contains(w.page("lab", "/desk/messages"), "审核后退回") })
	body["summary"] = "GB/T 2039-2012，最高 1,000 ℃。"
	w.do("lab", http.MethodPut, path, body)
	if again := w.do("lab", http.MethodPost, path+"/publish", map[string]any{}); again.Status != "review" {
		w.t.Errorf("submitted again: %+v", again)
	}
	if done := w.do("operator", http.MethodPost, path+"/review", map[string]any{"decision": "approve"}); done.Status != "published" {
		w.t.Errorf("approved: %+v", done)
	}
	w.until("everybody finds it", func() bool { return w.search("q=%E9%AB%98%E6%B8%A9%E8%A0%95%E5%8F%98").Total > 0 })
}
