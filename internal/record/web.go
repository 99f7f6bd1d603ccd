package record

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	out := []web.Route{
		desk("GET /desk/records", "record.view", s.showList),
		desk("GET /desk/records/new", "record.keep", s.showNew),
		desk("POST /desk/records", "record.keep", s.submitNew),
		desk("GET /desk/records/{id}", "record.view", s.showOne),
		desk("GET /desk/records/{id}/correct", "record.keep", s.showCorrect),
		desk("POST /desk/records/{id}/correct", "record.keep", s.submitCorrect),
		desk("POST /desk/records/{id}/withdraw", "record.keep", s.submitWithdraw),
	}
	return append(append(append(out, s.uploadRoutes(desk)...), s.fileRoutes(desk)...), s.checkRoutes(desk)...)
}

// listView is the records that a filter chooses, and what they add up to.
type listView struct {
	Filter
	Form        *form.Form // the filter's, filled
	Records     []Record
	Next        string
	Sums        Sums
	Years       []string
	Instruments []ui.Option
	Orgs        map[string]identity.Organisation
	Own         bool // the reader keeps records of its own
	Around      bool // the reader sees several owners
	Drawn       bool // records of its own were drawn for a check
	UserName    string
}

func (s *Service) showList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := listView{Filter: FilterOf(r.URL.Query())}
	v.Own = s.Policy.May(by, "record.keep") == nil
	v.Around = s.around(by)
	var err error
	if v.Records, v.Next, err = s.List(ctx, by, v.Filter); err != nil {
		return err
	}
	counting := v.Filter
	if counting.State == "" {
		counting.State = Kept
	}
	if v.Sums, err = s.Total(ctx, by, counting); err != nil {
		return err
	}
	if v.Drawn, err = s.everDrawn(ctx, by); err != nil {
		return err
	}
	if v.Years, err = s.years(ctx, by, ""); err != nil {
		return err
	}
	if v.Orgs, err = s.owners(ctx, v.Records); err != nil {
		return err
	}
	if v.Instruments, err = s.served(ctx, by, v.Owner); err != nil {
		return err
	}
	if v.User != "" && len(v.Records) > 0 {
		v.UserName = v.Records[0].User
	}
	v.Form = form.Of(map[string]string{"year": v.Year, "resource": v.Resource, "side": v.Side, "source": v.Source, "state": v.State, "q": v.Text})
	return web.Page(w, r, http.StatusOK, listPage(v))
}

// around tells whether the subject sees records of other organisations.
func (s *Service) around(by identity.Subject) bool {
	return by.Has(identity.CapacityAuthority, identity.CapacityOperator, identity.CapacityAuditor)
}

// owners are the organisations that records are of.
func (s *Service) owners(ctx context.Context, records []Record) (map[string]identity.Organisation, error) {
	var ids []string
	for _, r := range records {
		ids = append(ids, r.Owner)
		if r.Org != "" {
			ids = append(ids, r.Org)
		}
	}
	slices.Sort(ids)
	return s.Organisations.Organisations(ctx, s.DB, slices.Compact(ids))
}

// instrumentRow is an instrument that records are of.
type instrumentRow struct {
	ID string `db:"resource"`
	ZH string `db:"zh"`
	EN string `db:"en"`
}

// served are the instruments of which the subject sees records, to choose from.
func (s *Service) served(ctx context.Context, by identity.Subject, owner string) ([]ui.Option, error) {
	list, err := servedInstruments(ctx, s.DB, s.where(by, Filter{Owner: owner}))
	out := make([]ui.Option, len(list))
	for i, x := range list {
		out[i] = ui.Option{Value: x.ID, Label: i18n.Pick(ctx, x.ZH, x.EN)}
	}
	return out, err
}

// oneView is one record with its history.
type oneView struct {
	Record
	Format Format
	Steps  []Step
	Orgs   map[string]identity.Organisation
	People map[string]string
	May    bool // correct and withdraw
	Form   *form.Form
	Sent   bool      // the form came back with mistakes
	Drawn  []Checked // the checks it was drawn for
}

func (s *Service) showOne(w http.ResponseWriter, r *http.Request) error {
	return s.onePage(w, r, form.Of(nil), false)
}

func (s *Service) onePage(w http.ResponseWriter, r *http.Request, f *form.Form, sent bool) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	x, err := s.Get(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := oneView{Record: x, Format: s.format(), Form: f, Sent: sent, May: x.State == Kept && s.Policy.Can(by, "record.keep", object(x.Owner, x.Region)) == nil}
	if v.Steps, err = listSteps(ctx, s.DB, x.ID); err != nil {
		return err
	}
	if v.Drawn, err = listCheckedOf(ctx, s.DB, x.ID); err != nil {
		return err
	}
	v.May = v.May && !slices.ContainsFunc(v.Drawn, Checked.open)
	if v.Orgs, err = s.owners(ctx, []Record{x}); err != nil {
		return err
	}
	people := []string{x.Person}
	for _, st := range v.Steps {
		people = append(people, st.Person)
	}
	slices.Sort(people)
	people = slices.DeleteFunc(slices.Compact(people), func(p string) bool { return p == "" })
	if v.People, err = s.Organisations.Names(ctx, s.DB, people); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), onePage(v))
}

// formView is the form of a record: a new one, or one to correct.
type formView struct {
	Record      Record // ID is empty for a new one
	Form        *form.Form
	Format      Format
	Instruments []ui.Option
	Ordered     bool // made by an order: its figures are the order's
}

func (s *Service) showNew(w http.ResponseWriter, r *http.Request) error {
	f := form.Of(map[string]string{FieldInside: insideNo, FieldInstrument: r.URL.Query().Get("resource")})
	f.Set(FieldWays, "commissioned")
	return s.formPage(w, r, formView{Form: f})
}

func (s *Service) formPage(w http.ResponseWriter, r *http.Request, v formView) error {
	ctx := r.Context()
	o, err := s.owner(ctx, identity.SubjectOf(ctx), "record.keep")
	if err != nil {
		return err
	}
	owned, err := s.Catalogue.Owned(ctx, s.DB, o.ID)
	if err != nil {
		return err
	}
	v.Instruments = instrumentOptions(ctx, owned)
	if id := v.Record.Resource; id != "" && !slices.ContainsFunc(v.Instruments, func(x ui.Option) bool { return x.Value == id }) {
		v.Instruments = append(v.Instruments, ui.Option{Value: id, Label: i18n.Pick(ctx, v.Record.ResourceZH, v.Record.ResourceEN)})
	}
	v.Format = s.format()
	return web.Page(w, r, v.Form.Status(), formPage(v))
}

func instrumentOptions(ctx context.Context, owned []catalogue.Resource) []ui.Option {
	var out []ui.Option
	for _, x := range instrumentsOf(owned).ordered {
		label := i18n.Pick(ctx, x.NameZH, x.NameEN)
		if x.SourceID != "" {
			label += " · " + x.SourceID
		}
		out = append(out, ui.Option{Value: x.ID, Label: label})
	}
	slices.SortFunc(out, func(a, b ui.Option) int { return strings.Compare(a.Label, b.Label) })
	return out
}

// typed gives the fields of a form as texts; several choices are joined.
func typed(f *form.Form) func(string) string {
	return func(field string) string {
		if field == FieldWays || field == FieldIncomes {
			return strings.Join(f.All(field), ",")
		}
		return f.Text(field)
	}
}

func (s *Service) submitNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	if !f.OK() {
		return s.formPage(w, r, formView{Form: f})
	}
	x, err := s.Make(ctx, identity.SubjectOf(ctx), FromForm, web.RequestKey(ctx), typed(f))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/records/"+x.ID, "服务记录已登记。")
	case f.Fail(err):
		return s.formPage(w, r, formView{Form: f})
	}
	return err
}

func (s *Service) showCorrect(w http.ResponseWriter, r *http.Request) error {
	x, err := s.Get(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	f := form.Of(x.texts())
	f.Set(FieldWays, list(x.Ways)...)
	f.Set(FieldIncomes, list(x.Incomes)...)
	return s.correctPage(w, r, x, f)
}

func (s *Service) correctPage(w http.ResponseWriter, r *http.Request, x Record, f *form.Form) error {
	if err := s.Policy.Can(identity.SubjectOf(r.Context()), "record.keep", object(x.Owner, x.Region)); err != nil {
		return err
	}
	return s.formPage(w, r, formView{Record: x, Form: f, Ordered: x.Source == FromOrder})
}

func (s *Service) submitCorrect(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	x, err := s.Get(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	f := form.Read(r)
	revision := f.Int("revision")
	if !f.OK() {
		return s.correctPage(w, r, x, f)
	}
	_, err = s.Correct(ctx, by, x.ID, f.Text("reason"), revision, typed(f))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/records/"+x.ID, "已更正，原来的内容留在记录的经过里。")
	case f.Fail(err):
		return s.correctPage(w, r, x, f)
	}
	return err
}

func (s *Service) submitWithdraw(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	if !f.OK() {
		return s.onePage(w, r, f, true)
	}
	x, err := s.Withdraw(ctx, identity.SubjectOf(ctx), r.PathValue("id"), f.Text("reason"))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/records/"+x.ID, "已撤回，不再计入。")
	case f.Fail(err):
		return s.onePage(w, r, f, true)
	}
	return err
}
