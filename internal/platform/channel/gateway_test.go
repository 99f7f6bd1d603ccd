package channel_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"qiao/internal/platform/channel"
)

var near = channel.Outbound{AllowPrivate: true}

func TestGatewayIsTold(t *testing.T) {
	var got map[string]string
	var head http.Header
	h := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		head = r.Header
		_ = json.NewDecoder(r.Body).Decode(&got)
	}))
	defer h.Close()
	g, err := channel.NewGateway(channel.GatewayConfig{Kind: channel.DingTalk, URL: h.URL, Token: "secret", Outbound: near})
	if err != nil {
		t.Fatal(err)
	}
	m := channel.Message{Key: "k1", To: "u1", Subject: "新订单", Text: "请受理", Link: "https://qiao.example/desk/orders/1?a=b"}
	if err := g.Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	if got["to"] != "u1" || got["kind"] != "dingtalk" || got["subject"] != "新订单" || got["key"] != "k1" {
		t.Errorf("body %v", got)
	}
	if want := "dingtalk://dingtalkclient/page/link?pc_slide=true&url=https%3A%2F%2Fqiao.example%2Fdesk%2Forders%2F1%3Fa%3Db"; got["link"] != want {
		t.Errorf("deep link %q, want %q", got["link"], want)
	}
	if head.Get("Idempotency-Key") != "k1" || head.Get("Authorization") != "Bearer secret" {
		t.Errorf("headers %v", head)
	}
}

func TestGatewayAnswers(t *testing.T) {
	for status, want := range map[int]string{200: "sent", 202: "sent", 302: "refused", 400: "refused", 401: "refused",
		408: "later", 429: "later", 500: "later", 503: "later"} {
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(strings.Repeat("x", 1<<20)))
		}))
		g, err := channel.NewGateway(channel.GatewayConfig{Kind: channel.SMS, URL: h.URL, Outbound: near})
		if err != nil {
			t.Fatal(err)
		}
		if got := outcome(g.Send(context.Background(), channel.Message{Key: "k", To: "1"})); got != want {
			t.Errorf("%d: %s, want %s", status, got, want)
		}
		h.Close()
	}
}

func outcome(err error) string {
	switch {
	case err == nil:
		return "sent"
	case channel.Refused(err):
		return "refused"
	default:
		return "later"
	}
}

func TestGatewayCannotReachInside(t *testing.T) {
	reached := false
	h := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer h.Close()
	g, err := channel.NewGateway(channel.GatewayConfig{Kind: channel.WeCom, URL: h.URL})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Send(context.Background(), channel.Message{Key: "k", To: "1"}); !channel.Refused(err) || reached {
		t.Errorf("a private address was reached: %v", err)
	}
}

func TestGatewayConfiguration(t *testing.T) {
	for name, c := range map[string]channel.GatewayConfig{
		"unknown kind": {Kind: "pigeon", URL: "https://a.example"}, "plain http": {Kind: channel.SMS, URL: "http://a.example"},
		"no host": {Kind: channel.SMS, URL: "https://"}, "file": {Kind: channel.SMS, URL: "file:///etc/passwd", Outbound: near},
	} {
		if _, err := channel.NewGateway(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestPublicAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "2606:4700::1111": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "::1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "0.0.0.0": false, "::": false, "224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false,
		"fe80::1": false, "fd00::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false,
	} {
		if got := channel.Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s public %v, want %v", address, got, want)
		}
	}
}

func TestFakeKeeps(t *testing.T) {
	f := channel.NewFake(channel.Mail)
	m := channel.Message{Key: "k", To: "a@b.example", Subject: "s"}
	if err := f.Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	if got := f.Sent(); len(got) != 1 || got[0] != m || !channel.Simulated(f) {
		t.Errorf("kept %v", got)
	}
	f.Fail(func(channel.Message) error { return errors.New("down") })
	if err := f.Send(context.Background(), m); err == nil || len(f.Sent()) != 1 {
		t.Errorf("a failing fake kept the message: %v", err)
	}
}
