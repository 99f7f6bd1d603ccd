package order

import (
	"bytes"
	"context"
	"net/http"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

type (
	idPath struct {
		ID string `path:"id" doc:"Id of the order"`
	}
	orderPlaceInput struct {
		Body orderPlace
	}
	orderOutput struct {
		Body orderAnswer
	}
	estimateOutput struct {
		Body orderEstimate
	}
	ordersInput struct {
		Side     string `query:"side" enum:"buyer,provider" doc:"Only what my organisation ordered, or was asked to do"`
		State    string `query:"state"`
		Kind     string `query:"kind" enum:"booking,commission"`
		Resource string `query:"resource"`
		Need     string `query:"need"`
		Open     bool   `query:"open" doc:"Only orders on which somebody still has to act, oldest promise first"`
		Longest  bool   `query:"longest" doc:"With open: first what has waited longest since its last step"`
		Q        string `query:"q" doc:"A part of the number or of the resource's name"`
		Limit    int    `query:"limit" minimum:"0" maximum:"200"`
		Cursor   string `query:"cursor"`
	}
	ordersOutput struct {
		Body struct {
			Items []orderAnswer `json:"items"`
			Next  string        `json:"next" doc:"Cursor of the next page; empty at the end"`
		}
	}
	orderVerbInput struct {
		ID   string `path:"id"`
		Body *orderVerb
	}
)

// API registers the JSON calls of orders.
func (s *Service) API(g *web.APIGroup) {
	booking := map[string]any{"kind": KindBooking, "resource": "{resource}", "start": "{start}", "end": "{end}", "quantity": 1}
	web.API(g, web.Op{
		Method: http.MethodPost, Path: "/api/v1/orders/estimate", Action: "order.create", Tag: "order", Private: true, Status: http.StatusOK,
		Summary: "试算：价格、创新券部分和自付部分，不下单", Example: booking,
	}, s.apiEstimate)
	web.API(g, web.Op{
		Method: http.MethodPost, Path: "/api/v1/orders", Action: "order.create", Tag: "order", Private: true, Status: http.StatusCreated, Money: true,
		Summary: "下单：预约一个空闲时段，或委托一项测试", Example: booking,
		Description: "booking: the slot is reserved and the voucher's part held at once; a lost slot is 409 /slot-taken, too little quota 422 /voucher-too-little. commission: the provider quotes, and your acceptance of the quote places the hold.",
	}, s.apiPlace)
	web.API(g, web.Op{
		Method: http.MethodGet, Path: "/api/v1/orders", Action: "order.view", Tag: "order", Private: true, Summary: "订单列表",
	}, s.apiList)
	web.API(g, web.Op{
		Method: http.MethodGet, Path: "/api/v1/orders/{id}", Action: "order.view", Tag: "order", Private: true, Summary: "一笔订单和它的时间线",
	}, s.apiGet)
	for _, verb := range verbs() {
		web.API(g, web.Op{
			Method: http.MethodPost, Path: "/api/v1/orders/{id}/" + verb, Action: "order." + verb, Tag: "order", Private: true, Status: http.StatusOK,
			Summary: "订单操作：" + verb, Money: true,
		}, s.apiDo(verb))
	}
}

// verbs is every verb of both tables once.
func verbs() []string {
	var out []string
	for _, kind := range []string{KindBooking, KindCommission} {
		for _, step := range TableOf(kind) {
			if !slices.Contains(out, step.Verb) && !slices.Equal(step.Who, []string{System}) { // what only the platform does has no address
				out = append(out, step.Verb)
			}
		}
	}
	return out
}

func (s *Service) apiEstimate(ctx context.Context, in *orderPlaceInput) (*estimateOutput, error) {
	e, err := s.Estimate(ctx, identity.SubjectOf(ctx), in.Body.request(""))
	if err != nil {
		return nil, err
	}
	return &estimateOutput{estimateOf(ctx, e)}, nil
}

func (s *Service) apiPlace(ctx context.Context, in *orderPlaceInput) (*orderOutput, error) {
	by := identity.SubjectOf(ctx)
	o, err := s.Place(ctx, by, in.Body.request(web.RequestKey(ctx)))
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, by, o.ID)
}

func (s *Service) apiGet(ctx context.Context, in *idPath) (*orderOutput, error) {
	return s.answer(ctx, identity.SubjectOf(ctx), in.ID)
}

// answer is an order as the API shows it.
func (s *Service) answer(ctx context.Context, by identity.Subject, orderID string) (*orderOutput, error) {
	d, err := s.Get(ctx, by, orderID)
	if err != nil {
		return nil, err
	}
	orgs, err := s.orgNames(ctx, d)
	if err != nil {
		return nil, err
	}
	out := &orderOutput{orderOf(d.Order)}
	out.Body.fill(ctx, d, orgs)
	for _, step := range s.Verbs(by, d.Order) {
		out.Body.Verbs = append(out.Body.Verbs, step.Verb)
	}
	return out, nil
}

func (s *Service) apiList(ctx context.Context, in *ordersInput) (*ordersOutput, error) {
	orders, next, err := s.List(ctx, identity.SubjectOf(ctx), ListRequest{
		Side: in.Side, State: in.State, Kind: in.Kind, Resource: in.Resource, Need: in.Need, Open: in.Open, Longest: in.Longest, Text: in.Q, Limit: in.Limit, Cursor: in.Cursor,
	})
	if err != nil {
		return nil, err
	}
	out := &ordersOutput{}
	out.Body.Next, out.Body.Items = next, make([]orderAnswer, len(orders))
	for i, o := range orders {
		out.Body.Items[i] = orderOf(o)
	}
	return out, nil
}

func (s *Service) apiDo(verb string) func(ctx context.Context, in *orderVerbInput) (*orderOutput, error) {
	return func(ctx context.Context, in *orderVerbInput) (*orderOutput, error) {
		by := identity.SubjectOf(ctx)
		req, err := in.Body.request(web.RequestKey(ctx))
		if err != nil {
			return nil, err
		}
		if _, err := s.Do(ctx, by, in.ID, verb, req); err != nil {
			return nil, err
		}
		return s.answer(ctx, by, in.ID)
	}
}

// orgNames reads the names of an order's parties.
func (s *Service) orgNames(ctx context.Context, d Detail) (map[string]identity.Organisation, error) {
	return s.orgs.Organisations(ctx, s.db, []string{d.Order.Buyer, d.Order.Provider})
}

func orgName(ctx context.Context, o identity.Organisation) string {
	return i18n.Pick(ctx, o.NameZH, o.NameEN)
}

func uploads(files []orderFile) []Upload {
	out := make([]Upload, len(files))
	for i, f := range files {
		out[i] = Upload{Name: f.Name, Body: bytes.NewReader(f.Content)}
	}
	return out
}

func fenOf(amount *int64) *money.Fen {
	if amount == nil {
		return nil
	}
	f := money.Fen(*amount)
	return &f
}
