package importing

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/catalogue/columns"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

// mappingRoutes are the pages on which an owner says what the columns of a file mean.
func (s *Service) mappingRoutes(desk func(pattern string, h web.Handler) web.Route) []web.Route {
	return []web.Route{
		desk("GET /desk/import-drafts/{id}", s.showDraft),
		desk("POST /desk/import-drafts/{id}", s.submitDraft),
		desk("POST /desk/import-drafts/{id}/discard", s.submitDiscard),
		desk("POST /desk/imports/{id}/columns", s.submitAgain),
		desk("GET /desk/mappings", s.showMappings),
		desk("GET /desk/mappings/{id}", s.showMapping),
		desk("POST /desk/mappings/{id}/rename", s.submitRename),
		desk("POST /desk/mappings/{id}/delete", s.submitDelete),
	}
}

// What the buttons of the page of a draft do.
const (
	doAgain   = "again"   // propose anew, for another kind, sheet or heading row
	doPreview = "preview" // show what the first rows become
	doTry     = "try"
	doRun     = "run"
)

// draftView is the page of a draft.
type draftView struct {
	Look
	s       *Service
	Form    *form.Form
	Kind    kinds.Kind
	Lines   []columnLine
	Rest    []kinds.Field // of which one text may hold for every row
	Records []Previewed
	Bad     int // of the rows looked at
}

// columnLine is one column on the page.
type columnLine struct {
	At       int
	Column   columns.Column // as proposed
	Target   string         // as chosen
	Field    kinds.Field
	Proposed bool     // the choice is the proposal
	Unread   []string // texts that are none of the field's choices
}

func (s *Service) showDraft(w http.ResponseWriter, r *http.Request) error {
	l, err := s.LookAt(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.draftPage(w, r, l, nil)
}

func (s *Service) draftPage(w http.ResponseWriter, r *http.Request, l Look, f *form.Form) error {
	v := draftView{Look: l, s: s, Form: f}
	v.Kind, _ = s.kinds.Find(l.Plan.Kind)
	fields := fieldsOf(v.Kind)
	seen := map[string]bool{}
	for i, c := range l.Columns {
		if c.Heading == "" || seen[c.Heading] {
			continue
		}
		seen[c.Heading] = true
		line := columnLine{At: i, Column: c, Target: l.Plan.Columns[c.Heading]}
		if line.Target == "" {
			line.Target = kinds.TargetNone
		}
		line.Field = fields[line.Target]
		line.Unread = columns.Unread(line.Field, cellsOf(l.Rows), i)
		line.Proposed = line.Target == c.Target || c.Target == "" && line.Target == kinds.TargetNone
		v.Lines = append(v.Lines, line)
	}
	v.Rest = restOf(v.Kind, l.Plan)
	if v.Form == nil {
		v.Form = form.Of(v.values())
	}
	v.Records, v.Bad = s.Preview(l)
	return web.Page(w, r, v.Form.Status(), draftPage(v))
}

// restOf lists the fields without a column for which one text may hold for every row: what a record must have, and where
// the things of one list mostly stand together.
func restOf(k kinds.Kind, p Plan) []kinds.Field {
	used := map[string]bool{}
	priced := false
	for _, target := range p.Columns {
		used[target] = true
		priced = priced || strings.HasPrefix(target, "@price")
	}
	var out []kinds.Field
	for _, f := range columns.Fields(k) {
		together := slices.Contains([]string{"class", "department", "province", "city", "county", "contact", "phone"}, f.Name)
		name := f.Name == "name_zh" || f.Name == "name_en" || f.Name == kinds.TargetName
		if !used[f.Name] && !name && (f.Required || f.Publish || together || f.Name == kinds.TargetUnit && priced) {
			out = append(out, f)
		}
	}
	return out
}

// values are the fields of the form as the plan has them.
func (v draftView) values() map[string]string {
	out := map[string]string{"kind": v.Plan.Kind, "sheet": v.Sheet, "row": strconv.Itoa(v.Row), "name": v.Plan.Name}
	for _, l := range v.Lines {
		out[l.name("t")] = l.Target
		for name, text := range l.readingValues(v.Plan.Readings[l.Column.Heading]) {
			out[name] = text
		}
	}
	for target, text := range v.Plan.Constants {
		out[constantName(target)] = text
	}
	return out
}

// readingValues are the fields that say how a column is written.
func (l columnLine) readingValues(r columns.Reading) map[string]string {
	out := map[string]string{l.name("d"): r.Dates, l.name("m"): r.Currency, l.name("c"): ""}
	for i, word := range l.Unread {
		choice, ok := r.Words[word]
		if ok && choice == "" {
			choice = meansNone
		}
		out[l.wordName(i)] = choice
	}
	if r.Yuan {
		out[l.name("m")] = "yuan"
	}
	if r.Comma {
		out[l.name("c")] = "1"
	}
	return out
}

func (l columnLine) name(part string) string { return part + strconv.Itoa(l.At) }

func constantName(target string) string {
	return "k-" + strings.NewReplacer("@", "", ".", "-").Replace(target)
}

func (s *Service) submitDraft(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), form.Read(r)
	sub, draftID := identity.SubjectOf(ctx), r.PathValue("id")
	l, err := s.LookAt(ctx, sub, draftID)
	if err != nil {
		return err
	}
	here := "/desk/import-drafts/" + draftID
	row := int(f.Int("row"))
	if f.Text("do") == doAgain || f.Text("kind") != l.Plan.Kind || f.Text("sheet") != l.Sheet || row != l.Row && row != 0 {
		return s.anew(w, r, l, f)
	}
	p := planIn(f, l)
	if err := s.KeepChoice(ctx, sub, draftID, p); err != nil {
		return err
	}
	if f.Text("do") == doPreview {
		return web.SeeOther(w, r, here+"#preview", "")
	}
	l.Plan = p
	s.checkForm(f, l)
	var report Report
	if f.OK() && f.Text("name") != "" {
		_, err = s.SaveMapping(ctx, sub, l.Draft.Org, f.Text("name"), p)
	}
	if f.OK() && err == nil {
		report, err = s.Start(ctx, sub, draftID, p, f.Text("do") == doTry)
	}
	switch {
	case f.OK() && err == nil:
		return web.SeeOther(w, r, "/desk/imports/"+report.ID, "")
	case err == nil || f.Fail(err):
		return s.draftPage(w, r, l, f)
	}
	return err
}

// anew proposes again for another kind, sheet or heading row.
func (s *Service) anew(w http.ResponseWriter, r *http.Request, l Look, f *form.Form) error {
	ctx := r.Context()
	d := l.Draft
	d.Plan = Plan{Kind: f.Text("kind"), Sheet: f.Text("sheet"), Row: int(f.Int("row"))}
	if d.Plan.Row == l.Row && d.Plan.Sheet == l.Sheet && l.Draft.Plan.Row == 0 || d.Plan.Sheet != l.Sheet { // nobody has chosen the row
		d.Plan.Row = 0
	}
	if _, err := s.lookAt(ctx, d); err != nil {
		if !f.Fail(err) {
			return err
		}
		f.Add("row", f.Fault.Code, f.Fault.Text, f.Fault.Args...)
		f.Fault = nil
		return s.draftPage(w, r, l, f)
	}
	if err := s.KeepChoice(ctx, identity.SubjectOf(ctx), d.ID, d.Plan); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/import-drafts/"+d.ID, "")
}

// planIn is the plan that the form describes.
func planIn(f *form.Form, l Look) Plan {
	p := Plan{Kind: l.Plan.Kind, Columns: map[string]string{}, Constants: map[string]string{}, Readings: map[string]columns.Reading{}, Name: f.Text("name"), Sheet: l.Draft.Plan.Sheet, Row: l.Draft.Plan.Row}
	for i, h := range l.Headings {
		if _, again := p.Columns[h]; h == "" || again {
			continue
		}
		line := columnLine{At: i}
		p.Columns[h] = f.Text(line.name("t"))
		if leftOut(p.Columns[h]) {
			p.Columns[h] = kinds.TargetNone
			continue
		}
		r := columns.Reading{Dates: f.Text(line.name("d")), Comma: f.Bool(line.name("c")), Words: line.words(f, l, p.Columns[h])}
		if money := f.Text(line.name("m")); money == "yuan" {
			r.Yuan = true
		} else {
			r.Currency = money
		}
		if p.Columns[h] != l.Plan.Columns[h] { // another field: how its cells are written is proposed anew
			r = columns.ReadingOf(fieldIn(l.Plan.Kind, p.Columns[h]), h, cellsOf(l.Rows), i)
			for name, text := range line.readingValues(r) {
				f.Set(name, text)
			}
		}
		if !r.Plain() {
			p.Readings[h] = r
		}
	}
	k, _ := kinds.All().Find(p.Kind)
	for _, x := range columns.Fields(k) {
		if text := f.Text(constantName(x.Name)); text != "" {
			p.Constants[x.Name] = text
		}
	}
	return p
}

func fieldIn(kind, target string) kinds.Field {
	k, _ := kinds.All().Find(kind)
	return fieldsOf(k)[target]
}

// meansNone is the choice of a word that means nothing here.
const meansNone = "-"

// words are what the texts of a column mean that are none of its field's choices.
func (l columnLine) words(f *form.Form, look Look, target string) map[string]string {
	out := map[string]string{}
	for i, word := range columns.Unread(fieldIn(look.Plan.Kind, target), cellsOf(look.Rows), l.At) {
		switch choice := f.Text(l.wordName(i)); choice {
		case "":
		case meansNone:
			out[word] = ""
		default:
			out[word] = choice
		}
	}
	return out
}

func (l columnLine) wordName(i int) string { return l.name("w") + "-" + strconv.Itoa(i) }

// checkForm tells at each field what is wrong with the plan.
func (s *Service) checkForm(f *form.Form, l Look) {
	fields := map[string]kinds.Field{}
	if k, ok := s.kinds.Find(l.Plan.Kind); ok {
		fields = fieldsOf(k)
	}
	taken := map[string]string{}
	first, seen := "", map[string]bool{}
	for i, h := range l.Headings {
		if h == "" || seen[h] {
			continue
		}
		seen[h] = true
		name, target := columnLine{At: i}.name("t"), l.Plan.Columns[h]
		if first == "" {
			first = name
		}
		if leftOut(target) {
			continue
		}
		if other, ok := taken[target]; ok {
			f.Add(name, "target-twice", "列“{0}”和“{1}”对应了同一项内容“{2}”，请留下一列。", other, h, fields[target].ZH)
			continue
		}
		taken[target] = h
	}
	if !names(l.Plan) && first != "" {
		f.Add(first, "name-needed", "没有一列是名称。请为名称选一列，否则分不清每一行是什么。")
	}
	for target, text := range l.Plan.Constants {
		if field, ok := fields[target]; ok {
			if _, problem := field.Parse(text); problem != nil {
				f.Add(constantName(target), problem.Code, problem.Text, problem.Args...)
			}
		}
	}
}

func (s *Service) submitDiscard(w http.ResponseWriter, r *http.Request) error {
	if err := s.Discard(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/imports", "文件已放弃，没有导入任何内容。")
}

// submitAgain opens the file of an import whose columns were not all understood.
func (s *Service) submitAgain(w http.ResponseWriter, r *http.Request) error {
	d, err := s.Again(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/import-drafts/"+d.ID, "")
}

// mappingsView is the page of saved mappings.
type mappingsView struct {
	List []Mapping
	s    *Service
}

func (s *Service) showMappings(w http.ResponseWriter, r *http.Request) error {
	sub := identity.SubjectOf(r.Context())
	list, err := s.Mappings(r.Context(), sub, sub.Org)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, mappingsPage(mappingsView{list, s}))
}

// mappingView is the page of one mapping.
type mappingView struct {
	Mapping
	Form *form.Form
	Kind kinds.Kind
}

func (s *Service) showMapping(w http.ResponseWriter, r *http.Request) error {
	m, err := s.MappingOf(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.mappingPage(w, r, m, form.Of(map[string]string{"name": m.Name}))
}

func (s *Service) mappingPage(w http.ResponseWriter, r *http.Request, m Mapping, f *form.Form) error {
	k, _ := s.kinds.Find(m.Plan.Kind)
	return web.Page(w, r, f.Status(), mappingPage(mappingView{m, f, k}))
}

func (s *Service) submitRename(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), form.Read(r)
	sub, mappingID := identity.SubjectOf(ctx), r.PathValue("id")
	_, err := s.RenameMapping(ctx, sub, mappingID, f.Text("name"))
	if err == nil {
		return web.SeeOther(w, r, "/desk/mappings/"+mappingID, "名称已修改。")
	}
	m, got := s.MappingOf(ctx, sub, mappingID)
	if got != nil || !f.Fail(err) {
		return err
	}
	f.Add("name", f.Fault.Code, f.Fault.Text, f.Fault.Args...)
	f.Fault = nil
	return s.mappingPage(w, r, m, f)
}

func (s *Service) submitDelete(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.DeleteMapping(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/mappings", "对应表已删除。")
}
