package payout

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
	"qiao/internal/voucher"
)

func plainNumber(n int64) string { return i18n.Group(n) }

type (
	statementIn struct {
		Side      string `query:"side" enum:"firm,provider,funder" doc:"Left out: the first that fits"`
		Programme string `query:"programme"`
		From      string `query:"from" example:"2026-01-01" doc:"Left out: this month"`
		To        string `query:"to" example:"2026-12-31"`
	}
	statementOut struct {
		Body struct {
			Org     string          `json:"org"`
			Side    string          `json:"side"`
			From    string          `json:"from"`
			To      string          `json:"to"`
			Opening statementSums   `json:"opening"`
			Closing statementSums   `json:"closing"`
			Lines   []statementLine `json:"lines"`
		}
	}
	statementSums struct {
		Available money.Fen `json:"available" doc:"fen; of a firm"`
		Held      money.Fen `json:"held"`
		Used      money.Fen `json:"used"`
		Payable   money.Fen `json:"payable" doc:"fen; of a payee or a funder"`
		Paid      money.Fen `json:"paid"`
		Recovered money.Fen `json:"recovered"`
		Given     money.Fen `json:"given" doc:"fen; a funder's budgets"`
	}
	statementLine struct {
		Day        string        `json:"day"`
		Kind       string        `json:"kind"`
		Programme  string        `json:"programme"`
		Order      string        `json:"order,omitempty"`
		Invoices   []string      `json:"invoices,omitempty"`
		Redemption string        `json:"redemption,omitempty" doc:"its number"`
		Voucher    string        `json:"voucher,omitempty" doc:"its number"`
		Payee      string        `json:"payee,omitempty"`
		Funder     string        `json:"funder,omitempty"`
		Change     statementSums `json:"change"`
		After      statementSums `json:"after"`
	}
	batchesOut struct {
		Body struct {
			Items []wireBatch `json:"items"`
		}
	}
	batchOut struct{ Body wireBatch }
	batchIn  struct {
		ID string `path:"id"`
	}
	wireBatch struct {
		ID       string     `json:"id"`
		Number   string     `json:"number"`
		Funder   string     `json:"funder"`
		PayOn    string     `json:"pay_on"`
		State    string     `json:"state"`
		Total    money.Fen  `json:"total" doc:"fen"`
		Count    int        `json:"count"`
		Sample   bool       `json:"sample"`
		Payments []wireItem `json:"payments,omitempty"`
	}
	wireItem struct {
		Number     string    `json:"number"`
		Redemption string    `json:"redemption" doc:"id"`
		Payee      string    `json:"payee"`
		Amount     money.Fen `json:"amount" doc:"fen"`
		State      string    `json:"state"`
		Reason     string    `json:"reason,omitempty"`
	}
	budgetOut struct {
		Body struct {
			Programme    string       `json:"programme"`
			Appropriated money.Fen    `json:"appropriated" doc:"fen, as all amounts"`
			Issued       money.Fen    `json:"issued"`
			Unissued     money.Fen    `json:"unissued"`
			Available    money.Fen    `json:"available"`
			Expiring     money.Fen    `json:"expiring" doc:"Of what is available: within six weeks"`
			Held         money.Fen    `json:"held"`
			Used         money.Fen    `json:"used" doc:"Wherever the money is now"`
			Claimed      money.Fen    `json:"claimed"`
			Payable      money.Fen    `json:"payable"`
			Paid         money.Fen    `json:"paid"`
			Recovered    money.Fen    `json:"recovered"`
			Lapsed       money.Fen    `json:"lapsed"`
			Rewarded     money.Fen    `json:"rewarded" doc:"Rewards of providers, wherever the money is now; not among what was issued"`
			Forecast     wireForecast `json:"forecast"`
		}
	}
	wireForecast struct {
		Weeks    int       `json:"weeks" doc:"Whole weeks that were looked at"`
		Pace     money.Fen `json:"pace" doc:"Issued a week"`
		Ends     string    `json:"ends,omitempty"`
		Earliest string    `json:"earliest,omitempty"`
		Latest   string    `json:"latest,omitempty"`
		Why      string    `json:"why,omitempty" doc:"Why nothing is forecast: little, still, gone"`
	}
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(path, action, summary string) web.Op {
		return web.Op{Method: http.MethodGet, Path: "/api/v1" + path, Action: action, Tag: "voucher", Private: true, Summary: summary}
	}
	web.API(g, op("/statements", "statement.own", "本单位一段时间的对账单"), s.apiStatement)
	web.API(g, op("/payouts", "payout.view", "付款批次"), s.apiBatches)
	web.API(g, op("/payouts/{id}", "payout.view", "一个付款批次及其付款"), s.apiBatch)
	web.API(g, op("/budgets/{id}", "budget.view", "一个计划的资金总览和预测"), s.apiBudget)
}

func wireSums(s voucher.Sums) statementSums {
	return statementSums{s.Available, s.Held, s.Used, s.Payable, s.Paid, s.Recovered, s.Given}
}

func (s *Service) apiStatement(ctx context.Context, in *statementIn) (*statementOut, error) {
	st, err := s.StatementOf(ctx, identity.SubjectOf(ctx), StatementRequest{Side: in.Side, Programme: in.Programme, From: in.From, To: in.To})
	if err != nil {
		return nil, err
	}
	out := &statementOut{}
	b := &out.Body
	b.Org, b.Side, b.From, b.To, b.Opening, b.Closing, b.Lines = st.Org, st.Side, st.From, st.To, wireSums(st.Opening), wireSums(st.Closing), []statementLine{}
	for _, l := range st.Lines {
		b.Lines = append(b.Lines, statementLine{l.Day, l.Kind, l.Programme, l.Order, st.Names[l.Order].Invoices, l.Claim, l.Grant, l.Payee, l.Funder, wireSums(l.Change), wireSums(l.After)})
	}
	return out, nil
}

func (b Batch) wire() wireBatch {
	return wireBatch{ID: b.ID, Number: b.Number, Funder: b.Funder, PayOn: b.PayOn, State: b.State, Total: b.Total, Count: b.Count, Sample: b.Sample}
}

func (s *Service) apiBatches(ctx context.Context, _ *struct{}) (*batchesOut, error) {
	w := &db.Where{}
	s.policy.Filter(identity.SubjectOf(ctx), "payout.view", map[string]string{SideFunder: "funder", identity.SideRegion: "region"}, w)
	list, err := listBatches(ctx, s.db, w, "", pageSize)
	out := &batchesOut{}
	out.Body.Items = make([]wireBatch, len(list))
	for i, b := range list {
		out.Body.Items[i] = b.wire()
	}
	return out, err
}

func (s *Service) apiBatch(ctx context.Context, in *batchIn) (*batchOut, error) {
	b, err := s.readableBatch(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	items, err := listItems(ctx, s.db, b.ID)
	out := &batchOut{b.wire()}
	for _, it := range items {
		out.Body.Payments = append(out.Body.Payments, wireItem{it.Number, it.Claim, it.Payee, it.Amount, it.State, it.Reason})
	}
	return out, err
}

func (s *Service) apiBudget(ctx context.Context, in *batchIn) (*budgetOut, error) {
	v, err := s.budgetOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &budgetOut{}
	b := &out.Body
	b.Programme, b.Appropriated, b.Issued, b.Unissued, b.Available, b.Expiring = v.Programme.ID, v.Appropriated, v.Issued(), v.Unissued, v.Available, v.Budget.Expiring
	b.Held, b.Used, b.Claimed, b.Payable, b.Paid, b.Recovered, b.Lapsed = v.Held, spent(v.Budget), v.Claimed, v.Payable, v.Paid, v.Recovered, v.Lapsed
	b.Rewarded = v.Rewarded
	f := v.Forecast
	b.Forecast = wireForecast{f.Weeks, f.Pace, f.Ends, f.Earliest, f.Latest, f.Why}
	return out, nil
}
