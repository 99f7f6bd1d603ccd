package scrutiny

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/voucher"
)

var t = i18n.T

// kindName says what is odd, in a few words.
func kindName(ctx context.Context, kind string) string {
	names := map[string]string{
		Related: "买卖双方有关联", Splitting: "疑似拆单", Double: "疑似重复资助", Report: "同一份报告用了两次",
		Price: "价格偏离平常", Circle: "互相购买", Shared: "多家企业同一联系方式", Times: "时间对不上",
	}
	if zh, ok := names[kind]; ok {
		return t(ctx, zh)
	}
	return kind
}

// innocent says what may well explain a kind: flags are questions, not answers.
func innocent(ctx context.Context, kind string) string {
	texts := map[string]string{
		Related:   "高校孵化的企业常登记在学校的地址上；曾经参股、已经退出的不算关联。看工商登记的日期。",
		Splitting: "同一课题分批送样，每批一单，价格自然相同。看样品和合同是不是一批。",
		Double:    "自付部分用别的经费支付，只在本计划不许叠加时才是问题；同名的两批服务也可能是两次。",
		Report:    "一份总报告可以附在几张订单上，但每张订单要指明各自的部分。",
		Price:     "加急、大批量、特殊条件都会改变单价。看报价单上的说明。",
		Circle:    "同城的机构互为客户很常见。看两边的服务是否真实、价格是否相称。",
		Shared:    "同一孵化器里的企业会共用地址和前台电话；代办人也会替几家企业下单。",
		Times:     "先口头商定、后补签合同是习惯，不是假服务；夜间自动运行会超出开放时间。",
	}
	return t(ctx, texts[kind])
}

func severityChip(ctx context.Context, severity string) ui.Chip {
	switch severity {
	case "high":
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "重")}
	case "medium":
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "中")}
	}
	return ui.Chip{Text: t(ctx, "轻")}
}

func flagChip(ctx context.Context, f Flag) ui.Chip {
	switch f.State {
	case Dismissed:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已说明")}
	case Upheld:
		return ui.Chip{Tone: ui.Bad, Text: outcomeName(ctx, f.Outcome)}
	}
	return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待核实")}
}

func outcomeName(ctx context.Context, outcome string) string {
	switch outcome {
	case OutcomeRefuse:
		return t(ctx, "属实，不予兑付")
	case OutcomeCheck:
		return t(ctx, "属实，转现场核查")
	case OutcomeRecover:
		return t(ctx, "属实，追回款项")
	}
	return t(ctx, "属实，记录在案")
}

func caseChip(ctx context.Context, state string) ui.Chip {
	switch state {
	case Clean:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "未见异常")}
	case Bad:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "发现问题")}
	}
	return ui.Chip{Tone: ui.Warn, Text: t(ctx, "核查中")}
}

func drawChip(ctx context.Context, state string) ui.Chip {
	if state == DrawnSt {
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已抽出")}
	}
	return ui.Chip{Tone: ui.Warn, Text: t(ctx, "名单已封存，等号码")}
}

func recoveryChip(ctx context.Context, state string) ui.Chip {
	switch state {
	case Ordered:
		return ui.Chip{Tone: ui.Run, Text: t(ctx, "已决定，等到账")}
	case Received:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已到账")}
	case Dropped:
		return ui.Chip{Text: t(ctx, "已撤销")}
	}
	return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待第二人决定")}
}

func sanctionChip(ctx context.Context, state string) ui.Chip {
	chips := map[string]ui.Chip{
		Hearing: {Tone: ui.Warn, Text: "听取陈述"}, Decided: {Tone: ui.Warn, Text: "待第二人确认"}, Active: {Tone: ui.Bad, Text: "生效中"}, Appealed: {Tone: ui.Bad, Text: "生效中，已申诉"},
		Final: {Tone: ui.Bad, Text: "生效中，申诉已驳回"}, Lifted: {Tone: ui.OK, Text: "已解除"}, Ended: {Text: "期满结束"}, Dropped: {Text: "已撤销"},
	}
	c := chips[state]
	c.Text = t(ctx, c.Text)
	return c
}

func sideName(ctx context.Context, side string) string {
	if side == voucher.SideProvider {
		return t(ctx, "服务机构")
	}
	return t(ctx, "企业")
}

func strataName(ctx context.Context, way string) string {
	switch way {
	case ByAmount:
		return t(ctx, "按金额分层")
	case ByProvider:
		return t(ctx, "按服务机构分层")
	}
	return t(ctx, "不分层")
}

// stratumName says a stratum of a draw.
func (s *Service) stratumName(ctx context.Context, d Draw, stratum string, orgs map[string]ui.OrgRef) string {
	switch d.Stratify {
	case ByProvider:
		return orgs[stratum].Name
	case ByAmount:
		bands := s.rules().Check.Bands
		for i := range len(bands) + 1 {
			if stratum != string([]byte{'0', byte('0' + i)}) {
				continue
			}
			switch {
			case i == len(bands):
				return t(ctx, "{0} 以上", bands[i-1])
			case i == 0:
				return t(ctx, "{0} 以下", bands[0])
			}
			return t(ctx, "{0} 到 {1}", bands[i-1], bands[i])
		}
	}
	return t(ctx, "全部")
}

// stepName says what a verb did, as a timeline does.
func stepName(ctx context.Context, st Step) string {
	names := map[string]string{
		"raise": "系统提示", "answer": "当事单位说明", "dismiss": "核实后认为可以说明", "uphold": "核实后认为属实",
		"draw": "列入核查", "note": "核查记录", "clean": "结论：未见异常", "finding": "结论：发现问题",
		"propose": "提出", "order": "决定追回", "drop": "撤销", "receive": "款项到账",
		"state": "当事单位陈述", "decide": "作出决定", "confirm": "第二人确认，生效", "appeal": "当事单位申诉", "stand": "驳回申诉", "lift": "解除", "end": "期满结束",
	}
	if zh, ok := names[st.Verb]; ok {
		return t(ctx, zh)
	}
	return st.Verb
}

func stepTone(verb string) ui.Tone {
	switch verb {
	case "uphold", "finding", "confirm", "order", "stand":
		return ui.Bad
	case "dismiss", "clean", "receive", "lift", "end":
		return ui.OK
	}
	return ""
}

// In is a row of evidence in the language of ctx, with the organisations by their names.
func (l Line) In(ctx context.Context, orgs map[string]ui.OrgRef) string {
	args := make([]any, len(l.Args))
	for i, a := range l.Args {
		args[i] = a
		if id, ok := strings.CutPrefix(a, "org:"); ok {
			args[i] = orgs[id].Name
		}
		if zh, ok := strings.CutPrefix(a, "t:"); ok {
			args[i] = t(ctx, zh)
		}
	}
	return t(ctx, l.Text, args...)
}

// refs finds organisations for a page; one that is unknown is shown by its id.
func (s *Service) refs(ctx context.Context, q db.Q, ids ...string) (map[string]ui.OrgRef, error) {
	ids = slices.DeleteFunc(ids, func(x string) bool { return x == "" })
	slices.Sort(ids)
	known, err := s.Organisations.Organisations(ctx, q, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	out := map[string]ui.OrgRef{}
	for _, x := range ids {
		out[x] = ui.OrgRef{Name: x}
		if o, ok := known[x]; ok {
			out[x] = o.Ref(ctx)
		}
	}
	return out, nil
}

// orgsIn are the organisations that rows of evidence name.
func orgsIn(flags []Flag) []string {
	var out []string
	for _, f := range flags {
		out = append(out, f.Firm, f.Provider)
		for _, l := range f.Lines() {
			for _, a := range l.Args {
				if id, ok := strings.CutPrefix(a, "org:"); ok {
					out = append(out, id)
				}
			}
		}
	}
	return out
}

// history is what was done and said, the newest first, with who did it: names for the authority, sides for the others.
type history struct {
	Steps   []Step
	Moments []ui.Moment
	Base    string // address of the object, for its files
}

func (s *Service) history(ctx context.Context, by identity.Subject, object, base string) (history, error) {
	h := history{Base: base}
	var err error
	if h.Steps, err = listSteps(ctx, s.DB, object); err != nil {
		return h, err
	}
	var people, orgs []string
	for _, st := range h.Steps {
		people, orgs = append(people, st.Person), append(orgs, st.Org)
	}
	names, err := s.Organisations.Names(ctx, s.DB, people)
	if err != nil {
		return h, err
	}
	refs, err := s.refs(ctx, s.DB, orgs...)
	if err != nil {
		return h, err
	}
	inside := s.Policy.May(by, "scrutiny.inspect") == nil
	for _, st := range slices.Backward(h.Steps) {
		m := ui.Moment{At: st.At.Time, Title: stepName(ctx, st), Note: st.Note, Tone: stepTone(st.Verb), Who: refs[st.Org].Name}
		if name := names[st.Person]; name != "" && (inside || st.Org == by.Org) {
			m.Who = name + " · " + m.Who
		}
		h.Moments = append(h.Moments, m)
	}
	return h, nil
}

// files are the steps that carry one.
func (h history) files() []Step {
	return slices.DeleteFunc(slices.Clone(h.Steps), func(st Step) bool { return st.File == "" })
}
