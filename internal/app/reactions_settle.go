package app

import (
	"context"

	"qiao/internal/message"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
	"qiao/internal/settle"
)

// tellOfStatements says which region a statement, or what differs in it, waits for.
func (a *App) tellOfStatements() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e settle.StatementMoved) error {
		link := "/desk/region-statements/" + e.Statement
		tell := func(org, text string) error {
			if org == "" {
				return nil
			}
			return a.message.Notify(ctx, tx, message.Notice{Key: m.ID + "/" + org, Event: m.Name, Org: org, Title: message.Say(text, e.Number), Link: link})
		}
		both := func(text string) error {
			if err := tell(e.LowOrg, text); err != nil {
				return err
			}
			return tell(e.HighOrg, text)
		}
		switch e.Verb {
		case "close":
			return both("跨区对账单 {0} 已结账，请核对")
		case "check":
			return tell(e.By, "跨区对账单 {0} 已核对，等待第二人确认")
		case "agree":
			return both("跨区对账单 {0} 双方已确认")
		}
		return nil
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e settle.BreakMoved) error {
		texts := map[string]string{
			"raise": "对账单 {0} 有一项差异请在 {1} 前答复", "answer": "对账单 {0} 的一项差异已答复，请认可或退回", "accept": "对账单 {0} 的一项差异已了结",
			"reject": "对账单 {0} 的答复没有被认可，请在 {1} 前再答复", "withdraw": "对账单 {0} 的一项差异已由提出方收回",
		}
		if e.Tell == "" {
			return nil
		}
		return a.notify(ctx, tx, m, e.Tell, nil, "/desk/region-statements/"+e.Statement+"#breaks", message.Say(texts[e.Verb], e.Number, e.DueOn))
	})
}
