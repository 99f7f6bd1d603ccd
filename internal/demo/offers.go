package demo

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/editor"
	"qiao/internal/voucher/scheme"
)

func serial(n int) string { return strconv.Itoa(n) }

// organisations sets up the bodies of the demo that no firm's story registers: the operator, the
// authorities and the laboratories, each with somebody who acts for it.
func (l loader) organisations(ctx context.Context) error {
	orgs, err := organisations()
	if err != nil {
		return err
	}
	people, err := colleagues()
	if err != nil {
		return err
	}
	for i, o := range orgs {
		l.tell("sample organisations", i, len(orgs))
		if o.Capacity == identity.CapacityEnterprise {
			continue // registers itself, see story.go
		}
		f := identity.Founding{
			Key: "demo/" + o.Key, Capacities: []string{o.Capacity},
			Organisation: identity.Organisation{
				NameZH: o.NameZH, NameEN: o.NameEN, USCC: o.USCC(), Region: o.Region, Kind: o.Kind, Address: o.Address, Sample: true,
			},
		}
		for _, p := range people {
			if p.Organisation == o.Key {
				f.People = append(f.People, identity.Colleague{Login: address(p.Login), Name: p.Name, Password: Password, Role: p.Role})
			}
		}
		if len(f.People) == 0 {
			f.People = []identity.Colleague{{Login: address(o.Key), Name: mark + "管理员", Password: Password, Role: identity.RoleAdmin}} //i18n:data a name in the data
		}
		if _, err := l.Identity.Establish(ctx, f); err != nil {
			return fmt.Errorf("establish %s: %w", o.Key, err)
		}
	}
	l.tell("sample organisations", len(orgs), len(orgs))
	return nil
}

// keeper is the sign-in that acts for a laboratory.
func keeper(owner string) string {
	switch owner {
	case "nanhu":
		return "lab"
	case "xiuzhou":
		return "lab2"
	}
	return owner
}

// written is the year the demo's programme was written for.
const written = "2026"

// programme publishes 示例·创新券 as the authority, for the year it is: a demo of a later year needs one that is open.
func (l loader) programme(ctx context.Context) error {
	year := clock.Day(l.Clock.Now())[:4]
	draft, err := scheme.ParseDraft(bytes.ReplaceAll(scheme.DemoProgramme(), []byte(written), []byte(year)))
	if err != nil {
		return err
	}
	ctx, officer, err := l.as(ctx, "officer")
	if err != nil {
		return err
	}
	p, err := l.Voucher.PutProgramme(ctx, officer, "", draft, "demo/programme-"+year)
	if err != nil || l.Editor == nil {
		return err
	}
	return l.nextRules(ctx, officer, p.ID)
}

// nextRules writes the programme's next rules as a draft: more for small contracts, a ceiling of one order, a public
// notice of a week. Its numbers are invented, as the programme's are.
func (l loader) nextRules(ctx context.Context, officer identity.Subject, programme string) error {
	d, err := l.Editor.Begin(ctx, officer, editor.Begin{Programme: programme, Key: "demo/next-rules"})
	if err != nil {
		return fmt.Errorf("begin the next rules: %w", err)
	}
	to, next := d.Scheme, d.Scheme.Terms
	at := next.Ratio.Clause
	next.Ratio.Value = []scheme.Tier{{UpTo: 2_000_00, BasisPoints: 6000}, {BasisPoints: 4000}}
	next.Caps.Claim = &scheme.Sourced[money.Fen]{Value: 30_000_00, Clause: at}
	next.Notice.Value = 7
	to.Terms = next
	_, err = l.Editor.Save(ctx, officer, d.ID, to, 0)
	return err
}

// instruments publishes the invented instruments, each by its laboratory.
func (l loader) instruments(ctx context.Context) error {
	list, err := instruments()
	if err != nil {
		return err
	}
	for i, x := range list {
		l.tell("sample instruments", i, len(list))
		r, err := l.publish(ctx, x.Owner, x.ID, x.draft())
		if err != nil {
			return fmt.Errorf("instrument %s: %w", x.ID, err)
		}
		ctx, by, err := l.as(ctx, keeper(x.Owner))
		if err != nil {
			return err
		}
		if err := l.Catalogue.SetHours(ctx, by, r.ID, catalogueHours(x.Hours)); err != nil {
			return fmt.Errorf("hours of %s: %w", x.ID, err)
		}
	}
	l.tell("sample instruments", len(list), len(list))
	return nil
}

// services publishes the invented test services.
func (l loader) services(ctx context.Context) error {
	list, err := services()
	if err != nil {
		return err
	}
	for i, x := range list {
		l.tell("sample services", i, len(list))
		if _, err := l.publish(ctx, x.Owner, x.ID, x.draft()); err != nil {
			return fmt.Errorf("service %s: %w", x.ID, err)
		}
	}
	l.tell("sample services", len(list), len(list))
	return nil
}

// publish creates a resource of an owner and puts it into the catalogue; once.
func (l loader) publish(ctx context.Context, owner, id string, d catalogue.Draft) (catalogue.Resource, error) {
	ctx, by, err := l.as(ctx, keeper(owner))
	if err != nil {
		return catalogue.Resource{}, err
	}
	r, err := l.Catalogue.Create(ctx, by, "demo/"+id, d)
	if err != nil || r.Status != catalogue.StatusDraft {
		return r, err
	}
	return l.Catalogue.Do(ctx, by, r.ID, "publish", "")
}

func (x instrument) draft() catalogue.Draft {
	d := catalogue.Draft{
		Kind: "instrument", Access: []string{"operated", "mail_in"}, Voucher: x.Voucher, Booking: true,
		Values: map[string]any{
			"name_zh": x.NameZH, "name_en": x.NameEN, "source_id": x.ID, "model": x.Model, "maker": mark + "启明仪器厂", "class": x.Class + "00", //i18n:data a maker that does not exist
			"summary": x.Function + "。" + x.Content + "。", "technical": x.Technical, "function": x.Function, "content": x.Content,
			"worth": x.Worth, "commissioned": x.Commissioned, "instrument_type": "通用", "condition": "正常", "share_mode": "外部共享", "nation": "中国", "acquired_by": "购置", //i18n:data values of the national template
		},
		Prices: []catalogue.PriceLine{
			{Audience: "external", Unit: x.Unit, Amount: x.Price},
			{Audience: "internal", Unit: x.Unit, Amount: x.Price / 2},
		},
	}
	if serial := serials()[x.ID]; serial != "" {
		d.Values["serial"] = serial
	}
	return d
}

func (x testService) draft() catalogue.Draft {
	return catalogue.Draft{
		Kind: "service", Access: []string{"mail_in"}, Voucher: x.Voucher,
		Values: map[string]any{"name_zh": x.NameZH, "name_en": x.NameEN, "source_id": x.ID, "summary": x.Summary, "class": x.Class, "turnaround": x.Days},
		Prices: []catalogue.PriceLine{{Audience: "external", Unit: x.Unit, Amount: x.Price}},
	}
}
