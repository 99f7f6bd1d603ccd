package observe

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/identity"
	"qiao/internal/observe/relay"
	"qiao/internal/order"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// nine is 09:00 in the zone on a Saturday.
func nine() time.Time { return time.Date(2026, 11, 21, 1, 0, 0, 0, time.UTC) }

// weekdays is a calendar without holidays.
type weekdays struct{}

func (weekdays) Is(day string) (working, known bool) {
	at, err := time.Parse(clock.DateLayout, day)
	return err == nil && at.Weekday() != time.Saturday && at.Weekday() != time.Sunday, true
}

// Whatever is planned: sessions come in their order, each as long as was said, at its time of day, on a day of the plan that
// is neither left out nor free where only working days were meant; no such day is missing; leaving a day out takes its session
// and no other.
func TestSessionsOfASeries(t *testing.T) {
	working := func(day string) bool { is, _ := weekdays{}.Is(day); return is }
	rapid.Check(t, func(rt *rapid.T) {
		day := func(n int) string { return clock.Day(nine().AddDate(0, 0, n)) }
		length := rapid.IntRange(0, 60).Draw(rt, "days")
		p := Plan{First: day(0), Last: day(length), At: rapid.SampledFrom([]string{"00:00", "10:00", "23:59"}).Draw(rt, "at"), Minutes: rapid.Int64Range(5, 480).Draw(rt, "minutes"), Working: rapid.Bool().Draw(rt, "working")}
		skip := map[string]bool{}
		for _, n := range rapid.SliceOfN(rapid.IntRange(-5, 65), 0, 10).Draw(rt, "skip") {
			skip[day(n)] = true
			p.Skip += " " + day(n)
		}
		got := p.times(working)
		at := map[string]span{}
		last := time.Time{}
		for _, x := range got {
			d := clock.Day(x.from)
			if at[d] = x; x.to.Sub(x.from) != minutes(p.Minutes) || clock.Local(x.from).Format("15:04") != p.At || !x.from.After(last) || skip[d] || d < p.First || d > p.Last || p.Working && !working(d) {
				rt.Fatalf("%+v of %+v", x, p)
			}
			last = x.from
		}
		for n := range length + 1 {
			if d := day(n); at[d].from.IsZero() && !skip[d] && (!p.Working || working(d)) {
				rt.Fatalf("%s is missing", d)
			}
		}
		if len(got) > 0 {
			out := rapid.SampledFrom(got).Draw(rt, "one more left out")
			p.Skip += " " + clock.Day(out.from)
			if less := p.times(working); len(less) != len(got)-1 {
				rt.Fatalf("%d sessions, %d with a day less", len(got), len(less))
			}
		}
	})
}

// A session is in one state at each instant, moves forward only, and its door is open within its times only.
func TestTheDoorOpensAndCloses(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := Plan{Early: rapid.Int64Range(0, 60).Draw(rt, "early"), Late: rapid.Int64Range(0, 60).Draw(rt, "late")}
		x := p.session("s", span{nine(), nine().Add(minutes(rapid.Int64Range(1, 480).Draw(rt, "minutes")))})
		if n := rapid.IntRange(-100, 600).Draw(rt, "ended"); n > 0 {
			x.Ended = db.NullAt(nine().Add(minutes(int64(n))))
		}
		order := map[string]int{Waiting: 0, Open: 1, Over: 2}
		before := 0
		for m := int64(-90); m < 600; m += 7 {
			now := nine().Add(minutes(m))
			y := x
			if y.Ended.After(now) {
				y.Ended = db.NullTime{}
			}
			st := y.State(now)
			if order[st] < before || (st == Open) != (y.enter(now) == nil) || st == Open && (now.Before(x.Opens.Time) || !now.Before(x.Closes.Time)) {
				rt.Fatalf("%s at minute %d of %+v", st, m, y)
			}
			before = order[st]
		}
	})
}

func TestOffers(t *testing.T) {
	rule := Rule{Longest: 480, Days: 366, Sessions: 200}
	good := Offer{First: "2026-11-21", Last: "2027-01-02", At: "10:00", Minutes: 20, Working: true, Skip: "2026/12/8，2026-12-09", Early: 10, Late: 10, Link: "https://meeting.example.cn/j/1?pwd=x"}
	for field, spoil := range map[string]func(*Offer){
		"":        func(*Offer) {},
		"first":   func(o *Offer) { o.First = "2026-11-20" },
		"last":    func(o *Offer) { o.Last = "2026-11-20" },
		"at":      func(o *Offer) { o.At = "25:00" },
		"minutes": func(o *Offer) { o.Minutes = 481 },
		"skip":    func(o *Offer) { o.Skip = "12月8日" },
		"early":   func(o *Offer) { o.Early = 61 },
		"late":    func(o *Offer) { o.Late = -1 },
		"link":    func(o *Offer) { o.Link = "http://meeting.example.cn/" },
		"note":    func(o *Offer) { o.Note = strings.Repeat("字", 1001) },
	} {
		o := good
		spoil(&o)
		err := o.check(rule, "2026-11-21", func(day string) bool { is, _ := weekdays{}.Is(day); return is })
		if f := fault.Of(err); (err == nil) != (field == "") || err != nil && (len(f.Fields) != 1 || f.Fields[0].Name != field) {
			t.Errorf("%q: %v", field, err)
		}
	}
	for _, o := range []Offer{{First: "2026-11-21", Last: "2026-11-22", At: "10:00", Minutes: 20, Working: true}, {First: "2026-11-21", Last: "2027-11-21", At: "10:00", Minutes: 20}, {First: "2026-11-21", Last: "2028-11-21", At: "10:00", Minutes: 20}} {
		if err := o.check(rule, "2026-11-21", func(string) bool { return !o.Working }); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
	for _, bad := range []string{"javascript:alert(1)", "https://", "https://u:p@meeting.example.cn/", "https://localhost/x", "//meeting.example.cn", "https://meeting.example.cn/ x", "https://meeting.example.cn/" + strings.Repeat("x", 500)} {
		if linkFault(bad) == "" {
			t.Errorf("%q was taken", bad)
		}
	}
}

// FuzzOffer: whatever is typed, an offer is refused with a field named, or its sessions are within its days and its link leads
// to another site over TLS.
func FuzzOffer(f *testing.F) {
	f.Add("2026-11-21", "2026-12-21", "10:00", "2026-12-08 2026/12/9", "https://meeting.example.cn/j/1", int64(20))
	f.Add("", "9999-99-99", "24:00", ",；、", "https://a.b@c", int64(-1))
	f.Fuzz(func(t *testing.T, first, last, at, skip, link string, n int64) {
		o := Offer{First: first, Last: last, At: at, Skip: skip, Link: link, Minutes: n}
		rule := Rule{Longest: 480, Days: 366, Sessions: 200}
		if err := o.check(rule, "2026-11-21", func(string) bool { return true }); err != nil {
			if len(fault.Of(err).Fields) == 0 {
				t.Fatalf("refused without saying where: %v", err)
			}
			return
		}
		list := Plan{First: o.First, Last: o.Last, At: o.At, Minutes: o.Minutes, Skip: o.Skip}.times(func(string) bool { return true })
		if len(list) == 0 || len(list) > rule.Sessions || clock.Day(list[0].from) < o.First || clock.Day(list[len(list)-1].from) > o.Last {
			t.Fatalf("%d sessions of %+v", len(list), o)
		}
		if o.Link != "" && !strings.HasPrefix(strings.ToLower(o.Link), "https://") {
			t.Fatalf("a link %q", o.Link)
		}
	})
}

// bench is orders and people as observe sees them.
type bench struct {
	o    order.Order
	gone string // belongs to no organisation any more
}

func (b *bench) Get(context.Context, identity.Subject, string) (order.Detail, error) {
	return order.Detail{Order: b.o}, nil
}
func (b *bench) Read(context.Context, db.Q, string) (order.Order, []order.Run, error) {
	return b.o, nil, nil
}
func (b *bench) Organisations(context.Context, db.Q, []string) (map[string]identity.Organisation, error) {
	return nil, nil
}
func (b *bench) Names(context.Context, db.Q, []string) (map[string]string, error) { return nil, nil }
func (b *bench) As(_ context.Context, login string) (identity.Subject, error) {
	if login == "guest@x.cn" {
		return someone("guest", "college"), nil
	}
	return identity.Subject{}, fault.New(fault.NotFound, "login-not-found", "")
}
func (b *bench) Memberships(_ context.Context, _ db.Q, person string) ([]identity.Membership, error) {
	if person == b.gone {
		return nil, nil
	}
	return []identity.Membership{{Person: person, Organisation: map[string]string{"guest": "college", "li": "lab", "wang": "firm"}[person]}}, nil
}

func someone(person, org string) identity.Subject {
	return identity.Subject{Person: person, Membership: "m", Org: org, OrgStatus: identity.StatusVerified, Role: "admin", Region: "330402", Capacities: []string{"enterprise", "provider"}}
}

// world is a service over a database with one order: the firm's at the lab.
type world struct {
	*Service
	now                    *clock.Fake
	bench                  *bench
	li, wang, guest, other identity.Subject
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{now: clock.NewFake(nine()), li: someone("li", "lab"), wang: someone("wang", "firm"), guest: someone("guest", "college"), other: someone("zhao", "rival")}
	w.bench = &bench{o: order.Order{ID: "o1", Number: "DD3304-20261121-0007", Kind: order.KindBooking, State: order.StateAccepted, Buyer: "firm", Provider: "lab", Region: "330402", ResourceZH: "老化箱", Start: db.NullAt(nine().Add(time.Hour)), End: db.NullAt(nine().Add(3 * time.Hour))}}
	w.Service, err = New(Deps{DB: d, Clock: w.now, Policy: policy, Orders: w.bench, People: w.bench, Calendar: weekdays{}, Blobs: files, Live: relay.New(relay.Options{Listen: "127.0.0.1:0", Rooms: 2, Viewers: 5})})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Service.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// agreed is a plan of the lab that the firm agreed to, with its sessions.
func (w *world) agreed(t *testing.T, o Offer) (Plan, []Session) {
	t.Helper()
	p, err := w.Offer(t.Context(), w.li, "o1", o, "")
	if err != nil {
		t.Fatal(err)
	}
	if p, err = w.Do(t.Context(), w.wang, p.ID, VerbAgree, ""); err != nil {
		t.Fatal(err)
	}
	c, err := w.Of(t.Context(), w.wang, w.bench.o)
	if err != nil {
		t.Fatal(err)
	}
	var out []Session
	for _, x := range c.Sessions {
		if x.Plan == p.ID {
			out = append(out, x)
		}
	}
	return p, out
}

func daily() Offer {
	return Offer{First: "2026-11-21", Last: "2026-12-04", At: "10:00", Minutes: 20, Working: true, Skip: "2026-11-25", Early: 10, Late: 10, Link: "https://meeting.example.cn/j/1"}
}

func (w *world) whole(t *testing.T) {
	t.Helper()
	found, err := w.Verify(t.Context(), w.DB)
	if err != nil || len(found) > 0 {
		t.Errorf("verify: %+v %v", found, err)
	}
}

// A plan is offered by one side and agreed to by the other; only then are there sessions, on the days that were meant.
func TestAPlanIsAgreedTo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		if _, err := w.Offer(ctx, w.wang, "o1", daily(), ""); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("offered by the buyer: %v", err)
		}
		p, err := w.Offer(ctx, w.li, "o1", daily(), "key")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := w.Offer(ctx, w.li, "o1", daily(), "key"); err != nil || again.ID != p.ID {
			t.Errorf("the same request again: %v %v", again.ID, err)
		}
		if c, err := w.Of(ctx, w.wang, w.bench.o); err != nil || len(c.Plans) != 1 || len(c.Sessions) != 0 {
			t.Errorf("before the answer: %+v %v", c, err)
		}
		for _, c := range []struct {
			by         identity.Subject
			verb, code string
		}{{w.li, VerbAgree, ""}, {w.other, VerbAgree, ""}, {w.wang, VerbWithdraw, ""}, {w.wang, VerbDecline, "observe-reason"}, {w.wang, VerbEnd, "observe-reason"}} {
			if _, err := w.Do(ctx, c.by, p.ID, c.verb, ""); err == nil || c.code != "" && !fault.Is(err, c.code) || c.code == "" && fault.Of(err).Kind != fault.Forbidden {
				t.Errorf("%s by %s: %v", c.verb, c.by.Person, err)
			}
		}
		if _, err := w.Do(ctx, w.wang, p.ID, VerbAgree, ""); err != nil {
			t.Fatal(err)
		}
		c, err := w.Of(ctx, w.wang, w.bench.o)
		if err != nil || len(c.Sessions) != 9 {
			t.Fatalf("%d sessions of ten working days, one left out: %v", len(c.Sessions), err)
		}
		if _, err := w.Do(ctx, w.wang, p.ID, VerbAgree, ""); !fault.Is(err, "state-conflict") {
			t.Errorf("agreed twice: %v", err)
		}
		if _, err := w.Of(ctx, w.other, w.bench.o); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("read by a stranger: %v", err)
		}
		if err := w.Cancel(ctx, w.wang, c.Sessions[0].ID, "出差"); err != nil {
			t.Fatal(err)
		}
		w.now.Set(c.Sessions[1].Starts.Time)
		if _, err := w.Do(ctx, w.li, p.ID, VerbEnd, "箱子要检修"); err != nil {
			t.Fatal(err)
		}
		if c, err = w.Of(ctx, w.wang, w.bench.o); err != nil || len(c.next(w.now.Now(), 99)) != 0 || c.Sessions[0].Reason != "出差" || c.Sessions[8].Reason != "箱子要检修" {
			t.Errorf("after its end: %+v %v", c.Sessions, err)
		}
		w.whole(t)
	})
}

// What is watched during a booking moves with it and ends with the order.
func TestASessionFollowsItsBooking(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		_, list := w.agreed(t, Offer{Booked: true, Early: 5, Late: 5})
		if len(list) != 1 || !list[0].Starts.Equal(w.bench.o.Start.Time) {
			t.Fatalf("%+v", list)
		}
		follow := func() Session {
			t.Helper()
			if err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return w.Follow(ctx, tx, "o1") }); err != nil {
				t.Fatal(err)
			}
			x, err := getSession(ctx, d, list[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		w.bench.o.Start, w.bench.o.End = db.NullAt(nine().Add(24*time.Hour)), db.NullAt(nine().Add(25*time.Hour))
		if x := follow(); !x.Starts.Equal(w.bench.o.Start.Time) || !x.Closes.Equal(nine().Add(25*time.Hour+5*time.Minute)) {
			t.Errorf("moved: %+v", x)
		}
		w.bench.o.State = order.StateCancelled
		if x := follow(); x.State(w.now.Now()) != Cancelled {
			t.Errorf("cancelled: %+v", x)
		}
		w.whole(t)
	})
}

func picture(t *testing.T, side int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	for i := range side {
		m.Set(i, i, color.White)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Notes and pictures are kept with their time while the door is open and after it, by the parties only; what is no picture is
// refused whatever it is called.
func TestNotes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		p, list := w.agreed(t, daily())
		x := list[0]
		if _, err := w.Write(ctx, w.wang, x.ID, "早了", nil, ""); !fault.Is(err, "observe-early") {
			t.Errorf("before the door opens: %v", err)
		}
		if _, err := w.Meeting(ctx, w.wang, x.ID); !fault.Is(err, "observe-early") {
			t.Errorf("the link before its time: %v", err)
		}
		w.now.Set(x.Opens.Time)
		good := picture(t, 64)
		n, err := w.Write(ctx, w.wang, x.ID, " 起泡了 ", bytes.NewReader(good), "k")
		if err != nil || n.Text != "起泡了" || n.Width != 64 || n.Picture == "" || n.Side != Buyer {
			t.Fatalf("%+v %v", n, err)
		}
		if _, err := w.Write(ctx, w.wang, x.ID, "起泡了", bytes.NewReader(good), "k"); err != nil {
			t.Errorf("the same request again: %v", err)
		}
		for what, bad := range map[string][]byte{"text": []byte("<svg/>"), "cut": good[:len(good)/2], "tiny": picture(t, 8), "png": []byte("\x89PNG\r\n\x1a\n")} {
			if _, err := w.Write(ctx, w.li, x.ID, "", bytes.NewReader(bad), ""); !fault.Is(err, "observe-picture") {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := w.Invite(ctx, w.wang, p.ID, "guest@x.cn"); err != nil {
			t.Fatal(err)
		}
		if err := w.Invite(ctx, w.wang, p.ID, "nobody@x.cn"); !fault.Is(err, "observe-guest") {
			t.Errorf("invited nobody: %v", err)
		}
		for by, refused := range map[*identity.Subject]bool{&w.guest: true, &w.other: true, &w.li: false} {
			if _, err := w.Write(ctx, *by, x.ID, "看到了", nil, ""); (err != nil) != refused {
				t.Errorf("written by %s: %v", by.Person, err)
			}
		}
		for by, refused := range map[*identity.Subject]bool{&w.guest: false, &w.other: true, &w.li: false, &w.wang: false} {
			if _, err := w.Enter(ctx, *by, x.ID); (err != nil) != refused {
				t.Errorf("entered by %s: %v", by.Person, err)
			}
		}
		if link, err := w.Meeting(ctx, w.guest, x.ID); err != nil || link != x.Link {
			t.Errorf("the link: %q %v", link, err)
		}
		if next, err := w.Upcoming(ctx, w.guest, 9); err != nil || len(next) != 9 {
			t.Errorf("%d sessions for the guest: %v", len(next), err)
		}
		if err := w.Uninvite(ctx, w.wang, p.ID, "guest"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Enter(ctx, w.guest, x.ID); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("no longer invited: %v", err)
		}
		w.now.Set(x.Closes.Time)
		if _, err := w.Meeting(ctx, w.wang, x.ID); !fault.Is(err, "observe-over") {
			t.Errorf("the link after its time: %v", err)
		}
		if _, err := w.Write(ctx, w.li, x.ID, "收尾", nil, ""); err != nil {
			t.Errorf("a note afterwards: %v", err)
		}
		r, err := w.Enter(ctx, w.wang, x.ID)
		if err != nil || len(r.Notes) != 3 || len(r.Visits) != 1 || r.State != Over {
			t.Errorf("%+v %v", r, err)
		}
		w.whole(t)
	})
}
