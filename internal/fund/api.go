package fund

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

type (
	wireCard struct {
		ID           string    `json:"id"`
		Kind         string    `json:"kind" enum:"card,prepaid"`
		Number       string    `json:"number"`
		Name         string    `json:"name"`
		Payer        string    `json:"payer" doc:"Organisation whose orders it pays"`
		Group        string    `json:"group,omitempty"`
		From         string    `json:"from"`
		To           string    `json:"to,omitempty"`
		CapOrder     money.Fen `json:"cap_order,omitempty"`
		CapMonth     money.Fen `json:"cap_month,omitempty"`
		ApproveAbove money.Fen `json:"approve_above,omitempty"`
		Classes      string    `json:"classes,omitempty"`
		State        string    `json:"state"`
		Sample       bool      `json:"sample"`
		Available    money.Fen `json:"available" doc:"In fen"`
		Reserved     money.Fen `json:"reserved"`
		Spent        money.Fen `json:"spent"`
	}
	wireEntry struct {
		Day       string    `json:"day"`
		Kind      string    `json:"kind" enum:"deposit,refund,reserve,release,charge"`
		Order     string    `json:"order,omitempty"`
		Evidence  string    `json:"evidence,omitempty"`
		Available money.Fen `json:"available" doc:"Change of what can be spent, in fen"`
		Reserved  money.Fen `json:"reserved"`
		Spent     money.Fen `json:"spent"`
		Balance   money.Fen `json:"balance" doc:"What can be spent after it"`
	}
	cardsOut struct {
		Body struct {
			Items []wireCard `json:"items"`
		}
	}
	cardIn struct {
		ID    string `path:"id"`
		Month string `query:"month" example:"2026-11"`
	}
	cardOut struct {
		Body struct {
			Card    wireCard    `json:"card"`
			Month   string      `json:"month"`
			Opening money.Fen   `json:"opening"`
			Closing money.Fen   `json:"closing"`
			Entries []wireEntry `json:"entries"`
		}
	}
	openIn struct {
		Body struct {
			Kind         string    `json:"kind" enum:"card,prepaid"`
			Number       string    `json:"number"`
			Name         string    `json:"name"`
			Group        string    `json:"group,omitempty" doc:"card: the research group"`
			Payer        string    `json:"payer,omitempty" doc:"prepaid: the organisation that pays in advance"`
			From         string    `json:"from,omitempty"`
			To           string    `json:"to,omitempty"`
			CapOrder     money.Fen `json:"cap_order,omitempty"`
			CapMonth     money.Fen `json:"cap_month,omitempty"`
			ApproveAbove money.Fen `json:"approve_above,omitempty"`
			Classes      string    `json:"classes,omitempty"`
		}
	}
	depositIn struct {
		ID   string `path:"id"`
		Body struct {
			Amount   money.Fen `json:"amount" minimum:"1" doc:"In fen"`
			Evidence string    `json:"evidence" doc:"Number of the bank slip, of the allocation"`
			Refund   bool      `json:"refund,omitempty" doc:"Out instead of in"`
		}
	}
	decideIn struct {
		ID   string `path:"id" doc:"Id of the order"`
		Body struct {
			Approve bool   `json:"approve"`
			Note    string `json:"note,omitempty"`
		}
	}
	incomeOut struct {
		Body struct {
			Items []wireIncome `json:"items"`
		}
	}
	wireIncome struct {
		Order   string      `json:"order"`
		Number  string      `json:"number"`
		Day     string      `json:"day"`
		Inside  bool        `json:"inside"`
		Amount  money.Fen   `json:"amount"`
		Minutes int64       `json:"minutes"`
		Shares  []wireShare `json:"shares"`
	}
	wireShare struct {
		Name   string    `json:"name"`
		Amount money.Fen `json:"amount"`
	}
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, action, summary string, status int, money bool) web.Op {
		return web.Op{Method: method, Path: path, Action: action, Tag: "fund", Private: true, Status: status, Summary: summary, Money: money}
	}
	web.API(g, op(http.MethodGet, "/api/v1/cards", "fund.own", "可用的经费卡和预存账户", http.StatusOK, false), s.apiCards)
	web.API(g, op(http.MethodGet, "/api/v1/cards/{id}", "fund.own", "一张卡：余额、规则和一个月的对账单", http.StatusOK, false), s.apiCard)
	web.API(g, op(http.MethodPost, "/api/v1/cards", "fund.manage", "开立经费卡或预存账户", http.StatusCreated, false), s.apiOpen)
	web.API(g, op(http.MethodPost, "/api/v1/cards/{id}/deposit", "fund.manage", "登记入账或退款，凭证必填", http.StatusOK, true), s.apiDeposit)
	web.API(g, op(http.MethodPost, "/api/v1/fund-approvals/{id}", "fund.own", "批准或不批准用经费卡付款", http.StatusOK, true), s.apiDecide)
	web.API(g, op(http.MethodGet, "/api/v1/income", "fund.income", "已结清订单的收入和分配", http.StatusOK, false), s.apiIncome)
}

func wireOf(c Card, b Balance) wireCard {
	return wireCard{
		c.ID, c.Kind, c.Number, c.Name, c.Payer, c.Group, c.From, c.To, c.CapOrder, c.CapMonth, c.ApproveAbove, c.Classes, c.State, c.Sample, b.Available, b.Reserved, b.Spent,
	}
}

func (s *Service) apiCards(ctx context.Context, _ *struct{}) (*cardsOut, error) {
	list, err := s.mine(ctx, identity.SubjectOf(ctx))
	if err != nil {
		return nil, err
	}
	rows, err := s.rows(ctx, list)
	out := &cardsOut{}
	out.Body.Items = make([]wireCard, len(rows))
	for i, c := range rows {
		out.Body.Items[i] = wireOf(c.Card, c.Balance)
	}
	return out, err
}

func (s *Service) apiCard(ctx context.Context, in *cardIn) (*cardOut, error) {
	c, err := s.cardFor(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	has, err := balances(ctx, s.db, []string{c.ID})
	if err != nil {
		return nil, err
	}
	st, err := s.StatementOf(ctx, s.db, []string{c.ID}, in.Month)
	if err != nil {
		return nil, err
	}
	out := &cardOut{}
	out.Body.Card, out.Body.Month, out.Body.Opening, out.Body.Closing, out.Body.Entries = wireOf(c, has[c.ID]), st.Month, st.Opening, st.Closing, []wireEntry{}
	for _, e := range st.Entries {
		out.Body.Entries = append(out.Body.Entries, wireEntry{e.Day, e.Kind, e.Order, e.Evidence, e.Available, e.Reserved, e.Spent, e.Balance})
	}
	return out, nil
}

func (s *Service) apiOpen(ctx context.Context, in *openIn) (*cardOut, error) {
	b := in.Body
	c, err := s.OpenCard(ctx, identity.SubjectOf(ctx), Card{
		Kind: b.Kind, Number: b.Number, Name: b.Name, Group: b.Group, Payer: b.Payer, From: b.From, To: b.To, CapOrder: b.CapOrder, CapMonth: b.CapMonth, ApproveAbove: b.ApproveAbove, Classes: b.Classes,
	})
	if err != nil {
		return nil, err
	}
	return s.apiCard(ctx, &cardIn{ID: c.ID})
}

func (s *Service) apiDeposit(ctx context.Context, in *depositIn) (*cardOut, error) {
	if err := s.Deposit(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Amount, in.Body.Evidence, web.RequestKey(ctx), in.Body.Refund); err != nil {
		return nil, err
	}
	return s.apiCard(ctx, &cardIn{ID: in.ID})
}

func (s *Service) apiDecide(ctx context.Context, in *decideIn) (*struct{}, error) {
	return nil, s.Decide(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Approve, in.Body.Note)
}

func (s *Service) apiIncome(ctx context.Context, _ *struct{}) (*incomeOut, error) {
	by := identity.SubjectOf(ctx)
	if err := s.mayEarn(by); err != nil {
		return nil, err
	}
	list, err := s.lastYear(ctx, by.Org)
	out := &incomeOut{}
	out.Body.Items = make([]wireIncome, len(list))
	for i, x := range list {
		out.Body.Items[i] = wireIncome{x.Order, x.Number, x.Day, x.Inside, x.Amount, x.Minutes, make([]wireShare, len(x.Parts))}
		for j, p := range x.Parts {
			out.Body.Items[i].Shares[j] = wireShare{p.Name, p.Amount}
		}
	}
	return out, err
}
