package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
)

// OwnQuery is what an owner asks of its own records.
type OwnQuery struct {
	Text   string // part of a name, number, model or maker
	Kind   string
	Status string // empty: all but the withdrawn
	Fresh  string // fresh, due, stale, never; "check": due, stale or never
	Sort   string // updated, name, checked; empty: updated
	Page   int    // from 0
}

// ToCheck asks for what its owner has to confirm: due, stale or never checked.
const ToCheck = "check"

// OwnSorts are the orders of an owner's list.
func OwnSorts() []string { return []string{"updated", "name", "checked"} }

// where is the condition of q among the records on which sub may do action.
func (s *Service) where(sub identity.Subject, action string, q OwnQuery) (*db.Where, error) {
	var w db.Where
	s.Policy.Filter(sub, action, map[string]string{"owner": "owner"}, &w)
	if slices.Contains(Table.States(), q.Status) {
		w.And("status = ?", q.Status)
	} else {
		w.And("status <> ?", StatusWithdrawn)
	}
	if q.Kind != "" {
		w.And("kind = ?", q.Kind)
	}
	for word := range strings.FieldsSeq(strings.ToLower(q.Text)) {
		like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
		w.And(`LOWER(name_zh || ' ' || name_en || ' ' || source_id || ' ' || model || ' ' || maker) LIKE ? ESCAPE '\'`, like) // a word has no space in it
	}
	stale, due, err := s.term(sub.Region, s.today()).seams(s.today())
	if err != nil {
		return nil, fmt.Errorf("find the days of the check term: %w", err)
	}
	switch q.Fresh {
	case Fresh:
		w.And("checked_on >= ?", due)
	case Due:
		w.And("checked_on >= ? AND checked_on < ?", stale, due)
	case Stale:
		w.And("checked_on <> '' AND checked_on < ?", stale)
	case NeverChecked:
		w.And("checked_on = ''")
	case ToCheck:
		w.And("checked_on < ? AND status IN ('published', 'suspended')", due)
	}
	return &w, nil
}

// Own is a page of an owner's list.
type Own struct {
	Items []Resource
	Total int64
	Pages int
	Page  int // from 0; the last one where q asks for more
}

// Own lists the records of the acting organisation.
func (s *Service) Own(ctx context.Context, sub identity.Subject, q OwnQuery) (Own, error) {
	w, err := s.where(sub, "resource.manage", q)
	if err != nil {
		return Own{}, err
	}
	order := map[string]string{"name": "name_zh, name_en, id", "checked": "checked_on, id"}[q.Sort]
	if order == "" {
		order = "updated_at DESC, id DESC"
	}
	out, ids, err := ownIDs(ctx, s.DB, w, order, q)
	if err != nil {
		return out, err
	}
	var these db.Where
	these.In("id", ids)
	out.Items, err = listResources(ctx, s.DB, &these, "ORDER BY "+order)
	s.settleAll(out.Items)
	return out, err
}

// ownIDs counts what meets w and lists the ids of a page of it. Words are looked for in the rows themselves, and the
// rows are then read once, for both; everything else is answered by the index.
func ownIDs(ctx context.Context, d db.Q, w *db.Where, order string, q OwnQuery) (out Own, ids []string, err error) {
	list := `SELECT id FROM catalogue_resource` + w.SQL() + ` ORDER BY ` + order
	if q.Text != "" {
		if ids, err = db.All[string](ctx, d, list, w.Args()...); err != nil {
			return out, nil, fmt.Errorf("search own resources: %w", err)
		}
		out.Total = int64(len(ids))
	} else if out.Total, err = db.One[int64](ctx, d, `SELECT count(*) FROM catalogue_resource`+w.SQL(), w.Args()...); err != nil {
		return out, nil, fmt.Errorf("count own resources: %w", err)
	}
	out.Pages = int((out.Total + pageSize - 1) / pageSize)
	out.Page = min(max(q.Page, 0), max(out.Pages-1, 0))
	if q.Text != "" {
		return out, ids[out.Page*pageSize : min((out.Page+1)*pageSize, len(ids))], nil
	}
	if ids, err = db.All[string](ctx, d, fmt.Sprintf(`%s LIMIT %d OFFSET %d`, list, pageSize, out.Page*pageSize), w.Args()...); err != nil {
		return out, nil, fmt.Errorf("list own resources: %w", err)
	}
	return out, ids, nil
}

// tally is what an owner has, counted once for the tabs, the filters and the tasks of its desk.
type tally struct {
	States map[string]int64 // by status
	Kinds  map[string]int64 // by kind, the withdrawn left out
	Due    RecordsDue
}

// count counts the records of an owner; region says which check term holds.
func (s *Service) count(ctx context.Context, q db.Q, org, region string) (tally, error) {
	out := tally{States: map[string]int64{}, Kinds: map[string]int64{}, Due: RecordsDue{Org: org}}
	stale, due, err := s.term(region, s.today()).seams(s.today())
	if err != nil {
		return out, fmt.Errorf("find the days of the check term: %w", err)
	}
	type line struct {
		Status string `db:"status"`
		Kind   string `db:"kind"`
		N      int64  `db:"n"`
		Never  int64  `db:"never"`
		Stale  int64  `db:"stale"`
		Due    int64  `db:"due"`
	}
	rows, err := db.All[line](ctx, q, `SELECT status, kind, count(*) AS n,
			SUM(CASE WHEN checked_on = '' THEN 1 ELSE 0 END) AS never,
			SUM(CASE WHEN checked_on <> '' AND checked_on < $2 THEN 1 ELSE 0 END) AS stale,
			SUM(CASE WHEN checked_on >= $2 AND checked_on < $3 THEN 1 ELSE 0 END) AS due
		FROM catalogue_resource WHERE owner = $1 GROUP BY status, kind`, org, stale, due)
	if err != nil {
		return out, fmt.Errorf("count the resources of %s: %w", org, err)
	}
	for _, c := range rows {
		out.States[c.Status] += c.N
		if c.Status != StatusWithdrawn {
			out.Kinds[c.Kind] += c.N
		}
		if c.Status == StatusPublished || c.Status == StatusSuspended {
			out.Due.Never += c.Never
			out.Due.Stale += c.Stale
			out.Due.Due += c.Due
		}
	}
	return out, nil
}
