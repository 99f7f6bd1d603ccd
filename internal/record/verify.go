package record

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks what must always hold of service records.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	for _, x := range []struct{ code, text, sql string }{
		{"record.state", "the state is not that of the last step", `SELECT r.id FROM record_record r WHERE r.revision > 1 AND NOT EXISTS (SELECT 1 FROM record_step x WHERE x.record = r.id AND x.position = r.revision AND x.to_state = r.state) ORDER BY r.id`},
		{"record.steps", "a step is missing", `SELECT r.id FROM record_record r WHERE r.revision - 1 <> (SELECT count(*) FROM record_step x WHERE x.record = r.id) ORDER BY r.id`},
		{"record.serial", "the serial is above the owner's count", `SELECT r.id FROM record_record r WHERE NOT EXISTS (SELECT 1 FROM record_owner o WHERE o.owner = r.owner AND o.serial >= r.serial) ORDER BY r.id`},
		{"record.order", "a record of an order names none, or one of no order names one", `SELECT r.id FROM record_record r WHERE (r.source = 'order') <> (r.order_id <> '') ORDER BY r.id`},
		{"record.upload", "the rows that came in with a spreadsheet are not as many as it says", `SELECT u.id FROM record_upload u WHERE u.state = 'applied' AND u.added <> (SELECT count(*) FROM record_record r WHERE r.upload = u.id) ORDER BY u.id`},
	} {
		bad, err := db.All[string](ctx, q, x.sql)
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", x.code, err)
		}
		for _, object := range bad {
			out = append(out, verify.Finding{Code: x.code, Object: object, Text: x.text})
		}
	}
	return out, nil
}
