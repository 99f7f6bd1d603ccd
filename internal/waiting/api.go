package waiting

import (
	"context"
	"net/http"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, action, summary, description string) web.Op {
		return web.Op{Method: method, Path: "/api/v1" + path, Action: action, Tag: "waiting", Summary: summary, Description: description, Private: true}
	}
	join := op(http.MethodPost, "/waits", "waiting.join", "加入一台仪器的候补", "409 /wait-free when the time is free now: book it. What stands in content is ordered when an offer is taken.")
	join.Status = http.StatusCreated
	web.API(g, join, s.apiJoin)
	web.API(g, op(http.MethodGet, "/waits", "waiting.own", "本单位的候补", "Those that stand; all=true: those that ended too."), s.apiWaits)
	web.API(g, op(http.MethodGet, "/waits/{id}", "waiting.view", "一个候补和它收到的邀约", ""), s.apiWait)
	web.API(g, op(http.MethodPost, "/waits/{id}/withdraw", "waiting.answer", "退出候补", ""), s.apiWithdraw)
	web.API(g, op(http.MethodGet, "/offers", "waiting.own", "本单位收到的限时邀约", "Open ones; all=true: those that ended too."), s.apiOffers)
	web.API(g, op(http.MethodGet, "/offers/{id}", "waiting.view", "一个限时邀约", ""), s.apiOffer)
	take := op(http.MethodPost, "/offers/{id}/take", "waiting.take", "接受邀约并下单", "Places the order: every rule and the price are checked again. Answers the id of the order.")
	take.Money = true
	web.API(g, take, s.apiTake)
	web.API(g, op(http.MethodPost, "/orders/{id}/suggest", "waiting.suggest", "拒绝并建议其他时间，或提议改期", "A requested booking is refused and the time proposed is held for its buyer; for an accepted one it is the proposal of a move."), s.apiSuggest)
	web.API(g, op(http.MethodPost, "/offers/{id}/recall", "waiting.suggest", "收回提议", ""), s.apiTakeBack)
	web.API(g, op(http.MethodPost, "/orders/{id}/contest", "waiting.contest", "对未到或迟取消的费用申诉", "Once; the provider answers."), s.apiContest)
	web.API(g, op(http.MethodPost, "/orders/{id}/contest/answer", "waiting.decide", "答复申诉：免除或维持", "What a card has paid returns to it when the fee is waived."), s.apiDecide)
	web.API(g, op(http.MethodPost, "/offers/{id}/decline", "waiting.answer", "谢绝邀约", "The time goes to the next in the queue."), s.apiAnswer(VerbDecline))
	web.API(g, op(http.MethodPost, "/offers/{id}/pass", "waiting.answer", "让出这个时段，继续排队", "The place is kept; this time is not offered again."), s.apiAnswer(VerbPass))
}

type (
	joinIn struct {
		Key  string `header:"Idempotency-Key"`
		Body struct {
			Resource string            `json:"resource"`
			FromDay  string            `json:"from_day" example:"2026-12-01"`
			ToDay    string            `json:"to_day" example:"2026-12-14"`
			From     int64             `json:"from_minute,omitempty" minimum:"0" maximum:"1439" doc:"Not earlier in the day, in minutes since midnight"`
			To       int64             `json:"to_minute,omitempty" minimum:"0" maximum:"1440" doc:"Not later in the day; 1440 when missing"`
			Minutes  int64             `json:"minutes" minimum:"1" doc:"How long, in a row"`
			Until    string            `json:"until,omitempty" doc:"Last day to wait; to_day when missing"`
			Quantity int64             `json:"quantity,omitempty" minimum:"0"`
			Line     string            `json:"line,omitempty" doc:"Id of a price line; the one that fits best when missing"`
			AddOns   map[string]int64  `json:"add_ons,omitempty"`
			Purpose  string            `json:"purpose,omitempty"`
			Use      string            `json:"customs_use,omitempty"`
			Answers  map[string]string `json:"answers,omitempty"`
			Need     string            `json:"need,omitempty"`
		}
	}
	waitBody struct {
		ID       string      `json:"id"`
		Resource string      `json:"resource"`
		State    string      `json:"state" enum:"waiting,offered,taken,declined,lapsed,withdrawn,expired"`
		FromDay  string      `json:"from_day"`
		ToDay    string      `json:"to_day"`
		From     int64       `json:"from_minute"`
		To       int64       `json:"to_minute"`
		Minutes  int64       `json:"minutes"`
		Until    string      `json:"until"`
		Place    int         `json:"place,omitempty" doc:"1: next"`
		Of       int         `json:"of,omitempty"`
		Joined   time.Time   `json:"joined_at"`
		Offers   []offerBody `json:"offers,omitempty"`
	}
	offerBody struct {
		ID       string    `json:"id"`
		Kind     string    `json:"kind" enum:"queue,instead,move"`
		Wait     string    `json:"wait,omitempty"`
		Origin   string    `json:"origin,omitempty" doc:"The order that was refused or is to be moved"`
		Resource string    `json:"resource"`
		State    string    `json:"state" enum:"open,taken,declined,lapsed,recalled"`
		Start    time.Time `json:"start"`
		End      time.Time `json:"end"`
		Until    time.Time `json:"until" doc:"To answer; the time is held until then"`
		Note     string    `json:"note,omitempty"`
		Order    string    `json:"order,omitempty" doc:"By which it was taken"`
	}
	oneIn struct {
		ID string `path:"id"`
	}
	allIn struct {
		All bool `query:"all"`
	}
	waitOut  struct{ Body waitBody }
	offerOut struct{ Body offerBody }
	waitsOut struct {
		Body struct {
			Items []waitBody `json:"items"`
		}
	}
	offersOut struct {
		Body struct {
			Items []offerBody `json:"items"`
		}
	}
	takeIn struct {
		ID   string `path:"id"`
		Body *struct {
			Programme *string `json:"voucher_programme,omitempty"`
			Seen      *int64  `json:"voucher_amount,omitempty" doc:"The voucher's part you agree to, in fen"`
			Fund      *string `json:"fund,omitempty"`
			Price     *int64  `json:"price,omitempty" doc:"The price you were shown, in fen; another is refused"`
		}
	}
	takeOut struct {
		Body struct {
			Order  string `json:"order"`
			Number string `json:"number"`
		}
	}
)

func bodyOf(w Wait, p Place, offers []Offer) waitBody {
	out := waitBody{ID: w.ID, Resource: w.Resource, State: w.State, FromDay: w.FromDay, ToDay: w.ToDay, From: w.FromMinute, To: w.ToMinute, Minutes: w.Minutes, Until: w.Until, Place: p.N, Of: p.Of, Joined: w.Joined.Time}
	for _, o := range offers {
		out.Offers = append(out.Offers, offerBodyOf(o))
	}
	return out
}

func offerBodyOf(o Offer) offerBody {
	return offerBody{ID: o.ID, Kind: o.Kind, Wait: o.Wait, Origin: o.Origin, Resource: o.Resource, State: o.State, Start: o.Start.Time, End: o.End.Time, Until: o.Until.Time, Note: o.Note, Order: o.Order}
}

func (s *Service) apiJoin(ctx context.Context, in *joinIn) (*waitOut, error) {
	b := in.Body
	w, err := s.Join(ctx, identity.SubjectOf(ctx), JoinRequest{
		Resource: b.Resource, FromDay: b.FromDay, ToDay: b.ToDay, FromMinute: b.From, ToMinute: b.To, Minutes: b.Minutes, Until: b.Until, Key: in.Key,
		Content: Content{Quantity: b.Quantity, Line: b.Line, AddOns: b.AddOns, Purpose: b.Purpose, Use: b.Use, Answers: b.Answers, Need: b.Need},
	})
	if err != nil {
		return nil, err
	}
	return s.waitAnswer(ctx, w)
}

func (s *Service) waitAnswer(ctx context.Context, w Wait) (*waitOut, error) {
	rows, err := s.rows(ctx, []Wait{w})
	if err != nil {
		return nil, err
	}
	offers, err := offersOf(ctx, s.DB, w.ID)
	if err != nil {
		return nil, err
	}
	return &waitOut{bodyOf(w, rows[0].Place, offers)}, nil
}

func (s *Service) apiWaits(ctx context.Context, in *allIn) (*waitsOut, error) {
	list, err := s.Mine(ctx, identity.SubjectOf(ctx), in.All)
	if err != nil {
		return nil, err
	}
	rows, err := s.rows(ctx, list)
	if err != nil {
		return nil, err
	}
	out := &waitsOut{}
	out.Body.Items = []waitBody{}
	for _, x := range rows {
		out.Body.Items = append(out.Body.Items, bodyOf(x.Wait, x.Place, nil))
	}
	return out, nil
}

func (s *Service) apiWait(ctx context.Context, in *oneIn) (*waitOut, error) {
	w, err := s.Get(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return s.waitAnswer(ctx, w)
}

func (s *Service) apiWithdraw(ctx context.Context, in *oneIn) (*waitOut, error) {
	w, err := s.Withdraw(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return s.waitAnswer(ctx, w)
}

func (s *Service) apiOffers(ctx context.Context, in *allIn) (*offersOut, error) {
	list, err := s.Offers(ctx, identity.SubjectOf(ctx), !in.All)
	if err != nil {
		return nil, err
	}
	out := &offersOut{}
	out.Body.Items = []offerBody{}
	for _, o := range list {
		out.Body.Items = append(out.Body.Items, offerBodyOf(o))
	}
	return out, nil
}

func (s *Service) apiOffer(ctx context.Context, in *oneIn) (*offerOut, error) {
	o, err := s.Offer(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &offerOut{offerBodyOf(o)}, nil
}

func (s *Service) apiTake(ctx context.Context, in *takeIn) (*takeOut, error) {
	var r TakeRequest
	fen := func(n *int64) *money.Fen {
		if n == nil {
			return nil
		}
		f := money.Fen(*n)
		return &f
	}
	if b := in.Body; b != nil {
		r = TakeRequest{Programme: b.Programme, Seen: fen(b.Seen), Fund: b.Fund, Price: fen(b.Price)}
	}
	o, err := s.Take(ctx, identity.SubjectOf(ctx), in.ID, r)
	if err != nil {
		return nil, err
	}
	out := &takeOut{}
	out.Body.Order, out.Body.Number = o.ID, o.Number
	return out, nil
}

func (s *Service) apiAnswer(verb string) func(ctx context.Context, in *oneIn) (*offerOut, error) {
	return func(ctx context.Context, in *oneIn) (*offerOut, error) {
		o, err := s.Answer(ctx, identity.SubjectOf(ctx), in.ID, verb)
		if err != nil {
			return nil, err
		}
		return &offerOut{offerBodyOf(o)}, nil
	}
}
