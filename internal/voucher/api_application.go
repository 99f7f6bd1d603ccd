package voucher

import (
	"context"
	"net/http"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

type voucherApplication struct {
	ID         string          `json:"id"`
	Number     string          `json:"number"`
	Programme  string          `json:"programme"`
	Firm       string          `json:"firm"`
	Amount     money.Fen       `json:"amount" doc:"fen"`
	Currency   string          `json:"currency"`
	Purpose    string          `json:"purpose"`
	Statements []string        `json:"statements"`
	State      string          `json:"state"`
	Reason     string          `json:"reason,omitempty" doc:"What the authority wrote"`
	Timeline   []voucherStep   `json:"timeline,omitempty"`
	Conditions []voucherAnswer `json:"conditions,omitempty" doc:"What the programme's conditions came to, while it waits"`
	Objection  string          `json:"objection,omitempty" doc:"Why the firm holds that it is eligible although a condition says no"`
}

func (a Application) wire() voucherApplication {
	return voucherApplication{ID: a.ID, Number: a.Number, Programme: a.Programme, Firm: a.Firm, Amount: a.Amount, Currency: money.CNY, Purpose: a.Purpose,
		Statements: strings.Fields(a.Statements), State: a.State, Reason: a.Reason}
}

type voucherApplyBody struct {
	Amount     int64             `json:"amount" doc:"fen" example:"5000000"`
	Purpose    string            `json:"purpose" doc:"What the voucher is wanted for"`
	Statements []string          `json:"statements,omitempty" doc:"Codes of the statements of the terms that the firm makes"`
	Facts      map[string]string `json:"facts,omitempty" doc:"Facts that the conditions ask for, by fact-<code> or fact-<code>-<year>; kept in the firm's file" example:"{}"`
	Objection  string            `json:"objection,omitempty" doc:"Why the firm holds that it is eligible although a condition says no"`
}

type voucherDecision struct {
	Amount int64  `json:"amount,omitempty" doc:"Granted, in fen; what was asked when left out"`
	Note   string `json:"note,omitempty" doc:"A refusal needs one"`
}

func (s *Service) applicationAPI(g *web.APIGroup) {
	web.API(g, web.Op{Method: http.MethodPost, Path: apiRoot + "/voucher-programmes/{id}/applications", Action: "voucher.apply", Private: true, Status: http.StatusCreated, Tag: apiTag, Summary: "申请创新券额度",
		Example: voucherApplyBody{Amount: 5_000_000, Purpose: "新材料拉伸与疲劳性能测试", Statements: []string{"honest", "own-research"}}}, s.apiApply) //i18n:data an example
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/voucher-applications", Action: "voucher.view", Private: true, Tag: apiTag, Summary: "我能看到的额度申请"}, s.apiApplications)
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/voucher-applications/{id}", Action: "voucher.view", Private: true, Tag: apiTag, Summary: "一份额度申请及办理过程"}, s.apiApplication)
	s.eligibleAPI(g)
	for _, v := range []struct {
		verb, summary string
		do            func(context.Context, identity.Subject, string, Decision) (Application, error)
	}{{"approve", "批准申请并发放额度", s.Approve}, {"refuse", "不予批准，写明理由", s.Refuse}} {
		web.API(g, web.Op{Method: http.MethodPost, Path: apiRoot + "/voucher-applications/{id}/" + v.verb, Action: "voucher." + v.verb, Private: true, Money: true, Tag: apiTag, Summary: v.summary},
			func(ctx context.Context, in *struct {
				ID   string           `path:"id"`
				Body *voucherDecision `required:"false"`
			}) (*body[voucherApplication], error) {
				d := Decision{Key: web.RequestKey(ctx)}
				if in.Body != nil {
					d.Amount, d.Note = money.Fen(in.Body.Amount), in.Body.Note
				}
				a, err := v.do(ctx, identity.SubjectOf(ctx), in.ID, d)
				return &body[voucherApplication]{a.wire()}, err
			})
	}
}

func (s *Service) apiApply(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body voucherApplyBody
}) (*body[voucherApplication], error) {
	a, err := s.Apply(ctx, identity.SubjectOf(ctx), ApplyRequest{
		Programme: in.ID, Amount: money.Fen(in.Body.Amount), Purpose: in.Body.Purpose, Statements: in.Body.Statements, Key: web.RequestKey(ctx),
		Facts: in.Body.Facts, Objection: in.Body.Objection,
	})
	return &body[voucherApplication]{a.wire()}, err
}

func (s *Service) apiApplications(ctx context.Context, in *page) (*body[items[voucherApplication]], error) {
	from, err := in.after()
	if err != nil {
		return nil, err
	}
	w := &db.Where{}
	s.policy.Filter(identity.SubjectOf(ctx), "voucher.view", map[string]string{SideFirm: "firm", identity.SideRegion: "region"}, w)
	if in.State != "" {
		w.And("state = ?", in.State)
	}
	list, err := listApplications(ctx, s.db, w, from, in.Limit)
	if err != nil {
		return nil, err
	}
	out := items[voucherApplication]{Items: []voucherApplication{}}
	for _, a := range list {
		out.Items = append(out.Items, a.wire())
		out.Next = in.next(len(list) == in.Limit, a.ID)
	}
	return &body[items[voucherApplication]]{out}, nil
}

func (s *Service) apiApplication(ctx context.Context, in *byID) (*body[voucherApplication], error) {
	a, err := getApplication(ctx, s.db, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.policy.Can(identity.SubjectOf(ctx), "voucher.view", firmObject(a.Firm, a.Region)); err != nil {
		return nil, err
	}
	out := a.wire()
	if out.Conditions, out.Objection, err = s.wireConditions(ctx, a); err != nil {
		return nil, err
	}
	out.Timeline, err = s.wireSteps(ctx, a.ID)
	return &body[voucherApplication]{out}, err
}
