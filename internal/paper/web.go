package paper

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /reports", Action: "paper.prove", Handle: s.showFind},
		{Pattern: "POST /reports", Action: "paper.prove", Handle: s.submitFind},
		{Pattern: "GET /reports/{number}", Action: "paper.prove", Handle: s.showProof},
		{Pattern: "POST /reports/{number}", Action: "paper.prove", Handle: s.submitProof},
		{Pattern: "GET /reports/{number}/{document}/signature", Action: "paper.prove", Handle: s.showSignature},
		{Pattern: "GET /desk/orders/{id}/report-cover.pdf", Action: "order.view", Private: true, Handle: s.print("cover", cover)},
		{Pattern: "GET /desk/orders/{id}/statement.pdf", Action: "order.view", Private: true, Handle: s.print("statement", statement)},
	}
}

// API has no calls: what is proved is in the order's own answer.
func (s *Service) API(*web.APIGroup) {}

// print sends a print of an order to who may see the order.
func (s *Service) print(name string, write func(context.Context, paper) ([]byte, error)) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		d, err := s.Orders.Get(ctx, identity.SubjectOf(ctx), r.PathValue("id"))
		if err != nil {
			return err
		}
		p, err := s.paper(ctx, d)
		if err != nil {
			return err
		}
		body, err := write(ctx, p)
		if err != nil {
			return err
		}
		h := w.Header()
		h.Set("Content-Type", "application/pdf")
		h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": d.Order.Number + "-" + name + ".pdf"}))
		h.Set("Cache-Control", "private, no-store")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
		return nil
	}
}

func (s *Service) paper(ctx context.Context, d order.Detail) (paper, error) {
	p := paper{Detail: d, Address: strings.TrimRight(s.Address, "/") + "/reports/" + d.Order.Number, Now: s.Clock.Now()}
	orgs, err := s.Organisations.Organisations(ctx, s.DB, []string{d.Order.Buyer, d.Order.Provider})
	if err != nil {
		return p, err
	}
	p.Buyer, p.Provider = orgs[d.Order.Buyer], orgs[d.Order.Provider]
	if p.Invoices, err = s.Invoices.Of(ctx, s.DB, d.Order.ID); err != nil {
		return p, err
	}
	p.Payments, err = s.Invoices.Payments(ctx, s.DB, d.Order.ID)
	return p, err
}

func (s *Service) showFind(w http.ResponseWriter, r *http.Request) error {
	return s.find(w, r, form.Of(nil))
}

// submitFind leads to a report by its number, or by the file itself. What comes is not kept.
func (s *Service) submitFind(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), form.Read(r)
	hash, err := hashOf(f)
	if err != nil {
		return err
	}
	number := strings.ToUpper(f.Text("number"))
	switch {
	case !f.OK():
	case hash != "":
		if number, err = s.Orders.ReportOf(ctx, s.DB, hash); err != nil {
			return err
		}
		if number != "" {
			return web.SeeOther(w, r, "/reports/"+url.PathEscape(number)+"?sha256="+hash, "")
		}
		f.Add("file", "unknown", "平台上没有这份文件的报告：它可能被改动过，或不是在本平台提交的。")
	case number == "":
		f.Add("number", "required", "请填写报告编号，或选择报告文件。")
	default:
		_, err := s.Orders.Reported(ctx, s.DB, number)
		if err == nil {
			return web.SeeOther(w, r, "/reports/"+url.PathEscape(number), "")
		}
		f.Add("number", "unknown", "没有这个编号的报告，请核对编号。报告编号就是订单编号。")
	}
	return s.find(w, r, f)
}

func (s *Service) find(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	now, err := s.Key.Sign("")
	if err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), findPage(f, now.Fingerprint()))
}

// hashOf is the SHA-256 of the file that was chosen; empty: none was.
func hashOf(f *form.Form) (string, error) {
	file := f.File("file")
	if file == nil {
		return "", nil
	}
	body, err := file.Open()
	if err != nil {
		return "", err
	}
	defer func() { _ = body.Close() }() // only read
	sum := sha256.New()
	if _, err := io.Copy(sum, body); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// proofView is what anybody may know of a report: who issued it, when, and by what a copy is known.
type proofView struct {
	Order    order.Order
	Provider identity.Organisation
	Files    []proofFile
	Checked  bool
	Same     *proofFile
	Form     *form.Form
}

type proofFile struct {
	order.Document
	Void bool
	Sign *Signature // nil: submitted before reports were signed
	Good bool
}

// showSignature sends the signature under a file of a report with all that is needed to check it; the report is not in it.
func (s *Service) showSignature(w http.ResponseWriter, r *http.Request) error {
	number := strings.ToUpper(r.PathValue("number"))
	x, err := s.signature(r.Context(), s.DB, number, r.PathValue("document"))
	if err != nil {
		return err
	}
	body, err := x.signed().Zip()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": number + "-signature.zip"}))
	http.ServeContent(w, r, "", x.At.Time, bytes.NewReader(body))
	return nil
}

func (s *Service) showProof(w http.ResponseWriter, r *http.Request) error {
	return s.proof(w, r, r.URL.Query().Get("sha256"), form.Of(nil))
}

func (s *Service) submitProof(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	hash, err := hashOf(f)
	if err != nil {
		return err
	}
	if hash == "" && f.OK() {
		f.Add("file", "required", "请选择要核对的报告文件。")
	}
	return s.proof(w, r, hash, f)
}

func (s *Service) proof(w http.ResponseWriter, r *http.Request, hash string, f *form.Form) error {
	ctx := r.Context()
	d, err := s.Orders.Reported(ctx, s.DB, strings.ToUpper(r.PathValue("number")))
	if err != nil {
		return err
	}
	orgs, err := s.Organisations.Organisations(ctx, s.DB, []string{d.Order.Provider})
	if err != nil {
		return err
	}
	v := proofView{Order: d.Order, Provider: orgs[d.Order.Provider], Checked: hash != "", Form: f}
	signed, err := s.signatures(ctx, s.DB, d.Order.Number)
	if err != nil {
		return err
	}
	for _, x := range d.Reports() {
		file := proofFile{Document: x, Void: d.Void(x)}
		if sign, there := signed[x.ID]; there {
			file.Sign, file.Good = &sign, sign.good(x.SHA256)
		}
		v.Files = append(v.Files, file)
		if x.SHA256 == hash {
			v.Same = &file
		}
	}
	return web.Page(w, r, f.Status(), proofPage(v))
}

// Panel draws, on an order's page, what of it can be printed and proved.
func (s *Service) Panel(_ context.Context, d order.Detail) (templ.Component, error) {
	return panel(d.Order, len(d.Reports()) > 0), nil
}
