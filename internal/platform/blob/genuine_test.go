package blob

import "testing"

func TestGenuine(t *testing.T) {
	for _, x := range []struct {
		name, head string
		want       bool
	}{
		{"report.pdf", "%PDF-1.7\n", true}, {"REPORT.PDF", "\r\n%PDF-1.4", true}, {"report.pdf", "PK\x03\x04", false}, {"report.pdf", "<html>", false}, {"report.pdf", "", false},
		{"data.xlsx", "PK\x03\x04..", true}, {"data.xlsx", "name,value", false}, {"sem.tif", "II*\x00..", true}, {"sem.jpg", "\x89PNG\r\n\x1a\n", false},
		{"curve.csv", "a,b", true}, {"curve.csv", "", false}, {"no-name", "anything", true},
	} {
		if got := Genuine(x.name, []byte(x.head)); got != x.want {
			t.Errorf("%s beginning with %q: %v", x.name, x.head, got)
		}
	}
}
