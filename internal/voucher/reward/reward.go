package reward

import (
	"context"
	"fmt"
	"slices"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/verify"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme"
)

// Vouchers is what reward asks of the vouchers themselves.
type Vouchers interface {
	Programme(ctx context.Context, q db.Q, programme string) (voucher.Programme, error)
	Programmes(ctx context.Context, q db.Q) ([]voucher.Programme, error)
	Rewards(ctx context.Context, q db.Q, r voucher.RewardPeriod) ([]voucher.Reward, error)
	ProposeRewards(ctx context.Context, by identity.Subject, r voucher.RewardPeriod) ([]voucher.Claim, error)
	RewardLines(ctx context.Context, q db.Q, reward string) ([]voucher.RewardLine, error)
	RewardOf(ctx context.Context, q db.Q, base string) ([]voucher.RewardLine, error)
	ReckonedOn(ctx context.Context, q db.Q, programme string, l voucher.RewardLine) ([]scheme.Line, scheme.Terms, error)
	TooMuch(ctx context.Context, q db.Q, c voucher.Claim) (money.Fen, error)
}

// Organisations is what reward asks of identity.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
}

// Deps is what the package is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Vouchers      Vouchers
	Organisations Organisations
}

// Service is the package: its pages and API.
type Service struct{ Deps }

// New builds the package.
func New(d Deps) *Service { return &Service{d} }

// explained is a line of a reward with the sentences that explain it.
type explained struct {
	voucher.RewardLine
	Why []why
}

// why is one sentence and the article behind it.
type why struct{ Text, Clause string }

// explain puts lines into words, each by the terms it was reckoned by.
func (s *Service) explain(ctx context.Context, programme string, lines []voucher.RewardLine) ([]explained, error) {
	out := make([]explained, len(lines))
	for i, l := range lines {
		steps, terms, err := s.Vouchers.ReckonedOn(ctx, s.DB, programme, l)
		if err != nil {
			return nil, err
		}
		out[i].RewardLine = l
		for _, x := range steps {
			w := why{Text: x.In(ctx)}
			if x.Clause != nil {
				w.Clause = terms.Cited(ctx, *x.Clause)
			}
			out[i].Why = append(out[i].Why, w)
		}
	}
	return out, nil
}

// proposal is one provider's reward as the page shows it.
type proposal struct {
	To     ui.OrgRef
	Amount money.Fen
	Lines  []explained
}

func (s *Service) refs(ctx context.Context, orgs []string) (map[string]ui.OrgRef, error) {
	known, err := s.Organisations.Organisations(ctx, s.DB, orgs)
	if err != nil {
		return nil, fmt.Errorf("name providers: %w", err)
	}
	out := map[string]ui.OrgRef{}
	for _, o := range known {
		out[o.ID] = o.Ref(ctx)
	}
	return out, nil
}

// programmes are those that reward providers and that the reader may propose for.
func (s *Service) programmes(ctx context.Context, by identity.Subject) ([]voucher.Programme, error) {
	all, err := s.Vouchers.Programmes(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(p voucher.Programme) bool {
		return p.Terms.Reward == nil || s.Policy.Can(by, "reward.propose", identity.Object{Region: p.Region}) != nil
	}), nil
}

// panelView is what a redemption's page shows of rewards.
type panelView struct {
	Reward bool
	Lines  []explained
	Excess money.Fen // of a reward: to be asked back
	In     []voucher.RewardLine
}

// ClaimPanel draws, for a reward, what it is reckoned from, and for a redemption the rewards that it counts in; nil where there
// is neither.
func (s *Service) ClaimPanel(ctx context.Context, by identity.Subject, c voucher.Claim) (templ.Component, error) {
	v := panelView{Reward: c.Reward}
	if !c.Reward {
		if s.Policy.Can(by, "reward.view", identity.Object{Region: c.Region}) != nil {
			return nil, nil
		}
		var err error
		if v.In, err = s.Vouchers.RewardOf(ctx, s.DB, c.ID); err != nil || len(v.In) == 0 {
			return nil, err
		}
		return panel(v), nil
	}
	lines, err := s.Vouchers.RewardLines(ctx, s.DB, c.ID)
	if err != nil {
		return nil, err
	}
	if v.Lines, err = s.explain(ctx, c.Programme, lines); err != nil {
		return nil, err
	}
	if c.State == "paid" {
		if v.Excess, err = s.Vouchers.TooMuch(ctx, s.DB, c); err != nil {
			return nil, err
		}
	}
	return panel(v), nil
}

// Verify has nothing of its own to check: money and states are voucher's, and checked there.
func (s *Service) Verify(context.Context, db.Q) ([]verify.Finding, error) { return nil, nil }
