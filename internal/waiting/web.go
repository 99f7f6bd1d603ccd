package waiting

import (
	"context"
	"net/http"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	take := desk("POST /desk/offers/{id}/take", "waiting.take", s.submitTake)
	take.Money = true
	again := desk("POST /desk/orders/{id}/again", "waiting.take", s.submitAgain)
	again.Money = true
	return []web.Route{
		desk("GET /resources/{id}/wait", "waiting.join", s.showJoin),
		desk("POST /resources/{id}/wait", "waiting.join", s.submitJoin),
		desk("GET /desk/waits", "waiting.own", s.showWaits),
		desk("GET /desk/waits/{id}", "waiting.view", s.showWait),
		desk("POST /desk/waits/{id}/withdraw", "waiting.answer", s.submitWithdraw),
		desk("GET /desk/offers/{id}", "waiting.view", s.showOffer),
		take,
		desk("POST /desk/offers/{id}/decline", "waiting.answer", s.submitAnswer(VerbDecline)),
		desk("POST /desk/offers/{id}/pass", "waiting.answer", s.submitAnswer(VerbPass)),
		desk("POST /desk/offers/{id}/recall", "waiting.suggest", s.submitTakeBack),
		desk("GET /desk/orders/{id}/suggest", "waiting.suggest", s.showSuggest),
		desk("POST /desk/orders/{id}/suggest", "waiting.suggest", s.submitSuggest),
		desk("GET /desk/orders/{id}/again", "waiting.take", s.showAgain),
		again,
		desk("GET /desk/orders/{id}/contest", "waiting.view", s.showContest),
		desk("POST /desk/orders/{id}/contest", "waiting.contest", s.submitContest),
		desk("POST /desk/orders/{id}/contest/answer", "waiting.decide", s.submitDecision),
		desk("GET /desk/queues", "waiting.queue", s.showQueues),
		desk("POST /desk/queues/rules", "waiting.rule", s.submitRule),
	}
}

// names are the organisations of places and offers.
func (s *Service) names(ctx context.Context, ids ...string) (map[string]identity.Organisation, error) {
	slices.Sort(ids)
	return s.People.Organisations(ctx, s.DB, slices.Compact(ids))
}

func orgName(ctx context.Context, o identity.Organisation) string {
	return i18n.Pick(ctx, o.NameZH, o.NameEN)
}

func (w Wait) name(ctx context.Context) string { return i18n.Pick(ctx, w.ResourceZH, w.ResourceEN) }

func (o Offer) name(ctx context.Context) string { return i18n.Pick(ctx, o.ResourceZH, o.ResourceEN) }

// waitsView is what an organisation waits for and what it is offered.
type waitsView struct {
	All    bool
	Offers []Offer // open ones
	Waits  []waitRow
}

// waitRow is a place in a list.
type waitRow struct {
	Wait
	Place Place
	Org   identity.Organisation // whose it is, for the provider
}

func (s *Service) showWaits(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := waitsView{All: r.URL.Query().Get("show") == "all"}
	list, err := s.Mine(ctx, by, v.All)
	if err != nil {
		return err
	}
	if v.Offers, err = s.Offers(ctx, by, true); err != nil {
		return err
	}
	if v.Waits, err = s.rows(ctx, list); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, waitsPage(v))
}

// Mine is the places of the subject's organisation, those that stand first; all: those that ended too.
func (s *Service) Mine(ctx context.Context, by identity.Subject, all bool) ([]Wait, error) {
	var w db.Where
	w.And("buyer = ?", by.Org)
	if !all {
		w.In("state", []string{Waiting, Offered})
	}
	return listWaits(ctx, s.DB, &w)
}

// Offers is what the subject's organisation was offered; open: only what can be taken.
func (s *Service) Offers(ctx context.Context, by identity.Subject, open bool) ([]Offer, error) {
	var w db.Where
	w.And("buyer = ?", by.Org)
	if open {
		w.And("state = ?", Open)
	}
	return listOffers(ctx, s.DB, &w)
}

// rows adds to places where they stand.
func (s *Service) rows(ctx context.Context, list []Wait) ([]waitRow, error) {
	known := map[string]map[string]Place{}
	out := make([]waitRow, len(list))
	for i, w := range list {
		out[i] = waitRow{Wait: w}
		if !Live(w.State) {
			continue
		}
		if known[w.Resource] == nil {
			_, places, err := s.places(ctx, s.DB, w.Resource, w.Owner)
			if err != nil {
				return nil, err
			}
			known[w.Resource] = places
		}
		out[i].Place = known[w.Resource][w.ID]
	}
	return out, nil
}

// waitView is one place.
type waitView struct {
	Wait
	Place  Place
	Owner  identity.Organisation
	Buyer  identity.Organisation
	Offers []Offer
	Rule   Rule
	Mine   bool // may be given up by the reader
	Body   Content
}

func (s *Service) showWait(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	x, err := s.Get(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := waitView{Wait: x, Mine: s.Policy.Can(by, "waiting.answer", x.object()) == nil}
	_, places, err := s.places(ctx, s.DB, x.Resource, x.Owner)
	if err != nil {
		return err
	}
	v.Place = places[x.ID]
	if v.Offers, err = offersOf(ctx, s.DB, x.ID); err != nil {
		return err
	}
	if v.Rule, err = s.RuleOf(ctx, s.DB, x.Owner, s.today()); err != nil {
		return err
	}
	if v.Body, err = contentOf(x.Content); err != nil {
		return err
	}
	orgs, err := s.names(ctx, x.Owner, x.Buyer)
	if err != nil {
		return err
	}
	v.Owner, v.Buyer = orgs[x.Owner], orgs[x.Buyer]
	return web.Page(w, r, http.StatusOK, waitPage(v))
}

func (s *Service) submitWithdraw(w http.ResponseWriter, r *http.Request) error {
	x, err := s.Withdraw(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/waits/"+x.ID, "已退出候补。")
}
