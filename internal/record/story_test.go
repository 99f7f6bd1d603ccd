package record

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

func TestOneServiceOneRecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := w.ctx(w.Lab)
		first := w.made()
		if first.Number() != "FW000001" || first.ResourceZH != "示例·扫描电镜" || first.Inside || first.State != Kept { //i18n:data
			t.Fatalf("%+v", first)
		}
		if again, err := w.Make(ctx, w.Lab, FromAPI, "", entry()); err != nil || again.ID != first.ID {
			t.Fatal("the same again is not the same", err)
		}
		_, err := w.Make(ctx, w.Lab, FromForm, "", entry(FieldFee, "1300"))
		if e := fault.Of(err); err == nil || e.Code != "record-twice" || e.Fields[0].Args[0] != "FW000001" {
			t.Fatalf("a repetition is not refused by name: %v", err)
		}
		house := w.made(FieldStart, "2026-11-04", FieldUser, w.Lab.OrgName+"微区分析组") //i18n:data
		if !house.Inside {
			t.Error("the house's own group is outside")
		}
		keyed, err := w.Make(ctx, w.Lab, FromAPI, "k1", entry(FieldStart, "2026-11-05", FieldHours, "1"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = w.Make(ctx, w.Lab, FromAPI, "k1", entry(FieldStart, "2026-11-06", FieldHours, "1")); err == nil {
			t.Error("one key, two records")
		}
		if _, err := w.Correct(ctx, w.Lab, keyed.ID, "", 0, entry(FieldStart, "2026-11-05", FieldHours, "2")); !fault.Is(err, "reason-needed") {
			t.Errorf("corrected without a reason: %v", err)
		}
		if _, err := w.Correct(ctx, w.Lab, keyed.ID, "记错了", 0, entry(FieldHours, "2.5")); !fault.Is(err, "record-twice") { //i18n:data
			t.Errorf("corrected into another: %v", err)
		}
		fixed, err := w.Correct(ctx, w.Lab, keyed.ID, "记错了", 1, entry(FieldStart, "2026-11-07", FieldHours, "2")) //i18n:data
		if err != nil || fixed.Hours != 200 || fixed.Revision != 2 {
			t.Fatal(err, fixed)
		}
		if again, err := w.Make(ctx, w.Lab, FromSheet, "", entry(FieldStart, "2026-11-05", FieldHours, "1")); err != nil || again.ID != keyed.ID {
			t.Error("what was corrected comes again as it was", err)
		}
		if _, err := w.Correct(ctx, w.Lab, keyed.ID, "又错", 1, entry(FieldStart, "2026-11-08")); !fault.Is(err, "record-changed") { //i18n:data
			t.Errorf("over somebody's change: %v", err)
		}
		if _, err := w.Withdraw(ctx, w.Lab, house.ID, "不是我们做的"); err != nil { //i18n:data
			t.Fatal(err)
		}
		if _, err := w.Withdraw(ctx, w.Lab, house.ID, "再来"); err == nil { //i18n:data
			t.Error("withdrawn twice")
		}
		sums, err := w.Total(ctx, w.Lab, Filter{State: Kept})
		if err != nil || sums != (Sums{Records: 2, Hours: 450, Fee: 240000, Users: 1}) {
			t.Error(sums, err)
		}
		if _, err := w.Get(ctx, w.Other, first.ID); err == nil {
			t.Error("seen by another provider")
		}
		if list, _, err := w.List(ctx, w.officer, Filter{Year: "2026", Text: "扫描"}); err != nil || len(list) != 3 { //i18n:data
			t.Error(len(list), err)
		}
		w.sound()
	})
}

func TestPagesAndAPI(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	s := w.site()
	page := s.Document(s.Post("lab", "/desk/records", url.Values{FieldInstrument: {"sem"}, FieldStart: {"2026-11-03"}, FieldUser: {"示例·甲公司"}, FieldFee: {"free"}, FieldNote: {"写了很久"}}), "a bad form", http.StatusUnprocessableEntity) //i18n:data
	if page.Find("#f-"+FieldNote).Text() != "写了很久" || page.Find("#f-"+FieldFee+"-error").Length() != 1 {                                                                                                                               //i18n:data
		t.Error("what was typed is lost, or the mistake is not at its field")
	}
	if got := s.Post("lab", "/desk/records", url.Values{FieldInstrument: {"sem"}, FieldStart: {"2026-11-03"}, FieldUser: {"示例·甲公司"}, FieldHours: {"2"}, FieldWays: {"self", "remote"}, FieldInside: {"outside"}}); got.Code != http.StatusSeeOther { //i18n:data
		t.Fatal(got.Code, got.Body)
	}
	var batch struct {
		Added, Same, Refused int
		Items                []struct{ Outcome, Number, First string }
	}
	items := []map[string]any{{"instrument": "EQ-2", "start": "2026-11-03T09:00:00+08:00", "user": "甲", "machine_hours": 1.5, "amount": 50000}, {"instrument": "EQ-1", "start": "2026-11-03", "user": "示例·甲公司", "machine_hours": 3}, {"instrument": "none", "start": "x", "user": ""}} //i18n:data
	s.JSON("lab", "POST", "/service-records/batch", map[string]any{"items": items}, http.StatusOK, &batch)
	if batch.Added != 1 || batch.Refused != 2 || batch.Items[1].First == "" {
		t.Fatalf("%+v", batch)
	}
	s.JSON("lab", "POST", "/service-records/batch", map[string]any{"items": items[:1]}, http.StatusOK, &batch)
	if batch.Added != 0 || batch.Same != 1 {
		t.Fatalf("%+v", batch)
	}
	s.JSON("lab", "POST", "/service-records", items[1], http.StatusConflict, nil)
	var l struct {
		Items []struct {
			ID, Number string
			Ways       []string
		}
		Sums struct {
			Records int
			Amount  int64
		}
	}
	s.JSON("officer", "GET", "/service-records?year=2026", nil, http.StatusOK, &l)
	if len(l.Items) != 2 || l.Sums.Records != 2 || l.Sums.Amount != 50000 {
		t.Fatalf("%+v", l)
	}
	s.JSON("lab", "POST", "/service-records/"+l.Items[0].ID+"/withdraw", map[string]any{"reason": "错"}, http.StatusOK, nil) //i18n:data
	one := s.Page("officer", "/desk/records/"+l.Items[0].ID, http.StatusOK)
	if !strings.Contains(one.Text(), "已撤回") || one.Find("form[action$='/withdraw']").Length() > 0 { //i18n:data
		t.Error("withdrawn, and not shown so")
	}
	s.Page("lab", "/desk/records/"+l.Items[1].ID+"/correct", http.StatusOK)
	s.Page("lab", "/desk/records/new", http.StatusOK)
	s.Page("other", "/desk/records/"+l.Items[1].ID, http.StatusForbidden)
	s.Page("officer", "/desk/records?side=outside&year=2026", http.StatusOK)
	w.sound()
}
