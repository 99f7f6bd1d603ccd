package state

import (
	"testing"

	"qiao/internal/platform/fault"
)

func TestTable(t *testing.T) {
	table := Table{{"", "place", "requested", []string{"buyer"}}, {"requested", "accept", "accepted", []string{"provider"}}, {"requested", "cancel", "cancelled", []string{"buyer", "provider"}}}
	if s, err := table.Next("requested", "accept"); err != nil || s.To != "accepted" {
		t.Errorf("accept: %v %v", s, err)
	}
	if _, err := table.Next("accepted", "accept"); !fault.Is(err, "state-conflict") {
		t.Errorf("a second accept gives %v", err)
	}
	if got := table.Verbs("requested", "provider"); len(got) != 2 {
		t.Errorf("provider may %v", got)
	}
	if got := table.States(); len(got) != 3 || !table.Has("cancel") || table.Has("pay") {
		t.Errorf("states %v", got)
	}
}
