package catalogue

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// load reads a resource, whatever its state, with what follows from the day it is.
func (s *Service) load(ctx context.Context, q db.Q, resource string) (Resource, kinds.Kind, error) {
	r, err := getResource(ctx, q, resource)
	if isNone(err) {
		return r, kinds.Kind{}, errNoResource()
	}
	if err != nil {
		return r, kinds.Kind{}, err
	}
	k, ok := s.kinds.Find(r.Kind)
	if !ok {
		return r, k, fmt.Errorf("resource %s is of the unknown kind %q", r.ID, r.Kind)
	}
	s.settle(&r, k)
	return r, k, nil
}

// Resource reads one resource that stands in the catalogue: a fault NotFound when there is none (drafts
// too), Gone when it was withdrawn.
func (s *Service) Resource(ctx context.Context, q db.Q, resource string) (Resource, error) {
	r, k, err := s.load(ctx, q, resource)
	switch {
	case err != nil:
		return r, err
	case r.Status == StatusDraft, r.Status == StatusReview:
		return Resource{}, errNoResource()
	case r.Status == StatusWithdrawn && k.Personal:
		return nameless(r), fault.New(fault.Gone, "resource-gone", "这条个人记录已退出目录，不再公开。")
	case r.Status == StatusWithdrawn:
		return r, fault.New(fault.Gone, "resource-gone", "“{0}”已由所属单位撤下，不再提供。", r.Name())
	}
	return r, nil
}

// Resources reads those of ids that stand in the catalogue, in the order of ids.
func (s *Service) Resources(ctx context.Context, q db.Q, ids []string) ([]Resource, error) {
	found := map[string]Resource{}
	for batch := range slices.Chunk(ids, chunk) {
		var w db.Where
		w.In("id", batch)
		l, err := listResources(ctx, q, &w, "")
		if err != nil {
			return nil, err
		}
		for _, r := range l {
			found[r.ID] = r
		}
	}
	out := make([]Resource, 0, len(found))
	for _, x := range ids {
		r, ok := found[x]
		if k, known := s.kinds.Find(r.Kind); ok && known && r.Live() {
			s.settle(&r, k)
			out = append(out, r)
			delete(found, x)
		}
	}
	return out, nil
}

// Owned lists the resources of an organisation that stand in the catalogue, by id.
func (s *Service) Owned(ctx context.Context, q db.Q, org string) ([]Resource, error) {
	var w db.Where
	w.And("owner = ?", org)
	w.And("status IN ('published', 'suspended')")
	l, err := listResources(ctx, q, &w, "ORDER BY id")
	s.settleAll(l)
	return l, err
}

// Hours is a resource's weekly opening hours: its own, else its owner's, else DefaultHours.
func (s *Service) Hours(ctx context.Context, q db.Q, resource string) ([]Opening, error) {
	own, err := listHours(ctx, q, resource)
	if err != nil || len(own) > 0 {
		return own, err
	}
	r, err := getResource(ctx, q, resource)
	if isNone(err) {
		return nil, errNoResource()
	}
	if err != nil {
		return nil, err
	}
	return s.OwnerHours(ctx, q, r.Owner)
}

// OwnerHours is what holds for the resources of an organisation that have no hours of their own.
func (s *Service) OwnerHours(ctx context.Context, q db.Q, org string) ([]Opening, error) {
	hours, err := listHours(ctx, q, org)
	if err == nil && len(hours) == 0 {
		hours = DefaultHours()
	}
	return hours, err
}

// HoursOf is Hours of several resources with one question to the database, by resource.
func (s *Service) HoursOf(ctx context.Context, q db.Q, rs []Resource) (map[string][]Opening, error) {
	var holders []string
	for _, r := range rs {
		holders = append(holders, r.ID, r.Owner)
	}
	said, err := hoursOf(ctx, q, compact(holders))
	if err != nil {
		return nil, err
	}
	out := make(map[string][]Opening, len(rs))
	for _, r := range rs {
		switch {
		case len(said[r.ID]) > 0:
			out[r.ID] = said[r.ID]
		case len(said[r.Owner]) > 0:
			out[r.ID] = said[r.Owner]
		default:
			out[r.ID] = DefaultHours()
		}
	}
	return out, nil
}
