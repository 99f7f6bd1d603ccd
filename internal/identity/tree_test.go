package identity

import (
	"context"
	"strings"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/i18n"
)

func TestRegions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if got := w.RegionPath("330402"); got != "浙江省 嘉兴市 南湖区" {
			t.Errorf("path %q", got)
		}
		if got := w.RegionPath("990000"); got != "990000" {
			t.Errorf("path of an unknown code %q", got)
		}
		if got := w.RegionPath("310115"); got != "上海市 浦东新区" { // no city between: the digits' 310100 is not in the file
			t.Errorf("path %q", got)
		}
		english := i18n.With(t.Context(), i18n.EN, nil)
		if got := w.RegionName(english, "330402"); got != "Nanhu, Jiaxing, Zhejiang" {
			t.Errorf("English name %q", got)
		}
		if got := w.RegionName(t.Context(), "330402"); got != "浙江省 嘉兴市 南湖区" {
			t.Errorf("Chinese name %q", got)
		}
		r, err := w.Region(t.Context(), d, "330104")
		if err != nil || r.Successor != "330102" || r.Level != LevelCounty || r.Parent != "330100" {
			t.Errorf("the dissolved district is %+v, %v", r, err)
		}
		_, err = w.Region(t.Context(), d, "330199")
		wants(t, err, "region-not-found")
		tree, err := w.Tree(t.Context(), d)
		if err != nil || tree.Known("330104") || !tree.Known("330402") || len(tree.Children("330100")) != 1 || len(tree.Children("")) != 2 {
			t.Errorf("the tree has %d codes, %v", tree.Len(), err)
		}

		next := strings.Replace(regionsCSV, "南湖区", "南湖新区", 1)
		if n, err := w.LoadRegions(t.Context(), strings.NewReader(next), "test 2"); err != nil || n != 9 {
			t.Fatalf("loaded %d, %v", n, err)
		}
		if got := w.RegionPath("330402"); got != "浙江省 嘉兴市 南湖新区" {
			t.Errorf("path after loading anew %q", got)
		}
	})
}

func TestReadRegionsRefuses(t *testing.T) {
	for name, csv := range map[string]string{
		"empty": "", "no column": "code,name\n330000,浙江省\n", "code": "code,name_zh\n3300,浙江省\n", "no name": "code,name_zh\n330000,\n",
		"date": "code,name_zh,valid_to\n330000,浙江省,soon\n", "orphan": "code,name_zh,parent\n330402,南湖区,330400\n", "broken": "code,name_zh\n\"330000\n",
	} {
		if _, err := ReadRegions(strings.NewReader(csv), "test"); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzReadRegions(f *testing.F) {
	f.Add(regionsCSV)
	f.Fuzz(func(t *testing.T, csv string) {
		rows, err := ReadRegions(strings.NewReader(csv), "fuzz")
		if err != nil {
			return
		}
		tree := NewTree(rows)
		for _, r := range rows {
			if !ValidRegion(r.Code) || tree.Path(r.Code) == "" {
				t.Errorf("accepted %+v", r)
			}
		}
	})
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		code, root string
		want       bool
	}{
		{"330402", "330400", true}, {"330400", "330400", true}, {"330402", "330000", true}, {"330402", "330402", true},
		{"330400", "330402", false}, {"330481", "330402", false}, {"310115", "330000", false}, {"", "330000", false}, {"330402", "", false},
		{"3304", "330000", false}, {"330402", "000000", false},
	} {
		if got := Within(c.code, c.root); got != c.want {
			t.Errorf("Within(%q, %q) = %v", c.code, c.root, got)
		}
		first, last := Span(c.root)
		if in := c.code >= first && c.code <= last; ValidRegion(c.code) && ValidRegion(c.root) && in != c.want {
			t.Errorf("Span(%q) = %s…%s does not agree on %q", c.root, first, last, c.code)
		}
	}
}

func TestPutUnclaimed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		put := func(o Organisation) (id string, created bool, err error) {
			t.Helper()
			err = d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				id, created, err = w.PutUnclaimed(ctx, tx, o)
				return err
			})
			return id, created, err
		}
		ror := Organisation{NameZH: "嘉兴大学", NameEN: "Jiaxing University", Region: "330402", Kind: "university", ROR: "00j2a7k55", Source: "ROR", SourceID: "00j2a7k55", Licence: "CC0-1.0", RetrievedOn: "2026-11-01"}
		id, created, err := put(ror)
		if err != nil || !created {
			t.Fatalf("%s, %v, %v", id, created, err)
		}
		again, created, err := put(ror)
		if err != nil || created || again != id {
			t.Fatalf("again: %s, %v, %v", again, created, err)
		}
		if o, err := w.Organisation(t.Context(), d, id); err != nil || o.Revision != 1 || o.Status != StatusUnclaimed {
			t.Fatalf("%+v, %v", o, err)
		}
		ror.Website = "https://www.zjxu.edu.cn"
		if _, _, err = put(ror); err != nil {
			t.Fatal(err)
		}
		if o, err := w.Organisation(t.Context(), d, id); err != nil || o.Revision != 2 || o.Website == "" {
			t.Fatalf("%+v, %v", o, err)
		}
		all, err := w.Organisations(t.Context(), d, []string{id, "x", id})
		if err != nil || len(all) != 1 {
			t.Fatalf("%v, %v", all, err)
		}
		_, _, err = put(Organisation{NameZH: "x", Region: "330402", Source: "ROR", SourceID: "2", ROR: "01k4yrm30"})
		wants(t, err, "ror-check")
		_, _, err = put(Organisation{NameZH: "x", Region: "33", Source: "ROR", SourceID: "2"})
		wants(t, err, "region-shape")
		if _, _, err = put(Organisation{NameZH: "x", Region: "330402"}); err == nil {
			t.Error("a record without a source was taken")
		}
	})
}
