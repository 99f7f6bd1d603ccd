package identity

import (
	"context"
	"strings"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

// TestVerify: a node that has worked is clean, and each invariant finds what breaks it.
func TestVerify(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.register(t, firm(""))
		early := firm("2")
		early.USCC, early.USCCConfirmed, early.USCCNote = "91350100M0001TGQXM", true, "2015 年试点执照"
		w.decide(t, w.register(t, early).ID, VerbVerify)
		pub := w.putUnclaimed(t, Organisation{NameZH: "研究院", Region: "330402", Kind: "institute", Source: "ROR", SourceID: "1"})
		if _, err := w.SignIn(t.Context(), creds("firm@test.cn", password)); err != nil {
			t.Fatal(err)
		}
		findings := func() string {
			t.Helper()
			found, err := w.Verify(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			var codes []string
			for _, f := range found {
				codes = append(codes, f.Code)
			}
			return strings.Join(codes, " ")
		}
		if got := findings(); got != "" {
			t.Fatalf("a clean node has findings: %s", got)
		}
		exec := func(sql string, args ...any) {
			t.Helper()
			err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, sql, args...)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct{ code, breaks, mends string }{
			{"identity.people", `UPDATE identity_person SET active = FALSE WHERE login = 'firm@test.cn' AND '' <> $1`, `UPDATE identity_person SET active = TRUE WHERE '' <> $1`},
			{"identity.registered", `UPDATE identity_membership SET role = 'staff' WHERE organisation = $1`, `UPDATE identity_membership SET role = 'admin' WHERE organisation = $1`},
			{"identity.region", `UPDATE identity_organisation SET region = '330499' WHERE id = $1`, `UPDATE identity_organisation SET region = '330402' WHERE id = $1`},
			{"identity.parent", `UPDATE identity_organisation SET parent = id WHERE id = $1`, `UPDATE identity_organisation SET parent = NULL WHERE id = $1`},
			{"identity.verified", `UPDATE identity_organisation SET status = 'verified' WHERE id = $1`, `UPDATE identity_organisation SET status = 'registered' WHERE id = $1`},
			{"identity.uscc", `UPDATE identity_organisation SET uscc = '91350200MA2YJ1XR9H' WHERE id = $1`, `UPDATE identity_organisation SET uscc = '91350200MA2YJ1XR9G' WHERE id = $1`},
			{"identity.ror", `UPDATE identity_organisation SET ror = '01k4yrm30' WHERE id = $1`, `UPDATE identity_organisation SET ror = NULL WHERE id = $1`},
			{"identity.capacity", `INSERT INTO identity_capacity (organisation, capacity, valid_from) VALUES ($1, 'provider', '2026-12-01')`, `DELETE FROM identity_capacity WHERE organisation = $1 AND valid_from = '2026-12-01'`},
			{"identity.acting", `UPDATE identity_session SET membership = 'x' WHERE '' <> $1`, `DELETE FROM identity_session WHERE '' <> $1`},
		} {
			exec(c.breaks, o.ID)
			if got := findings(); got != c.code {
				t.Errorf("broken %s: findings %q", c.code, got)
			}
			exec(c.mends, o.ID)
		}
		exec(`UPDATE identity_organisation SET source = '' WHERE id = $1`, pub)
		if got := findings(); got != "identity.unclaimed" {
			t.Errorf("findings %q", got)
		}
	})
}

// TestNoPersonalValueReachesAudit: whatever is done with a person's data, no column of the audit holds any of it.
func TestNoPersonalValueReachesAudit(t *testing.T) {
	w, ctx := newWorld(t, dbtest.SQLite(t)), t.Context()
	o := w.register(t, firm(""))
	sub := w.as(t, "firm@test.cn")
	w.decide(t, o.ID, VerbRefuse)
	if _, err := w.Resubmit(ctx, sub, o.ID, firm("").Facts); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SignIn(ctx, creds("firm@test.cn", "wrong-password")); err == nil {
		t.Fatal("a wrong password signs in")
	}
	if _, err := w.SignIn(ctx, creds("firm@test.cn", password)); err != nil {
		t.Fatal(err)
	}
	wants(t, w.SaveProfile(ctx, sub, Profile{Name: "沈一", Phone: "0573-82011234", ORCID: "0000-0002-1825-0097"}), "")
	wants(t, w.ChangePassword(ctx, sub, password, "a-new-password-1"), "")
	if _, _, err := w.IssueToken(ctx, sub, "沈一的脚本", 1); err != nil {
		t.Fatal(err)
	}
	rows, err := db.All[string](ctx, w.db, `SELECT id || ' ' || person || ' ' || membership || ' ' || org || ' ' || cause || ' ' || action || ' ' ||
		kind || ' ' || object || ' ' || from_state || ' ' || to_state || ' ' || digest FROM audit_entry`)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 10 {
		t.Fatalf("only %d audit entries", len(rows))
	}
	for _, r := range rows {
		for _, personal := range []string{"firm@", "test.cn", "沈一", "82011234", "0000-0002", password, "192.0.2.7"} {
			if strings.Contains(r, personal) {
				t.Errorf("%q stands in the audit: %s", personal, r)
			}
		}
	}
}

func TestTasks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		tasks := func(sub Subject) int {
			t.Helper()
			list, err := w.Tasks(t.Context(), sub)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		if n := tasks(w.officer) + tasks(Subject{}); n != 0 {
			t.Errorf("%d tasks on a quiet day", n)
		}
		o := w.register(t, firm(""))
		if n := tasks(w.officer); n != 1 {
			t.Errorf("%d tasks for the officer", n)
		}
		if n := tasks(w.as(t, "firm@test.cn")); n != 0 {
			t.Errorf("%d tasks for a firm that waits", n)
		}
		w.decide(t, o.ID, VerbRefuse)
		if n := tasks(w.as(t, "firm@test.cn")); n != 1 {
			t.Errorf("%d tasks for a refused firm", n)
		}
	})
}
