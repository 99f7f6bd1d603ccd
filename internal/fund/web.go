package fund

import (
	"context"
	"net/http"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
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
	money := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true, Money: true}
	}
	return []web.Route{
		desk("GET /desk/funds", "fund.own", s.showFunds),
		desk("GET /desk/cards/{id}", "fund.own", s.showCard),
		desk("GET /desk/cards/{id}/statement", "fund.own", s.showCardFile),
		desk("GET /desk/fund-groups/{id}", "fund.own", s.showGroup),
		desk("GET /desk/fund-groups/{id}/statement", "fund.own", s.showGroupFile),
		desk("POST /desk/fund-groups/{id}/members", "fund.own", s.submitMember),
		money("POST /desk/fund-approvals/{id}", "fund.own", s.submitDecision),
		desk("GET /desk/fund-keeping", "fund.manage", s.showKeeping),
		desk("POST /desk/fund-groups", "fund.manage", s.submitGroup),
		desk("POST /desk/fund-cards", "fund.manage", s.submitCard),
		money("POST /desk/cards/{id}/deposit", "fund.manage", s.submitDeposit),
		desk("POST /desk/cards/{id}/limits", "fund.manage", s.submitLimits),
		desk("GET /desk/income", "fund.income", s.showIncome),
		desk("GET /desk/income/table", "fund.income", s.showIncomeFile),
		desk("POST /desk/income/split", "fund.manage", s.submitSplit),
	}
}

// cardRow is a card with what it has and whose it is.
type cardRow struct {
	Card
	Balance
	Whose string
}

// rows adds balances and names to cards.
func (s *Service) rows(ctx context.Context, cards []Card) ([]cardRow, error) {
	var ids, orgs []string
	for _, c := range cards {
		ids, orgs = append(ids, c.ID), append(orgs, c.Payer, c.Keeper)
	}
	has, err := balances(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	names, err := s.orgs.Organisations(ctx, s.db, orgs)
	if err != nil {
		return nil, err
	}
	by := identity.SubjectOf(ctx)
	out := make([]cardRow, len(cards))
	for i, c := range cards {
		out[i] = cardRow{Card: c, Balance: has[c.ID]}
		if c.Kind == KindPrepaid {
			other := names[c.Payer]
			if by.Org == c.Payer {
				other = names[c.Keeper]
			}
			out[i].Whose = i18n.Pick(ctx, other.NameZH, other.NameEN)
			continue
		}
		g, err := getGroup(ctx, s.db, c.Group)
		if err != nil {
			return nil, err
		}
		out[i].Whose = i18n.Pick(ctx, g.NameZH, g.NameEN)
	}
	return out, nil
}

// waitingRow is an order that waits for the head.
type waitingRow struct {
	Hold
	Card Card
	Who  string
	Form *form.Form
	Sent bool
}

type fundsView struct {
	Cards   []cardRow
	Groups  []Group
	Waiting []waitingRow
	Keeper  bool
}

func (s *Service) showFunds(w http.ResponseWriter, r *http.Request) error {
	return s.fundsPage(w, r, "", form.Of(nil))
}

// fundsPage shows a person its cards, groups and what waits for its approval; sent is the order whose form came back.
func (s *Service) fundsPage(w http.ResponseWriter, r *http.Request, sent string, f *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	v := fundsView{Keeper: s.keeps(by) == nil}
	var err error
	if v.Groups, err = s.groupsOf(ctx, by.Person); err != nil {
		return err
	}
	mine, err := s.mine(ctx, by)
	if err != nil {
		return err
	}
	if v.Cards, err = s.rows(ctx, mine); err != nil {
		return err
	}
	if v.Waiting, err = s.waiting(ctx, by); err != nil {
		return err
	}
	for i := range v.Waiting {
		if v.Waiting[i].Order == sent {
			v.Waiting[i].Form, v.Waiting[i].Sent = f, true
		}
	}
	return web.Page(w, r, f.Status(), fundsPage(v))
}

// mine are the cards a person may use: of its groups, and its organisation's prepaid accounts.
func (s *Service) mine(ctx context.Context, by identity.Subject) ([]Card, error) {
	groups, err := s.groupsOf(ctx, by.Person)
	if err != nil {
		return nil, err
	}
	var out []Card
	if len(groups) > 0 {
		ids := make([]string, len(groups))
		for i, g := range groups {
			ids[i] = g.ID
		}
		var w db.Where
		w.In("grp", ids)
		if out, err = listCards(ctx, s.db, &w); err != nil {
			return nil, err
		}
	}
	if by.Org == "" {
		return out, nil
	}
	var prepaid db.Where
	prepaid.And("payer = ?", by.Org)
	prepaid.And("kind = 'prepaid'")
	more, err := listCards(ctx, s.db, &prepaid)
	return append(out, more...), err
}

// groupsOf are the groups a person heads or belongs to.
func (s *Service) groupsOf(ctx context.Context, person string) ([]Group, error) {
	var w db.Where
	w.And("head = ? OR id IN (SELECT grp FROM fund_member WHERE person = ? AND (valid_to = '' OR valid_to >= ?))", person, person, s.today())
	return listGroups(ctx, s.db, &w)
}

// waiting are the orders that wait for the subject as head.
func (s *Service) waiting(ctx context.Context, by identity.Subject) ([]waitingRow, error) {
	var w db.Where
	w.And("state = 'pending'")
	w.And("card IN (SELECT c.id FROM fund_card c JOIN fund_group g ON g.id = c.grp WHERE g.head = ?)", by.Person)
	holds, err := listHolds(ctx, s.db, &w)
	if err != nil {
		return nil, err
	}
	var people []string
	for _, h := range holds {
		people = append(people, h.Person)
	}
	names, err := s.orgs.Names(ctx, s.db, people)
	if err != nil {
		return nil, err
	}
	out := make([]waitingRow, len(holds))
	for i, h := range holds {
		out[i] = waitingRow{Hold: h, Who: names[h.Person], Form: form.Of(nil)}
		if out[i].Card, err = getCard(ctx, s.db, h.Card); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Tasks are the orders that wait for the subject's approval.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if by.Person == "" {
		return nil, nil
	}
	list, err := s.waiting(ctx, by)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return []ui.Task{{Title: t(ctx, "批准用经费卡付款的订单"), Note: list[0].Card.Name, Link: "/desk/funds#waiting", Icon: "credit-card", Count: len(list)}}, nil //icons: credit-card
}

func (s *Service) submitDecision(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	yes := f.Text("do") == "approve"
	err := s.Decide(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), yes, f.Text("note"))
	switch {
	case err == nil && yes:
		return web.SeeOther(w, r, "/desk/funds", "已批准，服务机构可以接单了。")
	case err == nil:
		return web.SeeOther(w, r, "/desk/funds", "未批准，金额已退回经费卡。")
	case f.Fail(err):
		return s.fundsPage(w, r, r.PathValue("id"), f)
	}
	return err
}

type cardView struct {
	cardRow
	Statement Statement
	People    map[string]string
	Months    []string
	Keeper    bool
	Deposit   *form.Form
	Limits    *form.Form
}

func (s *Service) showCard(w http.ResponseWriter, r *http.Request) error {
	return s.cardPage(w, r, nil, nil)
}

func (s *Service) cardPage(w http.ResponseWriter, r *http.Request, deposit, limits *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	c, err := s.cardFor(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	rows, err := s.rows(ctx, []Card{c})
	if err != nil {
		return err
	}
	v := cardView{cardRow: rows[0], Keeper: s.policy.Can(by, "fund.manage", c.object()) == nil, Deposit: deposit, Limits: limits}
	if v.Statement, v.People, err = s.statement(ctx, []string{c.ID}, r.URL.Query().Get("month")); err != nil {
		return err
	}
	if v.Months, err = s.monthsOf(ctx, []string{c.ID}); err != nil {
		return err
	}
	status := http.StatusOK
	for _, f := range []*form.Form{deposit, limits} {
		if f != nil {
			status = f.Status()
		}
	}
	if v.Deposit == nil {
		v.Deposit = form.Of(nil)
	}
	if v.Limits == nil {
		v.Limits = form.Of(map[string]string{
			"to": c.To, "cap_order": plain(c.CapOrder), "cap_month": plain(c.CapMonth), "approve_above": plain(c.ApproveAbove), "classes": c.Classes, "frozen": flag(c.State == StateFrozen),
		})
	}
	return web.Page(w, r, status, cardPage(v))
}

// statement is a month of cards with the names of the people in it.
func (s *Service) statement(ctx context.Context, cards []string, month string) (Statement, map[string]string, error) {
	st, err := s.StatementOf(ctx, s.db, cards, month)
	if err != nil {
		return st, nil, err
	}
	var people []string
	for _, e := range st.Entries {
		people = append(people, e.Person)
	}
	names, err := s.orgs.Names(ctx, s.db, people)
	return st, names, err
}

// monthsOf are the months in which something happened on cards, and this one, the newest first.
func (s *Service) monthsOf(ctx context.Context, cards []string) ([]string, error) {
	now := s.today()[:7]
	if len(cards) == 0 {
		return []string{now}, nil
	}
	var w db.Where
	w.In("card", cards)
	out, err := db.All[string](ctx, s.db, `SELECT DISTINCT substr(day, 1, 7) AS month FROM fund_transfer`+w.SQL()+` ORDER BY month DESC`, w.Args()...)
	if err == nil && !slices.Contains(out, now) {
		out = append([]string{now}, out...)
	}
	return out, err
}

func (s *Service) submitDeposit(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	f.Need("amount", "evidence")
	amount, refund := f.Fen("amount"), f.Text("do") == "refund"
	if f.OK() {
		err := s.Deposit(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), amount, f.Text("evidence"), web.RequestKey(r.Context()), refund)
		if err == nil {
			return web.SeeOther(w, r, "/desk/cards/"+r.PathValue("id"), "已入账 {0}。", amount)
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.cardPage(w, r, f, nil)
}

func (s *Service) submitLimits(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	l := Limits{To: f.Date("to"), CapOrder: f.Fen("cap_order"), CapMonth: f.Fen("cap_month"), ApproveAbove: f.Fen("approve_above"), Classes: f.Text("classes"), Frozen: f.Bool("frozen")}
	if f.OK() {
		err := s.SetLimits(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), l)
		if err == nil {
			return web.SeeOther(w, r, "/desk/cards/"+r.PathValue("id"), "规则已保存，之后的订单按此办理。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.cardPage(w, r, nil, f)
}

type groupView struct {
	Group
	Members   []Membership
	Cards     []cardRow
	People    map[string]string
	Statement Statement
	Months    []string
	Head      bool // the reader may change the members
	Today     string
	Form      *form.Form
}

func (s *Service) showGroup(w http.ResponseWriter, r *http.Request) error {
	return s.groupPage(w, r, form.Of(nil))
}

func (s *Service) groupPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	g, err := s.seen(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := groupView{Group: g, Form: f, Today: s.today(), Head: g.Head == by.Person || s.keeps(by) == nil && g.Keeper == by.Org}
	if v.Members, err = listMembers(ctx, s.db, g.ID); err != nil {
		return err
	}
	cards, ids, err := s.cardsOfGroup(ctx, g.ID)
	if err != nil {
		return err
	}
	if v.Cards, err = s.rows(ctx, cards); err != nil {
		return err
	}
	var people map[string]string
	if v.Statement, people, err = s.statement(ctx, ids, r.URL.Query().Get("month")); err != nil {
		return err
	}
	if v.Months, err = s.monthsOf(ctx, ids); err != nil {
		return err
	}
	var who []string
	for _, m := range v.Members {
		who = append(who, m.Person)
	}
	if v.People, err = s.orgs.Names(ctx, s.db, append(who, g.Head)); err != nil {
		return err
	}
	for id, name := range people {
		v.People[id] = name
	}
	return web.Page(w, r, f.Status(), groupPage(v))
}

func (s *Service) cardsOfGroup(ctx context.Context, group string) (cards []Card, ids []string, err error) {
	var w db.Where
	w.And("grp = ?", group)
	cards, err = listCards(ctx, s.db, &w)
	for _, c := range cards {
		ids = append(ids, c.ID)
	}
	return cards, ids, err
}

func (s *Service) submitMember(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	if f.Need("person"); f.OK() {
		err := s.AddMember(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), f.Text("person"), f.Text("do") == "leave")
		if err == nil {
			return web.SeeOther(w, r, "/desk/fund-groups/"+r.PathValue("id"), "成员已更新。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.groupPage(w, r, f)
}
