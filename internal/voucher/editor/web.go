package editor

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme"
)

var t = i18n.T

// Routes are the editor's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /schemes", Action: "programme.view", Handle: s.showExamples},
		{Pattern: "GET /schemes/{code}", Action: "programme.view", Handle: s.showExample},
		{Pattern: "GET /programmes/{id}/versions", Action: "programme.view", Handle: s.showVersions},
		{Pattern: "GET /desk/schemes", Action: "programme.edit", Private: true, Handle: s.showDrafts},
		{Pattern: "POST /desk/schemes", Action: "programme.edit", Private: true, Handle: s.submitBegin},
		{Pattern: "GET /desk/schemes/{id}", Action: "programme.edit", Private: true, Handle: s.showForm},
		{Pattern: "POST /desk/schemes/{id}", Action: "programme.edit", Private: true, Handle: s.submitForm},
		{Pattern: "GET /desk/schemes/{id}/text", Action: "programme.edit", Private: true, Handle: s.showText},
		{Pattern: "POST /desk/schemes/{id}/text", Action: "programme.edit", Private: true, Handle: s.submitText},
		{Pattern: "GET /desk/schemes/{id}/preview", Action: "programme.edit", Private: true, Handle: s.showPreview},
		{Pattern: "GET /desk/schemes/{id}/simulation", Action: "programme.edit", Private: true, Handle: s.showSimulation},
		{Pattern: "POST /desk/schemes/{id}/publish", Action: "programme.edit", Private: true, Money: true, Handle: s.submitPublish},
		{Pattern: "POST /desk/schemes/{id}/discard", Action: "programme.edit", Private: true, Handle: s.submitDiscard},
	}
}

// tab is a view of one draft.
type tab struct {
	Draft
	Form     *form.Form
	Way      string // form, text, preview, simulation
	Blockers []fault.Field
	Live     *voucher.Programme // whose next version it is; nil: a new one
}

// open reads a draft for one of its views, with what is still wrong in it.
func (s *Service) open(r *http.Request, way string) (tab, error) {
	ctx := r.Context()
	d, err := s.Draft(ctx, identity.SubjectOf(ctx), r.PathValue("id"))
	if err != nil {
		return tab{}, err
	}
	v := tab{Draft: d, Way: way, Blockers: blockers(d.Scheme)}
	if d.Programme != "" {
		p, err := s.programmes.Programme(ctx, s.db, d.Programme)
		if err != nil {
			return v, err
		}
		v.Live = &p
	}
	return v, nil
}

// blockers are what keeps a draft from being published: what Validate refuses, and what its source leaves open.
func blockers(d scheme.Draft) []fault.Field {
	var out []fault.Field
	if f := fault.Of(d.Validate()); f != nil {
		out = append(out, f.Fields...)
	}
	if open := d.Terms.OpenFields(); len(open) > 0 {
		out = append(out, unfilled(open).Fields...)
	}
	return out
}

func (s *Service) showForm(w http.ResponseWriter, r *http.Request) error {
	v, err := s.open(r, "form")
	if err != nil {
		return err
	}
	v.Form = show(v.Scheme)
	return web.Page(w, r, http.StatusOK, formPage(v))
}

// submitForm keeps what was typed. What cannot be read stays in the form with its reason, and nothing is kept; what can
// be read but is not right yet is kept, and told above the form.
func (s *Service) submitForm(w http.ResponseWriter, r *http.Request) error {
	v, err := s.open(r, "form")
	if err != nil {
		return err
	}
	f := form.Read(r)
	to := take(f, v.Scheme)
	if f.OK() {
		_, err := s.Save(r.Context(), identity.SubjectOf(r.Context()), v.ID, to, f.Int("revision"))
		if err == nil {
			return web.SeeOther(w, r, "/desk/schemes/"+v.ID+cmp.Or(f.Text("next"), ""), "草稿已保存。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	v.Form = f
	return web.Page(w, r, f.Status(), formPage(v))
}

func (s *Service) showText(w http.ResponseWriter, r *http.Request) error {
	v, err := s.open(r, "text")
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(v.Scheme, "", "  ")
	if err != nil {
		return err
	}
	v.Form = form.Of(map[string]string{"body": string(text)})
	return web.Page(w, r, http.StatusOK, textPage(v))
}

func (s *Service) submitText(w http.ResponseWriter, r *http.Request) error {
	v, err := s.open(r, "text")
	if err != nil {
		return err
	}
	f := form.Read(r)
	to, err := ParseScheme(f.Text("body"))
	if err == nil {
		_, err = s.Save(r.Context(), identity.SubjectOf(r.Context()), v.ID, to, f.Int("revision"))
	}
	if err == nil {
		return web.SeeOther(w, r, "/desk/schemes/"+v.ID+"/text", "草稿已保存。")
	}
	if !f.Fail(err) {
		return err
	}
	v.Form = f
	return web.Page(w, r, f.Status(), textPage(v))
}

// previewView is what the rules mean for a price.
type previewView struct {
	tab
	Price    money.Fen
	Quote    *scheme.Quote
	Reward   money.Fen
	Outcomes []scheme.Outcome // of the worked cases of the scheme it began from
	Changes  []scheme.Change  // from the rules in force
	Rules    []scheme.Rule
}

func (s *Service) showPreview(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	tb, err := s.open(r, "preview")
	if err != nil {
		return err
	}
	v := previewView{tab: tb}
	v.Form = form.Read(r)
	n, err := s.programmes.Naming(ctx, s.db, v.Scheme.Terms)
	if err != nil {
		return err
	}
	v.Rules = v.Scheme.Terms.Rules(ctx, n.Region, n.Lists)
	if v.Form.Text("price") != "" {
		v.calculate()
	}
	if v.Example != "" {
		if e, err := example(v.Example); err == nil {
			for _, x := range e.Cases {
				v.Outcomes = append(v.Outcomes, v.Scheme.Terms.Try(x))
			}
		}
	}
	if v.Live != nil {
		v.Changes = scheme.Diff(ctx, v.Live.Draft(), v.Scheme, n)
	}
	return web.Page(w, r, v.Form.Status(), previewPage(v))
}

// calculate divides the price that was typed by the draft's rules.
func (v *previewView) calculate() {
	v.Price = v.Form.Fen("price")
	c := scheme.Case{Price: v.Price, Left: scheme.Most, Anyone: true, Quantity: v.Form.Int("quantity")}
	if v.Form.Text("measured") != "" {
		c.Measured = int64(v.Form.Fen("measured")) * 10 // two decimals to thousandths
	}
	if g := v.Form.Text("group"); g != "" {
		c.Groups, c.Anyone = []string{g}, false
	}
	if code := v.Form.Text("rate"); code != "" {
		for _, rate := range v.Scheme.Terms.Rates {
			if rate.Code == code {
				c = rate.For.Fit(c)
			}
		}
	}
	if v.Form.OK() {
		q := v.Scheme.Terms.Quote(c)
		v.Quote = &q
		v.Reward, _ = v.Scheme.Terms.RewardOf(v.Price, q.Voucher, 0)
	}
}

func (s *Service) submitPublish(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	from := f.Date("from")
	if f.OK() {
		p, err := s.Publish(ctx, identity.SubjectOf(ctx), r.PathValue("id"), from, web.RequestKey(ctx))
		if err == nil {
			return web.SeeOther(w, r, "/programmes/"+p.ID, "规则已发布，{0} 起执行。", cmp.Or(from, p.Terms.From))
		}
		if !f.Fail(err) {
			return err
		}
	}
	v, err := s.open(r, "form")
	if err != nil {
		return err
	}
	shown := show(v.Scheme)
	shown.Errors, shown.Fault = f.Errors, f.Fault
	v.Form = shown
	return web.Page(w, r, f.Status(), formPage(v))
}

func (s *Service) submitDiscard(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := s.Discard(ctx, identity.SubjectOf(ctx), r.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/schemes", "草稿已删除。")
}

func (s *Service) submitBegin(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	d, err := s.Begin(ctx, identity.SubjectOf(ctx), Begin{Example: f.Text("example"), Programme: f.Text("programme"), Key: web.RequestKey(ctx)})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/schemes/"+d.ID, "草稿已建立，先写依据文件，再逐项填写。")
}

// draftRow is a draft in the list.
type draftRow struct {
	Draft
	Who      string // who wrote it last
	Blockers int
}

// draftsView is the desk of the authority's rules.
type draftsView struct {
	Drafts     []draftRow
	Programmes []voucher.Programme
}

func (s *Service) showDrafts(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	list, err := s.Drafts(ctx, by)
	if err != nil {
		return err
	}
	var people []string
	for _, d := range list {
		people = append(people, d.Person)
	}
	names, err := s.orgs.Names(ctx, s.db, people)
	if err != nil {
		return err
	}
	var v draftsView
	for _, d := range list {
		v.Drafts = append(v.Drafts, draftRow{d, names[d.Person], len(blockers(d.Scheme))})
	}
	all, err := s.programmes.Programmes(ctx, s.db)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.Authority == by.Org {
			v.Programmes = append(v.Programmes, p)
		}
	}
	return web.Page(w, r, http.StatusOK, draftsPage(v))
}

// tabs are the views of a draft.
func (v tab) tabs(ctx context.Context) []ui.Tab {
	at := "/desk/schemes/" + v.ID
	return []ui.Tab{
		{Label: t(ctx, "逐项填写"), Href: at, Current: v.Way == "form"},
		{Label: t(ctx, "预览与比较"), Href: at + "/preview", Current: v.Way == "preview"},
		{Label: t(ctx, "按往年订单测算"), Href: at + "/simulation", Current: v.Way == "simulation"},
		{Label: t(ctx, "文本"), Href: at + "/text", Current: v.Way == "text"},
	}
}
