package campus

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// 64 rivals split over both sides, again and again, with answers that get lost in some rounds: never two winners, and with
// nothing lost exactly one.
func TestRivalsOnBothSides(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, judge := range []string{There, Here} {
			req := decidesHere()
			if judge == There {
				req = decidesThere(SilentRefuse)
			}
			w := newWorld(t, d, req)
			for round := range 4 {
				if judge == There {
					w.fake.Fail(false, round == 3, 0)
				}
				from, to := at(1, 2*round+8), at(1, 2*round+9)
				var ours, theirs atomic.Int64
				start := make(chan struct{})
				var all sync.WaitGroup
				for i := range 64 {
					all.Go(func() {
						<-start
						switch {
						case i%2 == 0:
							if w.place(fmt.Sprintf("%s-%d-%d", judge, round, i), "sem", from, to) == nil {
								ours.Add(1)
							}
						case judge == There:
							if _, ok := w.fake.Book("C-sem", from, to); ok {
								theirs.Add(1)
							}
						default:
							if ok, err := w.fake.BookThere(t.Context(), "C-sem", from, to); err == nil && ok {
								theirs.Add(1)
							}
						}
					})
				}
				close(start)
				all.Wait()
				won := ours.Load() + theirs.Load()
				if won > 1 || round < 3 && won != 1 {
					t.Fatalf("%s, round %d: %d winners here, %d there", judge, round, ours.Load(), theirs.Load())
				}
				t.Logf("%s, round %d: %d here, %d there", judge, round, ours.Load(), theirs.Load())
			}
			w.fake.Fail(false, false, 0)
			w.ok(w.s.Deliver(t.Context()))
			w.sound()
			w.ok(w.s.Do(t.Context(), li(), w.link.ID, VerbEnd))
			list, err := w.book.Taken(t.Context(), d, []string{"sem"}, at(-3, 0), at(30, 0))
			w.ok(err)
			for _, b := range list {
				w.release(b.Holder)
			}
			w.ok(w.s.Deliver(t.Context()))
			if left := w.there("C-sem"); strings.Contains(left, "ours") && judge == There {
				t.Errorf("still reserved there: %s", left)
			}
		}
	})
}

// What their calendar says to a question, and what becomes of it.
func TestAskingThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, decidesThere(SilentRefuse))
		ctx := t.Context()
		w.ok(w.place("o1", "sem", at(0, 9), at(0, 11)))
		w.want("there", w.there("C-sem"), "ours 23.09-11;")
		if _, ok := w.fake.Book("C-sem", at(0, 10), at(0, 12)); ok {
			t.Fatal("two winners")
		}
		local, _ := w.fake.Book("C-sem", at(0, 13), at(0, 15))
		if err := w.place("o2", "sem", at(0, 14), at(0, 16)); !fault.Is(err, "slot-taken") {
			t.Fatalf("taken there: %v", err)
		}
		w.fake.Cancel(local.ID)

		// What fails here after it was granted there is given back there.
		if err := w.place("o3", "sem", at(0, 3), at(-1, 4)); err == nil {
			t.Fatal("an end before its start")
		}
		w.release("o1")
		w.ok(w.place("o4", "sem", at(0, 9), at(0, 11)))
		w.ok(w.s.Deliver(ctx))
		w.want("released and taken anew", w.there("C-sem"), "ours 23.09-11;")

		// The answer is lost: nothing is booked, and what may have been reserved there is given back.
		w.fake.Fail(false, true, 0)
		if err := w.place("o5", "sem", at(1, 9), at(1, 11)); !fault.Is(err, "campus-silent") {
			t.Fatalf("a lost answer: %v", err)
		}
		w.want("here", w.here("sem"), "order 23.09-11;")
		w.fake.Fail(false, false, 0)
		w.want("reserved there, and nobody knows", w.there("C-sem"), "ours 23.09-11;ours 24.09-11;")
		w.ok(w.s.Deliver(ctx))
		w.want("given back", w.there("C-sem"), "ours 23.09-11;")

		// Down, and slow: refused honestly, within the time a person waits.
		w.fake.Fail(true, false, 0)
		if err := w.place("o6", "sem", at(2, 9), at(2, 11)); !fault.Is(err, "campus-silent") {
			t.Fatalf("down: %v", err)
		}
		w.s.Patience = 50 * time.Millisecond
		w.fake.Fail(false, false, 400*time.Millisecond)
		began := time.Now()
		if err := w.place("o7", "sem", at(2, 9), at(2, 11)); !fault.Is(err, "campus-silent") || time.Since(began) > 5*time.Second {
			t.Fatalf("slow: %v after %v", err, time.Since(began))
		}
		w.fake.Fail(false, false, 0)
		w.now.Advance(5 * time.Minute)
		w.ok(w.s.Deliver(ctx))
		w.want("all given back", w.there("C-sem"), "ours 23.09-11;")

		// Somebody asked and died: the reservation lapses or is swept, the time is free again on both sides.
		w.s.Patience = 2 * time.Second
		if _, err := w.s.Ask(ctx, claim("o8", "sem", at(2, 9), at(2, 11))); err != nil {
			t.Fatal(err)
		}
		w.now.Advance(3 * time.Minute)
		w.ok(w.s.Sweep(ctx))
		w.ok(w.s.Deliver(ctx))
		w.want("swept", w.there("C-sem"), "ours 23.09-11;")
		w.sound()
	})
}

// While they are silent a provider may book all the same: they are told later, and what then clashes is listed.
func TestBookingWhileTheyAreSilent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, decidesThere(SilentBook))
		ctx := t.Context()
		w.fake.Fail(true, false, 0)
		w.ok(w.place("o1", "sem", at(0, 9), at(0, 11)))
		w.ok(w.place("o2", "sem", at(1, 9), at(1, 11)))
		w.ok(w.s.Deliver(ctx))
		w.want("not there yet", w.there("C-sem"), "")
		w.fake.Fail(false, false, 0)
		w.fake.Book("C-sem", at(1, 10), at(1, 12))
		w.now.Advance(time.Minute)
		w.ok(w.s.Deliver(ctx))
		w.now.Advance(time.Minute)
		w.ok(w.s.Deliver(ctx))
		w.want("told later", w.there("C-sem"), "local 24.10-12;ours 23.09-11;")
		open, err := openClaims(ctx, d, w.link.ID)
		w.ok(err)
		if len(open) != 1 || open[0].Holder != "o2" || open[0].State != ClaimLost {
			t.Fatalf("%+v", open)
		}
		tasks, err := w.s.Tasks(ctx, li())
		if err != nil || len(tasks) != 1 {
			t.Fatalf("%+v %v", tasks, err)
		}
		w.site.Page("li", "/desk/campus/"+w.link.ID, 200, "校内已被占用")
		w.release("o2")
		w.ok(w.s.Deliver(ctx))
		w.sound()
	})
}

// The table of claims leads from every state to an end.
func TestEveryClaimEnds(t *testing.T) {
	table := ClaimTable()
	for _, st := range table.States() {
		seen := map[string]bool{}
		reach := []string{st}
		for len(reach) > 0 {
			at := reach[0]
			reach = reach[1:]
			if seen[at] {
				continue
			}
			seen[at] = true
			for _, step := range table {
				if step.From == at {
					reach = append(reach, step.To)
				}
			}
		}
		if !seen[ClaimReleased] && !seen[ClaimRefused] {
			t.Errorf("%s has no end", st)
		}
	}
}
