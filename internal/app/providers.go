package app

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"qiao/internal/catalogue"
	"qiao/internal/message"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
	"qiao/internal/provider"
)

func (a *App) provenOf(ctx context.Context, org string) (templ.Component, error) {
	return a.provider.Panel(ctx, org)
}

// extra draws, on a resource's page, what proves it or supports an expertise, and how to keep and compare it.
func (a *App) extra(ctx context.Context, r catalogue.Resource) (templ.Component, error) {
	proof, err := a.provider.Extra(ctx, r)
	if err != nil {
		return nil, err
	}
	who, err := a.expertPanel(ctx, r)
	if err != nil {
		return nil, err
	}
	keep, err := a.keepPanel(ctx, r)
	parts := slices.DeleteFunc([]templ.Component{who, proof, keep}, func(c templ.Component) bool { return c == nil })
	if len(parts) == 0 {
		return nil, err
	}
	return templ.Join(parts...), err
}

// certificates are the kinds of certificates that search counts, by resource and organisation.
func (a *App) certificates(ctx context.Context, q db.Q, ids []string) (map[string][]string, error) {
	return a.provider.Kinds(ctx, q, ids)
}

func (a *App) certificateNames(kind string) (zh, en string) {
	name, short := a.provider.CertificateName(kind)
	if kind == "other" {
		return name.ZH, name.EN
	}
	return short, short
}

// followProviders keeps reporting clocks, and tells providers and authorities what they have to do.
func (a *App) followProviders() {
	outbox.On(a.bus, toClock, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e catalogue.ResourceChanged) error {
		if e.Kind != "instrument" && e.Kind != "facility" {
			return nil
		}
		return a.provider.Follow(ctx, tx, e.ID, clock.Day(m.At))
	})
	outbox.On(a.bus, toTell, a.tellOfMembership)
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e provider.CertificateEnding) error {
		link := "/desk/certificates/" + e.Certificate
		if e.Left < 0 {
			return a.notify(ctx, tx, m, e.Org, nil, link, message.Say("资质证书 {0} 已于 {1} 到期，已退出公开页面和检索", e.Number, e.To))
		}
		return a.notify(ctx, tx, m, e.Org, nil, link, message.Say("资质证书 {0} 还有 {1} 天到期（{2}）", e.Number, e.Left, e.To))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e provider.ReportDue) error {
		if e.Left < 0 {
			if err := a.tellAuthorities(ctx, tx, m, e.Region, "/desk/reporting?show=late", message.Say("仪器“{0}”逾期未报送", e.Name)); err != nil {
				return err
			}
			return a.notify(ctx, tx, m, e.Owner, nil, "/desk/reporting", message.Say("仪器“{0}”应在 {1} 前报送，已逾期", e.Name, e.Due))
		}
		return a.notify(ctx, tx, m, e.Owner, nil, "/desk/reporting", message.Say("仪器“{0}”还有 {1} 天到报送期限（{2}）", e.Name, e.Left, e.Due))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e provider.AdmissionMoved) error {
		switch e.Verb {
		case "invite":
			return a.notify(ctx, tx, m, e.Owner, nil, "/desk/equipment", message.Say("邀请贵单位的设备“{0}”加盟", e.Name))
		case "admit":
			return a.notify(ctx, tx, m, e.Owner, nil, "/desk/equipment", message.Say("设备“{0}”已核定加盟", e.Name))
		case "refuse", "expel":
			return a.notify(ctx, tx, m, e.Owner, nil, "/desk/equipment", message.Say("设备“{0}”的加盟没有通过或已终止，请查看理由", e.Name))
		}
		return nil
	})
}

func (a *App) tellOfMembership(ctx context.Context, tx *db.Tx, m outbox.Meta, e provider.Moved) error {
	desk := "/desk/providers/" + e.Membership
	switch e.Verb {
	case "submit":
		return a.tellAuthorities(ctx, tx, m, e.Region, desk, message.Say("加盟申请 {0} 等待核查", e.Number))
	case "sign":
		return a.tellAuthorities(ctx, tx, m, e.Region, desk, message.Say("加盟协议 {0} 已由对方签署", e.Number))
	case "return":
		return a.notify(ctx, tx, m, e.Org, nil, "/desk/membership", message.Say("加盟申请 {0} 需要补正", e.Number))
	case "refuse":
		return a.notify(ctx, tx, m, e.Org, nil, "/desk/membership", message.Say("加盟申请 {0} 没有通过核查，请查看理由", e.Number))
	case "offer":
		return a.notify(ctx, tx, m, e.Org, nil, "/desk/membership", message.Say("加盟协议 {0} 等待签署", e.Number))
	case "suspend", "expel", "lapse":
		return a.notify(ctx, tx, m, e.Org, nil, "/desk/membership", message.Say("加盟 {0} 已暂停或终止，请查看理由", e.Number))
	case "renew":
		return a.notify(ctx, tx, m, e.Org, nil, "/desk/membership", message.Say("加盟协议 {0} 已自动续签至 {1}", e.Number, e.Until))
	}
	return nil
}
