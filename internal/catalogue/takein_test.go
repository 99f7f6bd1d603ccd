package catalogue

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

func (w *world) takeIn(in Intake, batch ...Incoming) []Outcome {
	w.T.Helper()
	in.Org = w.Lab.Org
	var out []Outcome
	err := w.DB.InTx(w.T.Context(), func(ctx context.Context, tx *db.Tx) error {
		var err error
		out, err = w.TakeIn(ctx, w.Lab, tx, in, batch)
		return err
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return out
}

func did(out []Outcome) []string {
	var l []string
	for _, o := range out {
		word := o.Did
		for _, p := range o.Problems {
			word += " " + p.Code
		}
		l = append(l, word)
	}
	return l
}

func microscope(id string, values ...any) Incoming {
	v := map[string]any{"name_zh": "扫描电镜 " + id}
	for i := 0; i < len(values); i += 2 {
		v[values[i].(string)] = values[i+1]
	}
	return Incoming{Kind: "instrument", SourceID: id, Values: v}
}

func TestTakeInByOrigin(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := Intake{Source: "REG", Licence: "CC0-1.0", RetrievedOn: "2026-11-21", Cause: "cause-1"}
		steps := []struct {
			batch []Incoming
			want  []string
		}{
			{[]Incoming{microscope("1"), microscope("2", "maker", "甲"), microscope("3", "class", "990000"), {Kind: "spaceship", SourceID: "4"}, {Kind: "service", SourceID: "5"}},
				[]string{Added, Added, Refused + " not-a-class", Refused + " kind-unknown", Refused + " required"}},
			{[]Incoming{microscope("1"), microscope("2", "maker", "乙"), microscope("2", "maker", "丙"), {Kind: "service", SourceID: "1", Values: map[string]any{"name_zh": "测试"}}},
				[]string{Unchanged, Updated, Updated, Refused + " other-kind"}},
			{[]Incoming{{Kind: "instrument", SourceID: "1", Deleted: true}, {Kind: "instrument", SourceID: "9", Deleted: true}}, []string{Removed, Unchanged}},
			{[]Incoming{microscope("1", "maker", "甲"), {Kind: "instrument", SourceID: "1", Deleted: true}}, []string{Refused + " withdrawn", Unchanged}},
		}
		for i, step := range steps {
			if got := did(w.takeIn(in, step.batch...)); !slices.Equal(got, step.want) {
				t.Fatalf("step %d: %q, want %q", i, got, step.want)
			}
		}
		status := map[string]string{}
		for _, r := range w.all(w.Lab) {
			status[r.SourceID] = fmt.Sprint(r.Status, " ", r.Revision, " ", r.Maker, " ", r.Licence)
		}
		if status["1"] != "withdrawn 2  CC0-1.0" || status["2"] != "published 2 丙 CC0-1.0" {
			t.Errorf("%v", status)
		}
		if err := w.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		found, err := w.Verify(t.Context(), w.DB)
		if err != nil || len(found) > 0 {
			t.Errorf("findings %v %v", found, err)
		}
		entries, err := db.One[int](t.Context(), w.DB, `SELECT count(*) FROM audit_entry WHERE object = 'cause-1'`)
		if err != nil || entries != 3 { // a batch that changes nothing has none
			t.Errorf("%d audit entries, %v", entries, err)
		}
	})
}

func TestForeseeChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		out, err := w.Foresee(t.Context(), w.Lab, w.DB, Intake{Org: w.Lab.Org}, []Incoming{microscope("1")})
		if err != nil || !slices.Equal(did(out), []string{Added}) || len(w.all(w.Lab)) > 0 {
			t.Fatalf("%v %v", out, err)
		}
		if _, err := w.Foresee(t.Context(), w.Other, w.DB, Intake{Org: w.Lab.Org}, []Incoming{microscope("1")}); err == nil {
			t.Error("a stranger may take in")
		}
	})
}

// BenchmarkTakeIn commits batches of 500 instruments with prices to SQLite and brings the index up to date.
func BenchmarkTakeIn(b *testing.B) {
	w := newWorld(b, dbtest.SQLite(b))
	const size = 500
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		batch := make([]Incoming, size)
		for i := range batch {
			batch[i] = microscope(fmt.Sprint(n*size+i), "model", "SY-100", "maker", "仪器厂", "class", "010100", "function", "拉伸性能、疲劳寿命、断裂韧度",
				"technical", "适用于碳纤维复合材料、铝合金", "subjects", []string{"430"}, "worth", int64(300_000_000), "commissioned", "2020-03-01")
			batch[i].Prices = []PriceLine{{Audience: "external", Unit: "hour", Amount: 40_000}}
			batch[i].Access = []string{"mail_in"}
		}
		var ids []string
		for _, o := range w.takeIn(Intake{Cause: "bench", Checked: true}, batch...) {
			ids = append(ids, o.Resource)
		}
		if err := w.Reindex(b.Context(), ids); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "rows/s")
}
