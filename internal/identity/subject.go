package identity

import (
	"context"
	"slices"
)

// Subject is who is acting: a person, always as one membership, in one organisation. The zero value is a
// visitor of the public pages. It is built once a request by [Service.Authenticate] and never changed.
type Subject struct {
	Person     string   // id; empty for a visitor
	Name       string   // the person's name, for the person's own pages only
	Membership string   // id of the membership acted as; empty when the person belongs to no organisation
	Org        string   // id of the organisation acted for
	OrgName    string   // its Chinese name
	OrgNameEN  string   // its English name, may be empty
	OrgStatus  string   // StatusRegistered, StatusVerified, …
	Role       string   // RoleAdmin, …
	Region     string   // six digits: the membership's region, else the organisation's
	Capacities []string // verified and in their dates today; empty unless the organisation is verified
	Sample     bool     // the organisation is invented (示例)
	Language   string   // "zh-CN" or "en" when the person has chosen one
	Session    string   // public id of the session, empty for a token
	Token      string   // public id of the API token, empty for a session
	Stale      bool     // the password was not given a moment ago, or the token may not move money; see Fresh
}

// SignedIn tells whether there is a person.
func (s Subject) SignedIn() bool { return s.Person != "" }

// Has tells whether the organisation acted for has one of the capacities, verified and in its dates.
func (s Subject) Has(capacities ...string) bool {
	return slices.ContainsFunc(capacities, func(c string) bool { return slices.Contains(s.Capacities, c) })
}

type subjectKey struct{}

// WithSubject puts the subject into ctx; the web's middleware does it once a request.
func WithSubject(ctx context.Context, s Subject) context.Context {
	return context.WithValue(ctx, subjectKey{}, s)
}

// SubjectOf is who acts in ctx; a visitor when nobody was put there.
func SubjectOf(ctx context.Context) Subject {
	s, _ := ctx.Value(subjectKey{}).(Subject)
	return s
}
