package app

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/message"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
	"qiao/internal/roster"
	"qiao/internal/scrutiny"
	"qiao/internal/voucher"
)

// toLook is the reader of the outbox that looks for what is odd about vouchers.
const toLook = "scrutiny"

func (a *App) buildScrutiny() (err error) {
	a.scrutiny, err = scrutiny.New(scrutiny.Deps{
		DB: a.db, Clock: a.clock, Policy: a.policy, Organisations: a.identity, Orders: a.order, Vouchers: a.voucher, Facts: looked{a}, Bans: bans{a}, Files: a.files, Sample: a.cfg.Demo,
	})
	return err
}

// scrutinyOf draws, on a redemption's page, what is odd about it.
func (a *App) scrutinyOf(ctx context.Context, by identity.Subject, c voucher.Claim) (templ.Component, error) {
	return a.scrutiny.ClaimPanel(ctx, by, c)
}

// rewardsOf draws, on a redemption's page, what it has to do with rewards of providers.
func (a *App) rewardsOf(ctx context.Context, by identity.Subject, c voucher.Claim) (templ.Component, error) {
	return a.reward.ClaimPanel(ctx, by, c)
}

// lookAtVouchers goes through orders when a voucher pays for them, when it was used, and when it is redeemed.
func (a *App) lookAtVouchers() {
	outbox.On(a.bus, toLook, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e voucher.Held) error {
		return a.scrutiny.LookAtOrder(ctx, tx, e.Order, e.Programme)
	})
	outbox.On(a.bus, toLook, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e voucher.Used) error {
		return a.scrutiny.LookAtOrder(ctx, tx, e.Order, e.Programme)
	})
	outbox.On(a.bus, toLook, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e voucher.Claimed) error {
		return a.scrutiny.LookAtClaim(ctx, tx, e.Claim)
	})
}

// tellOfScrutiny tells the authority what is odd, and the parties what concerns them.
func (a *App) tellOfScrutiny() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e scrutiny.Flagged) error {
		return a.tellAuthorities(ctx, tx, m, e.Region, "/desk/scrutiny/"+e.Flag, message.Say("订单 {0} 有一条疑点，请核实", e.Number))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e scrutiny.FlagDecided) error {
		if e.State != scrutiny.Upheld {
			return nil
		}
		for _, org := range []string{e.Firm, e.Provider} {
			if err := a.notify(ctx, tx, m, org, nil, "/desk/scrutiny/"+e.Flag, message.Say("订单 {0} 的疑点核实为属实，请查看理由", e.Number)); err != nil {
				return err
			}
		}
		return nil
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e scrutiny.Answered) error {
		return a.tellAuthorities(ctx, tx, m, e.Region, e.Link, message.Say("当事单位对 {0} 作了说明", e.Number))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e scrutiny.Checked) error {
		said := message.Say("兑付 {0} 被列入核查，请说明并出示凭证，期限 {1}", e.Number, e.Due)
		switch e.State {
		case scrutiny.Clean:
			said = message.Say("兑付 {0} 的核查结论：未见异常", e.Number)
		case scrutiny.Bad:
			said = message.Say("兑付 {0} 的核查结论：发现问题，请查看", e.Number)
		}
		return a.notify(ctx, tx, m, e.Provider, nil, "/desk/spot-cases/"+e.Case, said)
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e scrutiny.Recovering) error {
		switch e.State {
		case scrutiny.Proposed:
			return a.tellAuthorities(ctx, tx, m, e.Region, "/desk/recoveries/"+e.Recovery, message.Say("兑付 {0} 提出了追回，等待另一位工作人员决定", e.Number))
		case scrutiny.Received:
			return a.notify(ctx, tx, m, e.Provider, nil, "/desk/recoveries/"+e.Recovery, message.Say("兑付 {0} 的追回款已到账", e.Number))
		}
		return nil // that it is ordered, voucher.Recovered tells
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e scrutiny.Sanctioned) error {
		link := "/desk/sanctions/" + e.Sanction
		texts := map[string]string{
			"confirm": "处理 {0} 已生效，可以申诉到 {1}", "stand": "处理 {0} 的申诉已驳回，请查看理由", "lift": "处理 {0} 已解除", "end": "处理 {0} 已期满结束", "drop": "处理 {0} 已撤销",
		}
		switch e.Verb {
		case "propose":
			return a.notify(ctx, tx, m, e.Org, nil, link, message.Say("主管部门拟作处理 {0}，请在 {1} 前陈述", e.Number, e.Due))
		case "state", "appeal", "decide":
			return a.tellAuthorities(ctx, tx, m, e.Region, link, message.Say("处理 {0} 有新的进展，请办理", e.Number))
		}
		return a.notify(ctx, tx, m, e.Org, nil, link, message.Say(texts[e.Verb], e.Number, e.Due))
	})
}

// looked is what scrutiny knows of parties and papers.
type looked struct{ app *App }

// Related implements scrutiny.Facts: what ties the two by their files and the register, and people who belong to both.
func (l looked) Related(ctx context.Context, q db.Q, firm, provider string) ([]scrutiny.Relation, error) {
	hits, err := l.app.facts.Related(ctx, q, firm, provider)
	if err != nil {
		return nil, err
	}
	var out []scrutiny.Relation
	for _, h := range hits {
		x := scrutiny.Relation{Text: h.Text, Source: "企业档案与单位登记信息"}
		for _, arg := range h.Args {
			x.Args = append(x.Args, fmt.Sprint(arg))
		}
		out = append(out, x)
	}
	shared, err := l.members(ctx, q, firm, provider)
	if err == nil && len(shared) > 0 {
		out = append(out, scrutiny.Relation{Text: "双方有同一位成员：{0} 人", Args: []string{strconv.Itoa(len(shared))}, Source: "单位的人员名册"})
	}
	return out, err
}

// members are the people who belong to both.
func (l looked) members(ctx context.Context, q db.Q, a, b string) ([]string, error) {
	x, err := l.app.identity.People(ctx, q, a)
	if err != nil {
		return nil, err
	}
	y, err := l.app.identity.People(ctx, q, b)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range x {
		if slices.ContainsFunc(y, func(o identity.PersonRef) bool { return o.ID == p.ID }) {
			out = append(out, p.ID)
		}
	}
	return out, nil
}

// Profile implements scrutiny.Facts.
func (l looked) Profile(ctx context.Context, q db.Q, org string) (scrutiny.Profile, error) {
	o, err := l.app.identity.Organisation(ctx, q, org)
	if err != nil {
		return scrutiny.Profile{}, err
	}
	d, err := l.app.invoice.DetailOf(ctx, q, org)
	if err != nil {
		return scrutiny.Profile{}, err
	}
	people, err := l.app.identity.People(ctx, q, org)
	p := scrutiny.Profile{Org: org, Address: o.Address, Phone: d.Phone, Mail: d.Mail}
	for _, x := range people {
		p.People = append(p.People, x.ID)
	}
	return p, err
}

// Signed implements scrutiny.Facts: when the second side signed.
func (l looked) Signed(ctx context.Context, q db.Q, orderID string) (time.Time, error) {
	_, list, _, err := l.app.contract.Latest(ctx, q, orderID)
	if err != nil || len(list) < 2 {
		return time.Time{}, err
	}
	return list[len(list)-1].At.Time, nil
}

// OpenMinutes implements scrutiny.Facts.
func (l looked) OpenMinutes(ctx context.Context, q db.Q, resource string, from, to time.Time) (int64, error) {
	list, err := l.app.catalogue.Any(ctx, q, []string{resource})
	if err != nil || len(list) == 0 || list[0].Kind != "instrument" {
		return -1, err
	}
	day, err := clock.Midnight(clock.Day(from))
	if err != nil {
		return -1, err
	}
	times, err := l.app.booking.OpenTimes(ctx, q, list, booking.Span{From: day, To: to})
	t, known := times[resource]
	if err != nil || !known || t.Open == 0 {
		return -1, err
	}
	return t.Open, nil
}

// Card implements scrutiny.Facts: a card of a body that lives on public money.
func (l looked) Card(ctx context.Context, q db.Q, card string) (scrutiny.Card, error) {
	c, err := l.app.fund.CardOf(ctx, q, card)
	if err != nil {
		return scrutiny.Card{}, err
	}
	o, err := l.app.identity.Organisation(ctx, q, c.Keeper)
	public := slices.Contains([]string{"university", "institute", "hospital", "government", "public"}, o.Kind)
	return scrutiny.Card{Name: c.Name, Project: c.Number, Public: public}, err
}

// Used implements scrutiny.Facts.
func (l looked) Used(ctx context.Context, q db.Q, sums []string) ([]scrutiny.FileUse, error) {
	var out []scrutiny.FileUse
	deals, err := l.app.order.Deals(ctx, q, order.DealFilter{Files: sums})
	if err != nil {
		return nil, err
	}
	for _, d := range deals {
		for _, doc := range d.Reports {
			if slices.Contains(sums, doc.SHA256) {
				out = append(out, scrutiny.FileUse{SHA256: doc.SHA256, Order: d.ID, Number: d.Number, Name: doc.Name, Day: clock.Day(doc.At.Time), Region: d.Region})
			}
		}
	}
	claims, err := l.app.voucher.ClaimList(ctx, q, voucher.ClaimFilter{Files: sums})
	if err != nil {
		return nil, err
	}
	for _, c := range claims {
		if c.State == "refused" { // its papers may come again with the claim that follows
			continue
		}
		whole, err := l.app.voucher.Whole(ctx, q, c.ID)
		if err != nil {
			return nil, err
		}
		var orders []string
		for _, it := range whole.Items {
			orders = append(orders, it.Order)
		}
		for _, doc := range whole.Documents {
			if slices.Contains(sums, doc.SHA256) {
				out = append(out, scrutiny.FileUse{SHA256: doc.SHA256, Orders: orders, Claim: c.ID, Number: c.Number, Name: doc.Name, Day: c.SubmittedOn, Region: c.Region})
			}
		}
	}
	return out, nil
}

// bans is the list of organisations that programmes shut out.
type bans struct{ app *App }

// Enter implements scrutiny.Bans.
func (b bans) Enter(ctx context.Context, tx *db.Tx, x scrutiny.Ban) (string, error) {
	return b.app.roster.Enter(ctx, tx, roster.Sanctioned{List: x.List, Org: x.Org, Number: x.Number, From: x.From, To: x.To, Evidence: x.Evidence})
}

// Lift implements scrutiny.Bans.
func (b bans) Lift(ctx context.Context, tx *db.Tx, entry, note string) error {
	return b.app.roster.Lift(ctx, tx, entry, note)
}

// Stands implements scrutiny.Bans.
func (b bans) Stands(ctx context.Context, q db.Q, org, entry, day string) (bool, error) {
	list, err := b.app.roster.Standing(ctx, q, org, day)
	return slices.ContainsFunc(list, func(m roster.Membership) bool { return m.Entry == entry && m.Kind == roster.Ban }), err
}
