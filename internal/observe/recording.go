package observe

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// What a stretch of a recording may be, how many a session keeps, and how long after a session its last may come.
const (
	maxTape     = 64 << 20
	maxTapes    = 500
	maxStretch  = 15 * 60 // seconds
	tapeArrives = 2 * time.Minute
)

// Consent is a side's word on recording a session.
type Consent struct {
	ID      string  `db:"id"`
	Session string  `db:"session"`
	Side    string  `db:"side"`
	Agreed  bool    `db:"agreed"`
	Person  string  `db:"person"`
	Org     string  `db:"org"`
	At      db.Time `db:"at"`
}

// Tape is a stretch of the laboratory's picture and sound, playable by itself.
type Tape struct {
	ID      string  `db:"id"`
	Session string  `db:"session"`
	Person  string  `db:"person"`
	Type    string  `db:"type"`
	SHA256  string  `db:"sha256"`
	Size    int64   `db:"size"`
	Seconds int64   `db:"seconds"`
	At      db.Time `db:"at"` // when it came, at its end
}

// standing is each side's last word, from all in their order; pure.
func standing(words []Consent) map[string]Consent {
	out := map[string]Consent{}
	for _, c := range words {
		out[c.Side] = c
	}
	return out
}

// mayRecord tells whether both sides agree now; pure.
func mayRecord(words []Consent) bool {
	now := standing(words)
	return now[Buyer].Agreed && now[Provider].Agreed
}

// Consent is the word of the subject's side on recording: only while both agree is anything kept. It can be taken back at
// any time until the session is over.
func (s *Service) Consent(ctx context.Context, by identity.Subject, sessionID string, agreed bool) error {
	x, err := s.session(ctx, s.DB, by, sessionID, "observe.record")
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	if st := x.State(now); st == Over || st == Cancelled {
		return x.enter(now)
	}
	c := Consent{ID: id.New(), Session: x.ID, Side: Buyer, Agreed: agreed, Person: by.Person, Org: by.Org, At: db.At(now)}
	if by.Org != x.Buyer {
		c.Side = Provider
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		words, err := listConsents(ctx, tx, x.ID)
		if err != nil || standing(words)[c.Side].Agreed == agreed {
			return err
		}
		if err := insertConsent(ctx, tx, c); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: "observe.record", Kind: "order", ID: x.Order, Data: map[string]any{"session": x.ID, "side": c.Side, "agreed": agreed}})
	})
}

// Keep keeps a stretch of the recording that the laboratory's browser sends: while both sides agree, and not after one of them
// took its word back, so that the stretch in which that happened is not kept. Seconds is how long it is.
func (s *Service) Keep(ctx context.Context, by identity.Subject, sessionID string, seconds int64, body io.Reader) (Tape, error) {
	x, err := s.session(ctx, s.DB, by, sessionID, "observe.publish")
	if err != nil {
		return Tape{}, err
	}
	if err := s.takes(x); err != nil {
		return Tape{}, err
	}
	if seconds < 1 || seconds > maxStretch {
		return Tape{}, fault.New(fault.Invalid, "observe-tape", "录像的长度不对：一段最多 {0} 分钟。", maxStretch/60)
	}
	t := Tape{ID: id.New(), Session: x.ID, Person: by.Person, Seconds: seconds}
	head := bufio.NewReaderSize(body, 64)
	if t.Type, err = videoType(head); err != nil {
		return t, err
	}
	words, err := listConsents(ctx, s.DB, x.ID)
	if err != nil {
		return t, err
	}
	if !mayRecord(words) { // before the file is stored, and again with it
		return t, errNoConsent()
	}
	ref, err := s.Blobs.Put(ctx, head, maxTape)
	if err != nil {
		return t, err
	}
	t.SHA256, t.Size, t.At = ref.SHA256, ref.Size, db.At(s.Clock.Now())
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		words, err := listConsents(ctx, tx, x.ID)
		if err != nil {
			return err
		}
		tapes, err := listTapes(ctx, tx, x.ID)
		switch {
		case err != nil:
			return err
		case !mayRecord(words):
			return errNoConsent()
		case len(tapes) >= maxTapes:
			return fault.New(fault.Conflict, "observe-tapes", "这一场的录像已有 {0} 段，不再保存。", maxTapes)
		}
		if err := insertTape(ctx, tx, t); err != nil {
			return err
		}
		return audit.Record(ctx, tx, t.At.Time, audit.Entry{Action: "observe.tape", Kind: "order", ID: x.Order, Data: map[string]any{"session": x.ID, "tape": t.ID, "sha256": t.SHA256, "seconds": t.Seconds}})
	})
	return t, err
}

// takes is a fault where no recording of a session can come any more; the last stretch comes a moment after its end.
func (s *Service) takes(x Session) error {
	now, end := s.Clock.Now(), x.Closes.Time
	if !x.Ended.IsZero() && x.Ended.Before(end) {
		end = x.Ended.Time
	}
	if x.Cancelled.IsZero() && !now.Before(x.Opens.Time) && now.Before(end.Add(tapeArrives)) {
		return nil
	}
	return x.enter(now)
}

func errNoConsent() error {
	return fault.New(fault.Conflict, "observe-no-consent", "没有双方的同意，不能录像。")
}

// videoType tells WebM and MP4 by how they begin.
func videoType(r *bufio.Reader) (string, error) {
	head, err := r.Peek(12)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return "", fmt.Errorf("read the recording: %w", err)
	case bytes.HasPrefix(head, []byte("\x1a\x45\xdf\xa3")):
		return "video/webm", nil
	case len(head) == 12 && string(head[4:8]) == "ftyp":
		return "video/mp4", nil
	}
	return "", fault.New(fault.Invalid, "observe-tape", "这不是浏览器录下的画面（WebM 或 MP4）。")
}

// Tape gives a stretch of a recording to the people of both sides. The caller closes it.
func (s *Service) Tape(ctx context.Context, by identity.Subject, sessionID, tape string) (Tape, io.ReadSeekCloser, error) {
	x, err := s.session(ctx, s.DB, by, sessionID, "observe.tape")
	if err != nil {
		return Tape{}, nil, err
	}
	t, err := db.One[Tape](ctx, s.DB, `SELECT `+tapeColumns+` FROM observe_tape WHERE session = $1 AND id = $2`, x.ID, tape)
	if errors.Is(err, db.ErrNone) {
		return t, nil, fault.New(fault.NotFound, "no-tape", "没有找到这段录像。")
	}
	if err != nil {
		return t, nil, fmt.Errorf("read a recording: %w", err)
	}
	body, err := s.Blobs.Open(ctx, t.SHA256)
	return t, body, err
}

const consentColumns = `id, session, side, agreed, person, org, at`

func insertConsent(ctx context.Context, tx *db.Tx, c Consent) error {
	if _, err := tx.Exec(ctx, `INSERT INTO observe_consent (`+consentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`, c.ID, c.Session, c.Side, c.Agreed, c.Person, c.Org, c.At); err != nil {
		return fmt.Errorf("write a word on recording: %w", err)
	}
	return nil
}

func listConsents(ctx context.Context, q db.Q, session string) ([]Consent, error) {
	out, err := db.All[Consent](ctx, q, `SELECT `+consentColumns+` FROM observe_consent WHERE session = $1 ORDER BY at, id`, session)
	if err != nil {
		return nil, fmt.Errorf("list the words on recording: %w", err)
	}
	return out, nil
}

const tapeColumns = `id, session, person, type, sha256, size, seconds, at`

func insertTape(ctx context.Context, tx *db.Tx, t Tape) error {
	if _, err := tx.Exec(ctx, `INSERT INTO observe_tape (`+tapeColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, t.ID, t.Session, t.Person, t.Type, t.SHA256, t.Size, t.Seconds, t.At); err != nil {
		return fmt.Errorf("write a recording: %w", err)
	}
	return nil
}

func listTapes(ctx context.Context, q db.Q, session string) ([]Tape, error) {
	out, err := db.All[Tape](ctx, q, `SELECT `+tapeColumns+` FROM observe_tape WHERE session = $1 ORDER BY at, id`, session)
	if err != nil {
		return nil, fmt.Errorf("list the recordings: %w", err)
	}
	return out, nil
}
