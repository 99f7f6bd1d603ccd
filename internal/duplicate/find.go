package duplicate

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

const (
	crowd    = 40  // a key that so many records share says nothing
	together = 200 // records compared in one transaction
	most     = 200 // records one record is compared with
)

// Follow compares what the change feed tells of, until it has caught up.
func (s *Service) Follow(ctx context.Context) error {
	for {
		at, err := getProgress(ctx, s.DB, "feed")
		if err != nil {
			return err
		}
		changes, err := outbox.After(ctx, s.DB, at.Position, together, catalogue.ResourceChanged{}.EventName(), identity.Changed{}.EventName())
		if err != nil {
			return fmt.Errorf("read the change feed: %w", err)
		}
		if len(changes) == 0 {
			return nil
		}
		var ids, orgs []string
		for _, c := range changes {
			var e struct{ ID, Org string } // of a resource, of an organisation
			if err := json.Unmarshal([]byte(c.Body), &e); err != nil {
				return fmt.Errorf("read change %d: %w", c.Seq, err)
			}
			if e.ID != "" && !slices.Contains(ids, e.ID) {
				ids = append(ids, e.ID)
			}
			if e.ID == "" && e.Org != "" && !slices.Contains(orgs, e.Org) {
				orgs = append(orgs, e.Org)
			}
		}
		if err := s.follow(ctx, orgs); err != nil {
			return err
		}
		at.Position = changes[len(changes)-1].Seq
		if err := s.check(ctx, ids, &at); err != nil {
			return err
		}
	}
}

// follow learns the names of organisations that changed, and looks for public records about them.
func (s *Service) follow(ctx context.Context, orgs []string) error {
	if len(orgs) == 0 {
		return nil
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.learn(ctx, tx, orgs); err != nil {
			return err
		}
		return s.propose(ctx, tx, orgs)
	})
}

// Pass compares the whole catalogue anew; told is called after each part and may be nil. Decisions stay.
func (s *Service) Pass(ctx context.Context, told func(done int)) error {
	done := 0
	for after := ""; ; {
		list, err := s.Catalogue.LiveAfter(ctx, s.DB, after, together)
		if err != nil {
			return fmt.Errorf("list the catalogue: %w", err)
		}
		if len(list) == 0 {
			return nil
		}
		after = list[len(list)-1].ID
		if err := s.compare(ctx, list, nil, nil); err != nil {
			return err
		}
		done += len(list)
		if told != nil {
			told(done)
		}
	}
}

// check brings keys and pairs of some records up to date.
func (s *Service) check(ctx context.Context, ids []string, at *progress) error {
	all, err := s.Catalogue.Whatever(ctx, s.DB, ids)
	if err != nil {
		return fmt.Errorf("read changed records: %w", err)
	}
	var live []catalogue.Resource
	var gone []string
	for _, x := range ids {
		if r, ok := all[x]; ok && r.Live() {
			live = append(live, r)
		} else {
			gone = append(gone, x)
		}
	}
	return s.compare(ctx, live, gone, at)
}

// found is two records that were compared.
type found struct {
	a, b    catalogue.Resource
	score   int64
	reasons []Reason
	digest  string
}

// compare finds the pairs of some live records in one transaction.
func (s *Service) compare(ctx context.Context, live []catalogue.Resource, gone []string, at *progress) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		ids := slices.Clone(gone)
		known := map[string]catalogue.Resource{}
		records := map[string]Record{}
		keys := map[string][]int64{}
		for _, r := range live {
			ids = append(ids, r.ID)
			known[r.ID], records[r.ID] = r, RecordOf(r)
			keys[r.ID] = Keys(records[r.ID])
		}
		if err := deleteKeys(ctx, tx, ids); err != nil {
			return err
		}
		partners, err := s.block(ctx, tx, live, keys)
		if err != nil {
			return err
		}
		old, err := pairsOf(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, p := range old { // what was a pair is compared again, whether it shares a key or not
			for _, x := range []string{p.First, p.Second} {
				if _, ours := records[x]; ours && !slices.Contains(partners[x], p.other(x)) {
					partners[x] = append(partners[x], p.other(x))
				}
			}
		}
		if err := s.fetch(ctx, tx, partners, known, records); err != nil {
			return err
		}
		if err := s.settle(ctx, tx, old, gone, results(live, partners, known, records)); err != nil {
			return err
		}
		if at == nil {
			return nil
		}
		return putProgress(ctx, tx, *at)
	})
}

// block writes the keys of records and tells with whom each shares one.
func (s *Service) block(ctx context.Context, tx *db.Tx, live []catalogue.Resource, keys map[string][]int64) (map[string][]string, error) {
	var hashes []int64
	for _, l := range keys {
		hashes = append(hashes, l...)
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	members, err := membersOf(ctx, tx, hashes)
	if err != nil {
		return nil, err
	}
	under := make(map[int64][]string, len(hashes))
	for _, m := range members {
		under[m.Hash] = append(under[m.Hash], m.Resource)
	}
	partners := map[string][]string{}
	seen := map[[2]string]bool{}
	var rows []member
	for _, r := range live {
		for _, h := range keys[r.ID] {
			if len(under[h]) >= crowd {
				continue
			}
			for _, other := range under[h] {
				if k := [2]string{r.ID, other}; !seen[k] && len(partners[r.ID]) < most {
					seen[k] = true
					partners[r.ID] = append(partners[r.ID], other)
				}
			}
			under[h] = append(under[h], r.ID)
			rows = append(rows, member{h, r.ID})
		}
	}
	return partners, insertKeys(ctx, tx, rows)
}

// fetch reads the partners that are not at hand.
func (s *Service) fetch(ctx context.Context, tx *db.Tx, partners map[string][]string, known map[string]catalogue.Resource, records map[string]Record) error {
	var missing []string
	for _, l := range partners {
		for _, x := range l {
			if _, ok := known[x]; !ok {
				missing = append(missing, x)
			}
		}
	}
	slices.Sort(missing)
	more, err := s.Catalogue.Whatever(ctx, tx, slices.Compact(missing))
	if err != nil {
		return fmt.Errorf("read records to compare with: %w", err)
	}
	for x, r := range more {
		known[x], records[x] = r, RecordOf(r)
	}
	return nil
}

// results compares each record with its partners.
func results(live []catalogue.Resource, partners map[string][]string, known map[string]catalogue.Resource, records map[string]Record) map[[2]string]found {
	out := map[[2]string]found{}
	for _, r := range live {
		for _, x := range partners[r.ID] {
			first, second := min(r.ID, x), max(r.ID, x)
			k := [2]string{first, second}
			a, ok := known[first]
			b, there := known[second]
			if _, done := out[k]; done || !ok || !there || first == second {
				continue
			}
			f := found{a: a, b: b, digest: records[first].digest() + records[second].digest()}
			if a.Live() && b.Live() && a.Sample == b.Sample {
				f.score, f.reasons = Compare(records[first], records[second])
			}
			out[k] = f
		}
	}
	return out
}

// settle writes the pairs that were found, and ends those that are none any more.
func (s *Service) settle(ctx context.Context, tx *db.Tx, old []Pair, gone []string, results map[[2]string]found) error {
	now := db.At(s.Clock.Now())
	for _, p := range old {
		f, compared := results[[2]string{p.First, p.Second}]
		delete(results, [2]string{p.First, p.Second})
		if !compared && !slices.Contains(gone, p.First) && !slices.Contains(gone, p.Second) {
			continue
		}
		if err := s.revise(ctx, tx, p, f, now); err != nil {
			return err
		}
	}
	var fresh []Pair
	for _, f := range results {
		if f.score < Threshold {
			continue
		}
		p := Pair{ID: id.New(), First: f.a.ID, Second: f.b.ID, Kind: f.a.Kind, State: Open, FoundAt: now}
		if err := p.put(f, now); err != nil {
			return err
		}
		fresh = append(fresh, p)
	}
	slices.SortFunc(fresh, func(a, b Pair) int { return int(b.Score - a.Score) })
	return insertPairs(ctx, tx, fresh)
}

// put takes over what a comparison found.
func (p *Pair) put(f found, now db.Time) error {
	why, err := json.Marshal(f.reasons)
	if err != nil {
		return fmt.Errorf("write the reasons of a pair: %w", err)
	}
	p.OwnerA, p.OwnerB, p.RegionA, p.RegionB = f.a.Owner, f.b.Owner, f.a.Region, f.b.Region
	p.Score, p.Why, p.Digest, p.UpdatedAt = f.score, string(why), f.digest, now
	return nil
}

// revise brings a known pair up to date. A decision holds until what was compared has changed.
func (s *Service) revise(ctx context.Context, tx *db.Tx, p Pair, f found, now db.Time) error {
	from := p.State
	switch {
	case p.State == Joined:
		return nil // the merge itself changed both
	case f.score < Threshold:
		if p.State == Gone || p.State == Different {
			return nil
		}
		p.State, p.Keep, p.Take, p.Asked, p.UpdatedAt = Gone, "", "", "", now
	case f.digest == p.Digest && p.State != Gone:
		return nil
	default:
		if err := p.put(f, now); err != nil {
			return err
		}
		if p.State == Gone || p.State == Different {
			p.State = Open
		}
	}
	if _, err := updatePair(ctx, tx, p, from); err != nil {
		return err
	}
	if p.State == from {
		return nil
	}
	return insertStep(ctx, tx, Step{ID: id.New(), Pair: p.ID, At: now, Verb: map[string]string{Gone: "gone", Open: VerbReopen}[p.State], From: from, To: p.State})
}

// Alike is a record that may already be what somebody is about to enter.
type Alike struct {
	Resource catalogue.Resource
	Score    int64
	Reasons  []Reason
}

// Similar finds the live records that may be the same as a draft, the most alike first. It never blocks anybody.
func (s *Service) Similar(ctx context.Context, q db.Q, draft catalogue.Resource) ([]Alike, error) {
	r := RecordOf(draft)
	members, err := membersOf(ctx, q, Keys(r))
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range members {
		if m.Resource != draft.ID && !slices.Contains(ids, m.Resource) && len(ids) < most {
			ids = append(ids, m.Resource)
		}
	}
	known, err := s.Catalogue.Whatever(ctx, q, ids)
	if err != nil {
		return nil, fmt.Errorf("read records to compare with: %w", err)
	}
	var out []Alike
	for _, x := range ids {
		other, ok := known[x]
		if !ok || !other.Live() || other.Sample != draft.Sample {
			continue
		}
		if score, reasons := Compare(r, RecordOf(other)); score >= Threshold {
			out = append(out, Alike{other, score, reasons})
		}
	}
	slices.SortFunc(out, func(a, b Alike) int { return int(b.Score - a.Score) })
	return out[:min(len(out), 5)], nil
}
