package campus

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/booking"
	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

func own(by identity.Subject) identity.Object {
	return identity.Object{Parties: map[string]string{"owner": by.Org}}
}

// Connections are the subject's organisation's, the ended ones last.
func (s *Service) Connections(ctx context.Context, by identity.Subject) ([]Link, error) {
	var w db.Where
	s.Policy.Filter(by, "campus.desk", map[string]string{"owner": "owner"}, &w)
	list, err := listLinks(ctx, s.DB, &w)
	slices.SortStableFunc(list, func(a, b Link) int { return last(a) - last(b) })
	return list, err
}

func last(l Link) int {
	if l.State == Ended {
		return 1
	}
	return 0
}

// Connect makes a connection. For calls the secret is given back, this once.
func (s *Service) Connect(ctx context.Context, by identity.Subject, req Request, key string) (Link, string, error) {
	if err := s.Policy.Can(by, "campus.manage", own(by)); err != nil {
		return Link{}, "", err
	}
	if err := req.check(s.Plain); err != nil {
		return Link{}, "", err
	}
	now := s.Clock.Now()
	l := Link{
		ID: id.New(), Owner: by.Org, Region: by.Region, Name: req.Name, Kind: req.Kind, Address: req.Address, Direction: req.Direction, Judge: req.Judge, Silent: req.Silent, Poll: req.Poll,
		State: Active, Invented: by.Sample, Person: by.Person, CreatedAt: db.At(now),
	}
	if key != "" {
		l.ID = id.From(by.Person, key, "campus")
	}
	if l.Kind == KindAPI {
		l.Secret, l.SecretAt = rand.Text(), db.NullAt(now)
	}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.One[int64](ctx, tx, `SELECT count(*) FROM campus_link WHERE owner = $1 AND state <> 'ended'`, by.Org)
		if err != nil {
			return fmt.Errorf("count the connections: %w", err)
		}
		if n >= maxLinks {
			return fault.New(fault.Conflict, "campus-full", "一个单位最多 {0} 个连接，请先停用不再用的。", maxLinks)
		}
		if err := insertLink(ctx, tx, l); err != nil {
			return err
		}
		return s.audited(ctx, tx, "connect", l.ID, req)
	})
	return l, l.Secret, err
}

func (s *Service) audited(ctx context.Context, tx *db.Tx, what, link string, data any) error {
	return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "campus." + what, Kind: "campus", ID: link, Data: data})
}

// mine is a connection that the subject may change.
func (s *Service) mine(ctx context.Context, by identity.Subject, link, action string) (Link, error) {
	l, err := getLink(ctx, s.DB, link)
	if err != nil {
		return l, err
	}
	return l, s.Policy.Can(by, action, l.object())
}

// Change takes new settings over; the kind stays.
func (s *Service) Change(ctx context.Context, by identity.Subject, link string, req Request) error {
	l, err := s.mine(ctx, by, link, "campus.manage")
	if err != nil {
		return err
	}
	req.Kind = l.Kind
	if err := req.check(s.Plain); err != nil {
		return err
	}
	l.Name, l.Address, l.Direction, l.Judge, l.Silent, l.Poll = req.Name, req.Address, req.Direction, req.Judge, req.Silent, req.Poll
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := updateLink(ctx, tx, l); err != nil {
			return err
		}
		if err := s.dueNow(ctx, tx, l); err != nil {
			return err
		}
		return s.audited(ctx, tx, "change", l.ID, req)
	})
}

// dueNow lets every instrument of a connection be fetched soon, or not at all.
func (s *Service) dueNow(ctx context.Context, tx *db.Tx, l Link) error {
	due := db.NullTime{}
	if l.fetches() {
		due = db.NullAt(s.Clock.Now())
	}
	if _, err := tx.Exec(ctx, `UPDATE campus_map SET due_at = $2 WHERE link = $1`, l.ID, due); err != nil {
		return fmt.Errorf("plan the next fetches: %w", err)
	}
	return nil
}

// Renew gives a connection a new secret, shown this once; the one before ends at once.
func (s *Service) Renew(ctx context.Context, by identity.Subject, link string) (string, error) {
	l, err := s.mine(ctx, by, link, "campus.manage")
	if err != nil {
		return "", err
	}
	if l.Kind != KindAPI || l.State == Ended {
		return "", fault.New(fault.Conflict, "campus-no-secret", "这个连接不用密钥。")
	}
	l.Secret, l.SecretAt = rand.Text(), db.NullAt(s.Clock.Now())
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := updateLink(ctx, tx, l); err != nil {
			return err
		}
		return s.audited(ctx, tx, "renew", l.ID, nil)
	})
	return l.Secret, err
}

// The verbs of a connection.
const (
	VerbPause    = "pause"
	VerbResume   = "resume"
	VerbEnd      = "end"
	VerbWithdraw = "withdraw" // everything they told is taken out of the calendars: a secret was stolen
	VerbTell     = "tell"     // everything of ours is told again
)

// Do pauses, resumes or ends a connection, or takes out what it brought.
func (s *Service) Do(ctx context.Context, by identity.Subject, link, verb string) error {
	l, err := s.mine(ctx, by, link, "campus.manage")
	if err != nil {
		return err
	}
	ok := map[string]bool{VerbPause: l.State == Active, VerbResume: l.State == Paused, VerbEnd: l.State != Ended, VerbWithdraw: true, VerbTell: l.tells()}[verb]
	if !ok {
		return fault.New(fault.Conflict, "campus-state", "连接现在的状态下不能这样做，请刷新页面再看。")
	}
	maps, err := listMaps(ctx, s.DB, l.ID)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		l.State = map[string]string{VerbPause: Paused, VerbResume: Active, VerbEnd: Ended, VerbWithdraw: l.State, VerbTell: l.State}[verb]
		if err := updateLink(ctx, tx, l); err != nil {
			return err
		}
		if err := s.dueNow(ctx, tx, l); err != nil {
			return err
		}
		for _, m := range maps {
			switch verb {
			case VerbEnd, VerbWithdraw:
				err = s.clear(ctx, tx, l, m)
			case VerbResume, VerbTell:
				err = s.tellAll(ctx, tx, l, m)
			}
			if err == nil && verb == VerbEnd {
				err = deleteMap(ctx, tx, m.Resource)
			}
			if err != nil {
				return err
			}
		}
		if verb == VerbEnd { // what is reserved there is still given back
			if _, err := tx.Exec(ctx, `UPDATE campus_delivery SET state = 'failed', failure = 'ended', due_at = NULL WHERE link = $1 AND state = 'waiting' AND kind <> 'release'`, l.ID); err != nil {
				return fmt.Errorf("end the deliveries: %w", err)
			}
		}
		return s.audited(ctx, tx, verb, l.ID, nil)
	})
}

// farAway is an instant after all that a calendar holds.
func farAway(now time.Time) time.Time { return now.AddDate(10, 0, 0) }

// clear takes what they told of an instrument out of its calendar.
func (s *Service) clear(ctx context.Context, tx *db.Tx, l Link, m Map) error {
	now := s.Clock.Now()
	return s.absent(ctx, tx, l, m, List{Version: 1<<62 - 1, From: now.AddDate(-10, 0, 0), To: farAway(now)})
}

// tellAll tells every coming booking of an instrument, as if it had just been made.
func (s *Service) tellAll(ctx context.Context, tx *db.Tx, l Link, m Map) error {
	if !l.tells() {
		return nil
	}
	now := s.Clock.Now()
	list, err := s.Calendars.Taken(ctx, tx, []string{m.Resource}, now, farAway(now))
	if err != nil {
		return err
	}
	for _, b := range list {
		if b.Kind != booking.HeldByOrder {
			continue
		}
		if l.asks() {
			err = s.owe(ctx, tx, l, b)
		} else {
			err = s.tell(ctx, tx, l.ID, m.Resource, kindTaken, b.Holder, &b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// owe gives a booking that stands already a claim that they are told of.
func (s *Service) owe(ctx context.Context, tx *db.Tx, l Link, b booking.Booking) error {
	has, err := claimsOf(ctx, tx, b.Holder)
	if err != nil {
		return err
	}
	for _, c := range has {
		if c.Link == l.ID && (c.State == ClaimUsed || c.State == ClaimOwed) {
			return nil
		}
	}
	c := Claim{Key: id.New(), Holder: b.Holder, Link: l.ID, Resource: b.Resource, Start: b.Start, End: b.End, State: ClaimOwed, At: db.At(s.Clock.Now())}
	if err := insertClaim(ctx, tx, c); err != nil {
		return err
	}
	return s.tell(ctx, tx, l.ID, b.Resource, kindClaim, c.Key, nil)
}

// Join says what an instrument is called there; for a calendar file its address.
func (s *Service) Join(ctx context.Context, by identity.Subject, link, resource, theirs string) error {
	l, err := s.mine(ctx, by, link, "campus.manage")
	if err != nil {
		return err
	}
	r, err := s.bookable(ctx, by, resource)
	if err != nil {
		return err
	}
	theirs = strings.TrimSpace(theirs)
	bad := fault.New(fault.Invalid, "campus-join", "仪器对应有误，请按提示修改。")
	switch {
	case r.ID == "":
		bad.Field("resource", "unknown", "请选择本单位一台可预约的仪器。")
	case l.Kind == KindICS:
		checkAddress(bad, "theirs", theirs, s.Plain)
	case theirs == "" || utf8.RuneCountInString(theirs) > maxTheirs:
		bad.Field("theirs", "required", "请填写对方系统里的仪器编号，最多 {0} 个字。", maxTheirs)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, there, err := mapOfResource(ctx, tx, resource); err != nil || there {
			if there {
				bad.Field("resource", "joined", "这台仪器已经对应过了：一台仪器只接一个校内日历，请先解除。")
				return bad
			}
			return err
		}
		if _, there, err := mapOf(ctx, tx, l.ID, theirs); err != nil || there {
			if there {
				bad.Field("theirs", "joined", "这个编号已经对应到另一台仪器。")
				return bad
			}
			return err
		}
		m := Map{Resource: r.ID, Link: l.ID, Theirs: theirs, NameZH: r.NameZH, NameEN: r.NameEN}
		var err error
		if m.Told, err = db.One[int64](ctx, tx, `SELECT coalesce(max(number), 0) FROM campus_delivery WHERE resource = $1 AND link = $2`, r.ID, l.ID); err != nil {
			return fmt.Errorf("number the deliveries: %w", err)
		}
		if err := putMap(ctx, tx, m); err != nil {
			return err
		}
		if err := s.dueNow(ctx, tx, l); err != nil {
			return err
		}
		if err := s.tellAll(ctx, tx, l, m); err != nil {
			return err
		}
		return s.audited(ctx, tx, "join", l.ID, m.Resource)
	})
}

// bookable is an own instrument; without an id where it is none.
func (s *Service) bookable(ctx context.Context, by identity.Subject, resource string) (catalogue.Resource, error) {
	list, err := s.Catalogue.Owned(ctx, s.DB, by.Org)
	if err != nil {
		return catalogue.Resource{}, err
	}
	for _, r := range list {
		if r.ID == resource && r.Bookable {
			return r, nil
		}
	}
	return catalogue.Resource{}, nil
}

// Part takes an instrument out of a connection, and out of its calendar what they told.
func (s *Service) Part(ctx context.Context, by identity.Subject, link, resource string) error {
	l, err := s.mine(ctx, by, link, "campus.manage")
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, ok, err := mapOfResource(ctx, tx, resource)
		if err != nil || !ok || m.Link != l.ID {
			return err
		}
		if err := s.clear(ctx, tx, l, m); err != nil {
			return err
		}
		if err := deleteMap(ctx, tx, resource); err != nil {
			return err
		}
		return s.audited(ctx, tx, "part", l.ID, resource)
	})
}

// Again makes a delivery due now.
func (s *Service) Again(ctx context.Context, by identity.Subject, link, delivery string) error {
	l, err := s.mine(ctx, by, link, "campus.manage")
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := retry(ctx, tx, l.ID, delivery, db.NullAt(s.Clock.Now())); err != nil {
			return err
		}
		return s.audited(ctx, tx, "again", l.ID, delivery)
	})
}

// Trial is how a connection did when it was tried by hand.
type Trial struct {
	Failure string // "": all went well
	Status  int64
	Words   string
}

// Try asks them whether they are there: one signed call, or one fetch of each calendar file.
func (s *Service) Try(ctx context.Context, by identity.Subject, link string) (Trial, error) {
	l, err := s.mine(ctx, by, link, "campus.manage")
	if err != nil {
		return Trial{}, err
	}
	ctx = db.WithGuard(ctx, func(context.Context, *db.Tx) error { return nil })
	if l.Kind == KindICS {
		return s.tryFiles(ctx, l)
	}
	if l.Address == "" {
		return Trial{}, fault.New(fault.Conflict, "campus-no-address", "没有填写对方的接口地址：只有对方调用本平台，请在对方系统里测试。")
	}
	limit, stop := context.WithTimeout(ctx, sendLimit)
	defer stop()
	said := s.call(limit, l, http.MethodPost, "/events", eventBody{ID: id.New(), Type: kindPing, At: s.Clock.Now()})
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return heardAgain(ctx, tx, l.ID, said.failure, db.At(s.Clock.Now()))
	})
	return Trial{Failure: said.failure, Status: said.status, Words: said.words}, err
}

// heard notes that they called; once a minute is enough.
func (s *Service) heard(ctx context.Context, l Link) error {
	now := s.Clock.Now()
	if now.Sub(l.Heard.Time) < time.Minute {
		return nil
	}
	ctx = db.WithGuard(ctx, func(context.Context, *db.Tx) error { return nil })
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE campus_link SET heard_at = $2 WHERE id = $1`, l.ID, db.NullAt(now)); err != nil {
			return fmt.Errorf("note that they called: %w", err)
		}
		return nil
	})
}

// failing is how long a connection may fail before its people are asked to look.
const failing = 10 * time.Minute
