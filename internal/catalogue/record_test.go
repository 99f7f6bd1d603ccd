package catalogue

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"

	"pgregory.net/rapid"
)

// published makes a published instrument of the lab.
func (w *world) published(n int) Resource {
	w.T.Helper()
	d := draft()
	d.Values["source_id"] = fmt.Sprint("P-", n)
	r, err := w.Create(w.T.Context(), w.Lab, "", d)
	if err == nil {
		r, err = w.Do(w.T.Context(), w.Lab, r.ID, "publish", "")
	}
	if err != nil {
		w.T.Fatal(err)
	}
	return r
}

func TestCheckingARecord(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r := w.published(1)
		if r.CheckedOn != "2026-11-21" || r.Freshness != Fresh {
			t.Errorf("registered: %q", r.CheckedOn)
		}
		w.Clock.Advance(200 * 24 * time.Hour)
		if err := w.Remind(ctx); err != nil {
			t.Fatal(err)
		}
		counts, err := w.count(ctx, w.DB, w.Lab.Org, w.Lab.Region)
		if err != nil || counts.Due.Stale != 1 {
			t.Errorf("%+v %v", counts, err)
		}
		found, err := w.Own(ctx, w.Lab, OwnQuery{Fresh: ToCheck})
		if err != nil || found.Total != 1 {
			t.Errorf("%+v %v", found, err)
		}
		if r, err = w.Check(ctx, w.Lab, r.ID); err != nil || r.CheckedOn != w.today() || r.Status != StatusPublished {
			t.Errorf("%+v %v", r, err)
		}
		if found, err = w.Own(ctx, w.Lab, OwnQuery{Fresh: ToCheck}); err != nil || found.Total != 0 {
			t.Errorf("%+v %v", found, err)
		}
	})
}

func TestASecondPersonReviews(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.term = func(region, day string) CheckTerm { c := TermOf(CheckTerms(), region, day); c.Review = true; return c }
		r, err := w.Create(ctx, w.Lab, "", draft())
		if err == nil {
			r, err = w.Do(ctx, w.Lab, r.ID, "publish", "")
		}
		if err != nil || r.Status != StatusReview {
			t.Fatalf("%s %v", r.Status, err)
		}
		if _, err := w.Do(ctx, w.Lab, r.ID, "approve", ""); !fault.Is(err, "second-person") {
			t.Errorf("the owner approves: %v", err)
		}
		if _, err := w.Review(ctx, w.Lab, r.ID, "approve", ""); !fault.Is(err, "second-person") {
			t.Errorf("who submitted reviews: %v", err)
		}
		second := w.Lab
		second.Person = "second"
		if list, err := w.inReview(ctx, second); err != nil || len(list) != 1 {
			t.Errorf("%v %v", list, err)
		}
		if _, err := w.Review(ctx, second, r.ID, "return", " "); !fault.Is(err, "reason-needed") {
			t.Errorf("given back without a reason: %v", err)
		}
		if r, err = w.Review(ctx, second, r.ID, "approve", ""); err != nil || r.Status != StatusPublished {
			t.Errorf("%s %v", r.Status, err)
		}
	})
}

func TestUndo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r := w.published(1)
		d := draft()
		d.Values["source_id"], d.Values["model"], d.Values["summary"] = "P-1", "X-2", "改过的简介"
		d.Prices[0].Amount = 99900
		edited, err := w.Save(ctx, w.Lab, r.ID, 0, d)
		if err != nil {
			t.Fatal(err)
		}
		d.Values["model"] = "X-3"
		if _, err := w.Save(ctx, w.Lab, r.ID, 0, d); err != nil {
			t.Fatal(err)
		}
		_, err = w.Undo(ctx, w.Lab, r.ID, edited.Revision, nil)
		if !fault.Is(err, "undo-conflict") || !strings.Contains(restOf(fault.Of(err)), "prices") || strings.Contains(restOf(fault.Of(err)), "model") {
			t.Fatalf("%v", err)
		}
		back, err := w.Undo(ctx, w.Lab, r.ID, edited.Revision, strings.Split(restOf(fault.Of(err)), ","))
		if err != nil || back.Model != "X-3" || back.Summary != r.Summary || back.Price.Amount != r.Price.Amount {
			t.Fatalf("%+v %v", back, err)
		}
		if _, err := w.Undo(ctx, w.Lab, r.ID, 1, nil); !fault.Is(err, "undo-first") {
			t.Errorf("the first: %v", err)
		}
		if _, err := w.Undo(ctx, w.Other, r.ID, edited.Revision, nil); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("a stranger: %v", err)
		}
		if err := w.SetHours(ctx, w.Lab, r.ID, []Opening{{1, "08:00", "12:00"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Undo(ctx, w.Lab, r.ID, back.Revision+1, nil); err != nil {
			t.Fatal(err)
		}
		if own, err := listHours(ctx, w.DB, r.ID); err != nil || len(own) != 0 {
			t.Errorf("hours %v %v", own, err)
		}
		told, _, err := w.History(ctx, w.Lab, r.ID, 0)
		if err != nil || len(told) < 6 || told[0].Changes[0].From != "星期一 08:00–12:00" {
			t.Errorf("%+v %v", told, err)
		}
		if err := w.Rebuild(ctx); err != nil {
			t.Fatal(err)
		}
		if found, err := w.Verify(ctx, w.DB); err != nil || len(found) != 0 {
			t.Errorf("verify: %v %v", found, err)
		}
	})
}

func TestBulk(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		var ids []string
		for i := range 3 {
			ids = append(ids, w.published(i).ID)
		}
		ten := Bulk{IDs: ids[:2], BulkEdit: BulkEdit{Part: partPrices, Op: "percent", Value: []string{"-10"}}}
		seen, err := w.PreviewBulk(ctx, w.Lab, ten)
		if err != nil || seen.Changed != 2 || len(seen.Rows) != 2 {
			t.Fatalf("%+v %v", seen, err)
		}
		if other, err := w.PreviewBulk(ctx, w.Other, ten); err != nil || other.Changed != 0 {
			t.Errorf("a stranger: %+v %v", other, err)
		}
		cut, err := w.ApplyBulk(ctx, w.Lab, "key", ten)
		if err != nil || cut.Changed != 2 {
			t.Fatalf("%+v %v", cut, err)
		}
		amounts := func() (out []int64) {
			for _, x := range ids {
				r, _, err := w.load(ctx, w.DB, x)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, int64(r.Price.Amount))
			}
			return out
		}
		if got := amounts(); got[0] != 36000 || got[1] != 36000 || got[2] != 40000 {
			t.Errorf("cut: %v", got)
		}
		if _, err := w.ApplyBulk(ctx, w.Lab, "", Bulk{IDs: ids[:1], BulkEdit: ten.BulkEdit}); err != nil {
			t.Fatal(err)
		}
		back, err := w.UndoBulk(ctx, w.Lab, cut.ID)
		if err != nil || back.Changed != 1 || back.Refused != 1 {
			t.Errorf("undone: %+v %v", back, err)
		}
		if got := amounts(); got[0] != 32400 || got[1] != 40000 {
			t.Errorf("undone: %v", got)
		}
		if _, err := w.UndoBulk(ctx, w.Lab, cut.ID); !fault.Is(err, "undone-already") {
			t.Errorf("twice: %v", err)
		}
		for _, e := range []BulkEdit{
			{Part: "subjects", Op: "add", Value: []string{"物理学"}}, {Part: "voucher", Op: "set", Value: []string{"是"}}, {Part: "access", Op: "add", Value: []string{"remote"}},
			{Part: partHours, Op: "set", Hours: []Opening{{2, "09:00", "10:00"}}}, {Part: partVerb, Op: "verb", Value: []string{"suspend"}, Note: "检修"}, {Part: "fee", Op: "clear"}, {Part: "country", Op: "set", Value: []string{"DE"}},
		} {
			did, err := w.ApplyBulk(ctx, w.Lab, "", Bulk{Found: &OwnQuery{}, BulkEdit: e})
			if err != nil || did.Changed+did.Unchanged != 3 {
				t.Errorf("%+v: %+v %v", e, did, err)
			}
			if undone, err := w.UndoBulk(ctx, w.Lab, did.ID); err != nil || undone.Changed != did.Changed {
				t.Errorf("undo %+v: %+v %v", e, undone, err)
			}
		}
		if err := w.Rebuild(ctx); err != nil {
			t.Fatal(err)
		}
		if found, err := w.Verify(ctx, w.DB); err != nil || len(found) != 0 {
			t.Errorf("verify: %v %v", found, err)
		}
	})
}

func TestPercent(t *testing.T) {
	for text, want := range map[string]int64{"-10": -1000, "2.5": 250, "+5％": 500, "0.01": 1, "-100": -10000} {
		if got, err := percent(text); err != nil || got != want {
			t.Errorf("%q: %d %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0", "-101", "1.234", "x", "1e3", "--5", "10001"} {
		if got, err := percent(text); err == nil {
			t.Errorf("%q: %d", text, got)
		}
	}
}

// What a difference shows of both texts is never more than they are, and what differs is shown whole.
func TestMarkDiff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		head, tail := rapid.StringN(0, 60, -1).Draw(t, "head"), rapid.StringN(0, 60, -1).Draw(t, "tail")
		from, to := rapid.StringN(0, 9, -1).Draw(t, "from"), rapid.StringN(0, 9, -1).Draw(t, "to")
		var old, now strings.Builder
		for _, p := range markDiff(head+from+tail, head+to+tail) {
			if p.kind != come {
				old.WriteString(p.text)
			}
			if p.kind != gone {
				now.WriteString(p.text)
			}
		}
		if from != to && head+from+tail != head+to+tail && old.String() == now.String() {
			t.Fatalf("no difference between %q and %q", head+from+tail, head+to+tail)
		}
	})
}

func TestFiles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r := w.published(1)
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
			t.Fatal(err)
		}
		photo := b.Bytes()
		for name, u := range map[string]Upload{"no text": {"a.png", "", bytes.NewReader(photo)}, "a script": {"a.html", "x", strings.NewReader("<script>")}, "nothing": {"a.pdf", "x", strings.NewReader("")}} {
			if _, err := w.AddFile(ctx, w.Lab, r.ID, "", u); !fault.Is(err, "file-invalid") {
				t.Errorf("%s: %v", name, err)
			}
		}
		doc, err := w.AddFile(ctx, w.Lab, r.ID, "one", Upload{"说明书.pdf", "", strings.NewReader("%PDF-1.4 …")})
		if err != nil || doc.Sort != SortDocument || doc.Title != "说明书.pdf" {
			t.Fatalf("%+v %v", doc, err)
		}
		pic, err := w.AddFile(ctx, w.Lab, r.ID, "two", Upload{"正面.png", "仪器正面", bytes.NewReader(photo)})
		if err != nil || pic.Type != "image/jpeg" || pic.Width != 40 {
			t.Fatalf("%+v %v", pic, err)
		}
		if _, err := w.AddFile(ctx, w.Other, r.ID, "", Upload{"x.pdf", "", strings.NewReader("%PDF-1.4")}); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("a stranger: %v", err)
		}
		if err := w.FirstFile(ctx, w.Lab, r.ID, pic.ID); err != nil {
			t.Fatal(err)
		}
		files, err := listFiles(ctx, w.DB, r.ID)
		if err != nil || len(files) != 2 || files[0].ID != pic.ID {
			t.Errorf("%+v %v", files, err)
		}
		_, body, err := w.OpenFile(ctx, w.Other, r.ID, pic.ID, true)
		if err != nil {
			t.Fatal(err)
		}
		if data, err := io.ReadAll(body); err != nil || !bytes.HasPrefix(data, []byte{0xff, 0xd8}) || body.Close() != nil {
			t.Errorf("%d bytes %v", len(data), err)
		}
		if err := w.RemoveFile(ctx, w.Lab, r.ID, doc.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.OpenFile(ctx, w.Lab, r.ID, doc.ID, false); !fault.Is(err, "no-file") {
			t.Errorf("removed: %v", err)
		}
	})
}

// An owner's list is searched by every word, in names, numbers, models and makers.
func TestOwnSearch(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for i := range 3 {
		w.published(i)
	}
	for text, want := range map[string]int64{"": 3, "p-1": 1, "扫描": 3, "100%": 0, "x-1 扫描": 3} {
		got, err := w.Own(t.Context(), w.Lab, OwnQuery{Text: text})
		if err != nil || got.Total != want {
			t.Errorf("%q: %d %v", text, got.Total, err)
		}
	}
}

// An amount that changed is shown whole, its thousands with it.
func TestMarkDiffKeepsAmountsWhole(t *testing.T) {
	for _, p := range markDiff("external ¥1,280.00 / hour", "external ¥1,152.00 / hour") {
		if p.kind == gone && p.text != "1,280.00" || p.kind == come && p.text != "1,152.00" {
			t.Errorf("%d: %q", p.kind, p.text)
		}
	}
}
