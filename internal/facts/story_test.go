package facts

import (
	"context"
	"strings"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/rule"
)

// register is identity in memory.
type register map[string]identity.Organisation

func (r register) Organisation(_ context.Context, _ db.Q, org string) (identity.Organisation, error) {
	if o, ok := r[org]; ok {
		return o, nil
	}
	return identity.Organisation{}, fault.New(fault.NotFound, "organisation-not-found", "没有找到这个单位。")
}

func (r register) Organisations(_ context.Context, _ db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := map[string]identity.Organisation{}
	for _, x := range ids {
		if o, ok := r[x]; ok {
			out[x] = o
		}
	}
	return out, nil
}

func (r register) Named(_ context.Context, _ db.Q, codes, names []string) ([]identity.Organisation, error) {
	var out []identity.Organisation
	for _, o := range r {
		for _, c := range append(codes, names...) {
			if c != "" && (c == o.USCC || c == o.NameZH) {
				out = append(out, o)
				break
			}
		}
	}
	return out, nil
}

func (register) Names(context.Context, db.Q, []string) (map[string]string, error) { return nil, nil }
func (register) RegionName(_ context.Context, code string) string                 { return code }

func world(t *testing.T, d *db.DB) *Service {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	orgs := register{
		"firm":   {ID: "firm", NameZH: "甲有限公司", USCC: codeA, Region: "330402"},
		"lab":    {ID: "lab", NameZH: "乙检测有限公司", USCC: codeB, Region: "330400"},
		"bureau": {ID: "bureau", NameZH: "科技局", Region: "330400"},
	}
	s, err := New(Deps{DB: d, Clock: clock.NewFake(time.Date(2026, 11, 27, 2, 0, 0, 0, time.UTC)), Policy: policy, Organisations: orgs, Files: files,
		Standing: func(context.Context, db.Q, string, string) ([]Standing, error) {
			return []Standing{{Code: "tech-sme", NameZH: "科技型中小企业"}}, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func subject(org, capacity, role string) identity.Subject {
	return identity.Subject{Person: "p-" + org, Membership: "m", Org: org, Role: role, Region: map[string]string{"firm": "330402"}[org] + map[string]string{"lab": "330400", "bureau": "330400"}[org], Capacities: []string{capacity}}
}

func TestOneFirmOneFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := world(t, d), t.Context()
		firm, lab, officer := subject("firm", identity.CapacityEnterprise, identity.RoleAdmin), subject("lab", identity.CapacityProvider, identity.RoleAdmin), subject("bureau", identity.CapacityAuthority, identity.RoleOfficer)
		write := func(by identity.Subject, values ...Typed) int {
			t.Helper()
			n, err := s.Write(ctx, by, Change{Values: values})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		// what is wrong is told by field, and nothing is written
		_, err := s.Write(ctx, firm, Change{Values: []Typed{{"staff", "", "many"}, {"founded", "", "2030-01-01"}, {"sales", "", "1"}, {"nosuch", "", "1"}, {"address", "", "某路 1 号"}}})
		if f := fault.Of(err); f == nil || f.Code != "facts-invalid" || len(f.Fields) != 4 {
			t.Fatalf("%v", err)
		}
		if n := write(firm, Typed{"staff", "", "30"}, Typed{"sales", "2025", "1000"}, Typed{"phone", "", "0573-88880001"}, Typed{"legal_person_id", "", "33040219800101001X"}); n != 4 {
			t.Fatalf("%d written", n)
		}
		if n := write(firm, Typed{"staff", "", "30"}, Typed{"legal_person_id", "", ""}, Typed{"sales", "2025", "2000"}); n != 1 {
			t.Fatalf("%d written, only the sales changed", n)
		}
		// conditions
		list := []rule.Condition{
			{Code: "size", Name: rule.Name{ZH: "规模"}, When: "staff < 500 && sales <= wan(20000)", Clause: rule.Clause{Source: "s", Article: "第四条"}},
			{Code: "list", Name: rule.Name{ZH: "名单"}, When: "'tech-sme' in rosters && region.startsWith('3304')", Clause: rule.Clause{Source: "s"}},
			{Code: "clean", Name: rule.Name{ZH: "信用"}, When: "!serious_violation", Clause: rule.Clause{Source: "s"}},
		}
		a, err := s.Answers(ctx, s.DB, "firm", "2026-11-27", list)
		if err != nil || a.Verdict != rule.Unknown || strings.Join(a.Ask(), " ") != "serious_violation" || a.Behind["sales"].Entry.Value != "200000" || a.Behind["rosters"].Other == "" {
			t.Fatalf("%v %+v", err, a)
		}
		if err := s.Compile([]rule.Condition{{Code: "x", Name: rule.Name{ZH: "x"}, When: "stuff > 1", Clause: rule.Clause{Source: "s"}}}); !fault.Is(err, "conditions-invalid") {
			t.Fatal(err)
		}
		// the officer: not without a reason, not what was not given
		entries, err := entriesOf(ctx, d, "firm")
		if err != nil {
			t.Fatal(err)
		}
		file := Current(entries)
		sales := file[slot{"sales", "2025"}]
		if _, err := s.Confirm(ctx, officer, sales.ID, Check{Note: "审计报告"}); !fault.Is(err, "file-not-open") {
			t.Fatalf("%v", err)
		}
		if err := s.Open(ctx, officer, "firm", " "); !fault.Is(err, "reason-needed") {
			t.Fatalf("%v", err)
		}
		if err := s.Open(ctx, lab, "firm", "看看别人家"); err == nil {
			t.Fatal("a provider opens a firm's file")
		}
		if err := s.Open(ctx, officer, "firm", "审核创新券申请"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Confirm(ctx, officer, sales.ID, Check{Note: "审计报告"}); !fault.Is(err, "file-not-open") {
			t.Fatalf("a value that was not given is verified: %v", err)
		}
		err = d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return s.Give(ctx, tx, firm, "firm", "330400", "voucher-application", "a1", []string{"staff", "sales", "region"})
		})
		if err != nil {
			t.Fatal(err)
		}
		shown, err := s.shownTo(ctx, d, officer, "firm", file)
		if err != nil || len(shown) != 2 {
			t.Fatalf("%d facts are shown (%v)", len(shown), err)
		}
		e, err := s.Confirm(ctx, officer, sales.ID, Check{Text: "1999.99", Note: "2025 年度审计报告"})
		if err != nil || e.Value != "199999" || e.Confirms != sales.ID {
			t.Fatalf("%+v %v", e, err)
		}
		if _, err := s.Confirm(ctx, officer, sales.ID, Check{Note: "审计报告"}); !fault.Is(err, "fact-changed") {
			t.Fatalf("%v", err)
		}
		// a correction by the firm is a new entry; the history stays
		write(firm, Typed{"sales", "2025", "2000"})
		if entries, _ = entriesOf(ctx, d, "firm"); len(entries) != 7 {
			t.Fatalf("%d entries", len(entries))
		}
		// related parties, by what both said
		write(lab, Typed{"shareholders", "", "甲有限公司，" + codeA + "，30%\n李四，70%"})
		if hits, err := s.Related(ctx, d, "firm", "lab"); err != nil || len(hits) != 1 || !hits[0].Decisive {
			t.Fatalf("%+v %v", hits, err)
		}
		if found, err := s.Verify(ctx, d); err != nil || len(found) != 0 {
			t.Fatalf("%v %v", found, err)
		}
		for table, column := range map[string]string{"outbox_event": "body", "audit_entry": "digest"} {
			rows, err := db.All[string](ctx, d, "SELECT "+column+" FROM "+table)
			if err != nil {
				t.Fatal(err)
			}
			if text := strings.Join(rows, " "); strings.Contains(text, "88880001") || strings.Contains(text, "200000") {
				t.Errorf("a value stands in %s", table)
			}
		}
	})
}
