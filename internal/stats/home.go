package stats

import (
	"context"
	"fmt"

	"qiao/internal/platform/ui"
)

// role is how the platform works for one kind of reader, in three steps.
type role struct {
	Title string
	Icon  string
	Steps []roleStep
	Go    ui.Link
}

type roleStep struct {
	Icon, Label, Note string
}

func roles(ctx context.Context) []role {
	return []role{
		{Title: t(ctx, "我是企业"), Icon: "building-factory-2", Go: ui.Link{Label: t(ctx, "注册企业"), Href: "/register"}, Steps: []roleStep{
			{Icon: "search", Label: t(ctx, "找得到"), Note: t(ctx, "搜资源，或写下难题让平台来配")},
			{Icon: "calendar-check", Label: t(ctx, "约得上"), Note: t(ctx, "先看总价、券抵多少、自付多少，再下单")},
			{Icon: "file-certificate", Label: t(ctx, "用得好"), Note: t(ctx, "收报告，确认，评价")},
		}},
		{Title: t(ctx, "我有仪器和专家"), Icon: "microscope", Go: ui.Link{Label: t(ctx, "加入平台"), Href: "/register"}, Steps: []roleStep{
			{Icon: "table-import", Label: t(ctx, "一表上架"), Note: t(ctx, "上传一张表，仪器当场可查可约")},
			{Icon: "clock-play", Label: t(ctx, "接单服务"), Note: t(ctx, "接单、排期、记机时、交报告")},
			{Icon: "cash", Label: t(ctx, "凭单兑付"), Note: t(ctx, "凭已完成的订单兑付创新券")},
		}},
		{Title: t(ctx, "我是主管部门"), Icon: "building-bank", Go: ui.Link{Label: t(ctx, "看本地区的数字"), Href: "/numbers"}, Steps: []roleStep{
			{Icon: "adjustments", Label: t(ctx, "定好规则"), Note: t(ctx, "定比例、上限、预算与禁用范围")},
			{Icon: "checklist", Label: t(ctx, "审得清楚"), Note: t(ctx, "核验单位，审额度与兑付，公示留痕")},
			{Icon: "chart-bar", Label: t(ctx, "看得明白"), Note: t(ctx, "每个数字都有定义和明细，改政策有据")},
		}},
	}
}

// percent writes basis points: 5000 is 50%.
func percent(basisPoints int64) string {
	if basisPoints%100 == 0 {
		return fmt.Sprint(basisPoints/100) + "%"
	}
	return fmt.Sprintf("%d.%02d%%", basisPoints/100, basisPoints%100)
}
