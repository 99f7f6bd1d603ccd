package importing

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

var t = i18n.T

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: "resource.import", Handle: h, Private: true}
	}
	return slices.Concat(s.mappingRoutes(desk), s.undoRoutes(desk), s.mendRoutes(desk), []web.Route{
		desk("GET /desk/imports", s.showImports),
		{Pattern: "POST /desk/imports", Action: "resource.import", Handle: s.submitImport, Private: true, MaxBody: s.MaxFile + formRest},
		desk("GET /desk/imports/{id}", s.showImport),
		desk("GET /desk/imports/{id}/errors", s.downloadErrors),
		desk("POST /desk/imports/{id}/{verb}", s.submitVerb),
		desk("GET /desk/import-templates/{kind}", s.downloadTemplate),
	})
}

// Tasks are the rows of the last import that wait to be mended.
func (s *Service) Tasks(ctx context.Context, sub identity.Subject) ([]ui.Task, error) {
	if s.Policy.Can(sub, "resource.import", identity.Object{Parties: map[string]string{"owner": sub.Org}, Region: sub.Region}) != nil {
		return nil, nil
	}
	waiting, err := s.draftTasks(ctx, sub)
	if err != nil {
		return nil, err
	}
	last, err := s.Reports(ctx, sub, 1)
	if err != nil || len(last) == 0 || last[0].Org != sub.Org {
		return waiting, err
	}
	r := last[0]
	task := ui.Task{Note: r.Name, Link: "/desk/imports/" + r.ID, Icon: "file-spreadsheet", Since: r.At.Time}
	bad, err := countRejects(ctx, s.DB, r.ID)
	if err != nil || bad == 0 {
		return waiting, err
	}
	task.Title, task.Count = t(ctx, "更正上次导入中 {0} 行有问题的数据", bad), int(bad)
	return append(waiting, task), nil
}

// formRest is what a form has beside its file, in bytes.
const formRest = 1 << 20

// importsView is the page of uploads.
type importsView struct {
	Form    *form.Form
	Reports []Report
	Drafts  []Draft      // files whose columns nobody has explained yet
	Kinds   []kinds.Kind // those with a template
	Limit   int64        // megabytes of an upload
	Known   []ui.Fact    // formats and what becomes of them
}

func (s *Service) showImports(w http.ResponseWriter, r *http.Request) error {
	return s.importsPage(w, r, form.Of(map[string]string{"mode": "now"}))
}

func (s *Service) importsPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	v := importsView{Limit: s.MaxFile >> 20, Known: knownFormats(r.Context()), Form: f}
	for _, k := range s.kinds {
		if k.Template {
			v.Kinds = append(v.Kinds, k)
		}
	}
	var err error
	if v.Reports, err = s.Reports(r.Context(), identity.SubjectOf(r.Context()), 20); err != nil {
		return err
	}
	if v.Drafts, err = s.Drafts(r.Context(), identity.SubjectOf(r.Context()), 10); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), importsPage(v))
}

func (s *Service) submitImport(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), form.ReadUpload(r, s.MaxFile)
	sub := identity.SubjectOf(ctx)
	file := f.File("file")
	if file == nil {
		f.Need("file")
		return s.importsPage(w, r, f)
	}
	body, err := file.Open()
	if err != nil {
		return fmt.Errorf("open the upload %s: %w", file.Name, err)
	}
	defer body.Close() //nolint:errcheck // read only
	report, err := s.Import(ctx, sub, Request{Org: sub.Org, Kind: f.Text("kind"), Name: file.Name, Reader: body, DryRun: f.Text("mode") == "dry", Ask: true, Behind: true})
	switch {
	case err == nil && report.Status == StatusDraft:
		return web.SeeOther(w, r, "/desk/import-drafts/"+report.ID, "")
	case err == nil:
		return web.SeeOther(w, r, "/desk/imports/"+report.ID, "")
	case f.Fail(err):
		f.Add("file", f.Fault.Code, f.Fault.Text, f.Fault.Args...)
		f.Fault = nil // said once, at the field
		return s.importsPage(w, r, f)
	}
	return err
}

func (s *Service) showImport(w http.ResponseWriter, r *http.Request) error {
	report, err := s.Report(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, importPage(report, s.undoable(report) == nil))
}

// submitVerb does what a button of an import says.
func (s *Service) submitVerb(w http.ResponseWriter, r *http.Request) error {
	ctx, sub, id := r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id")
	if r.PathValue("verb") == "apply" {
		report, err := s.Apply(ctx, sub, id)
		if err != nil {
			return err
		}
		return web.SeeOther(w, r, "/desk/imports/"+report.ID, "导入完成。")
	}
	_, err := s.Do(ctx, sub, id, r.PathValue("verb"))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/imports/"+id, "")
}

func (s *Service) downloadErrors(w http.ResponseWriter, r *http.Request) error {
	report, err := s.Report(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := s.WriteErrors(r.Context(), &b, report); err != nil {
		return err
	}
	return attach(w, t(r.Context(), "需要更正的行")+".xlsx", b.Bytes())
}

func (s *Service) downloadTemplate(w http.ResponseWriter, r *http.Request) error {
	k, ok := s.kinds.Find(r.PathValue("kind"))
	if !ok || !k.Template {
		return fault.New(fault.NotFound, "kind-unknown", "没有“{0}”这类资源。", r.PathValue("kind"))
	}
	var b bytes.Buffer
	if err := s.Catalogue.WriteTemplate(r.Context(), &b, k); err != nil {
		return err
	}
	return attach(w, t(r.Context(), "导入模板")+"-"+i18n.Pick(r.Context(), k.ZH, k.EN)+".xlsx", b.Bytes())
}

// attach sends a workbook as a download; the name may be Chinese (RFC 8187).
func attach(w http.ResponseWriter, name string, data []byte) error {
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", "attachment; filename=\"qiao.xlsx\"; filename*=UTF-8''"+url.PathEscape(name))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, err := w.Write(data)
	return err
}

// shownErrors is how many errors the page shows; all are in the download.
const shownErrors = 200

// formatName names the template that was recognised.
func (r Report) formatName(ctx context.Context) string {
	if r.Format == FormatMapping {
		if r.plan.Name != "" {
			return t(ctx, "对应表“{0}”", r.plan.Name)
		}
		return t(ctx, "自己对应的列")
	}
	all := kinds.All()
	for _, tpl := range append(all.Templates(), kinds.Citation("bibtex"), kinds.Citation("ris"), all.Whole()) {
		if tpl.Format == r.Format && (tpl.Kind == r.Kind || r.Format != "qiao") {
			return i18n.Pick(ctx, tpl.ZH, tpl.EN)
		}
	}
	return r.Format
}

func (r Report) summary(ctx context.Context) string {
	if r.DryRun {
		return t(ctx, "试导入：可以新增 {0} 行，更新 {1} 行，{2} 行没有变化，{3} 行需要更正。", r.Accepted, r.Updated, r.Unchanged, r.Rejected)
	}
	return t(ctx, "新增 {0} 行，更新 {1} 行，{2} 行没有变化，{3} 行需要更正。", r.Accepted, r.Updated, r.Unchanged, r.Rejected)
}

func (r Report) facts(ctx context.Context) []ui.Fact {
	return []ui.Fact{
		{Label: t(ctx, "文件名"), Value: r.Name}, {Label: t(ctx, "识别为"), Value: r.formatName(ctx)}, {Label: t(ctx, "时间"), Body: ui.When(r.At.Time)},
		{Label: t(ctx, "数据行"), Value: i18n.Group(r.Total)}, {Label: t(ctx, "新增"), Value: i18n.Group(r.Accepted)}, {Label: t(ctx, "更新"), Value: i18n.Group(r.Updated)},
		{Label: t(ctx, "没有变化"), Value: i18n.Group(r.Unchanged)}, {Label: t(ctx, "需要更正"), Value: i18n.Group(r.Rejected)},
	}
}

func (r Report) chips(ctx context.Context) []ui.Chip {
	var out []ui.Chip
	if r.Undo != nil {
		return []ui.Chip{{Text: t(ctx, "导入已撤销")}}
	}
	if r.DryRun {
		out = append(out, ui.Chip{Tone: ui.Info, Text: t(ctx, "试导入，没有写入")})
	}
	if r.Rejected > 0 {
		return append(out, ui.Chip{Tone: ui.Warn, Text: t(ctx, "{0} 行需要更正", r.Rejected)})
	}
	return append(out, ui.Chip{Tone: ui.OK, Text: t(ctx, "没有错误")})
}

func joinWords(ctx context.Context, words []string) string {
	if i18n.From(ctx) == i18n.EN {
		return strings.Join(words, ", ")
	}
	return strings.Join(words, "、") //i18n:data the Chinese mark between items
}

func kindName(ctx context.Context, k kinds.Kind) string { return i18n.Pick(ctx, k.ZH, k.EN) }

// knownFormats are the formats of files and what becomes of them.
func knownFormats(ctx context.Context) []ui.Fact {
	return []ui.Fact{
		{Label: t(ctx, "表格"), Value: t(ctx, "国家网络管理平台、UNIQUIP、桥模板或自己的列")},
		{Label: t(ctx, "国家平台 JSON"), Value: t(ctx, "仪器")},
		{Label: "PIDINST", Value: t(ctx, "仪器（XML 或 JSON）")},
		{Label: "BibTeX / RIS", Value: t(ctx, "文献、标准、数据集；专利和软件成为科技成果")},
		{Label: t(ctx, "桥的 JSON"), Value: t(ctx, "各类资源，一行一条，与下载的文件相同")},
	}
}
