package voucher

import (
	"bytes"
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
	State      string          `json:"state" doc:"draft, submitted, waiting (for the next batch), approved, refused or withdrawn"`
	Reason     string          `json:"reason,omitempty" doc:"What the authority wrote"`
	Granted    money.Fen       `json:"granted,omitempty" doc:"What the approval gave, in fen"`
	Type       string          `json:"type,omitempty" doc:"Of the voucher, where the terms know types"`
	Members    int             `json:"members,omitempty" doc:"Core members of a team that is not yet a company"`
	Window     string          `json:"window,omitempty" doc:"First day of the window whose applications are decided together"`
	Timeline   []voucherStep   `json:"timeline,omitempty"`
	Conditions []voucherAnswer `json:"conditions,omitempty" doc:"What the programme's conditions came to, while it waits"`
	Objection  string          `json:"objection,omitempty" doc:"Why the firm holds that it is eligible although a condition says no"`
}

func (a Application) wire() voucherApplication {
	return voucherApplication{ID: a.ID, Number: a.Number, Programme: a.Programme, Firm: a.Firm, Amount: a.Amount, Currency: money.CNY, Purpose: a.Purpose,
		Statements: strings.Fields(a.Statements), State: a.State, Reason: a.Reason,
		Granted: a.Granted, Type: a.Type, Members: a.Members, Window: a.Window}
}

type voucherApplyBody struct {
	Amount     int64             `json:"amount" doc:"fen" example:"5000000"`
	Purpose    string            `json:"purpose" doc:"What the voucher is wanted for"`
	Statements []string          `json:"statements,omitempty" doc:"Codes of the statements of the terms that the firm makes"`
	Facts      map[string]string `json:"facts,omitempty" doc:"Facts that the conditions ask for, by fact-<code> or fact-<code>-<year>; kept in the firm's file" example:"{}"`
	Objection  string            `json:"objection,omitempty" doc:"Why the firm holds that it is eligible although a condition says no"`
	voucherApplyMore
}

type voucherApplyMore struct {
	Draft       bool               `json:"draft,omitempty" doc:"Keep it as a draft that only you see; nothing is checked yet"`
	Application string             `json:"application,omitempty" doc:"Id of a draft that this changes, or submits"`
	Type        string             `json:"type,omitempty" doc:"Of the voucher, where the terms know types"`
	Members     int                `json:"members,omitempty" minimum:"0" maximum:"1000" doc:"Core members of a team that is not yet a company"`
	Attachments []redemptionUpload `json:"attachments,omitempty" doc:"Documents that the terms ask for; those of a draft that is submitted are sent again"`
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

// lifeAPI is what a firm does with its applications and vouchers, and an authority with a batch.
func (s *Service) lifeAPI(g *web.APIGroup) {
	for _, v := range []struct {
		verb, summary string
		do            func(context.Context, identity.Subject, string, string) (Application, error)
	}{{"withdraw", "撤回申请", s.Withdraw}, {"amend", "退回后重新编辑", s.Amend}} {
		web.API(g, web.Op{Method: http.MethodPost, Path: apiRoot + "/voucher-applications/{id}/" + v.verb, Action: "voucher.apply", Private: true, Tag: apiTag, Summary: v.summary},
			func(ctx context.Context, in *byID) (*body[voucherApplication], error) {
				a, err := v.do(ctx, identity.SubjectOf(ctx), in.ID, web.RequestKey(ctx))
				return &body[voucherApplication]{a.wire()}, err
			})
	}
	web.API(g, web.Op{Method: http.MethodPost, Path: apiRoot + "/wallet/{id}/return", Action: "voucher.return", Private: true, Money: true, Tag: apiTag, Summary: "退回一张券用不完的额度",
		Description: "What is free of a voucher, or some of it, goes back to the programme's budget; what orders hold stays. id is the voucher's, as GET /wallet names it."},
		func(ctx context.Context, in *struct {
			ID   string `path:"id"`
			Body *struct {
				Amount int64 `json:"amount,omitempty" minimum:"0" doc:"fen; all that is free when left out"`
			} `required:"false"`
		}) (*body[voucherOne], error) {
			r := ReturnRequest{Grant: in.ID, Key: web.RequestKey(ctx)}
			if in.Body != nil {
				r.Amount = money.Fen(in.Body.Amount)
			}
			v, err := s.Return(ctx, identity.SubjectOf(ctx), r)
			return &body[voucherOne]{voucherOne{ID: v.ID, Number: v.Number, Type: v.Type, State: v.State, Amount: v.Amount, IssuedOn: v.IssuedOn, ExpiresOn: v.ExpiresOn}}, err
		})
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/voucher-programmes/{id}/batches/{window}", Action: "voucher.allot", Private: true, Tag: apiTag, Summary: "一批申请各能得到多少（试算，不生效）",
		Description: "window is the first day of a window of applications. Everybody gets the same share of what was asked for, rounded down to the fen; the fen left go one each to the first."},
		func(ctx context.Context, in *struct {
			ID     string `path:"id"`
			Window string `path:"window" example:"2026-03-01"`
			Pot    int64  `query:"pot" minimum:"0" doc:"fen; all that the programme has left when missing"`
		}) (*body[voucherBatch], error) {
			p, err := s.Programme(ctx, s.db, in.ID)
			if err != nil {
				return nil, err
			}
			if err := s.policy.Can(identity.SubjectOf(ctx), "voucher.allot", identity.Object{Region: p.Region}); err != nil {
				return nil, err
			}
			b, err := s.Propose(ctx, s.db, BatchRequest{Programme: in.ID, Window: in.Window, Pot: money.Fen(in.Pot)})
			return &body[voucherBatch]{b.wire()}, err
		})
	web.API(g, web.Op{Method: http.MethodPost, Path: apiRoot + "/voucher-programmes/{id}/batches/{window}", Action: "voucher.allot", Private: true, Money: true, Tag: apiTag, Summary: "集中审核一批申请",
		Description: "All of it happens or none. Applications that get nothing wait for the next batch; one that the rules refuse must be refused by itself first."},
		func(ctx context.Context, in *struct {
			ID     string `path:"id"`
			Window string `path:"window"`
			Body   struct {
				Pot  int64  `json:"pot,omitempty" minimum:"0" doc:"fen; all that the programme has left when missing"`
				Note string `json:"note" doc:"What the firms read"`
			}
		}) (*body[voucherBatch], error) {
			b, err := s.Allot(ctx, identity.SubjectOf(ctx), BatchRequest{Programme: in.ID, Window: in.Window, Pot: money.Fen(in.Body.Pot), Note: in.Body.Note, Key: web.RequestKey(ctx)})
			return &body[voucherBatch]{b.wire()}, err
		})
}

type voucherBatch struct {
	From   string         `json:"from"`
	To     string         `json:"to"`
	Over   bool           `json:"over" doc:"The window has ended, so that it can be decided"`
	Pot    money.Fen      `json:"pot"`
	Asked  money.Fen      `json:"asked"`
	Gives  money.Fen      `json:"gives"`
	Shares []voucherShare `json:"shares"`
}

type voucherShare struct {
	Application string    `json:"application"`
	Number      string    `json:"number"`
	Firm        string    `json:"firm"`
	Asked       money.Fen `json:"asked"`
	Gets        money.Fen `json:"gets"`
	Refused     string    `json:"refused,omitempty" doc:"Code of the rule that refuses it now"`
}

func (b Batch) wire() voucherBatch {
	out := voucherBatch{From: b.Window.From, To: b.Window.To, Over: b.Over, Pot: b.Pot, Asked: b.Asked, Gives: b.Gives, Shares: []voucherShare{}}
	for _, x := range b.Shares {
		one := voucherShare{Application: x.ID, Number: x.Number, Firm: x.Firm, Asked: x.Amount, Gets: x.Gets}
		if x.Why != nil {
			one.Refused = x.Why.Code
		}
		out.Shares = append(out.Shares, one)
	}
	return out
}

// seen keeps what was never submitted, or is being amended, to its own firm.
func seen(w *db.Where, by identity.Subject) {
	w.And("(number <> '' AND state <> 'draft') OR firm = ?", by.Org)
}

// mayRead tells whether the subject may see an application; a draft is its own firm's alone.
func (s *Service) mayRead(by identity.Subject, a Application) error {
	if err := s.policy.Can(by, "voucher.view", firmObject(a.Firm, a.Region)); err != nil {
		return err
	}
	if by.Org != a.Firm && (a.Number == "" || a.State == Drafted) {
		return applicationMissing()
	}
	return nil
}

// uploaded keeps the files of a call.
func (s *Service) uploaded(ctx context.Context, files []redemptionUpload) ([]Document, error) {
	var out []Document
	for _, u := range files {
		ref, err := s.files.Put(ctx, bytes.NewReader(u.Content), maxDocument)
		if err != nil {
			return nil, err
		}
		out = append(out, Document{Code: u.Code, Name: u.Name, SHA256: ref.SHA256, Size: ref.Size})
	}
	return out, nil
}

func (s *Service) apiApply(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body voucherApplyBody
}) (*body[voucherApplication], error) {
	r := ApplyRequest{
		Programme: in.ID, Draft: in.Body.Application, Amount: money.Fen(in.Body.Amount), Purpose: in.Body.Purpose, Statements: in.Body.Statements,
		Type: in.Body.Type, Members: in.Body.Members, Key: web.RequestKey(ctx), Facts: in.Body.Facts, Objection: in.Body.Objection,
	}
	var err error
	if r.Documents, err = s.uploaded(ctx, in.Body.Attachments); err != nil {
		return nil, err
	}
	do := s.Apply
	if in.Body.Draft {
		do = s.Save
	}
	a, err := do(ctx, identity.SubjectOf(ctx), r)
	return &body[voucherApplication]{a.wire()}, err
}

func (s *Service) apiApplications(ctx context.Context, in *page) (*body[items[voucherApplication]], error) {
	from, err := in.after()
	if err != nil {
		return nil, err
	}
	w := &db.Where{}
	s.policy.Filter(identity.SubjectOf(ctx), "voucher.view", map[string]string{SideFirm: "firm", identity.SideRegion: "region"}, w)
	seen(w, identity.SubjectOf(ctx))
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
	if err := s.mayRead(identity.SubjectOf(ctx), a); err != nil {
		return nil, err
	}
	out := a.wire()
	if out.Conditions, out.Objection, err = s.wireConditions(ctx, a); err != nil {
		return nil, err
	}
	out.Timeline, err = s.wireSteps(ctx, a.ID)
	return &body[voucherApplication]{out}, err
}
