package stats

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
)

// Desk is what the desk's first screen takes from other modules. Each function may be nil.
type Desk struct {
	Tasks  func(ctx context.Context, by identity.Subject) ([]ui.Task, error) // of all modules, in any order
	Recent func(ctx context.Context, by identity.Subject) ([]Activity, error)
	Links  func(ctx context.Context, by identity.Subject) ([]ui.Link, error)          // what one does most, the main one first
	People func(ctx context.Context, q db.Q, ids []string) (map[string]string, error) // names, for the audit log
}

// Activity is something that happened to the reader's affairs.
type Activity struct {
	At    time.Time
	Title string // in the reader's language
	Text  string
	Link  string
}

// waiting is what waits for the subject, the oldest promise first: by what is due, then by what waits longest.
func (s *Service) waiting(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if s.deps.Desk.Tasks == nil {
		return nil, nil
	}
	tasks, err := s.deps.Desk.Tasks(ctx, by)
	if err != nil {
		return nil, fmt.Errorf("ask what waits: %w", err)
	}
	slices.SortStableFunc(tasks, byPromise)
	return tasks, nil
}

// byPromise puts what has an end before what has none, the earlier end first, then the longer wait.
func byPromise(a, b ui.Task) int {
	if a.Due.IsZero() != b.Due.IsZero() {
		if a.Due.IsZero() {
			return 1
		}
		return -1
	}
	return cmp.Or(a.Due.Compare(b.Due), a.Since.Compare(b.Since), cmp.Compare(a.Title, b.Title))
}

// figures are the subject's own numbers: as one who asks, as one who serves, or as one who watches over a region.
func (s *Service) figures(ctx context.Context, by identity.Subject) ([]ui.FigureOf, error) {
	if by.Has(identity.CapacityAuthority, identity.CapacityOperator, identity.CapacityAuditor, identity.CapacityFinance) {
		return s.regionFigures(ctx, by)
	}
	if by.Org == "" {
		return nil, nil
	}
	year := clock.Day(s.clock.Now())[:4] + "-01"
	asked, err := listMine(ctx, s.db, mineAsked, by.Org, year)
	if err != nil {
		return nil, fmt.Errorf("read the numbers of %s: %w", by.Org, err)
	}
	served, err := listMine(ctx, s.db, mineServed, by.Org, year)
	if err != nil {
		return nil, fmt.Errorf("read the numbers of %s: %w", by.Org, err)
	}
	var out []ui.FigureOf
	if by.Has(identity.CapacityProvider) {
		out = append(out, servedFigures(ctx, served)...)
	}
	if by.Has(identity.CapacityEnterprise, identity.CapacityTeam) {
		out = append(out, askedFigures(ctx, asked)...)
	}
	return out, nil
}

func askedFigures(ctx context.Context, m map[Kind]mine) []ui.FigureOf {
	number, unit := counted(ctx, "orders", m[OrderPlaced].Facts)
	return []ui.FigureOf{
		{Label: t(ctx, "今年提交的订单"), Value: number, Unit: unit, Href: "/desk/orders"},
		{Label: t(ctx, "今年完成的服务"), Value: money.Fen(m[OrderConfirmed].Amount).String(), Href: "/desk/orders"},
		{Label: t(ctx, "今年用券抵扣"), Value: money.Fen(m[VoucherUsed].Amount).String(), Href: "/desk/wallet"},
	}
}

// counted is a count with the measure word of a number's definition.
func counted(ctx context.Context, code string, n int64) (number, unit string) {
	d, _ := Lookup(code)
	return Value{Definition: d, Numerator: n, Denominator: 1}.Split(ctx)
}

func servedFigures(ctx context.Context, m map[Kind]mine) []ui.FigureOf {
	received, measure := counted(ctx, "orders", m[OrderPlaced].Facts)
	hours := Value{Definition: Definition{Unit: UnitHours}, Numerator: m[MachineTime].Minutes, Denominator: 1}
	number, unit := hours.Split(ctx)
	out := []ui.FigureOf{
		{Label: t(ctx, "今年收到的订单"), Value: received, Unit: measure, Href: "/desk/orders"},
		{Label: t(ctx, "今年服务机时"), Value: number, Unit: unit, Href: "/desk/orders"},
		{Label: t(ctx, "今年服务收入"), Value: money.Fen(m[OrderConfirmed].Amount).String(), Href: "/desk/redemptions"},
	}
	if rated := m[OrderRated]; rated.Facts > 0 {
		score := Value{Definition: Definition{Unit: UnitScore}, Numerator: rated.Score, Denominator: rated.Facts}
		number, unit := score.Split(ctx)
		out = append(out, ui.FigureOf{Label: t(ctx, "今年评分"), Value: number, Unit: unit, Href: "/desk/orders"})
	}
	return out
}

// regionFigures are the numbers of the subject's region, for those who watch over it.
func (s *Service) regionFigures(ctx context.Context, by identity.Subject) ([]ui.FigureOf, error) {
	scope := s.Today()
	if by.Has(identity.CapacityAuthority, identity.CapacityFinance) {
		scope.Region = by.Region
	}
	var out []ui.FigureOf
	for _, code := range []string{"orders", "order-value", "voucher-granted", "voucher-paid", "match-rate", "order-response"} {
		v, err := s.Number(ctx, code, scope)
		if err != nil {
			return nil, err
		}
		out = append(out, figure(ctx, v, nil))
	}
	return out, nil
}
