package payout

import (
	"context"
	"mime"
	"net/http"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// pageSize is how many rows a page of a list shows.
const pageSize = 50

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	cash := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true, Money: true}
	}
	routes := []web.Route{
		desk("GET /desk/payouts", "payout.view", s.showBatches),
		desk("GET /desk/payouts/new", "payout.draft", s.showDraft),
		cash("POST /desk/payouts", "payout.draft", s.submitDraft),
		desk("GET /desk/payouts/{id}", "payout.view", s.showBatch),
		desk("GET /desk/payouts/{id}/list", "payout.view", s.showList),
		cash("POST /desk/payouts/{id}/drop", "payout.draft", s.submitDrop),
		cash("POST /desk/payouts/{id}/file", "payout.file", s.submitFile),
		desk("GET /desk/payouts/{id}/file/{file}", "payout.file", s.showFile),
		desk("GET /desk/payout-layouts", "payout.layout", s.showLayouts),
		desk("POST /desk/payout-layouts", "payout.layout", s.submitLayout),
		desk("GET /desk/receipts", "payout.view", s.showUploads),
		desk("POST /desk/receipts", "payout.receive", s.submitUpload),
		desk("GET /desk/receipts/{id}", "payout.view", s.showUpload),
		desk("POST /desk/receipts/{id}/mapping", "payout.receive", s.submitMapping),
		cash("POST /desk/receipts/{id}/apply", "payout.receive", s.submitApply),
		desk("GET /desk/payee-account", "payout.account", s.showAccount),
		desk("POST /desk/payee-account", "payout.account", s.submitAccount),
		desk("GET /desk/payee-accounts", "payout.accounts", s.showAccounts),
		desk("POST /desk/payee-accounts/{id}/confirm", "payout.confirm", s.submitDecision("confirm")),
		desk("POST /desk/payee-accounts/{id}/refuse", "payout.confirm", s.submitDecision("refuse")),
	}
	routes = append(routes,
		desk("GET /desk/statements", "statement.own", s.showStatement),
		desk("GET /desk/statements/file", "statement.own", s.showStatementFile),
		desk("GET /desk/budgets", "budget.view", s.showBudgets),
		desk("GET /desk/budgets/{id}", "budget.view", s.showBudget),
		desk("GET /desk/budgets/{id}/{figure}", "budget.view", s.showFigure),
		desk("GET /desk/budgets/{id}/{figure}/file", "budget.view", s.showFigureFile),
		web.Route{Pattern: "GET /results", Action: "results.view", Handle: s.showResults},
	)
	for _, verb := range Verbs() {
		routes = append(routes, cash("POST /desk/payouts/{id}/"+verb, "payout."+verb, s.submitVerb(verb)))
	}
	return routes
}

// names finds organisations for a page; one that is unknown is shown by its id.
func (s *Service) names(ctx context.Context, ids ...string) (map[string]ui.OrgRef, error) {
	known, err := s.orgs.Organisations(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]ui.OrgRef{}
	for _, x := range ids {
		if o, ok := known[x]; ok {
			out[x] = o.Ref(ctx)
		} else {
			out[x] = ui.OrgRef{Name: x}
		}
	}
	return out, nil
}

// next is the address of the next page of a list, when this page is full.
func next(r *http.Request, full bool, last string) string {
	if !full {
		return ""
	}
	q := r.URL.Query()
	q.Set("cursor", web.EncodeCursor(last))
	return r.URL.Path + "?" + q.Encode()
}

// after is the id that a list goes on below.
func after(r *http.Request) (string, error) {
	parts, err := web.DecodeCursor(r.URL.Query().Get("cursor"), 1)
	if err != nil {
		return "", err
	}
	return parts[0], nil
}

// batchesView is the list of batches.
type batchesView struct {
	Rows    []Batch
	Funders map[string]ui.OrgRef
	State   string
	Pager   ui.PagerOf
	Ready   int // parts that can be paid now
	Sum     money.Fen
	Stuck   int // parts that something stands in the way of
	Drafts  bool
}

func (s *Service) showBatches(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	from, err := after(r)
	if err != nil {
		return err
	}
	v := batchesView{State: r.URL.Query().Get("state"), Drafts: s.policy.May(by, "payout.draft") == nil}
	where := &db.Where{}
	s.policy.Filter(by, "payout.view", map[string]string{SideFunder: "funder", identity.SideRegion: "region"}, where)
	if slices.Contains(Batches.States(), v.State) {
		where.And("state = ?", v.State)
	}
	if v.Rows, err = listBatches(ctx, s.db, where, from, pageSize); err != nil {
		return err
	}
	ids := []string{}
	for _, b := range v.Rows {
		ids = append(ids, b.Funder)
	}
	if v.Funders, err = s.names(ctx, ids...); err != nil {
		return err
	}
	if len(v.Rows) > 0 {
		v.Pager.Next = next(r, len(v.Rows) == pageSize, v.Rows[len(v.Rows)-1].ID)
	}
	if v.Drafts {
		parts, err := s.Payable(ctx, s.db, by.Org)
		if err != nil {
			return err
		}
		for _, c := range parts {
			switch {
			case c.Ready():
				v.Ready, v.Sum = v.Ready+1, v.Sum+c.Amount
			case c.Batch == "":
				v.Stuck++
			}
		}
	}
	return web.Page(w, r, http.StatusOK, batchesPage(v))
}

// draftView is the form of a new batch.
type draftView struct {
	Form  *form.Form
	Ready []Candidate
	Stuck []Candidate
	Orgs  map[string]ui.OrgRef
	Today string
}

func (s *Service) showDraft(w http.ResponseWriter, r *http.Request) error {
	return s.draftPage(w, r, nil)
}

func (s *Service) draftPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	parts, err := s.Payable(ctx, s.db, by.Org)
	if err != nil {
		return err
	}
	v := draftView{Form: f, Today: s.today()}
	var ids []string
	for _, c := range parts {
		ids = append(ids, c.Payee)
		switch {
		case c.Batch != "":
		case c.Account != nil:
			v.Ready = append(v.Ready, c)
		default:
			v.Stuck = append(v.Stuck, c)
		}
	}
	if v.Orgs, err = s.names(ctx, ids...); err != nil {
		return err
	}
	if v.Form == nil {
		v.Form = form.Of(map[string]string{"pay_on": s.today()})
		var chosen []string
		for _, c := range v.Ready {
			if c.Bounced == "" {
				chosen = append(chosen, c.Claim)
			}
		}
		v.Form.Set("claims", chosen...)
	}
	return web.Page(w, r, v.Form.Status(), draftPage(v))
}

func (s *Service) submitDraft(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	f.Need("pay_on", "claims")
	d := DraftRequest{PayOn: f.Date("pay_on"), Claims: f.All("claims"), Key: web.RequestKey(r.Context())}
	if f.OK() {
		b, err := s.Draft(r.Context(), identity.SubjectOf(r.Context()), d)
		if err == nil {
			return web.SeeOther(w, r, "/desk/payouts/"+b.ID, "批次 {0} 已草拟：{1} 笔，合计 {2}。", b.Number, b.Count, b.Total)
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.draftPage(w, r, f)
}

// batchView is one batch.
type batchView struct {
	Batch
	Form     *form.Form
	Funder   ui.OrgRef
	Paper    Paper
	Items    []Item
	Accounts map[string]Account
	Orgs     map[string]ui.OrgRef
	Files    []File
	Layouts  []Layout
	Timeline []ui.Moment
	Verbs    []string
	Second   bool // it waits for a second person, and the reader is the first
	MayDrop  bool
	MayFile  bool
}

func (s *Service) showBatch(w http.ResponseWriter, r *http.Request) error {
	return s.batchPage(w, r, form.Of(nil))
}

func (s *Service) readableBatch(ctx context.Context, batch string) (Batch, error) {
	b, err := getBatch(ctx, s.db, batch)
	if err == nil {
		err = s.policy.Can(identity.SubjectOf(ctx), "payout.view", b.object())
	}
	return b, err
}

func (s *Service) batchPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	b, err := s.readableBatch(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := batchView{Batch: b, Form: f}
	if v.Items, err = listItems(ctx, s.db, b.ID); err != nil {
		return err
	}
	orgs, ids := []string{b.Funder}, []string{}
	for _, it := range v.Items {
		orgs, ids = append(orgs, it.Payee), append(ids, it.AccountID)
	}
	if v.Orgs, err = s.names(ctx, orgs...); err != nil {
		return err
	}
	v.Funder = v.Orgs[b.Funder]
	if v.Accounts, err = accountsByID(ctx, s.db, ids); err != nil {
		return err
	}
	if v.Files, err = listFiles(ctx, s.db, b.ID); err != nil {
		return err
	}
	if v.Layouts, _, err = s.layoutsOf(ctx, s.db, b.Funder, s.today()); err != nil {
		return err
	}
	if v.Timeline, err = s.timeline(ctx, b.ID); err != nil {
		return err
	}
	s.offer(by, &v)
	return web.Page(w, r, f.Status(), batchPage(v))
}

// offer finds what the reader may do to the batch now.
func (s *Service) offer(by identity.Subject, v *batchView) {
	for _, step := range Batches.Verbs(v.State, SideFunder) {
		if s.policy.Can(by, "payout."+step.Verb, v.object()) != nil {
			continue
		}
		if step.Verb == "approve" && (v.Drafter == by.Person || v.Submitter == by.Person) {
			v.Second = true
			continue
		}
		v.Verbs = append(v.Verbs, step.Verb)
	}
	v.MayDrop = v.State == Drafted && s.policy.Can(by, "payout.draft", v.object()) == nil
	v.MayFile = (v.State == Approved || v.State == Sent) && s.policy.Can(by, "payout.file", v.object()) == nil
}

// timeline is the life of a batch, with who did what.
func (s *Service) timeline(ctx context.Context, batch string) ([]ui.Moment, error) {
	steps, err := listSteps(ctx, s.db, batch)
	if err != nil {
		return nil, err
	}
	var persons, orgs []string
	for _, st := range steps {
		persons, orgs = append(persons, st.Person), append(orgs, st.Org)
	}
	people, err := s.orgs.Names(ctx, s.db, persons)
	if err != nil {
		return nil, err
	}
	names, err := s.names(ctx, orgs...)
	if err != nil {
		return nil, err
	}
	var out []ui.Moment
	for _, st := range steps {
		m := ui.Moment{At: st.At.Time, Who: names[st.Org].Name, Title: doneName(ctx, st.Verb), Note: st.Note, Tone: ui.OK}
		if name := people[st.Person]; name != "" {
			m.Who = name + " · " + m.Who
		}
		if st.Verb == "send-back" || st.Verb == "stop" || st.Verb == "return" || st.Verb == "cancel" {
			m.Tone = ui.Bad
		}
		out = append(out, m)
	}
	return out, nil
}

// submitVerb handles one verb.
func (s *Service) submitVerb(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f := form.Read(r)
		b, err := s.Do(ctx, identity.SubjectOf(ctx), r.PathValue("id"), verb, f.Text("note"))
		if err == nil {
			return web.SeeOther(w, r, "/desk/payouts/"+b.ID, "批次 {0}：{1}。", b.Number, doneName(ctx, verb))
		}
		if e := fault.Of(err); !f.Fail(err) && (e == nil || e.Code != "second-person-needed" && e.Code != "own-organisation") {
			return err
		}
		if f.OK() {
			f.Fault = fault.Of(err)
		}
		return s.batchPage(w, r, f)
	}
}

func (s *Service) submitDrop(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	_, err := s.Drop(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), f.Text("item"), f.Text("note"))
	if err == nil {
		return web.SeeOther(w, r, "/desk/payouts/"+r.PathValue("id"), "已移出一笔付款。")
	}
	if !f.Fail(err) {
		return err
	}
	return s.batchPage(w, r, f)
}

func (s *Service) submitFile(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	_, err := s.MakeFile(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), f.Text("layout"))
	if err == nil {
		return web.SeeOther(w, r, "/desk/payouts/"+r.PathValue("id"), "付款文件已生成，校验值已记入审计日志。")
	}
	if !f.Fail(err) {
		return err
	}
	return s.batchPage(w, r, f)
}

func (s *Service) showFile(w http.ResponseWriter, r *http.Request) error {
	f, body, err := s.ReadFile(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), r.PathValue("file"))
	if err != nil {
		return err
	}
	return sendFile(w, f.Name, body)
}

// sendFile sends bytes to be kept under a name.
func sendFile(w http.ResponseWriter, name string, body []byte) error {
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "private, no-store")
	_, err := w.Write(body)
	return err
}

// showList is the payment list to print and sign. Accounts are masked: the full numbers are in the payment file.
func (s *Service) showList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	b, err := s.readableBatch(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := batchView{Batch: b, Form: form.Of(nil)}
	if v.Paper, err = s.paper(ctx, s.db, b); err != nil {
		return err
	}
	if v.Timeline, err = s.timeline(ctx, b.ID); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, listPage(v))
}

// Tasks are what waits for the subject: parts to pay, batches to approve or send, accounts to confirm or name.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	var out []ui.Task
	for _, k := range []struct{ action, state, title, icon string }{
		{"payout.approve", Submitted, t(ctx, "批准付款批次"), "checks"},     //icons: checks
		{"payout.send", Approved, t(ctx, "把付款文件送银行或财政"), "send"},      //icons: send
		{"payout.receive", Sent, t(ctx, "上传银行回执"), "file-check"},      //icons: file-check
		{"payout.close", Partly, t(ctx, "处理退回的付款"), "alert-triangle"}, //icons: alert-triangle
	} {
		if s.policy.May(by, k.action) != nil {
			continue
		}
		w := &db.Where{}
		s.policy.Filter(by, k.action, map[string]string{SideFunder: "funder", identity.SideRegion: "region"}, w)
		w.And("state = ?", k.state)
		list, err := listBatches(ctx, s.db, w, "", pageSize)
		if err != nil {
			return nil, err
		}
		if n := len(list); n > 0 {
			out = append(out, ui.Task{Title: k.title, Link: "/desk/payouts?state=" + k.state, Icon: k.icon, Count: n, Since: list[n-1].CreatedAt.Time})
		}
	}
	if s.policy.May(by, "payout.draft") == nil {
		parts, err := s.Payable(ctx, s.db, by.Org)
		if err != nil {
			return nil, err
		}
		n := 0
		for _, c := range parts {
			if c.Ready() {
				n++
			}
		}
		if n > 0 {
			out = append(out, ui.Task{Title: t(ctx, "把到期的兑付列入付款批次"), Link: "/desk/payouts/new", Icon: "cash", Count: n}) //icons: cash
		}
	}
	more, err := s.accountTasks(ctx, by)
	return append(out, more...), err
}

func (s *Service) accountTasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	var out []ui.Task
	if s.policy.May(by, "payout.accounts") == nil && s.policy.May(by, "payout.confirm") == nil {
		w := &db.Where{}
		s.policy.Filter(by, "payout.confirm", map[string]string{SideOwner: "org", identity.SideRegion: "region"}, w)
		w.And("state = 'proposed'")
		w.And("person <> ?", by.Person)
		list, err := listAccounts(ctx, s.db, w, pageSize)
		if err != nil {
			return nil, err
		}
		if n := len(list); n > 0 {
			out = append(out, ui.Task{Title: t(ctx, "确认收款账户"), Link: "/desk/payee-accounts", Icon: "credit-card", Count: n, Since: list[n-1].CreatedAt.Time}) //icons: credit-card
		}
	}
	if s.policy.May(by, "payout.account") != nil {
		return out, nil
	}
	payee, err := s.vouchers.Payees(ctx, s.db, by.Org)
	if err != nil || !payee {
		return out, err
	}
	w := &db.Where{}
	w.And("org = ?", by.Org)
	w.And("state IN ('proposed', 'confirmed')")
	list, err := listAccounts(ctx, s.db, w, 2)
	if err != nil {
		return out, err
	}
	if len(list) == 0 {
		return append(out, ui.Task{Title: t(ctx, "填写收款账户，兑付款才能拨付"), Link: "/desk/payee-account", Icon: "credit-card"}), nil //icons: credit-card
	}
	bounced, err := bouncedAccounts(ctx, s.db, []string{by.Org})
	for _, a := range list {
		if reason, ok := bounced[a.ID]; ok && a.State == AccountConfirmed {
			out = append(out, ui.Task{Title: t(ctx, "付款被银行退回，请更正收款账户"), Note: reason, Link: "/desk/payee-account", Icon: "alert-triangle"}) //icons: alert-triangle
		}
	}
	return out, err
}
