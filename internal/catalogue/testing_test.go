package catalogue

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"qiao/internal/catalogue/cataloguetest"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/money"
	"qiao/internal/platform/sheet"
)

// world is a catalogue with two providers on a fresh database.
type world struct {
	*Service
	*cataloguetest.World
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := cataloguetest.NewWorld(t, d)
	if err := w.Index.SetSynonyms(Synonyms()); err != nil {
		t.Fatal(err)
	}
	return &world{World: w, Service: New(Deps{DB: d, Clock: w.Clock, Policy: w.Policy, Orgs: w.Orgs, Index: w.Index, Blobs: w.Blobs, Node: cataloguetest.Node, Root: cataloguetest.Root, Address: cataloguetest.Address})}
}

// take takes in a small table by its headings, without a file's doubts: rows of one kind, one price.
func (w *world) take(sub identity.Subject, text string) {
	w.T.Helper()
	tab, err := sheet.Read("t.csv", strings.NewReader(text), sheet.Options{})
	if err != nil {
		w.T.Fatal(err)
	}
	tpl, ok := w.kinds.Recognise(tab.Headings, "", "")
	if !ok {
		w.T.Fatalf("headings %q", tab.Headings)
	}
	k, _ := w.kinds.Find(tpl.Kind)
	var batch []Incoming
	for n, row := range tab.Rows {
		in := Incoming{Kind: k.Name, Key: strconv.Itoa(n), Values: map[string]any{}}
		price := PriceLine{Audience: "external"}
		for i, h := range tab.Headings {
			cell, target := row.Cell(i), tpl.Target(h)
			f, known := k.Field(target)
			for _, p := range kinds.Pricing() {
				if p.Name == target {
					f = p
				}
			}
			v, problem := f.Parse(cell)
			switch yes, _ := v.(bool); {
			case cell == "":
			case problem != nil && known:
				in.Kind = "" // refused below
			case target == kinds.TargetUnit:
				price.Unit, _ = v.(string)
			case target == kinds.TargetExternal:
				if price.Amount, err = money.Parse(cell); err != nil {
					w.T.Fatal(err)
				}
			case target == kinds.TargetVoucher:
				in.Voucher = &yes
			case target == kinds.TargetFree:
				in.Free = &yes
			case target == "source_id":
				in.SourceID = cell
			}
			if known && v != nil {
				in.Values[target] = v
			}
		}
		if price.Unit != "" {
			in.Prices = []PriceLine{price}
		}
		if in.Kind != "" {
			batch = append(batch, in)
		}
	}
	err = w.DB.InTx(w.T.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := w.TakeIn(ctx, sub, tx, Intake{Org: sub.Org}, batch)
		return err
	})
	if err != nil {
		w.T.Fatal(err)
	}
}

// all reads every resource of an organisation, whatever its state.
func (w *world) all(sub identity.Subject) []Resource {
	w.T.Helper()
	var c db.Where
	c.And("owner = ?", sub.Org)
	l, err := listResources(w.T.Context(), w.DB, &c, "ORDER BY id")
	if err != nil {
		w.T.Fatal(err)
	}
	return l
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(t, d)) })
}
