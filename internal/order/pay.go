package order

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/voucher"
)

// payOption is one way to pay a price: from the firm's own pocket, or with vouchers.
type payOption struct {
	With    string // see PayWith; empty: no voucher
	Name    string
	Left    money.Fen // what is left in the programmes
	Voucher money.Fen // paid at once by vouchers
	Repaid  money.Fen // of Own: what the firm's region repays later
	Own     money.Fen
	Why     []string // how the vouchers' part came about
}

// value is the option in a form: what pays, and the vouchers' part that was shown.
func (p payOption) value() string {
	return p.With + "|" + strconv.FormatInt(int64(p.Voucher+p.Repaid), 10)
}

// pays tells whether vouchers pay anything.
func (p payOption) pays() bool { return p.Voucher+p.Repaid > 0 }

// payOptions lists the ways to pay: each programme by each of its ways, two together where they accept each other, and none.
func (s *Service) payOptions(ctx context.Context, q db.Q, firm string, ask splitAsk) ([]payOption, error) {
	plain := payOption{Name: i18n.T(ctx, "不用创新券"), Own: ask.price}
	if ask.firm == ask.provider || ask.currency != money.CNY || ask.price == 0 {
		return []payOption{plain}, nil
	}
	pockets, err := s.vouchers.Wallet(ctx, q, firm)
	if err != nil {
		return nil, fmt.Errorf("the vouchers to pay with: %w", err)
	}
	var out []payOption
	for _, p := range pockets {
		for _, way := range p.Programme.Terms.WaysToPay() {
			option, err := s.payOption(ctx, q, ask, way, p)
			if err != nil {
				return nil, err
			}
			out = append(out, option)
		}
	}
	for i, a := range pockets {
		for _, b := range pockets[i+1:] {
			option, err := s.payOption(ctx, q, ask, "", a, b)
			if err != nil {
				return nil, err
			}
			if both := option.Voucher + option.Repaid; both > 0 && strings.Contains(option.With, "+") {
				out = append(out, option)
			}
		}
	}
	return append(out, plain), nil
}

// payOption is one way to pay with the programmes of some pockets. Where one of several would pay nothing, With does not name it.
func (s *Service) payOption(ctx context.Context, q db.Q, ask splitAsk, way string, pockets ...voucher.Pocket) (payOption, error) {
	var programmes, names []string
	p := payOption{}
	for _, x := range pockets {
		programmes, names = append(programmes, x.Programme.ID), append(names, i18n.Pick(ctx, x.Programme.NameZH, x.Programme.NameEN))
		p.Left += x.Left
	}
	d, err := s.vouchers.Divide(ctx, q, voucher.DivideRequest{
		Programmes: programmes, Way: way, Firm: ask.firm, Provider: ask.provider, Kind: ask.kind, Class: ask.class, Purpose: ask.purpose, Price: ask.price,
	})
	if err != nil {
		return p, fmt.Errorf("divide the price: %w", err)
	}
	if len(programmes) > 1 {
		programmes = nil
		for _, part := range d.Parts {
			if part.Amount > 0 {
				programmes = append(programmes, part.Programme)
			}
		}
	}
	p.With, p.Name, p.Voucher, p.Repaid, p.Own = PayWith(programmes, way), strings.Join(names, " + "), d.Direct, d.Repaid, d.Own
	for _, l := range d.Lines {
		p.Why = append(p.Why, l.In(ctx))
	}
	return p, nil
}

// choices are the options as radio buttons; a voucher that pays nothing is told, not offered.
func choices(ctx context.Context, options []payOption) []ui.Option {
	var out []ui.Option
	for _, p := range options {
		switch {
		case p.With == "":
			out = append(out, ui.Option{Value: p.value(), Label: p.Name, Note: i18n.T(ctx, "全部自付 {0}", p.Own)})
		case p.pays():
			out = append(out, ui.Option{Value: p.value(), Label: p.label(ctx), Note: p.note(ctx)})
		}
	}
	return out
}

// idle are the vouchers that would pay nothing, each with its reasons.
func idle(options []payOption) []payOption {
	var out []payOption
	for _, p := range options {
		if p.With != "" && !p.pays() && !strings.Contains(p.With, "~") {
			out = append(out, p)
		}
	}
	return out
}

// best is the option chosen when nobody has chosen: the first that can pay.
func best(options []payOption) payOption {
	for _, p := range options {
		if p.pays() || p.With == "" {
			return p
		}
	}
	return payOption{}
}

// label names the way to pay; note says what is paid now and what comes back.
func (p payOption) label(ctx context.Context) string {
	if p.Repaid > 0 && p.Voucher == 0 {
		return p.Name + i18n.T(ctx, "（先付后返）")
	}
	return p.Name
}

func (p payOption) note(ctx context.Context) string {
	switch {
	case p.Repaid > 0 && p.Voucher > 0:
		return i18n.T(ctx, "创新券付 {0}，现在付 {1}，以后返还 {2}（券余额 {3}）", p.Voucher, p.Own, p.Repaid, p.Left)
	case p.Repaid > 0:
		return i18n.T(ctx, "现在付全款 {0}，确认后由发券地区返还 {1}，实际自付 {2}（券余额 {3}）", p.Own, p.Repaid, p.Own-p.Repaid, p.Left)
	}
	return i18n.T(ctx, "创新券付 {0}，自付 {1}（券余额 {2}）", p.Voucher, p.Own, p.Left)
}

// paid reads the chosen option of a form: what pays, and the vouchers' part that was seen.
func paid(f *form.Form) (with string, seen *money.Fen) {
	with, amount, ok := strings.Cut(f.Text("pay"), "|")
	n, err := strconv.ParseInt(amount, 10, 64)
	if !ok || err != nil || with == "" {
		return "", nil
	}
	return with, fenOf(&n)
}

// chosenOwn is the own part of the way to pay that a form has chosen.
func chosenOwn(options []payOption, value string) money.Fen {
	for _, p := range options {
		if p.value() == value {
			return p.Own
		}
	}
	return best(options).Own
}

// askOf is the question how a booking's estimate is divided.
func askOf(by identity.Subject, e Estimate) splitAsk {
	return splitAsk{
		firm: by.Org, provider: e.Resource.Owner, kind: e.Resource.Kind, class: e.Resource.Class, purpose: e.Request.Purpose,
		price: e.Price.Total, currency: e.Price.Currency,
	}
}

// priceParts are the parts of a price: who pays them in the end.
func priceParts(ctx context.Context, vouchers, own, repaid money.Fen) []ui.SplitPart {
	var out []ui.SplitPart
	if vouchers > 0 {
		out = append(out, ui.SplitPart{Label: i18n.T(ctx, "创新券支付"), Amount: vouchers})
	}
	if repaid > 0 {
		out = append(out, ui.SplitPart{Label: i18n.T(ctx, "先付后返"), Amount: repaid})
	}
	return append(out, ui.SplitPart{Label: i18n.T(ctx, "自付"), Amount: own - repaid})
}
