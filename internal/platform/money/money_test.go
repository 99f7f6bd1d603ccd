package money

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for s, want := range map[string]Fen{"1,234.5": 123450, "¥1234": 123400, "１２３４．５６": 123456, "0.01": 1, "-3": -300, "1234.50元": 123450, " 300000 ": 30000000} {
		if got, err := Parse(s); err != nil || got != want {
			t.Errorf("Parse(%q) = %d, %v; want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "一百", "1.234", "1,23", ",123", "1e5", "--1", "1.", ".5", "99999999999999"} {
		if got, err := Parse(s); err == nil {
			t.Errorf("Parse(%q) = %d, want an error", s, got)
		}
	}
}

func TestString(t *testing.T) {
	for f, want := range map[Fen]string{123450: "¥1,234.50", 123400: "¥1,234", 5: "¥0.05", -100: "−¥1", 0: "¥0"} {
		if f.String() != want {
			t.Errorf("%d is written %s, want %s", int64(f), f, want)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Fen(rapid.Int64Range(-9_999_999_999_999, 9_999_999_999_999).Draw(t, "fen"))
		if got, err := Parse(f.Yuan()); err != nil || got != f {
			t.Fatalf("%d → %s → %d %v", f, f.Yuan(), got, err)
		}
	})
}

func TestParts(t *testing.T) {
	if got := PartDown(333, 5000); got != 166 {
		t.Errorf("half of 333 rounded down is %d", got)
	}
	for _, c := range []struct{ unit, num, den, want int64 }{{100, 1, 3, 33}, {100, 2, 3, 67}, {1, 1, 2, 1}, {33500, 90, 60, 50250}} {
		if got, err := MulHalfUp(Fen(c.unit), c.num, c.den); err != nil || got != Fen(c.want) {
			t.Errorf("MulHalfUp(%d,%d,%d) = %d %v, want %d", c.unit, c.num, c.den, got, err, c.want)
		}
	}
	if _, err := MulHalfUp(1<<60, 1<<60, 1); err == nil {
		t.Error("overflow goes unseen")
	}
	// rules of the field: support 100,000 split ⅔ : ⅓, provider's share cut to the fen, the rest to the firm's region
	if got := Split(10_000_000, 2, 1); got[0] != 6_666_667 || got[1] != 3_333_333 {
		t.Errorf("Split = %v", got)
	}
}

func TestSharesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Fen(rapid.Int64Range(0, 1<<50).Draw(t, "f"))
		w := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000), 1, 6).Draw(t, "w")
		w[0]++
		var sum Fen
		for _, s := range Split(f, w...) {
			if s < 0 {
				t.Fatal("negative share")
			}
			sum += s
		}
		if sum != f {
			t.Fatalf("shares of %d sum to %d", f, sum)
		}
		if p := PartDown(f, rapid.Int64Range(0, 10000).Draw(t, "bp")); p < 0 || p > f {
			t.Fatalf("part %d of %d", p, f)
		}
	})
}
