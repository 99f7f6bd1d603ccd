package textindex

import (
	"context"
	"fmt"
	"slices"
	"testing"
)

// topics are documents about two things; words of one thing go together.
func topics() []Document {
	var out []Document
	for i := range 40 {
		coat := []string{"涂层 耐磨 摩擦 硬度", "涂层 结合力 摩擦 镀膜", "镀膜 硬度 耐磨 结合力"}[i%3]
		gene := []string{"基因 测序 核酸 文库", "基因 扩增 核酸 引物", "引物 测序 文库 扩增"}[i%3]
		out = append(out, Document{ID: fmt.Sprintf("c%02d", i), Text: coat + " 报告"}, Document{ID: fmt.Sprintf("g%02d", i), Text: gene + " 报告"})
	}
	return append(out, Document{ID: "near", Text: "报告 仪器 镀膜 硬度"}, Document{ID: "far", Text: "报告 仪器 引物 扩增"})
}

func TestVectorsPreferTheSameTopic(t *testing.T) {
	e := engineWith(t, topics())
	ask := func() []string { return found(t, e, Request{Query: "仪器 涂层 耐磨 摩擦", Limit: 100}) }
	before := ask()
	if err := e.Train(t.Context(), Training{Dimension: 8}); err != nil {
		t.Fatal(err)
	}
	after := ask()
	if a, b := slices.Index(after, "near"), slices.Index(after, "far"); a < 0 || b < 0 || a > b {
		t.Errorf("near %d, far %d", a, b)
	}
	slices.Sort(before)
	sorted := slices.Sorted(slices.Values(after))
	if !slices.Equal(before, sorted) {
		t.Error("vectors changed what is found, not only its order")
	}
	if err := e.Apply(t.Context(), Batch{Put: []Document{{ID: "late", Text: "涂层 耐磨 摩擦"}}}); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(ask(), "late") {
		t.Error("a document after the training is lost")
	}
	want := e.vectors.Load().doc
	if err := e.Apply(t.Context(), Batch{Delete: []string{"c00"}}); err != nil {
		t.Fatal(err)
	}
	e.Compact()
	if v := e.vectors.Load(); v.index != e.index || len(v.doc) != len(want)-v.dim || !slices.Equal(v.doc[:v.dim], want[v.dim:2*v.dim]) {
		t.Error("vectors do not follow a compaction")
	}
	if err := e.Train(t.Context(), Training{Most: 10}); err != nil || e.vectors.Load() != nil {
		t.Error("a large index kept its vectors", err)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Train(stopped, Training{}); err == nil {
		t.Error("training does not stop")
	}
	if err := engineWith(t, nil).Train(t.Context(), Training{}); err != nil {
		t.Error(err)
	}
}
