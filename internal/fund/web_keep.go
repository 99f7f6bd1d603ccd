package fund

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

var t = i18n.T

func plain(f money.Fen) string {
	if f == 0 {
		return ""
	}
	return strings.TrimSuffix(f.Yuan(), ".00")
}

func flag(on bool) string {
	if on {
		return "1"
	}
	return ""
}

type keepingView struct {
	Cards  []cardRow
	Groups []ui.Option
	Listed []Group
	People []ui.Option
	Names  map[string]string
	Group  *form.Form
	Card   *form.Form
}

func (s *Service) showKeeping(w http.ResponseWriter, r *http.Request) error {
	return s.keepingPage(w, r, form.Of(nil), form.Of(map[string]string{"kind": KindCard, "from": s.today()}))
}

func (s *Service) keepingPage(w http.ResponseWriter, r *http.Request, group, card *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	v := keepingView{Group: group, Card: card, Names: map[string]string{}}
	var mine db.Where
	mine.And("keeper = ?", by.Org)
	cards, err := listCards(ctx, s.db, &mine)
	if err != nil {
		return err
	}
	if v.Cards, err = s.rows(ctx, cards); err != nil {
		return err
	}
	if v.Listed, err = listGroups(ctx, s.db, &mine); err != nil {
		return err
	}
	for _, g := range v.Listed {
		v.Groups = append(v.Groups, ui.Option{Value: g.ID, Label: i18n.Pick(ctx, g.NameZH, g.NameEN)})
	}
	people, err := s.orgs.People(ctx, s.db, by.Org)
	if err != nil {
		return err
	}
	for _, p := range people {
		v.People = append(v.People, ui.Option{Value: p.ID, Label: p.Name})
		v.Names[p.ID] = p.Name
	}
	status := group.Status()
	if !card.OK() {
		status = card.Status()
	}
	return web.Page(w, r, status, keepingPage(v))
}

func (s *Service) submitGroup(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	if f.Need("name", "head"); f.OK() {
		g, err := s.CreateGroup(r.Context(), identity.SubjectOf(r.Context()), f.Text("name"), f.Text("head"))
		if err == nil {
			return web.SeeOther(w, r, "/desk/fund-groups/"+g.ID, "课题组已建立，可以添加成员了。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.keepingPage(w, r, f, form.Of(map[string]string{"kind": KindCard, "from": s.today()}))
}

func (s *Service) submitCard(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	c := Card{
		Kind: f.Text("kind"), Number: f.Text("number"), Name: f.Text("card_name"), Group: f.Text("group"), From: f.Date("from"), To: f.Date("to"), CapOrder: f.Fen("cap_order"),
		CapMonth: f.Fen("cap_month"), ApproveAbove: f.Fen("approve_above"), Classes: strings.Join(strings.Fields(f.Text("classes")), " "),
	}
	if c.Kind == KindPrepaid {
		c.Group = ""
		found, err := s.orgs.Named(ctx, s.db, []string{f.Text("payer")}, []string{f.Text("payer")})
		if err != nil {
			return err
		}
		if len(found) == 1 {
			c.Payer = found[0].ID
		}
	}
	if f.OK() {
		c, err := s.OpenCard(ctx, identity.SubjectOf(ctx), c)
		if err == nil {
			return web.SeeOther(w, r, "/desk/cards/"+c.ID, "已开立，登记入账后即可使用。")
		}
		if e := fault.Of(err); len(e.Fields) > 0 {
			for i, x := range e.Fields {
				if x.Name == "name" {
					e.Fields[i].Name = "card_name"
				}
			}
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.keepingPage(w, r, form.Of(nil), f)
}

type incomeView struct {
	Months  []Month
	Month   string
	Orders  []Income
	Buyers  map[string]string
	Rules   []SplitRule
	Names   []string // of the shares, as they come
	Keeper  bool
	Form    *form.Form
	Nothing bool
}

func (s *Service) showIncome(w http.ResponseWriter, r *http.Request) error {
	return s.incomePage(w, r, nil)
}

func (s *Service) incomePage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	if err := s.mayEarn(by); err != nil {
		return err
	}
	v := incomeView{Keeper: s.keeps(by) == nil, Form: f, Month: r.URL.Query().Get("month"), Buyers: map[string]string{}}
	list, err := s.lastYear(ctx, by.Org)
	if err != nil {
		return err
	}
	v.Months, v.Nothing = months(list), len(list) == 0
	if v.Month == "" && len(v.Months) > 0 {
		v.Month = v.Months[0].Month
	}
	var ids []string
	for _, x := range list {
		if x.Day[:7] == v.Month {
			v.Orders, ids = append(v.Orders, x), append(ids, x.Buyer)
		}
	}
	orgs, err := s.orgs.Organisations(ctx, s.db, ids)
	if err != nil {
		return err
	}
	for id, o := range orgs {
		v.Buyers[id] = i18n.Pick(ctx, o.NameZH, o.NameEN)
	}
	if v.Rules, err = splits(ctx, s.db, by.Org); err != nil {
		return err
	}
	v.Names = shareNames(v.Months)
	if v.Form == nil {
		v.Form = form.Of(map[string]string{"from": s.today(), "shares": writeShares(v.Rules)})
	}
	return web.Page(w, r, v.Form.Status(), incomePage(v))
}

// lastYear is the income of the last twelve months and this one.
func (s *Service) lastYear(ctx context.Context, org string) ([]Income, error) {
	from, err := clock.AddDays(s.today(), -366)
	if err != nil {
		return nil, err
	}
	return incomes(ctx, s.db, org, from, s.today())
}

// shareNames are the names of all shares, in the order in which they come.
func shareNames(list []Month) []string {
	var out []string
	seen := map[string]bool{}
	for _, m := range list {
		for _, p := range m.Parts {
			if !seen[p.Name] {
				seen[p.Name], out = true, append(out, p.Name)
			}
		}
	}
	return out
}

// part is the amount of a named share.
func part(parts []Part, name string) money.Fen {
	var sum money.Fen
	for _, p := range parts {
		if p.Name == name {
			sum += p.Amount
		}
	}
	return sum
}

func writeShares(rules []SplitRule) string {
	if len(rules) == 0 {
		return ""
	}
	var b strings.Builder
	for _, x := range rules[0].Shares {
		b.WriteString(x.Name + " " + strings.TrimSuffix(money.Fen(x.Weight).Yuan(), ".00") + "\n")
	}
	return b.String()
}

// parseShares reads shares, one a line: name and per cent.
func parseShares(text string) ([]Share, bool) {
	var out []Share
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), "%"))
		if line == "" {
			continue
		}
		i := strings.LastIndexAny(line, " \t:：")
		if i < 0 || len(out) == 20 {
			return nil, false
		}
		n, err := money.Parse(strings.Trim(line[i:], " \t:：")) // per cent with two decimals are hundredths of a percent
		if err != nil || n < 0 {
			return nil, false
		}
		out = append(out, Share{strings.Trim(line[:i], " \t:："), int64(n)})
	}
	return out, true
}

func (s *Service) submitSplit(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	f.Need("shares", "source")
	shares, ok := parseShares(f.Text("shares"))
	if !ok {
		f.Add("shares", "shares", "每行写一份“名称 百分比”，例如：学校 30。")
	}
	from := f.Date("from")
	if f.OK() {
		rule, err := s.SetSplit(r.Context(), identity.SubjectOf(r.Context()), from, f.Text("source"), shares)
		if err == nil {
			return web.SeeOther(w, r, "/desk/income", "分配规则已保存，{0} 起结清的订单按此分配。", rule.From)
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.incomePage(w, r, f)
}

func (s *Service) showCardFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := s.cardFor(ctx, identity.SubjectOf(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.statementFile(w, r, []string{c.ID})
}

func (s *Service) showGroupFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	g, err := s.seen(ctx, identity.SubjectOf(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	_, ids, err := s.cardsOfGroup(ctx, g.ID)
	if err != nil {
		return err
	}
	return s.statementFile(w, r, ids)
}

func (s *Service) statementFile(w http.ResponseWriter, r *http.Request, cards []string) error {
	ctx := r.Context()
	st, people, err := s.statement(ctx, cards, r.URL.Query().Get("month"))
	if err != nil {
		return err
	}
	var rows [][]string
	for _, e := range st.Entries {
		rows = append(rows, []string{e.Day, kindWord(ctx, e.Kind), e.Number, e.Evidence, people[e.Person], e.Available.Yuan(), e.Reserved.Yuan(), e.Spent.Yuan(), e.Balance.Yuan()})
	}
	return web.Table(w, r, "statement-"+st.Month, []string{t(ctx, "日期"), t(ctx, "事项"), t(ctx, "订单编号"), t(ctx, "凭证"), t(ctx, "经手人"), t(ctx, "可用变动（元）"), t(ctx, "冻结变动（元）"), t(ctx, "支出（元）"), t(ctx, "可用余额（元）")}, rows)
}

func (s *Service) showIncomeFile(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	if err := s.mayEarn(by); err != nil {
		return err
	}
	list, err := s.lastYear(ctx, by.Org)
	if err != nil {
		return err
	}
	names := shareNames(months(list))
	month := r.URL.Query().Get("month")
	var rows [][]string
	for _, x := range list {
		if month != "" && x.Day[:7] != month {
			continue
		}
		row := []string{x.Day, x.Number, insideWord(ctx, x.Inside), x.Amount.Yuan(), strconv.FormatInt(x.Minutes, 10)}
		for _, name := range names {
			row = append(row, part(x.Parts, name).Yuan())
		}
		rows = append(rows, row)
	}
	headings := []string{t(ctx, "结清日期"), t(ctx, "订单编号"), t(ctx, "内部或外部"), t(ctx, "收入（元）"), t(ctx, "机时（分钟）")}
	headings = append(headings, names...)
	return web.Table(w, r, "income", headings, rows)
}

func insideWord(ctx context.Context, inside bool) string {
	if inside {
		return t(ctx, "内部")
	}
	return t(ctx, "外部")
}

func kindWord(ctx context.Context, kind string) string {
	switch kind {
	case kindDeposit:
		return t(ctx, "入账")
	case kindRefund:
		return t(ctx, "退款")
	case kindReserve:
		return t(ctx, "下单冻结")
	case kindRelease:
		return t(ctx, "取消退回")
	}
	return t(ctx, "确认扣款")
}

func cardWord(ctx context.Context, kind string) string {
	if kind == KindPrepaid {
		return t(ctx, "预存账户")
	}
	return t(ctx, "经费卡")
}
