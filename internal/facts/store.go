package facts

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const entryColumns = `id, org, fact, year, as_of, value, source, confirms, reuse, note, file_name, sha256, size, person, by_org, import, sample, created_at`

func insertEntry(ctx context.Context, tx *db.Tx, e Entry) error {
	if _, err := tx.Exec(ctx, `INSERT INTO facts_entry (`+entryColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		e.ID, e.Org, e.Key, e.Year, e.AsOf, e.Value, e.Source, e.Confirms, e.Reuse, e.Note, e.FileName, e.SHA256, e.Size, e.Person, e.ByOrg, e.Import, e.Sample, e.CreatedAt); err != nil {
		return fmt.Errorf("write fact %s of %s: %w", e.Key, e.Org, err)
	}
	return nil
}

// listEntries are entries, the oldest first.
func listEntries(ctx context.Context, q db.Q, w *db.Where) ([]Entry, error) {
	out, err := db.All[Entry](ctx, q, `SELECT `+entryColumns+` FROM facts_entry`+w.SQL()+` ORDER BY created_at, id`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	return out, nil
}

func getEntry(ctx context.Context, q db.Q, entry string) (Entry, error) {
	w := &db.Where{}
	w.And("id = ?", entry)
	list, err := listEntries(ctx, q, w)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "fact-not-found", "没有找到这一项。")
	}
	if err != nil {
		return Entry{}, err
	}
	return list[0], nil
}

func entriesOf(ctx context.Context, q db.Q, org string) ([]Entry, error) {
	w := &db.Where{}
	w.And("org = ?", org)
	return listEntries(ctx, q, w)
}

// lockFile makes everything that changes one organisation's file queue here.
func lockFile(ctx context.Context, tx *db.Tx, org string) error {
	if _, err := tx.Exec(ctx, `INSERT INTO facts_file (org, revision) VALUES ($1, 1) ON CONFLICT (org) DO UPDATE SET revision = facts_file.revision + 1`, org); err != nil {
		return fmt.Errorf("lock the file of %s: %w", org, err)
	}
	return nil
}

// Given is what a firm gave to an authority for one purpose.
type Given struct {
	ID        string  `db:"id"`
	Org       string  `db:"org"`
	Region    string  `db:"region"` // of the authority
	Kind      string  `db:"kind"`   // of the object: voucher-application
	Object    string  `db:"object"`
	Facts     string  `db:"facts"` // codes
	Person    string  `db:"person"`
	CreatedAt db.Time `db:"created_at"`
}

func insertGiven(ctx context.Context, tx *db.Tx, g Given) error {
	if _, err := tx.Exec(ctx, `INSERT INTO facts_given (id, org, region, kind, object, facts, person, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		g.ID, g.Org, g.Region, g.Kind, g.Object, g.Facts, g.Person, g.CreatedAt); err != nil {
		return fmt.Errorf("write what %s gave: %w", g.Org, err)
	}
	return nil
}

func listGiven(ctx context.Context, q db.Q, org string) ([]Given, error) {
	out, err := db.All[Given](ctx, q, `SELECT id, org, region, kind, object, facts, person, created_at FROM facts_given WHERE org = $1 ORDER BY created_at DESC, id DESC`, org)
	if err != nil {
		return nil, fmt.Errorf("read what %s gave: %w", org, err)
	}
	return out, nil
}

// Opening is one look of an officer into a file, with the reason.
type Opening struct {
	ID        string  `db:"id"`
	Org       string  `db:"org"`
	Person    string  `db:"person"`
	ByOrg     string  `db:"by_org"`
	Reason    string  `db:"reason"`
	Day       string  `db:"day"` // on which the file may be read
	CreatedAt db.Time `db:"created_at"`
}

func insertOpening(ctx context.Context, tx *db.Tx, o Opening) error {
	if _, err := tx.Exec(ctx, `INSERT INTO facts_opening (id, org, person, by_org, reason, day, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		o.ID, o.Org, o.Person, o.ByOrg, o.Reason, o.Day, o.CreatedAt); err != nil {
		return fmt.Errorf("write who opened the file of %s: %w", o.Org, err)
	}
	return nil
}

func listOpenings(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Opening, error) {
	out, err := db.All[Opening](ctx, q, `SELECT id, org, person, by_org, reason, day, created_at FROM facts_opening`+w.SQL()+` ORDER BY created_at DESC, id DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read who opened a file: %w", err)
	}
	return out, nil
}

// summary is how much a file holds.
type summary struct {
	Org      string  `db:"org"`
	Facts    int64   `db:"facts"`
	Verified int64   `db:"verified"`
	Changed  db.Time `db:"changed"`
}

// summaries are the files, by organisation; a value counts while no newer one of its fact and year is there.
func summaries(ctx context.Context, q db.Q) ([]summary, error) {
	out, err := db.All[summary](ctx, q, `SELECT e.org, COUNT(*) AS facts, COALESCE(SUM(CASE WHEN e.source = 'verified' THEN 1 ELSE 0 END), 0) AS verified, MAX(e.created_at) AS changed
		FROM facts_entry e WHERE e.value <> '' AND NOT EXISTS (SELECT 1 FROM facts_entry n WHERE n.org = e.org AND n.fact = e.fact AND n.year = e.year AND (n.created_at > e.created_at OR n.created_at = e.created_at AND n.id > e.id))
		GROUP BY e.org ORDER BY e.org`)
	if err != nil {
		return nil, fmt.Errorf("count facts: %w", err)
	}
	return out, nil
}

// secret is the key of the digests of identity numbers, made once.
func secret(ctx context.Context, tx *db.Tx) ([]byte, error) {
	fresh := make([]byte, 32)
	if _, err := rand.Read(fresh); err != nil {
		return nil, fmt.Errorf("make the key of the digests: %w", err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO facts_secret (id, secret) VALUES (1, $1) ON CONFLICT (id) DO NOTHING`, hex.EncodeToString(fresh)); err != nil {
		return nil, fmt.Errorf("keep the key of the digests: %w", err)
	}
	text, err := db.One[string](ctx, tx, `SELECT secret FROM facts_secret WHERE id = 1`)
	if err != nil {
		return nil, fmt.Errorf("read the key of the digests: %w", err)
	}
	return hex.DecodeString(strings.TrimSpace(text))
}

// File is what holds now of an organisation, for other modules of the program; who may see it is for them to ask.
func (s *Service) File(ctx context.Context, q db.Q, org string) (File, error) {
	entries, err := entriesOf(ctx, q, org)
	return Current(entries), err
}
