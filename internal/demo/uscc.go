package demo

import (
	"fmt"
	"strings"
)

// usccAlphabet and its weights are those of GB 32100-2015, the organisation code's of GB 11714-1997.
const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// sampleUSCC is the n-th invented unified social credit code. It obeys both check rules and can never be issued:
// its department is Y (other), its region 999999 is no place.
func sampleUSCC(n int) string {
	body := fmt.Sprintf("%08d", n)
	code := "Y1999999" + body + organisationCheck(body)
	sum, weight := 0, 1
	for _, r := range code {
		sum += strings.IndexRune(usccAlphabet, r) * weight
		weight = weight * 3 % 31
	}
	return code + string(usccAlphabet[(31-sum%31)%31])
}

// organisationCheck is the check character of an organisation code of eight digits.
func organisationCheck(body string) string {
	sum := 0
	for i, weight := range []int{3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(body[i]-'0') * weight
	}
	switch r := 11 - sum%11; r {
	case 10:
		return "X"
	case 11:
		return "0"
	default:
		return fmt.Sprint(r)
	}
}
