package stats

import (
	"context"
	"fmt"
	"net/url"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

// scopeChoice is the small form over a number: region and cut-off day.
type scopeChoice struct {
	Form    *form.Form
	Regions []ui.Option
	Today   string
	Query   string // of this scope, "?region=…&until=…", or empty
}

func (s *Service) scopeChoice(ctx context.Context, scope Scope) (scopeChoice, error) {
	tree, err := s.deps.Tree(ctx, s.db)
	if err != nil {
		return scopeChoice{}, fmt.Errorf("read the regions: %w", err)
	}
	c := scopeChoice{Form: form.Of(map[string]string{"region": scope.Region, "until": scope.Until}), Today: s.Today().Until, Query: scope.query(s.Today())}
	c.Regions = append(c.Regions, ui.Option{Label: t(ctx, "全部")})
	for _, code := range s.districts(tree) {
		c.Regions = append(c.Regions, ui.Option{Value: code, Label: placeName(ctx, tree, code)})
	}
	return c, nil
}

// query is the address of a scope after the path.
func (s Scope) query(today Scope) string {
	q := url.Values{}
	if s.Region != "" {
		q.Set("region", s.Region)
	}
	if s.Until != today.Until {
		q.Set("until", s.Until)
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// numberView is everything about one number.
type numberView struct {
	Value     Value
	Choice    scopeChoice
	Bars      ui.BarsOf
	Districts ui.RankOf
	Kinds     ui.RankOf // of a stock
	Rows      []Row
	Next      string
	Later     bool // not the first page of rows
	Full      bool // some row is shown whole
}

// historyMonths is how many months a number's page shows.
const historyMonths = 12

func (s *Service) numberView(ctx context.Context, code string, scope Scope, cursor string) (v numberView, err error) {
	if v.Value, err = s.Number(ctx, code, scope); err != nil {
		return v, err
	}
	d := v.Value.Definition
	if v.Choice, err = s.scopeChoice(ctx, scope); err != nil {
		return v, err
	}
	history, err := s.History(ctx, d, scope, historyMonths)
	if err != nil {
		return v, err
	}
	v.Bars = bars(ctx, d, history)
	if d.Formula.Form == FormStock || d.Formula.Form == FormCount || d.Formula.Form == FormSum {
		if v.Districts, err = s.districtRank(ctx, d, scope); err != nil {
			return v, err
		}
	}
	if d.Code == "resources" {
		v.Kinds = s.kindRank(ctx, v.Value)
	}
	v.Later = cursor != ""
	v.Rows, v.Next, err = s.Rows(ctx, identity.SubjectOf(ctx), d, scope, cursor, rowsPerPage)
	for _, r := range v.Rows {
		v.Full = v.Full || !r.Masked
	}
	return v, err
}

// districtRank is a number by district, in the order of their codes.
func (s *Service) districtRank(ctx context.Context, d Definition, scope Scope) (ui.RankOf, error) {
	rank := ui.RankOf{Label: t(ctx, "按区县")}
	tree, err := s.deps.Tree(ctx, s.db)
	if err != nil {
		return rank, fmt.Errorf("read the regions: %w", err)
	}
	counts, err := s.ByDistrict(ctx, d, scope)
	if err != nil {
		return rank, err
	}
	for _, code := range s.districts(tree) {
		v := Value{Definition: d, Numerator: counts[code], Denominator: 1}
		rank.Rows = append(rank.Rows, ui.RankRow{Label: placeName(ctx, tree, code), Href: numberLink(d.Code, code), Value: drawn(d, Point{Numerator: counts[code], Denominator: 1}), Text: v.Text(ctx)})
	}
	return rank, nil
}

func (v numberView) name(ctx context.Context) string {
	return i18n.Pick(ctx, v.Value.Definition.NameZH, v.Value.Definition.NameEN)
}

// download is the way to the rows as a file.
func (v numberView) download(ctx context.Context) ui.Link {
	return ui.Link{Label: t(ctx, "下载 CSV"), Href: "/numbers/" + v.Value.Definition.Code + "/rows.csv" + v.Choice.Query, Icon: "download"}
}

func (v numberView) pager() ui.PagerOf {
	base := "/numbers/" + v.Value.Definition.Code + v.Choice.Query
	sep := "?"
	if v.Choice.Query != "" {
		sep = "&"
	}
	var p ui.PagerOf
	if v.Later {
		p.First = base + "#rows"
	}
	if v.Next != "" {
		p.Next = base + sep + "cursor=" + queryEscape(v.Next) + "#rows"
	}
	return p
}
