package scenario

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"
)

var (
	codeLink = regexp.MustCompile(`/at/([a-z2-7]{16})\?number=(DD[0-9-]+)`)
	pinFact  = regexp.MustCompile(`>(\d{6})<`)
)

// jump sets the platform's clock to an instant; the tokens that people had may end meanwhile.
func (w *world) jump(at time.Time) {
	w.clock.by.Store(int64(time.Until(at)))
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.tokens)
}

// Somebody scans the code on an instrument, is told that it is too early, comes back, starts with number and personal code and
// forgets to stop. The rule closes the session; its hours stand on the order and in the provider's record.
func TestASessionIsForgotten(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		resource, free := w.freeSlots(3)
		var placed, now struct {
			ID, Number, State string
			Minutes           int64
		}
		s := free[2]
		a := w.call("firm", http.MethodPost, "/api/v1/orders", map[string]any{"kind": "booking", "resource": resource, "start": s.Start, "end": s.End})
		if a.status != http.StatusCreated {
			t.Fatalf("book: %d %s", a.status, a.body)
		}
		a.into(t, &placed)
		lab := ""
		for _, login := range []string{"lab", "lab2", "wuzhen", "qingpu"} {
			if a := w.call(login, http.MethodPost, "/api/v1/orders/"+placed.ID+"/accept", map[string]any{}); a.status == http.StatusOK {
				lab = login
				break
			}
		}
		if lab == "" {
			t.Fatal("nobody accepts")
		}
		w.page(lab, "/desk/onsite/codes")
		page := "/desk/orders/" + placed.ID
		w.until("the order leads to the instrument", func() bool { return codeLink.Match(w.page("firm", page)) })
		found := codeLink.FindSubmatch(w.page("firm", page))
		code, pin := string(found[1]), string(pinFact.FindSubmatch(w.page("firm", page))[1])
		if contains(w.page(lab, page), pin) {
			t.Error("the provider sees the personal code")
		}
		act := func(do string) int {
			res, err := w.client.PostForm(w.url+"/at/"+code, url.Values{"number": {string(found[2])}, "pin": {pin}, "do": {do}})
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close() // only its status counts
			return res.StatusCode
		}
		start, err := time.Parse(time.RFC3339, s.Start)
		if err != nil {
			t.Fatal(err)
		}
		if status := act("start"); status != http.StatusConflict {
			t.Errorf("a day early: %d", status)
		}
		w.jump(start.Add(-5 * time.Minute))
		if status := act("check-in"); status != http.StatusSeeOther {
			t.Fatalf("check in: %d", status)
		}
		if status := act("start"); status != http.StatusSeeOther {
			t.Fatalf("start: %d", status)
		}
		w.jump(start.Add(5 * time.Hour))
		w.until("the rule closes the session", func() bool {
			w.call("firm", http.MethodGet, "/api/v1/orders/"+placed.ID, nil).into(t, &now)
			return now.State == "done"
		})
		if now.Minutes < 90 || now.Minutes > 97 { // an hour, five minutes early, thirty of grace
			t.Errorf("%d minutes", now.Minutes)
		}
		var sessions struct {
			Items []struct {
				Number   string `json:"number"`
				Minutes  int64  `json:"minutes"`
				Over     int64  `json:"over_minutes"`
				Internal bool   `json:"internal"`
				ByRule   bool   `json:"closed_by_rule"`
			} `json:"items"`
		}
		w.call(lab, http.MethodGet, "/api/v1/sessions", nil).into(t, &sessions)
		for _, x := range sessions.Items {
			if x.Number == placed.Number && (x.Minutes != now.Minutes || x.Over != now.Minutes-60 || x.Internal || !x.ByRule) {
				t.Errorf("%+v", x)
			}
		}
		if !contains(w.page("firm", page), "按规则停机") || !contains(w.page(lab, "/desk/onsite?month="+start.Format("2006-01")), "按规则停机") {
			t.Error("nobody is told that the rule closed it")
		}
		w.verified()
	})
}
