package review

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

const columns = `order_id, order_number, buyer, provider, region, stars, text, reply, person, at, replied_at`

// newest is how many ratings of other orders are shown one by one.
const newest = 50

// About is what a subject may know of how the buyer of an order was rated.
type About struct {
	Mine    *Rating  // on this very order
	Others  []Rating // on other orders, the newest first; for a provider without who wrote them
	Tenths  int64    // mean of Others in tenths (47 is 4.7), and how many there are
	Count   int64
	Rate    bool // the subject may rate now
	Reply   bool // the subject may reply now
	Told    bool // Others are shown to the subject at all
	AsBuyer bool // the subject is the one that was rated
}

// About reads what the subject may know of how the buyer of an order was rated: the two sides of the order its own rating,
// the buyer all of its ratings, and the provider those of others as long as the order is under way.
func (s *Service) About(ctx context.Context, by identity.Subject, o order.Order) (About, error) {
	if err := s.Policy.Can(by, "review.view", object(o)); err != nil {
		return About{}, err
	}
	list, err := db.All[Rating](ctx, s.DB, `SELECT `+columns+` FROM review_buyer WHERE buyer = $1 ORDER BY at DESC, order_id LIMIT $2`, o.Buyer, newest+1)
	if err != nil {
		return About{}, fmt.Errorf("the ratings of %s: %w", o.Buyer, err)
	}
	own, err := db.All[Rating](ctx, s.DB, `SELECT `+columns+` FROM review_buyer WHERE order_id = $1`, o.ID)
	if err != nil {
		return About{}, fmt.Errorf("the rating of the buyer of %s: %w", o.Number, err)
	}
	a := About{AsBuyer: by.Org == o.Buyer}
	if len(own) > 0 {
		a.Mine = &own[0]
	}
	a.Rate = ripe(o) && (a.Mine == nil || a.Mine.Reply == "") && s.Policy.Can(by, "review.rate", object(o)) == nil
	a.Reply = a.Mine != nil && s.Policy.Can(by, "review.reply", object(o)) == nil
	if a.Told = a.AsBuyer || dealing(o); !a.Told {
		return a, nil
	}
	a.Others = slices.DeleteFunc(list, func(r Rating) bool { return r.Order == o.ID })
	if !a.AsBuyer {
		for i := range a.Others {
			a.Others[i].Order, a.Others[i].Number, a.Others[i].Provider, a.Others[i].Person = "", "", "", ""
		}
	}
	type row struct {
		Sum   int64 `db:"total"`
		Count int64 `db:"n"`
	}
	all, err := db.One[row](ctx, s.DB, `SELECT CAST(coalesce(sum(stars), 0) AS BIGINT) AS total, count(*) AS n FROM review_buyer WHERE buyer = $1 AND order_id <> $2`, o.Buyer, o.ID)
	if err != nil {
		return a, fmt.Errorf("count the ratings of %s: %w", o.Buyer, err)
	}
	if a.Count = all.Count; all.Count > 0 {
		a.Tenths = (all.Sum*10 + all.Count/2) / all.Count
	}
	return a, nil
}

// Verify compares each rating with its order: same sides, and work that was confirmed.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	list, err := db.All[Rating](ctx, q, `SELECT `+columns+` FROM review_buyer ORDER BY order_id`)
	if err != nil {
		return nil, fmt.Errorf("read the ratings of buyers: %w", err)
	}
	var out []verify.Finding
	for part := range slices.Chunk(list, 500) {
		ids := make([]string, len(part))
		for i, r := range part {
			ids[i] = r.Order
		}
		orders, err := s.Orders.Named(ctx, q, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range part {
			i := slices.IndexFunc(orders, func(o order.Order) bool { return o.ID == r.Order })
			if i < 0 || orders[i].Buyer != r.Buyer || orders[i].Provider != r.Provider || !ripe(orders[i]) {
				out = append(out, verify.Finding{Code: "review.order", Object: r.Order, Text: "a rating of a buyer does not fit its order"})
			}
		}
	}
	return out, nil
}
