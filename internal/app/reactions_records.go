package app

import (
	"context"

	"qiao/internal/catalogue"
	"qiao/internal/message"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// tellOfRecords tells owners what they have to check, and what a second person said of what they submitted.
func (a *App) tellOfRecords() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e catalogue.RecordsDue) error {
		return a.notify(ctx, tx, m, e.Org, nil, "/desk/resources?fresh=check&sort=checked", message.Say("贵单位有 {0} 项资源需要核对是否属实", e.Due+e.Stale+e.Never))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e catalogue.Reviewed) error {
		said := message.Say("“{0}”已审核通过并发布", e.Name)
		if !e.Approved {
			said = message.Say("“{0}”审核后退回，请修改后再次提交", e.Name)
		}
		return a.notify(ctx, tx, m, e.Owner, nil, "/desk/resources/"+e.ID, said)
	})
}
