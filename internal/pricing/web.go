package pricing

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: "price.manage", Handle: h, Private: true}
	}
	return []web.Route{
		desk("GET /desk/prices", s.showSheets),
		desk("POST /desk/prices", s.submitBegin),
		desk("POST /desk/price-groups", s.submitGroup),
		desk("GET /desk/prices/{id}", s.showSheet),
		desk("GET /desk/prices/{id}/plan.json", s.showExport),
		desk("GET /desk/prices/{id}/versions/{version}", s.showVersion),
		desk("POST /desk/prices/{id}/draft", s.submitLine),
		desk("POST /desk/prices/{id}/import", s.submitImport),
		desk("POST /desk/prices/{id}/publish", s.submitPublish),
	}
}

// sheetRow is a plan in the list.
type sheetRow struct {
	Sheet
	Now   int64 // the version in force today; 0: none
	Said  []string
	Draft bool
}

type sheetsView struct {
	Rows   []sheetRow
	Others []ui.Option // resources without a plan of their own
	Groups []Belongs
	Orgs   map[string]ui.OrgRef
	Form   *form.Form
}

func (s *Service) showSheets(w http.ResponseWriter, r *http.Request) error {
	return s.sheetsPage(w, r, form.Of(nil))
}

func (s *Service) sheetsPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	var where db.Where
	where.And("owner = ?", by.Org)
	sheets, err := listSheets(ctx, s.db, &where)
	if err != nil {
		return err
	}
	v := sheetsView{Form: f, Orgs: map[string]ui.OrgRef{}}
	has := map[string]bool{}
	for _, x := range sheets {
		has[x.Resource] = true
		row := sheetRow{Sheet: x, Draft: x.Draft != ""}
		now, err := s.current(ctx, x)
		if err != nil {
			return err
		}
		if row.Now = now.Version; row.Now > 0 {
			p, err := now.Plan()
			if err != nil {
				return err
			}
			for _, rate := range p.Rates {
				row.Said = append(row.Said, sayGroups(ctx, rate.Groups, GroupWord(ctx, External))+" "+SayRate(ctx, rate, p.Currency))
			}
		}
		v.Rows = append(v.Rows, row)
	}
	if v.Others, err = s.others(ctx, by, has); err != nil {
		return err
	}
	if v.Groups, err = listBelongs(ctx, s.db, by.Org); err != nil {
		return err
	}
	var ids []string
	for _, b := range v.Groups {
		ids = append(ids, b.Org)
	}
	orgs, err := s.orgs.Organisations(ctx, s.db, ids)
	if err != nil {
		return err
	}
	for id, o := range orgs {
		v.Orgs[id] = o.Ref(ctx)
	}
	return web.Page(w, r, f.Status(), sheetsPage(v))
}

// current is the version of a plan that holds today.
func (s *Service) current(ctx context.Context, x Sheet) (Version, error) {
	versions, err := listVersions(ctx, s.db, x.ID)
	if err != nil {
		return Version{}, err
	}
	if i := slices.IndexFunc(versions, func(v Version) bool { return v.Holds(s.today()) }); i >= 0 {
		return versions[i], nil
	}
	return Version{}, nil
}

// others are the resources that have no plan of their own, to choose from.
func (s *Service) others(ctx context.Context, by identity.Subject, has map[string]bool) ([]ui.Option, error) {
	things, err := s.resources.Owned(ctx, s.db, by.Org)
	if err != nil {
		return nil, fmt.Errorf("the resources to price: %w", err)
	}
	var out []ui.Option
	if !has[""] {
		out = append(out, ui.Option{Value: "*", Label: t(ctx, "本单位通用（没有单独定价的资源）")})
	}
	for _, x := range things {
		if !has[x.ID] {
			out = append(out, ui.Option{Value: x.ID, Label: i18n.Pick(ctx, x.NameZH, x.NameEN)})
		}
	}
	return out, nil
}

func (s *Service) submitBegin(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	if f.Need("resource"); !f.OK() {
		return s.sheetsPage(w, r, f)
	}
	resource := f.Text("resource")
	if resource == "*" {
		resource = ""
	}
	x, err := s.Begin(r.Context(), identity.SubjectOf(r.Context()), resource)
	if err == nil {
		return web.SeeOther(w, r, "/desk/prices/"+x.ID, "价格方案的草稿已建立，发布之前不影响订单。")
	}
	if !f.Fail(err) {
		return err
	}
	return s.sheetsPage(w, r, f)
}

func (s *Service) submitGroup(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	f.Need("org", "group")
	b := Belongs{Group: f.Text("group"), From: f.Date("from"), To: f.Date("to")}
	if f.OK() {
		found, err := s.orgs.Named(ctx, s.db, []string{f.Text("org")}, []string{f.Text("org")})
		if err != nil {
			return err
		}
		if len(found) == 1 {
			b.Org = found[0].ID
		}
		err = s.Assign(ctx, identity.SubjectOf(ctx), b)
		if err == nil {
			return web.SeeOther(w, r, "/desk/prices", "用户类别已保存，之后的订单按这一类计价。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.sheetsPage(w, r, f)
}

// itemForm is one line of a section with its form.
type itemForm struct {
	Section string
	N       int
	Said    []string
	Form    *form.Form
	Sent    bool
	New     bool
}

// field is the id of a field, unlike those of the forms beside it.
func (x itemForm) field(name string) string {
	if x.Sent {
		return "f-" + name
	}
	return "f-" + x.Section + "-" + strconv.Itoa(x.N) + "-" + name
}

// editView is the page on which a plan is built.
type editView struct {
	Sheet
	Plan     Plan
	Items    map[string][]itemForm
	Basis    itemForm
	Versions []Version
	People   map[string]string
	Today    string
	Changed  []change // of the draft against the newest version
	Preview  previewView
	Release  *form.Form
	Import   *form.Form // of a file that could not be read
}

// imported is the form of a file that could not be read, if one was sent.
func (v editView) imported() (itemForm, bool) { return itemForm{Form: v.Import}, v.Import != nil }

// name is what the plan is of.
func (x Sheet) name(ctx context.Context) string {
	if x.Resource == "" {
		return t(ctx, "本单位通用价格")
	}
	return i18n.Pick(ctx, x.NameZH, x.NameEN)
}

func (s *Service) showSheet(w http.ResponseWriter, r *http.Request) error {
	return s.editPage(w, r, nil, nil)
}

// editPage shows a plan; sent is the line whose form came back with mistakes, release the form of publishing.
func (s *Service) editPage(w http.ResponseWriter, r *http.Request, sent *itemForm, release *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	x, err := s.mine(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := editView{Sheet: x, Today: s.today(), Items: map[string][]itemForm{}, Release: release}
	if v.Plan, err = s.draft(ctx, s.db, x); err != nil {
		return err
	}
	if v.Versions, err = listVersions(ctx, s.db, x.ID); err != nil {
		return err
	}
	if v.Draft != "" && len(v.Versions) > 0 {
		last, err := v.Versions[0].Plan()
		if err != nil {
			return err
		}
		v.Changed = diff(ctx, last, v.Plan)
	}
	var people []string
	for _, x := range v.Versions {
		people = append(people, x.Person)
	}
	if v.People, err = s.orgs.Names(ctx, s.db, people); err != nil {
		return err
	}
	for _, section := range sections() {
		v.Items[section] = items(ctx, v.Plan, section, sent)
	}
	v.Basis = itemForm{Section: "basis", Form: form.Of(fields(v.Plan, "basis", 0))}
	if sent != nil && sent.Section == "basis" {
		v.Basis = *sent
	}
	if sent != nil && sent.Section == "import" {
		v.Import = sent.Form
	}
	v.Preview = s.preview(ctx, v.Plan, form.Of(queryOf(r)))
	if v.Release == nil {
		v.Release = form.Of(map[string]string{"from": s.today()})
	}
	status := v.Release.Status()
	if sent != nil {
		status = sent.Form.Status()
	}
	return web.Page(w, r, status, editPage(v))
}

func queryOf(r *http.Request) map[string]string {
	out := map[string]string{}
	for name, values := range r.URL.Query() {
		out[name] = values[0]
	}
	return out
}

// items are the lines of a section and an empty one to add.
func items(ctx context.Context, p Plan, section string, sent *itemForm) []itemForm {
	said := map[string][]string{}
	for _, r := range p.Rates {
		said["rates"] = append(said["rates"], strings.Join(append([]string{sayGroups(ctx, r.Groups, GroupWord(ctx, External)), strings.TrimSpace(r.Text + " " + SayRate(ctx, r, p.Currency))}, SayMore(ctx, r, p.Currency)...), " · "))
	}
	for _, x := range p.Periods {
		said["periods"] = append(said["periods"], x.Text+" · "+sayPeriod(ctx, x))
	}
	for _, a := range p.AddOns {
		said["add_ons"] = append(said["add_ons"], a.Text+" · "+SayAddOn(ctx, a, p.Currency))
	}
	for _, d := range p.Discounts {
		said["discounts"] = append(said["discounts"], d.Text+" · "+sayDiscount(ctx, d))
	}
	for _, f := range p.Cancel {
		said["cancel"] = append(said["cancel"], sayFee(ctx, f))
	}
	if p.Overtime != nil {
		said["overtime"] = append(said["overtime"], sayOvertime(ctx, *p.Overtime, p.Currency))
	}
	if p.NoShow != nil {
		said["no_show"] = append(said["no_show"], sayFee(ctx, *p.NoShow))
	}
	var out []itemForm
	for n := range len(said[section]) + 1 {
		x := itemForm{Section: section, N: n, Form: form.Of(fields(p, section, n)), New: n == len(said[section])}
		groups, weekdays := ticked(p, section, n)
		x.Form.Set("groups", groups...)
		x.Form.Set("weekdays", weekdays...)
		if !x.New {
			x.Said = strings.Split(said[section][n], " · ")
		}
		if sent != nil && sent.Section == section && sent.N == n {
			x.Form, x.Sent = sent.Form, true
		}
		if (section == "no_show" || section == "overtime") && x.New && n > 0 {
			break // there is one
		}
		out = append(out, x)
	}
	return out
}

func (s *Service) submitLine(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	section, n := f.Text("section"), int(f.Int("n"))
	remove := f.Text("do") == "remove"
	_, err := s.SaveDraft(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), func(p Plan) (Plan, error) {
		p, err := edit(p, section, n, remove, f)
		if err == nil && !remove && !f.OK() {
			err = errTyped
		}
		return p, err
	})
	if err == nil {
		return web.SeeOther(w, r, "/desk/prices/"+r.PathValue("id")+"#"+section, "草稿已保存。")
	}
	if err != errTyped && !f.Fail(err) { //nolint:errorlint // its own value
		return err
	}
	return s.editPage(w, r, &itemForm{Section: section, N: n, Form: f, Sent: true}, nil)
}

// errTyped says that the form itself knows what is wrong.
var errTyped = fault.New(fault.Invalid, "price-typed", "还差一点：请按提示补充。")

func (s *Service) submitImport(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	file := f.File("file")
	if file == nil {
		f.Add("file", "required", "请选择文件。")
		return s.editPage(w, r, &itemForm{Section: "import", Form: f, Sent: true}, nil)
	}
	body, err := file.Open()
	if err != nil {
		return fmt.Errorf("read the price plan: %w", err)
	}
	defer func() { _ = body.Close() }() // only read
	raw, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err != nil {
		return fmt.Errorf("read the price plan: %w", err)
	}
	p, err := Parse(raw)
	if err == nil {
		_, err = s.SaveDraft(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), func(Plan) (Plan, error) { return p, nil })
	}
	if err == nil {
		return web.SeeOther(w, r, "/desk/prices/"+r.PathValue("id"), "已读入草稿，请核对后发布。")
	}
	if !f.Fail(err) {
		return err
	}
	return s.editPage(w, r, &itemForm{Section: "import", Form: f, Sent: true}, nil)
}

func (s *Service) submitPublish(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	rel := Release{From: f.Date("from"), To: f.Date("to"), Note: f.Text("note")}
	if f.OK() {
		v, err := s.Publish(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), rel)
		if err == nil {
			return web.SeeOther(w, r, "/desk/prices/"+v.Sheet, "第 {0} 版已发布，{1} 起生效。", v.Version, v.From)
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.editPage(w, r, nil, f)
}

// showExport sends the draft, or the newest version, as the file that import reads.
func (s *Service) showExport(w http.ResponseWriter, r *http.Request) error {
	x, err := s.mine(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	p, err := s.draft(r.Context(), s.db, x)
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return fmt.Errorf("write a price plan: %w", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="price-plan.json"`)
	_, err = w.Write(append(body, '\n'))
	return err //nolint:wrapcheck // the reader has gone
}
