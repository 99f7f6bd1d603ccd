package app

import (
	"context"
	"sync"

	"github.com/a-h/templ"

	"qiao/data"
	"qiao/internal/catalogue"
	"qiao/internal/duplicate"
	"qiao/internal/message"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// buildDuplicates makes the module that finds records and organisations that are there twice.
func (a *App) buildDuplicates() {
	a.duplicate = duplicate.New(duplicate.Deps{
		DB: a.db, Clock: a.clock, Policy: a.policy, Catalogue: a.catalogue, Organisations: a.identity, Orders: a.order, Acronyms: acronyms(),
	})
}

// acronyms are the short names that the register of institutions knows, read when the first is asked for. Where the data
// cannot be read (a test of it looks) there are none.
func acronyms() func(ror string) []string {
	known := sync.OnceValue(func() map[string][]string {
		out := map[string][]string{}
		list, err := data.Institutions()
		if err != nil {
			return out
		}
		for _, i := range list {
			if i.Acronym != "" {
				out[i.ROR] = append(out[i.ROR], i.Acronym)
			}
		}
		return out
	})
	return func(ror string) []string { return known()[ror] }
}

// namesOf draws, on an organisation's page, what it was called before.
func (a *App) namesOf(ctx context.Context, org string) (templ.Component, error) {
	return a.duplicate.CalledPanel(ctx, org)
}

// twins tells an owner that a record may be there already.
func (a *App) twins(ctx context.Context, r catalogue.Resource) (templ.Component, error) {
	return a.duplicate.Notice(ctx, r)
}

// aliases gives the catalogue the names by which organisations are found, too.
func (a *App) aliases(ctx context.Context, q db.Q, orgs []string) (map[string][]string, error) {
	return a.duplicate.Aliases(ctx, q, orgs)
}

// tellOfDuplicates tells the other owner of a proposal, a merge or its undoing, and both sides of a takeover.
func (a *App) tellOfDuplicates() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e duplicate.Proposed) error {
		return a.notify(ctx, tx, m, e.Asked, nil, "/desk/duplicates/"+e.Pair, message.Say("有单位认为你们登记了同一项资源，请答复合并建议"))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e duplicate.Merged) error {
		return a.notify(ctx, tx, m, e.Asked, nil, "/desk/duplicates/"+e.Pair, message.Say("贵单位的一条记录已与重复的记录合并，可以撤销"))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e duplicate.Parted) error {
		return a.notify(ctx, tx, m, e.Asked, nil, "/desk/duplicates/"+e.Pair, message.Say("一次记录合并已撤销，两条记录恢复原样"))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e duplicate.TakeoverAsked) error {
		return a.tellAuthorities(ctx, tx, m, e.Region, "/desk/names/"+e.Takeover, message.Say("有单位申请认领公开记录，请核对"))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e duplicate.TakenOver) error {
		return a.notify(ctx, tx, m, e.Registered, nil, "/desk/names/"+e.Takeover, message.Say("贵单位认领的公开记录已确认"))
	})
}
