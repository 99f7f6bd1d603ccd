package payout

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const accountColumns = `id, org, region, holder, bank, number, cnaps, state, person, decider, decider_org, note, created_at, decided_at`

func insertAccount(ctx context.Context, tx *db.Tx, a Account) error {
	_, err := tx.Exec(ctx, `INSERT INTO payout_account (`+accountColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		a.ID, a.Org, a.Region, a.Holder, a.Bank, a.Number, a.CNAPS, a.State, a.Person, a.Decider, a.DeciderOrg, a.Note, a.CreatedAt, a.DecidedAt)
	if err != nil {
		return fmt.Errorf("write an account: %w", err)
	}
	return nil
}

// lockAccount reads an account and keeps others from it until the commit.
func lockAccount(ctx context.Context, tx *db.Tx, account string) (Account, error) {
	a, err := db.One[Account](ctx, tx, `UPDATE payout_account SET state = state WHERE id = $1 RETURNING `+accountColumns, account)
	if errors.Is(err, db.ErrNone) {
		return a, fault.New(fault.NotFound, "account-not-found", "没有找到这个收款账户。")
	}
	if err != nil {
		return a, fmt.Errorf("lock account %s: %w", account, err)
	}
	return a, nil
}

func updateAccount(ctx context.Context, tx *db.Tx, a Account) error {
	if _, err := tx.Exec(ctx, `UPDATE payout_account SET state = $1, decider = $2, decider_org = $3, note = $4, decided_at = $5 WHERE id = $6`,
		a.State, a.Decider, a.DeciderOrg, a.Note, a.DecidedAt, a.ID); err != nil {
		return fmt.Errorf("decide account %s: %w", a.ID, err)
	}
	return nil
}

// withdrawProposed lets what was proposed and not decided give way to what is proposed now.
func withdrawProposed(ctx context.Context, tx *db.Tx, org string, at db.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE payout_account SET state = 'refused', decided_at = $1 WHERE org = $2 AND state = 'proposed'`, at, org); err != nil {
		return fmt.Errorf("withdraw a proposed account: %w", err)
	}
	return nil
}

func replaceConfirmed(ctx context.Context, tx *db.Tx, org string) error {
	if _, err := tx.Exec(ctx, `UPDATE payout_account SET state = 'replaced' WHERE org = $1 AND state = 'confirmed'`, org); err != nil {
		return fmt.Errorf("replace an account: %w", err)
	}
	return nil
}

// listAccounts lists the accounts that w asks for, newest first.
func listAccounts(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Account, error) {
	out, err := db.All[Account](ctx, q, `SELECT `+accountColumns+` FROM payout_account`+w.SQL()+` ORDER BY created_at DESC, id DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	return out, nil
}

// confirmedAccounts are the payees' accounts that may be paid to.
func confirmedAccounts(ctx context.Context, q db.Q, payees []string) (map[string]Account, error) {
	w := &db.Where{}
	w.In("org", unique(payees))
	w.And("state = 'confirmed'")
	list, err := listAccounts(ctx, q, w, len(payees)+1)
	out := map[string]Account{}
	for _, a := range list {
		out[a.Org] = a
	}
	return out, err
}

func accountsByID(ctx context.Context, q db.Q, ids []string) (map[string]Account, error) {
	w := &db.Where{}
	w.In("id", unique(ids))
	list, err := listAccounts(ctx, q, w, len(ids)+1)
	out := map[string]Account{}
	for _, a := range list {
		out[a.ID] = a
	}
	return out, err
}

// bouncedAccounts tells for accounts to which the last payment came back why it did.
func bouncedAccounts(ctx context.Context, q db.Q, payees []string) (map[string]string, error) {
	type row struct {
		Account string `db:"account"`
		State   string `db:"state"`
		Reason  string `db:"reason"`
	}
	w := &db.Where{}
	w.In("i.payee", unique(payees))
	w.And("i.state IN ('paid', 'returned')")
	rows, err := db.All[row](ctx, q, `SELECT i.account, i.state, i.reason FROM payout_item i`+w.SQL()+` ORDER BY i.decided_on, i.number`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read what came back: %w", err)
	}
	out := map[string]string{}
	for _, r := range rows {
		delete(out, r.Account)
		if r.State == ItemReturned {
			out[r.Account] = r.Reason
		}
	}
	return out, nil
}

const batchColumns = `id, number, funder, region, pay_on, state, total, count, drafter, submitter, approver, digest, sent_on, sample, revision, created_at`

func batchMissing() error {
	return fault.New(fault.NotFound, "batch-not-found", "没有找到这个付款批次。")
}

func getBatch(ctx context.Context, q db.Q, batch string) (Batch, error) {
	b, err := db.One[Batch](ctx, q, `SELECT `+batchColumns+` FROM payout_batch WHERE id = $1`, batch)
	if errors.Is(err, db.ErrNone) {
		return b, batchMissing()
	}
	if err != nil {
		return b, fmt.Errorf("read batch %s: %w", batch, err)
	}
	return b, nil
}

// lockBatch reads a batch and keeps others from it until the commit.
func lockBatch(ctx context.Context, tx *db.Tx, batch string) (Batch, error) {
	b, err := db.One[Batch](ctx, tx, `UPDATE payout_batch SET revision = revision + 1 WHERE id = $1 RETURNING `+batchColumns, batch)
	if errors.Is(err, db.ErrNone) {
		return b, batchMissing()
	}
	if err != nil {
		return b, fmt.Errorf("lock batch %s: %w", batch, err)
	}
	return b, nil
}

func insertBatch(ctx context.Context, tx *db.Tx, b Batch) error {
	_, err := tx.Exec(ctx, `INSERT INTO payout_batch (`+batchColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		b.ID, b.Number, b.Funder, b.Region, b.PayOn, b.State, b.Total, b.Count, b.Drafter, b.Submitter, b.Approver, b.Digest, b.SentOn, b.Sample, b.Revision, b.CreatedAt)
	if err != nil {
		return fmt.Errorf("write a batch: %w", err)
	}
	return nil
}

func updateBatch(ctx context.Context, tx *db.Tx, b Batch) error {
	if _, err := tx.Exec(ctx, `UPDATE payout_batch SET state = $1, total = $2, count = $3, submitter = $4, approver = $5, sent_on = $6 WHERE id = $7`,
		b.State, b.Total, b.Count, b.Submitter, b.Approver, b.SentOn, b.ID); err != nil {
		return fmt.Errorf("move batch %s: %w", b.ID, err)
	}
	return nil
}

// listBatches lists batches newest first; after is the id to go on below.
func listBatches(ctx context.Context, q db.Q, w *db.Where, after string, limit int) ([]Batch, error) {
	if after != "" {
		w.And("(created_at, id) < (SELECT created_at, id FROM payout_batch WHERE id = ?)", after)
	}
	out, err := db.All[Batch](ctx, q, `SELECT `+batchColumns+` FROM payout_batch`+w.SQL()+` ORDER BY created_at DESC, id DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list batches: %w", err)
	}
	return out, nil
}

const itemColumns = `id, batch, seq, number, claim, claim_number, programme, payee, funder, amount, account, state, reason, evidence, decided_on, live`

func insertItem(ctx context.Context, tx *db.Tx, i Item) error {
	_, err := tx.Exec(ctx, `INSERT INTO payout_item (`+itemColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		i.ID, i.Batch, i.Seq, i.Number, i.Claim, i.ClaimNumber, i.Programme, i.Payee, i.Funder, i.Amount, i.AccountID, i.State, i.Reason, i.Evidence, i.DecidedOn, i.Live)
	if db.IsUnique(err) {
		return fault.New(fault.Conflict, "part-in-batch", "兑付 {0} 刚刚被列入另一个批次，请刷新后重选。", i.ClaimNumber).Because(err)
	}
	if err != nil {
		return fmt.Errorf("write a payment: %w", err)
	}
	return nil
}

func updateItem(ctx context.Context, tx *db.Tx, i Item) error {
	if _, err := tx.Exec(ctx, `UPDATE payout_item SET state = $1, reason = $2, evidence = $3, decided_on = $4, live = $5 WHERE id = $6`,
		i.State, i.Reason, i.Evidence, i.DecidedOn, i.Live, i.ID); err != nil {
		return fmt.Errorf("move payment %s: %w", i.Number, err)
	}
	return nil
}

func listItems(ctx context.Context, q db.Q, batch string) ([]Item, error) {
	out, err := db.All[Item](ctx, q, `SELECT `+itemColumns+` FROM payout_item WHERE batch = $1 ORDER BY seq`, batch)
	if err != nil {
		return nil, fmt.Errorf("list the payments of batch %s: %w", batch, err)
	}
	return out, nil
}

func plannedFor(ctx context.Context, q db.Q, payee string) ([]Item, error) {
	out, err := db.All[Item](ctx, q, `SELECT `+itemColumns+` FROM payout_item WHERE payee = $1 AND state = 'planned' ORDER BY batch, seq`, payee)
	if err != nil {
		return nil, fmt.Errorf("list what is planned for %s: %w", payee, err)
	}
	return out, nil
}

// itemsByNumber finds a funder's payments by their numbers.
func itemsByNumber(ctx context.Context, q db.Q, funder string, numbers []string) ([]Item, error) {
	var out []Item
	for numbers = unique(numbers); len(numbers) > 0; {
		n := min(len(numbers), 500)
		w := &db.Where{}
		w.And("funder = ?", funder)
		w.In("number", numbers[:n])
		rows, err := db.All[Item](ctx, q, `SELECT `+itemColumns+` FROM payout_item`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("find payments: %w", err)
		}
		out, numbers = append(out, rows...), numbers[n:]
	}
	return out, nil
}

// batchesOf gives the numbers of the batches in which a funder's parts of claims stand.
func batchesOf(ctx context.Context, q db.Q, funder string, claims []string) (map[string]string, error) {
	type row struct {
		Claim  string `db:"claim"`
		Number string `db:"number"`
	}
	out := map[string]string{}
	for claims = unique(claims); len(claims) > 0; {
		n := min(len(claims), 500)
		w := &db.Where{}
		w.In("i.claim", claims[:n])
		w.And("i.funder = ?", funder)
		w.And("i.live")
		rows, err := db.All[row](ctx, q, `SELECT i.claim, b.number FROM payout_item i JOIN payout_batch b ON b.id = i.batch`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("look for parts in batches: %w", err)
		}
		for _, r := range rows {
			out[r.Claim] = r.Number
		}
		claims = claims[n:]
	}
	return out, nil
}

func batchOfClaim(ctx context.Context, q db.Q, claim string) (string, error) {
	found, err := db.All[string](ctx, q, `SELECT b.number FROM payout_item i JOIN payout_batch b ON b.id = i.batch
		WHERE i.claim = $1 AND i.live AND i.state IN ('planned', 'sent') ORDER BY b.number LIMIT 1`, claim)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// unique drops repeats, in order of appearance.
func unique(list []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, x := range list {
		if x != "" && !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}
