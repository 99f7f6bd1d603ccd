package identity

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

// organisationView is everything the pages of one organisation show.
type organisationView struct {
	Organisation
	Path       string // of its region, in the reader's language: 浙江省 嘉兴市 南湖区
	Capacities []Capacity
	Parent     Organisation // zero: none
	Children   []Organisation
	Slots      []templ.Component
	Today      string
}

// held are the capacities that hold today.
func (v organisationView) held() []Capacity {
	var out []Capacity
	for _, c := range v.Capacities {
		if v.Status == StatusVerified && c.In(v.Today) {
			out = append(out, c)
		}
	}
	return out
}

func (s *Service) view(ctx context.Context, o Organisation) (organisationView, error) {
	v := organisationView{Organisation: o, Today: s.today(), Path: s.RegionName(ctx, o.Region)}
	var err error
	if v.Capacities, err = s.CapacitiesOf(ctx, s.db, o.ID); err != nil {
		return v, err
	}
	if o.Parent != "" {
		if v.Parent, err = s.Organisation(ctx, s.db, o.Parent); err != nil {
			return v, err
		}
	}
	v.Children, err = childOrganisations(ctx, s.db, o.ID)
	return v, err
}

// Visible tells whether the subject may see the organisation's page: everybody when it is public, else its own people
// and who may inspect it.
func (s *Service) Visible(sub Subject, o Organisation) bool {
	for _, status := range publicStatuses() {
		if o.Status == status {
			return true
		}
	}
	return sub.Org == o.ID || s.policy.Can(sub, "organisation.inspect", o.Object()) == nil
}

func (s *Service) visible(ctx context.Context, id string) (Organisation, error) {
	o, err := s.Organisation(ctx, s.db, id)
	if err == nil && !s.Visible(SubjectOf(ctx), o) {
		return Organisation{}, fault.New(fault.NotFound, "organisation-not-found", "没有找到这个单位。")
	}
	return o, err
}

func (s *Service) showOrganisation(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	o, err := s.visible(ctx, r.PathValue("id"))
	if fault.Is(err, "organisation-not-found") {
		by, e := s.TakenOverBy(ctx, s.db, r.PathValue("id"))
		if e != nil {
			return e
		}
		if by != "" { // not to be kept: it may be undone
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, "/organisations/"+by, http.StatusMovedPermanently)
			return nil
		}
	}
	if err != nil {
		return err
	}
	v, err := s.view(ctx, o)
	if err != nil {
		return err
	}
	for _, slot := range s.deps.Slots {
		c, err := slot(ctx, o.ID)
		if err != nil {
			return err
		}
		if c != nil {
			v.Slots = append(v.Slots, c)
		}
	}
	return web.Page(w, r, http.StatusOK, organisationPage(v))
}

// form is the registration as it was, ready to be mended.
func (v organisationView) form() *form.Form {
	f := form.Of(map[string]string{
		"name_zh": v.NameZH, "name_en": v.NameEN, "uscc": v.USCC, "uscc_note": v.USCCNote, "region": v.Region, "kind": v.Kind,
		"address": v.Address, "website": v.Website, "ror": v.ROR,
	})
	if v.USCCNote != "" {
		f.Set("uscc_confirmed", "1")
	}
	var asked []string
	for _, c := range v.Capacities {
		asked = append(asked, c.Capacity)
	}
	f.Set("capacities", asked...)
	return f
}
