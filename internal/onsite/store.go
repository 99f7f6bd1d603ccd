package onsite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const ruleColumns = `id, owner, early, late, grace, gap, valid_from, person, created_at`

func putRule(ctx context.Context, tx *db.Tx, r Rule) error {
	_, err := tx.Exec(ctx, `INSERT INTO onsite_rule (`+ruleColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (owner, valid_from) DO UPDATE SET early = excluded.early, late = excluded.late, grace = excluded.grace, gap = excluded.gap, person = excluded.person`,
		r.ID, r.Owner, r.Early, r.Late, r.Grace, r.Gap, r.From, r.Person, r.CreatedAt)
	if err != nil {
		return fmt.Errorf("write a rule: %w", err)
	}
	return nil
}

func listRules(ctx context.Context, q db.Q, owner string) ([]Rule, error) {
	out, err := db.All[Rule](ctx, q, `SELECT `+ruleColumns+` FROM onsite_rule WHERE owner = $1 ORDER BY valid_from`, owner)
	if err != nil {
		return nil, fmt.Errorf("list the rules of %s: %w", owner, err)
	}
	return out, nil
}

// Station is an instrument with a code on it.
type Station struct {
	Resource  string  `db:"resource"`
	Owner     string  `db:"owner"`
	Region    string  `db:"region"`
	NameZH    string  `db:"name_zh"`
	NameEN    string  `db:"name_en"`
	Code      string  `db:"code"`
	Secret    string  `db:"secret"`
	Meter     string  `db:"meter"`
	Invented  bool    `db:"invented"`
	CreatedAt db.Time `db:"created_at"`
}

const stationColumns = `resource, owner, region, name_zh, name_en, code, secret, meter, invented, created_at`

// insertStation leaves one that is there as it is.
func insertStation(ctx context.Context, tx *db.Tx, x Station) error {
	_, err := tx.Exec(ctx, `INSERT INTO onsite_station (`+stationColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (resource) DO NOTHING`,
		x.Resource, x.Owner, x.Region, x.NameZH, x.NameEN, x.Code, x.Secret, x.Meter, x.Invented, x.CreatedAt)
	if err != nil {
		return fmt.Errorf("write a station: %w", err)
	}
	return nil
}

func updateStation(ctx context.Context, tx *db.Tx, x Station) error {
	if _, err := tx.Exec(ctx, `UPDATE onsite_station SET code = $2, meter = $3 WHERE resource = $1`, x.Resource, x.Code, x.Meter); err != nil {
		return fmt.Errorf("change a station: %w", err)
	}
	return nil
}

func stationBy(ctx context.Context, q db.Q, column, value string) (Station, error) {
	x, err := db.One[Station](ctx, q, `SELECT `+stationColumns+` FROM onsite_station WHERE `+column+` = $1`, value)
	if errors.Is(err, db.ErrNone) {
		return x, fault.New(fault.NotFound, "no-station", "这个二维码已经失效，请向实验室人员索取新的。")
	}
	if err != nil {
		return x, fmt.Errorf("read a station: %w", err)
	}
	return x, nil
}

// equipped is which of resources have a code.
func equipped(ctx context.Context, q db.Q, list []catalogue.Resource) ([]string, error) {
	var w db.Where
	ids := make([]string, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	w.In("resource", ids)
	out, err := db.All[string](ctx, q, `SELECT resource FROM onsite_station`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("which instruments have codes: %w", err)
	}
	return out, nil
}

func listStations(ctx context.Context, q db.Q, owner string) ([]Station, error) {
	out, err := db.All[Station](ctx, q, `SELECT `+stationColumns+` FROM onsite_station WHERE owner = $1 ORDER BY name_zh, resource`, owner)
	if err != nil {
		return nil, fmt.Errorf("list the stations of %s: %w", owner, err)
	}
	return out, nil
}

const sessionColumns = `order_id, number, resource, owner, buyer, person, region, inner_use, invented, booked_from, booked_to, state, checked_at, started_at, stopped_at, minutes, by_rule, tries, tried_at`

func putSession(ctx context.Context, tx *db.Tx, x Session) error {
	_, err := tx.Exec(ctx, `INSERT INTO onsite_session (`+sessionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
ON CONFLICT (order_id) DO UPDATE SET booked_from = excluded.booked_from, booked_to = excluded.booked_to, state = excluded.state, checked_at = excluded.checked_at,
started_at = excluded.started_at, stopped_at = excluded.stopped_at, minutes = excluded.minutes, by_rule = excluded.by_rule, tries = excluded.tries, tried_at = excluded.tried_at`,
		x.Order, x.Number, x.Resource, x.Owner, x.Buyer, x.Person, x.Region, x.Inner, x.Invented, x.From, x.To, x.State, x.Checked, x.Started, x.Stopped, x.Minutes, x.ByRule, x.Tries, x.Tried)
	if err != nil {
		return fmt.Errorf("write session %s: %w", x.Number, err)
	}
	return nil
}

// getSession is the session of an order, by its id or number; a fault when there is none.
func getSession(ctx context.Context, q db.Q, order string) (Session, error) {
	x, err := db.One[Session](ctx, q, `SELECT `+sessionColumns+` FROM onsite_session WHERE order_id = $1 OR number = $1`, order)
	if errors.Is(err, db.ErrNone) {
		return x, errWrong()
	}
	if err != nil {
		return x, fmt.Errorf("read a session: %w", err)
	}
	return x, nil
}

// errWrong says neither which of the two is wrong nor whether such a booking exists.
func errWrong() error {
	return fault.New(fault.Invalid, "session-wrong", "预约号或个人码不对，请核对后再试。").Field("number", "wrong", "请核对预约号和个人码。")
}

// shown is how many sessions a list has at most.
const shown = 500

// dueSessions are the sessions that a rule may have to end, the oldest first, so that none waits behind newer ones.
func dueSessions(ctx context.Context, q db.Q, now db.Time) ([]Session, error) {
	out, err := db.All[Session](ctx, q, `SELECT `+sessionColumns+` FROM onsite_session WHERE state IN ($1, $2) AND booked_from <= $3 ORDER BY booked_from, order_id LIMIT $4`, Booked, Running, now, shown)
	if err != nil {
		return nil, fmt.Errorf("list sessions that are due: %w", err)
	}
	return out, nil
}

func listSessions(ctx context.Context, q db.Q, w *db.Where) ([]Session, error) {
	out, err := db.All[Session](ctx, q, `SELECT `+sessionColumns+` FROM onsite_session`+w.SQL()+` ORDER BY booked_from DESC, order_id LIMIT `+w.Arg(shown), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return out, nil
}

const readingColumns = `id, at, kind, value`

// insertReading tells whether the reading was new.
func insertReading(ctx context.Context, tx *db.Tx, resource string, r Reading, now db.Time) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO onsite_reading (resource, id, at, kind, value, received_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (resource, id) DO NOTHING`, resource, r.ID, r.At, r.Kind, r.Value, now)
	if err != nil {
		return false, fmt.Errorf("write a reading: %w", err)
	}
	return n == 1, nil
}

func getReading(ctx context.Context, q db.Q, resource, id string) (Reading, error) {
	r, err := db.One[Reading](ctx, q, `SELECT `+readingColumns+` FROM onsite_reading WHERE resource = $1 AND id = $2`, resource, id)
	if err != nil {
		return r, fmt.Errorf("read a reading: %w", err)
	}
	return r, nil
}

// readingsOf are the switches and counts of a resource up to an instant, from the last of each kind before from on.
func readingsOf(ctx context.Context, q db.Q, resource string, from, to time.Time) ([]Reading, error) {
	out, err := db.All[Reading](ctx, q, `SELECT `+readingColumns+` FROM onsite_reading WHERE resource = $1 AND at <= $3 AND (
		kind <> 'count' AND at >= coalesce((SELECT max(p.at) FROM onsite_reading p WHERE p.resource = $1 AND p.kind <> 'count' AND p.at <= $2), $2) OR
		kind = 'count' AND at >= coalesce((SELECT max(p.at) FROM onsite_reading p WHERE p.resource = $1 AND p.kind = 'count' AND p.at <= $2), $2)) ORDER BY at, id`, resource, db.At(from), db.At(to))
	if err != nil {
		return nil, fmt.Errorf("list readings: %w", err)
	}
	return out, nil
}

// Trouble is a fault that somebody told of.
type Trouble struct {
	ID       string  `db:"id"`
	Resource string  `db:"resource"`
	Owner    string  `db:"owner"`
	Region   string  `db:"region"`
	Order    string  `db:"order_id"`
	Person   string  `db:"person"`
	Text     string  `db:"text"`
	State    string  `db:"state"`
	At       db.Time `db:"at"`
}

const troubleColumns = `id, resource, owner, region, order_id, person, text, state, at`

func insertTrouble(ctx context.Context, tx *db.Tx, x Trouble) error {
	_, err := tx.Exec(ctx, `INSERT INTO onsite_fault (`+troubleColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`, x.ID, x.Resource, x.Owner, x.Region, x.Order, x.Person, x.Text, x.State, x.At)
	if err != nil {
		return fmt.Errorf("write a fault: %w", err)
	}
	return nil
}

func setTrouble(ctx context.Context, tx *db.Tx, id, state string) error {
	if _, err := tx.Exec(ctx, `UPDATE onsite_fault SET state = $2 WHERE id = $1`, id, state); err != nil {
		return fmt.Errorf("settle a fault: %w", err)
	}
	return nil
}

// troubles are the faults of an owner that nobody has dealt with, oldest first.
func troubles(ctx context.Context, q db.Q, owner string) ([]Trouble, error) {
	out, err := db.All[Trouble](ctx, q, `SELECT `+troubleColumns+` FROM onsite_fault WHERE owner = $1 AND state = 'told' ORDER BY at, id LIMIT 100`, owner)
	if err != nil {
		return nil, fmt.Errorf("list faults: %w", err)
	}
	return out, nil
}

func getTrouble(ctx context.Context, q db.Q, id string) (Trouble, error) {
	x, err := db.One[Trouble](ctx, q, `SELECT `+troubleColumns+` FROM onsite_fault WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return x, fault.New(fault.NotFound, "no-fault", "没有找到这条故障报告。")
	}
	if err != nil {
		return x, fmt.Errorf("read a fault: %w", err)
	}
	return x, nil
}

// takeTry counts one try of a personal code, before it is compared: many at the same moment cannot have more than most
// between them until the pause since the last is over. False: there is none left.
func takeTry(ctx context.Context, tx *db.Tx, order string, most int64, now, pausedSince db.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE onsite_session SET tries = tries + 1, tried_at = $2 WHERE order_id = $1 AND (tries < $3 OR tried_at <= $4)`, order, now, most, pausedSince)
	if err != nil {
		return false, fmt.Errorf("count a try: %w", err)
	}
	return n == 1, nil
}

func forgetTries(ctx context.Context, tx *db.Tx, order string) error {
	if _, err := tx.Exec(ctx, `UPDATE onsite_session SET tries = 0 WHERE order_id = $1`, order); err != nil {
		return fmt.Errorf("forget the tries: %w", err)
	}
	return nil
}
