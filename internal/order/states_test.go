package order

import (
	"slices"
	"testing"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/state"
)

// Every step of both tables is sound: known sides, one target for a state and verb, every state
// reachable from the first, and an end reachable from every state.
func TestStateTablesAreSound(t *testing.T) {
	for kind, table := range map[string]state.Table{KindBooking: BookingTable(), KindCommission: CommissionTable()} {
		seen := map[[2]string]bool{}
		for _, s := range table {
			if key := [2]string{s.From, s.Verb}; seen[key] {
				t.Errorf("%s: two steps for %v", kind, key)
			} else {
				seen[key] = true
			}
			for _, who := range s.Who {
				if who != Buyer && who != Provider && who != System && who != Officer {
					t.Errorf("%s: unknown side %q", kind, who)
				}
			}
			if !Active(s.From) && s.To != s.From {
				t.Errorf("%s: a step leads out of the end state %s", kind, s.From)
			}
		}
		if got := reach(table, StateRequested); len(got) != len(table.States()) {
			t.Errorf("%s: reachable %v of %v", kind, got, table.States())
		}
		for _, from := range table.States() {
			if end := reach(table, from); !slices.ContainsFunc(end, func(s string) bool { return !Open(s) }) {
				t.Errorf("%s: no way out of %s", kind, from)
			}
		}
	}
}

func reach(table state.Table, from string) []string {
	out := []string{from}
	for i := 0; i < len(out); i++ {
		for _, s := range table {
			if s.From == out[i] && !slices.Contains(out, s.To) {
				out = append(out, s.To)
			}
		}
	}
	return out
}

// In every open state the side whose turn it is has a verb it may use.
func TestWhoseTurnItIsCanAct(t *testing.T) {
	for _, kind := range []string{KindBooking, KindCommission} {
		for _, st := range TableOf(kind).States() {
			who := turnOf(kind, st)
			if Open(st) != (who.Who != "") {
				t.Errorf("%s %s: open %v, turn %v", kind, st, Open(st), who)
			}
			if who.Who != "" && len(TableOf(kind).Verbs(st, who.Who)) == 0 {
				t.Errorf("%s %s: %s has the turn but no verb", kind, st, who.Who)
			}
		}
	}
}

func TestStepsThatDoNotExist(t *testing.T) {
	for _, c := range [][3]string{{KindBooking, StateRequested, VerbStart}, {KindBooking, StateSettled, VerbCancel}, {KindCommission, StateRequested, VerbAccept}, {KindBooking, StateRunning, VerbCancel}} {
		if _, err := TableOf(c[0]).Next(c[1], c[2]); !fault.Is(err, "state-conflict") {
			t.Errorf("%v: %v", c, err)
		}
	}
	if TableOf("gift") != nil {
		t.Error("unknown kind has a table")
	}
}
