package importing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/catalogue/cataloguetest"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
)

const threeBad = undoHeadings + "电镜,A,,2020-01-02\n质谱,B,,昨天\n光谱,C,,2020-13-01\n,D,,2020-01-02\n"

// Rejected rows are mended one by one; what is right goes in, what is not stays with what was typed, and the counts follow.
func TestRowsAreMended(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.take(w.Lab, "a.csv", threeBad)
		if r.Accepted != 1 || r.Rejected != 3 {
			t.Fatalf("%+v", r)
		}
		m, err := w.Mend(t.Context(), w.Lab, r.ID, map[int64][]string{3: {"质谱", "B", "", "2021-02-03"}, 4: {"光谱", "C", "好用", "2020-14-01"}}, nil)
		if err != nil || m.In != 1 || m.Still != 1 || m.Accepted != 2 || m.Rejected != 2 || m.Total != m.Accepted+m.Updated+m.Unchanged+m.Rejected {
			t.Fatalf("%+v %v", m, err)
		}
		_, rows, all, err := w.BadRows(t.Context(), w.Lab, r.ID, 0, 10)
		if err != nil || all != 2 || len(rows) != 2 || rows[0].Cells[2] != "好用" || rows[0].Cells[3] != "2020-14-01" || len(rows[0].Errors) != 1 {
			t.Fatalf("what was typed is lost: %+v %v", rows, err)
		}
		if _, err := w.Mend(t.Context(), w.Lab, r.ID, map[int64][]string{3: {"质谱", "B", "", ""}}, nil); !fault.Is(err, "row-gone") {
			t.Errorf("a row that is in already: %v", err)
		}
		if _, err := w.Mend(t.Context(), w.Other, r.ID, nil, []int64{4}); err == nil {
			t.Error("a stranger mends")
		}
		if m, err = w.Mend(t.Context(), w.Lab, r.ID, map[int64][]string{5: {"天平", "D", "", ""}}, []int64{4}); err != nil || m.In != 1 || m.Accepted != 3 {
			t.Fatalf("%+v %v", m, err)
		}
		if _, _, all, err := w.BadRows(t.Context(), w.Lab, r.ID, 0, 10); err != nil || all != 0 {
			t.Errorf("%d rows still wait (%v)", all, err)
		}
		if got := w.faces(); len(got) != 3 || got["D"] == "" || got["C"] != "" {
			t.Errorf("in the catalogue: %v", got)
		}
		u, err := w.Undo(t.Context(), w.Lab, r.ID) // mended rows belong to the import
		if err != nil || u.Undo.Withdrawn != 3 {
			t.Errorf("%+v %v", u.Undo, err)
		}
		if _, err := w.Mend(t.Context(), w.Lab, r.ID, nil, []int64{4}); !fault.Is(err, "import-undone") {
			t.Errorf("after the undoing: %v", err)
		}
	})
}

// Rows mended to what they should have been leave the catalogue as if the file had been right from the start.
func TestMendingIsLikeHavingBeenRight(t *testing.T) {
	d := dbtest.SQLite(t)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		var right, wrong strings.Builder
		right.WriteString(undoHeadings)
		wrong.WriteString(undoHeadings)
		mend := map[int64][]string{}
		for i := range rapid.IntRange(1, 6).Draw(rt, "rows") {
			row := []string{rapid.SampledFrom([]string{"电镜", "质谱"}).Draw(rt, "name"), "", rapid.SampledFrom([]string{"", "甲"}).Draw(rt, "technical"), "2020-01-02"}
			if rapid.Bool().Draw(rt, "numbered") {
				row[1] = fmt.Sprintf("N%d-%d", n, i)
			}
			fmt.Fprintln(&right, strings.Join(row, ","))
			if rapid.Bool().Draw(rt, "bad") {
				mend[int64(i+2)] = row
				fmt.Fprintln(&wrong, strings.Join([]string{row[0], row[1], row[2], "昨天"}, ","))
			} else {
				fmt.Fprintln(&wrong, strings.Join(row, ","))
			}
		}
		w := newWorld(t, d)
		r := w.take(w.Lab, "wrong.csv", wrong.String())
		if len(mend) > 0 {
			if _, err := w.Mend(t.Context(), w.Lab, r.ID, mend, nil); err != nil {
				rt.Fatal(err)
			}
		}
		again := w.take(w.Lab, "right.csv", right.String())
		if again.Accepted != 0 || again.Updated != 0 {
			rt.Fatalf("the right file changes something: %+v\n%s\n%s", again, wrong.String(), right.String())
		}
	})
}

// The page shows what is wrong at its field; the workbook comes back mended without being asked what its columns are.
func TestMendingAtTheDeskAndInAWorkbook(t *testing.T) {
	s := newSite(t)
	r := s.take(s.Lab, "a.csv", threeBad)
	path := "/desk/imports/" + r.ID
	if n := s.Page("lab", path, 200).Find("a[href='" + path + "/mend']").Length(); n != 1 {
		t.Fatalf("%d links to the mending", n)
	}
	d := s.Page("lab", path+"/mend", 200)
	if d.Find("input[name=line]").Length() != 3 || d.Find("input[name='c-3-3']").AttrOr("value", "") != "昨天" || d.Find("[aria-invalid=true]").Length() < 2 {
		t.Errorf("the page: %s", d.Find("main").Text())
	}
	s.Page("other", path+"/mend", 403)
	w := s.Post("lab", path+"/mend", url.Values{"line": {"3", "4", "5"}, "drop": {"4"}, "c-3-0": {"质谱"}, "c-3-1": {"B"}, "c-3-3": {"2020-05-06"}, "c-5-0": {""}, "c-5-1": {"D"}})
	if w.Code != http.StatusSeeOther || !strings.HasSuffix(w.Header().Get("Location"), "/mend") {
		t.Fatalf("%d %s", w.Code, w.Header().Get("Location"))
	}
	body := s.Send("lab", "GET", path+"/errors", "", nil).Body
	book := bytes.NewReader(body.Bytes())
	tab, err := sheet.Read("e.xlsx", book, sheet.Options{})
	if err != nil || len(tab.Rows) != 1 || len(tab.Headings) != 5 || !isProblem(tab.Headings[4]) || !strings.Contains(tab.Rows[0].Cells[4], "名称") {
		t.Fatalf("the workbook: %+v %v", tab, err)
	}
	again, err := s.Import(t.Context(), s.Lab, Request{Org: s.Lab.Org, Name: "e.xlsx", Reader: bytes.NewReader(body.Bytes()), Ask: true})
	if err != nil || again.Status != StatusDone || len(again.Ignored) != 0 || again.Rejected != 1 {
		t.Errorf("the workbook comes back: %+v %v", again, err)
	}
	var rows struct {
		Items []rowBody `json:"items"`
		Total int64     `json:"total"`
	}
	if err := json.Unmarshal(s.Send("lab", "GET", "/api/v1/imports/"+r.ID+"/rows", "", nil).Body.Bytes(), &rows); err != nil || rows.Total != 1 || rows.Items[0].Row != 5 || rows.Items[0].Cells["所在单位仪器编号"] != "D" {
		t.Errorf("%+v %v", rows, err)
	}
	send := `{"rows":[{"row":5,"cells":{"仪器设备名称":"天平"}}]}`
	a := s.Send("lab", "POST", "/api/v1/imports/"+r.ID+"/rows", "application/json", strings.NewReader(send), "Idempotency-Key", "m1")
	var report importBody
	if err := json.Unmarshal(a.Body.Bytes(), &report); err != nil || report.Accepted != 3 || len(report.Errors) != 0 {
		t.Errorf("%d %+v %v", a.Code, report, err)
	}
	kind, dry := cataloguetest.Multipart(t, "b.csv", []byte(threeBad), map[string]string{"mode": "dry"})
	trial := s.Send("lab", "POST", "/desk/imports", kind, dry).Header().Get("Location")
	s.Page("lab", trial+"/mend", 409)
}
