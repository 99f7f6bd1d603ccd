package payout

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher"
)

// shownRows is how many rows of a figure a page shows; the file has more.
const (
	shownRows = 200
	fileRows  = 50_000
)

// purse is a programme with where its money is.
type purse struct {
	Programme voucher.Programme
	voucher.Budget
}

// spent is what was used, wherever it is now.
func spent(b voucher.Budget) money.Fen {
	return b.Used + b.Payable + b.Paid + b.Recovered + b.Received - b.Rewarded
}

// budgetsView is every programme that the reader may look at, and the sum.
type budgetsView struct {
	Rows  []purse
	Total voucher.Budget
}

func (s *Service) showBudgets(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	list, err := s.vouchers.Programmes(ctx, s.db)
	if err != nil {
		return err
	}
	var v budgetsView
	for _, p := range list {
		if s.policy.Can(by, "budget.view", identity.Object{Region: p.Region}) != nil {
			continue
		}
		b, err := s.vouchers.Budget(ctx, s.db, p.ID)
		if err != nil {
			return err
		}
		v.Rows = append(v.Rows, purse{p, b})
		v.Total = voucher.Budget{
			Appropriated: v.Total.Appropriated + b.Appropriated, Unissued: v.Total.Unissued + b.Unissued, Available: v.Total.Available + b.Available, Held: v.Total.Held + b.Held,
			Used: v.Total.Used + b.Used, Payable: v.Total.Payable + b.Payable, Paid: v.Total.Paid + b.Paid, Recovered: v.Total.Recovered + b.Recovered,
			Lapsed: v.Total.Lapsed + b.Lapsed, Claimed: v.Total.Claimed + b.Claimed, Expiring: v.Total.Expiring + b.Expiring, Rewarded: v.Total.Rewarded + b.Rewarded, Received: v.Total.Received + b.Received,
		}
	}
	return web.Page(w, r, http.StatusOK, budgetsPage(v))
}

// budgetView is one programme's money.
type budgetView struct {
	purse
	Forecast Forecast
	Source   string // of the forecast's rule
	Months   []ui.Bar
	Ending   []monthSum
	Expiring []voucher.FigureRow
	Orgs     map[string]ui.OrgRef
}

// monthSum is what ends in a month.
type monthSum struct {
	Month  string
	Count  int
	Amount money.Fen
}

func (s *Service) visible(ctx context.Context, programme string) (voucher.Programme, error) {
	p, err := s.vouchers.Programme(ctx, s.db, programme)
	if err != nil {
		return p, err
	}
	return p, s.policy.Can(identity.SubjectOf(ctx), "budget.view", identity.Object{Region: p.Region})
}

// budgetOf gathers a programme's money, how it moved, and the forecast.
func (s *Service) budgetOf(ctx context.Context, programme string) (budgetView, error) {
	p, err := s.visible(ctx, programme)
	if err != nil {
		return budgetView{}, err
	}
	b, err := s.vouchers.Budget(ctx, s.db, p.ID)
	if err != nil {
		return budgetView{}, err
	}
	flows, err := s.vouchers.Flows(ctx, s.db, p.ID)
	if err != nil {
		return budgetView{}, err
	}
	rules := dated.On(s.rules, s.today())
	v := budgetView{purse: purse{p, b}, Source: rules.Source, Forecast: Foresee(rules, s.today(), b.Unissued, flows.Issued)}
	v.Months = months(b.Appropriated, flows, s.today())
	ending, _, err := s.vouchers.FigureRows(ctx, s.db, p.ID, voucher.FigureAvailable, fileRows)
	if err != nil {
		return v, err
	}
	v.Ending = byMonth(ending)
	v.Expiring = ending[:min(len(ending), 10)]
	v.Orgs, err = s.names(ctx, orgsOf(v.Expiring)...)
	return v, err
}

func orgsOf(rows []voucher.FigureRow) []string {
	var out []string
	for _, r := range rows {
		out = append(out, r.Org)
	}
	return unique(out)
}

// byMonth sums what ends by the month it ends in.
func byMonth(rows []voucher.FigureRow) []monthSum {
	var out []monthSum
	for _, r := range rows {
		month := r.Day[:min(7, len(r.Day))]
		if n := len(out); n == 0 || out[n-1].Month != month {
			out = append(out, monthSum{Month: month})
		}
		m := &out[len(out)-1]
		m.Count, m.Amount = m.Count+1, m.Amount+r.Amount
	}
	return out
}

// months is how a budget was drawn down: at the end of each of the last twelve months (and today) what was paid, used and not yet
// paid, issued and not yet used, and not yet issued. The four make up the budget.
func months(budget money.Fen, f voucher.Flows, today string) []ui.Bar {
	var out []ui.Bar
	month := today[:7]
	for range 12 {
		end := month + "-31"
		issued, used, paid := until(f.Issued, end), until(f.Used, end), until(f.Paid, end)
		parts := []money.Fen{paid, max(0, used-paid), max(0, issued-used), max(0, budget-issued)}
		bar := ui.Bar{Label: month[2:]}
		for _, p := range parts {
			bar.Values, bar.Texts = append(bar.Values, float64(p)/1_000_000), append(bar.Texts, p.String())
		}
		out = append(out, bar)
		before, err := clock.AddDays(month+"-01", -1)
		if err != nil || issued == 0 {
			break
		}
		month = before[:7]
	}
	slices.Reverse(out)
	return out
}

func until(list []voucher.DaySum, day string) money.Fen {
	var sum money.Fen
	for _, d := range list {
		if d.Day <= day {
			sum += d.Amount
		}
	}
	return sum
}

func (s *Service) showBudget(w http.ResponseWriter, r *http.Request) error {
	v, err := s.budgetOf(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, budgetPage(v))
}

// figureView is what makes up one figure of a budget.
type figureView struct {
	Programme voucher.Programme
	Figure    string
	Rows      []voucher.FigureRow
	Sum       money.Fen
	Orgs      map[string]ui.OrgRef
	Numbers   map[string]Named
	Shown     int
}

// figures are those of a budget, in the order in which they are shown.
func figures() []string {
	return []string{voucher.FigureAppropriated, voucher.FigureIssued, voucher.FigureAvailable, voucher.FigureExpiring, voucher.FigureHeld, voucher.FigureUsed, voucher.FigureClaimed,
		voucher.FigurePayable, voucher.FigurePaid, voucher.FigureRecovered, voucher.FigureLapsed, voucher.FigureRewarded}
}

func (s *Service) figureView(r *http.Request, limit int) (figureView, error) {
	ctx := r.Context()
	v := figureView{Figure: r.PathValue("figure"), Shown: limit}
	var err error
	if v.Programme, err = s.visible(ctx, r.PathValue("id")); err != nil {
		return v, err
	}
	if !slices.Contains(figures(), v.Figure) {
		return v, fault.New(fault.NotFound, "figure-not-found", "没有这项数字。")
	}
	if v.Rows, v.Sum, err = s.vouchers.FigureRows(ctx, s.db, v.Programme.ID, v.Figure, limit); err != nil {
		return v, err
	}
	if v.Orgs, err = s.names(ctx, orgsOf(v.Rows)...); err != nil || s.orders == nil {
		return v, err
	}
	var orders []string
	for _, x := range v.Rows {
		if x.Kind == "order" {
			orders = append(orders, x.ID)
		}
	}
	v.Numbers, err = s.orders.Named(ctx, s.db, unique(orders))
	return v, err
}

func (s *Service) showFigure(w http.ResponseWriter, r *http.Request) error {
	v, err := s.figureView(r, shownRows)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, figurePage(v))
}

func (s *Service) showFigureFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := s.figureView(r, fileRows)
	if err != nil {
		return err
	}
	rows := make([][]string, 0, len(v.Rows)+1)
	for i, x := range v.Rows {
		rows = append(rows, []string{strconv.Itoa(i + 1), x.Day, v.number(x), v.Orgs[x.Org].Name, x.Amount.Yuan()})
	}
	rows = append(rows, []string{"", "", t(ctx, "合计"), "", v.Sum.Yuan()})
	headings := []string{t(ctx, "序号"), t(ctx, "日期"), t(ctx, "单据"), t(ctx, "单位"), t(ctx, "金额（元）")}
	return sendTable(w, r, v.Programme.Name().In(ctx)+" "+figureName(ctx, v.Figure), headings, rows)
}

// number is what a row is called aloud.
func (v figureView) number(x voucher.FigureRow) string {
	if x.Kind == "order" {
		return firstText(v.Numbers[x.ID].Number, x.ID)
	}
	return x.Number
}

// href is where a row leads; empty where it has no page.
func (v figureView) href(x voucher.FigureRow) string {
	switch x.Kind {
	case "order":
		return "/desk/orders/" + x.ID
	case "claim":
		return "/desk/redemptions/" + x.ID
	}
	return ""
}

func figureName(ctx context.Context, figure string) string {
	names := map[string]string{
		voucher.FigureAppropriated: "预算", voucher.FigureIssued: "已发放", voucher.FigureAvailable: "企业可用", voucher.FigureExpiring: "六周内到期", voucher.FigureHeld: "订单占用",
		voucher.FigureUsed: "已使用", voucher.FigureClaimed: "核验或批准中", voucher.FigurePayable: "公示或待支付", voucher.FigurePaid: "已支付", voucher.FigureRecovered: "已追回", voucher.FigureLapsed: "到期失效", voucher.FigureRewarded: "机构奖励",
	}
	return t(ctx, names[figure])
}

// figure is the amount of one of the figures.
func (p purse) figure(name string) money.Fen {
	return map[string]money.Fen{
		voucher.FigureAppropriated: p.Appropriated, voucher.FigureIssued: p.Issued(), voucher.FigureAvailable: p.Available, voucher.FigureExpiring: p.Expiring, voucher.FigureHeld: p.Held,
		voucher.FigureUsed: spent(p.Budget), voucher.FigureClaimed: p.Claimed, voucher.FigurePayable: p.Payable, voucher.FigurePaid: p.Paid, voucher.FigureRecovered: p.Recovered, voucher.FigureLapsed: p.Lapsed, voucher.FigureRewarded: p.Rewarded,
	}[name]
}

// say puts a forecast into a sentence.
func (v budgetView) say(ctx context.Context) string {
	f := v.Forecast
	switch {
	case f.Why == "gone":
		return t(ctx, "预算已经全部发放。")
	case f.Why == "little":
		return t(ctx, "数据还太少：至少要有 {0} 个整周的发放记录才作预测，现在有 {1} 个。", f.Least, f.Weeks)
	case f.Why == "still":
		return t(ctx, "最近 {0} 周没有发放，无法预测。", f.Weeks)
	case f.Ends == "" && f.Earliest == "":
		return t(ctx, "按最近 {0} 周平均每周 {1} 的速度，近几年内发不完。", f.Weeks, f.Pace)
	case f.Ends == "":
		return t(ctx, "按最近 {0} 周平均每周 {1} 的速度，近几年内发不完；按较快的一半周最早 {2} 发完。", f.Weeks, f.Pace, f.Earliest)
	case f.Latest == "":
		return t(ctx, "按最近 {0} 周平均每周 {1} 的速度，预计 {2} 发完，最早 {3}；按较慢的一半周近几年内发不完。", f.Weeks, f.Pace, f.Ends, f.Earliest)
	}
	return t(ctx, "按最近 {0} 周平均每周 {1} 的速度，预计 {2} 发完，范围 {3} 至 {4}。", f.Weeks, f.Pace, f.Ends, f.Earliest, f.Latest)
}
