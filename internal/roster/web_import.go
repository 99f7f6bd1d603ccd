package roster

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// shown is how many rows and mistakes the preview shows.
const shown = 100

type uploadView struct {
	List
	Form *form.Form
}

func (s *Service) showUpload(w http.ResponseWriter, r *http.Request) error {
	return s.uploadPage(w, r, form.Of(nil))
}

func (s *Service) uploadPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	l, err := getList(r.Context(), s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.policy.Can(identity.SubjectOf(r.Context()), "roster.manage", l.object()); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), uploadPage(uploadView{l, f}))
}

func (s *Service) submitUpload(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	file := f.File("file")
	if file == nil {
		f.Need("file")
		return s.uploadPage(w, r, f)
	}
	body, err := file.Open()
	if err != nil {
		return fmt.Errorf("open the upload %s: %w", file.Name, err)
	}
	defer body.Close() //nolint:errcheck // read only
	m, err := s.Upload(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), file.Name, body, f.Bool("whole"))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/roster-imports/"+m.ID, "")
	case f.Fail(err):
		f.Add("file", f.Fault.Code, f.Fault.Text, f.Fault.Args...)
		f.Fault = nil
		return s.uploadPage(w, r, f)
	}
	return err
}

type importView struct {
	Preview
	Form *form.Form
}

func (s *Service) showImport(w http.ResponseWriter, r *http.Request) error {
	return s.importPage(w, r, nil)
}

func (s *Service) importPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	p, err := s.Look(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	if f == nil {
		values := map[string]string{}
		for i, field := range p.Mapping {
			values[columnName(i)] = field
		}
		if p.Whole {
			values["whole"] = "1"
		}
		f = form.Of(values)
	}
	return web.Page(w, r, f.Status(), importPage(importView{p, f}))
}

func columnName(i int) string { return "column" + strconv.Itoa(i) }

func (s *Service) submitMapping(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	p, err := s.Look(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	mapping := make([]string, len(p.Headings))
	for i := range mapping {
		mapping[i] = f.Text(columnName(i))
	}
	_, err = s.Remap(r.Context(), identity.SubjectOf(r.Context()), p.ID, mapping, f.Bool("whole"))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/roster-imports/"+p.ID, "已按新的对应关系重新预览。")
	case f.Fail(err):
		return s.importPage(w, r, f)
	}
	return err
}

func (s *Service) submitApply(w http.ResponseWriter, r *http.Request) error {
	m, err := s.Apply(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/rosters/"+m.List, "导入完成：新增 {0} 条，变更 {1} 条，{2} 条没有变化，移出 {3} 条。", m.Added, m.Changed, m.Same, m.Gone)
}

func (p Preview) summary(ctx context.Context) string {
	if p.State == ImportApplied {
		return t(ctx, "新增 {0} 条，变更 {1} 条，{2} 条没有变化，移出 {3} 条，{4} 行有误。", p.Added, p.Changed, p.Same, p.Import.Gone, p.Wrong)
	}
	return t(ctx, "将新增 {0} 条，变更 {1} 条，{2} 条没有变化，移出 {3} 条，{4} 行有误不导入。", p.Added, p.Changed, p.Same, p.Import.Gone, p.Wrong)
}

func fieldOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: fieldName(ctx, "")}}
	for _, f := range Fields() {
		out = append(out, ui.Option{Value: f, Label: fieldName(ctx, f)})
	}
	return out
}

// sampleOf is the first row's cell, to recognise a column by.
func (v importView) sampleOf(i int) string {
	if i < len(v.First) {
		return v.First[i]
	}
	return ""
}

func (e RowError) text(ctx context.Context) string {
	return i18n.T(ctx, e.Fault.Text, e.Fault.Args...)
}
