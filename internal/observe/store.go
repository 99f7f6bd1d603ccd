package observe

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const planColumns = `id, order_id, number, buyer, provider, region, name_zh, name_en, invented, state, booked, first_day, last_day, at, minutes, working, skip, early, late, link, talk, note, reason, person, created_at, answered_by, answered_at`

// insertPlan tells whether the plan was new.
func insertPlan(ctx context.Context, tx *db.Tx, p Plan) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO observe_plan (`+planColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27) ON CONFLICT (id) DO NOTHING`,
		p.ID, p.Order, p.Number, p.Buyer, p.Provider, p.Region, p.NameZH, p.NameEN, p.Invented, p.State, p.Booked, p.First, p.Last, p.At, p.Minutes, p.Working, p.Skip, p.Early, p.Late, p.Link, p.Talk, p.Note, p.Reason, p.Person, p.CreatedAt, p.AnsweredBy, p.AnsweredAt)
	if err != nil {
		return false, fmt.Errorf("write a plan of observation: %w", err)
	}
	return n == 1, nil
}

// movePlan writes a plan's step; false when somebody else was faster.
func movePlan(ctx context.Context, tx *db.Tx, p Plan, from string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE observe_plan SET state = $2, reason = $3, answered_by = $4, answered_at = $5 WHERE id = $1 AND state = $6`, p.ID, p.State, p.Reason, p.AnsweredBy, p.AnsweredAt, from)
	if err != nil {
		return false, fmt.Errorf("change a plan of observation: %w", err)
	}
	return n == 1, nil
}

func getPlan(ctx context.Context, q db.Q, id string) (Plan, error) {
	p, err := db.One[Plan](ctx, q, `SELECT `+planColumns+` FROM observe_plan WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return p, fault.New(fault.NotFound, "no-observe-plan", "没有找到这个观察计划。")
	}
	if err != nil {
		return p, fmt.Errorf("read a plan of observation: %w", err)
	}
	return p, nil
}

func listPlans(ctx context.Context, q db.Q, w *db.Where) ([]Plan, error) {
	out, err := db.All[Plan](ctx, q, `SELECT `+planColumns+` FROM observe_plan`+w.SQL()+` ORDER BY created_at, id LIMIT 200`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list plans of observation: %w", err)
	}
	return out, nil
}

const sessionColumns = `id, plan, order_id, number, buyer, provider, region, name_zh, name_en, invented, starts_at, ends_at, opens_at, closes_at, link, talk, live_at, ended_at, cancelled_at, reason`

func insertSessions(ctx context.Context, tx *db.Tx, list []Session) error {
	rows := make([][]any, len(list))
	for i, x := range list {
		rows[i] = []any{x.ID, x.Plan, x.Order, x.Number, x.Buyer, x.Provider, x.Region, x.NameZH, x.NameEN, x.Invented, x.Starts, x.Ends, x.Opens, x.Closes, x.Link, x.Talk, x.Live, x.Ended, x.Cancelled, x.Reason}
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO observe_session (`+sessionColumns+`)`, rows, ``); err != nil {
		return fmt.Errorf("write the sessions: %w", err)
	}
	return nil
}

// updateSession writes what may change of a session: its times while it waits, and what is done to it.
func updateSession(ctx context.Context, tx *db.Tx, x Session) error {
	_, err := tx.Exec(ctx, `UPDATE observe_session SET starts_at = $2, ends_at = $3, opens_at = $4, closes_at = $5, talk = $6, live_at = $7, ended_at = $8, cancelled_at = $9, reason = $10 WHERE id = $1`,
		x.ID, x.Starts, x.Ends, x.Opens, x.Closes, x.Talk, x.Live, x.Ended, x.Cancelled, x.Reason)
	if err != nil {
		return fmt.Errorf("change a session: %w", err)
	}
	return nil
}

func getSession(ctx context.Context, q db.Q, id string) (Session, error) {
	x, err := db.One[Session](ctx, q, `SELECT `+sessionColumns+` FROM observe_session WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return x, fault.New(fault.NotFound, "no-observe-session", "没有找到这一场观察。")
	}
	if err != nil {
		return x, fmt.Errorf("read a session: %w", err)
	}
	return x, nil
}

func listSessions(ctx context.Context, q db.Q, w *db.Where) ([]Session, error) {
	out, err := db.All[Session](ctx, q, `SELECT `+sessionColumns+` FROM observe_session`+w.SQL()+` ORDER BY starts_at, id LIMIT 1000`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return out, nil
}

// cancelFrom calls off what has not ended yet of the sessions that w chooses.
func cancelFrom(ctx context.Context, tx *db.Tx, column, value string, now db.Time, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE observe_session SET cancelled_at = $2, reason = $3 WHERE `+column+` = $1 AND cancelled_at IS NULL AND ended_at IS NULL AND closes_at > $4`, value, now, reason, now)
	if err != nil {
		return fmt.Errorf("call off sessions: %w", err)
	}
	return nil
}

const noteColumns = `id, session, side, person, org, text, picture, width, height, size, at`

func insertNote(ctx context.Context, tx *db.Tx, n Note) error {
	_, err := tx.Exec(ctx, `INSERT INTO observe_note (`+noteColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING`,
		n.ID, n.Session, n.Side, n.Person, n.Org, n.Text, n.Picture, n.Width, n.Height, n.Size, n.At)
	if err != nil {
		return fmt.Errorf("write a note: %w", err)
	}
	return nil
}

func countNotes(ctx context.Context, q db.Q, session string) (int64, error) {
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM observe_note WHERE session = $1`, session)
	if err != nil {
		return 0, fmt.Errorf("count the notes: %w", err)
	}
	return n, nil
}

func listNotes(ctx context.Context, q db.Q, session string) ([]Note, error) {
	out, err := db.All[Note](ctx, q, `SELECT `+noteColumns+` FROM observe_note WHERE session = $1 ORDER BY at, id`, session)
	if err != nil {
		return nil, fmt.Errorf("list the notes: %w", err)
	}
	return out, nil
}

// notesOfOrder are the notes of all sessions of an order, the newest first.
func notesOfOrder(ctx context.Context, q db.Q, orderID string) ([]Note, error) {
	out, err := db.All[Note](ctx, q, `SELECT n.id, n.session, n.side, n.person, n.org, n.text, n.picture, n.width, n.height, n.size, n.at FROM observe_note n JOIN observe_session s ON s.id = n.session WHERE s.order_id = $1 ORDER BY n.at DESC, n.id DESC LIMIT 1000`, orderID)
	if err != nil {
		return nil, fmt.Errorf("list the notes of an order: %w", err)
	}
	return out, nil
}

const visitColumns = `id, session, part, person, org, joined_at, left_at, why`

func insertVisit(ctx context.Context, tx *db.Tx, v Visit) error {
	_, err := tx.Exec(ctx, `INSERT INTO observe_visit (`+visitColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, v.ID, v.Session, v.Part, v.Person, v.Org, v.Joined, v.Left, v.Why)
	if err != nil {
		return fmt.Errorf("note who came: %w", err)
	}
	return nil
}

func listVisits(ctx context.Context, q db.Q, session string) ([]Visit, error) {
	out, err := db.All[Visit](ctx, q, `SELECT `+visitColumns+` FROM observe_visit WHERE session = $1 ORDER BY joined_at, id LIMIT 1000`, session)
	if err != nil {
		return nil, fmt.Errorf("list who came: %w", err)
	}
	return out, nil
}

func insertGuest(ctx context.Context, tx *db.Tx, g GuestOf) error {
	_, err := tx.Exec(ctx, `INSERT INTO observe_guest (plan, person, org, named_by, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (plan, person) DO NOTHING`, g.Plan, g.Person, g.Org, g.By, g.At)
	if err != nil {
		return fmt.Errorf("name a participant: %w", err)
	}
	return nil
}

func deleteGuest(ctx context.Context, tx *db.Tx, plan, person string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM observe_guest WHERE plan = $1 AND person = $2`, plan, person); err != nil {
		return fmt.Errorf("take a participant away: %w", err)
	}
	return nil
}

func listGuests(ctx context.Context, q db.Q, plan string) ([]GuestOf, error) {
	out, err := db.All[GuestOf](ctx, q, `SELECT plan, person, org, named_by, at FROM observe_guest WHERE plan = $1 ORDER BY at, person`, plan)
	if err != nil {
		return nil, fmt.Errorf("list the participants: %w", err)
	}
	return out, nil
}
