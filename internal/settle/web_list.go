package settle

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
	"qiao/internal/voucher"
)

// Flow is what one region owes and pays to payees of another, gross.
type Flow struct {
	Payer, Payee string // regions
	Owed, Paid   money.Fen
}

// FlowsOf are the flows of items, the largest first.
func FlowsOf(items []Item) []Flow {
	type way struct{ payer, payee string }
	sums := map[way]Flow{}
	for _, i := range items {
		k := way{i.PayerRegion, i.PayeeRegion}
		f := sums[k]
		f.Payer, f.Payee = k.payer, k.payee
		switch i.What {
		case voucher.MoveApprove:
			f.Owed += i.Amount
		case voucher.MovePay:
			f.Paid += i.Amount
		}
		sums[k] = f
	}
	var out []Flow
	for _, f := range sums {
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b Flow) int {
		return cmp.Or(cmp.Compare(b.Owed, a.Owed), cmp.Compare(a.Payer, b.Payer), cmp.Compare(a.Payee, b.Payee))
	})
	return out
}

// widest is the thickness of the largest flow in the drawing.
const widest = 16

// thick is how thick a flow is drawn, and how much of that is paid.
func (v statementsView) thick(f Flow) (owed, paid string) {
	largest := money.Fen(1)
	for _, x := range v.Flows {
		largest = max(largest, x.Owed, x.Paid)
	}
	width := func(a money.Fen) int {
		if a <= 0 {
			return 0
		}
		return max(2, int(int64(a)*widest/int64(largest)))
	}
	return strconv.Itoa(width(f.Owed)), strconv.Itoa(width(f.Paid))
}

// row is an item as a downloaded list has it.
func (v statementView) row(ctx context.Context, i Item) []string {
	var firms []string
	for _, id := range strings.Fields(i.Firms) {
		firms = append(firms, v.Orgs[id].Name)
	}
	return []string{i.Day, whatName(ctx, i.What), i.Number, i.Amount.Yuan(), v.Places[i.PayerRegion], v.Places[i.PayeeRegion], v.Orgs[i.Funder].Name, v.Orgs[i.Payee].Name, strings.Join(firms, " "), i.Orders, v.Plans[i.Programme]}
}

// sendList sends the items as a table that the other side can compare with its own; the seal stands below them.
func (s *Service) sendList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := s.view(ctx, identity.SubjectOf(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	heads := []string{t(ctx, "日期"), t(ctx, "事项"), t(ctx, "兑付编号"), t(ctx, "金额（元）"), t(ctx, "付款地区"), t(ctx, "收款地区"), t(ctx, "出资单位"), t(ctx, "收款单位"), t(ctx, "用券企业"), t(ctx, "订单编号"), t(ctx, "计划")}
	var rows [][]string
	for _, i := range v.Items {
		rows = append(rows, v.row(ctx, i))
	}
	seal := SealOf(v.Low, v.High, v.Window(), v.Items)
	rows = append(rows, []string{t(ctx, "合计"), t(ctx, "{0} 笔", seal.Count), "", seal.Total.Yuan()})
	if v.State != Open {
		rows = append(rows, []string{"SHA-256", v.Digest})
	}
	return web.Table(w, r, v.Number, heads, rows)
}

// sendCanonical sends the very bytes that the statement's SHA-256 is of.
func (s *Service) sendCanonical(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, err := s.Get(ctx, identity.SubjectOf(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	items, err := s.Items(ctx, s.DB, x)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+x.Number+`.txt"`)
	w.Header().Set("Cache-Control", "private, no-store")
	_, err = w.Write(Canonical(x.Low, x.High, x.Window(), items))
	return err //nolint:wrapcheck // the reader has gone
}
