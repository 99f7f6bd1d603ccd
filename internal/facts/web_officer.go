package facts

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// fileRow is one firm's file in a list: how much, never what.
type fileRow struct {
	summary
	Name   ui.OrgRef
	Region string
}

type filesView struct {
	Rows      []fileRow
	Text      string
	MayImport bool
}

func (s *Service) showFiles(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	v := filesView{Text: strings.TrimSpace(r.URL.Query().Get("q")), MayImport: s.Policy.May(by, "facts.import") == nil}
	all, err := summaries(ctx, s.DB)
	if err != nil {
		return err
	}
	var ids []string
	for _, x := range all {
		ids = append(ids, x.Org)
	}
	orgs, err := s.Organisations.Organisations(ctx, s.DB, ids)
	if err != nil {
		return err
	}
	for _, x := range all {
		o, there := orgs[x.Org]
		if !there || s.Policy.Can(by, "facts.inspect", object(o)) != nil || !strings.Contains(folded(o.NameZH+o.NameEN+o.USCC), folded(v.Text)) {
			continue
		}
		v.Rows = append(v.Rows, fileRow{x, o.Ref(ctx), s.Organisations.RegionName(ctx, o.Region)})
	}
	slices.SortFunc(v.Rows, func(a, b fileRow) int { return b.Changed.Compare(a.Changed.Time) })
	return web.Page(w, r, http.StatusOK, filesPage(v))
}

// fileView is a firm's file as an officer reads it.
type fileView struct {
	Org    identity.Organisation
	Region string
	Open   bool // for today
	Parts  []part
	Hidden int // facts that are there, and were not given to this authority
	Form   *form.Form
}

func (s *Service) showFile(w http.ResponseWriter, r *http.Request) error {
	return s.filePage(w, r, form.Of(nil))
}

func (s *Service) filePage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	o, err := s.Organisations.Organisation(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "facts.inspect", object(o)); err != nil {
		return err
	}
	v := fileView{Org: o, Region: s.Organisations.RegionName(ctx, o.Region), Form: f}
	if v.Open, err = s.opened(ctx, s.DB, by, o.ID); err != nil {
		return err
	}
	if v.Open {
		entries, err := entriesOf(ctx, s.DB, o.ID)
		if err != nil {
			return err
		}
		all := Current(entries)
		shown, err := s.shownTo(ctx, s.DB, by, o.ID, all)
		if err != nil {
			return err
		}
		v.Hidden = len(all) - len(shown)
		for _, p := range s.parts(shown) {
			p.Lines = slices.DeleteFunc(p.Lines, func(l line) bool { return len(l.Entries) == 0 })
			if len(p.Lines) > 0 {
				v.Parts = append(v.Parts, p)
			}
		}
	}
	return web.Page(w, r, f.Status(), filePage(v))
}

func (s *Service) submitOpen(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	err := s.Open(ctx, identity.SubjectOf(ctx), r.PathValue("id"), f.Text("reason"))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/files/"+r.PathValue("id"), "档案今天对您开放，企业会看到您的姓名和事由。")
	case f.Fail(err):
		return s.filePage(w, r, f)
	}
	return err
}

func (s *Service) submitVerify(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	f := form.ReadUpload(r, maxFile)
	c := Check{Text: f.Text("value"), Note: f.Text("note")}
	var err error
	if c.File, err = s.keep(ctx, f, "file"); err != nil && !f.Fail(err) {
		return err
	}
	if f.OK() {
		e, err := s.Confirm(ctx, by, r.PathValue("id"), c)
		if err == nil {
			return web.SeeOther(w, r, "/desk/files/"+e.Org, "已核实，企业会收到通知。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.factPage(w, r, f)
}

// source says where a value comes from.
func source(ctx context.Context, e Entry) ui.Chip {
	switch e.Source {
	case Verified:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已核实")}
	case Imported:
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "登记导入")}
	}
	return ui.Chip{Text: t(ctx, "企业填报")}
}

// orgName is an organisation's name in the reader's language.
func orgName(ctx context.Context, o identity.Organisation) string { return o.Ref(ctx).Name }

// told lists the facts that were given, by name.
func (s ownView) told(ctx context.Context, g Given) string {
	var out []string
	for _, code := range strings.Fields(g.Facts) {
		for _, p := range s.Parts {
			for _, l := range p.Lines {
				if l.Key.Code == code {
					out = append(out, l.Key.Name.In(ctx))
				}
			}
		}
	}
	return strings.Join(out, t(ctx, "、"))
}
