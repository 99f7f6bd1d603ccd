package scenario

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"qiao/internal/platform/clock"
)

// An officer imports a spreadsheet of high-tech enterprises. What is written by its code is matched at once, what is
// written another way waits for a person. What has lapsed does not count; calls for proposals and vouchers ask the lists, and
// a firm on a ban is refused with the reason, until the ban lapses.
func TestARosterDecides(t *testing.T) {
	engines(t, func(_ *testing.T, w *world) {
		s := rosterStory{world: w}
		s.begin()
		s.importAndMatch()
		s.callAsks()
		s.banBlocks()
		w.verified()
	})
}

type rosterStory struct {
	*world
	org, name, code string            // the firm
	lists           map[string]string // ids by code
	today           string
}

func (s *rosterStory) begin() {
	var me struct {
		Organisation string `json:"organisation"`
		Acting       struct {
			Name string `json:"name_zh"`
		} `json:"acting"`
	}
	s.call("firm2", "GET", "/api/v1/me", nil).into(s.t, &me)
	s.org, s.name, s.lists, s.today = me.Organisation, me.Acting.Name, map[string]string{}, clock.Day(time.Now()) //nolint:forbidigo // the program runs by the real clock
	found := regexp.MustCompile(`Y1999999[0-9A-Z]{10}`).FindString(string(s.page("officer", "/organisations/"+s.org)))
	if s.code = found; found == "" {
		s.t.Fatal("the page of the firm does not show its code")
	}
	var lists struct {
		Items []struct{ ID, Code string } `json:"items"`
	}
	s.call("officer", "GET", "/api/v1/rosters", nil).into(s.t, &lists)
	for _, l := range lists.Items {
		s.lists[l.Code] = l.ID
	}
	if s.lists["hnte"] == "" || s.lists["voucher-ban"] == "" {
		s.t.Fatalf("the demo's lists are %v", s.lists)
	}
}

// post sends a form as a login and gives where it leads.
func (s *rosterStory) post(login, path, contentType string, body []byte) string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", "Bearer "+s.token(login))
	res, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		s.t.Fatalf("POST %s as %s: %d", path, login, res.StatusCode)
	}
	to := res.Header.Get("Location")
	if i := strings.IndexByte(to, '?'); i >= 0 {
		to = to[:i]
	}
	return to
}

func (s *rosterStory) form(login, path string, values url.Values) string {
	s.t.Helper()
	return s.post(login, path, "application/x-www-form-urlencoded", []byte(values.Encode()))
}

// upload imports a spreadsheet into a list, after a look at its preview.
func (s *rosterStory) upload(list, csv string, whole bool, preview ...string) {
	s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	if whole {
		_ = m.WriteField("whole", "1") // a buffer takes everything
	}
	part, err := m.CreateFormFile("file", "名单.csv")
	if err == nil {
		_, err = part.Write([]byte(csv))
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	look := s.post("officer", "/desk/rosters/"+s.lists[list]+"/import", m.FormDataContentType(), b.Bytes())
	page := s.page("officer", look)
	for _, text := range preview {
		if !contains(page, text) {
			s.t.Errorf("the preview of %s does not show %q", list, text)
		}
	}
	s.form("officer", look+"/apply", nil)
}

// standing are the codes of the lists the firm stands on, on a day.
func (s *rosterStory) standing(day string) []string {
	s.t.Helper()
	var out struct {
		Items []struct{ Roster string } `json:"items"`
	}
	s.call("firm2", "GET", "/api/v1/organisations/"+s.org+"/standing?on="+day, nil).into(s.t, &out)
	var codes []string
	for _, x := range out.Items {
		codes = append(codes, x.Roster)
	}
	return codes
}

func (s *rosterStory) importAndMatch() {
	other := strings.Replace(s.name, "有限公司", "有限责任公司", 1)
	s.upload("hnte", "企业名称,统一社会信用代码,证书编号,发证日期,有效期至\n"+
		other+",,GR209933009999,"+s.today+",\n"+ // no code, another legal form: a person has to look
		s.name+","+s.code+",GR201933000001,2019-12-01,2022-11-30\n"+ // lapsed
		"示例·无此企业有限公司,,GR209933009998,昨天,\n", false, other, "GR201933000001", "昨天")
	if on := s.standing(s.today); slices.Contains(on, "hnte") {
		s.t.Errorf("before anybody looked, or by a lapsed entry, the firm stands on %v", on)
	}
	if on := s.standing("2021-06-01"); !slices.Contains(on, "hnte") {
		s.t.Errorf("on a day on which the old entry held, it stands on %v", on)
	}
	page := string(s.page("officer", "/desk/rosters/"+s.lists["hnte"]+"?show=open"))
	entry := regexp.MustCompile(`/desk/roster-entries/([0-9a-f-]{36})"[^<]*>[^<]*` + regexp.QuoteMeta(other)).FindStringSubmatch(page)
	if entry == nil {
		s.t.Fatalf("the unclear entry does not wait: %s", page[:min(len(page), 2000)])
	}
	s.form("officer", "/desk/roster-entries/"+entry[1]+"/match", url.Values{"org": {s.code}})
	if on := s.standing(s.today); !slices.Contains(on, "hnte") {
		s.t.Errorf("matched by hand, it stands on %v", on)
	}
	if a := s.call("firm2", "GET", "/desk/rosters", nil); a.status != http.StatusForbidden {
		s.t.Errorf("a firm looks into the lists: %d", a.status)
	}
}

func (s *rosterStory) callAsks() {
	find := func(text string) string {
		var out struct {
			Items []struct {
				ID      string   `json:"id"`
				Rosters []string `json:"rosters"`
			} `json:"items"`
		}
		s.call("", "GET", "/api/v1/policies?limit=1&q="+url.QueryEscape(text), nil).into(s.t, &out)
		if len(out.Items) == 0 || len(out.Items[0].Rosters) == 0 {
			s.t.Fatalf("no call asks for %s: %+v", text, out)
		}
		return "/calls/" + out.Items[0].ID
	}
	call := find("高新技术企业")
	if page := s.page("firm2", call); !contains(page, "贵单位在“高新技术企业”名单上") {
		s.t.Error("the call does not say that the firm stands on its list")
	}
	if page := s.page("", call); contains(page, "贵单位") || !contains(page, "名单要求") {
		s.t.Error("a visitor is told of a firm, or not told of the list")
	}
}

func (s *rosterStory) anyCall() string {
	s.t.Helper()
	var out struct {
		Items []struct{ ID string } `json:"items"`
	}
	s.call("", "GET", "/api/v1/policies?limit=1", nil).into(s.t, &out)
	return out.Items[0].ID
}

// apply asks for a quota and gives the problem it was refused with.
func (s *rosterStory) apply() (answer, string) {
	s.t.Helper()
	var programmes struct {
		Items []struct{ ID string } `json:"items"`
	}
	s.call("", "GET", "/api/v1/voucher-programmes", nil).into(s.t, &programmes)
	a := s.call("firm2", "POST", "/api/v1/voucher-programmes/"+programmes.Items[0].ID+"/applications",
		map[string]any{"amount": 100_000, "purpose": "示例：齿轮疲劳试验", "statements": []string{"honest", "own-research"}})
	return a, a.problem()
}

func (s *rosterStory) banBlocks() {
	a, _ := s.apply()
	if a.status != http.StatusCreated {
		s.t.Fatalf("without a ban: %d %s", a.status, a.body)
	}
	var made struct{ ID string }
	if a.into(s.t, &made); !contains(s.page("officer", "/desk/vouchers/"+made.ID), "失信名单") {
		s.t.Error("the officer who decides does not read that the firm stands on no ban")
	}
	if a := s.call("officer", "POST", "/api/v1/voucher-applications/"+made.ID+"/refuse", map[string]any{"note": "示例：请补充材料"}); a.status != http.StatusOK {
		s.t.Fatalf("refuse: %d %s", a.status, a.body)
	}
	ban := func(to string) {
		s.upload("voucher-ban", fmt.Sprintf("企业名称,统一社会信用代码,列入日期,截止日期,列入原因\n%s,%s,2025-01-10,%s,示例：套取创新券\n", s.name, s.code, to), true, s.name)
	}
	ban("2099-12-31")
	a, problem := s.apply()
	if a.status == http.StatusCreated || !contains(a.body, "失信名单") {
		s.t.Errorf("on the ban: %d %s %s", a.status, problem, a.body)
	}
	if page := s.page("firm2", "/calls/"+s.anyCall()); !contains(page, "失信名单") {
		s.t.Error("a call for proposals does not say that a ban stands in the way")
	}
	ban("2025-12-31")
	if a, _ := s.apply(); a.status != http.StatusCreated {
		s.t.Errorf("after the ban has lapsed: %d %s", a.status, a.body)
	}
}
