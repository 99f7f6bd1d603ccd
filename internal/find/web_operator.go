package find

import (
	"context"
	"fmt"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// logDays is how far back the page looks.
const logDays = 28

// logView is the evidence of the last weeks.
type logView struct {
	Since   string
	Entries []Entry
	Rare    Entry
	Nothing []Entry // those that found nothing, most often first
	Facets  []Tally
	Places  []Tally
	Least   Term
	Days    Term
}

func (s *Service) evidence(ctx context.Context) (logView, error) {
	var v logView
	var err error
	if err = s.Flush(ctx); err != nil {
		return v, err
	}
	if v.Since, err = clock.AddDays(s.today(), -logDays); err != nil {
		return v, err
	}
	all, err := listEntries(ctx, s.DB, v.Since)
	if err != nil {
		return v, err
	}
	for _, e := range all {
		if e.Text == "" {
			v.Rare = e
			continue
		}
		v.Entries = append(v.Entries, e)
		if e.Nothing > 0 {
			v.Nothing = append(v.Nothing, e)
		}
	}
	if v.Facets, err = listCounts(ctx, s.DB, "facet", v.Since); err != nil {
		return v, err
	}
	if v.Places, err = listCounts(ctx, s.DB, "place", v.Since); err != nil {
		return v, err
	}
	if v.Least, err = termOn(ctx, s.DB, "least-sessions", s.today()); err != nil {
		return v, err
	}
	v.Days, err = termOn(ctx, s.DB, "log-days", s.today())
	return v, err
}

// asked, nothing and opened are the sums over all searches.
func (v logView) sums() (asked, nothing, opened int64) {
	for _, e := range append([]Entry{v.Rare}, v.Entries...) {
		asked, nothing, opened = asked+e.Asked, nothing+e.Nothing, opened+e.Opened
	}
	return asked, nothing, opened
}

// place is the mean place of the results opened, with one decimal; empty where none was.
func (e Entry) place() string {
	if e.Opened == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", float64(e.Places)/float64(e.Opened))
}

func (s *Service) showLog(w http.ResponseWriter, r *http.Request) error {
	v, err := s.evidence(r.Context())
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, logPage(v))
}

func (s *Service) downloadLog(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := s.evidence(ctx)
	if err != nil {
		return err
	}
	rows := [][]string{}
	for _, e := range append(v.Entries, v.Rare) {
		text := e.Text
		if text == "" {
			text = t(ctx, "（少见的词合计）")
		}
		rows = append(rows, []string{text, fmt.Sprint(e.Asked), fmt.Sprint(e.Sessions), fmt.Sprint(e.Nothing), fmt.Sprint(e.Total), fmt.Sprint(e.Opened), e.place(), e.Day})
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="searches.csv"`)
	return sheet.WriteCSV(w, []string{t(ctx, "检索词"), t(ctx, "次数"), t(ctx, "会话数"), t(ctx, "无结果次数"), t(ctx, "最近结果数"), t(ctx, "打开次数"), t(ctx, "平均名次"), t(ctx, "最近日期")}, rows)
}

func facetName(ctx context.Context, facet string) string {
	switch facet {
	case "kind":
		return t(ctx, "资源类型")
	case "region":
		return t(ctx, "地区")
	case "class":
		return t(ctx, "分类")
	case "org":
		return t(ctx, "所属单位")
	case "voucher":
		return t(ctx, "创新券")
	case "price":
		return t(ctx, "价格")
	case "free_on":
		return t(ctx, "空闲日期")
	case "access":
		return t(ctx, "使用方式")
	case "freshness":
		return t(ctx, "核对情况")
	}
	return t(ctx, "服务语言")
}

func (v logView) facetRows(ctx context.Context) []ui.RankRow {
	var out []ui.RankRow
	for _, x := range v.Facets {
		out = append(out, ui.RankRow{Label: facetName(ctx, x.Name), Value: float64(x.N), Text: i18n.Group(x.N)})
	}
	return out
}

// placeBars are the first ten places and how often a result there was opened.
func (v logView) placeBars(ctx context.Context) ui.BarsOf {
	n := map[string]int64{}
	for _, x := range v.Places {
		n[x.Name] = x.N
	}
	out := ui.BarsOf{Title: t(ctx, "打开的结果在第几位"), Head: t(ctx, "名次"), Unit: t(ctx, "次"), Series: []string{t(ctx, "打开次数")}}
	for i := 1; i <= 10; i++ {
		out.Bars = append(out.Bars, ui.Bar{Label: fmt.Sprint(i), Values: []float64{float64(n[fmt.Sprintf("%03d", i)])}})
	}
	return out
}

type synonymsView struct {
	Form  *form.Form
	Lists map[string][]Synonym // by state
	May   bool
	Names map[string]string
}

func (s *Service) synonymsPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	list, err := listSynonyms(ctx, s.DB, &db.Where{})
	if err != nil {
		return err
	}
	v := synonymsView{Form: f, Lists: map[string][]Synonym{}, May: s.Policy.May(identity.SubjectOf(ctx), "find.curate") == nil}
	for _, x := range list {
		v.Lists[x.State] = append(v.Lists[x.State], x)
	}
	return web.Page(w, r, f.Status(), synonymPage(v))
}

func (s *Service) showSynonyms(w http.ResponseWriter, r *http.Request) error {
	return s.synonymsPage(w, r, form.Of(nil))
}

func (s *Service) submitSynonym(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	_, err := s.Propose(ctx, identity.SubjectOf(ctx), web.RequestKey(ctx), f.Text("words"), f.Bool("one_way"), f.Text("note"))
	if f.Fail(err) {
		return s.synonymsPage(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/synonyms", "已提交，批准后生效。")
}

func (s *Service) submitDecision(w http.ResponseWriter, r *http.Request) error {
	verb := form.Read(r).Text("verb")
	if err := s.Decide(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("synonym"), verb); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/synonyms", "已处理，检索立即按新的同义词进行。")
}

func stateName(ctx context.Context, state string) string {
	switch state {
	case StateProposed:
		return t(ctx, "待审定")
	case StateApproved:
		return t(ctx, "已生效")
	case StateRefused:
		return t(ctx, "未采纳")
	}
	return t(ctx, "已停用")
}

func sourceName(ctx context.Context, source string) string {
	switch source {
	case SourceCurated:
		return t(ctx, "随程序提供")
	case SourceLearnt:
		return t(ctx, "从检索中学得")
	case SourceFound:
		return t(ctx, "从资源名称和读音中发现")
	}
	return t(ctx, "人工填写")
}

func verbName(ctx context.Context, verb string) string {
	switch verb {
	case "approve":
		return t(ctx, "批准")
	case "refuse":
		return t(ctx, "不采纳")
	}
	return t(ctx, "不再使用")
}
