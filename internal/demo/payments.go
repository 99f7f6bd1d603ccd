//i18n:data invented banks and what they answer

package demo

import (
	"context"
	"fmt"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/payout"
	"qiao/internal/platform/clock"
)

// payments pays two redemptions: one payment arrives, the other comes back, is sent again to the right account, and waits for
// the bank.
func (l loader) payments(ctx context.Context) error {
	if l.Payout == nil || l.Story.Client.HTTP == nil {
		return nil
	}
	if err := l.payee(ctx, "lab", "6222 0000 1234 5678"); err != nil {
		return err
	}
	if err := l.payee(ctx, "lab2", "6222 0000 2345 6780"); err != nil {
		return err
	}
	first, err := l.batch(ctx, "first")
	if err != nil || first.State != payout.Sent {
		return err
	}
	if err := l.receipts(ctx, first); err != nil {
		return err
	}
	if err := l.payee(ctx, "lab2", "6222 0000 2345 6789"); err != nil {
		return err
	}
	_, err = l.batch(ctx, "second")
	return err
}

// payee names a laboratory's account, which an officer confirms.
func (l loader) payee(ctx context.Context, login, number string) error {
	ctx, by, err := l.as(ctx, login)
	if err != nil {
		return err
	}
	a, err := l.Payout.Propose(ctx, by, payout.AccountDraft{Holder: by.OrgName, Bank: mark + "银行嘉兴分行", Number: number})
	if err != nil {
		return fmt.Errorf("the account of %s: %w", login, err)
	}
	ctx, officer, err := l.as(ctx, "officer2")
	if err != nil {
		return err
	}
	_, err = l.Payout.Decide(ctx, officer, a.ID, "confirm", "")
	return err
}

// batch drafts, approves and sends what can be paid.
func (l loader) batch(ctx context.Context, key string) (payout.Batch, error) {
	one, officer, err := l.as(ctx, "officer")
	if err != nil {
		return payout.Batch{}, err
	}
	b, err := l.Payout.Draft(one, officer, payout.DraftRequest{PayOn: clock.Day(l.Clock.Now()), Key: "demo/payment-" + key})
	if err != nil || b.State != payout.Drafted {
		return b, err
	}
	if _, err := l.Payout.Do(one, officer, b.ID, "submit", ""); err != nil {
		return b, err
	}
	two, second, err := l.as(ctx, "officer2")
	if err != nil {
		return b, err
	}
	if _, err := l.Payout.Do(two, second, b.ID, "approve", ""); err != nil {
		return b, err
	}
	if _, err := l.Payout.MakeFile(one, officer, b.ID, "bank-utf8"); err != nil {
		return b, err
	}
	return l.Payout.Do(one, officer, b.ID, "send", "")
}

// receipts is what the bank answers to the first batch: the laboratory lab2 is called otherwise there.
func (l loader) receipts(ctx context.Context, b payout.Batch) error {
	ctx, officer, err := l.as(ctx, "officer")
	if err != nil {
		return err
	}
	wrong, err := l.Identity.As(ctx, address("lab2"))
	if err != nil {
		return err
	}
	p, err := l.Payout.Paper(ctx, officer, b.ID)
	if err != nil {
		return err
	}
	var text strings.Builder
	text.WriteString("付款编号,金额,收款人账号,处理结果,失败原因,银行流水号\n")
	for i, r := range p.Rows {
		text.WriteString(r.Number + "," + r.Amount.Yuan() + "," + r.Account.Masked() + "," + l.answer(r, wrong) + fmt.Sprintf(",LS%04d\n", i+1))
	}
	u, err := l.Payout.TakeReceipts(ctx, officer, "", mark+"回单.csv", strings.NewReader(text.String()))
	if err != nil {
		return err
	}
	_, err = l.Payout.Apply(ctx, officer, u.ID)
	return err
}

func (l loader) answer(r payout.PaperRow, wrong identity.Subject) string {
	if r.Item.Payee == wrong.Org {
		return "失败,账号与户名不符"
	}
	return "成功,"
}
