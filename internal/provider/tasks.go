package provider

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
)

// Tasks are what waits for the subject: an agreement to sign, reports that are due, certificates that end; for the
// authority applications, certificates and equipment to look at.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	var out []ui.Task
	for _, part := range []func(context.Context, identity.Subject) ([]ui.Task, error){s.ownTasks, s.reportTasks, s.certificateTasks, s.officerTasks} {
		list, err := part(ctx, by)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

func (s *Service) ownTasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if s.policy.May(by, "provider.apply") != nil {
		return nil, nil
	}
	m, err := s.Mine(ctx, by)
	if err != nil {
		return nil, err
	}
	task := ui.Task{Link: "/desk/membership", Icon: "affiliate", Since: m.UpdatedAt.Time}
	switch m.State {
	case Draft:
		task.Title = t(ctx, "继续填写加盟申请")
	case Returned:
		task.Title = t(ctx, "补正加盟申请，再次提交")
	case Offered:
		task.Title = t(ctx, "签署加盟协议")
	default:
		task.Title = ""
	}
	var out []ui.Task
	if task.Title != "" {
		out = append(out, task)
	}
	var w db.Where
	w.And("owner = ?", by.Org)
	w.And("state = ?", Invited)
	invited, err := listAdmissions(ctx, s.db, &w)
	if err != nil {
		return nil, err
	}
	if len(invited) > 0 {
		out = append(out, ui.Task{Title: t(ctx, "答复设备加盟邀请"), Note: invited[0].Name, Link: "/desk/equipment", Icon: "microscope", Count: len(invited), Since: invited[len(invited)-1].CreatedAt.Time})
	}
	return out, nil
}

func (s *Service) reportTasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if s.policy.May(by, "reporting.own") != nil {
		return nil, nil
	}
	var w db.Where
	w.And("owner = ?", by.Org)
	w.And("reported_on = ''")
	open, err := listClocks(ctx, s.db, &w, 200)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	task := ui.Task{Title: t(ctx, "报送财政资金购置的仪器"), Note: open[0].Name, Link: "/desk/reporting", Icon: "clock", Count: len(open)}
	for _, c := range open {
		if due, err := endOf(c.DueOn); err == nil && (task.Due.IsZero() || due.Before(task.Due)) {
			task.Due = due
		}
		if at, err := clock.Midnight(c.AcceptedOn); err == nil && (task.Since.IsZero() || at.Before(task.Since)) {
			task.Since = at
		}
	}
	return []ui.Task{task}, nil
}

// endOf is the last instant of a civil day.
func endOf(day string) (time.Time, error) {
	at, err := clock.Midnight(day)
	return at.Add(24*time.Hour - time.Millisecond), err
}

func (s *Service) certificateTasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if s.policy.May(by, "certificate.edit") != nil {
		return nil, nil
	}
	last, err := clock.AddDays(s.today(), most(s.rules.reminders(s.today()).Certificate))
	if err != nil {
		return nil, fmt.Errorf("last day to warn of: %w", err)
	}
	var w db.Where
	w.And("org = ?", by.Org)
	w.And("state IN ('stated', 'verified')")
	w.And("valid_to <= ?", last)
	list, err := listCertificates(ctx, s.db, &w, 50)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	due, err := endOf(list[0].To)
	if err != nil {
		return nil, fmt.Errorf("end of certificate %s: %w", list[0].ID, err)
	}
	return []ui.Task{{Title: t(ctx, "更新到期的资质证书"), Note: list[0].Number, Link: "/desk/certificates", Icon: "certificate", Count: len(list), Since: list[0].UpdatedAt.Time, Due: due}}, nil
}

// waiting is how many things wait, since when.
type waiting struct {
	N      int64  `db:"n"`
	Oldest string `db:"oldest"`
}

func (s *Service) officerTasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	var out []ui.Task
	for _, x := range []struct{ action, table, state, title, link, icon string }{
		{"provider.decide", "provider_membership", Submitted, t(ctx, "核查加盟申请"), "/desk/providers", "affiliate"},                 //icons: affiliate
		{"provider.decide", "provider_membership", Qualified, t(ctx, "拟定加盟协议"), "/desk/providers", "affiliate"},                 //icons: affiliate
		{"certificate.check", "provider_certificate", Stated, t(ctx, "核对资质证书"), "/desk/certificates?show=check", "certificate"}, //icons: certificate
		{"equipment.decide", "provider_admission", Agreed, t(ctx, "核定设备加盟"), "/desk/equipment", "microscope"},
	} {
		if s.policy.May(by, x.action) != nil {
			continue
		}
		var w db.Where
		s.policy.Filter(by, x.action, map[string]string{identity.SideRegion: "region"}, &w)
		w.And("state = ?", x.state)
		n, err := db.One[waiting](ctx, s.db, `SELECT COUNT(*) AS n, COALESCE(MIN(updated_at), '') AS oldest FROM `+x.table+w.SQL(), w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("count what waits in %s: %w", x.table, err)
		}
		if n.N == 0 {
			continue
		}
		var since db.Time
		if err := since.Scan(n.Oldest); err != nil {
			return nil, fmt.Errorf("read since when %s waits: %w", x.table, err)
		}
		out = append(out, ui.Task{Title: x.title, Link: x.link, Icon: x.icon, Count: int(n.N), Since: since.Time})
	}
	return out, nil
}
