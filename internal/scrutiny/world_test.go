package scrutiny

import (
	"context"
	"slices"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/voucher"
)

// world is the module on a database, with stand-ins for what it asks of others.
type world struct {
	*Service
	t       *testing.T
	clock   *clock.Fake
	claims  map[string]*voucher.WholeClaim
	deals   []order.Deal
	related []Relation
	banned  map[string]Ban // by entry
	acted   []string
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	disk, err := blob.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, clock: clock.NewFake(time.Date(2026, 6, 15, 2, 0, 0, 0, time.UTC)), claims: map[string]*voucher.WholeClaim{}, banned: map[string]Ban{}}
	w.Service, err = New(Deps{DB: d, Clock: w.clock, Policy: policy, Organisations: people{}, Orders: w, Vouchers: w, Facts: w, Bans: w, Files: disk})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) officer(person string) identity.Subject {
	return identity.Subject{Person: person, Org: "bureau", OrgStatus: identity.StatusVerified, Role: identity.RoleOfficer, Region: "330400", Capacities: []string{identity.CapacityAuthority}}
}

func (w *world) member(org string) identity.Subject {
	return identity.Subject{Person: "of-" + org, Org: org, OrgStatus: identity.StatusVerified, Role: identity.RoleStaff, Region: "330402", Capacities: []string{identity.CapacityEnterprise}}
}

func (w *world) ctx() context.Context {
	return audit.WithActor(w.t.Context(), audit.Actor{Person: "test"})
}

// claim is a redemption of one order in a state.
func (w *world) claim(id, state string, amount money.Fen) {
	w.claims[id] = &voucher.WholeClaim{Claim: voucher.Claim{ID: id, Number: "DF-" + id, Programme: "p", Region: "330400", Payee: "lab", Way: "direct", State: state, Amount: amount, SubmittedOn: "2026-06-01"},
		Items: []voucher.ClaimItem{{Claim: id, Order: "o-" + id, Firm: "firm", OrderNumber: "DD-" + id, Amount: amount}}}
}

func (w *world) sound() {
	w.t.Helper()
	found, err := w.Verify(w.t.Context(), w.DB)
	if err != nil || len(found) > 0 {
		w.t.Fatal(found, err)
	}
	if _, err := w.Tasks(w.ctx(), w.officer("z")); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Tasks(w.ctx(), w.member("lab")); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.mattersOf(w.ctx(), "lab"); err != nil {
		w.t.Fatal(err)
	}
}

// people is who there is.
type people struct{}

func (people) Organisation(_ context.Context, _ db.Q, org string) (identity.Organisation, error) {
	if !slices.Contains([]string{"firm", "lab", "bureau"}, org) {
		return identity.Organisation{}, fault.New(fault.NotFound, "organisation-not-found", "没有找到这个单位。") //i18n:data
	}
	return identity.Organisation{ID: org, NameZH: org, USCC: "U-" + org, Region: "330402"}, nil
}

func (p people) Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := map[string]identity.Organisation{}
	for _, x := range ids {
		if o, err := p.Organisation(ctx, q, x); err == nil {
			out[x] = o
		}
	}
	return out, nil
}

func (people) Names(_ context.Context, _ db.Q, ids []string) (map[string]string, error) {
	out := map[string]string{}
	for _, x := range ids {
		out[x] = x
	}
	return out, nil
}

func (people) People(_ context.Context, _ db.Q, org string, _ ...string) ([]identity.PersonRef, error) {
	return []identity.PersonRef{{ID: "of-" + org}}, nil
}

func (people) Named(_ context.Context, _ db.Q, _, names []string) ([]identity.Organisation, error) {
	if slices.Contains(names, "Firm") {
		return []identity.Organisation{{ID: "firm"}}, nil
	}
	return nil, nil
}

func (w *world) Deals(_ context.Context, _ db.Q, f order.DealFilter) ([]order.Deal, error) {
	var out []order.Deal
	for _, d := range w.deals {
		if (len(f.Orders) == 0 || slices.Contains(f.Orders, d.ID)) && (len(f.Buyers) == 0 || slices.Contains(f.Buyers, d.Buyer)) && (f.Provider == "" || f.Provider == d.Provider) && (f.Resource == "" || f.Resource == d.Resource) {
			out = append(out, d)
		}
	}
	return out, nil
}

func (w *world) Whole(_ context.Context, _ db.Q, claim string) (voucher.WholeClaim, error) {
	c, ok := w.claims[claim]
	if !ok {
		return voucher.WholeClaim{}, fault.New(fault.NotFound, "redemption-not-found", "没有找到这笔兑付申请。") //i18n:data
	}
	return *c, nil
}

func (w *world) ClaimList(_ context.Context, _ db.Q, f voucher.ClaimFilter) ([]voucher.Claim, error) {
	var out []voucher.Claim
	for _, c := range w.claims {
		if slices.Contains(f.States, c.State) && c.SubmittedOn >= f.From && c.SubmittedOn <= f.To {
			out = append(out, c.Claim)
		}
	}
	return out, nil
}

func (w *world) Programme(context.Context, db.Q, string) (voucher.Programme, error) {
	return voucher.Programme{ID: "p", Region: "330400"}, nil
}

func (w *world) Programmes(context.Context, db.Q) ([]voucher.Programme, error) {
	return []voucher.Programme{{ID: "p", Region: "330400"}}, nil
}

func (w *world) Act(_ context.Context, _ *db.Tx, by identity.Subject, claim, verb string, _ voucher.VerbRequest) (voucher.Claim, error) {
	c := w.claims[claim]
	step, err := voucher.Claims.Next(c.State, verb)
	if err != nil {
		return c.Claim, err
	}
	c.State = step.To
	w.acted = append(w.acted, by.Person+" "+verb+" "+claim)
	return c.Claim, nil
}

func (w *world) Related(context.Context, db.Q, string, string) ([]Relation, error) {
	return w.related, nil
}

func (w *world) Profile(_ context.Context, _ db.Q, org string) (Profile, error) {
	return Profile{Org: org}, nil
}

func (w *world) Signed(context.Context, db.Q, string) (time.Time, error) { return time.Time{}, nil }

func (w *world) OpenMinutes(context.Context, db.Q, string, time.Time, time.Time) (int64, error) {
	return -1, nil
}

func (w *world) Card(context.Context, db.Q, string) (Card, error) { return Card{}, nil }

func (w *world) Used(context.Context, db.Q, []string) ([]FileUse, error) { return nil, nil }

func (w *world) Enter(_ context.Context, _ *db.Tx, b Ban) (string, error) {
	w.banned["e-"+b.Number] = b
	return "e-" + b.Number, nil
}

func (w *world) Lift(_ context.Context, _ *db.Tx, entry, _ string) error {
	delete(w.banned, entry)
	return nil
}

func (w *world) Stands(_ context.Context, _ db.Q, org, entry, day string) (bool, error) {
	b, ok := w.banned[entry]
	return ok && b.Org == org && b.To >= day, nil
}
