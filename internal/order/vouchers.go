package order

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme"
)

// Part is what one voucher programme pays of an order.
type Part struct {
	Programme string
	Way       string // scheme.Direct: the provider is paid; scheme.Repay: the buyer pays it and is repaid
	Amount    money.Fen
}

// PayWith writes what a price is to be paid with: programmes in the order in which they pay, and the way where it is not the
// usual one. It is what PlaceRequest.Programme and forms carry; one programme alone is its id.
func PayWith(programmes []string, way string) string {
	text := strings.Join(programmes, "+")
	if text != "" && way != "" && way != scheme.Direct {
		text += "~" + way
	}
	return text
}

// payWith reads what PayWith wrote; a programme named twice pays once.
func payWith(text string) (programmes []string, way string) {
	text, way, _ = strings.Cut(text, "~")
	if text == "" {
		return nil, ""
	}
	for p := range strings.SplitSeq(text, "+") {
		if p != "" && !slices.Contains(programmes, p) {
			programmes = append(programmes, p)
		}
	}
	return programmes, way
}

// Parts are what the programmes pay of the order. An order placed before several could pay has one part at most.
func (o Order) Parts() []Part {
	if o.Vouchers == "" {
		if o.Programme == "" {
			return nil
		}
		return []Part{{Programme: o.Programme, Way: scheme.Direct, Amount: o.Voucher}}
	}
	var out []Part
	for text := range strings.FieldsSeq(o.Vouchers) {
		programme, rest, _ := strings.Cut(text, ":")
		way, amount, _ := strings.Cut(rest, ":")
		n, err := strconv.ParseInt(amount, 10, 64)
		if err != nil { // written by pay alone; what cannot be read pays nothing, and Verify tells of it
			n = 0
		}
		out = append(out, Part{programme, way, money.Fen(n)})
	}
	return out
}

// pay keeps what the programmes pay, and divides the price by it: what the buyer is repaid is within its own part.
func (o *Order) pay(parts []Part) {
	o.Voucher, o.Repaid, o.Programme, o.Vouchers = 0, 0, "", ""
	for _, p := range parts {
		if p.Way == scheme.Repay {
			o.Repaid += p.Amount
		} else {
			o.Voucher += p.Amount
		}
	}
	o.Own = o.Price - o.Voucher
	for i, p := range parts {
		if i == 0 {
			o.Programme = p.Programme
		}
		o.Vouchers = strings.TrimSpace(o.Vouchers + " " + p.Programme + ":" + p.Way + ":" + strconv.FormatInt(int64(p.Amount), 10))
	}
}

// wish is what the order is to be paid with, as PayWith writes it.
func (o Order) wish() string {
	var programmes []string
	way := ""
	for _, p := range o.Parts() {
		programmes = append(programmes, p.Programme)
		if p.Way == scheme.Repay {
			way = scheme.Repay
		}
	}
	return PayWith(programmes, way)
}

// partsOf are the parts of a division. While a price is not known they name the programmes and pay nothing yet.
func partsOf(d voucher.Division, wish string) []Part {
	if len(d.Parts) == 0 {
		programmes, way := payWith(wish)
		out := make([]Part, len(programmes))
		for i, p := range programmes {
			out[i] = Part{Programme: p, Way: cmp.Or(way, scheme.Direct)}
		}
		return out
	}
	out := make([]Part, 0, len(d.Parts))
	for _, p := range d.Parts {
		if p.Amount > 0 || d.Vouchers() == 0 {
			out = append(out, Part{Programme: p.Programme, Way: p.Way, Amount: p.Amount})
		}
	}
	return out
}

// key is the caller's id of what is done with a part: for ever, and for the first part what it was when there was only one.
func (o Order) key(what string, i int, p Part) string {
	if i == 0 {
		return o.ID + "/" + what
	}
	return o.ID + "/" + what + "/" + p.Programme
}

// eachPart does something with every part, in the order of the programmes: whoever takes several purses takes them in this one.
func (o Order) eachPart(do func(i int, p Part) error) error {
	parts := o.Parts()
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(parts[a].Programme, parts[b].Programme) })
	for _, i := range order {
		if err := do(i, parts[i]); err != nil {
			return err
		}
	}
	return nil
}

// holdVouchers puts aside what the programmes pay.
func (s *Service) holdVouchers(ctx context.Context, tx *db.Tx, o *Order) error {
	if o.Voucher+o.Repaid == 0 || o.Held {
		return nil
	}
	err := o.eachPart(func(i int, p Part) error {
		if p.Amount == 0 {
			return nil
		}
		_, err := s.vouchers.Hold(ctx, tx, voucher.HoldRequest{
			Order: o.ID, Programme: p.Programme, Way: p.Way, Firm: o.Buyer, Provider: o.Provider, Kind: o.ResourceKind, Class: o.Class, Purpose: o.Purpose,
			Price: o.Price, Amount: p.Amount, Key: o.key("hold", i, p),
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("hold the voucher's part: %w", err)
	}
	o.Held = true
	return nil
}

// letVouchersGo gives back what the programmes have put aside.
func (s *Service) letVouchersGo(ctx context.Context, tx *db.Tx, o *Order) error {
	if !o.Held {
		return nil
	}
	err := o.eachPart(func(i int, p Part) error {
		return s.vouchers.Release(ctx, tx, o.ID, p.Programme, o.key("release", i, p))
	})
	if err != nil {
		return fmt.Errorf("release the voucher's part: %w", err)
	}
	o.Held = false
	return nil
}

// useVouchers spends what the programmes pay in the end; what was put aside beyond it goes back.
func (s *Service) useVouchers(ctx context.Context, tx *db.Tx, o *Order) error {
	if !o.Held {
		return nil
	}
	if o.Voucher+o.Repaid == 0 { // the bill has nothing left for them to pay
		return s.letVouchersGo(ctx, tx, o)
	}
	err := o.eachPart(func(i int, p Part) error {
		return s.vouchers.Use(ctx, tx, o.ID, p.Programme, p.Amount, o.key("use", i, p))
	})
	if err != nil {
		return fmt.Errorf("use the voucher's part: %w", err)
	}
	return nil
}

// reprice changes what an order costs. No part of a voucher ever grows; where the price falls each falls in proportion, the
// sum rounded down, and the rest is the buyer's own, so that neither side is ever more than before and all make up the price
// to the fen. What is paid at once is rounded first, what is repaid after it.
func (o *Order) reprice(price money.Fen) {
	parts := o.Parts()
	if price < o.Price {
		var before, after money.Fen // sums of the parts so far
		for _, way := range []string{scheme.Direct, scheme.Repay} {
			for i, p := range parts {
				if p.Way == way {
					before += p.Amount
					sum := money.Split(before, int64(o.Price-price), int64(price))[1]
					parts[i].Amount, after = sum-after, sum
				}
			}
		}
	}
	o.Price = price
	o.pay(parts)
}

// unpaid tells whether one of several programmes still owes the provider its part.
func (s *Service) unpaid(ctx context.Context, q db.Q, o Order) (bool, error) {
	if len(o.Parts()) < 2 {
		return false, nil
	}
	open, err := s.vouchers.Unpaid(ctx, q, o.ID)
	if err != nil {
		return false, fmt.Errorf("what programmes still owe for order %s: %w", o.ID, err)
	}
	return open, nil
}
