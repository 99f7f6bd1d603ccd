package db

import (
	"context"
	"strconv"
	"strings"
)

// maxArgs bounds the arguments of one statement; SQLite allows 32,766 and PostgreSQL 65,535. Far fewer do as well:
// beyond some hundred the cost of a row no longer falls.
const maxArgs = 2000

// InsertAll writes many rows with few statements: insert is "INSERT INTO table (columns)", suffix what follows the values,
// an ON CONFLICT clause say. It tells how many rows were written.
func (t *Tx) InsertAll(ctx context.Context, insert string, rows [][]any, suffix string) (int64, error) {
	var written int64
	err := inParts(insert, rows, suffix, func(query string, args []any) error {
		n, err := t.Exec(ctx, query, args...)
		written += n
		return err
	})
	return written, err
}

// InsertReturning is InsertAll for a statement whose suffix returns one text for each row written.
func (t *Tx) InsertReturning(ctx context.Context, insert string, rows [][]any, suffix string) ([]string, error) {
	var out []string
	err := inParts(insert, rows, suffix, func(query string, args []any) error {
		l, err := All[string](ctx, t, query, args...)
		out = append(out, l...)
		return err
	})
	return out, err
}

// inParts cuts the rows into parts whose sizes are powers of two, so that few different statements are prepared.
func inParts(insert string, rows [][]any, suffix string, run func(query string, args []any) error) error {
	for len(rows) > 0 {
		n := 1
		for n*2 <= len(rows) && n*2*len(rows[0]) <= maxArgs {
			n *= 2
		}
		width := len(rows[0])
		args := make([]any, 0, n*width)
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if err := run(insert+" VALUES "+places(n, width)+" "+suffix, args); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// places is "($1, $2), ($3, $4)" for two rows of two.
func places(rows, width int) string {
	var b strings.Builder
	for i := range rows * width {
		switch {
		case i%width > 0:
			b.WriteString(", $")
		case i > 0:
			b.WriteString("), ($")
		default:
			b.WriteString("($")
		}
		b.WriteString(strconv.Itoa(i + 1))
	}
	b.WriteString(")")
	return b.String()
}
