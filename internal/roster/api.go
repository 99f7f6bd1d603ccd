package roster

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/web"
)

type wireList struct {
	ID     string     `json:"id"`
	Code   string     `json:"code" doc:"What terms and programs name it by" example:"tech-sme"`
	NameZH string     `json:"name_zh"`
	NameEN string     `json:"name_en,omitempty"`
	Kind   string     `json:"kind" doc:"credential or ban"`
	Issuer string     `json:"issuer,omitempty"`
	Source string     `json:"source,omitempty"`
	Region string     `json:"region"`
	Open   bool       `json:"open" doc:"Everybody may see who stands on it"`
	Sample bool       `json:"sample"`
	Rules  []wireRule `json:"rules,omitempty"`
}

type wireRule struct {
	From     string `json:"from,omitempty"`
	Validity string `json:"validity" doc:"none, months:36, year-end:0, day:1-03-31"`
	Source   string `json:"source"`
}

type wireMembership struct {
	Roster   string `json:"roster" doc:"Its code"`
	NameZH   string `json:"name_zh"`
	NameEN   string `json:"name_en,omitempty"`
	Kind     string `json:"kind" doc:"credential or ban"`
	Issuer   string `json:"issuer,omitempty"`
	Source   string `json:"source,omitempty"`
	Number   string `json:"number,omitempty"`
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty" doc:"Last day; missing: no end"`
	Evidence string `json:"evidence,omitempty"`
	Match    string `json:"match" doc:"How it was matched: code, name, person …"`
	Sample   bool   `json:"sample"`
}

type listsOut struct {
	Body struct {
		Items []wireList `json:"items"`
	}
}

type standingIn struct {
	ID string `path:"id"`
	On string `query:"on" doc:"Civil day; today unless told" example:"2026-11-21"`
}

type standingOut struct {
	Body struct {
		Items []wireMembership `json:"items"`
	}
}

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/rosters", Action: "roster.view", Tag: "party", Summary: "列出名单",
		Description: "The open lists of organisations that authorities keep, with their rules of validity."}, s.apiLists)
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/organisations/{id}/standing", Action: "roster.view", Tag: "party", Summary: "查看单位在哪些名单上",
		Description: "Open lists for everybody; all lists for the organisation itself and the authority of the list's region."}, s.apiStanding)
}

func (s *Service) apiLists(ctx context.Context, _ *struct{}) (*listsOut, error) {
	lists, err := listLists(ctx, s.db, &db.Where{})
	if err != nil {
		return nil, err
	}
	out := &listsOut{}
	out.Body.Items = []wireList{}
	by := identity.SubjectOf(ctx)
	for _, l := range lists {
		if !l.Open && s.policy.Can(by, "roster.inspect", l.object()) != nil {
			continue
		}
		if l, err = getList(ctx, s.db, l.ID); err != nil {
			return nil, err
		}
		w := wireList{ID: l.ID, Code: l.Code, NameZH: l.NameZH, NameEN: l.NameEN, Kind: l.Kind, Issuer: l.Issuer, Source: l.Source, Region: l.Region, Open: l.Open, Sample: l.Sample}
		for _, r := range l.Rules {
			w.Rules = append(w.Rules, wireRule{r.From, r.Validity, r.Source})
		}
		out.Body.Items = append(out.Body.Items, w)
	}
	return out, nil
}

func (s *Service) apiStanding(ctx context.Context, in *standingIn) (*standingOut, error) {
	if _, err := s.orgs.Organisation(ctx, s.db, in.ID); err != nil {
		return nil, err
	}
	day := in.On
	if day == "" {
		day = s.today()
	}
	list, err := s.visibleOn(ctx, identity.SubjectOf(ctx), in.ID, day)
	if err != nil {
		return nil, err
	}
	out := &standingOut{}
	out.Body.Items = make([]wireMembership, 0, len(list))
	for _, m := range list {
		out.Body.Items = append(out.Body.Items, wireMembership{Roster: m.Code, NameZH: m.NameZH, NameEN: m.NameEN, Kind: m.Kind, Issuer: m.Issuer, Source: m.Source,
			Number: m.Number, From: m.From, To: m.To, Evidence: m.Evidence, Match: m.Reason, Sample: m.Sample})
	}
	return out, nil
}
