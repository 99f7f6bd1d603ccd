package voucher

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// submitDecision handles the approval or the refusal of an application.
func (s *Service) submitDecision(do func(context.Context, identity.Subject, string, Decision) (Application, error)) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f := form.Read(r)
		d := Decision{Amount: f.Fen("amount"), Note: f.Text("note"), Key: web.RequestKey(ctx)}
		if f.OK() {
			a, err := do(ctx, identity.SubjectOf(ctx), r.PathValue("id"), d)
			if err == nil {
				text := "申请 {0} 已批准，额度已发放。"
				if a.State == Declined {
					text = "申请 {0} 未批准，理由已告知企业。"
				}
				return web.SeeOther(w, r, "/desk/vouchers", text, a.Number)
			}
			if !f.Fail(err) {
				return err
			}
		}
		return s.applicationPage(w, r, f)
	}
}

// budgetView is where a programme's money is.
type budgetView struct {
	fund
	Region string
}

func (s *Service) showBudget(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := s.Programme(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.policy.Can(identity.SubjectOf(ctx), "programme.budget", identity.Object{Region: p.Region}); err != nil {
		return err
	}
	b, err := s.Budget(ctx, s.db, p.ID)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, budgetPage(budgetView{fund{p, b}, s.namer(ctx, s.db)(p.Region)}))
}

// spent is what was used, wherever it is now.
func (b Budget) spent() money.Fen { return b.Used + b.Payable + b.Paid + b.Recovered + b.Received }

// parts are the places a programme's money can be; they add up to what was appropriated.
func (b Budget) parts(ctx context.Context) []ui.SplitPart {
	out := []ui.SplitPart{
		{Label: t(ctx, "尚未发放"), Amount: b.Unissued, Note: t(ctx, "还可以发放给企业")},
		{Label: t(ctx, "企业可用"), Amount: b.Available, Note: t(ctx, "已发放，企业还没有使用")},
		{Label: t(ctx, "订单占用"), Amount: b.Held, Note: t(ctx, "服务正在进行")},
		{Label: t(ctx, "已使用"), Amount: b.spent(), Note: t(ctx, "服务已经确认")},
	}
	if b.Lapsed > 0 {
		out = append(out, ui.SplitPart{Label: t(ctx, "到期失效"), Amount: b.Lapsed, Note: t(ctx, "企业到期未用，已收回")})
	}
	return out
}

// way is how far the money that was used has come; the stops add up to what was used.
func (b Budget) way(ctx context.Context) []ui.SplitPart {
	out := []ui.SplitPart{
		{Label: t(ctx, "等待机构申请兑付"), Amount: b.Used - b.Claimed},
		{Label: t(ctx, "核验或批准中"), Amount: b.Claimed},
		{Label: t(ctx, "公示或待支付"), Amount: b.Payable},
		{Label: t(ctx, "已付给服务机构"), Amount: b.Paid},
	}
	if b.Recovered > 0 {
		out = append(out, ui.SplitPart{Label: t(ctx, "正在追回"), Amount: b.Recovered, Note: t(ctx, "已通知退回，还没有到账")})
	}
	if b.Received > 0 {
		out = append(out, ui.SplitPart{Label: t(ctx, "已追回到账"), Amount: b.Received})
	}
	return out
}
