package importing

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
)

const bibliography = `% a comment line, mail me@example.com
@string{nat = "Nature " # {Materials}}
@comment{jabref-meta: databaseType:bibtex;}
@article{key1,
  title = {A {Nested {Title}} of $\alpha$-Fe \& more},
  author = "M{\"u}ller, J{\'o}zef and {The {\L}{\'o}d{\'z} Group, Inc.} and Li, Si and 张, 三 and others",
  journal = nat, year = 2019, month = mar, number = 7,
  doi = {https://doi.org/10.1000/ABC\_1}, keywords = {steel, fatigue; steel},
  abstract = {One line
   and another --- with a dash.}, language = {english}, note = {not kept}
}
@misc{cut, title = {This one never ends,
@patent(pat1,
  title = "一种高温合金", author = {李四}, number = {CN 101234567 A}, year = {2020}, holder = {示例·研究院})
@dataset{data1, title = {数据集}, author = {A. B.}, year = {in press}, url = {https://data.example/x_~y}, copyright = {CC BY 4.0}}
@phdthesis{empty,}
@software{soft, title = {Solver}, author = {X}, date = {2021-05}}
`

const risFile = "\uFEFFProvider: somebody\r\nTY  - JOUR\r\nTI  - 高温合金的疲劳\r\nAU  - 张, 三\r\nAU  - Smith, John, Jr.\r\nPY  - 2018/04//\r\nJO  - 材料学报\r\nDO  - 10.1000/xyz\r\nSN  - 1234-5678\r\nKW  - 疲劳\r\nKW  - 合金\r\nAB  - 第一行\r\n第二行\r\nZZ  - odd\r\nER  - \r\n\r\n" +
	"TY  - STAND\r\nT1  - GB/T 228.1 金属材料 拉伸试验\r\nM1  - GB/T 228.1-2021\r\nAU  - 示例·标准院\r\nTY  - DATA\r\nTI  - Dataset without an end before\r\nER  -\r\nTI  - no type\r\nER  - \r\nTY  - PAT\r\nTI  - 专利一\r\nVL  - CN1\r\n"

const pidinstFile = `<?xml version="1.0" encoding="GB2312"?>
<!DOCTYPE list>
<p:list xmlns:p="urn:x" xmlns="urn:qiao:pidinst:1.0"><!-- <instrument> in a comment -->
<instrument><identifier identifierType="Handle">21.T11148/abc</identifier><schemaVersion>1.0</schemaVersion><landingPage>https://lab.example/1</landingPage><name>扫描电镜</name>
<manufacturers><manufacturer><manufacturerName>:unkn</manufacturerName></manufacturer></manufacturers><model><modelName>X &amp; Y</modelName></model>
<measuredVariables><measuredVariable>形貌</measuredVariable><measuredVariable>成分</measuredVariable></measuredVariables>
<dates><date dateType="Commissioned">2019-03</date></dates><alternateIdentifiers><alternateIdentifier alternateIdentifierType="InventoryNumber">A-1</alternateIdentifier></alternateIdentifiers></instrument>
<p:instrument><p:name><![CDATA[Mass <spectrometer> </p:instrument>]]></p:name><p:landingPage>https://lab.example/2</p:landingPage></p:instrument>
<instrument><name>bad & entity</name></instrument>
<instrument><name>open
<instrument><name>last&eacute;</name><alternateIdentifiers><alternateIdentifier alternateIdentifierType="InventoryNumber">A-9</alternateIdentifier></alternateIdentifiers></instrument>
</p:list>`

// Each format is found by its content, whatever the file is called; bad records stop no good one.
func TestFormatsByContent(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(risFile[3:])
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(bibliography)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text, format string
		want               [4]int64
		codes              []string
	}{
		{"a.txt", bibliography, "bibtex", [4]int64{4, 0, 0, 2}, []string{"unterminated", "empty"}},
		{"a.bib", wide, "bibtex", [4]int64{4, 0, 0, 2}, []string{"unterminated", "empty"}},
		{"a.csv", risFile, "ris", [4]int64{4, 0, 0, 1}, []string{"no-type"}},
		{"b.ris", gb, "ris", [4]int64{4, 0, 0, 1}, []string{"no-type"}},
		{"a.xml", pidinstFile, "pidinst", [4]int64{3, 0, 0, 2}, []string{"not-a-record", "unterminated"}},
		{"a.json", `{"instruData": [{"innerId":"1","cname":"电镜","beginDate":"2020-01-01"},{"cname":"坏","beginDate":"x"},7,{"cname":"好"}]}`, "nrii", [4]int64{2, 0, 0, 2}, []string{"not-a-date", "not-a-record"}},
		{"p.json", `[{"schemaVersion":"1.0","landingPage":"https://a.example","name":"电镜","manufacturers":[{"manufacturerName":"甲"}]}]`, "pidinst", [4]int64{1, 0, 0, 0}, nil},
		{"u.tsv", "Type\tName\tDescription\tID\nequipment\tSEM\tx\t1\nrocket\tY\t\t2\n", "uniquip", [4]int64{1, 0, 0, 1}, []string{"not-a-choice"}},
		{"l.jsonl", "{\"kind\":\"dataset\",\"name_zh\":\"测试\",\"fields\":{}}\n{\"kind\":\"dataset\",\"name_zh\":\n{\"kind\":\"dataset\",\"name_zh\":\"草稿\",\"status\":\"draft\",\"fields\":{}}\n{\"kind\":\"dataset\",\"na", "lines", [4]int64{1, 0, 0, 3}, []string{"not-a-record", "not-published", "not-a-record"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, dbtest.SQLite(t))
			r := w.take(w.Lab, c.name, c.text)
			var codes []string
			for _, e := range r.Errors {
				codes = append(codes, e.Code)
			}
			if counts(r) != c.want || r.Format != c.format || !slices.Equal(codes, c.codes) {
				t.Fatalf("%v %s %v: %+v", counts(r), r.Format, codes, r.Errors)
			}
			if again := w.take(w.Lab, c.name, c.text); counts(again) != [4]int64{0, 0, c.want[0], c.want[3]} {
				t.Errorf("again: %v", counts(again))
			}
		})
	}
}

func (w *world) named(name string) catalogue.Resource {
	w.T.Helper()
	for _, r := range w.all(w.Lab) {
		if r.NameZH == name || r.NameEN == name {
			return r
		}
	}
	w.T.Fatalf("no %q", name)
	return catalogue.Resource{}
}

func TestBibliographiesBecomeRecords(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	if r := w.take(w.Lab, "a.bib", bibliography); !slices.Equal(r.Ignored, []string{"note"}) {
		t.Errorf("ignored: %v", r.Ignored)
	}
	w.take(w.Lab, "a.ris", risFile)
	check := func(got, want any) {
		t.Helper()
		if a, b := plainJSON(t, got), plainJSON(t, want); a != b {
			t.Errorf("got %s, want %s", a, b)
		}
	}
	a := w.named("A Nested Title of α-Fe & more")
	check([]any{a.Kind, a.Class, a.SourceID, a.Identifiers}, []any{"literature", "paper", "key1", []catalogue.Identifier{{Scheme: "doi", Value: "10.1000/abc_1"}}})
	check(a.Summary, "One line and another — with a dash.")
	check(a.Fields, map[string]any{"authors": []string{"Józef Müller", "The Łódź Group Inc.", "Si Li", "张三"}, "container": "Nature Materials", "published": "2019-03-01", "keywords": []string{"steel", "fatigue"}, "written_in": []string{"en"}})
	p := w.named("一种高温合金")
	check([]any{p.Kind, p.Class, p.Fields}, []any{"achievement", "technology", map[string]any{"authors": []string{"李四"}, "holders": []string{"示例·研究院"}, "patents": []string{"CN 101234567 A"}, "completed": "2020-01"}})
	d := w.named("数据集")
	check([]any{d.Kind, d.Fields}, []any{"dataset", map[string]any{"authors": []string{"A. B."}, "website": "https://data.example/x_~y", "terms": "CC BY 4.0"}})
	if s := w.named("Solver"); s.Kind != "achievement" || s.Class != "software" || s.Fields["completed"] != "2021-05" {
		t.Errorf("%+v", s)
	}
	j := w.named("高温合金的疲劳")
	check(j.Fields, map[string]any{"authors": []string{"张三", "John Smith Jr."}, "published": "2018-04-01", "container": "材料学报", "identifier": "1234-5678", "keywords": []string{"疲劳", "合金"}})
	check(j.Summary, "第一行 第二行")
	n := w.named("GB/T 228.1 金属材料 拉伸试验")
	check([]any{n.Kind, n.Fields}, []any{"standard", map[string]any{"identifier": "GB/T 228.1-2021", "drafters": []string{"示例·标准院"}}})
}

func plainJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A kind that is asked for holds for every entry.
func TestBibliographyOfOneKind(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.takeWith(w.Lab, Request{Org: w.Lab.Org, Kind: "achievement", Name: "a.bib", Reader: strings.NewReader(bibliography)})
	if a := w.named("A Nested Title of α-Fe & more"); a.Kind != "achievement" || a.Class != "" || a.Fields["completed"] != "2019-03" {
		t.Errorf("%+v", a)
	}
}

func TestInstrumentsInXML(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.take(w.Lab, "a.xml", pidinstFile)
	r := w.named("扫描电镜")
	if r.SourceID != "A-1" || r.Model != "X & Y" || r.Maker != "" || r.Fields["commissioned"] != "2019-03-01" || !slices.Equal(r.Identifiers, []catalogue.Identifier{{Scheme: "pidinst", Value: "21.T11148/abc"}}) {
		t.Errorf("%+v", r)
	}
	w.named("Mass <spectrometer> </p:instrument>")
	w.named("lasté")
	bomb := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><instrument><name>&lol2;</name></instrument>`
	for text, code := range map[string]string{bomb: "xml-entities", "<rss><channel/></rss>": "no-records", "<html><body>": "sheet-not-a-table"} {
		if _, err := w.Import(t.Context(), w.Lab, Request{Org: w.Lab.Org, Name: "x.xml", Reader: strings.NewReader(text)}); !fault.Is(err, code) {
			t.Errorf("%s: %v", text, err)
		}
	}
	huge := "<list><instrument><name>" + strings.Repeat("长", 1<<20) + "</name></instrument><instrument><name>good</name></instrument></list>"
	if r := w.take(w.Lab, "h.xml", huge); counts(r) != [4]int64{1, 0, 0, 1} || r.Errors[0].Code != "too-long" {
		t.Errorf("%+v", r)
	}
}

// Records of our own come back the same, whatever kind they are of.
func TestOwnRecordsComeBackWhole(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ctx, yes, de := t.Context(), true, "DE"
	x := catalogue.Incoming{Kind: "instrument", SourceID: "A-1", Values: map[string]any{"name_zh": "扫描电镜", "summary": "第一行\n第二行", "worth": int64(1_234_567_0000), "subjects": []string{"材料科学", "物理学"}, "customs": true, "condition": "正常"},
		Free: &yes, Access: []string{"self", "mail_in"}, Country: &de, Languages: []string{"de", "en"}, Identifiers: []catalogue.Identifier{{Scheme: "doi", Value: "10.5442/ni000001"}},
		Prices: []catalogue.PriceLine{{Audience: "external", Unit: "hour", Amount: 60000, Currency: "EUR", Minimum: 2, Option: "高分辨", From: "2026-01-01"}, {Audience: "internal", Unit: "sample", Amount: 1, Currency: "CNY"}}}
	if err := w.put(x); err != nil {
		t.Fatal(err)
	}
	before := w.named("扫描电镜")
	line := wholeLine(t, before)
	if r := w.take(w.Lab, "own.jsonl", line); counts(r) != [4]int64{0, 0, 1, 0} || r.Format != "lines" {
		t.Fatalf("into its own node: %+v", r)
	}
	if r := w.takeWith(w.Other, Request{Org: w.Other.Org, Format: "qiao", Name: "own.jsonl", Reader: strings.NewReader(line)}); counts(r) != [4]int64{1, 0, 0, 0} {
		t.Fatalf("elsewhere: %+v", r.Errors)
	}
	l, err := w.Catalogue.Owned(ctx, w.DB, w.Other.Org)
	if err != nil || len(l) != 1 {
		t.Fatal(l, err)
	}
	if got := wholeLine(t, l[0]); got != line {
		t.Errorf("got\n%s\nwant\n%s", got, line)
	}
}

func (w *world) put(x catalogue.Incoming) error {
	return w.DB.InTx(w.T.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := w.Catalogue.TakeIn(ctx, w.Lab, tx, catalogue.Intake{Org: w.Lab.Org, Cause: "test", Trusted: true}, []catalogue.Incoming{x})
		return err
	})
}

// wholeLine is a record as the API tells it, without what is its node's.
func wholeLine(t *testing.T, r catalogue.Resource) string {
	t.Helper()
	prices := slices.Clone(r.Prices)
	for i := range prices {
		prices[i].ID = ""
	}
	return plainJSON(t, map[string]any{
		"kind": r.Kind, "region": r.Region, "name_zh": r.NameZH, "name_en": r.NameEN, "summary": r.Summary, "origin": map[string]any{"source_id": r.SourceID}, "free": r.Free, "voucher": r.Voucher, "booking": r.Booking,
		"access": r.Access, "fields": r.Fields, "prices": prices, "country": r.Country, "languages": r.Languages, "identifiers": r.Identifiers,
	}) + "\n"
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{bibliography, risFile, pidinstFile, ownList, `[{"name":"x","dates":[{"date":"2020-01-01","dateType":"Commissioned"}],"model":{"modelName":1},"alternateIdentifiers":[null,3]}]`, `{"name":["x"],"manufacturers":{"a":1}}`,
		`{"kind":"instrument","fields":{"worth":1e300,"subjects":[1,null],"customs":"x"},"prices":[{"amount":"x"}],"identifiers":[{"scheme":1}]}`, `{"instruData":[{"a":1},`} {
		for _, format := range []string{"", "pidinst", "nrii", "qiao"} {
			f.Add(format, []byte(text))
		}
	}
	s := &Service{kinds: kinds.All()}
	f.Fuzz(func(t *testing.T, format string, data []byte) {
		tab, err := s.read("f", format, &file{bytes.NewReader(data), int64(len(data)), nil})
		if err == nil {
			defer tab.close() //nolint:errcheck // memory only
			l := layout{headings: tab.headings, targets: make([]string, len(tab.headings)), kind: "instrument"}
			if known, ok := s.byFormat(tab, ""); ok {
				l = known
			}
			r := newReader(s.kinds, l)
			for err == nil {
				var row sheet.Row
				if row, err = tab.next(); err == nil {
					if len(row.Cells) > len(tab.headings) {
						t.Fatalf("%d cells, %d headings", len(row.Cells), len(tab.headings))
					}
					r.take(row)
				}
			}
		}
		if err != nil && !errors.Is(err, io.EOF) && fault.Of(err) == nil {
			t.Fatal(err)
		}
	})
}
