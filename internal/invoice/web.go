package invoice

import (
	"context"
	"mime"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /desk/invoicing", Action: "invoice.detail", Private: true, Handle: s.showDetail},
		{Pattern: "POST /desk/invoicing", Action: "invoice.detail", Private: true, Handle: s.submitDetail},
		{Pattern: "GET /desk/invoices/{id}", Action: "invoice.file", Private: true, Handle: s.showFile},
		{Pattern: "GET /desk/payments/{id}", Action: "invoice.file", Private: true, Handle: s.showEvidence},
	}
}

// API has no calls of its own: an invoice comes with a step of its order.
func (s *Service) API(*web.APIGroup) {}

func (s *Service) showDetail(w http.ResponseWriter, r *http.Request) error {
	d, err := s.DetailOf(r.Context(), s.DB, identity.SubjectOf(r.Context()).Org)
	if err != nil {
		return err
	}
	f := form.Of(map[string]string{"title": d.Title, "uscc": d.USCC, "address": d.Address, "phone": d.Phone, "bank": d.Bank, "account": d.Account, "mail": d.Mail})
	return web.Page(w, r, http.StatusOK, detailPage(f))
}

func (s *Service) submitDetail(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	err := s.SetDetail(r.Context(), identity.SubjectOf(r.Context()), Detail{
		Title: f.Text("title"), USCC: f.Text("uscc"), Address: f.Text("address"), Phone: f.Text("phone"), Bank: f.Text("bank"), Account: f.Text("account"), Mail: f.Text("mail"),
	})
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/invoicing", "开票信息已保存，服务机构开票时会看到。")
	case f.Fail(err):
		return web.Page(w, r, f.Status(), detailPage(f))
	}
	return err
}

// showFile sends the file of an invoice to the two sides of its order.
func (s *Service) showFile(w http.ResponseWriter, r *http.Request) error {
	list, err := db.All[Invoice](r.Context(), s.DB, `SELECT `+columns+` FROM invoice_invoice WHERE id = $1`, r.PathValue("id"))
	if err != nil {
		return err
	}
	if len(list) == 0 || list[0].SHA256 == "" {
		return fault.New(fault.NotFound, "no-invoice", "没有找到这张发票的文件。")
	}
	inv := list[0]
	return s.send(w, r, sides(inv.Buyer, inv.Provider, inv.Region), inv.Name, inv.SHA256, inv.At.Time)
}

// showEvidence sends the evidence of a payment or a refund to the two sides of its order.
func (s *Service) showEvidence(w http.ResponseWriter, r *http.Request) error {
	list, err := db.All[Payment](r.Context(), s.DB, `SELECT `+paymentColumns+` FROM invoice_payment WHERE id = $1 UNION ALL SELECT `+paymentColumns+` FROM invoice_refund WHERE id = $1`, r.PathValue("id"))
	if err != nil {
		return err
	}
	if len(list) == 0 || list[0].SHA256 == "" {
		return fault.New(fault.NotFound, "no-evidence", "没有找到这笔收款的凭证。")
	}
	p := list[0]
	return s.send(w, r, sides(p.Buyer, p.Provider, p.Region), p.Name, p.SHA256, p.At.Time)
}

// sides is a paper of an order as the permission table sees it.
func sides(buyer, provider, region string) identity.Object {
	return identity.Object{Parties: map[string]string{"buyer": buyer, "provider": provider}, Region: region}
}

// send gives a file out as it was uploaded, to who may have it.
func (s *Service) send(w http.ResponseWriter, r *http.Request, of identity.Object, name, sha256 string, at time.Time) error {
	if err := s.Policy.Can(identity.SubjectOf(r.Context()), "invoice.file", of); err != nil {
		return err
	}
	f, err := s.Blobs.Open(r.Context(), sha256)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", at, f)
	return nil
}

// panelView is the invoices of an order and what they are made out to.
type panelView struct {
	Invoices []Invoice
	Detail   Detail
	Own      bool // the reader is of the buyer
	Left     money.Fen
	Payments []Payment
	Refunds  []Payment
	Due      money.Fen // of what the buyer pays itself, still to come
	Files    bool      // the reader may have the files
}

// Panel draws, on an order's page, its invoices and what they are made out to; nil for those who may not see them and
// before there is anything to invoice.
func (s *Service) Panel(ctx context.Context, by identity.Subject, order, buyer, provider, region string, price, own money.Fen, due bool) (templ.Component, error) {
	of := sides(buyer, provider, region)
	if s.Policy.Can(by, "invoice.view", of) != nil {
		return nil, nil
	}
	v := panelView{Own: by.Org == buyer, Left: price, Files: s.Policy.Can(by, "invoice.file", of) == nil}
	var err error
	if v.Invoices, err = s.Of(ctx, s.DB, order); err != nil {
		return nil, err
	}
	if v.Payments, err = s.Payments(ctx, s.DB, order); err != nil {
		return nil, err
	}
	v.Due = own
	for _, p := range v.Payments {
		v.Due -= p.Amount
	}
	if v.Refunds, err = s.Refunds(ctx, s.DB, order); err != nil {
		return nil, err
	}
	for _, p := range v.Refunds {
		v.Due += p.Amount
	}
	if len(v.Invoices) == 0 && len(v.Payments) == 0 && !due {
		return nil, nil
	}
	for _, inv := range v.Invoices {
		v.Left -= inv.Amount
	}
	if v.Detail, err = s.DetailOf(ctx, s.DB, buyer); err != nil {
		return nil, err
	}
	return panel(v), nil
}
