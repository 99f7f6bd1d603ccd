package talk

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/identity/identitytest"
	"qiao/internal/order"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

type orders struct{ o order.Order }

func (x *orders) Get(context.Context, identity.Subject, string) (order.Detail, error) {
	return order.Detail{Order: x.o}, nil
}

// The parties write to each other on an order; each sees what they have not read yet; nobody else reads it, but for the
// authority while it decides.
func TestThePartiesTalk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		policy, err := identity.NewPolicy()
		if err != nil {
			t.Fatal(err)
		}
		files, err := blob.NewDisk(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		x := &orders{order.Order{ID: "o", Number: "DD1", State: order.StateAccepted, Buyer: "firm", Provider: "lab", Region: "330402"}}
		c := clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC))
		s := New(Deps{DB: d, Clock: c, Policy: policy, Orders: x, Blobs: files})
		as := func(person, org, capacity string) identity.Subject {
			return identity.Subject{Person: person, Membership: "m", Org: org, OrgStatus: identity.StatusVerified, Role: "admin", Region: "330400", Capacities: []string{capacity}}
		}
		firm, lab, officer := as("li", "firm", "enterprise"), as("qian", "lab", "provider"), as("wu", "gov", "authority")
		for range 2 { // the same click twice
			if _, err := s.Say(t.Context(), firm, "o", " 样品周三寄出。 ", []Upload{{"清单.txt", strings.NewReader("三件")}}, "k"); err != nil {
				t.Fatal(err)
			}
		}
		c.Advance(time.Minute)
		if _, err := s.Say(t.Context(), lab, "o", "收到。", nil, ""); err != nil {
			t.Fatal(err)
		}
		list, unread, err := s.Of(t.Context(), lab, x.o)
		if err != nil || len(list) != 2 || unread != 1 || list[0].Text != "样品周三寄出。" || list[0].Side != order.Buyer || list[1].Side != order.Provider {
			t.Fatalf("%+v %d %v", list, unread, err)
		}
		if err := s.Read(t.Context(), lab, x.o, list); err != nil {
			t.Fatal(err)
		}
		if _, unread, _ = s.Of(t.Context(), lab, x.o); unread != 0 {
			t.Errorf("%d unread after reading", unread)
		}
		f, body, err := s.Open(t.Context(), lab, "o", list[0].Files[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(body)
		if err != nil || string(text) != "三件" || f.Name != "清单.txt" || body.Close() != nil {
			t.Errorf("%s %q %v", f.Name, text, err)
		}
		if _, err := s.Say(t.Context(), firm, "o", "  ", nil, ""); !fault.Is(err, "talk-invalid") {
			t.Errorf("nothing said: %v", err)
		}
		if _, _, err := s.Of(t.Context(), officer, x.o); err == nil {
			t.Error("the authority reads along")
		}
		x.o.State = order.StateEscalated
		seen, _, err := s.Of(t.Context(), officer, x.o)
		if err != nil {
			t.Errorf("the authority decides blindly: %v", err)
		}
		for range 2 {
			if err := s.Read(t.Context(), officer, x.o, seen); err != nil {
				t.Error(err)
			}
		}
		if n, err := db.One[int64](t.Context(), d, `SELECT count(*) FROM audit_entry WHERE action = 'talk.read'`); err != nil || n != 1 {
			t.Errorf("the authority's reading stands %d times in the audit, %v", n, err)
		}
		if _, err := s.Say(t.Context(), officer, "o", "请补充材料", nil, ""); !fault.Is(err, "talk-parties") {
			t.Errorf("the authority writes: %v", err)
		}
		if _, _, err := s.Of(t.Context(), as("x", "rival", "enterprise"), x.o); err == nil {
			t.Error("a stranger reads along")
		}
	})
}

// A program sends a file with a message, finds it in the list and downloads it as it was sent; nobody else does.
func TestFilesOverTheAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		policy, err := identity.NewPolicy()
		if err != nil {
			t.Fatal(err)
		}
		files, err := blob.NewDisk(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		c := clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC))
		s := New(Deps{DB: d, Clock: c, Policy: policy, Orders: &orders{order.Order{ID: "o", State: order.StateAccepted, Buyer: "firm", Provider: "lab"}}, Blobs: files})
		as := func(person, org, capacity string) identity.Subject {
			return identity.Subject{Person: person, Membership: "m", Org: org, OrgStatus: identity.StatusVerified, Role: "admin", Capacities: []string{capacity}}
		}
		w := identitytest.New(t, identitytest.Deps{DB: d, Clock: c, Policy: policy, English: English, People: map[string]identity.Subject{"li": as("li", "firm", "enterprise"), "qian": as("qian", "lab", "provider"), "x": as("x", "rival", "enterprise")}}, s)
		var said struct {
			Files []struct{ Name, URL string }
		}
		body := w.Send("li", "POST", "/api/v1/orders/o/messages", "application/json", `{"text": "清单见附件", "files": [{"name": "清单.txt", "content": "5LiJ5Lu2"}]}`, 201)
		if err := json.Unmarshal([]byte(body), &said); err != nil || len(said.Files) != 1 {
			t.Fatalf("%s %v", body, err)
		}
		w.Send("li", "POST", "/api/v1/orders/o/messages", "application/json", `{"files": [{"name": "报告.pdf", "content": "5LiJ5Lu2"}]}`, 422)
		if got := w.Send("qian", "GET", said.Files[0].URL, "", "", 200); got != "三件" {
			t.Errorf("downloaded %q", got)
		}
		w.Send("x", "GET", said.Files[0].URL, "", "", 403)
		w.Send("qian", "GET", "/api/v1/orders/o/messages/files/none", "", "", 404)
		w.Send("", "GET", said.Files[0].URL, "", "", 401)
	})
}

// A file is what its name says and has a name that can be shown; a message whose file was slow is not taken for read.
func TestFilesOfMessages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		policy, err := identity.NewPolicy()
		if err != nil {
			t.Fatal(err)
		}
		files, err := blob.NewDisk(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		x := &orders{order.Order{ID: "o", State: order.StateAccepted, Buyer: "firm", Provider: "lab"}}
		c := clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC))
		s := New(Deps{DB: d, Clock: c, Policy: policy, Orders: x, Blobs: files})
		firm := identity.Subject{Person: "li", Membership: "m", Org: "firm", OrgStatus: identity.StatusVerified, Role: "admin", Capacities: []string{"enterprise"}}
		lab := identity.Subject{Person: "qian", Membership: "m", Org: "lab", OrgStatus: identity.StatusVerified, Role: "admin", Capacities: []string{"provider"}}
		for name, content := range map[string]string{"报告.pdf": "<html>", "照片.png": "GIF89a", "空.txt": ""} {
			if _, err := s.Say(t.Context(), firm, "o", "看附件", []Upload{{name, strings.NewReader(content)}}, ""); !fault.Is(err, "not-genuine") {
				t.Errorf("%s of %q: %v", name, content, err)
			}
		}
		for _, name := range []string{"", "a\r\nb.txt", strings.Repeat("长", maxName+1)} {
			if m, err := s.Say(t.Context(), firm, "o", "", []Upload{{name, strings.NewReader("x")}}, ""); err != nil || !strings.HasPrefix(m.Files[0].Name, "file-") {
				t.Errorf("%.20q: %+v %v", name, m.Files, err)
			}
		}
		slow, write := io.Pipe()
		said := make(chan error)
		go func() {
			_, err := s.Say(t.Context(), firm, "o", "慢", []Upload{{"a.txt", slow}}, "")
			said <- err
		}()
		if _, err := write.Write([]byte("a")); err != nil {
			t.Fatal(err)
		}
		c.Advance(time.Minute)
		if _, err := s.Say(t.Context(), firm, "o", "快", nil, ""); err != nil {
			t.Fatal(err)
		}
		list, _, err := s.Of(t.Context(), lab, x.o)
		if err == nil {
			err = s.Read(t.Context(), lab, x.o, list)
		}
		if err != nil {
			t.Fatal(err)
		}
		c.Advance(time.Minute)
		if err := write.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-said; err != nil {
			t.Fatal(err)
		}
		if _, unread, err := s.Of(t.Context(), lab, x.o); err != nil || unread != 1 {
			t.Errorf("%d unread, %v", unread, err)
		}
	})
}
