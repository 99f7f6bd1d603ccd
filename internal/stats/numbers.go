package stats

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
)

// Number is the value of one definition in a scope; a fault NotFound for an unknown code.
func (s *Service) Number(ctx context.Context, code string, scope Scope) (Value, error) {
	d, ok := Lookup(code)
	if !ok {
		return Value{}, unknownNumber(code)
	}
	v, err := s.value(ctx, d, scope)
	if err != nil {
		return Value{}, fmt.Errorf("compute the number %s: %w", code, err)
	}
	return v, nil
}

// Numbers is every number in a scope, in the order of Definitions.
func (s *Service) Numbers(ctx context.Context, scope Scope) ([]Value, error) {
	var out []Value
	for _, d := range Definitions() {
		v, err := s.value(ctx, d, scope)
		if err != nil {
			return nil, fmt.Errorf("compute the number %s: %w", d.Code, err)
		}
		out = append(out, v)
	}
	return out, nil
}

func unknownNumber(code string) error {
	return fault.New(fault.NotFound, "number-unknown", "没有代码为“{0}”的指标，可在“地区数据”查看全部指标。", code)
}

func (s *Service) value(ctx context.Context, d Definition, scope Scope) (Value, error) {
	v := Value{Definition: d, Region: scope.Region, Until: scope.Until, AsOf: s.clock.Now(), Denominator: 1}
	var points []Point
	var err error
	switch d.Formula.Form {
	case FormStock:
		return s.stockValue(ctx, v, scope)
	case FormMedian:
		v.Numerator, v.Denominator, err = getMedian(ctx, s.db, d.Formula, scope)
		return v, err
	case FormRatio:
		points, err = listShares(ctx, s.db, d.Formula, scope, byMonth)
	default:
		points, err = listDays(ctx, s.db, d.Formula, scope, byMonth)
	}
	v.Numerator, v.Denominator = total(d, points)
	return v, err
}

// stockValue is live today, and what was kept of an earlier day.
func (s *Service) stockValue(ctx context.Context, v Value, scope Scope) (Value, error) {
	if scope.Until < clock.Day(s.clock.Now()) {
		points, err := listStock(ctx, s.db, v.Definition.Code, scope)
		if err != nil || len(points) == 0 {
			v.Denominator = 0
			return v, err
		}
		v.Numerator = points[len(points)-1].Numerator
		return v, nil
	}
	parts, err := s.stock(ctx, s.db, v.Definition.Code)
	for _, p := range parts {
		if scope.within(p.Region) {
			v.Numerator += p.Count
			v.Parts = append(v.Parts, p)
		}
	}
	return v, err
}

// How points are grouped.
const (
	byMonth  = "substr(day, 1, 7)"
	byRegion = "region"
)

// total adds points up; the denominator of a plain sum is 1.
func total(d Definition, points []Point) (numerator, denominator int64) {
	for _, p := range points {
		numerator += p.Numerator
		denominator += p.Denominator
	}
	if d.Formula.Form == FormCount || d.Formula.Form == FormSum {
		denominator = 1
	}
	return numerator, denominator
}

// History is a number month by month, oldest first, at most n months up to the cut-off: flows as they ran in each month,
// shares by the month in which their objects began, balances and stocks as they stood at its end. Months in which nothing
// happened are there with 0 over 0 (balances carry on).
func (s *Service) History(ctx context.Context, d Definition, scope Scope, n int) ([]Point, error) {
	var points []Point
	var err error
	switch d.Formula.Form {
	case FormStock:
		points, err = listStock(ctx, s.db, d.Code, scope)
	case FormMedian:
		points, err = listWaits(ctx, s.db, d.Formula, scope)
	case FormRatio:
		points, err = listShares(ctx, s.db, d.Formula, scope, byMonth)
	default:
		points, err = listDays(ctx, s.db, d.Formula, scope, byMonth)
	}
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", d.Code, err)
	}
	return months(d, points, scope.Until, n), nil
}

// months fills the gaps between the first point and the cut-off month.
func months(d Definition, points []Point, until string, n int) []Point {
	if len(points) == 0 || len(until) < 7 {
		return nil
	}
	var out []Point
	var level int64
	flow := d.Formula.Form == FormCount || d.Formula.Form == FormSum
	for month := points[0].Month; month <= until[:7]; month = nextMonth(month) {
		p := Point{Month: month}
		if i := slices.IndexFunc(points, func(p Point) bool { return p.Month == month }); i >= 0 {
			p = points[i]
		}
		if flow {
			p.Denominator = 1
		}
		if d.Formula.balance() {
			level += p.Numerator
			p.Numerator = level
		}
		out = append(out, p)
	}
	return out[max(0, len(out)-n):]
}

// nextMonth is the month after YYYY-MM.
func nextMonth(month string) string {
	next, err := clock.AddDays(month+"-28", 4)
	if err != nil || len(next) < 7 {
		return "9999-12" // cannot come: months are made of stored dates
	}
	return next[:7]
}

// ByDistrict is a count or a sum for each district of the root; what lies outside is left out.
func (s *Service) ByDistrict(ctx context.Context, d Definition, scope Scope) (map[string]int64, error) {
	tree, err := s.deps.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	districts := s.districts(tree)
	out := map[string]int64{}
	if d.Formula.Form == FormStock {
		parts, err := s.stock(ctx, s.db, d.Code)
		for _, p := range parts {
			if code, ok := district(districts, p.Region); ok {
				out[code] += p.Count
			}
		}
		return out, err
	}
	points, err := listDays(ctx, s.db, d.Formula, scope, byRegion)
	if err != nil {
		return nil, fmt.Errorf("read %s by district: %w", d.Code, err)
	}
	for _, p := range points {
		if code, ok := district(districts, p.Month); ok {
			out[code] += p.Numerator
		}
	}
	return out, nil
}
