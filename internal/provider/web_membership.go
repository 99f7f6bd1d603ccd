package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// membershipView is one membership, for its owner or for the authority.
type membershipView struct {
	Membership
	s        *Service
	Org      ui.OrgRef
	Legal    identity.Organisation
	Place    string
	Mine     bool
	Verbs    []string // what the reader may do now
	Timeline []ui.Moment
	Form     *form.Form
	Today    string
}

func (s *Service) membershipView(ctx context.Context, by identity.Subject, m Membership) (membershipView, error) {
	v := membershipView{Membership: m, s: s, Mine: by.Org == m.Org, Form: form.Of(nil), Today: s.today(), Place: s.orgs.RegionName(ctx, m.Region)}
	if m.ID == "" {
		return v, nil
	}
	for _, x := range Memberships {
		if x.From == m.State && !slices.Contains(x.Who, SideSystem) && s.may(by, m, x.Who) == nil {
			v.Verbs = append(v.Verbs, x.Verb)
		}
	}
	var err error
	if v.Legal, err = s.orgs.Organisation(ctx, s.db, m.Org); err != nil {
		return v, err
	}
	v.Org = v.Legal.Ref(ctx)
	v.Timeline, err = s.moments(ctx, m.ID)
	return v, err
}

func (s *Service) showMine(w http.ResponseWriter, r *http.Request) error {
	return s.minePage(w, r, form.Of(nil))
}

func (s *Service) minePage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	by := s.subject(r)
	m, err := s.Mine(r.Context(), by)
	if err != nil {
		return err
	}
	v, err := s.membershipView(r.Context(), by, m)
	if err != nil {
		return err
	}
	v.Form = f
	return web.Page(w, r, f.Status(), minePage(v))
}

// The pages of the application, one thing each.
var applySteps = []string{"body", "offer", "documents", "check"}

// applyView is one page of the application.
type applyView struct {
	Membership
	s    *Service
	Step string
	Form *form.Form
}

func (s *Service) showApply(w http.ResponseWriter, r *http.Request) error {
	return s.applyPage(w, r, r.URL.Query().Get("step"), nil)
}

func (s *Service) applyPage(w http.ResponseWriter, r *http.Request, step string, f *form.Form) error {
	m, err := s.Mine(r.Context(), s.subject(r))
	if err != nil {
		return err
	}
	if !m.over() && m.State != Draft && m.State != Returned {
		return web.SeeOther(w, r, "/desk/membership", "")
	}
	if m.over() {
		m = Membership{Org: m.Org}
	}
	if !slices.Contains(applySteps, step) {
		step = applySteps[0]
	}
	if f == nil {
		f = form.Of(map[string]string{"form": m.Form, "about": m.About, "contact": m.Contact, "phone": m.Phone, "email": m.Email, "offer": m.Offer, "stated": map[bool]string{true: "1"}[m.Stated]})
		f.Set("offers", m.offers()...)
	}
	return web.Page(w, r, f.Status(), applyPage(applyView{m, s, step, f}))
}

// submitPage keeps one page of the application and goes on to the next.
func (s *Service) submitPage(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	step := f.Text("step")
	i := slices.Index(applySteps, step)
	if i < 0 {
		return fault.New(fault.BadRequest, "step-unknown", "没有这一步。")
	}
	if step == "documents" {
		if err := s.attachAll(r, f); err != nil {
			return err
		}
	}
	if f.OK() {
		_, err := s.SavePage(r.Context(), s.subject(r), func(a *Application) { a.take(step, f) })
		if err != nil && !f.Fail(err) {
			return err
		}
	}
	if !f.OK() {
		return s.applyPage(w, r, step, f)
	}
	if f.Text("go") == "stay" {
		return web.SeeOther(w, r, "/desk/membership/apply?step="+step, "已保存。")
	}
	if i == len(applySteps)-1 {
		return s.submitOwnVerb("submit")(w, r)
	}
	return web.SeeOther(w, r, "/desk/membership/apply?step="+applySteps[i+1], "")
}

// take puts what one page says into the application; the other pages stay.
func (a *Application) take(step string, f *form.Form) {
	switch step {
	case "body":
		a.Form, a.About, a.Contact, a.Phone, a.Email = f.Text("form"), f.Text("about"), f.Text("contact"), f.Text("phone"), f.Text("email")
	case "offer":
		a.Offers, a.Offer = f.All("offers"), f.Text("offer")
	case "check":
		a.Stated = f.Bool("stated")
	}
}

// attachAll keeps the files of the documents page; what is wrong with one is told at its field.
func (s *Service) attachAll(r *http.Request, f *form.Form) error {
	for _, it := range s.rules.Documents {
		field := "document-" + it.Code
		for _, file := range f.Files(field) {
			in, err := file.Open()
			if err != nil {
				return fmt.Errorf("read an uploaded file: %w", err)
			}
			_, err = s.Attach(r.Context(), s.subject(r), it.Code, file.Name, in)
			if closed := in.Close(); err == nil {
				err = closed
			}
			if e := fault.Of(err); err != nil && e.Kind == fault.Internal {
				return err
			} else if err != nil {
				f.Add(field, e.Code, e.Text, e.Args...)
			}
		}
	}
	return nil
}

func (s *Service) submitDetach(w http.ResponseWriter, r *http.Request) error {
	if err := s.Detach(r.Context(), s.subject(r), form.Read(r).Text("document")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/membership/apply?step=documents", "已移除。")
}

func said(verb string) string {
	return map[string]string{
		"submit": "申请已提交，主管部门核查后会通知您。", "withdraw": "已撤回。", "sign": "协议已签署，欢迎加盟。", "end": "已记下：到期不再续签。", "keep": "已恢复自动续签。",
		"return": "已退回，对方会看到理由。", "refuse": "已记为未通过，对方会看到理由。", "qualify": "已认定合格，下一步发出协议。", "offer": "协议已发出，等待对方签署。",
		"suspend": "已暂停，对方会看到理由。", "resume": "已恢复。", "expel": "已终止，对方会看到理由。",
	}[verb]
}

// submitOwnVerb carries out a verb on the newest membership of the subject's organisation.
func (s *Service) submitOwnVerb(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, by := form.Read(r), s.subject(r)
		m, err := newestOf(r.Context(), s.db, by.Org)
		if errors.Is(err, db.ErrNone) {
			return fault.New(fault.NotFound, "membership-not-found", "没有找到这份加盟申请。")
		}
		if err != nil {
			return err
		}
		_, err = s.Do(r.Context(), by, m.ID, verb, VerbRequest{Note: f.Text("note")})
		switch {
		case err == nil:
			return web.SeeOther(w, r, "/desk/membership", said(verb))
		case !f.Fail(err):
			return err
		case verb == "submit":
			return s.applyPage(w, r, "check", f)
		}
		return s.minePage(w, r, f)
	}
}

// queueView is the authority's list.
type queueView struct {
	Rows   []membershipView
	Show   string
	Counts map[string]int64
	Pager  ui.PagerOf
}

// count is how many memberships are in a state.
type count struct {
	State string `db:"state"`
	N     int64  `db:"n"`
}

func (s *Service) showQueue(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), s.subject(r)
	v := queueView{Show: r.URL.Query().Get("show"), Counts: map[string]int64{}}
	var all db.Where
	s.policy.Filter(by, "provider.inspect", map[string]string{identity.SideRegion: "region"}, &all)
	counts, err := db.All[count](ctx, s.db, `SELECT state, COUNT(*) AS n FROM provider_membership`+all.SQL()+` GROUP BY state`, all.Args()...)
	if err != nil {
		return fmt.Errorf("count memberships: %w", err)
	}
	for _, c := range counts {
		v.Counts[c.State] = c.N
	}
	if !slices.Contains(Memberships.States(), v.Show) || v.Show == "" {
		v.Show = "open"
	}
	var where db.Where
	s.policy.Filter(by, "provider.inspect", map[string]string{identity.SideRegion: "region"}, &where)
	if v.Show == "open" {
		where.And("state IN ('submitted', 'qualified')")
	} else {
		where.And("state = ?", v.Show)
	}
	after, err := web.DecodeCursor(r.URL.Query().Get("cursor"), 1)
	if err != nil {
		return err
	}
	where.And("id > ?", after[0])
	list, err := listMemberships(ctx, s.db, &where, "ORDER BY id LIMIT "+where.Arg(pageSize+1))
	if err != nil {
		return err
	}
	if len(list) > pageSize {
		list = list[:pageSize]
		v.Pager.Next = "/desk/providers?show=" + v.Show + "&cursor=" + web.EncodeCursor(list[pageSize-1].ID)
	}
	var ids []string
	for _, m := range list {
		ids = append(ids, m.Org)
	}
	names, err := s.names(ctx, ids)
	if err != nil {
		return err
	}
	for _, m := range list {
		v.Rows = append(v.Rows, membershipView{Membership: m, s: s, Org: names[m.Org], Place: s.orgs.RegionName(ctx, m.Region)})
	}
	return web.Page(w, r, http.StatusOK, queuePage(v))
}

func (s *Service) showOne(w http.ResponseWriter, r *http.Request) error {
	return s.onePage(w, r, nil)
}

func (s *Service) onePage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), s.subject(r)
	m, err := getMembership(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.policy.Can(by, "provider.inspect", object(m.Org, m.Region)); err != nil {
		return err
	}
	v, err := s.membershipView(ctx, by, m)
	if err != nil {
		return err
	}
	if f == nil {
		f = form.Of(map[string]string{"from": s.today()})
		for _, c := range m.Checks {
			f.Set("check-"+c.Code, c.Verdict)
			f.Set("note-"+c.Code, c.Note)
		}
	}
	v.Form = f
	return web.Page(w, r, f.Status(), onePage(v))
}

func (s *Service) submitChecks(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	var checks []Check
	for _, it := range s.rules.Checklist {
		checks = append(checks, Check{Code: it.Code, Verdict: f.Text("check-" + it.Code), Note: strings.TrimSpace(f.Text("note-" + it.Code))})
	}
	m, err := s.SetChecks(r.Context(), s.subject(r), r.PathValue("id"), checks)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/providers/"+m.ID, "核查表已保存。")
	case f.Fail(err):
		return s.onePage(w, r, f)
	}
	return err
}

func (s *Service) submitVerb(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f := form.Read(r)
		m, err := s.Do(r.Context(), s.subject(r), r.PathValue("id"), verb, VerbRequest{Note: f.Text("note"), From: f.Date("from")})
		switch {
		case err == nil:
			return web.SeeOther(w, r, "/desk/providers/"+m.ID, said(verb))
		case f.Fail(err):
			return s.onePage(w, r, f)
		}
		return err
	}
}

// agreementView is the agreement to print.
type agreementView struct {
	Membership
	Text   string
	Source Name
	By     ui.OrgRef
	Org    ui.OrgRef
}

func (s *Service) showAgreement(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := getMembership(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.policy.Can(s.subject(r), "provider.view", object(m.Org, m.Region)); err != nil {
		return err
	}
	if m.Agreement == "" {
		return fault.New(fault.NotFound, "no-agreement", "还没有协议。")
	}
	v := agreementView{Membership: m}
	if a, ok := s.rules.version(m.Agreement); ok {
		v.Source = a.Source
	}
	names, err := s.names(ctx, []string{m.Org, m.OfferedBy})
	if err != nil {
		return err
	}
	v.By, v.Org = names[m.OfferedBy], names[m.Org]
	if m.SHA256 != "" {
		v.Text, err = s.readFile(ctx, m.SHA256) // as it was accepted, whatever was renewed since
	} else {
		var text []byte
		text, err = s.agreementText(ctx, s.db, m)
		v.Text = string(text)
	}
	if err != nil {
		return fmt.Errorf("read the agreement of %s: %w", m.ID, err)
	}
	return web.Page(w, r, http.StatusOK, agreementPage(v))
}

func (s *Service) showDocument(w http.ResponseWriter, r *http.Request) error {
	m, err := getMembership(r.Context(), s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.policy.Can(s.subject(r), "provider.view", object(m.Org, m.Region)); err != nil {
		return err
	}
	for _, d := range m.Documents {
		if d.ID == r.PathValue("document") {
			return s.sendFile(w, r, d.Name, d.SHA256, d.At.Time)
		}
	}
	return fault.New(fault.NotFound, "document-not-found", "没有找到这份材料。")
}
