package identity

import (
	"fmt"
	"regexp"
	"strings"

	"qiao/internal/platform/fault"
)

// usccAlphabet is the alphabet of the unified social credit code (GB 32100-2015): no I, O, S, V, Z.
const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// NormalUSCC writes a code as GB 32100 does: upper case, without the spaces and dashes people put in.
func NormalUSCC(s string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "　", "", "\t", "").Replace(s)) //i18n:data a full-width space
}

// CheckUSCC checks a unified social credit code as GB 32100-2015 writes it. Nil: right. A fault with code
// "uscc-shape": it cannot be one. A fault with code "uscc-check": its check character does not fit, which is
// nearly always a slip of the pen, but codes issued early (such as 91350100M0001TGQXM) fail it too; so this
// one is a warning that the registrant may override with evidence (see [USCCWarning]).
func CheckUSCC(code string) error {
	if len(code) != 18 {
		return usccFault("uscc-shape", "统一社会信用代码应为 18 位，这里是 {0} 位。", len([]rune(code)))
	}
	sum, weight := 0, 1
	for i, r := range code {
		value := strings.IndexRune(usccAlphabet, r)
		if value < 0 {
			return usccFault("uscc-shape", "统一社会信用代码只用数字和大写字母（不含 I、O、S、V、Z），第 {0} 位不符。", i+1)
		}
		if i < 17 {
			sum += value * weight
			weight = weight * 3 % 31
		}
	}
	if want := usccAlphabet[(31-sum%31)%31]; code[17] != want {
		return usccFault("uscc-check", "统一社会信用代码的最后一位与前 17 位不符，请核对。如证照上确是如此，请说明依据后继续。")
	}
	return nil
}

func usccFault(code, text string, args ...any) error {
	return fault.New(fault.Invalid, code, text, args...).Field("uscc", code, text, args...)
}

// USCCWarning tells whether err is the warning that evidence may override.
func USCCWarning(err error) bool { return fault.Is(err, "uscc-check") }

var rorShape = regexp.MustCompile(`^0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}$`)

// crockford is the base-32 alphabet of ROR ids.
const crockford = "0123456789abcdefghjkmnpqrstvwxyz"

// NormalROR is the nine characters of a ROR id, however it is written (https://ror.org/…, upper case).
func NormalROR(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, head := range []string{"https://", "http://", "www.", "ror.org/"} {
		s = strings.TrimPrefix(s, head)
	}
	return s
}

// ValidROR checks the nine characters of a ROR id: shape, and the two check digits (ISO 7064 MOD 97-10).
func ValidROR(ror string) bool {
	if !rorShape.MatchString(ror) {
		return false
	}
	n := 0
	for _, r := range ror[:7] {
		n = n*32 + strings.IndexRune(crockford, r)
	}
	return fmt.Sprintf("%02d", 98-n*100%97) == ror[7:]
}

var orcidShape = regexp.MustCompile(`^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$`)

// ValidORCID checks an ORCID iD as 0000-0002-1825-0097: shape and check character (ISO 7064 MOD 11-2).
func ValidORCID(orcid string) bool {
	if !orcidShape.MatchString(orcid) {
		return false
	}
	digits := strings.ReplaceAll(orcid, "-", "")
	sum := 0
	for _, r := range digits[:15] {
		sum = (sum + int(r-'0')) * 2
	}
	return "0123456789X"[(12-sum%11)%11] == digits[15]
}
