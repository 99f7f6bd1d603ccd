package behalf

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const columns = `id, order_id, number, resource, resource_zh, resource_en, buyer, person, provider, region, clerk, clerk_org, asked, start_at, end_at, state, note, answered_by, answered_at, made_at, revision`

func insertBooking(ctx context.Context, tx *db.Tx, b Booking) error {
	_, err := tx.Exec(ctx, `INSERT INTO behalf_booking (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		b.ID, b.Order, b.Number, b.Resource, b.ResourceZH, b.ResourceEN, b.Buyer, b.Person, b.Provider, b.Region, b.Clerk, b.ClerkOrg, b.Asked, b.Start, b.End, b.State, b.Note, b.AnsweredBy, b.AnsweredAt, b.Made, b.Revision)
	if err != nil {
		return fmt.Errorf("write that %s was booked for another: %w", b.Number, err)
	}
	return nil
}

// updateBooking writes an answer to a booking that nobody has changed since it was read.
func updateBooking(ctx context.Context, tx *db.Tx, b Booking) error {
	n, err := tx.Exec(ctx, `UPDATE behalf_booking SET state = $2, note = $3, answered_by = $4, answered_at = $5, revision = $6 WHERE id = $1 AND revision = $7`, b.ID, b.State, b.Note, b.AnsweredBy, b.AnsweredAt, b.Revision, b.Revision-1)
	if err != nil {
		return fmt.Errorf("answer booking %s: %w", b.Number, err)
	}
	if n != 1 {
		return fault.New(fault.Conflict, "behalf-busy", "刚刚有别的变化，请刷新页面再试。")
	}
	return nil
}

func getBooking(ctx context.Context, q db.Q, id string) (Booking, error) {
	b, err := db.One[Booking](ctx, q, `SELECT `+columns+` FROM behalf_booking WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return b, fault.New(fault.NotFound, "no-behalf", "没有找到这笔代约，可能地址不完整。")
	}
	if err != nil {
		return b, fmt.Errorf("read booking %s: %w", id, err)
	}
	return b, nil
}

// ofOrder is the booking of an order; false: it was not booked for another.
func ofOrder(ctx context.Context, q db.Q, order string) (Booking, bool, error) {
	b, err := db.One[Booking](ctx, q, `SELECT `+columns+` FROM behalf_booking WHERE order_id = $1`, order)
	if errors.Is(err, db.ErrNone) {
		return b, false, nil
	}
	if err != nil {
		return b, false, fmt.Errorf("who booked order %s: %w", order, err)
	}
	return b, true, nil
}

// listBookings are the newest of one side's bookings.
func listBookings(ctx context.Context, q db.Q, side, org string) ([]Booking, error) {
	column := map[string]string{Buyer: "buyer", Clerk: "clerk_org"}[side]
	out, err := db.All[Booking](ctx, q, `SELECT `+columns+` FROM behalf_booking WHERE `+column+` = $1 ORDER BY made_at DESC, id DESC LIMIT 200`, org)
	if err != nil {
		return nil, fmt.Errorf("list the bookings of %s for others: %w", org, err)
	}
	return out, nil
}

// openFor are an organisation's unanswered ones that have not begun.
func openFor(ctx context.Context, q db.Q, org string, now time.Time) ([]Booking, error) {
	out, err := db.All[Booking](ctx, q, `SELECT `+columns+` FROM behalf_booking WHERE buyer = $1 AND state = 'told' AND start_at > $2 ORDER BY made_at DESC, id DESC LIMIT 200`, org, db.Stamp(now))
	if err != nil {
		return nil, fmt.Errorf("list what waits for the answer of %s: %w", org, err)
	}
	return out, nil
}
