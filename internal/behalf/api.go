package behalf

import (
	"context"
	"net/http"
	"time"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, action, summary, description string) web.Op {
		return web.Op{Method: method, Path: "/api/v1" + path, Action: action, Tag: "behalf", Summary: summary, Description: description, Private: true}
	}
	book := op(http.MethodPost, "/behalf", "behalf.open", "代约：替别的单位或本课题组成员预约", "The order is the firm's own and names who booked it; the firm is told and may refuse without cost until it begins.")
	book.Status = http.StatusCreated
	web.API(g, book, s.apiBook)
	web.API(g, op(http.MethodGet, "/behalf", "behalf.own", "本单位代约的，和别人替本单位约的", ""), s.apiList)
	web.API(g, op(http.MethodPost, "/behalf/{id}/confirm", "behalf.answer", "确认代约", ""), s.apiAnswer(VerbConfirm))
	web.API(g, op(http.MethodPost, "/behalf/{id}/refuse", "behalf.answer", "回绝代约，不收费用", "The order is cancelled at no cost; too late once it has begun."), s.apiAnswer(VerbRefuse))
	web.API(g, op(http.MethodPost, "/behalf/{id}/withdraw", "behalf.withdraw", "撤回自己的代约", ""), s.apiAnswer(VerbWithdraw))
}

type (
	bookIn struct {
		Key  string `header:"Idempotency-Key"`
		Body struct {
			Firm     string            `json:"firm,omitempty" doc:"Name or unified code; missing: a member of a group you head"`
			Who      string            `json:"who,omitempty" doc:"Login or name of who works there"`
			Asked    string            `json:"asked,omitempty" doc:"Who asked for it and how"`
			Resource string            `json:"resource"`
			Start    time.Time         `json:"start"`
			End      time.Time         `json:"end"`
			Quantity int64             `json:"quantity,omitempty" minimum:"0"`
			Line     string            `json:"line,omitempty"`
			AddOns   map[string]int64  `json:"add_ons,omitempty"`
			Purpose  string            `json:"purpose,omitempty"`
			Use      string            `json:"customs_use,omitempty"`
			Answers  map[string]string `json:"answers,omitempty"`
			Fund     string            `json:"fund,omitempty" doc:"Card of the group, for a head only"`
			Price    *int64            `json:"price,omitempty" doc:"The price you were shown, in fen; another is refused"`
		}
	}
	bookingBody struct {
		ID       string    `json:"id"`
		Order    string    `json:"order"`
		Number   string    `json:"number"`
		Resource string    `json:"resource"`
		Buyer    string    `json:"buyer"`
		ClerkOrg string    `json:"clerk_organisation"`
		Asked    string    `json:"asked,omitempty"`
		Start    time.Time `json:"start"`
		End      time.Time `json:"end"`
		State    string    `json:"state" enum:"told,confirmed,refused,withdrawn"`
		Note     string    `json:"note,omitempty"`
	}
	bookingOut struct{ Body bookingBody }
	listOut    struct {
		Body struct {
			Made []bookingBody `json:"made"`
			For  []bookingBody `json:"for"`
		}
	}
	answerIn struct {
		ID   string `path:"id"`
		Body *struct {
			Note string `json:"note,omitempty"`
		}
	}
)

func wire(b Booking) bookingBody {
	return bookingBody{ID: b.ID, Order: b.Order, Number: b.Number, Resource: b.Resource, Buyer: b.Buyer, ClerkOrg: b.ClerkOrg, Asked: b.Asked, Start: b.Start.Time, End: b.End.Time, State: b.State, Note: b.Note}
}

func (s *Service) apiBook(ctx context.Context, in *bookIn) (*bookingOut, error) {
	b := in.Body
	req := Request{Firm: b.Firm, Who: b.Who, Asked: b.Asked, Order: order.PlaceRequest{
		Resource: b.Resource, Start: b.Start, End: b.End, Quantity: b.Quantity, Line: b.Line, AddOns: b.AddOns, Purpose: b.Purpose, Use: b.Use, Answers: b.Answers, Fund: b.Fund, Key: in.Key,
	}}
	if b.Price != nil {
		shown := money.Fen(*b.Price)
		req.Order.Price = &shown
	}
	out, err := s.Book(ctx, identity.SubjectOf(ctx), req)
	if err != nil {
		return nil, err
	}
	return &bookingOut{wire(out)}, nil
}

func (s *Service) apiList(ctx context.Context, _ *struct{}) (*listOut, error) {
	by := identity.SubjectOf(ctx)
	out := &listOut{}
	out.Body.Made, out.Body.For = []bookingBody{}, []bookingBody{}
	if by.Org == "" {
		return out, nil
	}
	made, err := listBookings(ctx, s.DB, Clerk, by.Org)
	if err != nil {
		return nil, err
	}
	for _, b := range made {
		out.Body.Made = append(out.Body.Made, wire(b))
	}
	mine, err := listBookings(ctx, s.DB, Buyer, by.Org)
	if err != nil {
		return nil, err
	}
	for _, b := range mine {
		out.Body.For = append(out.Body.For, wire(b))
	}
	return out, nil
}

func (s *Service) apiAnswer(verb string) func(context.Context, *answerIn) (*bookingOut, error) {
	return func(ctx context.Context, in *answerIn) (*bookingOut, error) {
		note := ""
		if in.Body != nil {
			note = in.Body.Note
		}
		b, err := s.Answer(ctx, identity.SubjectOf(ctx), in.ID, verb, note)
		if err != nil {
			return nil, err
		}
		return &bookingOut{wire(b)}, nil
	}
}
