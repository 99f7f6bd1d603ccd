package identity

import (
	"net/http"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

func (s *Service) showSignIn(w http.ResponseWriter, r *http.Request) error {
	f := form.Of(map[string]string{"next": web.Local(r.URL.Query().Get("next"))})
	return web.Page(w, r, http.StatusOK, signInPage(f, SubjectOf(r.Context()), s.deps.DemoLogins))
}

func (s *Service) submitSignIn(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	f.Need("login", "password")
	if f.OK() {
		err := s.open(w, r, f.Text("login"), f.Value("password"))
		if err == nil {
			return web.SeeOther(w, r, afterSignIn(f.Text("next")), "")
		}
		e := fault.Of(err)
		if e.Kind != fault.Unauthenticated && e.Kind != fault.TooMany {
			return err
		}
		f.Fault = e
	}
	return web.Page(w, r, f.Status(), signInPage(f, SubjectOf(r.Context()), s.deps.DemoLogins))
}

// afterSignIn is where one goes after signing in: back, or to the desk.
func afterSignIn(next string) string {
	if next = web.Local(next); next != "/" {
		return next
	}
	return "/desk"
}

func (s *Service) submitSignOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.closeSession(r); err != nil {
		return err
	}
	s.setCookie(w, "", -1)
	return web.SeeOther(w, r, "/", "您已退出登录。")
}
