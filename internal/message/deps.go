package message

import (
	"context"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/channel"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
)

// People is what message asks of identity: whom a notice is for.
type People interface {
	People(ctx context.Context, q db.Q, org string, roles ...string) ([]identity.PersonRef, error)
	Person(ctx context.Context, q db.Q, person string) (identity.PersonRef, error)
}

// Deps is what message is built from.
type Deps struct {
	DB      *db.DB
	Clock   clock.Clock
	Policy  *identity.Policy
	People  People
	Senders []channel.Sender // one a kind; none: only the page
	Origin  string           // public address of the site, "https://qiao.example": links in mails
	Name    string           // of the platform, at the end of a mail
	From    string           // mail address the site writes from: the organizer of invitations
	Catalog *i18n.Catalog    // texts of mails, which no request's context carries
}

// Service is the module: notices, inbox, deliveries, pages and API.
type Service struct {
	db      *db.DB
	clock   clock.Clock
	deps    Deps
	senders map[string]channel.Sender
}

// New builds the module.
func New(d Deps) *Service {
	s := &Service{db: d.DB, clock: d.Clock, deps: d, senders: map[string]channel.Sender{}}
	for _, sender := range d.Senders {
		s.senders[sender.Kind()] = sender
	}
	return s
}

// kinds are the channels there is a sender for.
func (s *Service) kinds() []string {
	var out []string
	for _, kind := range Channels() {
		if s.senders[kind] != nil {
			out = append(out, kind)
		}
	}
	return out
}

// simulated says whether every sender keeps messages instead of sending them.
func (s *Service) simulated() bool {
	return len(s.senders) > 0 && !slices.ContainsFunc(s.kinds(), func(kind string) bool { return !channel.Simulated(s.senders[kind]) })
}
