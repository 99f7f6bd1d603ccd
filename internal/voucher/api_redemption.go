package voucher

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

type voucherClaim struct {
	ID         string            `json:"id"`
	Number     string            `json:"number"`
	Programme  string            `json:"programme"`
	Provider   string            `json:"provider,omitempty" doc:"The provider that is paid; none where the firm paid the whole price and is repaid"`
	Payee      string            `json:"payee" doc:"Who is paid"`
	Way        string            `json:"way" doc:"direct: the provider is paid (通兑); refund: the firm paid the whole price and is repaid (通用)"`
	Amount     money.Fen         `json:"amount" doc:"fen"`
	Currency   string            `json:"currency"`
	State      string            `json:"state"`
	NoticeFrom string            `json:"notice_from,omitempty"`
	NoticeTo   string            `json:"notice_to,omitempty"`
	PayableOn  string            `json:"payable_on,omitempty" doc:"First day on which it may be paid"`
	PaidOn     string            `json:"paid_on,omitempty"`
	Recovered  money.Fen         `json:"recovered,omitempty" doc:"Of what was paid, asked back"`
	Received   money.Fen         `json:"received,omitempty" doc:"Of what was asked back, come back"`
	Orders     []voucherItem     `json:"orders,omitempty"`
	Documents  []voucherDocument `json:"documents,omitempty"`
	Invoices   []string          `json:"invoices,omitempty" doc:"Numbers of its invoices"`
	Timeline   []voucherStep     `json:"timeline,omitempty"`
}

type voucherItem struct {
	Order  string    `json:"order"`
	Number string    `json:"number"`
	Title  string    `json:"title"`
	Price  money.Fen `json:"price"`
	Amount money.Fen `json:"amount" doc:"The voucher's part"`
}

type voucherDocument struct {
	Code string `json:"code"`
	Name string `json:"name"`
	Size int64  `json:"size"`
}

func (c Claim) wire() voucherClaim {
	return voucherClaim{ID: c.ID, Number: c.Number, Programme: c.Programme, Provider: c.told(nil).Provider, Payee: c.Payee, Way: c.Way, Amount: c.Amount, Currency: money.CNY, State: c.State,
		NoticeFrom: c.NoticeFrom, NoticeTo: c.NoticeTo, PayableOn: c.PayableOn, PaidOn: c.PaidOn, Recovered: c.Recovered, Received: c.Received}
}

type redemptionBody struct {
	Programme string             `json:"programme,omitempty" doc:"May be left out when all orders are of one programme"`
	Orders    []string           `json:"orders" doc:"ids of confirmed orders"`
	Documents []redemptionUpload `json:"documents,omitempty"`
	Invoices  []string           `json:"invoices,omitempty" doc:"Numbers of the invoices claimed for; each is used once on the whole node"`
}

type redemptionUpload struct {
	Code    string `json:"code" doc:"Which of the terms' documents it is" example:"invoice"`
	Name    string `json:"name" example:"invoice.pdf"`
	Content []byte `json:"content" doc:"base64, at most 20 MB"`
}

type redemptionNote struct {
	Note   string `json:"note,omitempty" doc:"refuse and recover need one; with pay and receive, the reference of the payment"`
	Amount int64  `json:"amount,omitempty" minimum:"0" doc:"recover: how much is asked back; receive: how much has come; fen, all there is when left out"`
}

func (s *Service) redemptionAPI(g *web.APIGroup) {
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/redemptions", Action: "redemption.view", Private: true, Tag: apiTag, Summary: "我能看到的兑付"}, s.apiClaims)
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/redemptions/claimable", Action: "redemption.create", Private: true, Tag: apiTag, Summary: "本机构现在可以兑付的订单"}, s.apiClaimable)
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/redemptions/{id}", Action: "redemption.view", Private: true, Tag: apiTag, Summary: "一笔兑付、订单、材料及办理过程"}, s.apiClaim)
	web.API(g, web.Op{Method: http.MethodPost, Path: apiRoot + "/redemptions", Action: "redemption.create", Private: true, Money: true, Status: http.StatusCreated, Tag: apiTag, Summary: "申请兑付"}, s.apiRedeem)
	summaries := map[string]string{
		"verify": "核验兑付材料", "approve": "批准兑付（不得与核验人相同）", "publish-notice": "发布公示", "pay": "确认支付", "refuse": "不予通过，写明理由", "recover": "追回已付款项（全部或部分），写明理由", "receive": "登记追回的款项到账",
	}
	for _, verb := range officerVerbs() {
		web.API(g, web.Op{Method: http.MethodPost, Path: apiRoot + "/redemptions/{id}/" + verb, Action: "redemption." + verb, Private: true, Money: true, Tag: apiTag, Summary: summaries[verb]},
			func(ctx context.Context, in *struct {
				ID   string          `path:"id"`
				Body *redemptionNote `required:"false"`
			}) (*body[voucherClaim], error) {
				r := VerbRequest{Key: web.RequestKey(ctx)}
				if in.Body != nil {
					r.Note, r.Amount = in.Body.Note, money.Fen(in.Body.Amount)
				}
				c, err := s.Do(ctx, identity.SubjectOf(ctx), in.ID, verb, r)
				return &body[voucherClaim]{c.wire()}, err
			})
	}
}

func (s *Service) apiClaims(ctx context.Context, in *page) (*body[items[voucherClaim]], error) {
	from, err := in.after()
	if err != nil {
		return nil, err
	}
	w := s.ofClaims(identity.SubjectOf(ctx))
	if in.State != "" {
		w.And("state = ?", in.State)
	}
	list, err := listClaims(ctx, s.db, w, from, in.Limit)
	if err != nil {
		return nil, err
	}
	out := items[voucherClaim]{Items: []voucherClaim{}}
	for _, c := range list {
		out.Items = append(out.Items, c.wire())
		out.Next = in.next(len(list) == in.Limit, c.ID)
	}
	return &body[items[voucherClaim]]{out}, nil
}

type voucherClaimable struct {
	voucherItem
	Programme string `json:"programme"`
	Firm      string `json:"firm"`
}

func (s *Service) apiClaimable(ctx context.Context, _ *struct{}) (*body[items[voucherClaimable]], error) {
	all, err := s.Claimable(ctx, s.db, identity.SubjectOf(ctx).Org)
	out := items[voucherClaimable]{Items: []voucherClaimable{}}
	for _, c := range all {
		out.Items = append(out.Items, voucherClaimable{voucherItem{c.Order, c.Number, c.Title, c.Price, c.Amount}, c.Programme, c.Buyer})
	}
	return &body[items[voucherClaimable]]{out}, err
}

func (s *Service) apiClaim(ctx context.Context, in *byID) (*body[voucherClaim], error) {
	c, err := s.readableClaim(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := c.wire()
	list, err := listItems(ctx, s.db, c.ID)
	if err != nil {
		return nil, err
	}
	for _, it := range list {
		out.Orders = append(out.Orders, voucherItem{it.Order, it.OrderNumber, it.Title, it.Price, it.Amount})
	}
	documents, err := listDocuments(ctx, s.db, c.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range documents {
		out.Documents = append(out.Documents, voucherDocument{d.Code, d.Name, d.Size})
	}
	if s.bills != nil {
		if out.Invoices, err = s.bills.Numbers(ctx, s.db, c.ID); err != nil {
			return nil, err
		}
	}
	out.Timeline, err = s.wireSteps(ctx, c.ID)
	return &body[voucherClaim]{out}, err
}

func (s *Service) apiRedeem(ctx context.Context, in *struct{ Body redemptionBody }) (*body[voucherClaim], error) {
	by := identity.SubjectOf(ctx)
	r := RedeemRequest{Programme: in.Body.Programme, Orders: in.Body.Orders, Invoices: in.Body.Invoices, Key: web.RequestKey(ctx)}
	if r.Programme == "" {
		var err error
		if r.Programme, err = s.programmeOf(ctx, by.Org, r.Orders); err != nil {
			return nil, err
		}
	}
	var err error
	if r.Documents, err = s.uploaded(ctx, in.Body.Documents); err != nil {
		return nil, err
	}
	c, err := s.Redeem(ctx, by, r)
	return &body[voucherClaim]{c.wire()}, err
}

// programmeOf is the one programme that pays for the orders.
func (s *Service) programmeOf(ctx context.Context, org string, orders []string) (string, error) {
	w := &db.Where{}
	w.In("order_id", orders)
	w.And("way = 'direct' AND provider = ? OR way = 'refund' AND firm = ?", org, org)
	w.And("state <> 'released'")
	holds, err := listHolds(ctx, s.db, w)
	if err != nil {
		return "", err
	}
	programme := ""
	for _, h := range holds {
		if programme != "" && programme != h.Programme {
			return "", fault.New(fault.Invalid, "several-programmes", "这些订单属于不同的计划，请分别申请兑付。").Field("orders", "several-programmes", "这些订单属于不同的计划，请分别申请兑付。")
		}
		programme = h.Programme
	}
	if programme == "" {
		return "", notClaimable()
	}
	return programme, nil
}
