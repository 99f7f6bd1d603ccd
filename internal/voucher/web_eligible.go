package voucher

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/rule"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// stated are the facts that a form of application states, by the names of their fields.
func stated(f *form.Form) map[string]string {
	out := map[string]string{}
	for _, name := range f.Names("fact-") {
		if text := f.Text(name); text != "" {
			out[name] = text
		}
	}
	return out
}

// withConditions adds to an application's page what its conditions came to, and who overruled which.
func (s *Service) withConditions(ctx context.Context, v *applicationView) error {
	var err error
	if v.Came, err = getEligibility(ctx, s.db, v.ID); err != nil {
		return err
	}
	if v.Waivers, err = listWaivers(ctx, s.db, v.ID); err != nil {
		return err
	}
	var people []string
	for _, w := range v.Waivers {
		people = append(people, w.Person)
	}
	if v.Names, err = s.orgs.Names(ctx, s.db, people); err != nil {
		return err
	}
	if v.State == Submitted {
		v.Eligible, err = s.Eligible(ctx, s.db, v.Programme, v.Application.Firm)
	}
	return err
}

// against are the conditions that stand in the way of an approval and that nobody has overruled.
func (v applicationView) against() []rule.Answer {
	var out []rule.Answer
	waived := map[string]bool{}
	for _, w := range v.Waivers {
		waived[w.Condition] = true
	}
	for _, x := range v.Eligible.Answers {
		if against(x) && !waived[x.Code] {
			out = append(out, x)
		}
	}
	return out
}

func (v applicationView) againstOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, x := range v.against() {
		out = append(out, ui.Option{Value: x.Code, Label: x.Name.In(ctx), Note: v.Programme.Terms.Cite(x.Clause).In(ctx)})
	}
	return out
}

func (v applicationView) conditionName(ctx context.Context, code string) string {
	for _, c := range v.Programme.Terms.Conditions {
		if c.Code == code {
			return c.Name.In(ctx)
		}
	}
	return code
}

// submitWaive handles an officer's finding that a firm is eligible although a condition says otherwise.
func (s *Service) submitWaive(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	f.Need("condition")
	if f.OK() {
		a, err := s.Waive(ctx, identity.SubjectOf(ctx), r.PathValue("id"), f.Text("condition"), f.Text("reason"))
		if err == nil {
			return web.SeeOther(w, r, "/desk/vouchers/"+a.ID, "已认定，须由另一位工作人员批准申请 {0}。", a.Number)
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.applicationPage(w, r, f)
}
