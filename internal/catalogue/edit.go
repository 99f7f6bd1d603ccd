package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

func errNoResource() error {
	return fault.New(fault.NotFound, "resource-not-found", "没有找到这项资源，可能地址有误。可以回到资源检索重新查找。")
}

func errChanged() error {
	return fault.New(fault.Conflict, "resource-changed", "这项资源刚刚被别人修改过。请刷新页面，核对后再提交。")
}

func errTaken(sourceID string) error {
	return fault.New(fault.Conflict, "source-id-taken", "贵单位已有一项资源使用编号“{0}”。", sourceID).Field("source_id", "taken", "这个编号已经用过。")
}

func object(r Resource) identity.Object {
	return identity.Object{Parties: map[string]string{"owner": r.Owner}, Region: r.Region}
}

// Create registers a draft of the acting organisation. key is the client's request: the same request
// twice gives the same resource.
func (s *Service) Create(ctx context.Context, sub identity.Subject, key string, d Draft) (Resource, error) {
	if err := s.Policy.Can(sub, "resource.create", identity.Object{Parties: map[string]string{"owner": sub.Org}, Region: sub.Region}); err != nil {
		return Resource{}, err
	}
	k, ok := s.kinds.Find(d.Kind)
	if !ok {
		return Resource{}, fault.New(fault.Invalid, "resource-invalid", "有些内容需要修改，请按提示更正后再提交。").Field("kind", "not-a-choice", "没有“{0}”这类资源。", d.Kind)
	}
	r := Resource{ID: id.New(), Kind: k.Name, Owner: sub.Org, Status: StatusDraft, Revision: 1, Sample: sub.Sample, CheckedOn: s.today(), Fields: map[string]any{}}
	if key != "" {
		r.ID = id.From(sub.Person, key, "resource")
	}
	if err := d.apply(&r, k); err != nil {
		return Resource{}, err
	}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if r.Region, err = s.regionFor(ctx, tx, sub.Org, cmp.Or(r.Region, d.Region)); err != nil {
			return err
		}
		r.Origin = OriginOf(s.Node, r.Owner, r.Source, sourceKey(r))
		r.CreatedAt = db.At(s.Clock.Now())
		r.UpdatedAt = r.CreatedAt
		inserted, err := insertResource(ctx, tx, r)
		if err != nil {
			return err
		}
		if !inserted {
			same, err := getResource(ctx, tx, r.ID)
			if isNone(err) {
				return errTaken(r.SourceID)
			}
			r = same
			return err
		}
		return s.record(ctx, tx, sub, Resource{}, r, k, "create", "")
	})
	s.settle(&r, k)
	return r, err
}

// sourceKey is the last part of the origin of something made by hand: its own number, else its id.
func sourceKey(r Resource) string {
	if r.SourceID != "" {
		return r.SourceID
	}
	return "~" + r.ID
}

// regionFor is the region given, if it is six digits, else the owner's.
func (s *Service) regionFor(ctx context.Context, q db.Q, owner, region string) (string, error) {
	if region != "" {
		if !identity.ValidRegion(region) && region != Abroad {
			return "", fault.New(fault.Invalid, "resource-invalid", "有些内容需要修改，请按提示更正后再提交。").Field("region", "not-a-region", "“{0}”不是 6 位行政区划代码。", region)
		}
		return region, nil
	}
	o, err := s.owner(ctx, q, owner)
	return o.Region, err
}

func (s *Service) owner(ctx context.Context, q db.Q, org string) (identity.Organisation, error) {
	l, err := s.Orgs.Organisations(ctx, q, []string{org})
	if err != nil {
		return identity.Organisation{}, fmt.Errorf("read the owner: %w", err)
	}
	o, ok := l[org]
	if !ok {
		return o, fault.New(fault.Invalid, "no-such-organisation", "没有找到编号为“{0}”的单位。", org)
	}
	return o, nil
}

// Save replaces what the owner says about a resource; who saves a change says that the record is true. revision is the one the owner saw (0: any); a
// newer one is a fault Conflict resource-changed.
func (s *Service) Save(ctx context.Context, sub identity.Subject, resource string, revision int64, d Draft) (Resource, error) {
	verb := "edit"
	return s.change(ctx, sub, resource, &verb, func(r *Resource, k kinds.Kind) error {
		if revision != 0 && revision != r.Revision {
			return errChanged()
		}
		if r.Status == StatusWithdrawn {
			return fault.New(fault.Gone, "resource-gone", "“{0}”已由所属单位撤下，不再提供。", r.Name())
		}
		if d.Region != "" && !identity.ValidRegion(d.Region) && d.Region != Abroad {
			return fault.New(fault.Invalid, "resource-invalid", "有些内容需要修改，请按提示更正后再提交。").Field("region", "not-a-region", "“{0}”不是 6 位行政区划代码。", d.Region)
		}
		if d.Region != "" {
			r.Region = d.Region
		}
		err := d.apply(r, k)
		if r.Region == "" {
			r.Region = sub.Region
		}
		return err
	})
}

// SetHours replaces the weekly opening hours of a resource; an empty list means the owner's hold again.
func (s *Service) SetHours(ctx context.Context, sub identity.Subject, resource string, hours []Opening) error {
	if err := checkHours(hours); err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, k, err := s.load(ctx, tx, resource)
		if err != nil {
			return err
		}
		if err := s.Policy.Can(sub, "resource.edit", object(before)); err != nil {
			return err
		}
		had, err := listHours(ctx, tx, resource)
		if err != nil || sameHours(had, hours) {
			return err
		}
		after := before.clone()
		if err := s.write(ctx, tx, sub, before, &after, k, "hours", "", Change{"hours", orEmpty(had), orEmpty(hours)}); err != nil {
			return err
		}
		return replaceHours(ctx, tx, resource, hours)
	})
}

// sameHours compares opening hours; their order says nothing.
func sameHours(a, b []Opening) bool {
	order := func(l []Opening) []Opening {
		return slices.SortedFunc(slices.Values(l), func(x, y Opening) int {
			return cmp.Or(cmp.Compare(x.Weekday, y.Weekday), cmp.Compare(x.From, y.From))
		})
	}
	return slices.Equal(order(a), order(b))
}

// SetOwnerHours replaces the hours that hold for an organisation's resources without their own.
func (s *Service) SetOwnerHours(ctx context.Context, sub identity.Subject, hours []Opening) error {
	if err := s.Policy.Can(sub, "resource.edit", identity.Object{Parties: map[string]string{"owner": sub.Org}, Region: sub.Region}); err != nil {
		return err
	}
	if err := checkHours(hours); err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := replaceHours(ctx, tx, sub.Org, hours); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "resource.hours", Kind: "organisation", ID: sub.Org, Data: hours})
	})
}

// change is one edit, named by verb once edit has run: may I, is it right, one transaction, and what follows.
func (s *Service) change(ctx context.Context, sub identity.Subject, resource string, verb *string, edit func(*Resource, kinds.Kind) error) (Resource, error) {
	var after Resource
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, k, err := s.load(ctx, tx, resource)
		if err != nil {
			return err
		}
		if err := s.Policy.Can(sub, "resource.edit", object(before)); err != nil {
			return err
		}
		after = before.clone()
		if err := edit(&after, k); err != nil {
			return err
		}
		if *verb == "edit" {
			if len(diff(before, after, k)) == 0 {
				return nil
			}
			after.CheckedOn = s.today()
		}
		return s.write(ctx, tx, sub, before, &after, k, *verb, "")
	})
	if err != nil {
		return Resource{}, err
	}
	return after, nil
}

// write stores a new revision of a resource with its history, audit entry and event; more are changes outside its row.
func (s *Service) write(ctx context.Context, tx *db.Tx, sub identity.Subject, before Resource, after *Resource, k kinds.Kind, verb, cause string, more ...Change) error {
	after.Revision = before.Revision + 1
	after.UpdatedAt = db.At(s.Clock.Now())
	barred, err := s.barred(ctx, tx, *after, k)
	if err != nil {
		return err
	}
	if barred {
		return errBarred()
	}
	if after.SourceID != before.SourceID {
		after.Origin = OriginOf(s.Node, after.Owner, after.Source, sourceKey(*after))
	}
	ok, err := updateResource(ctx, tx, *after)
	if db.IsUnique(err) {
		return errTaken(after.SourceID)
	}
	if err != nil {
		return err
	}
	if !ok {
		return errChanged()
	}
	if priceText(before.Prices) != priceText(after.Prices) {
		if err := replacePrices(ctx, tx, *after); err != nil {
			return err
		}
	}
	if !slices.Equal(before.Identifiers, after.Identifiers) {
		if err := replaceIdentifiers(ctx, tx, *after); err != nil {
			return err
		}
	}
	s.settle(after, k)
	return s.record(ctx, tx, sub, before, *after, k, verb, cause, more...)
}

// record writes what every change leaves behind.
func (s *Service) record(ctx context.Context, tx *db.Tx, sub identity.Subject, before, after Resource, k kinds.Kind, verb, cause string, more ...Change) error {
	changes := append(diff(before, after, k), more...)
	text, err := changesText(changes)
	if err != nil {
		return err
	}
	if err := insertRevision(ctx, tx, Revision{Resource: after.ID, Revision: after.Revision, At: after.UpdatedAt, Person: sub.Person, Org: sub.Org, Verb: verb, Cause: cause, Changes: text}); err != nil {
		return err
	}
	if cause == "" { // an import has one entry for all its rows
		entry := audit.Entry{Action: "resource." + verb, Kind: "resource", ID: after.ID, From: before.Status, To: after.Status, Data: changes}
		if err := audit.Record(ctx, tx, after.UpdatedAt.Time, entry); err != nil {
			return err
		}
	}
	return outbox.Publish(ctx, tx, after.UpdatedAt.Time, ResourceChanged{ID: after.ID, Kind: after.Kind, Owner: after.Owner, Region: after.Region, Revision: after.Revision, Status: after.Status})
}
