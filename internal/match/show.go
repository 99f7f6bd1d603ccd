package match

import (
	"cmp"
	"context"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/state"
)

// Shown is a need as one reader may see it.
type Shown struct {
	Need   Need   // its Text is what the reader may see; '' of a confidential need of others
	Full   bool   // the whole need, unmasked
	Masked bool   // confidential: only field and region
	Firm   string // the firm's name, '' when it is not shown
	Own    bool   // the reader's own organisation's
	Place  string // where it arises, in words
	Facts  []Fact
}

// Show gives a need to a reader: whole to its firm, to those the permission table lets inspect it and to the
// owners it accepted or invited; without contacts and names to others; and of a confidential one only
// its field and region. A draft exists for its firm alone.
func (s *Service) Show(ctx context.Context, by identity.Subject, needID string) (Shown, error) {
	n, err := getNeed(ctx, s.DB, needID)
	if err != nil {
		return Shown{}, err
	}
	list, err := s.shown(ctx, by, []Need{n})
	if err != nil {
		return Shown{}, err
	}
	if !list[0].Own && (n.State == Draft || !n.Listed && !list[0].Full) {
		return Shown{}, needMissing()
	}
	return list[0], nil
}

// shown masks needs for a reader.
func (s *Service) shown(ctx context.Context, by identity.Subject, needs []Need) ([]Shown, error) {
	orgs := make([]string, len(needs))
	for i, n := range needs {
		orgs[i] = n.Org
	}
	names, err := s.Organisations.Organisations(ctx, s.DB, orgs)
	if err != nil {
		return nil, err
	}
	involved, err := s.involved(ctx, by, needs)
	if err != nil {
		return nil, err
	}
	places, err := s.Regions.Places(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	out := make([]Shown, len(needs))
	for i, n := range needs {
		v := Shown{Need: n, Own: by.Org != "" && by.Org == n.Org, Place: s.Regions.RegionPath(n.Region)}
		v.Full = v.Own || involved[n.ID] || s.Policy.Can(by, "need.inspect", object(n)) == nil
		switch firm := names[n.Org]; {
		case v.Full:
			v.Firm = firm.NameZH
		case n.Confidential:
			v.Masked, v.Need.Text = true, ""
		default:
			v.Need.Text = public(n.Text, firm.NameZH, firm.NameEN)
		}
		if v.Need.Text != "" {
			v.Facts = FactsIn(v.Need.Text, places)
		}
		out[i] = v
	}
	return out, nil
}

// involved tells for which of the needs the reader's organisation was accepted, or invited to answer.
func (s *Service) involved(ctx context.Context, by identity.Subject, needs []Need) (map[string]bool, error) {
	out := map[string]bool{}
	if by.Org == "" || len(needs) == 0 {
		return out, nil
	}
	ids := make([]string, len(needs))
	for i, n := range needs {
		ids[i] = n.ID
	}
	list, err := involvedIn(ctx, s.DB, by.Org, ids)
	for _, one := range list {
		out[one] = true
	}
	return out, err
}

// Scopes of a list of needs.
const (
	ScopePublic    = "public"    // the public list; also when nothing is said
	ScopeMine      = "mine"      // of the reader's organisation
	ScopeAddressed = "addressed" // for which the reader's organisation was proposed, invited or accepted
	ScopeInspect   = "inspect"   // all that the permission table lets the reader inspect
)

// ListRequest says which needs.
type ListRequest struct {
	Scope  string
	State  string // one of the states, '' = all
	Region string // six digits, its subtree; '' = all
	After  string // id to go on below
	Limit  int    // 20 unless told, at most 100
}

// Page is a part of a list, newest first.
type Page struct {
	Items []Shown
	Total int64
	Next  string // id to go on below, '' at the end
}

// List lists needs as the reader may see them.
func (s *Service) List(ctx context.Context, by identity.Subject, r ListRequest) (Page, error) {
	r.Scope = cmp.Or(r.Scope, ScopePublic)
	if r.Limit <= 0 || r.Limit > 100 {
		r.Limit = 20
	}
	if r.State != "" && !slices.Contains(States(), r.State) {
		return Page{}, fault.New(fault.BadRequest, "unknown-state", "没有“{0}”这种需求状态。", r.State)
	}
	where, err := s.where(by, r)
	if err != nil {
		return Page{}, err
	}
	total, err := countNeeds(ctx, s.DB, where())
	if err != nil {
		return Page{}, err
	}
	rows, err := listNeeds(ctx, s.DB, where(), r.After, r.Limit+1)
	if err != nil {
		return Page{}, err
	}
	p := Page{Total: total}
	if len(rows) > r.Limit {
		rows = rows[:r.Limit]
		p.Next = rows[len(rows)-1].ID
	}
	p.Items, err = s.shown(ctx, by, rows)
	return p, err
}

// where makes the conditions of a list, anew for each statement.
func (s *Service) where(by identity.Subject, r ListRequest) (func() *db.Where, error) {
	if r.Scope != ScopePublic && by.Org == "" {
		return nil, s.Policy.May(by, "need.create")
	}
	return func() *db.Where {
		w := &db.Where{}
		switch r.Scope {
		case ScopeMine:
			w.And("org = ?", by.Org)
		case ScopeAddressed:
			w.And(`state <> 'draft' AND EXISTS (SELECT 1 FROM match_proposal p WHERE p.need = match_need.id AND p.owner = ?
				AND (p.origin <> 'ranked' OR p.state = 'accepted' OR match_need.listed))`, by.Org)
		case ScopeInspect:
			w.And("state <> 'draft'")
			s.Policy.Filter(by, "need.inspect", map[string]string{Firm: "org", identity.SideRegion: "region"}, w)
		default:
			w.And("listed")
			w.And("outcome <> 'invalid'")
		}
		if r.State != "" {
			w.And("state = ?", r.State)
		}
		if r.Region != "" {
			first, last := identity.Span(r.Region)
			w.And("region BETWEEN ? AND ?", first, last)
		}
		return w
	}, nil
}

// Moves are the steps that the reader may take on a need now. own are the reader's resources on record with it.
func (s *Service) moves(by identity.Subject, v Shown, own []Proposal) []state.Step {
	side, o := Broker, object(v.Need)
	switch {
	case v.Own:
		side = Firm
	case len(own) > 0 || by.Has(identity.CapacityProvider, identity.CapacityTeam):
		side = Provider
		o.Parties[Provider] = by.Org
	}
	var out []state.Step
	for _, st := range Table().Verbs(v.Need.State, side) {
		if side == Provider && (st.Verb == VerbMeet || st.Verb == VerbFollowUp) && len(own) == 0 {
			continue
		}
		if s.Policy.Can(by, "need."+st.Verb, o) == nil {
			out = append(out, st)
		}
	}
	return out
}
