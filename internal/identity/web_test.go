package identity

import (
	"context"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/id"
)

// signIn signs the browser in.
func (s *site) signIn(login string) *site {
	s.t.Helper()
	s.post("/sign-in", "login", login, "password", password).goes("/desk")
	return s
}

var registration = []string{
	"name_zh", "示例·禾城新材料", "capacities", "enterprise", "capacities", "provider", "uscc", "91350100M0001TGQXM", "kind", "company",
	"region", "330402", "name", "沈一", "login", "firm@test.cn", "password", password,
}

func TestRegisterPage(t *testing.T) {
	s := newSite(t, newWorld(t, dbtest.SQLite(t)), i18n.ZH)
	s.get("/register").want(200, "form[action='/register'] input[name=uscc]", "select[name=region] option[value='330402']",
		"select[name=region] option[value='310115']", "!select option[value='330104']", "!input[name=uscc_confirmed]", "input[name=request]")

	p := s.post("/register", registration...).want(422, ".summary a[href='#f-uscc']", "input[name=uscc][value='91350100M0001TGQXM']",
		"input[name=name_zh][value='示例·禾城新材料']", "input[name=capacities][value=provider][checked]", "option[value='330402'][selected]",
		"input[name=uscc_confirmed]", "textarea[name=uscc_note]", "!input[name=password][value]")
	p.says(".note.warn", "早期试点")
	s.post("/register", append(registration, "uscc_confirmed", "1")...).want(422, ".summary a[href='#f-uscc_note']", "input[name=uscc_confirmed][checked]")

	s.post("/register", append(registration, "uscc_confirmed", "1", "uscc_note", "营业执照 2015 年试点发放")...).goes("/account/organisation")
	s.get("/account/organisation").want(200, ".stepper .now", ".flash", "!#mend").says("h1", "示例·禾城新材料").says(".uscc-note", "试点").says("#people", "沈一")
	s.browser().post("/register", registration...).want(422)
	again := append([]string{}, registration...)
	again = append(again, "uscc_confirmed", "1", "uscc_note", "营业执照 2015 年试点发放")
	again[7] = "91350200MA2YJ1XR9G"
	s.browser().post("/register", again...).want(409, ".summary a[href='#f-login']")
}

func TestRegisterTwiceTheSameClick(t *testing.T) {
	s := newSite(t, newWorld(t, dbtest.SQLite(t)), i18n.ZH)
	form := url.Values{"request": {id.New()}}
	for i := 0; i+1 < len(registration); i += 2 {
		form.Add(registration[i], registration[i+1])
	}
	form.Set("uscc", "91350200MA2YJ1XR9G")
	for range 2 {
		res, b := s.browser().do("POST", "/register", "application/x-www-form-urlencoded", form.Encode())
		s.page(res, b).goes("/account/organisation")
	}
	if n := count(t, s.db, `SELECT COUNT(*) FROM identity_organisation WHERE status = 'registered'`); n != 1 {
		t.Errorf("%d organisations registered", n)
	}
}

func TestSignInPage(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	s := newSite(t, w, i18n.ZH)
	s.get("/sign-in?next=/desk/orders").want(200, "input[name=next][value='/desk/orders']", "!#demo")
	s.get("/sign-in?next=https://evil.example").want(200, "input[name=next][value='/']")
	s.post("/sign-in", "login", "", "password", "").want(422, "a[href='#f-login']", "a[href='#f-password']")
	known := s.post("/sign-in", "login", "officer@test.cn", "password", "wrong").want(401, "input[name=login][value='officer@test.cn']", "!input[type=password][value]")
	unknown := s.post("/sign-in", "login", "nobody@test.cn", "password", "wrong").want(401)
	if a, b := known.Find(".summary").Text(), unknown.Find(".summary").Text(); a != b || a == "" {
		t.Errorf("%q for a login that exists, %q for one that does not", a, b)
	}
	s.get("/account").goes("/sign-in?next=%2Faccount")
	s.post("/sign-in", "login", "officer@test.cn", "password", password, "next", "/desk/organisations").goes("/desk/organisations")
	s.get("/account").want(200, "#sessions", "#tokens")
	s.post("/sign-in", "login", "operator@test.cn", "password", password).goes("/desk")
	if n := count(t, s.db, `SELECT COUNT(*) FROM identity_session`); n != 1 {
		t.Errorf("%d sessions after signing in as another person", n)
	}
	s.post("/sign-out").goes("/")
	s.get("/account").goes("/sign-in?next=%2Faccount")
	for range 5 {
		s.post("/sign-in", "login", "operator@test.cn", "password", "wrong")
	}
	s.post("/sign-in", "login", "operator@test.cn", "password", password).want(429).says(".summary", "15 分钟")

	w.deps.DemoLogins = []DemoLogin{{"officer@test.cn", password, "主管部门"}}
	s.get("/sign-in").want(200, "#demo form input[name=login][value='officer@test.cn']")
}

func TestAccountPage(t *testing.T) {
	s := newSite(t, newWorld(t, dbtest.SQLite(t)), i18n.ZH)
	s.register(t, firm(""))
	s.signIn("firm@test.cn")
	s.get("/account").want(200, "#acting .status", "#sessions form").says("#acting", "管理员").says("#sessions", "Firefox · Linux")
	s.post("/account/profile", "name", "", "phone", "abc").want(422, "#profile .summary a[href='#f-name']", "input[name=phone][value=abc]")
	s.post("/account/profile", "name", "沈二", "language", "en").goes("/account")
	s.get("/account").want(200, "input[name=name][value='沈二']", "option[value=en][selected]")
	s.post("/account/password", "old", "wrong", "password", "a-new-password-1").want(422, "#password .summary")
	s.post("/account/password", "old", password, "password", "a-new-password-1").goes("/account")

	s.post("/account/tokens", "token_name", "", "days", "x").want(422, "#tokens .summary")
	p := s.post("/account/tokens", "token_name", "脚本", "days", "30").want(201, ".secret", "#tokens form[action$='/revoke']")
	program := s.browser()
	program.token = strings.TrimSpace(p.Find(".secret").Text())
	var me wireMe
	if status := program.json("GET", "/me", "", &me); status != 200 || me.Name != "沈二" || me.Acting == nil || me.Acting.Role != RoleAdmin {
		t.Errorf("%d %+v", status, me)
	}
	action, _ := p.Find("#tokens form[action$='/revoke']").Attr("action")
	s.post(action).goes("/account#tokens")
	if status := program.json("GET", "/me", "", &me); status != 401 {
		t.Errorf("status %d with a revoked token", status)
	}
	if n := count(t, s.db, `SELECT COUNT(*) FROM web_request WHERE body LIKE '%qiao_%'`); n != 0 {
		t.Error("a token's secret was stored with an answer")
	}

	other := s.browser()
	other.post("/sign-in", "login", "firm@test.cn", "password", "a-new-password-1").goes("/desk")
	action, _ = s.get("/account").Find("#sessions tr:not(:has(.tag)) form").Attr("action")
	s.post(action).goes("/account#sessions")
	other.get("/account").goes("/sign-in?next=%2Faccount")
}

func TestActingAs(t *testing.T) {
	s := newSite(t, newWorld(t, dbtest.SQLite(t)), i18n.ZH)
	s.register(t, firm(""))
	s.signIn("firm@test.cn")
	parent := s.get("/register").want(200, "input[name=parent]", "!input[name=login]").Find("input[name=parent]").AttrOr("value", "")
	s.post("/register", "name_zh", "示例·禾城检测中心", "capacities", "provider", "kind", "institute", "region", "330402", "parent", parent).goes("/account/organisation")
	p := s.get("/account").want(200, "#acting form[action='/account/acting']")
	other, _ := p.Find("#acting form input[name=membership]").Attr("value")
	s.post("/account/acting", "membership", other, "next", "/account").goes("/account")
	s.get("/account").says("#acting li:has(.tag)", "检测中心").says("#acting li:has(.tag)", "当前身份")
	s.post("/account/acting", "membership", s.officer.Membership).want(404)
}

func TestDeskVerifies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, newWorld(t, d), i18n.ZH)
		o := s.register(t, firm(""))
		firmSide := s.browser().signIn("firm@test.cn")
		s.get("/desk/organisations").goes("/sign-in?next=%2Fdesk%2Forganisations")
		firmSide.get("/desk/organisations").want(403)
		firmSide.get("/organisations/" + o.ID).want(200)
		s.get("/organisations/" + o.ID).want(404)

		desk := s.browser().signIn("officer@test.cn")
		desk.get("/desk/organisations?status=registered").want(200, "tbody tr", ".tabs a[aria-current]").says(".tabs a[aria-current] em", "1")
		desk.get("/desk/organisations?q=没有这个").want(200, ".empty")
		desk.get("/desk/organisations?q=禾城").want(200, "tbody tr")
		one := "/desk/organisations/" + o.ID
		desk.get(one).want(200, "form[action$='/verify']", "form[action$='/refuse'] textarea[name=reason]", "!form[action$='/suspend']")
		desk.post(one+"/refuse", "reason", "缺").want(422, ".summary a[href='#f-reason']").says("textarea[name=reason]", "缺")
		desk.post(one+"/refuse", "reason", "执照照片不清楚，请重新填写代码").goes(one)
		desk.post(one+"/refuse", "reason", "再退一次试试").want(409, ".summary")

		firmSide.get("/account/organisation").want(200, "#mend form", ".stepper .bad").says(".note.bad", "执照照片不清楚")
		firmSide.post("/account/organisation", "name_zh", "").want(422, "#mend .summary")
		firmSide.post("/account/organisation", "name_zh", "示例·禾城新材料二厂", "capacities", "enterprise", "uscc", "91350200776049653A", "kind", "company", "region", "330481").goes("/account/organisation")
		firmSide.post("/account/organisation", "name_zh", "x").want(422)

		desk.post(one + "/verify").goes(one)
		s.get("/organisations/"+o.ID).want(200, ".status.ok", "dl.facts").says("h1", "禾城新材料二厂").says("dl.facts", "浙江省 嘉兴市 海宁市")
		desk.get(one).want(200, "form[action$='/suspend']", "!form[action$='/verify']")
		desk.post(one+"/suspend", "reason", "群众举报，核实期间暂停").goes(one)
		s.get("/organisations/"+o.ID).want(200, ".note.warn")
		desk.post(one + "/verify").goes(one)
		desk.get("/desk/permissions").want(403)
	})
}

func TestOperatorPages(t *testing.T) {
	s := newSite(t, newWorld(t, dbtest.SQLite(t)), i18n.EN)
	s.signIn("operator@test.cn")
	s.get("/desk/permissions").want(200, "#organisation tbody tr", "#session").says("h1", "Permission").says("#organisation", "Science and technology authority")
	s.get("/desk/organisations").want(200, "tbody tr").says("h1", "Organisations")
}

func TestPublicRecordPage(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	s := newSite(t, w, i18n.ZH)
	w.deps.Slots = []Slot{
		func(context.Context, string) (templ.Component, error) { return nil, nil },
		func(_ context.Context, org string) (templ.Component, error) {
			return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
				_, err := io.WriteString(w, `<p id="slot">`+org+`</p>`)
				return err
			}), nil
		},
	}
	org := w.putUnclaimed(t, Organisation{NameZH: "嘉兴大学", NameEN: "Jiaxing University", Region: "330402", Kind: "university", ROR: "00j2a7k55", Source: "ROR", SourceID: "00j2a7k55", Licence: "CC0-1.0", RetrievedOn: "2026-11-01"})
	s.get("/organisations/"+org).want(200, ".provenance a[href='https://ror.org/00j2a7k55']", "#slot").says(".provenance", "CC0-1.0").says(".note.info", "尚未由该单位认领").says("#slot", org)
	s.get("/organisations/none").want(404)
}

func TestFamilyOnThePublicPage(t *testing.T) {
	s := newSite(t, newWorld(t, dbtest.SQLite(t)), i18n.EN)
	o := s.register(t, firm(""))
	s.decide(t, o.ID, VerbVerify)
	var children []Organisation
	for _, name := range []string{"·一所", "·二所"} {
		r := firm(name)
		r.USCC, r.Capacities, r.Parent = "", []string{CapacityProvider}, o.ID
		child, err := s.Register(t.Context(), s.as(t, "firm@test.cn"), r)
		wants(t, err, "")
		children = append(children, child)
	}
	s.decide(t, children[0].ID, VerbVerify)
	p := s.get("/organisations/"+o.ID).want(200, "a[href='/organisations/"+children[0].ID+"']", "!a[href='/organisations/"+children[1].ID+"']")
	p.says("dl.facts", "Nanhu, Jiaxing, Zhejiang").says(".tags", "Resource provider")
	s.get("/organisations/"+children[0].ID).want(200, "dl.facts a[href='/organisations/"+o.ID+"']")
}

func TestCookieOnHTTPS(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.deps.Secure = true
	s := newSite(t, w, i18n.ZH)
	res, _ := s.do("POST", "/sign-in", "application/x-www-form-urlencoded", url.Values{"login": {"officer@test.cn"}, "password": {password}}.Encode())
	cookie := res.Header.Get("Set-Cookie")
	for _, part := range []string{"__Host-qiao_session=", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("%q has no %s", cookie, part)
		}
	}
}
