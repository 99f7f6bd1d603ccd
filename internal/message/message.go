package message

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"qiao/internal/platform/channel"
	"qiao/internal/platform/id"
)

// Notice is something to tell: to one person, or to the people of an organisation.
type Notice struct {
	Key    string   // the same when the event comes again: its id, and a word where one event tells several
	Event  string   // what it is about: "order.accepted"
	Org    string   // to the people of this organisation; or
	Roles  []string // only those with one of these roles; empty: everyone
	Person string   // to this person
	Title  Line
	Text   Line   // a sentence more; may be empty
	Link   string // path on this site where the reader can act, "/desk/orders/…"
	Stop   string // path on this site where the reader ends messages like this one; empty: nowhere
	Invite Invite // an entry for a calendar that goes with the mail; empty: none
}

// Invite is an entry for the calendar of one of those who are told. UID is the same for ever, Sequence grows with each
// change: the program of the reader adds, changes or drops its entry by them.
type Invite struct {
	For       string    `json:"for"` // the person
	UID       string    `json:"uid"`
	Sequence  int64     `json:"sequence"`
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`
	ZH        string    `json:"zh"` // what it is, in both languages
	EN        string    `json:"en"`
	Number    string    `json:"number"`
	Cancelled bool      `json:"cancelled"`
}

// text is the invitation as it is kept; empty for none.
func (i Invite) text() string {
	if i.UID == "" {
		return ""
	}
	b, err := json.Marshal(i)
	if err != nil {
		return "" // cannot happen: texts, numbers and times always marshal
	}
	return string(b)
}

// Line is a Chinese sentence with its arguments, as i18n.T takes them. Arguments are names, numbers and times as
// people read them; they are kept as text.
type Line struct {
	ZH   string
	Args []string
}

// Say makes a Line; arguments are written as fmt.Sprint does, an amount of money by its own String.
func Say(zh string, args ...any) Line {
	l := Line{ZH: zh}
	for _, a := range args {
		l.Args = append(l.Args, fmt.Sprint(a))
	}
	return l
}

// check finds what cannot be told.
func (n Notice) check() error {
	switch {
	case n.Key == "" || n.Event == "" || n.Title.ZH == "":
		return errors.New("a notice needs a key, an event and a title")
	case (n.Org == "") == (n.Person == ""):
		return fmt.Errorf("notice %s is for an organisation or for a person", n.Event)
	}
	for _, link := range []string{n.Link, n.Stop} {
		if link != "" && (!strings.HasPrefix(link, "/") || strings.HasPrefix(link, "//") || strings.ContainsAny(link, "\\\r\n")) {
			return fmt.Errorf("notice %s: the link %q is no path of this site", n.Event, link)
		}
	}
	return nil
}

// id is the notice's own: the same notice again meets the first.
func (n Notice) id() string { return id.From("notice", n.Key, n.Event, n.Org, n.Person) }

func (l Line) args() string {
	b, err := json.Marshal(append([]string{}, l.Args...))
	if err != nil {
		return "[]" // cannot happen: strings always marshal
	}
	return string(b)
}

// line reads a stored line.
func line(zh, args string) (Line, error) {
	l := Line{ZH: zh}
	if err := json.Unmarshal([]byte(args), &l.Args); err != nil {
		return l, fmt.Errorf("read the arguments of %q: %w", zh, err)
	}
	return l, nil
}

// The states of a delivery.
const (
	Due    = "due"
	Sent   = "sent"
	Parked = "parked"
)

// MaxAttempts is how often the courier tries before it parks a delivery.
const MaxAttempts = 8

// pause is how long the courier waits after the n-th failed attempt (from 1): 1, 5, 25 minutes, then about two hours, ten
// hours, and never more than twelve. Eight attempts span about two days, as long as mail servers usually try.
func pause(n int64) time.Duration {
	d := time.Minute
	for range n - 1 {
		d = min(d*5, 12*time.Hour)
	}
	return d
}

// Channels are the kinds a person can choose beyond the page, in the order of the settings.
func Channels() []string {
	return []string{channel.Mail, channel.SMS, channel.WeCom, channel.DingTalk, channel.WeChat}
}

// Preference is one choice of a person.
type Preference struct {
	Channel string `db:"channel"`
	Enabled bool   `db:"enabled"`
	Address string `db:"address"` // empty for mail: the login's address
}

// byDefault is what holds until a person chose: mail on, everything else off.
func byDefault(kind string) Preference {
	return Preference{Channel: kind, Enabled: kind == channel.Mail}
}

// choose merges what is stored into the defaults, for the kinds there are senders for.
func choose(stored []Preference, kinds []string) []Preference {
	var out []Preference
	for _, kind := range Channels() {
		if !slices.Contains(kinds, kind) {
			continue
		}
		p := byDefault(kind)
		if i := slices.IndexFunc(stored, func(s Preference) bool { return s.Channel == kind }); i >= 0 {
			p = stored[i]
		}
		out = append(out, p)
	}
	return out
}
