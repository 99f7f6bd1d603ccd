package app

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/catalogue"
	"qiao/internal/find"
	"qiao/internal/message"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/ui"
	"qiao/internal/stats"
)

// watch tells find what is searched for and opened.
type watch struct{ app *App }

// Asked implements catalogue.Watch.
func (w watch) Asked(ctx context.Context, a catalogue.Asked) string { return w.app.find.Asked(ctx, a) }

// Opened implements catalogue.Watch.
func (w watch) Opened(ctx context.Context, visitor string, r catalogue.Resource, from string) {
	w.app.find.Opened(ctx, visitor, r, from)
}

// keepPanel draws, on a resource's page, how to keep and compare it.
func (a *App) keepPanel(ctx context.Context, r catalogue.Resource) (templ.Component, error) {
	return a.find.Panel(ctx, r)
}

// layout places regions as the numbers do.
func layout(root string, codes []string) []ui.Tile {
	var out []ui.Tile
	for _, c := range stats.Layout(root, codes) {
		out = append(out, ui.Tile{Col: c.Col + 1, Row: c.Row + 1, Label: c.Region})
	}
	return out
}

// tellOfFinds tells the owner of a saved search what is new in it.
func (a *App) tellOfFinds() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e find.Matched) error {
		stop, err := a.find.StopLink(ctx, tx, e.Search)
		if err != nil {
			return err
		}
		return a.message.Notify(ctx, tx, message.Notice{Key: m.ID, Event: m.Name, Person: e.Person, Stop: stop, Title: message.Say("保存的检索“{0}”有 {1} 项新的或变动的资源", e.Name, e.Count), Link: "/desk/searches/" + e.Search})
	})
}
