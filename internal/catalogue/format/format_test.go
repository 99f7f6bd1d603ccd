package format

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/catalogue/kinds"
)

func kind(t testing.TB, name string) kinds.Kind {
	t.Helper()
	k, ok := kinds.All().Find(name)
	if !ok {
		t.Fatalf("no kind %s", name)
	}
	return k
}

func microscope(t testing.TB) Record {
	return Record{
		ID: "0190", Link: "https://qiao.example/resources/0190", Kind: kind(t, "instrument"), NameZH: "示例·场发射扫描电镜", NameEN: "Sample FE-SEM", Summary: "看得见 1 nm 的细节 <b>&\"'",
		Model: "SEM-5000X", Maker: "示例·国仪", Class: "010101", Region: "330402", Place: "浙江省 嘉兴市 南湖区", SourceID: "A-1", Licence: "CC0-1.0", RetrievedOn: "2026-11-01", Source: "示例登记处",
		Owner:  Owner{ID: "o1", Link: "https://qiao.example/organisations/o1", NameZH: "示例·南湖检测研究院", NameEN: "Sample Institute", ROR: "03yrm5c26", Region: "330402", Kind: "institute", Sample: true},
		Access: []string{"self", "mail_in"}, Voucher: true, Booking: true, Sample: true,
		Prices: []Price{{"external", "hour", 60000, "CNY", 1, "高分辨", "", "2026-01-01", ""}}, Offer: Price{"external", "hour", 60000, "CNY", 1, "", "", "", ""},
		Fields:  map[string]any{"worth": int64(123_456_0000), "subjects": []string{"材料科学", "物理学"}, "customs": true, "commissioned": "2019-05-01", "serial": "S-9", "function": "形貌观察", "contact": "某人", "phone": "0573", "email": "x@example.com", "condition": "正常", "belongs_type": "无", "share_mode": "外部共享"},
		Changed: time.Date(2026, 11, 20, 3, 4, 5, 0, time.UTC),
	}
}

// wellFormed reads a whole XML text.
func wellFormed(t interface{ Fatalf(string, ...any) }, text string) {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, text)
		}
	}
}

func TestWholeComesBackTheSame(t *testing.T) {
	r := microscope(t)
	got, err := ReadWhole([]byte(Whole(r, "x.xsd")), kinds.All())
	if err != nil {
		t.Fatal(err)
	}
	for _, hidden := range []string{"contact", "phone", "email"} { // never leave
		delete(r.Fields, hidden)
	}
	r.Place, r.Owner.Link, r.Offer, r.Changed = "", "", Price{}, time.Time{} // follow from the rest
	if !reflect.DeepEqual(got, r) {
		t.Errorf("got\n%+v\nwant\n%+v", got, r)
	}
}

func TestNothingPersonalLeaves(t *testing.T) {
	r := microscope(t)
	ld, err := Script(JSONLD(r))
	if err != nil {
		t.Fatal(err)
	}
	cite, err := json.Marshal([]any{DataCite(r), PidinstOf(r), NRIIRecord(r, false)})
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join([]string{Whole(r, ""), OaiDC(r), PidinstOf(r).XML("", ""), ld, string(cite), strings.Join(UniquipRow(r), "|"), BibTeX(r), RIS(r)}, "\n")
	for _, secret := range []string{"某人", "0573", "x@example.com"} {
		if strings.Contains(all, secret) {
			t.Errorf("%q left", secret)
		}
	}
	if strings.Contains(ld, "</") || strings.Contains(ld, "<b>") {
		t.Errorf("JSON-LD could end its element: %s", ld)
	}
	if v := NRIIRecord(r, true); v["contact"] != "某人" || v["worth"] != "123.45" && v["worth"] != "1234.56" || v["subject"] != "材料科学,物理学" || v["auditStatus"] != -1 || v["instrSupervise"] != "是" {
		t.Errorf("%v", v)
	}
}

func TestNRIIIssues(t *testing.T) {
	r := microscope(t)
	r.NameZH = strings.Repeat("长", 51)
	r.Fields["subjects"] = []string{"1", "2", "3", "4", "5"}
	want := map[string]string{"cname": "too-long", "subject": "too-many", "nation": "missing", "address": "missing"}
	for _, i := range NRIIIssues(r) {
		if code, ok := want[i.Field.Key]; ok && code == i.Code {
			delete(want, i.Field.Key)
		}
		if i.Field.Key == "function" || i.Field.Key == "innerId" {
			t.Errorf("%+v", i)
		}
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
	for _, f := range NRII().Fields {
		if own, ok := kind(t, "instrument").Field(f.Field); !ok || own.NRII != f.Key {
			t.Errorf("%s is %s in the catalogue", f.Key, own.NRII)
		}
	}
}

func TestPublishedThings(t *testing.T) {
	r := Record{ID: "p1", Link: "https://qiao.example/resources/p1", Kind: kind(t, "literature"), NameZH: "论{文}_100%", Owner: Owner{NameZH: "甲"}, Fields: map[string]any{"authors": []string{"张三", "Li Si"}, "identifier": "https://doi.org/10.1/x", "published": "2020-02-03"}}
	if b := BibTeX(r); !strings.Contains(b, `title = {论\{文\}\_100\%}`) || !strings.Contains(b, "author = {张三 and Li Si}") || !strings.Contains(b, "doi = {10.1/x}") {
		t.Error(b)
	}
	if b := RIS(r); !strings.HasPrefix(b, "TY  - JOUR\r\n") || !strings.HasSuffix(b, "ER  - \r\n") || !strings.Contains(b, "AU  - Li Si\r\n") {
		t.Error(b)
	}
	if b := OaiDC(r); !strings.Contains(b, "<dc:identifier>https://doi.org/10.1/x</dc:identifier>") || !strings.Contains(b, "<dc:date>2020-02-03</dc:date>") {
		t.Error(b)
	}
}

// Any text at all gives well-formed XML.
func TestXMLOfAnyText(t *testing.T) {
	k := kind(t, "instrument")
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		r := Record{Kind: k, NameZH: text, Summary: text, SourceID: text, Maker: text, Owner: Owner{NameZH: text, Website: text}, Fields: map[string]any{"subjects": []string{text}, "technique": text}, Prices: []Price{{Note: text}}}
		wellFormed(t, Whole(r, text))
		wellFormed(t, OaiDC(r))
		wellFormed(t, PidinstOf(r).XML(PidinstNamespace, text))
	})
}

func FuzzReadWhole(f *testing.F) {
	f.Add([]byte(Whole(microscope(f), "x")))
	f.Add([]byte(`<resource xmlns="urn:qiao:resource:1.0" kind="instrument"><field name="worth"><value>x</value></field></resource>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ReadWhole(data, kinds.All())
		if err != nil {
			return
		}
		wellFormed(t, Whole(r, ""))
	})
}
