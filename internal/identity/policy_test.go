package identity

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

func TestPolicyTable(t *testing.T) {
	p, err := NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range Table() {
		if err := p.Require("organisation." + step.Verb); err != nil {
			t.Error(err)
		}
	}
	if err := p.Require("organisation.verify", "thing.fly", "thing.fly", "thing.dig"); err == nil || !strings.HasSuffix(err.Error(), "thing.dig, thing.fly") {
		t.Errorf("Require = %v", err)
	}
	if _, err := NewPolicy("thing.fly"); err == nil {
		t.Error("a policy without a row for an action was made")
	}
	if err := p.Can(Subject{Person: "p"}, "thing.fly", Object{}); err == nil || fault.Of(err).Kind != fault.Internal {
		t.Errorf("an action without a row gives %v", err)
	}
	for _, a := range p.Actions() {
		for _, r := range p.Rules(a) {
			if r.Note == "" {
				t.Errorf("%s, %s has no note", a, r.Capacity)
			}
		}
	}
}

func TestReadPolicyRefuses(t *testing.T) {
	for _, line := range []string{
		"fly,public,*,,n", "thing.fly,bird,*,,n", "thing.fly,person,king,,n", "thing.fly,public,admin,,n",
		"thing.fly,public,*,owner,n", "thing.fly,person,*,Own Er,n", "thing.fly,person,*", `thing.fly,person,"*`,
	} {
		if _, err := ReadPolicy(strings.NewReader(line + "\n")); err == nil {
			t.Errorf("%q was accepted", line)
		}
	}
}

// aPolicy has every form a row can have.
const aPolicy = `action,capacity,roles,side,note
# things
thing.see,public,*,,n
thing.own,person,*,,n
thing.edit,enterprise,admin|staff,buyer,n
thing.edit,provider,*,provider,n
thing.rule,authority,officer,region,n
thing.rule,operator,*,,n
thing.help,person,admin,buyer,n
`

func TestCanAndMay(t *testing.T) {
	p, err := ReadPolicy(strings.NewReader(aPolicy))
	if err != nil {
		t.Fatal(err)
	}
	person := Subject{Person: "p"}
	clerk := Subject{Person: "p", Org: "o", OrgStatus: StatusVerified, Role: RoleStaff, Region: "330402", Capacities: []string{CapacityEnterprise}}
	waiting := Subject{Person: "p", Org: "o", OrgStatus: StatusRegistered, Role: RoleAdmin, Region: "330402"}
	officer := Subject{Person: "p", Org: "a", OrgStatus: StatusVerified, Role: RoleOfficer, Region: "330400", Capacities: []string{CapacityAuthority}}
	finance := officer
	finance.Role = RoleFinance
	mine := Object{Parties: map[string]string{"buyer": "o", "provider": "x"}, Region: "330481"}
	other := Object{Parties: map[string]string{"buyer": "y", "provider": "o"}, Region: "310115"}
	for _, c := range []struct {
		name   string
		s      Subject
		action string
		o      Object
		can    string
		may    string
	}{
		{"visitor sees", Subject{}, "thing.see", other, "", ""},
		{"visitor owns nothing", Subject{}, "thing.own", mine, "sign-in-needed", "sign-in-needed"},
		{"person", person, "thing.own", Object{}, "", ""},
		{"person without organisation", person, "thing.help", mine, "no-organisation", "other-role"},
		{"buyer", clerk, "thing.edit", mine, "", ""},
		{"not the provider's capacity", clerk, "thing.edit", other, "other-party", ""},
		{"role of a buyer", clerk, "thing.help", mine, "other-role", "other-role"},
		{"still waiting", waiting, "thing.edit", mine, "not-verified", "not-verified"},
		{"waiting admin", waiting, "thing.help", mine, "", ""},
		{"officer", officer, "thing.rule", mine, "", ""},
		{"officer elsewhere", officer, "thing.rule", other, "other-region", ""},
		{"officer, object without region", officer, "thing.rule", Object{}, "other-region", ""},
		{"finance of the authority", finance, "thing.rule", mine, "other-role", "other-role"},
		{"firm rules", clerk, "thing.rule", mine, "other-capacity", "other-capacity"},
	} {
		t.Run(c.name, func(t *testing.T) {
			wants(t, p.Can(c.s, c.action, c.o), c.can)
			if c.name != "person without organisation" {
				wants(t, p.May(c.s, c.action), c.may)
			}
		})
	}
	wants(t, p.May(person, "thing.help"), "no-organisation")
}

// TestFilterIsCan is the promise of Filter: in any list, the rows it keeps are those on which Can says yes.
func TestFilterIsCan(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, err := ReadPolicy(strings.NewReader(aPolicy))
		if err != nil {
			t.Fatal(err)
		}
		orgs := []string{"", "o1", "o2", "o3"}
		regions := []string{"", "330000", "330400", "330402", "330481", "330100", "310000", "310115", "3304"}
		rapid.Check(t, func(rt *rapid.T) {
			s := Subject{
				Person: rapid.SampledFrom([]string{"", "p"}).Draw(rt, "person"), Org: rapid.SampledFrom(orgs).Draw(rt, "org"),
				Role: rapid.SampledFrom(Roles()).Draw(rt, "role"), Region: rapid.SampledFrom(regions).Draw(rt, "region"),
				Capacities: rapid.SliceOfDistinct(rapid.SampledFrom(Capacities()), rapid.ID[string]).Draw(rt, "capacities"),
			}
			o := Object{Region: rapid.SampledFrom(regions).Draw(rt, "object's region"), Parties: map[string]string{
				"buyer": rapid.SampledFrom(orgs).Draw(rt, "buyer"), "provider": rapid.SampledFrom(orgs).Draw(rt, "provider"),
			}}
			action := rapid.SampledFrom(p.Actions()).Draw(rt, "action")
			var w db.Where
			row := `SELECT COUNT(*) FROM (SELECT CAST(` + w.Arg(o.Parties["buyer"]) + ` AS TEXT) AS b, CAST(` + w.Arg(o.Parties["provider"]) +
				` AS TEXT) AS p, CAST(` + w.Arg(o.Region) + ` AS TEXT) AS r) x`
			p.Filter(s, action, map[string]string{"buyer": "b", "provider": "p", SideRegion: "r"}, &w)
			kept := count(t, d, row+w.SQL(), w.Args()...) == 1
			if can := p.Can(s, action, o) == nil; kept != can {
				rt.Fatalf("Can = %v, Filter%s %v keeps = %v", can, w.SQL(), w.Args(), kept)
			}
			if p.Can(s, action, o) == nil && p.May(s, action) != nil {
				rt.Fatal("Can without May")
			}
		})
	})
}

// TestRefusalsSayWhoCan: each capacity and each role has its own sentence.
func TestRefusalsSayWhoCan(t *testing.T) {
	said := map[string]string{}
	hear := func(what string, err error) {
		t.Helper()
		text := fault.Of(err).Text
		if fault.Of(err).Kind != fault.Forbidden || said[text] != "" {
			t.Errorf("%s: %q, as of %s", what, text, said[text])
		}
		said[text] = what
	}
	stranger := Subject{Person: "p", Org: "o", OrgStatus: StatusVerified, Role: "none"}
	for _, c := range Capacities() {
		hear(c, refusal(stranger, []Rule{{Capacity: c}}, func(Rule) bool { return true }))
	}
	for _, r := range Roles() {
		hear(r, refusal(stranger, []Rule{{Capacity: CapacityPerson, Roles: []string{r}}}, func(Rule) bool { return true }))
	}
}
