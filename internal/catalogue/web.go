package catalogue

import (
	"cmp"
	"context"
	"net/http"

	"github.com/a-h/templ"

	"qiao/internal/catalogue/format"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

var t = i18n.T

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	return []web.Route{
		{Pattern: "GET /resources", Action: "catalogue.search", Handle: s.showSearch},
		{Pattern: "GET /resources/suggest", Action: "catalogue.search", Handle: s.showSuggestions},
		{Pattern: "GET /resources/{id}", Action: "resource.view", Handle: s.showResource},
		{Pattern: "GET /resources/{id}/files/{file}", Action: "resource.view", Handle: s.showFile},
		desk("GET /desk/resources", "resource.manage", s.showOwn),
		desk("GET /desk/resources/new", "resource.create", s.showNew),
		desk("POST /desk/resources", "resource.create", s.submitNew),
		desk("POST /desk/resources/hours", "resource.edit", s.submitOwnerHours),
		desk("GET /desk/resources/{id}", "resource.manage", s.showEdit),
		desk("POST /desk/resources/{id}", "resource.edit", s.submitEdit),
		desk("POST /desk/resources/{id}/hours", "resource.edit", s.submitHours),
		desk("POST /desk/resources/{id}/{verb}", "resource.edit", s.submitVerb),
		desk("GET /desk/resources/{id}/history", "resource.manage", s.showHistory),
		desk("POST /desk/resources/{id}/undo", "resource.edit", s.submitUndo),
		desk("POST /desk/resources/{id}/files", "resource.edit", s.submitFile),
		desk("POST /desk/resources/{id}/files/{file}/{verb}", "resource.edit", s.submitFileVerb),
		desk("POST /desk/resources/bulk", "resource.edit", s.submitBulk),
		desk("GET /desk/bulk-edits", "resource.manage", s.showBulkEdits),
		desk("GET /desk/bulk-edits/{id}", "resource.manage", s.showBulkEdit),
		desk("POST /desk/bulk-edits/{id}/undo", "resource.edit", s.submitUndoBulk),
		desk("GET /desk/check-terms", "resource.terms", s.showTerms),
		desk("POST /desk/check-terms", "resource.set-term", s.submitTerm),
		desk("GET /desk/reviews", "resource.review", s.showReviews),
		desk("GET /desk/reviews/{id}", "resource.review", s.showReview),
		desk("POST /desk/reviews/{id}/{verb}", "resource.review", s.submitReview),
	}
}

// resourceView is the page of one resource.
type resourceView struct {
	Resource
	Kind    kinds.Kind
	Owner   identity.Organisation
	Place   string // path of the region
	Hours   []Opening
	Files   []File
	Booking templ.Component
	Extra   templ.Component
	Mine    bool   // the reader may edit it
	SignIn  bool   // the reader must sign in to see contacts
	Linked  string // JSON-LD for search engines; empty: not in the catalogue
	today   string
}

func (s *Service) showResource(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	sub := identity.SubjectOf(ctx)
	found, err := s.readable(ctx, sub, r.PathValue("id"))
	if fault.Is(err, "resource-gone") {
		if into, err := s.MergedInto(ctx, s.DB, found.ID); err != nil || into != "" {
			return moved(w, r, into, err)
		}
		return web.Page(w, r, http.StatusGone, gonePage(found))
	}
	if err != nil {
		return err
	}
	v, err := s.view(ctx, sub, found)
	if err != nil {
		return err
	}
	if s.Watch != nil && found.Live() {
		s.Watch.Opened(ctx, visitor(r), found, r.URL.Query().Get("s"))
	}
	w.Header().Add("Link", "<"+s.Address+"/api/v1/resources/"+found.ID+"?format=jsonld>; rel=\"alternate\"; type=\"application/ld+json\"")
	return web.Page(w, r, http.StatusOK, resourcePage(v))
}

func (s *Service) view(ctx context.Context, sub identity.Subject, r Resource) (resourceView, error) {
	v := resourceView{Resource: r, Kind: s.kindOf(r), Place: s.Orgs.RegionName(ctx, r.Region), SignIn: !sub.SignedIn(), Mine: s.Policy.Can(sub, "resource.edit", object(r)) == nil, today: s.today()}
	if r.Region == Abroad {
		v.Place = countryName(ctx, r.Country)
	}
	var err error
	if v.Files, err = listFiles(ctx, s.DB, r.ID); err != nil {
		return v, err
	}
	if v.Owner, err = s.owner(ctx, s.DB, r.Owner); err != nil {
		return v, err
	}
	if v.Kind.Bookable {
		if v.Hours, err = s.Hours(ctx, s.DB, r.ID); err != nil {
			return v, err
		}
	}
	if s.Booking != nil && r.Status == StatusPublished {
		if v.Booking, err = s.Booking(ctx, r); err != nil {
			return v, err
		}
	}
	if r.Live() {
		if v.Linked, err = format.Script(format.JSONLD(s.Record(r, v.Owner))); err != nil {
			return v, err
		}
	}
	if s.Extra != nil {
		v.Extra, err = s.Extra(ctx, r)
	}
	return v, err
}

// look is the icon and the colour of a kind.
func look(kind string) (icon string, hue int) { //icons: microscope building-factory-2 flag test-pipe book-2 certificate database bulb school briefcase coin building
	switch kind {
	case "instrument":
		return "microscope", 1
	case "facility":
		return "building-factory-2", 2
	case "base":
		return "flag", 3
	case "service":
		return "test-pipe", 4
	case "literature":
		return "book-2", 5
	case "standard":
		return "certificate", 6
	case "dataset":
		return "database", 7
	case "achievement":
		return "bulb", 8
	case "expert":
		return "school", 5
	case "professional":
		return "briefcase", 6
	case "investor":
		return "coin", 7
	}
	return "building", 0
}

// name is a resource's name in the language of ctx.
func (r Resource) name(ctx context.Context) string {
	return cmp.Or(i18n.Pick(ctx, r.NameZH, r.NameEN), r.ID)
}

func kindName(ctx context.Context, k kinds.Kind) string { return i18n.Pick(ctx, k.ZH, k.EN) }

// unitName is the unit of a price in the language of ctx.
func unitName(ctx context.Context, unit string) string {
	for _, c := range kinds.Units() {
		if c.Value == unit {
			return i18n.Pick(ctx, c.ZH, c.EN)
		}
	}
	return unit
}

func audienceName(ctx context.Context, audience string) string {
	for _, c := range kinds.Audiences() {
		if c.Value == audience {
			return i18n.Pick(ctx, c.ZH, c.EN)
		}
	}
	return audience
}

// StatusChip is a resource's state as people read it.
func StatusChip(ctx context.Context, status string) ui.Chip {
	switch status {
	case StatusDraft:
		return ui.Chip{Tone: ui.Plain, Text: t(ctx, "草稿")}
	case StatusReview:
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "审核中")}
	case StatusPublished:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已发布")}
	case StatusSuspended:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "暂停服务")}
	}
	return ui.Chip{Tone: ui.Bad, Text: t(ctx, "已撤下")}
}
