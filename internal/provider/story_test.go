package provider

import (
	"context"
	"strings"
	"testing"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

type register struct{ granted, ended []string }

func (*register) Organisation(_ context.Context, _ db.Q, org string) (identity.Organisation, error) {
	return identity.Organisation{ID: org, NameZH: "示例·" + org, Region: "330402", Status: identity.StatusVerified, Sample: true}, nil
}

func (r *register) Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := map[string]identity.Organisation{}
	for _, x := range ids {
		o, err := r.Organisation(ctx, q, x)
		if err != nil {
			return nil, err
		}
		out[x] = o
	}
	return out, nil
}

func (*register) HasCapacity(context.Context, db.Q, string, string) (bool, error) { return false, nil }
func (*register) RegionName(_ context.Context, code string) string                { return code }

func (r *register) Grant(_ context.Context, _ *db.Tx, org, capacity, _ string) error {
	r.granted = append(r.granted, org+" "+capacity)
	return nil
}

func (r *register) End(_ context.Context, _ *db.Tx, org, capacity string) error {
	r.ended = append(r.ended, org+" "+capacity)
	return nil
}

type shelf struct{ list []catalogue.Resource }

func (s *shelf) Any(_ context.Context, _ db.Q, ids []string) ([]catalogue.Resource, error) {
	var out []catalogue.Resource
	for _, r := range s.list {
		for _, x := range ids {
			if r.ID == x {
				out = append(out, r)
			}
		}
	}
	return out, nil
}

func (s *shelf) Owned(_ context.Context, _ db.Q, org string) ([]catalogue.Resource, error) {
	var out []catalogue.Resource
	for _, r := range s.list {
		if r.Owner == org && r.Live() {
			out = append(out, r)
		}
	}
	return out, nil
}

type world struct {
	*Service
	clock *clock.Fake
	orgs  *register
	shelf *shelf
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{clock: clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)), orgs: &register{}, shelf: &shelf{}}
	w.Service, err = New(Deps{DB: d, Clock: w.clock, Policy: policy, Organisations: w.orgs, Catalogue: w.shelf, Files: files, Sample: true})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func person(org, region, role, capacity string) identity.Subject {
	return identity.Subject{Person: org + "-p", Membership: org + "-m", Org: org, Role: role, Region: region, Capacities: []string{capacity}}
}

func lab() identity.Subject {
	return person("lab", "330402", identity.RoleAdmin, identity.CapacityEnterprise)
}
func bureau() identity.Subject {
	return person("bureau", "330400", identity.RoleOfficer, identity.CapacityAuthority)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) sound(t *testing.T) {
	t.Helper()
	found, err := w.Verify(t.Context(), w.db)
	if err != nil || len(found) > 0 {
		t.Errorf("verify: %v %v", found, err)
	}
}

// A private laboratory joins the pool: pages saved, documents, check, agreement, renewal, exit.
func TestALaboratoryJoinsThePool(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		m, err := w.SavePage(ctx, lab(), func(a *Application) { a.Form = "firm" })
		must(t, err)
		if _, err := w.Do(ctx, lab(), m.ID, "submit", VerbRequest{}); !fault.Is(err, "application-incomplete") {
			t.Fatalf("an empty application: %v", err)
		}
		_, err = w.SavePage(ctx, lab(), func(a *Application) {
			a.About, a.Contact, a.Phone, a.Offers, a.Offer, a.Stated = "民营实验室", "某人", "1", []string{"test"}, "做拉伸", true
		})
		must(t, err)
		for _, code := range []string{"legal", "equipment"} {
			_, err := w.Attach(ctx, lab(), code, code+".pdf", strings.NewReader("file "+code))
			must(t, err)
		}
		m, err = w.Do(ctx, lab(), m.ID, "submit", VerbRequest{})
		must(t, err)
		if m.Number == "" || m.State != Submitted || m.Form != "firm" {
			t.Errorf("submitted: %+v", m)
		}
		if _, err := w.SavePage(ctx, lab(), func(*Application) {}); !fault.Is(err, "application-sent") {
			t.Errorf("changed after it was sent: %v", err)
		}
		if _, err := w.Do(ctx, bureau(), m.ID, "qualify", VerbRequest{}); !fault.Is(err, "check-open") {
			t.Errorf("qualified unchecked: %v", err)
		}
		if _, err := w.Do(ctx, person("far", "310000", identity.RoleOfficer, identity.CapacityAuthority), m.ID, "qualify", VerbRequest{}); err == nil {
			t.Error("an officer of another region decided")
		}
		var checks []Check
		for _, it := range w.rules.Checklist {
			checks = append(checks, Check{Code: it.Code, Verdict: "yes"})
		}
		_, err = w.SetChecks(ctx, bureau(), m.ID, checks)
		must(t, err)
		for _, verb := range []string{"qualify", "offer"} {
			m, err = w.Do(ctx, bureau(), m.ID, verb, VerbRequest{})
			must(t, err)
		}
		if m.To != "2028-11-20" {
			t.Errorf("the term ends %s", m.To)
		}
		m, err = w.Do(ctx, lab(), m.ID, "sign", VerbRequest{})
		must(t, err)
		if text, err := w.readFile(ctx, m.SHA256); err != nil || !strings.Contains(text, "示例·lab") || len(w.orgs.granted) != 1 {
			t.Errorf("signed: %q %v, granted %v", text, err, w.orgs.granted)
		}
		w.years(t, m)
		w.sound(t)
	})
}

// years lets the agreement renew itself, then end.
func (w *world) years(t *testing.T, m Membership) {
	t.Helper()
	ctx := t.Context()
	w.clock.Set(time.Date(2028, 11, 21, 2, 0, 0, 0, time.UTC))
	must(t, w.Daily(ctx))
	must(t, w.Daily(ctx))
	in, err := w.Recognised(ctx, w.db, []string{"lab"})
	must(t, err)
	if in["lab"].To != "2030-11-20" {
		t.Errorf("renewed until %s", in["lab"].To)
	}
	_, err = w.Do(ctx, lab(), m.ID, "end", VerbRequest{})
	must(t, err)
	w.clock.Set(time.Date(2030, 11, 21, 2, 0, 0, 0, time.UTC))
	must(t, w.Daily(ctx))
	if in, err = w.Recognised(ctx, w.db, []string{"lab"}); err != nil || len(in) != 0 || len(w.orgs.ended) != 1 {
		t.Errorf("after its end: %v %v, ended %v", in, err, w.orgs.ended)
	}
}

// A certificate counts once a person has looked at it, and leaves by itself.
func TestACertificateLeavesByItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		w.shelf.list = []catalogue.Resource{{ID: "r", Owner: "lab", Kind: "service", Status: catalogue.StatusPublished}}
		kinds := func() int {
			k, err := w.Kinds(ctx, w.db, []string{"r", "lab"})
			must(t, err)
			return len(k["r"]) + len(k["lab"])
		}
		c, err := w.SaveCertificate(ctx, lab(), "", CertificateDraft{Kind: "cma", Number: "1", From: "2026-01-01", To: "2026-12-15", Items: "拉伸|GB", Covers: []string{"r", "of another"}})
		must(t, err)
		if len(c.Covers) != 1 || c.Whole || kinds() != 0 {
			t.Errorf("stated: %+v, %d kinds", c, kinds())
		}
		if _, err := w.SaveCertificate(ctx, lab(), "", CertificateDraft{Kind: "x", From: "2026-02-02", To: "2026-01-01"}); !fault.Is(err, "certificate-invalid") {
			t.Errorf("a wrong one: %v", err)
		}
		_, err = w.DoCertificate(ctx, bureau(), c.ID, "verify", "")
		must(t, err)
		if kinds() != 2 {
			t.Errorf("verified: %d kinds", kinds())
		}
		must(t, w.Daily(ctx))
		must(t, w.Daily(ctx))
		if n := told(t, d, "certificate.ending"); n != 1 {
			t.Errorf("warned %d times", n)
		}
		w.clock.Set(time.Date(2026, 12, 16, 2, 0, 0, 0, time.UTC))
		must(t, w.Daily(ctx))
		if list, err := w.Covering(ctx, w.db, "lab", "r", "2026-12-16"); err != nil || len(list) != 0 || kinds() != 0 {
			t.Errorf("after its end: %v %v, %d kinds", list, err, kinds())
		}
		if list, err := w.Covering(ctx, w.db, "lab", "r", "2026-12-15"); err != nil || len(list) != 1 {
			t.Errorf("on its last day: %v %v", list, err)
		}
		w.sound(t)
	})
}

func told(t *testing.T, d *db.DB, name string) int64 {
	t.Helper()
	n, err := db.One[int64](t.Context(), d, `SELECT COUNT(*) FROM outbox_event WHERE name = $1`, name)
	must(t, err)
	return n
}

// An instrument bought with public money has its clock; another comes in by invitation.
func TestClocksAndInvitations(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		fiscal := catalogue.Resource{ID: "f", Owner: "lab", Region: "330402", NameZH: "示例·质谱", Kind: "instrument", Status: catalogue.StatusDraft,
			Fields: map[string]any{"funds": []any{"local"}, "worth": int64(40_000_000), "accepted_on": "2026-11-01"}}
		w.shelf.list = []catalogue.Resource{fiscal, {ID: "p", Owner: "lab", Region: "330402", NameZH: "示例·自购", Kind: "instrument", Status: catalogue.StatusPublished}}
		follow := func(day string) {
			must(t, d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return w.Follow(ctx, tx, "f", day) }))
		}
		follow("2026-11-02")
		clockOf := func() Clock {
			var where db.Where
			where.And("resource = 'f'")
			l, err := listClocks(ctx, d, &where, 1)
			if err != nil || len(l) != 1 {
				t.Fatal(l, err)
			}
			return l[0]
		}
		if c := clockOf(); c.DueOn != "2026-12-01" || c.ReportedOn != "" || c.Late("2026-12-01") || !c.Late("2026-12-02") {
			t.Errorf("the clock: %+v", c)
		}
		must(t, w.Daily(ctx))
		must(t, w.Daily(ctx))
		if n := told(t, d, "report.due"); n != 1 {
			t.Errorf("warned %d times", n)
		}
		w.shelf.list[0].Status = catalogue.StatusPublished
		follow("2026-12-03")
		if c := clockOf(); c.ReportedOn != "2026-12-03" || !c.Late("2027-01-01") {
			t.Errorf("reported: %+v", c)
		}
		if _, err := w.Propose(ctx, bureau(), "f"); !fault.Is(err, "fiscal") {
			t.Errorf("invited what must be reported: %v", err)
		}
		a, err := w.Propose(ctx, bureau(), "p")
		must(t, err)
		if _, err := w.Propose(ctx, lab(), "p"); !fault.Is(err, "admission-open") {
			t.Errorf("twice: %v", err)
		}
		_, err = w.DoAdmission(ctx, lab(), a.ID, "agree", "")
		must(t, err)
		a, err = w.DoAdmission(ctx, bureau(), a.ID, "admit", "")
		must(t, err)
		if a.State != Admitted {
			t.Errorf("%+v", a)
		}
	})
}
