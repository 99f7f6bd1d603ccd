package app

import (
	"context"
	"net/http"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// access answers the route registry out of identity's permission table, and prepares each request.
type access struct{ app *App }

// Require tells whether every action has a row in the permission table.
func (a access) Require(actions ...string) error { return a.app.policy.Require(actions...) }

// May tells whether who acts could do this to some object.
func (a access) May(ctx context.Context, action string) error {
	return a.app.policy.May(identity.SubjectOf(ctx), action)
}

// SignedIn is the person who acts.
func (a access) SignedIn(ctx context.Context) string { return identity.SubjectOf(ctx).Person }

// SignInPage is where a visitor is sent, and back afterwards.
func (a access) SignInPage(_ context.Context, back string) string { return identity.SignInPath(back) }

// Prepare finds out who acts and puts language, subject, actor and chrome into the context. With an
// error (a refused token) the request still carries the language, so that the error can be told.
func (a access) Prepare(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	ctx := r.Context()
	if web.Prepared(ctx) {
		return r, nil
	}
	prefs := ui.ReadPrefs(r)
	ctx = web.MarkPrepared(i18n.With(ctx, prefs.Lang, a.app.catalog))
	subject, err := a.app.identity.FromRequest(r.WithContext(ctx))
	ctx = identity.WithSubject(ctx, subject)
	ctx = audit.WithActor(ctx, audit.Actor{Person: subject.Person, Membership: subject.Membership, Org: subject.Org, Cause: web.RequestID(ctx)})
	if !strings.HasPrefix(r.URL.Path, "/api/v1/") {
		chrome, chromeErr := a.app.chrome(ctx, w, r, prefs, subject)
		if err == nil {
			err = chromeErr
		}
		ctx = ui.With(ctx, chrome)
	}
	return r.WithContext(ctx), err
}
