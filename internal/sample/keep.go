package sample

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// errRepeat ends a transaction whose request was served before; nothing is written again.
var errRepeat = errors.New("sample: this request was served before")

// maxSamples is how many samples one order may have.
const maxSamples = 999

// Declare says what the buyer will send for an order.
func (s *Service) Declare(ctx context.Context, by identity.Subject, orderID string, d Declaration, key string) (Sample, error) {
	detail, err := s.Orders.Get(ctx, by, orderID)
	if err != nil {
		return Sample{}, err
	}
	o := detail.Order
	x := Sample{
		ID: id.New(), Order: o.ID, Buyer: o.Buyer, Provider: o.Provider, Region: o.Region, Name: strings.TrimSpace(d.Name), OwnNumber: strings.TrimSpace(d.OwnNumber),
		Hazard: d.Hazard, Storage: d.Storage, Wish: d.Wish, KeepUntil: d.KeepUntil, Due: d.KeepUntil, Amount: d.Amount, Unit: d.Unit, State: Declared, Invented: o.Sample,
	}
	if key != "" {
		x.ID = id.From(by.Person, key, "sample")
	}
	if err := s.Policy.Can(by, "sample.declare", object(x)); err != nil {
		return Sample{}, err
	}
	if !accepts(o) {
		return Sample{}, fault.New(fault.Conflict, "sample-late", "这个订单已经不再接收样品。")
	}
	if err := d.check(s.today()); err != nil {
		return Sample{}, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if there, err := hasStep(ctx, tx, id.From(x.ID, VerbDeclare)); err != nil || there {
			return errors.Join(err, errRepeat)
		}
		return s.add(ctx, tx, &x, o.Number, Step{ID: id.From(x.ID, VerbDeclare), Side: Buyer, Person: by.Person, Org: by.Org, Verb: VerbDeclare, To: Declared, Change: x.Amount, Note: strings.TrimSpace(d.Note)})
	})
	if errors.Is(err, errRepeat) {
		return getSample(ctx, s.DB, x.ID)
	}
	return x, err
}

// add writes a new sample with its number and its first step.
func (s *Service) add(ctx context.Context, tx *db.Tx, x *Sample, number string, first Step) error {
	last, err := lastPosition(ctx, tx, x.Order)
	if err != nil {
		return err
	}
	if last >= maxSamples {
		return fault.New(fault.Conflict, "sample-many", "一个订单最多登记 {0} 份样品。", int64(maxSamples))
	}
	now := db.At(s.Clock.Now())
	x.Position, x.Revision, x.CreatedAt, x.UpdatedAt = last+1, 1, now, now
	x.Number = fmt.Sprintf("%s-S%02d", number, x.Position)
	if err := insertSample(ctx, tx, *x); err != nil {
		return err
	}
	return s.record(ctx, tx, *x, first)
}

// record adds a step to the history, the audit log and the outbox.
func (s *Service) record(ctx context.Context, tx *db.Tx, x Sample, step Step) error {
	step.Sample, step.Position, step.At = x.ID, x.Revision, x.UpdatedAt
	if _, err := insertStep(ctx, tx, step); err != nil {
		return err
	}
	e := Moved{Sample: x.ID, Number: x.Number, Order: x.Order, Buyer: x.Buyer, Provider: x.Provider, Verb: step.Verb, To: x.State, Offered: x.Offered}
	if err := outbox.Publish(ctx, tx, step.At.Time, e); err != nil {
		return fmt.Errorf("tell of a sample: %w", err)
	}
	if err := audit.Record(ctx, tx, step.At.Time, audit.Entry{Action: "sample." + step.Verb, Kind: "sample", ID: x.ID, From: step.From, To: step.To, Data: step}); err != nil {
		return fmt.Errorf("record a sample: %w", err)
	}
	return nil
}

// actionOf is the permission a verb asks for.
func actionOf(verb string) string {
	for _, step := range Table() {
		if step.Verb == verb && slices.Contains(step.Who, Buyer) {
			return "sample.declare"
		}
	}
	return "sample.keep"
}

// Do takes a sample one step further. Receiving the first sample of an order tells the order, too.
func (s *Service) Do(ctx context.Context, by identity.Subject, sample, verb string, r Request) (Sample, error) {
	x, err := s.Get(ctx, by, sample)
	if err != nil {
		return x, err
	}
	if verb == VerbDeclare || !Table().Has(verb) {
		return x, fault.New(fault.NotFound, "no-verb", "样品没有“{0}”这个操作。", verb)
	}
	if err := s.Policy.Can(by, actionOf(verb), object(x)); err != nil {
		return x, err
	}
	to := ""
	if verb == VerbHand && strings.TrimSpace(r.Login) != "" {
		if to, err = s.colleague(ctx, by, r.Login); err != nil {
			return x, err
		}
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.step(ctx, tx, by, &x, verb, r, to) })
	if errors.Is(err, errRepeat) {
		x, err = getSample(ctx, s.DB, x.ID)
	}
	if err == nil && verb == VerbReceive { // asked again, too: the order may not have been told the first time
		err = s.received(ctx, by, x, r)
	}
	return x, err
}

// step is Do inside its transaction.
func (s *Service) step(ctx context.Context, tx *db.Tx, by identity.Subject, x *Sample, verb string, r Request, to string) error {
	var err error
	if *x, err = getSample(ctx, tx, x.ID); err != nil {
		return err
	}
	stepID := id.New()
	if r.Key != "" {
		stepID = id.From(x.ID, by.Person, verb, r.Key)
		if there, err := hasStep(ctx, tx, stepID); err != nil || there {
			return errors.Join(err, errRepeat)
		}
	}
	before := x.State
	if _, err := Table().Next(before, verb); err != nil { // what is not possible is said before what is missing
		return err
	}
	if err := r.check(verb, *x, s.today()); err != nil {
		return err
	}
	after, change, err := apply(*x, verb, r, by.Person, to)
	if err != nil {
		return err
	}
	after.Revision, after.UpdatedAt = x.Revision+1, db.At(s.Clock.Now())
	if ok, err := updateSample(ctx, tx, after); err != nil || !ok {
		return errors.Join(err, moved(ok))
	}
	if verb == VerbExtend {
		if err := setDue(ctx, tx, after); err != nil {
			return err
		}
	}
	side := Provider
	if actionOf(verb) == "sample.declare" {
		side = Buyer
	}
	*x = after
	if verb == VerbExtend {
		r.Note = "→ " + r.Keep + " " + r.Note
	}
	step := Step{ID: stepID, Side: side, Person: by.Person, Org: by.Org, Verb: verb, From: before, To: after.State, Place: after.Place, Change: change, Carrier: strings.TrimSpace(r.Carrier), Note: strings.TrimSpace(r.Note)}
	if err := s.record(ctx, tx, after, step); err != nil || verb != VerbSplit {
		return err
	}
	return s.part(ctx, tx, by, after, r)
}

// moved is the fault of a sample that somebody else has moved meanwhile.
func moved(ok bool) error {
	if ok {
		return nil
	}
	return fault.New(fault.Conflict, "sample-moved", "这份样品刚刚被别人操作过，请刷新页面再试。")
}

// part makes the sample that was split off, where its parent is.
func (s *Service) part(ctx context.Context, tx *db.Tx, by identity.Subject, parent Sample, r Request) error {
	child := parent
	child.ID, child.Parent, child.Amount, child.Offered = id.From(parent.ID, "part", fmt.Sprint(parent.Revision)), parent.ID, r.Amount, ""
	at := strings.LastIndex(parent.Number, "-S")
	return s.add(ctx, tx, &child, parent.Number[:at], Step{ID: id.From(child.ID, VerbSplit), Side: Provider, Person: by.Person, Org: by.Org, Verb: VerbSplit, To: child.State, Place: child.Place, Change: child.Amount, Note: strings.TrimSpace(r.Note)})
}

// received tells the order that its samples have begun to arrive; an order that is further on stays as it is.
func (s *Service) received(ctx context.Context, by identity.Subject, x Sample, r Request) error {
	d, err := s.Orders.Get(ctx, by, x.Order)
	if err != nil {
		return err
	}
	if _, err := order.TableOf(d.Order.Kind).Next(d.Order.State, order.VerbReceiveSample); err != nil {
		return nil
	}
	_, err = s.Orders.Do(ctx, by, x.Order, order.VerbReceiveSample, order.VerbRequest{Note: strings.TrimSpace(x.Number + " " + r.Note), Key: r.Key})
	return err
}

// colleague is the person of a sign-in, who must belong to the same organisation.
func (s *Service) colleague(ctx context.Context, by identity.Subject, login string) (string, error) {
	unknown := fault.New(fault.Invalid, "sample-colleague", "没有找到这位同事。").Field("login", "unknown", "请填写本单位同事的登录名。")
	who, err := s.People.As(ctx, strings.TrimSpace(login))
	if err != nil {
		return "", unknown.Because(err)
	}
	list, err := s.People.Memberships(ctx, s.DB, who.Person)
	if err != nil {
		return "", err
	}
	for _, m := range list {
		if m.Organisation == by.Org {
			return who.Person, nil
		}
	}
	return "", unknown
}

// Get is one sample, by id or by the number on its label, as the subject may see it.
func (s *Service) Get(ctx context.Context, by identity.Subject, sample string) (Sample, error) {
	x, err := getSample(ctx, s.DB, sample)
	if err != nil {
		return x, err
	}
	return x, s.Policy.Can(by, "sample.view", object(x))
}

// OfOrder is the samples of an order the subject may see.
func (s *Service) OfOrder(ctx context.Context, by identity.Subject, orderID string) ([]Sample, error) {
	d, err := s.Orders.Get(ctx, by, orderID)
	if err != nil {
		return nil, err
	}
	if err := s.Policy.Can(by, "sample.view", objectOf(d.Order)); err != nil {
		return nil, err
	}
	return ofOrder(ctx, s.DB, orderID)
}

// ListRequest chooses samples.
type ListRequest struct {
	Text string // a part of the number, the name or the place
	Open bool   // only those that somebody still has something to do with
	Late bool   // only those here whose term is over
}

// shown is how many samples a list has at most.
const shown = 200

// List is the samples the subject may see; those that must leave first come first.
func (s *Service) List(ctx context.Context, by identity.Subject, r ListRequest) ([]Sample, error) {
	var w db.Where
	s.Policy.Filter(by, "sample.view", map[string]string{Buyer: "buyer", Provider: "provider", identity.SideRegion: "region"}, &w)
	if r.Open {
		w.In("state", []string{Declared, Sent, Stored, InUse, Refused, Returned})
	}
	if r.Late {
		w.In("state", []string{Stored, InUse, Refused})
		w.And("due_on <> ''")
		w.And("due_on < ?", s.today())
	}
	if text := strings.ToLower(strings.TrimSpace(r.Text)); text != "" {
		p := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
		w.And(`lower(number) LIKE ? ESCAPE '!' OR lower(name) LIKE ? ESCAPE '!' OR lower(place) LIKE ? ESCAPE '!' OR lower(own_number) LIKE ? ESCAPE '!'`, p, p, p, p)
	}
	return listSamples(ctx, s.DB, &w, shown)
}
