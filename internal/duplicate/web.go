package duplicate

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	out := []web.Route{
		{Pattern: "GET /desk/duplicates", Action: "duplicate.view", Private: true, Handle: s.showQueue},
		{Pattern: "GET /desk/duplicates/{id}", Action: "duplicate.view", Private: true, Handle: s.showPair},
		{Pattern: "POST /desk/duplicates/search", Action: "duplicate.search", Private: true, Handle: s.submitSearch},
		{Pattern: "GET /desk/names", Action: "duplicate.names", Private: true, Handle: s.showNames},
		{Pattern: "GET /desk/names/{id}", Action: "duplicate.names", Private: true, Handle: s.showName},
		{Pattern: "POST /desk/names/{id}/ask", Action: "duplicate.ask", Private: true, Handle: s.submitTakeover(VerbAsk)},
		{Pattern: "POST /desk/names/{id}/confirm", Action: "duplicate.confirm", Private: true, Handle: s.submitTakeover(VerbConfirm)},
		{Pattern: "POST /desk/names/{id}/decline", Action: "duplicate.confirm", Private: true, Handle: s.submitTakeover(VerbDecline)},
		{Pattern: "POST /desk/names/{id}/give-back", Action: "duplicate.confirm", Private: true, Handle: s.submitTakeover(VerbGiveBack)},
		{Pattern: "GET /desk/organisation-names/{id}", Action: "duplicate.call", Private: true, Handle: s.showCalled},
		{Pattern: "POST /desk/organisation-names/{id}", Action: "duplicate.call", Private: true, Handle: s.submitCalled},
		{Pattern: "POST /desk/organisation-names/{id}/{name}/delete", Action: "duplicate.call", Private: true, Handle: s.submitUncalled},
	}
	for _, verb := range Verbs() {
		out = append(out, web.Route{Pattern: "POST /desk/duplicates/{id}/" + verb, Action: "duplicate." + verb, Private: true, Handle: s.submitVerb(verb)})
	}
	return out
}

// queueView is the page of the queue.
type queueView struct {
	Listing
	State   string
	Kind    string
	Records map[string]catalogue.Resource
	Owners  map[string]identity.Organisation
	Kinds   kinds.Set
	All     bool // the reader sees everybody's
	Search  bool // the reader may have all compared anew
	Passing bool // a pass is under way
}

func (s *Service) showQueue(w http.ResponseWriter, r *http.Request) error {
	ctx, by, q := r.Context(), identity.SubjectOf(r.Context()), r.URL.Query()
	at, err := web.DecodeCursor(q.Get("after"), 2)
	if err != nil {
		return err
	}
	v := queueView{State: q.Get("state"), Kind: q.Get("kind"), Kinds: s.Catalogue.Kinds(), All: by.Has(identity.CapacityOperator, identity.CapacityAuditor), Search: s.Policy.May(by, "duplicate.search") == nil}
	if v.State == "" {
		v.State = Open
	}
	if v.Listing, err = s.List(ctx, by, ListRequest{State: v.State, Kind: v.Kind, After: [2]string{at[0], at[1]}}); err != nil {
		return err
	}
	var ids []string
	for _, p := range v.Items {
		ids = append(ids, p.First, p.Second)
	}
	if v.Records, err = s.Catalogue.Whatever(ctx, s.DB, ids); err != nil {
		return err
	}
	var orgs []string
	for _, x := range v.Records {
		orgs = append(orgs, x.Owner)
	}
	if v.Owners, err = s.Organisations.Organisations(ctx, s.DB, orgs); err != nil {
		return err
	}
	pass, err := getProgress(ctx, s.DB, "pass")
	if err != nil {
		return err
	}
	v.Passing = pass.Position == passWanted
	return web.Page(w, r, http.StatusOK, queuePage(v))
}

// passWanted is the position of the pass while it is under way; 0 when none is.
const passWanted = 1

func (s *Service) submitSearch(w http.ResponseWriter, r *http.Request) error {
	err := s.DB.InTx(r.Context(), func(ctx context.Context, tx *db.Tx) error {
		return putProgress(ctx, tx, progress{Name: "pass", Position: passWanted})
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/duplicates", "已开始重新比对全部记录，结果会陆续出现在这里。")
}

// Background does a part of the pass that was asked for, if one was. A job calls it.
func (s *Service) Background(ctx context.Context) error {
	for range 20 {
		at, err := getProgress(ctx, s.DB, "pass")
		if err != nil || at.Position != passWanted {
			return err
		}
		list, err := s.Catalogue.LiveAfter(ctx, s.DB, at.At, together)
		if err != nil {
			return fmt.Errorf("list the catalogue: %w", err)
		}
		if len(list) == 0 {
			at.Position, at.At = 0, ""
			return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return putProgress(ctx, tx, at) })
		}
		at.At = list[len(list)-1].ID
		if err := s.compare(ctx, list, nil, &at); err != nil {
			return err
		}
	}
	return nil
}

// address is the queue with other conditions.
func (v queueView) address(state, after string) string {
	q := url.Values{}
	for name, value := range map[string]string{"state": state, "kind": v.Kind, "after": after} {
		if value != "" && (name != "state" || value != Open) {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return "/desk/duplicates"
	}
	return "/desk/duplicates?" + q.Encode()
}

func (v queueView) tabs(ctx context.Context) []ui.Tab {
	var out []ui.Tab
	for _, st := range States() {
		tab := ui.Tab{Label: stateName(ctx, st), Href: v.address(st, ""), Current: v.State == st}
		if st == Open || st == Waiting {
			tab.Count = int(v.Counts[st])
		}
		out = append(out, tab)
	}
	return out
}

func (v queueView) pager(ctx context.Context) ui.PagerOf {
	p := ui.PagerOf{Note: t(ctx, "本页 {0} 对，共 {1} 对", len(v.Items), v.Counts[v.State])}
	if v.Next[1] != "" {
		p.Next = v.address(v.State, web.EncodeCursor(v.Next[0], v.Next[1]))
	}
	return p
}

// pairView is the page of one pair.
type pairView struct {
	Shown
	Kind kinds.Kind
	Form *form.Form
	Verb string // of the form that failed
	Root func(ctx context.Context, code string) string
	Tell func(ctx context.Context, k kinds.Kind, part string, v any) string
}

func (s *Service) showPair(w http.ResponseWriter, r *http.Request) error {
	return s.pairPage(w, r, form.Of(nil), "")
}

func (s *Service) pairPage(w http.ResponseWriter, r *http.Request, f *form.Form, verb string) error {
	shown, err := s.Show(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := pairView{Shown: shown, Form: f, Verb: verb, Root: s.Organisations.RegionName, Tell: s.Catalogue.Tell}
	v.Kind, _ = s.Catalogue.Kinds().Find(shown.Pair.Kind)
	return web.Page(w, r, f.Status(), pairPage(v))
}

func (s *Service) submitVerb(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f := form.Read(r)
		by, pair := identity.SubjectOf(r.Context()), r.PathValue("id")
		d := Decision{Keep: f.Text("keep"), Note: f.Text("note"), Days: int(f.Int("days"))}
		if verb == VerbMerge || verb == VerbPropose {
			shown, err := s.Show(r.Context(), by, pair)
			if err != nil {
				return err
			}
			d.Take = shown.taken(f, d.Keep)
		}
		p, differs, err := s.Do(r.Context(), by, pair, verb, d)
		if err != nil {
			if !f.Fail(err) {
				return err
			}
			return s.pairPage(w, r, f, verb)
		}
		if len(differs) > 0 {
			return web.SeeOther(w, r, "/desk/duplicates/"+p.ID, "已撤销合并。合并之后改过的 {0} 项保持现状：{1}。", len(differs), strings.Join(s.labels(r.Context(), p.Kind, differs), ", "))
		}
		return web.SeeOther(w, r, "/desk/duplicates/"+p.ID, doneText(verb))
	}
}

// taken lists the parts that a form takes from the record that goes.
func (v Shown) taken(f *form.Form, keep string) []string {
	var out []string
	for _, c := range v.Differ {
		from := f.Text("take." + c.Field)
		if from != "" && from != keep && v.takeable(c.Field) {
			out = append(out, c.Field)
		}
	}
	return out
}

// takeable parts are those whose value people choose; states, notes and numbers are not.
func (v Shown) takeable(field string) bool {
	switch field {
	case "status", "owner", "note", "source_id", "licence", "retrieved_on", "identifiers", "checked_on":
		return false
	}
	return true
}

func (s *Service) labels(ctx context.Context, kind string, differs []catalogue.Difference) []string {
	k, _ := s.Catalogue.Kinds().Find(kind)
	var out []string
	for _, d := range differs {
		out = append(out, partName(ctx, k, d.Field))
	}
	return out
}

// percent is a score as people read it.
func percent(score int64) string { return strconv.FormatInt((score+5)/10, 10) + "%" }

func name(ctx context.Context, r catalogue.Resource) string {
	if n := i18n.Pick(ctx, r.NameZH, r.NameEN); n != "" {
		return n
	}
	return r.ID
}
