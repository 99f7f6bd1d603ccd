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
		w.And(`(LOWER(name_zh) LIKE ? ESCAPE '\' OR LOWER(name_en) LIKE ? ESCAPE '\' OR LOWER(source_id) LIKE ? ESCAPE '\' OR LOWER(model) LIKE ? ESCAPE '\' OR LOWER(maker) LIKE ? ESCAPE '\')`, like, like, like, like, like)
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
}

// Own lists the records of the acting organisation.
func (s *Service) Own(ctx context.Context, sub identity.Subject, q OwnQuery) (Own, error) {
	w, err := s.where(sub, "resource.manage", q)
	if err != nil {
		return Own{}, err
	}
	var out Own
	if out.Total, err = db.One[int64](ctx, s.DB, `SELECT count(*) FROM catalogue_resource`+w.SQL(), w.Args()...); err != nil {
		return out, fmt.Errorf("count own resources: %w", err)
	}
	out.Pages = int((out.Total + pageSize - 1) / pageSize)
	order := map[string]string{"name": "name_zh, name_en, id", "checked": "checked_on, id"}[q.Sort]
	if order == "" {
		order = "updated_at DESC, id DESC"
	}
	page := min(max(q.Page, 0), max(out.Pages-1, 0))
	out.Items, err = listResources(ctx, s.DB, w, fmt.Sprintf("ORDER BY %s LIMIT %d OFFSET %d", order, pageSize, page*pageSize))
	s.settleAll(out.Items)
	return out, err
}

// countOwn counts an owner's records by one of their columns, for the tabs and filters of its list.
func countOwn(ctx context.Context, q db.Q, column, owner string) (map[string]int64, error) {
	type count struct {
		Value string `db:"value"`
		N     int64  `db:"n"`
	}
	rows, err := db.All[count](ctx, q, `SELECT `+column+` AS value, count(*) AS n FROM catalogue_resource WHERE owner = $1 GROUP BY `+column, owner)
	if err != nil {
		return nil, fmt.Errorf("count the resources of %s by %s: %w", owner, column, err)
	}
	out := map[string]int64{}
	for _, c := range rows {
		out[c.Value] = c.N
	}
	return out, nil
}

// toCheck counts what an owner has to confirm.
func (s *Service) toCheck(ctx context.Context, q db.Q, org, region string) (RecordsDue, error) {
	out := RecordsDue{Org: org}
	stale, due, err := s.term(region, s.today()).seams(s.today())
	if err != nil {
		return out, fmt.Errorf("find the days of the check term: %w", err)
	}
	type count struct {
		State string `db:"state"`
		N     int64  `db:"n"`
	}
	rows, err := db.All[count](ctx, q, `SELECT CASE WHEN checked_on = '' THEN 'never' WHEN checked_on < $2 THEN 'stale' ELSE 'due' END AS state, count(*) AS n
		FROM catalogue_resource WHERE owner = $1 AND status IN ('published', 'suspended') AND checked_on < $3 GROUP BY 1`, org, stale, due)
	if err != nil {
		return out, fmt.Errorf("count what %s has to check: %w", org, err)
	}
	for _, c := range rows {
		switch c.State {
		case NeverChecked:
			out.Never = c.N
		case Stale:
			out.Stale = c.N
		default:
			out.Due = c.N
		}
	}
	return out, nil
}
