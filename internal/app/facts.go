package app

import (
	"context"

	"qiao/internal/facts"
	"qiao/internal/identity"
	"qiao/internal/message"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/rule"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme"
)

// firmFiles gives voucher the files of firms.
type firmFiles struct{ app *App }

// Compile implements voucher.Facts.
func (f firmFiles) Compile(conditions []rule.Condition) error { return f.app.facts.Compile(conditions) }

// Answers implements voucher.Facts.
func (f firmFiles) Answers(ctx context.Context, q db.Q, firm, day string, conditions []rule.Condition, sources map[string]rule.Source) (voucher.Eligibility, error) {
	a, err := f.app.facts.Answers(ctx, q, firm, day, conditions)
	a.Sources = sources
	return voucher.Eligibility{Result: a.Result, Field: a.Field, Panel: a.Panel, Fields: a.Fields}, err
}

// State implements voucher.Facts.
func (f firmFiles) State(ctx context.Context, tx *db.Tx, by identity.Subject, texts map[string]string) error {
	return f.app.facts.State(ctx, tx, by, texts)
}

// Give implements voucher.Facts.
func (f firmFiles) Give(ctx context.Context, tx *db.Tx, by identity.Subject, firm, region, application string, names []string) error {
	return f.app.facts.Give(ctx, tx, by, firm, region, "voucher-application", application, names)
}

// Related implements voucher.Facts.
func (f firmFiles) Related(ctx context.Context, q db.Q, a, b string) ([]scheme.Tie, error) {
	hits, err := f.app.facts.Related(ctx, q, a, b)
	out := make([]scheme.Tie, len(hits))
	for i, h := range hits {
		out[i] = scheme.Tie{Decisive: h.Decisive, Text: h.Text, Args: h.Args}
	}
	return out, err
}

// listed tells the files of firms which lists an organisation stands on.
func (a *App) listed(ctx context.Context, q db.Q, org, day string) ([]facts.Standing, error) {
	list, err := a.roster.Standing(ctx, q, org, day)
	out := make([]facts.Standing, len(list))
	for i, m := range list {
		out[i] = facts.Standing{Code: m.Code, NameZH: m.NameZH, NameEN: m.NameEN, Number: m.Number, From: m.From, To: m.To}
	}
	return out, err
}

// tellOfFiles tells a firm who opened its file, what an officer said of a value, and which condition was overruled.
func (a *App) tellOfFiles() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.Waived) error {
		return a.notify(ctx, tx, m, e.Firm, nil, "/desk/vouchers/"+e.Application, message.Say("主管部门认定贵单位符合条件“{0}”，申请由另一位工作人员批准", e.Condition))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e facts.Opened) error {
		return a.notify(ctx, tx, m, e.Org, nil, "/desk/file#seen", message.Say("主管部门打开了贵单位的企业档案，事由：{0}", e.Reason))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e facts.Checked) error {
		if e.Corrected {
			return a.notify(ctx, tx, m, e.Org, nil, "/desk/facts/"+e.Entry, message.Say("主管部门按文件更正了企业档案的“{0}”，如有不同请再次更正", e.Fact))
		}
		return a.notify(ctx, tx, m, e.Org, nil, "/desk/facts/"+e.Entry, message.Say("主管部门核实了企业档案的“{0}”", e.Fact))
	})
}
