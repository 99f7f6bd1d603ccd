package match

import (
	"context"
	"net/http"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/state"
	"qiao/internal/platform/web"
)

// needView is the page of one need.
type needView struct {
	Shown      Shown
	Steps      []Step
	Candidates []Candidate
	Helps      bool // the reader sees candidates
	Moves      []state.Step
	Own        []Proposal // the reader's resources on record with it
	Offers     []Supply   // the reader's resources that could answer it
	By         identity.Subject
	Form       *form.Form
	Verb       string // of the form that failed
	Place      func(code string) string
	Actors     map[string]string // organisation id → name
}

func (s *Service) showNeed(w http.ResponseWriter, r *http.Request) error {
	return s.needPage(w, r, form.Of(nil), "")
}

func (s *Service) needPage(w http.ResponseWriter, r *http.Request, f *form.Form, verb string) error {
	v, err := s.view(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	v.Form, v.Verb = f, verb
	return web.Page(w, r, f.Status(), needPage(v))
}

// view gathers what the page of a need shows to a reader.
func (s *Service) view(ctx context.Context, by identity.Subject, needID string) (needView, error) {
	v := needView{By: by, Place: s.Regions.RegionPath, Actors: map[string]string{}}
	var err error
	if v.Shown, err = s.Show(ctx, by, needID); err != nil {
		return v, err
	}
	if by.Org != "" {
		all, err := listProposals(ctx, s.DB, needID)
		if err != nil {
			return v, err
		}
		v.Own = slices.DeleteFunc(all, func(p Proposal) bool { return p.Owner != by.Org || p.Origin == OriginRanked && p.State != Accepted })
	}
	v.Moves = s.moves(by, v.Shown, v.Own)
	if v.can(VerbRespond) {
		if v.Offers, err = s.Suppliers.Owned(ctx, s.DB, by.Org); err != nil {
			return v, err
		}
		v.Offers = slices.DeleteFunc(v.Offers, func(o Supply) bool { return GroupOf(o.Kind) == "" })
	}
	if v.Shown.Full {
		if v.Steps, err = listSteps(ctx, s.DB, needID); err != nil {
			return v, err
		}
		if err := s.nameActors(ctx, &v); err != nil {
			return v, err
		}
	}
	v.Helps = s.mayHelp(by, v.Shown.Need) == nil
	if v.Helps {
		v.Candidates, err = s.candidates(ctx, v.Shown.Need)
	}
	return v, err
}

func (s *Service) nameActors(ctx context.Context, v *needView) error {
	var ids []string
	for _, st := range v.Steps {
		ids = append(ids, st.Org)
	}
	orgs, err := s.Organisations.Organisations(ctx, s.DB, ids)
	for id, o := range orgs {
		v.Actors[id] = o.NameZH
	}
	return err
}

// submitVerb takes a need one step further from its page.
func (s *Service) submitVerb(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f := form.Read(r)
		n, err := s.Do(ctx, identity.SubjectOf(ctx), r.PathValue("id"), verb, VerbRequest{
			Resource: f.Text("resource"), Code: f.Text("code"), Note: f.Text("note"), Key: web.RequestKey(ctx),
		})
		if err != nil {
			if f.Fail(err) {
				return s.needPage(w, r, f, verb)
			}
			return err
		}
		return web.SeeOther(w, r, "/needs/"+n.ID, said(verb))
	}
}

// said is what the next page says about a step.
func said(verb string) string {
	switch verb {
	case VerbPublish:
		return "需求已发布，供方可以响应了。"
	case VerbAccept:
		return "已接受这个候选，可以继续预约或委托。"
	case VerbDecline:
		return "已婉拒，谢谢您说明原因。"
	case VerbInvite:
		return "已邀请对方响应。"
	case VerbRespond:
		return "已把您的响应告诉需求方。"
	case VerbClose:
		return "需求已办结。"
	}
	return "已登记。"
}
