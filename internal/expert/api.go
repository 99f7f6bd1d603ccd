package expert

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, action, summary, description string) web.Op {
		return web.Op{Method: method, Path: "/api/v1" + path, Action: action, Tag: "expert", Summary: summary, Description: description, Private: action != "expert.view"}
	}
	web.API(g, op(http.MethodGet, "/expert-purposes", "expert.view", "列出个人信息的用途", "What a person agrees to one by one, as it is worded now, with its legal source."), s.apiPurposes)
	web.API(g, op(http.MethodGet, "/experts/{id}", "expert.view", "查看专家的专长与依据", "What supports each expertise, whether the person has claimed the record, and whether they may be asked for contact. Never an address."), s.apiPublic)
	web.API(g, op(http.MethodGet, "/expert", "expert.own", "关于我的信息", "All that is kept about the subject, one item for each record that is theirs."), s.apiAbout)
	file := op(http.MethodPost, "/experts/{id}/claim", "expert.claim", "认领专家记录", "This is me. Verified by the institution, the authority or the operator.")
	file.Status = http.StatusCreated
	web.API(g, file, s.apiFile)
	web.API(g, op(http.MethodPost, "/expert-claims/{id}/verify", "expert.verify", "核实认领", ""), s.apiClaim("verify"))
	web.API(g, op(http.MethodPost, "/expert-claims/{id}/refuse", "expert.verify", "认领不通过", "With a reason that the person sees."), s.apiClaim("refuse"))
	web.API(g, op(http.MethodPost, "/expert-claims/{id}/withdraw", "expert.claim", "撤回认领", ""), s.apiClaim("withdraw"))
	web.API(g, op(http.MethodPost, "/experts/{id}/consents/{purpose}", "expert.own", "同意一项用途", "The version must be the one in force: nobody agrees to what they did not read."), s.apiGive)
	web.API(g, op(http.MethodDelete, "/experts/{id}/consents/{purpose}", "expert.own", "撤回同意", "At once: the record leaves what it was agreed to."), s.apiRevoke)
	ask := op(http.MethodPost, "/experts/{id}/contact", "expert.contact", "请求联系专家", "Refused where the person has not agreed to be asked. Addresses are seen only after they accepted.")
	ask.Status = http.StatusCreated
	web.API(g, ask, s.apiAsk)
	web.API(g, op(http.MethodGet, "/contacts/{id}", "expert.contact", "查看联系请求", "With the addresses while it is accepted; each look is kept for the person to see."), s.apiRequest)
	for _, verb := range []string{"accept", "decline", "end"} {
		web.API(g, op(http.MethodPost, "/contacts/{id}/"+verb, "expert.own", "答复联系请求", ""), s.apiAnswer(verb))
	}
	web.API(g, op(http.MethodPost, "/contacts/{id}/withdraw", "expert.contact", "撤回联系请求", ""), s.apiAnswer("withdraw"))
	declare := op(http.MethodPost, "/experts/{id}/interests", "expert.own", "申报利益关系", "")
	declare.Status = http.StatusCreated
	web.API(g, declare, s.apiDeclare)
	web.API(g, op(http.MethodGet, "/experts/{id}/conflicts", "expert.conflict", "查询利益冲突", "The ties that rule a person out for an organisation on a day, with the rule that makes each count."), s.apiConflicts)
	erase := op(http.MethodDelete, "/experts/{id}", "expert.own", "删除我的信息", "Everything kept about the subject; keyed hashes stay by which a later import is refused.")
	erase.Status = http.StatusNoContent
	web.API(g, erase, s.apiErase)
}

type idIn struct {
	ID string `path:"id"`
}

type purposeBody struct {
	Purpose string `json:"purpose" doc:"publish contact match review share"`
	Version string `json:"version"`
	Name    string `json:"name"`
	Text    string `json:"text"`
	Source  string `json:"source"`
	SHA256  string `json:"sha256"`
}

type purposesOut struct {
	Body struct {
		Items []purposeBody `json:"items"`
	}
}

func (s *Service) apiPurposes(ctx context.Context, _ *struct{}) (*purposesOut, error) {
	out := &purposesOut{}
	for _, p := range s.rules.purposes(s.today()) {
		out.Body.Items = append(out.Body.Items, purposeBody{p.Code, p.Version, p.Name.in(ctx), p.Text.in(ctx), p.Source.in(ctx), p.SHA256()})
	}
	return out, nil
}

type publicBody struct {
	ID        string     `json:"id"`
	ClaimedOn string     `json:"claimed_on,omitempty" doc:"Left out: nobody has claimed it"`
	Areas     []Area     `json:"areas"`
	Evidence  []Evidence `json:"evidence"`
	Reachable bool       `json:"reachable" doc:"May be asked for contact"`
	Reason    string     `json:"reason,omitempty" doc:"Why not"`
}

type publicOut struct{ Body publicBody }

func (s *Service) apiPublic(ctx context.Context, in *idIn) (*publicOut, error) {
	r, err := s.record(ctx, s.db, in.ID)
	if err != nil {
		return nil, err
	}
	p, err := s.Public(ctx, s.db, r.ID)
	if err != nil {
		return nil, err
	}
	return &publicOut{publicBody{ID: r.ID, ClaimedOn: p.Claimed, Areas: orEmpty(p.Areas), Evidence: orEmpty(p.Evidence), Reachable: p.Reach == nil, Reason: sentence(ctx, p.Reach)}}, nil
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// aboutBody is all that is kept about a person for one record.
type aboutBody struct {
	ID          string           `json:"id"`
	NameZH      string           `json:"name_zh"`
	NameEN      string           `json:"name_en"`
	Summary     string           `json:"summary"`
	Fields      map[string]any   `json:"fields"`
	Public      bool             `json:"public" doc:"The record stands in the catalogue"`
	ClaimedOn   string           `json:"claimed_on"`
	ORCID       string           `json:"orcid"`
	Email       string           `json:"email"`
	Phone       string           `json:"phone"`
	Evidence    []Evidence       `json:"evidence"`
	Areas       []Area           `json:"areas"`
	Consents    []Consent        `json:"consents"`
	Interests   []Interest       `json:"interests"`
	Claims      []claimBody      `json:"claims"`
	Requests    []requestBody    `json:"requests"`
	Disclosures []disclosureBody `json:"disclosures" doc:"Who saw the addresses"`
}

type disclosureBody struct {
	Request string `json:"request"`
	Org     string `json:"organisation"`
	Day     string `json:"day"`
}

func wireAbout(a About) aboutBody {
	out := aboutBody{
		ID: a.Profile.Resource, NameZH: a.Record.NameZH, NameEN: a.Record.NameEN, Summary: a.Record.Summary, Fields: a.Record.Fields, Public: a.Record.Live(), ClaimedOn: a.Profile.ClaimedOn, ORCID: a.Profile.ORCID,
		Email: a.Profile.Email, Phone: a.Profile.Phone, Evidence: orEmpty(a.Evidence), Areas: orEmpty(a.Areas), Consents: orEmpty(a.Consents), Interests: orEmpty(a.Interests),
		Claims: []claimBody{}, Requests: []requestBody{}, Disclosures: []disclosureBody{},
	}
	for _, c := range a.Claims {
		out.Claims = append(out.Claims, wireClaim(c))
	}
	for _, r := range a.Requests {
		out.Requests = append(out.Requests, wireRequest(r, Addresses{}))
	}
	for _, d := range a.Disclosures {
		out.Disclosures = append(out.Disclosures, disclosureBody{d.Request, d.Org, d.Day})
	}
	return out
}

type aboutOut struct {
	Body struct {
		Items []aboutBody `json:"items"`
	}
}

func (s *Service) apiAbout(ctx context.Context, _ *struct{}) (*aboutOut, error) {
	list, err := s.Abouts(ctx, identity.SubjectOf(ctx))
	if err != nil {
		return nil, err
	}
	out := &aboutOut{}
	out.Body.Items = []aboutBody{}
	for _, a := range list {
		out.Body.Items = append(out.Body.Items, wireAbout(a))
	}
	return out, nil
}

type claimBody struct {
	ID          string `json:"id"`
	Resource    string `json:"resource"`
	State       string `json:"state" doc:"filed verified refused withdrawn"`
	ORCID       string `json:"orcid,omitempty"`
	Institution string `json:"institution"`
	Reasons     string `json:"reasons"`
	Note        string `json:"note,omitempty" doc:"Why it was refused"`
	FiledOn     string `json:"filed_on"`
}

type claimOut struct{ Body claimBody }

func wireClaim(c Claim) claimBody {
	return claimBody{c.ID, c.Resource, c.State, c.ORCID, c.Institution, c.Reasons, c.Note, c.FiledOn}
}

type fileIn struct {
	ID   string `path:"id"`
	Body struct {
		ORCID       string `json:"orcid,omitempty"`
		Institution string `json:"institution"`
		Reasons     string `json:"reasons"`
	}
}

func (s *Service) apiFile(ctx context.Context, in *fileIn) (*claimOut, error) {
	c, err := s.File(ctx, identity.SubjectOf(ctx), in.ID, ClaimDraft{in.Body.ORCID, in.Body.Institution, in.Body.Reasons})
	if err != nil {
		return nil, err
	}
	return &claimOut{wireClaim(c)}, nil
}

type noteIn struct {
	ID   string `path:"id"`
	Body *struct {
		Note string `json:"note,omitempty"`
	}
}

func (in noteIn) note() string {
	if in.Body == nil {
		return ""
	}
	return in.Body.Note
}

func (s *Service) apiClaim(verb string) func(context.Context, *noteIn) (*claimOut, error) {
	return func(ctx context.Context, in *noteIn) (*claimOut, error) {
		c, err := s.DoClaim(ctx, identity.SubjectOf(ctx), in.ID, verb, in.note())
		if err != nil {
			return nil, err
		}
		return &claimOut{wireClaim(c)}, nil
	}
}

type giveIn struct {
	ID      string `path:"id"`
	Purpose string `path:"purpose"`
	Body    struct {
		Version string `json:"version" doc:"Of the wording that was read"`
	}
}

type consentOut struct{ Body Consent }

func (s *Service) apiGive(ctx context.Context, in *giveIn) (*consentOut, error) {
	c, err := s.Give(ctx, identity.SubjectOf(ctx), in.ID, in.Purpose, in.Body.Version)
	if err != nil {
		return nil, err
	}
	return &consentOut{c}, nil
}

type revokeIn struct {
	ID      string `path:"id"`
	Purpose string `path:"purpose"`
}

func (s *Service) apiRevoke(ctx context.Context, in *revokeIn) (*struct{}, error) {
	return nil, s.Revoke(ctx, identity.SubjectOf(ctx), in.ID, in.Purpose)
}

type requestBody struct {
	ID       string `json:"id"`
	Resource string `json:"resource"`
	Firm     string `json:"firm" doc:"Organisation that asks"`
	State    string `json:"state" doc:"sent accepted declined withdrawn closed"`
	Subject  string `json:"subject"`
	Message  string `json:"message"`
	Note     string `json:"note,omitempty" doc:"The expert's answer"`
	SentOn   string `json:"sent_on"`
	Email    string `json:"email,omitempty"`
	Phone    string `json:"phone,omitempty"`
}

type requestOut struct{ Body requestBody }

func wireRequest(r Request, a Addresses) requestBody {
	return requestBody{r.ID, r.Resource, r.Firm, r.State, r.Subject, r.Message, r.Note, r.SentOn, a.Email, a.Phone}
}

type askIn struct {
	ID   string `path:"id"`
	Key  string `header:"Idempotency-Key"`
	Body struct {
		Subject string `json:"subject"`
		Message string `json:"message"`
	}
}

func (s *Service) apiAsk(ctx context.Context, in *askIn) (*requestOut, error) {
	r, err := s.Ask(ctx, identity.SubjectOf(ctx), in.Key, in.ID, Asking{in.Body.Subject, in.Body.Message})
	if err != nil {
		return nil, err
	}
	return &requestOut{wireRequest(r, Addresses{})}, nil
}

func (s *Service) apiRequest(ctx context.Context, in *idIn) (*requestOut, error) {
	r, a, err := s.RequestOf(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &requestOut{wireRequest(r, a)}, nil
}

func (s *Service) apiAnswer(verb string) func(context.Context, *noteIn) (*requestOut, error) {
	return func(ctx context.Context, in *noteIn) (*requestOut, error) {
		r, err := s.DoRequest(ctx, identity.SubjectOf(ctx), in.ID, verb, in.note())
		if err != nil {
			return nil, err
		}
		return &requestOut{wireRequest(r, Addresses{})}, nil
	}
}

type declareIn struct {
	ID   string `path:"id"`
	Body struct {
		Name     string `json:"name" doc:"Full name of the organisation"`
		Relation string `json:"relation" doc:"employment office shares family cooperation other"`
		From     string `json:"from"`
		To       string `json:"to,omitempty"`
		Note     string `json:"note,omitempty"`
	}
}

type interestOut struct{ Body Interest }

func (s *Service) apiDeclare(ctx context.Context, in *declareIn) (*interestOut, error) {
	i, err := s.Declare(ctx, identity.SubjectOf(ctx), in.ID, InterestDraft{in.Body.Name, in.Body.Relation, in.Body.From, in.Body.To, in.Body.Note})
	if err != nil {
		return nil, err
	}
	return &interestOut{i}, nil
}

type conflictsIn struct {
	ID  string `path:"id"`
	Org string `query:"organisation" required:"true"`
	Day string `query:"day" doc:"Civil day; today where left out"`
}

type conflictBody struct {
	Name     string `json:"name" doc:"Of the organisation as it is known"`
	Relation string `json:"relation"`
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
	Until    string `json:"until,omitempty" doc:"Last day on which it counts"`
	Basis    string `json:"basis" doc:"declared record membership evidence"`
	Rule     string `json:"rule" doc:"Legal source"`
}

type conflictsOut struct {
	Body struct {
		Items []conflictBody `json:"items"`
	}
}

func (s *Service) apiConflicts(ctx context.Context, in *conflictsIn) (*conflictsOut, error) {
	list, err := s.AskConflicts(ctx, identity.SubjectOf(ctx), in.ID, in.Org, in.Day)
	if err != nil {
		return nil, err
	}
	out := &conflictsOut{}
	out.Body.Items = []conflictBody{}
	for _, c := range list {
		out.Body.Items = append(out.Body.Items, conflictBody{c.Name, c.Relation, c.From, c.To, c.Until, c.Basis, i18n.Pick(ctx, c.Rule.Source.ZH, c.Rule.Source.EN)})
	}
	return out, nil
}

func (s *Service) apiErase(ctx context.Context, in *idIn) (*struct{}, error) {
	return nil, s.Erase(ctx, identity.SubjectOf(ctx), in.ID)
}
