package waiting

import (
	"net/http"
	"strconv"
	"time"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

// againView is the page on which another time is found for a booking that came to nothing.
type againView struct {
	Order order.Order
	Same  []option
	Like  []option
	Form  *form.Form
	Paid  bool // by voucher or card, as before
}

func (s *Service) showAgain(w http.ResponseWriter, r *http.Request) error {
	return s.againPage(w, r, nil)
}

func (s *Service) againPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	o, err := s.endedOrder(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := againView{Order: o, Form: f, Paid: o.Programme != "" || o.Fund != ""}
	if v.Same, v.Like, err = s.instead(ctx, by, o); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), againPage(v))
}

func (s *Service) submitAgain(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	from, err1 := time.Parse(time.RFC3339, f.Text("start"))
	to, err2 := time.Parse(time.RFC3339, f.Text("end"))
	if err1 != nil || err2 != nil {
		return fault.New(fault.Invalid, "slot-text", "所选时段无法识别，请重新选择。")
	}
	var price *money.Fen
	if n, err := strconv.ParseInt(f.Text("price"), 10, 64); err == nil {
		shown := money.Fen(n)
		price = &shown
	}
	o, err := s.Rebook(ctx, identity.SubjectOf(ctx), r.PathValue("id"), f.Text("resource"), booking.Span{From: from, To: to}, price, web.RequestKey(ctx))
	if err != nil {
		if !f.Fail(err) {
			return err
		}
		return s.againPage(w, r, f)
	}
	return web.SeeOther(w, r, "/desk/orders/"+o.ID, "已按原内容重新预约。订单编号 {0}。", o.Number)
}
