package voucher

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher/scheme"
)

// maxDocument is the largest file a redemption takes, in bytes.
const maxDocument = 20 << 20

// claimRow is a redemption in a list.
type claimRow struct {
	Claim
	To        ui.OrgRef // who is paid
	Programme Programme
}

// claimsView is the list of redemptions: a provider's own with what it may claim, or an authority's to decide.
type claimsView struct {
	Open  []openClaim
	Rows  []claimRow
	State string // "" = all
	Desk  bool   // the reader decides
	Mine  bool   // the reader redeems
	Pager ui.PagerOf

	Rewards bool // the reader may propose rewards
}

// openClaim is what a provider may claim in one programme.
type openClaim struct {
	Programme Programme
	Way       string // scheme.Direct, or scheme.Repay for what a firm has paid in full itself
	Orders    []Claimable
	Sum       money.Fen
}

func (s *Service) showClaims(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	from, err := after(r)
	if err != nil {
		return err
	}
	v := claimsView{State: r.URL.Query().Get("state"), Desk: s.policy.May(by, "redemption.verify") == nil, Mine: s.policy.May(by, "redemption.create") == nil}
	v.Rewards = s.policy.May(by, "reward.propose") == nil
	if v.Mine {
		if v.Open, err = s.openClaims(ctx, by.Org); err != nil {
			return err
		}
	}
	where := s.ofClaims(by)
	if slices.Contains(Claims.States(), v.State) {
		where.And("state = ?", v.State)
	}
	claims, err := listClaims(ctx, s.db, where, from, pageSize)
	if err != nil {
		return err
	}
	if len(claims) > 0 {
		v.Pager.Next = next(r, len(claims) == pageSize, claims[len(claims)-1].ID)
	}
	if v.Rows, err = s.claimRows(ctx, claims); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, claimsPage(v))
}

func (s *Service) claimRows(ctx context.Context, claims []Claim) ([]claimRow, error) {
	views, err := s.noticeViews(ctx, claims)
	if err != nil {
		return nil, err
	}
	out := make([]claimRow, len(views))
	for i, v := range views {
		out[i] = claimRow{v.Claim, v.To, v.Programme}
	}
	return out, nil
}

// openClaims groups what an organisation may claim by programme and way.
func (s *Service) openClaims(ctx context.Context, org string) ([]openClaim, error) {
	all, err := s.Claimable(ctx, s.db, org)
	if err != nil {
		return nil, err
	}
	var out []openClaim
	for _, c := range all {
		i := slices.IndexFunc(out, func(o openClaim) bool { return o.Programme.ID == c.Programme && o.Way == c.Way })
		if i < 0 {
			p, err := s.Programme(ctx, s.db, c.Programme)
			if err != nil {
				return nil, err
			}
			out, i = append(out, openClaim{Programme: p, Way: c.Way}), len(out)
		}
		out[i].Orders = append(out[i].Orders, c)
		out[i].Sum += c.Amount
	}
	return out, nil
}

// redeemView is the form of a new redemption.
type redeemView struct {
	openClaim
	Buyers map[string]ui.OrgRef
	Form   *form.Form
	Kept   []keptFile // uploaded with the form as it was sent before
}

// keptFile is an uploaded document with the seal that brings it back.
type keptFile struct {
	Document
	Seal string
}

func (s *Service) showRedeem(w http.ResponseWriter, r *http.Request) error {
	return s.redeemPage(w, r, which{r.URL.Query().Get("programme"), r.URL.Query().Get("way")}, nil, nil)
}

// which names what is claimed together; either may be empty.
type which struct{ programme, way string }

// redeemPage shows the form; at first every order is ticked.
func (s *Service) redeemPage(w http.ResponseWriter, r *http.Request, of which, f *form.Form, documents []Document) error {
	ctx := r.Context()
	open, err := s.openClaims(ctx, identity.SubjectOf(ctx).Org)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(open, func(o openClaim) bool {
		return (of.programme == "" || o.Programme.ID == of.programme) && (of.way == "" || o.Way == of.way)
	}) // none named: the first
	if i < 0 {
		return web.SeeOther(w, r, "/desk/redemptions", "现在没有可以兑付的订单。")
	}
	v := redeemView{openClaim: open[i], Form: f}
	if v.Kept, err = s.sealed(ctx, documents); err != nil {
		return err
	}
	var buyers, orders []string
	for _, o := range v.Orders {
		buyers, orders = append(buyers, o.Buyer), append(orders, o.Order)
	}
	if v.Buyers, err = s.names(ctx, buyers...); err != nil {
		return err
	}
	if f == nil {
		v.Form = form.Of(nil)
		v.Form.Set("orders", orders...)
	}
	v.keep()
	return web.Page(w, r, v.Form.Status(), redeemPage(v))
}

func (s *Service) submitRedeem(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	of := which{f.Text("programme"), f.Text("way")}
	documents, err := s.stored(ctx, f, of)
	if err != nil {
		return err
	}
	if f.OK() {
		c, err := s.Redeem(ctx, identity.SubjectOf(ctx), RedeemRequest{Programme: of.programme, Way: of.way, Orders: f.All("orders"), Documents: documents, Invoices: invoiceLines(f.Text("invoices")), Key: web.RequestKey(ctx)})
		if err == nil {
			return web.SeeOther(w, r, "/desk/redemptions/"+c.ID, "兑付申请 {0} 已提交。", c.Number)
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.redeemPage(w, r, of, f, documents)
}

// invoiceLines are the invoice numbers of a text: one a line, or with commas between.
func invoiceLines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\r\n,，;；、", r) }) //i18n:data marks between numbers
}

// keep ticks the files that came before.
func (v redeemView) keep() {
	seals := make([]string, len(v.Kept))
	for i, k := range v.Kept {
		seals[i] = k.Seal
	}
	v.Form.Set("kept", seals...)
}

// stored keeps the files of a redemption's form.
func (s *Service) stored(ctx context.Context, f *form.Form, of which) ([]Document, error) {
	p, err := s.Programme(ctx, s.db, of.programme)
	if err != nil {
		return nil, err
	}
	return s.storedFor(ctx, f, required(p.Terms, of.way))
}

// storedFor keeps the files of the form, beside those it carried before; what is wrong with one becomes an error of its field.
func (s *Service) storedFor(ctx context.Context, f *form.Form, items []scheme.Item) ([]Document, error) {
	var out []Document
	for _, seal := range f.All("kept") {
		if d, ok := s.kept.open(identity.SubjectOf(ctx).Org, seal); ok {
			out = append(out, d)
		}
	}
	for _, it := range items {
		field := "document-" + it.Code
		for _, file := range f.Files(field) {
			d, err := s.store(ctx, it.Code, file)
			if e := fault.Of(err); e != nil {
				if e.Kind == fault.Internal {
					return nil, err
				}
				f.Add(field, e.Code, e.Text, e.Args...)
				continue
			}
			out = append(out, d)
		}
	}
	return out, nil
}

// sealed are documents with the seals that bring them back with the form.
func (s *Service) sealed(ctx context.Context, documents []Document) ([]keptFile, error) {
	var out []keptFile
	for _, d := range documents {
		seal, err := s.kept.seal(identity.SubjectOf(ctx).Org, d)
		if err != nil {
			return nil, err
		}
		out = append(out, keptFile{d, seal})
	}
	return out, nil
}

func (s *Service) store(ctx context.Context, code string, file *form.File) (d Document, err error) {
	in, err := file.Open()
	if err != nil {
		return d, fmt.Errorf("read an uploaded file: %w", err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	ref, err := s.files.Put(ctx, in, maxDocument)
	return Document{Code: code, Name: file.Name, SHA256: ref.SHA256, Size: ref.Size}, err
}
