package duplicate

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/web"
)

type reasonJSON struct {
	Code    string `json:"code"`
	Text    string `json:"text"`
	Against bool   `json:"against,omitempty" doc:"It speaks against their being one"`
}

type pairJSON struct {
	ID      string       `json:"id"`
	Records []string     `json:"records" doc:"Ids of the two resources"`
	Kind    string       `json:"kind"`
	Score   float64      `json:"score" doc:"0 to 1"`
	Reasons []reasonJSON `json:"reasons"`
	State   string       `json:"state" doc:"open, later, proposed, merged, different or gone"`
	Keep    string       `json:"keep,omitempty" doc:"The record that stays, once proposed or merged"`
	Verbs   []string     `json:"verbs,omitempty" doc:"What you may do now"`
}

type listInput struct {
	State  string `query:"state" enum:"open,later,proposed,merged,different" doc:"open unless told"`
	Kind   string `query:"kind"`
	Limit  int    `query:"limit" minimum:"0" maximum:"100"`
	Cursor string `query:"cursor"`
}

type listOutput struct {
	Body struct {
		Items  []pairJSON       `json:"items"`
		Counts map[string]int64 `json:"counts" doc:"By state"`
		Next   string           `json:"next,omitempty"`
	}
}

type pairInput struct {
	ID string `path:"id"`
}

type pairOutput struct{ Body pairJSON }

type verbInput struct {
	ID   string `path:"id"`
	Verb string `path:"verb" enum:"merge,propose,agree,refuse,different,later,take-back,reopen,undo"`
	Body struct {
		Keep string   `json:"keep,omitempty" doc:"merge, propose: the record that stays"`
		Take []string `json:"take,omitempty" doc:"merge, propose: names of the fields whose value comes from the other record"`
		Days int      `json:"days,omitempty" doc:"later: natural days, 30 unless told"`
		Note string   `json:"note,omitempty"`
	}
}

type resolveInput struct {
	Q string `query:"q" maxLength:"300" doc:"A name, former name, abbreviation, pinyin or English name" example:"浙大"`
}

type hitJSON struct {
	ID     string     `json:"id"`
	NameZH string     `json:"name_zh"`
	NameEN string     `json:"name_en,omitempty"`
	ROR    string     `json:"ror,omitempty"`
	Region string     `json:"region"`
	Status string     `json:"status"`
	Score  float64    `json:"score"`
	Why    reasonJSON `json:"why"`
}

type resolveOutput struct {
	Body struct {
		Items []hitJSON `json:"items"`
	}
}

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/duplicates", Action: "duplicate.view", Tag: "duplicate", Summary: "列出可能重复的记录", Private: true}, s.apiList)
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/duplicates/{id}", Action: "duplicate.view", Tag: "duplicate", Summary: "查看一对记录", Private: true}, s.apiPair)
	web.API(g, web.Op{Method: http.MethodPost, Path: "/api/v1/duplicates/{id}/{verb}", Action: "duplicate.view", Tag: "duplicate", Summary: "判断一对记录", Private: true,
		Description: "Merging can be undone. Who may do what in which state is the state table; the permission of each verb is duplicate.VERB."}, s.apiVerb)
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/organisation-names", Action: "organisation.view", Tag: "duplicate", Summary: "一个名称指的是哪个单位"}, s.apiResolve)
}

func wireReasons(ctx context.Context, list []Reason) []reasonJSON {
	out := make([]reasonJSON, 0, len(list))
	for _, r := range list {
		out = append(out, reasonJSON{r.Code, r.say(ctx), r.Con})
	}
	return out
}

func (s *Service) wire(ctx context.Context, by identity.Subject, p Pair) (pairJSON, error) {
	reasons, err := p.Reasons()
	out := pairJSON{ID: p.ID, Records: []string{p.First, p.Second}, Kind: p.Kind, Score: float64(p.Score) / 1000, Reasons: wireReasons(ctx, reasons), State: p.State, Keep: p.Keep}
	for _, st := range s.Moves(by, p) {
		out.Verbs = append(out.Verbs, st.Verb)
	}
	return out, err
}

func (s *Service) apiList(ctx context.Context, in *listInput) (*listOutput, error) {
	at, err := web.DecodeCursor(in.Cursor, 2)
	if err != nil {
		return nil, err
	}
	by := identity.SubjectOf(ctx)
	l, err := s.List(ctx, by, ListRequest{State: in.State, Kind: in.Kind, After: [2]string{at[0], at[1]}, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.Items, out.Body.Counts = make([]pairJSON, 0, len(l.Items)), l.Counts
	for _, p := range l.Items {
		one, err := s.wire(ctx, by, p)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	if l.Next[1] != "" {
		out.Body.Next = web.EncodeCursor(l.Next[0], l.Next[1])
	}
	return out, nil
}

func (s *Service) apiPair(ctx context.Context, in *pairInput) (*pairOutput, error) {
	by := identity.SubjectOf(ctx)
	v, err := s.Show(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	one, err := s.wire(ctx, by, v.Pair)
	return &pairOutput{one}, err
}

func (s *Service) apiVerb(ctx context.Context, in *verbInput) (*pairOutput, error) {
	by := identity.SubjectOf(ctx)
	p, _, err := s.Do(ctx, by, in.ID, in.Verb, Decision{Keep: in.Body.Keep, Take: in.Body.Take, Days: in.Body.Days, Note: in.Body.Note})
	if err != nil {
		return nil, err
	}
	one, err := s.wire(ctx, by, p)
	return &pairOutput{one}, err
}

func (s *Service) apiResolve(ctx context.Context, in *resolveInput) (*resolveOutput, error) {
	hits, err := s.Resolve(ctx, s.DB, in.Q)
	if err != nil {
		return nil, err
	}
	out := &resolveOutput{}
	out.Body.Items = make([]hitJSON, 0, len(hits))
	for _, h := range hits {
		if h.Org.Status != identity.StatusUnclaimed && h.Org.Status != identity.StatusVerified {
			continue // it has no public page yet
		}
		out.Body.Items = append(out.Body.Items, hitJSON{h.Org.ID, h.Org.NameZH, h.Org.NameEN, h.Org.ROR, h.Org.Region, h.Org.Status, float64(h.Score) / 1000, reasonJSON{Code: h.Why.Code, Text: h.Why.say(ctx)}})
	}
	return out, nil
}
