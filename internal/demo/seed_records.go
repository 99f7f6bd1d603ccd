package demo

import (
	"context"
	"fmt"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
)

// part is one kind of an institution's synthetic records, as the rows of a list.
type part struct {
	kind string
	rows [][]string
}

// seedRecords takes the lists of one institution into the catalogue in one transaction, each by the number it has in its list.
// It reads them as the import of a file would, without keeping a file that nobody will ask for.
func (l loader) seedRecords(ctx context.Context, org string, parts []part) error {
	var batch []catalogue.Incoming
	for _, p := range parts {
		in, err := incoming(p)
		if err != nil {
			return err
		}
		batch = append(batch, in...)
	}
	return l.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		in := catalogue.Intake{Org: org, Source: "synthetic", Licence: "CC0-1.0", Cause: id.From("seed", org), Trusted: true, Checked: true}
		out, err := l.Catalogue.TakeIn(ctx, identity.Subject{Org: org}, tx, in, batch)
		for i, o := range out {
			if err == nil && o.Did == catalogue.Refused {
				err = fmt.Errorf("%s %s: %s", batch[i].Kind, batch[i].SourceID, o.Problems[0].Code)
			}
		}
		return err
	})
}

// incoming reads the rows of a list below its headings.
func incoming(p part) ([]catalogue.Incoming, error) {
	if len(p.rows) < 2 {
		return nil, nil
	}
	t, ok := kinds.All().Recognise(p.rows[0], "qiao", p.kind)
	if !ok {
		return nil, fmt.Errorf("the headings of %s are not known", p.kind)
	}
	k, _ := kinds.All().Find(p.kind)
	fields := map[string]kinds.Field{}
	for _, f := range append(k.Fields, kinds.Pricing()...) {
		fields[f.Name] = f
	}
	out := make([]catalogue.Incoming, 0, len(p.rows)-1)
	for _, row := range p.rows[1:] {
		x := catalogue.Incoming{Kind: p.kind, Values: map[string]any{}}
		terms := map[string]any{}
		for i, cell := range row {
			target := t.Target(p.rows[0][i])
			f, known := fields[target]
			if target == kinds.TargetName {
				f, known = fields["name_zh"], true
			}
			if !known {
				return nil, fmt.Errorf("the column %s of %s is not known", p.rows[0][i], p.kind)
			}
			v, problem := f.Parse(cell)
			switch {
			case problem != nil:
				return nil, fmt.Errorf("the cell %q of %s: %s", cell, p.kind, problem.Code)
			case v == nil:
			case target[0] == '@' && target != kinds.TargetName:
				terms[target] = v
			default:
				x.Values[f.Name] = v
			}
		}
		x.SourceID, _ = x.Values["source_id"].(string)
		if err := sell(&x, terms); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// sell puts price and terms of use into a record.
func sell(x *catalogue.Incoming, terms map[string]any) error {
	x.Access, _ = terms[kinds.TargetAccess].([]string)
	if voucher, ok := terms[kinds.TargetVoucher].(bool); ok {
		x.Voucher = &voucher
	}
	price, ok := terms[kinds.TargetExternal].(string)
	if !ok {
		return nil
	}
	amount, err := money.Parse(price)
	if err != nil {
		return fmt.Errorf("the price %q: %w", price, err)
	}
	unit, _ := terms[kinds.TargetUnit].(string)
	x.Prices = []catalogue.PriceLine{{Audience: "external", Unit: unit, Amount: amount, Currency: money.CNY}}
	return nil
}
