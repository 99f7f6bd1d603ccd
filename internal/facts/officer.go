package facts

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/region"
)

// Open lets an officer read a firm's file for the day, with a reason that the firm reads.
func (s *Service) Open(ctx context.Context, by identity.Subject, org, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		o, err := s.Organisations.Organisation(ctx, tx, org)
		if err != nil {
			return err
		}
		if err := s.Policy.Can(by, "facts.inspect", object(o)); err != nil {
			return err
		}
		if n := utf8.RuneCountInString(reason); n < 4 || n > 300 {
			const text = "请写明查看的事由，4 到 300 个字；企业会看到。"
			return fault.New(fault.Invalid, "reason-needed", text).Field("reason", "length", text)
		}
		now := db.At(s.Clock.Now())
		v := Opening{ID: id.New(), Org: o.ID, Person: by.Person, ByOrg: by.Org, Reason: reason, Day: s.today(), CreatedAt: now}
		if err := insertOpening(ctx, tx, v); err != nil {
			return err
		}
		if err := outbox.Publish(ctx, tx, now.Time, Opened{o.ID, by.Org, reason}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now.Time, audit.Entry{Action: "facts.open", Kind: "organisation", ID: o.ID, Data: v})
	})
}

// opened tells whether an officer has opened a file today.
func (s *Service) opened(ctx context.Context, q db.Q, by identity.Subject, org string) (bool, error) {
	w := &db.Where{}
	w.And("org = ?", org)
	w.And("person = ?", by.Person)
	w.And("day = ?", s.today())
	list, err := listOpenings(ctx, q, w, 1)
	return len(list) > 0, err
}

// givenTo are the facts that a firm gave to the authorities of a region, or of one within it.
func givenTo(list []Given, at string) []string {
	var out []string
	for _, g := range list {
		if region.Within(g.Region, at) {
			out = append(out, strings.Fields(g.Facts)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// shownTo is the part of a file that an officer may see.
func (s *Service) shownTo(ctx context.Context, q db.Q, by identity.Subject, org string, file File) (File, error) {
	list, err := listGiven(ctx, q, org)
	if err != nil {
		return nil, err
	}
	return file.only(givenTo(list, by.Region)), nil
}

// Check is an officer's word on a value.
type Check struct {
	Text string // the value as the document has it; empty: as it stands
	Note string // which document
	File Document
}

// Confirm confirms a value from a document, or corrects it: a new entry that names the one looked at.
func (s *Service) Confirm(ctx context.Context, by identity.Subject, entry string, c Check) (Entry, error) {
	var e Entry
	c.Note = strings.TrimSpace(c.Note)
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := getEntry(ctx, tx, entry)
		if err != nil {
			return err
		}
		o, err := s.mayCheck(ctx, tx, by, old)
		if err != nil {
			return err
		}
		if n := utf8.RuneCountInString(c.Note); n < 2 || n > maxText {
			const text = "请写明依据的文件，例如“2025 年度审计报告第 3 页”。"
			return fault.New(fault.Invalid, "document-needed", text).Field("note", "required", text)
		}
		if err := lockFile(ctx, tx, o.ID); err != nil {
			return err
		}
		if e, err = s.checked(ctx, tx, by, old, c); err != nil {
			return err
		}
		key, _ := dated.On(s.keys, s.today()).Key(e.Key)
		if err := outbox.Publish(ctx, tx, e.CreatedAt.Time, Checked{e.Org, e.ID, key.Name.ZH, e.Value != old.Value, by.Org}); err != nil {
			return err
		}
		return s.add(ctx, tx, e)
	})
	return e, err
}

// mayCheck tells whether an officer may say something about an entry now.
func (s *Service) mayCheck(ctx context.Context, tx *db.Tx, by identity.Subject, old Entry) (identity.Organisation, error) {
	o, err := s.Organisations.Organisation(ctx, tx, old.Org)
	if err != nil {
		return o, err
	}
	if err := s.Policy.Can(by, "facts.verify", object(o)); err != nil {
		return o, err
	}
	if by.Org == o.ID {
		return o, fault.New(fault.Forbidden, "own-organisation", "这是您自己单位的事项，请由其他工作人员办理。")
	}
	seen, err := s.readable(ctx, tx, by, o, old)
	if err == nil && !seen {
		err = fault.New(fault.Conflict, "file-not-open", "请先写明事由，打开这家企业的档案。")
	}
	return o, err
}

// readable tells whether an officer may see an entry: the file is open for the day, and the value was given to the officer's
// region or may be used again.
func (s *Service) readable(ctx context.Context, q db.Q, by identity.Subject, o identity.Organisation, e Entry) (bool, error) {
	open, err := s.opened(ctx, q, by, o.ID)
	if err != nil || !open {
		return false, err
	}
	shown, err := s.shownTo(ctx, q, by, o.ID, File{slot{e.Key, e.Year}: e})
	return len(shown) > 0, err
}

// checked is the entry that an officer's word makes.
func (s *Service) checked(ctx context.Context, tx *db.Tx, by identity.Subject, old Entry, c Check) (Entry, error) {
	had, err := entriesOf(ctx, tx, old.Org)
	if err != nil {
		return Entry{}, err
	}
	if now, ok := Current(had)[slot{old.Key, old.Year}]; !ok || now.ID != old.ID {
		return Entry{}, fault.New(fault.Conflict, "fact-changed", "这一项刚刚有了新的内容，请刷新后再核对。")
	}
	if old.Source == Verified {
		return Entry{}, fault.New(fault.Conflict, "fact-verified", "这一项已经核实。")
	}
	e := old
	e.ID, e.Source, e.Confirms, e.Note, e.Person, e.ByOrg, e.Import, e.CreatedAt = id.New(), Verified, old.ID, c.Note, by.Person, by.Org, "", db.At(s.Clock.Now())
	if c.File.SHA256 != "" {
		e.FileName, e.SHA256, e.Size = c.File.Name, c.File.SHA256, c.File.Size
	}
	if strings.TrimSpace(c.Text) == "" {
		return e, nil
	}
	key, ok := dated.On(s.keys, s.today()).Key(old.Key)
	if !ok {
		return e, fault.New(fault.Conflict, "fact-retired", "企业档案里不再有这一项。")
	}
	bytes, err := secret(ctx, tx)
	if err != nil {
		return e, err
	}
	value, bad := key.Read(c.Text, bytes)
	if bad != nil {
		return e, bad.Field("value", bad.Code, bad.Text, bad.Args...)
	}
	e.Value = value
	return e, nil
}
