package exchange

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/catalogue/format"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/state"
)

// The states of an instrument at the national platform. One that is locked stands there with auditStatus 0: what is sent
// later is ignored there until the national side rejects it.
const (
	ReportNone     = ""
	ReportQueued   = "queued"
	ReportLocked   = "locked"
	ReportRejected = "rejected"
	ReportAccepted = "accepted"
)

// ReportTable is every move of an instrument in its owner's queue; "national" is the national side, whose answer comes with
// the sending or is entered by the owner.
var ReportTable = state.Table{
	{From: ReportNone, Verb: "queue", To: ReportQueued, Who: []string{"owner"}},
	{From: ReportRejected, Verb: "queue", To: ReportQueued, Who: []string{"owner"}},
	{From: ReportQueued, Verb: "send", To: ReportLocked, Who: []string{"owner"}},
	{From: ReportLocked, Verb: "reject", To: ReportRejected, Who: []string{"national"}},
	{From: ReportLocked, Verb: "accept", To: ReportAccepted, Who: []string{"national"}},
	{From: ReportLocked, Verb: "release", To: ReportQueued, Who: []string{"courier"}}, // the platform never answered
	{From: ReportAccepted, Verb: "reject", To: ReportRejected, Who: []string{"national"}},
}

// Report is an instrument in its owner's queue.
type Report struct {
	Resource  string  `db:"resource"`
	Owner     string  `db:"owner"`
	State     string  `db:"state"`
	Revision  int64   `db:"revision"`
	Reason    string  `db:"reason"`
	Push      string  `db:"push"`
	ChangedAt db.Time `db:"changed_at"`
}

// Push is one sending to the national platform.
type Push struct {
	ID       string      `db:"id"`
	Owner    string      `db:"owner"`
	Person   string      `db:"person"`
	Way      string      `db:"way"`
	Code     string      `db:"code"`
	State    string      `db:"state"`
	Records  int64       `db:"records"`
	Accepted int64       `db:"accepted"`
	Rejected int64       `db:"rejected"`
	Failure  string      `db:"failure"`
	Attempts int64       `db:"attempts"`
	At       db.Time     `db:"at"`
	SentAt   db.NullTime `db:"sent_at"`
	Due      db.NullTime `db:"due"` // next attempt of a sending by HTTP
}

// Standing is an instrument with where it stands at the national platform, and what is wrong with it for that platform.
type Standing struct {
	format.Record
	Report
	Issues []format.NRIIIssue
	Answer PushRecord // to its last sending by HTTP
}

// ChangedSince tells whether the record differs from the one that was reported.
func (s Standing) ChangedSince() bool {
	return s.State != ReportNone && s.State != ReportQueued && s.Record.Revision > s.Report.Revision
}

// Ready tells whether the record can be queued.
func (s Standing) Ready() bool {
	_, err := ReportTable.Next(s.State, "queue")
	return err == nil && len(s.Issues) == 0
}

func ownObject(sub identity.Subject) identity.Object {
	return identity.Object{Parties: map[string]string{"owner": sub.Org}, Region: sub.Region}
}

// Standings lists the instruments of the acting organisation.
func (s *Service) Standings(ctx context.Context, sub identity.Subject) ([]Standing, error) {
	if err := s.Policy.Can(sub, "report.view", ownObject(sub)); err != nil {
		return nil, err
	}
	return s.standings(ctx, s.DB, sub.Org)
}

func (s *Service) standings(ctx context.Context, q db.Q, org string) ([]Standing, error) {
	orgs, err := s.Orgs.Organisations(ctx, q, []string{org})
	if err != nil {
		return nil, fmt.Errorf("read the owner: %w", err)
	}
	records, err := s.Catalogue.OwnedRecords(ctx, q, orgs[org])
	if err != nil {
		return nil, err
	}
	reports, err := reportsOf(ctx, q, org)
	if err != nil {
		return nil, err
	}
	answers, err := answersOf(ctx, q, org)
	if err != nil {
		return nil, err
	}
	var out []Standing
	for _, r := range records {
		if r.Instrument() {
			out = append(out, Standing{Record: r, Report: reports[r.ID], Issues: format.NRIIIssues(r), Answer: answers[r.ID]})
		}
	}
	return out, nil
}

// Queue puts instruments into the queue for the national platform; none named: every one that is ready. What the national
// platform would refuse stays out, and so does what is locked. It tells how many went in.
func (s *Service) Queue(ctx context.Context, sub identity.Subject, resources ...string) (int, error) {
	if err := s.Policy.Can(sub, "report.push", ownObject(sub)); err != nil {
		return 0, err
	}
	n := 0
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n = 0
		list, err := s.standings(ctx, tx, sub.Org)
		if err != nil {
			return err
		}
		for _, st := range list {
			if !st.Ready() || len(resources) > 0 && !slices.Contains(resources, st.ID) {
				continue
			}
			if err := putReport(ctx, tx, Report{Resource: st.ID, Owner: sub.Org, State: ReportQueued, ChangedAt: db.At(s.Clock.Now())}); err != nil {
				return err
			}
			n++
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "report.queue", Kind: "organisation", ID: sub.Org, Data: n})
	})
	return n, err
}

// Send writes the queued instruments as the national platform's JSON list and locks them: the file is handed to the
// national platform by its owner. The answer is entered with Answer.
func (s *Service) Send(ctx context.Context, sub identity.Subject, code string) (Push, []byte, error) {
	if err := s.Policy.Can(sub, "report.push", ownObject(sub)); err != nil {
		return Push{}, nil, err
	}
	if code = strings.TrimSpace(code); len([]rune(code)) > 50 {
		return Push{}, nil, fault.New(fault.Invalid, "code-invalid", "有些内容需要修改，请按提示更正后再提交。").Field("code", "too-long", "单位代码最多 50 个字。")
	}
	p := Push{ID: id.New(), Owner: sub.Org, Person: sub.Person, Way: "file", Code: code, State: PushSent, At: db.At(s.Clock.Now()), SentAt: db.NullAt(s.Clock.Now())}
	var body []byte
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, err := s.lock(ctx, tx, sub, p)
		if err != nil {
			return err
		}
		records := make([]any, len(list))
		for i, st := range list {
			records[i] = nationalRecord(st)
		}
		p.Records = int64(len(records))
		if body, err = json.MarshalIndent(records, "", "  "); err != nil {
			return fmt.Errorf("write the national platform's records: %w", err)
		}
		if err := insertPush(ctx, tx, p); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "report.send", Kind: "push", ID: p.ID, Data: p.Records})
	})
	return p, body, err
}

// Answer enters what the national side said of a reported instrument: accept, or reject with the reason.
func (s *Service) Answer(ctx context.Context, sub identity.Subject, resource, verb, reason string) error {
	if err := s.Policy.Can(sub, "report.push", ownObject(sub)); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if verb == "reject" && reason == "" {
		return fault.New(fault.Invalid, "reason-needed", "请写明国家平台退回的原因。").Field("reason", "required", "请填写这一项。")
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		reports, err := reportsOf(ctx, tx, sub.Org)
		if err != nil {
			return err
		}
		r := reports[resource]
		step, err := ReportTable.Next(r.State, verb)
		if err != nil {
			return err
		}
		from := r.State
		r.State, r.Reason, r.ChangedAt = step.To, reason, db.At(s.Clock.Now())
		if err := putReport(ctx, tx, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "report." + verb, Kind: "resource", ID: resource, From: from, To: r.State})
	})
}
