package stats

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
)

// insertFact writes f and adds it to its day; false when it was there already.
func insertFact(ctx context.Context, tx *db.Tx, f Fact) (bool, error) {
	day := clock.Day(f.At)
	n, err := tx.Exec(ctx, `INSERT INTO stats_fact (id, event, kind, at, day, month, region, org, other, object, resource, programme, amount, minutes, score)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (id) DO NOTHING`,
		f.id(), f.Event, string(f.Kind), db.At(f.At), day, day[:7], f.Region, f.Org, f.Other, f.Object, f.Resource, f.Programme,
		int64(f.Amount), f.Minutes, f.Score)
	if err != nil {
		return false, fmt.Errorf("insert the fact: %w", err)
	}
	if n == 0 {
		return false, nil
	}
	return true, addToDay(ctx, tx, f.Kind, day, f.Region, f, 1)
}

// addToDay adds to the sums of a day.
func addToDay(ctx context.Context, tx *db.Tx, k Kind, day, region string, f Fact, facts int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO stats_day (kind, day, region, facts, amount, minutes, score) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (kind, day, region) DO UPDATE SET facts = stats_day.facts + excluded.facts, amount = stats_day.amount + excluded.amount,
			minutes = stats_day.minutes + excluded.minutes, score = stats_day.score + excluded.score`,
		string(k), day, region, facts, int64(f.Amount), f.Minutes, f.Score)
	if err != nil {
		return fmt.Errorf("add to the day %s: %w", day, err)
	}
	return nil
}

type factTime struct {
	At      db.Time `db:"at"`
	Day     string  `db:"day"`
	Region  string  `db:"region"`
	Minutes int64   `db:"minutes"`
}

func getFactTime(ctx context.Context, q db.Q, k Kind, object string) (factTime, bool, error) {
	f, err := db.One[factTime](ctx, q, `SELECT at, day, region, minutes FROM stats_fact WHERE object = $1 AND kind = $2`, object, string(k))
	if errors.Is(err, db.ErrNone) {
		return f, false, nil
	}
	return f, err == nil, err
}

// updateWait sets the minutes between a question and its answer once both are known, whichever came first.
func updateWait(ctx context.Context, tx *db.Tx, answer, question Kind, object string) error {
	a, ok, err := getFactTime(ctx, tx, answer, object)
	if err != nil || !ok {
		return err
	}
	q, ok, err := getFactTime(ctx, tx, question, object)
	if err != nil || !ok {
		return err
	}
	minutes := max(int64(a.At.Sub(q.At.Time)/time.Minute), 0)
	if _, err := tx.Exec(ctx, `UPDATE stats_fact SET minutes = $1 WHERE object = $2 AND kind = $3`, minutes, object, string(answer)); err != nil {
		return fmt.Errorf("keep the wait of %s: %w", object, err)
	}
	return addToDay(ctx, tx, answer, a.Day, a.Region, Fact{Minutes: minutes - a.Minutes}, 0)
}

// Point is a number in one month.
type Point struct {
	Month       string `db:"month" json:"month"` // YYYY-MM
	Numerator   int64  `db:"numerator" json:"numerator"`
	Denominator int64  `db:"denominator" json:"denominator"`
}

// area adds the condition that a column lies in a region; an empty region is everywhere.
func area(w *db.Where, column, code string) {
	if low, high := reach(code); low != "" {
		w.And(column+" BETWEEN ? AND ?", low, high)
	}
}

// listDays sums a count, a sum or a mean by month or by region (group is "substr(day, 1, 7)" or "region").
func listDays(ctx context.Context, q db.Q, f Formula, s Scope, group string) ([]Point, error) {
	var w db.Where
	numerator, denominator := "facts", "0"
	switch f.Form {
	case FormSum:
		numerator = f.column()
	case FormMean:
		numerator, denominator = "score", "facts"
	}
	minus := w.Arg(string(f.Of))
	w.In("kind", f.kinds())
	w.And("day <= ?", s.Until)
	area(&w, "region", s.Region)
	return db.All[Point](ctx, q, `SELECT `+group+` AS month, CAST(SUM(CASE WHEN kind = `+minus+` THEN `+numerator+` ELSE -`+numerator+` END) AS BIGINT) AS numerator,
		CAST(SUM(`+denominator+`) AS BIGINT) AS denominator FROM stats_day`+w.SQL()+` GROUP BY `+group+` ORDER BY 1`, w.Args()...)
}

// listShares counts objects, and those that reached With, by month or region of their beginning.
func listShares(ctx context.Context, q db.Q, f Formula, s Scope, group string) ([]Point, error) {
	var w db.Where
	hit := hitSQL(&w, f, s)
	shareConditions(&w, f, s)
	return db.All[Point](ctx, q, `SELECT `+group+` AS month, COUNT(*) AS denominator, CAST(SUM(`+hit+`) AS BIGINT) AS numerator
		FROM stats_fact b`+w.SQL()+` GROUP BY `+group+` ORDER BY 1`, w.Args()...)
}

// hitSQL is 1 for a fact b whose object reached With by the cut-off day, else 0.
func hitSQL(w *db.Where, f Formula, s Scope) string {
	return `CASE WHEN EXISTS (SELECT 1 FROM stats_fact e WHERE e.object = b.object AND e.kind = ` + w.Arg(string(f.With)) +
		` AND e.day <= ` + w.Arg(s.Until) + `) THEN 1 ELSE 0 END`
}

// shareConditions leaves the facts b that a number rests on.
func shareConditions(w *db.Where, f Formula, s Scope) {
	w.And("b.day <= ?", s.Until)
	area(w, "b.region", s.Region)
	switch f.Form {
	case FormRatio:
		w.And("b.kind = ?", string(f.Of))
		w.And("NOT EXISTS (SELECT 1 FROM stats_fact i WHERE i.object = b.object AND i.kind = ? AND i.day <= ?)", string(f.Less), s.Until)
	case FormMedian:
		w.And("b.kind = ?", string(f.Of))
		w.And("EXISTS (SELECT 1 FROM stats_fact i WHERE i.object = b.object AND i.kind = ?)", string(waits()[f.Of]))
	default:
		w.In("b.kind", f.kinds())
	}
}

// getMedian is the lower median of the waits, and how many there are.
func getMedian(ctx context.Context, q db.Q, f Formula, s Scope) (median, count int64, err error) {
	var w db.Where
	shareConditions(&w, f, s)
	if count, err = db.One[int64](ctx, q, `SELECT COUNT(*) FROM stats_fact b`+w.SQL(), w.Args()...); err != nil || count == 0 {
		return 0, 0, err
	}
	at := w.Arg((count - 1) / 2)
	median, err = db.One[int64](ctx, q, `SELECT b.minutes FROM stats_fact b`+w.SQL()+` ORDER BY b.minutes LIMIT 1 OFFSET `+at, w.Args()...)
	return median, count, err
}

// listWaits gives month and minutes of every wait, for the median of each month.
func listWaits(ctx context.Context, q db.Q, f Formula, s Scope) ([]Point, error) {
	var w db.Where
	shareConditions(&w, f, s)
	return db.All[Point](ctx, q, `SELECT month, minutes AS numerator, 1 AS denominator FROM (
		SELECT b.month, b.minutes, ROW_NUMBER() OVER (PARTITION BY b.month ORDER BY b.minutes) AS place, COUNT(*) OVER (PARTITION BY b.month) AS places
		FROM stats_fact b`+w.SQL()+`) ranked WHERE place = (places + 1) / 2 ORDER BY month`, w.Args()...)
}

// factRow is a fact as it stands behind a number.
type factRow struct {
	ID      string    `db:"id"`
	Kind    Kind      `db:"kind"`
	Day     string    `db:"day"`
	Month   string    `db:"month"`
	Region  string    `db:"region"`
	Org     string    `db:"org"`
	Other   string    `db:"other"`
	Object  string    `db:"object"`
	Amount  money.Fen `db:"amount"`
	Minutes int64     `db:"minutes"`
	Score   int64     `db:"score"`
	Hit     int64     `db:"hit"`
}

// after is where a page of rows begins: behind this month and id; the zero value is the beginning.
type after struct{ month, id string }

// listRows gives the facts behind a number, newest month first, n at most.
func listRows(ctx context.Context, q db.Q, f Formula, s Scope, from after, n int) ([]factRow, error) {
	var w db.Where
	hit := "1"
	if f.Form == FormRatio {
		hit = hitSQL(&w, f, s)
	}
	shareConditions(&w, f, s)
	if from.id != "" {
		w.And("b.month < ? OR (b.month = ? AND b.id > ?)", from.month, from.month, from.id)
	}
	limit := w.Arg(n)
	return db.All[factRow](ctx, q, `SELECT b.id, b.kind, b.day, b.month, b.region, b.org, b.other, b.object, b.amount, b.minutes, b.score, `+hit+` AS hit
		FROM stats_fact b`+w.SQL()+` ORDER BY b.month DESC, b.id LIMIT `+limit, w.Args()...)
}
