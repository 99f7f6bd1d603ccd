package expert

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// ownView is a page of one's own profile. A person may have several records: which names the one that is looked at.
type ownView struct {
	About
	s      *Service
	Others []About // the other records of the person
	Names  map[string]ui.OrgRef
	People map[string]string // who looked at addresses
	Form   *form.Form
	Second *form.Form // of the second form of a page
	Third  *form.Form
}

func errNoProfile() error {
	return fault.New(fault.NotFound, "no-profile", "您还没有认领专家记录。请在专家页面上点“这是我”。")
}

// mineOf reads the profile that an address or a form names, else the first.
func (s *Service) mineOf(r *http.Request, record string) (ownView, error) {
	v := ownView{s: s, Form: form.Of(nil), Second: form.Of(nil), Third: form.Of(nil)}
	list, err := s.Abouts(r.Context(), s.subject(r))
	if err != nil {
		return v, err
	}
	found := false
	for _, a := range list {
		if !found && (record == "" || a.Profile.Resource == record) {
			v.About, found = a, true
			continue
		}
		v.Others = append(v.Others, a)
	}
	if !found {
		return v, errNoProfile()
	}
	return v, nil
}

func (v ownView) name(ctx context.Context) string {
	return i18n.Pick(ctx, v.Record.NameZH, v.Record.NameEN)
}

// to is the address of a page of this profile.
func (v ownView) to(page string) string {
	return "/desk/expert" + page + "?record=" + v.Profile.Resource
}

// startView is what somebody without a claimed record sees.
type startView struct {
	Claims []Claim
	Names  map[string]string
}

func (s *Service) showAbout(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := s.mineOf(r, r.URL.Query().Get("record"))
	if fault.Is(err, "no-profile") {
		return s.start(w, r)
	}
	if err != nil {
		return err
	}
	var orgs, people []string
	for _, d := range v.Disclosures {
		orgs, people = append(orgs, d.Org), append(people, d.Viewer)
	}
	if v.Names, err = s.names(ctx, orgs); err != nil {
		return err
	}
	if v.People, err = s.orgs.Names(ctx, s.db, people); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, aboutPage(v))
}

func (s *Service) start(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := startView{}
	var err error
	if v.Claims, err = s.ClaimsBy(ctx, s.subject(r)); err != nil {
		return err
	}
	var ids []string
	for _, c := range v.Claims {
		ids = append(ids, c.Resource)
	}
	if v.Names, err = s.titles(ctx, ids); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, startPage(v))
}

// showExport gives the person everything that is kept about them, for programs.
func (s *Service) showExport(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Abouts(r.Context(), s.subject(r))
	if err != nil {
		return err
	}
	out := make([]aboutBody, len(list))
	for i, a := range list {
		out[i] = wireAbout(a)
	}
	b, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return fmt.Errorf("write what is kept about a person: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="about-me.json"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(b)
	return err
}

func (s *Service) submitErase(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	if err := s.Erase(r.Context(), s.subject(r), f.Text("record")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/expert", "您的信息已删除。")
}

func (s *Service) showProfile(w http.ResponseWriter, r *http.Request) error {
	return s.profilePage(w, r, r.URL.Query().Get("record"), nil)
}

// profilePage shows what a person can correct; with is called to put back what was typed.
func (s *Service) profilePage(w http.ResponseWriter, r *http.Request, record string, with func(*ownView)) error {
	v, err := s.mineOf(r, record)
	if err != nil {
		return err
	}
	text := func(name string) string { x, _ := v.Record.Fields[name].(string); return x }
	keywords, _ := v.Record.Fields["keywords"].([]string)
	v.Form = form.Of(map[string]string{
		"name_zh": v.Record.NameZH, "name_en": v.Record.NameEN, "institution": text("institution"), "title": text("title"), "keywords": strings.Join(keywords, "，"), //i18n:data the mark between words
		"summary": v.Record.Summary, "offers": text("offers"), "orcid": v.Profile.ORCID, "email": v.Profile.Email, "phone": v.Profile.Phone,
	})
	for i, a := range v.Areas {
		v.Third.Set("area-"+strconv.Itoa(i), a.Name)
		v.Third.Set("evidence-"+strconv.Itoa(i), a.Evidence...)
	}
	status := http.StatusOK
	if with != nil {
		with(&v)
		status = max(v.Form.Status(), v.Second.Status(), v.Third.Status())
	}
	return web.Page(w, r, status, profilePage(v))
}

func (s *Service) submitProfile(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	record := f.Text("record")
	err := s.Correct(r.Context(), s.subject(r), record, Correction{
		NameZH: f.Text("name_zh"), NameEN: f.Text("name_en"), Institution: f.Text("institution"), Title: f.Text("title"), Keywords: words(f.Text("keywords")),
		Summary: f.Text("summary"), Offers: f.Text("offers"), ORCID: f.Text("orcid"), Email: f.Text("email"), Phone: f.Text("phone"),
	})
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/expert/profile?record="+record, "已保存。")
	case f.Fail(err):
		return s.profilePage(w, r, record, func(v *ownView) { v.Form = f })
	}
	return err
}

// words reads a list as people write it.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，、;；\n", r) }) //i18n:data marks between words
}

func (s *Service) submitEvidence(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	record := f.Text("record")
	e := Evidence{Kind: f.Text("kind"), Title: f.Text("title"), Year: f.Int("year"), Role: f.Text("role"), Number: f.Text("number"), Partner: f.Text("partner"), Source: f.Text("source"), Address: f.Text("address")}
	_, err := s.Cite(r.Context(), s.subject(r), record, e)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/expert/profile?record="+record, "依据已添加。")
	case f.Fail(err):
		return s.profilePage(w, r, record, func(v *ownView) { v.Second = f })
	}
	return err
}

func (s *Service) submitUncite(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	if err := s.Uncite(r.Context(), s.subject(r), f.Text("record"), f.Text("evidence")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/expert/profile?record="+f.Text("record"), "依据已删去。")
}

func (s *Service) submitAreas(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	record := f.Text("record")
	var areas []Area
	for i := range mostAreas {
		n := strconv.Itoa(i)
		areas = append(areas, Area{Name: f.Text("area-" + n), Evidence: f.All("evidence-" + n)})
	}
	err := s.SetAreas(r.Context(), s.subject(r), record, areas)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/expert/profile?record="+record, "专长已保存。")
	case f.Fail(err):
		return s.profilePage(w, r, record, func(v *ownView) { v.Third = f })
	}
	return err
}

// consentLine is one purpose, and whether the person agrees.
type consentLine struct {
	Purpose
	Given *Consent // what stands; nil: nothing
}

// lines are the purposes in force, each with what stands.
func (v ownView) purposes() []consentLine {
	var out []consentLine
	for _, p := range v.s.rules.purposes(v.s.today()) {
		line := consentLine{Purpose: p}
		for _, c := range v.Consents {
			if c.Purpose == p.Code && c.Stands() {
				line.Given = &c
			}
		}
		out = append(out, line)
	}
	return out
}

func (s *Service) showConsents(w http.ResponseWriter, r *http.Request) error {
	v, err := s.mineOf(r, r.URL.Query().Get("record"))
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, consentsPage(v))
}

func (s *Service) submitConsent(give bool) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, ctx, by := form.Read(r), r.Context(), s.subject(r)
		record, purpose, said := f.Text("record"), f.Text("purpose"), "已撤回，立即生效。"
		err := error(nil)
		if give {
			said = "已记下您的同意，随时可以撤回。"
			_, err = s.Give(ctx, by, record, purpose, f.Text("version"))
		} else {
			err = s.Revoke(ctx, by, record, purpose)
		}
		if err != nil {
			return err
		}
		return web.SeeOther(w, r, "/desk/expert/consents?record="+record, said)
	}
}

func (s *Service) showInterests(w http.ResponseWriter, r *http.Request) error {
	return s.interestsPage(w, r, r.URL.Query().Get("record"), form.Of(nil))
}

func (s *Service) interestsPage(w http.ResponseWriter, r *http.Request, record string, f *form.Form) error {
	v, err := s.mineOf(r, record)
	if err != nil {
		return err
	}
	v.Form = f
	ties, err := s.ties(r.Context(), s.db, v.Profile.Resource)
	if err != nil {
		return err
	}
	var now []Conflict
	for _, x := range ties {
		counts, err := Conflicts(s.rules, []Tie{x}, x.Orgs, []string{x.Name}, s.today())
		if err != nil {
			return err
		}
		now = append(now, counts...)
	}
	return web.Page(w, r, f.Status(), interestsPage(v, now))
}

func (s *Service) submitInterest(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	record := f.Text("record")
	_, err := s.Declare(r.Context(), s.subject(r), record, InterestDraft{OrgName: f.Text("name"), Relation: f.Text("relation"), From: f.Text("from"), To: f.Text("to"), Note: f.Text("note")})
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/expert/interests?record="+record, "已申报。")
	case f.Fail(err):
		return s.interestsPage(w, r, record, f)
	}
	return err
}

func (s *Service) submitTakeBack(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	if err := s.TakeBack(r.Context(), s.subject(r), f.Text("record"), f.Text("interest")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/expert/interests?record="+f.Text("record"), "已撤回申报。")
}
