package review

import (
	"context"
	"net/http"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, action, summary, description string) web.Op {
		return web.Op{Method: method, Path: "/api/v1/orders/{id}/" + path, Action: action, Tag: "order", Summary: summary, Description: description, Private: true}
	}
	web.API(g, op(http.MethodGet, "buyer-ratings", "review.view", "下单单位收到的评价", "How providers rated the buyer of the order. The buyer sees all of its ratings; the provider of an order that is under way sees those of others without who wrote them."), s.apiAbout)
	web.API(g, op(http.MethodPost, "buyer-rating", "review.rate", "评价下单单位", "By the provider, once the order is confirmed; changed by the same call until the buyer has replied."), s.apiRate)
	web.API(g, op(http.MethodPost, "buyer-reply", "review.reply", "回复对本单位的评价", "By the buyer."), s.apiReply)
}

type idIn struct {
	ID string `path:"id"`
}

type ratingBody struct {
	Stars int64     `json:"stars"`
	Text  string    `json:"text"`
	Reply string    `json:"reply"`
	At    time.Time `json:"at"`
}

type aboutOut struct {
	Body struct {
		Rating *ratingBody  `json:"rating,omitempty" doc:"On this order"`
		Others []ratingBody `json:"others" doc:"On other orders of the buyer, the newest first"`
		Count  int64        `json:"count"`
		Tenths int64        `json:"tenths" doc:"Mean in tenths of a star: 47 is 4.7"`
	}
}

func bodyOf(r Rating) ratingBody { return ratingBody{r.Stars, r.Text, r.Reply, r.At.Time} }

func (s *Service) apiAbout(ctx context.Context, in *idIn) (*aboutOut, error) {
	by := identity.SubjectOf(ctx)
	o, err := s.order(ctx, by, in.ID, "review.view")
	if err != nil {
		return nil, err
	}
	a, err := s.About(ctx, by, o)
	if err != nil {
		return nil, err
	}
	out := &aboutOut{}
	out.Body.Others, out.Body.Count, out.Body.Tenths = []ratingBody{}, a.Count, a.Tenths
	if a.Mine != nil {
		b := bodyOf(*a.Mine)
		out.Body.Rating = &b
	}
	for _, r := range a.Others {
		out.Body.Others = append(out.Body.Others, bodyOf(r))
	}
	return out, nil
}

type rateIn struct {
	ID   string `path:"id"`
	Body struct {
		Stars int64  `json:"stars" minimum:"1" maximum:"5"`
		Text  string `json:"text,omitempty"`
	}
}

func (s *Service) apiRate(ctx context.Context, in *rateIn) (*aboutOut, error) {
	if err := s.Rate(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Stars, in.Body.Text); err != nil {
		return nil, err
	}
	return s.apiAbout(ctx, &idIn{in.ID})
}

type replyIn struct {
	ID   string `path:"id"`
	Body struct {
		Text string `json:"text"`
	}
}

func (s *Service) apiReply(ctx context.Context, in *replyIn) (*aboutOut, error) {
	if err := s.Reply(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Text); err != nil {
		return nil, err
	}
	return s.apiAbout(ctx, &idIn{in.ID})
}
