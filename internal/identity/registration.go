package identity

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/platform/fault"
)

// Facts are what an organisation says about itself when it registers.
type Facts struct {
	NameZH        string
	NameEN        string
	USCC          string // needed of an enterprise
	USCCConfirmed bool   // "the code is right", although its check character does not fit
	USCCNote      string // the evidence for that
	Region        string // six digits, in force
	Kind          string // one of Kinds
	Parent        string // part of this organisation, of which the registrant is an administrator; may be empty
	Address       string
	Website       string
	ROR           string
	Capacities    []string // of OpenCapacities, at least one
}

// Founder is the first person of a new organisation, when not signed in yet.
type Founder struct {
	Name     string
	Login    string
	Password string
	Phone    string
}

// Registration is an organisation that registers itself, with its first person as administrator.
type Registration struct {
	Facts
	Founder Founder
}

// clean trims what was typed and writes codes as their standards do.
func (f Facts) clean() Facts {
	for _, s := range []*string{&f.NameZH, &f.NameEN, &f.USCCNote, &f.Region, &f.Kind, &f.Parent, &f.Address, &f.Website} {
		*s = strings.TrimSpace(*s)
	}
	f.USCC = NormalUSCC(f.USCC)
	f.ROR = NormalROR(f.ROR)
	if f.Website != "" && !strings.Contains(f.Website, "://") {
		f.Website = "https://" + f.Website
	}
	f.Capacities = slices.Compact(slices.Sorted(slices.Values(f.Capacities)))
	return f
}

// The longest texts of a registration, in characters.
const (
	maxName    = 120
	maxAddress = 200
)

// check is a fault with every field that is wrong, or nil. It expects clean facts.
func (f Facts) check(tree *Tree) *fault.Error {
	bad := fault.New(fault.Invalid, "registration-invalid", "有几项需要改一下，填好的内容都还在。")
	if f.NameZH == "" && f.NameEN == "" {
		bad.Field("name_zh", "required", "请填写单位名称，与证照一致。")
	}
	tooLong(bad, "name_zh", f.NameZH, maxName)
	tooLong(bad, "name_en", f.NameEN, maxName)
	tooLong(bad, "address", f.Address, maxAddress)
	f.checkCode(bad)
	if !tree.Known(f.Region) {
		bad.Field("region", "region-unknown", "请选择单位所在的行政区划（六位代码）。")
	}
	if !slices.Contains(Kinds(), f.Kind) {
		bad.Field("kind", "kind-unknown", "请选择单位性质。")
	}
	if len(f.Capacities) == 0 {
		bad.Field("capacities", "required", "请至少选择一个身份：您想在平台上做什么。")
	}
	for _, c := range f.Capacities {
		if !slices.Contains(OpenCapacities(), c) {
			bad.Field("capacities", "capacity-closed", "这个身份不能自行注册，由平台运营单位设立。")
		}
	}
	if f.ROR != "" && !ValidROR(f.ROR) {
		bad.Field("ror", "ror-check", "ROR 标识应像 02n7p8p77，末两位是校验位，请核对。")
	}
	if u, err := url.Parse(f.Website); f.Website != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		bad.Field("website", "website-shape", "网址应像 https://www.example.cn。")
	}
	if len(bad.Fields) == 0 {
		return nil
	}
	return bad
}

// checkCode checks the unified social credit code; a check character that does not fit is let through with evidence.
func (f Facts) checkCode(bad *fault.Error) {
	if f.USCC == "" {
		if slices.Contains(f.Capacities, CapacityEnterprise) {
			bad.Field("uscc", "required", "企业请填写统一社会信用代码。")
		}
		return
	}
	err := CheckUSCC(f.USCC)
	switch {
	case err == nil:
	case !USCCWarning(err):
		bad.Fields = append(bad.Fields, fault.Of(err).Fields...)
	case !f.USCCConfirmed:
		bad.Fields = append(bad.Fields, fault.Of(err).Fields...)
	case utf8.RuneCountInString(f.USCCNote) < 4:
		bad.Field("uscc_note", "required", "请说明依据，例如证照编号、发证机关和发证日期，供主管部门核验。")
	}
	tooLong(bad, "uscc_note", f.USCCNote, maxAddress)
}

func tooLong(bad *fault.Error, field, text string, limit int) {
	if utf8.RuneCountInString(text) > limit {
		bad.Field(field, "too-long", "太长了，最多 {0} 个字。", limit)
	}
	if strings.ContainsRune(text, 0) {
		bad.Field(field, "text-broken", "里面有无法保存的字符，请重新输入。")
	}
}

// check adds the fields of the founder that are wrong.
func (p Founder) check(bad *fault.Error) {
	checkPersonName(bad, p.Name)
	checkPhone(bad, p.Phone)
	if !ValidLogin(p.Login) {
		bad.Field("login", "login-shape", "请填写一个邮箱地址，用来登录和收通知。")
	}
	if err := GoodPassword(p.Password, p.Login); err != nil {
		bad.Fields = append(bad.Fields, fault.Of(err).Fields...)
	}
}

// apply writes the facts over o.
func (f Facts) apply(o Organisation) Organisation {
	o.NameZH, o.NameEN, o.USCC, o.Region, o.Kind, o.Parent = f.NameZH, f.NameEN, f.USCC, f.Region, f.Kind, f.Parent
	o.Address, o.Website, o.ROR, o.USCCNote = f.Address, f.Website, f.ROR, ""
	if f.USCC != "" && CheckUSCC(f.USCC) != nil {
		o.USCCNote = f.USCCNote
	}
	return o
}
