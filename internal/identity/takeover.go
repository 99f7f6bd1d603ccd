package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// takeover is a row of identity_merge: a public record that was taken over by the organisation it is about.
type takeover struct {
	ID               string   `db:"id"`
	Public           string   `db:"public"`
	Registered       string   `db:"registered"`
	PublicBefore     string   `db:"public_before"`
	RegisteredBefore string   `db:"registered_before"`
	RegisteredAfter  string   `db:"registered_after"`
	At               db.Time  `db:"at"`
	Person           string   `db:"person"`
	UndoneAt         *db.Time `db:"undone_at"`
}

// TakeOver joins an unclaimed public record to the organisation that it is about, in the caller's transaction, which has
// asked the authority: what the organisation does not say itself (its ROR id, English name, place) it takes from the
// record, and the record leads to it from then on. It gives back the id by which GiveBack undoes it.
func (s *Service) TakeOver(ctx context.Context, tx *db.Tx, sub Subject, public, registered string) (string, error) {
	p, err := s.Organisation(ctx, tx, public)
	if err != nil {
		return "", err
	}
	o, err := s.Organisation(ctx, tx, registered)
	if err != nil {
		return "", err
	}
	switch {
	case p.Status != StatusUnclaimed:
		return "", fault.New(fault.Conflict, "not-unclaimed", "这条公开记录已被认领或停用。")
	case o.Status != StatusVerified:
		return "", fault.New(fault.Conflict, "not-verified", "认领公开记录的单位须先通过核验。")
	case p.Sample != o.Sample:
		return "", fault.New(fault.Invalid, "merge-sample-organisation", "示例单位不能认领真实单位的公开记录。")
	}
	row := takeover{ID: id.New(), Public: p.ID, Registered: o.ID, At: db.At(s.clock.Now()), Person: sub.Person}
	if row.PublicBefore, row.RegisteredBefore, err = organisationTexts(p, o); err != nil {
		return "", err
	}
	fill := func(own *string, theirs string) {
		if *own == "" {
			*own = theirs
		}
	}
	ror := p.ROR
	p.Status, p.StatusReason, p.ROR = StatusSuspended, "已由“"+o.NameZH+"”认领。", "" //i18n:data kept with the record
	if err := s.rewrite(ctx, tx, "take-over", &p, row.At); err != nil {          // first: a ROR id belongs to one only
		return "", err
	}
	fill(&o.ROR, ror)
	fill(&o.NameEN, p.NameEN)
	fill(&o.NameZH, p.NameZH)
	fill(&o.Website, p.Website)
	fill(&o.Address, p.Address)
	if o.Lat == "" {
		o.Lat, o.Lng = p.Lat, p.Lng
	}
	if err := s.rewrite(ctx, tx, "take-over", &o, row.At); err != nil {
		return "", err
	}
	if _, row.RegisteredAfter, err = organisationTexts(p, o); err != nil {
		return "", err
	}
	return row.ID, insertTakeover(ctx, tx, row)
}

// rewrite writes a new revision of an organisation and tells of it.
func (s *Service) rewrite(ctx context.Context, tx *db.Tx, verb string, o *Organisation, at db.Time) error {
	o.Revision, o.UpdatedAt = o.Revision+1, at
	ok, err := updateOrganisation(ctx, tx, *o)
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.Conflict, "changed-meanwhile", "有人刚刚改过它，请刷新页面，看过之后再办。")
	}
	return s.told(ctx, tx, verb, o.Status, *o)
}

// GiveBack undoes a TakeOver in the caller's transaction. What the organisation has changed since stays, and is named.
func (s *Service) GiveBack(ctx context.Context, tx *db.Tx, _ Subject, takeoverID string) ([]string, error) {
	row, err := getTakeover(ctx, tx, takeoverID)
	if errors.Is(err, db.ErrNone) || err == nil && row.UndoneAt != nil {
		return nil, fault.New(fault.Conflict, "takeover-undone", "这次认领已经撤销。")
	}
	if err != nil {
		return nil, err
	}
	var p, before, after Organisation
	for text, to := range map[string]*Organisation{row.PublicBefore: &p, row.RegisteredBefore: &before, row.RegisteredAfter: &after} {
		if err := json.Unmarshal([]byte(text), to); err != nil {
			return nil, fmt.Errorf("read an organisation as it was: %w", err)
		}
	}
	now := db.At(s.clock.Now())
	o, err := s.Organisation(ctx, tx, row.Registered)
	if err != nil {
		return nil, err
	}
	var kept []string
	back := func(name string, is *string, was, then string) {
		switch {
		case was == then:
		case *is == then:
			*is = was
		default:
			kept = append(kept, name)
		}
	}
	back("ror", &o.ROR, before.ROR, after.ROR)
	back("name_en", &o.NameEN, before.NameEN, after.NameEN)
	back("name_zh", &o.NameZH, before.NameZH, after.NameZH)
	back("website", &o.Website, before.Website, after.Website)
	back("address", &o.Address, before.Address, after.Address)
	back("lat", &o.Lat, before.Lat, after.Lat)
	back("lng", &o.Lng, before.Lng, after.Lng)
	if err := s.rewrite(ctx, tx, "give-back", &o, now); err != nil {
		return nil, err
	}
	public, err := s.Organisation(ctx, tx, row.Public)
	if err != nil {
		return nil, err
	}
	public.Status, public.StatusReason = p.Status, p.StatusReason
	if o.ROR != p.ROR {
		public.ROR = p.ROR
	}
	if err := s.rewrite(ctx, tx, "give-back", &public, now); err != nil {
		return nil, err
	}
	return kept, undoTakeover(ctx, tx, row.ID, now)
}

func organisationTexts(a, b Organisation) (string, string, error) {
	x, err := json.Marshal(a)
	if err != nil {
		return "", "", fmt.Errorf("keep organisation %s as it is: %w", a.ID, err)
	}
	y, err := json.Marshal(b)
	if err != nil {
		return "", "", fmt.Errorf("keep organisation %s as it is: %w", b.ID, err)
	}
	return string(x), string(y), nil
}

// TakenOverBy is the organisation that took over a public record; empty when none did.
func (s *Service) TakenOverBy(ctx context.Context, q db.Q, public string) (string, error) {
	by, err := db.One[string](ctx, q, `SELECT registered FROM identity_merge WHERE public = $1 AND undone_at IS NULL`, public)
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read who took over %s: %w", public, err)
	}
	return by, nil
}

// Everyone lists organisations of all states by id after one id, at most limit.
func (s *Service) Everyone(ctx context.Context, q db.Q, after string, limit int) ([]Organisation, error) {
	list, err := db.All[Organisation](ctx, q, `SELECT `+organisationColumns+` FROM identity_organisation o WHERE o.id > $1 ORDER BY o.id LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list organisations after %q: %w", after, err)
	}
	return list, nil
}

const takeoverColumns = `id, public, registered, public_before, registered_before, registered_after, at, person, undone_at`

func getTakeover(ctx context.Context, q db.Q, takeoverID string) (takeover, error) {
	row, err := db.One[takeover](ctx, q, `SELECT `+takeoverColumns+` FROM identity_merge WHERE id = $1`, takeoverID)
	if err != nil && !errors.Is(err, db.ErrNone) {
		err = fmt.Errorf("read takeover %s: %w", takeoverID, err)
	}
	return row, err
}

func insertTakeover(ctx context.Context, tx *db.Tx, r takeover) error {
	_, err := tx.Exec(ctx, `INSERT INTO identity_merge (`+takeoverColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.ID, r.Public, r.Registered, r.PublicBefore, r.RegisteredBefore, r.RegisteredAfter, r.At, r.Person, r.UndoneAt)
	if err != nil {
		return fmt.Errorf("write takeover %s: %w", r.ID, err)
	}
	return nil
}

func undoTakeover(ctx context.Context, tx *db.Tx, takeoverID string, at db.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE identity_merge SET undone_at = $2 WHERE id = $1`, takeoverID, at); err != nil {
		return fmt.Errorf("undo takeover %s: %w", takeoverID, err)
	}
	return nil
}
