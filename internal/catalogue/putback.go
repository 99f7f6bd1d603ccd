package catalogue

import (
	"context"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
)

// AsTheyStand reads resources whatever their state, as PutBack takes them; an unknown id is left out.
func (s *Service) AsTheyStand(ctx context.Context, q db.Q, ids []string) ([]Resource, error) {
	var out []Resource
	for part := range slices.Chunk(ids, chunk) {
		var w db.Where
		w.In("id", part)
		l, err := listResources(ctx, q, &w, "")
		if err != nil {
			return nil, err
		}
		out = append(out, l...)
	}
	return out, nil
}

// PutBack makes a resource what it was before a change that is undone, unless it has been changed again since the
// revision seen: then it is left alone and the answer is false. A resource that was nothing before (an empty revision)
// is withdrawn. It asks no permission: only what undoes its own doing calls it.
func (s *Service) PutBack(ctx context.Context, sub identity.Subject, tx *db.Tx, was Resource, seen int64, cause string) (bool, error) {
	now, k, err := s.load(ctx, tx, was.ID)
	if err != nil || now.Revision != seen {
		return false, err
	}
	after := now.clone()
	if was.Revision == 0 {
		after.Status, after.Note = StatusWithdrawn, "收录已撤销。" //i18n:data kept with the record
	} else {
		kept := was.clone()
		kept.Origin, kept.Owner, kept.Kind, kept.CreatedAt, kept.Revision = now.Origin, now.Owner, now.Kind, now.CreatedAt, now.Revision
		after = kept
	}
	if len(diff(now, after, k)) == 0 {
		return true, nil
	}
	if barred, err := s.barred(ctx, tx, after, k); err != nil || barred {
		return false, err
	}
	return true, s.write(ctx, tx, sub, now, &after, k, "undo", cause)
}
