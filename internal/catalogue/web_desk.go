package catalogue

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

// pageSize is how many resources a list of the desk shows.
const pageSize = 50

// ownView is the list of the acting organisation's resources.
type ownView struct {
	Items  []Resource
	Counts map[string]int64
	Status string // the tab; empty: all
	Next   string // id the next page starts after
	After  string
	Hours  *form.Form
	set    kinds.Set
}

func (s *Service) showOwn(w http.ResponseWriter, r *http.Request) error {
	return s.ownPage(w, r, nil)
}

func (s *Service) ownPage(w http.ResponseWriter, r *http.Request, hours *form.Form) error {
	ctx := r.Context()
	sub := identity.SubjectOf(ctx)
	v := ownView{Status: r.URL.Query().Get("status"), After: r.URL.Query().Get("after"), Hours: hours, set: s.kinds}
	var err error
	if v.Counts, err = countByStatus(ctx, s.DB, sub.Org); err != nil {
		return err
	}
	var c db.Where
	s.Policy.Filter(sub, "resource.manage", map[string]string{"owner": "owner"}, &c)
	if slices.Contains(Table.States(), v.Status) {
		c.And("status = ?", v.Status)
	} else {
		v.Status = ""
		c.And("status <> ?", StatusWithdrawn)
	}
	c.And("id > ?", v.After)
	if v.Items, err = listResources(ctx, s.DB, &c, "ORDER BY id LIMIT "+c.Arg(pageSize+1)); err != nil {
		return err
	}
	if len(v.Items) > pageSize {
		v.Items = v.Items[:pageSize]
		v.Next = v.Items[pageSize-1].ID
	}
	for i := range v.Items {
		v.Items[i].settle(s.today(), s.kindOf(v.Items[i]))
	}
	if v.Hours == nil {
		own, err := s.OwnerHours(ctx, s.DB, sub.Org)
		if err != nil {
			return err
		}
		v.Hours = form.Of(hoursValues(own))
	}
	return web.Page(w, r, v.Hours.Status(), ownPage(v))
}

// editView is the form of one resource.
type editView struct {
	Form     *form.Form
	Kind     kinds.Kind
	Resource Resource // zero: a new one
	Prices   int      // rows of the price table
	Hours    *form.Form
	History  []Revision
	Verbs    []string
	Twins    templ.Component // that it may be there already
}

func (s *Service) showNew(w http.ResponseWriter, r *http.Request) error {
	k, ok := s.kinds.Find(r.URL.Query().Get("kind"))
	if !ok {
		return web.Page(w, r, http.StatusOK, chooseKindPage(s.kinds))
	}
	f := form.Of(map[string]string{"kind": k.Name, "booking": yes})
	return web.Page(w, r, http.StatusOK, editPage(editView{Form: f, Kind: k, Prices: priceRows(f)}))
}

func (s *Service) submitNew(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), form.Read(r)
	sub := identity.SubjectOf(ctx)
	made, err := s.Create(ctx, sub, web.RequestKey(ctx), readDraft(f, s.kindOf(Resource{Kind: f.Text("kind")})))
	if err == nil && f.Text("then") == "publish" {
		made, err = s.Do(ctx, sub, made.ID, "publish", "")
	}
	switch {
	case err == nil && made.Status == StatusPublished:
		return web.SeeOther(w, r, "/desk/resources/"+made.ID, "已发布，片刻后可以在目录中检索到。")
	case err == nil:
		return web.SeeOther(w, r, "/desk/resources/"+made.ID, "草稿已保存。")
	case f.Fail(err):
		k, ok := s.kinds.Find(f.Text("kind"))
		if !ok {
			return web.Page(w, r, f.Status(), chooseKindPage(s.kinds))
		}
		return web.Page(w, r, f.Status(), editPage(editView{Form: f, Kind: k, Prices: priceRows(f)}))
	}
	return err
}

func (s *Service) showEdit(w http.ResponseWriter, r *http.Request) error {
	return s.editPage(w, r, nil, nil)
}

// editPage shows a resource's form: as it is kept, or as it was typed when f or hours are given.
func (s *Service) editPage(w http.ResponseWriter, r *http.Request, f, hours *form.Form) error {
	ctx := r.Context()
	sub := identity.SubjectOf(ctx)
	x, k, err := s.load(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Policy.Can(sub, "resource.manage", object(x)); err != nil {
		return err
	}
	v := editView{Form: f, Kind: k, Resource: x, Hours: hours}
	if v.Form == nil {
		v.Form = formOf(x, k)
	}
	v.Prices = priceRows(v.Form)
	if v.Hours == nil {
		own, err := listHours(ctx, s.DB, x.ID)
		if err != nil {
			return err
		}
		v.Hours = form.Of(hoursValues(own))
	}
	if v.History, err = listRevisions(ctx, s.DB, x.ID); err != nil {
		return err
	}
	if s.Policy.Can(sub, "resource.edit", object(x)) == nil {
		for _, step := range Table.Verbs(x.Status, "owner") {
			v.Verbs = append(v.Verbs, step.Verb)
		}
	}
	if s.Twins != nil && x.Status != StatusWithdrawn {
		if v.Twins, err = s.Twins(ctx, x); err != nil {
			return err
		}
	}
	status := v.Form.Status()
	if status == http.StatusOK {
		status = v.Hours.Status()
	}
	return web.Page(w, r, status, editPage(v))
}

func (s *Service) submitEdit(w http.ResponseWriter, r *http.Request) error {
	ctx, f, resource := r.Context(), form.Read(r), r.PathValue("id")
	x, k, err := s.load(ctx, s.DB, resource)
	if err != nil {
		return err
	}
	d := readDraft(f, k)
	d.Region = cmp.Or(d.Region, x.Region)
	_, err = s.Save(ctx, identity.SubjectOf(ctx), resource, f.Int("revision"), d)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/resources/"+resource, "已保存。")
	case f.Fail(err):
		return s.editPage(w, r, f, nil)
	}
	return err
}

func (s *Service) submitVerb(w http.ResponseWriter, r *http.Request) error {
	ctx, f, resource := r.Context(), form.Read(r), r.PathValue("id")
	_, err := s.Do(ctx, identity.SubjectOf(ctx), resource, r.PathValue("verb"), f.Text("note"))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/resources/"+resource, done(r.PathValue("verb")))
	case f.Fail(err):
		return s.editPage(w, r, failed(f), nil)
	}
	return err
}

// failed keeps what was wrong with a verb's form, on a form that shows the resource as it is kept.
func failed(f *form.Form) *form.Form {
	f.Errors = nil // the summary tells the sentence; the reason's field is in its dialog
	return f
}

func done(verb string) string {
	switch verb {
	case "publish", "resume":
		return "已发布，片刻后可以在目录中检索到。"
	case "suspend":
		return "已暂停，目录中会注明原因。"
	case "withdraw":
		return "已撤下。原地址会说明它已撤下，可以随时恢复为草稿。"
	}
	return "已恢复为草稿。"
}

func (s *Service) submitHours(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), form.Read(r)
	hours := readHours(f)
	if f.OK() {
		err := s.SetHours(ctx, identity.SubjectOf(ctx), r.PathValue("id"), hours)
		if err == nil {
			return web.SeeOther(w, r, "/desk/resources/"+r.PathValue("id")+"#hours", "开放时间已保存。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.editPage(w, r, nil, f)
}

func (s *Service) submitOwnerHours(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), form.Read(r)
	hours := readHours(f)
	if f.OK() {
		err := s.SetOwnerHours(ctx, identity.SubjectOf(ctx), hours)
		if err == nil {
			return web.SeeOther(w, r, "/desk/resources#hours", "开放时间已保存。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.ownPage(w, r, f)
}
