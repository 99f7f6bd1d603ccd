package demo

import (
	"context"
	"encoding/base64"

	"qiao/internal/platform/money"
)

// claim lets the provider claim what the vouchers pay of both orders, with its documents.
func (t *teller) claim(ctx context.Context) error {
	var docs []object
	for _, d := range [][2]string{{"contract", "合同"}, {"invoice", "发票"}} { //i18n:data names of files
		text := "示例" + d[1] + "（虚构）\n" + t.result.Booking.Number + "\n" + t.result.Commission.Number + "\n" //i18n:data an invented document
		docs = append(docs, object{"code": d[0], "name": mark + d[1] + ".txt", "content": base64.StdEncoding.EncodeToString([]byte(text))})
	}
	body := object{"programme": t.result.Programme, "orders": []string{t.result.Booking.ID, t.result.Commission.ID}, "documents": docs}
	var out wireClaim
	if err := t.post(ctx, t.cast.Lab, "/redemptions", "claim", body, &out); err != nil {
		return err
	}
	t.result.Claim, t.result.Claimed = out.ID, out.Amount
	return want("the claim", out.Amount, t.result.Booking.Voucher+t.result.Commission.Voucher)
}

// wireClaim is a redemption on the wire.
type wireClaim struct {
	ID, State string
	Amount    money.Fen
}

// review posts a verb of an officer on the claim.
func (t *teller) review(ctx context.Context, as, verb, state string) error {
	var out wireClaim
	if err := t.post(ctx, as, "/redemptions/"+t.result.Claim+"/"+verb, verb, object{}, &out); err != nil {
		return err
	}
	return want("the claim's state", out.State, state)
}

// verifyClaim: one officer checks the claim …
func (t *teller) verifyClaim(ctx context.Context) error {
	return t.review(ctx, "officer", "verify", "verified")
}

// approveClaim: … and another approves it.
func (t *teller) approveClaim(ctx context.Context) error {
	return t.review(ctx, "officer2", "approve", "approved")
}

// publishNotice puts the claim into a public notice.
func (t *teller) publishNotice(ctx context.Context) error {
	return t.review(ctx, "officer", "publish-notice", "published")
}

// pay pays the claim; both orders are settled with it.
func (t *teller) pay(ctx context.Context) error {
	if err := t.review(ctx, "officer2", "pay", "paid"); err != nil {
		return err
	}
	for _, o := range []*Order{&t.result.Booking, &t.result.Commission} {
		err := t.eventually(ctx, "the settling of "+o.Number, func() (bool, error) {
			var w wireOrder
			if err := t.get(ctx, t.cast.Login, "/orders/"+o.ID, &w); err != nil {
				return false, err
			}
			*o = w.order()
			return o.State == "settled", nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
