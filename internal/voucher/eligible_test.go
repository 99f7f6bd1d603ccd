package voucher

import (
	"context"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/rule"
	"qiao/internal/voucher/scheme"
	"qiao/internal/voucher/scheme/schemetest"
)

// files are files of firms in memory: what is known of each, what ties which to whom, and what was given.
type files struct {
	words *rule.Vocabulary
	known map[string]rule.Values
	ties  map[string][]scheme.Tie // by firm and provider
	given []string
}

func (f *files) Compile(list []rule.Condition) error { _, err := f.words.Compile(list); return err }

func (f *files) Answers(_ context.Context, _ db.Q, firm, day string, list []rule.Condition, _ map[string]rule.Source) (Eligibility, error) {
	set, err := f.words.Compile(list)
	if err != nil {
		return Eligibility{}, err
	}
	nothing := func(bool) templ.Component { return templ.NopComponent }
	return Eligibility{set.Evaluate(day, f.known[firm]), func(fact string) string { return "fact-" + fact }, nothing, func(*form.Form) templ.Component { return templ.NopComponent }}, nil
}

func (f *files) State(_ context.Context, _ *db.Tx, by identity.Subject, texts map[string]string) error {
	for name, text := range texts {
		f.known[by.Org][strings.TrimPrefix(name, "fact-")] = text == "yes"
	}
	return nil
}

func (f *files) Give(_ context.Context, _ *db.Tx, _ identity.Subject, firm, region, _ string, facts []string) error {
	f.given = append(f.given, firm+" "+region+" "+strings.Join(facts, ","))
	return nil
}

func (f *files) Related(_ context.Context, _ db.Q, a, b string) ([]scheme.Tie, error) {
	return f.ties[a+" "+b], nil
}

func eligibleWorld(t *testing.T, d *db.DB) (*world, cast, *files, Programme) {
	t.Helper()
	w := newWorld(t, d)
	c := w.cast()
	words, err := rule.NewVocabulary(map[string]rule.Type{"staff": rule.Number, "serious_violation": rule.Flag})
	must(t, err)
	f := &files{words: words, known: map[string]rule.Values{"firm": {"staff": 20}, "firm2": {"staff": 900}}, ties: map[string][]scheme.Tie{}}
	w.facts = f
	terms := schemetest.Plain(5000)
	clause := rule.Clause{Source: "rules", Article: "第四条"}
	terms.Conditions = []rule.Condition{{Code: "size", Name: rule.Name{ZH: "职工少于 500 人"}, When: "staff < 500", Clause: clause}, {Code: "clean", Name: rule.Name{ZH: "信用良好"}, When: "!serious_violation", Clause: clause}}
	return w, c, f, w.programme(t, c.officer, terms)
}

// A firm learns what is missing, states it, and is let in; one that is not eligible is refused with the clause, may ask a
// person, and gets the voucher only when one officer overrules and another approves.
func TestConditionsDecideWhoMayHaveAVoucher(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, c, f, p := eligibleWorld(t, d)
		ctx := t.Context()
		ask := ApplyRequest{Programme: p.ID, Amount: 1_000_00, Purpose: "材料性能测试", Statements: []string{"honest"}}
		_, err := w.Apply(ctx, c.firm, ask)
		if x := fault.Of(err); x == nil || x.Code != "facts-needed" || len(x.Fields) != 1 || x.Fields[0].Name != "fact-serious_violation" {
			t.Fatalf("what is missing: %v", err)
		}
		ask.Facts = map[string]string{"fact-serious_violation": "no"}
		a, err := w.Apply(ctx, c.firm, ask)
		must(t, err)
		if len(f.given) != 1 || f.given[0] != "firm 330400 serious_violation,staff" {
			t.Errorf("given: %v", f.given)
		}
		_, err = w.Approve(ctx, c.officer, a.ID, Decision{})
		must(t, err)

		_, err = w.Apply(ctx, c.firm2, ask)
		x := fault.Of(err)
		if x == nil || x.Code != "not-eligible" || len(x.Fields) != 1 || x.Fields[0].Args[1].(scheme.Citation).String() != "规则第四条" {
			t.Fatalf("a firm too large: %+v", err)
		}
		ask.Objection, ask.Facts = "其中 600 人已于上月划转到新设的公司。", nil
		f.known["firm2"] = rule.Values{"staff": 900}
		if _, err := w.Apply(ctx, c.firm2, ask); !fault.Is(err, "facts-needed") {
			t.Fatalf("who asks a person still says what is missing: %v", err)
		}
		ask.Facts = map[string]string{"fact-serious_violation": "no"}
		ask.Objection = "其中 600 人已于上月划转到新设的公司，变更登记正在办理。"
		b, err := w.Apply(ctx, c.firm2, ask)
		must(t, err)
		if _, err := w.Approve(ctx, c.officer, b.ID, Decision{}); !fault.Is(err, "not-eligible") {
			t.Fatalf("approved against a condition: %v", err)
		}
		if _, err := w.Waive(ctx, c.officer, b.ID, "clean", "没有这样的障碍，不必认定"); !fault.Is(err, "condition-unknown") {
			t.Fatalf("a condition that is met is overruled: %v", err)
		}
		if _, err := w.Waive(ctx, c.officer, b.ID, "size", "短"); !fault.Is(err, "reason-needed") {
			t.Fatalf("%v", err)
		}
		_, err = w.Waive(ctx, c.officer, b.ID, "size", "已核对划转协议，职工为 300 人。")
		must(t, err)
		if _, err := w.Waive(ctx, c.officer2, b.ID, "size", "已核对划转协议，职工为 300 人。"); !fault.Is(err, "condition-waived") {
			t.Fatalf("%v", err)
		}
		if _, err := w.Approve(ctx, c.officer, b.ID, Decision{}); !fault.Is(err, "other-officer-needed") {
			t.Fatalf("one person overrules and approves: %v", err)
		}
		_, err = w.Approve(ctx, c.officer2, b.ID, Decision{})
		must(t, err)
		if found, err := w.Verify(ctx, d); err != nil || len(found) > 0 {
			t.Fatalf("%v %v", found, err)
		}
	})
}

func TestConditionsAreCheckedWhenTheyArePublished(t *testing.T) {
	w, c, _, _ := eligibleWorld(t, dbtest.SQLite(t))
	draft := scheme.Draft{Region: "330400", Name: scheme.Name{ZH: "计划"}, OpensOn: "2026-01-01", ClosesOn: "2026-12-31", Terms: schemetest.Plain(5000)}
	bad := func(when, source string) error {
		draft.Terms.Conditions = []rule.Condition{{Code: "x", Name: rule.Name{ZH: "条件"}, When: when, Clause: rule.Clause{Source: source}}}
		_, err := w.PutProgramme(t.Context(), c.officer, "", draft, when+source)
		return err
	}
	if err := bad("stuff < 5", "rules"); !fault.Is(err, "conditions-invalid") {
		t.Errorf("a fact that is not there: %v", err)
	}
	if err := bad("staff < 5", "elsewhere"); !fault.Is(err, "programme-invalid") {
		t.Errorf("a document that is not there: %v", err)
	}
	if err := bad("", "rules"); !fault.Is(err, "programme-invalid") {
		t.Errorf("no expression: %v", err)
	}
}

// What decides refuses at the order and at the claim, with the clause; what may be so is shown for a person to look at.
func TestRelatedPartiesGetNothing(t *testing.T) {
	w, c, f, p := eligibleWorld(t, dbtest.SQLite(t))
	ask := QuoteRequest{Programme: p.ID, Firm: c.firm.Org, Provider: c.lab.Org, Price: 1000_00}
	f.ties["firm "+c.lab.Org] = []scheme.Tie{{Text: "联系电话相同"}}
	q, err := w.Quote(t.Context(), w.db, ask)
	must(t, err)
	if q.Why == "related" || len(q.Lines) == 0 || q.Lines[0].Code != "look-related" || !strings.Contains(q.Lines[0].In(t.Context()), "联系电话相同") {
		t.Errorf("a telephone in common: %+v", q)
	}
	if err := w.unconnected(t.Context(), w.db, p, c.lab.Org, []Claimable{{ClaimableOrder: ClaimableOrder{Buyer: "firm", Number: "A1"}}}); err != nil {
		t.Errorf("a telephone in common refuses: %v", err)
	}
	f.ties["firm "+c.lab.Org] = []scheme.Tie{{Decisive: true, Text: "一方隶属于另一方"}}
	if q, err = w.Quote(t.Context(), w.db, ask); err != nil || q.Why != "related" || q.Voucher != 0 {
		t.Errorf("one is part of the other: %+v %v", q, err)
	}
	err = w.unconnected(t.Context(), w.db, p, c.lab.Org, []Claimable{{ClaimableOrder: ClaimableOrder{Buyer: "firm", Number: "A1"}}})
	if x := fault.Of(err); x == nil || x.Code != "related-party" || len(x.Fields) != 1 || x.Args[1].(scheme.Citation).String() != "规则" {
		t.Errorf("collected from a related party: %v", err)
	}
}
