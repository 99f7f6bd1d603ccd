package duplicate

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// calledView is the page of what an organisation is called, and was.
type calledView struct {
	Org  identity.Organisation
	List []Name
	Form *form.Form
}

func (s *Service) showCalled(w http.ResponseWriter, r *http.Request) error {
	return s.calledPage(w, r, form.Of(map[string]string{"kind": Former}))
}

func (s *Service) calledPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	o, err := s.organisation(ctx, s.DB, identity.SubjectOf(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	had, err := listNames(ctx, s.DB, []string{o.ID})
	if err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), calledPage(calledView{o, inKinds(had[o.ID]), f}))
}

// inKinds sorts names by what they are, those in force before those that were.
func inKinds(list []Name) []Name {
	order := []string{Official, InEnglish, Former, Alias, Abbreviation, Pinyin}
	slices.SortStableFunc(list, func(a, b Name) int {
		if a.Kind != b.Kind {
			return slices.Index(order, a.Kind) - slices.Index(order, b.Kind)
		}
		return strings.Compare(b.ValidTo, a.ValidTo)
	})
	return list
}

func (s *Service) submitCalled(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	org := r.PathValue("id")
	err := s.AddName(ctx, identity.SubjectOf(ctx), org, Called{Kind: f.Text("kind"), Name: f.Text("name"), From: f.Text("from"), To: f.Text("to")})
	if f.Fail(err) {
		return s.calledPage(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/organisation-names/"+org, "已记下“{0}”，按它也能找到这个单位。", strings.TrimSpace(f.Text("name")))
}

func (s *Service) submitUncalled(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := s.DropName(ctx, identity.SubjectOf(ctx), r.PathValue("id"), r.PathValue("name")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/organisation-names/"+r.PathValue("id"), "已删除这个名称。")
}

func kindOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, k := range ByHand() {
		out = append(out, ui.Option{Value: k, Label: nameKind(ctx, k)})
	}
	return out
}

func sourceOf(ctx context.Context, n Name) string {
	switch n.Source {
	case byRegistration:
		return t(ctx, "注册信息")
	case byRule:
		return t(ctx, "自动推得")
	case byPerson:
		return t(ctx, "人工填写")
	}
	return n.Source
}

// days say when a name held; empty when nothing is said.
func (n Name) days() string {
	switch {
	case n.ValidFrom == "" && n.ValidTo == "":
		return ""
	case n.ValidFrom == "":
		return "– " + n.ValidTo
	case n.ValidTo == "":
		return n.ValidFrom + " –"
	}
	return n.ValidFrom + " – " + n.ValidTo
}

// CalledPanel draws the former and other names of an organisation that people entered, for its public page. Nil when there
// are none and the reader may not enter any.
func (s *Service) CalledPanel(ctx context.Context, org string) (templ.Component, error) {
	had, err := listNames(ctx, s.DB, []string{org})
	if err != nil {
		return nil, err
	}
	v := calledView{List: inKinds(slices.DeleteFunc(had[org], func(n Name) bool { return n.Source != byPerson && n.Kind != Former }))}
	o, err := s.organisation(ctx, s.DB, identity.SubjectOf(ctx), org)
	if err == nil {
		v.Org = o
	}
	if len(v.List) == 0 && v.Org.ID == "" {
		return nil, nil
	}
	return calledPanel(v), nil
}
