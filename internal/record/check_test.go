package record

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// The lots of a seed, written down: whoever computes SHA-256 of "seed, line feed, id" finds the same.
func TestLotIsWrittenDown(t *testing.T) {
	if got := Lot("2026-317", "01a21bfb-232d-71ef-b93d-6b8a6aebf445"); got != "4ee46a0049db3c8fd4f3c675114e134e50e049af53a6e62d518acf43e20fc6f3" {
		t.Error(got)
	}
}

// Whatever the records and the seed: a draw does not depend on the order they came in, and its first n are the n smallest
// lots.
func TestADrawIsReproducible(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ids := rapid.SliceOfNDistinct(rapid.StringMatching(`[0-9a-f]{8}`), 1, 60, rapid.ID[string]).Draw(rt, "ids")
		seed := rapid.String().Draw(rt, "seed")
		from := make([]candidate, len(ids))
		for i, x := range ids {
			from[i].ID = x
		}
		again := slices.Clone(from)
		slices.Reverse(again)
		inOrder(seed, from)
		inOrder(seed, again)
		if !slices.Equal(from, again) {
			rt.Fatal("another order, another draw")
		}
		if !slices.IsSortedFunc(from, func(a, b candidate) int { return strings.Compare(Lot(seed, a.ID), Lot(seed, b.ID)) }) {
			rt.Fatal("not by their lots")
		}
	})
}

// A check from the draw to the last decision: it is drawn again from its list, nothing is struck unheard, what is struck
// leaves the figures and does not come again, what has passed is drawn again only once it was changed.
func TestSpotCheck(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		desk, own := w.ctx(w.officer), w.ctx(w.Lab)
		for i := range 12 {
			w.made(FieldStart, fmt.Sprintf("2026-03-%02d 09:00", i+1), FieldUser, fmt.Sprintf("厂%d", i)) //i18n:data
		}
		for _, bad := range []Draw{{Year: "x", Count: 3}, {Year: "2026"}, {Year: "2026", Count: 1000}, {Year: "2026", Count: 1, Due: "2026-01-01"}, {Year: "2026", Count: 1, Seed: "a\nb"}} {
			if _, err := w.DrawCheck(desk, w.officer, bad); !fault.Is(err, "draw-invalid") {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if _, err := w.DrawCheck(own, w.Lab, Draw{Year: "2026", Count: 3}); fault.Of(err) == nil || fault.Of(err).Kind != fault.Forbidden {
			t.Error("a provider draws", err)
		}
		if _, err := w.DrawCheck(desk, w.officer, Draw{Year: "2025", Count: 3}); !fault.Is(err, "nothing-to-draw") {
			t.Error(err)
		}
		c, err := w.DrawCheck(desk, w.officer, Draw{Year: "2026", Count: 4, Seed: "2026-317"})
		if err != nil || c.Population != 12 || c.Drawn != 4 {
			t.Fatalf("%+v %v", c, err)
		}
		w.drawsAgain(c)
		asked, err := w.Asked(own, w.Lab)
		if err != nil || len(asked) != 4 {
			t.Fatal(asked, err)
		}
		if _, err := w.Withdraw(own, w.Lab, asked[0].Record, "算了"); !fault.Is(err, "record-checked") { //i18n:data
			t.Error("withdrawn while it is looked at", err)
		}
		if _, err := w.Decide(desk, w.officer, asked[0].ID, VerbStrike, "没有凭证"); !fault.Is(err, "answer-due") { //i18n:data
			t.Error("struck unheard", err)
		}
		if _, err := w.Answer(own, w.Lab, asked[0].ID, "见附件", &Proof{Name: "合同.pdf", Body: strings.NewReader("no pdf")}); !fault.Is(err, "not-genuine") { //i18n:data
			t.Error(err)
		}
		for range 2 { // it may say more
			if _, err := w.Answer(own, w.Lab, asked[0].ID, "见附件", &Proof{Name: "合同.pdf", Body: strings.NewReader("%PDF-1.4")}); err != nil { //i18n:data
				t.Fatal(err)
			}
		}
		if _, err := w.Decide(desk, w.officer, asked[0].ID, VerbStrike, ""); !fault.Is(err, "reason-needed") {
			t.Error("struck without a reason", err)
		}
		if x, err := w.Decide(desk, w.officer, asked[0].ID, VerbStrike, "合同不符"); err != nil || x.State != Struck { //i18n:data
			t.Fatal(x, err)
		}
		if _, err := w.Decide(desk, w.officer, asked[0].ID, VerbPass, ""); !fault.Is(err, "state-conflict") {
			t.Error("decided twice", err)
		}
		w.World.Clock.Advance(20 * 24 * time.Hour)
		if _, err := w.Decide(desk, w.officer, asked[1].ID, VerbStrike, "没有答复"); err != nil { //i18n:data
			t.Error("silence is no answer", err)
		}
		for _, x := range asked[2:] {
			if _, err := w.Decide(desk, w.officer, x.ID, VerbPass, ""); err != nil {
				t.Fatal(err)
			}
		}
		if c, err = w.CheckOf(desk, w.officer, c.ID); err != nil || c.State != CheckClosed || c.Decided != 4 {
			t.Errorf("%+v %v", c, err)
		}
		if sums, err := w.Total(desk, w.officer, Filter{Year: "2026", State: Kept}); err != nil || sums.Records != 10 {
			t.Error("what was struck counts", sums, err)
		}
		struck, err := w.Get(own, w.Lab, asked[0].Record)
		if err != nil || struck.State != Struck {
			t.Fatal(struck, err)
		}
		if _, err := w.Make(own, w.Lab, FromForm, "", entry(FieldStart, struck.Start.Local().In(time.FixedZone("", 8*3600)).Format("2006-01-02 15:04"), FieldUser, struck.User, FieldFee, "1")); !fault.Is(err, "record-twice") {
			t.Error("what was struck comes again", err)
		}
		if n, err := w.Drawable(desk, w.officer, Draw{Year: "2026"}); err != nil || n != 8 {
			t.Error(n, err)
		}
		if _, err := w.Correct(own, w.Lab, asked[2].Record, "机时记错", 0, func(f string) string { //i18n:data
			r, err := w.Get(own, w.Lab, asked[2].Record)
			if err != nil {
				t.Error(err)
			}
			if f == FieldHours {
				return "9"
			}
			return r.texts()[f]
		}); err != nil {
			t.Fatal(err)
		}
		if n, err := w.Drawable(desk, w.officer, Draw{Year: "2026"}); err != nil || n != 9 {
			t.Error("what was changed since it passed is not drawn again", n, err)
		}
		w.sound()
	})
}

// drawsAgain draws once more from the list that was kept.
func (w *world) drawsAgain(c Check) {
	w.T.Helper()
	f, err := w.Files.Open(w.T.Context(), c.List)
	if err != nil {
		w.T.Fatal(err)
	}
	data, err := io.ReadAll(f)
	if err != nil {
		w.T.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF")))).ReadAll()
	if err != nil || int64(len(rows)) != c.Population+1 {
		w.T.Fatal(len(rows), err)
	}
	from := make([]candidate, 0, len(rows)-1)
	for _, r := range rows[1:] {
		from = append(from, candidate{ID: r[2]})
	}
	slices.Reverse(from)
	inOrder(c.Seed, from)
	drawn, err := listChecked(w.T.Context(), w.World.DB, new(db.Where), 100)
	if err != nil {
		w.T.Fatal(err)
	}
	for i, x := range drawn {
		if from[i].ID != x.Record || from[i].lot != x.Lot {
			w.T.Errorf("place %d is not drawn again", i+1)
		}
	}
}

func TestSpotCheckPagesAndAPI(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	s := w.site()
	s.Page("officer", "/desk/record-checks", http.StatusOK)
	s.Page("lab", "/desk/checked-records", http.StatusOK)
	s.Page("officer", "/desk/record-checks/new", http.StatusOK)
	for i := range 3 {
		w.made(FieldStart, fmt.Sprintf("2026-03-%02d", i+1))
	}
	page := s.Document(s.Post("officer", "/desk/record-checks", url.Values{"year": {"2026"}, "count": {"many"}, "seed": {"甲"}, "note": {"写了很久"}}), "a bad draw", http.StatusUnprocessableEntity) //i18n:data
	if page.Find("#f-note").Text() != "写了很久" || page.Find("#f-count-error").Length() != 1 {                                                                                                      //i18n:data
		t.Error("what was typed is lost, or the mistake is not at its field")
	}
	sent := s.Post("officer", "/desk/record-checks", url.Values{"year": {"2026"}, "count": {"2"}, "seed": {"甲"}}) //i18n:data
	at := sent.Header().Get("Location")
	if sent.Code != http.StatusSeeOther {
		t.Fatal(sent.Code, sent.Body)
	}
	check := s.Page("officer", at, http.StatusOK)
	if got := s.Send("officer", "GET", at+"/list", "", nil); got.Code != http.StatusOK || strings.Count(got.Body.String(), "\n") != 4 {
		t.Error(got.Code, got.Body)
	}
	s.Page("lab", at, http.StatusForbidden)
	one := check.Find("main th a").First().AttrOr("href", "")
	if tasks, err := w.Tasks(w.ctx(w.Lab), w.Lab); err != nil || len(tasks) != 1 || tasks[0].Count != 2 {
		t.Error(tasks, err)
	}
	s.Page("lab", "/desk/checked-records", http.StatusOK)
	s.Page("lab", one, http.StatusOK)
	s.Page("other", one, http.StatusForbidden)
	if got := s.Post("lab", one+"/answer", url.Values{}); got.Code != http.StatusUnprocessableEntity {
		t.Error("nothing said", got.Code)
	}
	if got := s.Upload("lab", one+"/answer", "合同.pdf", []byte("%PDF-1.4 "), map[string]string{"text": "见合同"}); got.Code != http.StatusSeeOther { //i18n:data
		t.Fatal(got.Code, got.Body)
	}
	file := s.Page("officer", one, http.StatusOK).Find("a.file").AttrOr("href", "")
	if got := s.Send("officer", "GET", file, "", nil); got.Code != http.StatusOK || got.Body.String() != "%PDF-1.4 " {
		t.Error(file, got.Code, got.Body)
	}
	if tasks, err := w.Tasks(w.ctx(w.officer), w.officer); err != nil || len(tasks) != 1 {
		t.Error(tasks, err)
	}
	if got := s.Post("lab", one+"/decide", url.Values{"verb": {VerbPass}}); got.Code != http.StatusForbidden {
		t.Error("decides about its own", got.Code)
	}
	if got := s.Post("officer", one+"/decide", url.Values{"verb": {VerbStrike}, "reason": {"合同不符"}}); got.Code != http.StatusSeeOther { //i18n:data
		t.Error(got.Code, got.Body)
	}
	var l struct {
		Items []struct{ ID, State, Lot string }
	}
	s.JSON("lab", "GET", "/checked-records", nil, http.StatusOK, &l)
	if len(l.Items) != 2 || l.Items[0].State != Asked || l.Items[1].State != Struck {
		t.Fatalf("%+v", l)
	}
	s.JSON("lab", "POST", "/checked-records/"+l.Items[0].ID+"/answer", map[string]any{"text": "有上机记录"}, http.StatusOK, nil) //i18n:data
	s.JSON("officer", "POST", "/checked-records/"+l.Items[0].ID+"/decide", map[string]any{"verb": "pass"}, http.StatusOK, nil)
	s.JSON("officer", "GET", "/record-checks", nil, http.StatusOK, nil)
	s.JSON("officer", "POST", "/record-checks", map[string]any{"year": "2026", "count": 5}, http.StatusCreated, &l)
	if len(l.Items) != 1 {
		t.Errorf("%+v", l)
	}
	w.sound()
}
