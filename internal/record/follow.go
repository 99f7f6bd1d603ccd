package record

import (
	"context"
	"fmt"
	"strconv"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/id"
)

// Follow records an order once it is confirmed, and brings its record up to date when the order goes on: its invoice, its
// rating (stars, 0 where it is not rated now). What was recorded by hand of the same service gives way to it, so that an
// order counts once.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, orderID string, stars int64) error {
	o, err := s.Orders.Served(ctx, tx, orderID)
	if err != nil || !o.Counts {
		return err
	}
	if stars > 0 {
		o.Opinion = strconv.FormatInt(stars, 10)
	}
	serial, err := lockOwner(ctx, tx, o.Provider)
	if err != nil {
		return err
	}
	have, there, err := recordOf(ctx, tx, orderID)
	if err != nil {
		return err
	}
	if there {
		return s.refresh(ctx, tx, have, o)
	}
	return s.fromOrder(ctx, tx, orderID, o, serial)
}

// fromOrder makes the record of an order.
func (s *Service) fromOrder(ctx context.Context, tx *db.Tx, orderID string, o Served, serial int64) error {
	list, err := s.Catalogue.Any(ctx, tx, []string{o.Resource})
	if err != nil {
		return fmt.Errorf("the instrument of order %s: %w", o.Number, err)
	}
	orgs, err := s.Organisations.Organisations(ctx, tx, []string{o.Buyer})
	if err != nil {
		return err
	}
	buyer := orgs[o.Buyer]
	now := db.At(s.Clock.Now())
	r := Record{
		ID: id.From("record.order", orderID), Owner: o.Provider, Region: o.Region, Serial: serial + 1, Source: FromOrder, Order: orderID, OrderNumber: o.Number, Org: o.Buyer, State: Kept, Revision: 1,
		Person: o.Person, Invented: o.Invented, Entry: o.Entry, CreatedAt: now, UpdatedAt: now,
	}
	r.User, r.USCC = buyer.NameZH, buyer.USCC
	for _, x := range list {
		r.ResourceZH, r.ResourceEN, r.Instrument = x.NameZH, x.NameEN, x.SourceID
	}
	r.settle(buyer.USCC)
	r.Digest = r.digest()
	known, err := likeThese(ctx, tx, r.Owner, []Record{r})
	if err != nil {
		return err
	}
	for _, k := range known {
		if k.State != Kept || k.Source == FromOrder || Twice(r, k) == "" {
			continue
		}
		k.State = Withdrawn
		if err := s.write(ctx, tx, &k, Step{Side: System, Verb: VerbWithdraw, From: Kept, To: Withdrawn, Reason: "与平台订单 " + o.Number + " 是同一次服务，由订单的记录代替"}, nil); err != nil { //i18n:data kept with the record
			return err
		}
	}
	if err := insertRecords(ctx, tx, []Record{r}); err != nil {
		return err
	}
	if err := saveSerial(ctx, tx, r.Owner, r.Serial); err != nil {
		return err
	}
	return s.told(ctx, tx, r, VerbMake, "")
}

// refresh brings a record up to its order; what its owner wrote beside the figures stays.
func (s *Service) refresh(ctx context.Context, tx *db.Tx, r Record, o Served) error {
	if r.State != Kept {
		return nil
	}
	before := r
	r.Hours, r.Samples, r.Fee = o.Hours, o.Samples, o.Fee
	for _, x := range []struct{ to, from *string }{{&r.Contract, &o.Contract}, {&r.Invoice, &o.Invoice}, {&r.Opinion, &o.Opinion}} {
		if *x.from != "" {
			*x.to = *x.from
		}
	}
	changes := changesOf(before, r)
	if len(changes) == 0 {
		return nil
	}
	return s.write(ctx, tx, &r, Step{Side: System, Verb: VerbRefresh, From: r.State, To: r.State}, changes)
}

// Meet links records to an organisation that has come in: by its code, else by its exact name.
func (s *Service) Meet(ctx context.Context, tx *db.Tx, org string) error {
	o, err := s.Organisations.Organisation(ctx, tx, org)
	if err != nil {
		return err
	}
	return meetUser(ctx, tx, o.ID, o.USCC, o.NameZH, userKey(o.ID, o.USCC, o.NameZH))
}

// Panel draws, on the page of an order, the record it made; nil where there is none to see.
func (s *Service) Panel(ctx context.Context, by identity.Subject, orderID string) (templ.Component, error) {
	r, there, err := recordOf(ctx, s.DB, orderID)
	if err != nil || !there || s.Policy.Can(by, "record.view", object(r.Owner, r.Region)) != nil {
		return nil, err
	}
	return orderPanel(r, s.format()), nil
}
