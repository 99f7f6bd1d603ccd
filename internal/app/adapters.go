package app

import (
	"context"
	"errors"
	"slices"

	"github.com/a-h/templ"

	"qiao/internal/booking"
	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/match"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/stats"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme"
)

// The modules below ask for each other through interfaces of their own; here they are filled. Methods
// are called only after build has made every module.

// claimable gives voucher the orders that can be redeemed.
type claimable struct{ app *App }

// ForClaim implements voucher.Orders.
func (c claimable) ForClaim(ctx context.Context, q db.Q, provider string) ([]voucher.ClaimableOrder, error) {
	return c.app.order.ForClaim(ctx, q, provider)
}

// ForRepay implements voucher.Orders.
func (c claimable) ForRepay(ctx context.Context, q db.Q, buyer string) ([]voucher.ClaimableOrder, error) {
	return c.app.order.ForRepay(ctx, q, buyer)
}

// freeOn lists the bookable resources with a free slot on a day.
func (a *App) freeOn(ctx context.Context, q db.Q, day string) ([]string, error) {
	var out []string
	err := a.catalogue.EachBookable(ctx, q, 0, func(some []catalogue.Resource) error {
		free, err := a.booking.FreeOn(ctx, q, some, day)
		out = append(out, free...)
		return err
	})
	return out, err
}

// horizon tells when bookable resources are free.
func (a *App) horizon(ctx context.Context, q db.Q, rs []catalogue.Resource, days int) (map[string]catalogue.Free, error) {
	return a.booking.Horizon(ctx, q, rs, days)
}

func (a *App) strips(ctx context.Context, rs []catalogue.Resource) (map[string]templ.Component, error) {
	return a.booking.Strips(ctx, rs)
}

func (a *App) bookingPanel(ctx context.Context, r catalogue.Resource) (templ.Component, error) {
	return a.order.BookingPanel(ctx, r)
}

// resourcesOf draws an organisation's resources on its public page.
func (a *App) resourcesOf(ctx context.Context, org string) (templ.Component, error) {
	found, err := a.catalogue.Search(ctx, catalogue.Query{Orgs: []string{org}, Limit: 10})
	if err != nil {
		return nil, err
	}
	found.Items = slices.DeleteFunc(found.Items, func(it catalogue.Item) bool { return it.Kind == catalogue.KindInstitution }) // the page is about it
	if len(found.Items) == 0 {
		return nil, nil
	}
	return resourceList(org, found), nil
}

// supplies gives match the live resources as candidates.
type supplies struct{ app *App }

func (a *App) suppliers() match.Suppliers { return supplies{a} }

// Supplies implements match.Suppliers.
func (s supplies) Supplies(ctx context.Context, q db.Q, ids []string) ([]match.Supply, error) {
	list, err := s.app.catalogue.Resources(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	return s.of(ctx, q, list)
}

// After implements match.Suppliers.
func (s supplies) After(ctx context.Context, q db.Q, after string, limit int) ([]match.Supply, error) {
	list, err := s.app.catalogue.LiveAfter(ctx, q, after, limit)
	if err != nil {
		return nil, err
	}
	return s.of(ctx, q, list)
}

// Owned implements match.Suppliers.
func (s supplies) Owned(ctx context.Context, q db.Q, org string) ([]match.Supply, error) {
	list, err := s.app.catalogue.Owned(ctx, q, org)
	if err != nil {
		return nil, err
	}
	return s.of(ctx, q, list)
}

func (s supplies) of(ctx context.Context, q db.Q, list []catalogue.Resource) ([]match.Supply, error) {
	var owners []string
	for _, r := range list {
		owners = append(owners, r.Owner)
	}
	orgs, err := s.app.identity.Organisations(ctx, q, owners)
	if err != nil {
		return nil, err
	}
	if list, err = s.app.proposable(ctx, q, list); err != nil {
		return nil, err
	}
	kinds := s.app.catalogue.Kinds()
	var out []match.Supply
	for _, r := range list {
		if k, ok := kinds.Find(r.Kind); ok && r.Status == catalogue.StatusPublished {
			out = append(out, match.SupplyOf(r, k, orgs[r.Owner]))
		}
	}
	return out, nil
}

// regions gives match the places a text may name.
type regions struct{ app *App }

// RegionPath implements match.Regions.
func (r regions) RegionPath(code string) string { return r.app.identity.RegionPath(code) }

// Places implements match.Regions: the provinces and cities of the country, and the counties of the root's province.
func (r regions) Places(ctx context.Context, q db.Q) ([]match.Place, error) {
	tree, err := r.app.identity.Tree(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []match.Place
	var walk func(code string)
	walk = func(code string) {
		for _, c := range tree.Children(code) {
			out = append(out, match.Place{Code: c.Code, Level: c.Level, Name: c.NameZH})
			walk(c.Code)
		}
	}
	walk("")
	return out, nil
}

// resourceStock and institutionStock count what stands now, for the numbers.
func (a *App) resourceStock(ctx context.Context, q db.Q) ([]stats.Part, error) {
	counts, err := a.resourceCounts.get(ctx, a.db, a.clock, q, a.catalogue.CountLive)
	out := make([]stats.Part, len(counts))
	for i, c := range counts {
		out[i] = stats.Part{Kind: c.Kind, Region: c.Region, Count: c.N}
	}
	return out, err
}

func (a *App) institutionStock(ctx context.Context, q db.Q) ([]stats.Part, error) {
	counts, err := a.institutionCounts.get(ctx, a.db, a.clock, q, a.identity.CountListed)
	out := make([]stats.Part, len(counts))
	for i, c := range counts {
		out[i] = stats.Part{Kind: c.Kind, Region: c.Region, Count: c.N}
	}
	return out, err
}

// nameRegion remembers the root region's names for the masthead.
func (a *App) nameRegion(ctx context.Context) error {
	r, err := a.identity.Region(ctx, a.db, a.cfg.Region)
	if errors.Is(err, db.ErrNone) || err == nil && r.NameZH == "" {
		return nil
	}
	a.regionZH, a.regionEN = r.NameZH, r.NameEN
	return err
}

// portal is what the home page takes from the modules.
func (a *App) portal() stats.Portal {
	return stats.Portal{
		Programmes: a.openProgrammes,
		Notices:    a.newestNotices,
		Slots:      a.openTime,
		KindName: func(ctx context.Context, kind string) string {
			k, ok := a.catalogue.Kinds().Find(kind)
			if !ok {
				return kind
			}
			return i18n.Pick(ctx, k.ZH, k.EN)
		},
		Hot: []string{"扫描电镜", "质谱", "拉伸试验", "核磁共振", "盐雾试验"},
	}
}

func (a *App) openProgrammes(ctx context.Context) ([]stats.Programme, error) {
	list, err := a.voucher.Programmes(ctx, a.db)
	if err != nil {
		return nil, err
	}
	var out []stats.Programme
	for _, p := range list {
		if !p.Open(a.today()) {
			continue
		}
		b, err := a.voucher.Budget(ctx, a.db, p.ID)
		if err != nil {
			return nil, err
		}
		name := p.Name()
		out = append(out, stats.Programme{Name: i18n.Pick(ctx, name.ZH, name.EN), Link: "/programmes/" + p.ID, Ratio: headline(p.Terms), Cap: yearCap(p.Terms), Budget: b.Appropriated, Left: b.Unissued, Until: p.ClosesOn, Sample: p.Sample})
	}
	return out, nil
}

func (a *App) newestNotices(ctx context.Context) ([]stats.Notice, error) {
	list, err := a.voucher.NewestNotices(ctx, a.db, 1)
	if err != nil {
		return nil, err
	}
	var out []stats.Notice
	for _, n := range list {
		out = append(out, stats.Notice{Title: i18n.T(ctx, "创新券兑付公示 {0}", n.Number), Link: "/notices/" + n.ID, Day: n.NoticeFrom, Sample: true})
	}
	return out, nil
}

// headline is the first ratio of a programme, in basis points.
func headline(t scheme.Terms) int64 {
	if len(t.Ratio.Value) == 0 {
		return 0
	}
	return t.Ratio.Value[0].BasisPoints
}

// yearCap is what one firm may get in a year; 0 when there is no limit.
func yearCap(t scheme.Terms) money.Fen {
	if t.Caps.Year == nil {
		return 0
	}
	return t.Caps.Year.Value
}

// desk is what the desk's first screen takes from the modules.
func (a *App) desk() stats.Desk {
	return stats.Desk{
		Tasks:  a.tasks,
		Recent: a.recent,
		Links:  a.usual,
		People: func(ctx context.Context, q db.Q, ids []string) (map[string]string, error) {
			return a.identity.Names(ctx, q, ids)
		},
	}
}

// openTime is what is free and what is taken on a day, one list a bookable resource: the bridge of the home page.
func (a *App) openTime(ctx context.Context, day string) ([][]stats.Slot, error) {
	var out [][]stats.Slot
	err := a.catalogue.EachBookable(ctx, a.db, 0, func(some []catalogue.Resource) error {
		boards, err := a.booking.Boards(ctx, a.db, some, day)
		if err != nil {
			return err
		}
		for _, r := range some {
			var open []stats.Slot
			for _, s := range boards[r.ID] {
				if s.State == booking.SlotFree || s.State == booking.SlotTaken {
					open = append(open, stats.Slot{Start: s.Start, End: s.End, Free: s.State == booking.SlotFree})
				}
			}
			out = append(out, open)
		}
		return nil
	})
	return out, err
}

// recent is what happened lately around the subject: the newest of its messages.
func (a *App) recent(ctx context.Context, by identity.Subject) ([]stats.Activity, error) {
	items, _, err := a.message.Inbox(ctx, by, false, "", 6)
	out := make([]stats.Activity, len(items))
	for i, m := range items {
		out[i] = stats.Activity{At: m.At, Title: m.Title, Text: m.Text, Link: m.Link}
	}
	return out, err
}

// usual is what a role does most, the main one first.
func (a *App) usual(ctx context.Context, by identity.Subject) ([]ui.Link, error) {
	var out []ui.Link
	for _, p := range []place{
		{label: "提一个需求", href: "/needs/new", icon: "bulb", action: "need.create"},
		{label: "找仪器", href: "/resources?kind=instrument", icon: "microscope", action: "order.create"},
		{label: "上传仪器表格", href: "/desk/imports", icon: "upload", action: "resource.import"},
		{label: "核验单位", href: "/desk/organisations", icon: "building", action: "organisation.verify"},
		{label: "审核兑付", href: "/desk/redemptions", icon: "cash", action: "redemption.verify"},
		{label: "查看审计日志", href: "/desk/audit", icon: "list-details", action: "audit.view"},
	} {
		if a.policy.May(by, p.action) == nil {
			out = append(out, ui.Link{Label: i18n.T(ctx, p.label), Href: p.href, Icon: p.icon})
		}
	}
	return out[:min(3, len(out))], nil
}
