package catalogue

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/money"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/textindex"
)

// world is a catalogue with two providers on a fresh database.
type world struct {
	*Service
	t          testing.TB
	clock      *clock.Fake
	index      *textindex.Engine
	ids        *identity.Service
	lab, other identity.Subject
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, clock: clock.NewFake(time.Date(2026, 11, 21, 6, 0, 0, 0, time.UTC)), index: textindex.New(textindex.NewAnalyser(), textindex.Options{})}
	if err := w.index.SetSynonyms(Synonyms()); err != nil {
		t.Fatal(err)
	}
	w.ids = identity.New(identity.Deps{DB: d, Clock: w.clock, Policy: policy, Root: "330400"})
	w.Service = New(Deps{DB: d, Clock: w.clock, Policy: policy, Orgs: w.ids, Index: w.index, Blobs: blobs, Node: "test", Root: "330400", Address: "https://qiao.example"})
	w.lab, w.other = w.provider("示例·南湖检测研究院", "330402"), w.provider("示例·秀洲材料中心", "330411")
	return w
}

func (w *world) provider(name, region string) identity.Subject {
	w.t.Helper()
	var org string
	err := w.DB.InTx(w.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		var err error
		org, _, err = w.ids.PutUnclaimed(ctx, tx, identity.Organisation{NameZH: name, Kind: identity.Kinds()[0], Region: region, Source: "test", SourceID: name, Sample: true})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return identity.Subject{Person: "person-" + region, Membership: "m-" + region, Org: org, OrgName: name, OrgStatus: identity.StatusVerified, Role: "admin", Region: region, Capacities: []string{"provider"}, Sample: true}
}

// take takes in a small table by its headings, without a file's doubts: rows of one kind, one price.
func (w *world) take(sub identity.Subject, text string) {
	w.t.Helper()
	tab, err := sheet.Read("t.csv", strings.NewReader(text), sheet.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	tpl, ok := w.kinds.Recognise(tab.Headings, "", "")
	if !ok {
		w.t.Fatalf("headings %q", tab.Headings)
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
					w.t.Fatal(err)
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
	err = w.DB.InTx(w.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := w.TakeIn(ctx, sub, tx, Intake{Org: sub.Org}, batch)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// all reads every resource of an organisation, whatever its state.
func (w *world) all(sub identity.Subject) []Resource {
	w.t.Helper()
	var c db.Where
	c.And("owner = ?", sub.Org)
	l, err := listResources(w.t.Context(), w.DB, &c, "ORDER BY id")
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(t, d)) })
}

func (w *world) org(t *testing.T, id string) identity.Organisation {
	t.Helper()
	o, err := w.ids.Organisation(t.Context(), w.DB, id)
	if err != nil {
		t.Fatal(err)
	}
	return o
}
