package provider

import (
	"context"
	"strings"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

var t = i18n.T

// StateChip is the state of a membership in words.
func StateChip(ctx context.Context, state string) ui.Chip {
	switch state {
	case Draft:
		return ui.Chip{Text: t(ctx, "填写中")}
	case Submitted:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待核查")}
	case Returned:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "需补正")}
	case Refused:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "未通过")}
	case Withdrawn:
		return ui.Chip{Text: t(ctx, "已撤回")}
	case Qualified:
		return ui.Chip{Tone: ui.Run, Text: t(ctx, "资质合格，待签协议")}
	case Offered:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待加盟单位签署")}
	case Member:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "加盟中")}
	case Suspended:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "已暂停")}
	case Ending:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "到期不再续签")}
	}
	return ui.Chip{Text: t(ctx, "已退出")}
}

// verbName is a verb on a membership as a button says it.
func verbName(ctx context.Context, verb string) string {
	switch verb {
	case "submit":
		return t(ctx, "提交申请")
	case "withdraw":
		return t(ctx, "撤回")
	case "return":
		return t(ctx, "退回补正")
	case "refuse":
		return t(ctx, "不通过")
	case "qualify":
		return t(ctx, "认定合格")
	case "offer":
		return t(ctx, "发出协议")
	case "sign":
		return t(ctx, "接受并签署")
	case "suspend":
		return t(ctx, "暂停")
	case "resume":
		return t(ctx, "恢复")
	case "end":
		return t(ctx, "到期不再续签")
	case "keep":
		return t(ctx, "继续续签")
	case "expel":
		return t(ctx, "终止加盟")
	}
	return verb
}

// doneName is what happened, in the timeline.
func doneName(ctx context.Context, verb string) string {
	switch verb {
	case "start":
		return t(ctx, "开始填写申请")
	case "submit":
		return t(ctx, "提交了申请")
	case "withdraw":
		return t(ctx, "撤回了申请")
	case "return":
		return t(ctx, "退回补正")
	case "refuse":
		return t(ctx, "核查未通过")
	case "qualify":
		return t(ctx, "认定资质合格")
	case "offer":
		return t(ctx, "发出协议")
	case "sign":
		return t(ctx, "签署协议，正式加盟")
	case "suspend":
		return t(ctx, "暂停加盟")
	case "resume":
		return t(ctx, "恢复加盟")
	case "end":
		return t(ctx, "表示到期不再续签")
	case "keep":
		return t(ctx, "决定继续续签")
	case "renew":
		return t(ctx, "协议自动续签")
	case "lapse":
		return t(ctx, "协议到期，退出加盟")
	case "expel":
		return t(ctx, "终止加盟")
	case "state":
		return t(ctx, "登记了证书")
	case "verify":
		return t(ctx, "核对无误")
	case "remove":
		return t(ctx, "删除了证书")
	}
	return verb
}

// certificateChip is what a certificate is worth today.
func certificateChip(ctx context.Context, c Certificate, today string) ui.Chip {
	switch {
	case c.State == Removed:
		return ui.Chip{Text: t(ctx, "已删除")}
	case c.State == NotCorrect:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "核对不符")}
	case c.To < today:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "已过期")}
	case c.From > today:
		return ui.Chip{Text: t(ctx, "尚未生效")}
	case c.State == Verified:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已核对")}
	}
	return ui.Chip{Tone: ui.Warn, Text: t(ctx, "单位自述，未核对")}
}

func admissionChip(ctx context.Context, state string) ui.Chip {
	switch state {
	case Invited:
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "已邀请")}
	case Agreed:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待核定")}
	case Admitted:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已加盟")}
	case Declined:
		return ui.Chip{Text: t(ctx, "谢绝")}
	case Refused:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "未通过")}
	}
	return ui.Chip{Text: t(ctx, "已退出")}
}

// admissionVerb is a verb on an admission as a button says it.
func admissionVerb(ctx context.Context, verb string) string {
	switch verb {
	case "agree":
		return t(ctx, "同意加盟")
	case "decline":
		return t(ctx, "谢绝")
	case "admit":
		return t(ctx, "核定加盟")
	case "refuse":
		return t(ctx, "不通过")
	}
	return t(ctx, "退出")
}

// clockChip is how a reporting clock stands.
func clockChip(ctx context.Context, c Clock, today string) ui.Chip {
	left := daysUntil(today, c.DueOn)
	switch {
	case c.ReportedOn != "" && c.Late(today):
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "已报送，逾期 {0} 天", daysUntil(c.DueOn, c.ReportedOn))}
	case c.ReportedOn != "":
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已按期报送")}
	case c.DueOn == "":
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "应报送，未规定期限")}
	case left < 0:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "逾期 {0} 天", -left)}
	case left == 0:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "今天到期")}
	}
	return ui.Chip{Tone: ui.Warn, Text: t(ctx, "还剩 {0} 天", left)}
}

// formName is what kind of body applies.
func formName(ctx context.Context, form string) string {
	switch form {
	case "institution":
		return t(ctx, "科研机构、高校或检测机构")
	case "firm":
		return t(ctx, "企业")
	}
	return ""
}

// offersText names the offers of a membership.
func (s *Service) offersText(ctx context.Context, m Membership) string {
	var out []string
	for _, code := range m.offers() {
		if it, ok := find(s.rules.Offers, code); ok {
			out = append(out, it.Name.in(ctx))
		}
	}
	return strings.Join(out, t(ctx, "、"))
}

// short is what stands on a certificate's chip.
func (s *Service) short(ctx context.Context, kind string) string {
	name, short := s.CertificateName(kind)
	if it, ok := find(s.rules.Certificates, kind); ok && it.Short == "" {
		return name.in(ctx)
	}
	return short
}
