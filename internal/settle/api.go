package settle

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

const (
	apiRoot = "/api/v1"
	apiTag  = "settle"
)

type regionStatement struct {
	ID       string                `json:"id"`
	Number   string                `json:"number"`
	Low      string                `json:"low" doc:"Region with the lower code"`
	High     string                `json:"high"`
	From     string                `json:"from" doc:"First day of the window"`
	To       string                `json:"to"`
	State    string                `json:"state" enum:"open,closed,agreed"`
	Count    int                   `json:"count" doc:"Of the items, once closed"`
	Total    money.Fen             `json:"total" doc:"fen, gross: nothing is netted"`
	Currency string                `json:"currency"`
	Digest   string                `json:"digest,omitempty" doc:"SHA-256 of the canonical list, hex"`
	Sides    []regionStatementSide `json:"sides,omitempty"`
	Items    []regionStatementItem `json:"items,omitempty"`
	Breaks   []settlementBreak     `json:"breaks,omitempty" doc:"Its own and those carried into it"`
}

type regionStatementSide struct {
	Region string    `json:"region"`
	State  string    `json:"state" enum:"waiting,checked,confirmed"`
	Count  int       `json:"count" doc:"Of the items it agrees with"`
	Total  money.Fen `json:"total"`
	Digest string    `json:"digest,omitempty"`
}

type regionStatementItem struct {
	Key         string    `json:"key"`
	Day         string    `json:"day"`
	What        string    `json:"what" enum:"approve,refuse,pay,bounce,recover,receive"`
	Claim       string    `json:"claim" doc:"Number of the redemption"`
	Orders      []string  `json:"orders" doc:"Numbers"`
	Programme   string    `json:"programme"`
	PayerRegion string    `json:"payer_region"`
	PayeeRegion string    `json:"payee_region"`
	Funder      string    `json:"funder" doc:"USCC, else the id"`
	Payee       string    `json:"payee" doc:"USCC, else the id"`
	Amount      money.Fen `json:"amount" doc:"fen"`
}

type settlementBreak struct {
	ID        string    `json:"id"`
	Statement string    `json:"statement"`
	Kind      string    `json:"kind" enum:"only-statement,only-list,amount,window,disputed"`
	State     string    `json:"state" enum:"open,answered,resolved,withdrawn"`
	RaisedBy  string    `json:"raised_by" doc:"Region"`
	Owner     string    `json:"owner" doc:"Region that has to answer"`
	DueOn     string    `json:"due_on"`
	Item      string    `json:"item,omitempty" doc:"Key of the item"`
	Claim     string    `json:"claim"`
	What      string    `json:"what"`
	Stated    money.Fen `json:"stated" doc:"Amount in the statement; 0: none"`
	Listed    money.Fen `json:"listed" doc:"Amount in the side's list; 0: none"`
	Reason    string    `json:"reason,omitempty"`
	Answer    string    `json:"answer,omitempty"`
	Fix       string    `json:"fix,omitempty" doc:"Key of the later item that corrects it"`
}

func (x Statement) wire() regionStatement {
	return regionStatement{ID: x.ID, Number: x.Number, Low: x.Low, High: x.High, From: x.From, To: x.To, State: x.State, Count: x.Count, Total: x.Total, Currency: money.CNY, Digest: x.Digest}
}

func (b Break) wire() settlementBreak {
	return settlementBreak{b.ID, b.Statement, b.Kind, b.State, b.Region, b.Owner, b.DueOn, b.Key(), b.Number, b.What, b.Stated, b.Listed, b.Reason, b.Answer, b.Fix}
}

type body[T any] struct{ Body T }

type statementList struct {
	Items []regionStatement `json:"items"`
	Next  string            `json:"next,omitempty"`
}

type statementPath struct {
	ID string `path:"id"`
}

type checkBody struct {
	Count  int       `json:"count" doc:"Of the items in your own books, without those you raised breaks about"`
	Total  money.Fen `json:"total" doc:"fen, gross"`
	Digest string    `json:"digest,omitempty" doc:"SHA-256 of your own canonical list: docs/region-statement.md"`
}

type disputeBody struct {
	Item   string `json:"item" doc:"Key of the item"`
	Reason string `json:"reason"`
}

type compareBody struct {
	Name    string `json:"name" example:"list.csv"`
	Content []byte `json:"content" doc:"base64; CSV or XLSX with claim number, event, amount, and the day where there is one"`
}

type noteBody struct {
	Note string `json:"note" doc:"Why"`
}

type breakBody struct {
	Note string `json:"note,omitempty" doc:"answer, reject and withdraw need one"`
	Fix  string `json:"fix,omitempty" doc:"With answer: key of the later item that corrects it"`
}

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, action, summary, description string) web.Op {
		return web.Op{Method: method, Path: apiRoot + path, Action: action, Tag: apiTag, Summary: summary, Description: description, Private: true, Money: method == http.MethodPost}
	}
	one := "/region-statements/{id}"
	web.API(g, op(http.MethodGet, "/region-statements", "settle.view", "本地区的跨区对账单", "Newest window first. Amounts in fen, gross."), s.apiList)
	web.API(g, op(http.MethodGet, one, "settle.view", "一份对账单、项目、双方与差异", "The items of an open statement are read from the ledger; those of a closed one are frozen."), s.apiStatement)
	web.API(g, op(http.MethodPost, one+"/close", "settle.close", "结账：项目冻结", "Before the window has ended this cuts it short on the present day."), s.apiClose)
	web.API(g, op(http.MethodPost, one+"/compare", "settle.compare", "用本方清单比对", "Everything that differs becomes a break; those of an earlier list give way."), s.apiCompare)
	web.API(g, op(http.MethodPost, one+"/dispute", "settle.dispute", "对一项提出异议", ""), s.apiDispute)
	web.API(g, op(http.MethodPost, one+"/check", "settle.check", "本方核对无误", "422 /totals-differ or /digest-differs when your books say otherwise."), s.apiCheck)
	web.API(g, op(http.MethodPost, one+"/confirm", "settle.confirm", "本方第二人确认", "Not by the person who checked. With both sides the statement is agreed."), s.apiConfirm)
	web.API(g, op(http.MethodPost, one+"/send-back", "settle.send-back", "退回本方重新核对", ""), s.apiSendBack)
	summaries := map[string]string{"answer": "答复差异", "accept": "认可对方的答复", "reject": "不认可对方的答复", "withdraw": "收回本方提出的差异"}
	for _, verb := range BreakVerbs() {
		web.API(g, op(http.MethodPost, "/settlement-breaks/{id}/"+verb, "settle."+verb, summaries[verb], ""),
			func(ctx context.Context, in *struct {
				statementPath
				Body breakBody `required:"false"`
			}) (*body[settlementBreak], error) {
				b, err := s.DoBreak(ctx, identity.SubjectOf(ctx), in.ID, verb, BreakRequest(in.Body))
				return &body[settlementBreak]{b.wire()}, err
			})
	}
}

func (s *Service) apiList(ctx context.Context, in *struct {
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
	Cursor string `query:"cursor"`
}) (*body[statementList], error) {
	after, err := web.DecodeCursor(in.Cursor, 1)
	if err != nil {
		return nil, err
	}
	list, err := listStatements(ctx, s.DB, s.visible(identity.SubjectOf(ctx), "low_org", "high_org"), after[0], in.Limit)
	if err != nil {
		return nil, err
	}
	out := statementList{Items: []regionStatement{}}
	for _, x := range list {
		out.Items = append(out.Items, x.wire())
	}
	if len(list) == in.Limit {
		out.Next = web.EncodeCursor(list[len(list)-1].ID)
	}
	return &body[statementList]{out}, nil
}

func (s *Service) apiStatement(ctx context.Context, in *statementPath) (*body[regionStatement], error) {
	x, err := s.Get(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out := x.wire()
	items, err := s.Items(ctx, s.DB, x)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		out.Items = append(out.Items, regionStatementItem{i.Key(), i.Day, i.What, i.Number, strings.Fields(i.Orders), i.Programme, i.PayerRegion, i.PayeeRegion, i.FunderCode, i.PayeeCode, i.Amount})
	}
	sides, err := sidesOf(ctx, s.DB, x.ID)
	if err != nil {
		return nil, err
	}
	for _, region := range []string{x.Low, x.High} {
		if side, there := sides[x.ID][region]; there {
			out.Sides = append(out.Sides, regionStatementSide{region, side.State, side.Count, side.Total, side.Digest})
		}
	}
	carried, err := carriedInto(ctx, s.DB, x)
	if err != nil {
		return nil, err
	}
	own, err := breaksOf(ctx, s.DB, x.ID)
	for _, b := range append(carried, own...) {
		out.Breaks = append(out.Breaks, b.wire())
	}
	return &body[regionStatement]{out}, err
}

func answered(x Statement, err error) (*body[regionStatement], error) {
	return &body[regionStatement]{x.wire()}, err
}

func (s *Service) apiClose(ctx context.Context, in *statementPath) (*body[regionStatement], error) {
	return answered(s.Close(ctx, identity.SubjectOf(ctx), in.ID))
}

func (s *Service) apiCompare(ctx context.Context, in *struct {
	statementPath
	Body compareBody
}) (*body[regionStatement], error) {
	return answered(s.Compare(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Name, bytes.NewReader(in.Body.Content)))
}

func (s *Service) apiDispute(ctx context.Context, in *struct {
	statementPath
	Body disputeBody
}) (*body[regionStatement], error) {
	return answered(s.Dispute(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Item, in.Body.Reason))
}

func (s *Service) apiCheck(ctx context.Context, in *struct {
	statementPath
	Body checkBody
}) (*body[regionStatement], error) {
	return answered(s.Check(ctx, identity.SubjectOf(ctx), in.ID, CheckRequest(in.Body)))
}

func (s *Service) apiConfirm(ctx context.Context, in *statementPath) (*body[regionStatement], error) {
	return answered(s.Confirm(ctx, identity.SubjectOf(ctx), in.ID))
}

func (s *Service) apiSendBack(ctx context.Context, in *struct {
	statementPath
	Body noteBody
}) (*body[regionStatement], error) {
	return answered(s.SendBack(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Note))
}
