package duplicate

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/state"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// namesView is the page of public records that registered organisations may take over, and of a name looked up.
type namesView struct {
	List  []Takeover
	Orgs  map[string]identity.Organisation
	State string
	Query string
	Hits  []Hit
	Own   bool // the reader sees its own only
}

func (s *Service) showNames(w http.ResponseWriter, r *http.Request) error {
	ctx, by, q := r.Context(), identity.SubjectOf(r.Context()), r.URL.Query()
	v := namesView{State: q.Get("state"), Query: q.Get("q"), Own: !by.Has(identity.CapacityOperator, identity.CapacityAuthority, identity.CapacityAuditor)}
	var where db.Where
	s.Policy.Filter(by, "duplicate.names", map[string]string{"owner": "registered", identity.SideRegion: "region"}, &where)
	if v.State != "" {
		where.And("state = ?", v.State)
	} else {
		where.And("state IN ('found', 'asked')")
	}
	var err error
	if v.List, err = listTakeovers(ctx, s.DB, &where, " ORDER BY CASE state WHEN 'asked' THEN 0 ELSE 1 END, score DESC, id LIMIT 100"); err != nil {
		return err
	}
	var ids []string
	for _, x := range v.List {
		ids = append(ids, x.Public, x.Registered)
	}
	if v.Orgs, err = s.Organisations.Organisations(ctx, s.DB, ids); err != nil {
		return err
	}
	if v.Query != "" {
		if v.Hits, err = s.Resolve(ctx, s.DB, v.Query); err != nil {
			return err
		}
	}
	return web.Page(w, r, http.StatusOK, namesPage(v))
}

// nameView is the page of one takeover.
type nameView struct {
	Takeover
	PublicOrg, Own       identity.Organisation
	PublicNames, OwnName []Name
	Reason               Reason
	Moves                []state.Step
	Place                func(ctx context.Context, code string) string
}

func (s *Service) showName(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	x, err := s.visibleTakeover(ctx, s.DB, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := nameView{Takeover: x, Place: s.Organisations.RegionName}
	orgs, err := s.Organisations.Organisations(ctx, s.DB, []string{x.Public, x.Registered})
	if err != nil {
		return err
	}
	v.PublicOrg, v.Own = orgs[x.Public], orgs[x.Registered]
	called, err := listNames(ctx, s.DB, []string{x.Public, x.Registered})
	if err != nil {
		return err
	}
	v.PublicNames, v.OwnName = called[x.Public], called[x.Registered]
	if err := json.Unmarshal([]byte(x.Why), &v.Reason); err != nil {
		return fmt.Errorf("read why takeover %s fits: %w", x.ID, err)
	}
	for _, st := range Takeovers() {
		if st.From == x.State && s.Policy.Can(by, action(st.Verb), takeoverObject(x)) == nil && (st.Verb == VerbAsk) == (by.Org == x.Registered) {
			v.Moves = append(v.Moves, st)
		}
	}
	return web.Page(w, r, http.StatusOK, namePage(v))
}

func (s *Service) submitTakeover(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f := form.Read(r)
		x, kept, err := s.Decide(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), verb, f.Text("note"))
		if err != nil {
			return err
		}
		if len(kept) > 0 {
			return web.SeeOther(w, r, "/desk/names/"+x.ID, "已撤销认领。认领之后改过的 {0} 项保持现状。", len(kept))
		}
		return web.SeeOther(w, r, "/desk/names/"+x.ID, map[string]string{
			VerbAsk: "已申请认领，主管部门核对后会通知您。", VerbConfirm: "已确认认领，公开记录归入该单位。随时可以撤销。", VerbDecline: "已记下不是同一单位。", VerbGiveBack: "已撤销认领，公开记录恢复原样。",
		}[verb])
	}
}

func takeoverChip(ctx context.Context, st string) ui.Chip {
	switch st {
	case Found:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "名称相符")}
	case AskedFor:
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "申请认领")}
	case Done:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已认领")}
	}
	return ui.Chip{Text: t(ctx, "不是同一单位")}
}

func takeoverVerb(ctx context.Context, verb string) string {
	switch verb {
	case VerbAsk:
		return t(ctx, "这是我们单位，申请认领")
	case VerbConfirm:
		return t(ctx, "确认认领")
	case VerbDecline:
		return t(ctx, "不是同一单位")
	}
	return t(ctx, "撤销认领")
}

func takeoverText(ctx context.Context, verb string) string {
	switch verb {
	case VerbAsk:
		return t(ctx, "主管部门核对后，公开记录及挂在它名下的资源归入贵单位。")
	case VerbConfirm:
		return t(ctx, "公开记录的 ROR 编号、英文名称等补入该单位，挂在它名下的资源一并移交。随时可以撤销。")
	case VerbDecline:
		return t(ctx, "以后不再提示这一对。")
	}
	return t(ctx, "公开记录恢复原样，移交的资源退回。")
}

func nameKind(ctx context.Context, kind string) string {
	switch kind {
	case Official:
		return t(ctx, "正式名称")
	case InEnglish:
		return t(ctx, "英文名称")
	case Former:
		return t(ctx, "曾用名")
	case Alias:
		return t(ctx, "别名")
	case Abbreviation:
		return t(ctx, "简称")
	}
	return t(ctx, "拼音")
}

// facts tells what one side is, and what it is called.
func (v nameView) facts(ctx context.Context, o identity.Organisation, list []Name) []ui.Fact {
	out := []ui.Fact{
		{Label: t(ctx, "中文名称"), Value: o.NameZH}, {Label: t(ctx, "英文名称"), Value: o.NameEN}, {Label: t(ctx, "地区"), Value: v.Place(ctx, o.Region)},
		{Label: "ROR", Value: o.ROR}, {Label: t(ctx, "网址"), Value: o.Website}, {Label: t(ctx, "地址"), Value: o.Address},
	}
	for _, n := range list {
		if n.Kind == Abbreviation || n.Kind == Former || n.Kind == Alias {
			out = append(out, ui.Fact{Label: nameKind(ctx, n.Kind), Value: n.Name})
		}
	}
	var kept []ui.Fact
	for _, f := range out {
		if f.Value != "" {
			kept = append(kept, f)
		}
	}
	return kept
}

func emptyForm() *form.Form { return form.Of(nil) }

func (v namesView) tabs(ctx context.Context) []ui.Tab {
	return []ui.Tab{
		{Label: t(ctx, "待核对"), Href: "/desk/names", Current: v.State == ""}, {Label: t(ctx, "已认领"), Href: "/desk/names?state=" + Done, Current: v.State == Done},
		{Label: t(ctx, "不是同一单位"), Href: "/desk/names?state=" + Refused, Current: v.State == Refused},
	}
}
