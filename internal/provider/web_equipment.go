package provider

import (
	"net/http"
	"slices"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// reportingView are the clocks that a reader may see.
type reportingView struct {
	s      *Service
	Rows   []Clock
	Owners map[string]ui.OrgRef
	Show   string
	Own    bool
	Rules  []ReportingRule
	Today  string
}

func (s *Service) showReporting(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), s.subject(r)
	v := reportingView{s: s, Show: r.URL.Query().Get("show"), Today: s.today(), Rules: s.rules.Reporting, Own: !by.Has("authority", "operator", "auditor")}
	var where db.Where
	if v.Own {
		where.And("owner = ?", by.Org)
	} else {
		s.policy.Filter(by, "reporting.view", map[string]string{identity.SideRegion: "region", SideOwner: "owner"}, &where)
	}
	switch v.Show {
	case "late":
		where.And("due_on <> '' AND ((reported_on = '' AND due_on < ?) OR reported_on > due_on)", v.Today)
	case "done":
		where.And("reported_on <> ''")
	case "all":
	default:
		v.Show = "open"
		where.And("reported_on = ''")
	}
	var err error
	if v.Rows, err = listClocks(ctx, s.db, &where, 200); err != nil {
		return err
	}
	var ids []string
	for _, c := range v.Rows {
		ids = append(ids, c.Owner)
	}
	if v.Owners, err = s.names(ctx, ids); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, reportingPage(v))
}

// equipmentView are the admissions that a reader may see, and what may be proposed.
type equipmentView struct {
	s         *Service
	Rows      []Admission
	Owners    map[string]ui.OrgRef
	Free      []catalogue.Resource // own equipment that is neither public money's nor on its way
	Own       bool
	MayDecide bool
	Org       string
	Form      *form.Form
}

func (s *Service) showEquipment(w http.ResponseWriter, r *http.Request) error {
	return s.equipmentPage(w, r, form.Of(map[string]string{"resource": r.URL.Query().Get("resource")}))
}

func (s *Service) equipmentPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), s.subject(r)
	v := equipmentView{s: s, Form: f, Org: by.Org, Own: s.policy.May(by, "equipment.own") == nil, MayDecide: s.policy.May(by, "equipment.decide") == nil}
	var where db.Where
	s.policy.Filter(by, "equipment.view", map[string]string{identity.SideRegion: "region", SideOwner: "owner"}, &where)
	var err error
	if v.Rows, err = listAdmissions(ctx, s.db, &where); err != nil {
		return err
	}
	var ids []string
	for _, a := range v.Rows {
		ids = append(ids, a.Owner)
	}
	if v.Owners, err = s.names(ctx, ids); err != nil {
		return err
	}
	if v.Own {
		owned, err := s.catalogue.Owned(ctx, s.db, by.Org)
		if err != nil {
			return err
		}
		v.Free = slices.DeleteFunc(owned, func(x catalogue.Resource) bool {
			busy := slices.ContainsFunc(v.Rows, func(a Admission) bool {
				return a.Resource == x.ID && (a.State == Invited || a.State == Agreed || a.State == Admitted)
			})
			return busy || Fiscal(x) || x.Kind != "instrument" && x.Kind != "facility"
		})
	}
	return web.Page(w, r, f.Status(), equipmentPage(v))
}

func (s *Service) submitPropose(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	f.Need("resource")
	if f.OK() {
		a, err := s.Propose(r.Context(), s.subject(r), f.Text("resource"))
		if err == nil && a.State == Invited {
			return web.SeeOther(w, r, "/desk/equipment", "邀请已发出。")
		}
		if err == nil {
			return web.SeeOther(w, r, "/desk/equipment", "已申请，主管部门核定后通知您。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.equipmentPage(w, r, f)
}

func (s *Service) submitAdmission(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f := form.Read(r)
		_, err := s.DoAdmission(r.Context(), s.subject(r), r.PathValue("id"), verb, f.Text("note"))
		switch {
		case err == nil:
			return web.SeeOther(w, r, "/desk/equipment", "已办理。")
		case f.Fail(err):
			return s.equipmentPage(w, r, f)
		}
		return err
	}
}
