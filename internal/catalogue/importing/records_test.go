package importing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"qiao/internal/catalogue/format"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

func TestPidinstGoesOutAndComesBack(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.take(w.Lab, "a.csv", "仪器设备名称,英文名称,所在单位仪器编号,规格型号,生产制造商,出厂编号,启用日期,简介,测量量\n扫描电镜,SEM,A-1,X,示例仪器公司,SN9,2020-03-01,看表面,形貌，成分\n无名仪器,,,,,,,,\n")
	var b bytes.Buffer
	var list []format.Pidinst
	for _, r := range w.records(w.Lab) {
		list = append(list, format.PidinstOf(r))
	}
	if err := json.NewEncoder(&b).Encode(list); err != nil {
		t.Fatal(err)
	}
	r := w.takeWith(w.Other, Request{Org: w.Other.Org, Format: "pidinst", Name: "p.json", Reader: &b})
	if counts(r) != [4]int64{2, 0, 0, 0} || r.Format != "pidinst" {
		t.Fatalf("%+v", r)
	}
	for _, x := range w.all(w.Other) {
		if x.SourceID == "A-1" && (x.NameZH != "扫描电镜" || x.Model != "X" || x.Maker != "示例仪器公司" || x.Fields["serial"] != "SN9" || x.Fields["commissioned"] != "2020-03-01" || x.Summary != "看表面") {
			t.Errorf("%+v", x)
		}
	}
}

func TestNationalRecordsComeBackAsWritten(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.take(w.Lab, "a.csv", ownList)
	var b bytes.Buffer
	var list []map[string]any
	for _, r := range w.records(w.Lab) {
		list = append(list, format.NRIIRecord(r, false))
	}
	if err := json.NewEncoder(&b).Encode(list); err != nil {
		t.Fatal(err)
	}
	if r := w.takeWith(w.Lab, Request{Org: w.Lab.Org, Format: "nrii", Name: "n.json", Reader: &b}); counts(r) != [4]int64{0, 0, 2, 0} {
		t.Errorf("%+v", r)
	}
	for bad, code := range map[string]string{"[": "json-unreadable", `[{"name":"x"}`: "json-unreadable", `[1]`: "no-records", `{"cname":`: "no-records", "name": "json-unreadable"} {
		if _, err := w.Import(t.Context(), w.Lab, Request{Org: w.Lab.Org, Format: "pidinst", Name: "bad", Reader: strings.NewReader(bad)}); !fault.Is(err, code) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Several people upload the same list at once: every resource is there once, and every row is counted.
func TestRivalImportsMakeNoDuplicates(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var b strings.Builder
		b.WriteString("仪器设备名称,所在单位仪器编号,计价单位,对外单价（元）\n")
		for i := range 300 {
			fmt.Fprintf(&b, "仪器%d,N-%d,小时,%d\n", i, i, i+1)
		}
		var wg sync.WaitGroup
		reports := make([]Report, 4)
		errs := make([]error, 4)
		for i := range reports {
			wg.Go(func() {
				reports[i], errs[i] = w.Import(t.Context(), w.Lab, Request{Org: w.Lab.Org, Name: "same.csv", Reader: strings.NewReader(b.String())})
			})
		}
		wg.Wait()
		var accepted int64
		for i, r := range reports {
			if errs[i] != nil || r.Rejected != 0 || r.Accepted+r.Unchanged != 300 {
				t.Fatalf("%+v %v", counts(r), errs[i])
			}
			accepted += r.Accepted
		}
		if n := len(w.all(w.Lab)); n != 300 || accepted != 300 {
			t.Errorf("%d resources, %d accepted", n, accepted)
		}
		if found, err := w.Catalogue.Verify(t.Context(), w.DB); err != nil || len(found) != 300 { // 300 not in the index yet, nothing else
			t.Errorf("%d findings, %v", len(found), err)
		}
	})
}
