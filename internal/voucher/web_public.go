package voucher

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher/scheme"
)

// programmeCard is a programme in a list.
type programmeCard struct {
	Programme
	Region string // its name
	Open   bool
}

func (s *Service) showProgrammes(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := s.Programmes(ctx, s.db)
	if err != nil {
		return err
	}
	name, day := s.namer(ctx, s.db), s.today()
	cards := make([]programmeCard, len(all))
	for i, p := range all {
		cards[i] = programmeCard{p, name(p.Region), p.Open(day)}
	}
	return web.Page(w, r, http.StatusOK, programmesPage(cards))
}

// programmeView is a programme's own page.
type programmeView struct {
	programmeCard
	Authority ui.OrgRef
	Rules     []scheme.Rule
	Form      *form.Form
	Quote     *scheme.Quote // of the price asked, nil when none was
	Price     money.Fen
	Own       bool // the quote looked at the reader's own wallet
	MayApply  bool
	MayBudget bool
}

func (s *Service) showProgramme(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := s.Programme(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	names, err := s.names(ctx, p.Authority)
	if err != nil {
		return err
	}
	lists, err := s.lists(ctx, s.db, p.Terms)
	if err != nil {
		return err
	}
	name, by := s.namer(ctx, s.db), identity.SubjectOf(ctx)
	v := programmeView{
		programmeCard: programmeCard{p, name(p.Region), p.Open(s.today())}, Authority: names[p.Authority], Rules: p.Terms.Rules(ctx, name, lists), Form: form.Read(r),
		MayApply:  s.policy.Can(by, "voucher.apply", firmObject(by.Org, p.Region)) == nil,
		MayBudget: s.policy.Can(by, "programme.budget", identity.Object{Region: p.Region}) == nil,
	}
	if err := s.calculate(ctx, by, &v); err != nil {
		return err
	}
	return web.Page(w, r, v.Form.Status(), programmePage(v))
}

// asked is the question of the calculator: a price, and what else the rules look at.
func (v *programmeView) asked() QuoteRequest {
	req := QuoteRequest{Programme: v.ID, Price: v.Price}
	if g := v.Form.Text("group"); g != "" {
		req.Groups = []string{g}
	}
	if v.Form.Text("measured") != "" {
		req.Measured = int64(v.Form.Fen("measured")) * 10 // two decimals to thousandths
	}
	for _, r := range v.Terms.Rates {
		if r.Code == v.Form.Text("rate") {
			c := r.For.Fit(scheme.Case{Groups: req.Groups})
			req.Kind, req.Class, req.Purpose, req.Groups = c.Kind, c.Class, c.Purpose, c.Groups
		}
	}
	return req
}

// calculate divides the price asked for: by the reader's own wallet when it has one in this programme, else by the rules alone.
func (s *Service) calculate(ctx context.Context, by identity.Subject, v *programmeView) error {
	if v.Form.Text("price") == "" {
		return nil
	}
	v.Price = v.Form.Fen("price")
	if !v.Form.OK() {
		return nil
	}
	req := v.asked()
	if !v.Form.OK() {
		return nil
	}
	if v.MayApply {
		left, err := s.Left(ctx, s.db, by.Org, v.ID)
		if err != nil {
			return err
		}
		if v.Own = left > 0; v.Own {
			req.Firm = by.Org
		}
	}
	q, err := s.Quote(ctx, s.db, req)
	if err != nil {
		if v.Form.Fail(err) {
			return nil
		}
		return err
	}
	v.Quote = &q
	return nil
}

// noticeView is a public notice: a redemption, who gets it, for which orders. The firms are not named.
type noticeView struct {
	Claim
	To        ui.OrgRef // who is paid
	Programme Programme
	Items     []ClaimItem
	Over      bool // its days have passed, or it was decided
}

func (s *Service) showNotices(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	from, err := after(r)
	if err != nil {
		return err
	}
	where := &db.Where{}
	where.And("notice_from <> ''")
	where.And("state IN ('published', 'paid', 'recovered')")
	claims, err := listClaims(ctx, s.db, where, from, pageSize)
	if err != nil {
		return err
	}
	views, err := s.noticeViews(ctx, claims)
	if err != nil {
		return err
	}
	pager := ui.PagerOf{}
	if len(claims) > 0 {
		pager.Next = next(r, len(claims) == pageSize, claims[len(claims)-1].ID)
	}
	return web.Page(w, r, http.StatusOK, noticesPage(views, pager))
}

func (s *Service) noticeViews(ctx context.Context, claims []Claim) ([]noticeView, error) {
	var ids []string
	for _, c := range claims {
		ids = append(ids, c.Payee)
	}
	names, err := s.names(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]noticeView, len(claims))
	for i, c := range claims {
		p, err := s.Programme(ctx, s.db, c.Programme)
		if err != nil {
			return nil, err
		}
		out[i] = noticeView{Claim: c, To: names[c.Payee], Programme: p, Over: c.State != "published" || s.today() >= c.PayableOn}
	}
	return out, nil
}

func (s *Service) showNotice(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := getClaim(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if c.NoticeFrom == "" || c.State == "refused" {
		return fault.New(fault.NotFound, "notice-not-found", "没有找到这份公示：可能尚未发布，或因异议已撤下。")
	}
	views, err := s.noticeViews(ctx, []Claim{c})
	if err != nil {
		return err
	}
	if views[0].Items, err = listItems(ctx, s.db, c.ID); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, noticePage(views[0]))
}
