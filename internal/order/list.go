package order

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/state"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher"
)

// ListRequest chooses orders. Every field may be empty.
type ListRequest struct {
	Side     string // Buyer: what my organisation ordered; Provider: what it was asked to do
	State    string
	Kind     string
	Resource string
	Need     string
	Open     bool   // only those on which somebody still has to act
	Longest  bool   // of the open ones first what has waited longest since its last step
	Text     string // a part of the number or of the resource's name
	Cursor   string
	Limit    int // 1…200; 0 counts as 50
}

// List is the orders the subject may see. Open ones come by promise, the oldest first, or by how long they have waited; a
// list of all comes newest first. Next is the cursor of the next page, empty at the end.
func (s *Service) List(ctx context.Context, by identity.Subject, req ListRequest) (orders []Order, next string, err error) {
	if req.Limit <= 0 || req.Limit > 200 {
		req.Limit = 50
	}
	var w db.Where
	s.policy.Filter(by, "order.view", map[string]string{Buyer: "buyer", Provider: "provider", identity.SideRegion: "region"}, &w)
	switch req.Side {
	case Buyer:
		w.And("buyer = ?", by.Org)
	case Provider:
		w.And("provider = ?", by.Org)
	}
	for column, value := range map[string]string{"state": req.State, "kind": req.Kind, "resource": req.Resource, "need": req.Need} {
		if value != "" {
			w.And(column+" = ?", value)
		}
	}
	if text := strings.ToLower(strings.TrimSpace(req.Text)); text != "" {
		pattern := "%" + likeEscape(text) + "%"
		w.And(`lower(number) LIKE ? ESCAPE '!' OR lower(resource_zh) LIKE ? ESCAPE '!' OR lower(resource_en) LIKE ? ESCAPE '!'`, pattern, pattern, pattern)
	}
	key, direction := "placed_at", "DESC"
	if req.Open {
		w.And("state NOT IN ('refused', 'cancelled', 'settled')")
	}
	switch {
	case req.Open && req.Longest:
		key, direction = "updated_at", "ASC"
	case req.Open:
		key, direction = "CASE WHEN due = '' THEN '9999-12-31' ELSE due END", "ASC"
	}
	after, err := web.DecodeCursor(req.Cursor, 2)
	if err != nil {
		return nil, "", err
	}
	if req.Cursor != "" {
		sign := map[string]string{"ASC": ">", "DESC": "<"}[direction]
		w.And("("+key+", id) "+sign+" (?, ?)", after[0], after[1])
	}
	orders, err = db.All[Order](ctx, s.db, `SELECT `+orderColumns+` FROM order_order`+w.SQL()+
		` ORDER BY `+key+` `+direction+`, id `+direction+` LIMIT `+w.Arg(req.Limit+1), w.Args()...)
	if err != nil {
		return nil, "", fmt.Errorf("list orders: %w", err)
	}
	if len(orders) > req.Limit {
		orders = orders[:req.Limit]
		last := orders[req.Limit-1]
		at := db.Stamp(last.PlacedAt.Time)
		switch {
		case req.Open && req.Longest:
			at = db.Stamp(last.UpdatedAt.Time)
		case req.Open:
			at = cmp.Or(last.Due, "9999-12-31")
		}
		next = web.EncodeCursor(at, last.ID)
	}
	return orders, next, nil
}

func likeEscape(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}

// Get is an order with everything that belongs to it, for who may see it.
func (s *Service) Get(ctx context.Context, by identity.Subject, orderID string) (Detail, error) {
	o, err := getOrder(ctx, s.db, orderID)
	if err != nil {
		return Detail{}, err
	}
	if err := s.policy.Can(by, "order.view", object(o)); err != nil {
		return Detail{}, err
	}
	d, err := detail(ctx, s.db, o)
	if err == nil && o.Kind == KindCommission {
		d.Milestones, err = s.milestones.Of(ctx, s.db, o.ID)
	}
	return d, err
}

func detail(ctx context.Context, q db.Q, o Order) (Detail, error) {
	d := Detail{Order: o}
	var err error
	for _, read := range []func() error{
		func() error { d.Lines, err = listLines(ctx, q, o.ID); return err },
		func() error { d.Quotes, err = listQuotes(ctx, q, o.ID); return err },
		func() error { d.Runs, err = listRuns(ctx, q, o.ID); return err },
		func() error { d.Documents, err = listDocuments(ctx, q, o.ID); return err },
		func() error { d.Timeline, err = listSteps(ctx, q, o.ID); return err },
		func() error { d.Rating, err = getRating(ctx, q, o.ID); return err },
		func() error { d.Offer, err = getOffer(ctx, q, o); return err },
	} {
		if err := read(); err != nil {
			return d, fmt.Errorf("what belongs to order %s: %w", o.ID, err)
		}
	}
	return d, nil
}

// OpenDocument gives a file of an order to who may see the order. The caller closes it.
func (s *Service) OpenDocument(ctx context.Context, by identity.Subject, orderID, document string) (Document, io.ReadSeekCloser, error) {
	d, err := s.Get(ctx, by, orderID)
	if err != nil {
		return Document{}, nil, err
	}
	i := slices.IndexFunc(d.Documents, func(x Document) bool { return x.ID == document })
	if i < 0 {
		return Document{}, nil, fault.New(fault.NotFound, "no-document", "这笔订单没有这个文件，可能已被新版本替换。")
	}
	f, err := s.blobs.Open(ctx, d.Documents[i].SHA256)
	if err != nil {
		return Document{}, nil, fmt.Errorf("open the document: %w", err)
	}
	return d.Documents[i], f, nil
}

// ForClaim describes the provider's confirmed orders that a voucher helped to pay; voucher knows which are claimed already.
func (s *Service) ForClaim(ctx context.Context, q db.Q, provider string) ([]voucher.ClaimableOrder, error) {
	return claimable(ctx, q, "provider = $1 AND state = 'confirmed'", provider)
}

// ForRepay describes the buyer's confirmed orders that it paid in full, and of which its region repays a part.
func (s *Service) ForRepay(ctx context.Context, q db.Q, buyer string) ([]voucher.ClaimableOrder, error) {
	return claimable(ctx, q, "buyer = $1 AND state IN ('confirmed', 'settled') AND repaid > 0", buyer)
}

func claimable(ctx context.Context, q db.Q, which, org string) ([]voucher.ClaimableOrder, error) {
	orders, err := db.All[Order](ctx, q, `SELECT `+orderColumns+` FROM order_order WHERE `+which+` AND held ORDER BY confirmed_on, id`, org)
	if err != nil {
		return nil, fmt.Errorf("list claimable orders: %w", err)
	}
	out := make([]voucher.ClaimableOrder, len(orders))
	for i, o := range orders {
		docs, err := listDocuments(ctx, q, o.ID)
		if err != nil {
			return nil, fmt.Errorf("the documents of order %s: %w", o.ID, err)
		}
		out[i] = voucher.ClaimableOrder{Order: o.ID, Number: o.Number, Title: cmp.Or(o.ResourceZH, o.ResourceEN), Buyer: o.Buyer, Provider: o.Provider, Price: o.Price}
		for _, d := range docs {
			if d.Kind == ReportFile {
				out[i].Documents = append(out[i].Documents, voucher.Document{Code: "result", Name: d.Name, SHA256: d.SHA256, Size: d.Size})
			}
		}
	}
	return out, nil
}

// Tasks is what waits for the subject's organisation, the oldest promise first.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if by.Org == "" {
		return nil, nil
	}
	orders, _, err := s.List(ctx, by, ListRequest{Open: true, Limit: 200})
	if err != nil {
		return nil, err
	}
	var out []ui.Task
	tomorrow, err := clock.AddDays(s.today(), 1)
	if err != nil {
		return nil, fmt.Errorf("tomorrow: %w", err)
	}
	for _, o := range orders {
		if !s.mine(by, o) || o.Kind == KindBooking && o.State == StateAccepted && o.Due > tomorrow {
			continue
		}
		task := ui.Task{
			Title: i18n.T(ctx, nextTask(o), o.Number), Note: i18n.Pick(ctx, o.ResourceZH, o.ResourceEN), Link: "/desk/orders/" + o.ID,
			Icon: "calendar-event", Since: o.UpdatedAt.Time,
		}
		if end, err := clock.Midnight(o.Due); err == nil {
			task.Due = end.AddDate(0, 0, 1).Add(-time.Minute)
		}
		out = append(out, task)
	}
	return out, nil
}

// mine tells whether it is the subject's turn: its side has to act next, and it may.
func (s *Service) mine(by identity.Subject, o Order) bool {
	who := turnOf(o.Kind, o.State).Who
	if who == "" || !slices.Contains(sides(by, o), who) {
		return false
	}
	return slices.ContainsFunc(s.Verbs(by, o), func(step state.Step) bool {
		return step.Verb != VerbCancel && step.Verb != VerbMove && step.Verb != VerbRate && step.Verb != VerbReply && step.Verb != VerbInvoice && step.Verb != VerbPay && step.Verb != VerbRefund
	})
}

// nextTask says what the side whose turn it is should do; {0} is the order's number.
func nextTask(o Order) string {
	switch o.State {
	case StateRequested:
		if o.Kind == KindCommission {
			return "为委托 {0} 报价"
		}
		return "接受或拒绝预约 {0}"
	case StateQuoted:
		return "看报价并答复：{0}"
	case StateAccepted, StateSampled:
		return "安排开机：{0}"
	case StateRunning:
		return "正在进行，结束后登记停机：{0}"
	case StateDone:
		return "提交报告：{0}"
	case StateReported:
		return "看报告并确认：{0}"
	case StateDisputed:
		return "答复异议：{0}"
	case StateEscalated:
		return "裁定争议订单：{0}"
	}
	return "收款后结清：{0}"
}

// Ratings is the number of ratings of a resource and their mean in tenths (47 is 4.7).
func (s *Service) Ratings(ctx context.Context, q db.Q, resource string) (tenths, count int64, err error) {
	type row struct {
		Sum   int64 `db:"total"`
		Count int64 `db:"n"`
	}
	r, err := db.One[row](ctx, q, `SELECT CAST(coalesce(sum(stars), 0) AS BIGINT) AS total, count(*) AS n FROM order_rating WHERE resource = $1`, resource)
	if err != nil {
		return 0, 0, fmt.Errorf("the ratings of %s: %w", resource, err)
	}
	if r.Count == 0 {
		return 0, 0, nil
	}
	return (r.Sum*10 + r.Count/2) / r.Count, r.Count, nil
}

// hours writes minutes as hours with one decimal, rounded half up: 90 is 1.5.
func hours(minutes int64) string {
	tenths := (minutes + 3) / 6
	return strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10)
}

// Numbers gives the numbers of orders by their ids; an unknown one is left out.
func (s *Service) Numbers(ctx context.Context, q db.Q, orders []string) (map[string]string, error) {
	type row struct {
		ID     string `db:"id"`
		Number string `db:"number"`
	}
	out := map[string]string{}
	for part := range slices.Chunk(orders, 500) {
		w := &db.Where{}
		w.In("id", part)
		rows, err := db.All[row](ctx, q, `SELECT id, number FROM order_order`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("read the numbers of orders: %w", err)
		}
		for _, r := range rows {
			out[r.ID] = r.Number
		}
	}
	return out, nil
}
