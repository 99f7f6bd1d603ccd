package catalogue

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// VerbUndoImport is what the history calls the undoing of an import.
const VerbUndoImport = "undo-import"

// What became of a record whose import is undone, beside Removed.
const (
	Restored = "restored" // is again what it was before
	Kept     = "kept"     // stays as it is; see Undone.Why
)

// Undone is one record of an import that is undone.
type Undone struct {
	Resource string
	Name     string       // Chinese, or English where there is none
	Did      string       // Removed, Restored, Kept
	Why      *fault.Error // of a kept one
}

// UndoCause takes back what an import did to the records after one (by id; empty: from the first), at most limit of them: what
// it made is withdrawn, what it changed is as before. A record that was changed since, or for which busy has a reason, stays
// as it is. Nothing is left when fewer than limit come back. It asks no permission: only what undoes its own doing calls it.
func (s *Service) UndoCause(ctx context.Context, sub identity.Subject, tx *db.Tx, cause, after string, limit int, busy Busy) ([]Undone, error) {
	return s.undoCause(ctx, sub, tx, tx, cause, after, limit, busy)
}

// ForeseeUndo tells what UndoCause would do, and does nothing.
func (s *Service) ForeseeUndo(ctx context.Context, q db.Q, cause, after string, limit int, busy Busy) ([]Undone, error) {
	return s.undoCause(ctx, identity.Subject{}, q, nil, cause, after, limit, busy)
}

// Busy says which of some new records must stay, and why. It may be nil.
type Busy func(ctx context.Context, q db.Q, resources []string) (map[string]*fault.Error, error)

// CountCaused is how many records a cause has touched, and how many of them it made.
func (s *Service) CountCaused(ctx context.Context, q db.Q, cause string) (touched, made int64, err error) {
	return countCaused(ctx, q, cause)
}

func (s *Service) undoCause(ctx context.Context, sub identity.Subject, q db.Q, tx *db.Tx, cause, after string, limit int, busy Busy) ([]Undone, error) {
	ids, err := causedResources(ctx, q, cause, after, limit)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	records, err := s.AsTheyStand(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	by := map[string][]Revision{}
	list, err := causedRevisions(ctx, q, cause, ids)
	if err != nil {
		return nil, err
	}
	for _, v := range list {
		by[v.Resource] = append(by[v.Resource], v)
	}
	why := map[string]*fault.Error{}
	if busy != nil {
		if why, err = busy(ctx, q, ids); err != nil {
			return nil, err
		}
	}
	out := make([]Undone, 0, len(records))
	for _, r := range records {
		one, err := s.undoRecord(ctx, sub, tx, r, by[r.ID], cause, why[r.ID])
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b Undone) int { return strings.Compare(a.Resource, b.Resource) })
	return out, nil
}

// undoRecord takes back what some revisions of one cause, in their order, did to a record.
func (s *Service) undoRecord(ctx context.Context, sub identity.Subject, tx *db.Tx, r Resource, done []Revision, cause string, busy *fault.Error) (Undone, error) {
	out := Undone{Resource: r.ID, Name: r.Name(), Did: Restored}
	k, ok := s.kinds.Find(r.Kind)
	if !ok || len(done) == 0 {
		return out, fault.New(fault.Invalid, "kind-unknown", "没有“{0}”这类资源。", r.Kind)
	}
	u := undoing{before: r, after: r.clone(), kind: k}
	if done[0].Revision == 1 {
		out.Did = Removed
		switch {
		case r.Status == StatusWithdrawn:
			return out, nil
		case r.Revision != done[len(done)-1].Revision:
			out.Did, out.Why = Kept, fault.New(fault.Conflict, "changed-since", "导入之后又改过，没有撤下。")
			return out, nil
		}
		u.after.Status, u.after.Note = StatusWithdrawn, "导入已撤销。" //i18n:data kept with the record
	} else {
		for _, v := range slices.Backward(done) {
			if err := u.plan(v, nil); err != nil {
				out.Did, out.Why = Kept, fault.Of(err)
				if out.Why == nil {
					return out, err
				}
				return out, nil
			}
		}
		if u.later != nil {
			names := make([]string, len(u.later))
			for i, p := range u.later {
				names[i] = s.partName(ctx, k, p)
			}
			out.Did, out.Why = Kept, fault.New(fault.Conflict, "changed-since", "导入之后又改过：{0}。要改回去，请直接编辑。", joinWords(ctx, names))
			return out, nil
		}
	}
	if u.after.Status == StatusWithdrawn && r.Status != StatusWithdrawn {
		if out.Did = Removed; busy != nil {
			out.Did, out.Why = Kept, busy
			return out, nil
		}
	}
	if tx == nil || len(diff(u.before, u.after, k)) == 0 {
		return out, nil
	}
	return out, s.write(ctx, tx, sub, u.before, &u.after, k, VerbUndoImport, "undo:"+cause)
}
