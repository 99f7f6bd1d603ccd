package channel

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Kinds of channel. The page itself is always on and needs no sender.
const (
	Mail     = "mail"
	SMS      = "sms"
	WeChat   = "wechat"
	WeCom    = "wecom"
	DingTalk = "dingtalk"
)

// Message is what one person is told, in the person's language.
type Message struct {
	Key     string // the same for every attempt at this message
	To      string // address of the channel: mail address, phone number, open id, user id
	Subject string // one line
	Text    string // plain text
	Link    string // absolute https address where the person can act; may be empty
	// Calendar is an invitation as iCalendar text, Method its method (REQUEST, CANCEL); mail carries it, others leave it.
	Calendar string
	Method   string
}

// Sender sends a message by one kind of channel.
type Sender interface {
	// Kind is one of the kinds of this package.
	Kind() string
	// Send returns nil when the other side has taken the message.
	Send(ctx context.Context, m Message) error
}

// Simulated says that s keeps messages instead of sending them.
func Simulated(s Sender) bool {
	f, ok := s.(interface{ Simulated() bool })
	return ok && f.Simulated()
}

// refusal is an error that trying again cannot mend.
type refusal struct{ err error }

func (r refusal) Error() string { return r.err.Error() }
func (r refusal) Unwrap() error { return r.err }

func refuse(format string, args ...any) error { return refusal{fmt.Errorf(format, args...)} }

// Refused says that trying again cannot help: the address is wrong, the gateway says no.
func Refused(err error) bool {
	var r refusal
	return errors.As(err, &r)
}

// check finds what no channel can carry.
func check(m Message) error {
	switch {
	case strings.TrimSpace(m.To) == "":
		return refuse("message %s has no address", m.Key)
	case strings.ContainsAny(m.To, "\r\n\x00"):
		return refuse("message %s: the address has a line break", m.Key)
	case m.Key == "":
		return refuse("a message needs a key")
	}
	return nil
}

// DeepLink is the address that opens link inside the application of the kind; elsewhere the link itself.
//
// DingTalk opens a page in its side panel only by its own scheme; WeChat and WeCom open https links in their own
// browser as they are; SMS and mail leave it to the phone.
func DeepLink(kind, link string) string {
	if kind != DingTalk || link == "" {
		return link
	}
	return "dingtalk://dingtalkclient/page/link?pc_slide=true&url=" + queryEscape(link)
}
