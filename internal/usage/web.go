package usage

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /desk/usage", Action: "usage.view", Private: true, Handle: s.showYear},
		{Pattern: "GET /desk/usage/file", Action: "usage.view", Private: true, Handle: s.showYearFile},
		{Pattern: "GET /desk/usage/{id}", Action: "usage.view", Private: true, Handle: s.showOne},
		{Pattern: "GET /desk/usage/{id}/file", Action: "usage.view", Private: true, Handle: s.showOneFile},
	}
}

// yearView is the page of a year.
type yearView struct {
	Year
	Query url.Values
	Years []int
	Order string
	Whose bool // of several owners
}

// yearOf reads a year from an address; what is no number counts as none.
func yearOf(r *http.Request) int {
	n, _ := strconv.Atoi(r.URL.Query().Get("year")) //nolint:errcheck // 0 is this year
	return n
}

// fileLines is the most lines of a file.
const fileLines = 5000

func (s *Service) showYear(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := yearView{Query: r.URL.Query(), Order: r.URL.Query().Get("order")}
	limit := 50
	if r.URL.Query().Get("all") != "" {
		limit = fileLines
	}
	var err error
	if v.Year, err = s.Of(ctx, identity.SubjectOf(ctx), YearRequest{Year: yearOf(r), Order: v.Order, Limit: limit}); err != nil {
		return err
	}
	v.Years, v.Whose = s.years(), len(v.Orgs) > 1
	return web.Page(w, r, http.StatusOK, yearPage(v))
}

// years are those one may choose: this one and the two before.
func (s *Service) years() []int {
	now := clock.Local(s.Clock.Now()).Year()
	return []int{now, now - 1, now - 2}
}

// oneView is the page of an instrument.
type oneView struct {
	One
	Month string
	Years []int
}

func (s *Service) one(r *http.Request, limit int) (oneView, error) {
	ctx := r.Context()
	v := oneView{Month: r.URL.Query().Get("month"), Years: s.years()}
	req := OneRequest{Resource: r.PathValue("id"), Year: yearOf(r), Month: v.Month, Limit: limit}
	if n, err := strconv.Atoi(v.Month[:min(4, len(v.Month))]); err == nil {
		req.Year = n
	}
	var err error
	v.One, err = s.One(ctx, identity.SubjectOf(ctx), req)
	return v, err
}

func (s *Service) showOne(w http.ResponseWriter, r *http.Request) error {
	v, err := s.one(r, 100)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, onePage(v))
}

func (s *Service) showYearFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	y, err := s.Of(ctx, identity.SubjectOf(ctx), YearRequest{Year: yearOf(r), Order: r.URL.Query().Get("order"), Limit: fileLines})
	if err != nil {
		return err
	}
	var rows [][]string
	for _, l := range y.Lines {
		row := []string{l.Resource, y.name(ctx, l.Resource), y.org(ctx, l.Owner), share(l.Used, l.Open)}
		for _, n := range []int64{l.Open, l.Down, l.Booked, l.BookedInner, l.Used, l.UsedInner} {
			row = append(row, plainHours(n))
		}
		rows = append(rows, append(row, strconv.FormatInt(l.Bookings, 10), strconv.FormatInt(l.Missed, 10), strconv.FormatInt(l.Orders, 10), strconv.FormatInt(l.Users, 10)))
	}
	return web.Table(w, r, "usage-"+strconv.Itoa(y.Year), []string{
		t(ctx, "资源编号"), t(ctx, "仪器"), t(ctx, "所属单位"), t(ctx, "利用率"), t(ctx, "开放机时（小时）"), t(ctx, "停用机时（小时）"), t(ctx, "预约机时（小时）"), t(ctx, "其中本单位预约（小时）"),
		t(ctx, "使用机时（小时）"), t(ctx, "其中本单位使用（小时）"), t(ctx, "预约次数"), t(ctx, "未到次数"), t(ctx, "有机时的订单"), t(ctx, "外单位用户"),
	}, rows)
}

func (s *Service) showOneFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := s.one(r, 20_000)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, e := range v.Entries {
		rows = append(rows, []string{e.Day, e.Number, v.org(ctx, e.Buyer), houseWord(ctx, e.Inner), plainHours(e.Booked), plainHours(e.Used), missedWord(ctx, e.Missed)})
	}
	return web.Table(w, r, "usage-orders-"+strconv.Itoa(v.Year), []string{
		t(ctx, "日期"), t(ctx, "订单编号"), t(ctx, "使用单位"), t(ctx, "内部或外部"), t(ctx, "预约机时（小时）"), t(ctx, "使用机时（小时）"), t(ctx, "未到"),
	}, rows)
}

// name is an instrument in the reader's language; its id when it has left.
func (y Year) name(ctx context.Context, id string) string {
	if r, ok := y.Names[id]; ok {
		return i18n.Pick(ctx, r.NameZH, r.NameEN)
	}
	return t(ctx, "已下架的仪器 {0}", id)
}

func (y Year) org(ctx context.Context, id string) string {
	return i18n.Pick(ctx, y.Orgs[id].NameZH, y.Orgs[id].NameEN)
}

func (x One) org(ctx context.Context, id string) string {
	return i18n.Pick(ctx, x.Orgs[id].NameZH, x.Orgs[id].NameEN)
}

func houseWord(ctx context.Context, inner bool) string {
	if inner {
		return t(ctx, "内部")
	}
	return t(ctx, "外部")
}

func missedWord(ctx context.Context, missed bool) string {
	if missed {
		return t(ctx, "未到")
	}
	return ""
}

// plainHours writes minutes as hours with two decimals at most, for a file: 90 is 1.5.
func plainHours(minutes int64) string {
	return strconv.FormatFloat(float64((minutes*100+30)/60)/100, 'f', -1, 64)
}

// saidHours writes minutes as hours for people, rounded to tenths.
func saidHours(minutes int64) string {
	tenths := (minutes + 3) / 6
	if tenths%10 == 0 {
		return i18n.Group(tenths / 10)
	}
	return i18n.Group(tenths/10) + "." + strconv.FormatInt(tenths%10, 10)
}

// share is used ÷ open in percent with one decimal; a dash where nothing was open.
func share(used, open int64) string {
	if open == 0 {
		return "–"
	}
	permille := (used*1000 + open/2) / open
	if permille == 0 && used > 0 {
		return "<0.1%"
	}
	return strconv.FormatInt(permille/10, 10) + "." + strconv.FormatInt(permille%10, 10) + "%"
}

// bars draws the months of a sum: used by others, used by the owner's own people, out of service.
func bars(ctx context.Context, year int, months []Month) ui.BarsOf {
	b := ui.BarsOf{Title: t(ctx, "每月机时"), Head: t(ctx, "月份"), Unit: t(ctx, "小时"), Series: []string{t(ctx, "外部使用"), t(ctx, "内部使用"), t(ctx, "停用")}}
	for n := 1; n <= 12; n++ {
		var s Sum
		for _, m := range months {
			if m.Month == strconv.Itoa(year)+"-"+two(n) {
				s = s.plus(m.Sum)
			}
		}
		bar := ui.Bar{Label: strconv.Itoa(n)}
		for _, minutes := range []int64{s.Used - s.UsedInner, s.UsedInner, s.Down} {
			bar.Values, bar.Texts = append(bar.Values, float64(minutes)/60), append(bar.Texts, saidHours(minutes))
		}
		b.Bars = append(b.Bars, bar)
	}
	return b
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// figures are the sums of a year as cards.
func figures(ctx context.Context, s Sum) []ui.FigureOf {
	hours := t(ctx, "小时")
	return []ui.FigureOf{
		{Label: t(ctx, "利用率"), Value: share(s.Used, s.Open), Note: t(ctx, "使用机时 ÷ 开放机时")},
		{Label: t(ctx, "使用机时"), Value: saidHours(s.Used), Unit: hours, Note: t(ctx, "外部 {0}，内部 {1}", saidHours(s.Used-s.UsedInner), saidHours(s.UsedInner))},
		{Label: t(ctx, "预约机时"), Value: saidHours(s.Booked), Unit: hours, Note: t(ctx, "预约 {0} 次，未到 {1} 次", s.Bookings, s.Missed)},
		{Label: t(ctx, "开放机时"), Value: saidHours(s.Open), Unit: hours, Note: t(ctx, "其中停用 {0}", saidHours(s.Down))},
	}
}

// curve is the used share of each month of a year, for a small drawing.
func curve(year int, months []Month) []float64 {
	out := make([]float64, 12)
	for _, m := range months {
		n, err := strconv.Atoi(m.Month[len("2006-"):])
		if err == nil && n >= 1 && n <= 12 && m.Month[:4] == strconv.Itoa(year) && m.Open > 0 {
			out[n-1] = float64(m.Used) / float64(m.Open)
		}
	}
	return out
}

func entriesTitle(ctx context.Context, v oneView) string {
	if v.Month != "" {
		return t(ctx, "{0} 的订单", v.Month)
	}
	return t(ctx, "{0} 年的订单", strconv.Itoa(v.Year))
}

// topOf draws who used an instrument most.
func topOf(ctx context.Context, x One) ui.RankOf {
	out := ui.RankOf{Label: t(ctx, "使用最多的单位")}
	for _, u := range x.Top {
		name := x.org(ctx, u.Org)
		if u.Inner {
			name = t(ctx, "{0}（本单位）", name)
		}
		out.Rows = append(out.Rows, ui.RankRow{Label: name, Value: float64(u.Used), Text: t(ctx, "{0} 小时，{1} 笔", saidHours(u.Used), u.Orders)})
	}
	return out
}
