package catalogue

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// Merging says how two records of one thing become one: Keep stays, Drop becomes a tombstone that leads to it.
type Merging struct {
	Keep, Drop string
	Take       []string // parts whose value comes from Drop: names of fields, and those of Parts
}

// Merged is one merge on record.
type Merged struct {
	ID       string
	Keep     string
	Dropped  string
	At       db.Time
	Person   string
	Org      string
	UndoneAt *db.Time // nil: it stands
}

// Difference is a part that an undone merge did not bring back, since it was changed after the merge.
type Difference struct {
	Resource string
	Field    string
	Was      any // before the merge
	Is       any // what stays
}

// Parts are what a resource has beside the fields of its kind and may be taken over in a merge.
func Parts() []string {
	return []string{"region", "access", "free", "voucher", "booking", "country", "languages", "prices"}
}

// merge is a row of catalogue_merge with its snapshots.
type merge struct {
	ID            string   `db:"id"`
	Keep          string   `db:"keep"`
	Dropped       string   `db:"dropped"`
	KeepBefore    string   `db:"keep_before"`
	KeepAfter     string   `db:"keep_after"`
	DroppedBefore string   `db:"dropped_before"`
	DroppedAfter  string   `db:"dropped_after"`
	At            db.Time  `db:"at"`
	Person        string   `db:"person"`
	Org           string   `db:"org"`
	UndoneAt      *db.Time `db:"undone_at"`
}

func (m merge) public() Merged {
	return Merged{m.ID, m.Keep, m.Dropped, m.At, m.Person, m.Org, m.UndoneAt}
}

// Merge makes two records one in the caller's transaction, with snapshots by which Unmerge takes it back. The caller has
// asked whoever owns them. Both records' numbers and identifiers stay findable at the one that is kept; orders keep
// the record they were placed on.
func (s *Service) Merge(ctx context.Context, tx *db.Tx, sub identity.Subject, m Merging) (Merged, error) {
	keep, k, err := s.load(ctx, tx, m.Keep)
	if err != nil {
		return Merged{}, err
	}
	drop, _, err := s.load(ctx, tx, m.Drop)
	if err != nil {
		return Merged{}, err
	}
	if err := mergeable(keep, drop); err != nil {
		return Merged{}, err
	}
	whole := keep.clone()
	for _, part := range m.Take {
		if part == "source_id" {
			continue // whose number it is cannot be chosen
		}
		if err := copyPart(&whole, drop, part, k); err != nil {
			return Merged{}, err
		}
	}
	whole.Identifiers = bothIdentifiers(whole, drop)
	for i := range whole.Prices {
		whole.Prices[i] = whole.Prices[i].normal(whole.ID, i)
	}
	gone := drop.clone()
	gone.Status, gone.Note = StatusWithdrawn, fmt.Sprintf("已合并到“%s”。", keep.Name()) //i18n:data kept with the record
	row := merge{ID: id.New(), Keep: keep.ID, Dropped: drop.ID, At: db.At(s.Clock.Now()), Person: sub.Person, Org: sub.Org}
	if row.KeepBefore, row.DroppedBefore, err = snapshots(keep, drop); err != nil {
		return Merged{}, err
	}
	if err := s.write(ctx, tx, sub, keep, &whole, k, "merge", ""); err != nil {
		return Merged{}, err
	}
	if err := s.write(ctx, tx, sub, drop, &gone, k, "merge", ""); err != nil {
		return Merged{}, err
	}
	if row.KeepAfter, row.DroppedAfter, err = snapshots(whole, gone); err != nil {
		return Merged{}, err
	}
	return row.public(), insertMerge(ctx, tx, row)
}

func mergeable(keep, drop Resource) error {
	switch {
	case keep.ID == drop.ID:
		return fault.New(fault.Invalid, "merge-itself", "请选择两条不同的记录。")
	case keep.Kind != drop.Kind:
		return fault.New(fault.Invalid, "merge-kinds", "两条记录的类别不同，不能合并。")
	case keep.Sample != drop.Sample:
		return fault.New(fault.Invalid, "merge-sample", "示例记录不能与真实记录合并。")
	case keep.Status == StatusWithdrawn || drop.Status == StatusWithdrawn:
		return fault.New(fault.Conflict, "merge-gone", "其中一条记录已经撤下，不能合并。")
	}
	return nil
}

// bothIdentifiers are those of both records, the dropped one's own number among them.
func bothIdentifiers(keep, drop Resource) []Identifier {
	out := slices.Clone(keep.Identifiers)
	more := slices.Clone(drop.Identifiers)
	if drop.SourceID != "" && drop.SourceID != keep.SourceID && drop.SourceID[0] != '~' {
		more = append(more, Identifier{Scheme: "own", Value: drop.SourceID})
	}
	for _, x := range more {
		if !slices.Contains(out, x) && len(out) < maxIdentifiers {
			out = append(out, x)
		}
	}
	return out
}

// Unmerge takes a merge back in the caller's transaction: both records are again what they were. What was changed since
// stays as it is and is told.
func (s *Service) Unmerge(ctx context.Context, tx *db.Tx, sub identity.Subject, mergeID string) ([]Difference, error) {
	row, err := getMerge(ctx, tx, mergeID)
	if isNone(err) {
		return nil, fault.New(fault.NotFound, "no-merge", "没有找到这次合并。")
	}
	if err != nil {
		return nil, err
	}
	if row.UndoneAt != nil {
		return nil, fault.New(fault.Conflict, "merge-undone", "这次合并已经撤销。")
	}
	later, err := standingMerge(ctx, tx, row.Keep)
	if err != nil && !isNone(err) {
		return nil, err
	}
	if err == nil {
		return nil, fault.New(fault.Conflict, "merge-later", "保留的记录后来又被合并。请先撤销那一次合并。").Because(fmt.Errorf("merge %s stands", later.ID))
	}
	var out []Difference
	for _, one := range []struct{ id, before, after string }{{row.Keep, row.KeepBefore, row.KeepAfter}, {row.Dropped, row.DroppedBefore, row.DroppedAfter}} {
		differs, err := s.bringBack(ctx, tx, sub, one.id, one.before, one.after)
		if err != nil {
			return nil, err
		}
		out = append(out, differs...)
	}
	return out, undoMerge(ctx, tx, row.ID, db.At(s.Clock.Now()))
}

// bringBack restores one record to a snapshot, but for the parts that changed after the merge.
func (s *Service) bringBack(ctx context.Context, tx *db.Tx, sub identity.Subject, resource, beforeText, afterText string) ([]Difference, error) {
	now, k, err := s.load(ctx, tx, resource)
	if err != nil {
		return nil, err
	}
	before, err := readSnapshot(beforeText)
	if err != nil {
		return nil, err
	}
	after, err := readSnapshot(afterText)
	if err != nil {
		return nil, err
	}
	back := now.clone()
	back.Identifiers = slices.Clone(now.Identifiers)
	touched := map[string]bool{}
	var out []Difference
	for _, c := range diff(after, now, k) {
		touched[c.Field] = true
	}
	for _, c := range diff(before, after, k) { // what the merge itself did
		if touched[c.Field] {
			out = append(out, Difference{resource, c.Field, c.From, part(now, after, k, c.Field)})
			continue
		}
		if err := copyPart(&back, before, c.Field, k); err != nil {
			return nil, err
		}
	}
	for field := range maps.Keys(touched) {
		if !slices.ContainsFunc(out, func(d Difference) bool { return d.Field == field }) {
			out = append(out, Difference{resource, field, part(before, now, k, field), part(now, before, k, field)})
		}
	}
	slices.SortFunc(out, func(a, b Difference) int { return slices.Compare([]string{a.Field}, []string{b.Field}) })
	return out, s.write(ctx, tx, sub, now, &back, k, "unmerge", "")
}

// part is what r has for a part that differs from other; what both have is not told.
func part(r, other Resource, k kinds.Kind, field string) any {
	for _, c := range diff(r, other, k) {
		if c.Field == field {
			return c.From
		}
	}
	return nil
}

// copyPart sets one part of a record, as diff names it, to what another has.
func copyPart(to *Resource, from Resource, name string, k kinds.Kind) error {
	from = from.clone()
	switch name {
	case "status":
		to.Status = from.Status
	case "region":
		to.Region = from.Region
	case "access":
		to.Access = from.Access
	case "free":
		to.Free = from.Free
	case "voucher":
		to.Voucher = from.Voucher
	case "booking":
		to.Booking = from.Booking
	case "licence":
		to.Licence = from.Licence
	case "retrieved_on":
		to.RetrievedOn = from.RetrievedOn
	case "country":
		to.Country = from.Country
	case "languages":
		to.Languages = slices.Clone(from.Languages)
	case "identifiers":
		to.Identifiers = slices.Clone(from.Identifiers)
	case "checked_on":
		to.CheckedOn = from.CheckedOn
	case "prices":
		to.Prices = from.Prices
	case "note":
		to.Note = from.Note
	default:
		f, ok := k.Field(name)
		if !ok {
			return fault.New(fault.Invalid, "no-such-field", "这类资源没有“{0}”这一项。", name)
		}
		to.assign(f, from.value(f))
	}
	return nil
}

func snapshots(a, b Resource) (string, string, error) {
	x, err := json.Marshal(a)
	if err != nil {
		return "", "", fmt.Errorf("keep resource %s as it is: %w", a.ID, err)
	}
	y, err := json.Marshal(b)
	if err != nil {
		return "", "", fmt.Errorf("keep resource %s as it is: %w", b.ID, err)
	}
	return string(x), string(y), nil
}

func readSnapshot(text string) (Resource, error) {
	r := Resource{}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return r, fmt.Errorf("read a record as it was: %w", err)
	}
	if r.Fields == nil {
		r.Fields = map[string]any{}
	}
	kinds.Normal(r.Fields)
	for i := range r.Prices {
		r.Prices[i].Resource, r.Prices[i].Position = r.ID, int64(i)
	}
	return r, nil
}

// MergedInto is the record that a merged one leads to, through later merges too; empty where it was not merged.
func (s *Service) MergedInto(ctx context.Context, q db.Q, resource string) (string, error) {
	into := ""
	for range 20 { // a chain longer than this is a circle
		row, err := standingMerge(ctx, q, resource)
		if isNone(err) {
			return into, nil
		}
		if err != nil {
			return "", err
		}
		into, resource = row.Keep, row.Keep
	}
	return into, nil
}

// Whatever reads records in any state, drafts and withdrawn ones too, for rooms that decide about records.
func (s *Service) Whatever(ctx context.Context, q db.Q, ids []string) (map[string]Resource, error) {
	out := map[string]Resource{}
	for batch := range slices.Chunk(ids, chunk) {
		var w db.Where
		w.In("id", batch)
		l, err := listResources(ctx, q, &w, "")
		if err != nil {
			return nil, err
		}
		s.settleAll(l)
		for _, r := range l {
			out[r.ID] = r
		}
	}
	return out, nil
}

// RevisionsOf is the history of a record, newest first, for rooms that decide about records.
func (s *Service) RevisionsOf(ctx context.Context, q db.Q, resource string) ([]Revision, error) {
	return listRevisions(ctx, q, resource, 0, shownRevisions)
}

// Say tells what a revision did, in the reader's language.
func (v Revision) Say(ctx context.Context) string { return v.title(ctx) }

// Differences lists the parts in which two records of one kind differ, in the order of their fields.
func (s *Service) Differences(a, b Resource) []Change {
	k, _ := s.kinds.Find(a.Kind)
	return diff(a, b, k)
}

// Tell writes the value of a part of a record as people read it; empty where it says nothing.
func (s *Service) Tell(ctx context.Context, k kinds.Kind, part string, v any) string {
	return s.tell(ctx, k, part, v)
}

// HandOver gives records to another organisation in the caller's transaction, which has asked both; without ids all that
// one has. It gives back those it moved.
func (s *Service) HandOver(ctx context.Context, tx *db.Tx, sub identity.Subject, from, to string, ids []string) ([]string, error) {
	var w db.Where
	w.And("owner = ?", from)
	if ids != nil {
		w.In("id", ids)
	}
	list, err := listResources(ctx, tx, &w, "ORDER BY id")
	if err != nil {
		return nil, err
	}
	var moved []string
	for _, r := range list {
		k, ok := s.kinds.Find(r.Kind)
		if !ok {
			continue
		}
		after := r.clone()
		after.Owner, after.Origin = to, OriginOf(s.Node, to, r.Source, sourceKey(r))
		free, err := moveResource(ctx, tx, r.ID, after.Owner, after.Origin)
		if err != nil {
			return nil, err
		}
		if !free {
			continue // the other has a record of this origin: a duplicate to be decided about
		}
		if err := s.write(ctx, tx, sub, r, &after, k, "hand-over", ""); err != nil {
			return nil, err
		}
		moved = append(moved, r.ID)
	}
	return moved, nil
}
