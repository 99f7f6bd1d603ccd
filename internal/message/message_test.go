package message_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/identity"
	"qiao/internal/message"
	"qiao/internal/platform/channel"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
)

var start = time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)

// people stands in for identity: an organisation of two, one of nobody, one that is down.
type people struct{}

func (people) People(_ context.Context, _ db.Q, org string, roles ...string) ([]identity.PersonRef, error) {
	all := map[string][]identity.PersonRef{"lab": {
		{ID: "anna", Name: "安娜", Email: "anna@lab.example", Language: "en", Role: "admin"},
		{ID: "bo", Name: "博", Email: "bo@lab.example", Phone: "13800138000", Role: "technician"}}}
	if org == "down" {
		return nil, errors.New("identity is down")
	}
	var out []identity.PersonRef
	for _, p := range all[org] {
		if len(roles) == 0 || strings.Contains(strings.Join(roles, " "), p.Role) {
			out = append(out, p)
		}
	}
	return out, nil
}

func (people) Person(_ context.Context, _ db.Q, person string) (identity.PersonRef, error) {
	return identity.PersonRef{ID: person, Email: person + "@firm.example"}, nil
}

// world is the module with its senders in hand.
type world struct {
	*message.Service
	db    *db.DB
	clock *clock.Fake
	mail  *channel.Fake
	sms   *channel.Fake
	deps  message.Deps
}

func setup(t *testing.T, d *db.DB) *world {
	t.Helper()
	policy, err := identity.ReadPolicy(strings.NewReader("action,capacity,roles,side,note\nmessage.view,person,*,,x\nmessage.outgoing,operator,*,,x\nmessage.retry,operator,*,,x\n"))
	if err != nil {
		t.Fatal(err)
	}
	english, err := json.Marshal(map[string]string{"订单 {0} 已被接受": "Order {0} was accepted", "服务时间为 {0}": "It takes place at {0}"})
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := i18n.New(message.English, form.English, english)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{db: d, clock: clock.NewFake(start), mail: channel.NewFake(channel.Mail), sms: channel.NewFake(channel.SMS)}
	w.deps = message.Deps{DB: d, Clock: w.clock, Policy: policy, People: people{}, Senders: []channel.Sender{w.mail, w.sms},
		Origin: "https://qiao.example", Name: "桥 Qiao", From: "qiao@qiao.example", Catalog: catalog}
	w.Service = message.New(w.deps)
	return w
}

func accepted(key string) message.Notice {
	return message.Notice{Key: key, Event: "order.accepted", Org: "lab", Title: message.Say("订单 {0} 已被接受", "DD3304-7"),
		Text: message.Say("服务时间为 {0}", "11 月 25 日 9:30"), Link: "/desk/orders/7", Stop: "/alerts/x.y"}
}

func (w *world) notify(t testing.TB, notices ...message.Notice) error {
	t.Helper()
	return w.db.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		for _, n := range notices {
			if err := w.Notify(ctx, tx, n); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) must(t testing.TB, notices ...message.Notice) {
	t.Helper()
	if err := w.notify(t, notices...); err != nil {
		t.Fatal(err)
	}
}

func (w *world) courier(t testing.TB) int {
	t.Helper()
	n, err := w.Deliver(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func count(t testing.TB, d *db.DB, query string) int {
	t.Helper()
	n, err := db.One[int](context.Background(), d, query)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEveryReaderSeesHisOwnLanguage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		w.must(t, accepted("e1"), accepted("e1"))
		if n := w.courier(t); n != 2 {
			t.Fatalf("%d sent, want 2", n)
		}
		if n := w.courier(t); n != 0 {
			t.Fatalf("%d sent again", n)
		}
		subjects := map[string]string{}
		for _, m := range w.mail.Sent() {
			subjects[m.To] = m.Subject
			if m.Link != "https://qiao.example/desk/orders/7" || !strings.Contains(m.Text, "9:30") || !strings.Contains(m.Text, "https://qiao.example/alerts/x.y") || !strings.Contains(m.Text, "/desk/messages/settings") {
				t.Errorf("mail %+v", m)
			}
		}
		if subjects["anna@lab.example"] != "Order DD3304-7 was accepted" || subjects["bo@lab.example"] != "订单 DD3304-7 已被接受" {
			t.Errorf("subjects %v", subjects)
		}
		items, next, err := w.Inbox(t.Context(), identity.Subject{Person: "bo"}, false, "", 10)
		if err != nil || next != "" || len(items) != 1 || items[0].Title != "订单 DD3304-7 已被接受" || items[0].Read() {
			t.Errorf("inbox %+v, %q, %v", items, next, err)
		}
		if found, err := w.Verify(t.Context(), d); err != nil || len(found) > 0 {
			t.Errorf("findings %v, %v", found, err)
		}
	})
}

func TestWhoIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		technicians, person, nobody := accepted("a"), accepted("b"), accepted("c")
		technicians.Roles = []string{"technician"}
		person.Org, person.Person = "", "chen"
		nobody.Org = "unclaimed"
		w.must(t, technicians, person, nobody)
		for who, want := range map[string]int{"anna": 0, "bo": 1, "chen": 1} {
			if n, err := w.Unread(t.Context(), who); err != nil || n != want {
				t.Errorf("%s has %d unread, want %d (%v)", who, n, want, err)
			}
		}
		if n := count(t, d, `SELECT COUNT(*) FROM message_notice`); n != 2 {
			t.Errorf("%d notices, want 2: one that nobody receives is not written", n)
		}
	})
}

func TestANoticeThatCannotBeTold(t *testing.T) {
	d := dbtest.SQLite(t)
	w := setup(t, d)
	for name, bad := range map[string]func(*message.Notice){
		"no key": func(n *message.Notice) { n.Key = "" }, "nobody": func(n *message.Notice) { n.Org = "" }, "two": func(n *message.Notice) { n.Person = "x" },
		"no title": func(n *message.Notice) { n.Title = message.Line{} }, "foreign link": func(n *message.Notice) { n.Link = "https://evil.example" },
		"foreign stop": func(n *message.Notice) { n.Stop = "https://evil.example" }, "foreign host": func(n *message.Notice) { n.Link = "//evil.example" }, "identity down": func(n *message.Notice) { n.Org = "down" },
	} {
		n := accepted("x")
		bad(&n)
		if err := w.notify(t, n); err == nil {
			t.Errorf("%s: told", name)
		}
	}
	if n := count(t, d, `SELECT COUNT(*) FROM message_notice`); n != 0 {
		t.Errorf("%d notices were left", n)
	}
}

func TestTheCourierTriesAgainAndParks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		keys := map[string]bool{}
		w.mail.Fail(func(m channel.Message) error { keys[m.Key] = true; return errors.New("connection refused") })
		one := accepted("e1")
		one.Roles = []string{"technician"}
		w.must(t, one)
		for range 60 {
			w.courier(t)
			w.clock.Advance(time.Hour)
		}
		if got := count(t, d, `SELECT attempts FROM message_delivery WHERE state = 'parked'`); got != message.MaxAttempts || len(keys) != 1 {
			t.Errorf("%d attempts under %d keys, want %d under one", got, len(keys), message.MaxAttempts)
		}
		waiting, err := w.Tasks(t.Context(), identity.Subject{Person: "op", Capacities: []string{identity.CapacityOperator}})
		if err != nil || len(waiting) != 1 || waiting[0].Count != 1 {
			t.Errorf("the operator's tasks %v, %v", waiting, err)
		}
		w.mail.Fail(nil)
		if n := w.courier(t); n != 0 {
			t.Error("a parked delivery was sent")
		}
		id, err := db.One[string](t.Context(), d, `SELECT id FROM message_delivery`)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Retry(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if n := w.courier(t); n != 1 || !keys[w.mail.Sent()[0].Key] {
			t.Errorf("%d sent after the retry", n)
		}
		if err := w.Retry(t.Context(), id); !fault.Is(err, "delivery-not-parked") {
			t.Errorf("a sent delivery was retried: %v", err)
		}
	})
}

func TestARefusedMessageIsParkedAtOnce(t *testing.T) {
	d := dbtest.SQLite(t)
	w := setup(t, d)
	bad := accepted("e1")
	bad.Org, bad.Person = "", "x\r\ny"
	w.must(t, bad)
	w.courier(t)
	if n := count(t, d, `SELECT COUNT(*) FROM message_delivery WHERE state = 'parked' AND attempts = 1`); n != 1 {
		t.Error("a refused message is not parked at its first attempt")
	}
}

// A courier that dies after sending leaves the delivery leased; it is sent again, under the same key, when the lease is over.
func TestACrashSendsTwiceUnderOneKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		one := accepted("e1")
		one.Roles = []string{"technician"}
		w.must(t, one)
		ctx, cancel := context.WithCancel(t.Context())
		w.mail.Fail(func(channel.Message) error { cancel(); return context.Canceled })
		if err := w.Courier(ctx); !errors.Is(err, context.Canceled) {
			t.Fatalf("the courier did not stop: %v", err)
		}
		w.mail.Fail(nil)
		if n := w.courier(t); n != 0 {
			t.Error("the lease was not respected")
		}
		w.clock.Advance(10 * time.Minute)
		if n := w.courier(t); n != 1 {
			t.Error("the delivery was lost")
		}
	})
}

func TestAMessageCanBeReadOnlyByItsReader(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		anna, bo := identity.Subject{Person: "anna"}, identity.Subject{Person: "bo"}
		one := accepted("e1")
		one.Roles = []string{"admin"}
		w.must(t, one, accepted("e2"))
		items, _, err := w.Inbox(t.Context(), anna, true, "", 10)
		if err != nil || len(items) != 2 {
			t.Fatalf("%v, %v", items, err)
		}
		only, _, err := w.Inbox(t.Context(), bo, true, "", 10)
		if err != nil || len(only) != 1 {
			t.Fatalf("%v, %v", only, err)
		}
		for _, i := range items {
			if _, err := w.Read(t.Context(), bo, i.ID); (i.ID != only[0].ID) != fault.Is(err, "message-not-found") {
				t.Errorf("bo read %s: %v", i.ID, err)
			}
		}
		n, err := w.ReadAll(t.Context(), anna, start.Add(-time.Second))
		if err != nil || n != 0 {
			t.Errorf("%d marked that came after the page was drawn, %v", n, err)
		}
		if n, err = w.ReadAll(t.Context(), anna, start); err != nil || n != 2 {
			t.Errorf("%d marked, want 2, %v", n, err)
		}
		if n, err := w.Unread(t.Context(), "bo"); err != nil || n != 0 {
			t.Errorf("bo has %d unread, %v", n, err)
		}
	})
}

func TestChoicesDecideTheChannels(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		bo := identity.Subject{Person: "bo"}
		before, err := w.Settings(t.Context(), bo)
		if err != nil || len(before) != 2 || !before[0].Enabled || before[1].Enabled {
			t.Fatalf("choices before %v, %v", before, err)
		}
		if err := w.Choose(t.Context(), bo, []message.Preference{{Channel: channel.Mail}, {Channel: channel.SMS, Enabled: true, Address: " 13800138000 "}}); err != nil {
			t.Fatal(err)
		}
		w.must(t, accepted("e1"))
		w.courier(t)
		if mails, texts := w.mail.Sent(), w.sms.Sent(); len(mails) != 1 || mails[0].To != "anna@lab.example" || len(texts) != 1 || texts[0].To != "13800138000" {
			t.Errorf("mails %v, texts %v", mails, texts)
		}
	})
}

func TestAddresses(t *testing.T) {
	d := dbtest.SQLite(t)
	w := setup(t, d)
	for _, c := range []struct {
		kind, address string
		enabled, ok   bool
	}{
		{channel.Mail, "", true, true}, {channel.Mail, "a@b.example", true, true}, {channel.Mail, "A <a@b.example>", true, false}, {channel.Mail, "a@", false, false},
		{channel.SMS, "13800138000", true, true}, {channel.SMS, "", false, true}, {channel.SMS, "", true, false}, {channel.SMS, "1380013800", true, false},
		{channel.SMS, "23800138000", true, false}, {channel.WeCom, "", true, false}, {channel.WeCom, "zhang", true, true}, {channel.WeCom, "a\nb", true, false},
	} {
		err := w.Choose(t.Context(), identity.Subject{Person: "p"}, []message.Preference{{Channel: c.kind, Enabled: c.enabled, Address: c.address}})
		if (err == nil) != c.ok {
			t.Errorf("%s %q enabled %v: %v", c.kind, c.address, c.enabled, err)
		}
	}
}

func TestInboxPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		for i := range 7 {
			w.must(t, accepted(fmt.Sprint(i)))
			if i%2 == 0 {
				w.clock.Advance(time.Minute)
			}
		}
		seen := map[string]bool{}
		for cursor, pages := "", 0; pages < 10; pages++ {
			items, next, err := w.Inbox(t.Context(), identity.Subject{Person: "bo"}, false, cursor, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range items {
				seen[i.ID] = true
			}
			if cursor = next; next == "" {
				break
			}
		}
		if len(seen) != 7 {
			t.Errorf("%d messages on the pages, want 7", len(seen))
		}
		if _, _, err := w.Inbox(t.Context(), identity.Subject{Person: "bo"}, false, "' OR 1=1", 3); !fault.Is(err, "bad-cursor") {
			t.Errorf("an odd cursor: %v", err)
		}
	})
}

// Whatever fails and however often the courier runs, nothing is lost and nothing is taken by the gateway twice.
func TestNothingIsLost(t *testing.T) {
	d := dbtest.SQLite(t)
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		w := setup(t, d)
		round++
		n := rapid.IntRange(1, 5).Draw(r, "notices")
		for i := range n {
			one := accepted(fmt.Sprint(round, "-", i))
			one.Roles = []string{"technician"}
			w.must(t, one)
		}
		for range rapid.IntRange(0, 4).Draw(r, "bad rounds") {
			w.mail.Fail(func(channel.Message) error {
				if rapid.Bool().Draw(r, "down") {
					return errors.New("down")
				}
				return nil
			})
			w.courier(t)
			w.clock.Advance(rapid.SampledFrom([]time.Duration{0, time.Minute, time.Hour}).Draw(r, "later"))
		}
		w.mail.Fail(nil)
		w.clock.Advance(24 * time.Hour)
		w.courier(t)
		once := map[string]int{}
		for _, m := range w.mail.Sent() {
			once[m.Key]++
		}
		if len(once) != n || len(w.mail.Sent()) != n {
			r.Fatalf("%d mails of %d keys, want %d", len(w.mail.Sent()), len(once), n)
		}
	})
}

func TestVerifyFindsNoticesWithoutRecipient(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		w.must(t, accepted("e1"))
		if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM message_receipt`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		found, err := w.Verify(t.Context(), d)
		if err != nil || len(found) != 3 {
			t.Errorf("findings %v, %v, want one notice and two deliveries", found, err)
		}
	})
}

// An invitation goes with the mail of the person whose booking it is, and with nobody else's; the same entry is dropped later.
func TestInvitations(t *testing.T) {
	w := setup(t, dbtest.SQLite(t))
	n := accepted("e1")
	n.Invite = message.Invite{For: "bo", UID: "o7@qiao", Sequence: 3, Start: start.Add(48 * time.Hour), End: start.Add(50 * time.Hour), ZH: "扫描电镜", EN: "SEM", Number: "DD3304-7"}
	gone := accepted("e2")
	gone.Invite = n.Invite
	gone.Invite.Sequence, gone.Invite.Cancelled = 4, true
	if err := w.notify(t, n, gone); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range w.mail.Sent() {
		if (m.To == "bo@lab.example") != (m.Calendar != "") {
			t.Errorf("%s has the entry %q", m.To, m.Calendar)
		}
		if m.Calendar == "" {
			continue
		}
		got = append(got, m.Method)
		for _, want := range []string{"UID:o7@qiao\r\n", "SUMMARY:扫描电镜\r\n", "DTSTART:20261123T020000Z\r\n", "ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:bo@lab.example\r\n", "METHOD:" + m.Method + "\r\n", "ORGANIZER:mailto:qiao@qiao.example\r\n"} {
			if !strings.Contains(strings.ReplaceAll(m.Calendar, "\r\n ", ""), want) {
				t.Errorf("no %q in\n%s", want, m.Calendar)
			}
		}
	}
	if fmt.Sprint(got) != "[REQUEST CANCEL]" && fmt.Sprint(got) != "[CANCEL REQUEST]" {
		t.Errorf("methods %v", got)
	}
	for _, m := range w.sms.Sent() {
		if m.Calendar != "" {
			t.Error("a short message carries a calendar")
		}
	}
}
