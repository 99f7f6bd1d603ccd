package app

import (
	"context"

	"qiao/internal/facts"
	"qiao/internal/message"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// listed tells the files of firms which lists an organisation stands on.
func (a *App) listed(ctx context.Context, q db.Q, org, day string) ([]facts.Standing, error) {
	list, err := a.roster.Standing(ctx, q, org, day)
	out := make([]facts.Standing, len(list))
	for i, m := range list {
		out[i] = facts.Standing{Code: m.Code, NameZH: m.NameZH, NameEN: m.NameEN, Number: m.Number, From: m.From, To: m.To}
	}
	return out, err
}

// tellOfFiles tells a firm who opened its file, and what an officer said of a value.
func (a *App) tellOfFiles() {
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
