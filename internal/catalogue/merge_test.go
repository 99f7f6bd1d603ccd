package catalogue

import (
	"context"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// two publishes two records of one microscope, of two owners.
func two(t testing.TB, w *world) (a, b Resource) {
	t.Helper()
	d := draft()
	d.Identifiers = []Identifier{{"doi", "10.1000/one"}}
	e := draft()
	e.Values["source_id"], e.Values["name_zh"], e.Values["worth"], e.Values["serial"] = "T-9", "示例扫描电子显微镜", "310", "SN-7"
	e.Identifiers = []Identifier{{"doi", "10.1000/two"}}
	e.Prices = []PriceLine{{Audience: "external", Unit: "hour", Amount: 50000}}
	ctx := t.Context()
	var err error
	if a, err = w.Create(ctx, w.Lab, "", d); err != nil {
		t.Fatal(err)
	}
	if b, err = w.Create(ctx, w.Other, "", e); err != nil {
		t.Fatal(err)
	}
	if a, err = w.Do(ctx, w.Lab, a.ID, "publish", ""); err != nil {
		t.Fatal(err)
	}
	if b, err = w.Do(ctx, w.Other, b.ID, "publish", ""); err != nil {
		t.Fatal(err)
	}
	return a, b
}

func (w *world) merge(t testing.TB, m Merging) (Merged, error) {
	t.Helper()
	var out Merged
	err := w.DB.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = w.Merge(ctx, tx, w.Lab, m)
		return err
	})
	return out, err
}

func (w *world) unmerge(t testing.TB, id string) ([]Difference, error) {
	t.Helper()
	var out []Difference
	err := w.DB.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = w.Unmerge(ctx, tx, w.Lab, id)
		return err
	})
	return out, err
}

func (w *world) read(t testing.TB, id string) Resource {
	t.Helper()
	r, _, err := w.load(t.Context(), w.DB, id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// unaltered tells whether two versions of a record say the same; revision and time aside.
func unaltered(a, b Resource) bool {
	a.Revision, a.UpdatedAt = b.Revision, b.UpdatedAt
	return reflect.DeepEqual(a, b)
}

func TestTwoRecordsBecomeOneAndApartAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b := two(t, w)
		m, err := w.merge(t, Merging{Keep: a.ID, Drop: b.ID, Take: []string{"name_zh", "worth", "serial", "prices"}})
		if err != nil {
			t.Fatal(err)
		}
		one := w.read(t, a.ID)
		if one.NameZH != b.NameZH || one.Fields["serial"] != "SN-7" || len(one.Prices) != 1 || one.Prices[0].Amount != 50000 || len(one.Identifiers) != 3 || one.Model != a.Model {
			t.Errorf("merged: %+v", one)
		}
		if into, err := w.MergedInto(t.Context(), w.DB, b.ID); err != nil || into != a.ID {
			t.Errorf("leads to %q, %v", into, err)
		}
		if _, err := w.Resource(t.Context(), w.DB, b.ID); !fault.Is(err, "resource-gone") {
			t.Errorf("the dropped one: %v", err)
		}
		if _, err := w.Do(t.Context(), w.Other, b.ID, "restore", ""); !fault.Is(err, "resource-merged") {
			t.Errorf("its owner revives it: %v", err)
		}
		if _, err := w.merge(t, Merging{Keep: a.ID, Drop: b.ID}); !fault.Is(err, "merge-gone") {
			t.Errorf("merged twice: %v", err)
		}
		if differs, err := w.unmerge(t, m.ID); err != nil || len(differs) > 0 {
			t.Fatalf("apart again: %v %v", differs, err)
		}
		if x := w.read(t, a.ID); !unaltered(x, a) {
			t.Errorf("kept:\n%+v\nwas\n%+v", x, a)
		}
		if x := w.read(t, b.ID); !unaltered(x, b) {
			t.Errorf("dropped:\n%+v\nwas\n%+v", x, b)
		}
		if _, err := w.unmerge(t, m.ID); !fault.Is(err, "merge-undone") {
			t.Errorf("undone twice: %v", err)
		}
		findings, err := w.Verify(t.Context(), w.DB)
		for _, f := range findings {
			if f.Code == "catalogue.history" {
				t.Error(f, err)
			}
		}
	})
}

func TestWhatChangedAfterAMergeStays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b := two(t, w)
		m, err := w.merge(t, Merging{Keep: a.ID, Drop: b.ID, Take: []string{"name_zh"}})
		if err != nil {
			t.Fatal(err)
		}
		d := draft()
		d.Values["name_zh"], d.Values["model"] = "示例电镜（新名）", "X-7"
		d.Identifiers = w.read(t, a.ID).Identifiers
		if _, err := w.Save(t.Context(), w.Lab, a.ID, 0, d); err != nil {
			t.Fatal(err)
		}
		differs, err := w.unmerge(t, m.ID)
		if err != nil || len(differs) != 2 || differs[0].Field != "model" || differs[1].Field != "name_zh" || differs[1].Was != a.NameZH {
			t.Fatalf("%+v %v", differs, err)
		}
		if x := w.read(t, a.ID); x.NameZH != "示例电镜（新名）" || x.Model != "X-7" || len(x.Identifiers) != 1 {
			t.Errorf("%+v", x)
		}
		if x := w.read(t, b.ID); !unaltered(x, b) {
			t.Errorf("dropped: %+v", x)
		}
	})
}

func TestMergesInARow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b := two(t, w)
		d := draft()
		d.Values["source_id"] = "U-3"
		c, err := w.Create(t.Context(), w.Lab, "", d)
		if err != nil {
			t.Fatal(err)
		}
		first, err := w.merge(t, Merging{Keep: b.ID, Drop: a.ID})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.merge(t, Merging{Keep: c.ID, Drop: b.ID}); err != nil {
			t.Fatal(err)
		}
		if into, err := w.MergedInto(t.Context(), w.DB, a.ID); err != nil || into != c.ID {
			t.Errorf("leads to %q, %v", into, err)
		}
		if _, err := w.unmerge(t, first.ID); !fault.Is(err, "merge-later") {
			t.Errorf("the first of two is undone first: %v", err)
		}
	})
}

// Merging and undoing it is doing nothing, whatever was taken over.
func TestUnmergeUndoesMerge(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	a, b := two(t, w)
	k, _ := w.kinds.Find("instrument")
	names := Parts()
	for _, f := range k.Fields {
		names = append(names, f.Name)
	}
	rapid.Check(t, func(rt *rapid.T) {
		take := rapid.SliceOfDistinct(rapid.SampledFrom(names), rapid.ID[string]).Draw(rt, "take")
		m, err := w.merge(t, Merging{Keep: a.ID, Drop: b.ID, Take: take})
		if err != nil {
			rt.Fatal(err)
		}
		if _, err := w.unmerge(t, m.ID); err != nil {
			rt.Fatal(err)
		}
		if !unaltered(w.read(t, a.ID), a) || !unaltered(w.read(t, b.ID), b) {
			rt.Fatalf("taking %v and undoing leaves something", take)
		}
	})
}

func TestHandOver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := two(t, w)
		err := w.DB.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			moved, err := w.HandOver(ctx, tx, w.Lab, w.Lab.Org, w.Other.Org, nil)
			if len(moved) != 1 {
				t.Errorf("moved %v", moved)
			}
			return err
		})
		if x := w.read(t, a.ID); err != nil || x.Owner != w.Other.Org || x.Revision != a.Revision+1 {
			t.Errorf("%+v %v", x, err)
		}
	})
}
