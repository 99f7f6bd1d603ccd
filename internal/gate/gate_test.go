package gate

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// Whatever is asked for: the order of rules and papers does not matter, more papers never make anything worse, what is
// satisfied by a paper is so on the day that was asked about, and each thing is asked for once.
func TestChecksArePure(t *testing.T) {
	days := []string{"2026-11-01", "2026-11-15", "2026-12-01", "2027-01-01"}
	day := rapid.SampledFrom(days)
	rule := rapid.Custom(func(rt *rapid.T) Rule {
		return Rule{ID: rapid.StringMatching(`[a-z]{4}`).Draw(rt, "id"), Kind: rapid.SampledFrom(Kinds()).Draw(rt, "kind"), Name: rapid.SampledFrom([]string{"甲", "乙"}).Draw(rt, "name"),
			Resource: rapid.SampledFrom([]string{"", "r1", "r2"}).Draw(rt, "resource"), Class: rapid.SampledFrom([]string{"", "03", "0302"}).Draw(rt, "class"), Level: rapid.Int64Range(0, 4).Draw(rt, "level"), From: day.Draw(rt, "from"), To: rapid.SampledFrom(append(days, "")).Draw(rt, "to")}
	})
	paper := rapid.Custom(func(rt *rapid.T) Paper {
		return Paper{ID: rapid.StringMatching(`[a-z]{4}`).Draw(rt, "id"), Provider: rapid.SampledFrom([]string{"lab", "other"}).Draw(rt, "provider"), Kind: rapid.SampledFrom(PaperKinds()).Draw(rt, "kind"), Name: rapid.SampledFrom([]string{"甲", "乙"}).Draw(rt, "name"),
			State: rapid.SampledFrom(Table().States()).Draw(rt, "state"), From: day.Draw(rt, "from"), To: rapid.SampledFrom(append(days, "")).Draw(rt, "to")}
	})
	rapid.Check(t, func(rt *rapid.T) {
		rules := rapid.SliceOfN(rule, 0, 8).Draw(rt, "rules")
		f := Facts{Day: day.Draw(rt, "day"), Provider: "lab", Resource: "r1", Class: "030212", Papers: rapid.SliceOfN(paper, 0, 8).Draw(rt, "papers"), Answers: map[string]string{}}
		for _, k := range []string{Hazard, Biosafety, Ethics, Genetics} {
			f.Answers[k] = rapid.SampledFrom([]string{"", "no", "yes", "none", "2", "9"}).Draw(rt, k)
		}
		first := Check(rules, f)
		turned := slices.Clone(rules)
		slices.Reverse(turned)
		more := f
		more.Papers = append(slices.Clone(f.Papers), paper.Draw(rt, "more"))
		second, third := Check(turned, f), Check(rules, more)
		seen := map[string]bool{}
		for i, v := range first {
			if seen[v.Rule.key()] || !v.Rule.in(f.Day) || !v.Rule.covers("r1", "030212") || v.OK != (v.Why == "") {
				rt.Fatalf("asked twice, or out of its days: %+v", v)
			}
			seen[v.Rule.key()] = true
			if second[i].OK != v.OK || second[i].Rule.key() != v.Rule.key() {
				rt.Fatalf("the order of rules matters: %+v %+v", v, second[i])
			}
			if v.OK && !third[i].OK {
				rt.Fatalf("one more paper made it worse: %+v %+v", v, third[i])
			}
			if v.OK && v.Until != "" && v.Until < f.Day {
				rt.Fatalf("satisfied by what has ended: %+v", v)
			}
		}
	})
}

func TestWhatIsMissing(t *testing.T) {
	granted := Paper{ID: "p", Provider: "lab", Kind: Training, Name: "电镜", State: Granted, From: "2026-01-01", To: "2026-12-31"}
	rule := func(kind string, level int64) []Rule {
		return []Rule{{ID: "r", Kind: kind, Name: map[bool]string{true: "电镜"}[kind == Training || kind == Qualification], Level: level, From: "2026-01-01"}}
	}
	for _, c := range []struct {
		name    string
		rules   []Rule
		papers  []Paper
		answers map[string]string
		day     string
		why     string // empty: satisfied
	}{
		{"trained", rule(Training, 0), []Paper{granted}, nil, "2026-12-31", ""},
		{"the term is over on the day of the booking", rule(Training, 0), []Paper{granted}, nil, "2027-01-01", "paper"},
		{"not trained", rule(Training, 0), nil, nil, "2026-12-01", "paper"},
		{"training under way", rule(Training, 0), []Paper{{Provider: "lab", Kind: Training, Name: "电镜", State: Offered}}, nil, "2026-12-01", "waiting"},
		{"trained elsewhere", rule(Training, 0), []Paper{{Provider: "other", Kind: Training, Name: "电镜", State: Granted, From: "2026-01-01"}}, nil, "2026-12-01", "paper"},
		{"revoked", rule(Training, 0), []Paper{{Provider: "lab", Kind: Training, Name: "电镜", State: Revoked, From: "2026-01-01"}}, nil, "2026-12-01", "paper"},
		{"hazard unsaid", rule(Hazard, 0), nil, nil, "2026-12-01", "answer"},
		{"hazard said", rule(Hazard, 0), nil, map[string]string{Hazard: "toxic"}, "2026-12-01", ""},
		{"hazard invented", rule(Hazard, 0), nil, map[string]string{Hazard: "harmless"}, "2026-12-01", "answer"},
		{"the laboratory suffices", rule(Biosafety, 2), nil, map[string]string{Biosafety: "2"}, "2026-12-01", ""},
		{"the laboratory does not", rule(Biosafety, 2), nil, map[string]string{Biosafety: "3"}, "2026-12-01", "level"},
		{"no people involved", rule(Ethics, 0), nil, map[string]string{Ethics: "no"}, "2026-12-01", ""},
		{"people involved, no approval", rule(Ethics, 0), nil, map[string]string{Ethics: "yes"}, "2026-12-01", "paper"},
		{"people involved, approved", rule(Ethics, 0), []Paper{{Provider: "lab", Kind: Ethics, Name: "课题", State: Granted, From: "2026-01-01", To: "2026-12-01"}}, map[string]string{Ethics: "yes"}, "2026-12-01", ""},
		{"approval not in force yet", rule(Genetics, 0), []Paper{{Provider: "lab", Kind: Genetics, Name: "课题", State: Granted, From: "2026-12-02"}}, map[string]string{Genetics: "yes"}, "2026-12-01", "paper"},
	} {
		got := Check(c.rules, Facts{Day: c.day, Provider: "lab", Resource: "r1", Class: "03", Papers: c.papers, Answers: c.answers})
		if len(got) != 1 || got[0].Why != c.why || got[0].OK != (c.why == "") {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestWhatTheLawAsks(t *testing.T) {
	l, err := readLaw()
	if err != nil || l.days("2026-11-21") == 0 {
		t.Fatalf("%+v %v", l, err)
	}
	if got := l.rules("测定人类遗传资源样本中的金属含量"); len(got) != 1 || got[0].Kind != Genetics || got[0].Source == "" {
		t.Errorf("%+v", got)
	}
	if got := l.rules("碳纤维复合材料拉伸"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

type shelf struct{}

func (shelf) Resource(_ context.Context, _ db.Q, id string) (catalogue.Resource, error) {
	return catalogue.Resource{ID: id, Owner: "lab", Class: "030212"}, nil
}

func (shelf) Owned(context.Context, db.Q, string) ([]catalogue.Resource, error) { return nil, nil }

type people struct{}

func (people) Organisations(_ context.Context, _ db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := map[string]identity.Organisation{}
	if slices.Contains(ids, "lab") {
		out["lab"] = identity.Organisation{ID: "lab", Region: "330402"}
	}
	return out, nil
}

func (people) Names(context.Context, db.Q, []string) (map[string]string, error) {
	return map[string]string{}, nil
}

// A training is asked for, arranged, attended and granted with its term; only then is the condition satisfied. Papers are
// seen by few, nobody grants their own, and what ends is reminded of once.
func TestATrainingFromRequestToEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		policy, err := identity.NewPolicy()
		if err != nil {
			t.Fatal(err)
		}
		files, err := blob.NewDisk(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		now := clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC))
		s, err := New(Deps{DB: d, Clock: now, Policy: policy, Catalogue: shelf{}, People: people{}, Files: files})
		if err != nil {
			t.Fatal(err)
		}
		as := func(person, org, role string) identity.Subject {
			return identity.Subject{Person: person, Membership: "m-" + person, Org: org, OrgStatus: identity.StatusVerified, Role: role, Region: "330402", Capacities: []string{"provider"}}
		}
		user, head, colleague, li := as("user", "firm", "staff"), as("head", "firm", "admin"), as("colleague", "firm", "staff"), as("li", "lab", "technician")
		ctx := t.Context()
		if _, err := s.SetRule(ctx, li, Rule{Resource: "r1", Kind: Training, Name: "电镜", Term: 30, From: "2026-11-21"}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.SetRule(ctx, li, Rule{Resource: "r1", Kind: Training, From: "2026-11-21", To: "2026-11-20"}); err == nil || len(fault.Of(err).Fields) != 2 {
			t.Errorf("a rule without name that ends before it begins: %v", err)
		}
		ask := Ask{Provider: "lab", Resource: "r1", Class: "030212", Person: "user", Day: "2026-11-30"}
		if err := s.Require(ctx, d, ask); !fault.Is(err, "gate-missing") || fault.Of(err).Fields[0].Name != "gate_training" {
			t.Fatalf("not trained: %v", err)
		}
		p, err := s.Submit(ctx, user, Paper{Provider: "lab", Kind: Training, Name: "电镜"}, nil, "k")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := s.Submit(ctx, user, Paper{Provider: "lab", Kind: Training, Name: "电镜"}, nil, "k"); err != nil || again.ID != p.ID {
			t.Fatalf("the same request twice: %v", err)
		}
		for _, c := range []struct {
			who identity.Subject
			may bool
		}{{user, true}, {head, true}, {li, true}, {colleague, false}, {as("x", "elsewhere", "admin"), false}, {identity.Subject{}, false}} {
			if _, err := s.Get(ctx, c.who, p.ID); (err == nil) != c.may {
				t.Errorf("%s of %s: %v", c.who.Person, c.who.Org, err)
			}
		}
		do := func(by identity.Subject, verb string, r Request, want string) {
			t.Helper()
			got, err := s.Do(ctx, by, p.ID, verb, r)
			if want == "" && err != nil || want != "" && !fault.Is(err, want) {
				t.Fatalf("%s: %v, want %q", verb, err, want)
			}
			if want == "" {
				p = got
			}
		}
		do(user, VerbOffer, Request{}, "gate-side")
		do(li, VerbAttend, Request{}, "state-conflict")
		do(li, VerbOffer, Request{Meet: now.Now().Add(-time.Hour), Place: "楼"}, "gate-step")
		do(li, VerbOffer, Request{Meet: now.Now().Add(time.Hour), Place: "2 号楼"}, "")
		do(li, VerbAttend, Request{}, "gate-step")
		now.Advance(2 * time.Hour)
		do(li, VerbAttend, Request{}, "")
		do(head, VerbGrant, Request{}, "gate-side")
		do(li, VerbGrant, Request{}, "")
		if p.From != "2026-11-21" || p.To != "2026-12-20" {
			t.Fatalf("%+v", p)
		}
		if err := s.Require(ctx, d, ask); err != nil {
			t.Error(err)
		}
		ask.Day = "2026-12-21"
		if err := s.Require(ctx, d, ask); err == nil {
			t.Error("booked after the end of the term")
		}
		if err := s.Remind(ctx); err != nil {
			t.Fatal(err)
		}
		if p, err = s.Get(ctx, user, p.ID); err != nil || p.Reminded != "2026-12-20" {
			t.Errorf("reminded: %+v %v", p, err)
		}
		do(li, VerbRevoke, Request{}, "gate-step")
		do(li, VerbRevoke, Request{Note: "违反操作规程"}, "")
		if _, err := s.Submit(ctx, user, Paper{Provider: "lab", Kind: Ethics, Name: "课题", Number: "伦审 1", From: "2026-01-01", To: "2026-11-01"}, strings.NewReader("pdf"), ""); !fault.Is(err, "gate-paper") {
			t.Errorf("an approval that has ended: %v", err)
		}
		own, err := s.Submit(ctx, li, Paper{Provider: "lab", Kind: Ethics, Name: "课题", Number: "伦审 1", From: "2026-01-01"}, strings.NewReader("pdf"), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Do(ctx, li, own.ID, VerbGrant, Request{}); !fault.Is(err, "gate-side") {
			t.Errorf("granted one's own: %v", err)
		}
		if found, err := s.Verify(ctx, d); err != nil || len(found) > 0 {
			t.Errorf("verify: %+v %v", found, err)
		}
	})
}
