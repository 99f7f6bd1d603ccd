package id

import "testing"

func TestIDs(t *testing.T) {
	a, b := New(), New()
	if a == b || !Valid(a) || a[14] != '7' {
		t.Errorf("New: %s %s", a, b)
	}
	if From("ab", "c") == From("a", "bc") {
		t.Error("parts run together")
	}
	if x := From("person", "key"); x != From("person", "key") || !Valid(x) || x[14] != '8' {
		t.Errorf("From: %s", x)
	}
	for _, s := range []string{"", "x", "{" + a + "}", "urn:uuid:" + a} {
		if Valid(s) {
			t.Errorf("%q is not our form", s)
		}
	}
}
