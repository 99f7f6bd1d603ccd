package voucher

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/rule"
	"qiao/internal/platform/web"
	"qiao/internal/voucher/scheme"
)

// voucherAnswer is what one condition came to.
type voucherAnswer struct {
	Condition string   `json:"condition"`
	Name      string   `json:"name"`
	Verdict   string   `json:"verdict" enum:"yes,no,unknown,person"`
	Clause    string   `json:"clause" doc:"Document and article"`
	Missing   []string `json:"missing,omitempty" doc:"Facts to state, as an application's facts name them"`
	Waived    string   `json:"waived,omitempty" doc:"Why an officer overruled it"`
}

type voucherEligible struct {
	Verdict    string          `json:"verdict" enum:"yes,no,unknown,person"`
	Conditions []voucherAnswer `json:"conditions"`
}

func (s *Service) eligibleAPI(g *web.APIGroup) {
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/voucher-programmes/{id}/eligibility", Action: "voucher.wallet", Private: true, Tag: apiTag, Summary: "本单位是否符合资格条件"},
		func(ctx context.Context, in *byID) (*body[voucherEligible], error) {
			p, err := s.Programme(ctx, s.db, in.ID)
			if err != nil {
				return nil, err
			}
			by := identity.SubjectOf(ctx)
			if err := s.policy.Can(by, "voucher.wallet", firmObject(by.Org, p.Region)); err != nil {
				return nil, err
			}
			e, err := s.Eligible(ctx, s.db, p, by.Org)
			return &body[voucherEligible]{voucherEligible{string(e.Verdict), e.wire(ctx, p.Terms, nil)}}, err
		})
	web.API(g, web.Op{Method: http.MethodPost, Path: apiRoot + "/voucher-applications/{id}/waive", Action: "voucher.waive", Private: true, Tag: apiTag, Summary: "认定一个条件符合，写明理由",
		Description: "For a condition that is not met or not known. Another officer approves the application."},
		func(ctx context.Context, in *struct {
			ID   string `path:"id"`
			Body struct {
				Condition string `json:"condition" doc:"Its code"`
				Reason    string `json:"reason" doc:"The firm reads it"`
			}
		}) (*body[voucherApplication], error) {
			a, err := s.Waive(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Condition, in.Body.Reason)
			if err != nil {
				return nil, err
			}
			out := a.wire()
			out.Conditions, out.Objection, err = s.wireConditions(ctx, a)
			return &body[voucherApplication]{out}, err
		})
}

// wire tells answers with their clauses.
func (e Eligibility) wire(ctx context.Context, t scheme.Terms, waivers []Waiver) []voucherAnswer {
	out := []voucherAnswer{}
	for _, x := range e.Answers {
		a := voucherAnswer{Condition: x.Code, Name: x.Name.In(ctx), Verdict: string(x.Verdict), Clause: t.Cite(x.Clause).In(ctx)}
		if x.Verdict == rule.Unknown {
			for _, name := range x.Missing {
				a.Missing = append(a.Missing, e.Field(name))
			}
		}
		for _, w := range waivers {
			if w.Condition == x.Code {
				a.Waived = w.Reason
			}
		}
		out = append(out, a)
	}
	return out
}

// wireConditions tells what an application's conditions come to while it waits, and the firm's objection.
func (s *Service) wireConditions(ctx context.Context, a Application) ([]voucherAnswer, string, error) {
	came, err := getEligibility(ctx, s.db, a.ID)
	if err != nil || a.State != Submitted {
		return nil, came.Objection, err
	}
	p, err := s.Programme(ctx, s.db, a.Programme)
	if err != nil || len(p.Terms.Conditions) == 0 {
		return nil, came.Objection, err
	}
	e, err := s.Eligible(ctx, s.db, p, a.Firm)
	if err != nil {
		return nil, "", err
	}
	waivers, err := listWaivers(ctx, s.db, a.ID)
	return e.wire(ctx, p.Terms, waivers), came.Objection, err
}
