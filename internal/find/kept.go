package find

import (
	"context"
	"strings"
	"unicode/utf8"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Favourite is a resource a person keeps, in a list of his own.
type Favourite struct {
	Person   string  `db:"person"`
	Resource string  `db:"resource"`
	List     string  `db:"list"` // '' = without a list
	Note     string  `db:"note"`
	At       db.Time `db:"at"`
}

// Seen is a resource a person looked at.
type Seen struct {
	Person   string  `db:"person"`
	Resource string  `db:"resource"`
	At       db.Time `db:"at"`
}

// mostSeen is how many a page shows.
const mostSeen = 40

// Keep puts a resource among a person's favourites, or changes its list and note.
func (s *Service) Keep(ctx context.Context, by identity.Subject, resource, list, note string) error {
	if err := s.Policy.May(by, "find.keep"); err != nil {
		return err
	}
	list, note = strings.TrimSpace(list), strings.TrimSpace(note)
	problem := fault.New(fault.Invalid, "favourite-invalid", "请检查标出的内容。")
	if utf8.RuneCountInString(list) > longestName {
		problem.Field("list", "long", "清单名称最多 {0} 个字。", longestName)
	}
	if utf8.RuneCountInString(note) > 500 {
		problem.Field("note", "long", "备注最多 {0} 个字。", 500)
	}
	if len(problem.Fields) > 0 {
		return problem
	}
	if _, err := s.Catalogue.Resource(ctx, s.DB, resource); err != nil {
		return err
	}
	now := db.At(s.Clock.Now())
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := putFavourite(ctx, tx, Favourite{Person: by.Person, Resource: resource, List: list, Note: note, At: now}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now.Time, audit.Entry{Action: "find.keep", Kind: "favourite", ID: resource, To: "kept"})
	})
}

// Drop takes a resource from a person's favourites; one that is not there is no error.
func (s *Service) Drop(ctx context.Context, by identity.Subject, resource string) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := deleteFavourite(ctx, tx, by.Person, resource); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "find.keep", Kind: "favourite", ID: resource, From: "kept"})
	})
}

// Favourites lists what a person keeps, with the resources that still stand in the catalogue.
func (s *Service) Favourites(ctx context.Context, by identity.Subject) ([]Favourite, map[string]catalogue.Resource, error) {
	list, err := listFavourites(ctx, s.DB, by.Person)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]string, len(list))
	for i, f := range list {
		ids[i] = f.Resource
	}
	found, err := s.resources(ctx, ids)
	return list, found, err
}

func (s *Service) resources(ctx context.Context, ids []string) (map[string]catalogue.Resource, error) {
	list, err := s.Catalogue.Resources(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]catalogue.Resource{}
	for _, r := range list {
		out[r.ID] = r
	}
	return out, nil
}

// ForgetSeen clears what a person looked at.
func (s *Service) ForgetSeen(ctx context.Context, by identity.Subject) error {
	s.journal.forget(by.Person)
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := clearSeen(ctx, tx, by.Person); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "find.keep", Kind: "seen", ID: by.Person, To: "cleared"})
	})
}
