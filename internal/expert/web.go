package expert

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	out := []web.Route{
		desk("GET /desk/experts/{id}/claim", "expert.claim", s.showClaim),
		desk("POST /desk/experts/{id}/claim", "expert.claim", s.submitClaim),
		desk("GET /desk/experts/{id}/contact", "expert.contact", s.showAsk),
		desk("POST /desk/experts/{id}/contact", "expert.contact", s.submitAsk),
		desk("GET /desk/expert", "expert.own", s.showAbout),
		desk("GET /desk/expert/export.json", "expert.own", s.showExport),
		desk("POST /desk/expert/erase", "expert.own", s.submitErase),
		desk("GET /desk/expert/profile", "expert.own", s.showProfile),
		desk("POST /desk/expert/profile", "expert.own", s.submitProfile),
		desk("POST /desk/expert/evidence", "expert.own", s.submitEvidence),
		desk("POST /desk/expert/evidence/remove", "expert.own", s.submitUncite),
		desk("POST /desk/expert/areas", "expert.own", s.submitAreas),
		desk("GET /desk/expert/consents", "expert.own", s.showConsents),
		desk("POST /desk/expert/consents/give", "expert.own", s.submitConsent(true)),
		desk("POST /desk/expert/consents/revoke", "expert.own", s.submitConsent(false)),
		desk("GET /desk/expert/requests", "expert.own", s.showReceived),
		desk("GET /desk/expert/requests/{id}", "expert.own", s.showRequest),
		desk("GET /desk/expert/interests", "expert.own", s.showInterests),
		desk("POST /desk/expert/interests", "expert.own", s.submitInterest),
		desk("POST /desk/expert/interests/take-back", "expert.own", s.submitTakeBack),
		desk("GET /desk/contacts", "expert.contact", s.showSent),
		desk("GET /desk/contacts/{id}", "expert.contact", s.showRequest),
		desk("POST /desk/contacts/{id}/withdraw", "expert.contact", s.submitRequest("withdraw")),
		desk("GET /desk/expert-claims", "expert.inspect", s.showQueue),
		desk("GET /desk/expert-claims/{id}", "expert.inspect", s.showOneClaim),
		desk("POST /desk/expert-claims/{id}/verify", "expert.verify", s.submitClaimVerb("verify")),
		desk("POST /desk/expert-claims/{id}/refuse", "expert.verify", s.submitClaimVerb("refuse")),
		desk("POST /desk/expert/claims/{id}/withdraw", "expert.claim", s.submitClaimVerb("withdraw")),
	}
	for _, verb := range []string{"accept", "decline", "end"} {
		out = append(out, desk("POST /desk/expert/requests/{id}/"+verb, "expert.own", s.submitRequest(verb)))
	}
	return out
}

func (s *Service) subject(r *http.Request) identity.Subject { return identity.SubjectOf(r.Context()) }

// names are the organisations of ids, as pages show them.
func (s *Service) names(ctx context.Context, ids []string) (map[string]ui.OrgRef, error) {
	orgs, err := s.orgs.Organisations(ctx, s.db, ids)
	out := map[string]ui.OrgRef{}
	for id, o := range orgs {
		out[id] = o.Ref(ctx)
	}
	return out, err
}

// moments are the steps of an object, newest first; who did them is told by organisation.
func (s *Service) moments(ctx context.Context, object string) ([]ui.Moment, error) {
	steps, err := listSteps(ctx, s.db, object)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, x := range steps {
		ids = append(ids, x.Org)
	}
	names, err := s.names(ctx, ids)
	out := make([]ui.Moment, 0, len(steps))
	for _, x := range slices.Backward(steps) {
		m := ui.Moment{At: x.At.Time, Title: doneName(ctx, x.Verb), Note: x.Note}
		if !slices.Contains([]string{"file", "accept", "decline", "end"}, x.Verb) {
			m.Who = names[x.Org].Name
		}
		out = append(out, m)
	}
	return out, err
}

// titles are the names of some records; one that was erased has none.
func (s *Service) titles(ctx context.Context, resources []string) (map[string]string, error) {
	list, err := s.catalogue.Any(ctx, s.db, resources)
	out := map[string]string{}
	for _, r := range list {
		out[r.ID] = i18n.Pick(ctx, r.NameZH, r.NameEN)
	}
	return out, err
}

// panelView is what a resource's page shows of an expert.
type panelView struct {
	Public
	s      *Service
	Reason string // why they cannot be asked
}

// Panel draws, on the page of an expert's record, what supports each expertise and how to reach the person; nil for other
// kinds.
func (s *Service) Panel(ctx context.Context, r catalogue.Resource) (templ.Component, error) {
	if r.Kind != KindExpert || !r.Live() {
		return nil, nil
	}
	p, err := s.Public(ctx, s.db, r.ID)
	if err != nil {
		return nil, err
	}
	v := panelView{Public: p, s: s, Reason: sentence(ctx, p.Reach)}
	return panel(v), nil
}
