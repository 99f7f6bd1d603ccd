package expert

import (
	"context"
	"testing"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// world is experts over a real catalogue and register of organisations.
type world struct {
	*Service
	t         *testing.T
	clock     *clock.Fake
	cat       *catalogue.Service
	owner     string // the institution whose record it is
	person    identity.Subject
	officer   identity.Subject
	firm      identity.Subject
	otherFirm identity.Subject
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC))
	ids := identity.New(identity.Deps{DB: d, Clock: c, Policy: policy, Root: "330400"})
	w := &world{t: t, clock: c}
	w.cat = catalogue.New(catalogue.Deps{DB: d, Clock: c, Policy: policy, Orgs: ids, Blobs: files, Node: "test", Root: "330400", Address: "https://qiao.example",
		Bar: func(ctx context.Context, q db.Q, people []catalogue.Person) ([]bool, error) {
			return w.Bar(ctx, q, people)
		}})
	w.Service, err = New(Deps{DB: d, Clock: c, Policy: policy, Organisations: ids, Catalogue: w.cat, Topics: []Topic{{"生物材料", "Biomaterials"}}})
	if err != nil {
		t.Fatal(err)
	}
	firm := ""
	err = d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		if w.owner, _, err = ids.PutUnclaimed(ctx, tx, identity.Organisation{NameZH: "示例·南湖大学", Kind: "university", Region: "330402", Source: "test", SourceID: "1", Sample: true}); err != nil {
			return err
		}
		firm, _, err = ids.PutUnclaimed(ctx, tx, identity.Organisation{NameZH: "示例·禾城公司", Kind: "company", Region: "330402", Source: "test", SourceID: "2", Sample: true})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	as := func(person, org, capacity, role string) identity.Subject {
		return identity.Subject{Person: person, Membership: "m-" + person, Org: org, OrgStatus: identity.StatusVerified, Role: role, Region: "330402", Capacities: []string{capacity}}
	}
	w.person = as("p-expert", "o-elsewhere", "intermediary", "staff")
	w.officer = as("p-officer", "o-authority", "authority", "officer")
	w.firm, w.otherFirm = as("p-firm", firm, "enterprise", "admin"), as("p-firm2", "o-firm2", "enterprise", "admin")
	return w
}

// takeIn brings the record of an expert in from a public register, as an import does.
func (w *world) takeIn(name, number string) (catalogue.Outcome, string) {
	w.t.Helper()
	var out []catalogue.Outcome
	err := w.db.InTx(w.t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		in := catalogue.Intake{Org: w.owner, Source: "register", Licence: "CC0-1.0", Trusted: true}
		out, err = w.cat.TakeIn(ctx, identity.Subject{}, tx, in, []catalogue.Incoming{{Kind: KindExpert, SourceID: number, Values: map[string]any{"name_zh": name, "institution": "示例·南湖大学"}}})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out[0], out[0].Resource
}

// mine makes the record of an expert the person's own, with addresses and the consents named.
func (w *world) claimed(resource string, consents ...string) {
	w.t.Helper()
	c, err := w.File(w.t.Context(), w.person, resource, ClaimDraft{Institution: "示例·南湖大学", Reasons: "这是我的单位主页和邮箱，可以核对。"})
	if err == nil {
		_, err = w.DoClaim(w.t.Context(), w.officer, c.ID, "verify", "")
	}
	if err == nil {
		err = w.Correct(w.t.Context(), w.person, resource, Correction{NameZH: "示例·郑远航", Institution: "示例·南湖大学", Email: "zheng@example.cn"})
	}
	for _, p := range consents {
		if err == nil {
			_, err = w.Give(w.t.Context(), w.person, resource, p, "2026-1")
		}
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) clean() {
	w.t.Helper()
	found, err := w.Verify(w.t.Context(), w.db)
	if err != nil || len(found) > 0 {
		w.t.Fatalf("verify: %+v %v", found, err)
	}
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(t, d)) })
}

// A person claims a record, is verified by somebody else, agrees to be contacted; a firm asks, sees the address only after
// the acceptance, and no more once the consent is withdrawn.
func TestContactNeedsConsent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, r := w.takeIn("示例·郑远航", "A-1")
		asking := Asking{"碳纤维界面的诊断", "我们的预浸料分层，想请您看看原因。"}
		if _, err := w.Ask(ctx, w.firm, "", r, asking); !fault.Is(err, "expert-unclaimed") {
			t.Fatalf("an unclaimed record: %v", err)
		}
		c, err := w.File(ctx, w.person, r, ClaimDraft{Institution: "示例·南湖大学", Reasons: "这是我的单位主页和邮箱，可以核对。"})
		if err != nil || c.State != Filed {
			t.Fatalf("%+v %v", c, err)
		}
		if _, err := w.File(ctx, w.person, r, ClaimDraft{Institution: "示例·南湖大学", Reasons: "这是我的单位主页和邮箱，可以核对。"}); !fault.Is(err, "claim-open") {
			t.Errorf("filed twice: %v", err)
		}
		own := w.officer
		own.Person = w.person.Person
		if _, err := w.DoClaim(ctx, own, c.ID, "verify", ""); !fault.Is(err, "own-claim") {
			t.Errorf("verified by oneself: %v", err)
		}
		if _, err := w.DoClaim(ctx, w.firm, c.ID, "verify", ""); err == nil {
			t.Error("a firm verified a claim")
		}
		if c, err = w.DoClaim(ctx, w.officer, c.ID, "verify", ""); err != nil || c.State != Verified {
			t.Fatalf("%+v %v", c, err)
		}
		if _, err := w.Ask(ctx, w.firm, "", r, asking); !fault.Is(err, "no-consent") {
			t.Errorf("asked without consent: %v", err)
		}
		if _, err := w.Give(ctx, w.person, r, Contact, "2025-0"); !fault.Is(err, "wording-changed") {
			t.Errorf("agreed to another wording: %v", err)
		}
		if _, err := w.Give(ctx, w.firm, r, Contact, "2026-1"); err == nil {
			t.Error("somebody else agreed")
		}
		if _, err := w.Give(ctx, w.person, r, Contact, "2026-1"); err != nil {
			t.Fatal(err)
		}
		req, err := w.Ask(ctx, w.firm, "k", r, asking)
		if err != nil || req.State != Sent {
			t.Fatalf("%+v %v", req, err)
		}
		if _, a, err := w.RequestOf(ctx, w.firm, req.ID); err != nil || a != (Addresses{}) {
			t.Errorf("addresses before the acceptance: %+v %v", a, err)
		}
		if _, _, err := w.RequestOf(ctx, w.otherFirm, req.ID); !fault.Is(err, "request-not-found") {
			t.Errorf("a stranger reads the request: %v", err)
		}
		if _, err := w.DoRequest(ctx, w.person, req.ID, "accept", ""); !fault.Is(err, "no-address") {
			t.Errorf("accepted without an address: %v", err)
		}
		if err := w.Correct(ctx, w.person, r, Correction{NameZH: "示例·郑远航", Institution: "示例·南湖大学", Email: "zheng@example.cn"}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.DoRequest(ctx, w.person, req.ID, "accept", "请来电"); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, a, err := w.RequestOf(ctx, w.firm, req.ID); err != nil || a.Email != "zheng@example.cn" {
				t.Errorf("after the acceptance: %+v %v", a, err)
			}
		}
		abouts, err := w.Abouts(ctx, w.person)
		if err != nil || len(abouts) != 1 || len(abouts[0].Disclosures) != 1 || len(abouts[0].Requests) != 1 {
			t.Fatalf("%+v %v", abouts, err)
		}
		w.clean()
		if err := w.Revoke(ctx, w.person, r, Contact); err != nil {
			t.Fatal(err)
		}
		if now, a, err := w.RequestOf(ctx, w.firm, req.ID); err != nil || now.State != Closed || a != (Addresses{}) {
			t.Errorf("after the revocation: %+v %+v %v", now, a, err)
		}
		if _, err := w.Ask(ctx, w.firm, "", r, asking); !fault.Is(err, "no-consent") {
			t.Errorf("asked after the revocation: %v", err)
		}
		w.clean()
	})
}

// Limits are kept: so many requests a day, and a rest after an expert declined.
func TestPeopleAreLeftInPeace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		asking := Asking{"碳纤维界面的诊断", "我们的预浸料分层，想请您看看原因。"}
		_, first := w.takeIn("示例·郑远航", "A-1")
		w.claimed(first, Contact)
		req, err := w.Ask(ctx, w.firm, "", first, asking)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Ask(ctx, w.firm, "", first, asking); !fault.Is(err, "request-open") {
			t.Errorf("asked twice: %v", err)
		}
		if _, err := w.DoRequest(ctx, w.person, req.ID, "decline", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Ask(ctx, w.firm, "", first, asking); !fault.Is(err, "declined-lately") {
			t.Errorf("asked again at once: %v", err)
		}
		w.clock.Advance(31 * 24 * time.Hour)
		late, err := w.Ask(ctx, w.firm, "", first, asking)
		if err != nil {
			t.Errorf("after the rest: %v", err)
		}
		w.clock.Advance(40 * 24 * time.Hour)
		if _, err := w.DoRequest(ctx, w.person, late.ID, "decline", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Ask(ctx, w.firm, "", first, asking); !fault.Is(err, "declined-lately") {
			t.Errorf("the rest counts from the refusal: %v", err)
		}
		w.clock.Advance(31 * 24 * time.Hour)
		if _, err := w.Ask(ctx, w.firm, "", first, asking); err != nil {
			t.Errorf("after the second rest: %v", err)
		}
		for n := range 5 {
			_, r := w.takeIn("示例·专家"+string(rune('甲'+n)), "B-"+string(rune('0'+n)))
			w.claimed(r, Contact)
			_, err = w.Ask(ctx, w.firm, "", r, asking)
			if n < 4 && err != nil {
				t.Errorf("request %d: %v", n+2, err)
			}
		}
		if !fault.Is(err, "too-many-requests") {
			t.Errorf("the sixth of a day: %v", err)
		}
	})
}

// Who does not want to be public leaves the catalogue and comes in by no later import, until they want it again; what was
// deleted leaves nothing but hashes.
func TestLeavingAndBeingForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, r := w.takeIn("示例·郑远航", "A-1")
		w.claimed(r, Publish)
		if err := w.Revoke(ctx, w.person, r, Publish); err != nil {
			t.Fatal(err)
		}
		if gone, err := w.cat.Resource(ctx, w.db, r); !fault.Is(err, "resource-gone") || gone.Name() != "" {
			t.Errorf("still public: %+v %v", gone, err)
		}
		if out, _ := w.takeIn("示例·郑远航", "A-1"); out.Did != catalogue.Refused {
			t.Errorf("an import brings it back: %+v", out)
		}
		if out, _ := w.takeIn("示例·郑远航", "A-9"); out.Did != catalogue.Refused {
			t.Errorf("another number brings it back: %+v", out)
		}
		if out, _ := w.takeIn("示例·王某", "A-2"); out.Did != catalogue.Added {
			t.Errorf("somebody else does not come in: %+v", out)
		}
		w.clean()
		if _, err := w.Give(ctx, w.person, r, Publish, "2026-1"); err != nil {
			t.Fatal(err)
		}
		if back, err := w.cat.Resource(ctx, w.db, r); err != nil || back.Name() == "" {
			t.Errorf("not public again: %+v %v", back, err)
		}
		w.clean()
		if err := w.Erase(ctx, w.person, r); err != nil {
			t.Fatal(err)
		}
		if list, err := w.Abouts(ctx, w.person); err != nil || len(list) != 0 {
			t.Errorf("kept: %+v %v", list, err)
		}
		if out, _ := w.takeIn("示例·郑远航", "A-1"); out.Did != catalogue.Refused {
			t.Errorf("an import brings the deleted back: %+v", out)
		}
		for _, table := range []string{"expert_profile", "expert_evidence", "expert_consent", "expert_claim", "expert_interest"} {
			n, err := db.One[int64](ctx, w.db, `SELECT count(*) FROM `+table+` WHERE resource = $1`, r)
			if err != nil || n != 0 {
				t.Errorf("%s keeps %d rows (%v)", table, n, err)
			}
		}
		w.clean()
	})
}

// Expertise is shown with what supports it; what the person states is public only once they agree.
func TestExpertiseHasEvidence(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, r := w.takeIn("示例·郑远航", "A-1")
		err := w.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := w.Found(ctx, tx, []Evidence{{Resource: r, Kind: "project", Title: "可降解生物材料的界面", Year: 2016, Number: "5110", Source: "NSFC", Licence: "MPL-2.0"}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.Public(ctx, w.db, r)
		if err != nil || p.Claimed != "" || len(p.Evidence) != 1 || len(p.Areas) != 1 || !p.Areas[0].Proposed || p.Areas[0].Name != "生物材料" {
			t.Fatalf("%+v %v", p, err)
		}
		w.claimed(r)
		e, err := w.Cite(ctx, w.person, r, Evidence{Kind: "patent", Title: "一种支架", Year: 2020, Number: "ZL2020", Source: "国家知识产权局"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Cite(ctx, w.person, r, Evidence{Kind: "patent", Source: "x"}); !fault.Is(err, "evidence-invalid") {
			t.Errorf("evidence without a title: %v", err)
		}
		if err := w.SetAreas(ctx, w.person, r, []Area{{Name: "支架"}}); !fault.Is(err, "areas-invalid") {
			t.Errorf("an area without evidence: %v", err)
		}
		if err := w.SetAreas(ctx, w.person, r, []Area{{Name: "支架", Evidence: []string{e.ID}}}); err != nil {
			t.Fatal(err)
		}
		if p, err = w.Public(ctx, w.db, r); err != nil || len(p.Evidence) != 1 || !p.Areas[0].Proposed {
			t.Errorf("what the person states is public without consent: %+v %v", p, err)
		}
		if _, err := w.Give(ctx, w.person, r, Publish, "2026-1"); err != nil {
			t.Fatal(err)
		}
		if p, err = w.Public(ctx, w.db, r); err != nil || len(p.Evidence) != 2 || p.Areas[0].Proposed || p.Areas[0].Name != "支架" {
			t.Errorf("%+v %v", p, err)
		}
		if err := w.Uncite(ctx, w.person, r, e.ID); err != nil {
			t.Fatal(err)
		}
		if list, err := listAreas(ctx, w.db, r); err != nil || len(list) != 0 {
			t.Errorf("an area without evidence stays: %+v %v", list, err)
		}
		withheld, err := w.Withheld(ctx, w.db, Share, []string{r})
		if err != nil || !withheld[r] {
			t.Errorf("passed on without consent: %v %v", withheld, err)
		}
		w.clean()
	})
}

// What ties a person to an organisation rules them out for it, and for what is part of it.
func TestTiesRuleOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, r := w.takeIn("示例·郑远航", "A-1")
		w.claimed(r, Review)
		if list, err := w.ConflictsOf(ctx, w.db, r, w.owner, "2026-11-21"); err != nil || len(list) != 1 || list[0].Basis != BasisRecord {
			t.Errorf("the employer: %+v %v", list, err)
		}
		if list, err := w.ConflictsOf(ctx, w.db, r, w.firm.Org, "2026-11-21"); err != nil || len(list) != 0 {
			t.Errorf("a stranger: %+v %v", list, err)
		}
		i, err := w.Declare(ctx, w.person, r, InterestDraft{OrgName: "示例·禾城公司", Relation: "office", From: "2020-01-01", To: "2024-06-30"})
		if err != nil || i.Org != w.firm.Org {
			t.Fatalf("%+v %v", i, err)
		}
		if list, err := w.AskConflicts(ctx, w.officer, r, w.firm.Org, ""); err != nil || len(list) != 1 || list[0].Until != "2027-06-30" {
			t.Errorf("declared: %+v %v", list, err)
		}
		if _, err := w.AskConflicts(ctx, w.firm, r, w.firm.Org, ""); err == nil {
			t.Error("a firm asks about conflicts")
		}
		if err := w.TakeBack(ctx, w.person, r, i.ID); err != nil {
			t.Fatal(err)
		}
		if list, err := w.ConflictsOf(ctx, w.db, r, w.firm.Org, "2026-11-21"); err != nil || len(list) != 0 {
			t.Errorf("taken back: %+v %v", list, err)
		}
		if yes, err := w.Reviewable(ctx, w.db, r); err != nil || !yes {
			t.Errorf("reviewable: %v %v", yes, err)
		}
	})
}
