package identity

import (
	"strings"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

func TestRegistrationLife(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.register(t, firm(""))
		if o.Status != StatusRegistered || o.Website != "https://hecheng.example" {
			t.Fatalf("registered as %+v", o)
		}
		admin := w.as(t, "firm@test.cn")
		if admin.Org != o.ID || admin.Role != RoleAdmin || len(admin.Capacities) != 0 || admin.OrgStatus != StatusRegistered {
			t.Fatalf("the founder is %+v", admin)
		}

		_, err := w.Decide(t.Context(), w.officer, o.ID, VerbRefuse, "")
		wants(t, err, "reason-needed")
		if o = w.decide(t, o.ID, VerbRefuse); o.Status != StatusRefused || o.StatusReason == "" {
			t.Fatalf("refused as %+v", o)
		}
		_, err = w.Resubmit(t.Context(), w.officer, o.ID, firm("").Facts)
		wants(t, err, "other-party")
		mended := firm("").Facts
		mended.Capacities = []string{CapacityEnterprise}
		if o, err = w.Resubmit(t.Context(), admin, o.ID, mended); err != nil || o.Status != StatusRegistered || o.StatusReason != "" {
			t.Fatalf("resubmitted as %+v, %v", o, err)
		}
		if o = w.decide(t, o.ID, VerbVerify); o.Status != StatusVerified {
			t.Fatalf("verified as %+v", o)
		}
		if got := w.as(t, "firm@test.cn").Capacities; len(got) != 1 || got[0] != CapacityEnterprise {
			t.Fatalf("capacities after verification: %v", got)
		}
		if yes, err := w.HasCapacity(t.Context(), d, o.ID, CapacityEnterprise); err != nil || !yes {
			t.Fatalf("HasCapacity = %v, %v", yes, err)
		}
		w.decide(t, o.ID, VerbSuspend)
		if got := w.as(t, "firm@test.cn").Capacities; len(got) != 0 {
			t.Fatalf("capacities while suspended: %v", got)
		}
		_, err = w.Decide(t.Context(), w.officer, o.ID, VerbRefuse, "已经暂停了的")
		wants(t, err, "state-conflict")
		w.decide(t, o.ID, VerbVerify)

		if n := count(t, d, `SELECT COUNT(*) FROM audit_entry WHERE object = $1`, o.ID); n != 6 {
			t.Errorf("%d audit entries for the organisation, want 6", n)
		}
		if n := count(t, d, `SELECT COUNT(*) FROM outbox_event WHERE name = 'organisation.changed' AND body LIKE '%' || CAST($1 AS TEXT) || '%'`, o.ID); n != 6 {
			t.Errorf("%d changes told of the organisation, want 6", n)
		}
		if n := count(t, d, `SELECT COUNT(*) FROM outbox_event WHERE name <> 'organisation.changed' AND body LIKE '%' || CAST($1 AS TEXT) || '%' AND name <> 'organisation.changed'`, o.ID); n != 6 {
			t.Errorf("%d events for the organisation, want 6", n)
		}
	})
}

func TestRegisterSaysWhatToMend(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.register(t, firm(""))
	w.establish(t, "other", "330481", CapacityAuthority, "haining@test.cn", RoleOfficer)
	for _, c := range []struct {
		name   string
		mend   func(*Registration)
		code   string
		fields string
	}{
		{"nothing", func(r *Registration) { *r = Registration{} }, "registration-invalid", "name_zh region kind capacities name login password"},
		{"no code", func(r *Registration) { r.USCC = "" }, "registration-invalid", "uscc"},
		{"a team needs no code", func(r *Registration) { r.USCC, r.Capacities = "", []string{CapacityTeam} }, "", ""},
		{"slip in the code", func(r *Registration) { r.USCC = "91350200MA2YJ1XR9H" }, "registration-invalid", "uscc"},
		{"confirmed without evidence", func(r *Registration) { r.USCC, r.USCCConfirmed = "91350100M0001TGQXM", true }, "registration-invalid", "uscc_note"},
		{"early code with evidence", func(r *Registration) {
			r.USCC, r.USCCConfirmed, r.USCCNote = "91350100m0001tgqxm", true, "营业执照 2015 年试点发放"
		}, "", ""},
		{"wrong shape cannot be confirmed", func(r *Registration) { r.USCC, r.USCCConfirmed, r.USCCNote = "123", true, "营业执照" }, "registration-invalid", "uscc"},
		{"code taken", func(*Registration) {}, "uscc-taken", "uscc"},
		{"login taken", func(r *Registration) { r.Founder.Login = "FIRM@test.cn " }, "login-taken", "login"},
		{"dissolved district", func(r *Registration) { r.Region = "330104" }, "registration-invalid", "region"},
		{"capacity of the operator", func(r *Registration) { r.Capacities = []string{CapacityAuthority} }, "registration-invalid", "capacities"},
		{"weak password", func(r *Registration) { r.Founder.Password = "short" }, "registration-invalid", "password"},
		{"foreign parent", func(r *Registration) { r.Parent = w.authority.ID }, "registration-invalid", "parent"},
		{"bad links", func(r *Registration) { r.ROR, r.Website = "01k4yrm30", "ftp://x" }, "registration-invalid", "ror website"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := firm("2")
			r.Founder.Login = strings.ReplaceAll(c.name, " ", "-") + "@test.cn"
			c.mend(&r)
			_, err := w.Register(t.Context(), Subject{}, r)
			wants(t, err, c.code)
			if got := fields(err); got != c.fields {
				t.Errorf("fields %q, want %q", got, c.fields)
			}
		})
	}
}

func TestDecideKnowsItsPlace(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.register(t, firm(""))
	w.establish(t, "other", "330481", CapacityAuthority, "haining@test.cn", RoleOfficer)
	for _, c := range []struct {
		name string
		sub  Subject
		org  string
		verb string
		code string
	}{
		{"a visitor", Subject{}, o.ID, VerbVerify, "sign-in-needed"},
		{"the firm itself", w.as(t, "firm@test.cn"), o.ID, VerbVerify, "other-capacity"},
		{"another region", w.as(t, "haining@test.cn"), o.ID, VerbVerify, "other-region"},
		{"the operator", w.operator, o.ID, VerbVerify, "other-capacity"},
		{"itself", w.officer, w.authority.ID, VerbSuspend, "own-organisation"},
		{"no such organisation", w.officer, "x", VerbVerify, "organisation-not-found"},
		{"no such verb", w.officer, o.ID, VerbRegister, "verb-unknown"},
		{"wrong state", w.officer, o.ID, VerbSuspend, "state-conflict"},
		{"right", w.officer, o.ID, VerbVerify, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := w.Decide(t.Context(), c.sub, c.org, c.verb, "理由写在这里")
			wants(t, err, c.code)
		})
	}
}

func TestChildOrganisation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.register(t, firm(""))
		child := firm("·检测中心")
		child.USCC, child.Capacities, child.Parent = "", []string{CapacityProvider}, o.ID
		got, err := w.Register(t.Context(), w.as(t, "firm@test.cn"), child)
		if err != nil || got.Parent != o.ID {
			t.Fatalf("child %+v, %v", got, err)
		}
		children, err := childOrganisations(t.Context(), w.db, o.ID)
		if err != nil || len(children) != 1 || children[0].ID != got.ID {
			t.Fatalf("children %v, %v", children, err)
		}
		if m, err := w.Memberships(t.Context(), w.db, w.as(t, "firm@test.cn").Person); err != nil || len(m) != 2 {
			t.Fatalf("memberships %v, %v", m, err)
		}
	})
}
