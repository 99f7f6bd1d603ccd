//i18n:data an invented spreadsheet

package demo

import (
	"context"
	"fmt"

	"qiao/internal/catalogue/columns"
	"qiao/internal/catalogue/importing"
	"qiao/internal/catalogue/kinds"
)

// sheets shows how a provider's own spreadsheets are understood: one whose columns were explained and saved, and one that
// waits to be.
func (l loader) sheets(ctx context.Context) error {
	ctx, lab, err := l.as(ctx, "lab")
	if err != nil {
		return err
	}
	saved := importing.Plan{
		Kind: "instrument",
		Columns: map[string]string{
			"设备台账号": "source_id", "设备全称": "name_zh", "规格": "model", "制造厂": "maker", "购入价(元)": "worth", "投用": "commissioned", "放在哪": "room", "收费": kinds.TargetExternal, "按什么收": kinds.TargetUnit, "保管": "contact", "备注栏": kinds.TargetNone,
		},
		Constants: map[string]string{"department": mark + "分析测试中心"},
		Readings:  map[string]columns.Reading{"购入价(元)": {Yuan: true}, "投用": {Dates: columns.DayFirst}},
	}
	if _, err := l.Importing.SaveMapping(ctx, lab, lab.Org, mark+"设备台账", saved); err != nil {
		return fmt.Errorf("save a mapping: %w", err)
	}
	f, err := sampleFiles.Open("sample/assets-own.csv")
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // an embedded file has nothing to lose
	name := mark + "资产清单.csv"
	if _, err := l.Importing.Import(ctx, lab, importing.Request{Org: lab.Org, Name: name, Reader: f, Ask: true}); err != nil {
		return fmt.Errorf("upload %s: %w", name, err)
	}
	return nil
}
