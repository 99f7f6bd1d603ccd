package campus

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"qiao/internal/booking"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

func claim(holder, resource string, from, to time.Time) booking.Claim {
	return booking.Claim{Holder: holder, Kind: booking.HeldByOrder, Resource: resource, Span: booking.Span{From: from, To: to}}
}

// What happens here is told there, in order for each instrument, once, however often it has to be tried.
func TestTellingThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, decidesHere())
		ctx := t.Context()
		w.fake.Fail(true, false, 0)
		w.ok(w.place("o1", "sem", at(0, 9), at(0, 11)))
		w.release("o1")
		w.ok(w.place("o2", "sem", at(0, 9), at(0, 10)))
		w.ok(w.place("o3", "nmr", at(0, 9), at(0, 10)))
		w.ok(d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return w.s.Finished(ctx, tx, "sem", "o2", 55) }))
		for range 3 {
			w.ok(w.s.Deliver(ctx))
			w.now.Advance(10 * time.Second)
		}
		w.fake.Fail(false, true, 0) // they take it, and their answer is lost: it comes again with the same id
		w.ok(w.s.Deliver(ctx))
		w.now.Advance(time.Minute)
		w.fake.Fail(false, false, 0)
		for range 3 {
			w.ok(w.s.Deliver(ctx))
			w.now.Advance(time.Minute)
		}
		got := ""
		for _, e := range w.fake.Events() {
			if e.Instrument == "C-sem" {
				got += fmt.Sprintf("%d %s %s %d;", e.Number, e.Type, e.Key, e.Minutes)
			}
		}
		w.want("told", got, "1 taken o1 0;2 freed o1 0;3 taken o2 0;4 finished o2 55;")
		w.want("there", w.there("C-sem"), "ours 23.09-10;")
		w.site.Page("li", "/desk/campus/"+w.link.ID, 200, "已送达")

		// They do not know our signature any more: no use in trying on, until somebody presses again.
		w.fake.Use(w.link.ID, "another")
		w.release("o2")
		w.ok(w.s.Deliver(ctx))
		list, err := deliveries(ctx, d, w.link.ID, 1)
		w.ok(err)
		if list[0].State != Failed || list[0].Status != 401 {
			t.Fatalf("%+v", list[0])
		}
		w.site.Page("li", "/desk/campus/"+w.link.ID, 200, "没有送到", "对方不认本平台的签名")
		l, err := getLink(ctx, d, w.link.ID)
		w.ok(err)
		w.fake.Use(l.ID, l.Secret)
		w.site.Post("li", "/desk/campus/"+l.ID+"/deliveries", 303, "delivery", list[0].ID)
		w.site.Post("li", "/desk/campus/"+l.ID+"/deliveries", 404, "delivery", "none")
		w.ok(w.s.Deliver(ctx))
		w.want("there", w.there("C-sem"), "")
		w.sound()
	})
}

func TestPauses(t *testing.T) {
	total := time.Duration(0)
	for n := int64(1); n < maxTries; n++ {
		p := pauseAfter(n)
		if p < firstPause || p > longestPause || n > 1 && p < pauseAfter(n-1) {
			t.Fatalf("%d: %v", n, p)
		}
		total += p
	}
	if total < 20*time.Hour || total > 30*time.Hour {
		t.Errorf("given up after %v", total)
	}
}

// Their list is fetched where they do not push: a slot taken there disappears here with the next fetch, at most a minute later.
func TestFetchingTheirList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		req := decidesThere(SilentRefuse)
		req.Poll = 60
		w := newWorld(t, d, req)
		ctx := t.Context()
		w.ok(w.s.Fetch(ctx))
		w.ok(w.place("o1", "sem", at(0, 9), at(0, 11)))
		local, _ := w.fake.Book("C-sem", at(0, 13), at(0, 15))
		w.now.Advance(59 * time.Second)
		w.ok(w.s.Fetch(ctx))
		w.want("before a minute", w.here("sem"), "order 23.09-11;")
		w.now.Advance(2 * time.Second)
		w.ok(w.s.Fetch(ctx))
		w.want("after a minute", w.here("sem"), "order 23.09-11;external 23.13-15;")
		w.fake.Cancel(local.ID)
		w.now.Advance(time.Minute)
		w.ok(w.s.Fetch(ctx))
		w.want("given back", w.here("sem"), "order 23.09-11;")
		w.fake.Fail(true, false, 0)
		for range 12 {
			w.now.Advance(time.Minute)
			w.ok(w.s.Fetch(ctx))
		}
		tasks, err := w.s.Tasks(ctx, li())
		if err != nil || len(tasks) != 1 || !strings.Contains(tasks[0].Title, "设备处") {
			t.Fatalf("%+v %v", tasks, err)
		}
		w.sound()
	})
}

// What is taken on campus, at whatever moment, is taken here within a minute, though they only answer when they are asked; what
// is booked here is told there with the courier's next round. The jobs run as often as the program runs them.
func TestWithinAMinute(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		req := decidesHere()
		req.Poll = usualPoll
		w := newWorld(t, d, req)
		w.ok(w.s.Fetch(t.Context()))
		for i, moment := range []time.Duration{0, time.Second, 14 * time.Second, 29 * time.Second} {
			w.now.Advance(moment)
			w.fake.Book("C-sem", at(i, 13), at(i, 15))
			for waited := time.Duration(0); ; waited += 5 * time.Second {
				w.ok(w.s.Fetch(t.Context()))
				if strings.Contains(w.here("sem"), fmt.Sprintf("external %d.13-15;", 23+i)) {
					break
				}
				if waited > time.Minute-pollLimit { // which is how long they may take to answer
					t.Fatalf("%v after it was taken there: %s", waited, w.here("sem"))
				}
				w.now.Advance(5 * time.Second)
			}
		}
		w.ok(w.place("o1", "nmr", at(0, 9), at(0, 11)))
		w.now.Advance(time.Second)
		w.ok(w.s.Deliver(t.Context()))
		w.want("there", w.there("C-nmr"), "ours 23.09-11;")
		w.sound()
	})
}

// A calendar file: fetched by its tag, repeated events one by one, what is gone is given back, what cannot be read is told.
func TestCalendarFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, Request{Name: "实验室日历", Kind: KindICS, Silent: SilentRefuse, Poll: 60})
		ctx := t.Context()
		var body atomic.Value
		var full, unchanged atomic.Int64
		event := func(uid, rest string) string {
			return "BEGIN:VEVENT\r\nUID:" + uid + "\r\n" + rest + "\r\nEND:VEVENT\r\n"
		}
		set := func(events ...string) {
			body.Store("BEGIN:VCALENDAR\r\n" + strings.Join(events, "") + "END:VCALENDAR\r\n")
		}
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			text, _ := body.Load().(string)
			tag := fmt.Sprintf(`"%x"`, len(text))
			if r.Header.Get("If-None-Match") == tag {
				unchanged.Add(1)
				rw.WriteHeader(http.StatusNotModified)
				return
			}
			full.Add(1)
			rw.Header().Set("ETag", tag)
			_, _ = rw.Write([]byte(text)) // to a test
		}))
		t.Cleanup(server.Close)
		set(event("a", "DTSTART;TZID=Asia/Shanghai:20261123T090000\r\nDURATION:PT2H\r\nRRULE:FREQ=WEEKLY;COUNT=2"), event("b", "DTSTART:20261124T010000Z\r\nDURATION:PT1H"))
		if body := w.site.Post("li", "/desk/campus/"+w.link.ID+"/instruments", 422, "resource", "sem", "theirs", "file:///etc/passwd"); !strings.Contains(body, "file:///etc/passwd") {
			t.Error("what was typed is lost")
		}
		w.ok(w.s.Join(ctx, li(), w.link.ID, "sem", server.URL+"/sem.ics"))
		fetch := func() {
			t.Helper()
			w.now.Advance(time.Minute)
			w.ok(w.s.Fetch(ctx))
		}
		fetch()
		w.want("here", w.here("sem"), "external 23.09-11;external 24.09-10;external 30.09-11;")
		fetch()
		if full.Load() != 1 || unchanged.Load() != 1 {
			t.Errorf("%d whole, %d unchanged", full.Load(), unchanged.Load())
		}
		if w.place("o1", "sem", at(0, 10), at(0, 11)) == nil {
			t.Error("a time taken in their file was booked")
		}
		set(event("a", "DTSTART;TZID=Asia/Shanghai:20261123T100000\r\nDURATION:PT2H"), event("c", "DTSTART:20261125T010000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=HOURLY"))
		fetch()
		w.want("changed", w.here("sem"), "external 23.10-12;")
		w.site.Page("li", "/desk/campus/"+w.link.ID, 200, "有 1 项读不懂")
		body.Store("<html>sign in</html>")
		fetch()
		w.want("a page instead of a file takes nothing away", w.here("sem"), "external 23.10-12;")
		w.site.Page("li", "/desk/campus/"+w.link.ID, 200, "读不懂")
		for range 9 {
			fetch()
		}
		if err := w.place("o2", "sem", at(1, 10), at(1, 11)); err == nil || !strings.Contains(err.Error(), "campus-silent") {
			t.Errorf("booked by a file that is out of date: %v", err)
		}
		w.ok(w.s.Part(ctx, li(), w.link.ID, "sem"))
		w.want("parted", w.here("sem"), "")
		w.ok(w.place("o2", "sem", at(1, 10), at(1, 11)))
		w.sound()
	})
}

// Finished records: once each, whatever comes how often; invented ones are refused; the sums are those of the records.
func TestFinishedRecords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, decidesThere(SilentRefuse))
		w.ok(w.place("o1", "sem", at(-3, 10), at(-3, 12)))
		w.now.Advance(10 * time.Hour)
		key := w.fake.Entries()[0].Key
		run := func(id string, version int64, from, to time.Time, more map[string]any) map[string]any {
			out := map[string]any{"id": id, "version": version, "instrument": "C-sem", "start": from, "end": to}
			for k, v := range more {
				out[k] = v
			}
			return out
		}
		send := func(want string, items ...map[string]any) {
			t.Helper()
			var out struct {
				Items []struct{ Result, Code string }
			}
			status, err := w.fake.Call(t.Context(), "POST", "/usage", map[string]any{"items": items}, &out)
			w.ok(err)
			got := ""
			for _, a := range out.Items {
				got += a.Result + " "
			}
			if status != 200 || strings.TrimSpace(got) != want {
				t.Errorf("%d %s, want %s (%+v)", status, got, want, out)
			}
		}
		own := run("u1", 1, at(-3, 10), at(-3, 12), map[string]any{"key": key, "minutes": 110})
		in := run("u2", 1, at(-3, 13), at(-3, 14), map[string]any{"inner": true})
		send("taken taken unchanged unchanged", own, in, in, own)
		send("refused", run("u3", 1, at(-3, 15), at(-3, 16), map[string]any{"key": "invented"}))
		send("refused refused refused refused", run("u4", 1, at(5, 9), at(5, 10), nil), run("u4", 1, at(-3, 10), at(-3, 9), nil), run("u4", 1, at(-3, 9), at(-3, 10), map[string]any{"minutes": 61 + 60}), run("u2", 1, at(-3, 13), at(-3, 15), nil))
		send("taken stale", run("u2", 3, at(-3, 13), at(-3, 15), nil), run("u2", 2, at(-3, 13), at(-3, 17), nil))
		hours, err := w.s.HoursOf(t.Context(), d, w.link.ID, "2026-11-01", "2026-11-30")
		if err != nil || len(hours) != 1 || hours[0] != (Hours{Resource: "sem", Records: 2, Outer: 120, Ours: 110}) {
			t.Errorf("%+v %v", hours, err)
		}
		w.site.Page("li", "/desk/campus/"+w.link.ID, 200, "本月校内机时", "2.0")
	})
}

// The pages: who may, what is wrong is named, nothing typed is lost, the secret is shown once.
func TestPages(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), decidesHere())
	s := w.site
	s.Page("li", "/desk/campus", 200, "设备处", "以本平台为准")
	s.Page("other", "/desk/campus", 200, "还没有连接")
	s.Page("other", "/desk/campus/"+w.link.ID, 403)
	s.Page("", "/desk/campus", 303)
	s.Page("li", "/desk/campus/new", 200)
	if body := s.Post("li", "/desk/campus", 422, "name", "", "kind", "api", "address", "ftp://x", "direction", "both", "judge", "there", "silent", "refuse", "poll", "5"); !strings.Contains(body, "ftp://x") || !strings.Contains(body, "请给连接起个名字") {
		t.Error("what was typed is lost, or the mistake is not named")
	}
	body := s.Post("li", "/desk/campus", 200, "name", "第二个", "kind", "api", "address", w.url+"/", "direction", "both", "judge", "there", "silent", "refuse", "poll", "60")
	secret := regexp.MustCompile(`<code class="mono secret">([A-Z2-7]{26})</code>`).FindStringSubmatch(body)
	if secret == nil {
		t.Fatal("the secret is not shown")
	}
	links, err := w.s.Connections(t.Context(), li())
	w.ok(err)
	second := "/desk/campus/" + links[1].ID
	if strings.Contains(s.Page("li", second, 200, w.url), secret[1]) {
		t.Error("the secret is shown again")
	}
	w.fake.Use(links[1].ID, secret[1])
	if body := s.Post("li", second+"/test", 200); !strings.Contains(body, "测试成功") {
		t.Error("the test does not tell how it went")
	}
	w.fake.Fail(true, false, 0)
	if body := s.Post("li", second+"/test", 200); !strings.Contains(body, "测试没有成功") {
		t.Error("the test does not tell how it went")
	}
	s.Post("li", second+"/instruments", 422, "resource", "sem", "theirs", "C-9") // it is matched in the first
	s.Post("li", second+"/state", 303, "do", "pause")
	s.Post("li", second+"/state", 409, "do", "pause")
	s.Post("li", second+"/state", 303, "do", "resume")
	s.Post("li", second+"/secret", 200)
	s.Post("other", second+"/state", 403, "do", "end")
	s.Post("li", second, 422, "name", "x", "address", "", "direction", "both", "judge", "there", "silent", "refuse", "poll", "0")
	s.Post("li", second, 303, "name", "改名", "address", w.url, "direction", "both", "judge", "here", "silent", "book", "poll", "0")
	s.Post("li", second+"/state", 303, "do", "end")
	s.Send("li", "GET", "/api/v1/campus-connections", "", "", 200)
	s.Send("li", "POST", "/api/v1/campus-connections", "application/json", `{"name":"三","kind":"api","direction":"in"}`, 201)
}

// The examples of docs/campus.md are true: the signature that it shows is the one that we make.
func TestTheExampleOfTheSignature(t *testing.T) {
	doc, err := os.ReadFile("../../docs/campus.md")
	if err != nil {
		t.Fatal(err)
	}
	body := regexp.MustCompile("(?s)<!-- body -->\n```json\n(.*?)\n```").FindSubmatch(doc)
	want := regexp.MustCompile(`Campus-Signature: (v1=[0-9a-f]{64})`).FindSubmatch(doc)
	if body == nil || want == nil {
		t.Fatal("the example is not there")
	}
	if got := Sign("EXAMPLESECRETEXAMPLESECRET", 1795410000, "POST", "/api/v1/campus/busy", body[1]); got != string(want[1]) {
		t.Errorf("the page says %s, it is %s", want[1], got)
	}
	for _, st := range ClaimTable().States() {
		if !strings.Contains(string(doc), "`"+st+"`") {
			t.Errorf("the page does not tell of the state %s", st)
		}
	}
}
