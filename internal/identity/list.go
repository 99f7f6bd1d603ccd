package identity

import (
	"context"
	"fmt"
	"strings"

	"qiao/internal/platform/db"
	"qiao/internal/platform/web"
)

// Query asks for organisations. The zero value asks for all that are public, newest first.
type Query struct {
	Text     string   // part of a name, or a whole code
	Status   []string // any of; empty: every state one may see
	Region   string   // in this region; empty: everywhere
	Capacity string   // verified and in its dates today
	Oldest   bool     // the longest waiting first
	Cursor   string
	Limit    int // 1 … 100; 0: 20
}

// List are organisations and where the next page begins.
type List struct {
	Items []Organisation
	Next  string // cursor; empty: the last page
}

const (
	defaultLimit = 20
	maxLimit     = 100
)

// Find lists what everyone may see: public records and organisations that have been verified.
func (s *Service) Find(ctx context.Context, q Query) (List, error) {
	var w db.Where
	w.In("o.status", publicStatuses())
	return s.list(ctx, q, w)
}

// Inspect lists what the subject may inspect: for an authority, the organisations of its region.
func (s *Service) Inspect(ctx context.Context, sub Subject, q Query) (List, error) {
	if err := s.policy.May(sub, "organisation.inspect"); err != nil {
		return List{}, err
	}
	var w db.Where
	s.policy.Filter(sub, "organisation.inspect", map[string]string{SideRegion: "o.region"}, &w)
	return s.list(ctx, q, w)
}

// publicStatuses are the states in which an organisation has a public page.
func publicStatuses() []string {
	return []string{StatusUnclaimed, StatusVerified, StatusSuspended}
}

func (s *Service) list(ctx context.Context, q Query, w db.Where) (List, error) {
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	limit = min(limit, maxLimit)
	after, err := web.DecodeCursor(q.Cursor, 2)
	if err != nil {
		return List{}, err
	}
	if len(q.Status) > 0 {
		w.In("o.status", q.Status)
	}
	if ValidRegion(q.Region) {
		first, last := Span(q.Region)
		w.And("o.region BETWEEN ? AND ?", first, last)
	}
	if q.Capacity != "" {
		day := s.today()
		w.And(`EXISTS (SELECT 1 FROM identity_capacity c WHERE c.organisation = o.id AND c.capacity = ? AND c.verified_on <> ''
			AND c.valid_from <= ? AND (c.valid_to = '' OR c.valid_to >= ?))`, q.Capacity, day, day)
	}
	if text := strings.TrimSpace(q.Text); text != "" {
		like := "%" + likeText(text) + "%"
		w.And(`lower(o.name_zh) LIKE lower(?) ESCAPE '!' OR lower(o.name_en) LIKE lower(?) ESCAPE '!' OR o.uscc = ? OR o.ror = ?`,
			like, like, NormalUSCC(text), NormalROR(text))
	}
	rows, err := pageOrganisations(ctx, s.db, &w, q.Oldest, after, limit+1)
	if err != nil {
		return List{}, fmt.Errorf("list organisations: %w", err)
	}
	if len(rows) <= limit {
		return List{Items: rows}, nil
	}
	last := rows[limit-1]
	return List{Items: rows[:limit], Next: web.EncodeCursor(db.Stamp(last.UpdatedAt.Time), last.ID)}, nil
}

// likeText writes text for LIKE … ESCAPE '!', so that % and _ mean themselves.
func likeText(text string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text)
}

// counts are how many organisations the subject may inspect in each state.
func (s *Service) counts(ctx context.Context, sub Subject) (map[string]int, error) {
	var w db.Where
	s.policy.Filter(sub, "organisation.inspect", map[string]string{SideRegion: "o.region"}, &w)
	rows, err := countByStatus(ctx, s.db, &w)
	if err != nil {
		return nil, fmt.Errorf("count organisations: %w", err)
	}
	out := map[string]int{}
	for _, r := range rows {
		out[r.Status] = int(r.N)
	}
	return out, nil
}
