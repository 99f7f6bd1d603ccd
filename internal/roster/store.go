package roster

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const listColumns = `id, code, name_zh, name_en, kind, issuer, source, region, owner, open, sample, revision, created_at, updated_at`

const entryColumns = `id, list, name, folded, former, uscc, number, valid_from, valid_to, derived, evidence, org, state, reason, confidence, note, import, revision, created_at, updated_at`

func insertList(ctx context.Context, tx *db.Tx, l List) error {
	n, err := tx.Exec(ctx, `INSERT INTO roster_list (`+listColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`,
		l.ID, l.Code, l.NameZH, l.NameEN, l.Kind, l.Issuer, l.Source, l.Region, l.Owner, l.Open, l.Sample, l.Revision, l.CreatedAt, l.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write roster %s: %w", l.Code, err)
	}
	if n == 0 {
		const text = "代码“{0}”已被另一份名单使用。"
		return fault.New(fault.Conflict, "roster-code-taken", text, l.Code).Field("code", "taken", text, l.Code)
	}
	for _, r := range l.Rules {
		if _, err := tx.Exec(ctx, `INSERT INTO roster_rule (list, valid_from, validity, source) VALUES ($1, $2, $3, $4)`, l.ID, r.From, r.Validity, r.Source); err != nil {
			return fmt.Errorf("write a rule of roster %s: %w", l.Code, err)
		}
	}
	return nil
}

func getList(ctx context.Context, q db.Q, id string) (List, error) {
	l, err := db.One[List](ctx, q, `SELECT `+listColumns+` FROM roster_list WHERE id = $1 OR code = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return l, fault.New(fault.NotFound, "roster-not-found", "没有找到这份名单。")
	}
	if err != nil {
		return l, fmt.Errorf("read roster %s: %w", id, err)
	}
	l.Rules, err = db.All[Rule](ctx, q, `SELECT list, valid_from, validity, source FROM roster_rule WHERE list = $1 ORDER BY valid_from DESC`, l.ID)
	if err != nil {
		return l, fmt.Errorf("read the rules of roster %s: %w", id, err)
	}
	return l, nil
}

func listLists(ctx context.Context, q db.Q, w *db.Where) ([]List, error) {
	out, err := db.All[List](ctx, q, `SELECT `+listColumns+` FROM roster_list`+w.SQL()+` ORDER BY kind DESC, code`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list rosters: %w", err)
	}
	return out, nil
}

// count is how many entries of a list are in a state.
type count struct {
	List  string `db:"list"`
	State string `db:"state"`
	N     int64  `db:"n"`
}

func countEntries(ctx context.Context, q db.Q) ([]count, error) {
	out, err := db.All[count](ctx, q, `SELECT list, state, COUNT(*) AS n FROM roster_entry GROUP BY list, state ORDER BY list, state`)
	if err != nil {
		return nil, fmt.Errorf("count roster entries: %w", err)
	}
	return out, nil
}

func putEntry(ctx context.Context, tx *db.Tx, e Entry) error {
	_, err := tx.Exec(ctx, `INSERT INTO roster_entry (`+entryColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded, former = excluded.former, uscc = excluded.uscc, number = excluded.number,
			valid_from = excluded.valid_from, valid_to = excluded.valid_to, derived = excluded.derived, evidence = excluded.evidence, org = excluded.org,
			state = excluded.state, reason = excluded.reason, confidence = excluded.confidence, note = excluded.note, import = excluded.import,
			revision = excluded.revision, updated_at = excluded.updated_at`,
		e.ID, e.List, e.Name, e.Folded, e.Former, e.USCC, e.Number, e.From, e.To, e.Derived, e.Evidence, e.Org, e.State, e.Reason, e.Confidence, e.Note, e.Import,
		e.Revision, e.CreatedAt, e.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write roster entry %s: %w", e.ID, err)
	}
	return nil
}

func getEntry(ctx context.Context, q db.Q, id string) (Entry, error) {
	e, err := db.One[Entry](ctx, q, `SELECT `+entryColumns+` FROM roster_entry WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return e, fault.New(fault.NotFound, "entry-not-found", "没有找到名单上的这一条。")
	}
	if err != nil {
		return e, fmt.Errorf("read roster entry %s: %w", id, err)
	}
	return e, nil
}

func listEntries(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Entry, error) {
	sql := `SELECT ` + entryColumns + ` FROM roster_entry` + w.SQL() + ` ORDER BY id`
	if limit > 0 {
		sql += ` LIMIT ` + w.Arg(limit)
	}
	out, err := db.All[Entry](ctx, q, sql, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list roster entries: %w", err)
	}
	return out, nil
}

// standingOf are the memberships of an organisation on a day; an empty day: of all times.
func standingOf(ctx context.Context, q db.Q, org, day string) ([]Membership, error) {
	var w db.Where
	w.And("e.org = ?", org)
	w.And("e.state = ?", StateMatched)
	if day != "" {
		w.And("e.valid_from <= ?", day)
		w.And("e.valid_to = '' OR e.valid_to >= ?", day)
	}
	out, err := db.All[Membership](ctx, q, `SELECT l.id AS list, l.code, l.name_zh, l.name_en, l.kind, l.issuer, l.source, l.region, l.open, l.sample, e.id AS entry,
			e.number, e.valid_from, e.valid_to, e.evidence, e.reason, e.confidence
		FROM roster_entry e JOIN roster_list l ON l.id = e.list`+w.SQL()+` ORDER BY l.kind DESC, l.code, e.valid_to DESC, e.id`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read what %s stands on: %w", org, err)
	}
	return out, nil
}

// Import is one uploaded file of a list.
type Import struct {
	ID        string  `db:"id"`
	List      string  `db:"list"`
	File      string  `db:"file"`
	SHA256    string  `db:"sha256"`
	Mapping   string  `db:"mapping"` // JSON: the field of each column
	Whole     bool    `db:"whole"`   // who is not in the file leaves the list
	State     string  `db:"state"`   // previewed, applied, dropped
	Added     int64   `db:"added"`
	Changed   int64   `db:"changed"`
	Same      int64   `db:"same"`
	Gone      int64   `db:"gone"`
	Wrong     int64   `db:"wrong"`
	Person    string  `db:"person"`
	Org       string  `db:"org"`
	CreatedAt db.Time `db:"created_at"`
	AppliedAt string  `db:"applied_at"`
}

const importColumns = `id, list, file, sha256, mapping, whole, state, added, changed, same, gone, wrong, person, org, created_at, applied_at`

func putImport(ctx context.Context, tx *db.Tx, m Import) error {
	_, err := tx.Exec(ctx, `INSERT INTO roster_import (`+importColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (id) DO UPDATE SET mapping = excluded.mapping, whole = excluded.whole, state = excluded.state, added = excluded.added, changed = excluded.changed,
			same = excluded.same, gone = excluded.gone, wrong = excluded.wrong, applied_at = excluded.applied_at`,
		m.ID, m.List, m.File, m.SHA256, m.Mapping, m.Whole, m.State, m.Added, m.Changed, m.Same, m.Gone, m.Wrong, m.Person, m.Org, m.CreatedAt, m.AppliedAt)
	if err != nil {
		return fmt.Errorf("write roster import %s: %w", m.ID, err)
	}
	return nil
}

func getImport(ctx context.Context, q db.Q, id string) (Import, error) {
	m, err := db.One[Import](ctx, q, `SELECT `+importColumns+` FROM roster_import WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return m, fault.New(fault.NotFound, "import-not-found", "没有找到这次导入。")
	}
	if err != nil {
		return m, fmt.Errorf("read roster import %s: %w", id, err)
	}
	return m, nil
}

func listImports(ctx context.Context, q db.Q, list string, limit int) ([]Import, error) {
	out, err := db.All[Import](ctx, q, `SELECT `+importColumns+` FROM roster_import WHERE list = $1 ORDER BY id DESC LIMIT $2`, list, limit)
	if err != nil {
		return nil, fmt.Errorf("list roster imports: %w", err)
	}
	return out, nil
}
