package message

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"qiao/internal/platform/channel"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ical"
)

const (
	courierBatch = 50
	lease        = 5 * time.Minute // longer than any sender's timeout
)

// Courier sends what is due; a job calls it every few seconds.
func (s *Service) Courier(ctx context.Context) error {
	_, err := s.Deliver(ctx)
	return err
}

// Deliver sends what is due and tells how many the other side took. Only errors of our own database are returned: what a
// gateway says is kept with the delivery. Two couriers at once are harmless.
func (s *Service) Deliver(ctx context.Context) (sent int, err error) {
	due, err := listDue(ctx, s.db, s.clock.Now(), courierBatch)
	if err != nil {
		return 0, fmt.Errorf("look for due deliveries: %w", err)
	}
	for _, d := range due {
		if ctx.Err() != nil {
			return sent, ctx.Err()
		}
		ok, err := s.carry(ctx, d)
		if err != nil {
			return sent, fmt.Errorf("carry delivery %s: %w", d.ID, err)
		}
		if ok {
			sent++
		}
	}
	return sent, nil
}

// carry takes one delivery, sends it outside any transaction, and notes how it went. After a crash in between, the
// lease runs out and it is sent again under the same key.
func (s *Service) carry(ctx context.Context, d outgoing) (sent bool, err error) {
	var mine bool
	if err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		mine, err = leaseDelivery(ctx, tx, d.Delivery, s.clock.Now().Add(lease))
		return err
	}); err != nil || !mine {
		return false, err
	}
	failure := s.send(ctx, d)
	if failure != nil && ctx.Err() != nil {
		return false, ctx.Err() // we are stopping; the lease gives it back
	}
	ctx = context.WithoutCancel(ctx)
	return failure == nil, s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if failure == nil {
			return updateSent(ctx, tx, d.Delivery, s.clock.Now(), channel.Simulated(s.senders[d.Channel]))
		}
		state, next := outcome(d.Attempts+1, failure)
		return updateFailed(ctx, tx, d.Delivery, state, s.clock.Now().Add(next), problem(failure))
	})
}

// outcome decides after the n-th attempt failed: park, or try again later.
func outcome(n int64, failure error) (state string, next time.Duration) {
	if channel.Refused(failure) || n >= MaxAttempts {
		return Parked, 0
	}
	return Due, pause(n)
}

// problem is what the operator reads, short enough for a table.
func problem(err error) string {
	runes := []rune(err.Error())
	return string(runes[:min(len(runes), 300)])
}

var errNoSender = errors.New("there is no sender for this channel")

func (s *Service) send(ctx context.Context, d outgoing) error {
	sender := s.senders[d.Channel]
	if sender == nil {
		return errNoSender
	}
	m, err := s.compose(ctx, d)
	if err != nil {
		return err
	}
	return sender.Send(ctx, m)
}

// compose writes the message in the reader's language.
func (s *Service) compose(ctx context.Context, d outgoing) (channel.Message, error) {
	lang, _ := i18n.Parse(d.Lang)
	ctx = i18n.With(ctx, lang, s.deps.Catalog)
	title, body, err := d.texts(ctx)
	if err != nil {
		return channel.Message{}, err
	}
	m := channel.Message{Key: d.ID, To: d.Address, Subject: title, Text: title}
	if body != "" {
		m.Text += "\n\n" + body
	}
	if d.Link != "" {
		m.Link = s.deps.Origin + d.Link
	}
	if err := s.invite(ctx, d, &m); err != nil {
		return m, err
	}
	if d.Stop != "" {
		m.Text += "\n\n" + t(ctx, "不想再收到这一类提醒：{0}", s.deps.Origin+d.Stop)
	}
	if d.Channel == channel.Mail {
		m.Text += "\n\n— " + s.deps.Name + "\n" + t(ctx, "不想再收到邮件，可在“消息设置”中关闭：{0}", s.deps.Origin+settingsPath)
	}
	return m, nil
}

// invite adds the entry for the calendar to the mail of the person whose it is.
func (s *Service) invite(ctx context.Context, d outgoing, m *channel.Message) error {
	if d.Invite == "" || d.Channel != channel.Mail {
		return nil
	}
	var i Invite
	if err := json.Unmarshal([]byte(d.Invite), &i); err != nil {
		return fmt.Errorf("read the invitation of %s: %w", d.Notice, err)
	}
	if i.For != d.Person {
		return nil
	}
	e := ical.Event{UID: i.UID, Sequence: i.Sequence, Start: i.Start, End: i.End, Summary: i18n.Pick(ctx, i.ZH, i.EN), Text: i.Number, Link: m.Link, Status: "CONFIRMED", Private: true, Organizer: s.deps.From, Attendee: d.Address}
	m.Method = "REQUEST"
	if i.Cancelled {
		m.Method, e.Status = "CANCEL", "CANCELLED"
	}
	m.Calendar = ical.Write(ical.Calendar{Method: m.Method, Events: []ical.Event{e}}, s.clock.Now())
	return nil
}

// texts are the notice's title and body in the language of ctx.
func (n noticeText) texts(ctx context.Context) (title, body string, err error) {
	head, err := line(n.Title, n.TitleArgs)
	if err != nil {
		return "", "", err
	}
	rest, err := line(n.Body, n.BodyArgs)
	if err != nil {
		return "", "", err
	}
	return head.in(ctx), rest.in(ctx), nil
}

var t = i18n.T

// in is the line in the language of ctx.
func (l Line) in(ctx context.Context) string {
	if l.ZH == "" {
		return ""
	}
	args := make([]any, len(l.Args))
	for i, a := range l.Args {
		args[i] = a
	}
	return t(ctx, l.ZH, args...)
}
