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
		{"record.check", "the check does not hold as many records and decisions as it says", `SELECT c.id FROM record_check c WHERE c.drawn <> (SELECT count(*) FROM record_checked x WHERE x.check_id = c.id) OR c.decided <> (SELECT count(*) FROM record_checked x WHERE x.check_id = c.id AND x.state IN ('passed', 'struck')) OR (c.state = 'closed') <> (c.decided = c.drawn) ORDER BY c.id`},
		{"record.struck", "what a check struck counts, or what no check struck does not", `SELECT r.id FROM record_record r WHERE (r.state = 'struck') <> EXISTS (SELECT 1 FROM record_checked x WHERE x.record = r.id AND x.state = 'struck') ORDER BY r.id`},
	} {
		bad, err := db.All[string](ctx, q, x.sql)
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", x.code, err)
		}
		for _, object := range bad {
			out = append(out, verify.Finding{Code: x.code, Object: object, Text: x.text})
		}
	}
	lots, err := s.verifyLots(ctx, q)
	return append(out, lots...), err
}

// verifyLots finds drawn records whose lot is not that of the seed, or that stand in another order than their lots.
func (s *Service) verifyLots(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	type drawn struct {
		Check  string `db:"check_id"`
		Record string `db:"record"`
		Lot    string `db:"lot"`
		Seed   string `db:"seed"`
	}
	list, err := db.All[drawn](ctx, q, `SELECT x.check_id, x.record, x.lot, c.seed FROM record_checked x JOIN record_check c ON c.id = x.check_id ORDER BY x.check_id, x.place`)
	if err != nil {
		return nil, fmt.Errorf("verify record.lot: %w", err)
	}
	var out []verify.Finding
	for i, x := range list {
		if x.Lot != Lot(x.Seed, x.Record) || i > 0 && list[i-1].Check == x.Check && list[i-1].Lot > x.Lot {
			out = append(out, verify.Finding{Code: "record.lot", Object: x.Check, Text: "record " + x.Record + " was not drawn by the seed"})
		}
	}
	return out, nil
}
