package editor

import (
	"slices"
	"strconv"
	"strings"

	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
)

func moneyFields() []field {
	return []field{
		{
			name: "budget", label: "预算", as: asFen,
			read: func(d *scheme.Draft) (string, scheme.Clause) {
				return d.Terms.Budget.Value.Yuan(), d.Terms.Budget.Clause
			},
			write: func(d *scheme.Draft, v value) {
				d.Terms.Budget = scheme.Sourced[money.Fen]{Value: money.Fen(v.n), Clause: v.clause}
			},
		},
		{
			name: "reward", label: "奖励服务机构的比例", hint: "不奖励就不写。", as: asPercent,
			read: func(d *scheme.Draft) (string, scheme.Clause) {
				if d.Terms.Reward == nil {
					return "", scheme.Clause{}
				}
				return percentText(d.Terms.Reward.Value.BasisPoints), d.Terms.Reward.Clause
			},
			write: func(d *scheme.Draft, v value) {
				if d.Terms.Reward = nil; !v.empty {
					d.Terms.Reward = &scheme.Sourced[scheme.Reward]{Value: scheme.Reward{BasisPoints: v.n, Of: scheme.OfPrice}, Clause: v.clause}
				}
			},
		},
		rewardOf(), rewardYear(), fundersClause(),
	}
}

func rewardOf() field {
	return field{
		name: "reward_of", label: "奖励按什么算", as: asChoice, bare: true, choices: []choice{{scheme.OfPrice, "服务金额"}, {scheme.OfVoucher, "券付金额"}},
		read: func(d *scheme.Draft) (string, scheme.Clause) {
			if d.Terms.Reward == nil {
				return scheme.OfPrice, scheme.Clause{}
			}
			return d.Terms.Reward.Value.Of, scheme.Clause{}
		},
		write: func(d *scheme.Draft, v value) {
			if d.Terms.Reward != nil {
				d.Terms.Reward.Value.Of = v.text
			}
		},
	}
}

func rewardYear() field {
	return field{
		name: "reward_year", label: "每家机构每年最多奖励", as: asFen, bare: true,
		read: func(d *scheme.Draft) (string, scheme.Clause) {
			if d.Terms.Reward == nil || d.Terms.Reward.Value.Year == nil {
				return "", scheme.Clause{}
			}
			return d.Terms.Reward.Value.Year.Yuan(), scheme.Clause{}
		},
		write: func(d *scheme.Draft, v value) {
			if most := money.Fen(v.n); d.Terms.Reward != nil && !v.empty {
				d.Terms.Reward.Value.Year = &most
			}
		},
	}
}

// fundersClause is where the division among the funders is written; the funders are rows.
func fundersClause() field {
	return field{
		name: "funders", label: "共同出资的依据", as: asClause,
		read: func(d *scheme.Draft) (string, scheme.Clause) {
			if d.Terms.Funders == nil {
				return "", scheme.Clause{}
			}
			return "1", d.Terms.Funders.Clause
		},
		write: func(d *scheme.Draft, v value) {
			d.Terms.Funders = &scheme.Sourced[[]scheme.Share]{Clause: v.clause} // taken away again where no row is filled in
		},
	}
}

func lifeFields() []field {
	return []field{
		validity(),
		{
			name: "pay", label: "支付方式", as: asChoice,
			choices: []choice{{"", "下单时抵扣，由服务机构兑付"}, {scheme.PayRefund, "企业先全额付款，事后申请兑付"}, {scheme.PayDirect + ", " + scheme.PayRefund, "两种都可以"}},
			read: func(d *scheme.Draft) (string, scheme.Clause) {
				if d.Terms.Pay == nil || len(d.Terms.Pay.Value) == 1 && d.Terms.Pay.Value[0] == scheme.PayDirect {
					return "", scheme.Clause{}
				}
				return strings.Join(slices.Sorted(slices.Values(d.Terms.Pay.Value)), ", "), d.Terms.Pay.Clause
			},
			write: func(d *scheme.Draft, v value) {
				if d.Terms.Pay = nil; !v.empty {
					d.Terms.Pay = &scheme.Sourced[[]string]{Value: wordsOf(v.text), Clause: v.clause}
				}
			},
		},
		issuing(), issuingWindows(),
		{
			name: "claiming", label: "兑付窗口", hint: "如 06-01~06-30, 12-01~12-31；不写就是全年。", as: asWords,
			read: func(d *scheme.Draft) (string, scheme.Clause) {
				if d.Terms.Claiming == nil {
					return "", scheme.Clause{}
				}
				return windowsText(d.Terms.Claiming.Value), d.Terms.Claiming.Clause
			},
			write: func(d *scheme.Draft, v value) {
				if d.Terms.Claiming = nil; !v.empty {
					d.Terms.Claiming = &scheme.Sourced[[]scheme.Window]{Value: windowsOf(v.words), Clause: v.clause}
				}
			},
		},
		tick("one_time", "一张券只用于一张订单", "没用完的部分收回。", func(t *scheme.Terms) **scheme.Clause { return &t.OneTime }),
	}
}

func validity() field {
	return field{
		name: "validity", label: "额度有效几个月", hint: "从发放之日起；不写就是到当年年底。", as: asNumber,
		read: func(d *scheme.Draft) (string, scheme.Clause) {
			v := d.Terms.Validity
			if v.Value.EndOfYear {
				return "", v.Clause
			}
			return strconv.Itoa(v.Value.Months), v.Clause
		},
		write: func(d *scheme.Draft, v value) {
			d.Terms.Validity = scheme.Sourced[scheme.Validity]{Value: scheme.Validity{Months: int(v.n), EndOfYear: v.empty}, Clause: v.clause}
		},
	}
}

func issuing() field {
	return field{
		name: "issuing", label: "发放次序", as: asChoice, choices: []choice{{"", "先到先得，全年受理"}, {scheme.FirstCome, "先到先得，按窗口受理"}, {scheme.ProRata, "按窗口受理，预算不够时按比例发放"}},
		read: func(d *scheme.Draft) (string, scheme.Clause) {
			if d.Terms.Issuing == nil {
				return "", scheme.Clause{}
			}
			return d.Terms.Issuing.Value.Order, d.Terms.Issuing.Clause
		},
		write: func(d *scheme.Draft, v value) {
			if d.Terms.Issuing = nil; !v.empty {
				d.Terms.Issuing = &scheme.Sourced[scheme.Issuing]{Value: scheme.Issuing{Order: v.text}, Clause: v.clause}
			}
		},
	}
}

func issuingWindows() field {
	return field{
		name: "issuing_windows", label: "受理窗口", hint: "如 01-01~01-31, 07-01~07-31。", as: asWords, bare: true,
		read: func(d *scheme.Draft) (string, scheme.Clause) {
			if d.Terms.Issuing == nil {
				return "", scheme.Clause{}
			}
			return windowsText(d.Terms.Issuing.Value.Windows), scheme.Clause{}
		},
		write: func(d *scheme.Draft, v value) {
			if d.Terms.Issuing != nil {
				d.Terms.Issuing.Value.Windows = windowsOf(v.words)
			}
		},
	}
}

func windowsText(list []scheme.Window) string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = w.From + "~" + w.To
	}
	return strings.Join(out, ", ")
}

// windowsOf reads spans of days; one that is not a span is kept as it is, for Validate to refuse it by name.
func windowsOf(texts []string) []scheme.Window {
	var out []scheme.Window
	for _, x := range texts {
		from, to, _ := strings.Cut(strings.NewReplacer("～", "~", "至", "~").Replace(x), "~") //i18n:data marks between two days
		out = append(out, scheme.Window{From: strings.TrimSpace(from), To: strings.TrimSpace(to)})
	}
	return out
}

func watchFields() []field {
	unused := func(name, label, hint string, at func(u *scheme.Unused) *int64) field {
		return field{
			name: name, label: label, hint: hint, as: asPercent,
			read: func(d *scheme.Draft) (string, scheme.Clause) {
				if d.Terms.Unused == nil || *at(&d.Terms.Unused.Value) == 0 {
					return "", scheme.Clause{}
				}
				return percentText(*at(&d.Terms.Unused.Value)), d.Terms.Unused.Clause
			},
			write: func(d *scheme.Draft, v value) {
				u := d.Terms.Unused
				if u == nil {
					u = &scheme.Sourced[scheme.Unused]{}
				}
				if *at(&u.Value) = v.n; !v.empty {
					u.Clause = v.clause
				}
				if d.Terms.Unused = u; u.Value == (scheme.Unused{}) {
					d.Terms.Unused = nil
				}
			},
		}
	}
	return []field{
		{
			name: "notice_days", label: "公示天数", as: asNumber,
			read: func(d *scheme.Draft) (string, scheme.Clause) {
				return strconv.Itoa(d.Terms.Notice.Value), d.Terms.Notice.Clause
			},
			write: func(d *scheme.Draft, v value) {
				d.Terms.Notice = scheme.Sourced[int]{Value: int(v.n), Clause: v.clause}
			},
		},
		whole("spot_check", "每年抽查的比例", "", asPercent, func(t *scheme.Terms) **scheme.Sourced[int64] { return &t.SpotCheck }),
		whole("ban_years", "弄虚作假禁入年数", "", asNumber, func(t *scheme.Terms) **scheme.Sourced[int] { return &t.Ban }),
		unused("unused", "再申请前须用完的比例", "超过这个比例才能再申请；100 就是全部用完。", func(u *scheme.Unused) *int64 { return &u.Above }),
		unused("unused_lapsed", "作废超过这个比例，下一年不能申请", "", func(u *scheme.Unused) *int64 { return &u.Lapsed }),
		unused("unused_look", "使用率低于这个比例，提醒审核人", "", func(u *scheme.Unused) *int64 { return &u.Look }),
	}
}
