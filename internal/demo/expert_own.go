//i18n:data what an invented expert and a firm write

package demo

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/expert"
	"qiao/internal/identity"
)

// ownRecord lets the demo's expert make a record his own: he claims it and is verified, says how he is reached, what
// supports his expertise and what he is tied to, agrees to four of the five purposes; a firm asks for contact and waits.
func (l loader) ownRecord(ctx context.Context) error {
	ctx, by, err := l.as(ctx, "expert")
	if err != nil {
		return err
	}
	if had, err := l.Expert.Abouts(ctx, by); err != nil || len(had) > 0 {
		return err
	}
	resource, err := l.recordOf(ctx, "E-NH-01", "nanhu")
	if err != nil {
		return err
	}
	if err := l.claimed(ctx, by, resource); err != nil {
		return fmt.Errorf("claim: %w", err)
	}
	if err := l.supported(ctx, by, resource); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	for _, p := range []string{expert.Publish, expert.Contact, expert.Match, expert.Review} {
		if _, err := l.Expert.Give(ctx, by, resource, p, "2026-1"); err != nil {
			return fmt.Errorf("agree to %s: %w", p, err)
		}
	}
	_, err = l.Expert.Declare(ctx, by, resource, expert.InterestDraft{OrgName: mark + "桐乡新材料共享实验室", Relation: "cooperation", From: "2022-03-01", To: "2025-02-28", Note: "共同承担预浸料项目。"})
	if err != nil {
		return fmt.Errorf("declare: %w", err)
	}
	return l.asked(ctx, resource)
}

// recordOf is the resource that a laboratory of the demo published under a number of its own.
func (l loader) recordOf(ctx context.Context, number, owner string) (string, error) {
	_, keep, err := l.as(ctx, keeper(owner))
	if err != nil {
		return "", err
	}
	list, err := l.Catalogue.Owned(ctx, l.DB, keep.Org)
	for _, r := range list {
		if r.SourceID == number {
			return r.ID, nil
		}
	}
	return "", errors.Join(err, fmt.Errorf("the demo has no record %s", number))
}

func (l loader) claimed(ctx context.Context, by identity.Subject, resource string) error {
	c, err := l.Expert.File(ctx, by, resource, expert.ClaimDraft{Institution: mark + "南湖检测研究院", Reasons: "示例：单位主页上有我的介绍，单位邮箱可以核对。"})
	if err != nil {
		return err
	}
	ctx, lab, err := l.as(ctx, "lab")
	if err != nil {
		return err
	}
	_, err = l.Expert.DoClaim(ctx, lab, c.ID, "verify", "")
	return err
}

// supported says how the expert is reached, and what supports two areas of expertise.
func (l loader) supported(ctx context.Context, by identity.Subject, resource string) error {
	err := l.Expert.Correct(ctx, by, resource, expert.Correction{
		NameZH: mark + "郑远航", NameEN: markEN + "Zheng Yuanhang", Institution: mark + "南湖检测研究院", Title: "研究员", Keywords: []string{"碳纤维", "复合材料", "界面", "失效分析"},
		Summary: "从事碳纤维复合材料界面与失效研究二十年，为十余家企业做过诊断。", Offers: "失效诊断、工艺改进建议、标准解读", Email: "expert@demo.qiao", Phone: "0573-00000001",
	})
	if err != nil {
		return err
	}
	var ids []string
	for _, e := range []expert.Evidence{
		{Kind: "project", Title: mark + "碳纤维预浸料界面缺陷的形成与控制", Year: 2022, Role: "负责人", Number: "SL-2022-031", Partner: mark + "桐乡新材料共享实验室", Source: mark + "项目公示"},
		{Kind: "award", Title: mark + "复合材料失效诊断技术与应用", Year: 2024, Role: "第一完成人", Source: mark + "科技奖励公报"},
		{Kind: "publication", Title: mark + "层合板湿热老化后的界面失效", Year: 2023, Role: "通讯作者", Source: mark + "材料检测学报"},
		{Kind: "standard", Title: mark + "碳纤维预浸料贮存与解冻规程", Year: 2026, Role: "起草人", Number: "T/SLXH 004-2026", Source: mark + "团体标准平台"},
	} {
		kept, err := l.Expert.Cite(ctx, by, resource, e)
		if err != nil {
			return err
		}
		ids = append(ids, kept.ID)
	}
	return l.Expert.SetAreas(ctx, by, resource, []expert.Area{{Name: "复合材料界面", Evidence: []string{ids[0], ids[2]}}, {Name: "失效分析", Evidence: []string{ids[1], ids[2]}}, {Name: "预浸料贮存", Evidence: []string{ids[3]}}})
}

// asked lets a firm ask for contact; without the stories there is none.
func (l loader) asked(ctx context.Context, resource string) error {
	if l.Story.Client.HTTP == nil {
		return nil
	}
	ctx, firm, err := l.as(ctx, "firm")
	if err != nil {
		return err
	}
	_, err = l.Expert.Ask(ctx, firm, "demo/ask-expert", resource, expert.Asking{Subject: "预浸料层间分层的原因", Message: "示例：我们的碳纤维预浸料在湿热试验后分层，想请您看看断口照片，判断是树脂还是界面的问题。"})
	return err
}
