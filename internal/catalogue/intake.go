package catalogue

import (
	"context"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
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
	if in.req.DryRun {
		return in.put(ctx, in.service.DB, nil, items)
	}
	var out outcome
	err := in.service.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		out, err = in.put(ctx, tx, tx, items)
		return err
	})
	return out, err
}

// put takes items in; with a nil tx it only tells what would happen.
func (in intake) put(ctx context.Context, q db.Q, tx *db.Tx, items []*item) (outcome, error) {
	var out outcome
	origins := make([]string, len(items))
	for i, it := range items {
		origins[i] = in.origin(it)
	}
	var w db.Where
	w.In("origin", origins)
	l, err := listResources(ctx, q, &w, "")
	if err != nil {
		return out, err
	}
	have := map[string]Resource{}
	for _, r := range l {
		have[r.Origin] = r
	}
	for i, it := range items {
		before, exists := have[origins[i]]
		if !exists {
			made, err := in.create(ctx, tx, it)
			if err != nil {
				return out, err
			}
			if made {
				out.accepted += int64(len(it.rows))
				continue
			}
			if before, err = in.rival(ctx, q, origins[i]); err != nil {
				return out, err
			}
		}
		if err := in.renew(ctx, tx, it, before, &out); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (in intake) origin(it *item) string {
	return OriginOf(in.service.Node, in.org.ID, in.req.Source, it.sourceKey())
}

// rival is the resource that another import has put in under the same origin since this one looked.
func (in intake) rival(ctx context.Context, q db.Q, origin string) (Resource, error) {
	var w db.Where
	w.And("origin = ?", origin)
	l, err := listResources(ctx, q, &w, "")
	if err == nil && len(l) == 0 {
		err = fmt.Errorf("import: a resource exists already, but not under its origin %s", origin)
	}
	if err != nil {
		return Resource{}, err
	}
	return l[0], nil
}

// create writes a new resource; false when a rival was faster.
func (in intake) create(ctx context.Context, tx *db.Tx, it *item) (bool, error) {
	if tx == nil {
		return true, nil
	}
	s := in.service
	now := db.At(s.Clock.Now())
	r := Resource{
		Kind: it.kind.Name, Owner: in.org.ID, Region: in.org.Region, Status: StatusPublished, Revision: 1, Origin: in.origin(it), Source: in.req.Source,
		Licence: in.req.Licence, RetrievedOn: in.req.RetrievedOn, Booking: true, Sample: in.org.Sample, Fields: map[string]any{}, CreatedAt: now, UpdatedAt: now,
	}
	r.ID = id.From("resource", r.Origin)
	it.overlay(&r)
	inserted, err := insertResource(ctx, tx, r)
	if err != nil || !inserted {
		return false, err
	}
	return true, s.record(ctx, tx, in.sub, Resource{}, r, it.kind, "import", in.report)
}

// renew brings a resource up to date with its row, if anything differs.
func (in intake) renew(ctx context.Context, tx *db.Tx, it *item, before Resource, out *outcome) error {
	rows := int64(len(it.rows))
	refuse := func(code, text string, args ...any) {
		out.rejected += rows
		out.errors = append(out.errors, RowError{Row: it.rows[0], Code: code, Text: text, Args: args})
	}
	if before.Status == StatusWithdrawn {
		refuse("withdrawn", "这项资源已撤下，没有导入。如要恢复，请先在“资源管理”中恢复它。")
		return nil
	}
	if before.Kind != it.kind.Name {
		refuse("other-kind", "编号“{0}”已用于另一类资源。", it.sourceID)
		return nil
	}
	after := before.clone()
	it.overlay(&after)
	if in.req.Source != "" {
		after.Licence, after.RetrievedOn = in.req.Licence, in.req.RetrievedOn
	}
	if len(diff(before, after, it.kind)) == 0 {
		out.unchanged += rows
		return nil
	}
	if tx != nil {
		err := in.service.write(ctx, tx, in.sub, before, &after, it.kind, "import", in.report)
		if fault.Is(err, "resource-changed") {
			refuse("changed", "这项资源刚刚被别人修改过，请再次导入这一行。")
			return nil
		}
		if err != nil {
			return err
		}
	}
	out.updated += rows
	return nil
}
