package identity

import (
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/i18n"
)

func TestStaff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		o := w.register(t, firm(""))
		add := NewMember{Login: "Tech@test.cn", Name: "陆二", Password: "first-password-1", Role: RoleTechnician}
		wants(t, w.AddMember(ctx, w.as(t, "firm@test.cn"), add), "not-verified")
		w.decide(t, o.ID, VerbVerify)
		admin := w.as(t, "firm@test.cn")

		err := w.AddMember(ctx, admin, NewMember{Login: "x", Role: "king"})
		if fields(err) != "member_login role member_name member_password" {
			t.Errorf("fields %q", fields(err))
		}
		wants(t, w.AddMember(ctx, admin, add), "")
		tech := w.as(t, "tech@test.cn")
		if tech.Org != o.ID || tech.Role != RoleTechnician || !tech.Has(CapacityEnterprise) {
			t.Errorf("the technician is %+v", tech)
		}
		wants(t, w.AddMember(ctx, tech, add), "other-role")
		wants(t, w.AddMember(ctx, admin, NewMember{Login: "officer@test.cn", Role: RoleAdmin}), "") // has an account

		wants(t, w.EndMember(ctx, admin, w.officer.Membership), "membership-not-found")
		wants(t, w.EndMember(ctx, admin, tech.Membership), "")
		if gone := w.as(t, "tech@test.cn"); gone.Org != "" || !gone.SignedIn() {
			t.Errorf("after the end: %+v", gone)
		}
		wants(t, w.AddMember(ctx, admin, add), "") // back again
		if back := w.as(t, "tech@test.cn"); back.Membership != tech.Membership {
			t.Errorf("back as %+v", back)
		}
		wants(t, w.EndMember(ctx, admin, admin.Membership), "")
		members, err := w.Members(ctx, d, o.ID)
		if err != nil || len(members) != 2 {
			t.Fatalf("members %v, %v", members, err)
		}
		for _, m := range members {
			if m.Role == RoleAdmin {
				second := Subject{Person: m.Person, Membership: m.ID, Org: o.ID, Role: RoleAdmin, Region: o.Region}
				wants(t, w.EndMember(ctx, second, m.ID), "last-admin")
			}
		}
	})
}

func TestStaffPage(t *testing.T) {
	s := newSite(t, newWorld(t, dbtest.SQLite(t)), i18n.ZH)
	o := s.register(t, firm(""))
	s.signIn("firm@test.cn")
	s.get("/account/organisation").want(200, "!#add-member")
	s.decide(t, o.ID, VerbVerify)
	s.get("/account/organisation").want(200, "#add-member select[name=role] option[value=staff][selected]", "!form[action$='/end']")
	s.post("/account/organisation/people", "member_login", "x", "member_name", "陆二", "role", "technician").
		want(422, "#people .summary a[href='#f-member_login']", "input[name=member_name][value='陆二']", "option[value=technician][selected]")
	s.post("/account/organisation/people", "member_login", "tech@test.cn", "member_name", "陆二", "member_password", "first-password-1", "role", "technician").goes("/account/organisation#people")
	end, _ := s.get("/account/organisation").want(200).says("#people", "陆二").Find("form[action$='/end']").Attr("action")
	s.post(end).goes("/account/organisation#people")
	s.post(end).want(404)
}
