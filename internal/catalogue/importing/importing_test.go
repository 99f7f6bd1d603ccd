package importing

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/catalogue"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
)

func counts(r Report) [4]int64 {
	return [4]int64{r.Accepted, r.Updated, r.Unchanged, r.Rejected}
}

func TestARealRegisterGoesThrough(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, f := range []struct {
			name string
			rows int64
		}{{"t_instrument_name.csv", 263}, {"t_emsl_instruments.csv", 149}} {
			data, err := os.ReadFile("../testdata/pnnl-dms/" + f.name)
			if err != nil {
				t.Fatal(err)
			}
			req := Request{Org: w.Lab.Org, Name: f.name, Source: "PNNL-DMS", Licence: "Apache-2.0", RetrievedOn: "2026-11-21"}
			for i, want := range [][4]int64{{f.rows, 0, 0, 0}, {0, 0, f.rows, 0}} {
				req.Reader = bytes.NewReader(data)
				if r := w.takeWith(w.Lab, req); counts(r) != want {
					t.Fatalf("%s, time %d: %v, want %v: %v", f.name, i+1, counts(r), want, r.Errors[:min(3, len(r.Errors))])
				}
			}
		}
		l := w.all(w.Lab)
		if len(l) != 412 {
			t.Fatalf("%d resources", len(l))
		}
		for _, r := range l {
			if r.Name() == "" || r.SourceID == "" || r.Licence != "Apache-2.0" || r.Status != catalogue.StatusPublished || r.Bookable {
				t.Fatalf("%+v", r)
			}
		}
	})
}

const ownList = `仪器设备名称,所在单位仪器编号,规格型号,仪器分类编码,启用日期,原值（万元）,计价单位,对外单价（元）,对内单价（元）,接受创新券
扫描电镜,A-1,SEM-5000,010100,2020-03-01,300.5,小时,400,200,是
透射电镜,A-2,F200X,990000,2020年3月1日,8O0,小时,1200,,是
热分析仪,A-3,STA,010900,2019-13-01,50,,300,,也许
质谱仪,A-4,Q-TOF,010200,2018/5/6,420,样品,"1,200.50",,否
`

func TestBadRowsAreListedAndGoodOnesAreIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.take(w.Lab, "仪器.csv", ownList)
		if counts(r) != [4]int64{2, 0, 0, 2} {
			t.Fatalf("%v %v", counts(r), r.Errors)
		}
		type mark struct {
			Row          int64
			Column, Code string
		}
		var got []mark
		for _, e := range r.Errors {
			got = append(got, mark{e.Row, e.Column, e.Code})
		}
		want := []mark{
			{3, "仪器分类编码", "not-a-class"}, {3, "原值（万元）", "not-an-amount"},
			{4, "启用日期", "not-a-date"}, {4, "接受创新券", "not-a-flag"}, {4, "对外单价（元）", "unit-needed"},
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("errors %v\nwant %v", got, want)
		}
		stored, err := w.Report(t.Context(), w.Lab, r.ID)
		if err != nil || !reflect.DeepEqual(stored.Errors, r.Errors) || counts(stored) != counts(r) {
			t.Errorf("stored report %+v, %v", stored, err)
		}
		if _, err := w.Report(t.Context(), w.Other, r.ID); fault.Of(err) == nil || fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("another provider reads the report: %v", err)
		}
		mended := strings.NewReplacer("990000", "010100", "8O0", "800", "2019-13-01", "2019-12-01", "也许", "是", "50,,300", "50,小时,300").Replace(ownList)
		if r := w.take(w.Lab, "仪器.csv", mended); counts(r) != [4]int64{2, 0, 2, 0} {
			t.Errorf("mended: %v %v", counts(r), r.Errors)
		}
		l := w.all(w.Lab)
		if len(l) != 4 {
			t.Fatalf("%d resources", len(l))
		}
		full, err := w.Catalogue.Resource(t.Context(), w.DB, l[0].ID)
		if err != nil || !full.Bookable || full.Price.Audience != "external" {
			t.Errorf("%+v %v", full, err)
		}
	})
}

func TestADryRunChangesNothingAndCanBeApplied(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		req := Request{Org: w.Lab.Org, Name: "仪器.csv", Reader: strings.NewReader(ownList), DryRun: true}
		dry := w.takeWith(w.Lab, req)
		if counts(dry) != [4]int64{2, 0, 0, 2} || len(w.all(w.Lab)) != 0 {
			t.Fatalf("dry run: %v, %d resources", counts(dry), len(w.all(w.Lab)))
		}
		r, err := w.Apply(t.Context(), w.Lab, dry.ID)
		if err != nil || counts(r) != counts(dry) || len(w.all(w.Lab)) != 2 {
			t.Fatalf("applied: %v %v", counts(r), err)
		}
		list, err := w.Reports(t.Context(), w.Lab, 10)
		if err != nil || len(list) != 2 || list[0].ID != r.ID && list[1].ID != r.ID {
			t.Errorf("%v %v", list, err)
		}
	})
}

// The headings of a Chinese three-tier price table; its rows with one name and several options are one resource.
func TestThreeTierPricesAndOptions(t *testing.T) {
	const table = `name,model,unit,internal_delivery_cny,internal_self_cny,external_cny,category,option
示例高分辨扫描电镜,X5,hour,300,240,600,sem,能谱
示例高分辨扫描电镜,X5,hour,400,320,800,sem,背散射
示例镀膜仪（Pt/Au）,M6,sample,50,40,100,preparation,
示例样品杆,,hour,100,80,200,accessory,
示例样品杆,,hour,100,80,200,accessory,
`
	each(t, func(t *testing.T, w *world) {
		if r := w.take(w.Lab, "fees.csv", table); counts(r) != [4]int64{5, 0, 0, 0} {
			t.Fatalf("%v %v", counts(r), r.Errors)
		}
		if r := w.take(w.Lab, "fees.csv", table); counts(r) != [4]int64{0, 0, 5, 0} {
			t.Fatalf("again: %v %v", counts(r), r.Errors)
		}
		l := w.all(w.Lab)
		if len(l) != 4 {
			t.Fatalf("%d resources", len(l))
		}
		for _, r := range l {
			if r.Model == "X5" && (len(r.Prices) != 6 || r.Prices[0].Option != "能谱" || r.Prices[0].Amount != 60000) {
				t.Errorf("%+v", r.Prices)
			}
		}
	})
}

func TestUniquipAndNational(t *testing.T) {
	const uni = "Type,Name,Description,Technique,Site Location,Contact Email,ID,Building\n" +
		"equipment,NMR 600,A spectrometer,NMR,Main site,nmr@example.org,E1,B2\nfacility,,Clean room for devices,,Main site,cr@example.org,F1,\nship,Boat,,,,,S1,\n"
	each(t, func(t *testing.T, w *world) {
		r := w.take(w.Lab, "uniquip.csv", uni)
		if counts(r) != [4]int64{2, 0, 0, 1} || r.Format != "uniquip" || r.Errors[0].Row != 4 || r.Errors[0].Column != "Type" {
			t.Fatalf("%+v", r)
		}
		kinds := map[string]string{}
		for _, x := range w.all(w.Lab) {
			kinds[x.SourceID] = x.Kind + " " + x.NameEN
		}
		if kinds["E1"] != "instrument NMR 600" || kinds["F1"] != "facility Clean room for devices" {
			t.Errorf("%v", kinds)
		}
		var b bytes.Buffer
		page := sheet.Page{Name: "仪器", Headings: []string{"所在单位仪器编号", "仪器设备名称", "仪器分类编码", "原值（单位万元、保留小数点后两位）", "主要学科领域（如有多个，用逗号分隔，最多填写4个）", "共享模式"},
			Rows: [][]string{{"N1", "激光干涉仪", "30122", "56.789", "物理学，测绘科学技术", "外部共享"}, {"N2", "示波器", "080100", "5", "a,b,c,d,e", "公开"}}}
		if err := sheet.WriteXLSX(&b, page); err != nil {
			t.Fatal(err)
		}
		r = w.takeWith(w.Lab, Request{Org: w.Lab.Org, Name: "nrii.xlsx", Reader: &b})
		if counts(r) != [4]int64{1, 0, 0, 1} || r.Format != "nrii" || len(r.Errors) != 2 {
			t.Fatalf("%+v", r)
		}
		for _, x := range w.all(w.Lab) {
			if x.SourceID == "N1" && (x.Class != "030122" || x.Fields["worth"] != int64(56_790_000)) {
				t.Errorf("%+v", x)
			}
		}
	})
}

func TestFilesThatAreNoListSayWhy(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for code, req := range map[string]Request{
		"sheet-empty":      {Reader: strings.NewReader("")},
		"headings-unknown": {Reader: strings.NewReader("甲,乙\n1,2\n")},
		"no-rows":          {Reader: strings.NewReader("名称,规格型号\n")},
		"format-unknown":   {Reader: strings.NewReader("名称\nx\n"), Format: "docx"},
		"kind-unknown":     {Reader: strings.NewReader("名称\nx\n"), Kind: "boat"},
	} {
		req.Org, req.Name = w.Lab.Org, "文件"
		if _, err := w.Import(t.Context(), w.Lab, req); !fault.Is(err, code) {
			t.Errorf("want %s, got %v", code, err)
		}
	}
	if _, err := w.Import(t.Context(), w.Other, Request{Org: w.Lab.Org, Reader: strings.NewReader("名称\nx\n")}); fault.Of(err).Kind != fault.Forbidden {
		t.Errorf("a stranger imports: %v", err)
	}
}

// Importing twice is importing once, and the order of rows does not change which resources there are.
func TestImportTwiceAndPermuted(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		req := Request{Org: w.Lab.Org, Source: fmt.Sprint("run", run), Name: "x.csv"}
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("仪器%s,M%s,,R%s", rapid.StringMatching(`[ab]`).Draw(t, "n"), rapid.StringMatching(`[1-2]?`).Draw(t, "m"), rapid.StringMatching(`[1-2]`).Draw(t, "r"))
		}), 1, 8).Draw(t, "rows")
		file := func(rows []string) *strings.Reader {
			return strings.NewReader("仪器设备名称,规格型号,出厂编号,安放房间\n" + strings.Join(rows, "\n"))
		}
		req.Reader = file(rows)
		first := w.takeWith(w.Lab, req)
		if first.Accepted != int64(len(rows)) {
			t.Fatalf("first: %+v", first)
		}
		req.Reader = file(rapid.Permutation(rows).Draw(t, "permuted"))
		if again := w.takeWith(w.Lab, req); again.Unchanged != int64(len(rows)) {
			t.Fatalf("again: %+v", again)
		}
	})
}
