package payout

import (
	"bytes"
	"context"
	"net/http"
	"net/url"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher"
)

// statementView is a statement as a page.
type statementView struct {
	Statement
	Form  *form.Form
	Sides []string
	Org   ui.OrgRef
	Orgs  map[string]ui.OrgRef
	Names map[string]string // of programmes
}

func (s *Service) statementRequest(f *form.Form) StatementRequest {
	return StatementRequest{Org: f.Text("of"), Side: f.Text("side"), Programme: f.Text("programme"), From: f.Date("from"), To: f.Date("to")}
}

func (s *Service) showStatement(w http.ResponseWriter, r *http.Request) error {
	v, err := s.statementView(r)
	if err != nil {
		return err
	}
	return web.Page(w, r, v.Form.Status(), statementPage(v))
}

// statementView reads the statement asked for; a period that is wrong leaves the form as it was typed.
func (s *Service) statementView(r *http.Request) (statementView, error) {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	v := statementView{Form: form.Read(r), Names: map[string]string{}}
	req := s.statementRequest(v.Form)
	var err error
	v.Statement, err = s.StatementOf(ctx, by, req)
	if err != nil && !v.Form.Fail(err) {
		return v, err
	}
	if v.Form.OK() {
		v.Form.Set("from", v.From)
		v.Form.Set("to", v.To)
	}
	if v.Sides, err = s.Sides(ctx, s.db, by, v.Statement.Org); err != nil {
		return v, err
	}
	ids := []string{v.Statement.Org}
	for _, l := range v.Lines {
		ids = append(ids, l.Payee, l.Funder)
	}
	if v.Orgs, err = s.names(ctx, unique(ids)...); err != nil {
		return v, err
	}
	v.Org = v.Orgs[v.Statement.Org]
	for _, p := range v.Programmes {
		v.Names[p.ID] = p.Name().In(ctx)
	}
	return v, nil
}

// other is whom a line is about besides the organisation itself.
func (v statementView) other(l voucher.Moved) string {
	if l.Payee+l.Funder == "" {
		return ""
	}
	return v.Orgs[firstText(l.Payee, l.Funder)].Name
}

// query is the address of this statement in another form.
func (v statementView) query(path, format string) string {
	q := url.Values{"side": {v.Side}, "from": {v.From}, "to": {v.To}}
	for name, value := range map[string]string{"programme": v.Programme, "of": v.Form.Text("of"), "format": format} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return path + "?" + q.Encode()
}

func (s *Service) showStatementFile(w http.ResponseWriter, r *http.Request) error {
	v, err := s.statementView(r)
	if err != nil {
		return err
	}
	if !v.Form.OK() {
		return v.Form.Fault
	}
	headings, rows := v.table(r.Context())
	return sendTable(w, r, t(r.Context(), "对账单")+" "+v.From+" "+v.To, headings, rows)
}

// sendTable sends a table as CSV, or as XLSX where the address says so.
func sendTable(w http.ResponseWriter, r *http.Request, name string, headings []string, rows [][]string) error {
	var b bytes.Buffer
	if r.URL.Query().Get("format") != "xlsx" {
		if err := sheet.WriteCSV(&b, headings, rows); err != nil {
			return err
		}
		return sendFile(w, name+".csv", b.Bytes())
	}
	x, err := sheet.NewStream(&b, headings)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := x.Row(row); err != nil {
			return err
		}
	}
	if err := x.Close(); err != nil {
		return err
	}
	return sendFile(w, name+".xlsx", b.Bytes())
}

// table is the statement as rows: the opening balance, the lines, the closing balance.
func (v statementView) table(ctx context.Context) (headings []string, rows [][]string) {
	cols := v.columns(ctx)
	headings = []string{t(ctx, "日期"), t(ctx, "事项"), t(ctx, "单据"), t(ctx, "计划"), t(ctx, "对方"), cols[0], cols[1], cols[2], t(ctx, "余额：{0}", cols[0])}
	yuan := func(list [3]money.Fen) []string { return []string{list[0].Yuan(), list[1].Yuan(), list[2].Yuan()} }
	balance := func(day, word string, s voucher.Sums) []string {
		a := v.amounts(s)
		return append(append([]string{day, word, "", "", ""}, yuan(a)...), a[0].Yuan())
	}
	rows = append(rows, balance(v.From, t(ctx, "期初余额"), v.Opening))
	for _, l := range v.Lines {
		a := v.amounts(l.After)
		row := []string{l.Day, movementName(ctx, l.Kind), v.reference(l), v.programmeName(l.Programme), v.other(l)}
		rows = append(rows, append(append(row, yuan(v.amounts(l.Change))...), a[0].Yuan()))
	}
	return headings, append(rows, balance(v.To, t(ctx, "期末余额"), v.Closing))
}

// programmeName is a programme's name.
func (v statementView) programmeName(programme string) string {
	return firstText(v.Names[programme], programme)
}

// columns are what the three amounts of a side are.
func (v statementView) columns(ctx context.Context) [3]string {
	if v.Side == SideFirm {
		return [3]string{t(ctx, "可用"), t(ctx, "订单占用"), t(ctx, "已使用")}
	}
	return [3]string{t(ctx, "待付"), t(ctx, "已付"), t(ctx, "已追回")}
}

// movementName is a line of a statement in words.
func movementName(ctx context.Context, kind string) string {
	names := map[string]string{
		"appropriate": "拨入预算", "grant": "发放", "hold": "订单占用", "release": "占用退回", "use": "订单使用", "expire": "到期失效", "approve": "批准兑付", "refuse": "异议成立，不予兑付",
		"pay": "付款", "bounce": "银行退回", "recover": "追回", "receive": "追回到账", "return": "退回额度",
	}
	if zh, ok := names[kind]; ok {
		return t(ctx, zh)
	}
	return kind
}

func sideName(ctx context.Context, side string) string {
	names := map[string]string{SideFirm: "用券企业", SideProvider: "收款单位", SideFunder: "出资单位"}
	return t(ctx, names[side])
}

func (v statementView) tabs(ctx context.Context) []ui.Tab {
	var out []ui.Tab
	for _, side := range v.Sides {
		out = append(out, ui.Tab{Label: sideName(ctx, side), Href: "/desk/statements?side=" + side, Current: v.Side == side})
	}
	return out
}

func (v statementView) options(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: t(ctx, "全部计划")}}
	for _, p := range v.Programmes {
		out = append(out, ui.Option{Value: p.ID, Label: p.Name().In(ctx)})
	}
	return out
}

// signedFen writes a change with its sign; nothing where there is none.
func signedFen(f money.Fen) string {
	switch {
	case f > 0:
		return "+" + f.String()
	case f < 0:
		return f.String()
	}
	return ""
}

// showResults is what was paid, for everybody.
func (s *Service) showResults(w http.ResponseWriter, r *http.Request) error {
	v, err := s.results(r.Context(), r.URL.Query().Get("programme"))
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, resultsPage(v))
}

// regionName is a region's name in the reader's language; a code that is unknown stays a code.
func (s *Service) regionName(ctx context.Context, code string) string {
	r, err := s.orgs.Region(ctx, s.db, code)
	if err != nil {
		return code
	}
	return i18n.Pick(ctx, r.NameZH, r.NameEN)
}
