package scrutiny

import (
	"context"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
)

// waits is how many rows wait, and since when.
type waits struct {
	N     int64   `db:"n"`
	Since db.Time `db:"since"`
	Due   string  `db:"due"`
}

// Tasks are what waits for the subject: flags to decide, cases to go through, money and sanctions that need a second person; for
// a party what it may answer.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	var out []ui.Task
	add := func(action, table, due, title, link, icon string, more func(*db.Where)) error {
		if s.Policy.May(by, action) != nil || by.Org == "" {
			return nil
		}
		var w db.Where
		more(&w)
		x, err := db.One[waits](ctx, s.DB, `SELECT count(*) AS n, coalesce(min(created_at), '1970-01-01T00:00:00.000Z') AS since, coalesce(min(`+due+`), '') AS due FROM `+table+w.SQL(), w.Args()...)
		if err == nil && x.N > 0 {
			out = append(out, ui.Task{Title: title, Link: link, Icon: icon, Count: int(x.N), Since: x.Since.Time, Due: endOf(x.Due)})
		}
		return err
	}
	region := func(action, state, more string, args ...any) func(*db.Where) {
		return func(w *db.Where) {
			s.Policy.Filter(by, action, map[string]string{identity.SideRegion: "region"}, w)
			w.And("state = ?", state)
			if more != "" {
				w.And(more, args...)
			}
		}
	}
	own := func(cond string, args ...any) func(*db.Where) { return func(w *db.Where) { w.And(cond, args...) } }
	for _, k := range []struct {
		action, table, due, title, link, icon string
		more                                  func(*db.Where)
	}{
		{"scrutiny.decide", "scrutiny_flag", "''", t(ctx, "核实疑点"), "/desk/scrutiny", "list-check", region("scrutiny.decide", Open, "")},                                                     //icons: list-check
		{"scrutiny.check", "scrutiny_case", "due", t(ctx, "核查抽出的兑付"), "/desk/spot-checks", "clipboard-list", region("scrutiny.check", Open, "")},                                            //icons: clipboard-list
		{"scrutiny.announce", "scrutiny_draw", "''", t(ctx, "录入抽查号码"), "/desk/spot-checks", "list-check", region("scrutiny.announce", Closed, "person <> ?", by.Person)},                    //icons: list-check
		{"scrutiny.recover", "scrutiny_recovery", "''", t(ctx, "决定是否追回"), "/desk/recoveries", "arrow-back-up", region("scrutiny.recover", Proposed, "person <> ?", by.Person)},              //icons: arrow-back-up
		{"scrutiny.receive", "scrutiny_recovery", "''", t(ctx, "跟踪追回款到账"), "/desk/recoveries", "arrow-back-up", region("scrutiny.receive", Ordered, "")},                                    //icons: arrow-back-up
		{"scrutiny.sanction", "scrutiny_sanction", "hearing_due", t(ctx, "确认处理决定"), "/desk/sanctions", "ban", region("scrutiny.sanction", Decided, "decider <> ?", by.Person)},              //icons: ban
		{"scrutiny.review", "scrutiny_sanction", "''", t(ctx, "办理申诉"), "/desk/sanctions", "ban", region("scrutiny.review", Appealed, "? NOT IN (proposer, decider, confirmer)", by.Person)}, //icons: ban
		{"scrutiny.answer", "scrutiny_sanction", "hearing_due", t(ctx, "对拟作处理进行陈述"), "/desk/matters", "ban", own("org = ? AND state = ?", by.Org, Hearing)},                                 //icons: ban
		{"scrutiny.answer", "scrutiny_case", "due", t(ctx, "配合兑付核查"), "/desk/matters", "clipboard-list", own("provider = ? AND state = ?", by.Org, Open)},                                   //icons: clipboard-list
	} {
		if err := add(k.action, k.table, k.due, k.title, k.link, k.icon, k.more); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// endOf is the end of a day.
func endOf(day string) time.Time {
	at, err := clock.Midnight(day)
	if err != nil {
		return time.Time{}
	}
	return at.AddDate(0, 0, 1)
}
