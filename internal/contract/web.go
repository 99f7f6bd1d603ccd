package contract

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /desk/orders/{id}/contract", Action: "contract.view", Private: true, Handle: s.showContract},
		{Pattern: "GET /desk/orders/{id}/contract.pdf", Action: "contract.view", Private: true, Handle: s.showPrint},
		{Pattern: "GET /desk/orders/{id}/contract/scans/{side}", Action: "contract.view", Private: true, Handle: s.showScan},
		{Pattern: "GET /desk/orders/{id}/contract/seals/{side}", Action: "contract.view", Private: true, Handle: s.showSeal},
		{Pattern: "GET /desk/orders/{id}/contract/seals/{side}/files", Action: "contract.view", Private: true, Handle: s.showSealFiles},
		{Pattern: "POST /desk/orders/{id}/contract", Action: "contract.offer", Private: true, Handle: s.submitOffer},
		{Pattern: "GET /desk/contract-rule", Action: "contract.rule", Private: true, Handle: s.showRule},
		{Pattern: "POST /desk/contract-rule", Action: "contract.rule", Private: true, Handle: s.submitRule},
		{Pattern: "GET /contracts/{number}", Action: "contract.prove", Handle: s.showProof},
		{Pattern: "POST /contracts/{number}", Action: "contract.prove", Handle: s.submitProof},
	}
}

// pageView is the contract of an order.
type pageView struct {
	Facts    Facts
	Contract Contract
	There    bool
	Signed   map[string]Signature
	Seals    map[string]sealView
	May      bool
	Sign     bool   // the reader's side has yet to sign
	Forms    []Form // that can be chosen
	Chosen   Form
	Form     *form.Form
}

func (v pageView) done() bool { return len(v.Signed) == 2 }

func (s *Service) showContract(w http.ResponseWriter, r *http.Request) error {
	return s.page(w, r, nil)
}

func (s *Service) page(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	facts, err := s.Facts(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	of := object(facts.Buyer, facts.Provider, facts.Region)
	if err := s.Policy.Can(by, "contract.view", of); err != nil {
		return err
	}
	v := pageView{Facts: facts, May: s.Policy.Can(by, "contract.offer", of) == nil, Form: f, Signed: map[string]Signature{}}
	var list []Signature
	if v.Contract, list, v.There, err = s.Latest(ctx, s.DB, facts.Order); err != nil {
		return err
	}
	for _, x := range list {
		v.Signed[x.Side] = x
	}
	v.Sign = by.Org == facts.Buyer && !signedBy(list, Buyer) || by.Org == facts.Provider && !signedBy(list, Provider)
	if v.Seals, err = s.sealsOf(ctx, s.DB, v.Contract); err != nil {
		return err
	}
	var terms Terms
	if v.There {
		if err := json.Unmarshal([]byte(v.Contract.Terms), &terms); err != nil {
			return fmt.Errorf("read the terms: %w", err)
		}
	}
	day := clock.Day(s.Clock.Now())
	v.Forms = s.formsOf(facts.Kind, day)
	usual := ""
	if len(facts.Stages) > 0 && !v.There {
		usual = "development" // what is delivered in stages is research, most often
	}
	asked := cmp.Or(f.Value("form"), r.URL.Query().Get("form"), terms.Form, usual)
	if v.Chosen, err = s.form(asked, facts.Kind, day); err != nil {
		return err
	}
	if v.Form == nil {
		if !v.There || terms.Form != "" && terms.Form != v.Chosen.ID || terms.Form == "" && v.Chosen.ID != v.Forms[0].ID {
			terms = v.Chosen.Usual
		}
		v.Form = formOf(terms)
	}
	return web.Page(w, r, v.Form.Status(), contractPage(v))
}

// termNames are the terms with choices.
func termNames() []string {
	return []string{"data", "result", "patent", "publish", "nda", "risk", "liability", "decision", "rest"}
}

// formOf shows terms.
func formOf(t Terms) *form.Form {
	values := map[string]string{"secret": strconv.FormatInt(t.Secret, 10), "extra": t.Extra}
	for _, name := range termNames() {
		values[name] = *t.at(name)
	}
	return form.Of(values)
}

func (s *Service) submitOffer(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	terms := Terms{Form: f.Text("form"), Secret: f.Int("secret"), Extra: f.Text("extra")}
	for _, name := range termNames() {
		*terms.at(name) = f.Text(name)
	}
	if !f.OK() {
		return s.page(w, r, f)
	}
	_, err := s.Offer(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), terms)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/orders/"+r.PathValue("id")+"/contract", "合同文本已形成，双方可以签署。")
	case f.Fail(err):
		return s.page(w, r, f)
	}
	return err
}

func (s *Service) showRule(w http.ResponseWriter, r *http.Request) error {
	above, asked, err := s.Rule(r.Context(), s.DB, identity.SubjectOf(r.Context()).Org)
	if err != nil {
		return err
	}
	values := map[string]string{"when": "never"}
	if asked {
		values = map[string]string{"when": "above", "above": above.Yuan()}
	}
	return web.Page(w, r, http.StatusOK, rulePage(form.Of(values)))
}

func (s *Service) submitRule(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	var above *money.Fen
	if f.Text("when") == "above" {
		f.Need("above")
		amount := f.Fen("above")
		above = &amount
	}
	if !f.OK() {
		return web.Page(w, r, f.Status(), rulePage(f))
	}
	err := s.SetRule(r.Context(), identity.SubjectOf(r.Context()), above)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/contract-rule", "已保存，对之后开始的服务生效。")
	case f.Fail(err):
		return web.Page(w, r, f.Status(), rulePage(f))
	}
	return err
}

// proofView is what anybody may know of a contract: enough to tell a copy from a forgery.
type proofView struct {
	Contract Contract
	Signed   []Signature
	Seals    map[string]sealView
	Checked  bool
	Same     bool
	Form     *form.Form
}

func (s *Service) showProof(w http.ResponseWriter, r *http.Request) error {
	return s.proof(w, r, proofView{Form: form.Of(nil)})
}

func (s *Service) proof(w http.ResponseWriter, r *http.Request, v proofView) error {
	var err error
	if v.Contract, v.Signed, err = s.Public(r.Context(), s.DB, r.PathValue("number")); err != nil {
		return err
	}
	if v.Seals, err = s.sealsOf(r.Context(), s.DB, v.Contract); err != nil {
		return err
	}
	return web.Page(w, r, v.Form.Status(), proofPage(v))
}

// submitProof compares a copy, as text or as a file, with what was signed. What comes is not kept.
func (s *Service) submitProof(w http.ResponseWriter, r *http.Request) error {
	c, _, err := s.Public(r.Context(), s.DB, r.PathValue("number"))
	if err != nil {
		return err
	}
	f := form.Read(r)
	v := proofView{Form: f}
	text := []byte(f.Text("text"))
	if file := f.File("file"); file != nil {
		body, err := file.Open()
		if err != nil {
			return err
		}
		defer func() { _ = body.Close() }() // only read
		if text, err = io.ReadAll(body); err != nil {
			return err
		}
	}
	if len(text) > 0 && f.OK() {
		v.Checked = true
		if v.Same, err = s.proves(r.Context(), s.DB, c, text); err != nil {
			return err
		}
	} else if f.OK() {
		f.Add("text", "required", "请粘贴合同文本，或选择文件。")
	}
	return s.proof(w, r, v)
}

// same tells whether a copy is the text that was signed; line ends and blanks at the ends do not count, for they change on
// the way.
func same(copied []byte, body string) bool {
	plain := func(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
	return plain(string(bytes.TrimPrefix(copied, []byte("\ufeff")))) == plain(body)
}

// panelView is a contract on its order's page.
type panelView struct {
	Order    string
	Contract Contract
	There    bool
	Signed   []Signature
}

// Panel draws, on an order's page, how its contract stands; nil for those who may not see it.
func (s *Service) Panel(ctx context.Context, by identity.Subject, order, buyer, provider, region string) (templ.Component, error) {
	if s.Policy.Can(by, "contract.view", object(buyer, provider, region)) != nil {
		return nil, nil
	}
	v := panelView{Order: order}
	var err error
	if v.Contract, v.Signed, v.There, err = s.Latest(ctx, s.DB, order); err != nil {
		return nil, err
	}
	return panel(v), nil
}
