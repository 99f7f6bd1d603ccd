package message

import (
	"context"
	"fmt"
	"net/mail"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/channel"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// settingsPath is the page where a person chooses channels.
const settingsPath = "/desk/messages/settings"

// Settings are a person's choices for every channel this node has.
func (s *Service) Settings(ctx context.Context, by identity.Subject) ([]Preference, error) {
	stored, err := listPreferences(ctx, s.db, by.Person)
	if err != nil {
		return nil, fmt.Errorf("read the choices: %w", err)
	}
	return choose(stored, s.kinds()), nil
}

// Choose keeps a person's choices; a fault Invalid names each field ("address-sms") that is wrong, and nothing is kept.
func (s *Service) Choose(ctx context.Context, by identity.Subject, choices []Preference) error {
	wrong := fault.New(fault.Invalid, "settings-invalid", "有的渠道还缺少可用的地址。")
	for i := range choices {
		choices[i].Address = strings.TrimSpace(choices[i].Address)
		if text := addressProblem(choices[i]); text != "" {
			wrong = wrong.Field("address-"+choices[i].Channel, "address", text)
		}
	}
	if len(wrong.Fields) > 0 {
		return wrong
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, c := range choices {
			if err := putPreference(ctx, tx, by.Person, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// addressProblem says what is wrong with an address; empty when it will do. Mail without an address goes to the login's.
func addressProblem(p Preference) string {
	switch {
	case len(p.Address) > 254 || strings.ContainsAny(p.Address, "\r\n\t\x00"):
		return "地址太长，或含有换行等字符。"
	case p.Channel == channel.Mail:
		if a, err := mail.ParseAddress(p.Address); p.Address != "" && (err != nil || a.Address != p.Address) {
			return "请填写完整的邮箱地址，例如 name@example.com；留空则发到登录邮箱。"
		}
	case p.Channel == channel.SMS:
		if p.Enabled && !mobile(p.Address) {
			return "请填写 11 位中国大陆手机号，例如 13800138000。"
		}
	case p.Enabled && p.Address == "":
		return "请填写在该应用中的用户编号，可向本单位管理员索取。"
	}
	return ""
}

// mobile: eleven digits beginning with 13 to 19 (the mobile segments of the national numbering plan).
func mobile(s string) bool {
	return len(s) == 11 && strings.Trim(s, "0123456789") == "" && s[0] == '1' && s[1] >= '3'
}
