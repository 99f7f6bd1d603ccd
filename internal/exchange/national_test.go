package exchange

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/fault"
)

// platform is a fake national platform: each request is answered by the next of its answers, the last again and again.
type platform struct {
	*httptest.Server
	answers []func(records []map[string]any) (int, string)
	asked   [][]map[string]any
	codes   []string
	tokens  []string
}

func newPlatform(t *testing.T, answers ...func([]map[string]any) (int, string)) *platform {
	t.Helper()
	p := &platform{answers: answers}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var records []map[string]any
		if err := json.Unmarshal([]byte(r.PostFormValue("instruData")), &records); err != nil {
			t.Errorf("instruData: %v", err)
		}
		answer := p.answers[min(len(p.asked), len(p.answers)-1)]
		p.asked, p.codes, p.tokens = append(p.asked, records), append(p.codes, r.PostFormValue("insCode")), append(p.tokens, r.Header.Get("Authorization"))
		status, body := answer(records)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // the test server's own writer
	}))
	t.Cleanup(p.Close)
	return p
}

func always(status int, body string) func([]map[string]any) (int, string) {
	return func([]map[string]any) (int, string) { return status, body }
}

// accepting takes every record whose number is not among the refused.
func accepting(refused ...string) func([]map[string]any) (int, string) {
	return func(records []map[string]any) (int, string) {
		var lines []map[string]any
		for _, r := range records {
			line := map[string]any{"innerId": r["innerId"], "status": "accepted"}
			for _, x := range refused {
				if r["innerId"] == x {
					line = map[string]any{"innerId": x, "status": "refused", "reason": "分类与名称不符", "errors": []any{map[string]any{"field": "instrCategory", "reason": "应为 010102"}}}
				}
			}
			lines = append(lines, line)
		}
		b, err := json.Marshal(map[string]any{"success": true, "data": lines})
		if err != nil {
			return 500, err.Error()
		}
		return 200, string(b)
	}
}

// reportable is an instrument that lacks nothing for the national platform.
func reportable(id string) catalogue.Incoming {
	return thing("instrument", id, "class", "010101", "acquired_by", "购置", "customs", false, "worth", int64(100_000_000), "nation", "中国", "maker", "示例", "commissioned", "2020-01-01", "instrument_type", "通用", "model", "M", "technical", "t", "function", "f",
		"subjects", []string{"物理学"}, "content", "c", "condition", "正常", "requirement", "r", "fee", "f", "province", "浙江省", "city", "嘉兴市", "county", "南湖区", "street", "s", "contact", "某人", "phone", "1", "email", "a@example.com", "address", "a", "postcode", "314000", "share_mode", "外部共享")
}

// lab is an owner with n instruments in the queue, on a node that posts to p.
func (n *node) lab(p *platform, count int) (identity.Subject, []catalogue.Outcome) {
	n.t.Helper()
	org := n.org("示例·南湖检测研究院", "330402")
	sub := identity.Subject{Person: "p", Membership: "m", Org: org, OrgStatus: identity.StatusVerified, Role: "admin", Region: "330402", Capacities: []string{"provider"}}
	var list []catalogue.Incoming
	for i := range count {
		list = append(list, reportable(fmt.Sprintf("W-%d", i)))
	}
	out := n.put(org, list...)
	if got, err := n.Queue(n.t.Context(), sub); err != nil || got != count {
		n.t.Fatalf("%d queued %v", got, err)
	}
	n.National, n.Client = National{Address: p.URL, Token: "s3cret"}, p.Client()
	return sub, out
}

// stand is where an owner's instruments stand, by their number, and the newest sending.
func (n *node) stand(sub identity.Subject) (map[string]Standing, Push) {
	n.t.Helper()
	list, err := n.Standings(n.t.Context(), sub)
	if err != nil {
		n.t.Fatal(err)
	}
	out := map[string]Standing{}
	for _, s := range list {
		out[s.SourceID] = s
	}
	pushes, err := listPushes(n.t.Context(), n.DB, sub.Org, 1)
	if err != nil || len(pushes) != 1 {
		n.t.Fatalf("%v %v", pushes, err)
	}
	return out, pushes[0]
}

func (n *node) posting(wait time.Duration) {
	n.t.Helper()
	n.clock.Advance(wait)
	if err := n.PostDue(n.t.Context()); err != nil {
		n.t.Fatal(err)
	}
}

func TestRecordsAreSentAndAnsweredOneByOne(t *testing.T) {
	eachNode(t, func(t *testing.T, n *node) {
		p := newPlatform(t, accepting("W-1"))
		sub, _ := n.lab(p, 120)
		if _, err := n.Post(t.Context(), sub, " "); !fault.Is(err, "code-invalid") {
			t.Errorf("without a code: %v", err)
		}
		if _, err := n.Post(t.Context(), sub, "INS-1"); err != nil {
			t.Fatal(err)
		}
		if at, _ := n.stand(sub); at["W-1"].State != ReportLocked || at["W-1"].Answer.State != RecordWaiting {
			t.Errorf("before it is sent: %+v", at["W-1"].Report)
		}
		if _, err := n.Post(t.Context(), sub, "INS-1"); !fault.Is(err, "nothing-queued") {
			t.Errorf("sent twice: %v", err)
		}
		n.posting(0)
		if len(p.asked) != 3 || len(p.asked[0]) != 50 || p.codes[0] != "INS-1" || p.tokens[0] != "Bearer s3cret" || p.asked[0][0]["auditStatus"] != 0.0 || p.asked[0][0]["contact"] != "某人" {
			t.Fatalf("%d requests %v", len(p.asked), p.codes)
		}
		at, push := n.stand(sub)
		if push.State != PushSent || push.Accepted != 119 || push.Rejected != 1 || push.SentAt.IsZero() || push.Failure != "" {
			t.Errorf("%+v", push)
		}
		if at["W-0"].State != ReportAccepted || at["W-1"].State != ReportRejected || at["W-1"].Reason != "分类与名称不符" || !strings.Contains(at["W-1"].Answer.Fields, "010102") {
			t.Errorf("%+v %+v", at["W-0"].Report, at["W-1"])
		}
		left, err := waitingRecords(t.Context(), n.DB, push.ID)
		if err != nil || len(left) != 0 {
			t.Errorf("%v %v", left, err)
		}
		n.posting(24 * time.Hour) // nothing more goes out
		if got, err := n.Queue(t.Context(), sub); len(p.asked) != 3 || err != nil || got != 1 {
			t.Errorf("%d requests, %d may be sent again %v", len(p.asked), got, err)
		}
	})
}

// Whatever the platform answers, no record is lost: it is answered, on its way, or back in the queue.
func TestTheNationalPlatformFails(t *testing.T) {
	partial := func(records []map[string]any) (int, string) {
		return accepting()(slices.DeleteFunc(slices.Clone(records), func(r map[string]any) bool { return r["innerId"] != "W-0" }))
	}
	for name, x := range map[string]struct {
		answer  func([]map[string]any) (int, string)
		failure string
		final   bool
	}{
		"broken":         {always(500, "stack trace"), "busy", false},
		"too many":       {always(429, ""), "busy", false},
		"wrong JSON":     {always(200, "<html>"), "unreadable", false},
		"another shape":  {always(200, `{"ok":1}`), "unreadable", false},
		"wrong types":    {always(200, `{"data":{"innerId":[1]}}`), "unreadable", false},
		"refused whole":  {always(200, `{"success":false,"message":"单位代码不存在"}`), "refused 单位代码不存在", true},
		"not allowed":    {always(401, `{"msg":"token expired"}`), "refused token expired", true},
		"a redirect":     {always(302, ""), "refused HTTP 302", true},
		"partly":         {partial, "partial", false},
		"unknown status": {always(200, `{"data":[{"innerId":"W-0","status":"perhaps"}]}`), "partial", false},
	} {
		t.Run(name, func(t *testing.T) {
			eachNode(t, func(t *testing.T, n *node) {
				p := newPlatform(t, x.answer)
				sub, _ := n.lab(p, 3)
				if _, err := n.Post(t.Context(), sub, "INS-1"); err != nil {
					t.Fatal(err)
				}
				n.posting(0)
				at, push := n.stand(sub)
				if push.Failure != x.failure || (push.State == PushFailed) != x.final || push.Attempts != 1 {
					t.Fatalf("%+v", push)
				}
				want := ReportLocked
				if x.final {
					want = ReportQueued
				}
				if at["W-2"].State != want {
					t.Errorf("%+v", at["W-2"].Report)
				}
				if x.final {
					if err := n.Again(t.Context(), sub, push.ID); !fault.Is(err, "push-ended") {
						t.Errorf("again: %v", err)
					}
					return
				}
				n.posting(0) // not due yet
				if len(p.asked) != 1 {
					t.Errorf("%d requests without a pause", len(p.asked))
				}
				p.answers = []func([]map[string]any) (int, string){accepting()}
				if err := n.Again(t.Context(), sub, push.ID); err != nil { // by hand: at once
					t.Fatal(err)
				}
				n.posting(0)
				if at, push = n.stand(sub); push.State != PushSent || push.Accepted != 3 || at["W-2"].State != ReportAccepted {
					t.Errorf("%+v %+v", push, at["W-2"].Report)
				}
			})
		})
	}
}

func TestASendingIsGivenUpAfterADay(t *testing.T) {
	eachNode(t, func(t *testing.T, n *node) {
		p := newPlatform(t, always(503, ""))
		sub, _ := n.lab(p, 2)
		if _, err := n.Post(t.Context(), sub, "INS-1"); err != nil {
			t.Fatal(err)
		}
		for range pushTries + 3 {
			n.posting(pushLonger)
		}
		at, push := n.stand(sub)
		if len(p.asked) != pushTries || push.State != PushFailed || at["W-0"].State != ReportQueued || at["W-1"].Push != push.ID {
			t.Fatalf("%d requests %+v %+v", len(p.asked), push, at["W-0"].Report)
		}
		p.Close() // nobody answers at all; the address and the token stand nowhere
		if _, err := n.Post(t.Context(), sub, "INS-1"); err != nil {
			t.Fatal(err)
		}
		n.posting(0)
		if _, push = n.stand(sub); push.Failure != "unreachable" || push.State != PushWaiting {
			t.Errorf("%+v", push)
		}
		other := sub
		other.Org = "somebody-else"
		if err := n.Again(t.Context(), other, push.ID); !fault.Is(err, "push-not-found") {
			t.Errorf("another organisation: %v", err)
		}
		n.National = National{}
		if _, err := n.Post(t.Context(), sub, "INS-1"); !fault.Is(err, "no-national") {
			t.Errorf("without an address: %v", err)
		}
	})
}

func TestPausesGrowAndEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 100).Draw(t, "n")
		if a, b := pauseAfter(n), pauseAfter(n+1); a < pushPause || a > b || b > pushLonger {
			t.Errorf("after %d: %v, then %v", n, a, b)
		}
	})
}

func FuzzReadVerdicts(f *testing.F) {
	f.Add([]byte(`{"success":true,"data":[{"innerId":"A","status":"refused","reason":"x","errors":[{"field":"cname","reason":"y"}]},{"innerId":"B","success":true}]}`))
	f.Add([]byte(`{"data":[{}]}`))
	f.Add([]byte("\xEF\xBB\xBF{\"success\":false}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		verdicts, err := readVerdicts(body)
		if err != nil && verdicts != nil {
			t.Error("verdicts beside an error")
		}
		for _, v := range verdicts {
			if v.state != RecordAccepted && v.state != RecordReceived && v.state != RecordRefused || len([]rune(v.reason)) > longestReason {
				t.Errorf("%+v", v)
			}
		}
	})
}
