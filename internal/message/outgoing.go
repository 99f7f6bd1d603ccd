package message

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/channel"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// Out is a delivery as the operator sees it.
type Out struct {
	Delivery

	To    string // the address; shortened unless it was only kept by the demo's gateway
	Title string // in the operator's language
	Text  string
	Link  string
}

// Outgoing lists deliveries, newest first; state is one of Due, Sent, Parked, or empty for all.
func (s *Service) Outgoing(ctx context.Context, state, cursor string, n int) (out []Out, next string, err error) {
	from, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	rows, err := listOutgoing(ctx, s.db, state, from, n+1)
	if err != nil {
		return nil, "", fmt.Errorf("read outgoing messages: %w", err)
	}
	if len(rows) > n {
		rows = rows[:n]
		next = web.EncodeCursor(db.Stamp(rows[n-1].At.Time), rows[n-1].ID)
	}
	for _, r := range rows {
		o := Out{Delivery: r.Delivery, To: short(r.Address), Link: r.Link}
		if r.Simulated || s.simulated() {
			o.To = r.Address
		}
		if o.Title, o.Text, err = r.texts(ctx); err != nil {
			return nil, "", err
		}
		out = append(out, o)
	}
	return out, next, nil
}

// short hides most of an address: an operator must see that mail goes out, not read everybody's address.
func short(address string) string {
	name, host, isMail := strings.Cut(address, "@")
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return "…"
	}
	if isMail {
		return string(first) + "…@" + host
	}
	if len(name) == 11 {
		return name[:3] + "…" + name[9:]
	}
	return string(first) + "…"
}

// Counts is how many deliveries are in each state, and since when the oldest parked one waits.
type Counts struct {
	Due, Sent, Parked int
	ParkedSince       time.Time
}

func (s *Service) counts(ctx context.Context) (Counts, error) {
	rows, err := countStates(ctx, s.db)
	if err != nil {
		return Counts{}, fmt.Errorf("count outgoing messages: %w", err)
	}
	var c Counts
	for _, r := range rows {
		switch r.State {
		case Due:
			c.Due = int(r.Count)
		case Sent:
			c.Sent = int(r.Count)
		case Parked:
			c.Parked, c.ParkedSince = int(r.Count), r.Oldest.Time
		}
	}
	return c, nil
}

// Tasks is what waits for the subject: parked deliveries, for the operator.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if s.deps.Policy.May(by, "message.retry") != nil {
		return nil, nil
	}
	c, err := s.counts(ctx)
	if err != nil || c.Parked == 0 {
		return nil, err
	}
	return []ui.Task{{Title: t(ctx, "有外发消息未能送达，已搁置"), Link: "/desk/outgoing?state=parked", Since: c.ParkedSince, Count: c.Parked, Icon: "mail-off"}}, nil
}

// channelName is what people call a channel.
func channelName(ctx context.Context, kind string) string {
	switch kind {
	case channel.Mail:
		return t(ctx, "邮件")
	case channel.SMS:
		return t(ctx, "短信")
	case channel.WeChat:
		return t(ctx, "微信")
	case channel.WeCom:
		return t(ctx, "企业微信")
	case channel.DingTalk:
		return t(ctx, "钉钉")
	default:
		return kind
	}
}
