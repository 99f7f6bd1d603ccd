package settle

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// pageSize is how many statements a page of the list shows.
const pageSize = 50

// root is where the module's pages are.
const root = "/desk/region-statements"

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	cash := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true, Money: true}
	}
	routes := []web.Route{
		desk("GET "+root, "settle.view", s.showStatements),
		desk("GET "+root+"/{id}", "settle.view", s.showStatement),
		desk("GET "+root+"/{id}/list", "settle.view", s.sendList),
		desk("GET "+root+"/{id}/canonical", "settle.view", s.sendCanonical),
		desk("POST "+root+"/{id}/compare", "settle.compare", s.submitCompare),
	}
	for _, verb := range []string{"close", "dispute", "check", "confirm", "send-back"} {
		routes = append(routes, cash("POST "+root+"/{id}/"+verb, "settle."+verb, s.submitVerb(verb)))
	}
	for _, verb := range BreakVerbs() {
		routes = append(routes, cash("POST /desk/settlement-breaks/{id}/"+verb, "settle."+verb, s.submitBreak(verb)))
	}
	return routes
}

// places names regions in the reader's language; one that is unknown is shown by its code.
func (s *Service) places(ctx context.Context, codes ...string) (map[string]string, error) {
	out := map[string]string{}
	for _, c := range codes {
		if _, done := out[c]; done || c == "" {
			continue
		}
		r, err := s.Organisations.Region(ctx, s.DB, c)
		if err != nil && !fault.Is(err, "region-not-found") {
			return nil, fmt.Errorf("name region %s: %w", c, err)
		}
		out[c] = cmp.Or(i18n.Pick(ctx, r.NameZH, r.NameEN), c)
	}
	return out, nil
}

// statementRow is a statement in the list.
type statementRow struct {
	Statement
	Gross  money.Fen
	Items  int
	Sides  map[string]Side
	Breaks int // that stand
}

// statementsView is the list of a region's statements.
type statementsView struct {
	Rows   []statementRow
	Places map[string]string
	Mine   string // the reader's organisation
	Today  string
	Flows  []Flow
	Pager  ui.PagerOf
}

// visible narrows to the statements that a subject may see.
func (s *Service) visible(by identity.Subject, low, high string) *db.Where {
	w := &db.Where{}
	s.Policy.Filter(by, "settle.view", map[string]string{SideLow: low, SideHigh: high}, w)
	return w
}

// Mine lists the newest statements that a subject may see.
func (s *Service) Mine(ctx context.Context, by identity.Subject) ([]Statement, error) {
	return listStatements(ctx, s.DB, s.visible(by, "low_org", "high_org"), "", pageSize)
}

func (s *Service) showStatements(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	after, err := web.DecodeCursor(r.URL.Query().Get("cursor"), 1)
	if err != nil {
		return err
	}
	list, err := listStatements(ctx, s.DB, s.visible(by, "low_org", "high_org"), after[0], pageSize)
	if err != nil {
		return err
	}
	v := statementsView{Mine: by.Org, Today: s.today()}
	var ids, codes []string
	for _, x := range list {
		ids, codes = append(ids, x.ID), append(codes, x.Low, x.High)
	}
	if v.Places, err = s.places(ctx, codes...); err != nil {
		return err
	}
	if v.Rows, v.Flows, err = s.listed(ctx, list, ids); err != nil {
		return err
	}
	if len(list) == pageSize {
		v.Pager.Next = root + "?cursor=" + web.EncodeCursor(list[len(list)-1].ID)
	}
	return web.Page(w, r, http.StatusOK, statementsPage(v))
}

// listed adds to statements their sums, sides and breaks, and gives the flows between the regions.
func (s *Service) listed(ctx context.Context, list []Statement, ids []string) ([]statementRow, []Flow, error) {
	sides, err := sidesOf(ctx, s.DB, ids...)
	if err != nil {
		return nil, nil, err
	}
	breaks, err := breaksOf(ctx, s.DB, ids...)
	if err != nil {
		return nil, nil, err
	}
	var all []Item
	var rows []statementRow
	for _, x := range list {
		items, err := s.Items(ctx, s.DB, x)
		if err != nil {
			return nil, nil, err
		}
		row := statementRow{Statement: x, Sides: sides[x.ID], Items: len(items)}
		for _, i := range items {
			row.Gross += i.Amount
		}
		for _, b := range breaks {
			if b.Statement == x.ID && b.Stands() {
				row.Breaks++
			}
		}
		rows, all = append(rows, row), append(all, items...)
	}
	return rows, FlowsOf(all), nil
}

// breakRow is a break on a page.
type breakRow struct {
	Break
	Carried string // number of the statement it comes from; '' this one
	Verbs   []string
	Fixed   string // what corrects it, in words
}

// statementView is one statement.
type statementView struct {
	Statement
	Form     *form.Form
	Items    []Item
	Sums     map[string]Totals // by the region that pays
	Places   map[string]string
	Orgs     map[string]ui.OrgRef
	Plans    map[string]string // programmes
	Sides    map[string]Side
	People   map[string]string
	Breaks   []breakRow
	Later    []Item
	Timeline []ui.Moment
	Region   string // the side the reader acts for
	Verbs    []string
	Agreed   Seal // what the reader's side has nothing against
	Second   bool // checked by the reader: another has to confirm
	Today    string
	Rule     Rules
}

// Get reads a statement that a subject may see.
func (s *Service) Get(ctx context.Context, by identity.Subject, id string) (Statement, error) {
	x, err := getStatement(ctx, s.DB, id)
	if err != nil {
		return x, err
	}
	return x, s.Policy.Can(by, "settle.view", x.object())
}

func (s *Service) showStatement(w http.ResponseWriter, r *http.Request) error {
	return s.statementPage(w, r, r.PathValue("id"), form.Of(nil))
}

func (s *Service) statementPage(w http.ResponseWriter, r *http.Request, id string, f *form.Form) error {
	v, err := s.view(r.Context(), identity.SubjectOf(r.Context()), id)
	if err != nil {
		return err
	}
	v.Form = f
	return web.Page(w, r, f.Status(), statementPage(v))
}

func (s *Service) view(ctx context.Context, by identity.Subject, id string) (statementView, error) {
	v := statementView{Today: s.today()}
	var err error
	if v.Statement, err = s.Get(ctx, by, id); err != nil {
		return v, err
	}
	v.Rule = s.ruleOn(v.From)
	if v.Items, err = s.Items(ctx, s.DB, v.Statement); err != nil {
		return v, err
	}
	v.Sums = ByPayer(v.Items)
	sides, err := sidesOf(ctx, s.DB, v.ID)
	if err != nil {
		return v, err
	}
	v.Sides, v.Region = sides[v.ID], v.regionFor(by.Org)
	breaks, err := s.breakRows(ctx, &v)
	if err != nil {
		return v, err
	}
	if v.Region != "" {
		var own []Break
		for _, b := range breaks {
			if b.Region == v.Region {
				own = append(own, b)
			}
		}
		v.Agreed = SealOf(v.Low, v.High, v.Window(), agreed(v.Items, own))
		s.verbs(by, &v)
	}
	return v, s.naming(ctx, &v)
}

// verbs are what the reader may do now.
func (s *Service) verbs(by identity.Subject, v *statementView) {
	may := func(verb string) bool { return s.Policy.Can(by, "settle."+verb, v.object()) == nil }
	if v.State == Open && len(v.Items) > 0 && may("close") {
		v.Verbs = append(v.Verbs, "close")
	}
	side := v.Sides[v.Region]
	for _, step := range Sides.Verbs(side.State, SideLow, SideHigh) {
		if v.State != Open && may(step.Verb) {
			v.Verbs = append(v.Verbs, step.Verb)
		}
	}
	v.Second = side.State == Checked && side.Checker == by.Person
	if v.Second {
		v.Verbs = slices.DeleteFunc(v.Verbs, func(x string) bool { return x == "confirm" })
	}
	for i, b := range v.Breaks {
		v.Breaks[i].Verbs = slices.DeleteFunc(b.Break.Verbs(v.Region), func(verb string) bool { return !may(verb) })
	}
}

// breakRows are the breaks of the statement, those carried into it first. It gives back those of the statement itself.
func (s *Service) breakRows(ctx context.Context, v *statementView) ([]Break, error) {
	carried, err := carriedInto(ctx, s.DB, v.Statement)
	if err != nil {
		return nil, err
	}
	own, err := breaksOf(ctx, s.DB, v.ID)
	if err != nil {
		return nil, err
	}
	if len(carried)+len(own) == 0 {
		return nil, nil
	}
	if v.Later, err = s.later(ctx, s.DB, v.Statement); err != nil {
		return nil, err
	}
	words := map[string]string{}
	for _, i := range append(slices.Clone(v.Items), v.Later...) {
		words[i.Key()] = strings.Join([]string{i.Day, whatName(ctx, i.What), i.Number, i.Amount.String()}, " ")
	}
	for _, b := range carried {
		from, err := getStatement(ctx, s.DB, b.Statement)
		if err != nil {
			return nil, err
		}
		v.Breaks = append(v.Breaks, breakRow{Break: b, Carried: from.Number, Fixed: words[b.Fix]})
	}
	for _, b := range own {
		v.Breaks = append(v.Breaks, breakRow{Break: b, Fixed: words[b.Fix]})
	}
	return own, nil
}

// naming finds the names that the page shows.
func (s *Service) naming(ctx context.Context, v *statementView) error {
	steps, err := listSteps(ctx, s.DB, v.ID)
	if err != nil {
		return err
	}
	orgs, people := []string{v.LowOrg, v.HighOrg}, []string{}
	for _, i := range v.Items {
		orgs = append(append(orgs, i.Funder, i.Payee), strings.Fields(i.Firms)...)
	}
	for _, st := range steps {
		orgs, people = append(orgs, st.Org), append(people, st.Person)
	}
	for _, x := range v.Sides {
		people = append(people, x.Checker, x.Confirmer)
	}
	orgs = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(orgs))), func(x string) bool { return x == "" })
	known, err := s.Organisations.Organisations(ctx, s.DB, orgs)
	if err != nil {
		return err
	}
	v.Orgs = map[string]ui.OrgRef{}
	for _, id := range orgs {
		v.Orgs[id] = known[id].Ref(ctx)
	}
	if v.People, err = s.Organisations.Names(ctx, s.DB, people); err != nil {
		return err
	}
	if v.Places, err = s.places(ctx, v.Low, v.High); err != nil {
		return err
	}
	v.Plans = map[string]string{}
	for _, i := range v.Items {
		if _, done := v.Plans[i.Programme]; !done {
			p, err := s.Vouchers.Programme(ctx, s.DB, i.Programme)
			if err != nil {
				return err
			}
			v.Plans[i.Programme] = p.Name().In(ctx)
		}
	}
	for _, st := range steps {
		who := strings.TrimSpace(v.Orgs[st.Org].Name + " " + v.People[st.Person])
		v.Timeline = append(v.Timeline, ui.Moment{At: st.At.Time, Who: who, Title: doneName(ctx, st.Verb), Note: st.Note})
	}
	return nil
}

// submitVerb does something for the reader's side.
func (s *Service) submitVerb(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, by, id := r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id")
		f := form.Read(r)
		var err error
		done := map[string]string{"close": "已结账，双方可以核对。", "dispute": "已列入差异表，由对应的一方在期限内答复。", "check": "已核对，请贵单位另一位工作人员确认。", "confirm": "贵方已确认这份对账单。", "send-back": "已退回，请重新核对。"}
		switch verb {
		case "close":
			_, err = s.Close(ctx, by, id)
		case "dispute":
			_, err = s.Dispute(ctx, by, id, f.Text("item"), f.Text("reason"))
		case "check":
			f.Need("count", "total")
			req := CheckRequest{Count: int(f.Int("count")), Total: f.Fen("total"), Digest: f.Text("digest")}
			if !f.OK() {
				return s.statementPage(w, r, id, f)
			}
			_, err = s.Check(ctx, by, id, req)
		case "confirm":
			_, err = s.Confirm(ctx, by, id)
		case "send-back":
			_, err = s.SendBack(ctx, by, id, f.Text("note"))
		}
		switch {
		case err == nil:
			return web.SeeOther(w, r, root+"/"+id, done[verb])
		case f.Fail(err):
			return s.statementPage(w, r, id, f)
		}
		return err
	}
}

func (s *Service) submitCompare(w http.ResponseWriter, r *http.Request) error {
	ctx, by, id := r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id")
	f := form.Read(r)
	file := f.File("file")
	if file == nil {
		f.Need("file")
		return s.statementPage(w, r, id, f)
	}
	body, err := file.Open()
	if err != nil {
		return fmt.Errorf("open the upload %s: %w", file.Name, err)
	}
	defer body.Close() //nolint:errcheck // read only
	_, err = s.Compare(ctx, by, id, file.Name, body)
	switch {
	case err == nil:
		return web.SeeOther(w, r, root+"/"+id+"#breaks", "已用贵方清单比对，结果在差异表里。")
	case f.Fail(err):
		return s.statementPage(w, r, id, f)
	}
	return err
}

func (s *Service) submitBreak(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, by := r.Context(), identity.SubjectOf(r.Context())
		f := form.Read(r)
		b, err := s.DoBreak(ctx, by, r.PathValue("id"), verb, BreakRequest{Note: f.Text("note"), Fix: f.Text("fix")})
		switch {
		case err == nil:
			return web.SeeOther(w, r, root+"/"+b.Statement+"#breaks", "差异表已更新。")
		case f.Fail(err):
			had, e := getBreak(ctx, s.DB, r.PathValue("id"))
			if e != nil {
				return e
			}
			return s.statementPage(w, r, had.Statement, f)
		}
		return err
	}
}
