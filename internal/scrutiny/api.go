package scrutiny

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

const (
	apiRoot = "/api/v1"
	apiTag  = "核查"
)

type flagWire struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind" enum:"related,double,report,circle,times,splitting,shared,price"`
	Severity  string    `json:"severity" enum:"high,medium,low"`
	Order     string    `json:"order"`
	Number    string    `json:"number" doc:"Of the order"`
	Claim     string    `json:"claim,omitempty" doc:"The redemption it stands in"`
	Firm      string    `json:"firm"`
	Provider  string    `json:"provider"`
	Amount    money.Fen `json:"amount" doc:"fen: the voucher's part"`
	State     string    `json:"state" enum:"open,dismissed,upheld"`
	Outcome   string    `json:"outcome,omitempty" enum:"none,refuse,check,recover"`
	Rule      string    `json:"rule" doc:"First day of the rules it was found by"`
	Evidence  []Line    `json:"evidence"`
	CreatedAt db.Time   `json:"created_at"`
}

func (f Flag) wire() flagWire {
	return flagWire{f.ID, f.Kind, f.Severity, f.Order, f.Number, f.Claim, f.Firm, f.Provider, f.Amount, f.State, f.Outcome, f.Rule, f.Lines(), f.CreatedAt}
}

type drawWire struct {
	ID         string   `json:"id"`
	Number     string   `json:"number"`
	Programme  string   `json:"programme"`
	From       string   `json:"from"`
	To         string   `json:"to"`
	Share      int64    `json:"share" doc:"Hundredths of a percent"`
	Stratify   string   `json:"stratify" enum:"none,amount,provider"`
	Population int64    `json:"population"`
	Drawn      int64    `json:"drawn"`
	List       string   `json:"list_sha256" doc:"Of the list as it was closed: /spot-checks/{id}/list"`
	Source     string   `json:"source" doc:"Where the number comes from"`
	Announced  string   `json:"announced,omitempty"`
	Seed       string   `json:"seed,omitempty" doc:"SHA-256 of list_sha256, a line feed and the number"`
	State      string   `json:"state" enum:"closed,drawn"`
	Chosen     []string `json:"chosen,omitempty" doc:"Numbers of the redemptions drawn"`
}

type sanctionWire struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Org    string `json:"organisation"`
	Side   string `json:"side" enum:"firm,provider"`
	From   string `json:"from"`
	To     string `json:"to"`
	State  string `json:"state"`
}

type (
	wrapped[T any] struct{ Body T }
	listed[T any]  struct {
		Items []T `json:"items"`
	}
	oneID struct {
		ID string `path:"id"`
	}
	flagsIn struct {
		State string `query:"state" enum:"open,dismissed,upheld"`
	}
	decideIn struct {
		ID   string `path:"id"`
		Body struct {
			Outcome string `json:"outcome" enum:"dismiss,none,refuse,check,recover" doc:"dismiss: it is explained; the others uphold it"`
			Note    string `json:"note" doc:"The parties read it"`
		}
	}
)

// API are the module's calls.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/scrutiny", Action: "scrutiny.view", Private: true, Tag: apiTag, Summary: "我能看到的疑点及证据"}, s.apiFlags)
	web.API(g, web.Op{Method: http.MethodPost, Path: apiRoot + "/scrutiny/{id}/decide", Action: "scrutiny.decide", Private: true, Tag: apiTag, Summary: "核实一条疑点"}, s.apiDecide)
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/spot-checks/{id}", Action: "scrutiny.public", Tag: apiTag, Summary: "一次兑付抽查：名单哈希、号码、种子和结果"}, s.apiDraw)
	web.API(g, web.Op{Method: http.MethodGet, Path: apiRoot + "/sanctions", Action: "scrutiny.public", Tag: apiTag, Summary: "依规则公开的、生效中的处理"}, s.apiSanctions)
}

func (s *Service) apiFlags(ctx context.Context, in *flagsIn) (*wrapped[listed[flagWire]], error) {
	var w db.Where
	s.Policy.Filter(identity.SubjectOf(ctx), "scrutiny.view", sidesOf("firm", "provider"), &w)
	if in.State != "" {
		w.And("state = ?", in.State)
	}
	list, err := listFlags(ctx, s.DB, &w, shown)
	out := listed[flagWire]{Items: []flagWire{}}
	by := identity.SubjectOf(ctx)
	for _, f := range list {
		x := f.wire()
		if s.Policy.Can(by, "scrutiny.inspect", f.object()) != nil {
			x.Evidence = f.shownTo(by.Org)
		}
		out.Items = append(out.Items, x)
	}
	return &wrapped[listed[flagWire]]{out}, err
}

func (s *Service) apiDecide(ctx context.Context, in *decideIn) (*wrapped[flagWire], error) {
	d := Decision{Verb: "uphold", Outcome: in.Body.Outcome, Note: in.Body.Note, Key: web.RequestKey(ctx)}
	if d.Outcome == "dismiss" {
		d.Verb = "dismiss"
	}
	f, err := s.Decide(ctx, identity.SubjectOf(ctx), in.ID, d)
	return &wrapped[flagWire]{f.wire()}, err
}

func (s *Service) apiDraw(ctx context.Context, in *oneID) (*wrapped[drawWire], error) {
	d, err := getDraw(ctx, s.DB, in.ID)
	if err != nil {
		return nil, err
	}
	out := drawWire{d.ID, d.Number, d.Programme, d.From, d.To, d.Share, d.Stratify, d.Population, d.Drawn, d.List, d.Source, d.Announced, d.Seed, d.State, nil}
	if d.State != DrawnSt {
		return &wrapped[drawWire]{out}, nil
	}
	lots, err := s.lotsOf(ctx, d, d.Seed)
	for _, x := range lots {
		if x.Chosen {
			out.Chosen = append(out.Chosen, x.Item.Number)
		}
	}
	return &wrapped[drawWire]{out}, err
}

func (s *Service) apiSanctions(ctx context.Context, _ *struct{}) (*wrapped[listed[sanctionWire]], error) {
	out := listed[sanctionWire]{Items: []sanctionWire{}}
	if !s.rules().Sanction.Public {
		return &wrapped[listed[sanctionWire]]{out}, nil
	}
	var w db.Where
	w.In("state", inForce())
	w.And("open = ?", true)
	list, err := listSanctions(ctx, s.DB, &w, shown)
	for _, x := range list {
		out.Items = append(out.Items, sanctionWire{x.ID, x.Number, x.Org, x.Side, x.From, x.To, x.State})
	}
	return &wrapped[listed[sanctionWire]]{out}, err
}
