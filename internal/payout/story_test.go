package payout

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme/schemetest"
)

// Two funders pay their parts of two claims; one payment comes back, is sent again after a correction, and a late return reopens a
// claim that was paid.
func TestStory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		w := newWorld(t, d)
		first, second := w.claim(t, w.lab, 300*schemetest.Yuan), w.claim(t, w.lab2, 90*schemetest.Yuan)
		_, err := w.Draft(ctx, w.officer, DraftRequest{PayOn: w.today()})
		wants(t, err, "parts-needed") // no account yet
		_, err = w.Draft(ctx, w.officer, DraftRequest{PayOn: "2026-11-01"})
		wants(t, err, "pay-day")
		_, err = w.Draft(ctx, w.firm, DraftRequest{PayOn: w.today()})
		if err == nil {
			t.Fatal("a firm drafted a batch")
		}
		w.account(t, w.lab, "6222 0000 1111 2222")
		w.account(t, w.lab2, "6222000033334444")
		b := w.sent(t, w.officer, w.officer2)
		if b.Total != 260*schemetest.Yuan || b.Count != 2 || b.Number != "BF3304-20261123-0001" || b.State != Sent {
			t.Fatalf("batch %+v", b)
		}
		_, err = w.vouchers.Do(ctx, w.officer, first.ID, "pay", voucher.VerbRequest{})
		wants(t, err, "claim-in-batch")
		r := w.receipt(t, w.officer, b.Number+"-001,\"200.00\",6222000011112222,交易成功,,LS1", b.Number+"-002,60,6222****4444,失败,户名不符,")
		if r.Count(OutcomePaid) != 1 || r.Count(OutcomeReturned) != 1 || r.Count(OutcomeBreak) != 0 {
			t.Fatalf("receipt %+v", r.Lines)
		}
		b, err = getBatch(ctx, d, b.ID)
		must(t, err)
		if b.State != Partly {
			t.Fatalf("batch %+v", b)
		}
		again := w.receipt(t, w.officer, b.Number+"-001,\"200.00\",6222000011112222,交易成功,,LS1", b.Number+"-002,60,6222****4444,失败,户名不符,")
		if again.ID != r.ID {
			t.Fatal("the same file is another upload")
		}
		parts, err := w.Payable(ctx, d, "authority")
		must(t, err)
		if len(parts) != 1 || parts[0].Ready() || parts[0].Bounced != "户名不符" {
			t.Fatalf("parts %+v", parts)
		}
		n := w.sent(t, w.neighbour, w.neighbour2) // the neighbour's part; the other one would go to the account that is wrong
		if n.Total != 100*schemetest.Yuan {
			t.Fatalf("batch %+v", n)
		}
		w.receipt(t, w.neighbour, n.Number+"-001,100.00,,成功,,")
		state := func(claim, want string) {
			t.Helper()
			c, err := w.vouchers.OwedBy(ctx, d, "authority", w.today())
			must(t, err)
			owed := false
			for _, o := range c {
				owed = owed || o.Claim == claim
			}
			if owed != (want == "published") {
				t.Fatalf("claim %s owed: %v, want %s", claim, owed, want)
			}
		}
		state(first.ID, "paid")
		state(second.ID, "published")
		w.account(t, w.lab2, "6222000055556666")
		n = w.sent(t, w.neighbour, w.neighbour2)
		w.receipt(t, w.neighbour, n.Number+"-001,30.00,,成功,,")
		c := w.sent(t, w.officer, w.officer2)
		w.receipt(t, w.officer, c.Number+"-001,60.00,6222000055556666,成功,,")
		state(second.ID, "paid")
		late := w.receipt(t, w.officer, b.Number+"-001,200.00,,退汇,账户已销户,", b.Number+"-002,60.00,,失败,,", b.Number+"-002,60.00,,成功,,")
		if late.Count(OutcomeReturned) != 1 || late.Count(OutcomeKnown) != 1 || late.Lines[2].Code != BreakReturned {
			t.Fatalf("late %+v", late.Lines)
		}
		state(first.ID, "published")
		_, err = w.Do(ctx, w.officer, c.ID, "close", "")
		must(t, err)
		w.sound(t)
	})
}

// Rules of the desk: who approves is another, what is stopped is approved anew, a part is in one batch only.
func TestBatches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		w := newWorld(t, d)
		one, two := w.claim(t, w.lab, 30*schemetest.Yuan), w.claim(t, w.lab2, 60*schemetest.Yuan)
		w.account(t, w.lab, "6222000011112222")
		w.account(t, w.lab2, "6222000033334444")
		do := func(b Batch, verb, note string) error {
			_, err := w.Do(ctx, w.officer, b.ID, verb, note)
			w.sound(t)
			return err
		}
		b, err := w.Draft(ctx, w.officer, DraftRequest{PayOn: w.today(), Key: "k"})
		must(t, err)
		if again, err := w.Draft(ctx, w.officer, DraftRequest{PayOn: w.today(), Key: "k"}); err != nil || again.ID != b.ID {
			t.Fatalf("%+v, %v", again, err)
		}
		_, err = w.Draft(ctx, w.officer, DraftRequest{PayOn: w.today(), Key: "k", Claims: []string{one.ID}})
		wants(t, err, "idempotency-conflict")
		_, err = w.Draft(ctx, w.officer, DraftRequest{PayOn: w.today(), Claims: []string{one.ID}})
		wants(t, err, "part-not-ready")
		wants(t, do(b, "send", ""), "state-conflict")
		wants(t, do(b, "dance", ""), "no-such-verb")
		items, err := listItems(ctx, d, b.ID)
		must(t, err)
		b, err = w.Drop(ctx, w.officer, b.ID, items[1].ID, "下月再付")
		must(t, err)
		if b.Count != 1 || b.Total != 20*schemetest.Yuan {
			t.Fatalf("batch %+v", b)
		}
		must(t, do(b, "submit", ""))
		wants(t, do(b, "approve", ""), "second-person-needed")
		wants(t, do(b, "send-back", " "), "reason-needed")
		_, err = w.MakeFile(ctx, w.officer, b.ID, "bank-gbk")
		wants(t, err, "not-approved")
		_, err = w.Do(ctx, w.officer2, b.ID, "approve", "")
		must(t, err)
		wants(t, do(b, "send", ""), "file-needed")
		f, err := w.MakeFile(ctx, w.officer, b.ID, "bank-gbk")
		must(t, err)
		w.clock.Advance(time.Second)
		w.account(t, w.lab, "6222000077778888") // stops the payment and takes the approval back
		b, err = getBatch(ctx, d, b.ID)
		must(t, err)
		if b.State != Drafted || b.Count != 0 || b.Approver != "" {
			t.Fatalf("batch %+v", b)
		}
		wants(t, do(b, "submit", ""), "batch-empty")
		_, _, err = w.ReadFile(ctx, w.officer, b.ID, f.ID)
		wants(t, err, "file-not-found")
		must(t, do(b, "cancel", ""))
		c, err := w.Draft(ctx, w.officer, DraftRequest{PayOn: w.today(), Claims: []string{two.ID, one.ID}})
		must(t, err)
		if c.Count != 2 {
			t.Fatalf("batch %+v", c)
		}
	})
}

// An account is confirmed by a second person, of the payee or an officer; it is masked everywhere but in the file.
func TestAccounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		w := newWorld(t, d)
		_, err := w.Propose(ctx, w.lab, AccountDraft{"示", "", "12ab", "1"})
		wants(t, err, "account-invalid")
		a, err := w.Propose(ctx, w.lab, AccountDraft{" 示例·lab ", "示例银行", "６２２２ 0000-1111 2222", ""})
		must(t, err)
		if a.Number != "6222000011112222" || a.Masked() != "**** 2222" || a.Holder != "示例·lab" {
			t.Fatalf("account %+v", a)
		}
		_, err = w.Decide(ctx, w.lab, a.ID, "confirm", "")
		wants(t, err, "second-person-needed")
		_, err = w.Decide(ctx, w.lab2, a.ID, "confirm", "")
		if err == nil {
			t.Fatal("another provider confirmed it")
		}
		_, err = w.Decide(ctx, w.officer, a.ID, "refuse", "")
		wants(t, err, "reason-needed")
		_, err = w.Decide(ctx, w.labAdmin2, a.ID, "confirm", "")
		must(t, err)
		w.claim(t, w.lab, 30*schemetest.Yuan)
		b := w.sent(t, w.officer, w.officer2)
		files, err := listFiles(ctx, d, b.ID)
		must(t, err)
		_, body, err := w.ReadFile(ctx, w.officer, b.ID, files[0].ID)
		must(t, err)
		_, twice, err := w.ReadFile(ctx, w.officer2, b.ID, files[0].ID)
		must(t, err)
		text, err := simplifiedchinese.GBK.NewDecoder().String(string(body))
		must(t, err)
		if !bytes.Equal(body, twice) || !strings.Contains(text, "6222000011112222") || !strings.Contains(text, "20.00") || !strings.Contains(text, b.Number+"-001") {
			t.Fatalf("file %s", text)
		}
		_, _, err = w.ReadFile(ctx, w.lab, b.ID, files[0].ID)
		if err == nil {
			t.Fatal("a provider got the payment file")
		}
	})
}
