package scenario

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A firm asks the demo's expert for contact; the expert accepts and the firm sees the address, until the consent is
// withdrawn. Who is deleted is gone from search, from the page and from what others harvest, and an import does not bring
// them back.
func TestAPersonDecidesAboutTheirRecord(t *testing.T) {
	engines(t, func(_ *testing.T, w *world) {
		s := personStory{world: w}
		s.begin()
		s.contact()
		s.withdraw()
		s.forgotten()
		w.verified()
	})
}

type personStory struct {
	*world
	record  string // the expert's
	request string
}

func (s *personStory) begin() {
	var me struct {
		Items []struct {
			ID       string `json:"id"`
			Email    string `json:"email"`
			Requests []struct {
				ID    string `json:"id"`
				State string `json:"state"`
			} `json:"requests"`
		} `json:"items"`
	}
	s.call("expert", http.MethodGet, "/api/v1/expert", nil).into(s.t, &me)
	if len(me.Items) != 1 || me.Items[0].Email == "" || len(me.Items[0].Requests) != 1 || me.Items[0].Requests[0].State != "sent" {
		s.t.Fatalf("about the expert: %+v", me)
	}
	s.record, s.request = me.Items[0].ID, me.Items[0].Requests[0].ID
	for _, page := range [][]byte{s.page("", "/resources/"+s.record), s.page("firm2", "/resources/"+s.record), s.page("lab", "/resources/"+s.record)} {
		if contains(page, me.Items[0].Email) {
			s.t.Error("the page of the record shows the address")
		}
	}
}

// addresses asks for the request as its firm.
func (s *personStory) addresses() (state, email string) {
	var r struct{ State, Email string }
	s.call("firm", http.MethodGet, "/api/v1/contacts/"+s.request, nil).into(s.t, &r)
	return r.State, r.Email
}

func (s *personStory) contact() {
	if state, email := s.addresses(); state != "sent" || email != "" {
		s.t.Errorf("before the answer: %s %s", state, email)
	}
	if a := s.call("firm2", http.MethodGet, "/api/v1/contacts/"+s.request, nil); a.status != http.StatusNotFound {
		s.t.Errorf("a stranger reads the request: %d", a.status)
	}
	if a := s.call("firm", http.MethodPost, "/api/v1/contacts/"+s.request+"/accept", map[string]any{}); a.status < 400 {
		s.t.Errorf("the firm answered itself: %d", a.status)
	}
	if a := s.call("expert", http.MethodPost, "/api/v1/contacts/"+s.request+"/accept", map[string]any{"note": "请来信"}); a.status != http.StatusOK {
		s.t.Fatalf("accept: %d %s", a.status, a.body)
	}
	if state, email := s.addresses(); state != "accepted" || !strings.Contains(email, "@") {
		s.t.Errorf("after the acceptance: %s %s", state, email)
	}
	if !contains(s.page("expert", "/desk/expert"), "示例·禾城新材料有限公司") {
		s.t.Error("the expert does not see who looked at the address")
	}
}

func (s *personStory) withdraw() {
	path := "/api/v1/experts/" + s.record
	if a := s.call("expert", http.MethodDelete, path+"/consents/contact", nil); a.status >= 300 {
		s.t.Fatalf("withdraw: %d %s", a.status, a.body)
	}
	if state, email := s.addresses(); state != "closed" || email != "" {
		s.t.Errorf("after the withdrawal: %s %s", state, email)
	}
	ask := map[string]any{"subject": "再请教一次", "message": "还是上次的材料，想再请您看一看。"}
	if a := s.call("firm", http.MethodPost, path+"/contact", ask); a.status != http.StatusConflict || a.problem() != "no-consent" {
		s.t.Errorf("asked after the withdrawal: %d %s", a.status, a.body)
	}
	var conflicts struct {
		Items []struct{ Basis string } `json:"items"`
	}
	var owner struct{ Owner struct{ ID string } }
	s.call("", http.MethodGet, "/api/v1/resources/"+s.record, nil).into(s.t, &owner)
	s.call("officer", http.MethodGet, path+"/conflicts?organisation="+owner.Owner.ID, nil).into(s.t, &conflicts)
	if len(conflicts.Items) == 0 {
		s.t.Error("the expert's own institution is no conflict")
	}
}

func (s *personStory) forgotten() {
	if a := s.call("expert", http.MethodDelete, "/api/v1/experts/"+s.record, nil); a.status != http.StatusNoContent {
		s.t.Fatalf("delete: %d %s", a.status, a.body)
	}
	if a := s.call("", http.MethodGet, "/resources/"+s.record, nil); a.status != http.StatusGone || contains(a.body, "郑远航") {
		s.t.Errorf("the page after it: %d", a.status)
	}
	var me struct {
		Items []struct{ ID string } `json:"items"`
	}
	if s.call("expert", http.MethodGet, "/api/v1/expert", nil).into(s.t, &me); len(me.Items) != 0 {
		s.t.Errorf("kept: %+v", me)
	}
	var found struct {
		Total int `json:"total"`
	}
	s.until("the record has left search", func() bool {
		s.call("", http.MethodGet, "/api/v1/resources?kind=expert&q="+url.QueryEscape(`"郑远航"`), nil).into(s.t, &found)
		return found.Total == 0
	})
	var r struct {
		Rejected int `json:"rejected"`
		Accepted int `json:"accepted"`
	}
	s.upload("lab", "/api/v1/imports?name=experts.csv&kind=expert", "编号,名称,工作单位\nE-NH-01,示例·郑远航,示例·南湖检测研究院\n").into(s.t, &r)
	if r.Rejected != 1 || r.Accepted != 0 {
		s.t.Errorf("an import brings the expert back: %+v", r)
	}
}
