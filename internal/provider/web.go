package provider

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

const pageSize = 50

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	out := []web.Route{
		{Pattern: "GET /providers", Action: "provider.pool", Handle: s.showPool},
		{Pattern: "GET /certificates/{id}", Action: "certificate.view", Handle: s.showCertificate},
		desk("GET /desk/membership", "provider.own", s.showMine),
		desk("GET /desk/membership/apply", "provider.apply", s.showApply),
		desk("POST /desk/membership/apply", "provider.apply", s.submitPage),
		desk("POST /desk/membership/detach", "provider.apply", s.submitDetach),
		desk("GET /desk/providers", "provider.inspect", s.showQueue),
		desk("GET /desk/providers/{id}", "provider.inspect", s.showOne),
		desk("POST /desk/providers/{id}/checks", "provider.decide", s.submitChecks),
		desk("GET /desk/providers/{id}/agreement", "provider.view", s.showAgreement),
		desk("GET /desk/providers/{id}/documents/{document}", "provider.view", s.showDocument),
		desk("GET /desk/reporting", "reporting.view", s.showReporting),
		desk("GET /desk/equipment", "equipment.view", s.showEquipment),
		desk("POST /desk/equipment", "equipment.own", s.submitPropose),
		desk("POST /desk/equipment/invite", "equipment.decide", s.submitPropose),
		desk("GET /desk/certificates", "certificate.own", s.showCertificates),
		desk("GET /desk/certificates/new", "certificate.edit", s.showNewCertificate),
		desk("POST /desk/certificates", "certificate.edit", s.submitCertificate),
		desk("GET /desk/certificates/{id}", "certificate.own", s.showDeskCertificate),
		desk("POST /desk/certificates/{id}", "certificate.edit", s.submitCertificate),
		desk("GET /desk/certificates/{id}/file", "certificate.own", s.showCertificateFile),
		desk("POST /desk/certificates/{id}/remove", "certificate.edit", s.submitCertificateVerb("remove")),
		desk("POST /desk/certificates/{id}/verify", "certificate.check", s.submitCertificateVerb("verify")),
		desk("POST /desk/certificates/{id}/refuse", "certificate.check", s.submitCertificateVerb("refuse")),
	}
	for _, verb := range []string{"submit", "withdraw", "sign", "end", "keep"} {
		out = append(out, desk("POST /desk/membership/"+verb, "provider.apply", s.submitOwnVerb(verb)))
	}
	for _, verb := range []string{"return", "refuse", "qualify", "offer", "suspend", "resume", "end", "keep", "expel"} {
		out = append(out, desk("POST /desk/providers/{id}/"+verb, "provider.decide", s.submitVerb(verb)))
	}
	for verb, action := range map[string]string{"agree": "equipment.own", "decline": "equipment.own", "leave": "equipment.own", "admit": "equipment.decide", "refuse": "equipment.decide", "expel": "equipment.decide"} {
		out = append(out, desk("POST /desk/equipment/{id}/"+verb, action, s.submitAdmission(verb)))
	}
	return out
}

// names are the organisations of ids, as pages show them.
func (s *Service) names(ctx context.Context, ids []string) (map[string]ui.OrgRef, error) {
	orgs, err := s.orgs.Organisations(ctx, s.db, ids)
	out := map[string]ui.OrgRef{}
	for id, o := range orgs {
		out[id] = o.Ref(ctx)
	}
	return out, err
}

// moments are the steps of an object, newest first.
func (s *Service) moments(ctx context.Context, object string) ([]ui.Moment, error) {
	steps, err := listSteps(ctx, s.db, object)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, x := range steps {
		ids = append(ids, x.Org)
	}
	names, err := s.names(ctx, ids)
	out := make([]ui.Moment, 0, len(steps))
	for _, x := range slices.Backward(steps) {
		m := ui.Moment{At: x.At.Time, Who: names[x.Org].Name, Title: doneName(ctx, x.Verb), Note: x.Note}
		if x.Org == "" {
			m.Who = t(ctx, "平台")
		}
		out = append(out, m)
	}
	return out, err
}

// sendFile sends a stored file as a download.
func (s *Service) sendFile(w http.ResponseWriter, r *http.Request, name, sha256 string, at time.Time) error {
	file, err := s.files.Open(r.Context(), sha256)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Gone, "document-gone", "这份材料的文件已不在，请联系平台运营单位。").Because(err)
	}
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(name)}))
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, r, "", at, file)
	return nil
}

// readFile is a stored file as text.
func (s *Service) readFile(ctx context.Context, sha256 string) (string, error) {
	file, err := s.files.Open(ctx, sha256)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }() // it was only read
	b, err := io.ReadAll(file)
	return string(b), err
}

// member is one line of the public pool.
type member struct {
	Membership
	Org    ui.OrgRef
	Place  string
	Offers string
	Chips  []ui.Chip
}

type poolView struct {
	Members []member
	Pager   ui.PagerOf
}

func (s *Service) showPool(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	after, err := web.DecodeCursor(r.URL.Query().Get("cursor"), 1)
	if err != nil {
		return err
	}
	list, next, err := s.pool(ctx, after[0])
	if err != nil {
		return err
	}
	v := poolView{}
	if after[0] != "" {
		v.Pager.First = "/providers"
	}
	if next != "" {
		v.Pager.Next = "/providers?cursor=" + web.EncodeCursor(next)
	}
	var ids []string
	for _, m := range list {
		ids = append(ids, m.Org)
	}
	names, err := s.names(ctx, ids)
	if err != nil {
		return err
	}
	kinds, err := s.Kinds(ctx, s.db, ids)
	if err != nil {
		return err
	}
	for _, m := range list {
		x := member{Membership: m, Org: names[m.Org], Place: s.orgs.RegionName(ctx, m.Region), Offers: s.offersText(ctx, m)}
		for _, k := range kinds[m.Org] {
			x.Chips = append(x.Chips, ui.Chip{Tone: ui.OK, Text: s.short(ctx, k)})
		}
		v.Members = append(v.Members, x)
	}
	return web.Page(w, r, http.StatusOK, poolPage(v))
}

// pool are the members of the pool after an id, and where the next page begins.
func (s *Service) pool(ctx context.Context, after string) ([]Membership, string, error) {
	var w db.Where
	w.And("state IN ('member', 'ending')")
	w.And("id > ?", after)
	list, err := listMemberships(ctx, s.db, &w, "ORDER BY id LIMIT "+w.Arg(pageSize+1))
	if err != nil || len(list) <= pageSize {
		return list, "", err
	}
	return list[:pageSize], list[pageSize-1].ID, nil
}

func (s *Service) subject(r *http.Request) identity.Subject { return identity.SubjectOf(r.Context()) }
