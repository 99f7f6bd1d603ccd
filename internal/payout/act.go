package payout

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// Do carries out a verb of Batches: submit, approve, send-back, send, close, cancel.
func (s *Service) Do(ctx context.Context, by identity.Subject, batch, verb, note string) (Batch, error) {
	var b Batch
	note = strings.TrimSpace(note)
	if !slices.Contains(Verbs(), verb) {
		return b, fault.New(fault.NotFound, "no-such-verb", "没有“{0}”这个操作。", verb)
	}
	if verb == "send-back" && note == "" {
		return b, fault.New(fault.Invalid, "reason-needed", "请写明理由。").Field("note", "required", "请写明理由。")
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if b, err = lockBatch(ctx, tx, batch); err != nil {
			return err
		}
		if err := s.policy.Act(by, "payout."+verb, b.object()); err != nil {
			return err
		}
		move, err := Batches.Next(b.State, verb)
		if err != nil {
			return err
		}
		items, err := listItems(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		if err := s.effect(ctx, tx, by, &b, verb, items); err != nil {
			return err
		}
		b.State = move.To
		if err := updateBatch(ctx, tx, b); err != nil {
			return err
		}
		return s.moved(ctx, tx, by, b, verb, move.From, note)
	})
	return b, err
}

// effect does what a verb means beyond the state.
func (s *Service) effect(ctx context.Context, tx *db.Tx, by identity.Subject, b *Batch, verb string, items []Item) error {
	switch verb {
	case "submit":
		if b.Count == 0 {
			return fault.New(fault.Conflict, "batch-empty", "批次里没有可以付款的项目，请作废后重新草拟。")
		}
		b.Submitter = by.Person
	case "approve":
		if b.Drafter == by.Person || b.Submitter == by.Person {
			return fault.New(fault.Forbidden, "second-person-needed", "这个批次由您草拟或提交，批准须由另一位工作人员办理。")
		}
		b.Approver = by.Person
		return s.independent(ctx, tx, by, items)
	case "send-back":
		b.Submitter, b.Approver = "", ""
	case "send":
		return s.send(ctx, tx, b, items)
	case "cancel":
		return settleItems(ctx, tx, items, ItemPlanned, func(it *Item) { it.State, it.DecidedOn, it.Live = ItemDropped, s.today(), false })
	}
	return nil
}

// send needs the payment file that was made of what was approved.
func (s *Service) send(ctx context.Context, tx *db.Tx, b *Batch, items []Item) error {
	files, err := listFiles(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	made := slices.ContainsFunc(files, func(f File) bool { return f.Current })
	if !made {
		return fault.New(fault.Conflict, "file-needed", "请先生成付款文件，再确认已送出。")
	}
	b.SentOn = s.today()
	return settleItems(ctx, tx, items, ItemPlanned, func(it *Item) { it.State = ItemSent })
}

// settleItems changes the payments that are in a state.
func settleItems(ctx context.Context, tx *db.Tx, items []Item, state string, change func(*Item)) error {
	for _, it := range items {
		if it.State != state {
			continue
		}
		change(&it)
		if err := updateItem(ctx, tx, it); err != nil {
			return err
		}
	}
	return nil
}

// independent keeps officers from paying their own organisations.
func (s *Service) independent(ctx context.Context, q db.Q, by identity.Subject, items []Item) error {
	var payees []string
	for _, it := range items {
		if it.Stands() && !slices.Contains(payees, it.Payee) {
			payees = append(payees, it.Payee)
		}
	}
	for _, org := range payees {
		people, err := s.orgs.People(ctx, q, org)
		if err != nil {
			return err
		}
		if org == by.Org || slices.ContainsFunc(people, func(p identity.PersonRef) bool { return p.ID == by.Person }) {
			return fault.New(fault.Forbidden, "own-organisation", "批次里有付给您所在单位的款项，须由其他工作人员办理。")
		}
	}
	return nil
}

// moved writes step, event and audit of a batch's move.
func (s *Service) moved(ctx context.Context, tx *db.Tx, by identity.Subject, b Batch, verb, from, note string) error {
	now := s.clock.Now()
	if err := insertStep(ctx, tx, Step{ID: id.New(), Batch: b.ID, At: db.At(now), Person: by.Person, Org: by.Org, Verb: verb, From: from, To: b.State, Note: note}); err != nil {
		return err
	}
	if err := outbox.Publish(ctx, tx, now, BatchMoved{b.ID, b.Number, b.Funder, b.Region, verb, b.State, b.Total, b.Count}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, audit.Entry{Action: "payout." + verb, Kind: "payout-batch", ID: b.ID, From: from, To: b.State, Data: b})
}

// File is a payment file that was made.
type File struct {
	ID        string  `db:"id"`
	Batch     string  `db:"batch"`
	Layout    string  `db:"layout"` // JSON
	Name      string  `db:"name"`
	SHA256    string  `db:"sha256"`
	Size      int64   `db:"size"`
	Person    string  `db:"person"`
	CreatedAt db.Time `db:"created_at"`

	Current bool `db:"-"` // made of the batch as it was approved last
}

// MakeFile writes down that the payment file of an approved batch was made, with its hash; its bytes follow from the batch.
func (s *Service) MakeFile(ctx context.Context, by identity.Subject, batch, layout string) (File, error) {
	var f File
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		b, err := lockBatch(ctx, tx, batch)
		if err != nil {
			return err
		}
		if err := s.policy.Can(by, "payout.file", b.object()); err != nil {
			return err
		}
		if b.State != Approved && b.State != Sent {
			return fault.New(fault.Conflict, "not-approved", "批次批准后才能生成付款文件。")
		}
		layouts, _, err := s.layoutsOf(ctx, tx, b.Funder, s.today())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(layouts, func(l Layout) bool { return l.Code == layout })
		if i < 0 {
			return fault.New(fault.Invalid, "layout-unknown", "请选择一种付款文件格式。").Field("layout", "unknown", "请选择一种付款文件格式。")
		}
		body, err := s.render(ctx, tx, b, layouts[i])
		if err != nil {
			return err
		}
		text, err := json.Marshal(layouts[i])
		if err != nil {
			return fmt.Errorf("write a layout: %w", err)
		}
		sum := sha256.Sum256(body)
		f = File{ID: id.New(), Batch: b.ID, Layout: string(text), Name: layouts[i].FileName(b), SHA256: hex.EncodeToString(sum[:]), Size: int64(len(body)), Person: by.Person, CreatedAt: db.At(s.clock.Now()), Current: true}
		if err := insertFile(ctx, tx, f); err != nil {
			return err
		}
		return audit.Record(ctx, tx, f.CreatedAt.Time, audit.Entry{Action: "payout.file", Kind: "payout-batch", ID: b.ID, To: f.SHA256, Data: f})
	})
	return f, err
}

// ReadFile gives the bytes of a file that was made. Bytes that no longer have their hash are not given out.
func (s *Service) ReadFile(ctx context.Context, by identity.Subject, batch, file string) (File, []byte, error) {
	b, err := getBatch(ctx, s.db, batch)
	if err != nil {
		return File{}, nil, err
	}
	if err := s.policy.Can(by, "payout.file", b.object()); err != nil {
		return File{}, nil, err
	}
	files, err := listFiles(ctx, s.db, b.ID)
	if err != nil {
		return File{}, nil, err
	}
	i := slices.IndexFunc(files, func(f File) bool { return f.ID == file && f.Current })
	if i < 0 {
		return File{}, nil, fault.New(fault.NotFound, "file-not-found", "没有找到这份付款文件，或批次之后又退回改动过。")
	}
	var l Layout
	if err := json.Unmarshal([]byte(files[i].Layout), &l); err != nil {
		return files[i], nil, fmt.Errorf("read a layout: %w", err)
	}
	body, err := s.render(ctx, s.db, b, l)
	if err != nil {
		return files[i], nil, err
	}
	if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != files[i].SHA256 {
		return files[i], nil, fault.New(fault.Conflict, "file-changed", "付款文件与生成时不一致（收款单位或计划的名称改过），请重新生成。")
	}
	return files[i], body, nil
}

func (s *Service) render(ctx context.Context, q db.Q, b Batch, l Layout) ([]byte, error) {
	p, err := s.paper(ctx, q, b)
	if err != nil {
		return nil, err
	}
	return l.Render(p)
}

// paper gathers what a payment file or list is made of: the payments that stand.
func (s *Service) paper(ctx context.Context, q db.Q, b Batch) (Paper, error) {
	p := Paper{Batch: b}
	items, err := listItems(ctx, q, b.ID)
	if err != nil {
		return p, err
	}
	orgs, programmes := []string{b.Funder}, map[string]string{}
	var ids []string
	for _, it := range items {
		orgs, ids = append(orgs, it.Payee), append(ids, it.AccountID)
	}
	names, err := s.orgs.Organisations(ctx, q, orgs)
	if err != nil {
		return p, err
	}
	accounts, err := accountsByID(ctx, q, ids)
	if err != nil {
		return p, err
	}
	p.Payer = names[b.Funder].NameZH
	for _, it := range items {
		if !it.Stands() {
			continue
		}
		if _, known := programmes[it.Programme]; !known {
			g, err := s.vouchers.Programme(ctx, q, it.Programme)
			if err != nil {
				return p, err
			}
			programmes[it.Programme] = g.NameZH
		}
		p.Rows = append(p.Rows, PaperRow{Item: it, Account: accounts[it.AccountID], Payee: names[it.Payee].NameZH, Programme: programmes[it.Programme]})
	}
	return p, nil
}

// Paper is a batch with its payments in full, for who may make its payment file.
func (s *Service) Paper(ctx context.Context, by identity.Subject, batch string) (Paper, error) {
	b, err := getBatch(ctx, s.db, batch)
	if err != nil {
		return Paper{}, err
	}
	if err := s.policy.Can(by, "payout.file", b.object()); err != nil {
		return Paper{}, err
	}
	return s.paper(ctx, s.db, b)
}
