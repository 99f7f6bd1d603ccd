package voucher

import (
	"context"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/voucher/scheme"
	"qiao/internal/voucher/scheme/schemetest"
)

// lists are rosters in memory: what each organisation stands on, with the last day.
type lists map[string][]scheme.Standing

func (l lists) Standing(_ context.Context, _ db.Q, org, day string) ([]scheme.Standing, error) {
	var out []scheme.Standing
	for _, s := range l[org] {
		if s.To == "" || day <= s.To {
			out = append(out, s)
		}
	}
	return out, nil
}

func (lists) Rosters(_ context.Context, _ db.Q, codes []string) (map[string]scheme.Name, error) {
	out := map[string]scheme.Name{}
	for _, c := range codes {
		out[c] = scheme.Name{ZH: "名单" + c, EN: "List " + c}
	}
	return out, nil
}

// The terms ask for one list and shut another out; the officer reads the evidence, the firm a clear refusal.
func TestRostersDecideWhoMayHaveAVoucher(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		on := lists{"firm": {{Roster: "tech-sme", Number: "202633040200000001", To: "2026-12-31"}}}
		w.rosters = on
		terms := schemetest.Plain(5000)
		terms.Rosters = &scheme.RosterTerms{Any: []string{"tech-sme", "hnte"}, None: []string{"ban"}, Clause: schemetest.Clause()}
		p := w.programme(t, c.officer, terms)
		ask := ApplyRequest{Programme: p.ID, Amount: 1_000_00, Purpose: "材料性能测试", Statements: []string{"honest"}}

		_, err := w.Apply(t.Context(), c.firm2, ask)
		f := fault.Of(err)
		if f == nil || len(f.Fields) != 1 || f.Fields[0].Code != "roster" {
			t.Fatalf("a firm on no list: %v", err)
		}
		if n, ok := f.Fields[0].Args[0].(scheme.Name); !ok || n.ZH != "名单tech-sme、名单hnte" {
			t.Errorf("the refusal names %v", f.Fields[0].Args)
		}
		a, err := w.Apply(t.Context(), c.firm, ask)
		must(t, err)
		who, err := w.applicant(t.Context(), d, p.ID, "firm", "2026-11-21")
		must(t, err)
		who.Asked, who.Declared = ask.Amount, ask.Statements
		seen := false
		for _, l := range p.Terms.Check(who) {
			seen = seen || l.Code == "roster" && l.Verdict == scheme.Yes && l.Args[1] == scheme.Name{ZH: "202633040200000001，至 2026-12-31", EN: "202633040200000001, until 2026-12-31"}
		}
		if !seen {
			t.Errorf("the officer sees no evidence: %+v", p.Terms.Check(who))
		}
		on["firm"] = append(on["firm"], scheme.Standing{Roster: "ban", Evidence: "示例"})
		_, err = w.Approve(t.Context(), c.officer, a.ID, Decision{Key: "banned"})
		wants(t, err, "not-grantable")
		on["firm"] = on["firm"][:1]
		_, err = w.Approve(t.Context(), c.officer, a.ID, Decision{Key: "free"})
		must(t, err)
		must(t, w.hold(t.Context(), "o1", p.ID, c.firm, c.lab, 1000, 500))
		on["firm"] = append(on["firm"], scheme.Standing{Roster: "ban"})
		wants(t, w.hold(t.Context(), "o2", p.ID, c.firm, c.lab, 1000, 500), "voucher-too-little")
		w.sound(t)
	})
}
