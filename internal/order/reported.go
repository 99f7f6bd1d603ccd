package order

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/pricing"
)

// Void tells of a report's file whether the work was done again after it: it does not count any more.
func (d Detail) Void(x Document) bool {
	for _, step := range d.Timeline {
		if step.Verb == VerbRedo && !step.At.Before(x.At.Time) {
			return true
		}
	}
	return false
}

// Reports are the files of the reports, the first first.
func (d Detail) Reports() []Document {
	var out []Document
	for _, x := range d.Documents {
		if x.Kind == ReportFile {
			out = append(out, x)
		}
	}
	return out
}

// Charge is a price line with what it is for and how it comes about, in words.
type Charge struct {
	Name   string
	How    string
	Amount string
}

// Charges are the price lines in force, in words.
func (d Detail) Charges(ctx context.Context) []Charge {
	var out []Charge
	for _, l := range d.Current() {
		out = append(out, Charge{pricing.NameLine(ctx, l.Priced()), pricing.SayLine(ctx, l.Priced(), d.Order.Currency), sayAmount(l.Amount, d.Order.Currency)})
	}
	return out
}

// SayState says a state of a kind of order.
func SayState(ctx context.Context, kind, st string) string { return stateWord(ctx, kind, st) }

// SayKind says what kind of order it is.
func SayKind(ctx context.Context, kind string) string { return kindWord(ctx, kind) }

// Reported is the order of a number with its reports, for proving copies of them; a fault NotFound where there is no report.
// It asks for no permission: who calls it shows only what proves a copy.
func (s *Service) Reported(ctx context.Context, q db.Q, number string) (Detail, error) {
	none := fault.New(fault.NotFound, "no-report", "没有这个编号的报告，请核对编号。报告编号就是订单编号。")
	o, err := db.One[Order](ctx, q, `SELECT `+orderColumns+` FROM order_order WHERE number = $1`, number)
	if errors.Is(err, db.ErrNone) {
		return Detail{}, none
	}
	if err != nil {
		return Detail{}, fmt.Errorf("the order of a report: %w", err)
	}
	d, err := detail(ctx, q, o)
	if err == nil && len(d.Reports()) == 0 {
		err = none
	}
	return d, err
}

// ReportOf is the number of the order that a file is a report of; empty where it is none. The newest where it is of many.
func (s *Service) ReportOf(ctx context.Context, q db.Q, sha256 string) (string, error) {
	number, err := db.One[string](ctx, q, `SELECT o.number FROM order_document d JOIN order_order o ON o.id = d.order_id
		WHERE d.sha256 = $1 AND d.kind = 'report' ORDER BY d.at DESC, d.id LIMIT 1`, sha256)
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look for the report: %w", err)
	}
	return number, nil
}
