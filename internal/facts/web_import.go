package facts

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// shownErrors is how many mistakes a preview shows.
const shownErrors = 100

func (s *Service) showUpload(w http.ResponseWriter, r *http.Request) error {
	return s.uploadPage(w, r, form.Of(nil))
}

func (s *Service) uploadPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	return web.Page(w, r, f.Status(), uploadPage(f))
}

func (s *Service) submitUpload(w http.ResponseWriter, r *http.Request) error {
	f := form.ReadUpload(r, maxFile)
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
	m, err := s.Upload(r.Context(), identity.SubjectOf(r.Context()), file.Name, body)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/file-imports/"+m.ID, "")
	case f.Fail(err):
		f.Add("file", f.Fault.Code, f.Fault.Text, f.Fault.Args...)
		f.Fault = nil
		return s.uploadPage(w, r, f)
	}
	return err
}

type importView struct {
	Preview
	Form    *form.Form
	Options []ui.Option
}

func (s *Service) showImport(w http.ResponseWriter, r *http.Request) error {
	return s.importPage(w, r, nil)
}

func columnName(i int) string { return "column" + strconv.Itoa(i) }

func (s *Service) importPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	p, err := s.Look(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	if f == nil {
		values := map[string]string{}
		for i, c := range p.Columns {
			values[columnName(i)] = c
		}
		f = form.Of(values)
	}
	v := importView{Preview: p, Form: f, Options: []ui.Option{{Value: "", Label: s.columnLabel(r.Context(), "")}}}
	for _, c := range dated.On(s.keys, s.today()).columns(s.today()) {
		v.Options = append(v.Options, ui.Option{Value: c, Label: s.columnLabel(r.Context(), c)})
	}
	for i, e := range v.Errors {
		v.Errors[i].Column = s.columnLabel(r.Context(), e.Column)
	}
	return web.Page(w, r, f.Status(), importPage(v))
}

func (s *Service) submitMapping(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	p, err := s.Look(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	columns := make([]string, len(p.Headings))
	for i := range columns {
		columns[i] = f.Text(columnName(i))
	}
	err = s.Remap(r.Context(), identity.SubjectOf(r.Context()), p.ID, columns)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/file-imports/"+p.ID, "已按新的对应关系重新预览。")
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
	return web.SeeOther(w, r, "/desk/files", "导入完成：写入 {0} 项，{1} 项没有变化，{2} 行有误。", m.Written, m.Same, m.Wrong)
}

// columnLabel says what a column holds, in the reader's language.
func (s *Service) columnLabel(ctx context.Context, column string) string {
	switch column {
	case "":
		return t(ctx, "不导入")
	case fieldName:
		return t(ctx, "企业名称")
	case fieldUSCC:
		return t(ctx, "统一社会信用代码")
	case fieldAsOf:
		return t(ctx, "统计日期")
	}
	code, year, _ := strings.Cut(column, "@")
	key, _ := dated.On(s.keys, s.today()).Key(code)
	if year != "" {
		return key.Name.In(ctx) + " " + year
	}
	return key.Name.In(ctx)
}

func (p Preview) summary(ctx context.Context) string {
	if p.State == importApplied {
		return t(ctx, "写入 {0} 项，{1} 项没有变化，{2} 行有误。", p.Written, p.Same, p.Wrong)
	}
	return t(ctx, "将为 {0} 家企业写入 {1} 项，{2} 项没有变化，{3} 行有误不导入。", len(p.Firms), p.Written, p.Same, p.Wrong)
}

// sampleOf is the first row's cell, to recognise a column by.
func (v importView) sampleOf(i int) string {
	if i < len(v.First) {
		return v.First[i]
	}
	return ""
}
