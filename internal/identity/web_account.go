package identity

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

// accountView is the account page: what is known, the forms as typed, and a new token's secret, shown once.
type accountView struct {
	Account
	Subject  Subject
	Profile  *form.Form
	Password *form.Form
	Token    *form.Form
	Secret   string
}

func (s *Service) showAccount(w http.ResponseWriter, r *http.Request) error {
	return s.accountPage(w, r, http.StatusOK, accountView{})
}

// accountPage fills in what the view does not bring.
func (s *Service) accountPage(w http.ResponseWriter, r *http.Request, status int, v accountView) error {
	v.Subject = SubjectOf(r.Context())
	a, err := s.Account(r.Context(), v.Subject)
	if err != nil {
		return err
	}
	v.Account = a
	if v.Profile == nil {
		p := a.Profile
		v.Profile = form.Of(map[string]string{"name": p.Name, "phone": p.Phone, "orcid": p.ORCID, "language": p.Language})
	}
	if v.Password == nil {
		v.Password = form.Of(nil)
	}
	if v.Token == nil {
		v.Token = form.Of(map[string]string{"days": "90"})
	}
	return web.Page(w, r, status, accountPage(v))
}

func (s *Service) submitProfile(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	lang, chosen := i18n.Parse(f.Text("language"))
	p := Profile{Name: f.Text("name"), Phone: f.Text("phone"), ORCID: f.Text("orcid")}
	if chosen {
		p.Language = string(lang)
	}
	err := s.SaveProfile(r.Context(), SubjectOf(r.Context()), p)
	if err != nil {
		if f.Fail(err) {
			return s.accountPage(w, r, f.Status(), accountView{Profile: f})
		}
		return err
	}
	if chosen { // the display follows; see ui.Prefs
		http.SetCookie(w, &http.Cookie{Name: "lang", Value: p.Language, Path: "/", MaxAge: 365 * 24 * 3600, Secure: s.deps.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	return web.SeeOther(w, r, "/account", "个人资料已保存。")
}

func (s *Service) submitPassword(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	f.Need("old", "password")
	if f.OK() {
		err := s.ChangePassword(r.Context(), SubjectOf(r.Context()), f.Value("old"), f.Value("password"))
		if err == nil {
			return web.SeeOther(w, r, "/account", "密码已更换，其他设备上的登录已全部退出。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.accountPage(w, r, f.Status(), accountView{Password: f})
}

func (s *Service) submitActing(w http.ResponseWriter, r *http.Request) error {
	f, sub := form.Read(r), SubjectOf(r.Context())
	if err := s.ActAs(r.Context(), sub, f.Text("membership")); err != nil {
		return err
	}
	return web.SeeOther(w, r, afterSignIn(f.Text("next")), "已切换身份。")
}

func (s *Service) submitEndSession(w http.ResponseWriter, r *http.Request) error {
	sub, session := SubjectOf(r.Context()), r.PathValue("id")
	if err := s.EndSession(r.Context(), sub, session); err != nil {
		return err
	}
	if session == sub.Session {
		s.setCookie(w, "", -1)
		return web.SeeOther(w, r, "/", "您已退出登录。")
	}
	return web.SeeOther(w, r, "/account#sessions", "那台设备上的登录已退出。")
}

func (s *Service) submitToken(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	days := f.Int("days")
	if !f.OK() {
		return s.accountPage(w, r, f.Status(), accountView{Token: f})
	}
	issue := s.IssueToken
	if f.Bool("money") {
		issue = s.IssueMoneyToken
	}
	secret, _, err := issue(r.Context(), SubjectOf(r.Context()), f.Text("token_name"), int(days))
	if err != nil {
		if f.Fail(err) {
			return s.accountPage(w, r, f.Status(), accountView{Token: f})
		}
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.accountPage(w, r, http.StatusCreated, accountView{Secret: secret})
}

// showProof asks for the password again: for those whose form carried files and must be sent once more.
func (s *Service) showProof(w http.ResponseWriter, r *http.Request) error {
	f := form.Of(map[string]string{"next": web.Local(r.URL.Query().Get("next"))})
	return web.Page(w, r, http.StatusOK, proofPage(web.ProofForm{}, f))
}

func (s *Service) submitProof(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	f.Need("password")
	if f.OK() {
		_, err := s.Prove(r.Context(), SubjectOf(r.Context()), Credentials{Password: f.Value("password"), Address: s.address(r)})
		if err == nil {
			return web.SeeOther(w, r, web.Local(f.Text("next")), "已确认是您本人，请继续办理。")
		}
		if !f.Fail(err) {
			f.Fault = fault.Of(err)
		}
	}
	return web.Page(w, r, f.Status(), proofPage(web.ProofForm{}, f))
}

// Proof lets the platform's forms ask for the password again where the permission table wants it.
func (s *Service) Proof() *web.Proof {
	return &web.Proof{
		Prove: func(r *http.Request, password string) (*http.Request, error) {
			sub, err := s.Prove(r.Context(), SubjectOf(r.Context()), Credentials{Password: password, Address: s.address(r)})
			return r.WithContext(WithSubject(r.Context(), sub)), err
		},
		Page: func(_ context.Context, f web.ProofForm) templ.Component {
			typed := form.Of(nil)
			typed.Fault = f.Fault
			if f.Fault != nil {
				typed.Errors = f.Fault.Fields
			}
			return proofPage(f, typed)
		},
	}
}

func (s *Service) submitRevokeToken(w http.ResponseWriter, r *http.Request) error {
	if err := s.RevokeToken(r.Context(), SubjectOf(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/account#tokens", "令牌已撤销，立即失效。")
}
