package catalogue

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// pageSize is how many resources a list of the desk shows.
const pageSize = 50

// ownView is the list of the acting organisation's resources.
type ownView struct {
	Own
	tally
	Query OwnQuery
	Form  *form.Form // the filters
	Hours *form.Form
	Edits bool
	set   kinds.Set
	today string
}

func ownQuery(q url.Values) OwnQuery {
	page, err := strconv.Atoi(q.Get("page"))
	if err != nil || page < 1 {
		page = 1
	}
	return OwnQuery{Text: q.Get("q"), Kind: q.Get("kind"), Status: q.Get("status"), Fresh: q.Get("fresh"), Sort: q.Get("sort"), Page: page - 1}
}

// values are the filters of q as an address has them.
func (q OwnQuery) values() url.Values {
	out := url.Values{}
	for name, v := range map[string]string{"q": q.Text, "kind": q.Kind, "status": q.Status, "fresh": q.Fresh, "sort": q.Sort} {
		if v != "" {
			out.Set(name, v)
		}
	}
	if q.Page > 0 {
		out.Set("page", strconv.Itoa(q.Page+1))
	}
	return out
}

func (q OwnQuery) address() string {
	if v := q.values(); len(v) > 0 {
		return "/desk/resources?" + v.Encode()
	}
	return "/desk/resources"
}

func (s *Service) showOwn(w http.ResponseWriter, r *http.Request) error {
	return s.ownPage(w, r, nil)
}

func (s *Service) ownPage(w http.ResponseWriter, r *http.Request, hours *form.Form) error {
	ctx := r.Context()
	sub := identity.SubjectOf(ctx)
	q := ownQuery(r.URL.Query())
	v := ownView{Query: q, Hours: hours, set: s.kinds, today: s.today()}
	v.Form = form.Of(map[string]string{"q": q.Text, "kind": q.Kind, "fresh": q.Fresh, "sort": q.Sort})
	v.Edits = s.Policy.Can(sub, "resource.edit", identity.Object{Parties: map[string]string{"owner": sub.Org}, Region: sub.Region}) == nil
	var err error
	if v.tally, err = s.count(ctx, s.DB, sub.Org, sub.Region); err != nil {
		return err
	}
	if v.Own, err = s.Own(ctx, sub, q); err != nil {
		return err
	}
	if v.Hours == nil {
		own, err := s.OwnerHours(ctx, s.DB, sub.Org)
		if err != nil {
			return err
		}
		v.Hours = form.Of(hoursValues(own))
	}
	return web.Page(w, r, v.Hours.Status(), ownPage(v))
}

func (v ownView) tabs(ctx context.Context) []ui.Tab {
	q := v.Query
	q.Page = 0
	address := func(status string) string { q.Status = status; return q.address() }
	var all int64
	for status, n := range v.States {
		if status != StatusWithdrawn {
			all += n
		}
	}
	out := []ui.Tab{{Label: t(ctx, "全部"), Href: address(""), Current: v.Query.Status == "", Count: int(all)}}
	for _, status := range Table.States() {
		if status == StatusReview && v.States[status] == 0 {
			continue // only where the region asks for it
		}
		out = append(out, ui.Tab{Label: StatusChip(ctx, status).Text, Href: address(status), Current: v.Query.Status == status, Count: int(v.States[status])})
	}
	return out
}

// filtered tells whether the list is narrowed by more than its tab.
func (v ownView) filtered() bool { return v.Query.Text+v.Query.Kind+v.Query.Fresh != "" }

func (v ownView) kindOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Label: t(ctx, "全部类型")}}
	for _, k := range v.set {
		if v.Kinds[k.Name] > 0 || k.Name == v.Query.Kind {
			out = append(out, ui.Option{Value: k.Name, Label: t(ctx, "{0}（{1}）", kindName(ctx, k), i18n.Group(v.Kinds[k.Name]))})
		}
	}
	return out
}

func freshOptions(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Label: t(ctx, "不限核对")}, {Value: ToCheck, Label: t(ctx, "需要核对")}, {Value: Fresh, Label: t(ctx, "期限内核对过")},
		{Value: Due, Label: t(ctx, "即将到期")}, {Value: Stale, Label: t(ctx, "已过期")}, {Value: NeverChecked, Label: t(ctx, "从未核对")},
	}
}

func sortOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Label: t(ctx, "最近更新在前")}, {Value: "name", Label: t(ctx, "按名称")}, {Value: "checked", Label: t(ctx, "最久未核对在前")}}
}

func (v ownView) pager(ctx context.Context) ui.PagerOf {
	first := v.Page*pageSize + 1
	p := ui.PagerOf{Note: t(ctx, "第 {0} 到 {1} 项，共 {2} 项", i18n.Group(first), i18n.Group(first+len(v.Items)-1), i18n.Group(v.Total))}
	q := v.Query
	at := func(page int) string { q.Page = page; return q.address() }
	if v.Page > 0 {
		p.First, p.Before = at(0), at(v.Page-1)
	}
	if v.Page+1 < v.Pages {
		p.Next, p.Last = at(v.Page+1), at(v.Pages-1)
	}
	return p
}

func (v ownView) kind(ctx context.Context, r Resource) string {
	k, _ := v.set.Find(r.Kind)
	return kindName(ctx, k)
}

// dueText says what waits to be checked.
func (v ownView) dueText(ctx context.Context) string {
	var out []string
	if v.Due.Stale > 0 {
		out = append(out, t(ctx, "{0} 项已过核对期限", v.Due.Stale))
	}
	if v.Due.Due > 0 {
		out = append(out, t(ctx, "{0} 项即将到期", v.Due.Due))
	}
	if v.Due.Never > 0 {
		out = append(out, t(ctx, "{0} 项从未核对", v.Due.Never))
	}
	return joinWords(ctx, out)
}

// shortFresh is how true a record is known to be, in a list of its owner.
func shortFresh(ctx context.Context, r Resource, day string) ui.Chip {
	chip := freshChip(ctx, r, day)
	switch r.Freshness {
	case NeverChecked:
		chip.Text = t(ctx, "从未核对")
	default:
		chip.Text = ui.SayDay(ctx, r.CheckedOn)
	}
	return chip
}

func ownColumns(ctx context.Context, picks bool) []ui.Column {
	out := []ui.Column{{Label: t(ctx, "名称")}, {Label: t(ctx, "类型")}, {Label: t(ctx, "状态")}, {Label: t(ctx, "核对")}, {Label: t(ctx, "价格"), Num: true}, {Label: t(ctx, "最近更新")}}
	if picks {
		out = append(append([]ui.Column{{Label: t(ctx, "选择"), Hidden: true}}, out...), ui.Column{Label: t(ctx, "办理"), Hidden: true})
	}
	return out
}
