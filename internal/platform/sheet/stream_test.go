package sheet

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestStreamIsAWorkbook(t *testing.T) {
	var b bytes.Buffer
	s, err := NewStream(&b, []string{"名称", "二"})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]string{{"=1+1", "<&>\"\x01'"}, {"", "只有第二格"}, {strings.Repeat("字", 40_000), "x"}} {
		if err := s.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Sheet1")
	if err != nil || len(rows) != 4 || rows[1][0] != "=1+1" || rows[1][1] != `<&>"'` || rows[2][1] != "只有第二格" || len([]rune(rows[3][0])) != maxCell {
		t.Errorf("%d rows %v", len(rows), err)
	}
	if v, err := f.GetCellFormula("Sheet1", "A2"); err != nil || v != "" {
		t.Errorf("a formula %q", v)
	}
	if column(0) != "A" || column(25) != "Z" || column(26) != "AA" || column(701) != "ZZ" || column(702) != "AAA" {
		t.Error("columns")
	}
}
