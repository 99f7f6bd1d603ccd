package identity

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /sign-in", Action: "session.sign-in", Handle: s.showSignIn},
		{Pattern: "POST /sign-in", Action: "session.sign-in", Handle: s.submitSignIn, Fresh: true},
		{Pattern: "POST /sign-out", Action: "session.sign-out", Handle: s.submitSignOut, Fresh: true},
		{Pattern: "GET /register", Action: "organisation.register", Handle: s.showRegister},
		{Pattern: "POST /register", Action: "organisation.register", Handle: s.submitRegister},
		{Pattern: "GET /organisations/{id}", Action: "organisation.view", Handle: s.showOrganisation},

		{Pattern: "GET /account", Action: "person.account", Handle: s.showAccount, Private: true},
		{Pattern: "POST /account/profile", Action: "person.account", Handle: s.submitProfile, Private: true},
		{Pattern: "POST /account/password", Action: "person.account", Handle: s.submitPassword, Private: true},
		{Pattern: "POST /account/acting", Action: "person.account", Handle: s.submitActing, Private: true},
		{Pattern: "POST /account/sessions/{id}/end", Action: "person.account", Handle: s.submitEndSession, Private: true},
		{Pattern: "POST /account/tokens", Action: "person.account", Handle: s.submitToken, Private: true, Fresh: true},
		{Pattern: "POST /account/tokens/{id}/revoke", Action: "person.account", Handle: s.submitRevokeToken, Private: true},
		{Pattern: "GET /account/proof", Action: "person.account", Handle: s.showProof, Private: true},
		{Pattern: "POST /account/proof", Action: "person.account", Handle: s.submitProof, Private: true, Fresh: true},
		{Pattern: "GET /account/organisation", Action: "person.account", Handle: s.showOwn, Private: true},
		{Pattern: "POST /account/organisation", Action: "organisation.resubmit", Handle: s.submitOwn, Private: true},
		{Pattern: "POST /account/organisation/people", Action: "organisation.staff", Handle: s.submitMember, Private: true},
		{Pattern: "POST /account/organisation/people/{id}/end", Action: "organisation.staff", Handle: s.submitEndMember, Private: true},

		{Pattern: "GET /desk/organisations", Action: "organisation.inspect", Handle: s.showDesk, Private: true},
		{Pattern: "GET /desk/organisations/{id}", Action: "organisation.inspect", Handle: s.showDeskOne, Private: true},
		{Pattern: "POST /desk/organisations/{id}/verify", Action: "organisation.verify", Handle: s.submitDecision(VerbVerify), Private: true},
		{Pattern: "POST /desk/organisations/{id}/refuse", Action: "organisation.refuse", Handle: s.submitDecision(VerbRefuse), Private: true},
		{Pattern: "POST /desk/organisations/{id}/suspend", Action: "organisation.suspend", Handle: s.submitDecision(VerbSuspend), Private: true},
		{Pattern: "GET /desk/permissions", Action: "permission.view", Handle: s.showPermissions, Private: true},
	}
}

// SignInPath is where a visitor signs in, and comes back from to a path of this site.
func SignInPath(back string) string {
	if back = web.Local(back); back == "/" {
		return "/sign-in"
	}
	return "/sign-in?" + url.Values{"next": {back}}.Encode()
}

// cookieName is __Host- (bound to this host and to https) where it can be; a plain name on http, for the demo.
func (s *Service) cookieName() string {
	if s.deps.Secure {
		return "__Host-qiao_session"
	}
	return "qiao_session"
}

func (s *Service) setCookie(w http.ResponseWriter, value string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: s.cookieName(), Value: value, Path: "/", MaxAge: age, Secure: s.deps.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// FromRequest says who acts in a request: by its Authorization header, else by its session cookie. The web's
// cross-origin check keeps other sites from using the cookie.
func (s *Service) FromRequest(r *http.Request) (Subject, error) {
	if head := r.Header.Get("Authorization"); head != "" {
		scheme, token, _ := strings.Cut(head, " ")
		if !strings.EqualFold(scheme, "Bearer") || strings.TrimSpace(token) == "" {
			return Subject{}, fault.New(fault.Unauthenticated, "token-refused", "访问令牌无效、已到期或已撤销，请在账号页面新建一个。")
		}
		return s.Authenticate(r.Context(), "", strings.TrimSpace(token))
	}
	session, err := s.session(r)
	if err != nil {
		return Subject{}, err
	}
	return s.Authenticate(r.Context(), session, "")
}

func (s *Service) session(r *http.Request) (string, error) {
	c, err := r.Cookie(s.cookieName())
	if errors.Is(err, http.ErrNoCookie) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return c.Value, nil
}

// address is where the request comes from, without the port.
func (s *Service) address(r *http.Request) string {
	if s.deps.Address != nil {
		return s.deps.Address(r)
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// open signs the person in and hands the browser its cookie; a session the browser had before ends.
func (s *Service) open(w http.ResponseWriter, r *http.Request, login, password string) error {
	session, err := s.SignIn(r.Context(), Credentials{Login: login, Password: password, Address: s.address(r), Agent: r.UserAgent()})
	if err != nil {
		return err
	}
	if err := s.closeSession(r); err != nil {
		return err
	}
	s.setCookie(w, session, int(s.deps.SessionMax.Seconds()))
	return nil
}

// closeSession ends the session of the request's cookie, if it has one.
func (s *Service) closeSession(r *http.Request) error {
	session, err := s.session(r)
	if err != nil || session == "" {
		return err
	}
	return s.SignOut(r.Context(), session)
}
