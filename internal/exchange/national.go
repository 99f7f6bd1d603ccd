package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"qiao/internal/catalogue/format"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// The states of one record of a sending by HTTP.
const (
	RecordWaiting  = "waiting"
	RecordReceived = "received" // it stands there, locked; the verdict comes later and is entered by hand
	RecordAccepted = "accepted"
	RecordRefused  = "refused"
	RecordGivenUp  = "given_up" // no answer ever came: it is back in the queue
)

// The states of a sending.
const (
	PushWaiting = "waiting"
	PushSent    = "sent"
	PushFailed  = "failed"
)

// PushRecord is one record of a sending by HTTP.
type PushRecord struct {
	Push     string `db:"push"`
	Position int64  `db:"position"`
	Resource string `db:"resource"`
	InnerID  string `db:"inner_id"`
	Sort     int64  `db:"sort"`
	State    string `db:"state"`
	Reason   string `db:"reason"`
	Fields   string `db:"fields"`
	Body     string `db:"body"`
}

// How a sending is tried again: after a minute, then four times as long each time, six hours at most.
const (
	pushTries  = 8
	pushPause  = time.Minute
	pushLonger = 6 * time.Hour
	pushLease  = 15 * time.Minute // a sending whose process has ended is taken up again after that
)

// pauseAfter is how long to wait after the n-th failed attempt.
func pauseAfter(n int64) time.Duration {
	wait := pushPause
	for range min(n, pushTries) - 1 {
		wait *= 4
	}
	return min(wait, pushLonger)
}

// Posts tells whether records can be sent by HTTP.
func (s *Service) Posts() bool { return s.National.Address != "" }

// Post locks the queued instruments and gives them to the courier, who sends them to the national platform. What is sent is what
// stands now, also at a later attempt: the platform ignores a second sending of what it has.
func (s *Service) Post(ctx context.Context, sub identity.Subject, code string) (Push, error) {
	if err := s.Policy.Can(sub, "report.push", ownObject(sub)); err != nil {
		return Push{}, err
	}
	if !s.Posts() {
		return Push{}, fault.New(fault.Unavailable, "no-national", "本平台没有设置国家平台的接口，请用文件报送。")
	}
	code = strings.TrimSpace(code)
	if n := len([]rune(code)); n == 0 || n > 50 {
		return Push{}, fault.New(fault.Invalid, "code-invalid", "有些内容需要修改，请按提示更正后再提交。").Field("code", "required", "请填写国家平台给出的单位代码，最多 50 个字。")
	}
	p := Push{ID: id.New(), Owner: sub.Org, Person: sub.Person, Way: "post", Code: code, State: PushWaiting, At: db.At(s.Clock.Now()), Due: db.NullAt(s.Clock.Now())}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, err := s.lock(ctx, tx, sub, p)
		if err != nil {
			return err
		}
		rows := make([]PushRecord, len(list))
		for i, st := range list {
			body, err := json.Marshal(nationalRecord(st))
			if err != nil {
				return fmt.Errorf("write the national platform's record: %w", err)
			}
			inner, _ := format.NRIIRecord(st.Record, false)["innerId"].(string)
			rows[i] = PushRecord{Push: p.ID, Position: int64(i), Resource: st.ID, InnerID: inner, Sort: int64(format.NRIIKind(st.Record)), State: RecordWaiting, Body: string(body)}
		}
		p.Records = int64(len(rows))
		if err := errors.Join(insertPush(ctx, tx, p), insertPushRecords(ctx, tx, rows)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "report.send", Kind: "push", ID: p.ID, Data: p.Records})
	})
	return p, err
}

// nationalRecord is a record as the national platform takes it from its owner.
func nationalRecord(st Standing) map[string]any {
	r := format.NRIIRecord(st.Record, true)
	r["auditStatus"], r["instruType"] = format.NRIILocked, format.NRIIKind(st.Record)
	return r
}

// lock moves the queued instruments of the acting organisation to locked, with the push they go in.
func (s *Service) lock(ctx context.Context, tx *db.Tx, sub identity.Subject, p Push) ([]Standing, error) {
	list, err := s.standings(ctx, tx, sub.Org)
	if err != nil {
		return nil, err
	}
	var out []Standing
	for _, st := range list {
		if st.State != ReportQueued {
			continue
		}
		err := putReport(ctx, tx, Report{Resource: st.ID, Owner: sub.Org, State: ReportLocked, Revision: st.Record.Revision, Push: p.ID, ChangedAt: p.At})
		if err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "nothing-queued", "队列里没有仪器。请先把要报送的仪器放入队列。")
	}
	return out, nil
}

// Again makes a waiting sending due now.
func (s *Service) Again(ctx context.Context, sub identity.Subject, push string) error {
	if err := s.Policy.Can(sub, "report.push", ownObject(sub)); err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := getPush(ctx, tx, push)
		if errors.Is(err, db.ErrNone) || err == nil && p.Owner != sub.Org {
			return fault.New(fault.NotFound, "push-not-found", "没有找到这次报送。")
		}
		if err != nil {
			return err
		}
		if p.State != PushWaiting {
			return fault.New(fault.Conflict, "push-ended", "这次报送已经结束。没有送到的仪器回到了队列，请从队列再报送。")
		}
		if err := duePush(ctx, tx, p.ID, db.NullAt(s.Clock.Now())); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "report.again", Kind: "push", ID: p.ID})
	})
}

// PostCourier is PostDue beside the caller: a platform that answers slowly holds up nobody.
func (s *Service) PostCourier(ctx context.Context) error {
	if !s.Posts() {
		return nil
	}
	if _, busy := s.running.LoadOrStore("national", struct{}{}); busy {
		return nil
	}
	go func() {
		defer s.running.Delete("national")
		_ = s.PostDue(ctx) // what went wrong stands in the sending; a database that is gone is told by the next job
	}()
	return nil
}

// PostDue sends what is due to the national platform, one push after another.
func (s *Service) PostDue(ctx context.Context) error {
	if !s.Posts() {
		return nil
	}
	due, err := duePushes(ctx, s.DB, db.At(s.Clock.Now()))
	if err != nil {
		return err
	}
	for _, p := range due {
		mine := false
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			var err error
			mine, err = claimPush(ctx, tx, p, db.NullAt(s.Clock.Now().Add(pushLease)))
			return err
		})
		if err != nil {
			return err
		}
		if !mine { // another process is at it
			continue
		}
		p.Attempts++
		if err := s.attempt(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// attempt sends what of a push is not answered yet, batch by batch; each answer is kept before the next batch goes out.
func (s *Service) attempt(ctx context.Context, p Push) error {
	rows, err := waitingRecords(ctx, s.DB, p.ID)
	if err != nil {
		return err
	}
	var failed *errNational
	left := 0
	for len(rows) > 0 && failed == nil {
		n := 1
		for n < len(rows) && n < nationalBatch && rows[n].Sort == rows[0].Sort {
			n++
		}
		bodies := make([]string, n)
		for i, r := range rows[:n] {
			bodies[i] = r.Body
		}
		verdicts, err := s.postNational(ctx, p.Code, rows[0].Sort, bodies)
		if ctx.Err() != nil {
			return ctx.Err() // the program ends: the lease runs out, and the push is taken up again
		}
		if err != nil && !errors.As(err, &failed) {
			return err
		}
		missed, err := s.keepVerdicts(ctx, p, rows[:n], verdicts)
		if err != nil {
			return err
		}
		left += missed
		rows = rows[n:]
	}
	return s.settle(ctx, p, left+len(rows), failed)
}

// keepVerdicts writes what the platform said of each record of a batch, and tells of how many it said nothing.
func (s *Service) keepVerdicts(ctx context.Context, p Push, rows []PushRecord, verdicts map[string]verdict) (missed int, err error) {
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		missed = 0
		reports, err := reportsOf(ctx, tx, p.Owner)
		if err != nil {
			return err
		}
		for _, r := range rows {
			v, ok := verdicts[r.InnerID]
			if !ok {
				missed++
				continue
			}
			if err := s.keepVerdict(ctx, tx, p, r, v, reports[r.Resource]); err != nil {
				return err
			}
		}
		return nil
	})
	return missed, err
}

func (s *Service) keepVerdict(ctx context.Context, tx *db.Tx, p Push, r PushRecord, v verdict, report Report) error {
	fields, err := json.Marshal(v.fields)
	if err != nil {
		return fmt.Errorf("keep the platform's answer: %w", err)
	}
	r.State, r.Reason, r.Fields, r.Body = v.state, v.reason, string(fields), ""
	if err := answerPushRecord(ctx, tx, r); err != nil {
		return err
	}
	verb := map[string]string{RecordAccepted: "accept", RecordRefused: "reject"}[v.state]
	if verb == "" || report.Push != p.ID {
		return nil // it stands there, or its owner has entered the answer already
	}
	step, err := ReportTable.Next(report.State, verb)
	if err != nil {
		return nil //nolint:nilerr // its owner was faster
	}
	from := report.State
	report.State, report.Reason, report.ChangedAt = step.To, v.reason, db.At(s.Clock.Now())
	if err := putReport(ctx, tx, report); err != nil {
		return err
	}
	return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "report." + verb, Kind: "resource", ID: r.Resource, From: from, To: report.State})
}

// settle ends a push, plans its next attempt, or gives it up: what was not answered goes back to the queue.
func (s *Service) settle(ctx context.Context, p Push, left int, failed *errNational) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := s.Clock.Now()
		var err error
		if p.Accepted, p.Rejected, err = countAnswers(ctx, tx, p.ID); err != nil {
			return err
		}
		p.Failure, p.Due = "", db.NullTime{}
		switch {
		case left == 0:
			p.State, p.SentAt = PushSent, db.NullAt(now)
		case failed != nil && failed.final, p.Attempts >= pushTries:
			p.State = PushFailed
		default:
			p.Due = db.NullAt(now.Add(pauseAfter(p.Attempts)))
		}
		if left > 0 {
			p.Failure = "partial"
			if failed != nil {
				p.Failure = strings.TrimSpace(failed.code + " " + failed.words)
			}
		}
		if p.State == PushFailed {
			if err := s.release(ctx, tx, p); err != nil {
				return err
			}
		}
		if err := updatePush(ctx, tx, p); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: "report.attempt", Kind: "push", ID: p.ID, To: p.State, Data: left})
	})
}

// release puts the unanswered records of a push that was given up back into the queue.
func (s *Service) release(ctx context.Context, tx *db.Tx, p Push) error {
	rows, err := waitingRecords(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	reports, err := reportsOf(ctx, tx, p.Owner)
	if err != nil {
		return err
	}
	for _, r := range rows {
		r.State, r.Body = RecordGivenUp, ""
		if err := answerPushRecord(ctx, tx, r); err != nil {
			return err
		}
		report := reports[r.Resource]
		step, err := ReportTable.Next(report.State, "release")
		if err != nil || report.Push != p.ID {
			continue
		}
		report.State, report.ChangedAt = step.To, db.At(s.Clock.Now())
		if err := putReport(ctx, tx, report); err != nil {
			return err
		}
	}
	return nil
}
