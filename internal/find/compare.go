package find

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/region"
	"qiao/internal/platform/ui"
)

// MostCompared is how many things stand side by side at most.
const MostCompared = 5

// Compared is one thing of a comparison.
type Compared struct {
	catalogue.Resource
	Face  catalogue.Face
	Owner identity.Organisation
}

// Line is one property of the things compared, a value for each.
type Line struct {
	Label  string
	Values []string // "" = not said
	Same   bool
}

// Compare reads the first of ids that stand in the catalogue, and their properties: those that differ first.
func (s *Service) Compare(ctx context.Context, ids []string) ([]Compared, []Line, error) {
	list, err := s.Catalogue.Resources(ctx, s.DB, distinct(ids, MostCompared))
	if err != nil {
		return nil, nil, err
	}
	owners := make([]string, len(list))
	for i, r := range list {
		owners[i] = r.Owner
	}
	orgs, err := s.Orgs.Organisations(ctx, s.DB, owners)
	if err != nil {
		return nil, nil, err
	}
	free, err := s.Catalogue.Soon(ctx)
	if err != nil {
		return nil, nil, err
	}
	out := make([]Compared, len(list))
	for i, r := range list {
		out[i] = Compared{Resource: r, Face: s.Catalogue.Face(ctx, r), Owner: orgs[r.Owner]}
	}
	return out, s.lines(ctx, out, free), nil
}

// lines sets the properties side by side.
func (s *Service) lines(ctx context.Context, things []Compared, free map[string]catalogue.Free) []Line {
	first := []Line{
		row(t(ctx, "价格"), things, func(c Compared) string { return c.Face.Price }),
		row(t(ctx, "最早可约"), things, func(c Compared) string {
			if at := free[c.ID].Start; !at.IsZero() {
				return ui.SayTime(ctx, at)
			}
			return ""
		}),
		row(t(ctx, "创新券"), things, func(c Compared) string {
			if c.Voucher {
				return t(ctx, "是")
			}
			return t(ctx, "否")
		}),
		row(t(ctx, "使用方式"), things, func(c Compared) string { return c.Face.Access }),
		row(t(ctx, "所属单位"), things, func(c Compared) string { return i18n.Pick(ctx, c.Owner.NameZH, c.Owner.NameEN) }),
		row(t(ctx, "地区"), things, func(c Compared) string { return s.Orgs.RegionName(ctx, c.Region) }),
	}
	var rest []Line
	for _, label := range labels(things) {
		rest = append(rest, row(label, things, func(c Compared) string {
			for _, f := range c.Face.Facts {
				if f.Label == label {
					return f.Value
				}
			}
			return ""
		}))
	}
	slices.SortStableFunc(rest, func(a, b Line) int { return cmp.Compare(number(a.Same), number(b.Same)) })
	return append(first, rest...)
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

func row(label string, things []Compared, value func(Compared) string) Line {
	l := Line{Label: label, Same: true}
	for _, c := range things {
		l.Values = append(l.Values, value(c))
		l.Same = l.Same && l.Values[len(l.Values)-1] == l.Values[0]
	}
	return l
}

// labels are the names of all properties, in the order in which they first stand.
func labels(things []Compared) []string {
	var out []string
	for _, c := range things {
		for _, f := range c.Face.Facts {
			if !slices.Contains(out, f.Label) {
				out = append(out, f.Label)
			}
		}
	}
	return out
}

// distinct keeps the first n different ids.
func distinct(ids []string, n int) []string {
	var out []string
	for _, x := range ids {
		if x != "" && !slices.Contains(out, x) && len(out) < n {
			out = append(out, x)
		}
	}
	return out
}

// comparison is the address of some of the things side by side.
func comparison(ids []string) string {
	if len(ids) == 0 {
		return "/comparison"
	}
	return "/comparison?" + url.Values{"id": ids}.Encode()
}

// tiles counts the result of a search by place: by county within the node's region, by city elsewhere in its province
// and by province elsewhere. A tile narrows the search to its place.
func (s *Service) tiles(ctx context.Context, values url.Values) (ui.TilesOf, []ui.RankRow, int, error) {
	q := catalogue.QueryOf(values)
	regions := q.Regions
	q.Regions, q.Limit, q.Sort, q.Cursor = nil, 1, "", ""
	found, err := s.Catalogue.Search(ctx, q)
	if err != nil {
		return ui.TilesOf{}, nil, 0, err
	}
	scope := s.Root
	if len(regions) == 1 && region.LevelOf(regions[0]) < region.County && region.LevelOf(regions[0]) != region.None {
		scope = regions[0]
	}
	q.Regions = []string{scope}
	if found, err = s.Catalogue.Search(ctx, q); err != nil {
		return ui.TilesOf{}, nil, 0, err
	}
	n := map[string]int{}
	var codes []string
	var wide []ui.RankRow
	for _, v := range found.Facets["region"] {
		level := region.LevelOf(v.Value)
		name := last(i18n.Pick(ctx, v.LabelZH, v.LabelEN), i18n.From(ctx))
		if v.Value != scope && region.Within(v.Value, scope) && level == s.below(scope) {
			codes = append(codes, v.Value)
			n[v.Value] = v.Count
		}
		if level == region.Province {
			wide = append(wide, ui.RankRow{Label: name, Value: float64(v.Count), Text: i18n.Group(v.Count), Href: narrowed("/resources/map", values, v.Value)})
		}
	}
	m := ui.TilesOf{Label: t(ctx, "各地的检索结果"), Unit: t(ctx, "资源数")}
	for _, tile := range s.Layout(scope, codes) {
		code := tile.Label
		tile.Label, tile.Value, tile.Href = last(s.Orgs.RegionName(ctx, code), i18n.From(ctx)), int64(n[code]), narrowed("/resources", values, code)
		m.Tiles = append(m.Tiles, tile)
	}
	total, err := s.Catalogue.Count(ctx, q)
	return m, wide, total, err
}

// below is the level of the tiles of a region: its cities, or its counties.
func (s *Service) below(scope string) region.Level {
	if region.LevelOf(scope) == region.Province && s.Orgs.RegionPath(scope[:2]+"0100") != scope[:2]+"0100" {
		return region.City
	}
	return region.County
}

// narrowed is the address of a search in one place.
func narrowed(path string, values url.Values, code string) string {
	q := url.Values{}
	for _, name := range kept() {
		if name != "region" && len(values[name]) > 0 {
			q[name] = values[name]
		}
	}
	q.Set("region", code)
	return path + "?" + q.Encode()
}
