package record

import (
	"cmp"
	"context"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// checkRoutes are the pages of spot checks.
func (s *Service) checkRoutes(desk func(pattern, action string, h web.Handler) web.Route) []web.Route {
	return []web.Route{
		desk("GET /desk/record-checks", "record.inspect", s.showChecks),
		desk("GET /desk/record-checks/new", "record.draw", s.showDraw),
		desk("POST /desk/record-checks", "record.draw", s.submitDraw),
		desk("GET /desk/record-checks/{id}", "record.inspect", s.showCheck),
		desk("GET /desk/record-checks/{id}/list", "record.inspect", s.showDrawnList),
		desk("GET /desk/checked-records", "record.view", s.showAsked),
		desk("GET /desk/checked-records/{id}", "record.view", s.showChecked),
		desk("GET /desk/checked-records/{id}/files/{document}", "record.view", s.showProof),
		desk("POST /desk/checked-records/{id}/answer", "record.keep", s.submitAnswer),
		desk("POST /desk/checked-records/{id}/decide", "record.decide", s.submitDecision),
	}
}

// checksShown is how many checks and drawn records a page lists.
const checksShown = 200

// checksView is the checks that were drawn.
type checksView struct {
	Checks []Check
	Orgs   map[string]identity.Organisation
	May    bool // draw
}

// Checks are the checks that the subject may see, the newest first.
func (s *Service) Checks(ctx context.Context, by identity.Subject) ([]Check, error) {
	var w db.Where
	s.Policy.Filter(by, "record.inspect", map[string]string{identity.SideRegion: "region"}, &w)
	return listChecks(ctx, s.DB, &w, checksShown)
}

func (s *Service) showChecks(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := checksView{May: s.Policy.May(by, "record.draw") == nil}
	var err error
	if v.Checks, err = s.Checks(ctx, by); err != nil {
		return err
	}
	var ids []string
	for _, c := range v.Checks {
		if c.Owner != "" {
			ids = append(ids, c.Owner)
		}
	}
	slices.Sort(ids)
	if v.Orgs, err = s.Organisations.Organisations(ctx, s.DB, slices.Compact(ids)); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, checksPage(v))
}

// drawView is the form of a draw.
type drawView struct {
	Form   *form.Form
	Years  []string
	Owners []ui.Option
	From   int64 // records it would be drawn from
	Most   int
	Days   int
	Year   string
	Owner  string
}

func (s *Service) showDraw(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := form.Of(map[string]string{"year": q.Get("year"), "owner": q.Get("owner")})
	return s.drawPage(w, r, f)
}

func (s *Service) drawPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := drawView{Form: f, Most: s.terms().Most, Days: s.terms().Days, Year: f.Text("year"), Owner: f.Text("owner")}
	var err error
	if v.Years, err = s.years(ctx, by, ""); err != nil {
		return err
	}
	if !validYear(v.Year) {
		v.Year = s.today()[:4]
		if len(v.Years) > 0 && !slices.Contains(v.Years, v.Year) {
			v.Year = v.Years[0]
		}
		f.Set("year", v.Year)
	}
	owners, err := ownersOf(ctx, s.DB, s.where(by, Filter{Year: v.Year}))
	if err != nil {
		return err
	}
	orgs, err := s.Organisations.Organisations(ctx, s.DB, owners)
	if err != nil {
		return err
	}
	for _, o := range owners {
		v.Owners = append(v.Owners, ui.Option{Value: o, Label: i18n.Pick(ctx, orgs[o].NameZH, orgs[o].NameEN)})
	}
	if v.From, err = s.Drawable(ctx, by, Draw{Year: v.Year, Owner: v.Owner}); err != nil {
		return err
	}
	if f.Text("count") == "" && f.OK() {
		f.Set("count", strconv.FormatInt(min(max(1, v.From/20), int64(v.Most)), 10)) // one in twenty
	}
	return web.Page(w, r, f.Status(), drawPage(v))
}

func (s *Service) submitDraw(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	d := Draw{Year: f.Text("year"), Owner: f.Text("owner"), Count: f.Int("count"), Seed: f.Text("seed"), Note: f.Text("note")}
	if f.Text("due") != "" {
		d.Due = f.Date("due")
	}
	if !f.OK() {
		return s.drawPage(w, r, f)
	}
	c, err := s.DrawCheck(ctx, identity.SubjectOf(ctx), d)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/record-checks/"+c.ID, "已抽出 {0} 条，各单位会收到通知。", c.Drawn)
	case f.Fail(err):
		return s.drawPage(w, r, f)
	}
	return err
}

// drawnRow is a drawn record as lists show it.
type drawnRow struct {
	Checked
	Service Record
}

// checkView is one check with what was drawn.
type checkView struct {
	Check
	Who  string
	Rows []drawnRow
	Orgs map[string]identity.Organisation
}

// CheckOf is one check, for who may see it.
func (s *Service) CheckOf(ctx context.Context, by identity.Subject, checkID string) (Check, error) {
	c, err := getCheck(ctx, s.DB, checkID)
	if err != nil {
		return c, err
	}
	return c, s.Policy.Can(by, "record.inspect", identity.Object{Region: c.Region})
}

// drawnOf are the drawn records that conditions choose, with what they are of.
func (s *Service) drawnOf(ctx context.Context, w *db.Where) ([]drawnRow, error) {
	list, err := listChecked(ctx, s.DB, w, checksShown)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, x := range list {
		ids[i] = x.Record
	}
	records, err := recordsByID(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	out := make([]drawnRow, len(list))
	for i, x := range list {
		out[i] = drawnRow{x, records[x.Record]}
	}
	return out, nil
}

// turn puts what waits for a decision first, then what waits for an answer.
func turn(st string) int { return slices.Index([]string{Answered, Asked, Passed, Struck}, st) }

func (s *Service) showCheck(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := s.CheckOf(ctx, identity.SubjectOf(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := checkView{Check: c}
	var cond db.Where
	cond.And("check_id = ?", c.ID)
	if v.Rows, err = s.drawnOf(ctx, &cond); err != nil {
		return err
	}
	slices.SortStableFunc(v.Rows, func(a, b drawnRow) int { return cmp.Compare(turn(a.Checked.State), turn(b.Checked.State)) })
	ids := []string{c.Org}
	for _, x := range v.Rows {
		ids = append(ids, x.Checked.Owner)
	}
	if c.Owner != "" {
		ids = append(ids, c.Owner)
	}
	slices.Sort(ids)
	if v.Orgs, err = s.Organisations.Organisations(ctx, s.DB, slices.Compact(ids)); err != nil {
		return err
	}
	people, err := s.Organisations.Names(ctx, s.DB, []string{c.Person})
	if err != nil {
		return err
	}
	v.Who = people[c.Person]
	return web.Page(w, r, http.StatusOK, checkPage(v))
}

// showDrawnList is the whole list that a check was drawn from.
func (s *Service) showDrawnList(w http.ResponseWriter, r *http.Request) error {
	c, err := s.CheckOf(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := s.Files.Open(r.Context(), c.List)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	attachment(w, "text/csv; charset=utf-8", c.Number()+".csv")
	http.ServeContent(w, r, "", c.CreatedAt.Time, f)
	return nil
}

// askedView is what a unit is asked about.
type askedView struct {
	Rows   []drawnRow
	Checks map[string]Check
}

// Asked are the drawn records of the subject's own unit, what waits first.
func (s *Service) Asked(ctx context.Context, by identity.Subject) ([]Checked, error) {
	if err := s.Policy.Can(by, "record.view", object(by.Org, by.Region)); err != nil {
		return nil, err
	}
	var w db.Where
	w.And("owner = ?", by.Org)
	return listChecked(ctx, s.DB, &w, checksShown)
}

func (s *Service) showAsked(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	var v askedView
	var cond db.Where
	s.Policy.Filter(by, "record.view", map[string]string{Owner: "owner", identity.SideRegion: "region"}, &cond)
	var err error
	if v.Rows, err = s.drawnOf(ctx, &cond); err != nil {
		return err
	}
	v.Checks = map[string]Check{}
	for _, x := range v.Rows {
		if _, there := v.Checks[x.Check]; there {
			continue
		}
		if v.Checks[x.Check], err = getCheck(ctx, s.DB, x.Check); err != nil {
			return err
		}
	}
	return web.Page(w, r, http.StatusOK, askedPage(v))
}

// everDrawn tells whether records of the subject's own unit were drawn for a check.
func (s *Service) everDrawn(ctx context.Context, by identity.Subject) (bool, error) {
	if by.Org == "" || s.Policy.May(by, "record.keep") != nil {
		return false, nil
	}
	var w db.Where
	w.And("owner = ?", by.Org)
	list, err := listChecked(ctx, s.DB, &w, 1)
	return len(list) > 0, err
}

// checkedView is one drawn record: what was done, what its owner says, what was decided.
type checkedView struct {
	Checked
	oneView
	Of      Check
	Answers []Answer
	Inspect bool // the reader sees the whole check
	Answer  *form.Form
	Decide  *form.Form
	MaySay  bool
	MayEnd  bool
}

func (s *Service) showChecked(w http.ResponseWriter, r *http.Request) error {
	return s.checkedPage(w, r, form.Of(nil), form.Of(nil))
}

func (s *Service) checkedPage(w http.ResponseWriter, r *http.Request, answer, decide *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	x, err := s.checked(ctx, by, "record.view", r.PathValue("id"))
	if err != nil {
		return err
	}
	v := checkedView{Checked: x, Answer: answer, Decide: decide, oneView: oneView{Format: s.format()}}
	if v.Of, err = getCheck(ctx, s.DB, x.Check); err != nil {
		return err
	}
	if v.oneView.Record, err = getRecord(ctx, s.DB, x.Record); err != nil {
		return err
	}
	if v.Answers, err = listAnswers(ctx, s.DB, x.ID); err != nil {
		return err
	}
	if v.Orgs, err = s.owners(ctx, []Record{v.oneView.Record}); err != nil {
		return err
	}
	people := []string{v.Of.Person}
	if x.Person != "" {
		people = append(people, x.Person)
	}
	for _, a := range v.Answers {
		people = append(people, a.Person)
	}
	slices.Sort(people)
	if v.People, err = s.Organisations.Names(ctx, s.DB, slices.Compact(people)); err != nil {
		return err
	}
	o := object(x.Owner, x.Region)
	v.MaySay = x.open() && s.Policy.Can(by, "record.keep", o) == nil
	v.MayEnd = x.open() && x.Owner != by.Org && s.Policy.Can(by, "record.decide", o) == nil
	v.Inspect = s.Policy.Can(by, "record.inspect", identity.Object{Region: v.Of.Region}) == nil
	status := answer.Status()
	if status == http.StatusOK {
		status = decide.Status()
	}
	return web.Page(w, r, status, checkedPage(v))
}

func (s *Service) submitAnswer(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.ReadUpload(r, maxProof)
	decide := form.Of(nil)
	var proof *Proof
	if file := f.File("file"); file != nil {
		body, err := file.Open()
		if err != nil {
			return err
		}
		defer func() { _ = body.Close() }() // only read
		proof = &Proof{Name: file.Name, Body: body}
	}
	if !f.OK() {
		return s.checkedPage(w, r, f, decide)
	}
	x, err := s.Answer(ctx, identity.SubjectOf(ctx), r.PathValue("id"), f.Text("text"), proof)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/checked-records/"+x.ID, "答复已提交，主管部门会收到通知。")
	case f.Fail(err):
		return s.checkedPage(w, r, f, decide)
	}
	return err
}

func (s *Service) submitDecision(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	if f.Need("verb"); !f.OK() {
		return s.checkedPage(w, r, form.Of(nil), f)
	}
	x, err := s.Decide(ctx, identity.SubjectOf(ctx), r.PathValue("id"), f.Text("verb"), f.Text("reason"))
	switch {
	case err == nil && x.State == Struck:
		return web.SeeOther(w, r, "/desk/checked-records/"+x.ID, "已剔除，这条记录不再计入。")
	case err == nil:
		return web.SeeOther(w, r, "/desk/checked-records/"+x.ID, "已通过，记录继续计入。")
	case f.Fail(err):
		return s.checkedPage(w, r, form.Of(nil), f)
	}
	return err
}

// showProof is the file of an answer, for who may see the record.
func (s *Service) showProof(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, err := s.checked(ctx, identity.SubjectOf(ctx), "record.view", r.PathValue("id"))
	if err != nil {
		return err
	}
	answers, err := listAnswers(ctx, s.DB, x.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(answers, func(a Answer) bool { return a.ID == r.PathValue("document") && a.File != "" })
	if i < 0 {
		return fault.New(fault.NotFound, "no-proof", "没有找到这个文件。")
	}
	f, err := s.Files.Open(ctx, answers[i].SHA256)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": answers[i].File}))
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", answers[i].At.Time, f)
	return nil
}
