package editor

import (
	"cmp"
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/verify"
	"qiao/internal/platform/web"
	"qiao/internal/voucher/scheme"
)

const (
	apiRoot = "/api/v1"
	apiTag  = "voucher"
)

// API registers the editor's calls.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/voucher-schemes", Action: "programme.view", Tag: apiTag, Summary: "各地已公开的创新券方案及算例",
		Description: "A rule whose source says nothing names the document \"open\"."}, s.apiSchemes)
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/voucher-programmes/{id}/diff", Action: "programme.view", Tag: apiTag, Summary: "一个计划两版规则之间的不同"}, s.apiDiff)
	web.API(g, web.Op{Method: http.MethodPost, Path: apiRoot + "/voucher-programmes/{id}/simulate", Action: "programme.edit", Private: true, Tag: apiTag, Summary: "按另一套规则测算往年已兑付订单的金额",
		Description: "Nothing is changed. Ceilings of a year count what the terms themselves would have given; quotas are not looked at. Amounts in fen."}, s.apiSimulate)
}

// Verify has nothing to derive anew: a draft moves no money.
func (s *Service) Verify(context.Context, db.Q) ([]verify.Finding, error) { return nil, nil }

type body[T any] struct{ Body T }

type schemeList struct {
	Items []scheme.Example `json:"items"`
}

func (s *Service) apiSchemes(context.Context, *struct{}) (*body[schemeList], error) {
	all, err := scheme.Examples()
	return &body[schemeList]{schemeList{all}}, err
}

type schemeChange struct {
	Rule   string   `json:"rule"`
	Old    []string `json:"old,omitempty"`
	New    []string `json:"new,omitempty"`
	OldRef string   `json:"old_clause,omitempty"`
	NewRef string   `json:"new_clause,omitempty"`
}

type schemeDiff struct {
	From    int            `json:"from"`
	To      int            `json:"to"`
	Changes []schemeChange `json:"changes"`
}

func (s *Service) apiDiff(ctx context.Context, in *struct {
	ID   string `path:"id"`
	From int    `query:"from" doc:"Version; the one before to when left out"`
	To   int    `query:"to" doc:"Version; the newest when left out"`
}) (*body[schemeDiff], error) {
	p, err := s.programmes.Programme(ctx, s.db, in.ID)
	if err != nil {
		return nil, err
	}
	versions, err := s.programmes.Versions(ctx, s.db, p.ID)
	if err != nil {
		return nil, err
	}
	find := func(n int) (scheme.Terms, error) {
		for _, terms := range versions {
			if terms.Version == n {
				return terms, nil
			}
		}
		return scheme.Terms{}, fault.New(fault.NotFound, "version-not-found", "这个计划没有第 {0} 版规则。", n)
	}
	to := cmp.Or(in.To, versions[0].Version)
	from := cmp.Or(in.From, max(to-1, 1))
	old, err := find(from)
	if err != nil {
		return nil, err
	}
	now, err := find(to)
	if err != nil {
		return nil, err
	}
	list, err := s.between(ctx, p, old, now)
	out := schemeDiff{From: from, To: to, Changes: []schemeChange{}}
	for _, c := range list {
		out.Changes = append(out.Changes, schemeChange{c.Label, c.Old, c.New, c.OldCite, c.NewCite})
	}
	return &body[schemeDiff]{out}, err
}

type simulateBody struct {
	Programme scheme.Draft `json:"programme" doc:"The programme with the terms to be tried"`
	From      string       `json:"from,omitempty" doc:"First day on which orders were committed; a year ago when left out"`
	To        string       `json:"to,omitempty" doc:"Last day; today when left out"`
}

type simulatedSum struct {
	Key    string    `json:"key"`
	Firms  int       `json:"firms"`
	Orders int       `json:"orders"`
	Price  money.Fen `json:"price"`
	Paid   money.Fen `json:"paid" doc:"As it was"`
	Cost   money.Fen `json:"cost" doc:"By the terms that were tried"`
	Reward money.Fen `json:"reward"`
}

type simulated struct {
	From      string         `json:"from"`
	To        string         `json:"to"`
	All       simulatedSum   `json:"all"`
	ByFirm    []simulatedSum `json:"by_firm" doc:"By group of firms in the terms, else by capacity"`
	ByRegion  []simulatedSum `json:"by_provider_region"`
	ByMonth   []simulatedSum `json:"by_month"`
	Funders   []scheme.Part  `json:"funders"`
	Currency  string         `json:"currency"`
	MoreOrder int            `json:"orders_with_more"`
	LessOrder int            `json:"orders_with_less"`
}

func (s *Service) apiSimulate(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body simulateBody
}) (*body[simulated], error) {
	p, err := s.programmes.Programme(ctx, s.db, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.mayEdit(identity.SubjectOf(ctx), p.Authority, p.Region); err != nil {
		return nil, err
	}
	if err := in.Body.Programme.Validate(); err != nil {
		return nil, err
	}
	span, err := s.lastYear()
	if err != nil {
		return nil, err
	}
	span = Span{cmp.Or(in.Body.From, span.From), cmp.Or(in.Body.To, span.To)}
	r, err := s.Simulate(ctx, s.db, p.ID, in.Body.Programme.Terms, span)
	if err != nil {
		return nil, err
	}
	return &body[simulated]{simulated{
		From: span.From, To: span.To, All: wire(r.All), ByFirm: wireAll(r.BySort), ByRegion: wireAll(r.ByRegion), ByMonth: wireAll(r.ByMonth),
		Funders: append([]scheme.Part{}, r.Funders...), Currency: money.CNY, MoreOrder: r.All.More, LessOrder: r.All.Fewer,
	}}, nil
}

func wire(x scheme.Tally) simulatedSum {
	return simulatedSum{x.Key, x.Firms, x.Deeds, x.Price, x.Paid, x.Cost, x.Reward}
}

func wireAll(list []scheme.Tally) []simulatedSum {
	out := make([]simulatedSum, len(list))
	for i, x := range list {
		out[i] = wire(x)
	}
	return out
}
