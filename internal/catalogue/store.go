package catalogue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/db"
)

// row is catalogue_resource.
type row struct {
	ID          string  `db:"id"`
	Kind        string  `db:"kind"`
	Owner       string  `db:"owner"`
	Region      string  `db:"region"`
	NameZH      string  `db:"name_zh"`
	NameEN      string  `db:"name_en"`
	Summary     string  `db:"summary"`
	Model       string  `db:"model"`
	Maker       string  `db:"maker"`
	Class       string  `db:"class"`
	Status      string  `db:"status"`
	Revision    int64   `db:"revision"`
	Origin      string  `db:"origin"`
	Source      string  `db:"source"`
	SourceID    string  `db:"source_id"`
	Licence     string  `db:"licence"`
	RetrievedOn string  `db:"retrieved_on"`
	Access      string  `db:"access"`
	Free        bool    `db:"free"`
	Voucher     bool    `db:"voucher"`
	Booking     bool    `db:"booking"`
	Fields      string  `db:"fields"`
	Sample      bool    `db:"sample"`
	Note        string  `db:"note"`
	Country     string  `db:"country"`
	Languages   string  `db:"languages"`
	CheckedOn   string  `db:"checked_on"`
	CreatedAt   db.Time `db:"created_at"`
	UpdatedAt   db.Time `db:"updated_at"`
}

const resourceColumns = `id, kind, owner, region, name_zh, name_en, summary, model, maker, class, status, revision, origin, source, source_id, licence, retrieved_on, access, free, voucher, booking, fields, sample, note, country, languages, checked_on, created_at, updated_at`

func (x row) resource() (Resource, error) {
	r := Resource{
		ID: x.ID, Kind: x.Kind, Owner: x.Owner, Region: x.Region, NameZH: x.NameZH, NameEN: x.NameEN, Summary: x.Summary,
		Model: x.Model, Maker: x.Maker, Class: x.Class, Status: x.Status, Revision: x.Revision, Origin: x.Origin, Source: x.Source,
		SourceID: x.SourceID, Licence: x.Licence, RetrievedOn: x.RetrievedOn, Free: x.Free, Voucher: x.Voucher, Booking: x.Booking,
		Sample: x.Sample, Note: x.Note, Country: x.Country, CheckedOn: x.CheckedOn, CreatedAt: x.CreatedAt, UpdatedAt: x.UpdatedAt, Fields: map[string]any{},
	}
	if x.Access != "" {
		r.Access = strings.Split(x.Access, ",")
	}
	if x.Languages != "" {
		r.Languages = strings.Split(x.Languages, ",")
	}
	if err := json.Unmarshal([]byte(x.Fields), &r.Fields); err != nil {
		return r, fmt.Errorf("read the fields of resource %s: %w", x.ID, err)
	}
	kinds.Normal(r.Fields)
	return r, nil
}

func fieldsText(fields map[string]any) (string, error) {
	b, err := json.Marshal(fields)
	if err != nil {
		return "", fmt.Errorf("write resource fields: %w", err)
	}
	return string(b), nil
}

// listResources reads resources that meet w, with their prices and identifiers, in the order given.
func listResources(ctx context.Context, q db.Q, w *db.Where, order string) ([]Resource, error) {
	rows, err := db.All[row](ctx, q, `SELECT `+resourceColumns+` FROM catalogue_resource`+w.SQL()+` `+order, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read resources: %w", err)
	}
	out := make([]Resource, len(rows))
	ids := make([]string, len(rows))
	for i, x := range rows {
		if out[i], err = x.resource(); err != nil {
			return nil, err
		}
		ids[i] = x.ID
	}
	prices, err := listPrices(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	named, err := listIdentifiers(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Prices, out[i].Identifiers = prices[out[i].ID], named[out[i].ID]
	}
	return out, nil
}

// getResource reads one; db.ErrNone when there is none.
func getResource(ctx context.Context, q db.Q, id string) (Resource, error) {
	var w db.Where
	w.And("id = ?", id)
	l, err := listResources(ctx, q, &w, "")
	if err == nil && len(l) == 0 {
		err = db.ErrNone
	}
	if err != nil {
		return Resource{}, err
	}
	return l[0], nil
}

// chunk is how many ids go into one IN list.
const chunk = 500

func listPrices(ctx context.Context, q db.Q, ids []string) (map[string][]PriceLine, error) {
	out := map[string][]PriceLine{}
	for len(ids) > 0 {
		n := min(chunk, len(ids))
		var w db.Where
		w.In("resource", ids[:n])
		ids = ids[n:]
		lines, err := db.All[PriceLine](ctx, q, `SELECT id, resource, position, audience, unit, amount, currency, minimum, option, note, valid_from, valid_to
			FROM catalogue_price`+w.SQL()+` ORDER BY resource, position`, w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("read prices: %w", err)
		}
		for _, p := range lines {
			out[p.Resource] = append(out[p.Resource], p)
		}
	}
	return out, nil
}

// resourceArgs are the values of resourceColumns.
func resourceArgs(r Resource) ([]any, error) {
	fields, err := fieldsText(r.Fields)
	if err != nil {
		return nil, err
	}
	return []any{
		r.ID, r.Kind, r.Owner, r.Region, r.NameZH, r.NameEN, r.Summary, r.Model, r.Maker, r.Class, r.Status, r.Revision, r.Origin, r.Source,
		r.SourceID, r.Licence, r.RetrievedOn, strings.Join(r.Access, ","), r.Free, r.Voucher, r.Booking, fields, r.Sample, r.Note,
		r.Country, strings.Join(r.Languages, ","), r.CheckedOn, r.CreatedAt, r.UpdatedAt,
	}, nil
}

// insertResource writes a new resource with its prices; false when its origin or id is there already.
func insertResource(ctx context.Context, tx *db.Tx, r Resource) (bool, error) {
	args, err := resourceArgs(r)
	if err != nil {
		return false, err
	}
	n, err := tx.InsertAll(ctx, `INSERT INTO catalogue_resource (`+resourceColumns+`)`, [][]any{args}, `ON CONFLICT DO NOTHING`)
	if err != nil {
		return false, fmt.Errorf("insert resource %s: %w", r.ID, err)
	}
	if n == 0 {
		return false, nil
	}
	if err := insertPrices(ctx, tx, r); err != nil {
		return true, err
	}
	return true, insertIdentifiers(ctx, tx, r)
}

// updateResource writes what may change, if the revision is still the one before; false when it is not.
func updateResource(ctx context.Context, tx *db.Tx, r Resource) (bool, error) {
	fields, err := fieldsText(r.Fields)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `UPDATE catalogue_resource SET region = $3, name_zh = $4, name_en = $5, summary = $6, model = $7, maker = $8, class = $9, status = $10, revision = $2,
		source_id = $11, licence = $12, retrieved_on = $13, access = $14, free = $15, voucher = $16, booking = $17, fields = $18, note = $19, updated_at = $20, origin = $21, country = $22, languages = $23, checked_on = $24
		WHERE id = $1 AND revision = $2 - 1`,
		r.ID, r.Revision, r.Region, r.NameZH, r.NameEN, r.Summary, r.Model, r.Maker, r.Class, r.Status, r.SourceID, r.Licence, r.RetrievedOn,
		strings.Join(r.Access, ","), r.Free, r.Voucher, r.Booking, fields, r.Note, r.UpdatedAt, r.Origin, r.Country,
		strings.Join(r.Languages, ","), r.CheckedOn)
	if err != nil {
		return false, fmt.Errorf("update resource %s: %w", r.ID, err)
	}
	return n == 1, nil
}

// replacePrices writes the price lines of r anew.
func replacePrices(ctx context.Context, tx *db.Tx, r Resource) error {
	if _, err := tx.Exec(ctx, `DELETE FROM catalogue_price WHERE resource = $1`, r.ID); err != nil {
		return fmt.Errorf("replace prices of %s: %w", r.ID, err)
	}
	return insertPrices(ctx, tx, r)
}

// insertPrices writes the price lines of resources that have none yet.
func insertPrices(ctx context.Context, tx *db.Tx, rs ...Resource) error {
	var rows [][]any
	for _, r := range rs {
		for i, p := range r.Prices {
			rows = append(rows, []any{p.ID, r.ID, int64(i), p.Audience, p.Unit, p.Amount, p.Currency, p.Minimum, p.Option, p.Note, p.From, p.To})
		}
	}
	_, err := tx.InsertAll(ctx, `INSERT INTO catalogue_price (id, resource, position, audience, unit, amount, currency, minimum, option, note, valid_from, valid_to)`, rows, "")
	if err != nil {
		return fmt.Errorf("write prices: %w", err)
	}
	return nil
}

func listHours(ctx context.Context, q db.Q, holder string) ([]Opening, error) {
	out, err := db.All[Opening](ctx, q, `SELECT weekday, opens, closes FROM catalogue_hours WHERE holder = $1 ORDER BY weekday, opens`, holder)
	if err != nil {
		return nil, fmt.Errorf("read opening hours of %s: %w", holder, err)
	}
	return out, nil
}

// hoursOf reads what several holders say, by holder.
func hoursOf(ctx context.Context, q db.Q, holders []string) (map[string][]Opening, error) {
	type line struct {
		Holder string `db:"holder"`
		Opening
	}
	out := map[string][]Opening{}
	for part := range slices.Chunk(holders, chunk) {
		var w db.Where
		w.In("holder", part)
		lines, err := db.All[line](ctx, q, `SELECT holder, weekday, opens, closes FROM catalogue_hours`+w.SQL()+` ORDER BY holder, weekday, opens`, w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("read opening hours: %w", err)
		}
		for _, l := range lines {
			out[l.Holder] = append(out[l.Holder], l.Opening)
		}
	}
	return out, nil
}

func replaceHours(ctx context.Context, tx *db.Tx, holder string, hours []Opening) error {
	if _, err := tx.Exec(ctx, `DELETE FROM catalogue_hours WHERE holder = $1`, holder); err != nil {
		return fmt.Errorf("replace opening hours of %s: %w", holder, err)
	}
	for _, h := range hours {
		if _, err := tx.Exec(ctx, `INSERT INTO catalogue_hours (holder, weekday, opens, closes) VALUES ($1, $2, $3, $4)`, holder, h.Weekday, h.From, h.To); err != nil {
			return fmt.Errorf("write opening hours of %s: %w", holder, err)
		}
	}
	return nil
}

// liveIDs lists ids of live resources after one id, at most limit.
func liveIDs(ctx context.Context, q db.Q, after string, limit int) ([]string, error) {
	out, err := db.All[string](ctx, q, `SELECT id FROM catalogue_resource WHERE id > $1 AND status IN ('published', 'suspended') ORDER BY id LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list live resources: %w", err)
	}
	return out, nil
}

func isNone(err error) bool { return errors.Is(err, db.ErrNone) }
