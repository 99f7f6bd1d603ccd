//i18n:data invented records that are there twice

package demo

import (
	"context"
	"fmt"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
)

// serials are the serial numbers of invented instruments that another owner entered, too.
func serials() map[string]string { return map[string]string{"NH-001": "SL500-2021-0718"} }

// twins enters what is there already: an instrument that two institutions run together and both entered, each in its own
// words, and a public record of an organisation that is registered.
func (l loader) twins(ctx context.Context) error {
	_, err := l.publish(ctx, "xiuzhou", "XZ-901", catalogue.Draft{
		Kind: "instrument", Access: []string{"operated"}, Booking: true,
		Values: map[string]any{
			"name_zh": mark + "热场发射扫描电镜（与南湖检测研究院共建）", "name_en": markEN + "Thermal field-emission SEM (run jointly with Nanhu)", "source_id": "XZ-901", "model": "SL FE 500",
			"maker": mark + "启明仪器厂", "class": "010100", "serial": "sl500 2021-0718", "summary": "断口和微区形貌观察，可配能谱。", "worth": "386", "commissioned": "2021-05-20", "room": "南湖检测路 8 号 102 室",
		},
		Prices: []catalogue.PriceLine{{Audience: "external", Unit: "hour", Amount: money.Fen(45_000)}},
	})
	if err != nil {
		return fmt.Errorf("instrument XZ-901: %w", err)
	}
	return l.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, _, err := l.Identity.PutUnclaimed(ctx, tx, identity.Organisation{
			NameZH: mark + "桐乡新材料共享实验室", NameEN: markEN + "Tongxiang Shared Laboratory of Materials", Region: "330483", Kind: "facility", Website: "https://tongxiang.example",
			Source: mark + "虚构名录", SourceID: "tongxiang", Licence: "CC0-1.0", RetrievedOn: "2026-11-21", Sample: true,
		})
		return err
	})
}
