package stats

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/verify"
	"qiao/internal/platform/web"
)

// deskView is the first screen of the desk.
type deskView struct {
	Name    string
	Org     string
	Tasks   []ui.Task
	Figures []ui.FigureOf
	Recent  []Activity
	Links   []ui.Link
}

func (s *Service) showDesk(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := deskView{Name: by.Name, Org: i18n.Pick(ctx, by.OrgName, by.OrgNameEN)}
	var err error
	if v.Tasks, err = s.waiting(ctx, by); err != nil {
		return err
	}
	if v.Figures, err = s.figures(ctx, by); err != nil {
		return err
	}
	if s.deps.Desk.Recent != nil {
		if v.Recent, err = s.deps.Desk.Recent(ctx, by); err != nil {
			return fmt.Errorf("ask what happened: %w", err)
		}
	}
	if s.deps.Desk.Links != nil {
		if v.Links, err = s.deps.Desk.Links(ctx, by); err != nil {
			return fmt.Errorf("ask what can be done: %w", err)
		}
	}
	return web.Page(w, r, http.StatusOK, deskPage(v))
}

const auditPerPage = 50

// auditView is the audit log.
type auditView struct {
	Filter   *form.Form
	Rows     []auditRow
	Next     string
	Later    bool
	Query    string
	Checked  bool // the chain has just been walked
	Findings []verify.Finding
}

// auditRow is an entry with the names of who acted.
type auditRow struct {
	audit.Row

	Who string
	Org string
}

func (s *Service) showAudit(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	f := audit.Filter{Kind: q.Get("kind"), Object: q.Get("object"), Action: q.Get("action"), Person: q.Get("person"), Limit: auditPerPage + 1}
	v := auditView{Filter: form.Of(map[string]string{"kind": f.Kind, "object": f.Object, "action": f.Action, "person": f.Person}), Later: q.Get("cursor") != ""}
	parts, err := web.DecodeCursor(q.Get("cursor"), 1)
	if err != nil {
		return err
	}
	f.Before, _ = strconv.ParseInt(parts[0], 10, 64) // no number is the beginning
	rows, err := audit.List(ctx, s.db, f)
	if err != nil {
		return fmt.Errorf("read the audit log: %w", err)
	}
	if len(rows) > auditPerPage {
		rows = rows[:auditPerPage]
		v.Next = web.EncodeCursor(strconv.FormatInt(rows[len(rows)-1].Seq, 10))
	}
	if v.Rows, err = s.auditRows(ctx, rows); err != nil {
		return err
	}
	v.Query = auditQuery(f)
	if q.Get("check") != "" {
		v.Checked = true
		if v.Findings, err = audit.Verify(ctx, s.db, s.clock.Now()); err != nil {
			return fmt.Errorf("walk the audit chain: %w", err)
		}
	}
	return web.Page(w, r, http.StatusOK, auditPage(v))
}

// auditRows gives entries the names of who acted.
func (s *Service) auditRows(ctx context.Context, rows []audit.Row) ([]auditRow, error) {
	var orgs, people []string
	for _, r := range rows {
		orgs, people = append(orgs, r.Org), append(people, r.Person)
	}
	names, err := s.deps.Organisations(ctx, s.db, distinct(orgs))
	if err != nil {
		return nil, fmt.Errorf("read the organisations of the audit log: %w", err)
	}
	who := map[string]string{}
	if s.deps.Desk.People != nil {
		if who, err = s.deps.Desk.People(ctx, s.db, distinct(people)); err != nil {
			return nil, fmt.Errorf("read the people of the audit log: %w", err)
		}
	}
	var out []auditRow
	for _, r := range rows {
		out = append(out, auditRow{Row: r, Who: who[r.Person], Org: fullName(ctx, names[r.Org])})
	}
	return out, nil
}

const outboxLimit = 200

func (s *Service) showOutbox(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	failures, err := outbox.Failures(ctx, s.db, outboxLimit)
	if err != nil {
		return fmt.Errorf("read the parked events: %w", err)
	}
	mayRetry := s.deps.Policy.May(identity.SubjectOf(ctx), "outbox.retry") == nil
	return web.Page(w, r, http.StatusOK, outboxPage(failures, mayRetry))
}

func (s *Service) submitOutboxRetry(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	consumer, seq := f.Text("consumer"), f.Int("seq")
	err := s.db.InTx(r.Context(), func(ctx context.Context, tx *db.Tx) error {
		if err := outbox.Unpark(ctx, tx, s.clock.Now(), consumer, seq); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "outbox.retry", Kind: "event", ID: strconv.FormatInt(seq, 10), From: "parked", To: "due"})
	})
	if errors.Is(err, db.ErrNone) {
		return fault.New(fault.Conflict, "event-not-parked", "这个事件已不在搁置状态，可能刚被处理，请刷新查看。")
	}
	if err != nil {
		return fmt.Errorf("retry event %d for %s: %w", seq, consumer, err)
	}
	return web.SeeOther(w, r, "/desk/outbox", "已重新投递，几秒内处理。")
}
