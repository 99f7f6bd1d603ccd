package voucher

import (
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// batchView is the page on which a window's applications are decided together.
type batchView struct {
	Batch
	Firms map[string]ui.OrgRef
	Form  *form.Form
}

func (s *Service) showBatch(w http.ResponseWriter, r *http.Request) error {
	return s.batchPage(w, r, form.Read(r))
}

// batchPage shows what each application would get; without a window, the one that ended last is taken.
func (s *Service) batchPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	p, err := s.Programme(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.policy.Can(identity.SubjectOf(ctx), "voucher.allot", identity.Object{Region: p.Region}); err != nil {
		return err
	}
	window := f.Text("window")
	if window == "" {
		last, ok := p.Terms.LastWindow(s.today())
		if !ok {
			return web.SeeOther(w, r, "/desk/programmes/"+p.ID, "本计划不分批，申请逐份审核。")
		}
		window = last.From
	}
	v := batchView{Form: f}
	if v.Batch, err = s.Propose(ctx, s.db, BatchRequest{Programme: p.ID, Window: window, Pot: f.Fen("pot")}); err != nil {
		if !f.Fail(err) {
			return err
		}
		if v.Batch, err = s.Propose(ctx, s.db, BatchRequest{Programme: p.ID, Window: window}); err != nil {
			return err
		}
	}
	if f.Text("pot") == "" {
		f.Set("pot", v.Pot.Yuan())
	}
	f.Set("window", window)
	var firms []string
	for _, x := range v.Shares {
		firms = append(firms, x.Firm)
	}
	if v.Firms, err = s.names(ctx, firms...); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), batchPage(v))
}

func (s *Service) submitBatch(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	f.Need("pot", "note")
	req := BatchRequest{Programme: r.PathValue("id"), Window: f.Text("window"), Pot: f.Fen("pot"), Note: f.Text("note"), Key: web.RequestKey(ctx)}
	if f.OK() {
		b, err := s.Allot(ctx, identity.SubjectOf(ctx), req)
		if err == nil {
			return web.SeeOther(w, r, "/desk/vouchers?state=approved", "这一批 {0} 份申请已经办理，共发放 {1}。", len(b.Shares), b.Gives)
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.batchPage(w, r, f)
}
