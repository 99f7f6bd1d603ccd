package waiting

import (
	"context"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/money"
)

type (
	suggestIn struct {
		ID   string `path:"id"`
		Key  string `header:"Idempotency-Key"`
		Body struct {
			Note     string    `json:"note" doc:"Why; the other side reads it"`
			Resource string    `json:"resource,omitempty" doc:"Another instrument of yours; the same when missing"`
			Start    time.Time `json:"start"`
			End      time.Time `json:"end"`
		}
	}
	contestIn struct {
		ID   string `path:"id"`
		Body struct {
			Reason string `json:"reason"`
		}
	}
	decideIn struct {
		ID   string `path:"id"`
		Body struct {
			Verb   string `json:"verb" enum:"waive,uphold"`
			Answer string `json:"answer"`
		}
	}
	contestBody struct {
		Order  string    `json:"order"`
		State  string    `json:"state" enum:"open,waived,upheld"`
		Amount money.Fen `json:"amount" doc:"Of the fee, in fen"`
		Reason string    `json:"reason"`
		Answer string    `json:"answer,omitempty"`
	}
	contestOut struct{ Body contestBody }
)

func (s *Service) apiSuggest(ctx context.Context, in *suggestIn) (*offerOut, error) {
	b := in.Body
	o, err := s.Suggest(ctx, identity.SubjectOf(ctx), in.ID, SuggestRequest{Note: b.Note, Resource: b.Resource, Start: b.Start, End: b.End, Key: in.Key})
	if err != nil {
		return nil, err
	}
	return &offerOut{offerBodyOf(o)}, nil
}

func (s *Service) apiTakeBack(ctx context.Context, in *oneIn) (*offerOut, error) {
	o, err := s.TakeBack(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &offerOut{offerBodyOf(o)}, nil
}

func contestBodyOf(c Contest) *contestOut {
	return &contestOut{contestBody{c.Order, c.State, c.Amount, c.Reason, c.Answer}}
}

func (s *Service) apiContest(ctx context.Context, in *contestIn) (*contestOut, error) {
	c, err := s.Contest(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return contestBodyOf(c), nil
}

func (s *Service) apiDecide(ctx context.Context, in *decideIn) (*contestOut, error) {
	c, err := s.Decide(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Verb, in.Body.Answer)
	if err != nil {
		return nil, err
	}
	return contestBodyOf(c), nil
}
