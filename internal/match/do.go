package match

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/state"
)

// VerbRequest is what comes with a verb; each verb reads what it needs.
type VerbRequest struct {
	Resource string // accept, decline, invite, respond: which candidate; meet, agree: which one, where there are several
	Code     string // decline: one of Declines; close: one of Outcomes
	Note     string // respond, meet and follow-up need one
	Key      string // the request's own key: the same key has one effect
}

// longestNote bounds what is written with a step, in characters.
const longestNote = 2000

// move is one verb under way.
type move struct {
	by     identity.Subject
	verb   string
	req    VerbRequest
	side   string
	need   Need
	step   state.Step
	digest string
	now    db.Time
	day    string

	supply *Supply // of req.Resource, when it is live
	ranked []found // what the platform proposes now: publish, accept, decline
	events []outbox.Event
}

func (m *move) facts() Facts { return Facts{m.need.ID, m.need.Region, m.need.Org} }

func (m *move) publish(e outbox.Event) { m.events = append(m.events, e) }

// Do takes a need one step further: may I, is it valid, one transaction.
func (s *Service) Do(ctx context.Context, by identity.Subject, needID, verb string, r VerbRequest) (Need, error) {
	if !Table().Has(verb) {
		return Need{}, fault.New(fault.NotFound, "no-verb", "需求没有“{0}”这个操作。", verb)
	}
	n, err := getNeed(ctx, s.DB, needID)
	if err != nil {
		return n, err
	}
	m := &move{by: by, verb: verb, req: r, need: n, now: db.At(s.Clock.Now()), day: s.today()}
	m.req.Note = strings.TrimSpace(r.Note)
	if err := s.prepare(ctx, m); err != nil {
		return n, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.step(ctx, tx, m) })
	if errors.Is(err, errRepeat) {
		return getNeed(ctx, s.DB, needID)
	}
	return m.need, err
}

// prepare reads and judges what can be read and judged before the transaction.
func (s *Service) prepare(ctx context.Context, m *move) error {
	if m.req.Resource != "" {
		list, err := s.Suppliers.Supplies(ctx, s.DB, []string{m.req.Resource})
		if err != nil {
			return err
		}
		if len(list) == 1 {
			m.supply = &list[0]
		}
	}
	if err := s.allowed(ctx, m); err != nil {
		return err
	}
	if err := m.check(); err != nil {
		return err
	}
	var err error
	if m.digest, err = digestOf(m.verb, m.req.Resource, m.req.Code, m.req.Note); err != nil {
		return err
	}
	if m.verb == VerbPublish || m.verb == VerbAccept || m.verb == VerbDecline {
		m.ranked, _, err = s.find(ctx, m.need)
	}
	return err
}

// allowed asks the permission table and finds out on which side the subject stands. To somebody who may
// not see the need it does not exist.
func (s *Service) allowed(ctx context.Context, m *move) error {
	o := object(m.need)
	if m.supply != nil {
		o.Parties[Provider] = m.supply.Owner
	} else if m.verb == VerbMeet || m.verb == VerbFollowUp {
		owner, err := s.ownProposal(ctx, m)
		if err != nil {
			return err
		}
		o.Parties[Provider] = owner
	}
	switch {
	case m.by.Org != "" && m.by.Org == m.need.Org:
		m.side = Firm
	case m.by.Org != "" && m.by.Org == o.Parties[Provider]:
		m.side = Provider
	default:
		m.side = Broker
	}
	if m.side != Firm && m.need.State == Draft {
		return needMissing()
	}
	return s.Policy.Can(m.by, "need."+m.verb, o)
}

// ownProposal finds a candidate on record that belongs to the subject's organisation.
func (s *Service) ownProposal(ctx context.Context, m *move) (string, error) {
	list, err := listProposals(ctx, s.DB, m.need.ID)
	if err != nil || m.by.Org == "" {
		return "", err
	}
	for _, p := range list {
		if p.Owner == m.by.Org && (p.Origin != OriginRanked || p.State == Accepted) {
			if m.req.Resource == "" {
				m.req.Resource = p.Resource
			}
			return p.Owner, nil
		}
	}
	return "", nil
}

// check says what is missing for the verb.
func (m *move) check() error {
	if n := utf8.RuneCountInString(m.req.Note); n > longestNote {
		return fault.New(fault.Invalid, "note-too-long", "说明太长。").Field("note", "too-long", "请控制在 {0} 字以内，现为 {1} 字。", longestNote, n)
	}
	switch m.verb {
	case VerbAccept, VerbDecline, VerbInvite, VerbRespond:
		if m.req.Resource == "" {
			return fault.New(fault.Invalid, "resource-missing", "请先选择一个候选。").Field("resource", "required", "请先选择一个候选。")
		}
		if m.supply == nil && m.verb != VerbDecline || m.supply != nil && GroupOf(m.supply.Kind) == "" {
			return fault.New(fault.Conflict, "resource-gone", "这项资源已不在目录中，请选择其他候选。")
		}
	}
	switch m.verb {
	case VerbRespond, VerbMeet, VerbFollowUp:
		if m.req.Note == "" {
			return fault.New(fault.Invalid, "note-missing", "请写几句说明。").Field("note", "required", "请写几句说明，对方会看到。")
		}
	case VerbDecline:
		if _, ok := wordsOf(Declines(), m.req.Code); !ok {
			return fault.New(fault.Invalid, "reason-missing", "请选择婉拒的原因，它会帮助改进推荐。").Field("code", "required", "请选择婉拒的原因，它会帮助改进推荐。")
		}
	case VerbClose:
		if _, ok := wordsOf(Outcomes(m.need.State), m.req.Code); !ok {
			return fault.New(fault.Invalid, "outcome-missing", "请选择需求的结果。").Field("code", "required", "请选择需求的结果。")
		}
	}
	return nil
}

// step is one verb inside its transaction: lock, judge, act, record.
func (s *Service) step(ctx context.Context, tx *db.Tx, m *move) error {
	var err error
	m.events = nil
	if m.need, err = lockNeed(ctx, tx, m.need.ID); err != nil {
		return err
	}
	st := Step{
		ID: id.New(), Need: m.need.ID, At: m.now, Day: m.day, Side: m.side, Person: m.by.Person, Org: m.by.Org, Verb: m.verb,
		From: m.need.State, Resource: m.req.Resource, Code: m.req.Code, Note: m.req.Note, Digest: m.digest,
	}
	if m.req.Key != "" {
		st.ID = id.From("match.step", m.need.ID, m.by.Person, m.verb, m.req.Key)
		had, err := findStep(ctx, tx, st.ID)
		if err == nil {
			if had.Digest != m.digest {
				return keyConflict()
			}
			return errRepeat
		}
		if !errors.Is(err, db.ErrNone) {
			return err
		}
	}
	if m.step, err = Table().Next(m.need.State, m.verb); err != nil {
		return err
	}
	if !slices.Contains(m.step.Who, m.side) {
		return fault.New(fault.Forbidden, "wrong-side", "这一步由对方办理，您不能代为操作。")
	}
	if err := s.act(ctx, tx, m); err != nil {
		return err
	}
	st.To, st.Resource = m.step.To, m.req.Resource
	m.need.State, m.need.UpdatedAt = m.step.To, m.now
	if err := updateNeed(ctx, tx, m.need); err != nil {
		return err
	}
	if err := insertStep(ctx, tx, st); err != nil {
		return err
	}
	for _, e := range m.events {
		if err := outbox.Publish(ctx, tx, m.now.Time, e); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, m.now.Time, audit.Entry{Action: "need." + m.verb, Kind: "need", ID: m.need.ID, From: st.From, To: st.To, Data: st})
}
