//i18n:data invented spreadsheets

package record

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/money"
	"qiao/internal/platform/sheet"
)

// table is an invented spreadsheet, with what its good rows add up to.
type table struct {
	name     string
	headings []string
	rows     [][]string
	sums     Sums
}

func (x table) bytes(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	err := sheet.WriteCSV(&b, x.headings, x.rows)
	if strings.HasSuffix(x.name, ".xlsx") {
		b.Reset()
		var s *sheet.Stream
		if s, err = sheet.NewStream(&b, x.headings); err == nil {
			for _, r := range x.rows {
				if err = s.Row(r); err != nil {
					break
				}
			}
			err = s.Close()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func day(n int) time.Time { return time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%600) }

// asNation is a list in the columns of the national format.
func asNation(n int) table {
	x := table{name: "国家平台.csv", headings: []string{"所在单位仪器内部编号", "服务金额", "实际服务时间", "实际服务内容", "服务方式", "服务量", "课题名称", "课题经费来源", "申请人", "申请人电话", "申请人单位"}}
	for i := range n {
		x.rows = append(x.rows, []string{"EQ-1", fmt.Sprintf("%d.50", 100+i%900), day(i).Format("2006-01-02") + fmt.Sprintf(" %02d:%02d至%02d:%02d", 8+i/600%8, i/4800*10, 9+i/600%8, i/4800*10), "形貌观察", "占用共享,委托共享", "0.75", "无", "B 国家自然科学基金", "王某", "0573-1", fmt.Sprintf("用户%d公司", i%70)})
		x.sums.Records, x.sums.Hours, x.sums.Fee = x.sums.Records+1, x.sums.Hours+75, x.sums.Fee+money.Fen((100+i%900)*100+50)
	}
	return x
}

// asCampus is what a campus system writes: a number, a start, an end, minutes.
func asCampus(n int) table {
	x := table{name: "预约系统导出.xlsx", headings: []string{"序号", "预约单号", "仪器名称", "开始时间", "结束时间", "使用分钟数", "使用人", "所属单位", "校内外", "收费金额（元）"}}
	for i := range n {
		at := day(i).Format("2006/1/2")
		x.rows = append(x.rows, []string{fmt.Sprint(i + 1), fmt.Sprintf("YY%06d", i), "透射电镜", at + fmt.Sprintf(" %d:00", 7+i/600), at + fmt.Sprintf(" %d:00", 9+i/600), "100", "李某", fmt.Sprintf("学院%d", i%9), []string{"校内", "校外"}[i%2], "1,000"})
		x.sums.Records, x.sums.Hours, x.sums.Fee = x.sums.Records+1, x.sums.Hours+167, x.sums.Fee+100_000
	}
	return x
}

// asLedger is the book of one instrument: a day, a customer, samples.
func asLedger(n int) table {
	x := table{name: "扫描电镜台账.csv", headings: []string{"日期", "送样单位", "样品个数", "测试费", "合同号", "发票号", "记录编号"}}
	for i := range n {
		x.rows = append(x.rows, []string{day(i).Format("2006年1月2日"), fmt.Sprintf("厂%d", i%40), fmt.Sprint(1 + i%9), "¥300", fmt.Sprintf("HT%d", i%40), fmt.Sprintf("%08d", i/3), fmt.Sprintf("L%06d", i)})
		x.sums.Records, x.sums.Samples, x.sums.Fee = x.sums.Records+1, x.sums.Samples+int64(1+i%9), x.sums.Fee+30_000
	}
	return x
}

// upload takes a spreadsheet in as its owner does who finds every column understood.
func (w *world) upload(name string, data []byte, resource string) Upload {
	w.T.Helper()
	u, err := w.Upload(w.ctx(w.Lab), w.Lab, name, bytes.NewReader(data))
	if err != nil {
		w.T.Fatal(err)
	}
	if resource != "" {
		p := u.plan()
		p.Resource = resource
		if u, err = w.Explain(w.ctx(w.Lab), w.Lab, u.ID, p, ""); err != nil {
			w.T.Fatal(err)
		}
	}
	if u, err = w.Apply(w.ctx(w.Lab), w.Lab, u.ID); err != nil {
		w.T.Fatal(err)
	}
	return u
}

func threeTables(n int) []table { return []table{asNation(n), asCampus(n), asLedger(n)} }

// Three lists of different shapes come in without a column being explained; the same again changes nothing, and the figures
// are the sums of the rows.
func TestThreeShapesOnceAndAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		want := Sums{}
		for _, x := range threeTables(510) {
			resource := map[bool]string{true: "sem"}[strings.Contains(x.name, "台账")]
			data := x.bytes(t)
			if u := w.upload(x.name, data, resource); u.Added != x.sums.Records || u.Refused != 0 || u.Same != 0 {
				rows, err := listRefused(t.Context(), d, u.ID, 0, 3)
				t.Fatalf("%s: %+v %v %v", x.name, u, rows, err)
			}
			want.Records, want.Hours, want.Samples, want.Fee = want.Records+x.sums.Records, want.Hours+x.sums.Hours, want.Samples+x.sums.Samples, want.Fee+x.sums.Fee
			if u := w.upload(x.name, data, resource); u.Added != 0 || u.Refused != 0 || u.Same != x.sums.Records {
				t.Fatalf("%s again: %+v", x.name, u)
			}
		}
		got, err := w.Total(t.Context(), w.Lab, Filter{State: Kept})
		if err != nil {
			t.Fatal(err)
		}
		if want.Users = got.Users; got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		inside, err := w.Total(t.Context(), w.Lab, Filter{State: Kept, Side: insideYes})
		if err != nil || inside.Records != 255 {
			t.Errorf("%d inside: %v", inside.Records, err)
		}
		w.sound()
	})
}

// What is wrong with a row is said beside it and stops no other; mended, the same workbook brings it in.
func TestRefusedRowsComeBackMended(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	first := w.made(FieldInstrument, "EQ-2", FieldStart, "2026-03-05", FieldUser, "厂1", FieldHours, "1")
	x := table{name: "台账.csv", headings: []string{"仪器编号", "日期", "送样单位", "样品个数", "测试费", "单号"}, rows: [][]string{
		{"EQ-1", "2026-03-01", "厂1", "3", "90", "1"},
		{"EQ-1", "2026-03-01", "厂1", "3", "90", "1"}, // again
		{"EQ-7", "2026-03-02", "厂1", "3", "90", "2"}, // no such instrument
		{"EQ-2", "2026-03-05", "厂1", "2", "60", ""},  // there already
		{"EQ-1", "2026-13-02", "", "x", "-3", "3"},
		{"EQ-1", "2026-03-03", "厂2", "1", "30", "4"},
	}}
	u := w.upload(x.name, x.bytes(t), "")
	rows, err := listRefused(t.Context(), w.World.DB, u.ID, 0, 10)
	if err != nil || u.Added != 2 || u.Refused != 4 || len(rows) != 4 {
		t.Fatalf("%+v %v %v", u, rows, err)
	}
	for i, want := range []string{"第 2 行", "EQ-7", first.Number(), "2026-13-02"} {
		if text := rows[i].text(w.ctx(w.Lab)); !strings.Contains(text, want) {
			t.Errorf("row %d: %q does not say %q", rows[i].Row, text, want)
		}
	}
	var b bytes.Buffer
	if err := w.WriteRefused(w.ctx(w.Lab), &b, u); err != nil {
		t.Fatal(err)
	}
	back, err := sheet.Read("back.xlsx", bytes.NewReader(b.Bytes()), sheet.Options{})
	if err != nil || len(back.Rows) != 4 || back.Rows[1].Cell(0) != "EQ-7" {
		t.Fatal(err, back)
	}
	back.Rows[1].Cells[0] = "EQ-2"
	mended := table{name: "back.xlsx", headings: back.Headings}
	for _, r := range back.Rows {
		mended.rows = append(mended.rows, r.Cells)
	}
	if u = w.upload(mended.name, mended.bytes(t), ""); u.Added != 1 || u.Same != 1 || u.Refused != 2 {
		t.Fatalf("%+v", u)
	}
	w.sound()
}

// What the columns mean is said once, kept under a name, and found again by the headings.
func TestMappingsAreFoundAgain(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	s := w.site()
	own := table{name: "own.csv", headings: []string{"甲", "乙", "丙", "丁"}, rows: [][]string{{"EQ-1", "2026-05-01", "厂1", "2"}, {"EQ-2", "2026-05-01", "厂1", "2.5"}}}
	sent := s.Upload("lab", "/desk/records/upload", own.name, own.bytes(t), nil)
	at := sent.Header().Get("Location")
	if sent.Code != http.StatusSeeOther {
		t.Fatal(sent.Code, sent.Body)
	}
	page := s.Page("lab", at, http.StatusOK)
	if page.Find("select[name^='column-']").Length() != 4 {
		t.Fatal("not every column can be explained")
	}
	twice := url.Values{"column-0": {FieldInstrument}, "column-1": {FieldStart}, "column-2": {FieldUser}, "column-3": {FieldUser}, "do": {"apply"}}
	if got := s.Post("lab", at, twice); got.Code != http.StatusUnprocessableEntity {
		t.Fatal("two columns for one thing", got.Code)
	}
	twice.Set("column-3", FieldHours)
	twice.Set("name", "自己的 台账")
	if got := s.Post("lab", at, twice); got.Code != http.StatusSeeOther {
		t.Fatal(got.Code, got.Body)
	}
	if text := s.Page("lab", at, http.StatusOK).Find("main").Text(); !strings.Contains(text, "新登记 2 条") {
		t.Error(text)
	}
	again := s.Upload("lab", "/desk/records/upload", "next.csv", own.bytes(t), nil).Header().Get("Location")
	if text := s.Page("lab", again, http.StatusOK).Find("main").Text(); !strings.Contains(text, "自己的 台账") {
		t.Error("the saved mapping is not found", text)
	}
	if got := s.Post("lab", again+"/drop", nil); got.Code != http.StatusSeeOther {
		t.Error(got.Code)
	}
	if got := s.Send("other", "GET", again, "", nil); got.Code != http.StatusForbidden {
		t.Error("seen by another provider", got.Code)
	}
	if got := s.Upload("lab", "/desk/records/upload", "picture.csv", []byte("\x89PNG\r\n\x1a\n...."), nil); got.Code != http.StatusUnprocessableEntity {
		t.Error("a picture is a table", got.Code)
	}
	s.Page("lab", "/desk/records/upload", http.StatusOK)
	if got := s.Send("lab", "GET", "/desk/records/template", "", nil); got.Code != http.StatusOK {
		t.Error(got.Code)
	}
}

// 20,000 rows of three differently shaped sheets, and the same again.
func BenchmarkUpload20000(b *testing.B) {
	tables := threeTables(6667)
	for b.Loop() {
		w := newWorld(b, dbtest.SQLite(b))
		for _, again := range []bool{false, true} {
			start := w.now()
			rows := int64(0)
			for _, x := range tables {
				resource := map[bool]string{true: "sem"}[strings.Contains(x.name, "台账")]
				u := w.upload(x.name, x.bytes(b), resource)
				if rows += u.Added + u.Same; u.Refused > 0 || again && u.Added > 0 {
					b.Fatalf("%+v", u)
				}
			}
			b.ReportMetric(float64(rows)/w.now().Sub(start).Seconds(), map[bool]string{false: "rows/s", true: "rows-again/s"}[again])
		}
	}
}

func (w *world) now() time.Time { return time.Now() } //nolint:forbidigo // how long it takes is what is measured
