package match

import (
	"context"
	"strings"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

func stateName(ctx context.Context, st string) string {
	switch st {
	case Draft:
		return t(ctx, "草稿")
	case Published:
		return t(ctx, "征集中")
	case Matched:
		return t(ctx, "已匹配")
	case Agreed:
		return t(ctx, "已签约")
	case Closed:
		return t(ctx, "已办结")
	}
	return st
}

func stateTone(st string) ui.Tone {
	switch st {
	case Draft:
		return ui.Warn
	case Published:
		return ui.Info
	case Matched:
		return ui.Run
	case Agreed:
		return ui.OK
	}
	return ui.Plain
}

// verbName is a step as a button says it.
func verbName(ctx context.Context, verb string) string {
	switch verb {
	case VerbPublish:
		return t(ctx, "发布这条需求")
	case VerbInvite:
		return t(ctx, "邀请响应")
	case VerbRespond:
		return t(ctx, "我能满足")
	case VerbAccept:
		return t(ctx, "接受这个候选")
	case VerbDecline:
		return t(ctx, "婉拒")
	case VerbMeet:
		return t(ctx, "登记对接")
	case VerbAgree:
		return t(ctx, "登记签约")
	case VerbFollowUp:
		return t(ctx, "登记跟进")
	case VerbClose:
		return t(ctx, "办结需求")
	}
	return verb
}

// stepName is a step of the history in words.
func stepName(ctx context.Context, st Step) string {
	switch st.Verb {
	case VerbPublish:
		return t(ctx, "发布了需求")
	case VerbInvite:
		return t(ctx, "邀请了供方响应")
	case VerbRespond:
		return t(ctx, "供方响应了需求")
	case VerbAccept:
		return t(ctx, "接受了候选")
	case VerbDecline:
		reason, _ := wordsOf(Declines(), st.Code)
		return t(ctx, "婉拒了候选：{0}", t(ctx, reason))
	case VerbMeet:
		return t(ctx, "双方进行了对接")
	case VerbAgree:
		return t(ctx, "签订了协议")
	case VerbFollowUp:
		return t(ctx, "登记了跟进情况")
	case VerbOrder:
		return t(ctx, "下了订单")
	case VerbClose:
		outcome, _ := wordsOf(append(Outcomes(Agreed), Outcomes(Published)...), st.Code)
		return t(ctx, "办结：{0}", t(ctx, outcome))
	}
	return st.Verb
}

func groupName(ctx context.Context, group string) string {
	switch group {
	case GroupInstrument:
		return t(ctx, "仪器设施")
	case GroupService:
		return t(ctx, "检测与技术服务")
	}
	return t(ctx, "专家")
}

func groupIcon(group string) (icon string, hue int) {
	switch group {
	case GroupInstrument:
		return "microscope", 1 //icons: microscope
	case GroupService:
		return "flask", 3 //icons: flask
	}
	return "user", 6 //icons: user
}

// From which share of the need covered a fit is called good or fair.
const (
	goodFit = 0.45
	fairFit = 0.25
)

// fit says how well a candidate fits; three words, because more would claim an exactness that is not there.
func fit(ctx context.Context, c Candidate) ui.Chip {
	switch {
	case c.Place == 0:
		return ui.Chip{Text: t(ctx, "未按文字推荐")}
	case c.Covered >= goodFit:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "契合度高")}
	case c.Covered >= fairFit:
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "契合度中")}
	}
	return ui.Chip{Text: t(ctx, "供参考")}
}

// chips are the states of a candidate.
func (c Candidate) chips(ctx context.Context) []ui.Chip {
	out := []ui.Chip{fit(ctx, c)}
	switch {
	case c.Proposal.State == Accepted:
		out = append([]ui.Chip{{Tone: ui.OK, Text: t(ctx, "已接受")}}, out...)
	case c.Proposal.State == Declined:
		out = append([]ui.Chip{{Tone: ui.Plain, Text: t(ctx, "已婉拒")}}, out...)
	case c.Proposal.Origin == OriginResponse:
		out = append([]ui.Chip{{Tone: ui.Info, Text: t(ctx, "供方已响应")}}, out...)
	case c.Proposal.Origin == OriginInvited:
		out = append([]ui.Chip{{Tone: ui.Warn, Text: t(ctx, "已邀请，等待响应")}}, out...)
	}
	return out
}

// remarks are the reasons, then the gaps.
func (c Candidate) remarks(ctx context.Context) []ui.Remark {
	var out []ui.Remark
	for _, r := range c.Reasons {
		out = append(out, ui.Remark{Tone: ui.OK, Text: r.Say(ctx)})
	}
	for _, g := range c.Gaps {
		out = append(out, ui.Remark{Tone: ui.Warn, Text: g.Say(ctx)})
	}
	return out
}

func (c Candidate) meta(ctx context.Context, place func(string) string) []string {
	return []string{c.Supply.OwnerName, place(c.Supply.Region), i18n.Pick(ctx, c.Supply.Class, c.Supply.ClassEN)}
}

// title is what heads a need for this reader.
func (v Shown) title(ctx context.Context) string {
	if v.Masked {
		return t(ctx, "保密需求")
	}
	return firstSentence(v.Need.Text, 40)
}

func (v Shown) meta(ctx context.Context) []string {
	firm := v.Firm
	if firm == "" {
		firm = t(ctx, "一家企业")
	}
	day := v.Need.PublishedOn
	if day == "" {
		day = v.Need.CreatedOn
	}
	return []string{firm, v.Place, ui.SayDay(ctx, day)}
}

func (v Shown) chips(ctx context.Context) []ui.Chip {
	out := []ui.Chip{{Tone: stateTone(v.Need.State), Text: stateName(ctx, v.Need.State)}}
	if v.Need.Confidential {
		out = append(out, ui.Chip{Tone: ui.Warn, Text: t(ctx, "保密")})
	}
	if v.Need.State != Draft && !v.Need.Listed {
		out = append(out, ui.Chip{Text: t(ctx, "未公开")})
	}
	return out
}

// tags are the fields a need touches and the hard facts it names.
func (v Shown) tags() []ui.Chip {
	var out []ui.Chip
	if v.Need.Topics != "" {
		for topic := range strings.SplitSeq(v.Need.Topics, "、") { //i18n:data as topics are joined
			out = append(out, ui.Chip{Text: topic})
		}
	}
	for _, f := range v.Facts {
		out = append(out, ui.Chip{Tone: ui.Info, Text: f.Text})
	}
	return out
}

// factName is what kind of hard fact a chip shows.
func factName(ctx context.Context, kind string) string {
	switch kind {
	case FactStandard:
		return t(ctx, "标准")
	case FactModel:
		return t(ctx, "型号或牌号")
	case FactQuantity:
		return t(ctx, "指标与数量")
	case FactBudget:
		return t(ctx, "预算")
	case FactDate:
		return t(ctx, "时间")
	case FactPlace:
		return t(ctx, "地点")
	case FactCertificate:
		return t(ctx, "资质")
	}
	return t(ctx, "用券")
}

// facts groups the hard facts of a need for a list of words and values.
func (v Shown) facts(ctx context.Context) []ui.Fact {
	var out []ui.Fact
	for _, kind := range []string{FactQuantity, FactStandard, FactModel, FactCertificate, FactDate, FactBudget, FactPlace, FactVoucher} {
		var values []string
		for _, f := range v.Facts {
			if f.Kind == kind {
				values = append(values, f.Text)
			}
		}
		if len(values) > 0 {
			out = append(out, ui.Fact{Label: factName(ctx, kind), Value: list(values)})
		}
	}
	return out
}

func options(ctx context.Context, choices []Choice) []ui.Option {
	out := make([]ui.Option, len(choices))
	for i, c := range choices {
		out[i] = ui.Option{Value: c.Code, Label: t(ctx, c.Text)}
	}
	return out
}

// orderLink starts an order that keeps the need.
func orderLink(ctx context.Context, c Candidate) (href, label string) {
	switch {
	case c.Supply.Bookable:
		return "/resources/" + c.Supply.ID + "/book?need=" + c.Proposal.Need, t(ctx, "预约时段")
	case c.Supply.Orders:
		return "/resources/" + c.Supply.ID + "/commission?need=" + c.Proposal.Need, t(ctx, "委托服务")
	}
	return "/resources/" + c.Supply.ID, t(ctx, "查看联系方式")
}

// example is a need that shows how to write one.
type example struct{ title, text string }

func examples(ctx context.Context) []example {
	if i18n.From(ctx) == i18n.EN {
		return []example{
			{"Failure analysis", "Bolts of our gearbox broke at a customer's. We would like somebody to look at the fracture surfaces and tell us whether material or heat treatment is to blame. Five samples, report wanted within two weeks."},
			{"Coating test", "We apply wear-resistant coatings of 5–10 μm. A customer asks for neutral salt spray for 480 hours, thickness and adhesion, with a CMA report."},
			{"Looking for an expert", "Our dyeing wastewater stays above the COD limit. We look for an expert in membrane treatment and advanced oxidation to visit us in Jiaxing."},
		}
	}
	return []example{
		{"失效分析", "我们的减速箱螺栓在客户现场断裂，想请人看看断口，判断是材料问题还是热处理问题。共 5 件样品，希望两周内出报告。"},           //i18n:data examples in both languages
		{"涂层检测", "产品表面是 5–10 μm 的耐磨涂层，客户要求做中性盐雾 480 小时，并测厚度和结合力，需要 CMA 报告，可以用创新券。"},    //i18n:data
		{"找专家", "印染废水的 COD 一直降不下来，想找懂膜处理和高级氧化的专家到嘉兴现场看看，顺便检测一下进出水指标。"},                 //i18n:data
		{"小批试制", "新设计的 316L 支架想先用 3D 打印做 10 件，尺寸约 80 mm，打印后要检查内部气孔，预算 3 万元以内，月底前要样件。"}, //i18n:data
	}
}
