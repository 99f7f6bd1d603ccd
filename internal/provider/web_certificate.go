package provider

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// shownScope is how many lines of a scope the page shows at once.
const shownScope = 200

// certificateView is one certificate.
type certificateView struct {
	Certificate
	s        *Service
	Org      ui.OrgRef
	Found    []Scope // of the scope, what was searched for
	Text     string
	Covered  []catalogue.Resource
	Timeline []ui.Moment
	Form     *form.Form
	Today    string
	MayEdit  bool
	MayCheck bool
	Inside   bool // may see the file and who looked at it
}

// showCertificate is the public page: only while it holds and nobody found it wrong.
func (s *Service) showCertificate(w http.ResponseWriter, r *http.Request) error {
	c, err := getCertificate(r.Context(), s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !c.On(s.today()) {
		return ended()
	}
	v, err := s.certificateView(r, c)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, certificatePage(v))
}

func (s *Service) certificateView(r *http.Request, c Certificate) (certificateView, error) {
	ctx, by := r.Context(), s.subject(r)
	v := certificateView{Certificate: c, s: s, Text: strings.TrimSpace(r.URL.Query().Get("q")), Form: form.Of(nil), Today: s.today(),
		Inside:   s.policy.Can(by, "certificate.own", object(c.Org, c.Region)) == nil,
		MayEdit:  s.policy.Can(by, "certificate.edit", object(c.Org, c.Region)) == nil,
		MayCheck: by.Org != c.Org && s.policy.Can(by, "certificate.check", object(c.Org, c.Region)) == nil}
	v.Found = searchScope(c.Items, v.Text)
	names, err := s.names(ctx, []string{c.Org})
	if err != nil {
		return v, err
	}
	v.Org = names[c.Org]
	if v.Covered, err = s.catalogue.Any(ctx, s.db, c.Covers); err != nil {
		return v, err
	}
	if v.Inside {
		v.Timeline, err = s.moments(ctx, c.ID)
	}
	return v, err
}

// searchScope are the lines in which every word occurs.
func searchScope(items []Scope, text string) []Scope {
	var out []Scope
	words := strings.Fields(strings.ToLower(text))
	for _, x := range items {
		all := strings.ToLower(x.Item + " " + x.Method + " " + x.Limits)
		ok := true
		for _, w := range words {
			ok = ok && strings.Contains(all, w)
		}
		if ok {
			out = append(out, x)
		}
	}
	return out
}

func ended() error {
	return fault.New(fault.Gone, "certificate-ended", "这份证书已不在有效期内，不再公开显示。")
}

// certificatesView is an owner's certificates, or those an authority looks after.
type certificatesView struct {
	s       *Service
	Rows    []certificateView
	Show    string
	Own     bool // the reader keeps certificates of its own
	Check   bool // the reader checks those of others
	MayEdit bool
	Today   string
}

func (s *Service) showCertificates(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), s.subject(r)
	v := certificatesView{s: s, Show: r.URL.Query().Get("show"), Today: s.today(), MayEdit: s.policy.May(by, "certificate.edit") == nil}
	v.Own = by.Has("provider", "enterprise", "intermediary")
	v.Check = by.Has("authority", "operator", "auditor")
	var where db.Where
	if v.Own && !v.Check {
		where.And("org = ?", by.Org)
	} else {
		s.policy.Filter(by, "certificate.own", map[string]string{identity.SideRegion: "region", SideOwner: "org"}, &where)
	}
	where.And("state <> 'removed'")
	if v.Show == "check" {
		where.And("state = ?", Stated)
	}
	list, err := listCertificates(ctx, s.db, &where, 200)
	if err != nil {
		return err
	}
	var ids []string
	for _, c := range list {
		ids = append(ids, c.Org)
	}
	names, err := s.names(ctx, ids)
	if err != nil {
		return err
	}
	for _, c := range list {
		v.Rows = append(v.Rows, certificateView{Certificate: c, s: s, Org: names[c.Org], Today: v.Today})
	}
	return web.Page(w, r, http.StatusOK, certificatesPage(v))
}

// editView is the form of a certificate.
type editView struct {
	s     *Service
	ID    string
	Owned []catalogue.Resource
	File  string
	Form  *form.Form
}

func (s *Service) showNewCertificate(w http.ResponseWriter, r *http.Request) error {
	return s.editPage(w, r, Certificate{}, form.Of(nil))
}

func (s *Service) editPage(w http.ResponseWriter, r *http.Request, c Certificate, f *form.Form) error {
	v := editView{s: s, ID: c.ID, File: c.File, Form: f}
	var err error
	if v.Owned, err = s.catalogue.Owned(r.Context(), s.db, s.subject(r).Org); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), editPage(v))
}

func (s *Service) submitCertificate(w http.ResponseWriter, r *http.Request) error {
	ctx, f, by := r.Context(), form.Read(r), s.subject(r)
	var old Certificate
	if id := r.PathValue("id"); id != "" {
		var err error
		if old, err = getCertificate(ctx, s.db, id); err != nil {
			return err
		}
		if err := s.policy.Can(by, "certificate.edit", object(old.Org, old.Region)); err != nil {
			return err
		}
	}
	f.Need("kind", "number", "from", "to")
	d := CertificateDraft{Kind: f.Text("kind"), Number: f.Text("number"), Issuer: f.Text("issuer"), Scope: f.Text("scope"), From: f.Date("from"), To: f.Date("to"), Items: f.Text("items"), Covers: f.All("covers")}
	if file := f.File("file"); file != nil {
		in, err := file.Open()
		if err != nil {
			return fmt.Errorf("read an uploaded file: %w", err)
		}
		defer func() { _ = in.Close() }() // it was only read
		d.FileName, d.File = file.Name, in
	}
	if f.OK() {
		c, err := s.SaveCertificate(ctx, by, old.ID, d)
		if err == nil {
			return web.SeeOther(w, r, "/desk/certificates/"+c.ID, "证书已保存，主管部门核对后计入检索。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.editPage(w, r, old, f)
}

func (s *Service) showDeskCertificate(w http.ResponseWriter, r *http.Request) error {
	return s.deskCertificate(w, r, nil)
}

func (s *Service) deskCertificate(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	c, err := getCertificate(r.Context(), s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.policy.Can(s.subject(r), "certificate.own", object(c.Org, c.Region)); err != nil {
		return err
	}
	if r.URL.Query().Get("edit") != "" && c.State != Removed && s.policy.Can(s.subject(r), "certificate.edit", object(c.Org, c.Region)) == nil {
		e := form.Of(map[string]string{"kind": c.Kind, "number": c.Number, "issuer": c.Issuer, "scope": c.Scope, "from": c.From, "to": c.To, "items": scopeText(c.Items)})
		e.Set("covers", c.Covers...)
		return s.editPage(w, r, c, e)
	}
	v, err := s.certificateView(r, c)
	if err != nil {
		return err
	}
	if f != nil {
		v.Form = f
	}
	return web.Page(w, r, v.Form.Status(), deskCertificatePage(v))
}

func (s *Service) submitCertificateVerb(verb string) web.Handler {
	done := map[string]string{"remove": "证书已删除。", "verify": "已核对，计入检索。", "refuse": "已记为不符，对方会看到理由。"}
	return func(w http.ResponseWriter, r *http.Request) error {
		f := form.Read(r)
		c, err := s.DoCertificate(r.Context(), s.subject(r), r.PathValue("id"), verb, f.Text("note"))
		switch {
		case err == nil && verb == "remove":
			return web.SeeOther(w, r, "/desk/certificates", done[verb])
		case err == nil:
			return web.SeeOther(w, r, "/desk/certificates/"+c.ID, done[verb])
		case f.Fail(err):
			return s.deskCertificate(w, r, f)
		}
		return err
	}
}

func (s *Service) showCertificateFile(w http.ResponseWriter, r *http.Request) error {
	c, err := getCertificate(r.Context(), s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.policy.Can(s.subject(r), "certificate.own", object(c.Org, c.Region)); err != nil {
		return err
	}
	if c.SHA256 == "" {
		return fault.New(fault.NotFound, "document-not-found", "没有找到这份材料。")
	}
	return s.sendFile(w, r, c.File, c.SHA256, c.UpdatedAt.Time)
}

func (s *Service) kindOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: t(ctx, "请选择")}}
	for _, it := range s.rules.Certificates {
		out = append(out, ui.Option{Value: it.Code, Label: it.Name.in(ctx)})
	}
	return out
}
