package reward

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
	"qiao/internal/voucher"
)

type (
	periodIn struct {
		ID   string `path:"id" doc:"The programme's"`
		From string `query:"from" required:"true" example:"2026-01-01" doc:"First day of approval"`
		To   string `query:"to" required:"true" example:"2026-03-31" doc:"Last day; over by now"`
	}
	rewardsOut struct {
		Body struct {
			Items []wireReward `json:"items"`
		}
	}
	wireReward struct {
		Redemption string     `json:"redemption,omitempty" doc:"Its id, once it is proposed"`
		Number     string     `json:"number,omitempty"`
		Provider   string     `json:"provider"`
		Amount     money.Fen  `json:"amount" doc:"fen"`
		Lines      []wireLine `json:"lines,omitempty"`
	}
	wireLine struct {
		Order      string    `json:"order"`
		Redemption string    `json:"redemption" doc:"That was approved"`
		Amount     money.Fen `json:"amount" doc:"fen"`
		Why        []wireWhy `json:"why"`
	}
	wireWhy struct {
		Text   string `json:"text"`
		Clause string `json:"clause,omitempty"`
	}
)

// API registers the package's calls.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/voucher-programmes/{id}/rewards", Action: "reward.propose", Private: true, Tag: "voucher", Summary: "一段时间里应给服务机构的奖励，逐单列出依据"}, s.apiRewards)
	web.API(g, web.Op{Method: http.MethodPost, Path: "/api/v1/voucher-programmes/{id}/rewards", Action: "reward.propose", Private: true, Money: true, Tag: "voucher", Summary: "提出一段时间的机构奖励，由另一位工作人员批准"}, s.apiPropose)
}

func (s *Service) apiRewards(ctx context.Context, in *periodIn) (*rewardsOut, error) {
	p, err := s.Vouchers.Programme(ctx, s.DB, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.Policy.Can(identity.SubjectOf(ctx), "reward.propose", identity.Object{Region: p.Region}); err != nil {
		return nil, err
	}
	list, err := s.Vouchers.Rewards(ctx, s.DB, voucher.RewardPeriod{Programme: in.ID, From: in.From, To: in.To})
	if err != nil {
		return nil, err
	}
	out := &rewardsOut{}
	out.Body.Items = []wireReward{}
	for _, x := range list {
		lines, err := s.explain(ctx, in.ID, x.Lines)
		if err != nil {
			return nil, err
		}
		w := wireReward{Provider: x.Provider, Amount: x.Amount}
		for _, l := range lines {
			line := wireLine{Order: l.Order, Redemption: l.Base, Amount: l.Amount}
			for _, y := range l.Why {
				line.Why = append(line.Why, wireWhy(y))
			}
			w.Lines = append(w.Lines, line)
		}
		out.Body.Items = append(out.Body.Items, w)
	}
	return out, nil
}

func (s *Service) apiPropose(ctx context.Context, in *periodIn) (*rewardsOut, error) {
	made, err := s.Vouchers.ProposeRewards(ctx, identity.SubjectOf(ctx), voucher.RewardPeriod{Programme: in.ID, From: in.From, To: in.To})
	if err != nil {
		return nil, err
	}
	out := &rewardsOut{}
	out.Body.Items = []wireReward{}
	for _, c := range made {
		out.Body.Items = append(out.Body.Items, wireReward{Redemption: c.ID, Number: c.Number, Provider: c.Payee, Amount: c.Amount})
	}
	return out, nil
}
