package identity

import (
	"encoding/json"
	"fmt"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

// program is the site for a program with an API token of the login; an empty login has none.
func (s *site) program(login string) *site {
	s.t.Helper()
	p := s.browser()
	if login == "" {
		return p
	}
	secret, _, err := s.IssueToken(s.t.Context(), s.as(s.t, login), "test", 1)
	if err != nil {
		s.t.Fatal(err)
	}
	p.token = secret
	return p
}

func TestPartyAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, newWorld(t, d), i18n.ZH)
		body, err := json.Marshal(exampleRegistration())
		if err != nil {
			t.Fatal(err)
		}
		var o wireOrganisation
		if status := s.program("").json("POST", "/organisations", string(body), &o); status != 201 || o.Status != StatusRegistered || len(o.Capacities) != 1 {
			t.Fatalf("%d %+v", status, o)
		}
		path := "/organisations/" + o.ID
		var problem web.Problem
		if status := s.program("").json("POST", "/organisations", string(body), &problem); status != 409 || problem.Type != "/api/problems/login-taken" {
			t.Errorf("registered twice: %d %+v", status, problem)
		}
		if status := s.program("").json("GET", path, "", &problem); status != 404 {
			t.Errorf("a visitor reads a registration: %d", status)
		}
		for _, c := range []struct {
			login, verb, body string
			status            int
			want              string
		}{
			{"", "verify", `{}`, 401, "/api/problems/sign-in"},
			{"example@hecheng.example", "verify", `{}`, 403, "/api/problems/other-capacity"},
			{"officer@test.cn", "fly", `{}`, 404, "/api/problems/verb-unknown"},
			{"officer@test.cn", "refuse", `{}`, 422, "/api/problems/reason-needed"},
			{"officer@test.cn", "suspend", `{"reason":"先停一停看看"}`, 409, "/api/problems/state-conflict"},
		} {
			status := s.program(c.login).json("POST", path+"/"+c.verb, c.body, &problem)
			if status != c.status || problem.Type != c.want && problem.Type != c.want+"-needed" {
				t.Errorf("%s by %q: %d %s", c.verb, c.login, status, problem.Type)
			}
		}
		officer := s.program("officer@test.cn")
		if status := officer.json("POST", path+"/verify", ``, &o); status != 200 || o.Status != StatusVerified {
			t.Fatalf("verify without a body: %d %+v", status, o)
		}
		if status := s.program("").json("GET", path, "", &o); status != 200 || o.RegionPath != "浙江省 嘉兴市 南湖区" {
			t.Errorf("%d %+v", status, o)
		}
	})
}

func TestResubmitAPI(t *testing.T) {
	s := newSite(t, newWorld(t, dbtest.SQLite(t)), i18n.ZH)
	o := s.register(t, firm(""))
	s.decide(t, o.ID, VerbRefuse)
	own := s.program("firm@test.cn")
	var got wireOrganisation
	if status := own.json("GET", "/organisations/"+o.ID, "", &got); status != 200 || got.StatusReason == "" {
		t.Errorf("the reason is not told: %d %+v", status, got)
	}
	body := `{"facts":{"name_zh":"示例·新名","uscc":"91350200776049653A","region":"330402","capacities":["enterprise"]}}`
	if status := own.json("POST", "/organisations/"+o.ID+"/resubmit", body, &got); status != 200 || got.Status != StatusRegistered || got.NameZH != "示例·新名" {
		t.Errorf("%d %+v", status, got)
	}
}

func TestFindAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, newWorld(t, d), i18n.ZH)
		for i := range 7 {
			s.putUnclaimed(t, Organisation{
				NameZH: fmt.Sprintf("研究院 100%%_%d", i), NameEN: "Institute", Region: []string{"330402", "310115"}[i%2], Kind: "institute", Source: "ROR", SourceID: fmt.Sprint(i),
			})
		}
		s.register(t, firm("")) // waits: not public
		type list struct {
			Items []wireOrganisation `json:"items"`
			Next  string             `json:"next"`
		}
		seen, cursor := map[string]bool{}, ""
		for range 10 {
			var l list
			if status := s.json("GET", "/organisations?limit=4&cursor="+cursor, "", &l); status != 200 {
				t.Fatalf("status %d", status)
			}
			for _, o := range l.Items {
				seen[o.ID] = true
			}
			if cursor = l.Next; cursor == "" {
				break
			}
		}
		if len(seen) != 9 { // and the authority and the operator
			t.Errorf("%d organisations seen over the pages, want 9", len(seen))
		}
		for query, want := range map[string]int{
			"?status=unclaimed": 7, "?status=unclaimed&status=verified": 9, "?q=institute": 7, "?q=100%25_3": 1, "?q=x%25": 0, "?region=330400&q=Institute": 4, "?region=310000": 3, "?capacity=authority": 1, "?capacity=auditor": 0,
		} {
			var l list
			if status := s.json("GET", "/organisations"+query, "", &l); status != 200 || len(l.Items) != want {
				t.Errorf("%s: %d, %d items, want %d", query, status, len(l.Items), want)
			}
		}
		var problem web.Problem
		if status := s.json("GET", "/organisations?status=registered", "", &problem); status != 401 {
			t.Errorf("a visitor lists registrations: %d", status)
		}
		var waiting list
		if status := s.program("officer@test.cn").json("GET", "/organisations?status=registered", "", &waiting); status != 200 || len(waiting.Items) != 1 {
			t.Errorf("the officer lists registrations: %d, %d items", status, len(waiting.Items))
		}
		if status := s.json("GET", "/organisations?cursor=x", "", &problem); status != 400 {
			t.Errorf("a bad cursor gives %d", status)
		}
	})
}

func TestRegionsAndMeAPI(t *testing.T) {
	s := newSite(t, newWorld(t, dbtest.SQLite(t)), i18n.ZH)
	var l struct {
		Items []wireRegion `json:"items"`
	}
	for query, want := range map[string]string{"": "310000 330000", "?parent=330400": "330402 330481", "?code=330402": "330000 330400 330402", "?parent=x": ""} {
		s.json("GET", "/regions"+query, "", &l)
		got := ""
		for _, r := range l.Items {
			got += " " + r.Code
		}
		if got != "" && got[1:] != want || got == "" && want != "" {
			t.Errorf("regions%s: %q, want %q", query, got, want)
		}
	}
	var problem web.Problem
	if status := s.json("GET", "/regions?code=999999", "", &problem); status != 404 {
		t.Errorf("status %d", status)
	}
	if status := s.json("GET", "/me", "", &problem); status != 401 {
		t.Errorf("status %d", status)
	}
	var me wireMe
	if status := s.program("officer@test.cn").json("GET", "/me", "", &me); status != 200 || me.Region != "330400" || len(me.Capacities) != 1 {
		t.Errorf("%d %+v", status, me)
	}
}
