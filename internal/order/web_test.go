package order

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// access lets whoever the header X-Who names act.
type access struct {
	*world
	catalog *i18n.Catalog
}

func (a access) Require(actions ...string) error { return a.policy.Require(actions...) }

func (a access) May(ctx context.Context, action string) error {
	return a.policy.May(identity.SubjectOf(ctx), action)
}

func (access) SignedIn(ctx context.Context) string { return identity.SubjectOf(ctx).Person }

func (access) SignInPage(_ context.Context, back string) string {
	return "/sign-in?next=" + url.QueryEscape(back)
}

func (a access) Prepare(_ http.ResponseWriter, r *http.Request) (*http.Request, error) {
	who := map[string]func() identity.Subject{"firm": firm, "rival": rival, "lab": lab, "authority": authority}[r.Header.Get("X-Who")]
	ctx := r.Context()
	if who != nil {
		ctx = identity.WithSubject(ctx, who())
	}
	ctx = ui.With(ctx, &ui.Chrome{Now: a.clock.Now(), Request: "request-1", Path: r.URL.Path})
	return r.WithContext(i18n.With(ctx, i18n.Match(r.Header.Get("Accept-Language")), a.catalog)), nil
}

// site is the module served over HTTP.
type site struct {
	*world
	server *httptest.Server
	keys   int
}

func serve(t *testing.T, d *db.DB) *site {
	t.Helper()
	w := newWorld(t, d)
	s := web.NewServer(web.Options{
		DB: d, Clock: w.clock, Access: access{w, catalog(t)}, Log: slog.New(slog.DiscardHandler),
		ErrorPage: func(_ context.Context, e *fault.Error, _ string) templ.Component {
			return templ.ComponentFunc(func(_ context.Context, out io.Writer) error { _, err := io.WriteString(out, e.Text); return err })
		},
	})
	if err := s.Handle(append(w.Routes(), w.booking.Routes()...)...); err != nil {
		t.Fatal(err)
	}
	api := s.API("test", "1")
	w.API(api)
	w.booking.API(api)
	if err := api.Err(); err != nil {
		t.Fatal(err)
	}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &site{world: w, server: server}
}

// send makes a request as who; body nil is a GET.
func (s *site) send(who, path, contentType string, body io.Reader, header ...string) (*http.Response, string) {
	s.t.Helper()
	method := http.MethodPost
	if body == nil {
		method, body = http.MethodGet, http.NoBody
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.server.URL+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("X-Who", who)
	r.Header.Set("Content-Type", contentType)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := s.server.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res, string(text)
}

// page reads a page and wants this status.
func (s *site) page(who, path string, status int, header ...string) *goquery.Document {
	s.t.Helper()
	res, text := s.send(who, path, "", nil, header...)
	if res.StatusCode != status {
		s.t.Fatalf("GET %s as %s: %d\n%s", path, who, res.StatusCode, text)
	}
	return parsed(s.t, text)
}

// submit posts a form with a fresh request id.
func (s *site) submit(who, path string, values url.Values) (*http.Response, *goquery.Document) {
	s.t.Helper()
	s.keys++
	values.Set("request", "form-"+strconv.Itoa(s.keys))
	res, text := s.send(who, path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
	return res, parsed(s.t, text)
}

// call makes a JSON call, reads the answer into out and gives the status.
func (s *site) call(who, path string, body, out any) int {
	s.t.Helper()
	var reader io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		reader = strings.NewReader(string(b))
	}
	s.keys++
	res, text := s.send(who, path, "application/json", reader, "Idempotency-Key", "call-"+strconv.Itoa(s.keys))
	if out != nil {
		if err := json.Unmarshal([]byte(text), out); err != nil {
			s.t.Fatalf("%s: %v in %s", path, err, text)
		}
	}
	return res.StatusCode
}

func parsed(t testing.TB, html string) *goquery.Document {
	t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// slotAt is the value of an hour of the board.
func slotAt(day, hour int) string {
	return at(day, hour, 0).UTC().Format(time.RFC3339) + "/" + at(day, hour+1, 0).UTC().Format(time.RFC3339)
}

// A firm books by the pages: choose, check, submit; a rival who was slower is told and keeps what it typed.
func TestBookingByThePages(t *testing.T) {
	s := serve(t, dbtest.SQLite(t))
	page := s.page("firm", "/resources/sem/book", http.StatusOK)
	if n := page.Find(`.board input[name=slot]`).Length(); n < 30 {
		t.Fatalf("%d slots to choose from", n)
	}
	if page.Find(".board input[value='"+slotAt(0, 9)+"']").Length() != 1 || page.Find("input[name=line]").Length() != 2 {
		t.Error("the first slot or the price lines are missing")
	}
	choice := url.Values{"slot": {slotAt(1, 10), slotAt(1, 9)}, "line": {"hour"}, "quantity": {"1"}, "purpose": {"看断口"}}
	check := s.page("firm", "/resources/sem/book/check?"+choice.Encode(), http.StatusOK)
	if got := check.Find(".split-total .money").Text(); got != "¥600" {
		t.Errorf("total %q", got)
	}
	if got := check.Find("input[name=pay][checked]").AttrOr("value", ""); got != "prog|30000" {
		t.Errorf("the voucher is not proposed: %q", got)
	}
	choice.Set("pay", "prog|30000")
	res, _ := s.submit("firm", "/resources/sem/book", choice)
	where := res.Header.Get("Location")
	if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(where, "/desk/orders/") {
		t.Fatalf("%d to %s", res.StatusCode, where)
	}
	order := s.page("firm", where, http.StatusOK)
	if got := order.Find(".split-sum .money").Text(); got != "¥300¥300¥600" {
		t.Errorf("split %q", got)
	}
	if order.Find("form#do-cancel").Length() != 1 || order.Find("form#do-accept").Length() != 0 {
		t.Error("the buyer's verbs are wrong")
	}
	choice.Set("pay", "|0")
	res, again := s.submit("rival", "/resources/sem/book", choice)
	if res.StatusCode != http.StatusConflict || again.Find(".summary").Length() != 1 || again.Find("textarea[name=purpose]").Text() != "看断口" {
		t.Errorf("the rival gets %d: %s", res.StatusCode, again.Find(".summary").Text())
	}
	if again.Find(".board-days .taken").Length() != 2 {
		t.Errorf("%d taken slots shown", again.Find(".board-days .taken").Length())
	}
}

func TestBookingPagesHelpWithMistakes(t *testing.T) {
	s := serve(t, dbtest.SQLite(t))
	for name, slots := range map[string][]string{"none": nil, "gap": {slotAt(1, 9), slotAt(1, 11)}, "text": {"noon"}, "past": {slotAt(-7, 9)}} {
		q := url.Values{"slot": slots, "purpose": {"留着"}}
		page := s.page("firm", "/resources/sem/book/check?"+q.Encode(), http.StatusUnprocessableEntity)
		if page.Find(".summary").Length() != 1 || page.Find("textarea[name=purpose]").Text() != "留着" {
			t.Errorf("%s: no help, or text lost", name)
		}
	}
	if res, _ := s.send("", "/resources/sem/book?slot=x", "", nil); res.StatusCode != http.StatusSeeOther || !strings.Contains(res.Header.Get("Location"), "slot%3Dx") {
		t.Errorf("a visitor gets %d to %s", res.StatusCode, res.Header.Get("Location"))
	}
	s.page("firm", "/resources/none/book", http.StatusNotFound)
	s.page("firm", "/resources/test/book", http.StatusConflict)
	s.page("firm", "/resources/sem/book?week=soon", http.StatusBadRequest)
	s.page("authority", "/resources/sem/book", http.StatusForbidden)
	res, page := s.submit("firm", "/resources/sem/book", url.Values{"slot": {slotAt(1, 9)}, "quantity": {"many"}})
	if res.StatusCode != http.StatusUnprocessableEntity || page.Find("input[name=quantity]").AttrOr("value", "") != "many" {
		t.Errorf("a quantity that is none: %d", res.StatusCode)
	}
	if res, page = s.submit("firm", "/resources/sem/book", url.Values{"slot": {slotAt(1, 9)}, "quantity": {"1"}, "pay": {"prog|1"}}); res.StatusCode != http.StatusConflict || page.Find("input[name=pay]").Length() != 2 {
		t.Errorf("a price that has changed: %d", res.StatusCode)
	}
}

// The provider works an order through by the pages, to the rating and its reply.
func TestWorkingAnOrderByThePages(t *testing.T) {
	s := serve(t, dbtest.SQLite(t))
	o := s.place(firm(), book(1, 9, 1))
	path := "/desk/orders/" + o.ID
	s.clock.Set(at(1, 12, 0))
	for _, step := range []struct {
		who, verb string
		values    url.Values
	}{
		{"lab", "accept", url.Values{}}, {"lab", "start", url.Values{"at": {"2026-11-24T09:00"}}}, {"lab", "stop", url.Values{"at": {"2026-11-24T10:15"}}},
		{"lab", "report", url.Values{"note": {"断口为韧窝"}}}, {"firm", "confirm", url.Values{}}, {"firm", "rate", url.Values{"stars": {"5"}, "note": {"很好"}}},
		{"lab", "reply", url.Values{"note": {"谢谢"}}},
	} {
		if page := s.page(step.who, path, http.StatusOK); page.Find("form#do-"+step.verb).Length() != 1 {
			t.Fatalf("%s is not offered %s", step.who, step.verb)
		}
		if res, page := s.submit(step.who, path+"/"+step.verb, step.values); res.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", step.verb, res.StatusCode, page.Find(".summary").Text())
		}
	}
	page := s.page("firm", path, http.StatusOK, "Accept-Language", "en")
	if got := page.Find(".timeline li").Length(); got != 8 {
		t.Errorf("%d moments", got)
	}
	if text := page.Find("main").Text(); !strings.Contains(text, "1.3 h (75 min)") || !strings.Contains(text, "5 of 5 stars") || !strings.Contains(text, "谢谢") {
		t.Errorf("the page lacks hours, stars or reply:\n%s", text)
	}
	s.page("rival", path, http.StatusForbidden)
	s.page("authority", path, http.StatusOK)
	s.page("firm", "/desk/orders/none", http.StatusNotFound)
}

func TestVerbFormsKeepWhatWasTyped(t *testing.T) {
	s := serve(t, dbtest.SQLite(t))
	o := s.place(firm(), PlaceRequest{Kind: KindCommission, Resource: "test", Purpose: "拉伸"})
	path := "/desk/orders/" + o.ID
	if s.page("lab", path, http.StatusOK).Find("main a[href='"+path+"/quote']").Length() != 1 {
		t.Error("nothing leads to the quote")
	}
	res, page := s.submit("lab", path+"/refuse", url.Values{"note": {""}})
	if res.StatusCode != http.StatusUnprocessableEntity || page.Find("form#do-refuse .wrong").Length() != 1 {
		t.Errorf("a refusal without a reason: %d", res.StatusCode)
	}
	quote := VerbRequest{Lines: []Line{{Text: "拉伸试验", Unit: "sample", UnitAmount: 12_050, Count: 3}}, ValidUntil: "2026-12-01", Tax: "不含税"}
	s.do(lab(), o, VerbQuote, quote)
	page = s.page("firm", path, http.StatusOK)
	if got := page.Find("form#do-accept input[name=pay][checked]").AttrOr("value", ""); got != "prog|18075" {
		t.Errorf("the way to pay proposed is %q", got)
	}
	if res, page = s.submit("firm", path+"/accept", url.Values{"version": {"1"}, "pay": {"prog|18075"}}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("accept: %d %s", res.StatusCode, page.Find(".summary").Text())
	}
	if _, err := s.Do(t.Context(), lab(), o.ID, VerbQuote, quote); fault.Of(err).Kind != fault.Conflict {
		t.Errorf("a quote after acceptance: %v", err)
	}
}

func TestCommissionPage(t *testing.T) {
	s := serve(t, dbtest.SQLite(t))
	page := s.page("firm", "/resources/test/commission?need=n1", http.StatusOK)
	if page.Find("input[name=need][value=n1]").Length() != 1 || page.Find("input[type=file]").Length() != 1 {
		t.Error("the need or the file field is missing")
	}
	res, page := s.submit("firm", "/resources/test/commission", url.Values{"purpose": {"拉伸"}, "quantity": {"3"}, "do": {"estimate"}})
	if res.StatusCode != http.StatusOK || page.Find(".split-total .money").Text() != "¥600" {
		t.Errorf("estimate %d %s", res.StatusCode, page.Find(".split-total").Text())
	}
	res, page = s.submit("firm", "/resources/test/commission", url.Values{"purpose": {" "}, "quantity": {"3"}, "samples": {"铝板"}})
	if res.StatusCode != http.StatusUnprocessableEntity || page.Find("textarea[name=samples]").Text() != "铝板" {
		t.Errorf("no purpose: %d", res.StatusCode)
	}
	if res, _ = s.submit("firm", "/resources/test/commission", url.Values{"purpose": {"拉伸"}, "quantity": {"3"}, "need": {"n1"}}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("submit: %d", res.StatusCode)
	}
}

func TestListsAndCalendarPages(t *testing.T) {
	s := serve(t, dbtest.SQLite(t))
	if page := s.page("firm", "/desk/orders", http.StatusOK); page.Find(".empty").Length() != 1 {
		t.Error("an empty list says nothing")
	}
	o := s.place(firm(), book(1, 9, 2))
	if page := s.page("lab", "/desk/orders", http.StatusOK); page.Find("tbody tr").Length() != 1 || !strings.Contains(page.Find("tbody").Text(), "等您办理") {
		t.Errorf("the provider's list: %s", page.Find("tbody").Text())
	}
	if page := s.page("lab", "/desk/orders?show=all&q="+o.Number[3:], http.StatusOK); page.Find("tbody tr").Length() != 1 {
		t.Error("the number is not found")
	}
	if page := s.page("lab", "/desk/orders?q=nothing", http.StatusOK); page.Find(".empty").Length() != 1 {
		t.Error("nothing found says nothing")
	}
	page := s.page("lab", "/desk/calendar?day=2026-11-24", http.StatusOK)
	if page.Find(".event a[href='/desk/orders/"+o.ID+"']").Length() != 1 || page.Find("form#rule input[name=units]").AttrOr("value", "") != "1" {
		t.Error("the booking or the rule is not on the calendar")
	}
	if page.Find("#f-resource").Length() != 1 || page.Find("form#close #f-resource").Length() != 1 {
		t.Error("an error summary's #f-resource does not lead to the field")
	}
	res, page := s.submit("lab", "/desk/calendar/closures", url.Values{"resource": {"sem"}, "state": {"maintenance"}, "from": {"2026-11-24T08:00"}, "to": {"2026-11-24T18:00"}, "reason": {"换灯丝"}})
	if res.StatusCode != http.StatusConflict || page.Find("form#close input[name=reason]").AttrOr("value", "") != "换灯丝" {
		t.Errorf("closing booked time: %d", res.StatusCode)
	}
	if res, _ = s.submit("lab", "/desk/calendar/closures", url.Values{"resource": {"sem"}, "state": {"maintenance"}, "from": {"2026-11-25T08:00"}, "to": {"2026-11-25T18:00"}}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("closing: %d", res.StatusCode)
	}
	reopen := s.page("lab", res.Header.Get("Location"), http.StatusOK).Find("form[action$=reopen]").AttrOr("action", "")
	if res, _ = s.submit("lab", reopen, url.Values{}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("reopening %s: %d", reopen, res.StatusCode)
	}
	if res, page = s.submit("lab", "/desk/calendar/rules", url.Values{"resource": {"sem"}, "units": {"0"}}); res.StatusCode != http.StatusUnprocessableEntity || page.Find("form#rule .wrong").Length() == 0 {
		t.Errorf("no units: %d", res.StatusCode)
	}
	if res, _ = s.submit("lab", "/desk/calendar/rules", url.Values{"resource": {"sem"}, "units": {"2"}, "before": {"0"}, "after": {"30"}, "notice": {"1"}, "ahead": {"30"}, "inner_notice": {"0"}, "inner_ahead": {"60"}, "mode": {"slots"}, "slot": {"60"}, "step": {"15"}, "most": {"0"}}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("rule: %d", res.StatusCode)
	}
	s.page("lab", "/desk/calendar?day=someday", http.StatusBadRequest)
}

// The free/busy feed says when, never who.
func TestFeed(t *testing.T) {
	s := serve(t, dbtest.SQLite(t))
	s.place(firm(), book(1, 9, 2))
	res, text := s.send("", "/calendars/sem.ics", "", nil)
	if res.StatusCode != http.StatusOK || !strings.Contains(text, "DTSTART:20261124T010000Z\r\n") || strings.Contains(text, "禾城") {
		t.Errorf("%d\n%s", res.StatusCode, text)
	}
	if res, _ = s.send("", "/calendars/sem", "", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("without .ics: %d", res.StatusCode)
	}
}

// A resource's page shows how to order; a card shows its next open day.
func TestPanelsAndStrips(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ctx := ui.With(t.Context(), &ui.Chrome{Now: w.clock.Now()})
	render := func(c templ.Component) *goquery.Document {
		t.Helper()
		var b strings.Builder
		if err := c.Render(ctx, &b); err != nil {
			t.Fatal(err)
		}
		return parsed(t, b.String())
	}
	panel, err := w.BookingPanel(ctx, w.shop.items["sem"])
	if err != nil || render(panel).Find("form[action='/resources/sem/book'] input[name=slot]").Length() < 30 {
		t.Errorf("the booking panel has no slots: %v", err)
	}
	if panel, err = w.BookingPanel(ctx, w.shop.items["test"]); err != nil || render(panel).Find("a[href='/resources/test/commission']").Length() != 1 {
		t.Errorf("the commission panel: %v", err)
	}
	closed := w.shop.items["test"]
	closed.Status = "suspended"
	if panel, err = w.BookingPanel(ctx, closed); err != nil || panel != nil {
		t.Errorf("a suspended resource has a panel: %v", err)
	}
	strips, err := w.booking.Strips(ctx, []Resource{w.shop.items["sem"], w.shop.items["test"]})
	if err != nil || len(strips) != 1 || render(strips["sem"]).Find(".avail-bar i.free").Length() != 16 {
		t.Errorf("strips %v %v", strips, err)
	}
	free, err := w.booking.FreeOn(t.Context(), w.db, []Resource{w.shop.items["sem"]}, "2026-11-24")
	if err != nil || len(free) != 1 {
		t.Errorf("free %v %v", free, err)
	}
	next, err := w.booking.NextFree(t.Context(), w.db, []string{"sem", "test"})
	if err != nil || len(next) != 1 || next["sem"] != "2026-11-23" {
		t.Errorf("next %v %v", next, err)
	}
}
