package catalogue

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// The stages of a bulk edit: what, how, what would change.
const (
	stageChoose  = "choose"
	stageValue   = "value"
	stagePreview = "preview"
	stageApply   = "apply"
)

// bulkView is one stage of a bulk edit.
type bulkView struct {
	Form    *form.Form
	Bulk    Bulk
	Stage   string
	N       int // records chosen
	Kinds   []kinds.Kind
	Outcome BulkOutcome
	service *Service
}

// submitBulk leads through a bulk edit, each stage a page that carries what was said before.
func (s *Service) submitBulk(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), form.Read(r)
	sub := identity.SubjectOf(ctx)
	b := readBulk(f)
	if one := f.Text("one"); one != "" {
		b = Bulk{IDs: []string{one}, BulkEdit: BulkEdit{Part: partVerb, Op: "verb", Value: []string{"check"}}}
		return s.applyBulk(w, r, f, b)
	}
	if f.Text("do") == "check" {
		b.BulkEdit = BulkEdit{Part: partVerb, Op: "verb", Value: []string{"check"}}
		return s.applyBulk(w, r, f, b)
	}
	if b.Found == nil && len(b.IDs) == 0 {
		return web.SeeOther(w, r, back(f), "请先勾选要修改的资源。")
	}
	v := bulkView{Form: f, Bulk: b, Stage: f.Text("stage"), service: s}
	var err error
	if v.Kinds, v.N, err = s.kindsOf(ctx, sub, b); err != nil {
		return s.bulkFailed(w, r, v, err)
	}
	switch {
	case v.Stage == stageApply:
		return s.applyBulk(w, r, f, b)
	case b.Part == "" || ops(b.Part, v.Kinds) == nil && b.Part != partVerb:
		v.Stage = stageChoose
	case v.Stage == stagePreview || b.Part == partVerb && !b.needsNote():
		v.Outcome, err = s.PreviewBulk(ctx, sub, b)
		if v.Stage = stagePreview; err != nil {
			v.Stage = stageValue
			return s.bulkFailed(w, r, v, err)
		}
	default:
		v.Stage = stageValue
	}
	return web.Page(w, r, f.Status(), bulkPage(v))
}

func (s *Service) bulkFailed(w http.ResponseWriter, r *http.Request, v bulkView, err error) error {
	if !v.Form.Fail(err) {
		return err
	}
	if v.Stage == "" {
		v.Stage = stageChoose
	}
	return web.Page(w, r, v.Form.Status(), bulkPage(v))
}

func (s *Service) applyBulk(w http.ResponseWriter, r *http.Request, f *form.Form, b Bulk) error {
	ctx := r.Context()
	sub := identity.SubjectOf(ctx)
	out, err := s.ApplyBulk(ctx, sub, web.RequestKey(ctx), b)
	switch {
	case err == nil && len(b.IDs) == 1 && b.Part == partVerb && out.Changed == 1:
		return web.SeeOther(w, r, back(f), done(b.text()))
	case err == nil:
		return web.SeeOther(w, r, "/desk/bulk-edits/"+out.ID, "已修改 {0} 项。可以在这里一次撤销。", out.Changed)
	case f.Text("stage") == "" && f.Fail(err):
		return web.SeeOther(w, r, back(f), f.Fault.Text, f.Fault.Args...)
	}
	v := bulkView{Form: f, Bulk: b, Stage: stageValue, service: s}
	var e error
	if v.Kinds, v.N, e = s.kindsOf(ctx, sub, b); e != nil {
		return e
	}
	return s.bulkFailed(w, r, v, err)
}

// back is the list a bulk edit came from.
func back(f *form.Form) string {
	return ownQuery(listOf(f)).address()
}

func listOf(f *form.Form) url.Values {
	out := url.Values{}
	for _, name := range []string{"q", "kind", "status", "fresh", "sort", "page"} {
		if v := f.Text(name); v != "" {
			out.Set(name, v)
		}
	}
	return out
}

// readBulk takes a bulk edit out of a form.
func readBulk(f *form.Form) Bulk {
	b := Bulk{IDs: f.All("ids")}
	if f.Bool("all") {
		q := ownQuery(listOf(f))
		b.IDs, b.Found = nil, &q
	}
	b.Part, b.Op, b.Note = f.Text("part"), f.Text("op"), f.Text("note")
	if verb, ok := strings.CutPrefix(b.Part, "verb:"); ok {
		b.Part, b.Op, b.Value = partVerb, "verb", []string{verb}
		return b
	}
	if b.Part == partHours {
		b.Hours = readHours(f)
		if b.Op = "set"; len(b.Hours) == 0 {
			b.Op = "clear"
		}
		return b
	}
	b.Value = f.All("value")
	return b
}

// needsNote tells whether a verb asks for a reason.
func (b Bulk) needsNote() bool {
	return b.Part == partVerb && (b.text() == "suspend" || b.text() == "withdraw")
}

// carried are the values that a stage sends on.
func (v bulkView) carried() []ui.Fact {
	var out []ui.Fact
	add := func(name string, values ...string) {
		for _, x := range values {
			if x != "" {
				out = append(out, ui.Fact{Label: name, Value: x})
			}
		}
	}
	list := listOf(v.Form)
	for _, name := range slices.Sorted(keysOf(list)) {
		add(name, list[name]...)
	}
	if v.Bulk.Found != nil {
		add("all", yes)
	}
	add("ids", v.Bulk.IDs...)
	if v.Stage != stageChoose {
		add("part", v.Form.Text("part"))
	}
	if v.Stage == stagePreview {
		add("op", v.Form.Text("op"))
		add("value", v.Form.All("value")...)
		add("note", v.Form.Text("note"))
		for day := 1; day <= 7; day++ {
			add(dayName(day), v.Form.Text(dayName(day)))
		}
	}
	return out
}

func keysOf(v url.Values) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range v {
			if !yield(k) {
				return
			}
		}
	}
}

// parts are what can be edited of the records chosen.
func (v bulkView) parts(ctx context.Context) []ui.Option {
	out := []ui.Option{{Label: t(ctx, "请选择")}}
	add := func(group, value, label string) {
		out = append(out, ui.Option{Value: value, Label: label, Group: group})
	}
	for _, verb := range []string{"check", "publish", "suspend", "resume", "withdraw", "restore"} {
		add(t(ctx, "状态"), "verb:"+verb, verbLabel(ctx, verb))
	}
	for _, part := range []string{partPrices, partHours, "access", "languages", "country", "free", "voucher", "booking"} {
		add(t(ctx, "价格与使用"), part, v.service.partName(ctx, kinds.Kind{}, part))
	}
	if len(v.Kinds) == 0 {
		return out
	}
	for _, g := range groups() {
		for _, f := range v.Kinds[0].Fields {
			if f.Group == g.Name && ops(f.Name, v.Kinds) != nil {
				add(i18n.Pick(ctx, g.ZH, g.EN), f.Name, i18n.Pick(ctx, f.ZH, f.EN))
			}
		}
	}
	return out
}

// opOptions are what can be done to the part chosen.
func (v bulkView) opOptions(ctx context.Context) []ui.Option {
	labels := map[string]string{"set": t(ctx, "改为"), "clear": t(ctx, "清空"), "add": t(ctx, "增加"), "remove": t(ctx, "去掉"), "percent": t(ctx, "按百分比调整")}
	var out []ui.Option
	for _, op := range ops(v.Bulk.Part, v.Kinds) {
		out = append(out, ui.Option{Value: op, Label: labels[op]})
	}
	return out
}

// field is the part chosen as a field of a form named value.
func (v bulkView) field() (kinds.Field, bool) {
	f, ok := shared(v.Bulk.Part, v.Kinds)
	f.Name, f.Required = "value", false
	switch v.Bulk.Part {
	case "access":
		return kinds.Field{Name: "value", Type: kinds.Many, Choices: kinds.AccessModes(), ZH: "使用方式", EN: "Ways of use"}, true //i18n:data both languages are here
	case "languages":
		return kinds.Field{Name: "value", Type: kinds.Many, Choices: kinds.Languages(), ZH: "服务语言", EN: "Languages"}, true //i18n:data both languages are here
	case "free", "voucher", "booking":
		return kinds.Field{Name: "value", Type: kinds.Flag, ZH: "是否", EN: "Yes or no"}, true //i18n:data both languages are here
	}
	return f, ok
}

// title is what is being edited.
func (v bulkView) title(ctx context.Context) string {
	if v.Bulk.Part == partVerb {
		return verbLabel(ctx, v.Bulk.text())
	}
	return v.service.bulkPart(ctx, v.Bulk.Part)
}

// bulkPart is the name of a part of records of several kinds.
func (s *Service) bulkPart(ctx context.Context, part string) string {
	for _, k := range s.kinds {
		if _, ok := k.Field(part); ok {
			return s.partName(ctx, k, part)
		}
	}
	return s.partName(ctx, kinds.Kind{}, part)
}

// sentence says what a bulk edit did.
func (s *Service) sentence(ctx context.Context, e BulkEdit) string {
	name, value := s.bulkPart(ctx, e.Part), strings.Join(e.Value, ", ")
	for _, k := range s.kinds {
		if f, ok := k.Field(e.Part); ok {
			if v, p := f.Accept(e.Value); p == nil {
				value = s.tell(ctx, k, e.Part, v)
			}
			if v, p := f.Accept(e.text()); f.Type != kinds.List && f.Type != kinds.Many && p == nil {
				value = s.tell(ctx, k, e.Part, v)
			}
			break
		}
	}
	switch {
	case e.Op == "undo":
		return t(ctx, "撤销批量修改")
	case e.Op == "verb":
		return verbLabel(ctx, e.text())
	case e.Op == "percent":
		return t(ctx, "{0}：调整 {1}%", name, value)
	case e.Part == partHours:
		return t(ctx, "{0}：改为 {1}", name, s.tellPart(ctx, partHours, e.Hours))
	case e.Op == "clear":
		return t(ctx, "{0}：清空", name)
	}
	if e.Part == "access" || e.Part == "languages" || e.Part == "country" {
		value = s.tellPart(ctx, e.Part, strings.Join(e.Value, ","))
	}
	if e.Part == "free" || e.Part == "voucher" || e.Part == "booking" {
		value = s.tellPart(ctx, e.Part, e.text() == yes)
	}
	switch e.Op {
	case "add":
		return t(ctx, "{0}：增加 {1}", name, value)
	case "remove":
		return t(ctx, "{0}：去掉 {1}", name, value)
	}
	return t(ctx, "{0}：改为 {1}", name, value)
}

// bulkRowView is one record of a preview or a result, as people read it.
type bulkRowView struct {
	Name, Href, Label string
	From, To          string
	Problem           string
}

func (s *Service) bulkRows(ctx context.Context, rows []BulkRow) []bulkRowView {
	out := make([]bulkRowView, len(rows))
	for i, x := range rows {
		k := s.kindOf(x.Resource)
		out[i] = bulkRowView{Name: x.Resource.name(ctx), Href: "/desk/resources/" + x.Resource.ID, Label: s.partName(ctx, k, x.Part)}
		if x.Problem != nil {
			out[i].Problem = t(ctx, x.Problem.Text, x.Problem.Args...)
			continue
		}
		out[i].From, out[i].To = s.tell(ctx, k, x.Part, x.Before), s.tell(ctx, k, x.Part, x.After)
	}
	return out
}

// bulkDone is the page of a bulk edit that was done.
type bulkDone struct {
	bulkKept
	Title  string
	Who    string
	Rows   []bulkRowView
	Edits  bool
	UndoOf string
}

func (s *Service) showBulkEdit(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	sub := identity.SubjectOf(ctx)
	kept, err := getBulk(ctx, s.DB, r.PathValue("id"))
	if isNone(err) {
		return errNoBulk()
	}
	if err != nil {
		return err
	}
	at := identity.Object{Parties: map[string]string{"owner": kept.Org}, Region: sub.Region}
	if s.Policy.Can(sub, "resource.manage", at) != nil {
		return errNoBulk()
	}
	v := bulkDone{bulkKept: kept, Edits: s.Policy.Can(sub, "resource.edit", at) == nil}
	var e BulkEdit
	if err := json.Unmarshal([]byte(kept.Edit), &e); err != nil {
		return err
	}
	if v.Title = s.sentence(ctx, e); e.Op == "undo" {
		v.UndoOf = e.text()
	}
	names, err := s.Orgs.Names(ctx, s.DB, []string{kept.Person})
	if err != nil {
		return err
	}
	v.Who = names[kept.Person]
	if v.Rows, err = s.doneRows(ctx, kept.ID); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, bulkDonePage(v))
}

// doneRows are the first records a bulk edit changed.
func (s *Service) doneRows(ctx context.Context, bulk string) ([]bulkRowView, error) {
	list, err := caused(ctx, s.DB, bulk, "", shownBulk)
	if err != nil {
		return nil, err
	}
	var rows []BulkRow
	for _, x := range list {
		r, _, err := s.load(ctx, s.DB, x.Resource)
		if err != nil {
			return nil, err
		}
		changes, err := x.List()
		if err != nil {
			return nil, err
		}
		if len(changes) > 0 {
			rows = append(rows, BulkRow{Resource: r, Part: changes[0].Field, Before: changes[0].From, After: changes[0].To})
		}
	}
	return s.bulkRows(ctx, rows), nil
}

func (s *Service) submitUndoBulk(w http.ResponseWriter, r *http.Request) error {
	out, err := s.UndoBulk(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	if out.Refused > 0 {
		return web.SeeOther(w, r, "/desk/bulk-edits/"+out.ID, "已撤销 {0} 项；{1} 项之后又改过，保持不变。", out.Changed, out.Refused)
	}
	return web.SeeOther(w, r, "/desk/bulk-edits/"+out.ID, "已撤销 {0} 项。", out.Changed)
}

// bulkLine is one bulk edit in the list.
type bulkLine struct {
	bulkKept
	Title string
	Who   string
}

func (s *Service) showBulkEdits(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := listBulk(ctx, s.DB, identity.SubjectOf(ctx).Org, 100)
	if err != nil {
		return err
	}
	people := make([]string, len(list))
	for i, x := range list {
		people[i] = x.Person
	}
	names, err := s.Orgs.Names(ctx, s.DB, people)
	if err != nil {
		return err
	}
	lines := make([]bulkLine, len(list))
	for i, x := range list {
		var e BulkEdit
		if err := json.Unmarshal([]byte(x.Edit), &e); err != nil {
			return err
		}
		lines[i] = bulkLine{x, s.sentence(ctx, e), names[x.Person]}
	}
	return web.Page(w, r, http.StatusOK, bulkEditsPage(lines))
}
