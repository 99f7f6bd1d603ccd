package invoice

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/verify"
)

// What uses an invoice number.
const (
	UseOrder       = "order"       // an invoice of an order
	UseRecord      = "record"      // a service record from outside
	UseClaim       = "claim"       // a redemption of vouchers
	UseApplication = "application" // an application for money
)

// OrderCase is the case of an order: what its invoices belong to, whoever names them.
func OrderCase(order string) string { return "order/" + order }

// Use is one use of an invoice number. A number belongs to one case for the whole node: the first that used it. The same
// case may use it again (an order's invoice in the redemption of that order), any other is refused.
type Use struct {
	Number string   // as somebody wrote it
	Kind   string   // UseOrder, UseRecord, UseClaim or UseApplication
	Object string   // id of what uses it
	Cases  []string // to any of which it may belong already; the first is where a new number goes
	Label  string   // what people call the object: DD3304-20261121-0007
	Owner  string   // organisations that may be told of this use
	Other  string
	Region string
	Field  string // of the form, for the refusal
}

// kept is a number with its first use.
type kept struct {
	Number string  `db:"number"`
	Case   string  `db:"case_id"`
	Kind   string  `db:"kind"`
	Object string  `db:"object"`
	Label  string  `db:"label"`
	Owner  string  `db:"owner"`
	Other  string  `db:"other"`
	Region string  `db:"region"`
	At     db.Time `db:"at"`
}

const keptColumns = `number, case_id, kind, object, label, owner, other, region, at`

// Take keeps the use of a number in the caller's transaction; a fault invoice-used names the first use, as far as by may
// know of it.
func (s *Service) Take(ctx context.Context, tx *db.Tx, by identity.Subject, u Use) error {
	refused, err := s.TakeAll(ctx, tx, by, []Use{u})
	if err == nil && refused[0] != nil {
		return refused[0]
	}
	return err
}

// TakeAll keeps many uses at once: for each nothing, or why it is refused. Two uses of one number in one call are rivals like
// any other. The database lets one rival in: the number is its key.
func (s *Service) TakeAll(ctx context.Context, tx *db.Tx, by identity.Subject, uses []Use) ([]*fault.Error, error) {
	out := make([]*fault.Error, len(uses))
	now := db.At(s.Clock.Now())
	turn := make([]int, len(uses)) // by number, so that two calls never wait for each other
	for i := range uses {
		turn[i] = i
	}
	slices.SortStableFunc(turn, func(a, b int) int { return cmp.Compare(Normal(uses[a].Number), Normal(uses[b].Number)) })
	var rows [][]any
	var numbers []string
	for _, i := range turn {
		u := uses[i]
		number := Normal(u.Number)
		if number == "" {
			out[i] = fault.New(fault.Invalid, "invoice-invalid", "发票信息有误，请按提示修改。").
				Field(u.Field, "shape", "请填写发票号码：{0} 到 {1} 位数字或字母，例如全电发票的 20 位号码。", int64(shortest), int64(longest))
			continue
		}
		if len(numbers) > 0 && numbers[len(numbers)-1] == number {
			continue
		}
		numbers = append(numbers, number)
		rows = append(rows, []any{number, u.Cases[0], u.Kind, u.Object, u.Label, u.Owner, u.Other, u.Region, now})
	}
	if len(rows) == 0 {
		return out, nil
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO invoice_number (`+keptColumns+`)`, rows, `ON CONFLICT (number) DO NOTHING`); err != nil {
		return nil, fmt.Errorf("keep %d invoice numbers: %w", len(rows), err)
	}
	first, err := firstUses(ctx, tx, numbers)
	if err != nil {
		return nil, err
	}
	rows = rows[:0]
	for _, i := range turn {
		if out[i] != nil {
			continue
		}
		f := first[Normal(uses[i].Number)]
		if !slices.Contains(uses[i].Cases, f.Case) {
			out[i] = s.refusal(by, f, uses[i].Field)
			continue
		}
		rows = append(rows, []any{f.Number, uses[i].Object, now})
	}
	if len(rows) == 0 {
		return out, nil
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO invoice_use (number, object, at)`, rows, `ON CONFLICT (number, object) DO NOTHING`); err != nil {
		return nil, fmt.Errorf("keep the uses of %d invoice numbers: %w", len(rows), err)
	}
	return out, nil
}

func firstUses(ctx context.Context, q db.Q, numbers []string) (map[string]kept, error) {
	out := map[string]kept{}
	for some := range slices.Chunk(numbers, 500) {
		var w db.Where
		w.In("number", some)
		list, err := db.All[kept](ctx, q, `SELECT `+keptColumns+` FROM invoice_number`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("read the first uses of %d invoice numbers: %w", len(some), err)
		}
		for _, k := range list {
			out[k.Number] = k
		}
	}
	return out, nil
}

// Free gives back the numbers that an object used: it was wrong, or refused. A number that nothing uses any more may be used
// anew.
func (s *Service) Free(ctx context.Context, tx *db.Tx, object string) error {
	numbers, err := s.NumbersOf(ctx, tx, object)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		if _, err := tx.Exec(ctx, `DELETE FROM invoice_use WHERE number = $1 AND object = $2`, n, object); err != nil {
			return fmt.Errorf("give back invoice number %s: %w", n, err)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM invoice_number WHERE number = $1 AND NOT EXISTS (SELECT 1 FROM invoice_use u WHERE u.number = invoice_number.number)`, n); err != nil {
			return fmt.Errorf("give back invoice number %s: %w", n, err)
		}
	}
	return nil
}

// NumbersOf are the invoice numbers that an object uses.
func (s *Service) NumbersOf(ctx context.Context, q db.Q, object string) ([]string, error) {
	out, err := db.All[string](ctx, q, `SELECT number FROM invoice_use WHERE object = $1 ORDER BY number`, object)
	if err != nil {
		return nil, fmt.Errorf("read the invoice numbers of %s: %w", object, err)
	}
	return out, nil
}

// refusal says where a number was used first, as far as the asker may know.
func (s *Service) refusal(by identity.Subject, first kept, field string) *fault.Error {
	e := fault.New(fault.Conflict, "invoice-used", "这个发票号码已经用过，一张发票只能用一次。")
	day := clock.Day(first.At.Time)
	if !s.maySee(by, first) {
		return e.Field(field, "used", "已用于其他单位的一件事（{0} 登记）。请核对号码；如有疑问请联系平台。", day)
	}
	switch first.Kind {
	case UseRecord:
		return e.Field(field, "used", "已用于服务记录 {0}（{1} 登记）。", first.Label, day)
	case UseClaim:
		return e.Field(field, "used", "已用于兑付 {0}（{1} 登记）。", first.Label, day)
	case UseApplication:
		return e.Field(field, "used", "已用于申请 {0}（{1} 登记）。", first.Label, day)
	}
	return e.Field(field, "used", "已用于订单 {0}（{1} 登记）。", first.Label, day)
}

// maySee tells whether the asker may know of a first use: its own organisation's, or one that it may look at anyway.
func (s *Service) maySee(by identity.Subject, first kept) bool {
	if by.Org != "" && (by.Org == first.Owner || by.Org == first.Other) {
		return true
	}
	action := map[string]string{UseOrder: "order.view", UseRecord: "record.view", UseClaim: "redemption.view", UseApplication: "voucher.view"}[first.Kind]
	if s.Policy == nil || action == "" {
		return false
	}
	return s.Policy.Can(by, action, identity.Object{Region: first.Region}) == nil
}

// verifyNumbers checks that each invoice's number belongs to its order, and that none is kept which nothing uses.
func verifyNumbers(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	type row struct {
		Object string `db:"object"`
		Text   string `db:"text"`
	}
	var out []verify.Finding
	for code, sql := range map[string]string{
		"invoice.register": `SELECT i.id AS object, 'the number belongs to ' || coalesce(n.case_id, 'nobody') || ', not to order ' || i.order_id AS text
			FROM invoice_invoice i LEFT JOIN invoice_number n ON n.number = i.number WHERE n.case_id IS NULL OR n.case_id <> 'order/' || i.order_id ORDER BY i.id`,
		"invoice.unused": `SELECT n.number AS object, 'is kept, and nothing uses it' AS text FROM invoice_number n
			WHERE NOT EXISTS (SELECT 1 FROM invoice_use u WHERE u.number = n.number) ORDER BY n.number`,
	} {
		rows, err := db.All[row](ctx, q, sql)
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", code, err)
		}
		for _, r := range rows {
			out = append(out, verify.Finding{Code: code, Object: r.Object, Text: r.Text})
		}
	}
	return out, nil
}
