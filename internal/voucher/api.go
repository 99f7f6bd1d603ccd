package voucher

import (
	"context"
	"net/http"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
	"qiao/internal/voucher/scheme"
)

const (
	apiRoot = "/api/v1"
	apiTag  = "voucher"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	s.programmeAPI(g)
	s.applicationAPI(g)
	s.redemptionAPI(g)
	s.lifeAPI(g)
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/wallet", Action: "voucher.wallet", Private: true, Tag: apiTag, Summary: "本单位的创新券额度",
		Description: "Amounts in fen. granted = held + used + left + lapsed + returned."}, s.apiWallet)
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/settlements", Action: "settlement.view", Private: true, Tag: apiTag, Summary: "各出资方对收款单位的应付、已付与追回"}, s.apiSettlements)
}

// voucherMoney is an amount on the wire.
type voucherMoney struct {
	Amount   money.Fen `json:"amount" doc:"fen" example:"150000"`
	Currency string    `json:"currency" example:"CNY"`
}

func cny(f money.Fen) voucherMoney { return voucherMoney{f, money.CNY} }

type voucherClause struct {
	Document string `json:"document"`
	Article  string `json:"article,omitempty"`
	URL      string `json:"url,omitempty"`
}

type voucherLine struct {
	Code    string         `json:"code"`
	Text    string         `json:"text"`
	Verdict scheme.Verdict `json:"verdict,omitempty"`
	Clause  *voucherClause `json:"clause,omitempty"`
}

func wireLines(ctx context.Context, terms scheme.Terms, lines []scheme.Line) []voucherLine {
	out := make([]voucherLine, len(lines))
	for i, l := range lines {
		out[i] = voucherLine{Code: l.Code, Text: l.In(ctx), Verdict: l.Verdict}
		if l.Clause != nil {
			src := terms.Sources[l.Clause.Source]
			out[i].Clause = &voucherClause{src.Title.In(ctx), i18n.Pick(ctx, l.Clause.Article, l.Clause.ArticleEN), src.URL}
		}
	}
	return out
}

type voucherProgramme struct {
	ID        string       `json:"id"`
	Authority string       `json:"authority"`
	Region    string       `json:"region"`
	Name      scheme.Name  `json:"name"`
	Summary   scheme.Name  `json:"summary"`
	OpensOn   string       `json:"opens_on"`
	ClosesOn  string       `json:"closes_on"`
	Open      bool         `json:"open" doc:"Applications are taken today"`
	Sample    bool         `json:"sample"`
	Terms     scheme.Terms `json:"terms"`
}

func (s *Service) wireProgramme(p Programme) voucherProgramme {
	return voucherProgramme{p.ID, p.Authority, p.Region, p.Name(), scheme.Name{ZH: p.SummaryZH, EN: p.SummaryEN}, p.OpensOn, p.ClosesOn, p.Open(s.today()), p.Sample, p.Terms}
}

type body[T any] struct{ Body T }

type items[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page"`
}

type byID struct {
	ID string `path:"id"`
}

type page struct {
	State  string `query:"state" doc:"Only those in this state"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor"`
}

// after is the id that the page goes on below.
func (p page) after() (string, error) {
	parts, err := web.DecodeCursor(p.Cursor, 1)
	if err != nil {
		return "", err
	}
	return parts[0], nil
}

func (p page) next(full bool, last string) string {
	if !full {
		return ""
	}
	return web.EncodeCursor(last)
}

func (s *Service) programmeAPI(g *web.APIGroup) {
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/voucher-programmes", Action: "programme.view", Tag: apiTag, Summary: "创新券计划与现行规则"},
		func(ctx context.Context, _ *struct{}) (*body[items[voucherProgramme]], error) {
			all, err := s.Programmes(ctx, s.db)
			out := items[voucherProgramme]{Items: []voucherProgramme{}}
			for _, p := range all {
				out.Items = append(out.Items, s.wireProgramme(p))
			}
			return &body[items[voucherProgramme]]{out}, err
		})
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/voucher-programmes/{id}", Action: "programme.view", Tag: apiTag, Summary: "一个创新券计划"},
		func(ctx context.Context, in *byID) (*body[voucherProgramme], error) {
			p, err := s.Programme(ctx, s.db, in.ID)
			return &body[voucherProgramme]{s.wireProgramme(p)}, err
		})
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/voucher-programmes/{id}/quote", Action: "programme.view", Tag: apiTag, Summary: "按规则试算一个价格的券付与自付"}, s.apiQuote)
	web.API(g, web.Op{Method: http.MethodPost, Path: apiRoot + "/voucher-programmes", Action: "programme.edit", Private: true, Money: true, Status: http.StatusCreated, Tag: apiTag, Summary: "发布一个创新券计划",
		Description: "The budget of the terms is appropriated from the funders at once."},
		func(ctx context.Context, in *struct{ Body scheme.Draft }) (*body[voucherProgramme], error) {
			p, err := s.PutProgramme(ctx, identity.SubjectOf(ctx), "", in.Body, web.RequestKey(ctx))
			return &body[voucherProgramme]{s.wireProgramme(p)}, err
		})
	web.API(g, web.Op{Method: http.MethodPost, Path: apiRoot + "/voucher-programmes/{id}/terms", Action: "programme.edit", Private: true, Money: true, Status: http.StatusCreated, Tag: apiTag, Summary: "发布一个计划的新版规则",
		Description: "The version is the last one plus one and begins on a later day; the budget follows, never below what is issued."},
		func(ctx context.Context, in *struct {
			ID   string `path:"id"`
			Body scheme.Draft
		}) (*body[voucherProgramme], error) {
			if _, err := s.Programme(ctx, s.db, in.ID); err != nil {
				return nil, err
			}
			p, err := s.PutProgramme(ctx, identity.SubjectOf(ctx), in.ID, in.Body, web.RequestKey(ctx))
			return &body[voucherProgramme]{s.wireProgramme(p)}, err
		})
}

type voucherQuote struct {
	Price   voucherMoney  `json:"price"`
	Voucher voucherMoney  `json:"voucher"`
	Own     voucherMoney  `json:"own"`
	Why     string        `json:"why,omitempty" doc:"Code of the rule that limited or refused the voucher's part"`
	Shares  []scheme.Part `json:"shares" doc:"Who funds the voucher's part: an organisation, or the role firm-region or provider-region where the order decides"`
	Lines   []voucherLine `json:"lines"`
}

func (s *Service) apiQuote(ctx context.Context, in *struct {
	ID       string `path:"id"`
	Price    int64  `query:"price" required:"true" minimum:"0" doc:"fen" example:"3000000"`
	Group    string `query:"group" doc:"Code of a group of firms in the terms"`
	Class    string `query:"class" doc:"Of the catalogue or of a service"`
	Purpose  string `query:"purpose" doc:"A code of the terms"`
	Measured int64  `query:"measured" minimum:"0" doc:"Thousandths of the unit that a rate counts: 7500 is 7.5 kW"`
}) (*body[voucherQuote], error) {
	p, err := s.Programme(ctx, s.db, in.ID)
	if err != nil {
		return nil, err
	}
	req := QuoteRequest{Programme: in.ID, Price: money.Fen(in.Price), Class: in.Class, Purpose: in.Purpose, Measured: in.Measured}
	if in.Group != "" {
		req.Groups = []string{in.Group}
	}
	q, err := s.Quote(ctx, s.db, req)
	return &body[voucherQuote]{voucherQuote{cny(money.Fen(in.Price)), cny(q.Voucher), cny(q.Own), q.Why, append([]scheme.Part{}, q.Shares...), wireLines(ctx, p.Terms, q.Lines)}}, err
}

type voucherPocket struct {
	Programme string       `json:"programme"`
	Name      scheme.Name  `json:"name"`
	Granted   money.Fen    `json:"granted"`
	Held      money.Fen    `json:"held"`
	Used      money.Fen    `json:"used"`
	Left      money.Fen    `json:"left"`
	Lapsed    money.Fen    `json:"lapsed"`
	Returned  money.Fen    `json:"returned"`
	Expires   string       `json:"expires" doc:"Last day of what ends first; empty when nothing is left"`
	Currency  string       `json:"currency"`
	Vouchers  []voucherOne `json:"vouchers"`
}

// voucherOne is one voucher of a wallet.
type voucherOne struct {
	ID        string    `json:"id"`
	Number    string    `json:"number"`
	Type      string    `json:"type,omitempty"`
	State     string    `json:"state" doc:"active, expired or returned"`
	Amount    money.Fen `json:"amount"`
	Left      money.Fen `json:"left"`
	Held      money.Fen `json:"held"`
	Used      money.Fen `json:"used"`
	IssuedOn  string    `json:"issued_on"`
	ExpiresOn string    `json:"expires_on" doc:"Last day"`
}

func (s *Service) apiWallet(ctx context.Context, _ *struct{}) (*body[items[voucherPocket]], error) {
	pockets, err := s.Wallet(ctx, s.db, identity.SubjectOf(ctx).Org)
	out := items[voucherPocket]{Items: []voucherPocket{}}
	for _, p := range pockets {
		pocket := voucherPocket{p.Programme.ID, p.Programme.Name(), p.Granted, p.Held, p.Used, p.Left, p.Lapsed, p.Returned, p.Expires, money.CNY, []voucherOne{}}
		for _, v := range p.Vouchers {
			pocket.Vouchers = append(pocket.Vouchers, voucherOne{v.ID, v.Number, v.Type, v.State, v.Amount, v.Left, v.Held, v.Used(), v.IssuedOn, v.ExpiresOn})
		}
		out.Items = append(out.Items, pocket)
	}
	return &body[items[voucherPocket]]{out}, err
}

type voucherSettlement struct {
	Payee     string    `json:"payee"`
	Funder    string    `json:"funder"`
	Payable   money.Fen `json:"payable"`
	Paid      money.Fen `json:"paid"`
	Recovered money.Fen `json:"recovered" doc:"Asked back, whether or not it has come"`
	Received  money.Fen `json:"received" doc:"Of recovered, come back"`
	Currency  string    `json:"currency"`
}

func (s *Service) apiSettlements(ctx context.Context, _ *struct{}) (*body[items[voucherSettlement]], error) {
	w := &db.Where{}
	s.policy.Filter(identity.SubjectOf(ctx), "settlement.view", map[string]string{"payee": "party", "funder": "funder"}, w)
	list, err := settlements(ctx, s.db, w)
	out := items[voucherSettlement]{Items: []voucherSettlement{}}
	for _, x := range list {
		out.Items = append(out.Items, voucherSettlement{x.Payee, x.Funder, x.Payable, x.Paid, x.Recovered, x.Received, money.CNY})
	}
	return &body[items[voucherSettlement]]{out}, err
}

// voucherStep is one entry of a timeline.
type voucherStep struct {
	At    time.Time `json:"at"`
	Actor string    `json:"actor" doc:"id of the person"`
	Verb  string    `json:"verb"`
	From  string    `json:"from"`
	To    string    `json:"to"`
	Note  string    `json:"note"`
}

func (s *Service) wireSteps(ctx context.Context, object string) ([]voucherStep, error) {
	steps, err := listSteps(ctx, s.db, object)
	out := make([]voucherStep, len(steps))
	for i, st := range steps {
		out[i] = voucherStep{st.At.Time, st.Person, st.Verb, st.From, st.To, st.Note}
	}
	return out, err
}
