package voucher

import (
	"context"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// claimView is one redemption.
type claimView struct {
	claimRow
	Items     []ClaimItem
	Firms     map[string]ui.OrgRef
	Documents []Document
	Invoices  []string          // numbers it uses
	Panels    []templ.Component // of other modules
	Steps     []ui.Step
	Timeline  []ui.Moment
	Form      *form.Form
	Verbs     []string // that the reader may do now
	Second    bool     // it waits for a second person, and the reader is the first
	Waits     bool     // the notice runs
	Desk      bool
}

func (s *Service) showClaim(w http.ResponseWriter, r *http.Request) error {
	return s.claimPage(w, r, form.Of(nil))
}

func (s *Service) claimPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	c, err := s.readableClaim(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	rows, err := s.claimRows(ctx, []Claim{c})
	if err != nil {
		return err
	}
	by := identity.SubjectOf(ctx)
	v := claimView{claimRow: rows[0], Form: f, Desk: by.Org != c.Payee}
	if v.Items, err = listItems(ctx, s.db, c.ID); err != nil {
		return err
	}
	var firms []string
	for _, it := range v.Items {
		firms = append(firms, it.Firm)
	}
	if v.Firms, err = s.names(ctx, firms...); err != nil {
		return err
	}
	if v.Documents, err = listDocuments(ctx, s.db, c.ID); err != nil {
		return err
	}
	if s.bills != nil {
		if v.Invoices, err = s.bills.Numbers(ctx, s.db, c.ID); err != nil {
			return err
		}
	}
	if v.Timeline, err = s.timeline(ctx, c.ID); err != nil {
		return err
	}
	if v.Panels, err = s.panelsOf(ctx, by, c); err != nil {
		return err
	}
	v.Steps = steps(ctx, c)
	s.offer(by, &v)
	return web.Page(w, r, f.Status(), claimPage(v))
}

// offer finds what the reader may do to the claim now.
func (s *Service) offer(by identity.Subject, v *claimView) {
	for _, step := range Claims.Verbs(v.State, SideAuthority) {
		if s.policy.Can(by, "redemption."+step.Verb, claimObject(v.Way, v.Claim.Payee, v.Region)) != nil {
			continue
		}
		switch {
		case step.Verb == "approve" && v.Verifier == by.Person:
			v.Second = true
		case step.Verb == "receive" && v.Recovered == v.Received: // nothing waits to come back
		case step.Verb == "pay" && s.today() < v.PayableOn:
			v.Waits = true
		default:
			v.Verbs = append(v.Verbs, step.Verb)
		}
	}
}

func (s *Service) readableClaim(ctx context.Context, claim string) (Claim, error) {
	c, err := getClaim(ctx, s.db, claim)
	if err == nil {
		err = s.policy.Can(identity.SubjectOf(ctx), "redemption.view", claimObject(c.Way, c.Payee, c.Region))
	}
	return c, err
}

// submitVerb handles one verb of an officer.
func (s *Service) submitVerb(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f := form.Read(r)
		c, err := s.Do(ctx, identity.SubjectOf(ctx), r.PathValue("id"), verb, VerbRequest{Note: f.Text("note"), Amount: f.Fen("amount"), Key: web.RequestKey(ctx)})
		if err == nil {
			return web.SeeOther(w, r, "/desk/redemptions/"+c.ID, "兑付 {0}：{1}。", c.Number, doneName(ctx, verb))
		}
		if !f.Fail(err) && fault.Of(err).Code != "second-person-needed" && fault.Of(err).Code != "own-organisation" {
			return err
		}
		if f.OK() {
			f.Fault = fault.Of(err)
		}
		return s.claimPage(w, r, f)
	}
}

// showDocument sends a file of a redemption to who may see it.
func (s *Service) showDocument(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := s.readableClaim(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	documents, err := listDocuments(ctx, s.db, c.ID)
	if err != nil {
		return err
	}
	return s.sendDocument(w, r, documents, c.CreatedAt.Time)
}

// sendDocument sends one of some documents, which the address names by its place.
func (s *Service) sendDocument(w http.ResponseWriter, r *http.Request, documents []Document, at time.Time) error {
	n, err := strconv.Atoi(r.PathValue("position"))
	if err != nil || n < 0 || n >= len(documents) {
		return fault.New(fault.NotFound, "document-not-found", "没有找到这份材料。")
	}
	d := documents[n]
	file, err := s.files.Open(r.Context(), d.SHA256)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Gone, "document-gone", "这份材料的文件已不在，请联系平台运营单位。").Because(err)
	}
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(d.Name)}))
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, r, "", at, file)
	return nil
}
