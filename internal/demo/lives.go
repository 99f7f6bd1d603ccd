//i18n:data what happens to the invented records of the demo

package demo

import (
	"context"
	"fmt"

	"qiao/internal/catalogue"
	"qiao/internal/platform/clock"
)

// lives lets the records of the demo have a life: languages are added to many at once, one instrument rests, one is under customs
// supervision, and a county asks for a second reader, who has a record to read.
func (l loader) lives(ctx context.Context) error {
	for _, step := range []func(context.Context) error{l.spokenLanguages, l.resting, l.underCustoms, l.secondReader} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (l loader) spokenLanguages(ctx context.Context) error {
	own, by, err := l.as(ctx, "lab")
	if err != nil {
		return err
	}
	_, err = l.Catalogue.ApplyBulk(own, by, "demo/languages", catalogue.Bulk{Found: &catalogue.OwnQuery{Kind: "service"}, BulkEdit: catalogue.BulkEdit{Part: "languages", Op: "add", Value: []string{"zh", "en"}}})
	if err != nil {
		return fmt.Errorf("add languages: %w", err)
	}
	return nil
}

// owned finds a record of a laboratory by its number.
func (l loader) owned(ctx context.Context, owner, number string) (context.Context, catalogue.Resource, error) {
	own, by, err := l.as(ctx, keeper(owner))
	if err != nil {
		return ctx, catalogue.Resource{}, err
	}
	list, err := l.Catalogue.Own(own, by, catalogue.OwnQuery{Text: number})
	if err != nil || len(list.Items) != 1 {
		return ctx, catalogue.Resource{}, fmt.Errorf("find %s: %d records: %w", number, len(list.Items), err)
	}
	return own, list.Items[0], nil
}

func (l loader) resting(ctx context.Context) error {
	own, r, err := l.owned(ctx, "haining", "HN-002")
	if err != nil {
		return err
	}
	_, by, err := l.as(ctx, keeper("haining"))
	if err == nil {
		_, err = l.Catalogue.Do(own, by, r.ID, "suspend", "年度检定，预计两周后恢复（示例）。")
	}
	return err
}

func (l loader) underCustoms(ctx context.Context) error {
	own, r, err := l.owned(ctx, "qingpu", "QP-002")
	if err != nil {
		return err
	}
	until, err := clock.AddDays(clock.Day(l.Clock.Now()), 400)
	if err != nil {
		return err
	}
	_, by, err := l.as(ctx, keeper("qingpu"))
	if err != nil {
		return err
	}
	for part, value := range map[string][]string{"customs": {"yes"}, "nation": {"德国"}, "customs_purposes": {"research", "teaching"}, "supervised_until": {until}, "customs_office": {mark + "主管海关"}} {
		e := catalogue.BulkEdit{Part: part, Op: "set", Value: value}
		if _, err := l.Catalogue.ApplyBulk(own, by, "demo/customs/"+part, catalogue.Bulk{IDs: []string{r.ID}, BulkEdit: e}); err != nil {
			return fmt.Errorf("customs, %s: %w", part, err)
		}
	}
	return nil
}

func (l loader) secondReader(ctx context.Context) error {
	desk, officer, err := l.as(ctx, "officer")
	if err != nil {
		return err
	}
	term := catalogue.CheckTerm{Region: "330424", Days: 90, Warn: 14, Again: 7, Review: true, Source: "示例：演示用规定"}
	if err := l.Catalogue.SetTerm(desk, officer, term); err != nil {
		return fmt.Errorf("set a check term: %w", err)
	}
	own, by, err := l.as(ctx, keeper("haiyan"))
	if err != nil {
		return err
	}
	d := catalogue.Draft{Kind: "service", Access: []string{"mail_in"}, Voucher: true,
		Values: map[string]any{"name_zh": mark + "高温蠕变持久试验服务", "name_en": markEN + "High-temperature creep testing", "source_id": "S-HY-90", "class": "test", "summary": "管材和板材在 300–1,000 ℃ 下的蠕变与持久强度，依据 GB/T 2039-2012。", "turnaround": int64(20)},
		Prices: []catalogue.PriceLine{{Audience: "external", Unit: "sample", Amount: 180_000}}}
	r, err := l.Catalogue.Create(own, by, "demo/review", d)
	if err == nil && r.Status == catalogue.StatusDraft {
		_, err = l.Catalogue.Do(own, by, r.ID, "publish", "")
	}
	return err
}
