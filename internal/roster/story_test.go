package roster

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

func (register) RegionName(_ context.Context, code string) string { return code }

func newWorld(t *testing.T, d *db.DB, r register) (*Service, *clock.Fake) {
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
	s, err := New(Deps{DB: d, Clock: c, Policy: policy, Organisations: r, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

func officer(region string) identity.Subject {
	return identity.Subject{Person: "p", Membership: "m", Org: "bureau", Role: identity.RoleOfficer, Region: region, Capacities: []string{identity.CapacityAuthority}}
}

func put(t *testing.T, s *Service, list, text string, whole bool) Import {
	t.Helper()
	m, err := s.Upload(t.Context(), officer("330400"), list, "list.csv", strings.NewReader(text), whole)
	if err == nil {
		m, err = s.Apply(t.Context(), officer("330400"), m.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func standing(t *testing.T, s *Service, org, day string) []string {
	t.Helper()
	list, err := s.Standing(t.Context(), s.db, org, day)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range list {
		out = append(out, m.Code+" "+m.To)
	}
	return out
}

// A list comes in, comes again, loses a firm; a firm that registers later is met; what is unsure waits for a person.
func TestAListAndItsFirms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		r := register{"a": {ID: "a", NameZH: "示例·甲有限公司", USCC: "Y1999999000000013X", Region: "330402"}, "b": {ID: "b", NameZH: "示例·乙有限责任公司", Region: "330402"}}
		s, _ := newWorld(t, d, r)
		tpl, _ := s.data.Template("tech-sme")
		l, err := s.Create(ctx, officer("330400"), List{Code: "tech-sme", NameZH: tpl.Name.ZH, Kind: Credential, Region: "330400", Open: true, Rules: tpl.Rules})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Create(ctx, officer("330400"), List{Code: "tech-sme", NameZH: "x", Kind: Ban, Rules: tpl.Rules}); !fault.Is(err, "roster-code-taken") {
			t.Errorf("the code again: %v", err)
		}
		if _, err := s.Create(ctx, officer("310000"), List{Code: "x", NameZH: "x", Kind: Ban, Region: "330400"}); err == nil {
			t.Error("an officer of another region made a list")
		}
		if m := put(t, s, l.ID, smeFile, false); m.Added != 2 || m.Wrong != 4 {
			t.Errorf("first: %+v", m)
		}
		if m := put(t, s, l.ID, smeFile, false); m.Added+m.Changed+m.Gone != 0 || m.Same != 2 {
			t.Errorf("again: %+v", m)
		}
		if got := standing(t, s, "a", "2026-12-31"); len(got) != 1 || got[0] != "tech-sme 2026-12-31" {
			t.Errorf("a stands on %v", got)
		}
		if got := append(standing(t, s, "a", "2027-01-01"), standing(t, s, "a", "2026-05-19")...); len(got) != 0 {
			t.Errorf("outside its days a stands on %v", got)
		}
		if got := standing(t, s, "b", "2026-12-31"); len(got) != 0 {
			t.Errorf("an unsure match counts: %v", got)
		}
		decide(t, s, r, l)
		whole := strings.Join(strings.SplitAfter(smeFile, "\n")[:2], "")
		if m := put(t, s, l.ID, whole, true); m.Gone != 1 || m.Same != 1 {
			t.Errorf("the whole list: %+v", m)
		}
		if got := standing(t, s, "b", "2026-12-31"); len(got) != 0 {
			t.Errorf("who fell off still stands on %v", got)
		}
		if found, err := s.Verify(ctx, d); err != nil || len(found) > 0 {
			t.Errorf("verify: %v %v", found, err)
		}
	})
}

func decide(t *testing.T, s *Service, r register, l List) {
	t.Helper()
	ctx := t.Context()
	tasks, err := s.Tasks(ctx, officer("330400"))
	if err != nil || len(tasks) != 1 || tasks[0].Count != 1 {
		t.Fatalf("tasks: %+v %v", tasks, err)
	}
	var w db.Where
	w.And("state = ?", StateOpen)
	open, err := listEntries(ctx, s.db, &w, 0)
	if err != nil || len(open) != 1 || open[0].Org != "b" || open[0].Reason != ReasonForm {
		t.Fatalf("open: %+v %v", open, err)
	}
	if _, err := s.Decide(ctx, officer("310000"), open[0].ID, "match", Decision{}); err == nil {
		t.Error("an officer of another region decided")
	}
	if _, err := s.Decide(ctx, officer("330400"), open[0].ID, "match", Decision{Org: "没有这家"}); !fault.Is(err, "organisation-unclear") {
		t.Errorf("a name nobody has: %v", err)
	}
	if _, err := s.Decide(ctx, officer("330400"), open[0].ID, "match", Decision{}); err != nil {
		t.Fatal(err)
	}
	if got := standing(t, s, "b", "2026-12-31"); len(got) != 1 {
		t.Errorf("b stands on %v", got)
	}
	put(t, s, l.ID, "企业名称,统一社会信用代码,登记编号,入库时间\n示例·戊有限公司,Y1999999000000056X,9,2026-06-01\n", false)
	r["e"] = identity.Organisation{ID: "e", NameZH: "示例·戊新名有限公司", USCC: "Y1999999000000056X", Region: "330402"}
	if err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.Meet(ctx, tx, "e") }); err != nil {
		t.Fatal(err)
	}
	if got := standing(t, s, "e", "2026-06-01"); len(got) != 1 {
		t.Errorf("who registered later stands on %v", got)
	}
	if _, err := s.Decide(ctx, officer("330400"), open[0].ID, "remove", Decision{Note: "x"}); !fault.Is(err, "reason-needed") {
		t.Errorf("no reason: %v", err)
	}
	var all db.Where
	all.And("org = ?", "e")
	later, err := listEntries(ctx, s.db, &all, 0)
	if err != nil || len(later) != 1 {
		t.Fatal(later, err)
	}
	if _, err := s.Decide(ctx, officer("330400"), later[0].ID, "remove", Decision{Note: "公告撤销"}); err != nil {
		t.Error(err)
	}
	if err := s.Retry(ctx); err != nil {
		t.Error(err)
	}
	if got := standing(t, s, "e", "2026-06-01"); len(got) != 0 {
		t.Errorf("who was taken off stands on %v", got)
	}
}
