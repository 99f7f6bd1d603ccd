//i18n:data the gallery carries its own two languages

package ui

import (
	"context"
	"time"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
)

var p = i18n.Pick

// galleryNow is the instant the gallery's examples are told from.
func galleryNow() time.Time { return time.Date(2026, 11, 21, 2, 20, 0, 0, time.UTC) }

// wrongForm is a form as it comes back with mistakes.
func wrongForm(ctx context.Context) *form.Form {
	f := form.Of(map[string]string{
		"g2-name": p(ctx, "场发射扫描电子显微镜", "Field-emission scanning electron microscope"), "g2-price": "九百六", "g2-kind": "instrument",
	})
	f.Errors = []fault.Field{
		{Name: "g2-price", Code: "amount", Text: "请填写金额，最多两位小数，例如 1,234.50。"},
		{Name: "g2-day", Code: "required", Text: "请填写这一项。"},
	}
	return f
}

func galleryForm(ctx context.Context) *form.Form {
	return form.Of(map[string]string{
		"g-name": p(ctx, "场发射扫描电子显微镜", "Field-emission scanning electron microscope"), "g-price": "960.00", "g-kind": "service", "g-access": "self", "g-stars": "4",
	})
}

func galleryKinds(ctx context.Context) []Option {
	return []Option{
		{Value: "", Label: p(ctx, "请选择", "Choose")},
		{Value: "instrument", Label: p(ctx, "仪器设备", "Instrument"), Group: p(ctx, "硬件", "Hardware")},
		{Value: "base", Label: p(ctx, "科研基地", "Research base"), Group: p(ctx, "硬件", "Hardware")},
		{Value: "service", Label: p(ctx, "科技服务", "Service"), Group: p(ctx, "服务", "Services")},
	}
}

func galleryAccess(ctx context.Context) []Option {
	return []Option{
		{Value: "self", Label: p(ctx, "自主上机", "Operate it yourself"), Note: p(ctx, "培训合格后自己操作", "after the training")},
		{Value: "served", Label: p(ctx, "委托检测", "Have it tested"), Note: p(ctx, "送样，由技术人员完成", "send the sample, the staff does the rest")},
	}
}

func galleryDay(shift int) []SlotState {
	pattern := []SlotState{SlotTaken, SlotFree, SlotFree, SlotTaken, SlotClosed, SlotFree, SlotFree, SlotMaintenance, SlotFree, SlotTaken, SlotFree, SlotFree}
	return append(append([]SlotState{}, pattern[shift:]...), pattern[:shift]...)
}

func galleryBoard(ctx context.Context, name string) BoardOf {
	b := BoardOf{Label: p(ctx, "扫描电镜的可约时段", "Free slots of the microscope"), Name: name, Prev: "#board", Next: "#board"}
	for d, day := range []string{"2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"} {
		bd := BoardDay{Day: day}
		if d == 1 {
			bd.Note = p(ctx, "周末不开放", "closed at the weekend")
			b.Days = append(b.Days, bd)
			continue
		}
		states := galleryDay(d)
		for i, label := range []string{"09:00–10:00", "10:00–11:00", "11:00–12:00", "13:30–14:30", "14:30–15:30", "15:30–16:30"} {
			s := BoardSlot{Label: label, State: states[i], Value: day + label}
			if d == 3 && i == 0 {
				s.State, s.Note = SlotMine, p(ctx, "我的预约", "my booking")
			}
			s.Chosen = name != "" && d == 2 && s.State == SlotFree && i < 3
			bd.Slots = append(bd.Slots, s)
		}
		b.Days = append(b.Days, bd)
	}
	return b
}

func galleryLanes(ctx context.Context) LanesOf {
	firm := p(ctx, "示例·禾城新材料", "Sample · Hecheng Materials")
	return LanesOf{Label: p(ctx, "今天的排期", "Today"), From: 8, To: 20, Lanes: []Lane{
		{Label: p(ctx, "扫描电镜 SEM-5000X", "SEM-5000X"), Href: "#lanes", Events: []LaneEvent{
			{From: 480, To: 570, Title: p(ctx, "例行校准", "Calibration"), Tone: Plain}, {From: 600, To: 780, Title: firm, Tone: Run, Href: "#lanes"}, {From: 840, To: 930, Title: p(ctx, "待确认", "To be accepted"), Tone: Warn, Href: "#lanes"},
		}},
		{Label: p(ctx, "透射电镜 TEM-200C", "TEM-200C"), Events: []LaneEvent{{From: 480, To: 630, Title: firm, Tone: OK, Href: "#lanes"}, {From: 900, To: 1110, Title: p(ctx, "检修", "Repair"), Tone: Bad}}},
		{Label: p(ctx, "核磁共振 NMR-600", "NMR-600")},
	}}
}

func galleryBars(ctx context.Context) BarsOf {
	b := BarsOf{Title: p(ctx, "各月机时", "Machine hours by month"), Head: p(ctx, "月份", "Month"), Unit: p(ctx, "小时", "hours"), Series: []string{p(ctx, "共享机时", "Shared"), p(ctx, "自用机时", "Own use")}}
	for i, v := range [][2]float64{{1820, 5100}, {1450, 4300}, {2680, 5120}, {2900, 5590}, {3120, 5700}, {3420, 6080}, {3210, 6060}, {3340, 5600}, {3590, 6700}, {3880, 6580}, {4150, 7350}, {4070, 6900}} {
		month := []string{"12", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}[i]
		b.Bars = append(b.Bars, Bar{Label: p(ctx, month+" 月", []string{"Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"}[i]), Values: v[:], Texts: []string{i18n.Group(int(v[0])), i18n.Group(int(v[1]))}})
	}
	return b
}

func galleryTiles(ctx context.Context) TilesOf {
	m := TilesOf{Label: p(ctx, "各县（市、区）仪器数", "Instruments by county"), Unit: p(ctx, "台（套）", "instruments")}
	for _, x := range []struct {
		col, row int
		zh, en   string
		n        int64
	}{{3, 1, "嘉善", "Jiashan", 163}, {2, 1, "秀洲", "Xiuzhou", 312}, {2, 2, "南湖", "Nanhu", 465}, {3, 2, "平湖", "Pinghu", 201}, {1, 2, "桐乡", "Tongxiang", 275}, {1, 3, "海宁", "Haining", 385}, {2, 3, "海盐", "Haiyan", 0}} {
		m.Tiles = append(m.Tiles, Tile{Col: x.col, Row: x.row, Label: p(ctx, x.zh, x.en), Value: x.n, Href: "#tiles"})
	}
	return m
}

func galleryArch(ctx context.Context) ArchOf {
	a := ArchOf{Title: p(ctx, "今日空闲率", "Free today"), Note: p(ctx, "10:20 统计，每块石为半小时", "counted at 10:20, one stone is half an hour"), Now: 5, Big: "1,032", Unit: p(ctx, "台仪器今天还可约", "instruments still free today")}
	for i, share := range []float64{0, .2, .35, .5, .42, .3, .2, .55, .9, .95, .7, .4, .3, .25, .35, .5, .6, .75, .8, .9, .95, 1, 1, 0} {
		a.Stones = append(a.Stones, Stone{Label: minutes(480 + 30*i), Share: share, Text: i18n.Group(int(share*400)) + p(ctx, " 台空闲", " free")})
	}
	return a
}

func galleryTasks(ctx context.Context) []Task {
	now := galleryNow()
	return []Task{
		{Title: p(ctx, "接受预约 DD3304-20261121-0007", "Accept booking DD3304-20261121-0007"), Note: p(ctx, "示例·禾城新材料 · 扫描电镜 · 明天 09:30–11:00", "Sample · Hecheng Materials · SEM · tomorrow 09:30–11:00"), Link: "#tasks", Icon: "calendar-check", Since: now.Add(-26 * time.Hour), Due: now.Add(-2 * time.Hour)},
		{Title: p(ctx, "上传检测报告", "Upload the test reports"), Link: "#tasks", Icon: "file-upload", Count: 3, Due: now.Add(28 * time.Hour)},
		{Title: p(ctx, "核验兑付申请", "Verify redemption claims"), Note: p(ctx, "示例·南湖检测研究院", "Sample · Nanhu Testing Institute"), Link: "#tasks", Icon: "receipt-yuan", Since: now.Add(-72 * time.Hour)},
	}
}

func galleryMoments(ctx context.Context) []Moment {
	now := galleryNow()
	return []Moment{
		{At: now.Add(-5 * time.Minute), Who: p(ctx, "示例·陈检", "Sample · Chen Jian"), Title: p(ctx, "开始上机", "Run started"), Tone: Run},
		{At: now.Add(-23 * time.Hour), Who: p(ctx, "示例·陈检", "Sample · Chen Jian"), Title: p(ctx, "接受预约", "Accepted"), Note: p(ctx, "请提前十分钟到实验楼 3 楼，样品需干燥。", "Please come ten minutes early, building 3; the sample must be dry."), Tone: OK},
		{At: now.Add(-50 * time.Hour), Who: p(ctx, "示例·林知远", "Sample · Lin Zhiyuan"), Title: p(ctx, "提交预约", "Requested")},
	}
}

func gallerySteps(ctx context.Context, bad bool) []Step {
	steps := []Step{
		{Label: p(ctx, "预约", "Request"), Note: p(ctx, "11月19日", "19 Nov"), State: StepDone}, {Label: p(ctx, "接受", "Accept"), Note: p(ctx, "昨天", "yesterday"), State: StepDone},
		{Label: p(ctx, "上机", "Run"), Note: p(ctx, "进行中", "under way"), State: StepNow}, {Label: p(ctx, "报告", "Report")}, {Label: p(ctx, "确认", "Confirm")}, {Label: p(ctx, "结算", "Settle")},
	}
	if bad {
		steps[1], steps[2].State, steps[2].Note = Step{Label: p(ctx, "已拒绝", "Refused"), Note: p(ctx, "仪器检修", "under repair"), State: StepBad}, StepNext, ""
	}
	return steps
}
