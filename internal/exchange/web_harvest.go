package exchange

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

func (s *Service) deskRoutes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	return []web.Route{
		desk("GET /desk/sources", "exchange.view", s.showSources),
		desk("POST /desk/sources", "exchange.operate", s.submitSource),
		desk("GET /desk/sources/{id}", "exchange.view", s.showSource),
		desk("POST /desk/sources/{id}", "exchange.operate", s.submitEdit),
		desk("POST /desk/sources/{id}/harvest", "exchange.operate", s.submitHarvest),
		desk("GET /desk/harvests/{id}", "exchange.view", s.showHarvest),
		desk("POST /desk/harvests/{id}/stop", "exchange.operate", s.submitRun("stop")),
		desk("POST /desk/harvests/{id}/resume", "exchange.operate", s.submitRun("resume")),
		desk("POST /desk/harvests/{id}/undo", "exchange.operate", s.submitRun("undo")),
	}
}

// sourcesView is the page of sources.
type sourcesView struct {
	Sources []Supply
	Form    *form.Form
	May     bool
	Base    string
}

func (s *Service) showSources(w http.ResponseWriter, r *http.Request) error {
	return s.sourcesPage(w, r, form.Of(map[string]string{"prefix": Prefixes()[0], "region": s.Region, "hours": "24", "active": "1"}))
}

func (s *Service) sourcesPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	sub := identity.SubjectOf(r.Context())
	v := sourcesView{Form: f, May: s.Policy.May(sub, "exchange.operate") == nil, Base: s.base()}
	var err error
	if v.Sources, err = s.Sources(r.Context(), sub); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), sourcesPage(v))
}

func sourceDraft(f *form.Form) SourceDraft {
	return SourceDraft{Name: f.Text("name"), Address: f.Text("address"), Prefix: f.Text("prefix"), Subset: f.Text("subset"), Region: f.Text("region"), Licence: f.Text("licence"), Hours: f.Int("hours"), Active: f.Bool("active")}
}

func (s *Service) submitSource(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	src, err := s.AddSource(r.Context(), identity.SubjectOf(r.Context()), sourceDraft(f))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/sources/"+src.ID, "来源已登记。")
	case f.Fail(err):
		return s.sourcesPage(w, r, f)
	}
	return err
}

// sourceView is the page of one source.
type sourceView struct {
	Supply
	Runs []Run
	Form *form.Form
	May  bool
}

func (s *Service) showSource(w http.ResponseWriter, r *http.Request) error {
	return s.sourcePage(w, r, nil)
}

func (s *Service) sourcePage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	v := sourceView{Form: f, May: s.Policy.May(identity.SubjectOf(ctx), "exchange.operate") == nil}
	src, err := getSource(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	if v.Supply, err = s.supply(ctx, src); err != nil {
		return err
	}
	if v.Runs, err = listRuns(ctx, s.DB, src.ID, 50); err != nil {
		return err
	}
	if v.Form == nil {
		active := ""
		if src.Active {
			active = "1"
		}
		v.Form = form.Of(map[string]string{"name": src.Name, "region": src.Region, "licence": src.Licence, "hours": strconv.FormatInt(src.Hours, 10), "active": active})
	}
	return web.Page(w, r, v.Form.Status(), sourcePage(v))
}

func (s *Service) submitEdit(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	src, err := s.EditSource(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), sourceDraft(f))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/sources/"+src.ID, "已保存。")
	case f.Fail(err):
		return s.sourcePage(w, r, f)
	}
	return err
}

func (s *Service) submitHarvest(w http.ResponseWriter, r *http.Request) error {
	run, err := s.Start(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/harvests/"+run.ID, "收录已开始，刷新页面可以看到进展。")
}

func (s *Service) submitRun(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		run, err := s.Do(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), verb)
		if err != nil {
			return err
		}
		return web.SeeOther(w, r, "/desk/harvests/"+run.ID, "")
	}
}

// harvestView is the page of one harvest.
type harvestView struct {
	Run
	Source Source
	Faults []Fault
	May    bool
	Newest bool
}

func (s *Service) showHarvest(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	run, err := getRun(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := harvestView{Run: run, May: s.Policy.May(identity.SubjectOf(ctx), "exchange.operate") == nil, Newest: s.mustBeNewest(ctx, s.DB, run) == nil}
	if v.Source, err = getSource(ctx, s.DB, run.Source); err != nil {
		return err
	}
	if v.Faults, err = listFaults(ctx, s.DB, run.ID, 200); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, harvestPage(v))
}

func (v harvestView) can(verb string) bool {
	_, err := RunTable.Next(v.State, verb)
	return err == nil && v.May && v.Newest
}

func (f Fault) text(ctx context.Context) string {
	var args []any
	if json.Unmarshal([]byte(f.Args), &args) != nil {
		args = nil
	}
	return t(ctx, f.Text, args...)
}

// runChip is the state of a harvest in words.
func runChip(ctx context.Context, state string) ui.Chip {
	switch state {
	case RunRunning:
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "正在收录")}
	case RunStopping:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "正在停止")}
	case RunDone:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已完成")}
	case RunFailed:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "没有完成")}
	case RunStopped:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "已停止")}
	case RunUndoing:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "正在撤销")}
	}
	return ui.Chip{Tone: ui.Plain, Text: t(ctx, "收录已撤销")}
}

// failureText says what ended a harvest.
func failureText(ctx context.Context, code string) string {
	switch code {
	case "unreachable":
		return t(ctx, "对方没有回答，或拒绝了请求。")
	case "offline":
		return t(ctx, "演示环境不向本机以外发送任何请求。")
	case "not-oai":
		return t(ctx, "对方的回答不是 OAI-PMH。")
	case "token-repeats":
		return t(ctx, "对方反复给出同一个续传标记。")
	case "badResumptionToken":
		return t(ctx, "对方不再认续传标记，请重新收录。")
	}
	return t(ctx, "对方报告错误：{0}", code)
}

func prefixOptions(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: "qiao", Label: "qiao", Note: t(ctx, "另一个桥平台：内容完整，没有损失。")},
		{Value: "pidinst", Label: "pidinst", Note: t(ctx, "仪器的国际格式 PIDINST 1.0。")},
		{Value: "oai_dc", Label: "oai_dc", Note: t(ctx, "都柏林核心：每个机构库都有，只有题名、作者等基本内容。")},
	}
}

func facts(ctx context.Context, s Supply) []ui.Fact {
	schedule := t(ctx, "只手动收录")
	if s.Hours > 0 && s.Active {
		schedule = t(ctx, "每 {0} 小时", s.Hours)
	} else if !s.Active {
		schedule = t(ctx, "已暂停")
	}
	next := "—"
	if !s.Due.IsZero() && s.Active && s.Hours > 0 {
		next = ui.SayTime(ctx, s.Due.Time)
	}
	return []ui.Fact{
		{Label: t(ctx, "接口网址"), Value: s.Address}, {Label: t(ctx, "元数据格式"), Value: s.Prefix}, {Label: t(ctx, "集合"), Value: orDash(s.Subset)}, {Label: t(ctx, "许可"), Value: s.Licence},
		{Label: t(ctx, "收录方式"), Value: schedule}, {Label: t(ctx, "下次收录"), Value: next}, {Label: t(ctx, "下次从何时起"), Value: orDash(s.Since), Define: t(ctx, "对方的时间；与上次略有重叠，重复的记录不会重复写入。")}, {Label: t(ctx, "现有记录"), Value: strconv.FormatInt(s.Records, 10)},
	}
}

func runFacts(ctx context.Context, r Run) []ui.Fact {
	n := func(v int64) string { return strconv.FormatInt(v, 10) }
	return []ui.Fact{
		{Label: t(ctx, "新增"), Value: n(r.Added)}, {Label: t(ctx, "更新"), Value: n(r.Updated)}, {Label: t(ctx, "未变"), Value: n(r.Unchanged)}, {Label: t(ctx, "对方删除"), Value: n(r.Removed), Define: t(ctx, "对方已删除的记录，这里随之撤下。")},
		{Label: t(ctx, "未收录"), Value: n(r.Refused)}, {Label: t(ctx, "来自本平台"), Value: n(r.Own), Define: t(ctx, "原本出自本平台的记录，不收回来。")}, {Label: t(ctx, "页数"), Value: n(r.Pages)}, {Label: t(ctx, "从何时起"), Value: orDash(r.Since)},
	}
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
