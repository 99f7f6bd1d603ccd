package match

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// act does what a verb does, besides moving the state.
func (s *Service) act(ctx context.Context, tx *db.Tx, m *move) error {
	switch m.verb {
	case VerbPublish:
		return s.publish(ctx, tx, m)
	case VerbInvite, VerbRespond:
		return s.propose(ctx, tx, m)
	case VerbAccept:
		return s.accept(ctx, tx, m)
	case VerbDecline:
		return s.decline(ctx, tx, m)
	case VerbMeet:
		m.publish(Contacted{m.facts(), m.req.Resource, m.owner()})
	case VerbAgree:
		return s.agree(ctx, tx, m)
	case VerbClose:
		m.need.ClosedOn, m.need.Outcome = m.day, m.req.Code
		m.publish(NeedClosed{m.facts(), m.req.Code, m.need.PublishedOn == ""})
	}
	return nil
}

func (m *move) owner() string {
	if m.supply == nil {
		return ""
	}
	return m.supply.Owner
}

// publish lists the need and puts on record what the platform proposes for it.
func (s *Service) publish(ctx context.Context, tx *db.Tx, m *move) error {
	m.need.Listed = true
	if m.need.PublishedOn == "" {
		m.need.PublishedOn = m.day
		m.publish(NeedPublished{m.facts(), true})
	}
	had, err := listProposals(ctx, tx, m.need.ID)
	if err != nil {
		return err
	}
	ids := make([]string, len(m.ranked))
	for i, f := range m.ranked {
		ids[i] = f.id
	}
	list, err := s.Suppliers.Supplies(ctx, tx, ids)
	if err != nil {
		return err
	}
	m.need.Topics = topics(m.ranked, list)
	for _, one := range list {
		if slices.ContainsFunc(had, func(p Proposal) bool { return p.Resource == one.ID }) {
			continue
		}
		if err := putProposal(ctx, tx, m.proposal(one, OriginRanked)); err != nil {
			return err
		}
	}
	return nil
}

// topics are the classes of the most promising candidates: what the public learns of a confidential need.
func topics(ranked []found, list []Supply) string {
	var out []string
	for _, f := range ranked {
		i := slices.IndexFunc(list, func(s Supply) bool { return s.ID == f.id })
		if i < 0 || f.share < goodFit || list[i].Class == "" || slices.Contains(out, list[i].Class) {
			continue
		}
		if out = append(out, list[i].Class); len(out) == 3 {
			break
		}
	}
	return strings.Join(out, "、") //i18n:data the Chinese comma of enumerations
}

// proposal is a supply as a candidate on record, with the place and score it has now.
func (m *move) proposal(one Supply, origin string) Proposal {
	p := Proposal{
		Need: m.need.ID, Resource: one.ID, Kind: one.Kind, Owner: one.Owner, Name: one.Name(), State: Proposed, Origin: origin, ProposedAt: m.now,
	}
	for _, f := range m.ranked {
		if f.id == one.ID {
			p.Place, p.Score = int64(f.place), int64(f.score*1000+0.5)
		}
	}
	return p
}

// recorded is the candidate of the request as it stands on record; ok is false when it is not there.
func recorded(ctx context.Context, tx *db.Tx, m *move) (p Proposal, ok bool, err error) {
	list, err := listProposals(ctx, tx, m.need.ID)
	for _, one := range list {
		if one.Resource == m.req.Resource {
			return one, true, err
		}
	}
	return Proposal{}, false, err
}

// propose invites the owner of a resource, or takes the owner's answer.
func (s *Service) propose(ctx context.Context, tx *db.Tx, m *move) error {
	p, ok, err := recorded(ctx, tx, m)
	if err != nil {
		return err
	}
	if ok && p.State != Proposed {
		return decided(p)
	}
	if !ok {
		p = m.proposal(*m.supply, "")
	}
	p.Note = m.req.Note
	if m.verb == VerbInvite {
		if p.Origin == OriginResponse {
			return fault.New(fault.Conflict, "already-answered", "对方已经响应了这条需求。")
		}
		p.Origin = OriginInvited
		m.publish(Invited{m.facts(), p.Resource, p.Owner})
	} else {
		p.Origin = OriginResponse
		m.publish(Answered{m.facts(), p.Resource, p.Owner})
	}
	return putProposal(ctx, tx, p)
}

func decided(p Proposal) error {
	if p.State == Accepted {
		return fault.New(fault.Conflict, "already-accepted", "这个候选已经被接受。")
	}
	return fault.New(fault.Conflict, "already-declined", "这个候选已经被婉拒。")
}

// accept takes a candidate: from here an order can be placed that keeps the need.
func (s *Service) accept(ctx context.Context, tx *db.Tx, m *move) error {
	p, ok, err := recorded(ctx, tx, m)
	if err != nil {
		return err
	}
	if ok && p.State == Accepted {
		return decided(p)
	}
	if !ok {
		p = m.proposal(*m.supply, OriginRanked)
	}
	p.State, p.DecidedOn, p.Reason, p.Note = Accepted, m.day, "", m.req.Note
	if err := putProposal(ctx, tx, p); err != nil {
		return err
	}
	if m.need.PublishedOn == "" { // accepting from a draft: published, not listed
		m.need.PublishedOn = m.day
		m.publish(NeedPublished{m.facts(), false})
	}
	m.publish(CandidateAccepted{m.facts(), p.Resource, p.Owner})
	return nil
}

// decline turns a candidate down; the reason is kept for the ranking.
func (s *Service) decline(ctx context.Context, tx *db.Tx, m *move) error {
	p, ok, err := recorded(ctx, tx, m)
	if err != nil {
		return err
	}
	switch {
	case ok && p.State != Proposed:
		return decided(p)
	case !ok && m.supply == nil:
		return fault.New(fault.Conflict, "resource-gone", "这项资源已不在目录中，请选择其他候选。")
	case !ok:
		p = m.proposal(*m.supply, OriginRanked)
	}
	p.State, p.DecidedOn, p.Reason, p.Note = Declined, m.day, m.req.Code, m.req.Note
	m.publish(CandidateDeclined{m.facts(), p.Resource, p.Owner, p.Reason})
	return putProposal(ctx, tx, p)
}

// agree notes that an agreement is signed with one of the accepted candidates.
func (s *Service) agree(ctx context.Context, tx *db.Tx, m *move) error {
	list, err := listProposals(ctx, tx, m.need.ID)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(p Proposal) bool {
		return p.State != Accepted || m.req.Resource != "" && p.Resource != m.req.Resource
	})
	if len(list) != 1 {
		return fault.New(fault.Invalid, "resource-missing", "请选择与哪一个已接受的候选签订了协议。").
			Field("resource", "required", "请选择与哪一个已接受的候选签订了协议。")
	}
	m.req.Resource = list[0].Resource
	m.publish(AgreementSigned{m.facts(), list[0].Resource, list[0].Owner})
	return nil
}
