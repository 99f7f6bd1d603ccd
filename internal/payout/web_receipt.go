package payout

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// uploadsView is the list of receipts, with the form for another.
type uploadsView struct {
	Form     *form.Form
	Rows     []Upload
	Funders  map[string]ui.OrgRef
	Receives bool
}

func (s *Service) showUploads(w http.ResponseWriter, r *http.Request) error {
	return s.uploadsPage(w, r, form.Of(nil))
}

func (s *Service) uploadsPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	v := uploadsView{Form: f, Receives: s.policy.May(by, "payout.receive") == nil}
	where := &db.Where{}
	s.policy.Filter(by, "payout.view", map[string]string{SideFunder: "funder", identity.SideRegion: "region"}, where)
	var err error
	if v.Rows, err = listUploads(ctx, s.db, where, pageSize); err != nil {
		return err
	}
	var ids []string
	for _, u := range v.Rows {
		ids = append(ids, u.Funder)
	}
	if v.Funders, err = s.names(ctx, ids...); err != nil {
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
	u, err := s.TakeReceipts(r.Context(), identity.SubjectOf(r.Context()), "", file.Name, body)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/receipts/"+u.ID, "")
	case f.Fail(err):
		f.Add("file", f.Fault.Code, f.Fault.Text, f.Fault.Args...)
		f.Fault = nil
		return s.uploadsPage(w, r, f)
	}
	return err
}

// uploadView is one file of receipts.
type uploadView struct {
	Reading
	Form     *form.Form
	Receives bool
}

func (s *Service) showUpload(w http.ResponseWriter, r *http.Request) error {
	return s.uploadPage(w, r, nil)
}

func (s *Service) uploadPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	by := identity.SubjectOf(r.Context())
	read, err := s.Read(r.Context(), by, r.PathValue("id"))
	if err != nil {
		return err
	}
	if f == nil {
		values := map[string]string{}
		for i, field := range read.Fields {
			values[columnName(i)] = field
		}
		f = form.Of(values)
	}
	v := uploadView{read, f, read.State == UploadRead && s.policy.Can(by, "payout.receive", funderObject(read.Funder, read.Region)) == nil}
	return web.Page(w, r, f.Status(), uploadPage(v))
}

func columnName(i int) string { return "column" + strconv.Itoa(i) }

func (s *Service) submitMapping(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	f := form.Read(r)
	read, err := s.Read(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	mapping := make([]string, len(read.Columns))
	for i := range mapping {
		mapping[i] = f.Text(columnName(i))
	}
	_, err = s.Remap(ctx, by, read.ID, mapping)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/receipts/"+read.ID, "已按新的对应关系重新核对，下次同样的表头照此读取。")
	case f.Fail(err):
		return s.uploadPage(w, r, f)
	}
	return err
}

func (s *Service) submitApply(w http.ResponseWriter, r *http.Request) error {
	read, err := s.Apply(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err == nil {
		return web.SeeOther(w, r, "/desk/receipts/"+read.ID, "回执已入账：已付 {0} 笔，退回 {1} 笔，对不上 {2} 行。", read.Count(OutcomePaid), read.Count(OutcomeReturned), read.Count(OutcomeBreak))
	}
	f := form.Of(nil)
	if !f.Fail(err) {
		return err
	}
	return s.uploadPage(w, r, f)
}

func fieldOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: fieldName(ctx, "")}}
	for _, f := range ReceiptFields() {
		out = append(out, ui.Option{Value: f, Label: fieldName(ctx, f)})
	}
	return out
}

// sampleOf is the first row's cell, to recognise a column by.
func (v uploadView) sampleOf(i int) string {
	if i < len(v.First) {
		return v.First[i]
	}
	return ""
}

// layoutsView is how a funder's payment files look.
type layoutsView struct {
	Form    *form.Form
	Layouts []Layout
	Own     []layoutRow
	Source  string
}

func (s *Service) showLayouts(w http.ResponseWriter, r *http.Request) error {
	return s.layoutsPage(w, r, nil)
}

func (s *Service) layoutsPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	v := layoutsView{Form: f}
	var err error
	if v.Layouts, v.Source, err = s.layoutsOf(ctx, s.db, by.Org, s.today()); err != nil {
		return err
	}
	if v.Own, err = listLayouts(ctx, s.db, by.Org); err != nil {
		return err
	}
	if f == nil {
		l := v.Layouts[0]
		for _, x := range v.Layouts {
			if x.Code == r.URL.Query().Get("code") {
				l = x
			}
		}
		v.Form = form.Of(map[string]string{"code": l.Code, "container": l.Container, "encoding": l.Encoding, "columns": writeColumns(l.Columns), "from": s.today()})
	}
	return web.Page(w, r, v.Form.Status(), layoutsPage(v))
}

func (s *Service) submitLayout(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	f.Need("code", "columns", "from", "source")
	d := LayoutDraft{f.Text("code"), f.Text("container"), f.Text("encoding"), f.Text("columns"), f.Date("from"), f.Text("source")}
	if f.OK() {
		err := s.SetLayout(r.Context(), identity.SubjectOf(r.Context()), d)
		if err == nil {
			return web.SeeOther(w, r, "/desk/payout-layouts?code="+d.Code, "付款文件格式已保存，{0} 起使用。", d.From)
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.layoutsPage(w, r, f)
}
