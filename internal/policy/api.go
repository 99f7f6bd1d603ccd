package policy

import (
	"context"
	"net/http"
	"strings"

	"qiao/internal/platform/web"
)

type callsInput struct {
	Q      string `query:"q" doc:"Words that must occur in the title or the agency" example:"科技计划"`
	State  string `query:"state" enum:"open,closed,unknown" doc:"By the deadline and today's date; unknown: the source gives no readable deadline"`
	Limit  int    `query:"limit" minimum:"0" maximum:"100" doc:"20 unless told"`
	Cursor string `query:"cursor" doc:"The next of the page before"`
}

type callJSON struct {
	ID          string   `json:"id"`
	Kind        string   `json:"kind" doc:"Always call: a call for proposals" example:"call"`
	Title       string   `json:"title"`
	Agency      string   `json:"agency"`
	Published   string   `json:"published,omitempty" doc:"YYYY-MM-DD; missing when the source has no readable date"`
	Deadline    string   `json:"deadline,omitempty" doc:"YYYY-MM-DD, the last day; missing when the source has no readable date"`
	State       string   `json:"state" doc:"open, closed or unknown"`
	Rosters     []string `json:"rosters" doc:"Codes of the lists of organisations that the title asks for: hnte, tech-sme …"`
	Historic    bool     `json:"historic" doc:"More than two years old"`
	Flags       []string `json:"flags" doc:"What is wrong with the record in its source"`
	Source      string   `json:"source"`
	SourceID    string   `json:"source_id"`
	Licence     string   `json:"licence"`
	RetrievedOn string   `json:"retrieved_on"`
}

type callsOutput struct {
	Body struct {
		Items []callJSON `json:"items"`
		Total int64      `json:"total"`
		Next  string     `json:"next,omitempty" doc:"Cursor of the next page"`
	}
}

type callInput struct {
	ID string `path:"id"`
}

type callOutput struct{ Body callJSON }

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/policies", Action: "policy.view", Tag: "policy", Summary: "查找申报通知",
		Description: "So far policies are calls for proposals from public sources, newest first."}, s.apiCalls)
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/policies/{id}", Action: "policy.view", Tag: "policy", Summary: "查看一条申报通知"}, s.apiCall)
}

func (s *Service) apiCalls(ctx context.Context, in *callsInput) (*callsOutput, error) {
	place, err := web.DecodeCursor(in.Cursor, 2)
	if err != nil {
		return nil, err
	}
	page, err := s.Calls(ctx, Query{Text: in.Q, State: in.State, Limit: in.Limit, After: cursor(place)})
	if err != nil {
		return nil, err
	}
	out := &callsOutput{}
	out.Body.Items = make([]callJSON, 0, len(page.Items))
	for _, c := range page.Items {
		out.Body.Items = append(out.Body.Items, s.wire(c))
	}
	out.Body.Total, out.Body.Next = page.Total, page.encoded()
	return out, nil
}

func (s *Service) apiCall(ctx context.Context, in *callInput) (*callOutput, error) {
	c, err := s.Call(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &callOutput{Body: s.wire(c)}, nil
}

func (s *Service) wire(c Call) callJSON {
	lists := []string{}
	for _, a := range c.asks(s.asked) {
		lists = append(lists, a.Code)
	}
	return callJSON{
		Rosters: lists, ID: c.ID, Kind: "call", Title: c.Title, Agency: c.Agency, Published: c.Published, Deadline: c.Deadline,
		State: c.State(s.today()), Historic: c.Historic(s.today()), Flags: append([]string{}, strings.Fields(c.Flags)...),
		Source: c.Source, SourceID: c.SourceID, Licence: c.Licence, RetrievedOn: c.RetrievedOn,
	}
}
