package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"qiao/internal/platform/fault"
)

func read(t *testing.T, data []byte, o Options) *Table {
	t.Helper()
	tab, err := Read("表.csv", bytes.NewReader(data), o)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return tab
}

func workbook(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func set(t testing.TB, f *excelize.File, cell string, v any) {
	t.Helper()
	if err := f.SetCellValue("Sheet1", cell, v); err != nil {
		t.Fatal(err)
	}
}

func TestEveryEncodingGivesTheSameTable(t *testing.T) {
	const text = "仪器名称,型号,备注\r\n透射电镜,F200X,镕堃𠮷\r\n"
	encode := func(e encoding.Encoding) []byte {
		out, err := e.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	files := map[string][]byte{
		"UTF-8":              []byte(text),
		"UTF-8 BOM":          append([]byte("\xEF\xBB\xBF"), text...),
		"GB18030":            encode(simplifiedchinese.GB18030),
		"UTF-16LE BOM":       encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)),
		"UTF-16BE BOM":       encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM)),
		"UTF-16LE (no mark)": encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)),
	}
	for name, data := range files {
		tab := read(t, data, Options{})
		want := []Row{{Number: 2, Cells: []string{"透射电镜", "F200X", "镕堃𠮷"}}}
		if !reflect.DeepEqual(tab.Headings, []string{"仪器名称", "型号", "备注"}) || !reflect.DeepEqual(tab.Rows, want) {
			t.Errorf("%s: %q %v", name, tab.Headings, tab.Rows)
		}
	}
}

func TestRowsKeepTheirNumbers(t *testing.T) {
	tab := read(t, []byte("name,model\n\na,1\n,\n\"b\nc\",2\nd,3\n"), Options{})
	want := []Row{{Number: 3, Cells: []string{"a", "1"}}, {Number: 5, Cells: []string{"b\nc", "2"}}, {Number: 6, Cells: []string{"d", "3"}}}
	if !reflect.DeepEqual(tab.Rows, want) {
		t.Errorf("rows %v", tab.Rows)
	}
}

func TestSeparators(t *testing.T) {
	for text, format := range map[string]string{"a\tb, c\n1\t2\n": "tsv", "a;b\n1,5;2\n3;4\n": "csv", "a,b\n1,2": "csv"} {
		tab := read(t, []byte(text), Options{})
		if tab.Format != format || len(tab.Headings) != 2 {
			t.Errorf("%q: %s %q", text, tab.Format, tab.Headings)
		}
	}
}

func TestAStrayQuoteSwallowsNothing(t *testing.T) {
	tab := read(t, []byte("name,size\nx,\"5 inch\ny,6\" wide\nz,7\n"), Options{})
	if n := len(tab.Rows); n < 2 || tab.Rows[n-1].Cell(0) != "z" {
		t.Errorf("rows %v", tab.Rows)
	}
	tab = read(t, []byte("name,size\nx,\"5 inch\ny,6\nz,7\n"), Options{})
	if len(tab.Rows) != 3 || tab.Rows[0].Cell(1) != `"5 inch` {
		t.Errorf("rows %v", tab.Rows)
	}
}

func TestFormulasAreNeverComputed(t *testing.T) {
	tab := read(t, []byte("name,note\n=1+1,+cmd|' /C calc'!A0\n@SUM(A1),-2\n"), Options{})
	if tab.Rows[0].Cell(0) != "=1+1" || tab.Rows[1].Cell(0) != "@SUM(A1)" {
		t.Errorf("rows %v", tab.Rows)
	}
	data := workbook(t, func(f *excelize.File) {
		set(t, f, "A1", "name")
		set(t, f, "B1", "price")
		set(t, f, "A2", "x")
		set(t, f, "B2", 42.5) // the cached value
		if err := f.SetCellFormula("Sheet1", "B2", "40+2.5"); err != nil {
			t.Fatal(err)
		}
		set(t, f, "A3", "=HYPERLINK(1)")
	})
	tab = read(t, data, Options{})
	if tab.Rows[0].Cell(1) != "42.5" || tab.Rows[1].Cell(0) != "=HYPERLINK(1)" {
		t.Errorf("rows %v", tab.Rows)
	}
	for in, want := range map[string]string{"=1": "'=1", "+a": "'+a", "-a": "'-a", "@a": "'@a", "-2.5": "-2.5", "+86": "+86", "a=1": "a=1", "": "", "\tx": "'\tx"} {
		if got := Neutral(in); got != want {
			t.Errorf("Neutral(%q) = %q", in, got)
		}
	}
}

func TestWorkbookValues(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		must(f.MergeCell("Sheet1", "A1", "F1"))
		set(t, f, "A1", "仪器设备登记表")
		must(f.MergeCell("Sheet1", "E3", "F3"))
		for i, h := range []string{"名称", "建账日期\n（例：2016-01-01）", "分类编码", "原值", "安放地址"} {
			set(t, f, string(rune('A'+i))+"3", h)
		}
		set(t, f, "E4", "省")
		set(t, f, "F4", "市")
		set(t, f, "A6", "电镜")
		set(t, f, "B6", 42370)
		set(t, f, "C6", 30122)
		set(t, f, "D6", 12.300000000000001)
		set(t, f, "E6", "浙江省")
		set(t, f, "F6", 123456789012)
		date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		must(err)
		must(f.SetCellStyle("Sheet1", "B6", "B6", date))
		six := "000000"
		code, err := f.NewStyle(&excelize.Style{CustomNumFmt: &six})
		must(err)
		must(f.SetCellStyle("Sheet1", "C6", "C6", code))
	})
	tab := read(t, data, Options{})
	wantHead := []string{"名称", "建账日期 （例：2016-01-01）", "分类编码", "原值", "安放地址-省", "安放地址-市"}
	if tab.HeadingRow != 3 || !reflect.DeepEqual(tab.Headings, wantHead) {
		t.Errorf("headings of row %d: %q", tab.HeadingRow, tab.Headings)
	}
	want := []Row{{Number: 6, Cells: []string{"电镜", "2016-01-01", "030122", "12.3", "浙江省", "123456789012"}}}
	if !reflect.DeepEqual(tab.Rows, want) {
		t.Errorf("rows %v", tab.Rows)
	}
}

func TestTheScoreFindsTheHeadingRow(t *testing.T) {
	text := "某某研究院,2026年\n制表人,张三\nname,model\nx,1\n"
	known := func(cells []string) int {
		n := 0
		for _, c := range cells {
			if c == "name" || c == "model" {
				n++
			}
		}
		return n
	}
	tab := read(t, []byte(text), Options{Heading: known})
	if tab.HeadingRow != 3 || len(tab.Rows) != 1 || tab.Rows[0].Number != 4 {
		t.Errorf("%+v", tab)
	}
}

func TestBadFilesSayWhatToDo(t *testing.T) {
	good := workbook(t, func(f *excelize.File) { set(t, f, "A1", "name"); set(t, f, "A2", strings.Repeat("长", 50)) })
	zipOf := func(name string, body []byte) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(body)
		}
		if err == nil {
			err = z.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	cases := []struct {
		name, code string
		data       []byte
		limits     Limits
	}{
		{"empty", "sheet-empty", nil, Limits{}},
		{"blank", "sheet-empty", []byte("\xEF\xBB\xBF \r\n ,, \n"), Limits{}},
		{"blank book", "sheet-empty", workbook(t, func(*excelize.File) {}), Limits{}},
		{"truncated", "sheet-unreadable", good[:len(good)/2], Limits{}},
		{"bomb", "sheet-too-large", zipOf("xl/workbook.xml", make([]byte, 8<<20)), Limits{}},
		{"not a book", "sheet-unreadable", zipOf("xl/nothing.txt", []byte("x")), Limits{}},
		{"archive", "sheet-not-a-table", zipOf("a.txt", []byte("x")), Limits{}},
		{"word", "sheet-not-a-table", zipOf("word/document.xml", []byte("x")), Limits{}},
		{"old excel", "sheet-not-a-table", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), Limits{}},
		{"pdf", "sheet-not-a-table", []byte("%PDF-1.7 x"), Limits{}},
		{"html", "sheet-not-a-table", []byte("\n<html><table>"), Limits{}},
		{"json", "sheet-not-a-table", []byte(`{"a":1}`), Limits{}},
		{"binary", "sheet-not-a-table", []byte("abc\x00\x01\x02\x00\x00defgh"), Limits{}},
		{"noise", "sheet-encoding", bytes.Repeat([]byte{0xC3, 0x28, 0xFF, 0x80}, 200), Limits{}},
		{"bytes", "sheet-too-large", bytes.Repeat([]byte("a,b\n"), 100), Limits{Bytes: 100}},
		{"rows", "sheet-too-many-rows", bytes.Repeat([]byte("a,b\n"), 100), Limits{Rows: 10}},
		{"columns", "sheet-too-many-columns", bytes.Repeat([]byte("a,"), 600), Limits{}},
		{"cell", "sheet-cell-too-long", []byte("a,b\n" + strings.Repeat("字", 40_000) + ",1"), Limits{}},
	}
	for _, c := range cases {
		_, err := Read(c.name, bytes.NewReader(c.data), Options{Limits: c.limits})
		if !fault.Is(err, c.code) {
			t.Errorf("%s: want %s, got %v", c.name, c.code, err)
		}
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rows := [][]string{{"=1+1", "0012"}, {"中\n文", ""}, {"", "x"}}
	var b bytes.Buffer
	page := Page{Name: "仪器", Headings: []string{"名称", "编号"}, Notes: []string{"必填"}, Choices: map[int][]string{1: {"是", "否"}}, Rows: rows, Marked: map[int]map[int]bool{1: {1: true}}}
	if err := WriteXLSX(&b, page, Page{Name: "说明", Headings: []string{"列"}}); err != nil {
		t.Fatal(err)
	}
	tab := read(t, b.Bytes(), Options{})
	if tab.Sheet != "仪器" || len(tab.Rows) != 3 || tab.Rows[0].Cell(0) != "=1+1" || tab.Rows[0].Cell(1) != "0012" {
		t.Errorf("%+v", tab)
	}
	b.Reset()
	if err := WriteCSV(&b, page.Headings, rows); err != nil {
		t.Fatal(err)
	}
	tab = read(t, b.Bytes(), Options{})
	if tab.Rows[0].Cell(0) != "'=1+1" || tab.Rows[1].Cell(0) != "中\n文" {
		t.Errorf("%+v", tab)
	}
}

// What encoding/csv writes, the splitter reads alike.
func TestSplitterAgreesWithTheStandard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[a-z中文",;= \n]{0,6}`)
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 4), 1, 6).Draw(t, "rows")
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		s := newSplitter(&b, ',')
		for i := 0; s.more(); i++ {
			if got := s.record(); !reflect.DeepEqual(got, rows[i]) {
				t.Fatalf("row %d: %q, want %q", i, got, rows[i])
			}
		}
	})
}

func FuzzReadText(f *testing.F) {
	for _, s := range []string{"a,b\n1,2", "\"a\n", "\xFF\xFEa\x00", "名称\t型号\n", "\xC4\xE3\xBA\xC3,1\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(checkRead)
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(workbook(f, func(x *excelize.File) { set(f, x, "A1", "name"); set(f, x, "B2", 1.5) }))
	f.Add(parts(f, `<worksheet><sheetData><row><c t="s"><v>0</v></c></row></sheetData></worksheet>`, `<sst><si><t>x</t></si></sst>`))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(checkRead)
}

// checkRead: any bytes give a table within its limits or a fault that is not internal.
func checkRead(t *testing.T, data []byte) {
	tab, err := Read("f", bytes.NewReader(data), Options{Limits: Limits{Rows: 1000, Columns: 100, Unpacked: 8 << 20}})
	if err != nil {
		if fault.Of(err).Kind == fault.Internal {
			t.Fatalf("internal fault: %v", err)
		}
		return
	}
	last := tab.HeadingRow
	for _, r := range tab.Rows {
		if r.Number <= last || len(r.Cells) > len(tab.Headings) {
			t.Fatalf("row %+v after %d, %d headings", r, last, len(tab.Headings))
		}
		last = r.Number
	}
}

// hostile is a text file whose rows try everything; each is followed by a good one.
func hostile(rows int) string {
	var b strings.Builder
	b.WriteString("名称,型号,备注\n")
	bad := []string{
		"=HYPERLINK(\"http://x\"),+cmd|' /C calc'!A0,@SUM(1)", "控\x00制\x01,\x1b[31m,\u202e", "\"never closed,1,2", "坏\xff\xfe,\xc3\x28,\xed\xa0\x80", strings.Repeat("长", 400_000) + ",x,y",
		strings.Repeat(",", 5000), "\"a\"b\"c\",\"\"\"\",\"", "&lt;script&gt;,<!ENTITY a \"b\">,&a;", "\r\r\r", "'; DROP TABLE x; --,%s%n,{{7*7}}",
	}
	for i := range rows / 2 {
		b.WriteString(bad[i%len(bad)] + "\n")
		fmt.Fprintf(&b, "好仪器%d,M-%d,备注\n", i, i)
	}
	return b.String()
}

func TestHostileRowsStayAmongThemselves(t *testing.T) {
	text := hostile(1000)
	r, err := Open("h.csv", strings.NewReader(text), int64(len(text)), Options{Limits: Limits{Bytes: 100 << 20}})
	if err != nil {
		t.Fatal(err)
	}
	good, long := 0, 0
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(row.Cell(0), "好仪器") && row.Cell(2) == "备注" {
			good++
		}
		long += len(row.Long)
	}
	if good < 450 || long != 50 { // an open quote may take the good row behind it along
		t.Errorf("%d good rows, %d long cells", good, long)
	}
}

// part makes a workbook out of raw parts.
func parts(t testing.TB, sheet, texts string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range map[string]string{
		"xl/workbook.xml":            `<?xml version="1.0"?><workbook><sheets><sheet name="一" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet, "xl/sharedStrings.xml": texts,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAWorkbookOfAnyHand(t *testing.T) {
	sheet := `<worksheet><!-- a > b --><sheetData><row r="2"><c r="A2" t="inlineStr"><is><r><t>na</t></r><r><t>me</t></r><rPh><t>x</t></rPh></is></c><c t="s"><v>0</v></c></row>
		<x:row><x:c t="str"><x:f>1&lt;2</x:f><x:v>A &amp; B &#20013;</x:v></x:c><x:c><x:v>1.5E+10</x:v></x:c><x:c r="ZZZ9"><x:v>1</x:v></x:c></x:row><row/><row r="9"><c r="B9" t="b"><v>1</v></c></row></sheetData></worksheet>`
	tab := read(t, parts(t, sheet, `<sst><si><t><![CDATA[型号>]]></t></si><si/></sst>`), Options{})
	want := []Row{{Number: 3, Cells: []string{"A & B 中", "15000000000"}}, {Number: 9, Cells: []string{"", "1"}}}
	if !reflect.DeepEqual(tab.Headings, []string{"name", "型号>"}) || !reflect.DeepEqual(tab.Rows, want) {
		t.Errorf("%q %+v", tab.Headings, tab.Rows)
	}
	bomb := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>`
	if _, err := Read("b", bytes.NewReader(parts(t, sheet, bomb)), Options{}); !fault.Is(err, "sheet-unreadable") {
		t.Errorf("a file with entities of its own: %v", err)
	}
	tab = read(t, parts(t, strings.Replace(sheet, "A &amp; B", "&lol;", 1), `<sst/>`), Options{})
	if tab.Headings[0] != "&lol; 中" { // the first row with two cells
		t.Errorf("an unknown entity: %+v", tab)
	}
}

func TestTextsOfABookGoToDisk(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		for i := 1; i < 300; i++ {
			set(t, f, fmt.Sprint("A", i), fmt.Sprint("text ", i))
			set(t, f, fmt.Sprint("B", i), "same")
		}
	})
	all, bounded := read(t, data, Options{}), read(t, data, Options{Limits: Limits{Memory: 100}})
	if !reflect.DeepEqual(all, bounded) || len(all.Rows) != 298 {
		t.Errorf("%d and %d rows", len(all.Rows), len(bounded.Rows))
	}
}

// BenchmarkOpen reads rows of 47 columns.
func BenchmarkOpen(b *testing.B) {
	const rows = 3000
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	p := Page{Name: "a"}
	for r := range rows + 1 {
		var cells []string
		for c := range 47 {
			cells = append(cells, fmt.Sprintf("第 %d 行的 %d", r%100, c))
		}
		if err := w.Write(cells); err != nil {
			b.Fatal(err)
		}
		if r == 0 {
			p.Headings = cells
		} else {
			p.Rows = append(p.Rows, cells)
		}
	}
	w.Flush()
	var book bytes.Buffer
	if err := WriteXLSX(&book, p); err != nil {
		b.Fatal(err)
	}
	for name, data := range map[string][]byte{"csv": text.Bytes(), "xlsx": book.Bytes()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, err := Open(name, bytes.NewReader(data), int64(len(data)), Options{})
				n := 0
				for ; err == nil; n++ {
					_, err = r.Next()
				}
				if n != rows+1 || !errors.Is(err, io.EOF) {
					b.Fatal(n, err)
				}
			}
			b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
