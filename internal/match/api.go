package match

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/web"
)

type listInput struct {
	Scope  string `query:"scope" enum:"public,mine,addressed,inspect" doc:"Whose needs: your organisation's; those that concern it; all you may inspect. Without it the public, masked list"`
	State  string `query:"state" enum:"draft,published,matched,agreed,closed"`
	Region string `query:"region" doc:"Six digits; its subtree counts" example:"330400"`
	Limit  int    `query:"limit" minimum:"0" maximum:"100" doc:"20 unless told"`
	Cursor string `query:"cursor" doc:"The next of the page before"`
}

type listOutput struct {
	Body struct {
		Items []needJSON `json:"items"`
		Total int64      `json:"total"`
		Next  string     `json:"next,omitempty" doc:"Cursor of the next page"`
	}
}

type createInput struct {
	Body struct {
		Text         string `json:"text" doc:"The need in your own words, 8 to 4,000 characters"`
		Region       string `json:"region,omitempty" doc:"Six digits; your organisation's own without it"`
		Confidential bool   `json:"confidential,omitempty" doc:"Others see only its field and region"`
		Publish      bool   `json:"publish,omitempty" doc:"Publish at once; else it stays a draft, for which candidates can be read too"`
	}
}

type needOutput struct{ Body needJSON }

type needInput struct {
	ID string `path:"id"`
}

type verbInput struct {
	ID   string `path:"id"`
	Verb string `path:"verb" enum:"publish,invite,respond,accept,decline,meet,agree,follow-up,close"`
	Body struct {
		Resource string `json:"resource,omitempty" doc:"The candidate: needed for invite, respond, accept and decline; for agree where several are accepted"`
		Code     string `json:"code,omitempty" doc:"decline: not-relevant, not-capable, too-dear, too-late, too-far, no-certificate, no-answer, other. close: done or failed once agreed; elsewhere, no-offer or invalid before"`
		Note     string `json:"note,omitempty" doc:"Needed for respond, meet and follow-up"`
	}
}

type candidatesOutput struct {
	Body struct {
		Items []candidateJSON `json:"items"`
	}
}

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	text := map[string]any{"text": "产品表面是耐磨涂层，要做中性盐雾 480 小时，并测厚度和结合力，需要 CMA 报告。", "confidential": false} //i18n:data example of a request
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/needs", Action: "need.view", Tag: "match", Summary: "列出需求"}, s.apiList)
	web.API(g, web.Op{Method: http.MethodPost, Path: "/api/v1/needs", Action: "need.create", Tag: "match", Summary: "提出需求", Status: http.StatusCreated,
		Private: true, Example: text}, s.apiCreate)
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/needs/{id}", Action: "need.view", Tag: "match", Summary: "查看需求"}, s.apiNeed)
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/needs/{id}/candidates", Action: "need.candidates", Tag: "match", Summary: "查看候选及理由",
		Private: true, Description: "Best first; accepted ones and answers come before, declined ones at the end."}, s.apiCandidates)
	web.API(g, web.Op{Method: http.MethodPost, Path: "/api/v1/needs/{id}/{verb}", Action: "need.manage", Tag: "match", Summary: "办理需求",
		Private: true, Description: "Who may do what in which state is the state table of needs; the permission of each verb is need.VERB."}, s.apiVerb)
}

func (s *Service) apiList(ctx context.Context, in *listInput) (*listOutput, error) {
	at, err := web.DecodeCursor(in.Cursor, 1)
	if err != nil {
		return nil, err
	}
	by := identity.SubjectOf(ctx)
	p, err := s.List(ctx, by, ListRequest{Scope: in.Scope, State: in.State, Region: in.Region, Limit: in.Limit, After: at[0]})
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.Total, out.Body.Items = p.Total, make([]needJSON, 0, len(p.Items))
	if p.Next != "" {
		out.Body.Next = web.EncodeCursor(p.Next)
	}
	for _, v := range p.Items {
		out.Body.Items = append(out.Body.Items, wireNeed(ctx, v, nil, nil))
	}
	return out, nil
}

func (s *Service) apiCreate(ctx context.Context, in *createInput) (*needOutput, error) {
	by := identity.SubjectOf(ctx)
	n, err := s.Create(ctx, by, CreateRequest{
		Text: in.Body.Text, Region: in.Body.Region, Confidential: in.Body.Confidential, Publish: in.Body.Publish, Key: web.RequestKey(ctx),
	})
	if err != nil {
		return nil, err
	}
	return s.oneNeed(ctx, by, n.ID)
}

func (s *Service) apiNeed(ctx context.Context, in *needInput) (*needOutput, error) {
	return s.oneNeed(ctx, identity.SubjectOf(ctx), in.ID)
}

func (s *Service) oneNeed(ctx context.Context, by identity.Subject, needID string) (*needOutput, error) {
	v, err := s.view(ctx, by, needID)
	if err != nil {
		return nil, err
	}
	return &needOutput{Body: wireNeed(ctx, v.Shown, v.Moves, v.timeline())}, nil
}

func (s *Service) apiCandidates(ctx context.Context, in *needInput) (*candidatesOutput, error) {
	list, err := s.Candidates(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out := &candidatesOutput{}
	out.Body.Items = make([]candidateJSON, 0, len(list))
	for _, c := range list {
		out.Body.Items = append(out.Body.Items, wireCandidate(ctx, c))
	}
	return out, nil
}

func (s *Service) apiVerb(ctx context.Context, in *verbInput) (*needOutput, error) {
	by := identity.SubjectOf(ctx)
	n, err := s.Do(ctx, by, in.ID, in.Verb, VerbRequest{Resource: in.Body.Resource, Code: in.Body.Code, Note: in.Body.Note, Key: web.RequestKey(ctx)})
	if err != nil {
		return nil, err
	}
	return s.oneNeed(ctx, by, n.ID)
}
