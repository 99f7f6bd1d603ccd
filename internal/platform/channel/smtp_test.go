package channel_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/platform/channel"
	"qiao/internal/platform/clock"
)

// mailServer is the smallest SMTP server that can be talked to: it keeps what it is given.
type mailServer struct {
	listener net.Listener
	tls      *tls.Config // nil: offers no STARTTLS
	rcpt     string      // answer to RCPT
	silent   bool        // accepts and says nothing
	mu       sync.Mutex
	mails    []string
}

func startMailServer(t *testing.T, s *mailServer) *mailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.listener = l
	var open sync.WaitGroup
	open.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); open.Wait() })
	return s
}

func (s *mailServer) port() int { return s.listener.Addr().(*net.TCPAddr).Port }

func (s *mailServer) received() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.mails...)
}

func (s *mailServer) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	if s.silent {
		_, _ = io.Copy(io.Discard, conn)
		return
	}
	in := bufio.NewReader(conn)
	say := func(line string) { _, _ = fmt.Fprintf(conn, "%s\r\n", line) }
	say("220 test")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.Fields(line + " x")[0]); verb {
		case "EHLO":
			if _, secure := conn.(*tls.Conn); s.tls != nil && !secure {
				say("250-test")
				say("250 STARTTLS")
			} else {
				say("250-test")
				say("250 8BITMIME")
			}
		case "STARTTLS":
			say("220 go")
			secure := tls.Server(conn, s.tls)
			conn, in = secure, bufio.NewReader(secure)
		case "RCPT":
			say(s.rcptAnswer())
		case "DATA":
			say("354 go")
			s.keep(in)
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *mailServer) rcptAnswer() string {
	if s.rcpt != "" {
		return s.rcpt
	}
	return "250 ok"
}

func (s *mailServer) keep(in *bufio.Reader) {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, b.String())
}

// certificate is a server certificate for 127.0.0.1 and the pool that trusts it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	h := httptest.NewTLSServer(nil)
	t.Cleanup(h.Close)
	pool := x509.NewCertPool()
	pool.AddCert(h.Certificate())
	return &tls.Config{Certificates: h.TLS.Certificates, MinVersion: tls.VersionTLS12}, pool
}

func sender(t *testing.T, s *mailServer, policy channel.TLS, roots *x509.CertPool) *channel.SMTP {
	t.Helper()
	mailer, err := channel.NewSMTP(channel.SMTPConfig{Host: "127.0.0.1", Port: s.port(), From: "桥 <noreply@qiao.example>",
		TLS: policy, Roots: roots, Timeout: 2 * time.Second, Clock: clock.NewFake(time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC))})
	if err != nil {
		t.Fatal(err)
	}
	return mailer
}

func TestMailArrivesAsWritten(t *testing.T) {
	cfg, pool := certificate(t)
	s := startMailServer(t, &mailServer{tls: cfg})
	m := channel.Message{Key: "k1", To: "firm@demo.qiao", Subject: "您的订单已被接受：扫描电子显微镜（SEM）预约成功",
		Text: "第一行\n.以点开头\n末行", Link: "https://qiao.example/desk/orders/1"}
	if err := sender(t, s, channel.TLSStart, pool).Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	got := parse(t, s.received(), 1)
	subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	if err != nil || subject != m.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	raw, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, got.Body))
	if err != nil {
		t.Fatal(err)
	}
	want := "第一行\r\n.以点开头\r\n末行\r\n\r\nhttps://qiao.example/desk/orders/1"
	if string(raw) != want {
		t.Errorf("text %q, want %q", raw, want)
	}
	if d, err := got.Header.Date(); err != nil || d.Unix() != 1795253400 {
		t.Errorf("date %v, %v", d, err)
	}
}

// An invitation is another form of the same mail, as calendar programs look for it (RFC 6047), and cannot break its form.
func TestAnInvitationGoesWithTheMail(t *testing.T) {
	cfg, pool := certificate(t)
	s := startMailServer(t, &mailServer{tls: cfg})
	m := channel.Message{Key: "k2", To: "firm@demo.qiao", Subject: "预约已被接受", Text: "正文", Calendar: "BEGIN:VCALENDAR\r\nSUMMARY:扫描电镜\r\nEND:VCALENDAR\r\n", Method: "REQUEST\r\nBcc: x@y.example"}
	if err := sender(t, s, channel.TLSStart, pool).Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	got := parse(t, s.received(), 1)
	kind, params, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" || got.Header.Get("Bcc") != "" {
		t.Fatalf("%s %v %v", kind, got.Header, err)
	}
	var parts []string
	for r := multipart.NewReader(got.Body, params["boundary"]); ; {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, p))
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, p.Header.Get("Content-Type")+" "+string(raw))
	}
	if len(parts) != 2 || parts[0] != "text/plain; charset=utf-8 正文" || !strings.HasPrefix(parts[1], "text/calendar; charset=utf-8; method=REQUEST") || !strings.HasSuffix(parts[1], m.Calendar) {
		t.Errorf("parts %q", parts)
	}
}

func parse(t *testing.T, mails []string, n int) *mail.Message {
	t.Helper()
	if len(mails) != n {
		t.Fatalf("%d mails arrived, want %d", len(mails), n)
	}
	m, err := mail.ReadMessage(strings.NewReader(mails[n-1]))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMailNeverGoesUnprotected(t *testing.T) {
	_, pool := certificate(t)
	s := startMailServer(t, &mailServer{})
	err := sender(t, s, channel.TLSStart, pool).Send(context.Background(), channel.Message{Key: "k", To: "a@b.example"})
	if err == nil || channel.Refused(err) || len(s.received()) != 0 {
		t.Errorf("a server without STARTTLS: %v, %d mails", err, len(s.received()))
	}
}

func TestMailServerOfAnUnknownCertificateGetsNothing(t *testing.T) {
	cfg, _ := certificate(t)
	s := startMailServer(t, &mailServer{tls: cfg})
	err := sender(t, s, channel.TLSStart, x509.NewCertPool()).Send(context.Background(), channel.Message{Key: "k", To: "a@b.example"})
	if err == nil || len(s.received()) != 0 {
		t.Errorf("an untrusted certificate: %v, %d mails", err, len(s.received()))
	}
}

func TestMailAnswers(t *testing.T) {
	for _, c := range []struct {
		name, answer, to string
		refused          bool
	}{
		{"no such mailbox", "550 no such user", "a@b.example", true},
		{"mailbox busy", "450 later", "a@b.example", false},
		{"no mail address", "250 ok", "not an address", true},
		{"a header in the address", "250 ok", "a@b.example\r\nBcc: c@d.example", true},
		{"no address", "250 ok", " ", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startMailServer(t, &mailServer{rcpt: c.answer})
			err := sender(t, s, channel.TLSNone, nil).Send(context.Background(), channel.Message{Key: "k", To: c.to})
			if err == nil || channel.Refused(err) != c.refused {
				t.Errorf("got %v, refused %v, want refused %v", err, channel.Refused(err), c.refused)
			}
		})
	}
}

func TestASilentMailServerIsLeft(t *testing.T) {
	s := startMailServer(t, &mailServer{silent: true})
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if err := sender(t, s, channel.TLSNone, nil).Send(ctx, channel.Message{Key: "k", To: "a@b.example"}); err == nil {
		t.Error("a server that says nothing took the mail")
	}
}

// Whatever the subject and the text are, the mail has exactly our headers, and the subject is one line of it.
func TestNothingStartsAHeader(t *testing.T) {
	s := startMailServer(t, &mailServer{})
	mailer := sender(t, s, channel.TLSNone, nil)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		m := channel.Message{Key: rapid.StringN(1, 40, -1).Draw(r, "key"), To: "a@b.example",
			Subject: rapid.StringOf(rapid.SampledFrom([]rune("ab桥\r\n:\u2028 \x00"))).Draw(r, "subject"),
			Text:    rapid.String().Draw(r, "text")}
		if err := mailer.Send(context.Background(), m); err != nil {
			r.Fatal(err)
		}
		n++
		got, err := mail.ReadMessage(strings.NewReader(s.received()[n-1]))
		if err != nil {
			r.Fatal(err)
		}
		if len(got.Header) != 9 || got.Header.Get("Bcc") != "" {
			r.Fatalf("headers %v", got.Header)
		}
	})
}

func TestMailConfiguration(t *testing.T) {
	for name, c := range map[string]channel.SMTPConfig{
		"no host": {From: "a@b.example"}, "no address": {URL: "mail.example:25", From: "a@b.example"}, "broken": {URL: "smtp://%zz", From: "a@b.example"},
		"odd way": {URL: "smtp://h?tls=ssl", From: "a@b.example"}, "no sender": {Host: "h"}, "odd tls": {Host: "h", From: "a@b.example", TLS: "ssl"},
	} {
		if _, err := channel.NewSMTP(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestMailServerAsAnAddress(t *testing.T) {
	s := startMailServer(t, &mailServer{})
	mailer, err := channel.NewSMTP(channel.SMTPConfig{URL: fmt.Sprintf("smtp://127.0.0.1:%d?tls=none", s.port()), From: "a@b.example"})
	if err != nil {
		t.Fatal(err)
	}
	if err := mailer.Send(context.Background(), channel.Message{Key: "k", To: "a@b.example"}); err != nil || len(s.received()) != 1 {
		t.Errorf("%v, %d mails", err, len(s.received()))
	}
	_, err = channel.NewSMTP(channel.SMTPConfig{URL: "ftp://user:hunter2@host", From: "a@b.example"})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the password is told: %v", err)
	}
}
