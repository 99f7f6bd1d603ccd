//i18n:data the numerals that amounts are written out in

package money

import "strings"

// Capital writes an amount in the numerals of Chinese accounts (大写金额): 壹万零伍拾元叁角整, 壹佰元零伍分, 负叁元整. 零 stands once for
// any run of noughts between digits; 整 ends an amount without fen; below one yuan there is no 元.
func (f Fen) Capital() string {
	sign, n := "", uint64(f)
	if f < 0 {
		sign, n = "负", -n
	}
	yuan, jiao, fen := n/100, n/10%10, n%10
	if n == 0 {
		return "零元整"
	}
	var b strings.Builder
	b.WriteString(sign)
	if yuan > 0 {
		b.WriteString(capitals(yuan) + "元")
	}
	if jiao > 0 {
		if yuan > 0 && yuan%10 == 0 {
			b.WriteString("零")
		}
		b.WriteString(capitalDigits[jiao] + "角")
	}
	switch {
	case fen == 0:
		b.WriteString("整")
	case jiao == 0 && yuan > 0:
		b.WriteString("零" + capitalDigits[fen] + "分")
	default:
		b.WriteString(capitalDigits[fen] + "分")
	}
	return b.String()
}

var (
	capitalDigits = [10]string{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"}
	capitalPlaces = [4]string{"", "拾", "佰", "仟"}
)

// capitals writes a whole number above zero: what stands above 亿, what above 万, and the rest.
func capitals(n uint64) string {
	for _, g := range []struct {
		size uint64
		name string
	}{{100_000_000, "亿"}, {10_000, "万"}} {
		if n < g.size {
			continue
		}
		high, low := n/g.size, n%g.size
		out := capitals(high) + g.name
		if low == 0 {
			return out
		}
		if low < g.size/10 || high%10 == 0 {
			out += "零"
		}
		return out + capitals(low)
	}
	return fourCapitals(n)
}

// fourCapitals writes 1…9999.
func fourCapitals(n uint64) string {
	out, gap := "", false
	for place := 0; n > 0; place, n = place+1, n/10 {
		digit := n % 10
		if digit == 0 {
			gap = out != ""
			continue
		}
		if gap {
			out = "零" + out
			gap = false
		}
		out = capitalDigits[digit] + capitalPlaces[place] + out
	}
	return out
}
