//i18n:data what the parties of an invented research order write

package demo

import (
	"context"
	"encoding/base64"
	"fmt"

	"qiao/internal/platform/clock"
)

// research lets a firm have a joining process developed by an institute of another province: quoted with milestones, under a
// contract on commissioned development, the first stage accepted and paid, the second delivered.
func (l loader) research(ctx context.Context, o Options) error {
	o.Cast = Cast{Key: "research", Login: "firm", Lab: "wujiang", Service: "异种材料连接工艺开发", Task: "碳纤维复合材料支架与铝合金底座的连接工艺：要求剪切强度不低于 18 MPa，湿热老化 1000 小时后保持率不低于 80%。", Quantity: 1}
	t := &teller{o: o, cast: o.Cast}
	if err := t.commission(ctx); err != nil {
		return fmt.Errorf("a research order: %w", err)
	}
	day := func(n int) string { return clock.Day(t.o.Now().AddDate(0, 0, n)) }
	file := func(name, text string) []object {
		return []object{{"name": name, "content": base64.StdEncoding.EncodeToString([]byte("示例文件（虚构） / Sample file (invented)\n" + text + "\n"))}}
	}
	terms := object{"form": "development", "patent": "both", "result": "both", "data": "buyer", "publish": "agreed", "nda": "strict", "secret": 5, "risk": "shared", "liability": "price", "rest": "return"}
	for _, x := range []struct {
		who, verb string
		body      object
	}{
		{t.cast.Lab, "quote", object{
			"lines": []object{
				{"text": "研究开发（方案、试制、评价）", "unit": "time", "amount": 14_800_000, "quantity": 1},
				{"text": "工程师驻场", "unit": "day", "amount": 180_000, "quantity": 15, "per": 2}, {"kind": "add-on", "text": "胶粘剂与工装", "unit": "batch", "amount": 960_000, "quantity": 1},
				{"kind": "discount", "text": "首次合作", "percent": 300},
			},
			"milestones": []object{
				{"name": "技术方案", "deliverable": "工艺路线、试验计划和风险清单", "due_on": day(14), "share": 200}, {"name": "样件与工艺窗口", "deliverable": "20 件样件、工艺参数和剪切强度数据", "due_on": day(45), "share": 500},
				{"name": "老化评价与总结", "deliverable": "1000 小时湿热老化数据和总结报告", "due_on": day(100), "share": 300},
			},
			"tax": "含税，开具增值税专用发票（税率 6%）", "valid_until": day(20), "note": "含工装和样件，不含批量试制；约 100 天完成。",
		}},
		{t.cast.Login, "accept", object{}},
		{t.cast.Lab, "contract", terms},
		{t.cast.Lab, "sign", object{"seal": true}},
		{t.cast.Login, "sign", object{"files": file("合同盖章页.txt", "打印、盖章、扫描的合同")}},
		{t.cast.Lab, "deliver", object{"note": "方案经内部评审。", "files": file("技术方案.txt", "工艺路线比较：胶接、激光连接")}},
		{t.cast.Login, "approve", object{"note": "同意按方案进行。"}},
		{t.cast.Lab, "invoice", object{"number": "26322000000000000801"}},
		{t.cast.Lab, "pay", object{"way": "transfer", "note": "示例回单"}},
		{t.cast.Lab, "start", object{"note": "开始试制。"}},
		{t.cast.Lab, "deliver", object{"note": "样件已寄出，数据见附件。", "files": file("样件数据.txt", "剪切强度 19.6 MPa（20 件平均）")}},
	} {
		key := x.verb
		if x.verb == "deliver" || x.verb == "sign" {
			key += fmt.Sprint(x.who, x.body["note"])
		}
		if err := t.post(ctx, x.who, "/orders/"+t.result.Commission.ID+"/"+x.verb, key, x.body, nil); err != nil {
			return fmt.Errorf("a research order, %s: %w", x.verb, err)
		}
	}
	return nil
}
