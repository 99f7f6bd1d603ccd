package importing

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// The states of an undoing.
const (
	UndoRunning = "running" // records go back; where it was cut off, a worker goes on with it
	UndoDone    = "done"
)

// Undo is an import taken back.
type Undo struct {
	Import    string
	State     string
	Withdrawn int64 // records that the import had made
	Restored  int64 // records that it had changed
	Kept      int64 // records left as they are, see Left
	Left      []Left
	At        db.Time
	EndedAt   db.Time

	reached string
	subject actor
}

// Left is a record that stays as it is, and why.
type Left struct {
	Resource string
	Name     string
	Code     string // changed-since, ordered, or why a revision cannot be taken back
	Text     string // Chinese sentence with {0} places
	Args     []any
}

// Forecast is what an undoing would do.
type Forecast struct {
	Withdrawn, Restored, Kept int64
	Left                      []Left
	Looked                    int64 // so many records were looked at …
	Touched                   int64 // … of so many
}

const (
	undoBatch  = 200   // records in one transaction
	foreseen   = 2_000 // records that a preview looks at
	shownLeft  = 200   // records left that a page or an answer shows
	undoInline = 1_000 // up to so many records go back while one waits
)

//go:embed rules.json
var rulesFile []byte

// undoTerm is for how many days after its end an import can be taken back.
type undoTerm struct {
	From string `json:"from"` // first civil day; empty: always
	Days int    `json:"days"`
}

// undoDays are those in force on a civil day.
func undoDays(day string) (int, error) {
	var rules struct {
		Undo []undoTerm `json:"undo"`
	}
	if err := json.Unmarshal(rulesFile, &rules); err != nil {
		return 0, fmt.Errorf("read the rules of imports: %w", err)
	}
	days, from := 0, ""
	for _, x := range rules.Undo {
		if x.From <= day && x.From >= from {
			days, from = x.Days, x.From
		}
	}
	return days, nil
}

// UndoUntil is the last civil day on which an import can be taken back; empty where it never can.
func (s *Service) UndoUntil(r Report) (string, error) {
	if r.DryRun || r.Status == StatusRunning || r.Accepted+r.Updated == 0 || r.EndedAt.IsZero() {
		return "", nil
	}
	ended := clock.Day(r.EndedAt.Time)
	days, err := undoDays(ended)
	if err != nil {
		return "", err
	}
	return clock.AddDays(ended, days)
}

// undoable says why an import cannot be taken back, or nil.
func (s *Service) undoable(r Report) error {
	until, err := s.UndoUntil(r)
	switch {
	case err != nil:
		return err
	case r.Undo != nil:
		return errUndone()
	case r.Status == StatusRunning:
		return fault.New(fault.Conflict, "import-running", "导入还在进行，请等它结束或先停止。")
	case until == "":
		return fault.New(fault.Conflict, "nothing-to-undo", "这次导入没有改动任何资源，不需要撤销。")
	case until < clock.Day(s.Clock.Now()):
		return fault.New(fault.Conflict, "undo-late", "这次导入只能在 {0} 以前撤销。要改回去，请用“批量修改”或逐条编辑。", until)
	}
	return nil
}

func errUndone() error {
	return fault.New(fault.Conflict, "import-undone", "这次导入已经撤销。")
}

// ForeseeUndo tells what the undoing of an import would do; of a large one, what it would do to its first records.
func (s *Service) ForeseeUndo(ctx context.Context, sub identity.Subject, importID string) (Report, Forecast, error) {
	var out Forecast
	r, err := s.Report(ctx, sub, importID)
	if err != nil {
		return r, out, err
	}
	if err := s.undoable(r); err != nil {
		return r, out, err
	}
	if out.Touched, _, err = s.Catalogue.CountCaused(ctx, s.DB, r.ID); err != nil {
		return r, out, err
	}
	for after := ""; out.Looked < foreseen; {
		list, err := s.Catalogue.ForeseeUndo(ctx, s.DB, r.ID, after, undoBatch, s.busy)
		if err != nil {
			return r, out, err
		}
		var u Undo
		left := u.count(list)
		out.Withdrawn, out.Restored, out.Kept = out.Withdrawn+u.Withdrawn, out.Restored+u.Restored, out.Kept+u.Kept
		out.Left = append(out.Left, left[:min(len(left), shownLeft-len(out.Left))]...)
		out.Looked += int64(len(list))
		if len(list) < undoBatch {
			break
		}
		after = list[len(list)-1].Resource
	}
	return r, out, nil
}

// Undo takes an import back: at once, or behind where it has touched many records.
func (s *Service) Undo(ctx context.Context, sub identity.Subject, importID string) (Report, error) {
	r, err := s.Report(ctx, sub, importID)
	if err != nil {
		return r, err
	}
	if err := s.undoable(r); err != nil {
		return r, err
	}
	touched, _, err := s.Catalogue.CountCaused(ctx, s.DB, r.ID)
	if err != nil {
		return r, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		u := Undo{Import: r.ID, State: UndoRunning, At: db.At(s.Clock.Now()), subject: actor{sub.Person, sub.Org}}
		lease := db.Time{}
		if touched <= undoInline {
			lease = s.lease()
		}
		if err := insertUndo(ctx, tx, u, lease); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "import.undo", Kind: "import", ID: r.ID, To: UndoRunning, Data: touched})
	})
	if db.IsUnique(err) {
		return r, errUndone()
	}
	if err != nil {
		return r, err
	}
	if touched > undoInline {
		s.call()
	} else if err := s.takeBack(ctx, r.ID); err != nil {
		return r, err
	}
	return s.Report(ctx, sub, importID)
}

// undoOf reads the undoing of an import with some of what it left; nil where it was not taken back.
func (s *Service) undoOf(ctx context.Context, importID string) (*Undo, error) {
	u, err := getUndo(ctx, s.DB, importID)
	if isNone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the undoing of import %s: %w", importID, err)
	}
	u.Left, err = listLeft(ctx, s.DB, importID, shownLeft)
	return &u, err
}

// goOnUndoing works on every undoing that nobody works on.
func (s *Service) goOnUndoing(ctx context.Context) error {
	ids, err := abandonedUndos(ctx, s.DB, db.At(s.Clock.Now()))
	if err != nil {
		return err
	}
	for _, x := range ids {
		mine := false
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			mine, err = claimUndo(ctx, tx, x, db.At(s.Clock.Now()), s.lease())
			return err
		})
		if err == nil && mine {
			err = s.takeBack(ctx, x)
		}
		if err != nil {
			return fmt.Errorf("take back import %s: %w", x, err)
		}
	}
	return nil
}

// takeBack moves an undoing to its end, some hundred records in one transaction.
func (s *Service) takeBack(ctx context.Context, importID string) error {
	for {
		over := false
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			u, err := getUndo(ctx, tx, importID)
			if err != nil {
				return fmt.Errorf("read the undoing of import %s: %w", importID, err)
			}
			if over = u.State == UndoDone; over {
				return nil
			}
			ctx = audit.WithActor(ctx, audit.Actor{Person: u.subject.Person, Org: u.subject.Org, Cause: "import-undo"})
			sub := identity.Subject{Person: u.subject.Person, Org: u.subject.Org}
			list, err := s.Catalogue.UndoCause(ctx, sub, tx, importID, u.reached, undoBatch, s.busy)
			if err != nil {
				return err
			}
			left := u.count(list)
			if over = len(list) < undoBatch; over {
				u.State, u.EndedAt = UndoDone, db.At(s.Clock.Now())
				err = audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "import.undo", Kind: "import", ID: importID, From: UndoRunning, To: UndoDone, Data: []any{u.Withdrawn, u.Restored, u.Kept}})
			}
			if err != nil {
				return err
			}
			if len(list) > 0 {
				u.reached = list[len(list)-1].Resource
			}
			if err := insertLeft(ctx, tx, importID, left); err != nil {
				return err
			}
			return advanceUndo(ctx, tx, u, s.lease())
		})
		if err != nil || over {
			return err
		}
	}
}

// count adds what became of some records; those left come back.
func (u *Undo) count(list []catalogue.Undone) []Left {
	var out []Left
	for _, x := range list {
		switch x.Did {
		case catalogue.Removed:
			u.Withdrawn++
		case catalogue.Restored:
			u.Restored++
		default:
			u.Kept++
			out = append(out, Left{x.Resource, x.Name, x.Why.Code, x.Why.Text, x.Why.Args})
		}
	}
	return out
}

// busy keeps records that somebody has ordered.
func (s *Service) busy(ctx context.Context, q db.Q, resources []string) (map[string]*fault.Error, error) {
	if s.Orders == nil {
		return nil, nil
	}
	n, err := s.Orders.CountOf(ctx, q, resources)
	if err != nil {
		return nil, fmt.Errorf("count the orders of imported resources: %w", err)
	}
	out := map[string]*fault.Error{}
	for id, count := range n {
		if count > 0 {
			out[id] = fault.New(fault.Conflict, "ordered", "已有 {0} 笔订单，没有撤下。", count)
		}
	}
	return out, nil
}
