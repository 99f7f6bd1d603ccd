package catalogue

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// maxBulk is how many records one bulk edit takes; shownBulk how many its preview shows.
const (
	maxBulk   = 20_000
	shownBulk = 20
)

// Bulk is one edit of many records: those chosen, or all that an owner's list finds.
type Bulk struct {
	IDs   []string
	Found *OwnQuery
	BulkEdit
}

// BulkRow is one record of a preview.
type BulkRow struct {
	Resource Resource
	Part     string
	Before   any
	After    any
	Problem  *fault.Error // why it is left alone; nil: it changes, or says so already
}

// BulkOutcome is what a bulk edit does, or did.
type BulkOutcome struct {
	ID        string // empty for a preview
	Changed   int64
	Unchanged int64     // they say so already
	Refused   int64     // left alone: see the rows
	Rows      []BulkRow // the first ones that change or are refused
}

// bulkRun is one bulk edit under way.
type bulkRun struct {
	service *Service
	sub     identity.Subject
	edit    BulkEdit
	id      string
	now     db.Time
	out     BulkOutcome
	digest  []any
}

// PreviewBulk tells what a bulk edit would do, and does nothing.
func (s *Service) PreviewBulk(ctx context.Context, sub identity.Subject, b Bulk) (BulkOutcome, error) {
	if err := b.check(s.kinds); err != nil {
		return BulkOutcome{}, err
	}
	run := bulkRun{service: s, sub: sub, edit: b.BulkEdit, now: db.At(s.Clock.Now())}
	err := s.eachOf(ctx, sub, s.DB, b, func(list []Resource) error { return run.take(ctx, s.DB, nil, list) })
	return run.out, err
}

// ApplyBulk does a bulk edit in one transaction; UndoBulk takes it back as one. key is the client's request.
func (s *Service) ApplyBulk(ctx context.Context, sub identity.Subject, key string, b Bulk) (BulkOutcome, error) {
	if err := b.check(s.kinds); err != nil {
		return BulkOutcome{}, err
	}
	var run bulkRun
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		run = bulkRun{service: s, sub: sub, edit: b.BulkEdit, id: id.New(), now: db.At(s.Clock.Now())}
		if key != "" {
			run.id = id.From(sub.Person, key, "bulk")
		}
		if err := s.eachOf(ctx, sub, tx, b, func(list []Resource) error { return run.take(ctx, tx, tx, list) }); err != nil {
			return err
		}
		return run.close(ctx, tx)
	})
	run.out.ID = run.id
	return run.out, err
}

// eachOf reads the records of a bulk edit that sub may edit, some hundred at a time.
func (s *Service) eachOf(ctx context.Context, sub identity.Subject, q db.Q, b Bulk, do func([]Resource) error) error {
	find := OwnQuery{Status: ""}
	if b.Found != nil {
		find = *b.Found
	} else if len(b.IDs) == 0 {
		return fault.New(fault.Invalid, "nothing-chosen", "请先勾选要修改的资源。")
	}
	ids := slices.Compact(slices.Sorted(slices.Values(b.IDs)))
	after, total := "", 0
	for {
		w, err := s.where(sub, "resource.edit", find)
		if err != nil {
			return err
		}
		if b.Found == nil {
			n := min(chunk, len(ids))
			if n == 0 {
				return nil
			}
			w.In("id", ids[:n])
			ids = ids[n:]
		}
		w.And("id > ?", after)
		list, err := listResources(ctx, q, w, "ORDER BY id LIMIT "+w.Arg(chunk))
		if err != nil {
			return err
		}
		if total += len(list); total > maxBulk {
			return fault.New(fault.TooLarge, "bulk-too-many", "一次最多修改 {0} 项资源，请缩小筛选范围，分几次办理。", maxBulk)
		}
		s.settleAll(list)
		if err := do(list); err != nil {
			return err
		}
		if b.Found != nil {
			if len(list) < chunk {
				return nil
			}
			after = list[len(list)-1].ID
		}
	}
}

// take plans the edit of some records and, within a transaction, writes it.
func (b *bulkRun) take(ctx context.Context, q db.Q, tx *db.Tx, list []Resource) error {
	var weekly map[string][]Opening
	if b.edit.Part == "hours" {
		var err error
		if weekly, err = hoursOf(ctx, q, idsOf(list)); err != nil {
			return err
		}
	}
	var changes []*change
	var more [][]Change
	for _, r := range list {
		k, ok := b.service.kinds.Find(r.Kind)
		if !ok {
			continue
		}
		after := r.clone()
		extra, err := b.edit.apply(b.service, &after, k, weekly[r.ID])
		if err == nil && r.Status == StatusWithdrawn {
			err = b.service.unmerged(ctx, q, r.ID)
		}
		if err != nil && fault.Of(err) == nil {
			return err
		}
		if err != nil {
			b.refuse(r, err)
			continue
		}
		list := append(diff(r, after, k), extra...)
		if len(list) == 0 {
			b.out.Unchanged++
			continue
		}
		b.note(r, list)
		changes = append(changes, &change{before: r, after: after, kind: k})
		more = append(more, extra)
	}
	if tx == nil {
		return nil
	}
	return b.service.writeMany(ctx, tx, b.sub, changes, more, "bulk", func(*change) string { return b.id }, &b.digest)
}

func (b *bulkRun) refuse(r Resource, err error) {
	b.out.Refused++
	if len(b.out.Rows) < shownBulk {
		b.out.Rows = append(b.out.Rows, BulkRow{Resource: r, Part: b.edit.Part, Problem: fault.Of(err)})
	}
}

func (b *bulkRun) note(r Resource, list []Change) {
	b.out.Changed++
	if len(b.out.Rows) < shownBulk {
		c := list[0]
		b.out.Rows = append(b.out.Rows, BulkRow{Resource: r, Part: c.Field, Before: c.From, After: c.To})
	}
}

// close keeps the bulk edit and writes its one audit entry.
func (b *bulkRun) close(ctx context.Context, tx *db.Tx) error {
	text, err := json.Marshal(b.edit)
	if err != nil {
		return fmt.Errorf("write a bulk edit: %w", err)
	}
	if err := insertBulk(ctx, tx, bulkKept{ID: b.id, Org: b.sub.Org, Person: b.sub.Person, At: b.now, Edit: string(text), Changed: b.out.Changed, LeftAs: b.out.Refused + b.out.Unchanged}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, b.now.Time, audit.Entry{Action: "resource.bulk", Kind: "bulk", ID: b.id, Data: b.digest})
}

// writeMany stores changed records with their history and events; hours of a record are changes beside its row.
func (s *Service) writeMany(ctx context.Context, tx *db.Tx, sub identity.Subject, changes []*change, more [][]Change, verb string, cause func(*change) string, digest *[]any) error {
	now := db.At(s.Clock.Now())
	var revisions []Revision
	var events []ResourceChanged
	for i, c := range changes {
		r := &c.after
		r.Revision, r.UpdatedAt = c.before.Revision+1, now
		if err := s.writeRow(ctx, tx, c); err != nil {
			return err
		}
		for _, x := range more[i] {
			hours, ok := x.To.([]Opening)
			if x.Field != "hours" || !ok {
				continue
			}
			if err := replaceHours(ctx, tx, r.ID, hours); err != nil {
				return err
			}
		}
		text, err := changesText(append(diff(c.before, *r, c.kind), more[i]...))
		if err != nil {
			return err
		}
		revisions = append(revisions, Revision{Resource: r.ID, Revision: r.Revision, At: now, Person: sub.Person, Org: sub.Org, Verb: verb, Cause: cause(c), Changes: text})
		events = append(events, ResourceChanged{ID: r.ID, Kind: r.Kind, Owner: r.Owner, Region: r.Region, Revision: r.Revision, Status: r.Status})
		*digest = append(*digest, r.ID, r.Revision)
	}
	if len(revisions) == 0 {
		return nil
	}
	if err := insertRevision(ctx, tx, revisions...); err != nil {
		return err
	}
	return outbox.PublishAll(ctx, tx, now.Time, events)
}

// writeRow updates one record and what hangs on it.
func (s *Service) writeRow(ctx context.Context, tx *db.Tx, c *change) error {
	if c.after.SourceID != c.before.SourceID {
		c.after.Origin = OriginOf(s.Node, c.after.Owner, c.after.Source, sourceKey(c.after))
	}
	ok, err := updateResource(ctx, tx, c.after)
	if db.IsUnique(err) {
		return errTaken(c.after.SourceID)
	}
	if err != nil {
		return err
	}
	if !ok {
		return errChanged()
	}
	if priceText(c.before.Prices) != priceText(c.after.Prices) {
		if err := replacePrices(ctx, tx, c.after); err != nil {
			return err
		}
	}
	if !slices.Equal(c.before.Identifiers, c.after.Identifiers) {
		return replaceIdentifiers(ctx, tx, c.after)
	}
	return nil
}

// UndoBulk takes a bulk edit back as one, where nothing has changed the same again since; what has is left alone. It is a
// bulk edit of its own and can be taken back too.
func (s *Service) UndoBulk(ctx context.Context, sub identity.Subject, bulk string) (BulkOutcome, error) {
	var run bulkRun
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := getBulk(ctx, tx, bulk)
		if isNone(err) {
			return errNoBulk()
		}
		if err != nil {
			return err
		}
		if err := s.Policy.Can(sub, "resource.edit", identity.Object{Parties: map[string]string{"owner": old.Org}, Region: sub.Region}); err != nil {
			return err
		}
		if old.Undone != "" {
			return fault.New(fault.Conflict, "undone-already", "这次批量修改已经撤销过了。")
		}
		run = bulkRun{service: s, sub: sub, edit: BulkEdit{Op: "undo", Value: []string{bulk}}, id: id.From("undo", bulk), now: db.At(s.Clock.Now())}
		if err := markUndone(ctx, tx, bulk, run.id); err != nil {
			return err
		}
		for after := ""; ; {
			list, err := caused(ctx, tx, bulk, after, chunk)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				return run.close(ctx, tx)
			}
			if err := run.back(ctx, tx, list); err != nil {
				return err
			}
			after = list[len(list)-1].Resource
		}
	})
	run.out.ID = run.id
	return run.out, err
}

func errNoBulk() error {
	return fault.New(fault.NotFound, "bulk-not-found", "没有找到这次批量修改。")
}

// back takes some revisions of a bulk edit back.
func (b *bulkRun) back(ctx context.Context, tx *db.Tx, list []Revision) error {
	ids := make([]string, len(list))
	for i, v := range list {
		ids[i] = v.Resource
	}
	var w db.Where
	w.In("id", ids)
	records, err := listResources(ctx, tx, &w, "")
	if err != nil {
		return err
	}
	weekly, err := hoursOf(ctx, tx, idsOf(records))
	if err != nil {
		return err
	}
	by := map[string]Resource{}
	for _, r := range records {
		by[r.ID] = r
	}
	var changes []*change
	var more [][]Change
	for _, v := range list {
		r := by[v.Resource]
		k, _ := b.service.kinds.Find(r.Kind)
		u := undoing{before: r, after: r.clone(), kind: k, hours: weekly[r.ID]}
		err := u.plan(v, nil)
		if err == nil && u.later != nil {
			err = u.conflict(ctx, b.service)
		}
		if err != nil {
			if fault.Of(err) == nil {
				return err
			}
			b.refuse(r, err)
			continue
		}
		var extra []Change
		if u.weekly != nil {
			extra = []Change{{"hours", orEmpty(u.hours), *u.weekly}}
		}
		b.note(r, append(diff(r, u.after, k), extra...))
		changes = append(changes, &change{before: r, after: u.after, kind: k})
		more = append(more, extra)
	}
	return b.service.writeMany(ctx, tx, b.sub, changes, more, "undo", func(*change) string { return b.id }, &b.digest)
}

// KindsOf lists the kinds of the records of a bulk edit.
func (s *Service) kindsOf(ctx context.Context, sub identity.Subject, b Bulk) ([]kinds.Kind, int, error) {
	seen, n := map[string]bool{}, 0
	err := s.eachOf(ctx, sub, s.DB, b, func(list []Resource) error {
		n += len(list)
		for _, r := range list {
			seen[r.Kind] = true
		}
		return nil
	})
	var out []kinds.Kind
	for _, k := range s.kinds {
		if seen[k.Name] {
			out = append(out, k)
		}
	}
	return out, n, err
}

func idsOf(list []Resource) []string {
	ids := make([]string, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	return ids
}
