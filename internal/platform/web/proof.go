package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"qiao/internal/platform/fault"
)

// codeStepUp is the fault of a use case that wants the password again before it does what was asked.
const codeStepUp = "step-up"

// proofField carries the password of a form that was stopped by a step-up fault.
const proofField = "proof"

// Proof lets a person who is signed in give the password again in the middle of what is being done: the form that was sent
// is shown once more as hidden fields beside the password, and goes on as if it had never been stopped. Programs get the
// fault as problem+json of type /step-up.
type Proof struct {
	Prove func(r *http.Request, password string) (*http.Request, error) // the request as somebody who has just given it
	Page  func(ctx context.Context, f ProofForm) templ.Component
}

// ProofForm is a form that waits for the password.
type ProofForm struct {
	Action string       // where it goes on; empty: the form carried files and must be sent again from its own page
	Fields []ProofValue // what was typed
	Fault  *fault.Error // what was wrong with the password; nil at first
}

// ProofValue is one value that was typed.
type ProofValue struct{ Name, Value string }

// proved takes the password out of a form that was stopped before; a wrong one is a fault, and the form is shown again.
func (s *Server) proved(r *http.Request) (*http.Request, error) {
	if s.o.Proof == nil || r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return r, nil
	}
	if err := r.ParseForm(); err != nil {
		return r, fault.New(fault.BadRequest, "bad-form", "提交的内容无法读取，请返回页面重新提交。").Because(err)
	}
	given, ok := r.PostForm[proofField]
	if !ok || len(given) == 0 {
		return r, nil
	}
	r.PostForm.Del(proofField) // neither kept with the request nor shown again
	r.Form.Del(proofField)
	return s.o.Proof.Prove(r, given[0])
}

// askProof shows a stopped form again with a field for the password; false when there is nobody to ask.
func (s *Server) askProof(w http.ResponseWriter, r *http.Request, e *fault.Error) bool {
	if s.o.Proof == nil || r.Method != http.MethodPost || s.o.Access.SignedIn(r.Context()) == "" {
		return false
	}
	f := ProofForm{}
	if e.Code != codeStepUp {
		f.Fault = e
	}
	if r.PostForm != nil {
		f.Action, f.Fields = r.URL.RequestURI(), valuesOf(r.PostForm)
	}
	if err := Page(w, r, http.StatusForbidden, s.o.Proof.Page(r.Context(), f)); err != nil {
		s.o.Log.ErrorContext(r.Context(), "ask for the password again", "request", RequestID(r.Context()), "err", err)
		http.Error(w, http.StatusText(http.StatusForbidden), http.StatusForbidden)
	}
	return true
}

// valuesOf are the fields of a form in a steady order; a field with several values stands as often.
func valuesOf(form url.Values) []ProofValue {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []ProofValue
	for _, name := range names {
		for _, v := range form[name] {
			out = append(out, ProofValue{name, v})
		}
	}
	return out
}
