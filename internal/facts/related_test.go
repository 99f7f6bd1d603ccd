package facts

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

const (
	codeA = "Y1999999MA00000001"
	codeB = "Y1999999MA00000002"
)

func codesOf(hits []Hit) (out []string) {
	for _, h := range hits {
		c := h.Code
		if h.Decisive {
			c += "!"
		}
		out = append(out, c)
	}
	return out
}

func TestWhatTiesTwoOrganisations(t *testing.T) {
	a, b := Profile{Org: "a", Name: "甲有限公司", USCC: codeA}, Profile{Org: "b", Name: "乙有限公司", USCC: codeB}
	with := func(p Profile, f func(*Profile)) Profile { f(&p); return p }
	for _, c := range []struct {
		name string
		a, b Profile
		want []string
	}{
		{"strangers", a, b, nil},
		{"nothing known", Profile{Org: "a"}, Profile{Org: "b"}, nil},
		{"one and the same", a, a, []string{"same!"}},
		{"same code", a, with(b, func(p *Profile) { p.USCC = codeA }), []string{"uscc!"}},
		{"part of", with(a, func(p *Profile) { p.Parent = "b" }), b, []string{"parent!"}},
		{"parts of one", with(a, func(p *Profile) { p.Parent = "c" }), with(b, func(p *Profile) { p.Parent = "c" }), []string{"siblings!"}},
		{"legal representative by number", with(a, func(p *Profile) { p.LegalPerson, p.LegalPersonID = "张三", "1" }), with(b, func(p *Profile) { p.LegalPerson, p.LegalPersonID = "张三", "1" }), []string{"legal-person!"}},
		{"namesakes with other numbers", with(a, func(p *Profile) { p.LegalPerson, p.LegalPersonID = "张三", "1" }), with(b, func(p *Profile) { p.LegalPerson, p.LegalPersonID = "张三", "2" }), nil},
		{"namesakes", with(a, func(p *Profile) { p.LegalPerson, p.LegalPersonID = "张三", "1" }), with(b, func(p *Profile) { p.LegalPerson = "张 三" }), []string{"legal-person-name"}},
		{"shares by code", with(a, func(p *Profile) { p.Holders = []Holder{{Name: "乙", Code: codeB, Share: 3000}} }), b, []string{"shares!"}},
		{"shares by name, other way", a, with(b, func(p *Profile) { p.Holders = []Holder{{Name: "甲有限公司", Share: 3000}} }), []string{"shares!"}},
		{"small share", with(a, func(p *Profile) { p.Holders = []Holder{{Name: "乙", Code: codeB, Share: 40}} }), b, []string{"shares"}},
		{"one owner of both", with(a, func(p *Profile) { p.Holders = []Holder{{Name: "丙", Code: "X", Share: 6000}} }), with(b, func(p *Profile) { p.Holders = []Holder{{Name: "丙", Code: "X", Share: 10000}} }), []string{"owner!"}},
		{"one owner of a part", with(a, func(p *Profile) { p.Holders = []Holder{{Name: "丙", Code: "X", Share: 6000}} }), with(b, func(p *Profile) { p.Holders = []Holder{{Name: "丙", Code: "X", Share: 1000}} }), []string{"owner"}},
		{"owners of one name", with(a, func(p *Profile) { p.Holders = []Holder{{Name: "李四", Share: 6000}} }), with(b, func(p *Profile) { p.Holders = []Holder{{Name: "李四", Share: 9000}} }), []string{"owner"}},
		{"one group", with(a, func(p *Profile) { p.GroupName = "某集团" }), with(b, func(p *Profile) { p.GroupName = "某 集团" }), []string{"group!"}},
		{"no group", with(a, func(p *Profile) { p.GroupName = "无" }), with(b, func(p *Profile) { p.GroupName = "无" }), nil},
		{"declared by name", with(a, func(p *Profile) { p.Declared = []string{"乙有限公司"} }), b, []string{"declared!"}},
		{"declared by code", a, with(b, func(p *Profile) { p.Declared = []string{codeA} }), []string{"declared!"}},
		{"one address and telephone", with(a, func(p *Profile) { p.Address, p.Phone = "嘉兴市南湖区某路 1 号", "0573-8888 0001" }), with(b, func(p *Profile) { p.Address, p.Phone = "嘉兴市南湖区某路1号", "057388880001" }), []string{"address", "phone"}},
	} {
		if got := codesOf(Related(c.a, c.b, 100)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// The order of the two does not matter; nothing but its own tie makes an organisation related.
func TestRelatedIsSymmetric(t *testing.T) {
	draw := func(t *rapid.T, org string) Profile {
		few := rapid.SampledFrom([]string{"", "x", "y"})
		p := Profile{Org: org, Name: "n" + org, USCC: few.Draw(t, "uscc"), Parent: few.Draw(t, "parent"), LegalPerson: few.Draw(t, "person"), LegalPersonID: few.Draw(t, "id"), GroupName: few.Draw(t, "group")}
		p.Holders = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Holder {
			return Holder{Name: rapid.SampledFrom([]string{"na", "nb", "z"}).Draw(t, "holder"), Code: few.Draw(t, "code"), Share: rapid.Int64Range(0, 10000).Draw(t, "share")}
		}), 0, 3).Draw(t, "holders")
		return p
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "a"), draw(t, "b")
		one, other := codesOf(Related(a, b, 100)), codesOf(Related(b, a, 100))
		slices.Sort(one)
		slices.Sort(other)
		if !slices.Equal(one, other) {
			t.Fatalf("%v one way, %v the other", one, other)
		}
	})
}
