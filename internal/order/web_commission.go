package order

import (
	"net/http"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/pricing"
)

// commissionView is the page on which a job is described.
type commissionView struct {
	Resource Resource
	Gates    templ.Component // conditions that must be in hand; nil: none
	Uses     []ui.Option     // purposes that customs permits, and others
	Form     *form.Form
	Lines    []ui.Option
	AddOns   []pricing.AddOn // what may be added
	Must     []pricing.AddOn // what comes in any case
	Currency string
	Estimate *Estimate // when it was asked for
	Options  []payOption
}

func (s *Service) showCommission(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	if f.Text("quantity") == "" {
		f.Set("quantity", "1")
	}
	return s.commissionPage(w, r, f, nil)
}

func (s *Service) commissionPage(w http.ResponseWriter, r *http.Request, f *form.Form, e *Estimate) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	res, err := s.catalogue.Resource(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.orderable(KindCommission, res); err != nil {
		return err
	}
	if err := s.served(ctx, s.db, res); err != nil {
		return err
	}
	v := commissionView{Resource: res, Form: f, Estimate: e, Uses: useOptions(ctx, res, s.today())}
	plan, err := s.tariffOf(ctx, s.db, res, by.Org)
	if err != nil {
		return err
	}
	if v.Gates, err = s.gateForm(ctx, by, res, f); err != nil {
		return err
	}
	v.Lines = s.rateOptions(ctx, plan, KindCommission)
	v.AddOns, v.Must = plan.addOns()
	v.Currency = plan.Plan.Currency
	if f.Text("line") == "" && len(v.Lines) > 0 {
		f.Set("line", v.Lines[0].Value)
	}
	if e != nil {
		if v.Options, err = s.payOptions(ctx, s.db, by.Org, askOf(by, *e)); err != nil {
			return err
		}
	}
	return web.Page(w, r, f.Status(), commissionPage(v))
}

func (s *Service) submitCommission(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	f := form.Read(r)
	files, done, err := filesOf(f, "file")
	defer done()
	if err != nil {
		return err
	}
	req := PlaceRequest{
		Kind: KindCommission, Resource: r.PathValue("id"), Quantity: f.Int("quantity"), Line: f.Text("line"), AddOns: chosenAddOns(f), Purpose: f.Text("purpose"),
		Samples: f.Text("samples"), Use: f.Text("customs_use"), Answers: declared(f), Need: f.Text("need"), Files: files, Key: web.RequestKey(ctx),
	}
	if needUse(f); !f.OK() {
		return s.commissionPage(w, r, f, nil)
	}
	if f.Text("do") == "estimate" {
		e, err := s.Estimate(ctx, by, req)
		if err == nil {
			return s.commissionPage(w, r, f, &e)
		}
		if !f.Fail(err) {
			return err
		}
		return s.commissionPage(w, r, f, nil)
	}
	o, err := s.Place(ctx, by, req)
	if err == nil {
		return web.SeeOther(w, r, "/desk/orders/"+o.ID, "委托已提交，对方报价后会通知您。订单编号 {0}。", o.Number)
	}
	if !f.Fail(err) {
		return err
	}
	return s.commissionPage(w, r, f, nil)
}
