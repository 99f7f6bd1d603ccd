package exchange

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"qiao/internal/catalogue/format"
	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

func (s *Service) reportRoutes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	return []web.Route{
		desk("GET /desk/national", "report.view", s.showReports),
		desk("POST /desk/national/queue", "report.push", s.submitQueue),
		desk("POST /desk/national/send", "report.push", s.submitSend),
		desk("POST /desk/national/pushes/{id}/again", "report.push", s.submitAgain),
		desk("POST /desk/national/answer", "report.push", s.submitAnswer),
	}
}

// reportsView is the page of an owner's instruments at the national platform.
type reportsView struct {
	List   []Standing
	Pushes []Push
	Form   *form.Form
	May    bool
	Posts  bool // records can be sent by HTTP
	Spec   format.NRIISpec
}

func (v reportsView) count(state string) int {
	n := 0
	for _, s := range v.List {
		if s.State == state {
			n++
		}
	}
	return n
}

func (v reportsView) ready() int {
	n := 0
	for _, s := range v.List {
		if s.Ready() {
			n++
		}
	}
	return n
}

func (s *Service) showReports(w http.ResponseWriter, r *http.Request) error {
	return s.reportsPage(w, r, form.Of(nil))
}

func (s *Service) reportsPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	sub := identity.SubjectOf(r.Context())
	list, err := s.Standings(r.Context(), sub)
	if err != nil {
		return err
	}
	pushes, err := listPushes(r.Context(), s.DB, sub.Org, 20)
	if err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), reportsPage(reportsView{List: list, Pushes: pushes, Posts: s.Posts(), Form: f, May: s.Policy.Can(sub, "report.push", ownObject(sub)) == nil, Spec: format.NRII()}))
}

func (s *Service) submitQueue(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	n, err := s.Queue(r.Context(), identity.SubjectOf(r.Context()), f.All("resource")...)
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/national", "已放入队列 {0} 台。", n)
}

func (s *Service) submitSend(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	if f.Text("way") == "post" {
		return s.submitPost(w, r, f)
	}
	_, body, err := s.Send(r.Context(), identity.SubjectOf(r.Context()), f.Text("code"))
	if f.Fail(err) {
		return s.reportsPage(w, r, f)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="nrii-`+s.today()+`.json"`)
	_, err = w.Write(body)
	return err
}

func (s *Service) submitPost(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	p, err := s.Post(r.Context(), identity.SubjectOf(r.Context()), f.Text("code"))
	if f.Fail(err) {
		return s.reportsPage(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/national", "{0} 台已锁定，正在报送；国家平台的答复会出现在这一页。", p.Records)
}

func (s *Service) submitAgain(w http.ResponseWriter, r *http.Request) error {
	if err := s.Again(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/national", "马上再报送一次。")
}

func (s *Service) submitAnswer(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	err := s.Answer(r.Context(), identity.SubjectOf(r.Context()), f.Text("resource"), f.Text("verb"), f.Text("reason"))
	if f.Fail(err) {
		return s.reportsPage(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/national", "已登记国家平台的答复。")
}

// reportChip is a state in words.
func reportChip(ctx context.Context, s Standing) ui.Chip {
	switch s.State {
	case ReportQueued:
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "待报送")}
	case ReportLocked:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已报送，锁定")}
	case ReportAccepted:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已通过")}
	case ReportRejected:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "被退回")}
	}
	return ui.Chip{Tone: ui.Plain, Text: t(ctx, "未报送")}
}

// pushChip is the state of a sending in words.
func pushChip(ctx context.Context, p Push) ui.Chip {
	switch p.State {
	case PushWaiting:
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "报送中")}
	case PushFailed:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "没有送到")}
	}
	return ui.Chip{Tone: ui.OK, Text: t(ctx, "已送到")}
}

// wayText is how a sending goes.
func wayText(ctx context.Context, p Push) string {
	if p.Way == "post" {
		return t(ctx, "接口报送")
	}
	return t(ctx, "文件报送")
}

// pushWords say what hinders a sending, and what happens next.
func pushWords(ctx context.Context, p Push) string {
	code, words, _ := strings.Cut(p.Failure, " ")
	text := map[string]string{
		"unreachable": t(ctx, "国家平台连不上或没有按时回答。"),
		"busy":        t(ctx, "国家平台暂时不能处理。"),
		"unreadable":  t(ctx, "国家平台的回答无法读取。"),
		"partial":     t(ctx, "国家平台没有答复全部记录。"),
		"refused":     t(ctx, "国家平台拒绝了这次报送：{0}。", words),
	}[code]
	if p.State == PushFailed {
		text += " " + t(ctx, "没有答复的仪器已回到队列。")
	}
	return strings.TrimSpace(text)
}

// fieldWords are the platform's words for single fields, by the fields' names.
func fieldWords(ctx context.Context, r PushRecord) []string {
	words := map[string]string{}
	if r.Fields == "" || json.Unmarshal([]byte(r.Fields), &words) != nil {
		return nil
	}
	var out []string
	for _, key := range slices.Sorted(maps.Keys(words)) {
		name := key
		for _, f := range format.NRII().Fields {
			if f.Key == key {
				name = i18n.Pick(ctx, f.ZH, f.EN)
			}
		}
		out = append(out, t(ctx, "{0}：{1}", name, words[key]))
	}
	return out
}

// issueText says what the national platform would refuse.
func issueText(ctx context.Context, i format.NRIIIssue) string {
	name := i18n.Pick(ctx, i.Field.ZH, i.Field.EN)
	switch i.Code {
	case "too-long":
		return t(ctx, "{0} 有 {1} 个字，最多 {2} 个", name, i.Has, i.Field.Max)
	case "too-many":
		return t(ctx, "{0} 有 {1} 项，最多 {2} 项", name, i.Has, i.Field.Items)
	}
	return name
}

// issues says what is missing, and what is too long.
func issues(ctx context.Context, list []format.NRIIIssue) []string {
	var missing, out []string
	for _, i := range list {
		if i.Code == "missing" {
			missing = append(missing, issueText(ctx, i))
		} else {
			out = append(out, issueText(ctx, i))
		}
	}
	if len(missing) > 0 {
		mark := i18n.Pick(ctx, "、", ", ") //i18n:data separators of both languages
		out = append([]string{t(ctx, "缺少：{0}", strings.Join(missing, mark))}, out...)
	}
	return out
}
