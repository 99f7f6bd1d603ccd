package find

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// When the owner of a saved search is told.
const (
	AlertNone  = "none"
	AlertDaily = "daily"
	AlertOnce  = "once" // as soon as something fits
)

// Alerts are the choices.
func Alerts() []string { return []string{AlertDaily, AlertOnce, AlertNone} }

// Saved is a search a person keeps.
type Saved struct {
	ID        string  `db:"id"`
	Person    string  `db:"person"`
	Name      string  `db:"name"`
	Query     string  `db:"query"`
	Alert     string  `db:"alert"`
	LookedAt  db.Time `db:"looked_at"`
	ToldAt    db.Time `db:"told_at"`
	CreatedAt db.Time `db:"created_at"`
}

// mostSaved is how many searches one person keeps: each costs a search when something changes.
const mostSaved = 50

// longestName is in characters.
const longestName = 60

// kept are the parameters of a search that are kept: what narrows and orders it, not how it is shown.
func kept() []string {
	return []string{"q", "as_typed", "kind", "region", "class", "price", "price_from", "price_to", "free_on", "voucher", "access", "org", "freshness", "language", "certificate", "near", "sort"}
}

// Canonical writes the parameters of a search in one order, without what does not belong to it.
func Canonical(in url.Values) string {
	out := url.Values{}
	for _, name := range kept() {
		for _, v := range in[name] {
			if v = strings.TrimSpace(v); v != "" && !slices.Contains(out[name], v) {
				out.Add(name, v)
			}
		}
		slices.Sort(out[name])
	}
	return out.Encode()
}

// query reads it again.
func (s Saved) query() catalogue.Query {
	v, err := url.ParseQuery(s.Query)
	if err != nil {
		v = nil // only Canonical writes it; a text that cannot be read asks for everything
	}
	return catalogue.QueryOf(v)
}

// Save keeps a search. The same key again changes nothing.
func (s *Service) Save(ctx context.Context, by identity.Subject, key, name, query, alert string) (Saved, error) {
	if err := s.Policy.May(by, "find.keep"); err != nil {
		return Saved{}, err
	}
	problem := fault.New(fault.Invalid, "search-invalid", "请检查标出的内容。")
	if name = strings.TrimSpace(name); name == "" || utf8.RuneCountInString(name) > longestName {
		problem.Field("name", "name", "请写一个 {0} 字以内的名称。", longestName)
	}
	if !slices.Contains(Alerts(), alert) {
		problem.Field("alert", "alert", "请选择怎样提醒。")
	}
	values, err := url.ParseQuery(query)
	if err != nil || len(query) > 4000 || Canonical(values) == "" {
		problem.Field("query", "query", "请先在检索页输入关键词或选择条件，再保存。")
	} else if _, err := s.Catalogue.Count(ctx, catalogue.QueryOf(values)); err != nil {
		return Saved{}, err
	}
	if len(problem.Fields) > 0 {
		return Saved{}, problem
	}
	now := db.At(s.Clock.Now())
	out := Saved{ID: id.New(), Person: by.Person, Name: name, Query: Canonical(values), Alert: alert, LookedAt: now, ToldAt: now, CreatedAt: now}
	if key != "" {
		out.ID = id.From("find.search", by.Person, key)
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var w db.Where
		w.And("person = ?", by.Person)
		had, err := listSearches(ctx, tx, &w, "")
		if err != nil {
			return err
		}
		if len(had) >= mostSaved {
			return fault.New(fault.Conflict, "search-many", "最多保存 {0} 条检索，请先删除不用的。", mostSaved)
		}
		if err := insertSearch(ctx, tx, out); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now.Time, audit.Entry{Action: "find.keep", Kind: "search", ID: out.ID, To: out.Alert})
	})
	return out, err
}

// Searches lists a person's saved searches.
func (s *Service) Searches(ctx context.Context, by identity.Subject) ([]Saved, error) {
	var w db.Where
	w.And("person = ?", by.Person)
	return listSearches(ctx, s.DB, &w, " ORDER BY created_at DESC, id")
}

// SetAlert changes when the owner is told.
func (s *Service) SetAlert(ctx context.Context, by identity.Subject, search, alert string) error {
	if !slices.Contains(Alerts(), alert) {
		return fault.New(fault.Invalid, "search-invalid", "请选择怎样提醒。").Field("alert", "alert", "请选择怎样提醒。")
	}
	return s.change(ctx, by, search, func(x *Saved, now db.Time) { x.Alert, x.ToldAt = alert, now })
}

// Look notes that the owner has seen what there is.
func (s *Service) Look(ctx context.Context, by identity.Subject, search string) error {
	return s.change(ctx, by, search, func(x *Saved, now db.Time) { x.LookedAt, x.ToldAt = now, now })
}

func (s *Service) change(ctx context.Context, by identity.Subject, search string, fn func(x *Saved, now db.Time)) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		x, err := getSearch(ctx, tx, search, by.Person)
		if err != nil {
			return err
		}
		before, now := x.Alert, db.At(s.Clock.Now())
		fn(&x, now)
		if err := updateSearch(ctx, tx, x); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now.Time, audit.Entry{Action: "find.keep", Kind: "search", ID: x.ID, From: before, To: x.Alert})
	})
}

// Forget deletes a saved search.
func (s *Service) Forget(ctx context.Context, by identity.Subject, search string) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		x, err := getSearch(ctx, tx, search, by.Person)
		if err != nil {
			return err
		}
		if err := deleteSearch(ctx, tx, x.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "find.keep", Kind: "search", ID: x.ID, From: x.Alert, To: "deleted"})
	})
}

// fresh lists what fits a search and has come or changed since an instant, newest first, at most a page.
func (s *Service) fresh(ctx context.Context, x Saved, since time.Time) ([]catalogue.Item, error) {
	q := x.query()
	q.Sort, q.Limit, q.Cursor = catalogue.SortNewest, 50, ""
	found, err := s.Catalogue.Search(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("look again for %s: %w", x.ID, err)
	}
	return slices.DeleteFunc(found.Items, func(it catalogue.Item) bool {
		return it.Kind == catalogue.KindInstitution || !it.Resource.UpdatedAt.After(since)
	}), nil
}

// Tell looks at the searches whose owners want to be told and publishes what is new. Daily ones are told once a civil day.
func (s *Service) Tell(ctx context.Context) error {
	midnight, err := clock.Midnight(s.today())
	if err != nil {
		return fmt.Errorf("today: %w", err)
	}
	var w db.Where
	w.And("alert = ? OR alert = ? AND told_at < ?", AlertOnce, AlertDaily, db.Stamp(midnight))
	due, err := listSearches(ctx, s.DB, &w, " ORDER BY id")
	if err != nil {
		return err
	}
	for _, x := range due {
		if err := s.tell(ctx, x); err != nil && fault.Of(err) == nil { // a search that no longer can be asked is left alone
			return err
		}
	}
	return nil
}

func (s *Service) tell(ctx context.Context, x Saved) error {
	now := db.At(s.Clock.Now())
	items, err := s.fresh(ctx, x, x.ToldAt.Time)
	if err != nil || len(items) == 0 && x.Alert == AlertOnce {
		return err
	}
	newest := x.ToldAt
	for _, it := range items {
		if it.Resource.UpdatedAt.After(newest.Time) {
			newest = it.Resource.UpdatedAt
		}
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		x, err := getSearch(ctx, tx, x.ID, x.Person)
		if err != nil || x.Alert == AlertNone {
			return err
		}
		if x.ToldAt = newest; x.Alert == AlertDaily {
			x.ToldAt = now
		}
		if err := updateSearch(ctx, tx, x); err != nil || len(items) == 0 {
			return err
		}
		return outbox.Publish(ctx, tx, now.Time, Matched{Search: x.ID, Person: x.Person, Name: x.Name, Count: len(items)})
	})
}
