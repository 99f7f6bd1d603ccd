package eval

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func small(t *testing.T) Options {
	t.Helper()
	return Options{
		Docs: write(t, "docs.tsv", "id\ttitle\ttext\n1\t扫描电子显微镜\t表面形貌观察\n2\t质谱仪\t有机物分析\n"+
			"3\t涂层检测\t耐磨涂层与表面分析\n4\tCoating test\tWear of coatings\n"),
		Queries: write(t, "queries.tsv", "id\tquery\na\t电子显微镜\nb\t表面分析\nc\tcoating wear\nd\t没有判断\n"),
		Qrels:   write(t, "qrels.tsv", "query_id\tdoc_id\trel\na\t1\t1\nb\t3\t2\nc\t4\t1\nc\t3\t0\n"),
	}
}

func TestFiguresOfASmallCollection(t *testing.T) {
	for _, prose := range []bool{false, true} {
		o := small(t)
		o.Prose = prose
		f, err := Measure(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if f.Documents != 4 || f.Queries != 3 || math.Abs(f.NDCG10-1) > 1e-9 || f.Recall100 != 1 || f.MRR != 1 {
			t.Errorf("%+v", f)
		}
	}
}

func TestRunPrintsTheFigures(t *testing.T) {
	var out bytes.Buffer
	if err := Run(t.Context(), small(t), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"nDCG@10    1.0000", "Recall@100 1.0000", "MRR        1.0000", "p50 ", "p99 "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}

func TestGainFallsWithThePlace(t *testing.T) {
	var f Figures
	relevant := map[string]int{"x": 2, "y": 1}
	f.add(nil, relevant)
	if f.NDCG10 != 0 || f.MRR != 0 || f.Recall100 != 0 {
		t.Errorf("nothing found: %+v", f)
	}
	if gain(2, 0) <= gain(1, 0) || gain(2, 1) >= gain(2, 0) {
		t.Error("gain does not grow with relevance or fall with the place")
	}
}

func TestBadCollections(t *testing.T) {
	tests := map[string]func(*Options){
		"no file":        func(o *Options) { o.Docs += ".none" },
		"rel in words":   func(o *Options) { o.Qrels = write(t, "q", "h\na\t1\tyes\n") },
		"no id":          func(o *Options) { o.Queries = write(t, "q", "h\n\tquery\n") },
		"other ids":      func(o *Options) { o.Qrels = write(t, "q", "h\nz\t1\t1\n") },
		"empty judgment": func(o *Options) { o.Qrels = write(t, "q", "") },
	}
	for name, spoil := range tests {
		o := small(t)
		spoil(&o)
		if err := Run(t.Context(), o, &bytes.Buffer{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestTwoRunsAreCompared(t *testing.T) {
	o := small(t)
	o.Scores = filepath.Join(t.TempDir(), "scores.tsv")
	o.Vectors = true
	if err := Run(t.Context(), o, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	o.Scores, o.Against = "", o.Scores
	var out bytes.Buffer
	if err := Run(t.Context(), o, &out); err != nil || !strings.Contains(out.String(), "against    +0.0000, paired t 0.00, 3 queries") {
		t.Errorf("%v\n%s", err, out.String())
	}
	o.Against = write(t, "other.tsv", "query\tndcg\nz\t1\n")
	if err := Run(t.Context(), o, &bytes.Buffer{}); err == nil {
		t.Error("runs without a common query were compared")
	}
	if mean, v := paired([]float64{1, 2, 3}); mean != 2 || math.Abs(v-2/math.Sqrt(1.0/3)) > 1e-9 {
		t.Errorf("mean %v, t %v", mean, v)
	}
}

func TestEverySetOfAFolder(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"one", "two"} {
		o := small(t)
		at := filepath.Join(folder, name)
		if err := os.Mkdir(at, 0o700); err != nil {
			t.Fatal(err)
		}
		for from, to := range map[string]string{o.Docs: "docs.tsv", o.Queries: "queries.tsv", o.Qrels: "qrels.tsv"} {
			if err := os.Rename(from, filepath.Join(at, to)); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if err := Sets(t.Context(), folder, Options{}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| one | 4 | 3 | 1.0000 | 1.0000 | +0.0000, t 0.0 |", "| two | 4 | 3 |"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	if err := Sets(t.Context(), t.TempDir(), Options{}, &out); err == nil {
		t.Error("an empty folder was measured")
	}
}
