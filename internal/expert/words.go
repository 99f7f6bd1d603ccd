package expert

import (
	"context"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

var t = i18n.T

// claimChip is the state of a claim in words.
func claimChip(ctx context.Context, state string) ui.Chip {
	switch state {
	case Filed:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待核实")}
	case Verified:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已核实")}
	case Refused:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "未通过")}
	}
	return ui.Chip{Text: t(ctx, "已撤回")}
}

// requestChip is the state of a request in words.
func requestChip(ctx context.Context, state string) ui.Chip {
	switch state {
	case Sent:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "等待答复")}
	case Accepted:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已接受")}
	case Declined:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "已谢绝")}
	case Withdrawn:
		return ui.Chip{Text: t(ctx, "已撤回")}
	}
	return ui.Chip{Text: t(ctx, "已结束")}
}

// doneName is a verb of a claim or a request as the timeline tells it.
func doneName(ctx context.Context, verb string) string {
	switch verb {
	case "file":
		return t(ctx, "提交认领")
	case "verify":
		return t(ctx, "核实通过")
	case "refuse":
		return t(ctx, "核实未通过")
	case "withdraw":
		return t(ctx, "撤回")
	case "send":
		return t(ctx, "发出请求")
	case "accept":
		return t(ctx, "接受")
	case "decline":
		return t(ctx, "谢绝")
	case "end":
		return t(ctx, "结束联系")
	}
	return t(ctx, "因撤回同意或删除信息而结束")
}

// basisName tells how a tie is known.
func basisName(ctx context.Context, basis string) string {
	switch basis {
	case BasisDeclared:
		return t(ctx, "本人申报")
	case BasisRecord:
		return t(ctx, "记录的所属单位")
	case BasisMembership:
		return t(ctx, "在平台上代表该单位")
	}
	return t(ctx, "共同完成的成果")
}

func (s *Service) kindName(ctx context.Context, code string) string {
	name, ok := s.rules.kind(code)
	if !ok {
		return code
	}
	return name.in(ctx)
}

func (s *Service) relationName(ctx context.Context, code string) string {
	r, ok := s.rules.relation(code, s.today())
	if !ok {
		return code
	}
	return r.Name.in(ctx)
}

func (s *Service) kindOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, k := range s.rules.Kinds {
		out = append(out, ui.Option{Value: k.Code, Label: k.Name.in(ctx)})
	}
	return out
}

func (s *Service) relationOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, r := range s.rules.Relations {
		if _, ok := s.rules.relation(r.Code, s.today()); ok {
			out = append(out, ui.Option{Value: r.Code, Label: r.Name.in(ctx)})
		}
	}
	return out
}

// purposeName is a purpose as it was worded when the person agreed.
func (s *Service) purposeName(ctx context.Context, c Consent) string {
	p, ok := s.rules.wording(c.Purpose, c.Version)
	if !ok {
		return c.Purpose
	}
	return p.Name.in(ctx)
}
