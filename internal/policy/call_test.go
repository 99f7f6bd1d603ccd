package policy_test

import (
	"testing"

	"qiao/internal/policy"
)

func TestNewCall(t *testing.T) {
	for _, x := range []struct {
		published, deadline, title        string
		wantPublished, wantDeadline, flag string
		state                             string
		historic                          bool
	}{
		{"2026-11-01", "2026-11-21", "x", "2026-11-01", "2026-11-21", "", policy.Open, false},
		{"2026-11-01", "2026-11-20", "x", "2026-11-01", "2026-11-20", "", policy.Closed, false},
		{"2017-09-01", "2017-09-20", "x", "2017-09-01", "2017-09-20", "", policy.Closed, true},
		{"2014-2-21", "2014-3-14", "x", "2014-02-21", "2014-03-14", "bad-published bad-deadline", policy.Closed, true},
		{"2013-08-01", "", "x", "2013-08-01", "", "bad-deadline", policy.Unknown, true},
		{"", "", "x...", "", "", "bad-published bad-deadline cut-title", policy.Unknown, false},
		{"2014-12-18", "2014-02-25", "x", "2014-12-18", "2014-02-25", "closes-first", policy.Unknown, true},
		{"2014-13-45", "0000-00-00", "x…", "", "", "bad-published bad-deadline cut-title", policy.Unknown, false},
	} {
		c := policy.NewCall(policy.Record{Source: "s", SourceID: "1", Title: " " + x.title, Published: x.published, Deadline: x.deadline})
		if c.Published != x.wantPublished || c.Deadline != x.wantDeadline || c.Flags != x.flag || c.PublishedRaw != x.published {
			t.Errorf("%q %q: %+v", x.published, x.deadline, c)
		}
		if got := c.State("2026-11-21"); got != x.state {
			t.Errorf("%q %q: state %s, want %s", x.published, x.deadline, got, x.state)
		}
		if got := c.Historic("2026-11-21"); got != x.historic {
			t.Errorf("%q %q: historic %v", x.published, x.deadline, got)
		}
	}
}
