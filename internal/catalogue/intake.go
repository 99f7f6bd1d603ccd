package catalogue

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
)

// intake writes the items of one import.
type intake struct {
	service *Service
	sub     identity.Subject
	org     identity.Organisation
	req     ImportRequest
	report  string
}

// outcome counts rows.
type outcome struct {
	accepted, updated, unchanged, rejected int64
	errors                                 []RowError
}

func (in intake) batch(ctx context.Context, items []*item) (outcome, error) {
	incoming := make([]Incoming, len(items))
	for i, it := range items {
		incoming[i] = Incoming{Kind: it.kind.Name, SourceID: it.sourceID, Key: it.key, Values: it.values, Prices: it.prices, Free: it.free, Voucher: it.voucher, Access: it.access}
	}
	terms := Intake{Org: in.org.ID, Source: in.req.Source, Licence: in.req.Licence, RetrievedOn: in.req.RetrievedOn, Cause: in.report, Trusted: true, Checked: true}
	var did []Outcome
	var err error
	if in.req.DryRun {
		did, err = in.service.Foresee(ctx, in.sub, in.service.DB, terms, incoming)
	} else {
		err = in.service.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			did, err = in.service.TakeIn(ctx, in.sub, tx, terms, incoming)
			return err
		})
	}
	var out outcome
	for i, o := range did {
		rows := int64(len(items[i].rows))
		switch o.Did {
		case Added:
			out.accepted += rows
		case Updated:
			out.updated += rows
		case Unchanged:
			out.unchanged += rows
		case Refused:
			out.rejected += rows
			for _, p := range o.Problems {
				out.errors = append(out.errors, RowError{Row: items[i].rows[0], Code: p.Code, Text: p.Text, Args: p.Args})
			}
		}
	}
	return out, err
}
