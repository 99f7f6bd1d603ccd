package settle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
)

// turn is a side of a statement while its officer acts on it.
type turn struct {
	Statement
	side   Side
	items  []Item
	breaks []Break // this side's that stand
}

// onTurn lets an officer do something for its own side of a closed statement, in one transaction.
func (s *Service) onTurn(ctx context.Context, by identity.Subject, statement, verb string, do func(context.Context, *db.Tx, *turn) error) (Statement, error) {
	var x turn
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		x = turn{}
		var err error
		if x.Statement, err = s.mine(ctx, tx, by, "settle."+verb, statement); err != nil {
			return err
		}
		sides, err := sidesOf(ctx, tx, x.ID)
		if err != nil {
			return err
		}
		x.side = sides[x.ID][x.regionFor(by.Org)]
		if x.State == Open {
			return fault.New(fault.Conflict, "statement-open", "对账单结账后才能核对。")
		}
		move, err := Sides.Next(x.side.State, verb)
		if err != nil {
			return err
		}
		if x.items, err = listItems(ctx, tx, x.ID); err != nil {
			return err
		}
		breaks, err := breaksOf(ctx, tx, x.ID)
		if err != nil {
			return err
		}
		for _, b := range breaks {
			if b.Region == x.side.Region && b.State != BreakWithdrawn {
				x.breaks = append(x.breaks, b)
			}
		}
		x.side.At = db.At(s.Clock.Now())
		x.side.State = move.To
		return do(ctx, tx, &x)
	})
	return x.Statement, err
}

// agreed are the items that a side has nothing against.
func agreed(items []Item, breaks []Break) []Item {
	against := map[string]bool{}
	for _, b := range breaks {
		if b.State != BreakWithdrawn {
			against[b.Key()] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return against[i.Key()] })
}

// Compare takes a side's own list, a table in CSV or XLSX, and raises a break for everything that differs from the statement;
// breaks that an earlier list raised give way. Nothing is written when a row cannot be read.
func (s *Service) Compare(ctx context.Context, by identity.Subject, statement, name string, from io.Reader) (Statement, error) {
	data, err := io.ReadAll(io.LimitReader(from, maxList+1))
	if err != nil {
		return Statement{}, fmt.Errorf("read the list %s: %w", name, err)
	}
	lines, err := ReadList(name, bytes.NewReader(data))
	if err != nil {
		return Statement{}, err
	}
	sum := sha256.Sum256(data)
	return s.onTurn(ctx, by, statement, "compare", func(ctx context.Context, tx *db.Tx, x *turn) error {
		others, err := s.otherLines(ctx, tx, x.Statement)
		if err != nil {
			return err
		}
		if err := s.giveWay(ctx, tx, by, x); err != nil {
			return err
		}
		n := 0
		mine := linesOf(x.items)
		_, found := Match(x.Window(), mine, lines)
		for _, d := range Elsewhere(found, lines, others) {
			b := Break{Kind: d.Kind, FromList: true}
			if d.Mine >= 0 {
				b.about(x.items[d.Mine])
			}
			if d.Yours >= 0 {
				b.listed(lines[d.Yours])
			}
			if slices.ContainsFunc(x.breaks, func(o Break) bool { return b.Key() != "" && o.Key() == b.Key() }) {
				continue // a person has marked it already
			}
			if err := s.raise(ctx, tx, by, *x, b); err != nil {
				return err
			}
			n++
		}
		x.side.File, x.side.FileName = hex.EncodeToString(sum[:]), name
		if err := updateSide(ctx, tx, x.side); err != nil {
			return err
		}
		return s.moved(ctx, tx, by, x.Statement, "compare", x.State, fmt.Sprintf("%s: %d, %d", name, len(lines), n))
	})
}

// giveWay takes back the breaks that the side's earlier list raised.
func (s *Service) giveWay(ctx context.Context, tx *db.Tx, by identity.Subject, x *turn) error {
	var left []Break
	for _, b := range x.breaks {
		if !b.FromList || b.State != BreakOpen {
			left = append(left, b)
			continue
		}
		b.State, b.Decider, b.EndedOn = BreakWithdrawn, by.Person, s.today()
		if err := updateBreak(ctx, tx, b); err != nil {
			return err
		}
	}
	x.breaks = left
	return nil
}

// linesOf are items as they are compared.
func linesOf(items []Item) []Line {
	out := make([]Line, len(items))
	for n, i := range items {
		out[n] = Line{Number: i.Number, What: i.What, Day: i.Day, Amount: i.Amount}
	}
	return out
}

// otherLines is what the ledger has between the two regions in other windows.
func (s *Service) otherLines(ctx context.Context, q db.Q, x Statement) ([]Line, error) {
	list, err := ofCouple(ctx, q, couple{x.Low, x.High})
	if err != nil {
		return nil, err
	}
	var out []Line
	for _, y := range list {
		if y.ID == x.ID {
			continue
		}
		items, err := s.Items(ctx, q, y)
		if err != nil {
			return nil, err
		}
		out = append(out, linesOf(items)...)
	}
	return out, nil
}

// Dispute marks one item as disputed, with a reason.
func (s *Service) Dispute(ctx context.Context, by identity.Subject, statement, item, reason string) (Statement, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return Statement{}, reasonNeeded("reason")
	}
	return s.onTurn(ctx, by, statement, "dispute", func(ctx context.Context, tx *db.Tx, x *turn) error {
		at := slices.IndexFunc(x.items, func(i Item) bool { return i.Key() == item })
		if at < 0 {
			return fault.New(fault.Invalid, "item-unknown", "请选择一项。").Field("item", "item-unknown", "请选择一项。")
		}
		if slices.ContainsFunc(x.breaks, func(b Break) bool { return b.Key() == item }) {
			return fault.New(fault.Conflict, "disputed-already", "贵方已对这一项提出过差异。")
		}
		b := Break{Kind: Disputed, Reason: reason}
		b.about(x.items[at])
		if err := s.raise(ctx, tx, by, *x, b); err != nil {
			return err
		}
		return s.moved(ctx, tx, by, x.Statement, "dispute", x.State, x.items[at].Number+" "+reason)
	})
}

// CheckRequest is what a side's own books come to, without the items it has something against.
type CheckRequest struct {
	Count  int
	Total  money.Fen
	Digest string // SHA-256 of its own canonical list; may be empty
}

// Check states, for one side, that the rest of the statement is as in its own books. Another person of it then confirms.
func (s *Service) Check(ctx context.Context, by identity.Subject, statement string, r CheckRequest) (Statement, error) {
	return s.onTurn(ctx, by, statement, "check", func(ctx context.Context, tx *db.Tx, x *turn) error {
		seal := SealOf(x.Low, x.High, x.Window(), agreed(x.items, x.breaks))
		if r.Count != seal.Count || r.Total != seal.Total {
			const text = "贵方账上 {0} 笔、{1}，与对账单除去差异后的 {2} 笔、{3} 不一致。请上传贵方清单比对，或标出有异议的项。"
			return fault.New(fault.Invalid, "totals-differ", text, r.Count, r.Total, seal.Count, seal.Total).Field("total", "totals-differ", text, r.Count, r.Total, seal.Count, seal.Total)
		}
		if d := strings.ToLower(strings.TrimSpace(r.Digest)); d != "" && d != seal.Digest {
			const text = "贵方清单的 SHA-256 与对账单的不一致，清单里有内容不同。请按说明重新计算，或上传清单比对。"
			return fault.New(fault.Invalid, "digest-differs", text).Field("digest", "digest-differs", text)
		}
		x.side.Count, x.side.Total, x.side.Digest, x.side.Checker = seal.Count, seal.Total, seal.Digest, by.Person
		if err := updateSide(ctx, tx, x.side); err != nil {
			return err
		}
		return s.moved(ctx, tx, by, x.Statement, "check", x.State, "")
	})
}

// Confirm is a second person's word for its side; with both sides the statement is agreed.
func (s *Service) Confirm(ctx context.Context, by identity.Subject, statement string) (Statement, error) {
	return s.onTurn(ctx, by, statement, "confirm", func(ctx context.Context, tx *db.Tx, x *turn) error {
		if x.side.Checker == by.Person {
			return fault.New(fault.Forbidden, "second-person-needed", "这份对账单由您核对，确认须由贵单位另一位工作人员办理。")
		}
		x.side.Confirmer = by.Person
		if err := updateSide(ctx, tx, x.side); err != nil {
			return err
		}
		if err := s.moved(ctx, tx, by, x.Statement, "confirm", x.State, ""); err != nil {
			return err
		}
		sides, err := sidesOf(ctx, tx, x.ID)
		if err != nil || sides[x.ID][x.Low].State != Confirmed || sides[x.ID][x.High].State != Confirmed {
			return err
		}
		x.State, x.AgreedOn = Agreed, s.today()
		if err := updateStatement(ctx, tx, x.Statement); err != nil {
			return err
		}
		return s.moved(ctx, tx, identity.Subject{}, x.Statement, "agree", Closed, "")
	})
}

// SendBack lets a side check anew what it has checked.
func (s *Service) SendBack(ctx context.Context, by identity.Subject, statement, note string) (Statement, error) {
	if strings.TrimSpace(note) == "" {
		return Statement{}, reasonNeeded("note")
	}
	return s.onTurn(ctx, by, statement, "send-back", func(ctx context.Context, tx *db.Tx, x *turn) error {
		x.side.Checker, x.side.Count, x.side.Total, x.side.Digest = "", 0, 0, ""
		if err := updateSide(ctx, tx, x.side); err != nil {
			return err
		}
		return s.moved(ctx, tx, by, x.Statement, "send-back", x.State, note)
	})
}

func reasonNeeded(field string) error {
	return fault.New(fault.Invalid, "reason-needed", "请写明理由。").Field(field, "required", "请写明理由。")
}

// raise writes a break of a side.
func (s *Service) raise(ctx context.Context, tx *db.Tx, by identity.Subject, x turn, b Break) error {
	due, err := s.dueOn()
	if err != nil {
		return err
	}
	b.ID, b.Statement, b.Region, b.State, b.DueOn = id.New(), x.ID, x.side.Region, BreakOpen, due
	b.Owner, b.Raiser, b.CreatedAt = x.ownerOf(b, x.items), by.Person, x.side.At
	if err := insertBreak(ctx, tx, b); err != nil {
		return err
	}
	return s.breakMoved(ctx, tx, by, x.Statement, b, "raise", "", x.orgOf(b.Owner))
}
