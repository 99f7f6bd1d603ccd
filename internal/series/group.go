package series

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/web"
)

// The kinds of group.
const (
	KindSeries    = "series"    // one instrument by a rule
	KindComposite = "composite" // several instruments at once, or one after the other
)

// Group is bookings that belong together.
type Group struct {
	ID        string  `db:"id"`
	Number    string  `db:"number"` // what people say aloud
	Kind      string  `db:"kind"`
	Buyer     string  `db:"buyer"`    // organisation
	Person    string  `db:"person"`   // who booked
	Provider  string  `db:"provider"` // organisation; empty where several provide
	Resource  string  `db:"resource"` // of a series
	Region    string  `db:"region"`
	Rule      string  `db:"rule"`
	First     string  `db:"first"`
	From      string  `db:"from_time"`
	To        string  `db:"to_time"`
	Holidays  string  `db:"holidays"`
	Purpose   string  `db:"purpose"`
	Parts     int64   `db:"parts"`
	Invented  bool    `db:"invented"`
	CreatedAt db.Time `db:"created_at"`
	UpdatedAt db.Time `db:"updated_at"`
}

// Part is an order in a group.
type Part struct {
	Order    string `db:"order_id"`
	Group    string `db:"grp"`
	Position int64  `db:"position"`
	Day      string `db:"day"`  // that the rule gave
	Part     int64  `db:"part"` // of a composite request, from 1
}

// Member is an order in a group, as it stands.
type Member struct {
	Part
	Order order.Order
	Fee   money.Fen // what cancelling it now costs
}

// Detail is a group with its orders, by position.
type Detail struct {
	Group   Group
	Members []Member
}

// Still tells whether a booking is to come and can be changed.
func (s *Service) still(o order.Order) bool {
	return (o.State == order.StateRequested || o.State == order.StateAccepted) && o.Start.After(s.Clock.Now())
}

// Made follows when bookings were made that belong together.
type Made struct {
	Group    string `json:"group"`
	Number   string `json:"number"`
	Kind     string `json:"kind"`
	Buyer    string `json:"buyer"`
	Provider string `json:"provider,omitempty"`
	Parts    int64  `json:"parts"`
}

// EventName is series.made.
func (Made) EventName() string { return "series.made" }

var _ outbox.Event = Made{}

// object is a group as the permission table sees it.
func object(g Group) identity.Object {
	return identity.Object{Parties: map[string]string{order.Buyer: g.Buyer, order.Provider: g.Provider}, Region: g.Region}
}

// Get is a group with its orders, for who may see it.
func (s *Service) Get(ctx context.Context, by identity.Subject, group string) (Detail, error) {
	g, err := getGroup(ctx, s.DB, group)
	if err != nil {
		return Detail{}, err
	}
	if err := s.Policy.Can(by, "series.view", object(g)); err != nil {
		return Detail{}, err
	}
	d, err := s.detail(ctx, s.DB, g)
	if err != nil {
		return d, err
	}
	for i := range d.Members {
		m := &d.Members[i]
		if m.Fee, err = s.Orders.FeeNow(ctx, s.DB, m.Order); err != nil {
			return d, err
		}
	}
	return d, nil
}

// detail is a group with its orders; what cancelling costs is not asked.
func (s *Service) detail(ctx context.Context, q db.Q, g Group) (Detail, error) {
	d := Detail{Group: g}
	parts, err := listParts(ctx, q, g.ID)
	if err != nil {
		return d, err
	}
	ids := make([]string, len(parts))
	for i, p := range parts {
		ids[i] = p.Order
	}
	orders, err := s.Orders.Named(ctx, q, ids)
	if err != nil {
		return d, err
	}
	for _, p := range parts {
		i := slices.IndexFunc(orders, func(o order.Order) bool { return o.ID == p.Order })
		if i < 0 {
			return d, fmt.Errorf("series: the order %s of group %s is gone", p.Order, g.Number)
		}
		m := Member{Part: p, Order: orders[i]}
		d.Members = append(d.Members, m)
	}
	return d, nil
}

// List is the groups the subject may see, newest first, and the cursor of the next page.
func (s *Service) List(ctx context.Context, by identity.Subject, cursor string, limit int) ([]Group, string, error) {
	if limit <= 0 || limit > 100 {
		limit = 20
	}
	var w db.Where
	s.Policy.Filter(by, "series.view", map[string]string{order.Buyer: "buyer", order.Provider: "provider", identity.SideRegion: "region"}, &w)
	after, err := web.DecodeCursor(cursor, 2)
	if err != nil {
		return nil, "", err
	}
	if cursor != "" {
		w.And("(created_at, id) < (?, ?)", after[0], after[1])
	}
	out, err := listGroups(ctx, s.DB, &w, limit+1)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(out) > limit {
		out = out[:limit]
		next = web.EncodeCursor(db.Stamp(out[limit-1].CreatedAt.Time), out[limit-1].ID)
	}
	return out, next, nil
}

func errNoGroup() *fault.Error {
	return fault.New(fault.NotFound, "no-series", "没有找到这组预约，请检查编号，或回到列表。")
}
