package facts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

var t = i18n.T

// maxFile is the size of an evidence file.
const maxFile = 20 << 20

// yearsAsked are the years a form asks for.
const yearsAsked = 3

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	return []web.Route{
		desk("GET /desk/file", "facts.own", s.showOwn),
		desk("GET /desk/file/{group}", "facts.edit", s.showEdit),
		desk("POST /desk/file/{group}", "facts.edit", s.submitEdit),
		desk("GET /desk/files", "facts.inspect", s.showFiles),
		desk("GET /desk/files/import", "facts.import", s.showUpload),
		desk("POST /desk/files/import", "facts.import", s.submitUpload),
		desk("GET /desk/file-imports/{id}", "facts.import", s.showImport),
		desk("POST /desk/file-imports/{id}/mapping", "facts.import", s.submitMapping),
		desk("POST /desk/file-imports/{id}/apply", "facts.import", s.submitApply),
		desk("GET /desk/files/{id}", "facts.inspect", s.showFile),
		desk("POST /desk/files/{id}/open", "facts.inspect", s.submitOpen),
		desk("GET /desk/facts/{id}", "facts.view", s.showFact),
		desk("POST /desk/facts/{id}/verify", "facts.verify", s.submitVerify),
		desk("GET /desk/facts/{id}/evidence", "facts.view", s.showEvidence),
	}
}

// line is one fact of a file as a page shows it.
type line struct {
	Key     Key
	Entries []Entry // what holds; of a yearly fact one a year, the newest first
}

// part is a group of a file.
type part struct {
	Group Group
	Lines []line
	Known int
}

func (s *Service) parts(file File) []part {
	keys, day := dated.On(s.keys, s.today()), s.today()
	var out []part
	for _, g := range keys.Groups {
		p := part{Group: g}
		for _, k := range keys.in(g.Code) {
			l := line{Key: k}
			at := []string{""}
			if k.Per == perYear {
				at = years(day, 10)
			}
			for _, y := range at {
				if e, ok := file[slot{k.Code, y}]; ok {
					l.Entries = append(l.Entries, e)
				}
			}
			if len(l.Entries) > 0 {
				p.Known++
			}
			p.Lines = append(p.Lines, l)
		}
		out = append(out, p)
	}
	return out
}

// ownView is a firm's own file.
type ownView struct {
	Org      identity.Organisation
	Parts    []part
	Given    []Given
	Openings []Opening
	Names    map[string]string // of people
	Orgs     map[string]identity.Organisation
	MayEdit  bool
}

func (s *Service) showOwn(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	o, err := s.Organisations.Organisation(ctx, s.DB, by.Org)
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "facts.own", object(o)); err != nil {
		return err
	}
	entries, err := entriesOf(ctx, s.DB, o.ID)
	if err != nil {
		return err
	}
	v := ownView{Org: o, Parts: s.parts(Current(entries)), MayEdit: s.Policy.Can(by, "facts.edit", object(o)) == nil}
	if v.Given, err = listGiven(ctx, s.DB, o.ID); err != nil {
		return err
	}
	v.Given = v.Given[:min(len(v.Given), 20)]
	where := &db.Where{}
	where.And("org = ?", o.ID)
	if v.Openings, err = listOpenings(ctx, s.DB, where, 20); err != nil {
		return err
	}
	var people, orgs []string
	for _, x := range v.Openings {
		people, orgs = append(people, x.Person), append(orgs, x.ByOrg)
	}
	for _, g := range v.Given {
		people = append(people, g.Person)
	}
	if v.Names, err = s.Organisations.Names(ctx, s.DB, people); err != nil {
		return err
	}
	if v.Orgs, err = s.Organisations.Organisations(ctx, s.DB, orgs); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, ownPage(v))
}

// editView is the form of one group.
type editView struct {
	Group Group
	Keys  []Key
	Years []string
	Form  *form.Form
	Known map[string]bool // secrets that are there
}

func (s *Service) showEdit(w http.ResponseWriter, r *http.Request) error {
	return s.editPage(w, r, nil)
}

func (s *Service) editPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	keys := dated.On(s.keys, s.today())
	g, ok := keys.group(r.PathValue("group"))
	if !ok {
		return fault.New(fault.NotFound, "group-not-found", "企业档案里没有这一部分。")
	}
	o, err := s.Organisations.Organisation(ctx, s.DB, by.Org)
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "facts.edit", object(o)); err != nil {
		return err
	}
	v := editView{Group: g, Keys: keys.in(g.Code), Years: years(s.today(), yearsAsked), Form: f, Known: map[string]bool{}}
	entries, err := entriesOf(ctx, s.DB, o.ID)
	if err != nil {
		return err
	}
	values := map[string]string{"as_of": s.today()}
	for at, e := range Current(entries) {
		if k, ok := keys.Key(at.key); ok && k.Group == g.Code {
			values[fieldOf(at.key, at.year)] = k.grouped(e.Value)
			v.Known[at.key] = true
			if e.Reuse {
				values["reuse"] = "1"
			}
		}
	}
	if f == nil {
		v.Form = form.Of(values)
	}
	return web.Page(w, r, v.Form.Status(), editPage(v))
}

func (s *Service) submitEdit(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	f := form.ReadUpload(r, maxFile)
	keys := dated.On(s.keys, s.today())
	g, ok := keys.group(r.PathValue("group"))
	if !ok {
		return fault.New(fault.NotFound, "group-not-found", "企业档案里没有这一部分。")
	}
	c := Change{AsOf: f.Date("as_of"), Reuse: f.Bool("reuse"), Note: f.Text("note"), Values: typedIn(f, keys.in(g.Code), years(s.today(), yearsAsked))}
	var err error
	if f.OK() {
		if c.File, err = s.keep(ctx, f, "file"); err != nil && !f.Fail(err) {
			return err
		}
	}
	if f.OK() {
		n, err := s.Write(ctx, by, c)
		if err == nil {
			return web.SeeOther(w, r, "/desk/file", "“{0}”已保存，{1} 项有变化。", g.Name.In(ctx), n)
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.editPage(w, r, f)
}

// typedIn collects what was typed for keys.
func typedIn(f *form.Form, keys []Key, asked []string) []Typed {
	var out []Typed
	for _, k := range keys {
		at := []string{""}
		if k.Per == perYear {
			at = asked
		}
		for _, y := range at {
			out = append(out, Typed{k.Code, y, f.Text(fieldOf(k.Code, y))})
		}
	}
	return out
}

// keep stores an uploaded file of evidence; the zero document when none was chosen.
func (s *Service) keep(ctx context.Context, f *form.Form, field string) (Document, error) {
	file := f.File(field)
	if file == nil {
		return Document{}, nil
	}
	in, err := file.Open()
	if err != nil {
		return Document{}, fmt.Errorf("open the upload %s: %w", file.Name, err)
	}
	defer in.Close() //nolint:errcheck // read only
	ref, err := s.Files.Put(ctx, in, maxFile)
	return Document{Name: file.Name, SHA256: ref.SHA256, Size: ref.Size}, err
}

// factView is one fact with its history.
type factView struct {
	Org       identity.Organisation
	Key       Key
	Now       Entry   // what was asked for
	History   []Entry // the newest first
	Names     map[string]string
	Orgs      map[string]identity.Organisation
	Own       bool
	Form      *form.Form
	MayVerify bool
}

func (s *Service) showFact(w http.ResponseWriter, r *http.Request) error {
	return s.factPage(w, r, form.Of(nil))
}

// seen reads an entry that the subject may see.
func (s *Service) seen(ctx context.Context, by identity.Subject, entry string) (Entry, identity.Organisation, error) {
	e, err := getEntry(ctx, s.DB, entry)
	if err != nil {
		return e, identity.Organisation{}, err
	}
	o, err := s.Organisations.Organisation(ctx, s.DB, e.Org)
	if err != nil {
		return e, o, err
	}
	if err := s.Policy.Can(by, "facts.view", object(o)); err != nil {
		return e, o, err
	}
	if by.Org == e.Org {
		return e, o, nil
	}
	ok, err := s.readable(ctx, s.DB, by, o, e)
	if err == nil && !ok {
		err = fault.New(fault.Conflict, "file-not-open", "请先写明事由，打开这家企业的档案。")
	}
	return e, o, err
}

func (s *Service) factPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	e, o, err := s.seen(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	key, ok := dated.On(s.keys, s.today()).Key(e.Key)
	if !ok {
		return fault.New(fault.NotFound, "fact-not-found", "没有找到这一项。")
	}
	v := factView{Org: o, Key: key, Now: e, Own: by.Org == o.ID, Form: f}
	where := &db.Where{}
	where.And("org = ?", o.ID)
	where.And("fact = ?", e.Key)
	where.And("year = ?", e.Year)
	list, err := listEntries(ctx, s.DB, where)
	if err != nil {
		return err
	}
	var people, orgs []string
	for i := len(list) - 1; i >= 0; i-- {
		v.History = append(v.History, list[i])
		people, orgs = append(people, list[i].Person), append(orgs, list[i].ByOrg)
	}
	v.MayVerify = !v.Own && len(list) > 0 && list[len(list)-1].ID == e.ID && e.Source != Verified && s.Policy.Can(by, "facts.verify", object(o)) == nil
	if v.Names, err = s.Organisations.Names(ctx, s.DB, people); err != nil {
		return err
	}
	if v.Orgs, err = s.Organisations.Organisations(ctx, s.DB, orgs); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), factPage(v))
}

func (s *Service) showEvidence(w http.ResponseWriter, r *http.Request) error {
	e, _, err := s.seen(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	if e.SHA256 == "" {
		return fault.New(fault.NotFound, "evidence-not-found", "这一项没有证明材料。")
	}
	file, err := s.Files.Open(r.Context(), e.SHA256)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Gone, "evidence-gone", "这份材料的文件已不在，请联系平台运营单位。").Because(err)
	}
	if err != nil {
		return fmt.Errorf("open the evidence of %s: %w", e.ID, err)
	}
	defer file.Close() //nolint:errcheck // read only
	h := w.Header()
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(strings.ReplaceAll(e.FileName, `\`, "/"))}))
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, r, "", e.CreatedAt.Time, file)
	return nil
}
