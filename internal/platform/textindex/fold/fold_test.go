package fold_test

import (
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/textindex/fold"
)

func TestText(t *testing.T) {
	if _, err := fold.Shared(); err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"ＳＥＭ－５０００Ｘ　掃描電鏡": "sem-5000x 扫描电镜", " 浙江\u00a0大學 ": "浙江 大学", "10–20 µm": "10-20 μm", "①㎡": "1m2", "": "",
	} {
		if got := fold.Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestOnceIsEnough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.Rune().Draw(t, "r")
		if once := fold.Rune(r); fold.Rune(once) != once {
			t.Fatalf("%q folds to %q and that to %q", r, once, fold.Rune(once))
		}
	})
}
