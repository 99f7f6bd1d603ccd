package behalf

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/ui"
)

// maxText is the longest text that comes with a booking, in characters.
const maxText = 500

// Booking is a booking that somebody made for another.
type Booking struct {
	ID         string      `db:"id"`
	Order      string      `db:"order_id"`
	Number     string      `db:"number"`
	Resource   string      `db:"resource"`
	ResourceZH string      `db:"resource_zh"`
	ResourceEN string      `db:"resource_en"`
	Buyer      string      `db:"buyer"`  // for whom: the organisation …
	Person     string      `db:"person"` // … and who of it works there
	Provider   string      `db:"provider"`
	Region     string      `db:"region"`
	Clerk      string      `db:"clerk"` // who booked it
	ClerkOrg   string      `db:"clerk_org"`
	Asked      string      `db:"asked"` // who asked for it and how
	Start      db.Time     `db:"start_at"`
	End        db.Time     `db:"end_at"`
	State      string      `db:"state"`
	Note       string      `db:"note"`
	AnsweredBy string      `db:"answered_by"`
	AnsweredAt db.NullTime `db:"answered_at"`
	Made       db.Time     `db:"made_at"`
	Revision   int64       `db:"revision"`
}

func (b Booking) object() identity.Object {
	return identity.Object{Parties: map[string]string{Buyer: b.Buyer, Clerk: b.ClerkOrg}, Region: b.Region}
}

// Inside tells whether a head booked it for a member of the group.
func (b Booking) Inside() bool { return b.Buyer == b.ClerkOrg }

// Request is a booking for another.
type Request struct {
	Firm  string // name or unified code of the firm; empty: a member of one's own group
	Who   string // login or name of who works there; empty: the first of the firm who may order
	Asked string // who asked and how, for the audit
	Order order.PlaceRequest
}

func invalid() *fault.Error {
	return fault.New(fault.Invalid, "behalf-invalid", "还差一点：请按提示补充。")
}

// May tells whether a subject may book a resource for anybody else.
func (s *Service) May(ctx context.Context, q db.Q, by identity.Subject, r Resource) (bool, error) {
	if s.Policy.Can(by, "behalf.book", owned(r)) == nil {
		return true, nil
	}
	if s.Heads == nil || by.Org == "" {
		return false, nil
	}
	return s.Heads(ctx, q, by.Person)
}

func owned(r Resource) identity.Object {
	return identity.Object{Parties: map[string]string{identity.SideOwner: r.Owner}, Region: r.Region}
}

// For is the subject in whose name a request books: a member of the firm that is named, or of a group that the subject heads.
func (s *Service) For(ctx context.Context, q db.Q, by identity.Subject, r Resource, req Request) (identity.Subject, error) {
	firm := strings.TrimSpace(req.Firm)
	if firm == "" {
		return s.member(ctx, q, by, r, strings.TrimSpace(req.Who))
	}
	if err := s.Policy.Can(by, "behalf.book", owned(r)); err != nil {
		return identity.Subject{}, err
	}
	list, err := s.People.Named(ctx, q, []string{strings.ToUpper(firm)}, []string{firm})
	if err != nil {
		return identity.Subject{}, fmt.Errorf("the firm to book for: %w", err)
	}
	switch {
	case len(list) == 0:
		return identity.Subject{}, invalid().Field("firm", "unknown", "平台上没有这家单位。请核对全称或统一社会信用代码；还没有注册的，请先请对方注册。")
	case len(list) > 1:
		return identity.Subject{}, invalid().Field("firm", "several", "有几家单位同名，请填统一社会信用代码。")
	case list[0].ID == by.Org:
		return identity.Subject{}, invalid().Field("firm", "own", "为本单位预约不必代约，请直接预约。")
	}
	return s.person(ctx, q, list[0].ID, strings.TrimSpace(req.Who))
}

// member is somebody of the subject's own organisation who belongs to a group that the subject heads.
func (s *Service) member(ctx context.Context, q db.Q, by identity.Subject, r Resource, who string) (identity.Subject, error) {
	if s.Policy.Can(by, "behalf.book", owned(r)) == nil && who == "" {
		return identity.Subject{}, invalid().Field("firm", "required", "请填写单位全称或统一社会信用代码。")
	}
	if who == "" {
		return identity.Subject{}, invalid().Field("who", "required", "请填写课题组成员的姓名或登录名。")
	}
	p, err := s.person(ctx, q, by.Org, who)
	if err != nil {
		return p, err
	}
	leads := false
	if s.Leads != nil && p.Person != by.Person {
		if leads, err = s.Leads(ctx, q, by.Person, p.Person); err != nil {
			return identity.Subject{}, err
		}
	}
	if !leads {
		return identity.Subject{}, invalid().Field("who", "group", "只有课题组负责人可以替本组成员预约。")
	}
	return p, nil
}

// person is a member of an organisation by login or name, or the first who may order.
func (s *Service) person(ctx context.Context, q db.Q, org, who string) (identity.Subject, error) {
	list, err := s.People.Members(ctx, q, org)
	if err != nil {
		return identity.Subject{}, err
	}
	for _, m := range list {
		if who != "" && !strings.EqualFold(m.Email, who) && m.Name != who {
			continue
		}
		p, err := s.People.Acting(ctx, q, m)
		if err != nil {
			return p, err
		}
		if s.Policy.Can(p, "order.create", identity.Object{Parties: map[string]string{Buyer: org}}) == nil {
			return p, nil
		}
		if who != "" {
			return identity.Subject{}, invalid().Field("who", "role", "这个人在单位里没有下单的权限。")
		}
	}
	if who != "" {
		return identity.Subject{}, invalid().Field("who", "unknown", "这家单位没有这个人。")
	}
	return identity.Subject{}, invalid().Field("firm", "nobody", "这家单位还没有可以下单的人（例如尚未通过核验），暂时不能代约。")
}

// Expect says for whom a request books and what it costs. Nothing is changed.
func (s *Service) Expect(ctx context.Context, by identity.Subject, req Request) (identity.Subject, order.Estimate, error) {
	r, err := s.Catalogue.Resource(ctx, s.DB, req.Order.Resource)
	if err != nil {
		return identity.Subject{}, order.Estimate{}, err
	}
	p, err := s.For(ctx, s.DB, by, r, req)
	if err != nil {
		return p, order.Estimate{}, err
	}
	if err := req.check(); err != nil {
		return p, order.Estimate{}, err
	}
	e, err := s.Orders.Estimate(ctx, p, req.paid(by, p))
	return p, e, err
}

func (r Request) check() error {
	bad := invalid()
	if n := utf8.RuneCountInString(strings.TrimSpace(r.Asked)); r.Firm != "" && n == 0 || n > maxText {
		bad.Field("asked", "required", "请写明谁在什么时候怎样提出的，对方会看到；最多 {0} 个字。", int64(maxText))
	}
	if r.Order.Start.IsZero() {
		bad.Field("from", "required", "请填写开始时间。")
	}
	switch {
	case r.Order.End.IsZero():
		bad.Field("to", "required", "请填写结束时间。")
	case !r.Order.Start.Before(r.Order.End):
		bad.Field("to", "order", "结束时间必须晚于开始时间。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// paid is the order that a request places: nobody spends another organisation's voucher or card.
func (r Request) paid(by, p identity.Subject) order.PlaceRequest {
	out := r.Order
	out.Kind, out.Clerk = order.KindBooking, &by
	if by.Org != p.Org {
		out.Programme, out.Fund, out.Seen = "", "", nil
	}
	return out
}

// Book places an order for another and tells it. What a provider's own desk books is accepted at once.
func (s *Service) Book(ctx context.Context, by identity.Subject, req Request) (Booking, error) {
	r, err := s.Catalogue.Resource(ctx, s.DB, req.Order.Resource)
	if err != nil {
		return Booking{}, err
	}
	p, err := s.For(ctx, s.DB, by, r, req)
	if err != nil {
		return Booking{}, err
	}
	if err := req.check(); err != nil {
		return Booking{}, err
	}
	place := req.paid(by, p)
	if place.Key != "" {
		place.Key = "behalf/" + by.Person + "/" + place.Key
	}
	var out Booking
	place.Then = func(ctx context.Context, tx *db.Tx, o order.Order) error {
		out = Booking{
			ID: id.From("behalf", o.ID), Order: o.ID, Number: o.Number, Resource: r.ID, ResourceZH: r.NameZH, ResourceEN: r.NameEN, Buyer: o.Buyer, Person: p.Person, Provider: o.Provider,
			Region: o.Region, Clerk: by.Person, ClerkOrg: by.Org, Asked: strings.TrimSpace(req.Asked), Start: db.At(o.Start.Time), End: db.At(o.End.Time), State: Told, Made: db.At(s.Clock.Now()), Revision: 1,
		}
		if err := insertBooking(ctx, tx, out); err != nil {
			return err
		}
		if r.Owner == by.Org && o.Fund == "" {
			if _, err := s.Orders.Advance(ctx, tx, by, order.Provider, o.ID, order.VerbAccept, order.VerbRequest{}); err != nil {
				return err
			}
		}
		return s.follow(ctx, tx, VerbBook, "", out)
	}
	o, err := s.Orders.Place(ctx, p, place)
	if err != nil {
		return out, err
	}
	if out.Order != o.ID { // the same request once more
		return getBooking(ctx, s.DB, id.From("behalf", o.ID))
	}
	return out, nil
}

// follow writes down who took a step, and tells of it.
func (s *Service) follow(ctx context.Context, tx *db.Tx, verb, from string, b Booking) error {
	orgs, err := s.People.Organisations(ctx, tx, []string{b.ClerkOrg})
	if err != nil {
		return err
	}
	e := Moved{
		Verb: verb, Booking: b.ID, Order: b.Order, Number: b.Number, Buyer: b.Buyer, Provider: b.Provider, ClerkOrg: b.ClerkOrg, Clerk: orgs[b.ClerkOrg].NameZH, Name: b.ResourceZH,
		Start: sayTime(b.Start.Time),
	}
	if err := outbox.Publish(ctx, tx, s.Clock.Now(), e); err != nil {
		return fmt.Errorf("tell of %s: %w", verb, err)
	}
	if err := audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "behalf." + verb, Kind: "order", ID: b.Order, From: from, To: b.State, Data: b}); err != nil {
		return fmt.Errorf("record %s: %w", verb, err)
	}
	return nil
}

// Answer is what the one it was booked for says, or that the clerk takes it back. Refused or withdrawn, the order is cancelled
// at no cost in the same transaction.
func (s *Service) Answer(ctx context.Context, by identity.Subject, bookingID, verb, note string) (Booking, error) {
	b, err := getBooking(ctx, s.DB, bookingID)
	if err != nil {
		return b, err
	}
	action := "behalf.answer"
	if verb == VerbWithdraw {
		action = "behalf.withdraw"
	}
	if err := s.Policy.Can(by, action, b.object()); err != nil {
		return b, err
	}
	if utf8.RuneCountInString(note) > maxText {
		return b, invalid().Field("note", "long", "最多 {0} 个字。", int64(maxText))
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if b, err = getBooking(ctx, tx, bookingID); err != nil {
			return err
		}
		x, err := Table().Next(b.State, verb)
		if err != nil {
			return fault.New(fault.Conflict, "behalf-over", "这笔代约已经答复过，请刷新页面查看。")
		}
		b.State, b.Note, b.AnsweredBy, b.AnsweredAt = x.To, strings.TrimSpace(note), by.Person, db.NullAt(s.Clock.Now())
		b.Revision++
		if err := updateBooking(ctx, tx, b); err != nil {
			return err
		}
		if verb != VerbConfirm {
			if err := s.free(ctx, tx, by, b); err != nil {
				return err
			}
		}
		return s.follow(ctx, tx, verb, x.From, b)
	})
	return b, err
}

// free cancels the order at no cost, until its time begins.
func (s *Service) free(ctx context.Context, tx *db.Tx, by identity.Subject, b Booking) error {
	list, err := s.Orders.Named(ctx, tx, []string{b.Order})
	if err != nil {
		return err
	}
	open := slices.ContainsFunc(list, func(o order.Order) bool {
		return (o.State == order.StateRequested || o.State == order.StateAccepted) && s.Clock.Now().Before(o.Start.Time)
	})
	if !open {
		return fault.New(fault.Conflict, "behalf-late", "预约已经开始或已经结束，不能再免费回绝。有问题请在订单里与服务单位商量。")
	}
	text := "代约未被采用，不收费用。" //i18n:data the note that the order keeps
	if b.Note != "" {
		text += b.Note
	}
	_, err = s.Orders.Advance(ctx, tx, by, order.System, b.Order, order.VerbCancel, order.VerbRequest{Note: text})
	return err
}

// Open are the bookings made for an organisation that wait for its answer and can still be refused.
func (s *Service) Open(ctx context.Context, q db.Q, org string) ([]Booking, error) {
	list, err := openFor(ctx, q, org, s.Clock.Now())
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, b := range list {
		ids[i] = b.Order
	}
	orders, err := s.Orders.Named(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(b Booking) bool {
		return !slices.ContainsFunc(orders, func(o order.Order) bool {
			return o.ID == b.Order && (o.State == order.StateRequested || o.State == order.StateAccepted)
		})
	}), nil
}

// Tasks are the bookings that others made for the subject's organisation.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if by.Org == "" || s.Policy.May(by, "behalf.answer") != nil {
		return nil, nil
	}
	list, err := s.Open(ctx, s.DB, by.Org)
	if err != nil {
		return nil, err
	}
	var out []ui.Task
	for _, b := range list {
		if b.Inside() && b.Person != by.Person {
			continue
		}
		out = append(out, ui.Task{Title: t(ctx, "确认代约：{0}", b.name(ctx)), Note: ui.SaySpan(ctx, b.Start.Time, b.End.Time), Link: "/desk/orders/" + b.Order, Icon: "calendar", Since: b.Made.Time, Due: b.Start.Time})
	}
	return out, nil
}
