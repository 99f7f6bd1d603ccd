package identity

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{
		Method: "POST", Path: "/api/v1/organisations", Action: "organisation.register", Tag: "party", Status: 201, Summary: "注册单位",
		Description: "Registers an organisation; it waits for the authority of its region. Without a token the body names the first administrator.",
		Example:     exampleRegistration(),
	}, s.apiRegister)
	web.API(g, web.Op{
		Method: "POST", Path: "/api/v1/organisations/{id}/{verb}", Action: "organisation.decide", Tag: "party", Summary: "核验、退回或暂停单位",
		Description: "Verbs: verify, refuse, suspend. Refusing and suspending need a reason. resubmit is for the organisation itself, with its mended facts.",
		Private:     true,
	}, s.apiDecide)
	web.API(g, web.Op{Method: "GET", Path: "/api/v1/organisations", Action: "organisation.view", Tag: "party", Summary: "查找单位"}, s.apiFind)
	web.API(g, web.Op{Method: "GET", Path: "/api/v1/organisations/{id}", Action: "organisation.view", Tag: "party", Summary: "单位详情"}, s.apiGet)
	web.API(g, web.Op{Method: "GET", Path: "/api/v1/regions", Action: "region.view", Tag: "party", Summary: "行政区划"}, s.apiRegions)
	web.API(g, web.Op{Method: "GET", Path: "/api/v1/me", Action: "person.account", Tag: "party", Summary: "当前身份", Private: true}, s.apiMe)
	web.API(g, web.Op{
		Method: "POST", Path: "/api/v1/me/proof", Action: "person.account", Tag: "party", Summary: "再次输入密码", Private: true, Fresh: true, Status: 204,
		Description: "For a session (cookie): the password once more. Approving and paying ask for it when it was given too long ago, and answer 403 with the problem type /step-up; after this call they can be asked again. A program with an access token cannot prove itself: it needs a token that may move money (made on the account page, or by qiao token).",
	}, s.apiProve)
}

// FactsBody is what an organisation says about itself, on the wire.
type FactsBody struct {
	NameZH        string   `json:"name_zh" doc:"As on the licence" example:"示例·禾城新材料有限公司"` //i18n:data an example
	NameEN        string   `json:"name_en,omitempty"`
	USCC          string   `json:"uscc,omitempty" doc:"Unified social credit code, GB 32100; needed of an enterprise" example:"91350200MA2YJ1XR9G"`
	USCCConfirmed bool     `json:"uscc_confirmed,omitempty" doc:"The code is right although its check character does not fit"`
	USCCNote      string   `json:"uscc_note,omitempty" doc:"The evidence for that"`
	Region        string   `json:"region" doc:"GB/T 2260, six digits" example:"330402"`
	Kind          string   `json:"kind,omitempty" doc:"company university institute hospital government public association team facility other; company when empty"`
	Parent        string   `json:"parent,omitempty" doc:"Id of the organisation it is part of; the caller must be its administrator"`
	Address       string   `json:"address,omitempty"`
	Website       string   `json:"website,omitempty"`
	ROR           string   `json:"ror,omitempty"`
	Capacities    []string `json:"capacities,omitempty" doc:"enterprise team provider intermediary"`
}

func (f FactsBody) facts() Facts {
	kind := f.Kind
	if kind == "" {
		kind = "company"
	}
	return Facts{
		NameZH: f.NameZH, NameEN: f.NameEN, USCC: f.USCC, USCCConfirmed: f.USCCConfirmed, USCCNote: f.USCCNote, Region: f.Region,
		Kind: kind, Parent: f.Parent, Address: f.Address, Website: f.Website, ROR: f.ROR, Capacities: f.Capacities,
	}
}

// wireFounder is the first administrator, on the wire.
type wireFounder struct {
	Name     string `json:"name"`
	Login    string `json:"login" doc:"E-mail address"`
	Password string `json:"password" doc:"At least 10 characters"`
	Phone    string `json:"phone,omitempty"`
}

type registerIn struct {
	Body struct {
		FactsBody
		Founder *wireFounder `json:"person,omitempty" doc:"The first administrator; not needed with a token"`
	}
}

type organisationOut struct{ Body wireOrganisation }

func (s *Service) apiRegister(ctx context.Context, in *registerIn) (*organisationOut, error) {
	r := Registration{Facts: in.Body.facts()}
	if p := in.Body.Founder; p != nil {
		r.Founder = Founder{Name: p.Name, Login: p.Login, Password: p.Password, Phone: p.Phone}
	}
	o, err := s.Register(ctx, SubjectOf(ctx), r)
	if err != nil {
		return nil, err
	}
	return s.wire(ctx, o, true)
}

type decideIn struct {
	ID   string `path:"id"`
	Verb string `path:"verb" doc:"verify, refuse, suspend or resubmit"`
	Body *decideBody
}

// decideBody may be left out where nothing is to be said: verify.
type decideBody struct {
	Reason string     `json:"reason,omitempty" doc:"Needed to refuse and to suspend; the organisation reads it"`
	Facts  *FactsBody `json:"facts,omitempty" doc:"The mended facts, with resubmit"`
}

func (s *Service) apiDecide(ctx context.Context, in *decideIn) (*organisationOut, error) {
	sub, body := SubjectOf(ctx), in.Body
	if body == nil {
		body = &decideBody{}
	}
	var o Organisation
	var err error
	if in.Verb == VerbResubmit {
		f := FactsBody{}
		if body.Facts != nil {
			f = *body.Facts
		}
		o, err = s.Resubmit(ctx, sub, in.ID, f.facts())
	} else {
		o, err = s.Decide(ctx, sub, in.ID, in.Verb, body.Reason)
	}
	if err != nil {
		return nil, err
	}
	return s.wire(ctx, o, true)
}

type findIn struct {
	Text     string   `query:"q" doc:"Part of a name, or a whole code"`
	Region   string   `query:"region" doc:"In this region, GB/T 2260"`
	Capacity string   `query:"capacity" doc:"Verified and valid today"`
	Status   []string `query:"status,explode" doc:"One or more of unclaimed registered verified refused suspended; what is not public is for the authority of the region"`
	Limit    int      `query:"limit" minimum:"0" maximum:"100" doc:"20 when not given"`
	Cursor   string   `query:"cursor"`
}

type findOut struct {
	Body struct {
		Items []wireOrganisation `json:"items"`
		Next  string             `json:"next,omitempty" doc:"Cursor of the next page; absent on the last"`
	}
}

func (s *Service) apiFind(ctx context.Context, in *findIn) (*findOut, error) {
	q := Query{Text: in.Text, Region: in.Region, Capacity: in.Capacity, Status: in.Status, Limit: in.Limit, Cursor: in.Cursor}
	find := s.Find
	if slices.ContainsFunc(in.Status, func(status string) bool { return !slices.Contains(publicStatuses(), status) }) {
		find = func(ctx context.Context, q Query) (List, error) { return s.Inspect(ctx, SubjectOf(ctx), q) }
	}
	list, err := find(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &findOut{}
	out.Body.Next, out.Body.Items = list.Next, make([]wireOrganisation, len(list.Items))
	for i, o := range list.Items {
		out.Body.Items[i] = brief(o)
	}
	return out, nil
}

type getIn struct {
	ID string `path:"id"`
}

func (s *Service) apiGet(ctx context.Context, in *getIn) (*organisationOut, error) {
	o, err := s.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	sub := SubjectOf(ctx)
	return s.wire(ctx, o, sub.Org == o.ID || s.policy.Can(sub, "organisation.inspect", o.Object()) == nil)
}

// wire is the organisation with its capacities; with what only itself and the authority read when inside is true.
func (s *Service) wire(ctx context.Context, o Organisation, inside bool) (*organisationOut, error) {
	held, err := s.CapacitiesOf(ctx, s.db, o.ID)
	if err != nil {
		return nil, err
	}
	return &organisationOut{Body: full(o, held, s.RegionPath(o.Region), inside)}, nil
}

type regionsIn struct {
	Parent string `query:"parent" doc:"The regions directly below this code; without it the provinces"`
	Code   string `query:"code" doc:"One region with everything above it"`
}

type regionsOut struct {
	Body struct {
		Items []wireRegion `json:"items"`
	}
}

func (s *Service) apiRegions(ctx context.Context, in *regionsIn) (*regionsOut, error) {
	tree, err := s.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	rows := tree.Children(in.Parent)
	if in.Code != "" {
		if _, err := s.Region(ctx, s.db, in.Code); err != nil {
			return nil, err
		}
		rows = tree.Line(in.Code)
	}
	out := &regionsOut{}
	out.Body.Items = make([]wireRegion, len(rows))
	for i, r := range rows {
		out.Body.Items[i] = wireRegion{r.Code, r.Parent, r.Level, r.NameZH, r.NameEN, r.ValidFrom, r.ValidTo, r.Successor}
	}
	return out, nil
}

type meOut struct{ Body wireMe }

func (s *Service) apiMe(ctx context.Context, _ *struct{}) (*meOut, error) {
	sub := SubjectOf(ctx)
	member, err := s.Memberships(ctx, s.db, sub.Person)
	if err != nil {
		return nil, err
	}
	return &meOut{Body: me(sub, member)}, nil
}

type proveIn struct {
	Body struct {
		Password string `json:"password" maxLength:"512"`
	}
	Address string `hidden:"true"`
}

// Resolve notes where the call comes from; huma calls it.
func (in *proveIn) Resolve(ctx huma.Context) []error {
	in.Address = ctx.RemoteAddr()
	return nil
}

func (s *Service) apiProve(ctx context.Context, in *proveIn) (*struct{}, error) {
	_, err := s.Prove(ctx, SubjectOf(ctx), Credentials{Password: in.Body.Password, Address: in.Address})
	return nil, err
}
