package onsite

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// RuleOf is how an owner treats the ends of bookings on a day.
func (s *Service) RuleOf(ctx context.Context, q db.Q, owner, day string) (Rule, error) {
	own, err := listRules(ctx, q, owner)
	if err != nil {
		return Rule{}, err
	}
	if len(own) > 0 && own[0].From <= day {
		return dated.On(own, day), nil
	}
	return dated.On(s.rules, day), nil
}

// SetRule says how the ends of bookings are treated from a day on.
func (s *Service) SetRule(ctx context.Context, by identity.Subject, r Rule) error {
	if err := s.Policy.Can(by, "onsite.rule", identity.Object{Parties: map[string]string{"owner": by.Org}}); err != nil {
		return err
	}
	if err := r.check(); err != nil {
		return err
	}
	if r.From < s.today() {
		return fault.New(fault.Invalid, "onsite-rule", "规则有误，请按提示修改。").Field("from", "past", "新规则从今天或以后执行：已有的预约按当时告知的规则。")
	}
	r.ID, r.Owner, r.Person, r.CreatedAt = id.New(), by.Org, by.Person, db.At(s.Clock.Now())
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := putRule(ctx, tx, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, r.CreatedAt.Time, audit.Entry{Action: "onsite.rule", Kind: "onsite-rule", ID: r.ID, Data: r})
	})
}

// Follow brings the session of an order up to date, in the caller's transaction: what was logged at the desk counts alike.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, orderID string) error {
	o, runs, err := s.Orders.Read(ctx, tx, orderID)
	if err != nil || o.Kind != order.KindBooking {
		return err
	}
	x, err := getSession(ctx, tx, orderID)
	switch {
	case fault.Is(err, "session-wrong"):
		if o.State == order.StateRequested || !order.Active(o.State) {
			return nil
		}
		st, err := s.station(Station{Resource: o.Resource, Owner: o.Provider, Region: o.Region, NameZH: o.ResourceZH, NameEN: o.ResourceEN, Invented: o.Sample})
		if err != nil {
			return err
		}
		if err := insertStation(ctx, tx, st); err != nil { // where it has none yet
			return err
		}
		x = Session{Order: o.ID, Number: o.Number, Resource: o.Resource, Owner: o.Provider, Buyer: o.Buyer, Person: o.BuyerPerson, Region: o.Region, Inner: o.Buyer == o.Provider, Invented: o.Sample, State: Booked}
	case err != nil:
		return err
	}
	if moved := !x.From.Equal(o.Start.Time); moved && x.State == NoShow {
		x.State = Booked // put to another time
	}
	x.From, x.To = db.At(o.Start.Time), db.At(o.End.Time)
	x.read(o, runs)
	return putSession(ctx, tx, x)
}

// read takes over what the order says of its machine time.
func (x *Session) read(o order.Order, runs []order.Run) {
	x.Minutes = o.Minutes
	if len(runs) > 0 {
		x.Started, x.Stopped = db.NullAt(runs[0].Start.Time), runs[len(runs)-1].End
	}
	switch {
	case !order.Active(o.State):
		if x.State != NoShow { // who did not come is not who cancelled
			x.State = Cancelled
		}
	case o.State == order.StateRunning:
		x.State = Running
	case len(runs) > 0:
		x.State = Done
	case o.State == order.StateRequested: // put to another time, to be accepted again
		x.State = Cancelled
	case x.State == Cancelled:
		x.State = Booked
	}
}

// Stations are an owner's instruments with their codes.
func (s *Service) Stations(ctx context.Context, by identity.Subject) ([]Station, error) {
	if err := s.Policy.Can(by, "onsite.desk", identity.Object{Parties: map[string]string{"owner": by.Org}}); err != nil {
		return nil, err
	}
	return listStations(ctx, s.DB, by.Org)
}

// Equip gives a code to every bookable instrument that has none yet; a job calls it.
func (s *Service) Equip(ctx context.Context) error {
	return s.Catalogue.EachBookable(ctx, s.DB, 0, func(list []catalogue.Resource) error {
		known, err := equipped(ctx, s.DB, list)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(r catalogue.Resource) bool { return slices.Contains(known, r.ID) })
		if len(list) == 0 {
			return nil
		}
		return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			for _, r := range list {
				x, err := s.station(Station{Resource: r.ID, Owner: r.Owner, Region: r.Region, NameZH: r.NameZH, NameEN: r.NameEN, Invented: r.Sample})
				if err != nil {
					return err
				}
				if err := insertStation(ctx, tx, x); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// station is a new one with its own code and secret.
func (s *Service) station(x Station) (Station, error) {
	var err error
	x.CreatedAt = db.At(s.Clock.Now())
	if x.Code, err = secret(10); err != nil {
		return x, err
	}
	x.Secret, err = secret(20)
	return x, err
}

// secret is n random bytes in letters and digits.
func secret(n int) (string, error) {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)), nil
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Renew gives an instrument another code, or its meter another token, which is told once; the old one ends.
func (s *Service) Renew(ctx context.Context, by identity.Subject, resource, what string) (string, error) {
	x, err := stationBy(ctx, s.DB, "resource", resource)
	if err != nil {
		return "", err
	}
	if err := s.Policy.Can(by, "onsite.rule", identity.Object{Parties: map[string]string{"owner": x.Owner}, Region: x.Region}); err != nil {
		return "", err
	}
	token, err := secret(20)
	if err != nil {
		return "", err
	}
	if what == "meter" {
		token = "meter_" + token
		x.Meter = hashOf(token)
	} else {
		token = token[:16]
		x.Code = token
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := updateStation(ctx, tx, x); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "onsite.renew-" + what, Kind: "resource", ID: resource})
	})
	return token, err
}

// Attempt is what somebody wants to do at an instrument.
type Attempt struct {
	Code   string // of the instrument
	Number string // of the booking
	Pin    string // personal code; not needed by a signed-in person of the booking's organisation
	What   string // DoCheckIn, DoStart or DoStop
}

// After five wrong codes in a row a booking is closed to them for a quarter of an hour.
const (
	maxTries = 5
	tryPause = 15 * time.Minute
)

// Act checks in, starts or stops at the instrument.
func (s *Service) Act(ctx context.Context, by identity.Subject, a Attempt) (Session, error) {
	if a.What != DoCheckIn && a.What != DoStart && a.What != DoStop {
		return Session{}, fault.New(fault.NotFound, "no-verb", "没有“{0}”这个操作。", a.What)
	}
	x, who, err := s.identify(ctx, by, a)
	if err != nil {
		return x, err
	}
	rule, err := s.RuleOf(ctx, s.DB, x.Owner, clock.Day(x.From.Time))
	if err != nil {
		return x, err
	}
	now := s.Clock.Now()
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if x, err = getSession(ctx, tx, x.Order); err != nil {
			return err
		}
		if err := x.can(a.What, rule, now); err != nil {
			return err
		}
		if x.Checked.IsZero() {
			x.Checked = db.NullAt(now)
		}
		switch a.What {
		case DoCheckIn:
			x.State = Here
			if err := audit.Record(ctx, tx, now, audit.Entry{Action: "onsite.check-in", Kind: "order", ID: x.Order}); err != nil {
				return err
			}
		default:
			note := "在仪器旁登记。" //i18n:data the note that the order keeps
			o, err := s.Orders.Attend(ctx, tx, who, x.Order, a.What, time.Time{}, note)
			if err != nil {
				return err
			}
			_, runs, err := s.Orders.Read(ctx, tx, x.Order)
			if err != nil {
				return err
			}
			x.read(o, runs)
		}
		return putSession(ctx, tx, x)
	})
	return x, err
}

// identify finds the booking and the person: by number and personal code, or signed in for the organisation that booked.
func (s *Service) identify(ctx context.Context, by identity.Subject, a Attempt) (Session, identity.Subject, error) {
	st, err := stationBy(ctx, s.DB, "code", a.Code)
	if err != nil {
		return Session{}, by, err
	}
	x, err := getSession(ctx, s.DB, strings.ToUpper(strings.TrimSpace(a.Number)))
	if err != nil {
		return x, by, err
	}
	if x.Resource != st.Resource {
		return x, by, fault.New(fault.Conflict, "session-elsewhere", "这个预约不是这台仪器的。").Field("number", "elsewhere", "请核对预约号和面前的仪器。")
	}
	if by.Person != "" && (by.Person == x.Person || by.Org == x.Buyer && by.Org != "") {
		return x, by, nil
	}
	now := s.Clock.Now()
	right, left := hmac.Equal([]byte(strings.TrimSpace(a.Pin)), []byte(pin(st.Secret, x.Order))), false
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if left, err = takeTry(ctx, tx, x.Order, maxTries, db.At(now), db.At(now.Add(-tryPause))); err == nil && left && right {
			err = forgetTries(ctx, tx, x.Order)
		}
		return err
	})
	switch {
	case err != nil:
		return x, by, err
	case !left:
		return x, by, fault.New(fault.TooMany, "session-tries", "个人码连续输错 {0} 次，请过一刻钟再试，或联系实验室人员。", int64(maxTries))
	case !right:
		return x, by, errWrong()
	}
	return x, identity.Subject{Person: x.Person, Org: x.Buyer}, nil
}

// Sweep closes forgotten sessions and marks bookings that were not kept, each by the rule of its day.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Clock.Now()
	list, err := dueSessions(ctx, s.DB, db.At(now))
	if err != nil {
		return err
	}
	for _, x := range list {
		rule, err := s.RuleOf(ctx, s.DB, x.Owner, clock.Day(x.From.Time))
		if err != nil {
			return err
		}
		switch {
		case x.State == Running && now.After(x.closes(rule)):
			err = s.close(ctx, x, rule)
		case x.missed(rule, now):
			err = s.miss(ctx, x)
		}
		if err != nil {
			return fmt.Errorf("sweep session %s: %w", x.Number, err)
		}
	}
	return nil
}

func (s *Service) close(ctx context.Context, x Session, rule Rule) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		note := "预约结束后没有登记停机，按规则自动停机。" //i18n:data the note that the order keeps
		o, err := s.Orders.Attend(ctx, tx, identity.Subject{}, x.Order, order.VerbStop, x.closes(rule), note)
		if fault.Is(err, "state-conflict") {
			return s.Follow(ctx, tx, x.Order) // stopped at the desk a moment ago
		}
		if err != nil {
			return err
		}
		_, runs, err := s.Orders.Read(ctx, tx, x.Order)
		if err != nil {
			return err
		}
		x.read(o, runs)
		x.ByRule = true
		if err := putSession(ctx, tx, x); err != nil {
			return err
		}
		return outbox.Publish(ctx, tx, s.Clock.Now(), Closed{Order: x.Order, Number: x.Number, Buyer: x.Buyer, Owner: x.Owner, Person: x.Person})
	})
}

func (s *Service) miss(ctx context.Context, x Session) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		x.State = NoShow
		if err := putSession(ctx, tx, x); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "onsite.no-show", Kind: "order", ID: x.Order}); err != nil {
			return err
		}
		return outbox.Publish(ctx, tx, s.Clock.Now(), NotKept{Order: x.Order, Number: x.Number, Buyer: x.Buyer, Owner: x.Owner, Person: x.Person})
	})
}

// Report tells of a fault at the instrument; who does is known by booking and personal code, or signed in.
func (s *Service) Report(ctx context.Context, by identity.Subject, a Attempt, text, key string) error {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n == 0 || n > 1000 {
		return fault.New(fault.Invalid, "fault-invalid", "还差一点：请按提示补充。").Field("text", "required", "请写明出了什么故障，最多 {0} 个字。", 1000)
	}
	x, who, err := s.identify(ctx, by, a)
	if err != nil {
		return err
	}
	st, err := stationBy(ctx, s.DB, "code", a.Code)
	if err != nil {
		return err
	}
	f := Trouble{ID: id.New(), Resource: st.Resource, Owner: st.Owner, Region: st.Region, Order: x.Order, Person: who.Person, Text: text, State: "told", At: db.At(s.Clock.Now())}
	if key != "" {
		f.ID = id.From(x.Order, key, "fault")
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertTrouble(ctx, tx, f); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, f.At.Time, audit.Entry{Action: "onsite.fault", Kind: "resource", ID: st.Resource}); err != nil {
			return err
		}
		return outbox.Publish(ctx, tx, f.At.Time, Faulted{Fault: f.ID, Resource: st.Resource, Owner: st.Owner, Name: st.NameZH})
	})
}

// Settle deals with a fault: until is when the instrument may be back, zero where nothing was wrong with it.
func (s *Service) Settle(ctx context.Context, by identity.Subject, troubleID string, until time.Time) error {
	f, err := getTrouble(ctx, s.DB, troubleID)
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "onsite.rule", identity.Object{Parties: map[string]string{"owner": f.Owner}, Region: f.Region}); err != nil {
		return err
	}
	if f.State != "told" {
		return fault.New(fault.Conflict, "fault-settled", "这条故障报告已经处理过。")
	}
	to := "dismissed"
	if !until.IsZero() {
		if !until.After(s.Clock.Now()) {
			return fault.New(fault.Invalid, "fault-invalid", "还差一点：请按提示补充。").Field("until", "past", "请填现在之后的时间。")
		}
		to = "down"
		if err := s.Down(ctx, by, f.Resource, f.Text, s.Clock.Now(), until); err != nil {
			return err
		}
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := setTrouble(ctx, tx, f.ID, to); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "onsite.settle", Kind: "onsite-fault", ID: f.ID, To: to})
	})
}

// Missed tells whether nobody came to a booking.
func (s *Service) Missed(ctx context.Context, q db.Q, orderID string) (bool, error) {
	x, err := getSession(ctx, q, orderID)
	if fault.Is(err, "session-wrong") {
		return false, nil
	}
	return x.State == NoShow, err
}
