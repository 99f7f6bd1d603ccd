package observe

import (
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// The states of a session. They follow from its times and what was done to it; nothing has to be swept.
const (
	Waiting   = "planned"
	Open      = "open"
	Over      = "ended"
	Cancelled = "cancelled"
)

// Session is one time of watching.
type Session struct {
	ID        string      `db:"id"`
	Plan      string      `db:"plan"`
	Order     string      `db:"order_id"`
	Number    string      `db:"number"`
	Buyer     string      `db:"buyer"`
	Provider  string      `db:"provider"`
	Region    string      `db:"region"`
	NameZH    string      `db:"name_zh"`
	NameEN    string      `db:"name_en"`
	Invented  bool        `db:"invented"`
	Starts    db.Time     `db:"starts_at"`
	Ends      db.Time     `db:"ends_at"`
	Opens     db.Time     `db:"opens_at"`  // when one may come in
	Closes    db.Time     `db:"closes_at"` // when everybody is shown out
	Link      string      `db:"link"`
	Talk      bool        `db:"talk"` // watchers may speak now
	Live      db.NullTime `db:"live_at"`
	Ended     db.NullTime `db:"ended_at"`
	Cancelled db.NullTime `db:"cancelled_at"`
	Reason    string      `db:"reason"`
}

// State is how a session stands at an instant; pure.
func (x Session) State(now time.Time) string {
	switch {
	case !x.Cancelled.IsZero():
		return Cancelled
	case !x.Ended.IsZero() || !now.Before(x.Closes.Time):
		return Over
	case now.Before(x.Opens.Time):
		return Waiting
	}
	return Open
}

// enter is a fault where the door is closed at an instant.
func (x Session) enter(now time.Time) error {
	switch x.State(now) {
	case Cancelled:
		return fault.New(fault.Conflict, "observe-cancelled", "这一场已取消。")
	case Over:
		return fault.New(fault.Conflict, "observe-over", "这一场已经结束，画面不再提供；观察记录和截图仍可查看。")
	case Waiting:
		return fault.New(fault.Conflict, "observe-early", "还没有到时间，{0} 起可以进入。", clock.Local(x.Opens.Time).Format("2006-01-02 15:04"))
	}
	return nil
}

// session is one of a plan's, at a time.
func (p Plan) session(id string, at span) Session {
	return Session{
		ID: id, Plan: p.ID, Order: p.Order, Number: p.Number, Buyer: p.Buyer, Provider: p.Provider, Region: p.Region, NameZH: p.NameZH, NameEN: p.NameEN, Invented: p.Invented,
		Starts: db.At(at.from), Ends: db.At(at.to), Opens: db.At(at.from.Add(-minutes(p.Early))), Closes: db.At(at.to.Add(minutes(p.Late))), Link: p.Link, Talk: p.Talk,
	}
}

// object is a session as the permission table sees it; a named participant is a guest.
func (x Session) object(guest string) identity.Object {
	return identity.Object{Parties: map[string]string{Buyer: x.Buyer, Provider: x.Provider, Guest: guest}, Region: x.Region}
}

func (p Plan) object() identity.Object {
	return identity.Object{Parties: map[string]string{Buyer: p.Buyer, Provider: p.Provider}, Region: p.Region}
}

// Note is what somebody wrote down during or after a session, or a picture they kept.
type Note struct {
	ID      string  `db:"id"`
	Session string  `db:"session"`
	Side    string  `db:"side"`
	Person  string  `db:"person"`
	Org     string  `db:"org"`
	Text    string  `db:"text"`
	Picture string  `db:"picture"` // SHA-256 of a JPEG, or empty
	Width   int64   `db:"width"`
	Height  int64   `db:"height"`
	Size    int64   `db:"size"`
	At      db.Time `db:"at"`
}

// The parts people take in a session.
const (
	PartPublish = "publish" // sends the picture
	PartWatch   = "watch"
	PartTalk    = "talk" // a watcher who speaks
	PartLink    = "link" // went to the meeting elsewhere
)

// Visit is somebody's coming and going.
type Visit struct {
	ID      string      `db:"id"`
	Session string      `db:"session"`
	Part    string      `db:"part"`
	Person  string      `db:"person"`
	Org     string      `db:"org"`
	Joined  db.Time     `db:"joined_at"`
	Left    db.NullTime `db:"left_at"`
	Why     string      `db:"why"`
}

// GuestOf is a named participant of a plan.
type GuestOf struct {
	Plan   string  `db:"plan"`
	Person string  `db:"person"`
	Org    string  `db:"org"`
	By     string  `db:"named_by"`
	At     db.Time `db:"at"`
}
