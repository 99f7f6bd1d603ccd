package payout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/sheet"
	"qiao/internal/voucher"
)

// States of an upload.
const (
	UploadRead    = "read"
	UploadApplied = "applied"
)

// maxReceipt is the largest file of receipts, in bytes; most rows it may have.
const (
	maxReceipt     = 10 << 20
	maxReceiptRows = 20_000
)

// Reading is an upload as it is shown: what its columns mean and what each row means for the payments.
type Reading struct {
	Upload
	Columns []string // the headings of the file
	Fields  []string // a field for each of them
	First   []string // the first row, to recognise columns by
	Lines   []Line   // as applied, or as they would be
}

// Count is how many rows have an outcome.
func (r Reading) Count(outcome string) int {
	n := 0
	for _, l := range r.Lines {
		if l.Outcome == outcome {
			n++
		}
	}
	return n
}

func tableOptions() sheet.Options {
	known := func(cells []string) int {
		n := 0
		for _, f := range ProposeReceipt(cells) {
			if f != "" {
				n++
			}
		}
		return n
	}
	return sheet.Options{Limits: sheet.Limits{Bytes: maxReceipt, Rows: maxReceiptRows, Columns: 100}, Heading: known}
}

// TakeReceipts keeps a file that a bank sent back. The same file of the same funder is the one that is there already.
func (s *Service) TakeReceipts(ctx context.Context, by identity.Subject, funder, name string, body io.ReadSeeker) (Upload, error) {
	if funder == "" {
		funder = by.Org
	}
	org, err := s.orgs.Organisation(ctx, s.db, funder)
	if err != nil {
		return Upload{}, err
	}
	if err := s.policy.Can(by, "payout.receive", funderObject(org.ID, org.Region)); err != nil {
		return Upload{}, err
	}
	table, err := sheet.Read(name, body, tableOptions())
	if err != nil {
		return Upload{}, err
	}
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return Upload{}, fmt.Errorf("read the upload %s again: %w", name, err)
	}
	ref, err := s.files.Put(ctx, body, maxReceipt)
	if err != nil {
		return Upload{}, fmt.Errorf("keep the upload %s: %w", name, err)
	}
	u := Upload{ID: id.New(), Funder: org.ID, Region: org.Region, Name: name, SHA256: ref.SHA256, State: UploadRead, Person: by.Person, CreatedAt: db.At(s.clock.Now())}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		had, found, err := findUpload(ctx, tx, u.Funder, u.SHA256)
		if err != nil || found {
			u = had
			return err
		}
		headings, digest, err := headingsOf(table)
		if err != nil {
			return err
		}
		mapping, err := savedMapping(ctx, tx, u.Funder, digest)
		if err != nil {
			return err
		}
		if mapping == nil {
			mapping = ProposeReceipt(table.Headings)
		}
		text, err := json.Marshal(mapping)
		if err != nil {
			return fmt.Errorf("write a mapping: %w", err)
		}
		u.Headings, u.Mapping = headings, string(text)
		if err := insertUpload(ctx, tx, u); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.CreatedAt.Time, audit.Entry{Action: "payout.receive", Kind: "payout-upload", ID: u.ID, To: u.State, Data: u})
	})
	return u, err
}

// headingsOf are a table's headings as JSON, and their digest.
func headingsOf(table *sheet.Table) (text, digest string, err error) {
	b, err := json.Marshal(table.Headings)
	if err != nil {
		return "", "", fmt.Errorf("write headings: %w", err)
	}
	digest, err = digestOf(table.Headings)
	return string(b), digest, err
}

// table reads the kept file again.
func (s *Service) table(ctx context.Context, u Upload) (*sheet.Table, error) {
	f, err := s.files.Open(ctx, u.SHA256)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.Gone, "receipt-gone", "回执文件已不在，请联系平台运营单位。").Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("open receipt %s: %w", u.ID, err)
	}
	defer func() { _ = f.Close() }() // it was only read
	return sheet.Read(u.Name, f, tableOptions())
}

// Read shows an upload: matched anew as long as it is not applied, as it was applied afterwards.
func (s *Service) Read(ctx context.Context, by identity.Subject, upload string) (Reading, error) {
	u, err := getUpload(ctx, s.db, upload)
	if err != nil {
		return Reading{}, err
	}
	if err := s.policy.Can(by, "payout.view", funderObject(u.Funder, u.Region)); err != nil {
		return Reading{}, err
	}
	return s.reading(ctx, s.db, u)
}

func (s *Service) reading(ctx context.Context, q db.Q, u Upload) (Reading, error) {
	r := Reading{Upload: u}
	if err := errors.Join(json.Unmarshal([]byte(u.Headings), &r.Columns), json.Unmarshal([]byte(u.Mapping), &r.Fields)); err != nil {
		return r, fmt.Errorf("read upload %s: %w", u.ID, err)
	}
	if u.State == UploadApplied {
		kept, err := listLines(ctx, q, u.ID)
		if err != nil {
			return r, err
		}
		numbers := make([]string, len(kept))
		for i, k := range kept {
			numbers[i] = k.Item
		}
		payments, err := s.paymentsOf(ctx, q, u.Funder, numbers)
		if err != nil {
			return r, err
		}
		for _, k := range kept {
			l := Line{Receipt: Receipt{Row: k.Row, Item: k.Item, Amount: k.Amount, Account: k.Account, Result: k.Result, Note: k.Note}, Outcome: k.Outcome, Code: k.Code}
			if p, ok := payments[k.Item]; ok {
				l.Match = &p
			}
			r.Lines = append(r.Lines, l)
		}
		return r, nil
	}
	table, err := s.table(ctx, u)
	if err != nil {
		return r, err
	}
	if len(table.Rows) > 0 {
		r.First = table.Rows[0].Cells
	}
	r.Lines, err = s.matched(ctx, q, u, table, r.Fields)
	return r, err
}

func (s *Service) matched(ctx context.Context, q db.Q, u Upload, table *sheet.Table, mapping []string) ([]Line, error) {
	receipts := ReadReceipts(table, mapping)
	numbers := make([]string, len(receipts))
	for i, r := range receipts {
		numbers[i] = strings.ToUpper(strings.TrimSpace(r.Item))
	}
	payments, err := s.paymentsOf(ctx, q, u.Funder, numbers)
	return Match(dated.On(s.rules, s.today()), receipts, payments), err
}

// paymentsOf finds payments by their numbers, with their accounts.
func (s *Service) paymentsOf(ctx context.Context, q db.Q, funder string, numbers []string) (map[string]PaperRow, error) {
	items, err := itemsByNumber(ctx, q, funder, numbers)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = it.AccountID
	}
	accounts, err := accountsByID(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]PaperRow{}
	for _, it := range items {
		out[it.Number] = PaperRow{Item: it, Account: accounts[it.AccountID]}
	}
	return out, nil
}

// Remap says anew what the columns of an upload mean; the same headings will mean the same next time.
func (s *Service) Remap(ctx context.Context, by identity.Subject, upload string, mapping []string) (Upload, error) {
	var u Upload
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if u, err = s.openUpload(ctx, tx, by, upload); err != nil {
			return err
		}
		if err := checkMapping(mapping); err != nil {
			return err
		}
		text, err := json.Marshal(mapping)
		if err != nil {
			return fmt.Errorf("write a mapping: %w", err)
		}
		var headings []string
		if err := json.Unmarshal([]byte(u.Headings), &headings); err != nil {
			return fmt.Errorf("read upload %s: %w", u.ID, err)
		}
		digest, err := digestOf(headings)
		if err != nil {
			return err
		}
		u.Mapping = string(text)
		if err := saveMapping(ctx, tx, u.Funder, digest, u.Mapping); err != nil {
			return err
		}
		if err := updateUpload(ctx, tx, u); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "payout.map", Kind: "payout-upload", ID: u.ID, Data: u})
	})
	return u, err
}

func checkMapping(mapping []string) error {
	f := fault.New(fault.Invalid, "mapping-invalid", "列的对应有误，请按提示修改。")
	seen := map[string]bool{}
	for i, field := range mapping {
		name := columnName(i)
		switch {
		case field == "":
		case !slices.Contains(ReceiptFields(), field):
			f.Field(name, "unknown", "请从列表中选择。")
		case seen[field]:
			f.Field(name, "twice", "这项内容已由另一列提供。")
		}
		seen[field] = true
	}
	for _, need := range []string{FieldItem, FieldAmount, FieldResult} {
		if !seen[need] && len(f.Fields) == 0 {
			f.Field(columnName(0), "missing", "付款编号、金额、结果三项都要有对应的列。")
		}
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// openUpload locks an upload that is not applied yet.
func (s *Service) openUpload(ctx context.Context, tx *db.Tx, by identity.Subject, upload string) (Upload, error) {
	u, err := lockUpload(ctx, tx, upload)
	if err != nil {
		return u, err
	}
	if err := s.policy.Can(by, "payout.receive", funderObject(u.Funder, u.Region)); err != nil {
		return u, err
	}
	if u.State != UploadRead {
		return u, fault.New(fault.Conflict, "receipt-applied", "这份回执已经入账，不能再改。")
	}
	return u, nil
}

// Apply books what the rows of an upload say: payments that arrived are paid, those that came back are owed again. Rows that differ
// are kept as breaks for a person to look at. Applying it again changes nothing.
func (s *Service) Apply(ctx context.Context, by identity.Subject, upload string) (Reading, error) {
	u, err := getUpload(ctx, s.db, upload)
	if err != nil {
		return Reading{}, err
	}
	table, err := s.table(ctx, u)
	if err != nil {
		return Reading{}, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if u, err = lockUpload(ctx, tx, upload); err != nil {
			return err
		}
		if err := s.policy.Can(by, "payout.receive", funderObject(u.Funder, u.Region)); err != nil || u.State == UploadApplied {
			return err
		}
		var mapping []string
		if err := json.Unmarshal([]byte(u.Mapping), &mapping); err != nil {
			return fmt.Errorf("read upload %s: %w", u.ID, err)
		}
		if err := checkMapping(mapping); err != nil {
			return err
		}
		lines, err := s.matched(ctx, tx, u, table, mapping)
		if err != nil {
			return err
		}
		return s.apply(ctx, tx, by, &u, lines)
	})
	if err != nil {
		return Reading{}, err
	}
	return s.reading(ctx, s.db, u)
}

func (s *Service) apply(ctx context.Context, tx *db.Tx, by identity.Subject, u *Upload, lines []Line) error {
	var batches []string
	kept := make([]keptLine, len(lines))
	for i := range lines {
		l := &lines[i]
		if l.Outcome == OutcomePaid || l.Outcome == OutcomeReturned {
			if err := s.settle(ctx, tx, by, l); err != nil {
				return err
			}
			if !slices.Contains(batches, l.Match.Batch) {
				batches = append(batches, l.Match.Batch)
			}
		}
		kept[i] = keptLine{u.ID, l.Row, strings.ToUpper(strings.TrimSpace(l.Item)), l.Amount, masked(plainAccount(l.Receipt.Account)), l.Result, l.Note, l.Outcome, l.Code}
	}
	if err := insertLines(ctx, tx, kept); err != nil {
		return err
	}
	for _, b := range batches {
		if err := s.answered(ctx, tx, by, b); err != nil {
			return err
		}
	}
	u.State, u.AppliedAt = UploadApplied, db.NullAt(s.clock.Now())
	if err := updateUpload(ctx, tx, *u); err != nil {
		return err
	}
	return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "payout.apply", Kind: "payout-upload", ID: u.ID, From: UploadRead, To: u.State, Data: kept})
}

// settle books one row. What the ledger refuses (an objection was upheld meanwhile) becomes a break; nothing was written then.
func (s *Service) settle(ctx context.Context, tx *db.Tx, by identity.Subject, l *Line) error {
	it := l.Match.Item
	p := voucher.Payment{Claim: it.Claim, Funder: it.Funder, Amount: it.Amount, Evidence: strings.TrimSpace(it.Number + " " + l.Evidence), Key: it.ID}
	var err error
	switch {
	case l.Outcome == OutcomePaid:
		_, err = s.vouchers.PayPart(ctx, tx, by, p)
		it.State, it.Evidence, it.DecidedOn = ItemPaid, l.Evidence, s.today()
	case it.State == ItemPaid:
		p.Evidence = strings.TrimSpace(it.Number + " " + l.Note)
		_, err = s.vouchers.BouncePart(ctx, tx, by, p)
		fallthrough
	default:
		it.State, it.Reason, it.DecidedOn, it.Live = ItemReturned, firstText(l.Note, l.Result), s.today(), false
	}
	if e := fault.Of(err); err != nil && e.Kind == fault.Conflict {
		l.Outcome, l.Code, l.Note = OutcomeBreak, BreakRefused, strings.TrimSpace(l.Note+" "+e.Code)
		return nil
	}
	if err != nil {
		return err
	}
	if err := updateItem(ctx, tx, it); err != nil {
		return err
	}
	if it.State != ItemReturned {
		return nil
	}
	return outbox.Publish(ctx, tx, s.clock.Now(), PaymentReturned{it.ID, it.Number, it.ClaimNumber, it.Payee, it.Funder, it.Amount, it.Reason})
}

// answered moves a batch on when each of its payments has been answered, or one came back late.
func (s *Service) answered(ctx context.Context, tx *db.Tx, by identity.Subject, batch string) error {
	b, err := lockBatch(ctx, tx, batch)
	if err != nil {
		return err
	}
	items, err := listItems(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	verb := "match"
	for _, it := range items {
		switch it.State {
		case ItemSent:
			return nil
		case ItemReturned:
			verb = "return"
		}
	}
	move, err := Batches.Next(b.State, verb)
	if err != nil {
		return nil //nolint:nilerr // it stands there already
	}
	b.State = move.To
	if err := updateBatch(ctx, tx, b); err != nil {
		return err
	}
	return s.moved(ctx, tx, by, b, verb, move.From, "")
}

func firstText(list ...string) string {
	for _, x := range list {
		if x != "" {
			return x
		}
	}
	return ""
}
