//i18n:data what the invented officers and firms of the demo write

package demo

import (
	"context"
	"fmt"
	"strings"

	"qiao/internal/facts"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/scrutiny"
	"qiao/internal/voucher"
)

// scrutiny is what is odd about the stories' vouchers, and what came of it: a flag that was answered, a draw whose number two
// officers saw, a redemption that was found wrong and is asked back, a sanction that was appealed.
func (l loader) scrutiny(ctx context.Context) error {
	if l.Scrutiny == nil || l.Facts == nil || l.Story.Client.HTTP == nil {
		return nil
	}
	if l.Story.Settle != nil {
		if err := l.Story.Settle(ctx); err != nil {
			return err
		}
	}
	l.tell("scrutiny", 0, 3)
	if err := l.odd(ctx); err != nil {
		return fmt.Errorf("what is odd: %w", err)
	}
	if err := l.answered(ctx); err != nil {
		return fmt.Errorf("answer a flag: %w", err)
	}
	l.tell("scrutiny", 1, 3)
	if err := l.spotChecks(ctx); err != nil {
		return fmt.Errorf("spot checks: %w", err)
	}
	l.tell("scrutiny", 2, 3)
	if err := l.sanction(ctx); err != nil {
		return fmt.Errorf("a sanction: %w", err)
	}
	l.tell("scrutiny", 3, 3)
	return nil
}

// odd lets three firms of the laboratory leave one phone number, and one of them state that the laboratory holds a share of it:
// their redemptions are looked at again.
func (l loader) odd(ctx context.Context) error {
	for _, key := range []string{"wuzhen", "xincang", "yunhe"} {
		own, firm, err := l.as(ctx, key)
		if err != nil {
			return err
		}
		d, err := l.Invoice.DetailOf(own, l.DB, firm.Org)
		if err != nil {
			return err
		}
		if d.Phone = "0573-0000-0100"; d.Title == "" {
			d.Title = firm.OrgName
		}
		if err := l.Invoice.SetDetail(own, firm, d); err != nil {
			return err
		}
	}
	own, firm, err := l.as(ctx, "yunhe")
	if err != nil {
		return err
	}
	_, lab, err := l.as(ctx, "lab")
	if err != nil {
		return err
	}
	if _, err := l.Facts.Write(own, firm, facts.Change{Note: mark + "自行填报", Values: []facts.Typed{{Key: "shareholders", Text: mark + "王生物，88%\n" + lab.OrgName + "，12%"}}}); err != nil {
		return err
	}
	return l.Scrutiny.Sweep(ctx)
}

// answered lets the laboratory explain the first flag that concerns it, and an officer dismiss another.
func (l loader) answered(ctx context.Context) error {
	own, lab, err := l.as(ctx, "lab")
	if err != nil {
		return err
	}
	desk, officer, err := l.as(ctx, "officer")
	if err != nil {
		return err
	}
	flags, err := l.Scrutiny.FlagsOf(own, l.DB, lab.Org)
	if err != nil {
		return err
	}
	said := map[string]bool{}
	for _, f := range flags {
		if f.State != scrutiny.Open || said[f.Kind] {
			continue
		}
		said[f.Kind] = true
		switch f.Kind {
		case scrutiny.Related:
			_, err = l.Scrutiny.AnswerFlag(own, lab, f.ID, scrutiny.Answer{Note: mark + "我院 2024 年以一台旧设备作价入股 12%，不参与经营；服务按公开价目收费。"})
		case scrutiny.Shared:
			_, err = l.Scrutiny.Decide(desk, officer, f.ID, scrutiny.Decision{Verb: "dismiss", Note: mark + "三家企业同在一个孵化器，留的是前台电话，样品与合同各自独立。"})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// spotChecks draws twice: the first draw is done and one redemption was found wrong, the second waits for its number.
func (l loader) spotChecks(ctx context.Context) error {
	first, officer, err := l.as(ctx, "officer")
	if err != nil {
		return err
	}
	second, other, err := l.as(ctx, "officer2")
	if err != nil {
		return err
	}
	var programme string
	err = l.DB.Snapshot(ctx, func(ctx context.Context, q db.Q) error {
		list, err := l.Voucher.Programmes(ctx, q)
		if err == nil && len(list) > 0 {
			programme = list[0].ID
		}
		return err
	})
	if err != nil {
		return err
	}
	today := clock.Day(l.Clock.Now())
	d, err := l.Scrutiny.Close(first, officer, scrutiny.Plan{Programme: programme, From: today[:4] + "-01-01", To: today, Share: 10_000, Stratify: scrutiny.ByAmount, Source: mark + "封存次日的福彩 3D 开奖号码", Days: 30})
	if err != nil {
		return err
	}
	if _, err := l.Scrutiny.Announce(second, other, d.ID, "4 1 7"); err != nil {
		return err
	}
	cases, err := l.Scrutiny.CasesOf(first, l.DB, d.ID)
	if err != nil || len(cases) == 0 {
		return err
	}
	c := cases[0]
	for _, x := range cases { // one that was paid: its money is asked back
		whole, err := l.Voucher.Whole(first, l.DB, x.Claim)
		if err != nil {
			return err
		}
		if whole.State == "paid" {
			c = x
			break
		}
	}
	own, lab, err := l.as(ctx, "lab")
	if err != nil {
		return err
	}
	if c.Provider == lab.Org {
		proof := scrutiny.Proof{Name: mark + "上机记录.pdf", Body: strings.NewReader("%PDF-1.4\n% " + mark + "\n")}
		if _, err := l.Scrutiny.AnswerCase(own, lab, c.ID, scrutiny.Answer{Note: mark + "合同、发票和上机记录都在，见附件；一张报告的页码订错了。", Proof: proof}); err != nil {
			return err
		}
	}
	if _, err := l.Scrutiny.Check(first, officer, c.ID, scrutiny.Visit{Verb: "note", Ticked: []string{"contract", "invoice", "payment"}, Answer: scrutiny.Answer{Note: mark + "到现场看了样品台账和上机记录，企业一方电话确认过。"}}); err != nil {
		return err
	}
	if whole, err := l.Voucher.Whole(first, l.DB, c.Claim); err != nil || whole.State != "paid" {
		return err
	}
	_, err = l.Scrutiny.Check(first, officer, c.ID, scrutiny.Visit{Verb: "finding", Ticked: []string{"contract", "invoice", "payment", "firm"}, Answer: scrutiny.Answer{Note: mark + "报告中一组数据与上机记录的时间对不上，这笔兑付应当退回。"}})
	return err
}

// sanction is a firm that was heard, shut out by two officers, and appeals.
func (l loader) sanction(ctx context.Context) error {
	first, officer, err := l.as(ctx, "officer")
	if err != nil {
		return err
	}
	second, other, err := l.as(ctx, "officer2")
	if err != nil {
		return err
	}
	own, firm, err := l.as(ctx, "chaoyin")
	if err != nil {
		return err
	}
	at := clock.Local(l.Clock.Now())
	x, err := l.Scrutiny.Propose(first, officer, scrutiny.Proposal{
		Org: firm.Org, Side: voucher.SideFirm, From: clock.Day(at), To: clock.Day(at.AddDate(3, 0, -1)),
		Ground: mark + "以两张订单提交了同一批面料的检测报告（虚构）。依据本计划第十条之二，期限内不得申请和使用创新券。",
	})
	if err != nil {
		return err
	}
	say := func(text string) scrutiny.Answer { return scrutiny.Answer{Note: mark + text} }
	if _, err := l.Scrutiny.Sanction(own, firm, x.ID, "state", say("两批面料确实不同，报告编号打印错了，附件里有更正说明。")); err != nil {
		return err
	}
	if _, err := l.Scrutiny.Sanction(first, officer, x.ID, "decide", say("更正说明晚于核查日期，且样品编号一致，陈述不予采纳。")); err != nil {
		return err
	}
	if _, err := l.Scrutiny.Sanction(second, other, x.ID, "confirm", scrutiny.Answer{}); err != nil {
		return err
	}
	_, err = l.Scrutiny.Sanction(own, firm, x.ID, "appeal", say("检测机构可以出具样品流转单，请重新核实。"))
	return err
}
