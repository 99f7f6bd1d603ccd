//i18n:data the invented providers of the demo

package demo

import (
	"context"
	"fmt"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/provider"
)

// joins says how far each laboratory of the demo has come on its way into the pool.
var joins = []struct{ owner, stop string }{{"nanhu", "sign"}, {"xiuzhou", "submit"}, {"jiashan", "offer"}, {"haining", "suspend"}, {"pinghu", "save"}, {"haiyan", "return"}}

// providers brings the laboratories into the pool, each to its stage, gives them certificates (one that holds, one that
// ends soon, one that has ended), instruments to report and equipment that waits.
func (l loader) providers(ctx context.Context) error {
	for i, j := range joins {
		l.tell("providers", i, len(joins))
		if err := l.join(ctx, j.owner, j.stop); err != nil {
			return fmt.Errorf("%s joins: %w", j.owner, err)
		}
	}
	if err := l.certificates(ctx); err != nil {
		return err
	}
	if err := l.reports(ctx); err != nil {
		return err
	}
	l.tell("providers", len(joins), len(joins))
	return l.Provider.Daily(ctx)
}

func (l loader) join(ctx context.Context, owner, stop string) error {
	own, by, err := l.as(ctx, keeper(owner))
	if err != nil {
		return err
	}
	if had, err := l.Provider.Mine(own, by); err != nil || had.ID != "" {
		return err
	}
	m, err := l.Provider.SavePage(own, by, func(a *provider.Application) {
		*a = provider.Application{
			Form: "institution", About: mark + "独立法人检测机构，人员 40 人，实验室 3,000 平方米（虚构）。", Contact: mark + "联系人", Phone: "0573-00000000", Email: owner + "@demo.qiao",
			Offers: []string{"instrument", "test"}, Offer: "材料力学性能、成分与失效分析，常规项目 5 个工作日出报告。", Stated: true,
		}
	})
	if err != nil || stop == "save" {
		return err
	}
	for _, code := range []string{"legal", "equipment"} {
		if _, err := l.Provider.Attach(own, by, code, mark+code+".txt", strings.NewReader(mark+owner+" "+code)); err != nil {
			return err
		}
	}
	if _, err = l.Provider.Do(own, by, m.ID, "submit", provider.VerbRequest{}); err != nil || stop == "submit" {
		return err
	}
	desk, officer, err := l.as(ctx, "officer")
	if err != nil {
		return err
	}
	if stop == "return" {
		_, err = l.Provider.Do(desk, officer, m.ID, "return", provider.VerbRequest{Note: "设备清单缺少校准证书编号，请补充。"})
		return err
	}
	rules, err := provider.Shipped()
	if err != nil {
		return err
	}
	var checks []provider.Check
	for _, it := range rules.Checklist {
		checks = append(checks, provider.Check{Code: it.Code, Verdict: "yes", Note: mark + "已核对"})
	}
	if _, err := l.Provider.SetChecks(desk, officer, m.ID, checks); err != nil {
		return err
	}
	for _, verb := range []string{"qualify", "offer", "sign", "suspend"} {
		c, who := desk, officer
		if verb == "sign" {
			c, who = own, by
		}
		r := provider.VerbRequest{}
		if verb == "suspend" {
			r.Note = "复核时发现设备已搬迁，待重新核查。"
		}
		if _, err := l.Provider.Do(c, who, m.ID, verb, r); err != nil || verb == stop {
			return err
		}
	}
	return nil
}

func (l loader) certificates(ctx context.Context) error {
	own, by, err := l.as(ctx, "lab")
	if err != nil {
		return err
	}
	desk, officer, err := l.as(ctx, "officer")
	if err != nil {
		return err
	}
	owned, err := l.Catalogue.Owned(ctx, l.DB, by.Org)
	if err != nil {
		return err
	}
	var covers []string
	for _, r := range owned {
		if r.Kind == "service" {
			covers = append(covers, r.ID)
		}
	}
	today := clock.Day(l.Clock.Now())
	for _, x := range []struct {
		kind, number string
		from, to     int // days from today
		verify       bool
	}{{"cma", "CMA-2026-0001", -300, 1500, true}, {"cnas", "CNAS-L00001", -2000, 25, true}, {"glp", "GLP-0001", -1500, -12, true}, {"iso9001", "Q-0001", -100, 900, false}} {
		d := provider.CertificateDraft{Kind: x.kind, Number: mark + x.number, Issuer: mark + "发证机关", Scope: "材料与零部件的力学、成分和环境可靠性检测。",
			Items: "拉伸试验 | GB/T 228.1-2021 | 室温，100 kN 以下\n弯曲性能 | GB/T 1449-2005\n中性盐雾试验 | GB/T 10125-2021\n痕量金属分析 | GB/T 39486-2020 | 只测液体样品"}
		if d.From, err = clock.AddDays(today, x.from); err != nil {
			return err
		}
		if d.To, err = clock.AddDays(today, x.to); err != nil {
			return err
		}
		if x.kind != "iso9001" {
			d.Covers = covers
		}
		c, err := l.Provider.SaveCertificate(own, by, "", d)
		if err == nil && x.verify {
			_, err = l.Provider.DoCertificate(desk, officer, c.ID, "verify", "")
		}
		if err != nil {
			return fmt.Errorf("certificate %s: %w", x.number, err)
		}
	}
	return nil
}

// reports are two instruments bought with public money, one in its term and one late, and equipment that was not.
func (l loader) reports(ctx context.Context) error {
	today := clock.Day(l.Clock.Now())
	for i, x := range []struct {
		login, name string
		accepted    int
	}{{"lab", "电感耦合等离子体质谱仪", -22}, {"lab2", "高低温疲劳试验机", -41}} {
		own, by, err := l.as(ctx, x.login)
		if err != nil {
			return err
		}
		day, err := clock.AddDays(today, x.accepted)
		if err != nil {
			return err
		}
		r, err := l.Catalogue.Create(own, by, fmt.Sprintf("demo/report-%d", i), catalogue.Draft{Kind: "instrument", Access: []string{"operated"},
			Values: map[string]any{"name_zh": mark + x.name, "worth": int64(85_000_000), "funds": []string{"local"}, "accepted_on": day}})
		if err != nil {
			return fmt.Errorf("instrument to report: %w", err)
		}
		if err := l.DB.InTx(own, func(ctx context.Context, tx *db.Tx) error { return l.Provider.Follow(ctx, tx, r.ID, today) }); err != nil {
			return err
		}
	}
	own, by, err := l.as(ctx, "lab2")
	if err != nil {
		return err
	}
	owned, err := l.Catalogue.Owned(ctx, l.DB, by.Org)
	if err != nil {
		return err
	}
	for _, r := range owned {
		if r.Kind == "instrument" {
			_, err = l.Provider.Propose(own, by, r.ID)
			return err
		}
	}
	return nil
}
