package reward

import (
	"context"
	"net/http"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher"
)

var t = i18n.T

// Routes are the package's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /desk/rewards", Action: "reward.propose", Private: true, Handle: s.show},
		{Pattern: "POST /desk/rewards", Action: "reward.propose", Private: true, Money: true, Handle: s.submit},
	}
}

// view is the page on which an officer reckons the rewards of a period and proposes them.
type view struct {
	Form       *form.Form
	Programmes []voucher.Programme
	Proposals  []proposal
	Sum        money.Fen
	Asked      bool
}

func (v view) options(ctx context.Context) []ui.Option {
	out := make([]ui.Option, len(v.Programmes))
	for i, p := range v.Programmes {
		out[i] = ui.Option{Value: p.ID, Label: p.Name().In(ctx)}
	}
	return out
}

func (s *Service) show(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	return s.page(w, r, form.Of(map[string]string{"programme": q.Get("programme"), "from": q.Get("from"), "to": q.Get("to")}))
}

// page reckons what the form asks for; at first the time of the year that is over, up to yesterday.
func (s *Service) page(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	v := view{Form: f, Asked: f.Text("programme") != ""}
	var err error
	if v.Programmes, err = s.programmes(ctx, identity.SubjectOf(ctx)); err != nil {
		return err
	}
	if f.Text("from") == "" && f.Text("to") == "" {
		yesterday := clock.Day(s.Clock.Now().AddDate(0, 0, -1))
		f.Set("from", yesterday[:4]+"-01-01")
		f.Set("to", yesterday)
	}
	known := slices.ContainsFunc(v.Programmes, func(p voucher.Programme) bool { return p.ID == f.Text("programme") })
	if !known || !f.OK() {
		return web.Page(w, r, f.Status(), page(v))
	}
	list, err := s.Vouchers.Rewards(ctx, s.DB, asked(f))
	if err != nil && !f.Fail(err) {
		return err
	}
	orgs := make([]string, len(list))
	for i, x := range list {
		orgs[i] = x.Provider
	}
	names, err := s.refs(ctx, orgs)
	if err != nil {
		return err
	}
	for _, x := range list {
		lines, err := s.explain(ctx, f.Text("programme"), x.Lines)
		if err != nil {
			return err
		}
		v.Proposals, v.Sum = append(v.Proposals, proposal{names[x.Provider], x.Amount, lines}), v.Sum+x.Amount
	}
	return web.Page(w, r, f.Status(), page(v))
}

func asked(f *form.Form) voucher.RewardPeriod {
	return voucher.RewardPeriod{Programme: f.Text("programme"), From: f.Text("from"), To: f.Text("to")}
}

func (s *Service) submit(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	made, err := s.Vouchers.ProposeRewards(ctx, identity.SubjectOf(ctx), asked(f))
	if err == nil {
		return web.SeeOther(w, r, "/desk/redemptions?state=verified", "已提出 {0} 笔奖励，等待另一位工作人员批准。", len(made))
	}
	if !f.Fail(err) {
		return err
	}
	return s.page(w, r, f)
}
