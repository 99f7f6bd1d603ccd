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

// payOption is one way to pay a price: from the firm's own pocket, or with a programme's voucher.
type payOption struct {
	Programme string // empty: no voucher
	Name      string
	Left      money.Fen // what is left in the programme
	Voucher   money.Fen
	Own       money.Fen
	Why       []string // how the voucher's part came about
}

// value is the option in a form: the programme and the voucher's part that was shown.
func (p payOption) value() string {
	return p.Programme + "|" + strconv.FormatInt(int64(p.Voucher), 10)
}

// payOptions lists the ways to pay, the one that spares the firm most first.
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
		split, err := s.vouchers.Quote(ctx, q, voucher.QuoteRequest{
			Programme: p.Programme.ID, Firm: ask.firm, Provider: ask.provider, Kind: ask.kind, Class: ask.class, Purpose: ask.purpose, Price: ask.price,
		})
		if err != nil {
			return nil, fmt.Errorf("divide the price: %w", err)
		}
		option := payOption{
			Programme: p.Programme.ID, Name: i18n.Pick(ctx, p.Programme.NameZH, p.Programme.NameEN), Left: p.Left, Voucher: split.Voucher, Own: split.Own,
		}
		for _, l := range split.Lines {
			option.Why = append(option.Why, l.In(ctx))
		}
		out = append(out, option)
	}
	return append(out, plain), nil
}

// choices are the options as radio buttons; a voucher that pays nothing is told, not offered.
func choices(ctx context.Context, options []payOption) []ui.Option {
	var out []ui.Option
	for _, p := range options {
		switch {
		case p.Programme == "":
			out = append(out, ui.Option{Value: p.value(), Label: p.Name, Note: i18n.T(ctx, "全部自付 {0}", p.Own)})
		case p.Voucher > 0:
			out = append(out, ui.Option{
				Value: p.value(), Label: p.Name,
				Note: i18n.T(ctx, "创新券付 {0}，自付 {1}（券余额 {2}）", p.Voucher, p.Own, p.Left),
			})
		}
	}
	return out
}

// idle are the vouchers that would pay nothing, each with its reasons.
func idle(options []payOption) []payOption {
	var out []payOption
	for _, p := range options {
		if p.Programme != "" && p.Voucher == 0 {
			out = append(out, p)
		}
	}
	return out
}

// best is the option chosen when nobody has chosen: the first that can pay.
func best(options []payOption) payOption {
	for _, p := range options {
		if p.Voucher > 0 || p.Programme == "" {
			return p
		}
	}
	return payOption{}
}

// paid reads the chosen option of a form: the programme and the voucher's part that was seen.
func paid(f *form.Form) (programme string, seen *money.Fen) {
	programme, amount, ok := strings.Cut(f.Text("pay"), "|")
	n, err := strconv.ParseInt(amount, 10, 64)
	if !ok || err != nil || programme == "" {
		return "", nil
	}
	return programme, fenOf(&n)
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
