package campus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const linkColumns = `id, owner, region, name, kind, address, secret, secret_at, direction, judge, silent, poll, state, heard_at, failure, failed_at, invented, person, created_at`

func getLink(ctx context.Context, q db.Q, link string) (Link, error) {
	l, err := db.One[Link](ctx, q, `SELECT `+linkColumns+` FROM campus_link WHERE id = $1`, link)
	if errors.Is(err, db.ErrNone) {
		return l, fault.New(fault.NotFound, "no-campus", "没有找到这个连接。")
	}
	if err != nil {
		return l, fmt.Errorf("get the connection %s: %w", link, err)
	}
	return l, nil
}

func listLinks(ctx context.Context, q db.Q, w *db.Where) ([]Link, error) {
	out, err := db.All[Link](ctx, q, `SELECT `+linkColumns+` FROM campus_link`+w.SQL()+` ORDER BY created_at, id`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list the connections: %w", err)
	}
	return out, nil
}

func insertLink(ctx context.Context, tx *db.Tx, l Link) error {
	_, err := tx.Exec(ctx, `INSERT INTO campus_link (`+linkColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		l.ID, l.Owner, l.Region, l.Name, l.Kind, l.Address, l.Secret, l.SecretAt, l.Direction, l.Judge, l.Silent, l.Poll, l.State, l.Heard, l.Failure, l.Failed, l.Invented, l.Person, l.CreatedAt)
	if err != nil {
		return fmt.Errorf("insert a connection: %w", err)
	}
	return nil
}

func updateLink(ctx context.Context, tx *db.Tx, l Link) error {
	_, err := tx.Exec(ctx, `UPDATE campus_link SET name = $2, address = $3, secret = $4, secret_at = $5, direction = $6, judge = $7, silent = $8, poll = $9, state = $10 WHERE id = $1`,
		l.ID, l.Name, l.Address, l.Secret, l.SecretAt, l.Direction, l.Judge, l.Silent, l.Poll, l.State)
	if err != nil {
		return fmt.Errorf("change the connection %s: %w", l.ID, err)
	}
	return nil
}

// heardAgain notes a sign of life; failure is what went wrong, "" when nothing did.
func heardAgain(ctx context.Context, tx *db.Tx, link, failure string, at db.Time) error {
	sql := `UPDATE campus_link SET heard_at = $2, failure = '', failed_at = NULL WHERE id = $1`
	args := []any{link, at}
	if failure != "" {
		sql, args = `UPDATE campus_link SET failed_at = coalesce(failed_at, $2), failure = $3 WHERE id = $1`, append(args, failure)
	}
	if _, err := tx.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("note how the connection %s is: %w", link, err)
	}
	return nil
}

const mapColumns = `resource, link, theirs, name_zh, name_en, told, synced, etag, modified, polled_at, due_at, tries, failure`

func listMaps(ctx context.Context, q db.Q, link string) ([]Map, error) {
	out, err := db.All[Map](ctx, q, `SELECT `+mapColumns+` FROM campus_map WHERE link = $1 ORDER BY name_zh, resource`, link)
	if err != nil {
		return nil, fmt.Errorf("list the instruments of a connection: %w", err)
	}
	return out, nil
}

// mapOf is the instrument that their id means; false where there is none.
func mapOf(ctx context.Context, q db.Q, link, theirs string) (Map, bool, error) {
	return oneMap(ctx, q, `SELECT `+mapColumns+` FROM campus_map WHERE link = $1 AND theirs = $2`, link, theirs)
}

// mapOfResource is how a resource is connected; false where it is not.
func mapOfResource(ctx context.Context, q db.Q, resource string) (Map, bool, error) {
	return oneMap(ctx, q, `SELECT `+mapColumns+` FROM campus_map WHERE resource = $1`, resource)
}

func oneMap(ctx context.Context, q db.Q, sql string, args ...any) (Map, bool, error) {
	m, err := db.One[Map](ctx, q, sql, args...)
	if errors.Is(err, db.ErrNone) {
		return m, false, nil
	}
	if err != nil {
		return m, false, fmt.Errorf("look for a connected instrument: %w", err)
	}
	return m, true, nil
}

func putMap(ctx context.Context, tx *db.Tx, m Map) error {
	_, err := tx.Exec(ctx, `INSERT INTO campus_map (`+mapColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (resource) DO UPDATE SET link = excluded.link, theirs = excluded.theirs, name_zh = excluded.name_zh, name_en = excluded.name_en, told = excluded.told, synced = excluded.synced,
			etag = excluded.etag, modified = excluded.modified, polled_at = excluded.polled_at, due_at = excluded.due_at, tries = excluded.tries, failure = excluded.failure`,
		m.Resource, m.Link, m.Theirs, m.NameZH, m.NameEN, m.Told, m.Synced, m.ETag, m.Modified, m.Polled, m.Due, m.Tries, m.Failure)
	if err != nil {
		return fmt.Errorf("write the instrument %s of a connection: %w", m.Resource, err)
	}
	return nil
}

func deleteMap(ctx context.Context, tx *db.Tx, resource string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM campus_map WHERE resource = $1`, resource); err != nil {
		return fmt.Errorf("disconnect %s: %w", resource, err)
	}
	return nil
}

// wholeList takes the turn of a whole list of theirs; false when a newer one was here already.
func wholeList(ctx context.Context, tx *db.Tx, resource string, version int64) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE campus_map SET synced = $2 WHERE resource = $1 AND synced <= $2`, resource, version)
	if err != nil {
		return false, fmt.Errorf("take a whole list of %s: %w", resource, err)
	}
	return n > 0, nil
}

// Busy is a time that is taken in their calendar, as they told it last.
type Busy struct {
	Holder   string  `db:"holder"`
	Link     string  `db:"link"`
	Resource string  `db:"resource"`
	Theirs   string  `db:"theirs"`
	Version  int64   `db:"version"`
	Start    db.Time `db:"start_at"`
	End      db.Time `db:"end_at"`
	State    string  `db:"state"`
	Note     string  `db:"note"`
	At       db.Time `db:"at"`
}

const busyColumns = `holder, link, resource, theirs, version, start_at, end_at, state, note, at`

func getBusy(ctx context.Context, q db.Q, holder string) (Busy, bool, error) {
	b, err := db.One[Busy](ctx, q, `SELECT `+busyColumns+` FROM campus_busy WHERE holder = $1`, holder)
	if errors.Is(err, db.ErrNone) {
		return b, false, nil
	}
	if err != nil {
		return b, false, fmt.Errorf("get a time of theirs: %w", err)
	}
	return b, true, nil
}

func putBusy(ctx context.Context, tx *db.Tx, b Busy) error {
	_, err := tx.Exec(ctx, `INSERT INTO campus_busy (`+busyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (holder) DO UPDATE SET version = excluded.version, start_at = excluded.start_at, end_at = excluded.end_at, state = excluded.state, note = excluded.note, at = excluded.at`,
		b.Holder, b.Link, b.Resource, b.Theirs, b.Version, b.Start, b.End, b.State, b.Note, b.At)
	if err != nil {
		return fmt.Errorf("write a time of theirs: %w", err)
	}
	return nil
}

// listBusy is their times that w chooses, by start, 2,000 at most.
func listBusy(ctx context.Context, q db.Q, w *db.Where) ([]Busy, error) {
	out, err := db.All[Busy](ctx, q, `SELECT `+busyColumns+` FROM campus_busy`+w.SQL()+` ORDER BY start_at, holder LIMIT 2000`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list their times: %w", err)
	}
	return out, nil
}

// standing is their times of a resource that stand or want to, in a span.
func standing(ctx context.Context, q db.Q, link, resource string, from, to time.Time) ([]Busy, error) {
	var w db.Where
	w.And("resource = ?", resource)
	w.And("link = ?", link)
	w.In("state", []string{Held, Clash})
	w.And("start_at < ?", db.Stamp(to))
	w.And("end_at > ?", db.Stamp(from))
	out, err := db.All[Busy](ctx, q, `SELECT `+busyColumns+` FROM campus_busy`+w.SQL()+` ORDER BY start_at, holder`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list their times that stand: %w", err)
	}
	return out, nil
}

// openClaims is what was booked while they were silent and is not settled.
func openClaims(ctx context.Context, q db.Q, link string) ([]Claim, error) {
	out, err := db.All[Claim](ctx, q, `SELECT `+claimColumns+` FROM campus_claim WHERE link = $1 AND state IN ('owed', 'lost') ORDER BY start_at LIMIT 100`, link)
	if err != nil {
		return nil, fmt.Errorf("list the open claims: %w", err)
	}
	return out, nil
}

// countClashes counts what is taken twice, and since when the oldest waits.
func countClashes(ctx context.Context, q db.Q, link string, now time.Time) (int, time.Time, error) {
	type row struct {
		N     int64       `db:"n"`
		Since db.NullTime `db:"since"`
	}
	x, err := db.One[row](ctx, q, `SELECT count(*) AS n, min(at) AS since FROM (
		SELECT at FROM campus_busy WHERE link = $1 AND state = 'clash' AND end_at > $2
		UNION ALL SELECT at FROM campus_claim WHERE link = $1 AND state = 'lost' AND end_at > $2) AS waiting`, link, db.Stamp(now))
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count the clashes: %w", err)
	}
	return int(x.N), x.Since.Time, nil
}
