package scrutiny

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/draw"
	"qiao/internal/platform/fault"
	"qiao/internal/voucher"
)

func (w *world) lookAt(claim string) {
	w.t.Helper()
	if err := w.DB.InTx(w.ctx(), func(ctx context.Context, tx *db.Tx) error { return w.LookAtClaim(ctx, tx, claim) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) wants(err error, code string) {
	w.t.Helper()
	if !fault.Is(err, code) {
		w.t.Errorf("%v, want %s", err, code)
	}
}

// A flag is raised once, brought up to date, answered, and decided by a person who is no party; dismissed, it comes again only
// with other evidence.
func TestAFlagIsDecidedByAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := w.ctx()
		w.claim("1", "submitted", 50_000)
		w.deals = []order.Deal{deal("o-1", nil)}
		w.related = []Relation{{Text: "{0} 隶属于 {1}", Args: []string{"org:firm", "org:lab"}, Source: "s"}} //i18n:data
		w.lookAt("1")
		w.lookAt("1")
		flags, err := w.FlagsOf(ctx, d, "firm")
		if err != nil || len(flags) != 1 || flags[0].Kind != Related || flags[0].Severity != "high" || flags[0].Claim != "1" {
			t.Fatalf("%+v %v", flags, err)
		}
		f := flags[0]
		if _, err := w.AnswerFlag(ctx, w.member("firm"), f.ID, Answer{Note: "we were sold last year", Proof: Proof{Name: "a.pdf", Body: strings.NewReader("%PDF-1.4\n")}}); err != nil {
			t.Fatal(err)
		}
		_, err = w.AnswerFlag(ctx, w.member("other"), f.ID, Answer{Note: "not mine"})
		if fault.Of(err) == nil || fault.Of(err).Kind != fault.Forbidden {
			t.Error(err)
		}
		insider := w.officer("of-lab")
		_, err = w.Decide(ctx, insider, f.ID, Decision{Verb: "dismiss", Note: "my own"})
		w.wants(err, "own-organisation")
		_, err = w.Decide(ctx, w.officer("a"), f.ID, Decision{Verb: "uphold", Note: "what then"})
		w.wants(err, "outcome-needed")
		_, err = w.Decide(ctx, w.officer("a"), f.ID, Decision{Verb: "dismiss", Note: "ok"})
		w.wants(err, "note-needed")
		if _, err := w.Decide(ctx, w.officer("a"), f.ID, Decision{Verb: "dismiss", Note: "it was sold"}); err != nil {
			t.Fatal(err)
		}
		w.lookAt("1")
		if flags, _ = w.FlagsOf(ctx, d, "firm"); len(flags) != 1 || flags[0].State != Dismissed {
			t.Errorf("the same evidence again: %+v", flags)
		}
		w.related[0].Source = "another register"
		w.lookAt("1")
		if flags, _ = w.FlagsOf(ctx, d, "firm"); len(flags) != 2 || flags[0].State != Open {
			t.Fatalf("other evidence: %+v", flags)
		}
		if _, err := w.Decide(ctx, w.officer("a"), flags[0].ID, Decision{Verb: "uphold", Outcome: OutcomeRefuse, Note: "still related"}); err != nil {
			t.Fatal(err)
		}
		if w.claims["1"].State != "refused" || len(w.acted) != 1 {
			t.Error(w.acted)
		}
		w.sound()
	})
}

// What is drawn follows from the closed list and the announced number; two officers are needed, and a finding asks the money back
// by a second person.
func TestADrawCanBeDrawnAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := w.ctx()
		for i := range 40 {
			w.claim(fmt.Sprintf("%02d", i), []string{"paid", "published", "submitted"}[i%3], 600_000)
		}
		plan := Plan{Programme: "p", From: "2026-01-01", To: "2026-06-30", Share: 1_000, Stratify: ByAmount, Source: "lottery of tomorrow", Days: 20}
		_, err := w.Close(ctx, w.officer("a"), Plan{Programme: "p", From: "2026-06-30", To: "2026-01-01", Share: 20_000, Stratify: "x"})
		if e := fault.Of(err); e == nil || len(e.Fields) != 5 {
			t.Errorf("%v", err)
		}
		c, err := w.Close(ctx, w.officer("a"), plan)
		if err != nil || c.Population != 27 || c.Drawn != 3 || c.Seed != "" || len(c.List) != 64 {
			t.Fatalf("%+v %v", c, err)
		}
		_, err = w.Announce(ctx, w.officer("a"), c.ID, "417")
		w.wants(err, "second-person-needed")
		_, err = w.Announce(ctx, w.officer("b"), c.ID, " ")
		w.wants(err, "number-needed")
		if c, err = w.Announce(ctx, w.officer("b"), c.ID, " 417 "); err != nil || c.Seed != draw.Seed(c.List, "417") {
			t.Fatal(err)
		}
		_, err = w.Announce(ctx, w.officer("b"), c.ID, "418")
		w.wants(err, "drawn-already")
		cases, err := w.CasesOf(ctx, d, c.ID)
		if err != nil || len(cases) != 3 {
			t.Fatal(cases, err)
		}
		w.sound()
		x := cases[0]
		w.claims[x.Claim].State = "paid"
		_, err = w.Check(ctx, w.officer("a"), x.ID, Visit{Verb: "clean", Ticked: []string{"contract"}})
		w.wants(err, "checklist-open")
		if _, err := w.AnswerCase(ctx, w.member("lab"), x.ID, Answer{Note: "all is there"}); err != nil {
			t.Fatal(err)
		}
		if x, err = w.Check(ctx, w.officer("a"), x.ID, Visit{Verb: "finding", Answer: Answer{Note: "the samples were never there"}}); err != nil || x.State != Bad {
			t.Fatal(x, err)
		}
		var all db.Where
		list, err := listRecoveries(ctx, d, &all, 10)
		if err != nil || len(list) != 1 || list[0].Amount != 600_000 {
			t.Fatal(list, err)
		}
		_, err = w.Recover(ctx, w.officer("a"), list[0].ID, "order", Receipt{})
		w.wants(err, "second-person-needed")
		stale := w.officer("b")
		stale.Stale = true
		_, err = w.Recover(ctx, stale, list[0].ID, "order", Receipt{})
		w.wants(err, "step-up")
		if _, err := w.Recover(ctx, w.officer("b"), list[0].ID, "order", Receipt{}); err != nil || w.claims[x.Claim].State != "recovered" {
			t.Fatal(err)
		}
		_, err = w.Recover(ctx, w.officer("b"), list[0].ID, "receive", Receipt{On: "2026-07-01"})
		w.wants(err, "receipt-invalid")
		if r, err := w.Recover(ctx, w.officer("b"), list[0].ID, "receive", Receipt{On: "2026-06-14", Reference: "JK-1"}); err != nil || r.State != Received {
			t.Fatal(r, err)
		}
		var codes []string
		for _, it := range w.rules().Check.List {
			codes = append(codes, it.Code)
		}
		if _, err := w.Check(ctx, w.officer("a"), cases[1].ID, Visit{Verb: "clean", Ticked: codes}); err != nil {
			t.Fatal(err)
		}
		w.sound()
		if again, err := w.Close(ctx, w.officer("a"), plan); err != nil || again.Population >= 27 {
			t.Errorf("what was looked at is drawn again: %+v %v", again, err)
		}
	})
}

// A sanction is heard first, decided by two, told, appealed to a third, and ends on its day.
func TestASanctionIsHeardAndAppealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := w.ctx()
		propose := func(side string) Sanction {
			t.Helper()
			x, err := w.Propose(ctx, w.officer("a"), Proposal{Org: "Firm", Side: side, Ground: "one report for two orders", From: "2026-06-15", To: "2029-06-14"})
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		_, err := w.Propose(ctx, w.officer("a"), Proposal{Org: "nobody", Side: "x", Ground: "a ground", From: "2026-06-01", To: "2026-05-01"})
		if e := fault.Of(err); e == nil || len(e.Fields) != 4 {
			t.Errorf("%v", err)
		}
		x := propose(voucher.SideFirm)
		say := Answer{Note: "that is how it was"}
		_, err = w.Service.Sanction(ctx, w.officer("a"), x.ID, "decide", say)
		w.wants(err, "hearing-open")
		if _, err := w.Service.Sanction(ctx, w.member("firm"), x.ID, "state", say); err != nil {
			t.Fatal(err)
		}
		must := func(person, verb string) {
			t.Helper()
			if _, err := w.Service.Sanction(ctx, w.officer(person), x.ID, verb, say); err != nil {
				t.Fatal(verb, err)
			}
		}
		must("a", "decide")
		_, err = w.Service.Sanction(ctx, w.officer("a"), x.ID, "confirm", say)
		w.wants(err, "second-person-needed")
		must("b", "confirm")
		if len(w.banned) != 1 {
			t.Fatal(w.banned)
		}
		w.sound()
		if _, err := w.Service.Sanction(ctx, w.member("firm"), x.ID, "appeal", say); err != nil {
			t.Fatal(err)
		}
		_, err = w.Service.Sanction(ctx, w.officer("b"), x.ID, "lift", say)
		w.wants(err, "second-person-needed")
		must("c", "lift")
		if len(w.banned) != 0 {
			t.Error("lifted, and still on the list")
		}
		x = propose(voucher.SideProvider)
		w.clock.Advance(8 * 24 * time.Hour) // the party says nothing
		must("a", "decide")
		must("b", "confirm")
		w.clock.Advance(61 * 24 * time.Hour)
		_, err = w.Service.Sanction(ctx, w.member("firm"), x.ID, "appeal", say)
		w.wants(err, "appeal-late")
		w.clock.Set(time.Date(2029, 6, 15, 2, 0, 0, 0, time.UTC))
		if err := w.End(ctx); err != nil {
			t.Fatal(err)
		}
		if x, err = getSanction(ctx, d, x.ID); err != nil || x.State != Ended {
			t.Error(x, err)
		}
		w.sound()
	})
}
