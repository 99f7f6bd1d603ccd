package record

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"qiao/internal/catalogue/columns"
	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// uploadRoutes are the pages of spreadsheets.
func (s *Service) uploadRoutes(desk func(pattern, action string, h web.Handler) web.Route) []web.Route {
	return []web.Route{
		desk("GET /desk/records/upload", "record.keep", s.showUploads),
		desk("POST /desk/records/upload", "record.keep", s.submitUpload),
		desk("GET /desk/records/template", "record.keep", s.showTemplate),
		desk("GET /desk/record-uploads/{id}", "record.keep", s.showUpload),
		desk("POST /desk/record-uploads/{id}", "record.keep", s.submitPlan),
		desk("POST /desk/record-uploads/{id}/drop", "record.keep", s.submitDrop),
		desk("GET /desk/record-uploads/{id}/refused", "record.keep", s.showRefused),
		desk("POST /desk/record-mappings/{id}/delete", "record.keep", s.submitForget),
	}
}

// uploadsView is the form for a spreadsheet, what was uploaded before, and the saved mappings.
type uploadsView struct {
	Form     *form.Form
	Uploads  []Upload
	Mappings []Mapping
}

func (s *Service) showUploads(w http.ResponseWriter, r *http.Request) error {
	return s.uploadsPage(w, r, form.Of(nil))
}

func (s *Service) uploadsPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	o, err := s.owner(ctx, identity.SubjectOf(ctx), "record.keep")
	if err != nil {
		return err
	}
	v := uploadsView{Form: f}
	if v.Uploads, err = listUploads(ctx, s.DB, o.ID, 30); err != nil {
		return err
	}
	if v.Mappings, err = listMappings(ctx, s.DB, o.ID); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), uploadsPage(v))
}

func (s *Service) submitUpload(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	file := f.File("file")
	if file == nil {
		f.Need("file")
		return s.uploadsPage(w, r, f)
	}
	body, err := file.Open()
	if err != nil {
		return fmt.Errorf("open the upload %s: %w", file.Name, err)
	}
	defer body.Close() //nolint:errcheck // read only
	u, err := s.Upload(r.Context(), identity.SubjectOf(r.Context()), file.Name, body)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/record-uploads/"+u.ID, "")
	case f.Fail(err):
		f.Add("file", f.Fault.Code, f.Fault.Text, f.Fault.Args...)
		f.Fault = nil
		return s.uploadsPage(w, r, f)
	}
	return err
}

// uploadView is one spreadsheet: a draft to explain, or what it came to.
type uploadView struct {
	Look
	Form        *form.Form
	Instruments []ui.Option
	Refused     []BadRow
}

// refusedShown is how many refused rows the page shows; the download has all.
const refusedShown = 50

func (s *Service) showUpload(w http.ResponseWriter, r *http.Request) error {
	return s.uploadPage(w, r, nil)
}

func (s *Service) uploadPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	l, err := s.Look(ctx, identity.SubjectOf(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	if f == nil {
		values := map[string]string{"resource": l.Plan.Resource, "name": l.Mapping}
		for i, c := range l.Columns {
			values[columnName(i)] = c.Field
		}
		f = form.Of(values)
	}
	v := uploadView{Look: l, Form: f}
	if v.Refused, err = listRefused(ctx, s.DB, l.ID, 0, refusedShown); err != nil {
		return err
	}
	if l.State == UploadDraft {
		owned, err := s.Catalogue.Owned(ctx, s.DB, l.Owner)
		if err != nil {
			return err
		}
		v.Instruments = instrumentOptions(ctx, owned)
	}
	return web.Page(w, r, f.Status(), uploadPage(v, s.fields()))
}

func columnName(i int) string { return "column-" + strconv.Itoa(i) }

func (s *Service) submitPlan(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	u, err := s.upload(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	f := form.Read(r)
	p := Plan{Columns: map[string]string{}, Resource: f.Text("resource")}
	for i, h := range u.headings() {
		if field := f.Text(columnName(i)); field != "" {
			p.Columns[h] = field
		}
	}
	u, err = s.Explain(ctx, by, u.ID, p, f.Text("name"))
	if err == nil && f.Text("do") == "apply" {
		u, err = s.Apply(ctx, by, u.ID)
	}
	switch {
	case err == nil && u.State == UploadApplied:
		return web.SeeOther(w, r, "/desk/record-uploads/"+u.ID, "表格已处理：新登记 {0} 条。", u.Added)
	case err == nil:
		return web.SeeOther(w, r, "/desk/record-uploads/"+u.ID, "")
	case f.Fail(err):
		return s.uploadPage(w, r, f)
	}
	return err
}

func (s *Service) submitDrop(w http.ResponseWriter, r *http.Request) error {
	if err := s.Drop(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/records/upload", "已丢弃这个表格，没有登记任何记录。")
}

func (s *Service) submitForget(w http.ResponseWriter, r *http.Request) error {
	if err := s.Forget(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/records/upload", "已删除对应表。")
}

const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func attachment(w http.ResponseWriter, media, name string) {
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "no-store")
}

func (s *Service) showRefused(w http.ResponseWriter, r *http.Request) error {
	u, err := s.upload(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	attachment(w, xlsx, "service-records-refused-"+s.today()+".xlsx")
	return s.WriteRefused(r.Context(), w, u)
}

// WriteRefused writes the rows that did not come in as they were, with a last column of what is wrong. Mended, the workbook
// can be uploaded as it is.
func (s *Service) WriteRefused(ctx context.Context, w io.Writer, u Upload) error {
	headings := u.headings()
	out, err := sheet.NewStream(w, append(append([]string{}, headings...), columns.ProblemMark+t(ctx, "问题")))
	if err != nil {
		return err
	}
	for after := int64(0); ; {
		rows, err := listRefused(ctx, s.DB, u.ID, after, 1000)
		if err != nil || len(rows) == 0 {
			if err != nil {
				return err
			}
			return out.Close()
		}
		for _, b := range rows {
			cells := make([]string, len(headings), len(headings)+1)
			copy(cells, b.Cells)
			if err := out.Row(append(cells, b.text(ctx))); err != nil {
				return err
			}
			after = b.Row
		}
	}
}

// text is what is wrong with a row, in one text.
func (b BadRow) text(ctx context.Context) string {
	out := make([]string, len(b.Problems))
	for i, p := range b.Problems {
		out[i] = i18n.T(ctx, p.Text, p.Args...)
		if p.Column != "" {
			out[i] = t(ctx, "{0}：{1}", p.Column, out[i])
		}
	}
	return strings.Join(out, "\n")
}

func (s *Service) showTemplate(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := s.format()
	page := sheet.Page{Name: t(ctx, "服务记录"), Choices: map[int][]string{}}
	for _, name := range templateFields() {
		page.Headings = append(page.Headings, fieldWord(ctx, name))
		i := len(page.Headings) - 1
		switch name {
		case FieldWays:
			page.Choices[i] = labels(f.Ways)
		case FieldOpinion:
			page.Choices[i] = labels(f.Opinions)
		case FieldInside:
			page.Choices[i] = []string{t(ctx, "单位内"), t(ctx, "单位外")}
		}
	}
	attachment(w, xlsx, "service-records-template.xlsx")
	return sheet.WriteXLSX(w, page)
}

// templateFields are the columns of the platform's own template.
func templateFields() []string {
	return []string{
		FieldOwnNumber, FieldInstrument, FieldModel, FieldStart, FieldEnd, FieldHours, FieldSamples, FieldFee, FieldUser, FieldUSCC, FieldInside, FieldApplicant, FieldPhone, FieldEmail, FieldWays, FieldContent,
		FieldProject, FieldIncomes, FieldAreas, FieldResearch, FieldContract, FieldInvoice, FieldReport, FieldOpinion, FieldNote,
	}
}
