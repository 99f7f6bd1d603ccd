package stats_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/stats"
)

// access acts as the capacity named in the header X-As, in the district X-Region; without one, as a visitor.
type access struct {
	policy  *identity.Policy
	catalog *i18n.Catalog
	clock   clock.Clock
}

func (a access) Require(actions ...string) error { return a.policy.Require(actions...) }

func (a access) May(ctx context.Context, action string) error {
	return a.policy.May(identity.SubjectOf(ctx), action)
}

func (access) SignedIn(ctx context.Context) string { return identity.SubjectOf(ctx).Person }

func (access) SignInPage(_ context.Context, back string) string { return "/sign-in?next=" + back }

func (a access) Prepare(_ http.ResponseWriter, r *http.Request) (*http.Request, error) {
	s := identity.Subject{}
	if as := r.Header.Get("X-As"); as != "" {
		s = identity.Subject{Person: "p", Name: "陈工", Org: map[string]string{"enterprise": firm, "provider": lab}[as], Capacities: []string{as}, Region: "330402"}
	}
	ctx := ui.With(identity.WithSubject(r.Context(), s), &ui.Chrome{Now: a.clock.Now(), Request: "r1"})
	return r.WithContext(i18n.With(ctx, i18n.Match(r.Header.Get("Accept-Language")), a.catalog)), nil
}

// site serves the module with its neighbours made up.
func site(t *testing.T, d *db.DB, change func(*stats.Deps)) (*stats.Service, *httptest.Server) {
	t.Helper()
	c := clock.NewFake(start)
	p := deps(t, d, c)
	if change != nil {
		change(&p)
	}
	s := stats.New(p)
	catalog, err := i18n.New(stats.English, ui.English, form.English)
	if err != nil {
		t.Fatal(err)
	}
	server := web.NewServer(web.Options{DB: d, Clock: c, Access: access{p.Policy, catalog, c}, Log: slog.New(slog.DiscardHandler),
		ErrorPage: func(_ context.Context, e *fault.Error, _ string) templ.Component {
			return templ.ComponentFunc(func(_ context.Context, out io.Writer) error { _, err := io.WriteString(out, e.Text); return err })
		}})
	if err := server.Handle(s.Routes()...); err != nil {
		t.Fatal(err)
	}
	api := server.API("test", "1")
	s.API(api)
	if err := api.Err(); err != nil {
		t.Fatal(err)
	}
	h, err := server.Handler()
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(h)
	t.Cleanup(ts.Close)
	ts.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s, ts
}

// ask gets a path as a capacity; values make it a POST.
func ask(t *testing.T, ts *httptest.Server, as, path string, values url.Values, header ...string) (int, string) {
	t.Helper()
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if values != nil {
		method, body = http.MethodPost, strings.NewReader(values.Encode())
	}
	req, err := http.NewRequestWithContext(t.Context(), method, ts.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-As", as)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := ts.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func page(t *testing.T, ts *httptest.Server, as, path string, header ...string) *goquery.Document {
	t.Helper()
	code, html := ask(t, ts, as, path, nil, header...)
	if code != http.StatusOK {
		t.Fatalf("%s gives %d: %s", path, code, html)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func portal(p *stats.Deps) {
	inside := p.Resources
	p.Resources = func(ctx context.Context, q db.Q) ([]stats.Part, error) {
		parts, err := inside(ctx, q)
		return append(parts, stats.Part{Kind: "expert", Region: "310104", Count: 500}), err
	}
	p.Portal = stats.Portal{
		Programmes: func(context.Context) ([]stats.Programme, error) {
			return []stats.Programme{{Name: "示例·创新券 2026", Link: "/programmes/1", Ratio: 5050, Cap: 10000000, Budget: 400, Left: 100, Until: "2026-12-31", Sample: true}}, nil
		},
		Notices: func(context.Context) ([]stats.Notice, error) {
			return []stats.Notice{{Title: "公示一", Link: "/notices/1", Day: "2026-11-20"}}, nil
		},
		Slots: func(_ context.Context, day string) ([][]stats.Slot, error) {
			midnight, err := clock.Midnight(day)
			return [][]stats.Slot{{{Start: midnight.Add(9 * time.Hour), End: midnight.Add(18 * time.Hour), Free: true}}}, err
		},
		KindName: func(ctx context.Context, kind string) string {
			return i18n.Pick(ctx, map[string]string{"instrument": "仪器"}[kind], kind)
		},
		Hot: []string{"元"},
	}
}

func TestHomePage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ts := site(t, d, portal)
		record(t, d, s, story()...)
		if err := s.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		home := page(t, ts, "", "/")
		for selector, want := range map[string]int{
			`form[action="/resources"] input[name=q]`: 1, `form[action="/needs/new"] textarea[name=text]`: 1, ".figure": 8, `.figure a[href="/numbers/match-rate"]`: 1,
			".tilemap li": 7, `.tilemap a[href="/resources?region=330402"]`: 1, ".front-roles article": 3, ".front-roles li": 9, `a[href="/programmes/1"]`: 1, `a[href="/notices/1"]`: 1, ".arch": 1, "h1": 1,
		} {
			if got := home.Find(selector).Length(); got != want {
				t.Errorf("%d of %s, want %d", got, selector, want)
			}
		}
		if got := home.Find(".front-offer b").Text(); got != "50.50%" {
			t.Errorf("the ratio reads %q", got)
		}
		if note := home.Find(`.figure:contains("开放资源") .figure-note`).Text(); note != "其中嘉兴市 412 项" {
			t.Errorf("what is local reads %q", note)
		}
		if home.Find(`.figure:contains("需求匹配率")`).Find("b").Text() != "33.3%" {
			t.Error("the match rate is not live")
		}
		if en := page(t, ts, "", "/", "Accept-Language", "en"); en.Find("h1").Text() != "Find it. Afford it. Get it done." {
			t.Errorf("the English heading is %q", en.Find("h1").Text())
		} else if note := en.Find(`.figure:contains("Shared resources") .figure-note`).Text(); note != "412 of them in Jiaxing" {
			t.Errorf("what is local reads %q in English", note)
		}
	})
}

func TestHomePageOfAnEmptyNode(t *testing.T) {
	_, ts := site(t, dbtest.SQLite(t), nil)
	home := page(t, ts, "", "/")
	if home.Find(".front-bridge").Length() != 1 || home.Find(".front-list li").Length() != 0 || !strings.Contains(home.Find(".front-list").Text(), "还没有公示") {
		t.Error("the page of an empty node does not say what will be here")
	}
}

func TestNumberPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ts := site(t, d, nil)
		record(t, d, s, story()...)
		if n := page(t, ts, "", "/numbers").Find("tbody tr").Length(); n != len(stats.Definitions()) {
			t.Errorf("%d definitions listed", n)
		}
		for _, def := range stats.Definitions() {
			doc := page(t, ts, "", "/numbers/"+def.Code)
			if doc.Find(".number-big b").Length() != 1 || doc.Find("dl.facts div").Length() < 5 || !strings.Contains(doc.Find(".lead").Text(), def.TextZH) {
				t.Errorf("%s lacks its value or definition", def.Code)
			}
			for _, secret := range secrets() {
				if secret != "2026-11-1" && strings.Contains(doc.Find("main").Text(), secret) && len(secret) > 2 {
					t.Errorf("%s: the page tells %q", def.Code, secret)
				}
			}
		}
		doc := page(t, ts, "", "/numbers/match-rate?region=330402&until=2026-11-21")
		if doc.Find(".number-big b").Text() != "50%" || doc.Find(`option[value="330402"][selected]`).Length() != 1 {
			t.Errorf("the district's rate is %q", doc.Find(".number-big b").Text())
		}
		for path, want := range map[string]int{"/numbers/nothing": 404, "/numbers/orders?region=nanhu": 400, "/numbers/orders?until=yesterday": 400, "/numbers/orders?cursor=x": 400, "/numbers?until=2099-01-01": 200} {
			if code, _ := ask(t, ts, "", path, nil); code != want {
				t.Errorf("%s gives %d, want %d", path, code, want)
			}
		}
	})
}

func TestDownload(t *testing.T) {
	d := dbtest.SQLite(t)
	s, ts := site(t, d, func(p *stats.Deps) {
		p.Organisations = func(context.Context, db.Q, []string) (map[string]identity.Organisation, error) {
			return map[string]identity.Organisation{firm: {ID: firm, NameZH: `=HYPERLINK("x")`, Kind: "company", Region: "330402"}}, nil
		}
	})
	record(t, d, s, story()...)
	for as, wantWhole := range map[string]bool{"": false, "authority": true} {
		code, text := ask(t, ts, as, "/numbers/voucher-held/rows.csv", nil)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
		if err != nil || code != 200 || len(rows) != 5 {
			t.Fatalf("%d rows, %d, %v", len(rows), code, err)
		}
		if whole := strings.Contains(text, "HYPERLINK"); whole != wantWhole {
			t.Errorf("as %q names are shown: %v", as, whole)
		}
		if wantWhole && !strings.Contains(text, "'=HYPERLINK") {
			t.Error("a formula goes into the spreadsheet")
		}
	}
}

func TestDownloadOfAStock(t *testing.T) {
	_, ts := site(t, dbtest.SQLite(t), nil)
	if code, text := ask(t, ts, "", "/numbers/resources/rows.csv", nil); code != 200 || !strings.Contains(text, "instrument,330402,400") {
		t.Error(code, text)
	}
	if code, _ := ask(t, ts, "", "/numbers/nothing/rows.csv", nil); code != 404 {
		t.Error(code)
	}
}

func TestDeskPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		due := func(h int) time.Time { return start.Add(time.Duration(h) * time.Hour) }
		s, ts := site(t, d, func(p *stats.Deps) {
			p.Desk.Tasks = func(context.Context, identity.Subject) ([]ui.Task, error) {
				return []ui.Task{{Title: "丙", Link: "/c", Since: due(-9)}, {Title: "乙", Link: "/b", Due: due(5)}, {Title: "甲", Link: "/a", Due: due(-5), Count: 2}, {Title: "丁", Link: "/d", Since: due(-1)}}, nil
			}
			p.Desk.Recent = func(context.Context, identity.Subject) ([]stats.Activity, error) {
				return []stats.Activity{{At: start, Title: "订单已接受", Link: "/desk/orders/1"}}, nil
			}
		})
		record(t, d, s, story()...)
		desk := page(t, ts, "provider", "/desk")
		if got := strings.Join(desk.Find(".waiting b").Map(func(_ int, s *goquery.Selection) string { return s.Text() }), ""); got != "甲乙丙丁" {
			t.Errorf("the order of what waits is %s", got)
		}
		if !strings.Contains(desk.Find(".figures").Text(), "2.6") || desk.Find(".recent a").Length() != 1 {
			t.Errorf("the provider's numbers read %q", desk.Find(".figures").Text())
		}
		if !strings.Contains(page(t, ts, "enterprise", "/desk").Find(".figures").Text(), "¥400") {
			t.Error("the enterprise does not see what vouchers paid")
		}
		if page(t, ts, "authority", "/desk").Find(`.figures a[href="/numbers/orders?region=330402"]`).Length() != 1 {
			t.Error("the authority does not see its region's numbers")
		}
		if code, _ := ask(t, ts, "", "/desk", nil); code != 303 {
			t.Errorf("a visitor of the desk gets %d", code)
		}
	})
}

func TestAuditPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, ts := site(t, d, func(p *stats.Deps) {
			p.Desk.People = func(context.Context, db.Q, []string) (map[string]string, error) {
				return map[string]string{"p": "陈工"}, nil
			}
		})
		causes := []string{id.New(), "", "demo", "reference", "seed", "cli:/backup", "job:expire-grants", "outbox:stats", "other"}
		for _, cause := range causes {
			if err := d.InTx(audit.WithActor(t.Context(), audit.System(cause)), func(ctx context.Context, tx *db.Tx) error {
				return audit.Record(ctx, tx, start, audit.Entry{Action: "person.create", Kind: "person", ID: "p"})
			}); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 60 {
			if err := d.InTx(audit.WithActor(t.Context(), audit.Actor{Person: "p", Org: lab}), func(ctx context.Context, tx *db.Tx) error {
				return audit.Record(ctx, tx, start, audit.Entry{Action: "order.accept", Kind: "order", ID: []string{"o1", "o2"}[i%2], From: "requested", To: "accepted"})
			}); err != nil {
				t.Fatal(err)
			}
		}
		if err := outbox.New(d, clock.NewFake(start)).Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		doc := page(t, ts, "auditor", "/desk/audit")
		if n := doc.Find("tbody tr").Length(); n != 50 || !strings.Contains(doc.Find("tbody").Text(), "陈工") {
			t.Errorf("%d entries", n)
		}
		next, _ := doc.Find(`a[rel=next]`).Attr("href")
		if n := page(t, ts, "auditor", next).Find("tbody tr").Length(); n != 10+len(causes) {
			t.Errorf("%d entries on the second page", n)
		}
		for lang, want := range map[string]string{
			"zh": "系统（other）|系统（后续处理：stats）|系统（任务：expire-grants）|系统（命令行：backup）|系统（合成数据）|系统（基础数据）|系统（演示）|系统|访客请求",
			"en": "System (other)|System (follow-up: stats)|System (job: expire-grants)|System (command line: backup)|System (synthetic data)|System (reference data)|System (demo)|System|A visitor's request",
		} {
			var who []string
			page(t, ts, "auditor", "/desk/audit?kind=person", "Accept-Language", lang).Find("tbody tr td:nth-child(3)").Each(func(_ int, cell *goquery.Selection) {
				who = append(who, strings.TrimSpace(cell.Text()))
			})
			if got := strings.Join(who, "|"); got != want {
				t.Errorf("who acted reads\n%s, want\n%s", got, want)
			}
		}
		if n := page(t, ts, "auditor", "/desk/audit?kind=order&object=o1").Find("tbody tr").Length(); n != 30 {
			t.Errorf("%d entries of o1", n)
		}
		if page(t, ts, "operator", "/desk/audit?check=1").Find(".note.ok").Length() != 1 {
			t.Error("a sound chain is not said to be sound")
		}
		if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE audit_entry SET to_state = 'refused' WHERE seq = 7`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if page(t, ts, "operator", "/desk/audit?check=1").Find(".note.bad li").Length() == 0 {
			t.Error("a changed entry is not found")
		}
		if code, _ := ask(t, ts, "enterprise", "/desk/audit", nil); code != 403 {
			t.Errorf("an enterprise gets the audit log: %d", code)
		}
	})
}

type broken struct{ X int }

func (broken) EventName() string { return "test.broken" }

func TestOutboxPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, ts := site(t, d, nil)
		if page(t, ts, "operator", "/desk/outbox").Find(".empty").Length() != 1 {
			t.Error("an empty outbox says nothing")
		}
		c := clock.NewFake(start)
		bus := outbox.New(d, c)
		outbox.On(bus, "stats", func(context.Context, *db.Tx, outbox.Meta, broken) error { return io.ErrUnexpectedEOF })
		if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return outbox.Publish(ctx, tx, start, broken{1}) }); err != nil {
			t.Fatal(err)
		}
		for range outbox.MaxAttempts {
			if err := bus.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			c.Advance(time.Hour)
		}
		doc := page(t, ts, "operator", "/desk/outbox")
		seq, _ := doc.Find(`input[name=seq]`).Attr("value")
		if doc.Find(".status.bad").Length() != 1 || seq == "" {
			t.Fatalf("a parked event is not shown: %s", doc.Find("main").Text())
		}
		values := url.Values{"request": {"k1"}, "consumer": {"stats"}, "seq": {seq}}
		if code, _ := ask(t, ts, "operator", "/desk/outbox/retry", values); code != 303 {
			t.Errorf("the retry gives %d", code)
		}
		if code, _ := ask(t, ts, "auditor", "/desk/outbox/retry", values); code != 403 {
			t.Errorf("an auditor's retry gives %d", code)
		}
		values.Set("request", "k2")
		values.Set("seq", "999")
		if code, _ := ask(t, ts, "operator", "/desk/outbox/retry", values); code != 409 {
			t.Errorf("a retry of nothing gives %d", code)
		}
	})
}

func TestAPI(t *testing.T) {
	d := dbtest.SQLite(t)
	s, ts := site(t, d, nil)
	record(t, d, s, story()...)
	var list struct{ Items []map[string]any }
	code, body := ask(t, ts, "", "/api/v1/numbers", nil)
	if err := json.Unmarshal([]byte(body), &list); err != nil || code != 200 || len(list.Items) != len(stats.Definitions()) {
		t.Fatal(code, err, body)
	}
	var one struct {
		Code, Text, Until, Version string
		Numerator, Denominator     int64
		DefinitionZH               string `json:"definition_zh"`
		History                    []stats.Point
		Rows                       []map[string]any
		Next                       string
	}
	code, body = ask(t, ts, "", "/api/v1/numbers/match-rate?limit=2", nil)
	if err := json.Unmarshal([]byte(body), &one); err != nil || code != 200 {
		t.Fatal(code, err, body)
	}
	if one.Numerator != 1 || one.Denominator != 3 || one.Until != "2026-11-21" || one.Text != "33.3%" || len(one.Rows) != 2 || one.Next == "" || one.DefinitionZH == "" || len(one.History) != 2 {
		t.Errorf("%+v", one)
	}
	for path, want := range map[string]int{"/api/v1/numbers/nothing": 404, "/api/v1/numbers?region=x": 400, "/api/v1/numbers/orders?limit=1000": 422} {
		if code, body := ask(t, ts, "", path, nil); code != want {
			t.Errorf("%s gives %d, want %d: %s", path, code, want, body)
		}
	}
}
