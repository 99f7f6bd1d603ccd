package observe

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

const webm = "\x1a\x45\xdf\xa3 and so on"

// Nothing is kept but while both sides agree; a word taken back holds at once, and both sides, and nobody else, see what was kept.
func TestRecordingNeedsBothSides(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		p, list := w.agreed(t, daily())
		x := list[0]
		if err := w.Invite(ctx, w.wang, p.ID, "guest@x.cn"); err != nil {
			t.Fatal(err)
		}
		say := func(by identity.Subject, agreed bool) {
			t.Helper()
			if err := w.Consent(ctx, by, x.ID, agreed); err != nil {
				t.Fatal(err)
			}
			w.now.Advance(time.Second)
		}
		keep := func(by identity.Subject, body, code string) Tape {
			t.Helper()
			tape, err := w.Keep(ctx, by, x.ID, 120, strings.NewReader(body))
			if code == "" && err != nil || code != "" && !fault.Is(err, code) {
				t.Errorf("%s keeps %q: %v, want %q", by.Person, body, err, code)
			}
			return tape
		}
		keep(w.li, webm, "observe-early")
		w.now.Set(x.Opens.Time)
		keep(w.li, webm, "observe-no-consent")
		say(w.li, true)
		keep(w.li, webm, "observe-no-consent")
		for _, by := range []identity.Subject{w.guest, w.other, {}} {
			if err := w.Consent(ctx, by, x.ID, true); err == nil {
				t.Errorf("%q agreed", by.Person)
			}
		}
		say(w.wang, true)
		say(w.wang, true) // said again, nothing more
		first := keep(w.li, webm, "")
		keep(w.li, "not a picture", "observe-tape")
		keep(w.li, "", "observe-tape")
		if _, err := w.Keep(ctx, w.li, x.ID, 0, strings.NewReader(webm)); !fault.Is(err, "observe-tape") {
			t.Errorf("no length: %v", err)
		}
		if _, err := w.Keep(ctx, w.wang, x.ID, 60, strings.NewReader(webm)); err == nil {
			t.Error("the buyer recorded")
		}
		w.now.Advance(time.Second)
		say(w.wang, false)
		keep(w.li, webm, "observe-no-consent")
		say(w.wang, true)
		w.now.Set(x.Closes.Add(time.Minute))
		mp4 := keep(w.li, "\x00\x00\x00\x20ftypisom and so on", "") // the last stretch comes a moment late
		if mp4.Type != "video/mp4" || first.Type != "video/webm" {
			t.Errorf("%q %q", first.Type, mp4.Type)
		}
		w.now.Advance(5 * time.Minute)
		keep(w.li, webm, "observe-over")
		if err := w.Consent(ctx, w.li, x.ID, false); !fault.Is(err, "observe-over") {
			t.Errorf("a word after the end: %v", err)
		}
		for by, want := range map[*identity.Subject]bool{&w.li: true, &w.wang: true, &w.guest: false, &w.other: false} {
			tape, body, err := w.Tape(ctx, *by, x.ID, first.ID)
			if want != (err == nil) {
				t.Errorf("%s sees a recording: %v", by.Person, err)
			}
			if err == nil {
				b, err := io.ReadAll(body)
				if string(b) != webm || err != nil || tape.Seconds != 120 || body.Close() != nil {
					t.Errorf("%q %v %+v", b, err, tape)
				}
			}
		}
		if room, err := w.Enter(ctx, w.guest, x.ID); err != nil || len(room.Tapes) != 0 || len(room.Words) != 4 {
			t.Errorf("a guest sees %+v, %d words, %v", room.Tapes, len(room.Words), err)
		}
		if room, err := w.Enter(ctx, w.wang, x.ID); err != nil || len(room.Tapes) != 2 {
			t.Errorf("the buyer sees %d, %v", len(room.Tapes), err)
		}
		if _, _, err := w.Tape(ctx, w.li, list[1].ID, first.ID); !fault.Is(err, "no-tape") {
			t.Errorf("another session's: %v", err)
		}
		w.whole(t)
		if err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			stolen := first
			stolen.ID, stolen.At = "made-up", db.At(x.Opens.Time)
			return insertTape(ctx, tx, stolen)
		}); err != nil {
			t.Fatal(err)
		}
		if found, err := w.Verify(ctx, d); err != nil || len(found) != 1 || found[0].Code != "observe.consent" {
			t.Errorf("a recording nobody agreed to: %+v %v", found, err)
		}
	})
}
