package waiting

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const offerColumns = `id, kind, wait, origin, resource, resource_zh, resource_en, provider, region, buyer, start_at, end_at, until_at, content, note, state, order_id, person, invented, revision, made_at, updated_at`

func insertOffer(ctx context.Context, tx *db.Tx, o Offer) error {
	_, err := tx.Exec(ctx, `INSERT INTO waiting_offer (`+offerColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
		o.ID, o.Kind, o.Wait, o.Origin, o.Resource, o.ResourceZH, o.ResourceEN, o.Provider, o.Region, o.Buyer, o.Start, o.End, o.Until, o.Content, o.Note, o.State, o.Order, o.Person, o.Invented, o.Revision, o.Made, o.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write an offer of %s: %w", o.Resource, err)
	}
	return nil
}

func getOffer(ctx context.Context, q db.Q, id string) (Offer, error) {
	o, err := db.One[Offer](ctx, q, `SELECT `+offerColumns+` FROM waiting_offer WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return o, fault.New(fault.NotFound, "no-offer", "没有找到这个邀约，可能地址不完整。")
	}
	if err != nil {
		return o, fmt.Errorf("read offer %s: %w", id, err)
	}
	return o, nil
}

// updateOffer writes the state of an offer that nobody has changed since it was read.
func updateOffer(ctx context.Context, tx *db.Tx, o Offer) error {
	n, err := tx.Exec(ctx, `UPDATE waiting_offer SET state = $2, order_id = $3, revision = $4, updated_at = $5 WHERE id = $1 AND revision = $6`, o.ID, o.State, o.Order, o.Revision, o.UpdatedAt, o.Revision-1)
	if err != nil {
		return fmt.Errorf("move offer %s: %w", o.ID, err)
	}
	if n != 1 {
		return errBusy()
	}
	return nil
}

// offersOf is what a place was offered, by when.
func offersOf(ctx context.Context, q db.Q, wait string) ([]Offer, error) {
	return offersBy(ctx, q, "wait", []string{wait})
}

func offersBy(ctx context.Context, q db.Q, column string, values []string) ([]Offer, error) {
	var out []Offer
	for part := range slices.Chunk(values, 500) {
		var w db.Where
		w.In(column, part)
		list, err := db.All[Offer](ctx, q, `SELECT `+offerColumns+` FROM waiting_offer`+w.SQL()+` ORDER BY made_at, id`, w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("list offers by %s: %w", column, err)
		}
		out = append(out, list...)
	}
	return out, nil
}

// openOffers is those of the holders that are open offers.
func openOffers(ctx context.Context, q db.Q, holders []string) ([]Offer, error) {
	list, err := offersBy(ctx, q, "id", holders)
	return slices.DeleteFunc(list, func(o Offer) bool { return o.State != Open }), err
}

// offersDue is the open offers whose instant has passed.
func offersDue(ctx context.Context, q db.Q, now db.Time) ([]Offer, error) {
	out, err := db.All[Offer](ctx, q, `SELECT `+offerColumns+` FROM waiting_offer WHERE state = 'open' AND until_at <= $1 ORDER BY until_at, id LIMIT 500`, now)
	if err != nil {
		return nil, fmt.Errorf("look for offers that are over: %w", err)
	}
	return out, nil
}

func listOffers(ctx context.Context, q db.Q, w *db.Where) ([]Offer, error) {
	out, err := db.All[Offer](ctx, q, `SELECT `+offerColumns+` FROM waiting_offer`+w.SQL()+` ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, CASE WHEN state = 'open' THEN until_at ELSE '' END, until_at DESC, id LIMIT `+w.Arg(shown), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list offers: %w", err)
	}
	return out, nil
}
