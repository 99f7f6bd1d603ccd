package record

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// What became of an entry.
const (
	Added   = "added"
	Same    = "same"    // it was there already, told the same way: nothing was changed
	Refused = "refused" // something is wrong with it, or it repeats another
)

// Outcome is what became of one entry.
type Outcome struct {
	What   string
	Record Record        // added, or the one that was there
	First  Record        // refused as a repetition: the one that stands
	Why    string        // of Twice
	Errors []fault.Field // refused: what is wrong
}

// owner is the organisation for which the subject keeps records.
func (s *Service) owner(ctx context.Context, by identity.Subject, action string) (identity.Organisation, error) {
	if err := s.Policy.Can(by, action, object(by.Org, by.Region)); err != nil {
		return identity.Organisation{}, err
	}
	return s.Organisations.Organisation(ctx, s.DB, by.Org)
}

func (s *Service) reader(ctx context.Context, q db.Q, owner string) (reader, error) {
	owned, err := s.Catalogue.Owned(ctx, q, owner)
	if err != nil {
		return reader{}, fmt.Errorf("the instruments of %s: %w", owner, err)
	}
	return reader{format: s.format(), instruments: instrumentsOf(owned), now: s.Clock.Now()}, nil
}

// Make keeps one record; get gives the text of a field as it was typed. What is wrong comes back as a fault with fields.
func (s *Service) Make(ctx context.Context, by identity.Subject, source, key string, get func(field string) string) (Record, error) {
	out, err := s.MakeMany(ctx, by, source, []string{key}, []func(string) string{get})
	if err != nil {
		return Record{}, err
	}
	if o := out[0]; o.What == Refused {
		return Record{}, o.fault()
	}
	return out[0].Record, nil
}

// MakeMany keeps several records: each for itself, so that a bad one stops no good one. A key makes its record the same
// whenever it is told again.
func (s *Service) MakeMany(ctx context.Context, by identity.Subject, source string, keys []string, gets []func(string) string) ([]Outcome, error) {
	o, err := s.owner(ctx, by, "record.keep")
	if err != nil {
		return nil, err
	}
	out := make([]Outcome, len(gets))
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := s.reader(ctx, tx, o.ID)
		if err != nil {
			return err
		}
		var good []said
		var at []int
		for i, get := range gets {
			e, bad := r.Read(get)
			if out[i] = (Outcome{What: Refused, Errors: bad}); len(bad) == 0 {
				good, at = append(good, e), append(at, i)
			}
		}
		records, err := s.prepare(ctx, tx, by, o, r.instruments, good)
		if err != nil {
			return err
		}
		for i := range records {
			records[i].Source = source
			if key := keys[at[i]]; key != "" {
				records[i].ID = id.From("record", o.ID, key)
			}
		}
		done, err := s.keep(ctx, tx, o, records, source == FromForm)
		if err != nil {
			return err
		}
		for i, d := range done {
			out[at[i]] = d
			if d.What != Added {
				continue
			}
			if err := s.told(ctx, tx, d.Record, VerbMake, ""); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// prepare makes records of entries: the instrument's names, whether the user is known here and of the owner's unit.
func (s *Service) prepare(ctx context.Context, q db.Q, by identity.Subject, o identity.Organisation, x *instruments, entries []said) ([]Record, error) {
	var codes, words []string
	for _, e := range entries {
		codes, words = append(codes, e.USCC), append(words, e.User)
	}
	found, err := s.Organisations.Named(ctx, q, codes, words)
	if err != nil {
		return nil, fmt.Errorf("look for the users of %d services: %w", len(entries), err)
	}
	byCode, byName := map[string]identity.Organisation{}, map[string]identity.Organisation{}
	for _, f := range found {
		if f.USCC != "" {
			byCode[f.USCC] = f
		}
		byName[f.NameZH], byName[f.NameEN] = f, f
	}
	now := db.At(s.Clock.Now())
	out := make([]Record, 0, len(entries))
	for _, e := range entries {
		user, known := byCode[e.USCC]
		if e.USCC == "" {
			user, known = byName[e.User]
		}
		inside := e.side == insideYes
		if e.side == "" {
			inside = known && (user.ID == o.ID || user.Parent == o.ID || o.Parent != "" && user.ID == o.Parent) || strings.HasPrefix(e.User, o.NameZH)
		}
		e.Inside = inside
		r := Record{ID: id.New(), Owner: o.ID, Region: o.Region, Entry: e.Entry, Org: user.ID, State: Kept, Revision: 1, Person: by.Person, Invented: o.Sample, CreatedAt: now, UpdatedAt: now}
		r.name(x)
		r.settle(user.USCC)
		r.Digest = r.digest()
		out = append(out, r)
	}
	return out, nil
}

// name writes the instrument's names as they are now.
func (r *Record) name(x *instruments) {
	if res, ok := x.byID[r.Resource]; ok {
		r.ResourceZH, r.ResourceEN, r.Instrument = res.NameZH, res.NameEN, res.SourceID
	}
}

// keep writes records of one owner that repeat none. Those that were there already, told the same way, are left alone;
// anew lets one that was withdrawn come again.
func (s *Service) keep(ctx context.Context, tx *db.Tx, o identity.Organisation, records []Record, anew bool) ([]Outcome, error) {
	serial, err := lockOwner(ctx, tx, o.ID)
	if err != nil {
		return nil, err
	}
	known, err := likeThese(ctx, tx, o.ID, records)
	if err != nil {
		return nil, err
	}
	out := make([]Outcome, len(records))
	var fresh []Record
	var at []int // of fresh
	for i, r := range records {
		if out[i] = judge(r, known, anew); out[i].What != Added {
			continue
		}
		serial++
		r.Serial = serial
		out[i].Record = r
		fresh, known, at = append(fresh, r), append(known, r), append(at, i)
	}
	if fresh, err = s.billed(ctx, tx, fresh, at, out); err != nil {
		return nil, err
	}
	if len(fresh) == 0 {
		return out, nil
	}
	if err := insertRecords(ctx, tx, fresh); err != nil {
		return nil, err
	}
	return out, saveSerial(ctx, tx, o.ID, serial)
}

// billed leaves out the records whose invoice number belongs to somebody or something else.
func (s *Service) billed(ctx context.Context, tx *db.Tx, fresh []Record, at []int, out []Outcome) ([]Record, error) {
	refused, err := s.invoiced(ctx, tx, fresh)
	if err != nil {
		return nil, err
	}
	var good []Record
	for i, no := range refused {
		if no != nil {
			out[at[i]] = Outcome{What: Refused, Errors: no.Fields}
			continue
		}
		good = append(good, fresh[i])
	}
	return good, nil
}

// judge says what becomes of a record beside those that are known.
func judge(r Record, known []Record, anew bool) Outcome {
	for _, k := range known {
		if k.ID == r.ID || k.Digest == r.Digest && (k.State != Withdrawn || !anew) {
			if k.Digest == r.Digest {
				return Outcome{What: Same, Record: k}
			}
			return Outcome{What: Refused, First: k, Why: TwiceNumber, Errors: []fault.Field{{Code: "key-used", Text: "同一个请求标识已经用于记录 {0}，内容不同。", Args: []any{k.Number()}}}}
		}
	}
	for _, k := range known {
		if k.State == Withdrawn {
			continue
		}
		if why := Twice(r, k); why != "" {
			return Outcome{What: Refused, First: k, Why: why, Errors: []fault.Field{twiceField(why, k)}}
		}
	}
	return Outcome{What: Added, Record: r}
}

// twiceField says which record stands already.
func twiceField(why string, first Record) fault.Field {
	name := first.Number()
	if first.State == Struck {
		return fault.Field{Name: FieldStart, Code: "struck", Text: "与记录 {0} 是同一次服务，它在抽查中被剔除，不能重新登记。", Args: []any{name}}
	}
	if first.Source == FromOrder {
		return fault.Field{Name: FieldStart, Code: "twice-order", Text: "这次服务是平台订单 {0}，已经自动计入（记录 {1}），不用再登记。", Args: []any{first.OrderNumber, name}}
	}
	switch why {
	case TwiceNumber:
		return fault.Field{Name: FieldOwnNumber, Code: "twice-number", Text: "编号“{0}”已经用于记录 {1}，内容不同；要修改请更正那条记录。", Args: []any{first.OwnNumber, name}}
	case TwicePapers:
		return fault.Field{Name: FieldInvoice, Code: "twice-papers", Text: "与记录 {0} 重复：同一台仪器、同一时间、同一合同和发票。", Args: []any{name}}
	}
	return fault.Field{Name: FieldStart, Code: "twice-time", Text: "与记录 {0} 重复：同一台仪器、同一时间、同一用户。同一天确有两次服务时，请写明各自的时间或编号。", Args: []any{name}}
}

// fault is the outcome of a refused entry as an error.
func (o Outcome) fault() error {
	kind, code, text := fault.Invalid, "record-invalid", "服务记录有误，请按提示修改。"
	if o.Why != "" {
		kind, code, text = fault.Conflict, "record-twice", "这次服务已经登记过。"
	}
	e := fault.New(kind, code, text)
	e.Fields = o.Errors
	return e
}

// told writes the audit entry and the event of a step of one record.
func (s *Service) told(ctx context.Context, tx *db.Tx, r Record, verb, from string) error {
	now := s.Clock.Now()
	if err := audit.Record(ctx, tx, now, audit.Entry{Action: "record.keep", Kind: "service-record", ID: r.ID, From: from, To: r.State, Data: []any{verb, r.Entry}}); err != nil {
		return err
	}
	return outbox.Publish(ctx, tx, now, Moved{factsOf(r, verb)})
}

// maxReason is the longest reason, in characters.
const maxReason = 300

func checkReason(reason string) error {
	if n := utf8.RuneCountInString(reason); n == 0 || n > maxReason {
		return fault.New(fault.Invalid, "reason-needed", "请写明理由，最多 {0} 个字。", maxReason).Field("reason", "required", "请写明理由，最多 {0} 个字。", maxReason)
	}
	return nil
}

// Correct changes what a record says, with a reason. Of a record that an order made, the figures stay the order's.
func (s *Service) Correct(ctx context.Context, by identity.Subject, recordID, reason string, revision int64, get func(field string) string) (Record, error) {
	reason = strings.TrimSpace(reason)
	return s.step(ctx, by, recordID, VerbCorrect, reason, func(ctx context.Context, tx *db.Tx, r *Record) ([]Change, error) {
		if revision != 0 && revision != r.Revision {
			return nil, errChanged()
		}
		o, err := s.Organisations.Organisation(ctx, tx, r.Owner)
		if err != nil {
			return nil, err
		}
		read, err := s.reader(ctx, tx, r.Owner)
		if err != nil {
			return nil, err
		}
		if _, stands := read.instruments.byID[r.Resource]; !stands { // it has left the catalogue since: it stays the record's
			gone, err := s.Catalogue.Any(ctx, tx, []string{r.Resource})
			if err != nil {
				return nil, err
			}
			for _, g := range gone {
				read.instruments.byID[g.ID] = g
			}
		}
		e, bad := read.Read(get)
		if r.Source == FromOrder {
			e.Entry, bad = r.described(e.Entry), slices.DeleteFunc(bad, func(f fault.Field) bool { return !describes(f.Name) })
			e.side = map[bool]string{true: insideYes, false: insideNo}[r.Inside]
		}
		if len(bad) > 0 {
			return nil, Outcome{Errors: bad}.fault()
		}
		made, err := s.prepare(ctx, tx, by, o, read.instruments, []said{e})
		if err != nil {
			return nil, err
		}
		before := *r
		r.Entry, r.Org, r.ResourceZH, r.ResourceEN, r.Instrument = made[0].Entry, made[0].Org, made[0].ResourceZH, made[0].ResourceEN, made[0].Instrument
		r.Day, r.UserKey = made[0].Day, made[0].UserKey
		if r.Source == FromOrder {
			r.Org, r.UserKey = before.Org, before.UserKey
		}
		known, err := likeThese(ctx, tx, r.Owner, []Record{*r})
		if err != nil {
			return nil, err
		}
		known = slices.DeleteFunc(known, func(k Record) bool { return k.ID == r.ID })
		if out := judge(*r, known, true); out.What == Refused {
			return nil, out.fault()
		}
		if invoice.Normal(before.Invoice) != invoice.Normal(r.Invoice) {
			if err := s.uninvoiced(ctx, tx, before); err != nil {
				return nil, err
			}
			refused, err := s.invoiced(ctx, tx, []Record{*r})
			if err != nil {
				return nil, err
			}
			if refused[0] != nil {
				return nil, refused[0]
			}
		}
		changes := changesOf(before, *r)
		if len(changes) == 0 {
			return nil, fault.New(fault.Invalid, "nothing-changed", "没有改动任何内容。")
		}
		return changes, nil
	})
}

// describes tells whether a field may be said of a record that an order made.
func describes(field string) bool {
	return slices.Contains([]string{FieldApplicant, FieldPhone, FieldEmail, FieldWays, FieldContent, FieldProject, FieldIncomes, FieldAreas, FieldResearch, FieldReport, FieldNote}, field)
}

// described is the entry of an order's record with what may be said about it.
func (r Record) described(e Entry) Entry {
	out := r.Entry
	out.Applicant, out.Phone, out.Email, out.Ways, out.Content = e.Applicant, e.Phone, e.Email, e.Ways, e.Content
	out.Project, out.Incomes, out.Areas, out.Research, out.Report, out.Note = e.Project, e.Incomes, e.Areas, e.Research, e.Report, e.Note
	return out
}

// Withdraw takes a record back that was wrong; it stays to be seen, and counts no more.
func (s *Service) Withdraw(ctx context.Context, by identity.Subject, recordID, reason string) (Record, error) {
	return s.step(ctx, by, recordID, VerbWithdraw, strings.TrimSpace(reason), func(ctx context.Context, tx *db.Tx, r *Record) ([]Change, error) {
		if r.Source == FromOrder {
			return nil, fault.New(fault.Conflict, "record-of-order", "这条记录来自平台订单 {0}，随订单计入，不能撤回。", r.OrderNumber)
		}
		return nil, s.uninvoiced(ctx, tx, *r)
	})
}

func errChanged() error {
	return fault.New(fault.Precondition, "record-changed", "这条记录刚刚被别人改过，请核对后再试。")
}

// step takes a record one step of the table further for its owner; act says what is changed.
func (s *Service) step(ctx context.Context, by identity.Subject, recordID, verb, reason string, act func(ctx context.Context, tx *db.Tx, r *Record) ([]Change, error)) (Record, error) {
	r, err := getRecord(ctx, s.DB, recordID)
	if err != nil {
		return r, err
	}
	if err := s.Policy.Can(by, "record.keep", object(r.Owner, r.Region)); err != nil {
		return r, err
	}
	if err := checkReason(reason); err != nil {
		return r, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := lockOwner(ctx, tx, r.Owner); err != nil {
			return err
		}
		fresh, err := getRecord(ctx, tx, recordID)
		if err != nil {
			return err
		}
		r = fresh
		if err := underCheck(ctx, tx, r.ID); err != nil {
			return err
		}
		from := r.State
		next, err := Table().Next(from, verb)
		if err != nil {
			return err
		}
		changes, err := act(ctx, tx, &r)
		if err != nil {
			return err
		}
		r.State = next.To
		return s.write(ctx, tx, &r, Step{Side: Owner, Person: by.Person, Org: by.Org, Verb: verb, From: from, To: r.State, Reason: reason}, changes)
	})
	return r, err
}

// write keeps a record as it is now, with the step that led there.
func (s *Service) write(ctx context.Context, tx *db.Tx, r *Record, x Step, changes []Change) error {
	if changes == nil {
		changes = []Change{}
	}
	b, err := json.Marshal(changes)
	if err != nil {
		return fmt.Errorf("write the changes of record %s: %w", r.ID, err)
	}
	r.Revision++
	r.UpdatedAt = db.At(s.Clock.Now())
	if err := updateRecord(ctx, tx, *r); err != nil {
		return err
	}
	x.ID, x.Record, x.Position, x.At, x.Changes = id.New(), r.ID, r.Revision, r.UpdatedAt, string(b)
	if err := insertStep(ctx, tx, x); err != nil {
		return err
	}
	return s.told(ctx, tx, *r, x.Verb, x.From)
}
