package campus

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/campus/campustest"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

func rec(id string, version int64, from, to time.Time) campustest.Record {
	return campustest.Record{ID: id, Version: version, Instrument: "C-sem", Start: from, End: to}
}

func gone(id string, version int64) campustest.Record {
	return campustest.Record{ID: id, Version: version, Instrument: "C-sem", State: "cancelled"}
}

func (w *world) push(want string, records ...campustest.Record) {
	w.t.Helper()
	answers, status, err := w.fake.Push(w.t.Context(), records...)
	w.ok(err)
	got := ""
	for _, a := range answers {
		got += a.Result
		if a.Result == Refused {
			got += ":" + a.Code
		}
		got += " "
	}
	if status != 200 || strings.TrimSpace(got) != want {
		w.t.Fatalf("%+v: %d %q, want %q", records, status, got, want)
	}
}

// Records come once, again, late, out of order and invented: each is answered clearly and nothing wrong is booked or lost.
func TestPushedTimes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, decidesHere())
		w.push("taken taken", rec("a", 1, at(0, 9), at(0, 11)), rec("b", 1, at(0, 13), at(0, 15)))
		w.want("here", w.here("sem"), "external 23.09-11;external 23.13-15;")
		w.push("unchanged", rec("a", 1, at(0, 9), at(0, 11)))
		w.push("refused:record-differs", rec("a", 1, at(0, 9), at(0, 12)))
		w.push("taken stale", rec("a", 3, at(0, 10), at(0, 12)), rec("a", 2, at(0, 8), at(0, 9)))
		w.push("taken stale", gone("c", 5), rec("c", 4, at(0, 16), at(0, 17))) // the cancellation overtook the record
		w.push("taken unchanged", gone("b", 2), gone("b", 2))
		w.want("here", w.here("sem"), "external 23.10-12;")
		w.push("refused:record-key", campustest.Record{ID: "x", Version: 1, Instrument: "C-sem", Start: at(1, 9), End: at(1, 10), Key: "invented"})
		w.push("refused:campus-instrument", campustest.Record{ID: "x", Version: 1, Instrument: "C-none", Start: at(1, 9), End: at(1, 10)})
		w.push("refused:record-moved", campustest.Record{ID: "a", Version: 9, Instrument: "C-nmr", Start: at(1, 9), End: at(1, 10)})
		w.push("refused:record-order refused:record-far refused:record-late refused:record-id",
			rec("y", 1, at(0, 9), at(0, 9)), rec("y", 1, at(900, 9), at(900, 10)), rec("y", 1, at(-90, 9), at(-90, 10)), rec("", 1, at(0, 9), at(0, 10)))

		// What is booked here is not theirs; when it is given back they get it.
		w.ok(w.place("o1", "sem", at(1, 9), at(1, 11)))
		w.push("clash clash", rec("d", 1, at(1, 10), at(1, 12)), rec("d", 1, at(1, 10), at(1, 12)))
		if w.place("o2", "sem", at(0, 10), at(0, 11)) == nil {
			t.Fatal("a time taken on campus was booked")
		}
		w.ok(w.s.Settle(t.Context()))
		w.want("while it clashes", w.here("sem"), "external 23.10-12;order 24.09-11;")
		w.sound()
		w.release("o1")
		w.ok(w.s.Settle(t.Context()))
		w.want("after", w.here("sem"), "external 23.10-12;external 24.10-12;")

		// A whole list: what it does not have is given back, what was told later stays, and an older one changes nothing.
		list := func(version int64, records ...campustest.Record) (int, []campustest.Answer) {
			answers, status, err := w.fake.PushList(t.Context(), "C-sem", version, at(0, 0), at(7, 0), records...)
			w.ok(err)
			return status, answers
		}
		w.push("taken", rec("late", 50, at(2, 9), at(2, 10)))
		if status, _ := list(40, rec("a", 3, at(0, 10), at(0, 12)), rec("e", 6, at(3, 9), at(3, 10))); status != 200 {
			t.Fatal(status)
		}
		w.want("after the list", w.here("sem"), "external 23.10-12;external 25.09-10;external 26.09-10;")
		if status, _ := list(39); status != 409 {
			t.Fatalf("an older list: %d", status)
		}
		if status, _ := list(60); status != 200 {
			t.Fatal(status)
		}
		w.want("after an empty list", w.here("sem"), "")
		if status, answers := list(61, rec("a", 3, at(0, 10), at(0, 12))); status != 200 || answers[0].Result != Taken {
			t.Fatalf("it is back: %d %+v", status, answers)
		}
		w.sound()

		// The secret was stolen: everything it brought is taken out at once, and the old secret is worth nothing.
		if _, err := w.s.Renew(t.Context(), li(), w.link.ID); err != nil {
			t.Fatal(err)
		}
		if _, status, err := w.fake.Push(t.Context(), rec("evil", 1, at(4, 0), at(4, 23))); err != nil || status != 401 {
			t.Fatalf("the old secret: %d %v", status, err)
		}
		w.ok(w.s.Do(t.Context(), li(), w.link.ID, VerbWithdraw))
		w.want("withdrawn", w.here("sem"), "")
		w.sound()
	})
}

// Calls that are not signed as agreed are refused, and say no more than they must.
func TestSignatures(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), decidesHere())
	now := w.now.Now()
	items := map[string]any{"items": []campustest.Record{rec("a", 1, at(0, 9), at(0, 10))}}
	call := func(link, secret string, when time.Time, want int) {
		t.Helper()
		status, err := w.fake.CallAs(t.Context(), link, secret, when, "POST", "/busy", items, nil)
		if err != nil || status != want {
			t.Errorf("%d %v, want %d", status, err, want)
		}
	}
	l, err := getLink(t.Context(), w.s.DB, w.link.ID)
	w.ok(err)
	call(l.ID, "guessed", now, 401)
	call("00000000-0000-7000-8000-000000000000", l.Secret, now, 401)
	call(l.ID, l.Secret, now.Add(-6*time.Minute), 401)
	call(l.ID, l.Secret, now.Add(6*time.Minute), 401)
	call(l.ID, l.Secret, now.Add(4*time.Minute), 200)
	w.ok(w.s.Do(t.Context(), li(), l.ID, VerbPause))
	call(l.ID, l.Secret, now, 403)
	w.ok(w.s.Do(t.Context(), li(), l.ID, VerbResume))
	call(l.ID, l.Secret, now, 200)
	w.ok(w.s.Do(t.Context(), li(), l.ID, VerbEnd))
	call(l.ID, l.Secret, now, 403)
	w.want("after the end", w.here("sem"), "")
	w.sound()
}

// Whatever order, however often: what stands in the end is what the highest version of each record says.
func TestOrderDoesNotMatter(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), decidesHere())
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		type told struct {
			id   string
			v    int64
			gone bool
		}
		record := rapid.Custom(func(rt *rapid.T) told {
			return told{rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "id"), rapid.Int64Range(1, 4).Draw(rt, "version"), rapid.Bool().Draw(rt, "gone")}
		})
		all := rapid.SliceOfNDistinct(record, 1, 9, func(x told) string { return fmt.Sprint(x.id, x.v) }).Draw(rt, "told")
		newest := map[string]told{}
		for _, x := range all {
			if x.v > newest[x.id].v {
				newest[x.id] = x
			}
		}
		base := at(0, 0).Add(time.Duration(round) * 24 * time.Hour)
		hour := map[string]int{"a": 1, "b": 8, "c": 15}
		span := func(x told) (time.Time, time.Time) {
			from := base.Add(time.Duration(hour[x.id])*time.Hour + time.Duration(x.v)*time.Hour)
			return from, from.Add(time.Hour)
		}
		for _, x := range append(rapid.Permutation(all).Draw(rt, "first"), rapid.Permutation(all).Draw(rt, "again")...) {
			from, to := span(x)
			r := Record{ID: fmt.Sprintf("%s-%d", x.id, round), Version: x.v, Instrument: "C-sem", Start: from, End: to, Cancelled: x.gone}
			if _, err := w.s.Push(t.Context(), w.link, []Record{r}); err != nil {
				rt.Fatal(err)
			}
		}
		list, err := w.book.Taken(t.Context(), w.s.DB, []string{"sem"}, base, base.Add(24*time.Hour))
		if err != nil {
			rt.Fatal(err)
		}
		standing := map[string]bool{}
		for _, b := range list {
			standing[b.Holder] = true
		}
		for _, x := range newest {
			if holder := holderOf(w.link.ID, fmt.Sprintf("%s-%d", x.id, round)); standing[holder] == x.gone {
				rt.Fatalf("%+v of %+v", x, all)
			}
		}
	})
	w.sound()
}
