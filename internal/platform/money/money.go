// Package money counts in fen, the hundredth of a yuan, as int64. There is no float anywhere: each
// division names its rounding and says who gets the rest.
package money

import (
	"errors"
	"math/bits"
	"strconv"
	"strings"
)

// Fen is an amount in hundredths of the currency's unit. CNY unless a currency stands beside it.
type Fen int64

// CNY is the currency of every amount that has none written beside it.
const CNY = "CNY"

// String writes ¥1,234.50; a whole amount without decimals: ¥1,234.
func (f Fen) String() string {
	sign, u := "", uint64(f)
	if f < 0 {
		sign, u = "−", -u
	}
	s := sign + "¥" + group(u/100)
	if c := u % 100; c != 0 {
		s += "." + string([]byte{'0' + byte(c/10), '0' + byte(c%10)})
	}
	return s
}

// Yuan writes 1234.50 without sign of currency or grouping, as forms and spreadsheets want it.
func (f Fen) Yuan() string {
	sign, u := "", uint64(f)
	if f < 0 {
		sign, u = "-", -u
	}
	c := u % 100
	return sign + strconv.FormatUint(u/100, 10) + "." + string([]byte{'0' + byte(c/10), '0' + byte(c%10)})
}

func group(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// ErrSyntax is what Parse gives for text that is no amount with at most two decimals.
var ErrSyntax = errors.New("money: not an amount")

// Parse reads yuan as people type them: "1,234.5", "¥1234", "１２３４", "1234.50元". More than two
// decimals, a sign in the middle or anything else is ErrSyntax; so is an amount over 10 trillion yuan.
func Parse(s string) (Fen, error) {
	s = strings.Map(halfWidth, strings.TrimSpace(s))
	s = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(s, "¥"), "￥"), "元")
	s = strings.TrimSpace(s)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	whole, frac, point := strings.Cut(s, ".")
	if !commasFit(whole) || point && (len(frac) == 0 || len(frac) > 2) {
		return 0, ErrSyntax
	}
	whole = strings.ReplaceAll(whole, ",", "")
	digits := whole + (frac + "00")[:2]
	if whole == "" || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return 0, ErrSyntax
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, ErrSyntax
	}
	if neg {
		n = -n
	}
	return Fen(n), nil
}

// commasFit tells whether commas, if any, group by three.
func commasFit(s string) bool {
	parts := strings.Split(s, ",")
	for i, p := range parts[1:] {
		if len(p) != 3 || i == 0 && (len(parts[0]) == 0 || len(parts[0]) > 3) {
			return false
		}
	}
	return true
}

func halfWidth(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - 0xFEE0
	case r == '−':
		return '-'
	case r == '　':
		return ' '
	}
	return r
}

// PartDown is basisPoints/10000 of f, rounded down to the fen: a voucher's part; the rest is the
// firm's. f must not be negative and basisPoints lie in 0…10000.
func PartDown(f Fen, basisPoints int64) Fen {
	hi, lo := bits.Mul64(uint64(f), uint64(basisPoints))
	q, _ := bits.Div64(hi, lo, 10000)
	return Fen(q)
}

// ErrOverflow is an amount that does not fit.
var ErrOverflow = errors.New("money: amount too large")

// MulHalfUp is unit × num ÷ den, rounded half up to the fen: a price line (say, a price an hour for
// 90 minutes). All must be non-negative and den positive.
func MulHalfUp(unit Fen, num, den int64) (Fen, error) {
	if unit < 0 || num < 0 || den <= 0 {
		return 0, ErrOverflow
	}
	hi, lo := bits.Mul64(uint64(unit), uint64(num))
	lo, carry := bits.Add64(lo, uint64(den/2), 0)
	hi += carry
	if hi >= uint64(den) {
		return 0, ErrOverflow
	}
	q, _ := bits.Div64(hi, lo, uint64(den))
	if q > 1<<62 {
		return 0, ErrOverflow
	}
	return Fen(q), nil
}

// Split divides f by weights, each share rounded down; the rest goes to the first. The shares add
// up to f. Weights must be non-negative with a positive sum; f non-negative.
func Split(f Fen, weights ...int64) []Fen {
	var sum uint64
	for _, w := range weights {
		sum += uint64(w)
	}
	out := make([]Fen, len(weights))
	if sum == 0 {
		return out
	}
	rest := f
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(f), uint64(w))
		q, _ := bits.Div64(hi, lo, sum)
		out[i] = Fen(q)
		rest -= out[i]
	}
	out[0] += rest
	return out
}
