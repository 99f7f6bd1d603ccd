package catalogue

import (
	"context"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// historyView is the history of one record.
type historyView struct {
	Resource Resource
	Items    []Told
	Next     int64
	Before   int64
	Form     *form.Form // an undoing that failed
}

func (v historyView) action() string { return "/desk/resources/" + v.Resource.ID }

// rest are the parts that can still be taken back where not all of a revision can.
func (v historyView) rest() string {
	if v.Form == nil || v.Form.Fault == nil {
		return ""
	}
	return restOf(v.Form.Fault)
}

// restOf are the parts that an undo-conflict says can still be taken back, separated by commas.
func restOf(e *fault.Error) string {
	i := slices.IndexFunc(e.Fields, func(f fault.Field) bool { return f.Name == "parts" })
	if i < 0 {
		return ""
	}
	return e.Fields[i].Text
}

func (v historyView) pager(context.Context) ui.PagerOf {
	var p ui.PagerOf
	if v.Before > 0 {
		p.First = v.action() + "/history"
	}
	if v.Next > 0 {
		p.Next = v.action() + "/history?before=" + itoa(v.Next)
	}
	return p
}

func (s *Service) showHistory(w http.ResponseWriter, r *http.Request) error {
	return s.historyPage(w, r, nil)
}

func (s *Service) historyPage(w http.ResponseWriter, r *http.Request, failed *form.Form) error {
	ctx := r.Context()
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil {
		before = 0
	}
	v := historyView{Before: before, Form: failed}
	if v.Resource, _, err = s.load(ctx, s.DB, r.PathValue("id")); err != nil {
		return err
	}
	if v.Items, v.Next, err = s.History(ctx, identity.SubjectOf(ctx), v.Resource.ID, before); err != nil {
		return err
	}
	return web.Page(w, r, failed.Status(), historyPage(v))
}

func (s *Service) submitUndo(w http.ResponseWriter, r *http.Request) error {
	ctx, f, resource := r.Context(), form.Read(r), r.PathValue("id")
	var parts []string
	if f.Text("parts") != "" {
		parts = strings.Split(f.Text("parts"), ",")
	}
	_, err := s.Undo(ctx, identity.SubjectOf(ctx), resource, f.Int("revision"), parts)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/resources/"+resource+"/history", "已撤销，记录为新的一版。")
	case f.Fail(err):
		f.Errors = nil // the sentence says it all; the parts are no fields of this page
		return s.historyPage(w, r, f)
	}
	return err
}

func (s *Service) submitFile(w http.ResponseWriter, r *http.Request) error {
	ctx, f, resource := r.Context(), form.Read(r), r.PathValue("id")
	if upload := f.File("file"); upload != nil {
		body, err := upload.Open()
		if err != nil {
			return err
		}
		_, err = s.AddFile(ctx, identity.SubjectOf(ctx), resource, web.RequestKey(ctx), Upload{Name: upload.Name, Title: f.Text("title"), Body: body})
		if e := body.Close(); err == nil {
			err = e
		}
		if err == nil {
			return web.SeeOther(w, r, "/desk/resources/"+resource+"#files", "已保存。")
		}
		if !f.Fail(err) {
			return err
		}
	} else if f.OK() {
		f.Need("file")
	}
	return s.editPage(w, r, nil, nil, f)
}

func (s *Service) submitFileVerb(w http.ResponseWriter, r *http.Request) error {
	ctx, resource, file := r.Context(), r.PathValue("id"), r.PathValue("file")
	sub := identity.SubjectOf(ctx)
	var err error
	if r.PathValue("verb") == "first" {
		err = s.FirstFile(ctx, sub, resource, file)
	} else {
		err = s.RemoveFile(ctx, sub, resource, file)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/resources/"+resource+"#files", "已保存。")
}

// showFile sends a file: a photo to be looked at, a document to be kept.
func (s *Service) showFile(w http.ResponseWriter, r *http.Request) error {
	f, body, err := s.OpenFile(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), r.PathValue("file"), r.URL.Query().Get("size") == "small")
	if err != nil {
		return err
	}
	defer body.Close() //nolint:errcheck // read only
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("ETag", `"`+f.SHA256+`"`)
	h.Set("Cache-Control", "private, max-age=86400")
	if f.Sort == SortDocument {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	}
	http.ServeContent(w, r, "", f.At.Time, body)
	return nil
}
