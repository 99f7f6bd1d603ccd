package catalogue

import (
	"cmp"
	"context"
	"net/http"

	"github.com/a-h/templ"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

// editView is the form of one resource.
type editView struct {
	Form     *form.Form
	Kind     kinds.Kind
	Resource Resource // zero: a new one
	Prices   int      // rows of the price table
	Hours    *form.Form
	History  []Told // the newest
	Verbs    []string
	Twins    templ.Component // that it may be there already
	Files    []File
	Upload   *form.Form
	Missing  []kinds.Field // what would make the record more useful
	Edits    bool
	Reviews  bool // the reader may review it now
	today    string
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
	case err == nil && made.Status != StatusDraft:
		return web.SeeOther(w, r, "/desk/resources/"+made.ID, done(map[string]string{StatusReview: "submit"}[made.Status]))
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
	return s.editPage(w, r, nil, nil, nil)
}

// editPage shows a resource's form: as it is kept, or as it was typed when f, hours or upload are given.
func (s *Service) editPage(w http.ResponseWriter, r *http.Request, f, hours, upload *form.Form) error {
	ctx := r.Context()
	sub := identity.SubjectOf(ctx)
	x, k, err := s.load(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Policy.Can(sub, "resource.manage", object(x)); err != nil && s.Policy.Can(sub, "resource.review", object(x)) != nil {
		return err
	}
	v := editView{Form: f, Kind: k, Resource: x, Hours: hours, Upload: upload, today: s.today()}
	if v.Form == nil {
		v.Form = formOf(x, k)
	}
	v.Prices = priceRows(v.Form)
	v.Missing = k.Missing(func(f kinds.Field) bool { return x.value(f) != nil || f.Name == "name_zh" && x.NameEN != "" })
	if err := s.fillEdit(ctx, sub, &v); err != nil {
		return err
	}
	status := v.Form.Status()
	for _, other := range []*form.Form{v.Hours, v.Upload} {
		if status == http.StatusOK && other != nil {
			status = other.Status()
		}
	}
	return web.Page(w, r, status, editPage(v))
}

// fillEdit reads what stands beside a resource's form.
func (s *Service) fillEdit(ctx context.Context, sub identity.Subject, v *editView) error {
	x := v.Resource
	if v.Hours == nil {
		own, err := listHours(ctx, s.DB, x.ID)
		if err != nil {
			return err
		}
		v.Hours = form.Of(hoursValues(own))
	}
	var err error
	if v.Files, err = listFiles(ctx, s.DB, x.ID); err != nil {
		return err
	}
	v.Edits = s.Policy.Can(sub, "resource.edit", object(x)) == nil
	if v.History, _, err = s.revisions(ctx, x, v.Kind, 0, 3, v.Edits); err != nil {
		return err
	}
	if v.Edits {
		v.Verbs = s.moves(x)
	}
	if x.Status == StatusReview {
		last, err := lastDone(ctx, s.DB, x.ID, "submit")
		if err != nil {
			return err
		}
		v.Reviews = last != sub.Person && s.Policy.Can(sub, "resource.review", object(x)) == nil
	}
	if s.Twins != nil && x.Status != StatusWithdrawn {
		v.Twins, err = s.Twins(ctx, x)
	}
	return err
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
		return s.editPage(w, r, f, nil, nil)
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
		return s.editPage(w, r, failed(f), nil, nil)
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
	case "", "publish", "resume", "approve":
		return "已发布，片刻后可以在目录中检索到。"
	case "submit":
		return "已提交，由另一位人员审核后发布。"
	case "check":
		return "已核对，目录中会注明日期。"
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
	return s.editPage(w, r, nil, f, nil)
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
