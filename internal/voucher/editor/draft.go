package editor

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme"
)

// Draft is a programme's rules while they are written: complete or not, right or not.
type Draft struct {
	ID        string  `db:"id"`
	Programme string  `db:"programme"` // whose next version it is; empty: a new programme
	Authority string  `db:"authority"`
	Region    string  `db:"region"`
	Body      string  `db:"body"`    // JSON of a scheme.Draft
	Example   string  `db:"example"` // code of the published scheme it began from; empty: none
	Person    string  `db:"person"`  // who wrote it last
	Revision  int64   `db:"revision"`
	CreatedAt db.Time `db:"created_at"`
	UpdatedAt db.Time `db:"updated_at"`

	Scheme scheme.Draft `db:"-"`
}

// Begin is what a draft begins from: a published scheme, the newest rules of a programme, or nothing.
type Begin struct {
	Example   string // code
	Programme string // id
	Key       string // the caller's id of the request
}

// Begin starts a draft of the authority acted for.
func (s *Service) Begin(ctx context.Context, by identity.Subject, b Begin) (Draft, error) {
	if err := s.mayEdit(by, by.Org, by.Region); err != nil {
		return Draft{}, err
	}
	now := db.At(s.clock.Now())
	d := Draft{ID: id.New(), Programme: b.Programme, Authority: by.Org, Region: by.Region, Example: b.Example, Person: by.Person, Revision: 1, CreatedAt: now, UpdatedAt: now}
	if b.Key != "" {
		d.ID = id.From("voucher.draft", by.Person, by.Org, b.Key)
	}
	var err error
	switch {
	case b.Programme != "":
		err = s.fromProgramme(ctx, by, &d)
	case b.Example != "":
		err = s.fromExample(&d)
	default:
		d.Scheme = s.blank()
	}
	if err != nil {
		return Draft{}, err
	}
	if d.Programme == "" {
		d.Scheme.Region, d.Scheme.Sample = d.Region, by.Sample
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		had, err := getDraft(ctx, tx, d.ID)
		if err == nil || !fault.Is(err, "draft-not-found") {
			d = had
			return err
		}
		if err := insertDraft(ctx, tx, d); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now.Time, audit.Entry{Action: "programme.draft", Kind: "draft", ID: d.ID, Data: d.Scheme})
	})
	return d, err
}

// fromProgramme begins the next version of a programme, from the newest rules.
func (s *Service) fromProgramme(ctx context.Context, by identity.Subject, d *Draft) error {
	p, err := s.programmes.Programme(ctx, s.db, d.Programme)
	if err != nil {
		return err
	}
	if err := s.mayEdit(by, p.Authority, p.Region); err != nil {
		return err
	}
	if p.Authority != by.Org {
		return fault.New(fault.Forbidden, "not-your-programme", "只有本计划的主管部门可以修改它。")
	}
	versions, err := s.programmes.Versions(ctx, s.db, p.ID)
	if err != nil {
		return err
	}
	p.Terms = versions[0]
	d.Region, d.Scheme = p.Region, p.Draft()
	d.Scheme.Terms.Version++
	d.Scheme.Terms.From, err = s.later(p.Terms.From)
	return err
}

// later is the first day that new rules may begin: tomorrow, or the day after the last ones begin.
func (s *Service) later(from string) (string, error) {
	return clock.AddDays(max(from, s.today()), 1)
}

// fromExample begins from a published scheme, dated from today.
func (s *Service) fromExample(d *Draft) error {
	e, err := example(d.Example)
	if err != nil {
		return err
	}
	d.Scheme = e.Programme
	s.dated(&d.Scheme)
	return nil
}

func (s *Service) dated(d *scheme.Draft) {
	today := s.today()
	d.OpensOn, d.ClosesOn, d.Terms.From, d.Terms.Version = today, today[:4]+"-12-31", today, 1
}

// blank is a scheme that says nothing yet.
func (s *Service) blank() scheme.Draft {
	var d scheme.Draft
	s.dated(&d)
	d.Terms.Sources = map[string]scheme.Source{"rules": {}}
	d.Terms.Ratio.Value = []scheme.Tier{{}}
	d.Terms.Validity.Value.EndOfYear = true
	return d
}

// example is a published scheme by its code.
func example(code string) (scheme.Example, error) {
	all, err := scheme.Examples()
	if err != nil {
		return scheme.Example{}, err
	}
	for _, e := range all {
		if e.Code == code {
			return e, nil
		}
	}
	return scheme.Example{}, fault.New(fault.NotFound, "scheme-not-found", "没有找到这个方案。")
}

// Draft is a draft that the subject may write.
func (s *Service) Draft(ctx context.Context, by identity.Subject, draft string) (Draft, error) {
	d, err := getDraft(ctx, s.db, draft)
	if err != nil {
		return d, err
	}
	return d, s.mayEdit(by, d.Authority, d.Region)
}

// Drafts lists the drafts of the authority acted for, the newest first.
func (s *Service) Drafts(ctx context.Context, by identity.Subject) ([]Draft, error) {
	return listDrafts(ctx, s.db, by.Org)
}

// Save keeps what was written. It need not be right yet: what is wrong is told by [scheme.Draft.Validate]. A draft that a
// colleague has saved since is a conflict; revision is the one that was shown, 0 to write over all.
func (s *Service) Save(ctx context.Context, by identity.Subject, draft string, to scheme.Draft, revision int64) (Draft, error) {
	var d Draft
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if d, err = lockDraft(ctx, tx, draft); err != nil {
			return err
		}
		if err := s.mayEdit(by, d.Authority, d.Region); err != nil {
			return err
		}
		if revision != 0 && d.Revision != revision+1 { // the lock counted one
			return fault.New(fault.Conflict, "draft-changed", "这份草稿刚刚被同事修改过，请刷新后再改。")
		}
		now := db.At(s.clock.Now())
		to.Region = cmp.Or(d.Region, to.Region)
		to.Terms.Version = max(d.Scheme.Terms.Version, 1)
		d.Scheme, d.Person, d.UpdatedAt = to, by.Person, now
		if err := updateDraft(ctx, tx, d); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now.Time, audit.Entry{Action: "programme.draft", Kind: "draft", ID: d.ID, Data: d.Scheme})
	})
	return d, err
}

// Discard throws a draft away.
func (s *Service) Discard(ctx context.Context, by identity.Subject, draft string) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := lockDraft(ctx, tx, draft)
		if err != nil {
			return err
		}
		if err := s.mayEdit(by, d.Authority, d.Region); err != nil {
			return err
		}
		if err := deleteDraft(ctx, tx, draft); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "programme.discard", Kind: "draft", ID: d.ID, Data: d.Scheme})
	})
}

// Publish makes a draft the rules of its programme from a day on, and ends the draft. Rules that are in force are not
// changed backwards: a new version begins tomorrow at the earliest.
func (s *Service) Publish(ctx context.Context, by identity.Subject, draft, from, key string) (voucher.Programme, error) {
	d, err := s.Draft(ctx, by, draft)
	if err != nil {
		return voucher.Programme{}, err
	}
	if d.Authority != by.Org {
		return voucher.Programme{}, fault.New(fault.Forbidden, "not-your-programme", "只有本计划的主管部门可以修改它。")
	}
	d.Scheme.Terms.From = cmp.Or(from, d.Scheme.Terms.From)
	d.Scheme.Terms.Version = 1
	if d.Programme != "" {
		versions, err := s.programmes.Versions(ctx, s.db, d.Programme)
		if err != nil {
			return voucher.Programme{}, err
		}
		d.Scheme.Terms.Version = versions[0].Version + 1
		if d.Scheme.Terms.From <= s.today() {
			return voucher.Programme{}, fault.New(fault.Invalid, "terms-too-early", "新规则最早从明天起执行，已经执行的规则不能倒改。").
				Field("from", "too-early", "请选明天或以后的日期。")
		}
	}
	if open := d.Scheme.Terms.OpenFields(); len(open) > 0 {
		return voucher.Programme{}, unfilled(open)
	}
	p, err := s.programmes.PutProgramme(ctx, by, d.Programme, d.Scheme, cmp.Or(key, d.ID))
	if err != nil {
		return p, err
	}
	err = s.Discard(ctx, by, d.ID)
	if fault.Is(err, "draft-not-found") {
		err = nil
	}
	return p, err
}

// unfilled names the rules whose source is still open.
func unfilled(fields []string) *fault.Error {
	f := fault.New(fault.Invalid, "terms-open", "还有规则没有依据：来源文件未载的内容要先补写，并注明依据。")
	for _, name := range fields {
		f.Field(name, "open", "原文未载，请补写并选定依据文件。")
	}
	return f
}

// decode reads a draft's body; a body that was written by Save always reads.
func (d *Draft) decode() error {
	if err := json.Unmarshal([]byte(d.Body), &d.Scheme); err != nil {
		return fmt.Errorf("read draft %s: %w", d.ID, err)
	}
	return nil
}

// ParseScheme reads a scheme from JSON as it is written by hand: unknown fields are refused, rules may still be wrong.
func ParseScheme(text string) (scheme.Draft, error) {
	var d scheme.Draft
	dec := json.NewDecoder(bytes.NewReader([]byte(text)))
	dec.DisallowUnknownFields()
	err := dec.Decode(&d)
	if err == nil && dec.More() {
		err = errors.New("more than one value")
	}
	if err != nil {
		return d, unreadable(text, dec.InputOffset(), err)
	}
	return d, nil
}

// unreadable says in which line the JSON ends to make sense.
func unreadable(text string, offset int64, err error) *fault.Error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	line := 1 + bytes.Count([]byte(text)[:min(max(offset, 0), int64(len(text)))], []byte("\n"))
	return fault.New(fault.Invalid, "terms-unreadable", "规则文件读不懂：请检查格式与字段名。").
		Field("body", "unreadable", "第 {0} 行附近读不懂：{1}", line, err.Error()).Because(err)
}
