package importing

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/sheet"
)

// national makes rows of the national platform's template with something in each of its columns.
func national(rows int) (headings []string, out [][]string) {
	k, _ := kinds.All().Find("instrument")
	fields := []kinds.Field{}
	for _, f := range k.Fields {
		if f.Column != "" {
			fields = append(fields, f)
			headings = append(headings, f.Column)
		}
	}
	for i := range rows {
		var row []string
		for _, f := range fields {
			row = append(row, cellFor(f, i))
		}
		out = append(out, row)
	}
	return headings, out
}

func cellFor(f kinds.Field, i int) string {
	switch f.Type {
	case kinds.Date:
		return fmt.Sprintf("20%02d-%02d-15", i%24, i%12+1)
	case kinds.Wan:
		return fmt.Sprintf("%d.25", i%900+20)
	case kinds.Flag:
		return []string{"是", "否"}[i%2]
	case kinds.One:
		return f.Choices[i%len(f.Choices)].ZH
	case kinds.List:
		return "物理学，化学"
	case kinds.Class:
		return "010100"
	case kinds.Link:
		return fmt.Sprintf("https://lab.example/%d", i)
	case kinds.Mail:
		return fmt.Sprintf("lab%d@lab.example", i)
	case kinds.Post:
		return "314000"
	case kinds.Long:
		return strings.Repeat("适用于金属材料的形貌与成分分析。", 4) + fmt.Sprint(i)
	case kinds.Number:
		return fmt.Sprint(i % 20)
	}
	text := fmt.Sprintf("%s%d", f.ZH, i)
	if n := []rune(text); len(n) > f.Limit() {
		return string(n[len(n)-f.Limit():])
	}
	return text
}

func nationalCSV(b *testing.B, rows int) []byte {
	b.Helper()
	headings, list := national(rows)
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	if err := w.WriteAll(append([][]string{headings}, list...)); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// perSecond reports rows per second of the processor, which a busy machine does not blur.
func perSecond(b *testing.B, rows int) func() {
	b.Helper()
	spent := func() float64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	}
	before := spent()
	return func() { b.ReportMetric(float64(b.N*rows)/(spent()-before), "rows/CPU-s") }
}

// parse reads and validates every row of a file, without the database.
func parse(b *testing.B, data []byte, rows int) {
	b.Helper()
	s := &Service{kinds: kinds.All()}
	b.ReportAllocs()
	done := perSecond(b, rows)
	for b.Loop() {
		t, err := s.read("n", "", &file{bytes.NewReader(data), int64(len(data)), nil})
		if err != nil {
			b.Fatal(err)
		}
		l, ok := s.byTemplate(t.headings, "", "")
		if !ok || len(l.headings) < 45 {
			b.Fatalf("%d headings", len(l.headings))
		}
		r, n := newReader(s.kinds, l), 0
		for ; ; n++ {
			row, err := t.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			if bad := r.take(row); bad != nil {
				b.Fatal(bad.errors)
			}
			if len(r.queue) >= windowSize+batchSize {
				r.hand(batchSize)
			}
		}
		if n != rows {
			b.Fatalf("%d rows", n)
		}
	}
	done()
}

func BenchmarkParseCSV(b *testing.B) {
	const rows = 5000
	parse(b, nationalCSV(b, rows), rows)
}

func BenchmarkParseXLSX(b *testing.B) {
	const rows = 2000
	headings, list := national(rows)
	var out bytes.Buffer
	if err := sheet.WriteXLSX(&out, sheet.Page{Name: "a", Headings: headings, Rows: list}); err != nil {
		b.Fatal(err)
	}
	parse(b, out.Bytes(), rows)
}

// BenchmarkImport takes a file of the national template in and brings the search index up to date.
func BenchmarkImport(b *testing.B) {
	const rows = 3000
	w, data := newWorld(b, dbtest.SQLite(b)), nationalCSV(b, rows)
	done := perSecond(b, rows)
	for n := 0; b.Loop(); n++ {
		if r := w.takeWith(w.Lab, Request{Org: w.Lab.Org, Source: fmt.Sprint("run", n), Name: "n.csv", Reader: bytes.NewReader(data)}); r.Accepted != rows {
			b.Fatal(counts(r), r.Errors[:1])
		}
		var ids []string
		for _, r := range w.all(w.Lab) {
			if r.Source == fmt.Sprint("run", n) {
				ids = append(ids, r.ID)
			}
		}
		if err := w.Catalogue.Reindex(b.Context(), ids); err != nil {
			b.Fatal(err)
		}
	}
	done()
}
