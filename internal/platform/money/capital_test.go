package money

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCapital(t *testing.T) {
	for _, tc := range []struct {
		fen  Fen
		want string
	}{
		{0, "零元整"}, {1, "壹分"}, {10, "壹角整"}, {55, "伍角伍分"}, {100, "壹元整"}, {105, "壹元零伍分"}, {110, "壹元壹角整"}, {1000, "壹拾元整"},
		{1030, "壹拾元零叁角整"}, {1005, "壹拾元零伍分"}, {10_000, "壹佰元整"}, {10_050, "壹佰元零伍角整"}, {100_500, "壹仟零伍元整"}, {101_000, "壹仟零壹拾元整"},
		{110_000, "壹仟壹佰元整"}, {1_000_000, "壹万元整"}, {1_005_030, "壹万零伍拾元零叁角整"}, {1_600_032, "壹万陆仟元零叁角贰分"}, {10_000_000, "壹拾万元整"},
		{10_500_000, "壹拾万零伍仟元整"}, {10_000_100, "壹拾万零壹元整"}, {123_456_789, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"}, {10_000_000_000, "壹亿元整"},
		{10_000_000_100, "壹亿零壹元整"}, {10_001_000_000, "壹亿零壹万元整"}, {100_000_000_000_000, "壹万亿元整"}, {-300, "负叁元整"}, {14_099_950, "壹拾肆万零玖佰玖拾玖元伍角整"},
	} {
		if got := tc.fen.Capital(); got != tc.want {
			t.Errorf("%d: %s, want %s", tc.fen, got, tc.want)
		}
	}
}

// What is written is read back as the same amount: no two amounts look alike.
func TestCapitalIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Fen(rapid.Int64Range(0, 1_000_000_000_000_000).Draw(t, "fen"))
		s := f.Capital()
		if strings.Contains(s, "零零") {
			t.Fatalf("%d: %s", f, s)
		}
		if got := readCapital(s); got != f {
			t.Fatalf("%d: %s reads as %d", f, s, got)
		}
	})
}

func readCapital(s string) Fen {
	digits := map[rune]int64{'零': 0, '壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9}
	places := map[rune]int64{'拾': 10, '佰': 100, '仟': 1000}
	var fen, total, part, digit int64
	for _, r := range s {
		switch {
		case places[r] > 0:
			part, digit = part+digit*places[r], 0
		case r == '万':
			total, part, digit = total+(part+digit)*10_000, 0, 0
		case r == '亿':
			total, part, digit = (total+part+digit)*100_000_000, 0, 0
		case r == '元':
			fen, total, part, digit = (total+part+digit)*100, 0, 0, 0
		case r == '角':
			fen, digit = fen+digit*10, 0
		case r == '分':
			fen, digit = fen+digit, 0
		case r != '整':
			digit = digits[r]
		}
	}
	return Fen(fen)
}
