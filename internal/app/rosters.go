package app

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/message"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
	"qiao/internal/policy"
	"qiao/internal/roster"
	"qiao/internal/voucher/scheme"
)

// rosters gives voucher the lists that its terms name.
type rosters struct{ app *App }

// Standing implements voucher.Rosters.
func (r rosters) Standing(ctx context.Context, q db.Q, org, day string) ([]scheme.Standing, error) {
	list, err := r.app.roster.Standing(ctx, q, org, day)
	out := make([]scheme.Standing, len(list))
	for i, m := range list {
		out[i] = scheme.Standing{Roster: m.Code, Number: m.Number, From: m.From, To: m.To, Evidence: m.Evidence, Entry: m.Entry}
	}
	return out, err
}

// Rosters implements voucher.Rosters.
func (r rosters) Rosters(ctx context.Context, q db.Q, codes []string) (map[string]scheme.Name, error) {
	lists, err := r.app.roster.Lists(ctx, q, codes...)
	out := map[string]scheme.Name{}
	for code, l := range lists {
		out[code] = scheme.Name{ZH: l.NameZH, EN: l.NameEN}
	}
	return out, err
}

// standings tells calls for proposals what a firm stands on.
type standings struct{ app *App }

// Standing implements policy.Rosters.
func (r standings) Standing(ctx context.Context, q db.Q, org, day string) ([]policy.Standing, error) {
	list, err := r.app.roster.Standing(ctx, q, org, day)
	out := make([]policy.Standing, len(list))
	for i, m := range list {
		out[i] = policy.Standing{Code: m.Code, NameZH: m.NameZH, NameEN: m.NameEN, Ban: m.Kind == roster.Ban, From: m.From, To: m.To, Number: m.Number}
	}
	return out, err
}

func (a *App) standingOf(ctx context.Context, org string) (templ.Component, error) {
	return a.roster.Panel(ctx, org)
}

// meetRosters matches an organisation that comes in to the lists it stands on, and tells it.
func (a *App) meetRosters() {
	outbox.On(a.bus, toRoster, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e identity.Registered) error {
		return a.roster.Meet(ctx, tx, e.Org)
	})
	outbox.On(a.bus, toRoster, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e identity.Verified) error {
		return a.roster.Meet(ctx, tx, e.Org)
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e roster.Listed) error {
		if e.Kind == roster.Ban {
			return a.notify(ctx, tx, m, e.Org, nil, "/organisations/"+e.Org, message.Say("贵单位被列入“{0}”，如有异议请联系主管部门", e.Name))
		}
		return a.notify(ctx, tx, m, e.Org, nil, "/organisations/"+e.Org, message.Say("贵单位已对应到“{0}”名单", e.Name))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e roster.Unlisted) error {
		return a.notify(ctx, tx, m, e.Org, nil, "/organisations/"+e.Org, message.Say("贵单位已不在“{0}”名单上", e.Name))
	})
}
