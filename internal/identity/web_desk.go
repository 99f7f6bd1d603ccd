package identity

import (
	"net/http"
	"net/url"
	"slices"

	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

// deskView is the list of organisations at the desk.
type deskView struct {
	List
	Query  Query
	Status string // the tab; empty: all
	Counts map[string]int
	Self   string // address of this list without a cursor
	tree   *Tree
}

func (s *Service) showDesk(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	sub := SubjectOf(ctx)
	v := deskView{Status: q.Get("status"), Query: Query{Text: q.Get("q"), Cursor: q.Get("cursor")}}
	if !slices.Contains(Statuses(), v.Status) {
		v.Status = ""
	}
	if v.Status != "" {
		v.Query.Status, v.Query.Oldest = []string{v.Status}, v.Status == StatusRegistered
	}
	var err error
	if v.List, err = s.Inspect(ctx, sub, v.Query); err != nil {
		return err
	}
	if v.Counts, err = s.counts(ctx, sub); err != nil {
		return err
	}
	if v.tree, err = s.Tree(ctx, s.db); err != nil {
		return err
	}
	v.Self = deskPath(v.Status, v.Query.Text)
	return web.Page(w, r, http.StatusOK, deskPage(v))
}

func deskPath(status, text string) string {
	q := url.Values{}
	for name, v := range map[string]string{"status": status, "q": text} {
		if v != "" {
			q.Set(name, v)
		}
	}
	if len(q) == 0 {
		return "/desk/organisations"
	}
	return "/desk/organisations?" + q.Encode()
}

// next is the address of the next page; empty on the last.
func (v deskView) next() string {
	if v.List.Next == "" {
		return ""
	}
	u, err := url.Parse(v.Self)
	if err != nil { // we made it ourselves
		return ""
	}
	q := u.Query()
	q.Set("cursor", v.List.Next)
	u.RawQuery = q.Encode()
	return u.String()
}

// first is the address of the first page; empty there.
func (v deskView) first() string {
	if v.Query.Cursor == "" {
		return ""
	}
	return v.Self
}

// deskOneView is one organisation at the desk, with what the subject may do to it.
type deskOneView struct {
	organisationView
	People []PersonRef
	Verbs  []string
	Form   *form.Form
}

func (s *Service) showDeskOne(w http.ResponseWriter, r *http.Request) error {
	return s.deskOnePage(w, r, form.Of(nil))
}

func (s *Service) deskOnePage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	sub := SubjectOf(ctx)
	o, err := s.Organisation(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.policy.Can(sub, "organisation.inspect", o.Object()); err != nil {
		return err
	}
	v := deskOneView{Form: f}
	if v.organisationView, err = s.view(ctx, o); err != nil {
		return err
	}
	if v.People, err = s.People(ctx, s.db, o.ID); err != nil {
		return err
	}
	for _, step := range Table().Verbs(o.Status, SideAuthority) {
		if sub.Org != o.ID && s.policy.Can(sub, "organisation."+step.Verb, o.Object()) == nil {
			v.Verbs = append(v.Verbs, step.Verb)
		}
	}
	return web.Page(w, r, f.Status(), deskOnePage(v))
}

func (s *Service) submitDecision(verb string) web.Handler {
	said := map[string]string{VerbVerify: "已核验，对方会收到通知。", VerbRefuse: "已退回，对方会看到理由并可以补正。", VerbSuspend: "已暂停，对方会看到理由。"}
	return func(w http.ResponseWriter, r *http.Request) error {
		f, ctx, id := form.Read(r), r.Context(), r.PathValue("id")
		_, err := s.Decide(ctx, SubjectOf(ctx), id, verb, f.Text("reason"))
		switch {
		case err == nil:
			return web.SeeOther(w, r, "/desk/organisations/"+id, said[verb])
		case f.Fail(err):
			return s.deskOnePage(w, r, f)
		}
		return err
	}
}

func (s *Service) showPermissions(w http.ResponseWriter, r *http.Request) error {
	return web.Page(w, r, http.StatusOK, permissionsPage(s.policy))
}
