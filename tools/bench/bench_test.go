package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestRivalsStayOutOfTheProgram: bleve is here to be compared with; the program must not carry it.
func TestRivalsStayOutOfTheProgram(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "qiao/cmd/qiao").Output()
	if err != nil || !strings.Contains(string(out), "qiao/internal/platform/textindex\n") {
		t.Fatalf("go list: %v", err)
	}
	if strings.Contains(string(out), "blevesearch") {
		t.Error("cmd/qiao depends on bleve")
	}
}
