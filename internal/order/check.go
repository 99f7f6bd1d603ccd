package order

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// checkPlace is what a request must be by itself; every mistake is named at once.
func checkPlace(req PlaceRequest) error {
	bad := fault.New(fault.Invalid, "order-invalid", "订单信息不完整或有误，请按提示修改。")
	switch req.Kind {
	case KindBooking:
		if req.Start.IsZero() {
			bad.Field("start", "required", "请选择开始时间。")
		}
		if req.End.IsZero() {
			bad.Field("end", "required", "请选择结束时间。")
		}
	case KindCommission:
		if strings.TrimSpace(req.Purpose) == "" {
			bad.Field("purpose", "required", "请写明要做什么测试或服务、想得到什么结果。")
		}
	default:
		bad.Field("kind", "unknown", "订单类型只能是 booking（预约）或 commission（委托）。")
	}
	if req.Quantity < 0 || req.Quantity > MaxQuantity {
		bad.Field("quantity", "range", "请填 1 到 {0} 之间的整数。", int64(MaxQuantity))
	}
	checkText(bad, "purpose", req.Purpose)
	checkText(bad, "samples", req.Samples)
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

func checkText(bad *fault.Error, name, text string) {
	if n := utf8.RuneCountInString(text); n > maxText {
		bad.Field(name, "long", "最多 {0} 个字，现在有 {1} 个；更多内容请放进附件。", maxText, n)
	}
}

// orderable tells whether a resource takes orders of this kind now.
func (s *Service) orderable(kind string, r Resource) error {
	if r.Status != catalogue.StatusPublished {
		return fault.New(fault.Conflict, "not-offered", "这项资源目前暂停服务，不能下单。请看看同类的其他资源。")
	}
	if k, known := s.kinds.Find(r.Kind); kind == KindCommission && known && !k.Orders {
		return fault.New(fault.Conflict, "not-ordered", "这类资源供查阅，不接受预约和委托。")
	}
	if kind == KindBooking && !r.Bookable {
		return fault.New(fault.Conflict, "not-bookable", "这项资源目前不能在线预约，可以改为委托，请对方报价。")
	}
	return nil
}

// served is a fault when nobody is there to serve the order: the resource is a public record whose
// organisation has not joined, or has been suspended.
func (s *Service) served(ctx context.Context, q db.Q, r Resource) error {
	orgs, err := s.orgs.Organisations(ctx, q, []string{r.Owner})
	if err != nil {
		return fmt.Errorf("the owner of the resource: %w", err)
	}
	switch orgs[r.Owner].Status {
	case identity.StatusVerified:
		return nil
	case identity.StatusUnclaimed, "":
		return fault.New(fault.Conflict, "no-owner", "这项资源还没有单位认领，暂时不能下单。")
	}
	return fault.New(fault.Conflict, "owner-not-verified", "提供这项资源的单位目前未通过核验或已暂停，暂时不能下单。")
}

// useUnsaid stands on an order of an instrument under customs supervision where a program did not say which purpose it is for:
// the provider is told to ask before it accepts.
const useUnsaid = "unsaid"

// customs refuses an order of an instrument under customs supervision for anything but a purpose it was let in for. Of others
// nothing is asked.
func (s *Service) customs(r Resource, use string) (string, error) {
	permitted := r.CustomsUses(s.today())
	switch {
	case len(permitted) == 0:
		return "", nil
	case slices.ContainsFunc(permitted, func(c kinds.Choice) bool { return c.Value == use }):
		return use, nil
	case use == "":
		return useUnsaid, nil
	}
	return "", fault.New(fault.Invalid, "customs-use", "这台仪器在海关监管期内，只能用于海关准许的用途。其他用途须先由主管海关同意，请联系所属单位。").
		Field("customs_use", "not-permitted", "请选择一种海关准许的用途。")
}

// audience is whose price applies to a buyer.
func audience(buyer, owner string) string {
	if buyer == owner {
		return "internal"
	}
	return "external"
}

// draft is the order that an estimate becomes.
func (s *Service) draft(by identity.Subject, orderID string, e Estimate) (Order, error) {
	now := db.At(s.clock.Now())
	o := Order{
		ID: orderID, Kind: e.Request.Kind, State: StateRequested, Revision: 1, Buyer: by.Org, BuyerPerson: by.Person,
		Provider: e.Resource.Owner, Resource: e.Resource.ID, ResourceZH: e.Resource.NameZH, ResourceEN: e.Resource.NameEN,
		ResourceKind: e.Resource.Kind, Class: e.Resource.Class, Region: e.Resource.Region, Need: e.Request.Need,
		Purpose: strings.TrimSpace(e.Request.Purpose), Samples: strings.TrimSpace(e.Request.Samples), CustomsUse: e.Request.Use, Quantity: e.Request.Quantity,
		PriceLine: e.Request.Line, Priced: e.Price.Known, Price: e.Price.Total,
		Currency: e.Price.Currency, Fund: e.Request.Fund, Sample: by.Sample || e.Resource.Sample,
		PlacedOn: clock.Day(now.Time), PlacedAt: now, UpdatedAt: now,
	}
	o.pay(partsOf(e.Split, e.Request.Programme))
	if len(e.Price.Lines) > 0 {
		o.Unit = e.Price.Lines[0].Unit
	}
	if o.Kind == KindBooking {
		o.Start, o.End = db.NullAt(e.Request.Start), db.NullAt(e.Request.End)
	}
	var err error
	o.Due, err = s.due(o)
	return o, err
}

// due is the civil day by which the next step of an order is expected; empty when nobody has to act.
func (s *Service) due(o Order) (string, error) {
	turn := turnOf(o.Kind, o.State)
	today := s.today()
	switch {
	case turn.Who == "":
		return "", nil
	case o.Kind == KindBooking && o.State == StateRequested:
		due, _, _, err := s.calendar.Add(today, turn.Days)
		if err != nil {
			return "", fmt.Errorf("count the promise: %w", err)
		}
		return min(due, clock.Day(o.Start.Time)), nil
	case o.Kind == KindBooking && turn.Days == 0 && o.State != StateConfirmed:
		return clock.Day(o.Start.Time), nil
	case turn.Days == 0:
		return "", nil
	}
	due, _, _, err := s.calendar.Add(today, turn.Days)
	if err != nil {
		return "", fmt.Errorf("count the promise: %w", err)
	}
	return due, nil
}

// sameRequest answers a repeated key: the first order, if it is the same request.
func sameRequest(o Order, req PlaceRequest) (Order, error) {
	moved := o.Kind == KindBooking && (!o.Start.Equal(req.Start) || !o.End.Equal(req.End))
	if o.Kind != req.Kind || o.Resource != req.Resource || moved {
		return Order{}, fault.New(fault.Conflict, "key-reused", "这个请求编号已经用于另一笔订单，请刷新页面后重新提交。")
	}
	return o, nil
}
