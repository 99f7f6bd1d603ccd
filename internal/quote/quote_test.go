package quote

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/platform/state"
)

// desk is orders as quote sees them: one commission that waits for a quote.
type desk struct {
	d    order.Detail
	sent []order.VerbRequest
}

func (k *desk) Get(context.Context, identity.Subject, string) (order.Detail, error) { return k.d, nil }

func (k *desk) Do(_ context.Context, _ identity.Subject, _, _ string, req order.VerbRequest) (order.Order, error) {
	k.sent = append(k.sent, req)
	return k.d.Order, nil
}

func (k *desk) Verbs(_ identity.Subject, o order.Order) []state.Step {
	return order.TableOf(o.Kind).Verbs(o.State, order.Provider)
}

func service(t *testing.T) (*Service, *desk) {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	k := &desk{d: order.Detail{
		Order: order.Order{ID: "o", Number: "DD1", Kind: order.KindCommission, State: order.StateRequested, Buyer: "firm", Provider: "lab", Purpose: "拉伸", Quantity: 3, Currency: money.CNY},
		Lines: []order.Line{{Position: 1, Kind: "use", Text: "常规", Unit: "sample", UnitAmount: 20_000, Count: 3, Per: 1, Amount: 60_000}, {Position: 2, Kind: "base", Text: "开机", Amount: 5_000, Per: 1}},
	}}
	return New(Deps{Clock: clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)), Policy: policy, Orders: k}), k
}

func provider() identity.Subject {
	return identity.Subject{Person: "li", Membership: "m", Org: "lab", OrgStatus: identity.StatusVerified, Role: "staff", Capacities: []string{"provider"}}
}

func send(t *testing.T, s *Service, values url.Values) (int, string) {
	t.Helper()
	method, h := http.MethodPost, s.submitBuilder
	if values == nil {
		method, h = http.MethodGet, s.showBuilder
	}
	r := httptest.NewRequestWithContext(identity.WithSubject(t.Context(), provider()), method, "/", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	if err := h(w, r); err != nil {
		t.Fatal(err)
	}
	return w.Code, w.Body.String()
}

// The builder starts from the price so far, adds, removes and counts without losing a letter, names mistakes by the line, and
// sends what it counted.
func TestBuilder(t *testing.T) {
	s, k := service(t)
	if code, page := send(t, s, nil); code != http.StatusOK || !strings.Contains(page, `value="常规"`) || !strings.Contains(page, "合计 ¥650") || !strings.Contains(page, `value="2026-12-05"`) {
		t.Errorf("%d, the page does not start from the price so far", code)
	}
	typed := url.Values{
		"text-0": {"拉伸试验"}, "kind-0": {"use"}, "amount-0": {"1２0.50"}, "unit-0": {"sample"}, "count-0": {"3"},
		"text-1": {"机时"}, "kind-1": {"use"}, "amount-1": {"abc"}, "unit-1": {"hour"}, "count-1": {"1.5"},
		"text-2": {""}, "kind-2": {"use"}, "amount-2": {""}, "unit-2": {"time"}, "count-2": {"1"},
		"text-3": {"首单"}, "kind-3": {"discount"}, "amount-3": {"5%"}, "unit-3": {"time"}, "count-3": {"1"},
		"valid_until": {"2026-12-01"}, "tax": {"不含税"}, "note": {"含制样"}, "do": {"add"},
	}
	code, page := send(t, s, typed)
	if code != http.StatusOK || !strings.Contains(page, `name="text-4"`) || !strings.Contains(page, `value="abc"`) || !strings.Contains(page, "含制样") {
		t.Errorf("adding a line: %d", code)
	}
	typed.Set("do", "remove-0")
	if code, page = send(t, s, typed); code != http.StatusOK || strings.Contains(page, "拉伸试验") || strings.Contains(page, `name="text-3"`) || !strings.Contains(page, `value="5%"`) {
		t.Errorf("removing a line: %d", code)
	}
	typed.Set("do", "send")
	if code, page = send(t, s, typed); code != http.StatusUnprocessableEntity || !strings.Contains(page, `value="abc"`) || !strings.Contains(page, "f-amount-1-error") || len(k.sent) != 0 {
		t.Errorf("a price that is none: %d, %d sent", code, len(k.sent))
	}
	typed.Set("amount-1", "300")
	typed.Set("do", "count")
	if code, page = send(t, s, typed); code != http.StatusOK || !strings.Contains(page, "合计 ¥770.92") { // 361.50 + 450 = 811.50, less 40.58
		t.Errorf("counting: %d", code)
	}
	typed.Set("do", "send")
	if code, _ = send(t, s, typed); code != http.StatusSeeOther || len(k.sent) != 1 || len(k.sent[0].Lines) != 3 || k.sent[0].Lines[1].Per != 2 || k.sent[0].Tax != "不含税" {
		t.Errorf("sending: %d, %+v", code, k.sent)
	}
}

// What stands in both versions is no change; what changed is named with both; nothing is counted twice.
func TestDiff(t *testing.T) {
	line := rapid.Custom(func(rt *rapid.T) order.Line {
		return order.Line{Kind: "use", Text: rapid.SampledFrom([]string{"甲", "乙", "丙"}).Draw(rt, "text"), Unit: "sample", UnitAmount: money.Fen(rapid.Int64Range(1, 3).Draw(rt, "price")), Count: 1, Per: 1}
	})
	rapid.Check(t, func(rt *rapid.T) {
		a, b := rapid.SliceOfN(line, 0, 6).Draw(rt, "a"), rapid.SliceOfN(line, 0, 6).Draw(rt, "b")
		if got := Diff(a, a); len(got) != 0 {
			rt.Fatalf("a version differs from itself: %+v", got)
		}
		added, gone := 0, 0
		for _, c := range Diff(a, b) {
			switch {
			case c.Before == nil:
				added++
			case c.After == nil:
				gone++
			case !differs(*c.Before, *c.After):
				rt.Fatalf("no change: %+v", c)
			}
		}
		if len(a)-gone+added != len(b) {
			rt.Fatalf("%d lines, %d gone, %d added, not %d", len(a), gone, added, len(b))
		}
	})
}

// How every version stands is told on its page, with what it changed.
func TestVersions(t *testing.T) {
	line := func(version int64, price money.Fen) order.Line {
		return order.Line{Version: version, Position: 1, Kind: "use", Text: "试验", Unit: "sample", UnitAmount: price, Count: 1, Per: 1, Amount: price}
	}
	d := order.Detail{
		Order: order.Order{State: order.StateQuoted}, Lines: []order.Line{line(1, 100), line(2, 90)},
		Quotes: []order.Quote{{Version: 1, Total: 100, ValidUntil: "2026-11-20"}, {Version: 2, Total: 90, ValidUntil: "2026-11-25"}},
	}
	for day, want := range map[string]string{"2026-11-25": "open", "2026-11-26": "lapsed"} {
		if got := versions(d, day); len(got) != 2 || got[0].Stand != want || got[1].Stand != "replaced" || len(got[0].Changes) != 1 || got[1].Before != nil {
			t.Errorf("%s: %+v", day, got)
		}
	}
	d.Order.State = order.StateAccepted
	if got := versions(d, "2027-01-01"); got[0].Stand != "accepted" {
		t.Errorf("%+v", got[0])
	}
}

// Whatever a form holds, lines are added, removed and read without an accident, and a quantity that can be read says itself.
func FuzzRead(f *testing.F) {
	f.Add("1.5", "120.50", "use", 0)
	f.Add("０．5", "5%", "discount", 3)
	f.Add("-1", "", "", 199)
	f.Fuzz(func(t *testing.T, count, amount, kind string, at int) {
		f := form.Of(map[string]string{"text-0": "x", "kind-0": kind, "amount-0": amount, "count-0": count, "text-3": "y"})
		remove(f, at)
		add(f)
		tidy(f)
		read(f)
		if num, per, ok := readCount(count); ok {
			a, b, again := readCount(sayCount(num, per))
			if !again || a != num || b != per {
				t.Errorf("%q is %d/%d, said %q", count, num, per, sayCount(num, per))
			}
		}
	})
}
