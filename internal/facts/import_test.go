package facts

import (
	"slices"
	"strings"
	"testing"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

func TestColumnsAreRecognised(t *testing.T) {
	keys := keysNow(t)
	got := keys.propose([]string{"企业名称", "统一社会信用代码（18位）", "销售收入 2024", "2025年度销售收入", "资产总额", "职工总数(人)", "Registered capital", "随便什么", "销售收入2025", "sales 2019"}, "2026-11-27")
	want := []string{"name", "uscc", "sales@2024", "sales@2025", "assets@2025", "staff", "capital", "", "", ""}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A bad row never stops a good one; the same file again changes nothing; identity numbers are not taken.
func TestARegisterIsImported(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := world(t, d), t.Context()
		officer := subject("bureau", identity.CapacityAuthority, identity.RoleOfficer)
		if _, err := s.Upload(ctx, subject("firm", identity.CapacityEnterprise, identity.RoleAdmin), "x.csv", strings.NewReader("企业名称\n甲")); err == nil {
			t.Fatal("a firm imports a register")
		}
		text := "企业名称,统一社会信用代码,职工总数,销售收入 2025,法定代表人证件号码,股东\n" +
			"甲有限公司,,30,100.5,33040219800101001X,张三，60%|李四，40%\n" +
			"乙检测有限公司," + codeB + ",many,,,\n不在这里的公司,,1,,,\n,,5,,,\n"
		take := func() Import {
			t.Helper()
			m, err := s.Upload(ctx, officer, "register.csv", strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			p, err := s.Look(ctx, officer, m.ID)
			if err != nil || p.Wrong != 3 || len(p.Errors) != 3 || p.Errors[0].Row != 3 {
				t.Fatalf("%+v %v", p.Errors, err)
			}
			if m, err = s.Apply(ctx, officer, m.ID); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Apply(ctx, officer, m.ID); !fault.Is(err, "import-done") {
				t.Fatalf("applied twice: %v", err)
			}
			return m
		}
		if m := take(); m.Written != 3 {
			t.Fatalf("%+v", m)
		}
		if m := take(); m.Written != 0 || m.Same != 3 {
			t.Fatalf("the same file again: %+v", m)
		}
		file, err := s.File(ctx, d, "firm")
		if err != nil || file[slot{"staff", ""}].Value != "30" || file[slot{"sales", "2025"}].Value != "10050" || file[slot{"legal_person_id", ""}].Value != "" || len(readHolders(file[slot{"shareholders", ""}].Value)) != 2 {
			t.Fatalf("%+v %v", file, err)
		}
		m, err := s.Upload(ctx, officer, "register.csv", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, columns := range [][]string{{"name", "name"}, {"nosuch"}} {
			if err := s.Remap(ctx, officer, m.ID, columns); !fault.Is(err, "mapping-twice") {
				t.Errorf("%v: %v", columns, err)
			}
		}
		if found, err := s.Verify(ctx, d); err != nil || len(found) > 0 {
			t.Fatalf("%v %v", found, err)
		}
	})
}
