package match

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// TestFromNeedToAgreement walks the whole way on both engines.
func TestFromNeedToAgreement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		me := firm("f1")
		n := w.create(t, CreateRequest{Key: "k1"})
		if n.State != Draft || n.Region != "330402" {
			t.Fatalf("%+v", n)
		}
		again, err := w.Create(t.Context(), me, CreateRequest{Text: coatingText, Key: "k1"})
		if err != nil || again.ID != n.ID {
			t.Errorf("the same request made another need: %v %v", again.ID, err)
		}
		if _, err := w.Create(t.Context(), me, CreateRequest{Text: coatingText + "另一条", Key: "k1"}); !fault.Is(err, "key-conflict") {
			t.Errorf("one key for two needs: %v", err)
		}
		list, err := w.Candidates(t.Context(), me, n.ID)
		if err != nil || len(list) < 3 || list[0].Supply.ID != "s01" {
			t.Fatalf("candidates %v %v", list, err)
		}
		n = w.do(t, me, n.ID, VerbPublish, VerbRequest{Key: "k2"})
		if n.State != Published || !n.Listed || n.PublishedOn != "2026-11-21" || n.Topics == "" {
			t.Errorf("published %+v", n)
		}
		w.do(t, me, n.ID, VerbPublish, VerbRequest{Key: "k2"}) // the same click again
		w.refuses(t, "state-conflict", me, n.ID, VerbPublish, VerbRequest{Key: "k3"})
		w.do(t, me, n.ID, VerbInvite, VerbRequest{Resource: "i18"})
		w.clock.Advance(3 * time.Hour)
		w.do(t, provider("i18"), n.ID, VerbRespond, VerbRequest{Resource: "i18", Note: "可以做，三天。"})
		n = w.do(t, me, n.ID, VerbAccept, VerbRequest{Resource: "s01"})
		if n.State != Matched {
			t.Errorf("accepted %+v", n)
		}
		w.refuses(t, "already-accepted", me, n.ID, VerbAccept, VerbRequest{Resource: "s01"})
		w.do(t, me, n.ID, VerbDecline, VerbRequest{Resource: "e01", Code: "not-relevant"})
		w.refuses(t, "already-declined", me, n.ID, VerbDecline, VerbRequest{Resource: "e01", Code: "other"})
		w.do(t, provider("s01"), n.ID, VerbMeet, VerbRequest{Note: "电话沟通，样品下周寄出。"})
		if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return w.Ordered(ctx, tx, n.ID, "s01", "order-1")
		}); err != nil {
			t.Fatal(err)
		}
		n = w.do(t, me, n.ID, VerbAgree, VerbRequest{})
		w.do(t, broker(), n.ID, VerbFollowUp, VerbRequest{Note: "进展顺利。"})
		n = w.do(t, me, n.ID, VerbClose, VerbRequest{Code: OutcomeDone})
		if n.State != Closed || n.Outcome != OutcomeDone || n.ClosedOn == "" {
			t.Errorf("closed %+v", n)
		}
		w.history(t, n.ID)
		w.sound(t)
		f, err := w.Figures(t.Context(), d, FiguresRequest{Region: "330400"})
		if err != nil {
			t.Fatal(err)
		}
		want := Figures{CutOff: "2026-11-21", Match: Ratio{1, 1}, Contact: Ratio{1, 1}, Signing: Ratio{1, 1}, Landing: Ratio{1, 1}, Response: 3 * time.Hour, Responded: 1}
		if f != want {
			t.Errorf("figures %+v, want %+v", f, want)
		}
	})
}

// history: every step is there once, in order, and the decisions keep place and score.
func (w *world) history(t *testing.T, need string) {
	t.Helper()
	steps, err := listSteps(t.Context(), w.DB, need)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, st := range steps {
		got = append(got, st.Side+" "+st.Verb)
	}
	want := "firm publish, firm invite, provider respond, firm accept, firm decline, provider meet, firm order, firm agree, broker follow-up, firm close"
	if strings.Join(got, ", ") != want {
		t.Errorf("history %s\nwant    %s", strings.Join(got, ", "), want)
	}
	all, err := listProposals(t.Context(), w.DB, need)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"s01", "e01"} {
		i := slices.IndexFunc(all, func(p Proposal) bool { return p.Resource == id })
		if all[i].Place < 1 || all[i].Score < 1 || all[i].DecidedOn == "" {
			t.Errorf("the decision on %s lost how it was shown: %+v", id, all[i])
		}
	}
}

func TestAcceptingADraftPublishesItUnlisted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.create(t, CreateRequest{})
		n = w.do(t, firm("f1"), n.ID, VerbAccept, VerbRequest{Resource: "s01"})
		if n.State != Matched || n.Listed || n.PublishedOn == "" {
			t.Errorf("%+v", n)
		}
		p, err := w.List(t.Context(), provider("i01"), ListRequest{})
		if err != nil || p.Total != 0 {
			t.Errorf("the public list has %d, %v", p.Total, err)
		}
		if _, err := w.Show(t.Context(), provider("i01"), n.ID); !fault.Is(err, "need-not-found") {
			t.Errorf("a stranger sees an unlisted need: %v", err)
		}
		if v, err := w.Show(t.Context(), provider("s01"), n.ID); err != nil || !v.Full {
			t.Errorf("the accepted owner does not see it: %v", err)
		}
		w.sound(t)
	})
}

func TestWhoSeesWhat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		open := w.create(t, CreateRequest{Publish: true, Key: "a"})
		secret := w.create(t, CreateRequest{Publish: true, Confidential: true, Key: "b"})
		draft := w.create(t, CreateRequest{Key: "c"})
		visitor := provider("nobody")
		visitor.Org = "nobody"
		for _, tt := range []struct {
			need         string
			full, masked bool
			who          string
		}{{open.ID, false, false, "stranger"}, {secret.ID, false, true, "stranger"}, {open.ID, true, false, "officer"}, {secret.ID, true, false, "officer"}, {secret.ID, true, false, "firm"}} {
			by := map[string]func() (Shown, error){
				"stranger": func() (Shown, error) { return w.Show(t.Context(), visitor, tt.need) },
				"officer":  func() (Shown, error) { return w.Show(t.Context(), officer(), tt.need) },
				"firm":     func() (Shown, error) { return w.Show(t.Context(), firm("f1"), tt.need) },
			}[tt.who]
			v, err := by()
			if err != nil || v.Full != tt.full || v.Masked != tt.masked {
				t.Errorf("%s: full %v masked %v %v", tt.who, v.Full, v.Masked, err)
			}
			if !v.Full && (strings.Contains(v.Need.Text, "13800138000") || v.Firm != "") {
				t.Errorf("%s sees %q of %q", tt.who, v.Need.Text, v.Firm)
			}
			if v.Masked && (v.Need.Text != "" || len(v.Facts) > 0) {
				t.Errorf("%s sees a confidential text", tt.who)
			}
		}
		for _, by := range []string{"officer", "stranger"} {
			who := visitor
			if by == "officer" {
				who = officer()
			}
			if _, err := w.Show(t.Context(), who, draft.ID); !fault.Is(err, "need-not-found") {
				t.Errorf("%s sees a draft: %v", by, err)
			}
		}
		w.do(t, provider("s02"), secret.ID, VerbRespond, VerbRequest{Resource: "s02", Note: "我们可以做。"})
		if v, err := w.Show(t.Context(), provider("s02"), secret.ID); err != nil || v.Full {
			t.Errorf("answering opened a confidential need: %v", err)
		}
		w.do(t, firm("f1"), secret.ID, VerbInvite, VerbRequest{Resource: "s01"})
		if v, err := w.Show(t.Context(), provider("s01"), secret.ID); err != nil || !v.Full {
			t.Errorf("an invited owner cannot read the need: %v", err)
		}
		for scope, want := range map[string]int64{ScopePublic: 2, ScopeMine: 3} {
			if p, err := w.List(t.Context(), firm("f1"), ListRequest{Scope: scope}); err != nil || p.Total != want {
				t.Errorf("scope %q has %d, %v, want %d", scope, p.Total, err, want)
			}
		}
		if p, err := w.List(t.Context(), officer(), ListRequest{Scope: ScopeInspect, Region: "330402"}); err != nil || p.Total != 2 {
			t.Errorf("the officer inspects %d, %v", p.Total, err)
		}
		if p, err := w.List(t.Context(), provider("s02"), ListRequest{Scope: ScopeAddressed, State: Published}); err != nil || p.Total != 1 {
			t.Errorf("addressed %d, %v", p.Total, err)
		}
		first, err := w.List(t.Context(), firm("f1"), ListRequest{Scope: ScopeMine, Limit: 2})
		if err != nil || len(first.Items) != 2 || first.Next == "" {
			t.Fatalf("%+v %v", first, err)
		}
		rest, err := w.List(t.Context(), firm("f1"), ListRequest{Scope: ScopeMine, Limit: 2, After: first.Next})
		if err != nil || len(rest.Items) != 1 || rest.Next != "" {
			t.Errorf("second page %+v %v", rest, err)
		}
	})
}

func TestRefusals(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for text, code := range map[string]string{"": "required", "太短": "too-short", strings.Repeat("长", LongestText+1): "too-long"} {
		_, err := w.Create(t.Context(), firm("f1"), CreateRequest{Text: text})
		if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Code != code {
			t.Errorf("%.10q: %v", text, err)
		}
	}
	_, err := w.Create(t.Context(), firm("f1"), CreateRequest{Text: coatingText, Region: "999999"})
	if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "region" {
		t.Errorf("unknown region: %v", err)
	}
	if _, err := w.Create(t.Context(), provider("s01"), CreateRequest{Text: coatingText}); fault.Of(err).Kind != fault.Forbidden {
		t.Errorf("a provider states a need: %v", err)
	}
	n := w.create(t, CreateRequest{})
	w.refuses(t, "need-not-found", provider("s01"), n.ID, VerbRespond, VerbRequest{Resource: "s01", Note: "x"})
	w.refuses(t, "no-verb", firm("f1"), n.ID, "dance", VerbRequest{})
	w.do(t, firm("f1"), n.ID, VerbPublish, VerbRequest{})
	w.refuses(t, "resource-missing", firm("f1"), n.ID, VerbAccept, VerbRequest{})
	w.refuses(t, "resource-gone", firm("f1"), n.ID, VerbAccept, VerbRequest{Resource: "no such"})
	w.refuses(t, "reason-missing", firm("f1"), n.ID, VerbDecline, VerbRequest{Resource: "s01"})
	w.refuses(t, "outcome-missing", firm("f1"), n.ID, VerbClose, VerbRequest{Code: OutcomeDone})
	w.refuses(t, "note-missing", provider("s01"), n.ID, VerbRespond, VerbRequest{Resource: "s01"})
	w.refuses(t, "note-too-long", provider("s01"), n.ID, VerbRespond, VerbRequest{Resource: "s01", Note: strings.Repeat("长", longestNote+1)})
	w.refuses(t, "state-conflict", firm("f1"), n.ID, VerbAgree, VerbRequest{})
	if _, err := w.Do(t.Context(), firm("f2"), n.ID, VerbAccept, VerbRequest{Resource: "s01"}); fault.Of(err).Kind != fault.Forbidden {
		t.Errorf("another firm accepts: %v", err)
	}
	if _, err := w.Do(t.Context(), provider("s02"), n.ID, VerbRespond, VerbRequest{Resource: "s01", Note: "x"}); fault.Of(err).Kind != fault.Forbidden {
		t.Errorf("answering with another's resource: %v", err)
	}
	if _, err := w.Candidates(t.Context(), firm("f2"), n.ID); fault.Of(err).Kind != fault.Forbidden {
		t.Errorf("another firm sees the candidates: %v", err)
	}
}

// TestEveryStepOfTheTable: from every state, each verb either moves as the table says or is refused and
// changes nothing.
func TestEveryStepOfTheTable(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newWorld(t, d)
	lead := map[string][]string{
		Draft: nil, Published: {VerbPublish}, Matched: {VerbPublish, VerbAccept}, Agreed: {VerbPublish, VerbAccept, VerbAgree},
		Closed: {VerbPublish, VerbClose},
	}
	request := func(st, verb string) VerbRequest {
		r := VerbRequest{Resource: "i18", Note: "说明", Code: "other"}
		switch verb {
		case VerbAccept:
			r.Resource = "s01"
		case VerbAgree:
			r.Resource = ""
		case VerbClose:
			r.Code = Outcomes(st)[0].Code
		}
		return r
	}
	for st, way := range lead {
		for _, verb := range verbs() {
			n := w.create(t, CreateRequest{Key: st + verb})
			for _, v := range way {
				w.do(t, firm("f1"), n.ID, v, request(map[bool]string{true: Published}[v == VerbClose], v))
			}
			by, r := firm("f1"), request(st, verb)
			step, known := Table().Next(st, verb)
			if verb == VerbRespond {
				by = provider("i18")
			}
			if verb == VerbAccept {
				r.Resource = "e01"
			}
			got, err := w.Do(t.Context(), by, n.ID, verb, r)
			after, readErr := getNeed(t.Context(), d, n.ID)
			if readErr != nil {
				t.Fatal(readErr)
			}
			if known == nil && (err != nil || got.State != step.To || after.State != step.To) || known != nil && (err == nil || after.State != st) {
				t.Errorf("%s from %s: %v, now %s", verb, st, err, after.State)
			}
		}
	}
	w.sound(t)
}

func TestFiguresLeaveOutWhatIsInvalidAndWhatCameLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		one := w.create(t, CreateRequest{Publish: true, Key: "1"})
		two := w.create(t, CreateRequest{Publish: true, Key: "2"})
		w.create(t, CreateRequest{Key: "draft"})
		w.do(t, firm("f1"), two.ID, VerbClose, VerbRequest{Code: OutcomeInvalid})
		w.clock.Advance(48 * time.Hour)
		w.do(t, firm("f1"), one.ID, VerbAccept, VerbRequest{Resource: "s01"})
		for cut, want := range map[string]Ratio{"2026-11-20": {0, 0}, "2026-11-21": {0, 1}, "2026-11-23": {1, 1}, "": {1, 1}} {
			f, err := w.Figures(t.Context(), d, FiguresRequest{CutOff: cut})
			if err != nil || f.Match != want {
				t.Errorf("cut-off %q: %+v %v, want %+v", cut, f.Match, err, want)
			}
		}
		f, err := w.Figures(t.Context(), d, FiguresRequest{Region: "310000", From: "2026-01-01", To: "2026-12-31"})
		if err != nil || f.Match.Denominator != 0 || f.Match.Percent() != 0 {
			t.Errorf("elsewhere %+v %v", f, err)
		}
		if p := (Ratio{1, 3}).Percent(); p != 3333 {
			t.Errorf("a third is %d", p)
		}
	})
}

func TestTasks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.create(t, CreateRequest{Publish: true})
		w.do(t, firm("f1"), n.ID, VerbInvite, VerbRequest{Resource: "i18"})
		got, err := w.Tasks(t.Context(), provider("i18"))
		if err != nil || len(got) != 1 || got[0].Count != 1 || got[0].Since.IsZero() {
			t.Errorf("the invited owner has %+v %v", got, err)
		}
		w.do(t, provider("i18"), n.ID, VerbRespond, VerbRequest{Resource: "i18", Note: "可以。"})
		if got, err = w.Tasks(t.Context(), firm("f1")); err != nil || len(got) != 1 {
			t.Errorf("the firm has %+v %v", got, err)
		}
		w.do(t, firm("f1"), n.ID, VerbAccept, VerbRequest{Resource: "i18"})
		w.clock.Advance(20 * 24 * time.Hour)
		if got, err = w.Tasks(t.Context(), firm("f1")); err != nil || len(got) != 1 || !strings.Contains(got[0].Title, "跟进") {
			t.Errorf("a quiet need gives %+v %v", got, err)
		}
	})
}

func TestVerifyFindsWhatIsWrong(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	n := w.create(t, CreateRequest{Publish: true})
	w.sound(t)
	err := w.DB.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE match_need SET state = 'agreed' WHERE id = $1`, n.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	findings, err := w.Verify(t.Context(), w.DB)
	if err != nil || len(findings) != 3 {
		t.Errorf("findings %v %v", findings, err)
	}
	if findings, err := w.VerifyIndex(t.Context(), w.DB); err != nil || len(findings) != 0 {
		t.Errorf("the index is not sound: %v %v", findings, err)
	}
	gone := w.list.list[0].ID
	w.list.list[1].NameZH += "（改）"
	w.list.list = w.list.list[1:]
	if findings, err := w.VerifyIndex(t.Context(), w.DB); err != nil || len(findings) != 2 {
		t.Errorf("findings %v %v", findings, err)
	}
	if err := w.Refresh(t.Context(), w.DB, gone, w.list.list[0].ID); err != nil {
		t.Fatal(err)
	}
	if findings, err := w.VerifyIndex(t.Context(), w.DB); err != nil || len(findings) != 0 {
		t.Errorf("after the refresh %v %v", findings, err)
	}
}

func TestIndexSnapshot(t *testing.T) {
	folder := t.TempDir()
	f := supplies(t)
	x := fixtureIndex(t, f)
	if _, ok, err := NewIndex(sharedAnalyser).Load(folder); ok || err != nil {
		t.Errorf("loaded from an empty folder: %v %v", ok, err)
	}
	if err := x.Save(folder, "17"); err != nil {
		t.Fatal(err)
	}
	y := NewIndex(sharedAnalyser)
	if at, ok, err := y.Load(folder); at != "17" || !ok || err != nil || y.Len() != x.Len() {
		t.Errorf("%s %v %v, %d of %d", at, ok, err, y.Len(), x.Len())
	}
	f.list = f.list[:10]
	if err := y.Rebuild(t.Context(), nil, f); err != nil || y.Len() != 10 {
		t.Errorf("after the rebuild %d, %v", y.Len(), err)
	}
}
