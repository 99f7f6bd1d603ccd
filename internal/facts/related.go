package facts

import (
	"context"
	_ "embed" // from what share on owners are related
	"fmt"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/textindex/fold"
)

//go:embed related.json
var relatedFile []byte

// relatedRule says from what share of the capital on an owner decides, dated and with its source.
type relatedRule struct {
	From   string `json:"from"`
	Source string `json:"source"`
	Share  int64  `json:"decisive_share"` // basis points; a share of this size or above decides, a smaller one is looked at
}

// Since is the day from which the rule holds and where it comes from.
func (r relatedRule) Since() (day, source string) { return r.From, r.Source }

func relatedRules() ([]relatedRule, error) {
	list, err := dated.Read[relatedRule](relatedFile)
	if err != nil {
		return nil, fmt.Errorf("read the rule of related parties: %w", err)
	}
	return list, nil
}

// Profile is what is known of an organisation for telling whether it belongs together with another.
type Profile struct {
	Org            string
	Name           string
	USCC           string
	Parent         string // the organisation it is part of
	LegalPerson    string
	LegalPersonID  string // digest
	Holders        []Holder
	GroupName      string
	Declared       []string // related parties it declared: names or codes
	Address, Phone string
}

// Hit is one thing that ties two organisations.
type Hit struct {
	Code     string
	Decisive bool   // a person need not look further
	Text     string // Chinese sentence with {0} for arguments, the key of its English
	Args     []any
}

// Related lists what ties two organisations, the decisive things first. Where nothing is known of one, nothing ties it:
// the list is evidence for a relation, never against one. The order of the two does not matter.
func Related(a, b Profile, decisiveShare int64) []Hit {
	if a.Org != "" && a.Org == b.Org {
		return []Hit{{"same", true, "是同一个单位", nil}}
	}
	var out []Hit
	hit := func(code string, decisive bool, text string, args ...any) {
		out = append(out, Hit{code, decisive, text, args})
	}
	if a.USCC != "" && a.USCC == b.USCC {
		hit("uscc", true, "统一社会信用代码相同：{0}", a.USCC)
	}
	switch {
	case a.Parent != "" && a.Parent == b.Org || b.Parent != "" && b.Parent == a.Org:
		hit("parent", true, "一方隶属于另一方")
	case a.Parent != "" && a.Parent == b.Parent:
		hit("siblings", true, "隶属于同一个上级单位")
	}
	if a.GroupName != "" && !isNone(a.GroupName) && folded(a.GroupName) == folded(b.GroupName) {
		hit("group", true, "属于同一个集团：{0}", min(a.GroupName, b.GroupName))
	}
	holders(a, b, decisiveShare, hit)
	people(a, b, hit)
	if declares(a, b) || declares(b, a) {
		hit("declared", true, "一方已申报另一方为关联单位")
	}
	if len([]rune(folded(a.Address))) >= 6 && folded(a.Address) == folded(b.Address) {
		hit("address", false, "注册地址相同：{0}", min(a.Address, b.Address))
	}
	if p := digits(a.Phone); len(p) >= 7 && p == digits(b.Phone) {
		hit("phone", false, "联系电话相同")
	}
	slices.SortStableFunc(out, func(x, y Hit) int {
		switch {
		case x.Decisive == y.Decisive:
			return strings.Compare(x.Code, y.Code)
		case x.Decisive:
			return -1
		}
		return 1
	})
	return out
}

// holders looks for shares of one in the other, and for an owner of both.
func holders(a, b Profile, decisive int64, hit func(code string, decisive bool, text string, args ...any)) {
	for _, pair := range [2][2]Profile{{a, b}, {b, a}} {
		for _, h := range pair[0].Holders {
			if is(pair[1], h) {
				hit("shares", h.Share >= decisive, "“{0}”持有“{1}”的股份（{2}）", pair[1].Name, pair[0].Name, saidShare(h.Share))
			}
		}
	}
	for _, x := range a.Holders {
		for _, y := range b.Holders {
			sameCode := x.Code != "" && x.Code == y.Code
			sameName := folded(x.Name) == folded(y.Name) && (x.Code == "" || y.Code == "")
			if sameCode || sameName { // a name alone may be two people's; of two named so the one with more in it, so that the order of the two does not matter
				hit("owner", sameCode && min(x.Share, y.Share) >= ownerShare, "有共同的股东：{0}（{1}、{2}）", owned(x, y), saidShare(min(x.Share, y.Share)), saidShare(max(x.Share, y.Share)))
			}
		}
	}
}

// owned names an owner of both; of a natural person no more than the first character, for either side reads it.
func owned(x, y Holder) string {
	name := min(x.Name, y.Name)
	if x.Code == "" && y.Code == "" {
		return starred(name)
	}
	return name
}

// ownerShare is what one owner must hold of both for them to be under one control: more than half of each.
const ownerShare = 5001

func saidShare(points int64) string {
	if points == 0 {
		return "—"
	}
	return sayShare(points)
}

// people compares the legal representatives: by the digest of the number where both have one, else by the name.
func people(a, b Profile, hit func(code string, decisive bool, text string, args ...any)) {
	if a.LegalPersonID != "" && b.LegalPersonID != "" {
		if a.LegalPersonID == b.LegalPersonID {
			hit("legal-person", true, "法定代表人是同一个人")
		}
		return
	}
	if a.LegalPerson != "" && folded(a.LegalPerson) == folded(b.LegalPerson) {
		hit("legal-person-name", false, "法定代表人同名，可能是同一个人")
	}
}

func declares(a, b Profile) bool {
	return slices.ContainsFunc(a.Declared, func(s string) bool {
		return b.USCC != "" && identity.NormalUSCC(s) == b.USCC || b.Name != "" && folded(s) == folded(b.Name)
	})
}

// is tells whether a holder is the organisation.
func is(p Profile, h Holder) bool {
	return h.Code != "" && h.Code == p.USCC || h.Code == "" && p.Name != "" && folded(h.Name) == folded(p.Name)
}

func folded(s string) string { return strings.ReplaceAll(fold.Text(s), " ", "") }

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// Related tells what ties two organisations by their files and the register, the decisive things first.
func (s *Service) Related(ctx context.Context, q db.Q, a, b string) ([]Hit, error) {
	if a == "" || b == "" {
		return nil, nil
	}
	orgs, err := s.Organisations.Organisations(ctx, q, []string{a, b})
	if err != nil {
		return nil, err
	}
	w := &db.Where{}
	w.In("org", []string{a, b})
	w.In("fact", tellers())
	entries, err := listEntries(ctx, q, w)
	if err != nil {
		return nil, err
	}
	var two [2]Profile
	for i, org := range []string{a, b} {
		of := slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return e.Org != org })
		two[i] = profile(orgs[org], org, Current(of))
	}
	return Related(two[0], two[1], dated.On(s.related, s.today()).Share), nil
}

// tellers are the facts that tell related parties.
func tellers() []string {
	return []string{"legal_person", "legal_person_id", "shareholders", "group_name", "related_parties", "address", "phone"}
}

// profile reads from a file what tells related parties.
func profile(o identity.Organisation, org string, file File) Profile {
	text := func(key string) string { return file[slot{key, ""}].Value }
	p := Profile{
		Org: org, Name: o.NameZH, USCC: o.USCC, Parent: o.Parent, LegalPerson: text("legal_person"), LegalPersonID: text("legal_person_id"),
		GroupName: text("group_name"), Address: text("address"), Phone: text("phone"), Holders: readHolders(text("shareholders")), Declared: lines(text("related_parties")),
	}
	if p.Address == "" {
		p.Address = o.Address
	}
	return p
}
