package order

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/platform/db"
)

// Deal is an order as somebody who compares orders needs it.
type Deal struct {
	Order
	Begun   db.NullTime // the first run
	Over    db.NullTime // the last run that ended
	Reports []Document
}

// DealFilter chooses orders that were neither refused nor cancelled.
type DealFilter struct {
	Orders   []string // ids; with runs and reports
	Buyers   []string
	Provider string
	Resource string
	Since    string // first day of placing
	Priced   bool   // those with a price that both agreed to
	Vouchers bool   // those that a voucher helps to pay
	Files    []string
	Limit    int
}

// Deals are the orders that a filter chooses, the newest first. Runs and reports come with orders named by id or file only.
func (s *Service) Deals(ctx context.Context, q db.Q, f DealFilter) ([]Deal, error) {
	var w db.Where
	w.And("state NOT IN ('refused', 'cancelled')")
	if len(f.Orders) > 0 {
		w.In("id", f.Orders)
	}
	if len(f.Buyers) > 0 {
		w.In("buyer", f.Buyers)
	}
	for _, c := range [][2]string{{"provider = ?", f.Provider}, {"resource = ?", f.Resource}, {"placed_on >= ?", f.Since}} {
		if c[1] != "" {
			w.And(c[0], c[1])
		}
	}
	if f.Priced {
		w.And("state NOT IN ('requested', 'quoted')")
	}
	if f.Vouchers {
		w.And("programme <> ''")
	}
	if len(f.Files) > 0 {
		var files db.Where
		files.In("sha256", f.Files)
		list, err := db.All[string](ctx, q, `SELECT DISTINCT order_id FROM order_document`+files.SQL(), files.Args()...)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		w.In("id", list)
	}
	if f.Limit == 0 {
		f.Limit = 1000
	}
	orders, err := db.All[Order](ctx, q, `SELECT `+orderColumns+` FROM order_order`+w.SQL()+` ORDER BY placed_on DESC, id DESC LIMIT `+w.Arg(f.Limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list deals: %w", err)
	}
	out := make([]Deal, len(orders))
	for i, o := range orders {
		out[i] = Deal{Order: o}
		if len(f.Orders)+len(f.Files) == 0 {
			continue
		}
		if err := fill(ctx, q, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fill reads runs and reports of a deal.
func fill(ctx context.Context, q db.Q, d *Deal) error {
	runs, err := listRuns(ctx, q, d.ID)
	if err != nil {
		return fmt.Errorf("the runs of order %s: %w", d.Number, err)
	}
	for i, r := range runs {
		if i == 0 {
			d.Begun = db.NullAt(r.Start.Time)
		}
		if !r.End.IsZero() && r.End.After(d.Over.Time) {
			d.Over = r.End
		}
	}
	docs, err := listDocuments(ctx, q, d.ID)
	if err != nil {
		return fmt.Errorf("the documents of order %s: %w", d.Number, err)
	}
	d.Reports = slices.DeleteFunc(docs, func(x Document) bool { return x.Kind != ReportFile })
	return nil
}
