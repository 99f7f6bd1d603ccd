package channel

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// answerLimit is how much of a gateway's answer is read.
const answerLimit = 64 << 10

// GatewayConfig says where the gateway of one kind listens.
type GatewayConfig struct {
	Kind     string // SMS, WeChat, WeCom, DingTalk
	URL      string
	Token    string // sent as Authorization: Bearer; may be empty
	Outbound Outbound
}

// Gateway hands messages as JSON to an HTTP gateway, which knows the provider's own protocol, templates and
// signatures:
//
//	POST URL
//	Authorization: Bearer TOKEN
//	Idempotency-Key: KEY
//	{"kind":"sms","to":"…","subject":"…","text":"…","link":"…","key":"KEY"}
//
// 2xx: taken. 408, 425, 429 and 5xx: later. Anything else: refused.
type Gateway struct {
	kind, url, token string
	client           *http.Client
}

type gatewayMessage struct {
	Kind    string `json:"kind"`
	To      string `json:"to"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	Link    string `json:"link,omitempty"`
	Key     string `json:"key"`
}

// NewGateway checks the address and makes the client.
func NewGateway(c GatewayConfig) (*Gateway, error) {
	switch c.Kind {
	case SMS, WeChat, WeCom, DingTalk:
	default:
		return nil, fmt.Errorf("there is no gateway for %q", c.Kind)
	}
	address, err := c.Outbound.address(c.URL)
	if err != nil {
		return nil, err
	}
	return &Gateway{kind: c.Kind, url: address, token: c.Token, client: c.Outbound.Client()}, nil
}

// Kind is the kind it was made for.
func (g *Gateway) Kind() string { return g.kind }

// Send posts m to the gateway.
func (g *Gateway) Send(ctx context.Context, m Message) error {
	if err := check(m); err != nil {
		return err
	}
	req, err := g.request(ctx, m)
	if err != nil {
		return err
	}
	res, err := g.client.Do(req)
	if err != nil {
		return fmt.Errorf("reach the %s gateway: %w", g.kind, err)
	}
	_, readErr := io.Copy(io.Discard, io.LimitReader(res.Body, answerLimit))
	return errors.Join(judge(g.kind, res.StatusCode), readErr, res.Body.Close())
}

func (g *Gateway) request(ctx context.Context, m Message) (*http.Request, error) {
	body, err := json.Marshal(gatewayMessage{Kind: g.kind, To: m.To, Subject: m.Subject, Text: m.Text,
		Link: DeepLink(g.kind, m.Link), Key: m.Key})
	if err != nil {
		return nil, fmt.Errorf("write the message for the %s gateway: %w", g.kind, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("address the %s gateway: %w", g.kind, err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Idempotency-Key", m.Key)
	if g.token != "" {
		req.Header.Set("Authorization", "Bearer "+g.token)
	}
	return req, nil
}

// judge reads a gateway's status.
func judge(kind string, status int) error {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests, status >= 500:
		return fmt.Errorf("the %s gateway answered %d", kind, status)
	default:
		return refuse("the %s gateway refused with %d", kind, status)
	}
}
