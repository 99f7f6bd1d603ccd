package catalogue

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/region"
	"qiao/internal/platform/textindex"
)

// nowhere is the spot of a record without a region.
const nowhere = "-"

// spot is the place distances are counted to: the city, the province where no city is known. Every record has exactly one.
func spot(code string) string {
	return cmp.Or(region.CityOf(code), region.ProvinceOf(code), nowhere)
}

// earth is the mean radius in kilometres.
const earth = 6371.0

// kilometres between two points as the crow flies.
func kilometres(lat1, lng1, lat2, lng2 float64) float64 {
	rad := func(d float64) float64 { return d * math.Pi / 180 }
	dLat, dLng := rad(lat2-lat1), rad(lng2-lng1)
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(rad(lat1))*math.Cos(rad(lat2))*math.Pow(math.Sin(dLng/2), 2)
	return 2 * earth * math.Asin(math.Sqrt(min(1, h)))
}

// away is how far a place is from near, in whole kilometres; -1 where one of them has no seat.
func (s *Service) away(near, code string) int {
	if s.Centre == nil || code == nowhere {
		return -1
	}
	lat1, lng1, ok1 := s.Centre(near)
	lat2, lng2, ok2 := s.Centre(code)
	if !ok1 || !ok2 {
		return -1
	}
	return int(math.Round(kilometres(lat1, lng1, lat2, lng2)))
}

// byDistance answers city by city, the nearest first; within a city in the order of the request.
func (s *Service) byDistance(ctx context.Context, q Query, req textindex.Request) (textindex.Result, error) {
	count := req
	count.Limit, count.Offset, count.Explain = 0, 0, false
	count.Facets = append(slices.Clone(req.Facets), columnSpot)
	out, err := s.Index.Search(ctx, count)
	if err != nil {
		return out, err
	}
	spots := out.Facets[columnSpot]
	delete(out.Facets, columnSpot)
	near := cmp.Or(q.Near, s.Root)
	slices.SortFunc(spots, func(a, b textindex.Count) int {
		x, y := s.away(near, a.Value), s.away(near, b.Value)
		if (x < 0) != (y < 0) {
			return cmp.Compare(y, x)
		}
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.Value, b.Value))
	})
	skip := req.Offset
	for _, c := range spots {
		if skip >= c.Count {
			skip -= c.Count
			continue
		}
		if len(out.Hits) >= req.Limit {
			break
		}
		part := req
		part.Query = cmp.Or(out.Instead, req.Query)
		part.Facets, part.Offset, part.Limit = nil, skip, req.Limit-len(out.Hits)
		part.Filters = maps.Clone(req.Filters)
		part.Filters[columnSpot] = []string{c.Value}
		found, err := s.Index.Search(ctx, part)
		if err != nil {
			return out, err
		}
		out.Hits = append(out.Hits, found.Hits...)
		skip = 0
	}
	return out, nil
}

// byFree answers with what has a free slot soon, the first start first; the same start in the order of the request.
func (s *Service) byFree(ctx context.Context, req textindex.Request, free map[string]Free) (textindex.Result, error) {
	all := req
	all.Offset, all.Limit = 0, len(free)
	all.Filters = maps.Clone(req.Filters)
	all.Filters[columnID] = among(slices.Collect(maps.Keys(free)), req.Filters[columnID])
	out, err := s.Index.Search(ctx, all)
	if err != nil {
		return out, err
	}
	slices.SortStableFunc(out.Hits, func(a, b textindex.Hit) int { return free[a.ID].Start.Compare(free[b.ID].Start) })
	from := min(req.Offset, len(out.Hits))
	out.Hits = out.Hits[from:min(from+req.Limit, len(out.Hits))]
	return out, nil
}

// among keeps of ids those that are wanted, all where nothing is said; never nothing, since that would ask for everything.
func among(ids, wanted []string) []string {
	if wanted != nil {
		in := map[string]bool{}
		for _, x := range wanted {
			in[x] = true
		}
		ids = slices.DeleteFunc(ids, func(x string) bool { return !in[x] })
	}
	if len(ids) == 0 {
		return []string{nowhere}
	}
	return ids
}

// measure tells of each item how far it is and when it is free.
func (s *Service) measure(q Query, free map[string]Free, items []Item) {
	near := cmp.Or(q.Near, s.Root)
	for i := range items {
		it := &items[i]
		it.Distance = s.away(near, spot(cmp.Or(it.Resource.Region, it.Organisation.Region)))
		it.Free = free[it.ID].Start
	}
}

// freeOn narrows a request to what is free on a day.
func (s *Service) freeOn(ctx context.Context, day string, free map[string]Free, req *textindex.Request) error {
	if day == "" {
		return nil
	}
	if _, err := clock.Midnight(day); err != nil {
		return fault.New(fault.BadRequest, "bad-day", "日期“{0}”看不懂，请写成 2026-11-21。", day)
	}
	if s.FreeOn == nil {
		return fault.New(fault.Unavailable, "no-calendar", "暂时不能按空闲日期检索。")
	}
	var ids []string
	last, err := clock.AddDays(s.today(), horizonDays-1)
	if err == nil && s.Horizon != nil && day >= s.today() && day <= last {
		for x, f := range free {
			if slices.Contains(f.Days, day) {
				ids = append(ids, x)
			}
		}
	} else if ids, err = s.FreeOn(ctx, s.DB, day); err != nil {
		return err
	}
	req.Filters[columnID] = among(ids, nil)
	return nil
}

// countable is for how many bookable resources the free days are counted; above it the days stand without a number.
const countable = 1000

// freeDays is the facet of the coming seven days. The chosen day does not narrow its counts.
func (s *Service) freeDays(ctx context.Context, q Query, req textindex.Request, free map[string]Free) ([]FacetValue, error) {
	if s.Horizon == nil {
		return nil, nil
	}
	var ids []string
	if n := len(free); n > 0 && n <= countable {
		req.Facets, req.Sort, req.Explain, req.Offset, req.Limit = nil, nil, false, 0, n
		req.Filters = maps.Clone(req.Filters)
		req.Filters[columnID] = slices.Collect(maps.Keys(free))
		found, err := s.Index.Search(ctx, req)
		if err != nil {
			return nil, err
		}
		for _, h := range found.Hits {
			ids = append(ids, h.ID)
		}
	}
	var out []FacetValue
	for _, c := range countDays(free, ids, s.today()) {
		zh, en := dayNames(c.Day)
		out = append(out, FacetValue{Value: c.Day, LabelZH: zh, LabelEN: en, Count: c.N, Chosen: c.Day == q.FreeOn})
	}
	return out, nil
}

// dayNames is a civil day as a facet shows it: 周五 11/27.
func dayNames(day string) (zh, en string) {
	at, err := clock.Midnight(day)
	if err != nil {
		return day, day
	}
	weekdays := []string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"} //i18n:data beside their English
	return weekdays[at.Weekday()] + at.Format(" 1/2"), at.Format("Mon 2 Jan")
}

// placeName is a region in the reader's language.
func (s *Service) placeName(ctx context.Context, code string) string {
	zh, name, _ := s.place(ctx, code)
	return i18n.Pick(ctx, zh, name)
}
