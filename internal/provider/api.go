package provider

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/web"
)

type wireMember struct {
	Organisation string   `json:"organisation"`
	NameZH       string   `json:"name_zh"`
	NameEN       string   `json:"name_en,omitempty"`
	Region       string   `json:"region"`
	Offers       []string `json:"offers" doc:"instrument test development pilot literature advice ip"`
	Offer        string   `json:"offer,omitempty" doc:"In the member's own words"`
	From         string   `json:"from" doc:"First day of the agreement"`
	To           string   `json:"to" doc:"Last day of the term; it renews itself"`
	Certificates []string `json:"certificates" doc:"Verified and in their days"`
	Sample       bool     `json:"sample"`
}

type membersIn struct {
	Cursor string `query:"cursor"`
}

type membersOut struct {
	Body struct {
		Items []wireMember `json:"items"`
		Next  string       `json:"next,omitempty"`
	}
}

type wireCertificate struct {
	ID           string   `json:"id"`
	Organisation string   `json:"organisation"`
	Kind         string   `json:"kind" doc:"cma cnas iso17025 iso17020 glp gmp gcp iso9001 other"`
	Number       string   `json:"number"`
	Issuer       string   `json:"issuer,omitempty"`
	Scope        string   `json:"scope,omitempty"`
	From         string   `json:"from"`
	To           string   `json:"to" doc:"Last day"`
	Verified     bool     `json:"verified" doc:"A person of the authority has looked at it"`
	Whole        bool     `json:"whole" doc:"Of the whole organisation; else of the resources it covers"`
	Covers       []string `json:"covers,omitempty"`
	Items        []Scope  `json:"items,omitempty"`
	Sample       bool     `json:"sample"`
}

type certificatesIn struct {
	Org string `query:"org" doc:"Organisation id"`
}

type certificatesOut struct {
	Body struct {
		Items []wireCertificate `json:"items"`
	}
}

type certificateIn struct {
	ID string `path:"id"`
	Q  string `query:"q" doc:"Words that must occur in a line of the scope"`
}

type certificateOut struct{ Body wireCertificate }

type verbIn struct {
	ID   string `path:"id"`
	Body struct {
		Note string `json:"note,omitempty" doc:"Return, refuse, suspend and expel need one"`
		From string `json:"from,omitempty" doc:"With offer: first day of the term; today unless told"`
	}
}

type wireMembership struct {
	ID     string `json:"id"`
	Number string `json:"number,omitempty"`
	Org    string `json:"organisation"`
	State  string `json:"state"`
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
	SHA256 string `json:"agreement_sha256,omitempty"`
}

type membershipOut struct{ Body wireMembership }

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/providers", Action: "provider.pool", Tag: "party", Summary: "列出加盟机构"}, s.apiPool)
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/certificates", Action: "certificate.view", Tag: "party", Summary: "列出单位的有效资质证书"}, s.apiCertificates)
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/certificates/{id}", Action: "certificate.view", Tag: "party", Summary: "查看一份资质证书及其范围"}, s.apiCertificate)
	web.API(g, web.Op{Method: http.MethodGet, Path: "/api/v1/membership", Action: "provider.own", Tag: "party", Summary: "查看本单位的加盟情况", Private: true}, s.apiMine)
	for _, verb := range []string{"submit", "withdraw", "sign", "return", "refuse", "qualify", "offer", "suspend", "resume", "expel"} {
		web.API(g, web.Op{Method: http.MethodPost, Path: "/api/v1/memberships/{id}/" + verb, Action: action(s.who(verb)), Tag: "party", Summary: "办理加盟的一步", Private: true}, s.apiVerb(verb))
	}
}

func (s *Service) apiPool(ctx context.Context, in *membersIn) (*membersOut, error) {
	after, err := web.DecodeCursor(in.Cursor, 1)
	if err != nil {
		return nil, err
	}
	list, next, err := s.pool(ctx, after[0])
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range list {
		ids = append(ids, m.Org)
	}
	orgs, err := s.orgs.Organisations(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	kinds, err := s.Kinds(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	out := &membersOut{}
	out.Body.Items = make([]wireMember, 0, len(list))
	for _, m := range list {
		out.Body.Items = append(out.Body.Items, wireMember{Organisation: m.Org, NameZH: orgs[m.Org].NameZH, NameEN: orgs[m.Org].NameEN, Region: m.Region,
			Offers: append([]string{}, m.offers()...), Offer: m.Offer, From: m.From, To: m.To, Certificates: append([]string{}, kinds[m.Org]...), Sample: m.Sample})
	}
	if next != "" {
		out.Body.Next = web.EncodeCursor(next)
	}
	return out, nil
}

func wire(c Certificate) wireCertificate {
	return wireCertificate{ID: c.ID, Organisation: c.Org, Kind: c.Kind, Number: c.Number, Issuer: c.Issuer, Scope: c.Scope, From: c.From, To: c.To,
		Verified: c.State == Verified, Whole: c.Whole, Covers: c.Covers, Items: c.Items, Sample: c.Sample}
}

func (s *Service) apiCertificates(ctx context.Context, in *certificatesIn) (*certificatesOut, error) {
	var w db.Where
	w.And("state IN ('stated', 'verified')")
	w.And("valid_from <= ?", s.today())
	w.And("valid_to >= ?", s.today())
	w.And("org = ?", in.Org)
	list, err := listCertificates(ctx, s.db, &w, 200)
	if err != nil {
		return nil, err
	}
	out := &certificatesOut{}
	out.Body.Items = make([]wireCertificate, 0, len(list))
	for _, c := range list {
		out.Body.Items = append(out.Body.Items, wire(c))
	}
	return out, nil
}

func (s *Service) apiCertificate(ctx context.Context, in *certificateIn) (*certificateOut, error) {
	c, err := getCertificate(ctx, s.db, in.ID)
	if err != nil {
		return nil, err
	}
	if !c.On(s.today()) && s.policy.Can(identity.SubjectOf(ctx), "certificate.own", object(c.Org, c.Region)) != nil {
		return nil, ended()
	}
	c.Items = searchScope(c.Items, in.Q)
	return &certificateOut{Body: wire(c)}, nil
}

func (s *Service) apiMine(ctx context.Context, _ *struct{}) (*membershipOut, error) {
	m, err := s.Mine(ctx, identity.SubjectOf(ctx))
	if err != nil {
		return nil, err
	}
	return &membershipOut{Body: wireOf(m)}, nil
}

func wireOf(m Membership) wireMembership {
	return wireMembership{ID: m.ID, Number: m.Number, Org: m.Org, State: m.State, From: m.From, To: m.To, SHA256: m.SHA256}
}

func (s *Service) apiVerb(verb string) func(context.Context, *verbIn) (*membershipOut, error) {
	return func(ctx context.Context, in *verbIn) (*membershipOut, error) {
		m, err := s.Do(ctx, identity.SubjectOf(ctx), in.ID, verb, VerbRequest{Note: in.Body.Note, From: in.Body.From})
		if err != nil {
			return nil, err
		}
		return &membershipOut{Body: wireOf(m)}, nil
	}
}
