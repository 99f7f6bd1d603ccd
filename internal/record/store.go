package record

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const columnsOfRecord = `id, owner, region, serial, source, order_id, order_number, upload, own_number, resource, resource_zh, resource_en, instrument, user_name, user_key, uscc, org, inside, applicant, phone, email, ways, content, project, incomes, areas, research, start_at, end_at, timed, day, hours, samples, fee, contract, invoice, report, opinion, note, digest, state, revision, person, invented, created_at, updated_at`

func (r Record) row() []any {
	return []any{
		r.ID, r.Owner, r.Region, r.Serial, r.Source, r.Order, r.OrderNumber, r.Upload, r.OwnNumber, r.Resource, r.ResourceZH, r.ResourceEN, r.Instrument, r.User, r.UserKey, r.USCC, r.Org, r.Inside,
		r.Applicant, r.Phone, r.Email, r.Ways, r.Content, r.Project, r.Incomes, r.Areas, r.Research, r.Start, r.End, r.Timed, r.Day, r.Hours, r.Samples, r.Fee, r.Contract, r.Invoice, r.Report, r.Opinion,
		r.Note, r.Digest, r.State, r.Revision, r.Person, r.Invented, r.CreatedAt, r.UpdatedAt,
	}
}

func insertRecords(ctx context.Context, tx *db.Tx, list []Record) error {
	rows := make([][]any, len(list))
	for i, r := range list {
		rows[i] = r.row()
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO record_record (`+columnsOfRecord+`)`, rows, ""); err != nil {
		return fmt.Errorf("write %d service records: %w", len(list), err)
	}
	return nil
}

// updateRecord writes what can change of a record, if nobody has changed it since it was read.
func updateRecord(ctx context.Context, tx *db.Tx, r Record) error {
	n, err := tx.Exec(ctx, `UPDATE record_record SET own_number = $2, resource = $3, resource_zh = $4, resource_en = $5, instrument = $6, user_name = $7, user_key = $8, uscc = $9, org = $10, inside = $11,
applicant = $12, phone = $13, email = $14, ways = $15, content = $16, project = $17, incomes = $18, areas = $19, research = $20, start_at = $21, end_at = $22, timed = $23, day = $24, hours = $25,
samples = $26, fee = $27, contract = $28, invoice = $29, report = $30, opinion = $31, note = $32, state = $33, revision = $34, updated_at = $35 WHERE id = $1 AND revision = $36`,
		r.ID, r.OwnNumber, r.Resource, r.ResourceZH, r.ResourceEN, r.Instrument, r.User, r.UserKey, r.USCC, r.Org, r.Inside, r.Applicant, r.Phone, r.Email, r.Ways, r.Content, r.Project, r.Incomes, r.Areas,
		r.Research, r.Start, r.End, r.Timed, r.Day, r.Hours, r.Samples, r.Fee, r.Contract, r.Invoice, r.Report, r.Opinion, r.Note, r.State, r.Revision, r.UpdatedAt, r.Revision-1)
	if err != nil {
		return fmt.Errorf("change service record %s: %w", r.ID, err)
	}
	if n != 1 {
		return errChanged()
	}
	return nil
}

func getRecord(ctx context.Context, q db.Q, id string) (Record, error) {
	r, err := db.One[Record](ctx, q, `SELECT `+columnsOfRecord+` FROM record_record WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return r, fault.New(fault.NotFound, "no-record", "没有找到这条服务记录。")
	}
	if err != nil {
		return r, fmt.Errorf("read service record %s: %w", id, err)
	}
	return r, nil
}

// recordOf is the record of an order; false when there is none yet.
func recordOf(ctx context.Context, q db.Q, order string) (Record, bool, error) {
	r, err := db.One[Record](ctx, q, `SELECT `+columnsOfRecord+` FROM record_record WHERE order_id = $1`, order)
	if errors.Is(err, db.ErrNone) {
		return r, false, nil
	}
	if err != nil {
		return r, false, fmt.Errorf("read the service record of order %s: %w", order, err)
	}
	return r, true, nil
}

// lockOwner makes writers of one owner wait for each other, and gives the serial of the newest record.
func lockOwner(ctx context.Context, tx *db.Tx, owner string) (int64, error) {
	n, err := db.One[int64](ctx, tx, `INSERT INTO record_owner (owner, serial) VALUES ($1, 0) ON CONFLICT (owner) DO UPDATE SET serial = record_owner.serial RETURNING serial`, owner)
	if err != nil {
		return 0, fmt.Errorf("lock the service records of %s: %w", owner, err)
	}
	return n, nil
}

func saveSerial(ctx context.Context, tx *db.Tx, owner string, serial int64) error {
	if _, err := tx.Exec(ctx, `UPDATE record_owner SET serial = $2 WHERE owner = $1`, owner, serial); err != nil {
		return fmt.Errorf("count the service records of %s: %w", owner, err)
	}
	return nil
}

// likeThese are the records of an owner that may be of the same services: of the same days, with the same numbers, and
// orders that ran on those days.
func likeThese(ctx context.Context, q db.Q, owner string, records []Record) ([]Record, error) {
	var days, numbers, ids, digests []string
	for _, r := range records {
		days, ids, digests = append(days, r.Day), append(ids, r.ID), append(digests, r.Digest)
		if r.Source == FromOrder && !r.End.IsZero() { // an order meets what was written for each of its days
			for d := r.Day; d < clock.Day(r.End.Time) && len(days) < 400; {
				next, err := clock.AddDays(d, 1)
				if err != nil {
					return nil, err
				}
				d = next
				days = append(days, d)
			}
		}
		for _, n := range []string{r.OwnNumber, r.OrderNumber} {
			if n != "" {
				numbers = append(numbers, n)
			}
		}
	}
	if len(records) == 0 {
		return nil, nil
	}
	var out []Record
	seen := map[string]bool{}
	take := func(column string, values []string, more string, args ...any) error {
		slices.Sort(values)
		for part := range slices.Chunk(slices.Compact(values), 500) {
			var w db.Where
			w.And("owner = ?", owner)
			if column != "" {
				w.In(column, part)
			}
			if more != "" {
				w.And(more, args...)
			}
			found, err := db.All[Record](ctx, q, `SELECT `+columnsOfRecord+` FROM record_record`+w.SQL()+` ORDER BY serial`, w.Args()...)
			if err != nil {
				return fmt.Errorf("look for the same services of %s: %w", owner, err)
			}
			for _, r := range found {
				if !seen[r.ID] {
					seen[r.ID] = true
					out = append(out, r)
				}
			}
		}
		return nil
	}
	first, last := slices.Min(days), slices.Max(days)
	midnight, err := clock.Midnight(first)
	if err != nil {
		return nil, fmt.Errorf("the first day of %d records: %w", len(records), err)
	}
	err = errors.Join(
		take("id", ids, ""), take("day", days, ""), take("digest", digests, ""), take("own_number", slices.Clone(numbers), ""), take("order_number", numbers, ""),
		take("", []string{""}, "source = 'order' AND day <= ? AND end_at >= ?", last, db.Stamp(midnight)),
	)
	return out, err
}

const columnsOfStep = `id, record, position, at, side, person, org, verb, from_state, to_state, reason, changes`

func insertStep(ctx context.Context, tx *db.Tx, x Step) error {
	_, err := tx.Exec(ctx, `INSERT INTO record_step (`+columnsOfStep+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		x.ID, x.Record, x.Position, x.At, x.Side, x.Person, x.Org, x.Verb, x.From, x.To, x.Reason, x.Changes)
	if err != nil {
		return fmt.Errorf("write a step of service record %s: %w", x.Record, err)
	}
	return nil
}

func listSteps(ctx context.Context, q db.Q, record string) ([]Step, error) {
	out, err := db.All[Step](ctx, q, `SELECT `+columnsOfStep+` FROM record_step WHERE record = $1 ORDER BY position`, record)
	if err != nil {
		return nil, fmt.Errorf("list the steps of service record %s: %w", record, err)
	}
	return out, nil
}

// servedInstruments are the instruments of the records that conditions choose, by name.
func servedInstruments(ctx context.Context, q db.Q, w *db.Where) ([]instrumentRow, error) {
	out, err := db.All[instrumentRow](ctx, q, `SELECT resource, max(resource_zh) AS zh, max(resource_en) AS en FROM record_record`+w.SQL()+` GROUP BY resource ORDER BY zh, resource LIMIT 500`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list the instruments of service records: %w", err)
	}
	return out, nil
}

// meetUser links records to an organisation that has come in.
func meetUser(ctx context.Context, tx *db.Tx, org, uscc, name, key string) error {
	_, err := tx.Exec(ctx, `UPDATE record_record SET org = $1, user_key = $2 WHERE org = '' AND (uscc <> '' AND uscc = $3 OR uscc = '' AND user_name = $4)`, org, key, uscc, name)
	if err != nil {
		return fmt.Errorf("link service records to %s: %w", org, err)
	}
	return nil
}
