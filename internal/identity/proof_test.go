package identity

import (
	"strings"
	"testing"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/i18n"
)

const marked = `action,capacity,roles,side,note
money.pay,authority,*,region,付款
money.look,authority,*,region,查看
money.pay,step-up,*,,再次输入密码
`

func TestWhatIsMarkedAsksForThePassword(t *testing.T) {
	p, err := ReadPolicy(strings.NewReader(marked))
	if err != nil {
		t.Fatal(err)
	}
	by := Subject{Person: "p", Org: "o", Region: "330400", Role: RoleOfficer, Capacities: []string{CapacityAuthority}}
	o := Object{Region: "330402"}
	for _, tc := range []struct {
		action string
		stale  bool
		want   string
	}{{"money.pay", false, ""}, {"money.pay", true, "step-up"}, {"money.look", true, ""}} {
		by.Stale = tc.stale
		wants(t, p.Can(by, tc.action, o), "") // buttons are shown
		wants(t, p.Act(by, tc.action, o), tc.want)
	}
	if len(p.Actions()) != 2 || len(p.Rules("money.pay")) != 1 {
		t.Errorf("the mark is a row: %v", p.Actions())
	}
	if _, err := ReadPolicy(strings.NewReader("money.pay,step-up,*,,x\n")); err == nil {
		t.Error("an action nobody may do can be marked")
	}
}

// A session is fresh after its sign-in and stale a while later; a form that is stopped goes on with the password, with
// everything that was typed.
func TestAFormStoppedForThePasswordGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		s := newSite(t, w, i18n.ZH)
		s.post("/sign-in", "login", "officer@test.cn", "password", password).goes("/desk")
		s.post("/account/tokens", "token_name", "付款脚本", "days", "30", "money", "on").want(201, "code.secret")

		w.clock.Advance(16 * time.Minute)
		s.post("/account/tokens", "token_name", "同步脚本", "days", "30").want(201, "code.secret") // moves no money
		stopped := s.post("/account/tokens", "token_name", "第二个脚本", "days", "7", "money", "on")
		stopped.want(403, "input[name=proof][type=password]", `form[action="/account/tokens"] input[type=hidden][name=token_name][value="第二个脚本"]`, "input[name=days][value='7']")
		again := s.post("/account/tokens", "token_name", "第二个脚本", "days", "7", "money", "on", "proof", "wrong-password")
		again.want(403, "input[name=proof]", `input[name=token_name][value="第二个脚本"]`, ".field-error")
		if html, _ := again.Html(); strings.Contains(html, "wrong-password") {
			t.Error("the page shows the password")
		}
		made := s.post("/account/tokens", "token_name", "第二个脚本", "days", "7", "money", "on", "proof", password).want(201, "code.secret")
		s.post("/account/tokens", "token_name", "第三个脚本", "days", "7", "money", "on").want(201) // not asked again at once

		program := s.browser()
		program.token = strings.TrimSpace(made.Find("code.secret").Text())
		sub, err := w.Authenticate(t.Context(), "", program.token)
		wants(t, err, "")
		wants(t, sub.Fresh(), "")
		secret, _, err := w.IssueToken(t.Context(), Subject{Person: sub.Person, Membership: sub.Membership, Session: "a session"}, "同步", 1)
		wants(t, err, "")
		if sub, err = w.Authenticate(t.Context(), "", secret); err != nil || sub.Fresh() == nil {
			t.Errorf("a plain token may move money (%v)", err)
		}
		var answer map[string]any
		if got := program.json("POST", "/me/proof", `{"password":"`+password+`"}`, &answer); got != 409 {
			t.Errorf("a program proved itself: %d %v", got, answer)
		}
	})
}

func TestProgramsWithASessionProveThemselves(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	s := newSite(t, w, i18n.ZH)
	s.post("/sign-in", "login", "officer@test.cn", "password", password).goes("/desk")
	w.clock.Advance(time.Hour)
	var answer map[string]any
	if got := s.json("POST", "/me/proof", `{"password":"not this one"}`, &answer); got != 422 {
		t.Errorf("a wrong password: %d %v", got, answer)
	}
	if res, b := s.do("POST", "/api/v1/me/proof", "application/json", `{"password":"`+password+`"}`); res.StatusCode != 204 {
		t.Errorf("a right password: %d %s", res.StatusCode, b)
	}
	s.post("/account/tokens", "token_name", "脚本", "days", "7", "money", "on").want(201)

	for range 5 { // wrong ones count as failed sign-ins
		s.json("POST", "/me/proof", `{"password":"not this one"}`, &answer)
	}
	if got := s.json("POST", "/me/proof", `{"password":"`+password+`"}`, &answer); got != 429 {
		t.Errorf("the door is open after five failures: %d", got)
	}
	s.get("/account/proof").want(200, "input[name=password]")
}
