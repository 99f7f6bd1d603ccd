package record

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// Answer is what an owner said and showed about a record that was drawn.
type Answer struct {
	ID      string  `db:"id"`
	Checked string  `db:"checked"`
	At      db.Time `db:"at"`
	Person  string  `db:"person"`
	Text    string  `db:"text"`
	File    string  `db:"file"`
	SHA256  string  `db:"sha256"`
	Size    int64   `db:"size"`
}

// Proof is a file that comes with an answer.
type Proof struct {
	Name string
	Body io.Reader
}

// maxProof is the size of a file that comes with an answer.
const maxProof = 20 << 20

// checked is a record that was drawn, for who may do action to it.
func (s *Service) checked(ctx context.Context, by identity.Subject, action, checkedID string) (Checked, error) {
	x, err := getChecked(ctx, s.DB, checkedID)
	if err != nil {
		return x, err
	}
	return x, s.Policy.Can(by, action, object(x.Owner, x.Region))
}

// Answer keeps what the owner says and shows; it may say more until the record is decided.
func (s *Service) Answer(ctx context.Context, by identity.Subject, checkedID, text string, proof *Proof) (Checked, error) {
	x, err := s.checked(ctx, by, "record.keep", checkedID)
	if err != nil {
		return x, err
	}
	a := Answer{ID: id.New(), Checked: x.ID, At: db.At(s.Clock.Now()), Person: by.Person, Text: strings.TrimSpace(text)}
	if n := utf8.RuneCountInString(a.Text); n > maxText {
		return x, fault.New(fault.Invalid, "answer-invalid", "说明太长。").Field("text", "too-long", "有 {0} 个字，最多 {1} 个字。", n, maxText)
	}
	if a.Text == "" && proof == nil {
		return x, fault.New(fault.Invalid, "answer-invalid", "请写说明或附上凭证。").Field("text", "required", "请写说明或附上凭证。")
	}
	if proof != nil {
		if err := s.keepProof(ctx, *proof, &a); err != nil {
			return x, err
		}
	}
	err = s.stepChecked(ctx, &x, VerbAnswer, func(ctx context.Context, tx *db.Tx, c Check) error {
		if err := insertAnswer(ctx, tx, a); err != nil {
			return err
		}
		now := s.Clock.Now()
		if err := audit.Record(ctx, tx, now, audit.Entry{Action: "record.keep", Kind: "checked-record", ID: x.ID, From: Asked, To: x.State, Data: []any{a.Text, a.SHA256}}); err != nil {
			return err
		}
		return outbox.Publish(ctx, tx, now, Replied{Checked: x.ID, Number: c.Number(), Owner: x.Owner, Authority: c.Org})
	})
	return x, err
}

// keepProof stores the file of an answer, if it is what its name says.
func (s *Service) keepProof(ctx context.Context, p Proof, a *Answer) error {
	body := bufio.NewReaderSize(p.Body, blob.Sniffed)
	head, err := body.Peek(blob.Sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the file: %w", err)
	}
	if !blob.Genuine(p.Name, head) {
		return fault.New(fault.Invalid, "not-genuine", "文件内容与名称不符。").Field("file", "not-genuine", "“{0}”的内容与扩展名不符，或是空文件：请打开检查，另存为正确的格式后再上传。", p.Name)
	}
	ref, err := s.Files.Put(ctx, body, maxProof)
	if err != nil {
		return fmt.Errorf("keep the file: %w", err)
	}
	a.File, a.SHA256, a.Size = p.Name, ref.SHA256, ref.Size
	if a.File == "" || utf8.RuneCountInString(a.File) > maxNames || strings.ContainsFunc(a.File, unicode.IsControl) {
		a.File = "proof-" + ref.SHA256[:8]
	}
	return nil
}

// Decide says what becomes of a record that was drawn: it passes, or it is struck and counts no more. Nobody decides about
// its own, and nothing is struck before its owner has answered or the last day to answer has passed.
func (s *Service) Decide(ctx context.Context, by identity.Subject, checkedID, verb, reason string) (Checked, error) {
	x, err := s.checked(ctx, by, "record.decide", checkedID)
	if err != nil {
		return x, err
	}
	if verb != VerbPass && verb != VerbStrike {
		return x, fault.New(fault.BadRequest, "verb-unknown", "不认识的结论。")
	}
	if x.Owner == by.Org {
		return x, fault.New(fault.Forbidden, "own-record", "不能核定本单位的记录，请由别的主管部门核定。")
	}
	reason = strings.TrimSpace(reason)
	if verb == VerbStrike || reason != "" {
		if err := checkReason(reason); err != nil {
			return x, err
		}
	}
	err = s.stepChecked(ctx, &x, verb, func(ctx context.Context, tx *db.Tx, c Check) error {
		if verb == VerbStrike && c.Due >= s.today() {
			answered, err := listAnswers(ctx, tx, x.ID)
			if err != nil {
				return err
			}
			if len(answered) == 0 {
				return fault.New(fault.Conflict, "answer-due", "单位还没有答复，期限是 {0}；期满后才能剔除。", c.Due)
			}
		}
		r, err := getRecord(ctx, tx, x.Record)
		if err != nil {
			return err
		}
		if verb == VerbStrike {
			from := r.State
			next, err := Table().Next(from, VerbStrike)
			if err != nil {
				return err
			}
			r.State = next.To
			if err := s.uninvoiced(ctx, tx, r); err != nil {
				return err
			}
			if err := s.write(ctx, tx, &r, Step{Side: Authority, Person: by.Person, Org: by.Org, Verb: VerbStrike, From: from, To: r.State, Reason: reason}, nil); err != nil {
				return err
			}
		}
		x.Revision, x.Reason, x.Person, x.DecidedAt = r.Revision, reason, by.Person, db.NullAt(s.Clock.Now())
		return s.decided(ctx, tx, c, x)
	})
	return x, err
}

// stepChecked takes a record that was drawn one step further, while nobody else changes the records of its owner.
func (s *Service) stepChecked(ctx context.Context, x *Checked, verb string, act func(ctx context.Context, tx *db.Tx, c Check) error) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := lockOwner(ctx, tx, x.Owner); err != nil {
			return err
		}
		fresh, err := getChecked(ctx, tx, x.ID)
		if err != nil {
			return err
		}
		*x = fresh
		next, err := CheckedTable().Next(x.State, verb)
		if err != nil {
			return err
		}
		x.State = next.To
		c, err := getCheck(ctx, tx, x.Check)
		if err != nil {
			return err
		}
		if err := act(ctx, tx, c); err != nil {
			return err
		}
		return updateChecked(ctx, tx, *x)
	})
}

// decided counts the decision, and closes the check with the last one.
func (s *Service) decided(ctx context.Context, tx *db.Tx, c Check, x Checked) error {
	now := s.Clock.Now()
	if err := countDecided(ctx, tx, c.ID, db.NullAt(now)); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, now, audit.Entry{Action: "record.decide", Kind: "checked-record", ID: x.ID, To: x.State, Data: []any{x.Record, x.Revision, x.Reason}}); err != nil {
		return err
	}
	return outbox.Publish(ctx, tx, now, Judged{Checked: x.ID, Record: x.Record, Owner: x.Owner, Region: x.Region, State: x.State})
}

// underCheck refuses to change a record while it is looked at.
func underCheck(ctx context.Context, tx *db.Tx, recordID string) error {
	list, err := listCheckedOf(ctx, tx, recordID)
	if err != nil {
		return err
	}
	for _, x := range list {
		if x.open() {
			return fault.New(fault.Conflict, "record-checked", "这条记录正在抽查中，请在抽查里说明；有了结论再更正。")
		}
	}
	return nil
}
