package importing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/catalogue"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// orders are those that the tests pretend were placed.
type orders map[string]int64

func (o orders) CountOf(context.Context, db.Q, []string) (map[string]int64, error) { return o, nil }

const undoHeadings = "仪器设备名称,所在单位仪器编号,主要技术指标,启用日期\n"

// faces are the records of an owner with everything that an undoing must bring back.
func (w *world) faces() map[string]string {
	w.T.Helper()
	out := map[string]string{}
	for _, r := range w.all(w.Lab) {
		r.Revision, r.UpdatedAt = 0, db.Time{}
		b, err := json.Marshal(r)
		if err != nil {
			w.T.Fatal(err)
		}
		out[r.SourceID] = string(b)
	}
	return out
}

// What an import made is withdrawn, what it changed is as before, what was changed since stays and is told.
func TestAnImportIsTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.take(w.Lab, "a.csv", undoHeadings+"电镜,A,分辨率 1 nm,2020-01-02\n质谱,B,分辨率 2,2020-01-02\n光谱,C,范围 3,2020-01-02\n")
		if first.Accepted != 3 {
			t.Fatalf("%+v", first)
		}
		before := w.faces()
		second := w.take(w.Lab, "b.csv", undoHeadings+"电镜,A,分辨率 9 nm,2021-01-02\n质谱,B,分辨率 9,2020-01-02\n新一,D,,2020-01-02\n新二,E,,2020-01-02\n")
		if second.Accepted != 2 || second.Updated != 2 {
			t.Fatalf("%+v", second)
		}
		byNumber := map[string]catalogue.Resource{}
		for _, r := range w.all(w.Lab) {
			byNumber[r.SourceID] = r
		}
		w.Orders = orders{byNumber["E"].ID: 2}
		if _, err := w.Catalogue.Do(t.Context(), w.Lab, byNumber["B"].ID, "suspend", "检修"); err != nil { // beside what the import wrote
			t.Fatal(err)
		}
		_, f, err := w.ForeseeUndo(t.Context(), w.Lab, second.ID)
		if err != nil || f.Withdrawn != 1 || f.Restored != 2 || f.Kept != 1 || f.Touched != 4 || f.Left[0].Code != "ordered" {
			t.Fatalf("%+v %v", f, err)
		}
		if now := w.faces(); len(now) == 0 || now["A"] == before["A"] {
			t.Fatal("the preview changed something")
		}
		undone, err := w.Undo(t.Context(), w.Lab, second.ID)
		if err != nil || undone.Undo == nil || undone.Undo.State != UndoDone || undone.Undo.Withdrawn != 1 || undone.Undo.Restored != 2 || undone.Undo.Kept != 1 || len(undone.Undo.Left) != 1 {
			t.Fatalf("%+v %v", undone.Undo, err)
		}
		now := w.faces()
		if now["A"] != before["A"] || now["C"] != before["C"] || now["D"] != "" || now["E"] == "" {
			t.Errorf("A %s\nwas %s\nD %s E %s", now["A"], before["A"], now["D"], now["E"])
		}
		if _, err := w.Undo(t.Context(), w.Lab, second.ID); !fault.Is(err, "import-undone") {
			t.Errorf("a second time: %v", err)
		}
		again := w.take(w.Lab, "b.csv", undoHeadings+"新一,D,,2020-01-02\n") // what was withdrawn by the undoing comes back
		if again.Accepted+again.Updated != 1 || w.faces()["D"] == "" {
			t.Errorf("imported again: %+v", again)
		}
	})
}

// An undoing is refused where it makes no sense, and to strangers.
func TestWhatIsNotTakenBack(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	r := w.take(w.Lab, "a.csv", undoHeadings+"电镜,A,分辨率 1 nm,2020-01-02\n")
	same := w.take(w.Lab, "a.csv", undoHeadings+"电镜,A,分辨率 1 nm,2020-01-02\n")
	if _, err := w.Undo(t.Context(), w.Lab, same.ID); !fault.Is(err, "nothing-to-undo") {
		t.Errorf("nothing changed: %v", err)
	}
	if _, err := w.Undo(t.Context(), w.Other, r.ID); err == nil {
		t.Error("a stranger took it back")
	}
	w.Clock.Advance(31 * 24 * time.Hour)
	if _, err := w.Undo(t.Context(), w.Lab, r.ID); !fault.Is(err, "undo-late") {
		t.Errorf("after its term: %v", err)
	}
}

// A large undoing is done behind, goes on where it was cut off, and touches every record once.
func TestALargeUndoingGoesOnWhereItWasCutOff(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.take(w.Lab, "many.csv", manyRows(undoInline+500, 5))
		begun, err := w.Undo(t.Context(), w.Lab, r.ID)
		if err != nil || begun.Undo.State != UndoRunning {
			t.Fatalf("%+v %v", begun.Undo, err)
		}
		ctx, cut := context.WithCancel(t.Context())
		w.Orders = cutting{cut, new(int)}
		if err := w.GoOn(ctx); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		half, err := w.Report(t.Context(), w.Lab, r.ID)
		if err != nil || half.Undo.State != UndoRunning || half.Undo.Withdrawn == 0 || half.Undo.Withdrawn == undoInline+500 {
			t.Fatalf("cut off: %+v %v", half.Undo, err)
		}
		w.Orders = nil
		w.Clock.Advance(time.Minute)
		if err := w.GoOn(t.Context()); err != nil {
			t.Fatal(err)
		}
		whole, err := w.Report(t.Context(), w.Lab, r.ID)
		if err != nil || whole.Undo.State != UndoDone || whole.Undo.Withdrawn != undoInline+500 || len(w.all(w.Lab)) != 0 {
			t.Fatalf("gone on: %+v %v", whole.Undo, err)
		}
	})
}

// cutting ends the context with the third batch.
type cutting struct {
	cut context.CancelFunc
	n   *int
}

func (c cutting) CountOf(ctx context.Context, _ db.Q, _ []string) (map[string]int64, error) {
	if *c.n++; *c.n == 3 {
		c.cut()
	}
	return nil, ctx.Err()
}

// An import and its undoing leave every record that nobody else touched as it was, prices and all.
func TestUndoingIsTheInverse(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newWorld(t, d)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		sheet := func(label string) string {
			var b strings.Builder
			b.WriteString("名称,单位内部编号,简介,计价单位,对外单价（元）,价格选项\n")
			for i := range rapid.IntRange(1, 6).Draw(rt, label) {
				fmt.Fprintf(&b, "仪器 %d,R%d-%d,%s,%s,%d,%s\n", i, n, rapid.IntRange(0, 8).Draw(rt, "number"), rapid.SampledFrom([]string{"", "甲", "乙"}).Draw(rt, "summary"),
					rapid.SampledFrom([]string{"小时", "样品"}).Draw(rt, "unit"), rapid.IntRange(1, 5).Draw(rt, "price")*100, rapid.SampledFrom([]string{"", "高温"}).Draw(rt, "option"))
			}
			return b.String()
		}
		w.takeWith(w.Lab, Request{Org: w.Lab.Org, Kind: "instrument", Name: "a.csv", Reader: strings.NewReader(sheet("first"))})
		before := w.faces()
		r := w.takeWith(w.Lab, Request{Org: w.Lab.Org, Kind: "instrument", Name: "b.csv", Reader: strings.NewReader(sheet("second"))})
		if r.Accepted+r.Updated == 0 {
			return
		}
		u, err := w.Undo(w.T.Context(), w.Lab, r.ID)
		if err != nil || u.Undo.Kept != 0 {
			rt.Fatalf("%+v %v", u.Undo, err)
		}
		if now := w.faces(); !reflect.DeepEqual(now, before) {
			rt.Fatalf("now %v\nwas %v", now, before)
		}
	})
}

// The page asks first and shows what stays; the API does the same.
func TestUndoingAtTheDeskAndOverTheAPI(t *testing.T) {
	s := newSite(t)
	r := s.take(s.Lab, "a.csv", undoHeadings+"电镜,A,分辨率 1 nm,2020-01-02\n质谱,B,,2020-01-02\n")
	for _, x := range s.all(s.Lab) {
		if x.SourceID == "B" {
			if _, err := s.Catalogue.Do(t.Context(), s.Lab, x.ID, "suspend", "检修"); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := "/desk/imports/" + r.ID
	if n := s.Page("lab", path, 200).Find("a[href='" + path + "/undo']").Length(); n != 1 {
		t.Fatalf("%d links to the undoing", n)
	}
	ask := s.Page("lab", path+"/undo", 200)
	if ask.Find("form[action='"+path+"/undo']").Length() != 1 || !strings.Contains(ask.Text(), "导入之后又改过") {
		t.Errorf("the question lacks its button or what stays: %s", ask.Find("main").Text())
	}
	s.Page("other", path+"/undo", 403)
	if w := s.Post("lab", path+"/undo", nil); w.Code != http.StatusSeeOther {
		t.Fatalf("undo: %d %s", w.Code, w.Body.String())
	}
	done := s.Page("lab", path, 200)
	if done.Find("a[href='"+path+"/undo']").Length() != 0 || !strings.Contains(done.Text(), "这次导入已撤销") || done.Find("a[href$='/history']").Length() != 1 {
		t.Errorf("the page after it: %s", done.Find("main").Text())
	}
	s.Page("lab", path+"/undo", 409)
	var body importBody
	w := s.Send("lab", "POST", "/api/v1/imports/"+r.ID+"/undo", "application/json", nil, "Idempotency-Key", "u1")
	if w.Code != http.StatusConflict {
		t.Errorf("again over the API: %d", w.Code)
	}
	if err := json.Unmarshal(s.Send("lab", "GET", "/api/v1/imports/"+r.ID, "", nil).Body.Bytes(), &body); err != nil || body.Undo == nil || body.Undo.Kept != 1 || body.Undo.Withdrawn != 1 {
		t.Errorf("%+v %v", body.Undo, err)
	}
}
