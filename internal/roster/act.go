package roster

import (
	"context"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/identity/names"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/outbox"
)

// settle writes an entry with whom it means. What a person has decided stands.
func (s *Service) settle(ctx context.Context, tx *db.Tx, l List, e Entry, who Finding) error {
	from := e.State
	if e.Reason != ReasonPerson && e.State != StateRemoved {
		e.Org, e.Reason, e.Confidence = who.Org, who.Reason, who.Confidence
		switch {
		case who.Sure:
			e.State = StateMatched
		case who.Org != "":
			e.State = StateOpen
		default:
			e.State = StateNone
		}
	}
	return s.save(ctx, tx, l, e, from)
}

// save writes an entry with a new revision, its event and its audit entry.
func (s *Service) save(ctx context.Context, tx *db.Tx, l List, e Entry, from string) error {
	now := db.At(s.clock.Now())
	old, err := getEntry(ctx, tx, e.ID)
	if fault.Is(err, "entry-not-found") {
		e.CreatedAt, from, err = now, "", nil
	}
	if err != nil {
		return err
	}
	e.Revision, e.UpdatedAt = old.Revision+1, now
	if err := putEntry(ctx, tx, e); err != nil {
		return err
	}
	var was, is string
	if old.State == StateMatched {
		was = old.Org
	}
	if e.State == StateMatched {
		is = e.Org
	}
	if was != is && was != "" {
		if err := outbox.Publish(ctx, tx, now.Time, Unlisted{was, l.ID, l.NameZH, l.Kind, e.ID, l.Region}); err != nil {
			return err
		}
	}
	if was != is && is != "" {
		if err := outbox.Publish(ctx, tx, now.Time, Listed{is, l.ID, l.NameZH, l.Kind, e.ID, l.Region}); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, now.Time, audit.Entry{Action: "roster.entry", Kind: "roster-entry", ID: e.ID, From: from, To: e.State, Data: e})
}

func (s *Service) remove(ctx context.Context, tx *db.Tx, l List, e Entry, note string) error {
	from := e.State
	e.State, e.Note = StateRemoved, note
	return s.save(ctx, tx, l, e, from)
}

// Decision is a person's word on an entry.
type Decision struct {
	Org  string // whom it means, with match; empty: whom it may mean
	Note string
}

// Decide carries out a person's verb on an entry: match, part, remove.
func (s *Service) Decide(ctx context.Context, by identity.Subject, entry, verb string, d Decision) (Entry, error) {
	var e Entry
	d.Note = strings.TrimSpace(d.Note)
	if verb != "match" && verb != "part" && verb != "remove" {
		return e, fault.New(fault.NotFound, "no-such-verb", "没有“{0}”这个操作。", verb)
	}
	if n := utf8.RuneCountInString(d.Note); verb == "remove" && n < 4 || n > 500 {
		const text = "请写明理由，4 到 500 个字。"
		return e, fault.New(fault.Invalid, "reason-needed", text).Field("note", "length", text)
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if e, err = getEntry(ctx, tx, entry); err != nil {
			return err
		}
		l, err := getList(ctx, tx, e.List)
		if err != nil {
			return err
		}
		if err := s.policy.Can(by, "roster.decide", l.object()); err != nil {
			return err
		}
		step, err := Entries.Next(e.State, verb)
		if err != nil {
			return err
		}
		if verb == "match" {
			if e.Org, err = s.whom(ctx, tx, e, d.Org); err != nil {
				return err
			}
			e.Confidence = 100
		}
		if verb == "part" {
			e.Org, e.Confidence = "", 0
		}
		if verb != "remove" {
			e.Reason = ReasonPerson
		}
		e.State, e.Note = step.To, d.Note
		return s.save(ctx, tx, l, e, step.From)
	})
	return e, err
}

// whom finds the organisation a person names: by its id, its code, or its exact name; nothing named is the suggestion.
func (s *Service) whom(ctx context.Context, q db.Q, e Entry, said string) (string, error) {
	said = strings.TrimSpace(said)
	if said == "" {
		said = e.Org
	}
	if said == "" {
		const text = "请写明是哪个单位：统一社会信用代码、全称或编号。"
		return "", fault.New(fault.Invalid, "organisation-needed", text).Field("org", "required", text)
	}
	if o, err := s.orgs.Organisation(ctx, q, said); err == nil {
		return o.ID, nil
	}
	found, err := s.orgs.Named(ctx, q, []string{identity.NormalUSCC(said)}, names.Spellings(said))
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		const text = "没有找到唯一的单位“{0}”，请改用统一社会信用代码。"
		return "", fault.New(fault.Invalid, "organisation-unclear", text, said).Field("org", "unclear", text, said)
	}
	return found[0].ID, nil
}

// Meet compares the entries that mean nobody yet with an organisation that has just registered or was verified.
func (s *Service) Meet(ctx context.Context, tx *db.Tx, org string) error {
	o, err := s.orgs.Organisation(ctx, tx, org)
	if err != nil {
		return err
	}
	var w db.Where
	w.In("state", []string{StateNone, StateOpen})
	name, former := folded(o.NameZH), "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(o.NameZH)+"%"
	cond, args := `folded = ? OR former LIKE ? ESCAPE '\'`, []any{name, former}
	if o.USCC != "" {
		cond, args = cond+" OR uscc = ?", append(args, o.USCC)
	}
	w.And(cond, args...)
	entries, err := listEntries(ctx, tx, &w, 0)
	if err != nil {
		return err
	}
	return s.again(ctx, tx, entries)
}

// again compares entries anew and writes those whose finding has changed.
func (s *Service) again(ctx context.Context, tx *db.Tx, entries []Entry) error {
	lists := map[string]List{}
	for _, e := range entries {
		l, known := lists[e.List]
		if !known {
			var err error
			if l, err = getList(ctx, tx, e.List); err != nil {
				return err
			}
			lists[e.List] = l
		}
		found, _, err := s.find(ctx, tx, l, []Entry{e})
		if err != nil {
			return err
		}
		who := found[e.ID]
		if who.Org == e.Org && who.Reason == e.Reason && who.Confidence == e.Confidence {
			continue
		}
		if err := s.settle(ctx, tx, l, e, who); err != nil {
			return err
		}
	}
	return nil
}

// Retry compares all entries that mean nobody yet, once a day: organisations come in without registering, too.
func (s *Service) Retry(ctx context.Context) error {
	for after := ""; ; {
		var w db.Where
		w.And("state = ?", StateNone)
		w.And("id > ?", after)
		entries, err := listEntries(ctx, s.db, &w, 500)
		if err != nil || len(entries) == 0 {
			return err
		}
		after = entries[len(entries)-1].ID
		if err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.again(ctx, tx, entries) }); err != nil {
			return err
		}
	}
}
