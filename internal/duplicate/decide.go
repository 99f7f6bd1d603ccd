package duplicate

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/state"
)

// Decision is what comes with a verb; each verb reads what it needs.
type Decision struct {
	Keep string   // merge, propose: the record that stays
	Take []string // merge, propose: parts whose value comes from the other
	Days int      // later: natural days until it is open again; 30 unless told
	Note string
}

// putOff is for how many natural days "later" is, unless told.
const putOff = 30

func pairMissing() error {
	return fault.New(fault.NotFound, "pair-not-found", "没有找到这对记录，可能已经处理。")
}

// object is a pair as the permission table sees it: an owner of either record, or of both.
func object(p Pair) identity.Object {
	return identity.Object{Parties: map[string]string{"owner": p.OwnerA, "other": p.OwnerB}, Region: p.RegionA}
}

// sides are where a subject stands towards a pair.
func (s *Service) sides(by identity.Subject, p Pair) []string {
	var out []string
	if by.Has(identity.CapacityOperator) {
		out = append(out, Operator)
	}
	mineA, mineB := by.Org != "" && by.Org == p.OwnerA, by.Org != "" && by.Org == p.OwnerB
	switch {
	case mineA && mineB:
		out = append(out, Both)
	case mineA || mineB:
		if p.State == Waiting && p.Asked == by.Org {
			out = append(out, Asked)
		} else {
			out = append(out, One)
		}
	}
	return out
}

// Moves are the steps that a subject may take now.
func (s *Service) Moves(by identity.Subject, p Pair) []state.Step {
	var out []state.Step
	for _, st := range Table().Verbs(p.State, s.sides(by, p)...) {
		if s.Policy.Can(by, "duplicate."+st.Verb, object(p)) == nil {
			out = append(out, st)
		}
	}
	return out
}

// Do decides about a pair: may I, is it valid, one transaction. What an undone merge could not bring back is told.
func (s *Service) Do(ctx context.Context, by identity.Subject, pair, verb string, d Decision) (Pair, []catalogue.Difference, error) {
	if !Table().Has(verb) {
		return Pair{}, nil, fault.New(fault.NotFound, "no-verb", "没有“{0}”这个操作。", verb)
	}
	if utf8.RuneCountInString(d.Note) > 1000 {
		return Pair{}, nil, fault.New(fault.Invalid, "note-too-long", "说明太长。").Field("note", "too-long", "请控制在 {0} 字以内。", 1000)
	}
	var out Pair
	var differs []catalogue.Difference
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := getPair(ctx, tx, pair)
		if errors.Is(err, db.ErrNone) {
			return pairMissing()
		}
		if err != nil {
			return err
		}
		if s.Policy.Can(by, "duplicate.view", object(p)) != nil {
			return pairMissing() // to strangers it does not exist
		}
		if err := s.Policy.Can(by, "duplicate."+verb, object(p)); err != nil {
			return err
		}
		st, err := Table().Next(p.State, verb)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(s.sides(by, p), func(side string) bool { return slices.Contains(st.Who, side) }) {
			return fault.New(fault.Conflict, "pair-not-yours", "这一步须由另一方或平台运营单位办理。")
		}
		out = p
		differs, err = s.step(ctx, tx, by, &out, st, d)
		return err
	})
	return out, differs, err
}

// step does what a verb does and writes it down.
func (s *Service) step(ctx context.Context, tx *db.Tx, by identity.Subject, p *Pair, st state.Step, d Decision) (differs []catalogue.Difference, err error) {
	now := db.At(s.Clock.Now())
	var event outbox.Event
	switch st.Verb {
	case VerbMerge, VerbAgree:
		if st.Verb == VerbMerge {
			if err := p.choose(d); err != nil {
				return nil, err
			}
		}
		m, err := s.Catalogue.Merge(ctx, tx, by, catalogue.Merging{Keep: p.Keep, Drop: p.other(p.Keep), Take: p.parts()})
		if err != nil {
			return nil, err
		}
		p.Merge = m.ID
		event = Merged{p.facts(by)}
		p.Asked = ""
	case VerbPropose:
		if err := p.choose(d); err != nil {
			return nil, err
		}
		p.Asked = p.OwnerA
		if p.Asked == by.Org {
			p.Asked = p.OwnerB
		}
		event = Proposed{p.facts(by)}
	case VerbUndo:
		if differs, err = s.Catalogue.Unmerge(ctx, tx, by, p.Merge); err != nil {
			return nil, err
		}
		event = Parted{p.facts(by)}
		p.Keep, p.Take, p.Merge = "", "", ""
	case VerbLater:
		if p.Until, err = clock.AddDays(s.today(), max(1, min(d.Days, 366))); d.Days == 0 {
			p.Until, err = clock.AddDays(s.today(), putOff)
		}
		if err != nil {
			return nil, err
		}
	default: // different, refuse, take-back, reopen
		p.Keep, p.Take, p.Asked, p.Until = "", "", "", ""
	}
	p.State, p.UpdatedAt = st.To, now
	ok, err := updatePair(ctx, tx, *p, st.From)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.New(fault.Conflict, "pair-changed", "这对记录刚刚有人处理过，请刷新页面查看。")
	}
	if err := insertStep(ctx, tx, Step{ID: id.New(), Pair: p.ID, At: now, Person: by.Person, Org: by.Org, Verb: st.Verb, From: st.From, To: st.To, Note: strings.TrimSpace(d.Note)}); err != nil {
		return nil, err
	}
	entry := audit.Entry{Action: "duplicate." + st.Verb, Kind: "duplicate", ID: p.ID, From: st.From, To: st.To, Data: []string{p.First, p.Second, p.Keep, p.Take}}
	if err := audit.Record(ctx, tx, now.Time, entry); err != nil {
		return nil, err
	}
	if event == nil {
		return differs, nil
	}
	return differs, outbox.Publish(ctx, tx, now.Time, event)
}

// choose takes over which record stays, and what it takes from the other.
func (p *Pair) choose(d Decision) error {
	if d.Keep != p.First && d.Keep != p.Second {
		return fault.New(fault.Invalid, "keep-missing", "请选择保留哪一条记录。").Field("keep", "required", "请选择保留哪一条记录。")
	}
	p.Keep, p.Take = d.Keep, strings.Join(d.Take, ",")
	return nil
}

// parts are what the record that stays takes from the other.
func (p Pair) parts() []string {
	if p.Take == "" {
		return nil
	}
	return strings.Split(p.Take, ",")
}

func (p Pair) facts(by identity.Subject) Facts {
	other := p.OwnerA
	if other == by.Org {
		other = p.OwnerB
	}
	return Facts{Pair: p.ID, Keep: p.Keep, Drop: p.other(p.Keep), Org: by.Org, Asked: other}
}

// Wake opens again what was put off until today. A job calls it.
func (s *Service) Wake(ctx context.Context) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var w db.Where
		w.And("state = ?", Later)
		w.And("until <= ?", s.today())
		due, err := listPairs(ctx, tx, &w, " ORDER BY id LIMIT 500")
		if err != nil {
			return err
		}
		now := db.At(s.Clock.Now())
		for _, p := range due {
			p.State, p.Until, p.UpdatedAt = Open, "", now
			if _, err := updatePair(ctx, tx, p, Later); err != nil {
				return err
			}
			if err := insertStep(ctx, tx, Step{ID: id.New(), Pair: p.ID, At: now, Verb: VerbReopen, From: Later, To: Open}); err != nil {
				return err
			}
		}
		return nil
	})
}

// ListRequest asks for a part of the queue.
type ListRequest struct {
	State string // empty: Open
	Kind  string
	After [2]string // score and id of the last one seen
	Limit int
}

// Listing is a part of the queue.
type Listing struct {
	Items  []Pair
	Counts map[string]int64 // by state
	Next   [2]string        // empty at the end
}

// List is the queue of a subject: the most likely pairs first.
func (s *Service) List(ctx context.Context, by identity.Subject, r ListRequest) (Listing, error) {
	if err := s.Policy.May(by, "duplicate.view"); err != nil {
		return Listing{}, err
	}
	if r.State == "" {
		r.State = Open
	}
	limit := 20
	if r.Limit > 0 {
		limit = min(r.Limit, 100)
	}
	cols := map[string]string{"owner": "owner_a", "other": "owner_b", identity.SideRegion: "region_a"}
	var all, w db.Where
	s.Policy.Filter(by, "duplicate.view", cols, &all)
	s.Policy.Filter(by, "duplicate.view", cols, &w)
	out := Listing{}
	var err error
	if out.Counts, err = countPairs(ctx, s.DB, &all); err != nil {
		return out, err
	}
	w.And("state = ?", r.State)
	if r.Kind != "" {
		w.And("kind = ?", r.Kind)
	}
	if r.After[1] != "" {
		score, err := parseScore(r.After[0])
		if err != nil {
			return out, err
		}
		w.And("score < ? OR score = ? AND id > ?", score, score, r.After[1])
	}
	out.Items, err = listPairs(ctx, s.DB, &w, " ORDER BY score DESC, id LIMIT "+w.Arg(int64(limit+1)))
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		last := out.Items[limit-1]
		out.Next = [2]string{formatScore(last.Score), last.ID}
	}
	return out, err
}
