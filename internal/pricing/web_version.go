package pricing

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

type versionView struct {
	Sheet
	Version Version
	Said    []string
	Before  int64
	Changed []change
	Who     string
}

func (s *Service) showVersion(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, err := s.mine(ctx, identity.SubjectOf(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(r.PathValue("version"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "no-price-version", "没有找到这一版价格。").Because(err)
	}
	v := versionView{Sheet: x, Before: n - 1}
	if v.Version, err = getVersion(ctx, s.db, x.ID, n); err != nil {
		return err
	}
	p, err := v.Version.Plan()
	if err != nil {
		return err
	}
	v.Said = described(ctx, p)
	if n > 1 {
		before, err := getVersion(ctx, s.db, x.ID, n-1)
		if err != nil {
			return err
		}
		old, err := before.Plan()
		if err != nil {
			return err
		}
		v.Changed = diff(ctx, old, p)
	}
	names, err := s.orgs.Names(ctx, s.db, []string{v.Version.Person})
	if err != nil {
		return err
	}
	v.Who = names[v.Version.Person]
	return web.Page(w, r, http.StatusOK, versionPage(v))
}

// previewView is an example priced by the plan as it stands.
type previewView struct {
	Form   *form.Form
	Priced Priced
	Groups []ui.Option
}

// preview prices an example: by default four hours across the end of tomorrow's working day, for an outside buyer.
func (s *Service) preview(ctx context.Context, p Plan, f *form.Form) previewView {
	tomorrow, err := clock.AddDays(s.today(), 1)
	if err != nil {
		tomorrow = s.today()
	}
	for name, value := range map[string]string{"start": tomorrow + "T16:00", "hours": "4", "quantity": "1", "group": External, "kind": "booking"} {
		if f.Text(name) == "" {
			f.Set(name, value)
		}
	}
	v := previewView{Form: f}
	for _, g := range groupsIn(p) {
		v.Groups = append(v.Groups, ui.Option{Value: g, Label: GroupWord(ctx, g)})
	}
	start, hours := f.Time("start"), f.Fen("hours")
	if !f.OK() {
		return v
	}
	minutes := int64(hours) * 60 / 100
	facts := Facts{Kind: f.Text("kind"), Group: f.Text("group"), Day: clock.Day(start), Quantity: f.Int("quantity"), AddOns: map[string]int64{}}
	if minutes > 0 && minutes <= 366*24*60 {
		facts.Spans = []Span{{start, start.Add(time.Duration(minutes) * time.Minute)}}
	}
	for _, a := range p.AddOns {
		if n := f.Int("addon-" + a.ID); n > 0 {
			facts.AddOns[a.ID] = n
		}
	}
	CalendarDays(s.calendar, &facts)
	if v.Priced, err = Price(p, facts); err != nil {
		f.Fail(err)
	}
	return v
}

// groupsIn are the groups that a plan names, the ones everybody has first.
func groupsIn(p Plan) []string {
	out := builtIn()
	add := func(groups []string) {
		for _, g := range groups {
			if !slices.Contains(out, g) {
				out = append(out, g)
			}
		}
	}
	for _, r := range p.Rates {
		add(r.Groups)
	}
	for _, a := range p.AddOns {
		add(a.Groups)
	}
	for _, d := range p.Discounts {
		add(d.Groups)
	}
	return out
}
