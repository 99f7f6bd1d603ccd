package observe

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"qiao/internal/identity"
	"qiao/internal/identity/identitytest"
	"qiao/internal/observe/relay"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// offer is what a browser sends that wants to receive (or, with dir, to send) a picture and sound.
func offer(t *testing.T, dir webrtc.RTPTransceiverDirection, kinds ...webrtc.RTPCodecType) string {
	t.Helper()
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.GracefulClose() })
	for _, kind := range kinds {
		if _, err := pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: dir}); err != nil {
			t.Fatal(err)
		}
	}
	o, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	return o.SDP
}

// Who may come in comes in, once the door is open; who may no longer be in is out a moment later: asked to leave, no longer
// invited, gone from the organisation, silent again, or because the session is over. Each coming and going is noted.
func TestTheDoorIsWatched(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		see, say := offer(t, webrtc.RTPTransceiverDirectionRecvonly, webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio), offer(t, webrtc.RTPTransceiverDirectionSendrecv, webrtc.RTPCodecTypeVideo)
		mouth := offer(t, webrtc.RTPTransceiverDirectionSendrecv, webrtc.RTPCodecTypeAudio)
		p, list := w.agreed(t, daily())
		x := list[0]
		if err := w.Invite(ctx, w.wang, p.ID, "guest@x.cn"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Join(ctx, w.wang, x.ID, PartWatch, see); !fault.Is(err, "observe-early") {
			t.Errorf("before the door opens: %v", err)
		}
		w.now.Set(x.Opens.Time)
		for _, c := range []struct {
			by    identity.Subject
			part  string
			offer string
			kind  fault.Kind
		}{{w.other, PartWatch, see, fault.Forbidden}, {w.wang, PartPublish, say, fault.Forbidden}, {w.guest, PartTalk, mouth, fault.Forbidden}, {w.wang, PartTalk, mouth, fault.Conflict}, {w.wang, PartWatch, "v=0", fault.Invalid}, {identity.Subject{}, PartWatch, see, fault.Unauthenticated}} {
			if _, _, err := w.Join(ctx, c.by, x.ID, c.part, c.offer); err == nil || fault.Of(err).Kind != c.kind {
				t.Errorf("%s as %s: %v", c.by.Person, c.part, err)
			}
		}
		in := func(by identity.Subject, part, offer string) string {
			t.Helper()
			conn, answer, err := w.Join(ctx, by, x.ID, part, offer)
			if err != nil || !strings.Contains(answer, "a=ice-lite") || !strings.Contains(answer, "a=candidate") {
				t.Fatalf("%s as %s: %v %s", by.Person, part, err, answer)
			}
			return conn
		}
		if err := w.Permit(ctx, w.li, x.ID, true); err != nil {
			t.Fatal(err)
		}
		in(w.li, PartPublish, say)
		in(w.guest, PartWatch, see)
		voice, mine := in(w.wang, PartTalk, mouth), in(w.wang, PartWatch, see)
		if err := w.Leave(w.guest, x.ID, mine); fault.Of(err).Kind != fault.NotFound {
			t.Errorf("another's connection: %v", err)
		}
		out := func(what, conn, why string) {
			t.Helper()
			if err := w.Enforce(ctx); err != nil {
				t.Fatal(err)
			}
			for end := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
				v, err := db.One[Visit](ctx, d, `SELECT `+visitColumns+` FROM observe_visit WHERE id = $1`, conn)
				if err == nil && !v.Left.IsZero() {
					if v.Why != why {
						t.Errorf("%s: %q", what, v.Why)
					}
					return
				}
				if time.Now().After(end) {
					t.Fatalf("%s: still in (%v)", what, err)
				}
			}
		}
		if err := w.Permit(ctx, w.li, x.ID, false); err != nil {
			t.Fatal(err)
		}
		out("silent again", voice, whyClosed)
		if err := w.Leave(w.wang, x.ID, mine); err != nil {
			t.Fatal(err)
		}
		out("left", mine, relay.Left)

		mine = in(w.wang, PartWatch, see)
		if err := w.Bar(ctx, w.wang, x.ID, "li", true); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("shown out by a watcher: %v", err)
		}
		if err := w.Bar(ctx, w.li, x.ID, "wang", true); err != nil {
			t.Fatal(err)
		}
		out("asked to leave", mine, whyRemoved)
		if _, _, err := w.Join(ctx, w.wang, x.ID, PartWatch, see); !fault.Is(err, "observe-barred") {
			t.Errorf("back at once: %v", err)
		}
		if err := w.Bar(ctx, w.li, x.ID, "wang", false); err != nil {
			t.Fatal(err)
		}
		mine = in(w.wang, PartWatch, see)
		guest := in(w.guest, PartWatch, see)
		if err := w.Uninvite(ctx, w.wang, p.ID, "guest"); err != nil {
			t.Fatal(err)
		}
		out("no longer invited", guest, whyRemoved)
		w.bench.gone = "wang"
		out("gone from the firm", mine, whyRemoved)
		w.bench.gone = ""
		mine = in(w.wang, PartWatch, see)
		w.now.Set(x.Closes.Time)
		out("over", mine, whyClosed)
		if n := len(w.Live.Conns()); n != 0 {
			t.Errorf("%d are still in", n)
		}
		if _, _, err := w.Join(ctx, w.wang, x.ID, PartWatch, see); !fault.Is(err, "observe-over") {
			t.Errorf("after the end: %v", err)
		}
		events, err := db.One[int64](ctx, d, `SELECT count(*) FROM outbox_event WHERE name = 'observe.live'`)
		if err != nil || events != 1 {
			t.Errorf("%d times told that it is live: %v", events, err)
		}
		w.whole(t)
	})
}

// A session that the laboratory ends early is over for everybody, and what a program that died left open is closed in the books.
func TestTheEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		_, list := w.agreed(t, daily())
		x := list[0]
		w.now.Set(x.Starts.Time)
		see := offer(t, webrtc.RTPTransceiverDirectionRecvonly, webrtc.RTPCodecTypeVideo)
		if _, _, err := w.Join(ctx, w.wang, x.ID, PartWatch, see); err != nil {
			t.Fatal(err)
		}
		if err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return insertVisit(ctx, tx, Visit{ID: "died", Session: x.ID, Part: PartWatch, Person: "wang", Org: "firm", Joined: x.Starts})
		}); err != nil {
			t.Fatal(err)
		}
		if err := w.Finish(ctx, w.wang, x.ID); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("ended by a watcher: %v", err)
		}
		if err := w.Finish(ctx, w.li, x.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.Service.Close(); err != nil {
			t.Fatal(err)
		}
		w.now.Set(x.Closes.Add(time.Hour))
		if err := w.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		visits, err := listVisits(ctx, d, x.ID)
		if err != nil || len(visits) != 2 {
			t.Fatalf("%+v %v", visits, err)
		}
		for _, v := range visits {
			if v.Left.IsZero() || v.Left.After(x.Closes.Time) {
				t.Errorf("%+v", v)
			}
		}
		w.whole(t)
	})
}

// The addresses of the live picture take SDP and nothing else, and say in words why they refuse.
func TestSignalling(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newWorld(t, d)
	_, list := w.agreed(t, daily())
	w.now.Set(list[0].Starts.Time)
	site := identitytest.New(t, identitytest.Deps{DB: d, Clock: w.now, Policy: w.Policy, English: English, People: map[string]identity.Subject{"li": w.li, "wang": w.wang, "zhao": w.other}}, w.Service)
	see := offer(t, webrtc.RTPTransceiverDirectionRecvonly, webrtc.RTPCodecTypeVideo)
	send := func(as, method, path, kind, body string) (int, http.Header, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, site.URL()+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-As", as)
		req.Header.Set("Content-Type", kind)
		res, err := (&http.Client{}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		answer, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, res.Header, string(answer)
	}
	room := "/desk/observe/" + list[0].ID
	for _, c := range []struct {
		as, path, kind, body string
		status               int
	}{
		{"", "/whep", "application/sdp", see, 401}, {"zhao", "/whep", "application/sdp", see, 403}, {"wang", "/whip", "application/sdp", see, 403}, {"wang", "/whep", "text/plain", see, 415},
		{"wang", "/whep", "application/sdp", "nonsense", 422}, {"wang", "/whep", "application/sdp", strings.Repeat("a", maxOffer+1), 413}, {"wang", "/talk", "application/sdp", see, 409},
	} {
		if status, _, answer := send(c.as, "POST", room+c.path, c.kind, c.body); status != c.status || !strings.Contains(answer, `"detail"`) {
			t.Errorf("%s %s: %d %s", c.as, c.path, status, answer)
		}
	}
	status, header, answer := send("wang", "POST", room+"/whep", "application/sdp", see)
	if status != 201 || header.Get("Content-Type") != "application/sdp" || !strings.HasPrefix(answer, "v=0") {
		t.Fatalf("%d %v %s", status, header, answer)
	}
	if status, _, _ := send("li", "DELETE", header.Get("Location"), "", ""); status != 404 {
		t.Errorf("ended by another: %d", status)
	}
	if status, _, _ := send("wang", "DELETE", header.Get("Location"), "", ""); status != 204 {
		t.Errorf("ended: %d", status)
	}
	for path, want := range map[string]string{"": "camera=(), microphone=()", "?talk=1": "camera=(), microphone=()"} {
		if status, header, _ := send("wang", "GET", room+path, "", ""); status != 200 || strings.Contains(header.Get("Permissions-Policy"), "(self)") {
			t.Errorf("%s: %d %v, wants %s", path, status, header, want)
		}
	}
	if status, header, _ := send("li", "GET", room+"/camera", "", ""); status != 200 || !strings.Contains(header.Get("Permissions-Policy"), "camera=(self)") {
		t.Errorf("the camera page: %d %v", status, header)
	}
	if status, _, _ := send("wang", "GET", room+"/camera", "", ""); status != 403 {
		t.Errorf("the camera page for a watcher: %d", status)
	}
}
