package behalf

import (
	"slices"
	"testing"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

func TestTableIsSound(t *testing.T) {
	for _, x := range Table() {
		if !slices.Contains([]string{Told, Confirmed, Refused, Withdrawn}, x.To) || len(x.Who) != 1 {
			t.Errorf("%+v", x)
		}
	}
}

// A firm phones; the laboratory's desk books its own instrument for it. The order is the firm's and accepted, the timeline
// names the desk, and the firm refuses at no cost.
func TestTheDeskBooksForAFirm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		req := ask("示例·firm", "", 1, 9)
		req.Order.Key = "k1"
		b, err := w.Book(ctx, desk(), req)
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.Book(ctx, desk(), req)
		if err != nil || again.ID != b.ID {
			t.Fatalf("the same request once more: %v %v", again.ID, err)
		}
		seen, err := w.orders.Get(ctx, boss(), b.Order)
		if err != nil {
			t.Fatal(err)
		}
		o, placed := seen.Order, seen.Timeline[0]
		if o.Buyer != "firm" || o.BuyerPerson != "boss" || o.State != order.StateAccepted {
			t.Errorf("the order is of %s, %s, %s", o.Buyer, o.BuyerPerson, o.State)
		}
		if placed.Person != "clerk" || placed.Org != "lab" {
			t.Errorf("placed by %s of %s", placed.Person, placed.Org)
		}
		if tasks, err := w.Tasks(ctx, boss()); err != nil || len(tasks) != 1 {
			t.Errorf("what the firm has to answer: %v %v", tasks, err)
		}
		if _, err := w.Answer(ctx, broker(), b.ID, VerbRefuse, ""); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("a stranger refuses: %v", err)
		}
		if b, err = w.Answer(ctx, boss(), b.ID, VerbRefuse, "没有这回事"); err != nil || b.State != Refused {
			t.Fatalf("refuse: %v", err)
		}
		if o, _, err = w.orders.Read(ctx, d, b.Order); err != nil || o.State != order.StateCancelled {
			t.Errorf("after the refusal: %s %v", o.State, err)
		}
		if fee, err := w.orders.FeeOf(ctx, d, o.ID); err != nil || fee != 0 {
			t.Errorf("a refusal costs %v (%v)", fee, err)
		}
		if _, err := w.Answer(ctx, boss(), b.ID, VerbConfirm, ""); !fault.Is(err, "behalf-over") {
			t.Errorf("answered twice: %v", err)
		}
		w.sound()
	})
}

// A broker books for a named engineer of the firm; what is wrong is said beside its field, and nobody books what is not theirs
// to book.
func TestABrokerBooksForAFirm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		b, err := w.Book(ctx, broker(), ask("91330402ma2xxxxxxx", "王工", 1, 9))
		if err != nil {
			t.Fatal(err)
		}
		if b.Person != "wang" || w.state(b.Order) != order.StateRequested {
			t.Errorf("for %s, %s", b.Person, w.state(b.Order))
		}
		for _, x := range []struct {
			by    identity.Subject
			req   Request
			field string
		}{
			{broker(), ask("示例·nobody", "", 1, 13), "firm"},
			{broker(), ask("", "", 1, 13), "firm"},
			{broker(), ask("示例·firm", "李工", 1, 13), "who"},
			{broker(), ask("示例·firm", "出纳", 1, 13), "who"},
			{broker(), Request{Firm: "示例·firm", Order: order.PlaceRequest{Resource: "sem"}}, "asked"},
			{boss(), ask("", "王工", 1, 13), "who"},
		} {
			_, err := w.Book(ctx, x.by, x.req)
			if !slices.ContainsFunc(fault.Of(err).Fields, func(f fault.Field) bool { return f.Name == x.field }) {
				t.Errorf("%s: %v", x.field, err)
			}
		}
		other := as("p", "other", "admin", "provider")
		if _, err := w.Book(ctx, other, ask("示例·firm", "", 1, 13)); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("another provider's desk: %v", err)
		}
		if _, err := w.Book(ctx, broker(), ask("示例·firm", "", 1, 9)); !fault.Is(err, "slot-taken") {
			t.Errorf("a time that is taken: %v", err)
		}
		if b, err = w.Answer(ctx, boss(), b.ID, VerbConfirm, ""); err != nil || b.State != Confirmed {
			t.Fatalf("confirm: %v", err)
		}
		if _, err := w.Answer(ctx, broker(), b.ID, VerbWithdraw, ""); !fault.Is(err, "behalf-over") {
			t.Errorf("taken back after it was confirmed: %v", err)
		}
		c, err := w.Book(ctx, broker(), ask("示例·firm", "", 2, 9))
		if err != nil {
			t.Fatal(err)
		}
		if c, err = w.Answer(ctx, broker(), c.ID, VerbWithdraw, ""); err != nil || w.state(c.Order) != order.StateCancelled {
			t.Errorf("taken back: %v", err)
		}
		w.sound()
	})
}

// The head of a group books for a member; who is no head, or of no group of hers, is refused. Once it has begun nobody refuses.
func TestAHeadBooksForAMember(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		head, pupil := as("head", "lab", "finance", "provider"), as("pupil", "lab", "staff", "provider")
		b, err := w.Book(ctx, head, ask("", "学生", 1, 9))
		if err != nil {
			t.Fatal(err)
		}
		if !b.Inside() || b.Person != "pupil" {
			t.Errorf("%+v", b)
		}
		if tasks, err := w.Tasks(ctx, head); err != nil || len(tasks) != 0 {
			t.Errorf("the head has to confirm: %v %v", tasks, err)
		}
		if tasks, err := w.Tasks(ctx, pupil); err != nil || len(tasks) != 1 {
			t.Errorf("the member: %v %v", tasks, err)
		}
		if _, err := w.Book(ctx, pupil, ask("", "教授", 1, 13)); fault.Of(err).Code != "behalf-invalid" {
			t.Errorf("a member for the head: %v", err)
		}
		w.clock.Set(at(1, 9))
		if _, err := w.Answer(ctx, pupil, b.ID, VerbRefuse, ""); !fault.Is(err, "behalf-late") {
			t.Errorf("refused after it began: %v", err)
		}
		w.sound()
	})
}
